"""What the month's page says, gathered once: for those who keep records, for each person alone, for inspectors."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Count, QuerySet

from yangguang.branch.appraisal import to_vote
from yangguang.branch.development import CaseRow, cases
from yangguang.branch.dues import MonthRow, own_months
from yangguang.branch.hours import hours_by_person
from yangguang.branch.letters import sent_registers, to_send, to_sign
from yangguang.branch.pairs import talks_of
from yangguang.branch.terms import Standing as TermStanding
from yangguang.branch.terms import TermRow, terms
from yangguang.ledger.acts.closing import may_sign_off
from yangguang.ledger.catalogue import Register
from yangguang.ledger.law import law_for
from yangguang.ledger.models import Record, SignOff, State, Unit
from yangguang.ledger.people import roll_of
from yangguang.ledger.roles import LedgerRole
from yangguang.oversight.reminders import HolidayDue, holiday_dues
from yangguang.oversight.reminders import Standing as HolidayStanding
from yangguang.oversight.risks import unanswered_signals
from yangguang.parties.models import Person
from yangguang.reports.dictionary import dictionary
from yangguang.reports.gathering import register_behind
from yangguang.reports.models import Report
from yangguang.reports.outlines import outline_named
from yangguang.reports.proofreading import Level
from yangguang.reports.spans import read_span
from yangguang.rules.calendar import legal_date
from yangguang.web.party.month.cadences import Cadence, cadences_in
from yangguang.web.party.units import Reach, registers_of
from yangguang.witness.actor import Actor

AHEAD, BEHIND = timedelta(days=14), timedelta(days=31)
MOST = 30
MOST_REPORTS = 3

Reached = list[tuple[Register, Reach]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """我的: one person's own hours, dues and talks; nobody else sees them here."""

    hours: Decimal
    unknown: int
    needed: Decimal
    dues: list[MonthRow]
    talks: list[tuple[date, str]]

    @property
    def lacking(self) -> Decimal:
        """How many hours are still needed."""
        return max(self.needed - self.hours, Decimal(0))

    @property
    def unpaid(self) -> list[MonthRow]:
        """The months that are not paid yet."""
        return [one for one in self.dues if not one.is_paid and one.due is not None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """监督所见: signals without an answer, what was signed off this year, how many sealed records there are.

    `signs_off` are the registers whose zero a report may only print after whoever asks signed them off.
    """

    signals: int
    signed_off: list[tuple[str, SignOff]]
    sealed: list[tuple[Register, int]]
    signs_off: list[Register]


@dataclass(frozen=True, slots=True, kw_only=True)
class NextReport:
    """一份没有印发的报告: what it is, and how much still stands against it."""

    report: Report
    name: str
    blocks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """The first of some records, and how many there are; false where there are none."""

    shown: list[Record] = field(default_factory=list)
    count: int = 0

    def __len__(self) -> int:
        return self.count

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.count - len(self.shown)


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """本月. What does not concern whoever asks is empty."""

    today: date
    to_sign: list[Record]
    to_vote: list[Record]
    planned: Rows
    unheld: Rows = field(default_factory=Rows)
    to_send: list[Record] = field(default_factory=list)
    cadences: list[Cadence] = field(default_factory=list)
    overdue: Rows = field(default_factory=Rows)
    due: Rows = field(default_factory=Rows)
    holidays: list[HolidayDue] = field(default_factory=list)
    terms: list[TermRow] = field(default_factory=list)
    developed: list[CaseRow] = field(default_factory=list)
    own: Own | None = None
    watched: Watched | None = None
    counted: list[tuple[Register, int]] = field(default_factory=list)
    reports: list[NextReport] | None = None  # None for those to whom reports are not shown

    @property
    def missing(self) -> list[Cadence]:
        """The cadences with periods that fell short."""
        return [one for one in self.cadences if one.missing]

    @property
    def running(self) -> list[Cadence]:
        """What this month asks for: cadences whose present period ends within a month and still lacks something."""
        return [one for one in self._running() if one.open and one.open.last <= self.today + BEHIND]

    @property
    def later(self) -> list[Cadence]:
        """What the rest of the year asks for."""
        return [one for one in self._running() if one.open and one.open.last > self.today + BEHIND]

    def _running(self) -> list[Cadence]:
        return sorted(
            (one for one in self.cadences if one.open), key=lambda one: one.open.last if one.open else date.max
        )


def month_for(unit: Unit, *, actor: Actor, at: datetime) -> Month:
    """The month of a unit as the actor may see it."""
    today, roles = legal_date(at), unit.roles_of(actor)
    reached = registers_of(unit, actor)
    readable = {one.id for one, reach in reached if reach.reads}
    rows = Record.objects.filter(unit=unit, register__in=readable).select_related("owner")
    keeps = bool(roles & {LedgerRole.KEEPER, LedgerRole.LEADER, LedgerRole.INSPECTOR})
    planned = rows.filter(state=State.PLANNED).exclude(register__in=sent_registers()).order_by("day", "pk")
    month = {
        "today": today,
        "to_sign": [one for one in to_sign(actor.person, at=today) if one.unit.roles_of(actor)],
        "to_vote": [one for one in to_vote(actor.person, at=today) if one.unit.roles_of(actor)],
        "planned": _first(planned.filter(day__gte=today, day__lte=today + AHEAD)),
        "own": _own(unit, actor, today) if LedgerRole.MEMBER in roles else None,
        "watched": _watched(unit, reached, actor=actor, at=at) if LedgerRole.INSPECTOR in roles else None,
    }
    if not keeps:
        return Month(**month)  # type: ignore[arg-type]
    open_rows = rows.filter(state=State.OPEN, due_on__isnull=False).order_by("due_on", "pk")
    return Month(
        **month,  # type: ignore[arg-type]
        unheld=_first(planned.filter(day__lt=today)),
        to_send=[one for one in to_send(unit) if one.register in readable],
        cadences=cadences_for(unit, reached, on=today),
        overdue=_first(overdue_in(unit, reached, on=today)),
        due=_first(open_rows.filter(due_on__gte=today, due_on__lte=today + AHEAD)),
        holidays=_holidays(unit, today=today, at=at),
        developed=_developed(unit, today) if "development" in readable else [],
        terms=[one for one in terms(unit, on=today) if one.standing in {TermStanding.DUE, TermStanding.OVER}],
        counted=_counted(unit, reached, today) if LedgerRole.LEADER in roles else [],
        reports=_reports(unit),
    )


def cadences_for(unit: Unit, reached: Reached, *, on: date) -> list[Cadence]:
    """The cadences of the registers whose totals somebody sees; on the workbench and on the month's page."""
    return cadences_in(unit, [one for one, reach in reached if reach.totals], on=on)


def overdue_in(unit: Unit, reached: Reached, *, on: date) -> QuerySet[Record]:
    """The open matters of a unit that are late on a day and whose rows somebody reads, the longest late first."""
    readable = [one.id for one, reach in reached if reach.reads]
    rows = Record.objects.filter(unit=unit, register__in=readable, state=State.OPEN, due_on__lt=on)
    return rows.select_related("owner").order_by("due_on", "pk")


def _first(rows: QuerySet[Record]) -> Rows:
    """Up to `MOST` of them; counted only where there are more."""
    shown = list(rows[: MOST + 1])
    return Rows(shown=shown[:MOST], count=rows.count() if len(shown) > MOST else len(shown))


def _developed(unit: Unit, today: date) -> list[CaseRow]:
    """The unit's own cases with a next step that is late, due within two weeks, or may be done by now."""
    found = [one for one in cases(unit, on=today) if one.record.unit_id == unit.pk and one.outlook]
    return [one for one in found if _stands_at(one, today)][:MOST]


def _stands_at(case: CaseRow, today: date) -> bool:
    outlook = case.outlook
    assert outlook is not None  # noqa: S101 - asked before
    if outlook.latest is not None:
        return outlook.latest <= today + AHEAD
    return outlook.earliest is None or outlook.earliest <= today + AHEAD


def _reports(unit: Unit) -> list[NextReport]:
    """The reports that are being made, the newest first."""
    made = Report.objects.filter(unit=unit).exclude(state=Report.State.LOCKED).order_by("-drafted_at", "-pk")
    return [
        NextReport(
            report=one,
            name=f"{outline.name if (outline := outline_named(one.outline)) else one.outline}"
            f"（{read_span(one.period).name}）",
            blocks=sum(concern["level"] == Level.BLOCK for concern in one.concerns),
        )
        for one in made[:MOST_REPORTS]
    ]


def _own(unit: Unit, actor: Actor, today: date) -> Own | None:
    person = Person.objects.filter(mark=actor.person).first()
    if person is None:
        return None
    held = hours_by_person(unit, first=today.replace(month=1, day=1), last=today).get(person.pk)
    leads = person.pk in {one.pk for one in roll_of(unit, roll="committee", day=today)}
    law = law_for(unit, on=today)
    talks = [one for one in talks_of(unit, year=today.year) if actor.person in one[1:]]
    others = {mark for _, *two in talks for mark in two} - {actor.person}
    names = dict(Person.objects.filter(mark__in=others).values_list("mark", "name"))
    return Own(
        hours=held.total if held else Decimal(0),
        unknown=held.unknown if held else 0,
        needed=law.value("party.hours.leader" if leads else "party.hours.member"),
        dues=[one for one in own_months(unit, actor=actor, year=today.year) if one.month <= today],
        talks=[(day, "、".join(names.get(mark, "") for mark in two if mark != actor.person)) for day, *two in talks],
    )


def _watched(unit: Unit, reached: Reached, *, actor: Actor, at: datetime) -> Watched:
    names = {one.id: one.name for one, _ in reached}
    signed = SignOff.objects.filter(unit=unit, last__gte=legal_date(at) - timedelta(days=366)).order_by("-last", "-pk")
    sealed = [one for one, reach in reached if one.is_counted_only and reach.totals]
    numbers = _numbers(unit, sealed, year=legal_date(at).year)
    zeroes = {register_behind(one) for one in dictionary().values() if one.zero == "signed_off"}
    return Watched(
        signals=len(unanswered_signals(unit, at=at)),
        signed_off=[(names.get(one.register, one.register), one) for one in signed[:MOST]],
        sealed=[(one, numbers.get(one.id, 0)) for one in sealed],
        signs_off=[one for one, _ in reached if one.id in zeroes and may_sign_off(unit, one, actor)],
    )


def _counted(unit: Unit, reached: Reached, today: date) -> list[tuple[Register, int]]:
    shown = [one for one, reach in reached if reach.totals]
    numbers = _numbers(unit, shown, year=today.year)
    return [(one, numbers[one.id]) for one in shown if one.id in numbers]


def _numbers(unit: Unit, registers: list[Register], *, year: int) -> dict[str, int]:
    rows = Record.objects.filter(unit=unit, register__in=[one.id for one in registers], year=year)
    counted = rows.filter(state__in=[State.DONE, State.OPEN]).order_by().values("register")
    return {one["register"]: one["n"] for one in counted.annotate(n=Count("pk"))}


def _holidays(unit: Unit, *, today: date, at: datetime) -> list[HolidayDue]:
    """The reminders that are due, and those that were missed in the last month."""
    found = holiday_dues(unit, year=today.year, at=at)
    recent = {HolidayStanding.DUE: True, HolidayStanding.MISSED: False}
    return [
        one
        for one in found
        if one.standing in recent and (recent[one.standing] or (one.holiday.due and today - one.holiday.due <= BEHIND))
    ]
