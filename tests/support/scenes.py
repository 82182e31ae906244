"""A trade with everyone around it, who sign, seal, open and draw as their tools do."""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from yangguang.demo.cast import Cast, price_file, released_keys, sealed_bid, sealed_guarantee, signed, terms
from yangguang.demo.people import Individual, Party, Signatory
from yangguang.experts import draws
from yangguang.parties.signing import SignedFile
from yangguang.proof.canonical import canonical
from yangguang.proof.draws import commitment
from yangguang.rules.checks.money import SubjectKind
from yangguang.rules.scoring.families import ScorePart, build_family, weighted_total
from yangguang.trading import acts
from yangguang.trading.acts.bidding import Received, receive
from yangguang.trading.acts.draws import PARTIES, kind_of
from yangguang.trading.acts.registration import LotInput
from yangguang.trading.acts.unlocking import Unlocked, unlock
from yangguang.trading.models import Trade
from yangguang.trading.models.evaluation import standing_members
from yangguang.trading.models.tenders import CENTRE_ACTS
from yangguang.trading.papers import evaluation_report, opening_record
from yangguang.trading.signed_terms import terms_paper
from yangguang.witness import evidence
from yangguang.witness.actor import CLOCK, Actor
from yangguang.witness.acts import ACTS
from yangguang.witness.models import Entry, Evidence

TECHNICAL_ITEM, BUSINESS_ITEM = "施工组织设计", "企业业绩"
STEPS = ("qualification", "formal", "responsive")
BIDDERS = 3
PRICES = (Decimal("9500000.00"), Decimal("9600000.00"), Decimal("9700000.00"))
ESTIMATE, LIMIT = Decimal("12000000.00"), Decimal("10000000.00")


def beijing(day: str, clock: str = "09:00") -> datetime:
    """An aware moment: `beijing("03-23", "09:30")` of the year 2026."""
    return datetime.fromisoformat(f"2026-{day}T{clock}+08:00").astimezone(UTC)


START = beijing("03-02")
SALE_UNTIL = date(2026, 3, 9)
DEADLINE = beijing("03-23")
AFTER_DEADLINE = DEADLINE + timedelta(seconds=2)
PUBLICITY_UNTIL = beijing("03-30", "23:59")

# Every act of a trade by its name.
ACT: dict[str, Callable[..., Any]] = {
    name: vars(module)[name] for module in map(vars(acts).get, acts.__all__) for name in ACTS if name in vars(module)
}


@dataclass(slots=True)
class Scene:
    """A trade with everyone around it. `at` is the moment that acts get; tests move it as they like."""

    cast: Cast
    stream: str = ""
    at: datetime = START
    files: dict[str, Path] = field(default_factory=dict)
    known: Trade | None = None
    guests: dict[str, Any] = field(default_factory=dict)  # people with no part in the trade, by name

    @property
    def trade(self) -> Trade:
        """The trade as it is now."""
        return Trade.objects.select_related("tender__tenderer", "tender__agency", "centre").get(stream=self.stream)

    def who(self, kind: str) -> Signatory:
        """Someone who signs: `tenderer`, `bidder`, `bidder2`, `supplier` (has no bid), `chair`, `seat3`, `expert`…"""
        parties: dict[str, Party] = {
            "centre": self.cast.staff,
            "tenderer": self.cast.tenderer,
            "agency": self.cast.agency,
            "supervisor": self.cast.supervisor,
            "discipline": self.cast.inspector,
            "supplier": self.cast.bidders[-1],
            "bidder": self.cast.bidders[0],
            **{f"bidder{number}": party for number, party in enumerate(self.cast.bidders, start=1)},
        }
        if kind in self.guests:
            return self.guests[kind]
        return parties[kind] if kind in parties else self._individual(kind)

    def _individual(self, kind: str) -> Individual:
        if kind == "deputy":
            return self.cast.deputy
        seats = {member.seat: member.person.mark for member in self.trade.members.select_related("person")}
        if kind == "expert":
            return next(one for mark, one in self.cast.experts.items() if mark not in seats.values())
        seat = 1 if kind in {"chair", "member"} else int(kind.removeprefix("seat"))
        return self.cast.member(seats[seat])

    def actor(self, kind: str) -> Actor:
        """The actor of a kind; besides those of `who` also `clock`, `stranger` and overseers of other trades."""
        others = {
            "clock": CLOCK,
            "stranger": Actor(person="stranger-1"),
            "other supervisor": Actor(
                person="s-1", organisation=self.cast.bidders[-1].code, offices=frozenset({"supervision", "discipline"})
            ),
        }
        return others[kind] if kind in others else self.who(kind).actor

    def do(self, name: str, by: str, **inputs: Any) -> Any:
        """Perform the act called `name` on the trade (or on the centre), now; the act reads the trade afresh."""
        self.known = self.known or (self.trade if self.stream else None)
        subject = self.cast.centre if name in CENTRE_ACTS else self.known
        return ACT[name](subject, actor=self.actor(by), at=self.at, **inputs)

    def signed(self, by: str, act: str, *, content: bytes | None = None, name: str = "文件") -> SignedFile:
        """A file signed by somebody for one act on this trade."""
        body = content or f"{name}：{act}".encode()
        return signed(party=self.who(by), name=name, content=body, act=act, stream=self.stream)

    def terms(self, by: str, act: str, *, version: int = 1, content: bytes | None = None) -> SignedFile:
        """The short terms, or other content in their place, signed as those of a version of the document."""
        return self.signed(by, act, name=terms_paper(version), content=content or canonical(short_terms()))

    def kept(self, text: str) -> Evidence:
        """A text in the evidence store."""
        return evidence.keep(text.encode(), media_type="text/plain")

    def sealed(self, by: str, *, price: Decimal = PRICES[0], **changed: Any) -> Path:
        """A fresh sealed bid of a bidder."""
        parts = changed.pop("parts", None) or {"price": [price_file(price=price, period_days=300)]}
        facts = {"cast": self.cast, "bidder": self.who(by), "trade": self.trade, "parts": parts, "at": self.at}
        return sealed_bid(**{**facts, **changed})

    def received(self, by: str, file: Path) -> Received:
        """The sealed file as the platform received it."""
        return receive(self.trade, actor=self.actor(by), at=self.at, content=file)

    def bid(self, by: str, *, price: Decimal = PRICES[0], act: str = "submit_bid") -> Any:
        """Seal and submit (or replace) a bid."""
        self.files[by] = self.sealed(by, price=price)
        return self.do(act, by, received=self.received(by, self.files[by]))

    def guarantee(self, by: str) -> Any:
        """Seal and record a bond."""
        file = sealed_guarantee(cast=self.cast, bidder=self.who(by), trade=self.trade, at=self.at)
        self.files[f"{by} guarantee"] = file
        return self.do("record_guarantee", by, received=self.received(by, file))

    def unlocked(self, by: str) -> Unlocked:
        """What the bidder's keys open."""
        release = released_keys(bidder=self.who(by), file=self.files[by], at=self.at)
        held = self.files.get(f"{by} guarantee")
        second = released_keys(bidder=self.who(by), file=held, at=self.at) if held else None
        trade = self.trade
        return unlock(trade, actor=self.actor(by), at=self.at, release=release, guarantee_release=second)

    def draw(self) -> None:
        """Hold a whole draw of what this stage draws."""
        self.do("open_draw", "centre")
        nonces = {party: secrets.token_bytes(32) for party in PARTIES}
        for party, nonce in nonces.items():
            self.do("commit_to_draw", party, commitment=self.commitment(party, nonce))
        for party, nonce in nonces.items():
            self.do("reveal_for_draw", party, nonce=nonce)
        self.do("complete_draw", "centre")

    def commitment(self, party: str, nonce: bytes) -> str:
        """What a party commits with to the newest draw."""
        draw = self.current_draw()
        return commitment(draw_id=draw.draw_id, party=party, nonce=nonce, algorithm=draws.ALGORITHM)

    def current_draw(self) -> Any:
        """The newest draw of this stage."""
        return draws.current_draw(stream=self.stream, kind=kind_of(self.trade))

    def data(self, act: str) -> dict[str, Any]:
        """The data of the newest public entry of an act."""
        return json.loads(Entry.objects.filter(stream=self.stream, act=act).latest("pk").payload)["data"]

    def seats(self) -> list[str]:
        """Every member, as `who` names them."""
        return [f"seat{member.seat}" for member in standing_members(self.trade)]

    def digest(self, by: str) -> str:
        """The digest that names a bidder's standing bid."""
        bids = self.trade.bids.filter(bidder__code=self.actor(by).organisation, replaced_by__isnull=True)
        return bids.values_list("evidence_id", flat=True).get()

    def paper(self, act: str, by: str) -> SignedFile:
        """The opening record or the evaluation report, signed."""
        write = opening_record if act == "sign_opening_record" else evaluation_report
        return self.signed(by, act, content=write(self.trade))


def lot(**changed: Any) -> LotInput:
    """A lot that may be registered."""
    facts = {"title": "示例小学", "kind": SubjectKind.CONSTRUCTION, "estimate": ESTIMATE, "limit_price": LIMIT}
    return LotInput(**{**facts, **changed})


def registration(scene: Scene, **changed: Any) -> dict[str, Any]:
    """What `register_tender` asks for."""
    facts = {
        "title": "示例小学综合楼工程",
        "category": "A01",
        "tenderer": scene.cast.tenderer.organisation,
        "agency": scene.cast.agency.organisation,
        "supervisor": scene.cast.supervisor.organisation,
        "supervision_line": "housing",
        "discipline": scene.cast.inspector.organisation,
        "state_controlled": True,
        "lots": [lot()],
    }
    return {**facts, **changed}


@cache
def short_terms() -> dict[str, Any]:
    """The terms of a document with one part, one drawn parameter and one item of each kind."""
    part = ScorePart(name="technical", label="技术", members=True, items={TECHNICAL_ITEM: "30"})
    other = ScorePart(name="business", label="商务", members=True, items={BUSINESS_ITEM: "20"})
    price = build_family(name="lanzhou_construction")
    scoring = weighted_total(price=price, title="示例综合评估法", price_weight="0.5", parts=(part, other), places=2)
    return terms(parts=["price"], scoring=scoring.to_json())


def notice(scene: Scene, by: str = "agency", **changed: Any) -> dict[str, Any]:
    """What `publish_notice` asks for."""
    facts = {
        "notice": scene.signed(by, "publish_notice", name="招标公告"),
        "document": scene.signed(by, "publish_notice", name="招标文件"),
        "terms": scene.terms(by, "publish_notice"),
        "sale_until": SALE_UNTIL,
        "deadline": DEADLINE,
    }
    return {**facts, **changed}


def contract(scene: Scene, *, by: str = "tenderer", winner: str = "bidder", **changed: Any) -> dict[str, Any]:
    """What `sign_contract` asks for."""
    facts = {
        "contract": scene.signed(by, "sign_contract", content="合同".encode()),
        "countersigned": scene.signed(winner, "sign_contract", content="合同".encode()),
        "winner": scene.actor(winner),
        "price": PRICES[0],
    }
    return {**facts, **changed}
