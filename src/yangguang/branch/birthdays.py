"""政治生日 (D08): whose day of joining falls when, from the roll; which quarters have had their activity."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from yangguang.ledger.models import Attendance, Post, Record, State, Unit
from yangguang.ledger.models.units import running
from yangguang.ledger.roles import PARTY_MEMBERS
from yangguang.parties.models import Person

ACTIVITY = Q(kind="政治生日") | Q(tags__tag="政治生日")
MONTHS_IN_QUARTER = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Birthday:
    """一人的政治生日: the day in the year, how many years of membership it makes, whether it was kept that quarter."""

    person: Person
    joined_on: date
    day: date
    years: int
    is_kept: bool

    @property
    def quarter(self) -> int:
        """1 to 4."""
        return quarter_of(self.day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """一年的政治生日: in the order of days; who has no day of joining on the roll; quarters without an activity."""

    birthdays: tuple[Birthday, ...]
    unknown: tuple[Person, ...]
    without_activity: tuple[int, ...]


def birthdays(unit: Unit, *, year: int, on: date) -> Year:
    """政治生日一览 for the roll of the day `on`; three queries."""
    rows = Post.objects.filter(running(on), unit__path__startswith=unit.path, post__in=PARTY_MEMBERS)
    people = {row.person: row.facts.get("joined_on") for row in rows.select_related("person").order_by("person_id")}
    held = Record.objects.filter(unit__path__startswith=unit.path, register="party_day", state=State.DONE)
    days = dict(held.filter(ACTIVITY, day__year=year).distinct().values_list("pk", "day"))
    came = Attendance.objects.filter(record__in=list(days), is_present=True).values_list("person", "record")
    kept = {(person, quarter_of(days[record])) for person, record in came}
    found = [_birthday(person, date.fromisoformat(joined), year, kept) for person, joined in people.items() if joined]
    quarters = {quarter_of(day) for day in days.values()}
    return Year(
        birthdays=tuple(sorted(found, key=lambda one: (one.day, one.person.pk))),
        unknown=tuple(person for person, joined in people.items() if not joined),
        without_activity=tuple(sorted({one.quarter for one in found if one.years > 0} - quarters)),
    )


def quarter_of(day: date) -> int:
    """The quarter of a day: 29 June lies in the second."""
    return (day.month - 1) // MONTHS_IN_QUARTER + 1


def _birthday(person: Person, joined_on: date, year: int, kept: set[tuple[int, int]]) -> Birthday:
    is_leap_day = (joined_on.month, joined_on.day) == (2, 29)
    day = joined_on.replace(year=year, day=28) if is_leap_day else joined_on.replace(year=year)
    return Birthday(
        person=person, joined_on=joined_on, day=day, years=year - joined_on.year,
        is_kept=(person.pk, quarter_of(day)) in kept,
    )  # fmt: skip
