"""A small trade made of rows alone, with the texts that somebody hostile would choose. No act is performed."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from yangguang.demo.cast import BUSINESS_ITEMS, TECHNICAL_ITEMS, terms
from yangguang.experts import draws
from yangguang.parties.models import Organisation, Person
from yangguang.proof.canonical import canonical
from yangguang.rules.codes import make_organisation_code
from yangguang.rules.law import law_on
from yangguang.rules.scoring import evaluate
from yangguang.trading.models import (
    Award,
    Bid,
    BlindCode,
    Candidate,
    Centre,
    Clarification,
    Guarantee,
    Member,
    Objection,
    OpenedBid,
    OpenedGuarantee,
    Opinion,
    Rejection,
    Score,
    SignIn,
    Tender,
    TenderDocument,
    Trade,
    Withdrawal,
)
from yangguang.trading.readings import terms_of
from yangguang.witness import evidence
from yangguang.witness.models import Entry, Evidence, SealedEntry

AT = datetime(2026, 3, 30, 1, 30, tzinfo=UTC)
REGION = "990100"
MARKUP = "<script>alert(1)</script><img src=x onerror=alert(2)>&\"'"
UNSEEN = "甲\u202e乙\x07丙"
SECRET_NAMES = [f"评委姓名{seat}" for seat in range(1, 6)]
PRICES = {"甲": "9500000.00", "乙": "9600000.05", "丙": "9700000.00", "丁": "9800000.00"}


def kept(text: str, media_type: str = "text/plain") -> Evidence:
    return evidence.keep(text.encode(), media_type=media_type)


@dataclass
class Rows:
    """Builds the rows stage by stage; `bids` by the short name of their bidder."""

    trade: Trade
    bids: dict[str, Bid]
    made: int = 0

    def organisation(self, name: str) -> Organisation:
        self.made += 1
        code = str(make_organisation_code(region=REGION, serial=f"{self.made:08d}"))
        return Organisation.objects.create(code=code, name=name)

    def sealed_entry(self) -> SealedEntry:
        number = 1 + SealedEntry.objects.count()
        return SealedEntry.objects.create(
            stream=self.trade.stream, sequence=number, act="submit_bid", at=AT, payload="{}", leaf_hash="", salt=""
        )

    def bid(self, name: str, *, replaces: Bid | None = None, bidder: Organisation | None = None) -> Bid:
        file = kept(f"密封投标文件 {name} {replaces and replaces.pk}")
        return Bid.objects.create(
            trade=self.trade,
            bidder=bidder or self.organisation(f"示例{name}建设有限公司"),
            number=2 if replaces else 1,
            evidence=file,
            manifest={},
            submitted_at=AT - timedelta(days=1),
            entry=self.sealed_entry(),
            replaces=replaces,
        )

    def open(self, name: str, *, facts: dict[str, Any] | None = None, file: str = "施工组织设计.pdf") -> None:
        OpenedBid.objects.create(
            bid=self.bids[name],
            outcome=OpenedBid.Outcome.OPENED,
            price=Decimal(PRICES[name]),
            facts={"amount": PRICES[name], "period_days": 300, **(facts or {})},
            files=[{"part": "technical", "name": file, "sha256": "ab" * 32, "sm3": "cd" * 32, "size": 2048}],
            at=AT + timedelta(minutes=10),
        )

    def guarantee(self, name: str, *, problems: list[str]) -> None:
        held = Guarantee.objects.create(
            trade=self.trade,
            organisation=self.bids[name].bidder,
            evidence=kept(f"保函 {name}"),
            manifest={},
            entry=self.sealed_entry(),
        )
        facts = {"guarantor": MARKUP, "valid_from": "2026-03-01", "valid_until": "2026-08-01"}
        OpenedGuarantee.objects.create(
            guarantee=held, facts=facts, amount=Decimal(200000), problems=problems, keys=kept("密钥")
        )

    def objection(self, text: str, *, media_type: str = "text/plain", answer: str = "") -> None:
        Objection.objects.create(
            trade=self.trade,
            kind=Objection.Kind.OPENING,
            number=1 + self.trade.objections.count(),
            organisation=self.bids["甲"].bidder,
            evidence=kept(text, media_type),
            raised_at=AT,
            answer=kept(answer) if answer else None,
            answered_at=AT if answer else None,
        )

    def committee(self) -> None:
        for seat, name in enumerate(SECRET_NAMES, start=1):
            Member.objects.create(
                trade=self.trade,
                seat=seat,
                person=Person.objects.create(name=name),
                kind=Member.Kind.EXPERT if seat < 5 else Member.Kind.REPRESENTATIVE,
                signed_in_at=AT + timedelta(days=1),
                chairs=seat == 1,
            )

    def review(self, *, failing: str = "") -> None:
        for member in self.trade.members.all():
            for name, bid in self.bids.items():
                against = name == failing and member.seat != 5
                if hasattr(bid, "opened"):
                    Opinion.objects.create(
                        member=member, bid=bid, step="formal", passes=not against, reason=MARKUP if against else ""
                    )
        if failing:
            Rejection.objects.create(bid=self.bids[failing], ground="unsigned", reason=f"投标函未签章{MARKUP}")
        Clarification.objects.create(
            bid=self.bids["甲"], number=1, question=kept("请说明台数"), answer=kept(f"两台{MARKUP}")
        )

    def score(self, *names: str) -> None:
        """Every member gives bid after bid one point less than its full mark, seat by seat a quarter less."""
        items = {**TECHNICAL_ITEMS, **BUSINESS_ITEMS}
        for place, name in enumerate(names):
            BlindCode.objects.create(trade=self.trade, bid=self.bids[name], code=f"CODE{place}")
            for member in self.trade.members.all():
                for item, most in items.items():
                    value = Decimal(most) - place - Decimal(member.seat) / 4
                    Score.objects.create(member=member, bid=self.bids[name], item=item, value=value)

    def compute(self, *names: str, tie: dict[str, Any] | None = None) -> None:
        description, inputs = terms_of(self.trade).scoring, self.inputs(*names)
        result = evaluate(description=description, inputs=inputs)
        content = canonical({"description": description.to_json(), "inputs": inputs, "result": result.to_json()})
        file = evidence.keep(content, media_type="application/json")
        self.entry("compute_results", file, concealed=json.dumps({"tie": tie} if tie else {}))
        order = [bid for place in result.ranking for bid in place.bids]
        for rank, digest in enumerate(order, start=1):
            bid = next(one for one in self.bids.values() if one.evidence_id == digest)
            total = result.values[description.ranking.total][digest]
            Candidate.objects.create(trade=self.trade, bid=bid, rank=rank, total=total, recommended=rank <= 2)

    def inputs(self, *names: str) -> dict[str, Any]:
        found: dict[str, Any] = {"price": {self.bids[name].evidence_id: PRICES[name] for name in names}}
        for parameter in terms_of(self.trade).parameters:
            found[parameter.name] = parameter.options[0]
        for item in terms_of(self.trade).items:
            for score in Score.objects.filter(item=item.id):
                seats = found.setdefault(item.of, {}).setdefault(score.bid.evidence_id, {})
                seats.setdefault(f"seat-{score.member.seat}", {})[item.id] = f"{score.value:f}"
        return found

    def entry(self, act: str, *files: Evidence, concealed: str = "") -> Entry:
        payload = {"files": [{"name": "文件", "sha256": one.sha256} for one in files]}
        return Entry.objects.create(
            stream=self.trade.stream,
            sequence=1 + Entry.objects.count(),
            act=act,
            at=AT + timedelta(days=1),
            payload=json.dumps(payload),
            leaf_hash="",
            concealed=concealed,
        )

    def award(self, name: str) -> None:
        Award.objects.create(trade=self.trade, bid=self.bids[name], at=AT + timedelta(days=7), notified_at=None)
        self.entry("issue_award_notice", kept("中标通知书正文"))


def announced_trade() -> Rows:
    """A trade whose bids were announced: 甲, 乙 and 丁 opened, 丙 lost its key, one replaced and one withdrawn."""
    rows = Rows(trade=_trade(), bids={})
    first = rows.bid("甲")
    rows.bids = {"甲": rows.bid("甲", replaces=first, bidder=first.bidder)}
    rows.bids |= {name: rows.bid(name) for name in ("乙", "丙", "丁")}
    Withdrawal.objects.create(bid=rows.bid("戊"), entry=rows.sealed_entry())
    rows.open("甲", facts={"manager": f"张某{UNSEEN}", "manager_certificate": "示例0001", "quality": "合格"})
    rows.open("乙", facts={"manager": MARKUP, "extra": MARKUP, "list": ["x" * 400]}, file=f"{MARKUP}.pdf")
    rows.open("丁")
    lost = {"outcome": OpenedBid.Outcome.REVOKED, "reason": f"私钥遗失{MARKUP}", "at": AT + timedelta(minutes=40)}
    OpenedBid.objects.create(bid=rows.bids["丙"], **lost)
    rows.guarantee("甲", problems=[])
    rows.guarantee("乙", problems=[f"金额不足{MARKUP}"])
    SignIn.objects.create(trade=rows.trade, organisation=rows.bids["甲"].bidder, at=AT - timedelta(minutes=30))
    rows.objection(f"对唱标有异议\r\n{MARKUP}{UNSEEN}", answer="当场答复：报价以系统记录为准")
    return rows


def evaluated_trade() -> Rows:
    """The same trade evaluated: 丁 rejected, 甲 before 乙."""
    rows = announced_trade()
    rows.committee()
    rows.review(failing="丁")
    rows.score("甲", "乙")
    rows.compute("甲", "乙")
    return rows


def _trade() -> Trade:
    named = {"name": "示例市公共资源交易中心", "code": "1", "region": REGION}
    centre = Centre.objects.create(stream="centre", stage="open", **named)
    people = Rows(trade=Trade(), bids={})
    people.made = 90
    tender = Tender.objects.create(
        project_code="E9901002603020001",
        code="E9901002603020001001",
        title=f"示例市第九中学{MARKUP}",
        category="A01",
        region=REGION,
        tenderer=people.organisation("示例市城市建设投资有限公司"),
        agency=people.organisation("示例招标代理有限公司"),
        supervisor=people.organisation("示例市住房和城乡建设局"),
        state_controlled=True,
        registered_at=AT,
    )
    day = date(2026, 3, 2)
    trade = Trade.objects.create(
        stream="A01-1-20260302-000001-X",
        stage="announced",
        tender=tender,
        centre=centre,
        lot_code="E9901002603020001001001",
        title="施工一标段",
        works_kind="construction",
        estimate=Decimal(12600000),
        limit_price=Decimal("12000000.10"),
        legal_date=day,
        law=evidence.keep(canonical(law_on(date=day, region=REGION).to_json()), media_type="application/json"),
        bid_deadline=AT,
        decryption_until=AT + timedelta(minutes=30),
    )
    TenderDocument.objects.create(
        trade=trade, version=1, evidence=kept("招标文件"), terms=terms(), issued_at=AT, deadline=AT
    )
    for parameter in terms_of(trade).parameters:
        draw = draws.open_draw(stream=trade.stream, kind=draws.PARAMETER, members=parameter.options, parties=["centre"])
        draw.seed = "ab" * 32
        draw.save()
    return trade
