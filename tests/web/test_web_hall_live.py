"""Live halls: events from a cursor, nothing of what is sealed, one poller for all who watch."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

import pytest
from asgiref.testing import ApplicationCommunicator
from django.db import close_old_connections
from django.test import AsyncClient

from support.stages import trade_at
from yangguang.trading.stages import Stage
from yangguang.web.asgi import application
from yangguang.web.hall import live
from yangguang.witness.models import Entry

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]

HOST = (b"host", b"localhost")


def scope_of(path, *, query="", headers=(), method="GET"):
    return {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
        "path": path, "raw_path": path.encode(), "query_string": query.encode(), "headers": [HOST, *headers],
        "server": ("localhost", 80), "client": ("127.0.0.1", 1),
    }  # fmt: skip


@asynccontextmanager
async def watching(stream, **request):
    """A viewer: gives what the server sends, and leaves at the end."""
    viewer = ApplicationCommunicator(application, scope_of(f"/trades/{stream}/opening/events", **request))
    await viewer.send_input({"type": "http.request", "body": b""})
    start = await viewer.receive_output(5)
    assert (start["status"], dict(start["headers"])[b"content-type"]) == (200, b"text/event-stream; charset=utf-8")
    await viewer.receive_output(5)
    yield viewer
    await viewer.send_input({"type": "http.disconnect"})
    await viewer.wait(5)


async def event(viewer):
    """The next event: its id and its data."""
    message = await viewer.receive_output(5)
    lines = dict(line.split(": ", 1) for line in message["body"].decode().strip().splitlines())
    return int(lines["id"]), json.loads(lines["data"])


def told(entry):
    return entry.sequence, {"sequence": entry.sequence, "act": entry.act}


def run(story):
    """Run a coroutine, and let the poller's own thread let go of the database.

    In a thread, because the browser tests leave a running loop in this one.
    """

    async def whole():
        await story
        hub = live.hub()
        hub._watched.clear()  # noqa: SLF001 - nobody watches any more
        if hub._polling:  # noqa: SLF001
            await hub._polling  # noqa: SLF001

    thread = ThreadPoolExecutor(max_workers=1)
    thread.submit(asyncio.run, whole()).result(timeout=60)
    thread.shutdown()


def later(scene, name, by, **inputs):
    """An act in another thread, as another request does it."""

    def act():
        try:
            return scene.do(name, by, **inputs)
        finally:
            close_old_connections()

    return asyncio.to_thread(act)


@pytest.fixture
def entries():
    return lambda scene: [told(one) for one in Entry.objects.filter(stream=scene.stream).order_by("sequence")]


def test_an_act_reaches_everyone_who_watches():
    scene = trade_at(Stage.CLOSED)
    head = scene.trade.entries

    async def story():
        async with watching(scene.stream) as one, watching(scene.stream) as other:
            await later(scene, "announce_bidders", "agency")
            for viewer in (one, other):
                assert await event(viewer) == (head + 1, {"sequence": head + 1, "act": "announce_bidders"})

    run(story())


@pytest.mark.parametrize("by", ["query", "header", "both"])
def test_a_lost_connection_resumes_from_its_cursor(entries, by):
    scene = trade_at(Stage.DECRYPTED)
    missed = entries(scene)[-3:]
    cursor = str(missed[0][0] - 1)
    request = {"query": f"after={'0' if by == 'both' else cursor}"} if by != "header" else {}
    if by != "query":
        request["headers"] = [(b"last-event-id", cursor.encode())]

    async def story():
        async with watching(scene.stream, **request) as viewer:
            assert [await event(viewer) for _ in missed] == missed
            assert await viewer.receive_nothing(0.4)

    run(story())


@pytest.mark.parametrize("cursor", ["", "-1", "x", "1e3", "٣", "99999999999", "7 OR 1=1"])
def test_a_cursor_that_is_none_begins_now(cursor):
    scene = trade_at(Stage.CLOSED)

    async def story():
        async with watching(scene.stream, headers=[(b"last-event-id", cursor.encode())]) as viewer:
            assert await viewer.receive_nothing(0.4)

    run(story())


def test_nothing_sealed_makes_an_event_or_changes_the_board():
    scene = trade_at("published")
    scene.at = scene.trade.bid_deadline
    received = scene.received("bidder1", scene.sealed("bidder1"))

    async def story():
        async with watching(scene.stream) as viewer:
            before = await board(scene.stream)
            await later(scene, "submit_bid", "bidder1", received=received)
            await later(scene, "sign_in_to_opening", "bidder1")
            await later(scene, "withdraw_bid", "bidder1")
            assert await viewer.receive_nothing(0.7)
            assert await board(scene.stream) == before

    run(story())


def test_the_whole_log_holds_only_sequence_and_act(entries):
    scene = trade_at(Stage.OPENED)
    all_of_them = entries(scene)

    async def story():
        async with watching(scene.stream, query="after=0") as viewer:
            assert [await event(viewer) for _ in all_of_them] == all_of_them

    run(story())


async def board(stream):
    viewer = ApplicationCommunicator(application, scope_of(f"/trades/{stream}/opening/board/"))
    await viewer.send_input({"type": "http.request", "body": b""})
    assert (await viewer.receive_output(5))["status"] == 200
    body = (await viewer.receive_output(5))["body"]
    await viewer.wait(5)
    return body.decode()


def test_the_board_is_ready_when_the_event_comes():
    scene = trade_at(Stage.CLOSED)

    async def story():
        async with watching(scene.stream) as viewer:
            assert scene.cast.bidders[0].name not in await board(scene.stream)
            await later(scene, "announce_bidders", "agency")
            await event(viewer)
            assert scene.cast.bidders[0].name in await board(scene.stream)

    run(story())


def test_a_quiet_connection_gets_a_heartbeat(monkeypatch):
    monkeypatch.setattr(live, "HEARTBEAT_SECONDS", 0.05)
    scene = trade_at(Stage.CLOSED)

    async def story():
        async with watching(scene.stream) as viewer:
            assert (await viewer.receive_output(5))["body"] == b": \n\n"

    run(story())


def test_whoever_leaves_is_counted_out():
    scene = trade_at(Stage.CLOSED)

    async def story():
        async with watching(scene.stream):
            assert live.hub().known(scene.stream).viewers == 1
        assert live.hub().known(scene.stream).viewers == 0

    run(story())


def test_a_hundred_viewers_ask_the_database_once_a_look(monkeypatch):
    asked = []
    heads = live._heads  # noqa: SLF001 - counted, not replaced
    monkeypatch.setattr(live, "_heads", lambda streams: asked.append(streams) or heads(streams))
    scene = trade_at(Stage.CLOSED)

    async def story():
        viewers = [watching(scene.stream) for _ in range(100)]
        for one in viewers:
            await one.__aenter__()
        asked.clear()
        await asyncio.sleep(4 * live.POLL_SECONDS)
        assert 2 <= len(asked) <= 5
        assert all(streams == [scene.stream] for streams in asked)
        for one in viewers:
            await one.__aexit__(None, None, None)

    run(story())


@pytest.mark.parametrize(
    ("path", "status"),
    [("/trades/unknown/opening/events", 404), ("/trades/unknown/opening/board/", 404)],
)
def test_a_hall_that_is_not_there_is_not_found(path, status):
    async def story():
        viewer = ApplicationCommunicator(application, scope_of(path))
        await viewer.send_input({"type": "http.request", "body": b""})
        assert (await viewer.receive_output(5))["status"] == status
        await viewer.receive_output(5)
        await viewer.wait(5)

    run(story())


def test_other_hosts_and_methods_are_left_to_django(settings):
    scope = scope_of("/trades/x/opening/events")
    assert live.is_plain(scope)
    assert not live.is_plain(scope | {"headers": [(b"host", b"elsewhere.example")]})
    assert not live.is_plain(scope | {"method": "POST"})
    settings.SECURE_SSL_REDIRECT = True
    assert not live.is_plain(scope)
    assert live.is_plain(scope | {"headers": [HOST, (b"x-forwarded-proto", b"https")]})


def test_django_streams_the_same_events(entries):
    scene = trade_at(Stage.CLOSED)
    expected = entries(scene)

    async def story():
        answer = await AsyncClient().get(f"/trades/{scene.stream}/opening/events?after=0")
        pieces = aiter(answer.streaming_content)
        assert (await anext(pieces)).startswith(b"retry: ")
        assert [await anext(pieces) for _ in expected] == [live.frame(number, data["act"]) for number, data in expected]
        await pieces.aclose()

    run(story())
