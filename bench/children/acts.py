"""Acts a second against two bare rows inserted durably into the same database."""

import time
from typing import Any

from django.db import connection, transaction

from children import stage
from yangguang.demo.replay import moment
from yangguang.trading.acts.documents import download_document
from yangguang.trading.acts.review import give_opinion
from yangguang.trading.readings import opened_bids
from yangguang.trading.terms import STEPS
from yangguang.witness.log import sequence_log
from yangguang.witness.models import Pending

PAYLOAD = "x" * 600  # about what an entry weighs


def measure(*, downloads: int, bidders: int) -> dict[str, Any]:
    """Seconds of each, bare inserts and acts in turns; and the sequencer's pace."""
    cast = stage.cast(bidders=bidders)
    bidding = stage.trade_up_to(stage.TAKING_BIDS, cast=cast, bidders=bidders).trade
    reviewing = stage.trade_up_to(stage.IN_REVIEW, cast=cast, bidders=bidders)
    _make_table()
    bare, light = [], []
    for number in range(downloads):
        bare.append(_timed(_bare))
        actor = cast.bidders[number % bidders].actor
        light.append(_timed(lambda who=actor: download_document(bidding, actor=who, at=moment(3, "10:00"))))
    opinions, beside = _opinions(cast, reviewing)
    waiting, sequencing = _sequencer()
    return {
        "bare": bare + beside,
        "download": light,
        "opinion": opinions,
        "sequenced": waiting,
        "sequencing": sequencing,
    }


def _opinions(cast: Any, run: Any) -> tuple[list[float], list[float]]:
    durations, bare = [], []
    digests = list(opened_bids(run.trade).values_list("evidence_id", flat=True))
    marks = list(run.trade.members.values_list("person__mark", flat=True))
    for mark in marks:
        actor = cast.member(mark).actor
        for digest in digests:
            for step in STEPS:
                given = {"actor": actor, "at": moment(23, "15:00"), "bid": digest, "step": step, "passes": True}
                durations.append(_timed(lambda given=given: give_opinion(run.trade, **given)))
                bare.append(_timed(_bare))
    return durations, bare


def _sequencer() -> tuple[int, float]:
    """How many waiting entries got their leaves, and in how many seconds, checkpoint and both trees included."""
    return Pending.objects.count(), _timed(lambda: sequence_log(at=moment(24, "09:00")))


def _make_table() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE bench_rows (id BIGINT PRIMARY KEY, stream VARCHAR(64), sequence BIGINT, payload TEXT,"
            " leaf VARCHAR(64), UNIQUE (stream, sequence))"
        )


_next_id = iter(range(1, 1 << 40))


def _bare() -> None:
    """Two rows in one durable transaction, as little else as the driver allows."""
    with transaction.atomic(), connection.cursor() as cursor:
        for _ in range(2):
            number = next(_next_id)
            row: list[int | str] = [number, "bench", number, PAYLOAD, "0" * 64]
            cursor.execute("INSERT INTO bench_rows VALUES (%s, %s, %s, %s, %s)", row)


def _timed(work: Any) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
