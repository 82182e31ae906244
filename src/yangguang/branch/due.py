"""支部待办: what a branch worker should know today, each with its day, its reason and the register to open.

Quiet by default: what is over and missing, what ends within a month; nothing is said of what is in order. The list
names no sums, and nobody's talk or grade.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from yangguang.branch.cadence import standings
from yangguang.branch.development import cases
from yangguang.branch.dues import unpaid
from yangguang.branch.hours import coverage
from yangguang.branch.letters import sent_registers
from yangguang.branch.pairs import matrix
from yangguang.branch.terms import Standing, terms
from yangguang.ledger.catalogue import register_named
from yangguang.ledger.law import law_for
from yangguang.ledger.models import Record, State, Unit
from yangguang.ledger.remembering import remembering
from yangguang.rules.calendar import ONE_DAY, add_months
from yangguang.rules.party.cadence import Period, names_of
from yangguang.rules.party.dues import month_of, note_on_lapse

AHEAD = timedelta(days=31)
FEW = 3
LAST_QUARTER = 10  # the month from which gaps of the year are said


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """一条待办: due on `day`, for a unit; what, why (the article), which register to open and for which kind.

    `is_over` says that the day has passed without it; `record` is the record to open where there is one already.
    """

    day: date
    unit: Unit
    what: str
    why: str
    register: str
    kind: str = ""
    record: int | None = None
    is_over: bool = False


def reminders(unit: Unit, *, at: date) -> list[Reminder]:
    """Everything of party life that is missing, running out or late on the day `at`, in the order of days.

    The number of queries does not depend on how much there is.
    """
    with remembering():
        found = [
            *_of_cadences(unit, at=at), *_of_rolls(unit, at=at), *_of_terms(unit, at=at), *_of_dues(unit, at=at),
            *_of_development(unit, at=at), *_of_the_year(unit, at=at),
        ]  # fmt: skip
    return sorted(found, key=lambda one: (one.day, one.register, one.what))


def _of_cadences(unit: Unit, *, at: date) -> Iterator[Reminder]:
    for one in standings(unit, year=at.year, at=at):
        kind, why = "" if one.key.startswith("#") else one.key, one.rule.citation
        if one.missing:
            asked = f"{one.name}{one.rule.rank.lead}{one.rule.amount_text}"
            what = f"{asked}，{_named(one.missing)}没有记录：开展了的请补录"
            day = one.missing[-1].last
            yield Reminder(day=day, unit=unit, what=what, why=why, register=one.register.id, kind=kind, is_over=True)
        for period in one.open:
            if period.last <= at + AHEAD:
                what = f"{period.name}{one.name}还差{period.lacking}次"
                yield Reminder(day=period.last, unit=unit, what=what, why=why, register=one.register.id, kind=kind)


def _named(periods: tuple[Period, ...]) -> str:
    """The latest few by name; of many, how many there are."""
    if len(periods) <= FEW:
        return names_of(periods)
    return f"{names_of(periods[-FEW:])}等{len(periods)}期"


def _of_rolls(unit: Unit, *, at: date) -> Iterator[Reminder]:
    """What was planned and whose day has come: it is held by its roll, or cancelled. Drafts are no events."""
    planned = Record.objects.filter(unit__path__startswith=unit.path, state=State.PLANNED, day__lte=at)
    rows = planned.exclude(register__in=sent_registers())
    for row in rows.select_related("unit").order_by("day", "pk"):
        register = register_named(row.register)
        name = register.name if register else row.register
        yield Reminder(
            day=row.day, unit=row.unit, what=f"“{row.title}”（{name}）还没有点名；没有举行的请取消",
            why="平台规则：点名后才计入", register=row.register, kind=row.kind, record=row.pk, is_over=row.day < at,
        )  # fmt: skip


def _of_terms(unit: Unit, *, at: date) -> Iterator[Reminder]:
    law = law_for(unit, on=at)
    for row in terms(unit, on=at):
        if row.term is None or row.standing is Standing.RUNNING:
            continue
        what = f"{row.unit.name}任期至{row.term.ends_on}，{row.standing}"
        yield Reminder(
            day=row.term.ends_on, unit=row.unit, what=what, why=law.rule("party.term.reminder").citation,
            register="election", kind="换届选举", is_over=row.standing is Standing.OVER,
        )  # fmt: skip


def _of_dues(unit: Unit, *, at: date) -> Iterator[Reminder]:
    """The collection of the month, how many are behind (no name, no sum), and six months without dues."""
    if unit.kind != Unit.Kind.BRANCH:
        return
    law, month = law_for(unit, on=at), month_of(at)
    held = Record.objects.filter(unit__path__startswith=unit.path, register="dues_collection", kind="月度收缴")
    if not held.filter(fields__month=month.isoformat(), state=State.DONE).exists():
        day, why = add_months(start=month, count=1) - ONE_DAY, law.rule("party.dues.arrears").citation
        what = f"{month.month}月党费还没有登记收缴"
        yield Reminder(day=day, unit=unit, what=what, why=why, register="dues_collection", kind="月度收缴")
    behind = unpaid(unit, on=at)
    if behind:
        first = min(month for one in behind for month in one.months)
        yield Reminder(
            day=add_months(start=first, count=1) - ONE_DAY, unit=unit, register="dues_collection", kind="补交",
            what=f"{len(behind)}名党员有党费没有交，最早的是{first.year}年{first.month}月",
            why=law.rule("party.dues.arrears").citation, is_over=True,
        )  # fmt: skip
    lapsed = [note for one in behind for note in note_on_lapse(law=law, unpaid=one.months)]
    if lapsed:
        what = f"{len(lapsed)}名党员连续6个月没有交党费，{lapsed[0].remedy}"
        yield Reminder(
            day=at, unit=unit, what=what, why=lapsed[0].article, register="dues_collection", kind="补交", is_over=True
        )


def _of_development(unit: Unit, *, at: date) -> Iterator[Reminder]:
    for row in cases(unit, on=at):
        step = row.outlook
        if step is None or step.latest is None or step.latest > at + AHEAD:
            continue
        what = f"{row.record.title}：下一步“{step.step.what}”应不迟于{step.latest}"
        yield Reminder(
            day=step.latest, unit=row.record.unit, what=what, why=step.step.citation, register="development_step",
            record=row.record.pk, is_over=bool(row.late),
        )  # fmt: skip


def _of_the_year(unit: Unit, *, at: date) -> Iterator[Reminder]:
    """In the last quarter: pairings without a talk, members short of hours; how many, and the page says who."""
    if at.month < LAST_QUARTER or unit.kind != Unit.Kind.BRANCH:
        return
    law, end = law_for(unit, on=at), date(at.year, 12, 31)
    gaps = sum(len(one.gaps) for one in matrix(unit, year=at.year, on=at).coverage)
    if gaps:
        why = law.rule("party.cadence.talk").citation
        yield Reminder(
            day=end, unit=unit, what=f"今年谈心谈话还差{gaps}对（人）", why=why, register="talk", kind="谈心谈话"
        )
    short = len(coverage(unit, first=date(at.year, 1, 1), last=at).short)
    if short:
        why = law.rule("party.hours.member").citation
        yield Reminder(day=end, unit=unit, what=f"{short}名党员今年学时不足", why=why, register="training")
