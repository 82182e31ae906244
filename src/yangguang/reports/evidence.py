"""Checks of the evidence behind a figure (佐证检查): each names the records and what to do, in one query or two."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet

from yangguang.ledger.catalogue import Register, catalogue, register_named
from yangguang.ledger.models import Attachment, Attendance, Record, Signature, State, Unit
from yangguang.reports.computing import ROWS, Asked
from yangguang.reports.concerns import Concern, block, warn
from yangguang.reports.counting import narrow, records_of, told
from yangguang.reports.dictionary import Metric
from yangguang.reports.figures import Figure
from yangguang.reports.naming import MOST_NAMED, NEEDED, names_of
from yangguang.reports.spans import Span
from yangguang.rules.calendar import LEGAL_ZONE
from yangguang.rules.law import law_on

MINUTES = ("decisions", "minutes", "summary", "content", "result")
MANY_LATE = 3
ONE_DAY = timedelta(days=1)
LENGTHS = {"monthly": 1, "quarterly": 3, "half_yearly": 6, "yearly": 12}
HOUSE = "本单位规定"
SHORT = "请核对是否漏登；确实没有开展的在存在问题中如实写明，不得补造。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What a check looks at: a metric as narrowed by its slot, its figure, and the records that count."""

    metric: Metric
    figure: Figure
    unit: Unit
    span: Span
    as_of: date
    asked: Asked

    @property
    def rows(self) -> QuerySet[Record]:
        """The records that count."""
        if self.metric.way == "python":
            return ROWS[self.metric.of](self.asked)
        return records_of(self.metric, self.asked)

    @property
    def register(self) -> Register:
        """Their register, of a metric that names one."""
        register = register_named(self.metric.register)
        assert register is not None  # noqa: S101 - the dictionary checked it
        return register

    @property
    def registers(self) -> list[Register]:
        """Their registers, all of whose records count: the metric's own, or those that a computed one names."""
        named = [self.metric.register] if self.metric.register else self.metric.where.get("whole", [])
        return [one for one in map(register_named, named) if one is not None]


def check_evidence(*, metric: Metric, figure: Figure, unit: Unit, span: Span, as_of: date) -> list[Concern]:
    """Everything that stands against a figure's records. The number of queries depends on the metric alone."""
    day = min(span.last_day, as_of)
    narrowed = narrow(metric, told(dict(figure.filters), unit=unit, day=day))
    asked = Asked(unit=unit, first=span.first_day, last=day, where=narrowed.where)
    looked = Looked(metric=narrowed, figure=figure, unit=unit, span=span, as_of=as_of, asked=asked)
    found = list(_masked(looked))
    if not _is_checked(metric) or not figure.record_ids:
        return found
    for check in (*ALWAYS, *(CHECKS[name] for name in metric.checks)):
        found += check(looked)
    return found


def _is_checked(metric: Metric) -> bool:
    """Whether records of the ledger are behind it: those of its register, or those that a computation tells."""
    return metric.of in ROWS if metric.way == "python" else metric.way not in {"share", "posts"}


def _masked(looked: Looked) -> Iterator[Concern]:
    if looked.figure.is_masked:
        yield block(
            "figure.masked", looked.metric.name, "记录中的数字被遮挡（如****），不能合计",
            "请在台账中补登真实数字；不得估填。",
        )  # fmt: skip


def _outside(looked: Looked) -> Iterator[Concern]:
    """A record that counts by its day but happened, by its times, in other months."""
    first = datetime.combine(looked.span.first_day, time.min, LEGAL_ZONE)
    after = datetime.combine(looked.span.last_day + ONE_DAY, time.min, LEGAL_ZONE)
    wrong = looked.rows.filter(Q(begins__lt=first) | Q(begins__gte=after))
    remedy = "请更正日期或者时间；不属于本期的不计入。"
    yield from _naming(wrong, block("record.outside", looked.metric.name, "记录的时间不在报告期内", remedy))


def _late(looked: Looked) -> Iterator[Concern]:
    late = looked.rows.filter(is_late=True)
    count = late.count()
    if count >= MANY_LATE:
        remedy = "请由责任人核对补录的依据；补录标记和实际录入时间保留。"
        concern = warn("records.late", looked.metric.name, f"有{count}条补录", remedy)
        yield _named(concern, list(late.values_list(*NEEDED)[:MOST_NAMED]), total=count)


def _gaps(looked: Looked) -> Iterator[Concern]:
    names = {one.id: one.name for one in looked.registers}
    rows = Record.objects.filter(register__in=names, unit__path__startswith=looked.unit.path, year=looked.span.year)
    kept = rows.values("unit__name", "register").annotate(highest=Max("number"), kept=Count("pk"))
    for gap in kept.exclude(highest=F("kept")).order_by("unit__name", "register"):
        yield warn(
            "records.gap", looked.metric.name,
            f"{gap['unit__name']}的{names[gap['register']]}{looked.span.year}年编号到{gap['highest']}号，"
            f"只有{gap['kept']}条",
            "请查明缺号的原因；记录只能取消，不能删除。",
        )  # fmt: skip


def _roll(looked: Looked) -> Iterator[Concern]:
    rows = looked.rows if looked.metric.register else looked.rows.filter(_has_roll())
    without = rows.filter(~Exists(Attendance.objects.filter(record=OuterRef("pk"))))
    remedy = "请补登到会情况，系统会注明补录。"
    yield from _naming(without, warn("record.roll", looked.metric.name, "没有到会登记", remedy))


def _has_roll() -> Q:
    """Records of the registers and kinds whose roll is taken, where those of several registers count together."""
    asked = Q(pk__in=())
    for one in catalogue().values():
        some = [kind for kind, who in one.rolls.items() if kind and who]
        none = [kind for kind, who in one.rolls.items() if kind and not who]
        if one.rolls.get(""):
            asked |= Q(register=one.id) & ~Q(kind__in=none)
        elif some:
            asked |= Q(register=one.id, kind__in=some)
    return asked


def _minutes(looked: Looked) -> Iterator[Concern]:
    no_text = Q()
    for key in MINUTES:
        no_text &= Q(**{f"fields__{key}__isnull": True})
    without = looked.rows.filter(no_text, ~Exists(Attachment.objects.filter(record=OuterRef("pk"))))
    remedy = "请由记录人补登决定事项，或者添加会议记录；没有的不得补造。"
    what = "没有会议记录（决定事项或者记录材料）"
    yield from _naming(without, warn("record.minutes", looked.metric.name, what, remedy))


def _signatures(looked: Looked) -> Iterator[Concern]:
    open_ones = Signature.objects.filter(record=OuterRef("pk"), signed_at__isnull=True)
    remedy = "请提醒有关人员签署；未签的不计入已签份数。"
    unsigned = looked.rows.filter(Exists(open_ones))
    yield from _naming(unsigned, warn("record.unsigned", looked.metric.name, "还有人没有签", remedy))


def _overdue(looked: Looked) -> Iterator[Concern]:
    if looked.metric.way == "python":
        still_open = looked.rows.filter(state=State.OPEN)
    else:
        still_open = records_of(replace(looked.metric, state=State.OPEN, date="day"), looked.asked)
    late = still_open.filter(due_on__lt=looked.as_of)
    remedy = "请办结并登记结果，或者说明原因。"
    yield from _naming(late, warn("record.overdue", looked.metric.name, "超过期限没有办结", remedy))


def _naming(rows: QuerySet[Record], concern: Concern) -> Iterator[Concern]:
    """The concern with the first records by name and how many there are; none where there are no records."""
    shown = list(rows.values_list(*NEEDED)[: MOST_NAMED + 1])
    if shown:
        total = len(shown) if len(shown) <= MOST_NAMED else rows.count()
        yield _named(concern, shown, total=total)


def _named(concern: Concern, rows: Sequence[tuple[Any, ...]], *, total: int) -> Concern:
    reason = f"{concern.reason}：{names_of(rows, total=total)}"
    return replace(concern, reason=reason, records=tuple(pk for pk, *_ in rows[:MOST_NAMED]))


def _weekly(looked: Looked) -> Iterator[Concern]:
    """Weeks without one are counted, not listed."""
    days = sorted(set(looked.rows.order_by().values_list("day", flat=True)))
    ends = [looked.asked.first - ONE_DAY, *days, looked.asked.last + ONE_DAY]
    missing = sum(max(0, (later - earlier).days // 7 - 1) for earlier, later in pairwise(ends))
    if missing:
        yield warn(
            "cadence.missing", looked.metric.name, f"约有{missing}周没有开展", "请核对是否漏登；没有开展的如实说明。"
        )


def _cadence(length: int) -> Callable[[Looked], Iterator[Concern]]:
    def check(looked: Looked) -> Iterator[Concern]:
        rows = looked.rows.order_by().values_list("unit", "day__month").distinct()
        held = {(unit, (month - 1) // length) for unit, month in rows}
        parts = _parts(looked, length)
        short = [
            (unit, "、".join(_part_name(part, length) for part in missing))
            for unit in _expected_units(looked)
            if (missing := [part for part in parts if not _was_held(looked, unit, held, part)])
        ]
        yield from (_missing(looked, unit, names) for unit, names in short[:MOST_NAMED])
        if len(short) > MOST_NAMED:
            what = f"另有{len(short) - MOST_NAMED}个单位没有按频次开展{looked.metric.name}（{_source(looked)}）"
            yield warn("cadence.missing", looked.metric.name, what, SHORT)

    return check


def _was_held(looked: Looked, unit: Unit, held: set[tuple[int, int]], part: int) -> bool:
    """By the unit itself; for the unit that reports, by any below it."""
    return (unit.pk, part) in held or (unit.pk == looked.unit.pk and any(one == part for _, one in held))


def _missing(looked: Looked, unit: Unit, names: str) -> Concern:
    whose = "" if unit.pk == looked.unit.pk else f"{unit.name}："
    what = f"{whose}{names}没有{looked.metric.name}（{_source(looked)}）"
    return warn("cadence.missing", looked.metric.name, what, SHORT)


def _expected_units(looked: Looked) -> list[Unit]:
    """The units of the subtree that are asked for it; where nothing says who, or there are none, the unit itself."""
    asked = looked.register.asked_of.get(_key(looked))
    if asked is None:
        return [looked.unit]
    wanted = {label: value for value, label in Unit.Kind.choices}[asked]
    units = Unit.objects.filter(path__startswith=looked.unit.path, kind=wanted, closed_on__isnull=True)
    return list(units.order_by("path")) or [looked.unit]


def _key(looked: Looked) -> str:
    """Under what the register says how often, and of whom: a tag of its own (#从严治党), a kind, or all."""
    tagged = f"#{looked.metric.tag}"
    if tagged in looked.register.cadence:
        return tagged
    return looked.metric.all_kinds[0] if looked.metric.all_kinds else ""


def _parts(looked: Looked, length: int) -> list[int]:
    """The months, quarters or halves that lie wholly in the period and are over."""
    last = looked.asked.last
    over = last.month if (last + ONE_DAY).month != last.month else last.month - 1
    return [
        part
        for part in range(12 // length)
        if part * length + 1 >= looked.span.first and (part + 1) * length <= min(looked.span.last, over)
    ]


def _part_name(part: int, length: int) -> str:
    match length:
        case 1:
            return f"{part + 1}月"
        case 3:
            return f"第{'一二三四'[part]}季度"
        case 6:
            return f"{'上下'[part]}半年"
        case _:
            return "全年"


def _source(looked: Looked) -> str:
    """The article that asks for it, or the house's own rule."""
    cadence = looked.register.cadence
    name = cadence.get(_key(looked), cadence.get("", ""))
    rule = law_on(date=looked.span.last_day).find(name) if name else None
    return rule.citation if rule else HOUSE


Check = Callable[[Looked], Iterator[Concern]]
ALWAYS: tuple[Check, ...] = (_outside, _late, _gaps)
CHECKS: dict[str, Check] = {
    "roll": _roll, "minutes": _minutes, "signatures": _signatures, "overdue": _overdue, "weekly": _weekly,
    **{name: _cadence(length) for name, length in LENGTHS.items()},
}  # fmt: skip
