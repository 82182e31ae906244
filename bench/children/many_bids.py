"""The cost of the first, the hundredth and the thousandth bid on one tender."""

import time
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from children import stage
from yangguang.demo.cast import TOOL, plain_parts
from yangguang.demo.people import Party
from yangguang.demo.replay import DEADLINE, moment
from yangguang.proof.certificates import Certificate
from yangguang.proof.seal import BidHeading, seal_bid
from yangguang.trading.acts.bidding import receive, submit_bid
from yangguang.trading.models import Trade

AT = moment(*DEADLINE) - timedelta(minutes=1)


def measure(*, bids: int) -> dict[str, Any]:
    """Seconds of each bid in order, from the upload to the entry; sealing is the bidder's and not in it."""
    cast = stage.cast(bidders=3)
    trade = stage.trade_up_to(stage.TAKING_BIDS, cast=cast, bidders=3).trade
    encryption = cast.bidders[0].encryption
    assert encryption is not None
    durations = []
    for number, bidder in enumerate(stage.ecdsa_bidders(cast, count=bids)):
        file = sealed(trade, bidder, encryption.certificate, stage.home() / f"{number}.ygb")
        started = time.perf_counter()
        received = receive(trade, actor=bidder.actor, at=AT, content=file)
        submit_bid(trade, actor=bidder.actor, at=AT, received=received)
        durations.append(time.perf_counter() - started)
        file.unlink()
    return {"seconds": durations}


def sealed(trade: Trade, bidder: Party, recipient: Certificate, destination: Path) -> Path:
    """A small bid of a bidder, sealed for `recipient`, at `destination`."""
    seal_bid(
        destination=destination,
        heading=BidHeading(tender=trade.stream, lot=trade.lot_code, created_at=AT, tool=TOOL),
        parts=plain_parts(price=Decimal(900_000)),
        key=bidder.signing.key,
        certificate=bidder.signing.certificate,
        recipients=[recipient],
    )
    return destination
