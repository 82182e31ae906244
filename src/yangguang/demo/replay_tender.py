"""A worker's share of the replay: one tender played, its archive verified and removed, and the cast it is played by.

The cast is made once and handed to the workers whole, private keys included, so that making keys is not measured.
"""

import io
import pickle
import shutil
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from yangguang.demo.cast import Cast, build_cast
from yangguang.demo.people import Registry
from yangguang.demo.replay import FINISHED, Play, moment, play
from yangguang.demo.replay_input import PastTender
from yangguang.demo.replay_outcome import FEWEST, Played
from yangguang.proof.certificates import Certificate
from yangguang.proof.keys import PrivateKey, load_private_key
from yangguang.trading.archive import export_archive
from yangguang.trading.verification import verify_archive

EXPERTS = 14
EXPORTED = moment(*FINISHED) + timedelta(minutes=1)


def cast_for(tenders: Sequence[PastTender], *, folder: Path) -> Cast:
    """As many bidders as the largest tender has, and everyone else; their files go into `folder`."""
    most = max((len(one.prices) for one in tenders), default=FEWEST)
    return build_cast(moment(1, "08:00"), folder=folder, bidders=most, experts=EXPERTS)


def play_tender(tender: PastTender, *, cast: Cast, home: Path) -> Played:
    """Play a tender to its archive, verify the archive as an outsider would, and time both."""
    started = time.perf_counter()
    run = play(cast=cast, title=f"{tender.market} {tender.number}", prices=tender.prices)
    ended = time.perf_counter()
    winner, price = _award_of(run)
    problems = _problems_of_archive(run, home / "archives")
    return Played(
        tender=tender,
        stage=run.trade.stage,
        acts=run.acts,
        winner=winner,
        price=price,
        seconds=ended - started,
        archive_seconds=time.perf_counter() - ended,
        problems=problems,
    )


def pack_cast(cast: Cast) -> bytes:
    """A cast as bytes for another process of the same program: made-up parties with keys, without the authorities."""
    buffer = io.BytesIO()
    _Packer(buffer).dump(replace(cast, registry=Registry(at=cast.registry.at, authorities={})))
    return buffer.getvalue()


def unpack_cast(packed: bytes) -> Cast:
    """The cast again, in a process where Django is set up."""
    cast: Cast = pickle.loads(packed)  # noqa: S301 - from the process that started this one
    return cast


class _Packer(pickle.Pickler):
    """Keys and certificates go as their own text forms, everything else as usual."""

    def reducer_override(self, thing: Any) -> Any:
        """How one thing is taken apart."""
        if isinstance(thing, PrivateKey):
            return load_private_key, (thing.to_pem(None),)
        if isinstance(thing, Certificate):
            return Certificate.from_der, (thing.der,)
        return NotImplemented


def _award_of(run: Play) -> tuple[int | None, Decimal | None]:
    award = run.trade.awards.select_related("bid__bidder", "bid__opened").order_by("pk").last()
    if award is None:
        return None, None
    codes = [bidder.code for bidder in run.bidders]
    return codes.index(award.bid.bidder.code), award.bid.opened.price


def _problems_of_archive(run: Play, folder: Path) -> tuple[str, ...]:
    place = export_archive(trade=run.trade, destination=folder / run.trade.stream, at=EXPORTED)
    try:
        return tuple(str(one) for one in verify_archive(place).problems)
    finally:
        shutil.rmtree(place)
