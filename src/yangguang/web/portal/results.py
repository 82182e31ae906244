"""开标、候选人、中标和合同: the results of a trade, as its own public entries state them; nothing from elsewhere."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from yangguang.parties.models import Organisation
from yangguang.trading.models import OpenedBid

Payload = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One organisation in a result. `outcome` is the word for what became of its bid."""

    name: str
    code: str
    price: Decimal | None = None
    period: str = ""
    outcome: str = ""
    rank: int | None = None
    total: str = ""


@dataclass(slots=True, kw_only=True)
class Results:
    """What is known of the outcome; empty until an entry says so."""

    bidders: list[Line] = field(default_factory=list)
    bids: list[Line] = field(default_factory=list)
    candidates: list[Line] = field(default_factory=list)
    award: Line | None = None
    contract: Line | None = None

    def __bool__(self) -> bool:
        return bool(self.bidders or self.bids or self.candidates or self.award or self.contract)


def results_of(payloads: Iterable[Payload]) -> Results:
    """The results that the entries of one trade state."""
    last: dict[str, dict[str, Any]] = {}
    for one in payloads:
        if one["act"] == "record_drop_out":
            _drop(last, one["data"]["bidder"])
        last[one["act"]] = one["data"]
    named = _Names(last)
    contract = last.get("sign_contract")
    return Results(
        bidders=[named.line(one["bidder"]) for one in _rows(last, "announce_bidders", "bids")],
        bids=[_bid(named, one) for one in _rows(last, "announce_bids", "bids")],
        candidates=[_candidate(named, one) for one in _rows(last, "publish_candidates", "candidates")],
        award=_award(named, last.get("award")),
        contract=named.line(contract["winner"], price=_money(contract["price"])) if contract else None,
    )


class _Names:
    """The names of all organisations that the results mention, asked for once."""

    def __init__(self, last: dict[str, dict[str, Any]]) -> None:
        codes = {
            *(one["bidder"] for one in _rows(last, "announce_bidders", "bids")),
            *(one["bidder"] for one in _rows(last, "publish_candidates", "candidates")),
        }
        known = Organisation.objects.filter(code__in=codes) if codes else ()
        self.names = {one.code: one.name for one in known}

    def line(self, code: str, **more: Any) -> Line:
        return Line(name=self.names.get(code, code), code=code, **more)


def _rows(last: dict[str, dict[str, Any]], act: str, key: str) -> list[dict[str, Any]]:
    return list(last.get(act, {}).get(key, ()))


def _bid(named: _Names, one: dict[str, Any]) -> Line:
    outcome = str(OpenedBid.Outcome(one["outcome"]).label)
    return named.line(one["bidder"], price=_money(one["price"]), period=one["period"], outcome=outcome)


def _candidate(named: _Names, one: dict[str, Any]) -> Line:
    return named.line(one["bidder"], price=_money(one["price"]), rank=one["rank"], total=one["total"])


def _award(named: _Names, data: dict[str, Any] | None) -> Line | None:
    return named.line(data["bidder"], price=_money(data["price"]), rank=data["rank"]) if data else None


def _drop(last: dict[str, dict[str, Any]], bidder: str) -> None:
    """A winner who dropped out is the winner no more."""
    if last.get("award", {}).get("bidder") == bidder:
        del last["award"]


def _money(text: str) -> Decimal | None:
    return Decimal(text) if text else None
