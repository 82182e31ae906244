"""发展党员: steps in their order and time, with their material, and votes that were really held."""

from datetime import UTC, date, datetime, timedelta

import pytest

from support.units import a_branch
from yangguang.branch.development import cases
from yangguang.branch.step_corrections import step_names
from yangguang.ledger.acts import correct_record
from yangguang.rules.refusal import Refused

pytestmark = pytest.mark.django_db(transaction=True)


def a_case(day="2026-05-06"):
    """A branch in 2028 and the case of an applicant."""
    branch = a_branch()
    branch.at = datetime(2028, 12, 1, 2, 0, tzinfo=UTC)
    branch.add("申请人", "staff")
    return branch, branch.enter("development", day=day, owner=branch.marks("申请人")[0])


def step(branch, case, day, name="", **values):
    """One step of a case."""
    return branch.enter("development_step", day=day, parent=str(case.pk), step=name, **values)


def until(branch, case, last):
    """Every step from the first to `last`: those of the first two stages in May 2026, the others from June 2027 on."""
    names = step_names(branch.unit, date(2026, 6, 1))
    for number, name in enumerate(names[: names.index(last) + 1]):
        day = date(2026, 5, 10) if number < names.index("发展对象人选公示") else date(2027, 6, 1)
        step(branch, case, (day + timedelta(days=8 * number)).isoformat() if number > 5 else "2026-05-10", name)


def test_steps_follow_each_other_and_name_what_comes_next():
    branch, case = a_case()
    first = step(branch, case, "2026-05-06")
    assert (first.title, first.fields["step_id"]) == ("递交入党申请书", "application")
    with pytest.raises(Refused) as refused:
        step(branch, case, "2026-05-07", "确定发展对象")
    assert (refused.value.codes, refused.value.refusals[0].remedy) == (
        ("development.order",), "下一步是“党组织派人谈话”",
    )  # fmt: skip
    with pytest.raises(Refused) as refused:
        step(branch, case, "2026-05-07", "跳级")
    assert refused.value.codes == ("development.step",)


def test_a_step_waits_for_its_time_and_its_material():
    branch, case = a_case()
    until(branch, case, "培养教育考察")
    with pytest.raises(Refused) as refused:
        step(branch, case, "2026-06-20", missing=["公示材料"])
    assert refused.value.codes == ("development.material",)
    step(branch, case, "2026-06-20")
    with pytest.raises(Refused) as refused:
        step(branch, case, "2026-12-20", "确定发展对象")
    assert refused.value.codes == ("development.early",)
    assert step(branch, case, "2027-06-20", "确定发展对象").fields["step_id"] == "candidate"


def test_an_admission_rests_on_a_meeting_that_was_held_that_day_and_carried_it():
    branch, case = a_case()
    until(branch, case, "填写入党志愿书")
    day = "2027-12-20"
    with pytest.raises(Refused) as refused:
        step(branch, case, day)
    assert (refused.value.codes, refused.value.refusals[0].reason) == (
        ("development.meeting",), f"{day}没有表决通过“接收预备党员”的支部党员大会",
    )  # fmt: skip
    present = branch.marks("书记", "纪检委员", "党员1", "党员2", "党员3")
    meeting = branch.enter(
        "meeting", kind="支部党员大会", day=day, present=present, vote="接收预备党员", votes_for="5", secret_ballot="是"
    )
    assert step(branch, case, day).fields["meeting"] == meeting.pk


def test_a_step_is_corrected_where_it_stands():
    branch, case = a_case()
    step(branch, case, "2026-05-06")
    talk = step(branch, case, "2026-05-20")
    step(branch, case, "2026-05-25")
    values = {"day": "2026-05-18", "parent": str(case.pk), "step": "党组织派人谈话"}
    inputs = {"actor": branch.actor("书记"), "at": branch.at, "record": talk.pk}
    assert correct_record(branch.unit, values=values, reason="日期", **inputs).day == date(2026, 5, 18)
    with pytest.raises(Refused) as refused:
        correct_record(branch.unit, values={**values, "day": "2026-05-01"}, reason="日期", **inputs)
    assert refused.value.codes == ("development.early",)


def test_a_person_has_one_open_case_and_every_step_a_case():
    branch, _ = a_case()
    for register, values, code in (
        ("development", {"owner": branch.marks("申请人")[0]}, "development.twice"),
        ("development", {}, "development.nobody"),
        ("development", {"owner": branch.marks("党员1")[0], "extension": "3"}, "development.extension"),
        ("development_step", {}, "development.case"),
    ):
        with pytest.raises(Refused) as refused:
            branch.enter(register, day="2026-06-01", **values)
        assert refused.value.codes == (code,)


@pytest.mark.parametrize("count", [1, 3])
def test_the_cases_say_what_comes_next_and_what_is_late(count, django_assert_num_queries):
    branch, case = a_case()
    step(branch, case, "2026-05-06")
    for number in range(1, count):
        branch.enter("development", day="2024-06-01", owner=branch.marks(f"党员{number}")[0])
    with django_assert_num_queries(5):
        found = cases(branch.unit, on=date(2026, 6, 20))
    row = next(one for one in found if one.record == case)
    assert (len(found), row.outlook.step.id, row.outlook.latest) == (count, "talk", date(2026, 6, 6))
    assert [one.code for one in row.late] == ["development.late"]
