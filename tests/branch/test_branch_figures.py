"""One record, several figures: the counts that half-year reports print come out of rows that were entered once."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from support.units import a_branch
from yangguang.ledger.acts import import_records
from yangguang.reports.counting import compute
from yangguang.reports.dictionary import dictionary
from yangguang.reports.spans import read_span
from yangguang.witness import evidence

pytestmark = pytest.mark.django_db(transaction=True)

JUNE = datetime(2026, 6, 30, 2, 0, tzinfo=UTC)
SUBSETS = {"专题研讨": 6, "业务骨干引领学": 33, "谈体会": 7}


def days(count):
    """So many days of the first half of 2026, going round its months."""
    return [date(2026, 1 + number % 6, 1 + number // 6).isoformat() for number in range(count)]


def a_half_year():
    """A branch with the half-year that a municipal centre reported, imported in a few files."""
    branch = a_branch(members=26)
    branch.at = JUNE
    everybody = branch.marks(*(name for name in branch.people if name != "干事"))
    studies = [
        {"kind": "集中学习", "day": day, "tags": [tag for tag, times in SUBSETS.items() if number < times]}
        for number, day in enumerate(days(82))
    ]
    meetings = [
        {"kind": kind, "day": day}
        for kind, times in (("支部委员会", 8), ("支部党员大会", 4), ("党课", 3))
        for day in days(times)
    ]
    party_days = [{"kind": "主题党日", "title": f"活动{day}", "day": day} for day in days(20)]
    bring(branch, "study", [{**one, "present": everybody} for one in studies])
    bring(branch, "meeting", [{**one, "present": everybody} for one in meetings])
    bring(branch, "party_day", party_days)
    return branch


def bring(branch, register, rows):
    """Import rows of one register."""
    file = evidence.keep(register.encode(), media_type="application/octet-stream")
    actor = branch.actor("干事")
    import_records(branch.unit, actor=actor, at=branch.at, register=register, rows=rows, file=file)


def figure(branch, metric, period="2026-H1"):
    """The value of a metric on the last day of June."""
    found = compute(metric=dictionary()[metric], period=read_span(period), unit=branch.unit, as_of=JUNE.date())
    return found.value


def test_the_figures_of_a_half_year_come_from_its_records():
    branch = a_half_year()
    names = ("committee_meetings", "member_meetings", "lectures", "studies", "discussions", "studies_led_by_staff",
             "studies_with_reflections", "party_days", "party_members", "study_attendances")  # fmt: skip
    assert [figure(branch, name) for name in names] == [8, 4, 3, 82, 6, 33, 7, 20, 28, 82 * 28]


def test_every_metric_of_party_life_can_be_counted_on_a_branch_that_has_nothing():
    branch = a_branch()
    branch.at = JUNE
    ours = [name for name, one in dictionary().items() if one.group == "branch"]
    values = {name: figure(branch, name) for name in ours}
    shares = {name for name in ours if dictionary()[name].way == "share"}
    counted = {name: value for name, value in values.items() if value and name not in shares}
    assert counted == {"party_members": 6, "full_members": 6, "members_for_hours": 6}
    assert {name for name in shares if values[name] is not None} == {"hours_share"}


def test_one_event_counts_under_each_of_its_tags_and_once_in_the_headline():
    branch = a_branch()
    branch.enter(
        "party_day", kind="主题党日", title="参观", day="2026-03-12", tags=["廉政", "工会", "共青团"],
        begins="2026-03-12 09:00", ends="2026-03-12 12:00", present=branch.marks("书记", "党员1"),
    )  # fmt: skip
    branch.enter(
        "talk", kind="谈心谈话", day="2026-03-12", owner=branch.marks("书记")[0], present=branch.marks("党员1", "党员2")
    )
    names = ("party_days", "joint_activities", "party_activities", "party_day_attendances", "talks", "home_visits")
    assert [figure(branch, name) for name in names] == [1, 1, 1, 2, 2, 0]
    assert figure(branch, "hours_share") == Decimal(0)
