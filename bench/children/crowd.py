"""Many clients bidding on one tender at the same moment, each with its own connection to the database."""

import threading
import time
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import connection

from children import stage
from yangguang.demo.cast import plain_parts, sealed_bid
from yangguang.demo.people import Party
from yangguang.demo.replay import DEADLINE, moment
from yangguang.trading.acts.bidding import receive, submit_bid
from yangguang.trading.models import Bid, Trade

AT = moment(*DEADLINE) - timedelta(seconds=1)


def measure(*, clients: int) -> dict[str, Any]:
    """Wall seconds until the last answer, how many were accepted, and what the others were told."""
    cast = stage.cast(bidders=clients)
    trade = stage.trade_up_to(stage.TAKING_BIDS, cast=cast, bidders=clients).trade
    files = [_sealed(cast, bidder, trade) for bidder in cast.bidders]
    starting_line = threading.Barrier(clients + 1)
    answers: list[tuple[float, str]] = []
    threads = [
        threading.Thread(target=_client, args=(trade.pk, bidder, file, starting_line, answers))
        for bidder, file in zip(cast.bidders, files, strict=True)
    ]
    for thread in threads:
        thread.start()
    starting_line.wait()
    started = time.perf_counter()
    for thread in threads:
        thread.join()
    wall = time.perf_counter() - started
    refused = [told for _, told in answers if told]
    return {
        "seconds": wall,
        "accepted": Bid.objects.filter(trade=trade).count(),
        "refused": refused,
        "slowest": max(duration for duration, _ in answers),
    }


def _sealed(cast: Any, bidder: Party, trade: Trade) -> Path:
    return sealed_bid(cast=cast, bidder=bidder, trade=trade, parts=plain_parts(price=Decimal(900_000)), at=AT)


def _client(
    key: int, bidder: Party, file: Path, starting_line: threading.Barrier, answers: list[tuple[float, str]]
) -> None:
    told = ""
    connection.ensure_connection()
    trade = Trade.objects.get(pk=key)
    starting_line.wait()
    started = time.perf_counter()
    try:
        received = receive(trade, actor=bidder.actor, at=AT, content=file)
        submit_bid(trade, actor=bidder.actor, at=AT, received=received)
    except Exception as problem:  # noqa: BLE001 - whatever a client is told instead of a receipt counts as refused
        told = f"{type(problem).__name__}: {problem}"
    finally:
        answers.append((time.perf_counter() - started, told))
        connection.close()
