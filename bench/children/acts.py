"""Acts a second against two bare rows inserted durably into the same database."""

import itertools
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from django.db import connection, transaction

from children import many_bids, stage
from yangguang.demo.replay import moment
from yangguang.trading.acts.bidding import receive, submit_bid
from yangguang.trading.acts.documents import download_document
from yangguang.trading.acts.review import give_opinion
from yangguang.trading.models import Trade
from yangguang.trading.readings import opened_bids
from yangguang.trading.terms import STEPS
from yangguang.witness.log import sequence_log
from yangguang.witness.models import Pending

PAYLOAD = "x" * 600  # about what an entry weighs


def measure(*, downloads: int, bidders: int, bids: int) -> dict[str, Any]:
    """Seconds of each, bare inserts and acts in turns; and the sequencer's pace."""
    cast = stage.cast(bidders=bidders)
    bidding = stage.trade_up_to(stage.TAKING_BIDS, cast=cast, bidders=bidders).trade
    reviewing = stage.trade_up_to(stage.IN_REVIEW, cast=cast, bidders=bidders)
    _make_table()
    found = {
        "download": _in_turns(_downloads(cast, bidding, count=downloads)),
        "bid": _in_turns(_bids(cast, bidding, count=bids)),
        "opinion": _in_turns(_opinions(cast, reviewing)),
    }
    waiting, sequencing = _sequencer()
    return {
        "acts": found,
        "sequenced": waiting,
        "sequencing": sequencing,
    }


def _in_turns(acts: Iterator[Callable[[], object]]) -> list[tuple[float, float]]:
    """Seconds of each act, and of the bare insert after it."""
    return [(_timed(act), _timed(_bare)) for act in acts]


def _downloads(cast: Any, trade: Trade, *, count: int) -> Iterator[Callable[[], object]]:
    for bidder in itertools.islice(itertools.cycle(cast.bidders), count):
        yield partial(download_document, trade, actor=bidder.actor, at=moment(3, "10:00"))


def _bids(cast: Any, trade: Trade, *, count: int) -> Iterator[Callable[[], object]]:
    """Submissions of files that were received before: receiving is measured with the bids on one tender."""
    recipient = cast.bidders[0].encryption.certificate
    for number, bidder in enumerate(stage.ecdsa_bidders(cast, count=count)):
        file = many_bids.sealed(trade, bidder, recipient, stage.home() / f"{number}.ygb")
        received = receive(trade, actor=bidder.actor, at=many_bids.AT, content=file)
        yield partial(submit_bid, trade, actor=bidder.actor, at=many_bids.AT, received=received)


def _opinions(cast: Any, run: Any) -> Iterator[Callable[[], object]]:
    digests = list(opened_bids(run.trade).values_list("evidence_id", flat=True))
    marks = list(run.trade.members.values_list("person__mark", flat=True))
    for mark, digest in itertools.product(marks, digests):
        given = {"actor": cast.member(mark).actor, "at": moment(23, "15:00"), "bid": digest}
        yield partial(give_opinion, run.trade, **given, passes=dict.fromkeys(STEPS, True))


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
