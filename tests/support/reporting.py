"""A year of a branch's records, put straight into the tables, for the tests of reports."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from support.units import Branch, a_branch
from yangguang.ledger.models import Attendance, Record, State, Tag, Unit
from yangguang.parties.models import Person
from yangguang.reports.counting import compute
from yangguang.reports.dictionary import dictionary
from yangguang.reports.figures import Figure
from yangguang.reports.spans import read_span

ENTERED = datetime(2023, 12, 1, 2, 0, tzinfo=UTC)
YEAR_END = date(2023, 12, 31)
AS_OF = date(2024, 1, 15)


@dataclass
class Year:
    """A branch and what it kept in 2023."""

    branch: Branch
    numbers: dict[tuple[int, str, int], int] = field(default_factory=dict)

    @property
    def unit(self) -> Unit:
        """The branch's unit."""
        return self.branch.unit

    @property
    def people(self) -> list[Person]:
        """Everybody in it."""
        return list(self.branch.people.values())

    def add(
        self,
        register: str,
        day: str,
        *,
        present: int = 0,
        absent: int = 0,
        tags: tuple[str, ...] = (),
        state: str = State.DONE,
        unit: Unit | None = None,
        **columns: Any,
    ) -> Record:
        """A record with as many present and absent people as said; `fields` and columns as the row has them."""
        when, unit = date.fromisoformat(day), unit or self.unit
        slot = (unit.pk, register, when.year)
        self.numbers[slot] = self.numbers.get(slot, 0) + 1
        values: dict[str, Any] = {"title": f"{register}{self.numbers[slot]}", "closed_on": when, **columns}
        row = Record.objects.create(
            unit=unit, register=register, year=when.year, number=self.numbers[slot], day=when, state=state,
            entered_at=values.pop("entered_at", ENTERED), entered_by=self.branch.people["书记"].mark, typed=3, **values,
        )  # fmt: skip
        Tag.objects.bulk_create([Tag(record=row, tag=tag) for tag in tags])
        Attendance.objects.bulk_create(
            Attendance(record=row, person=person, is_present=place < present)
            for place, person in enumerate(self.people[: present + absent])
        )
        return row

    def figure(self, metric: str, period: str = "2023", **more: Any) -> Figure:
        """The figure of a metric for the branch."""
        wanted = {"unit": self.unit, "as_of": AS_OF, **more}
        return compute(metric=dictionary()[metric], period=read_span(period), **wanted)


def a_year() -> Year:
    """The branch, with nothing kept yet."""
    return Year(branch=a_branch())


def with_meetings(year: Year) -> Year:
    """12 committee meetings (7 with minutes), 4 members' meetings, 2 lectures; one planned and one cancelled."""
    for month in range(1, 13):
        decided = {"decisions": ["按计划推进"]} if month <= 7 else {}
        year.add("meeting", f"2023-{month:02}-10", kind="支部委员会", present=2, fields=decided)
    for month in (2, 5, 8, 11):
        year.add("meeting", f"2023-{month:02}-20", kind="支部党员大会", present=5, absent=1, tags=("学习",))
    for month in (3, 9):
        year.add("meeting", f"2023-{month:02}-25", kind="党课", present=6, tags=("学习", "廉政"))
    year.add("meeting", "2023-12-28", kind="支部委员会", state=State.PLANNED)
    year.add("meeting", "2023-12-29", kind="支部委员会", state=State.CANCELLED)
    return year
