"""A year of a branch's records, put straight into the tables, for the tests of reports."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
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


def with_everything(year: Year) -> Year:
    """What an outline can tell of 2023, with the counts of the year before and the plan of the year after."""
    with_meetings(year)
    for month in range(1, 13):
        year.add("party_day", f"2023-{month:02}-28", kind="主题党日", present=6)
        year.add("study", f"2023-{month:02}-08", kind="集中学习", present=6, tags=("党的创新理论",))
    _integrity(year)
    _trades(year)
    year.add(
        "problem", "2023-12-05", kind="工作复盘", state=State.OPEN, title="集中学习的研讨还不够深入", closed_on=None
    )
    year.add("problem", "2023-12-06", kind="工作复盘", state=State.OPEN, title="2023年志愿服务形式单一", closed_on=None)
    for title in ("抓好主题党日，每月一个主题", "完善见证异常的闭环管理"):
        year.add("task", "2024-01-05", kind="目标", state=State.OPEN, title=title, closed_on=None)
    return year


def _integrity(year: Year) -> None:
    for number in range(1, 26):
        year.add("risk", "2023-06-08", kind="重点岗位", state=State.OPEN, title=f"风险{number}", closed_on=None)
        year.add("measure", "2023-06-09", state=State.OPEN, title=f"措施{number}", closed_on=None)
    films = ["《示例警示片一》", "《示例警示片二》", "《示例警示片三》", "《示例警示片四》", "《示例警示片五》"]
    year.add("warning_education", "2023-07-05", kind="观看警示教育片", present=6, fields={"films": films})
    year.add("talk", "2023-09-05", kind="谈心谈话", present=2, title="书记与党员谈话")


def _trades(year: Year) -> None:
    amounts = (("2023-03-05", "工程建设", "800"), ("2023-05-05", "政府采购", "90"), ("2022-05-05", "工程建设", "900"))
    for number, (day, kind, amount) in enumerate(amounts):
        fields = {"lot_code": f"L{number}", "control_price": "100000000000"}
        year.add("trade_result", day, kind=kind, amount=Decimal(amount) * 10**8, fields=fields)
