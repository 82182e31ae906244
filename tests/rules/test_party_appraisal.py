from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yangguang.rules.law import law_on
from yangguang.rules.party.appraisal import Grade, check_ballots, check_excellent, check_gradable, tally

LAW = law_on(date=date(2026, 3, 2))
BALLOTS = st.lists(st.dictionaries(st.sampled_from("甲乙丙"), st.sampled_from(Grade)), max_size=8)


def codes(refusals):
    return [refusal.code for refusal in refusals]


@pytest.mark.parametrize(("members", "most"), [(28, 9), (27, 9), (3, 1), (2, 0)])
def test_at_most_a_third_is_excellent(members, most):
    assert check_excellent(law=LAW, excellent=most, members=members) == []
    assert codes(check_excellent(law=LAW, excellent=most + 1, members=members)) == ["appraisal.excellent"]


def test_too_many_excellent_are_told_how_many_there_may_be():
    [refusal] = check_excellent(law=LAW, excellent=10, members=28)
    assert refusal.reason == "优秀10人，超过党员总数28人的1/3（9人）"
    assert refusal.article == "通行做法：民主评议党员等次（默认值，可更正）"


def test_a_probationary_member_gets_no_grade():
    assert check_gradable(law=LAW, is_probationary=False) == []
    assert codes(check_gradable(law=LAW, is_probationary=True)) == ["appraisal.probationary"]
    row = LAW.rule("party.appraisal.probationers_graded").to_row() | {"value": "1"}
    assert check_gradable(law=law_on(date=LAW.date, corrections=[row]), is_probationary=True) == []


def test_more_ballots_than_handed_out_and_strangers_are_refused():
    ballots = [{"甲": Grade.EXCELLENT}, {"丁": Grade.QUALIFIED}]
    assert check_ballots(law=LAW, handed_out=2, ballots=ballots[:1], members="甲乙") == []
    found = check_ballots(law=LAW, handed_out=1, ballots=ballots, members="甲乙")
    assert codes(found) == ["appraisal.ballots", "appraisal.strangers"]


def test_ballots_are_counted_in_the_order_of_the_roll():
    ballots = [{"乙": Grade.EXCELLENT, "甲": Grade.QUALIFIED}, {"乙": Grade.EXCELLENT}]
    found = tally(ballots=ballots, members=["甲", "乙"])
    assert list(found) == ["甲", "乙"]
    assert (found["乙"][Grade.EXCELLENT], found["甲"][Grade.QUALIFIED], found["甲"][Grade.EXCELLENT]) == (2, 1, 0)


@given(BALLOTS)
def test_a_tally_does_not_tell_the_order_of_the_ballots_and_loses_none(ballots):
    found = tally(ballots=ballots, members="甲乙丙")
    assert found == tally(ballots=reversed(ballots), members="甲乙丙")
    assert sum(sum(grades.values()) for grades in found.values()) == sum(len(one) for one in ballots)
