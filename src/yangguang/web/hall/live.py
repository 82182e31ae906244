"""Live halls: the public log of a trade as server-sent events, for hundreds who watch at once.

An event is `id: <sequence in the trade's public log>` and `data: {"sequence", "act"}`, nothing else: what happened is
read from the board, which everybody may see. A browser that comes back sends `Last-Event-ID` (or `?after=`) and gets
what it missed, so that a lost connection loses nothing. Sealed entries are in another table, which is never asked.

One poller a process reads the heads of all watched trades in one query; those who watch wait in memory. The paths are
answered before Django (`with_live`): a request that Django handles holds a thread until it ends, and these do not end.
"""

import asyncio
import json
import logging
import re
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs
from weakref import WeakKeyDictionary

from django.conf import settings
from django.db import close_old_connections, connection
from django.http.request import split_domain_port, validate_host

from yangguang.trading.models import Trade
from yangguang.web.hall.board import board_html
from yangguang.witness.models import Entry

POLL_SECONDS = 0.25
HEARTBEAT_SECONDS = 15.0
RETRY_MILLISECONDS = 2000
IDLE_LOOKS = 40  # a trade that nobody watches is still read for this many looks, because browsers come back
HEADERS = {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",
    "X-Content-Type-Options": "nosniff",
}
BOARD_HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-cache",
    "X-Content-Type-Options": "nosniff",
}
PATH = re.compile(r"/trades/([^/]{1,64})/opening/(events|board/)")

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

logger = logging.getLogger("yangguang.hall")


@dataclass(slots=True)
class Watched:
    """One trade that somebody watches in this process: its public acts in order, and the board after the last one."""

    stream: str
    acts: list[str] = field(default_factory=list)
    head: str = ""
    board: bytes = b""
    viewers: int = 0
    idle: int = 0  # looks since somebody watched or asked
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def take(self, acts: list[str], head: str, board: bytes) -> None:
        """Hand on what was read; everybody who waits wakes."""
        self.acts.extend(acts)
        self.head, self.board = head, board
        waiting, self.news = self.news, asyncio.Event()
        waiting.set()


class Hub:
    """The watched trades of one process, and the poller that reads for all of them while anybody watches."""

    def __init__(self) -> None:
        self._watched: dict[str, Watched] = {}
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="hall")
        self._polling: asyncio.Task[None] | None = None
        self._entering = asyncio.Lock()

    async def find(self, stream: str) -> Watched | None:
        """The trade as it is watched, read when nobody watched it until now; None where there is no hall."""
        async with self._entering:
            if (known := self._watched.get(stream)) is not None:
                known.idle = 0
                return known
            watched = Watched(stream)
            if not await self._in_thread(_catch_up, watched):
                return None
            self._watched[stream] = watched
            return watched

    def poll(self) -> None:
        """See to it that the poller runs; whoever begins to watch calls this."""
        if self._polling is None or self._polling.done():
            self._polling = asyncio.create_task(self._poll())

    def known(self, stream: str) -> Watched | None:
        """The trade, if it is watched already."""
        return self._watched.get(stream)

    async def _poll(self) -> None:
        while self._watched:
            await asyncio.sleep(POLL_SECONDS)
            try:
                await self._look()
            except Exception:  # the database comes back, and those who watch are still there then
                logger.exception("开标大厅这一次没有读到见证记录，将再试")
                await self._in_thread(_let_go)
            for one in list(self._watched.values()):
                one.idle = 0 if one.viewers else one.idle + 1
                if one.idle > IDLE_LOOKS:
                    del self._watched[one.stream]
        await self._in_thread(_let_go)

    async def _look(self) -> None:
        heads = await self._in_thread(_heads, list(self._watched))
        for stream, head in heads.items():
            watched = self._watched.get(stream)
            if watched is not None and watched.head != head:
                watched.take(*await self._in_thread(_news, watched))

    async def _in_thread(self, work: Callable[..., Any], *args: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, *args)


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


def hub() -> Hub:
    """The hub of the running loop; a server process has one loop."""
    return _hubs.setdefault(asyncio.get_running_loop(), Hub())


async def find(stream: str) -> Watched | None:
    """The trade as this process watches it; None where there is no hall."""
    return await hub().find(stream)


def cursor_of(*given: str | None) -> int | None:
    """The first cursor that is one; None to begin with what happens from now on."""
    return next((int(one) for one in given if one and one.isascii() and one.isdigit() and len(one) < 10), None)  # noqa: PLR2004


async def frames(watched: Watched, *, after: int | None) -> AsyncGenerator[bytes]:
    """The events after a cursor, for ever; a comment now and then keeps proxies from closing a quiet connection."""
    watched.viewers += 1
    hub().poll()
    try:
        cursor = len(watched.acts) if after is None else after
        yield f"retry: {RETRY_MILLISECONDS}\n: {len(watched.acts)}\n\n".encode()
        while True:
            news = watched.news
            while cursor < len(watched.acts):
                cursor += 1
                yield frame(cursor, watched.acts[cursor - 1])
            try:
                await asyncio.wait_for(news.wait(), HEARTBEAT_SECONDS)
            except TimeoutError:
                yield b": \n\n"
    finally:
        watched.viewers -= 1


async def stream_of(stream: str, *, after: int | None) -> AsyncGenerator[bytes]:
    """The events of a trade for whoever comes through Django."""
    if (watched := await find(stream)) is not None:
        async with aclosing(frames(watched, after=after)) as pieces:
            async for piece in pieces:
                yield piece


def frame(sequence: int, act: str) -> bytes:
    """One event."""
    return f"id: {sequence}\ndata: {json.dumps({'sequence': sequence, 'act': act})}\n\n".encode()


def _let_go() -> None:
    """Close the connection of the thread that calls; every thread has one of its own."""
    connection.close()


def _heads(streams: list[str]) -> dict[str, str]:
    close_old_connections()
    return dict(Trade.objects.filter(stream__in=streams).values_list("stream", "head"))


def _catch_up(watched: Watched) -> bool:
    """Read a trade for the first viewer; False where there is no hall."""
    try:
        found = Trade.objects.filter(stream=watched.stream, bid_deadline__isnull=False).exists()
        if found:
            watched.take(*_news(watched))
        return found
    finally:
        connection.close()


def _news(watched: Watched) -> tuple[list[str], str, bytes]:
    """The acts that are new, the head of the trade's chain and the board that shows them."""
    trade = Trade.objects.select_related(*Trade.read_along).get(stream=watched.stream)
    if trade.entries <= len(watched.acts):  # a log only grows: these are other records, put in their place from outside
        watched.acts.clear()
    new = Entry.objects.filter(stream=watched.stream, sequence__gt=len(watched.acts), sequence__lte=trade.entries)
    return list(new.order_by("sequence").values_list("act", flat=True)), trade.head, board_html(trade).encode()


def with_live(application: Application) -> Application:
    """The application, with the live paths of halls answered before it."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        match = PATH.fullmatch(scope["path"]) if is_plain(scope) else None
        if match is None:
            await application(scope, receive, send)
        elif match[2] == "events":
            await _events(scope, receive, send, stream=match[1], otherwise=application)
        else:
            await _board(scope, receive, send, stream=match[1], otherwise=application)

    return answer


def is_plain(scope: Scope) -> bool:
    """Whether a request needs none of what Django does for it: a GET for one of our hosts that need not go to HTTPS."""
    if scope["type"] != "http" or scope["method"] != "GET":
        return False
    if settings.SECURE_SSL_REDIRECT and "https" not in {scope["scheme"], _header(scope, b"x-forwarded-proto")}:
        return False
    host = split_domain_port(_header(scope, b"host") or "")[0]
    return bool(host) and validate_host(host, settings.ALLOWED_HOSTS)


async def _events(scope: Scope, receive: Receive, send: Send, *, stream: str, otherwise: Application) -> None:
    watched = await find(stream)
    if watched is None:
        await otherwise(scope, receive, send)
        return
    query = parse_qs(scope["query_string"].decode("latin-1"))
    cursor = cursor_of(_header(scope, b"last-event-id"), query.get("after", [""])[0])
    await _start(send, HEADERS)
    sending = asyncio.create_task(_send_all(send, frames(watched, after=cursor)))
    leaving = asyncio.create_task(_gone(receive))
    try:
        await asyncio.wait({sending, leaving}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        sending.cancel()
        leaving.cancel()
        await asyncio.gather(sending, leaving, return_exceptions=True)


async def _send_all(send: Send, pieces: AsyncGenerator[bytes]) -> None:
    async with aclosing(pieces):
        async for piece in pieces:
            await send({"type": "http.response.body", "body": piece, "more_body": True})


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _board(scope: Scope, receive: Receive, send: Send, *, stream: str, otherwise: Application) -> None:
    """The board that the poller made, for those who watch; Django makes it for everybody else."""
    watched = hub().known(stream)
    if watched is None:
        await otherwise(scope, receive, send)
        return
    await _start(send, BOARD_HEADERS)
    await send({"type": "http.response.body", "body": watched.board})


async def _start(send: Send, headers: dict[str, str]) -> None:
    pairs = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": 200, "headers": pairs})


def _header(scope: Scope, name: bytes) -> str | None:
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), None)
