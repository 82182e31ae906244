"""What several papers read and how they name it: the trade's identity, the bids in their order, kept texts."""

import json
from dataclasses import dataclass
from typing import Any

from yangguang.parties.models import Organisation
from yangguang.rules.checks.money import SubjectKind
from yangguang.trading.models import Bid, Objection, OpenedBid, Rejection, Trade
from yangguang.trading.models.bids import standing_bids
from yangguang.trading.papers.rendering import Fact
from yangguang.trading.papers.words import NONE, moment, money_in_full, shortened
from yangguang.trading.readings import rejected_bids
from yangguang.witness import evidence
from yangguang.witness.models import Entry, Evidence

LONGEST_TEXT = 64 * 1024
KINDS = {
    SubjectKind.CONSTRUCTION: "工程施工",
    SubjectKind.GOODS: "与工程建设有关的货物",
    SubjectKind.SURVEY_DESIGN: "勘察、设计",
    SubjectKind.SERVICES: "监理等服务",
}
PERIOD, MANAGER, CERTIFICATE, QUALITY = "period_days", "manager", "manager_certificate", "quality"
STATED = {"amount", PERIOD, MANAGER, CERTIFICATE, QUALITY}


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A bid by its number in the opening record; tables and the computation name it by its `label`."""

    number: int
    label: str
    bid: Bid
    opened: OpenedBid | None
    rejection: Rejection | None = None

    @property
    def bidder(self) -> str:
        """The bidder's name."""
        return self.bid.bidder.name

    def fact(self, name: str) -> str:
        """What the price part states under this name, or a dash."""
        found = self.opened.facts.get(name) if self.opened else None
        return NONE if found in (None, "") else shortened(found)

    @property
    def period(self) -> str:
        """工期."""
        found = self.fact(PERIOD)
        return found if found == NONE else f"{found} 日历天"

    @property
    def others(self) -> str:
        """Everything else that the price part states."""
        facts: dict[str, Any] = self.opened.facts if self.opened else {}
        return shortened({name: value for name, value in facts.items() if name not in STATED}) or NONE


def listed_bids(trade: Trade) -> list[Listed]:
    """The bids of the opening, numbered in the order of their submission."""
    bids = list(standing_bids(trade).select_related("opened", "entry", "rejection"))
    digits = len(str(len(bids)))  # as many in every label, so that labels sort like numbers
    rejected = rejected_bids(trade)
    return [
        Listed(
            number=number,
            label=f"投标{number:0{digits}d}",
            bid=bid,
            opened=getattr(bid, "opened", None),
            rejection=bid.rejection if bid.pk in rejected else None,
        )
        for number, bid in enumerate(bids, start=1)
    ]


def identity(trade: Trade) -> tuple[Fact, ...]:
    """The codes and names that every paper begins with."""
    tender = trade.tender
    return (
        Fact("招标项目", f"{tender.title}（{tender.code}）"),
        Fact("项目编号", tender.project_code),
        Fact("标段", f"{trade.title}（{trade.lot_code}）"),
        Fact("统一交易标识码", trade.stream),
        Fact("类别", f"{KINDS[SubjectKind(trade.works_kind)]}（交易分类代码 {tender.category}）"),
        Fact("招标方式", "公开招标"),
        Fact("招标人", named(tender.tenderer)),
        Fact("招标代理机构", agency_of(trade)),
    )


def named(organisation: Organisation) -> str:
    """Name and code of an organisation."""
    return f"{organisation.name}（{organisation.code}）"


def agency_of(trade: Trade) -> str:
    """The agency, or that the tenderer acts alone."""
    return named(trade.tender.agency) if trade.tender.agency else "无（招标人自行招标）"


def limit_of(trade: Trade) -> str:
    """最高投标限价 in figures and words."""
    return "未设" if trade.limit_price is None else money_in_full(trade.limit_price)


def file_digests(entry: Entry) -> list[str]:
    """The SHA-256 digests of the files that an entry names, in its order."""
    return [file["sha256"] for file in json.loads(entry.payload)["files"]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """A kept file as a paper quotes it: its digest, and its text when it is plain text of moderate length."""

    digest: str
    text: str


def writing(kept: Evidence | None) -> Writing | None:
    """How to quote a kept file; None without one."""
    if kept is None:
        return None
    if kept.media_type != "text/plain" or kept.size > LONGEST_TEXT:
        return Writing(digest=kept.sha256, text="")
    return Writing(digest=kept.sha256, text=evidence.read(kept.sha256).decode("utf-8", errors="replace").strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A question or objection with its answer."""

    title: str
    said: Writing | None
    answered: str
    answer: Writing | None


def objections(trade: Trade, *, kind: str) -> tuple[Exchange, ...]:
    """The objections of a kind with their answers, in the order of their numbers."""
    found = Objection.objects.filter(trade=trade, kind=kind).select_related("organisation", "evidence", "answer")
    return tuple(
        Exchange(
            title=f"第{one.number}号异议　{named(one.organisation)}　{moment(one.raised_at)}",
            said=writing(one.evidence),
            answered=f"答复　{moment(one.answered_at)}",
            answer=writing(one.answer),
        )
        for one in found
    )
