"""任期、政治生日、生活会和培训: what follows from a few dates on the roll and in the records."""

from datetime import UTC, date, datetime

import pytest

from support.units import a_branch
from yangguang.branch.birthdays import birthdays, quarter_of
from yangguang.branch.terms import Standing, terms
from yangguang.ledger.acts import open_unit
from yangguang.ledger.models import State
from yangguang.rules.refusal import Refused

pytestmark = pytest.mark.django_db(transaction=True)

ALL = ("书记", "纪检委员", "党员1", "党员2", "党员3", "党员4")


def an_election(branch, day, **values):
    """A committee elected by everybody."""
    return branch.enter("election", kind="换届选举", day=day, present=branch.marks(*ALL), **values)


@pytest.mark.parametrize("cells", [1, 3])
def test_a_term_is_counted_from_its_election_and_reminded_of_in_time(cells, django_assert_num_queries):
    branch = a_branch()
    for number in range(cells):
        open_unit(
            branch.unit, actor=branch.actor("书记"), at=branch.at, code=f"zb-{number}", name="第二支部", kind="branch",
            opened_on=date(2025, 1, 1),
        )  # fmt: skip
    assert an_election(branch, "2024-03-10").fields["term_ends"] == "2027-03-10"
    for day, standing in (
        ("2026-03-16", Standing.RUNNING),
        ("2026-09-10", Standing.DUE),
        ("2027-03-11", Standing.OVER),
    ):
        with django_assert_num_queries(4):
            found = terms(branch.unit, on=date.fromisoformat(day))
        assert [one.standing for one in found] == [standing, *[Standing.UNKNOWN] * cells]


def test_an_election_out_of_time_or_with_too_few_or_too_many_is_refused():
    branch = a_branch()
    an_election(branch, "2024-03-10")
    branch.at = datetime(2028, 6, 1, 2, 0, tzinfo=UTC)
    for day, values, code in (
        ("2028-05-10", {}, "term.shift"),
        ("2027-05-10", {}, "term.unapproved"),
        ("2027-03-01", {"seats": "5"}, "committee.not_due"),
        ("2027-03-01", {"present": branch.marks(*ALL[:4])}, "election.no_quorum"),
    ):
        with pytest.raises(Refused) as refused:
            an_election(branch, day, **values) if "present" not in values else branch.enter(
                "election", kind="换届选举", day=day, **values
            )
        assert refused.value.codes == (code,)
    assert an_election(branch, "2027-05-10", approved_on="2027-02-01").fields["term_ends"] == "2030-05-10"
    assert branch.enter("election", kind="增补选举", day="2027-06-10").fields == {}


@pytest.mark.parametrize("members", [2, 4])
def test_political_birthdays_come_from_the_roll_and_quarters_are_those_of_the_calendar(
    members, django_assert_num_queries
):
    branch = a_branch(members=members)
    branch.add("老党员", "full", joined_on="1996-02-29")
    branch.add("党员甲", "full", joined_on="2011-06-29")
    branch.add("新党员", "full", joined_on="2026-03-01")
    branch.enter("party_day", kind="政治生日", day="2026-03-10", present=branch.marks("老党员"))
    with django_assert_num_queries(3):
        found = birthdays(branch.unit, year=2026, on=branch.at.date())
    assert [(one.person.name, one.day, one.years, one.quarter, one.is_kept) for one in found.birthdays] == [
        ("老党员", date(2026, 2, 28), 30, 1, True),
        ("新党员", date(2026, 3, 1), 0, 1, False),
        ("党员甲", date(2026, 6, 29), 15, 2, False),
    ]
    assert (len(found.unknown), found.without_activity) == (members + 2, (2,))
    assert [quarter_of(date(2026, month, 1)) for month in (1, 3, 4, 12)] == [1, 1, 2, 4]


def test_problems_found_at_a_life_meeting_stand_in_the_one_list_of_problems():
    branch = a_branch()
    meeting = branch.enter("life_meeting", kind="组织生活会", day="2026-03-10", present=branch.marks(*ALL))
    values = {"kind": "组织生活会", "title": "学习不够系统", "day": "2026-03-10", "due_on": "2026-06-30"}
    problem = branch.enter("problem", parent=meeting.pk, owner=branch.marks("书记")[0], **values)
    assert (problem.parent, problem.state) == (meeting, State.OPEN)


def test_a_training_of_days_counts_as_the_unit_converts_days():
    branch = a_branch()
    values = {"kind": "培训班", "title": "党务干部培训", "day": "2026-03-10", "present": branch.marks("党员1")}
    assert branch.enter("training", last_day="2026-03-12", **values).quantity == 24
    assert branch.enter("training", quantity="8", **values).quantity == 8
    for wrong, code in (
        ({"last_day": "2026-03-09"}, "training.last_day"),
        ({"kind": "发展对象培训", "quantity": "8"}, "development.training"),
    ):
        with pytest.raises(Refused) as refused:
            branch.enter("training", **{**values, **wrong})
        assert refused.value.codes == (code,)
