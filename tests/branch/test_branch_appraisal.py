"""民主评议: who voted is known and what they chose is not; grades are the committee's, sealed, and a person's own."""

from datetime import timedelta

import pytest

from support.units import a_branch
from yangguang.branch.appraisal import own_grade, tally_of
from yangguang.ledger.acts import close_record, look_at_sealed, vote_by_ballot
from yangguang.ledger.models import Ballot, Record
from yangguang.rules.party.appraisal import Grade
from yangguang.rules.refusal import Refused

pytestmark = pytest.mark.django_db(transaction=True)


def an_appraisal(**people):
    """A branch of six full members and a probationary one, and its appraisal of the year."""
    branch = a_branch(**people)
    branch.add("预备党员", "probationary")
    return branch, branch.enter("appraisal", day="2026-03-16")


def vote(branch, record, by, **grades):
    """The ballot of one of them."""
    choices = {branch.people[name].mark: grade for name, grade in grades.items()}
    vote_by_ballot(branch.unit, actor=branch.actor(by), at=branch.at, record=record.pk, choices=choices)


def test_everybody_on_the_roll_votes_once_and_nothing_ties_a_ballot_to_them():
    branch, record = an_appraisal()
    assert (record.title, record.attendances.filter(is_due=True, is_present=False).count()) == (
        "2026年度民主评议党员测评", 7,
    )  # fmt: skip
    vote(branch, record, "预备党员", 党员1="优秀")
    with pytest.raises(Refused) as refused:
        vote(branch, record, "预备党员", 党员1="优秀")
    assert refused.value.codes == ("ballot.not_due",)
    assert sorted(Ballot.objects.values().get()) == ["choices", "id", "mark", "record_id"]


def test_the_box_is_shaken_with_every_ballot_so_that_its_order_tells_nothing():
    branch, record = an_appraisal()
    vote(branch, record, "党员1", 党员1="优秀")
    first = set(Ballot.objects.values_list("pk", "mark"))
    vote(branch, record, "党员2", 党员1="合格")
    second = set(Ballot.objects.values_list("pk", "mark"))
    assert (first & second, len(second)) == (set(), 2)
    found = Ballot.objects.values_list(f"choices__{branch.people['党员1'].mark}", flat=True)
    assert sorted(found) == ["优秀", "合格"]


@pytest.mark.parametrize("grades", [{"预备党员": "合格"}, {"干事": "合格"}, {"党员1": "很好"}])
def test_a_ballot_grades_full_members_only(grades):
    branch, record = an_appraisal()
    with pytest.raises(Refused) as refused:
        vote(branch, record, "书记", **grades)
    assert (refused.value.codes, Ballot.objects.count()) == (("appraisal.ballot",), 0)


def test_votes_are_counted_after_the_box_was_closed_and_for_leaders_only():
    branch, record = an_appraisal()
    vote(branch, record, "党员1", 党员1="优秀", 党员2="合格")
    vote(branch, record, "党员2", 党员1="合格")
    with pytest.raises(Refused) as refused:
        tally_of(record, actor=branch.actor("书记"))
    assert refused.value.codes == ("appraisal.open",)
    close_record(
        branch.unit, actor=branch.actor("书记"), at=branch.at, record=record.pk, on=branch.at.date(), result="测评结束"
    )
    record.refresh_from_db()
    found = tally_of(record, actor=branch.actor("书记"))
    first = found[branch.people["党员1"].mark]
    assert (first[Grade.EXCELLENT], first[Grade.QUALIFIED], len(found)) == (1, 1, 6)
    with pytest.raises(Refused):
        tally_of(record, actor=branch.actor("党员1"))
    with pytest.raises(Refused) as refused:
        vote(branch, record, "党员3", 党员1="优秀")
    assert refused.value.codes == ("ballot.closed",)


def test_only_the_exceptions_are_typed_and_only_counts_are_open():
    branch, record = an_appraisal()
    made = branch.enter(
        "appraisal_result", day="2026-03-16", parent=record.pk, excellent=branch.marks("党员1", "党员2"),
        barely=branch.marks("党员3"),
    )  # fmt: skip
    assert made.fields == {
        "excellent_count": 2, "qualified_count": 3, "barely_count": 1, "unqualified_count": 0,
    }  # fmt: skip
    grades = {name: own_grade(branch.unit, actor=branch.actor(name), year=2026) for name in branch.people}
    assert [grades[name] for name in ("党员1", "党员3", "党员4", "预备党员", "干事")] == [
        Grade.EXCELLENT, Grade.BARELY, Grade.QUALIFIED, None, None,
    ]  # fmt: skip
    assert own_grade(branch.unit, actor=branch.actor("党员1"), year=2025) is None
    with pytest.raises(Refused):
        look_at_sealed(branch.unit, actor=branch.actor("党员1"), at=branch.at, record=made.pk)


def test_excellent_is_at_most_a_third_and_nobody_has_two_grades_or_one_as_a_probationer():
    branch, _ = an_appraisal()
    for values, code in (
        ({"excellent": branch.marks("党员1", "党员2", "党员3")}, "appraisal.excellent"),
        ({"excellent": branch.marks("预备党员")}, "appraisal.probationary"),
        ({"excellent": branch.marks("党员1"), "barely": branch.marks("党员1")}, "appraisal.people"),
        ({"unqualified": branch.marks("干事")}, "appraisal.people"),
    ):
        with pytest.raises(Refused) as refused:
            branch.enter("appraisal_result", day="2026-03-16", **values)
        assert refused.value.codes == (code,)
    assert Record.objects.filter(register="appraisal_result").count() == 0


def test_a_year_has_one_appraisal():
    branch, _ = an_appraisal()
    branch.at += timedelta(days=1)
    with pytest.raises(Refused) as refused:
        branch.enter("appraisal", day="2026-03-17")
    assert refused.value.codes == ("appraisal.twice",)
