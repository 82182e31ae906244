"""三重一大、慰问、评先和先锋岗: what is decided by whom, and what follows without typing."""

from decimal import Decimal

import pytest

from support.units import a_branch
from yangguang.ledger.acts import link_records
from yangguang.ledger.catalogue import catalogue
from yangguang.ledger.models import State
from yangguang.rules.refusal import Refused

pytestmark = pytest.mark.django_db(transaction=True)

LEADERS = ("主任", "副主任", "总工")


def a_centre():
    """A branch with three leaders."""
    branch = a_branch(members=2)
    for name in LEADERS:
        branch.add(name, "leader", "full")
    return branch


def a_meeting(branch, *present, **values):
    """A meeting of the leaders; with a roll where somebody is named."""
    roll = {"present": branch.marks(*present)} if present else {}
    return branch.enter("group_meeting", **{"kind": "三重一大会议", "day": "2026-03-12", **roll, **values})


def a_matter(branch, meeting, **values):
    """A major matter of that meeting."""
    usual = {"kind": "大额资金运作", "title": "购置设备", "day": "2026-03-12", "parent": meeting.pk, "votes_for": "2"}
    return branch.enter("major_matter", **{**usual, **values})


def test_a_first_item_and_topics_are_tags_of_one_meeting():
    branch = a_centre()
    meeting = a_meeting(branch, *LEADERS, tags=["党建", "意识形态"], first_source="重要讲话")
    assert sorted(meeting.tags.values_list("tag", flat=True)) == ["党建", "意识形态", "第一议题"]
    assert meeting.attendances.filter(is_due=True).count() == 3


def test_a_major_matter_rests_on_the_meetings_roll_and_is_done_by_a_record():
    branch = a_centre()
    meeting = a_meeting(branch, *LEADERS[:2])
    matter, lost = a_matter(branch, meeting), a_matter(branch, meeting, votes_for="1", dissent=["价格偏高"])
    assert (matter.fields["carried"], lost.fields["carried"], matter.state) == (True, False, State.OPEN)
    done = branch.enter("study", kind="集中学习", day="2026-03-13")
    link_records(
        branch.unit, actor=branch.actor("书记"), at=branch.at, record=matter.pk, kind="evidence", target=done.pk
    )
    matter.refresh_from_db()
    assert matter.state == State.DONE


@pytest.mark.parametrize(
    ("present", "values", "code"),
    [
        ((), {}, "matter.no_roll"),
        (("主任",), {"votes_for": "1"}, "group_meeting.no_quorum"),
        (("主任", "副主任"), {"votes_for": "3"}, "group_meeting.counts"),
        (("主任", "副主任"), {"parent": ""}, "matter.meeting"),
    ],
)
def test_a_major_matter_without_a_meeting_that_could_decide_is_refused(present, values, code):
    branch = a_centre()
    meeting = a_meeting(branch, *present)
    with pytest.raises(Refused) as refused:
        a_matter(branch, meeting, **values)
    assert refused.value.codes == (code,)


def test_appointments_need_two_thirds_of_the_leaders():
    branch = a_centre()
    branch.add("纪检组长", "leader", "full")
    meeting = a_meeting(branch, *LEADERS[:2])
    with pytest.raises(Refused) as refused:
        a_matter(branch, meeting, kind="重要人事任免")
    assert refused.value.codes == ("group_meeting.personnel_quorum",)


def test_care_counts_who_is_ticked_and_multiplies_what_each_gets():
    branch = a_centre()
    values = {"kind": "慰问职工", "day": "2026-03-12", "each": "300"}
    ticked = branch.enter("care", present=branch.marks("党员1", "党员2"), **values)
    outside = branch.enter("care", **{**values, "kind": "慰问一线人员", "quantity": "55", "whom": "驾驶员"})
    assert [(one.quantity, one.amount) for one in (ticked, outside)] == [(2, 600), (55, 16_500)]
    with pytest.raises(Refused) as refused:
        branch.enter("care", **values)
    assert refused.value.codes == ("care.nobody",)


def test_care_from_dues_stays_within_what_was_decided():
    branch = a_centre()
    decided = branch.enter(
        "meeting", kind="支部委员会", day="2026-03-11", present=branch.marks("书记", "纪检委员"), votes_for="2"
    )
    spent = branch.enter(
        "dues_spending", kind="补助生活困难党员", title="慰问", day="2026-03-12", amount="600", parent=decided.pk
    )
    values = {"kind": "慰问党员", "day": "2026-03-12", "each": "300", "source": "党费"}
    for parent, count, code in ((None, 1, "care.dues"), (spent.pk, 3, "care.overspent")):
        with pytest.raises(Refused) as refused:
            branch.enter("care", quantity=str(count), parent=parent, **values)
        assert refused.value.codes == (code,)
    assert branch.enter("care", quantity="2", parent=spent.pk, **values).amount == Decimal(600)
    with pytest.raises(Refused):
        branch.enter("care", quantity="1", parent=spent.pk, **values)


def test_short_forms_stand_with_what_only_people_know():
    branch = a_centre()
    owner = branch.marks("党员1")[0]
    award = branch.enter("award", kind="通报表扬", day="2026-03-12", owner=owner)
    assert (award.title, award.quantity) == ("党员1通报表扬", 1)
    post = {"kind": "党员先锋岗", "title": "窗口先锋岗", "day": "2026-03-12"}
    assert branch.enter("pioneer", owner=owner, due_on="2026-12-31", **post).state == State.DONE
    for register, values, code in (
        ("pioneer", post, "pioneer.nobody"),
        ("pioneer", {**post, "owner": owner, "due_on": "2026-03-01"}, "pioneer.until"),
        ("party_worker", {"kind": "备案", "day": "2026-03-12"}, "worker.nobody"),
    ):
        with pytest.raises(Refused) as refused:
            branch.enter(register, **values)
        assert refused.value.codes == (code,)


def test_every_system_of_party_life_has_a_register_or_is_a_kind_of_one():
    without = {f"D{number:02d}" for number in range(1, 24)} - {one.system for one in catalogue().values()}
    assert without == {"D05", "D06", "D08"}
    kinds = {*catalogue()["study"].kinds, *catalogue()["party_day"].kinds}
    assert {"中心组学习", "青年学习", "政治生日"} - kinds == set()
