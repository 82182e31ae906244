from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yangguang.rules.law import law_on
from yangguang.rules.party.meetings import (
    CHAIRS,
    VOTER_LABELS,
    Chair,
    Meeting,
    Vote,
    check_chair,
    check_quorum,
    check_secret_ballot,
    check_vote,
    warn_without_committee,
)

TODAY = date(2026, 3, 2)
LAW = law_on(date=TODAY)
LATER = law_on(date=date(2026, 11, 21))
COUNTS = st.integers(0, 120)


def codes(refusals):
    return [refusal.code for refusal in refusals]


def corrected(rule_id, **changes):
    return law_on(date=TODAY, corrections=[LAW.rule(rule_id).to_row() | changes])


@pytest.mark.parametrize(
    ("vote", "due", "enough"),
    [
        (Vote.MEMBERS, 28, 14),
        (Vote.MEMBERS, 27, 14),
        (Vote.COMMITTEE, 5, 3),
        (Vote.COMMITTEE, 4, 2),
        (Vote.ADMISSION, 28, 15),
        (Vote.ELECTION, 28, 23),
        (Vote.ELECTION, 25, 20),
    ],
)
def test_so_many_have_to_be_there_to_vote(vote, due, enough):
    assert check_quorum(law=LAW, due=due, present=enough, vote=vote) == []
    assert codes(check_quorum(law=LAW, due=due, present=enough - 1, vote=vote)) == [f"{vote}.no_quorum"]


@pytest.mark.parametrize(
    ("vote", "due", "present", "enough"),
    [
        (Vote.MEMBERS, 28, 28, 15),
        (Vote.MEMBERS, 28, 16, 15),
        (Vote.MEMBERS, 27, 20, 14),
        (Vote.COMMITTEE, 5, 4, 3),
        (Vote.ADMISSION, 28, 20, 15),
        (Vote.ELECTION, 28, 24, 13),
    ],
)
def test_a_motion_needs_more_than_half_of_those_due_and_an_election_of_those_present(vote, due, present, enough):
    facts = {"law": LAW, "due": due, "present": present, "vote": vote}
    assert check_vote(**facts, in_favour=enough) == []
    assert codes(check_vote(**facts, in_favour=enough - 1)) == [f"{vote}.not_carried"]


def test_half_of_those_due_may_vote_and_cannot_carry():
    assert codes(check_vote(law=LAW, due=28, present=14, in_favour=14)) == ["meeting.not_carried"]


def test_refusals_name_counts_share_and_article():
    [quorum] = check_vote(law=LAW, due=28, present=13, in_favour=13)
    assert quorum.reason == "应到会有表决权的党员28人，实到13人，未达到半数以上"
    assert quorum.article == "中国共产党支部工作条例（试行）第十一条"
    [lost] = check_vote(law=LAW, due=28, present=20, in_favour=14)
    assert lost.reason == "赞成14票，未达到应到会有表决权的党员28人的过半数"
    [election] = check_quorum(law=LAW, due=28, present=22, vote=Vote.ELECTION)
    assert election.reason == "应到会有选举权的党员28人，实到22人，未达到80%以上"


def test_a_corrected_majority_is_told_by_its_number():
    law = corrected("party.meeting.majority", value="60")
    [refusal] = check_vote(law=law, due=10, present=10, in_favour=6)
    assert refusal.reason == "赞成6票，未达到应到会有表决权的党员10人的60%（不含）以上"
    assert check_vote(law=law, due=10, present=10, in_favour=7) == []


@pytest.mark.parametrize(("due", "present", "in_favour"), [(0, 0, 0), (5, 6, 1), (5, 4, 5), (5, 4, -1)])
def test_counts_that_cannot_be_are_refused(due, present, in_favour):
    found = check_vote(law=LAW, due=due, present=present, in_favour=in_favour)
    assert codes(found) == ["meeting.counts"]


def test_a_quorum_of_more_than_are_due_is_refused():
    assert codes(check_quorum(law=LAW, due=5, present=6)) == ["meeting.counts"]


@given(st.sampled_from(Vote), COUNTS, COUNTS, COUNTS)
def test_one_more_vote_in_favour_never_loses_a_motion(vote, due, present, in_favour):
    facts = {"law": LAW, "vote": vote, "due": due, "present": present}
    if in_favour < present and check_vote(**facts, in_favour=in_favour) == []:
        assert check_vote(**facts, in_favour=in_favour + 1) == []


@given(COUNTS, COUNTS, COUNTS)
def test_what_members_carried_had_more_than_half_of_all_behind_it(due, present, in_favour):
    carried = check_vote(law=LAW, due=due, present=present, in_favour=in_favour) == []
    assert carried == (0 <= in_favour <= present <= due and in_favour * 2 > due)


def test_an_admission_is_secret_since_the_revision_and_other_votes_are_not_asked():
    assert codes(check_secret_ballot(law=LATER, vote=Vote.ADMISSION, is_secret=False)) == ["admission.not_secret"]
    assert check_secret_ballot(law=LATER, vote=Vote.ADMISSION, is_secret=True) == []
    assert check_secret_ballot(law=LATER, vote=Vote.MEMBERS, is_secret=False) == []
    assert check_secret_ballot(law=LAW, vote=Vote.ADMISSION, is_secret=False) == []
    row = LATER.rule("party.admission.secret_ballot").to_row() | {"value": "0"}
    switched_off = law_on(date=LATER.date, corrections=[row])
    assert check_secret_ballot(law=switched_off, vote=Vote.ADMISSION, is_secret=False) == []


@pytest.mark.parametrize(
    ("meeting", "chair", "delegated", "may"),
    [
        (Meeting.MEMBERS, Chair.SECRETARY, False, True),
        (Meeting.MEMBERS, Chair.DEPUTY, False, False),
        (Meeting.MEMBERS, Chair.DEPUTY, True, True),
        (Meeting.COMMITTEE, Chair.COMMITTEE_MEMBER, True, True),
        (Meeting.COMMITTEE, Chair.OTHER, True, False),
        (Meeting.GROUP, Chair.GROUP_LEADER, False, True),
        (Meeting.GROUP, Chair.SECRETARY, True, False),
    ],
)
def test_the_secretary_presides_or_whom_the_secretary_asks(meeting, chair, delegated, may):
    found = check_chair(law=LAW, meeting=meeting, chair=chair, delegated=delegated)
    assert codes(found) == ([] if may else ["meeting.chair"])


def test_an_important_matter_goes_through_the_committee_first():
    facts = {"law": LAW, "matter": "年度计划", "meeting_on": TODAY}
    assert warn_without_committee(**facts, committee_on=TODAY) == []
    assert warn_without_committee(**facts, committee_on=None, has_committee=False) == []
    for day in (None, date(2026, 3, 3)):
        assert codes(warn_without_committee(**facts, committee_on=day)) == ["meeting.without_committee"]
    switched_off = corrected("party.meeting.committee_first", value="0")
    assert warn_without_committee(**facts | {"law": switched_off}, committee_on=None) == []


def test_every_vote_and_meeting_is_covered():
    assert (set(VOTER_LABELS), set(CHAIRS)) == (set(Vote), set(Meeting))
