"""学时 (D10): summed from the rolls of meetings, studies, party days and trainings; nobody types or claims them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from yangguang.ledger.catalogue import catalogue
from yangguang.ledger.law import law_for
from yangguang.ledger.models import Attendance, Record, State, Tag, Unit
from yangguang.ledger.people import roll_of
from yangguang.ledger.preparing import Draft, checks_records
from yangguang.rules.party.hours import Measure, Shortfall, hours_of, shortfalls
from yangguang.rules.refusal import Refusal

SECONDS_OF_AN_HOUR = 3600
TENTH = Decimal("0.1")
LONGEST_DAY = 24
STUDY_TAGS = ("学习", "第一议题")


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonHours:
    """一人的学时: by register, and at how many events whose length nobody knows they were."""

    person: int
    by_register: dict[str, Decimal]
    unknown: int

    @property
    def total(self) -> Decimal:
        """All of the period."""
        return sum(self.by_register.values(), Decimal(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """学时达标: how many belong on the roll, how many have enough, and who is short of how much."""

    members: int
    reached: int
    short: tuple[Shortfall, ...]


@checks_records("hours")
def derive_hours(draft: Draft) -> Iterator[Refusal]:
    """The hours of an event come from its times (学时折算: 本单位规定), unless somebody wrote them down."""
    columns, day = draft.cleaned.columns, draft.cleaned.day
    assert day is not None  # noqa: S101 - refused before
    begins, ends = columns.get("begins"), columns.get("ends")
    if columns.get("quantity") is None and begins and ends:
        lasted = Decimal(int((ends - begins).total_seconds())) / SECONDS_OF_AN_HOUR
        law = law_for(draft.unit, on=day)
        columns["quantity"] = hours_of(law=law, measure=Measure.HOUR, amount=lasted).quantize(TENTH, ROUND_HALF_UP)
    hours = columns.get("quantity")
    if hours is not None and not 0 <= hours <= LONGEST_DAY * 31:
        yield Refusal(
            code="hours.range",
            reason=f"“{draft.cleaned.title}”的学时{hours}不在合理范围",
            article="平台规则：学时由起止时间得出",
            remedy="请核对起止时间或者学时。",
        )


def hours_by_person(unit: Unit, *, first: date, last: date) -> dict[int, PersonHours]:
    """学时 of everybody who was present in the unit's events of a period, by the id of the person; one query.

    A meeting counts when it is a lecture or carries a study tag; studies, party days and trainings always count. One
    event counts once however many tags it has.
    """
    rows = Attendance.objects.filter(record__in=events_of(unit, first=first, last=last), is_present=True)
    sums = (
        rows.order_by()
        .values("person", "record__register")
        .annotate(hours=Sum("record__quantity"), unknown=Count("record", filter=Q(record__quantity__isnull=True)))
    )
    found: dict[int, PersonHours] = {}
    for row in sums:
        old = found.get(row["person"]) or PersonHours(person=row["person"], by_register={}, unknown=0)
        by_register = {**old.by_register, row["record__register"]: row["hours"] or Decimal(0)}
        found[row["person"]] = PersonHours(
            person=row["person"], by_register=by_register, unknown=old.unknown + row["unknown"]
        )
    return found


def coverage(unit: Unit, *, first: date, last: date) -> Coverage:
    """学时达标情况 of a period, as a rule a year: 32 hours a member, 56 secretary and committee (教管条例第二十条).

    The roll and the law are those of the last day. Nobody is ranked: whoever has enough is only counted. Five queries.
    """
    on = last
    members = [one.pk for one in roll_of(unit, roll="members", day=on)]
    leaders = {str(one.pk) for one in roll_of(unit, roll="committee", day=on)}
    hours = hours_by_person(unit, first=first, last=last)
    short = shortfalls(
        law=law_for(unit, on=on),
        members=[str(pk) for pk in members],
        leaders=leaders,
        hours={str(pk): one.by_register for pk, one in hours.items()},
    )
    return Coverage(members=len(members), reached=len(members) - len(short), short=short)


def events_of(unit: Unit, *, first: date, last: date) -> QuerySet[Record]:
    """The events of a period from which hours are counted, each once."""
    registers = [one.id for one in catalogue().values() if "hours" in one.check]
    is_study = Exists(Tag.objects.filter(record=OuterRef("pk"), tag__in=STUDY_TAGS))
    rows = Record.objects.filter(
        unit__path__startswith=unit.path, register__in=registers, state=State.DONE, day__range=(first, last)
    )
    return rows.filter(~Q(register="meeting") | Q(kind="党课") | is_study).order_by()
