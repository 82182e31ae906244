"""A stage for measurements of single acts: the cast of the replay, and a trade brought to where it is needed."""

import os
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from yangguang.demo import replay
from yangguang.demo.cast import Cast, build_cast
from yangguang.demo.people import Party
from yangguang.demo.replay import Play, moment


def home() -> Path:
    """The folder of this child's records."""
    return Path(os.environ["YANGGUANG_HOME"])


def cast(*, bidders: int) -> Cast:
    """Made-up parties; not part of any measure."""
    return build_cast(moment(1, "08:00"), folder=home() / "bidders", bidders=bidders)


def trade_up_to(steps: tuple[Callable[[Play], None], ...], *, cast: Cast, bidders: int) -> Play:
    """A tender with that many bidders after the given steps of the replay."""
    run = Play(cast=cast, title="测量用项目", prices=tuple(Decimal(1_000_000 + number) for number in range(bidders)))
    for step in steps:
        step(run)
    return run


TAKING_BIDS = (replay.register, replay.publish)
IN_REVIEW = (*TAKING_BIDS, replay.bid, replay.close, replay.decrypt, replay.seat_committee)


def ecdsa_bidders(cast: Cast, *, count: int) -> list[Party]:
    """Many bidders quickly: ECDSA keys to sign with; what they seal is for the encryption key of the first bidder."""
    return [cast.registry.party(name=f"示例投标{number}有限公司", algorithm="ecdsa") for number in range(count)]
