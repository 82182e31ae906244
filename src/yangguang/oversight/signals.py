"""风险信号: what trades, draws, agencies and clues say about integrity risks, read live and stored nowhere.

A signal never names a person: refused attempts are counted by act and side, refusals in a draw by trade. Each is a
suggestion on the risk points of its step; a person accepts or explains it (`acts.answer_signal`).
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.db.models.functions import TruncMonth

from yangguang.experts.models import Reply
from yangguang.ledger.models import Record, State, Unit
from yangguang.rules.calendar import LEGAL_ZONE, start_of_day
from yangguang.trading.models import Trade
from yangguang.trading.stages import OPEN_WORKS, WITNESSING, Stage
from yangguang.witness.acts import DENIED
from yangguang.witness.models import Entry, SecurityEvent

OTHER = "其他"
STEP_OF_STAGE = {
    Stage.REGISTERED: "受理登记", Stage.REVIEWED: "交易文件", Stage.BIDDING: "投标", Stage.CLOSED: "开标",
    Stage.LISTED: "开标", Stage.DECRYPTING: "开标", Stage.DECRYPTED: "开标", Stage.ANNOUNCED: "开标",
    Stage.OPENED: "专家抽取", Stage.DRAWN: "评标", Stage.SEATED: "评标", Stage.REVIEWING: "评标",
    Stage.SCORING: "评标", Stage.PRICING: "评标", Stage.RANKED: "评标", Stage.REPORTING: "评标",
    Stage.EVALUATED: "定标公示", Stage.PUBLICITY: "定标公示", Stage.AWARDED: "定标公示", Stage.NOTIFIED: "合同",
    Stage.CONTRACTED: "合同", Stage.ARCHIVED: "档案",
}  # fmt: skip
STEP_OF_ACT = {
    "publish_notice": "公告发布",
    **dict.fromkeys(("record_guarantee", "refund_guarantee", "forfeit_guarantee"), "保证金"),
    **dict.fromkeys(WITNESSING, "见证服务"),
}  # fmt: skip
OBJECTIONS = {"object_to_document": "交易文件", "object_at_opening": "开标", "object_to_result": "定标公示"}
REPEATED = 2  # 重复: the second sheet of an agency in a year is the first that repeats
SOURCES: list[Callable[["Span"], Iterator["Signal"]]] = []


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """信号: what was noticed, on which step, and where it can be looked up: an entry of the log, or a record."""

    key: str
    source: str
    step: str
    text: str
    at: datetime
    count: int = 1
    stream: str = ""
    sequence: int = 0
    record: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Whose signals are asked for, from when until when."""

    unit: Unit
    first: datetime
    last: datetime

    @property
    def centre(self) -> str:
        """The code of the unit's centre; without one there are no trades."""
        return self.unit.organisation.code if self.unit.organisation is not None else ""

    def entries(self, *acts: str) -> QuerySet[Entry]:
        """The log entries of these acts in the centre's trades."""
        trades = Trade.objects.filter(centre__code=self.centre)
        found = Entry.objects.filter(stream__in=trades.values("stream"), act__in=acts)
        return found.filter(at__gte=self.first, at__lte=self.last).order_by("at", "pk")

    def records(self, register: str) -> QuerySet[Record]:
        """The standing records of a register in this unit and below."""
        standing = Record.objects.filter(unit__path__startswith=self.unit.path, register=register)
        return standing.exclude(state=State.CANCELLED).filter(entered_at__gte=self.first, entered_at__lte=self.last)


def signals_of(unit: Unit, *, at: datetime) -> list[Signal]:
    """Every signal since the unit began to keep records, oldest first, answered or not; some queries a source."""
    span = Span(unit=unit, first=start_of_day(unit.opened_on), last=at)
    return sorted((one for source in SOURCES for one in source(span)), key=lambda one: (one.at, one.key))


def _source(read: Callable[[Span], Iterator[Signal]]) -> Callable[[Span], Iterator[Signal]]:
    SOURCES.append(read)
    return read


@_source
def _anomalies(span: Span) -> Iterator[Signal]:
    """异常: what a witness saw at a stage."""
    for entry in span.entries("register_anomaly"):
        stage = json.loads(entry.payload)["from"]
        yield _by_entry(entry, "见证异常", STEP_OF_STAGE.get(stage, OTHER), f"{Stage(stage).label}阶段登记一条异常")


@_source
def _objections(span: Span) -> Iterator[Signal]:
    """异议."""
    for entry in span.entries(*OBJECTIONS):
        step = OBJECTIONS[entry.act]
        yield _by_entry(entry, "异议", step, f"收到一件{step}环节的异议")


@_source
def _complaints(span: Span) -> Iterator[Signal]:
    """投诉: those that came by telephone, letter or visit."""
    for complaint in span.records("trade_complaint").order_by("entered_at", "pk"):
        yield _by_record(complaint, "投诉", f"{complaint.kind}收到一件投诉")


@_source
def _refused_draws(span: Span) -> Iterator[Signal]:
    """抽取中的拒绝: one signal a trade, with how many refused; it comes again when another one refuses."""
    refused: dict[str, list[Entry]] = defaultdict(list)
    for entry in span.entries("record_expert_reply"):
        if json.loads(entry.payload)["data"].get("reply") == Reply.Kind.REFUSED:
            refused[entry.stream].append(entry)
    for entries in refused.values():
        text = f"抽取评标专家时有{len(entries)}人次表示不能参加"
        yield _by_entry(entries[-1], "专家抽取", "专家抽取", text, count=len(entries))


@_source
def _attempts(span: Span) -> Iterator[Signal]:
    """越权尝试: attempts that were refused for want of power, counted by month, act and side, never by person.

    Until its deadline a trade's attempts are told to nobody: they would tell that somebody prepares to bid.
    """
    trades = Trade.objects.filter(centre__code=span.centre, bid_deadline__lte=span.last)
    events = SecurityEvent.objects.filter(stream__in=trades.values("stream"), at__gte=span.first, at__lte=span.last)
    groups: dict[tuple[datetime, str, str], list[datetime]] = defaultdict(list)
    rows = events.annotate(month=TruncMonth("at", tzinfo=LEGAL_ZONE)).order_by("at")
    for month, act, organisation, codes, at in rows.values_list("month", "act", "organisation", "codes", "at"):
        if DENIED.code in codes:
            groups[month, act, "中心岗位" if organisation == span.centre else "外部"].append(at)
    for (month, act, side), moments in groups.items():
        yield Signal(
            key=f"attempt:{month:%Y-%m}:{act}:{side}:{len(moments)}", source="越权尝试", step=step_of_act(act),
            text=f"{month:%Y年%m月}{side}有{len(moments)}次越权办理被拒绝", at=moments[-1], count=len(moments),
        )  # fmt: skip


@_source
def _agencies(span: Span) -> Iterator[Signal]:
    """代理机构重复违规: the second and every further sheet of an agency in a year."""
    sheets: dict[tuple[str, int], list[Record]] = defaultdict(list)
    for sheet in span.records("agency_sheet").order_by("entered_at", "pk"):
        sheets[str(sheet.fields.get("agency")), sheet.day.year].append(sheet)
    for of_one in sheets.values():
        for times, sheet in enumerate(of_one, start=1):
            if times >= REPEATED:
                yield _by_record(sheet, "代理机构", f"同一代理机构本年第{times}次违规", count=times)


@_source
def _clues(span: Span) -> Iterator[Signal]:
    """问题线索: that there is one, and on which step."""
    for clue in span.records("clue").order_by("entered_at", "pk"):
        yield _by_record(clue, "问题线索", f"登记一条{clue.kind}线索")


def step_of_act(act: str) -> str:
    """The step of work to which an act belongs: that of the stage in which it may be done first."""
    first = next((stage for stage, name in OPEN_WORKS if name == act), "")
    return STEP_OF_ACT.get(act) or (STEP_OF_STAGE.get(Stage(first), OTHER) if first else OTHER)


def _by_entry(entry: Entry, source: str, step: str, text: str, *, count: int = 1) -> Signal:
    return Signal(
        key=f"{entry.act}:{entry.stream}:{entry.sequence}", source=source, step=step, text=text, at=entry.at,
        count=count, stream=entry.stream, sequence=entry.sequence,
    )  # fmt: skip


def _by_record(record: Record, source: str, text: str, *, count: int = 1) -> Signal:
    return Signal(
        key=f"{record.register}:{record.pk}", source=source, step=str(record.fields.get("step", OTHER)), text=text,
        at=record.entered_at, count=count, record=record.pk,
    )  # fmt: skip
