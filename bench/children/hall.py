"""A hall with many viewers: how long an act takes to reach them all, and what the server process spends."""

import asyncio
import os
import statistics
import time
from datetime import timedelta
from typing import Any

from children import stage
from children.serving import serving, status_mib, ticks
from yangguang.demo import replay
from yangguang.demo.replay import moment
from yangguang.trading.acts.opening import extend_decryption, start_decryption

TICKS = os.sysconf("SC_CLK_TCK")
PAUSE, PATIENCE = 0.4, 20.0
AT = moment(23, "09:40")


def measure(*, viewers: int, acts: int) -> dict[str, Any]:
    """Median and p95 of the seconds from an act's return to each viewer's event and board; share of one processor."""
    cast = stage.cast(bidders=3)
    run = stage.trade_up_to((*stage.TAKING_BIDS, replay.bid, replay.close), cast=cast, bidders=3)
    start_decryption(run.trade, actor=run.cast.agency.actor, at=AT)
    with serving("--no-clock") as server:
        return asyncio.run(_measure(run, server.port, server.pid, viewers, acts))


async def _measure(run: Any, port: int, pid: int, viewers: int, acts: int) -> dict[str, Any]:
    events: dict[int, list[float]] = {}
    boards: dict[int, list[float]] = {}
    first = await asyncio.to_thread(_entries, run)
    watching = [asyncio.create_task(_watch(run.trade.stream, port, first, events, boards)) for _ in range(viewers)]
    await asyncio.sleep(3)
    idle = await _share(pid, asyncio.sleep(3))
    done: dict[int, float] = {}
    busy = await _share(pid, _act(run, acts, done, boards, viewers))
    for one in watching:
        one.cancel()
    await asyncio.gather(*watching, return_exceptions=True)
    late = [[at - done[number] for number in done for at in seen.get(number, [])] for seen in (events, boards)]
    return {
        "viewers": viewers,
        "acts": acts,
        "event": _spread(late[0]),
        "board": _spread(late[1]),
        "idle": idle,
        "busy": busy,
        "mib": status_mib(pid, "VmRSS"),
        "missed": viewers * acts - len(late[0]),
    }


def _entries(run: Any) -> int:
    run.trade.refresh_from_db()
    return int(run.trade.entries)


def _spread(seconds: list[float]) -> tuple[float, float]:
    ordered = sorted(seconds)
    return statistics.median(ordered), ordered[int(0.95 * (len(ordered) - 1))]


async def _act(run: Any, acts: int, done: dict[int, float], boards: dict[int, list[float]], viewers: int) -> None:
    """One act after another in a thread of this process, as another process does it; the next when all have seen it."""
    for number in range(acts):
        sequence, at = await asyncio.to_thread(_extend, run, number)
        done[sequence] = at
        until = time.monotonic() + PATIENCE
        while len(boards.get(sequence, [])) < viewers and time.monotonic() < until:  # noqa: ASYNC110 - many are waited for
            await asyncio.sleep(0.02)
        await asyncio.sleep(PAUSE)


def _extend(run: Any, number: int) -> tuple[int, float]:
    at = AT + timedelta(seconds=number + 1)
    facts = {"actor": run.cast.agency.actor, "at": at, "minutes": 1, "reason": "平台故障演练"}
    entry = extend_decryption(run.trade, **facts)
    return entry.sequence, time.perf_counter()


async def _watch(
    stream: str, port: int, after: int, events: dict[int, list[float]], boards: dict[int, list[float]]
) -> None:
    """One viewer as the page's script is one: an open stream, and the board fetched after each event."""
    reader, writer = await _get(f"/trades/{stream}/opening/events?after={after}", port)
    while line := await reader.readline():
        if line.startswith(b"id: "):
            sequence = int(line[4:])
            events.setdefault(sequence, []).append(time.perf_counter())
            await _fetch(f"/trades/{stream}/opening/board/", port)
            boards.setdefault(sequence, []).append(time.perf_counter())
    writer.close()


async def _fetch(path: str, port: int) -> None:
    reader, writer = await _get(path, port)
    if b" 200 " not in await reader.readline():
        raise RuntimeError(path)
    await reader.read()
    writer.close()


async def _get(path: str, port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    kept = "close" if path.endswith("/board/") else "keep-alive"
    writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: {kept}\r\n\r\n".encode())
    await writer.drain()
    return reader, writer


async def _share(pid: int, work: Any) -> float:
    """The share of one processor that the server used while the work ran."""
    spent, began = ticks(pid), time.perf_counter()
    await work
    return (ticks(pid) - spent) / TICKS / (time.perf_counter() - began)
