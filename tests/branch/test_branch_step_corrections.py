"""A unit corrects the steps of developing a member: by the right post, for itself and below, with what was before."""

from datetime import UTC, date, datetime

import pytest

from support.units import OPENED, a_branch
from yangguang.branch.development import cases
from yangguang.branch.step_corrections import chart_for, clock_names, rows_of
from yangguang.ledger.acts import cancel_record
from yangguang.ledger.acts.people import found_unit
from yangguang.ledger.models import Post, Unit
from yangguang.rules.refusal import Refused
from yangguang.witness.models import Entry

pytestmark = pytest.mark.django_db(transaction=True)

NEW, FROM = date(2026, 6, 1), date(2026, 10, 1)
SAID = {"source": "细则正式文本", "article": "第八条", "verified": "是", "why": "与正式文本不一致"}
TALK = {"day": "2026-10-01", "step": "党组织派人谈话", "what": "派人谈话", **SAID}
CLOCK = {"clock": "不晚于“递交入党申请书”后", "value": "20", "unit": "个工作日"}


def later_branch():
    branch = a_branch()
    branch.at = datetime(2026, 10, 8, 2, 0, tzinfo=UTC)
    return branch


def correct(branch, by="书记", **values):
    return branch.enter("development_rule", by=by, **{**TALK, **values})


def test_a_correction_is_one_entry_with_its_reason_and_what_was_before():
    branch = later_branch()
    entries = Entry.objects.filter(stream=branch.unit.stream).count()
    record = correct(branch, **CLOCK)
    assert Entry.objects.filter(stream=branch.unit.stream).count() == entries + 1
    assert (record.title, record.fields["why"], record.fields["version"]) == (
        "更正步骤：党组织派人谈话", "与正式文本不一致", "2026-10-01",
    )  # fmt: skip
    assert record.fields["before"] == (
        "党组织派人谈话；不晚于“递交入党申请书”后1个月；中国共产党发展党员工作细则（2026年修订）第七条（默认值，可更正）"
    )
    rows = {one.step.id: one for _, stage in rows_of(branch.unit, version=NEW, on=FROM) for one in stage}
    assert [(one.step.what, one.until) for one in rows["talk"].history] == [
        ("党组织派人谈话", date(2026, 9, 30)), ("派人谈话", None),
    ]  # fmt: skip
    assert (rows["talk"].mark, rows["talk"].clocks[0].rule.amount_text) == ("已核对正式文本", "20个工作日")
    assert (rows["activist"].mark, rows["activist"].history) == ("待核实（尚未核对）", [])


def test_a_case_is_led_by_the_corrected_step_from_its_day_on():
    branch = later_branch()
    branch.add("申请人", "staff")
    case = branch.enter("development", day="2026-09-25", owner=branch.marks("申请人")[0])
    branch.enter("development_step", day="2026-09-25", parent=str(case.pk))
    correct(branch, what="", **(CLOCK | {"value": "3"}))
    before, after = (cases(branch.unit, on=day)[0] for day in (date(2026, 9, 30), date(2026, 10, 8)))
    assert (before.outlook.latest, after.outlook.latest) == (date(2026, 10, 25), date(2026, 9, 30))
    assert ([one.code for one in before.late], [one.code for one in after.late]) == ([], ["development.late"])
    assert after.late[0].article == "细则正式文本第八条"


def test_a_step_is_entered_under_the_name_that_it_had_on_its_day():
    branch = later_branch()
    branch.add("申请人", "staff")
    case = branch.enter("development", day="2026-09-25", owner=branch.marks("申请人")[0])
    correct(branch)
    step = {"parent": str(case.pk)}
    branch.enter("development_step", day="2026-09-25", **step)
    assert branch.enter("development_step", day="2026-10-06", step="派人谈话", **step).title == "派人谈话"


def test_only_the_secretary_and_who_does_organisation_work_correct():
    branch = later_branch()
    branch.add("组织委员", "organisation")
    for name in ("干事", "纪检委员", "党员1"):
        with pytest.raises(Refused) as refused:
            correct(branch, by=name)
        assert refused.value.codes == ("access.denied",)
    assert correct(branch, by="组织委员").title == "更正步骤：党组织派人谈话"


def test_a_correction_holds_in_the_units_below_and_in_no_other():
    found_unit(code="dw", name="示例市公共资源交易中心党委", kind="committee", opened_on=OPENED)
    branch = later_branch()
    Unit.objects.filter(pk=branch.unit.pk).update(path="/dw/zb/")
    below = Unit.objects.get(pk=branch.unit.pk)
    beside = found_unit(code="wz", name="示例市另一个党支部", kind="branch", opened_on=OPENED)
    committee = Unit.objects.get(code="dw")
    Post.objects.create(unit=committee, person=branch.people["书记"], post="secretary", since=OPENED)
    branch.unit = committee
    record = correct(branch)
    names = {one.code: chart_for(one, version=NEW, on=FROM).step("talk").what for one in (committee, below, beside)}
    assert names == {"dw": "派人谈话", "zb": "派人谈话", "wz": "党组织派人谈话"}
    cancel_record(committee, actor=branch.actor("书记"), at=branch.at, record=record.pk, reason="更正有误")
    assert chart_for(below, version=NEW, on=FROM).step("talk").what == "党组织派人谈话"


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"step": "跳级"}, "step_correction.step"),
        ({"version": "2014-05-01"}, "step_correction.version"),
        ({"version": "2026-06-01", "day": "2026-04-01"}, "step_correction.since"),
        ({"clock": "别的时限", "value": "1", "unit": "年"}, "step_correction.clock"),
        ({"step": "发展对象人选公示", "value": "5", "unit": "日"}, "step_correction.clock"),
        ({"value": "5"}, "step_correction.length"),
        ({"value": "0", "unit": "日"}, "step_correction.value"),
        ({"why": ""}, "record.why"),
        ({"source": ""}, "record.source"),
    ],
)
def test_a_correction_that_cannot_hold_is_refused_and_changes_nothing(values, code):
    branch = later_branch()
    with pytest.raises(Refused) as refused:
        correct(branch, **values)
    assert refused.value.codes == (code,)
    assert branch.unit.records.count() == 0


def test_the_same_correction_twice_is_refused():
    branch = later_branch()
    correct(branch)
    with pytest.raises(Refused) as refused:
        correct(branch, step="派人谈话", what="")
    assert refused.value.codes == ("step_correction.nothing",)


def test_a_correction_is_made_of_the_older_version_too_and_the_form_suggests_its_clocks():
    branch = later_branch()
    correct(branch, version="2025-01-01")
    names = [chart_for(branch.unit, version=day, on=FROM).step("talk").what for day in (date(2025, 1, 1), NEW)]
    assert names == ["派人谈话", "党组织派人谈话"]
    assert "延长后不晚于“支部大会讨论接收”后" in clock_names(branch.unit, FROM)


def test_a_case_before_the_first_version_is_refused():
    branch = later_branch()
    with pytest.raises(Refused) as refused:
        branch.enter("development", day="2014-05-01", owner=branch.marks("党员1")[0])
    assert refused.value.codes == ("development.version",)
