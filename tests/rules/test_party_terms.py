from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yangguang.rules.law import law_on
from yangguang.rules.party.terms import (
    Organ,
    Size,
    check_committee_size,
    check_election_day,
    committee_size,
    term_of,
    warn_branch_size,
)

LAW = law_on(date=date(2026, 3, 2))
ELECTED = date(2023, 5, 10)
ENDS = date(2026, 5, 10)
DAY = timedelta(days=1)


def codes(refusals):
    return [refusal.code for refusal in refusals]


@pytest.mark.parametrize(
    ("organ", "year"),
    [(Organ.COMMITTEE, 2028), (Organ.GENERAL_BRANCH, 2026), (Organ.BRANCH, 2026), (Organ.VILLAGE, 2028)],
)
def test_each_organ_has_its_term(organ, year):
    assert term_of(law=LAW, organ=organ, elected_on=ELECTED).ends_on == date(year, 5, 10)


def test_a_term_has_its_reminder_and_a_year_on_both_sides():
    term = term_of(law=LAW, organ=Organ.BRANCH, elected_on=ELECTED)
    assert (term.remind_on, term.earliest, term.latest) == (date(2025, 11, 10), date(2025, 5, 10), date(2027, 5, 10))


@pytest.mark.parametrize(
    ("planned", "is_approved", "expected"),
    [
        (ENDS, False, []),
        (date(2025, 11, 10), False, []),
        (date(2025, 11, 9), False, ["term.unapproved"]),
        (ENDS + DAY, False, ["term.unapproved"]),
        (ENDS + DAY, True, []),
        (date(2027, 5, 10), True, []),
        (date(2027, 5, 11), True, ["term.shift"]),
        (date(2025, 5, 9), True, ["term.shift"]),
    ],
)
def test_an_election_is_on_time_or_approved_and_within_a_year(planned, is_approved, expected):
    found = check_election_day(
        law=LAW, organ=Organ.BRANCH, elected_on=ELECTED, planned_on=planned, is_approved=is_approved
    )
    assert codes(found) == expected


def test_an_unapproved_election_says_whether_it_is_early_or_late():
    facts = {"law": LAW, "organ": Organ.BRANCH, "elected_on": ELECTED}
    reasons = [check_election_day(**facts, planned_on=day)[0].reason for day in (date(2025, 6, 1), date(2026, 6, 1))]
    assert reasons == ["任期至2026-05-10，2025-06-01换届属于提前", "任期至2026-05-10，2026-06-01换届属于延期"]


@pytest.mark.parametrize(("full_members", "size"), [(6, None), (7, Size(least=3, usual_most=5, most=7))])
def test_a_committee_sits_from_seven_full_members_on(full_members, size):
    assert committee_size(law=LAW, full_members=full_members) == size


@given(st.integers(0, 60), st.integers(0, 12))
def test_seats_fit_exactly_where_there_is_a_committee(full_members, seats):
    fits = 3 <= seats <= 7 if full_members >= 7 else seats == 0
    assert (check_committee_size(law=LAW, full_members=full_members, seats=seats) == []) == fits


def test_seats_that_do_not_fit_are_told_why():
    assert codes(check_committee_size(law=LAW, full_members=6, seats=3)) == ["committee.not_due"]
    [few] = check_committee_size(law=LAW, full_members=20, seats=2)
    [many] = check_committee_size(law=LAW, full_members=20, seats=8)
    assert few.reason == "支部委员会2人，应为3至5人，一般不超过7人"
    assert many.code == "committee.seats"


def test_a_branch_too_small_or_too_large_is_told():
    assert warn_branch_size(law=LAW, members=50, full_members=3) == []
    assert codes(warn_branch_size(law=LAW, members=51, full_members=2)) == ["branch.too_small", "branch.too_large"]
