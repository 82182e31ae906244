"""风险图: the powers of a unit, their risk points with grades, measures and signals, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from yangguang.ledger.models import Link, Record, State, Unit
from yangguang.oversight.signals import Signal, signals_of
from yangguang.rules.calendar import legal_date

GRADES = ("高", "中", "低")
# 分级负责: who answers for a grade (本单位规定; a house that divides otherwise says so in the risk's owner).
OWNER_LEVELS = {"高": "主要负责人", "中": "分管负责人", "低": "科室负责人"}
LIVE = (State.OPEN, State.DONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """A risk point as the map shows it. `proposed` is the grade that accepted signals ask for, or empty."""

    record: Record
    grade: str
    owner_level: str
    measures: tuple[Record, ...]
    overdue: tuple[Record, ...]
    signals: tuple[Signal, ...]
    accepted: int
    proposed: str

    @property
    def lacks_measure(self) -> bool:
        """每个风险点至少一条防控措施."""
        return not self.measures


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskMap:
    """The map: risks by power (None for those without), how many of each grade, signals on steps without a risk."""

    powers: tuple[tuple[Record | None, tuple[Risk, ...]], ...]
    by_grade: Mapping[str, int]
    measures: int
    homeless: tuple[Signal, ...]

    @property
    def risks(self) -> tuple[Risk, ...]:
        """Every risk, in the order of the map."""
        return tuple(risk for _, risks in self.powers for risk in risks)

    @property
    def lacking(self) -> tuple[Risk, ...]:
        """The risks without a measure."""
        return tuple(risk for risk in self.risks if risk.lacks_measure)


def risk_map(unit: Unit, *, at: datetime) -> RiskMap:
    """The standing risks of a unit and those below it, on the day of `at`; closed ones stand no more."""
    day = legal_date(at)
    rows = _standing(unit, "risk").filter(state=State.OPEN).select_related("owner", "parent", "unit")
    risks = list(rows.order_by("pk"))
    measures: dict[int | None, list[Record]] = defaultdict(list)
    for measure in _standing(unit, "measure").filter(state__in=LIVE).select_related("owner").order_by("pk"):
        measures[measure.parent_id].append(measure)
    waiting = unanswered_signals(unit, at=at)
    accepted = _accepted(unit)
    shown = [_risk(one, measures[one.pk], waiting, accepted.get(one.pk, ()), day=day) for one in risks]
    steps = {one.record.fields.get("step") for one in shown}
    return RiskMap(
        powers=_by_power(unit, shown),
        by_grade={grade: sum(1 for one in shown if one.grade == grade) for grade in GRADES},
        measures=sum(len(one.measures) for one in shown),
        homeless=tuple(one for one in waiting if one.step not in steps),
    )


def unanswered_signals(unit: Unit, *, at: datetime) -> list[Signal]:
    """The signals that nobody accepted or explained yet; each is due as soon as it is there (待办)."""
    answers = _standing(unit, "risk_signal").exclude(state=State.CANCELLED)
    answered = {fields.get("signal") for fields in answers.values_list("fields", flat=True)}
    return [one for one in signals_of(unit, at=at) if one.key not in answered]


def higher(grade: str) -> str:
    """The grade above, or the highest."""
    return GRADES[max(GRADES.index(grade) - 1, 0)]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundResult:
    """排查结果: what changed from one round to the next; derived, never typed."""

    added: tuple[Record, ...]
    regraded: tuple[Record, ...]
    closed: tuple[Record, ...]


def round_result(record: Record) -> RoundResult:
    """What the round of risk review `record` brought since the one before it (or since the beginning)."""
    rounds = Record.objects.filter(unit=record.unit, register="risk_round", state=State.DONE, day__lt=record.day)
    before = rounds.order_by("-day").values_list("day", flat=True).first() or date.min
    risks = _standing(record.unit, "risk").exclude(state=State.CANCELLED).order_by("pk")
    until = {"lte": record.day, "gt": before}
    added = risks.filter(**{f"day__{name}": day for name, day in until.items()})
    closed = risks.filter(**{f"closed_on__{name}": day for name, day in until.items()})
    changed = [one for one in risks.prefetch_related("revisions") if _regraded(one, before, record.day)]
    return RoundResult(added=tuple(added), regraded=tuple(changed), closed=tuple(closed))


def _regraded(risk: Record, after: date, until: date) -> bool:
    """Whether a correction within these days changed the grade."""
    history = sorted(risk.revisions.all(), key=lambda one: one.pk)
    grades = [one.before["fields"].get("grade") for one in history] + [risk.fields.get("grade")]
    return any(
        after < legal_date(one.at) <= until and grades[place] != grades[place + 1] for place, one in enumerate(history)
    )


def _standing(unit: Unit, register: str) -> QuerySet[Record]:
    return Record.objects.filter(unit__path__startswith=unit.path, register=register)


def _accepted(unit: Unit) -> Mapping[int | None, list[Record]]:
    found: dict[int | None, list[Record]] = defaultdict(list)
    for one in _standing(unit, "risk_signal").filter(kind="采纳").exclude(state=State.CANCELLED).order_by("pk"):
        found[one.parent_id].append(one)
    return found


def _risk(
    record: Record, measures: Sequence[Record], waiting: Sequence[Signal], accepted: Sequence[Record], *, day: date
) -> Risk:
    grade = str(record.fields.get("grade", "低"))
    entry = record.entry  # a correction writes a new entry: what was accepted before it has been weighed
    fresh = [one for one in accepted if one.entry > entry]
    late = (one for one in measures if one.state == State.OPEN and one.due_on is not None and one.due_on < day)
    return Risk(
        record=record, grade=grade, owner_level=OWNER_LEVELS[grade], measures=tuple(measures), overdue=tuple(late),
        signals=tuple(one for one in waiting if one.step == record.fields.get("step")), accepted=len(accepted),
        proposed=higher(grade) if fresh and grade != GRADES[0] else "",
    )  # fmt: skip


def _by_power(unit: Unit, risks: Sequence[Risk]) -> tuple[tuple[Record | None, tuple[Risk, ...]], ...]:
    grouped: dict[int | None, list[Risk]] = defaultdict(list)
    for risk in risks:
        grouped[risk.record.parent_id].append(risk)
    powers = list(_standing(unit, "power").exclude(state=State.CANCELLED).order_by("pk"))
    rows: list[tuple[Record | None, tuple[Risk, ...]]] = [(power, tuple(grouped[power.pk])) for power in powers]
    known = {power.pk for power in powers}
    loose = tuple(risk for risk in risks if risk.record.parent_id not in known)
    return (*rows, (None, loose)) if loose else tuple(rows)


def linked_entries(record: Record) -> list[tuple[str, int]]:
    """The log entries to which the answer of a signal leads."""
    return list(Link.objects.filter(record=record).exclude(stream="").values_list("stream", "sequence"))
