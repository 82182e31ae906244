"""三会一课和第一议题: quorum and votes, who presides, what is derived and what is refused."""

from datetime import date

import pytest

from support.units import a_branch
from yangguang.branch.first_items import first_items
from yangguang.ledger.acts import correct_record, link_records, take_roll
from yangguang.ledger.models import Record, State
from yangguang.rules.refusal import Refused

pytestmark = pytest.mark.django_db(transaction=True)

ALL = ("书记", "纪检委员", "党员1", "党员2", "党员3", "党员4")


def meeting(branch, kind="支部党员大会", **values):
    """A meeting of the branch on a day of March."""
    return branch.enter("meeting", kind=kind, day="2026-03-12", **values)


def codes(refused):
    """The codes of what was refused, and nothing was kept."""
    assert Record.objects.count() == 0
    return refused.value.codes


def test_a_meeting_needs_no_title_and_no_chair_when_the_secretary_came():
    branch = a_branch()
    record = meeting(branch, present=branch.marks(*ALL))
    assert (record.title, record.chair) == ("2026年3月支部党员大会", branch.people["书记"])


def test_a_vote_of_more_than_half_of_those_due_is_carried_and_less_is_recorded_as_it_was():
    branch = a_branch()
    present = branch.marks(*ALL[:4])
    assert meeting(branch, present=present, votes_for="4").fields["carried"] is True
    assert meeting(branch, present=present, votes_for="3").fields["carried"] is False


def test_votes_without_a_roll_are_refused_with_the_meeting_and_the_remedy():
    branch = a_branch()
    with pytest.raises(Refused) as refused:
        meeting(branch, votes_for="4")
    assert codes(refused) == ("meeting.no_roll",)
    only = refused.value.refusals[0]
    assert only.reason == "“2026年3月支部党员大会”登记了赞成票，但没有点名，不能核对到会人数"
    assert only.remedy == "请先登记到会人员，再登记表决结果。"


def test_without_a_quorum_nothing_is_decided_but_people_may_study():
    branch = a_branch()
    for values in ({"votes_for": "2"}, {"decisions": ["同意"]}):
        with pytest.raises(Refused) as refused:
            meeting(branch, present=branch.marks("书记", "党员1"), **values)
        assert codes(refused) == ("meeting.no_quorum",)
    assert meeting(branch, present=branch.marks("书记", "党员1"), agenda=["学习"]).state == State.DONE


def test_more_votes_than_voters_are_refused():
    branch = a_branch()
    with pytest.raises(Refused) as refused:
        meeting(branch, present=branch.marks(*ALL), votes_for="7")
    assert codes(refused) == ("meeting.counts",)


def test_probationers_and_visitors_count_for_no_quorum():
    branch = a_branch(members=0)
    branch.add("预备党员", "probationary")
    record = meeting(branch, present=branch.marks("书记", "纪检委员", "预备党员", "干事"), votes_for="2")
    assert record.fields["carried"] is True
    with pytest.raises(Refused) as refused:
        meeting(branch, present=branch.marks("书记", "预备党员", "干事"), votes_for="2")
    assert refused.value.codes == ("meeting.counts",)


def test_a_committee_needs_half_of_its_members():
    branch = a_branch()
    branch.add("组织委员", "organisation", "full")
    with pytest.raises(Refused) as refused:
        meeting(branch, "支部委员会", present=branch.marks("书记"), decisions=["同意"])
    assert codes(refused) == ("committee_meeting.no_quorum",)
    held = meeting(branch, "支部委员会", present=branch.marks("书记", "组织委员"), votes_for="2")
    assert held.fields["carried"] is True


def test_an_admission_of_2026_is_voted_on_in_secret_and_an_election_needs_four_fifths():
    branch = a_branch()
    branch.at = branch.at.replace(month=6)
    values = {"kind": "支部党员大会", "day": "2026-06-15", "present": branch.marks(*ALL), "votes_for": "6"}
    with pytest.raises(Refused) as refused:
        branch.enter("meeting", vote="接收预备党员", **values)
    assert codes(refused) == ("admission.not_secret",)
    assert branch.enter("meeting", vote="接收预备党员", secret_ballot="是", **values).fields["carried"] is True
    with pytest.raises(Refused) as refused:
        branch.enter("meeting", vote="选举", **{**values, "present": branch.marks(*ALL[:4]), "votes_for": "4"})
    assert refused.value.codes == ("election.no_quorum",)


def test_members_preside_over_no_meeting_of_the_branch():
    branch = a_branch()
    with pytest.raises(Refused) as refused:
        meeting(branch, chair=branch.marks("党员1")[0])
    assert codes(refused) == ("meeting.chair",)
    assert meeting(branch, chair=branch.marks("纪检委员")[0]).chair.name == "纪检委员"
    assert meeting(branch, "党课", chair=branch.marks("党员1")[0]).chair.name == "党员1"


def test_a_new_roll_is_held_against_the_votes_that_stand():
    branch = a_branch()
    record = meeting(branch, present=branch.marks(*ALL), votes_for="5")
    inputs = {"actor": branch.actor("书记"), "at": branch.at, "record": record.pk}
    with pytest.raises(Refused) as refused:
        take_roll(branch.unit, present=branch.marks("书记", "党员1"), **inputs)
    assert refused.value.codes == ("meeting.no_quorum",)
    assert take_roll(branch.unit, present=branch.marks(*ALL[:5]), **inputs).fields["carried"] is True
    fixed = {"kind": "支部党员大会", "day": "2026-03-12", "votes_for": "3"}
    assert correct_record(branch.unit, values=fixed, reason="票数", **inputs).fields["carried"] is False


def test_the_first_item_is_a_tag_by_what_was_studied_and_its_tasks_close_by_records():
    branch = a_branch()
    record = meeting(branch, "支部委员会", first_source="重要讲话", tags=["廉政"])
    assert sorted(record.tags.values_list("tag", flat=True)) == ["廉政", "第一议题"]
    bare = meeting(branch, "支部委员会", tags=["第一议题"])
    assert bare.tags.count() == 0
    task = branch.enter("follow_up", kind="第一议题落实", title="开展专题学习", day="2026-03-12", parent=record.pk)
    study = branch.enter("study", kind="集中学习", day="2026-03-13")
    link_records(
        branch.unit, actor=branch.actor("书记"), at=branch.at, record=task.pk, kind="evidence", target=study.pk
    )
    task.refresh_from_db()
    assert (task.state, task.closed_on) == (State.DONE, branch.at.date())


def test_a_follow_up_without_a_meeting_is_refused():
    branch = a_branch()
    with pytest.raises(Refused) as refused:
        branch.enter("follow_up", kind="会议决定落实", title="修订制度", day="2026-03-12")
    assert codes(refused) == ("follow_up.meeting",)


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_first_items_says_who_led_and_what_came_of_it(count, django_assert_num_queries):
    branch = a_branch()
    for _ in range(count):
        led = meeting(branch, "支部委员会", first_source="讲话", first_lead=branch.marks("纪检委员")[0])
        meeting(branch, "支部委员会", present=branch.marks("书记"), first_source="条例")
        meeting(branch, "支部委员会")
        for title in ("学习", "调研"):
            branch.enter("follow_up", kind="第一议题落实", title=title, day="2026-03-12", parent=led.pk)
    branch.unit.records.filter(title="学习").update(state=State.DONE)
    with django_assert_num_queries(2):
        found = first_items(branch.unit, first=date(2026, 1, 1), last=date(2026, 12, 31))
    assert [(one.source, one.lead, one.follow_ups, one.done) for one in found] == [
        ("讲话", "纪检委员", 2, 1), ("条例", "书记", 0, 0),
    ] * count  # fmt: skip
