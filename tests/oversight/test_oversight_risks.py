"""Integrity risks: powers, risk points, measures, rounds, and the signals that trades send them."""

from datetime import timedelta

import pytest

from support.stages import trade_at
from support.units import a_branch
from support.witnessing import anomaly
from yangguang.experts import draws
from yangguang.ledger.acts import cancel_record, close_record, correct_record
from yangguang.ledger.models import Link
from yangguang.oversight.acts import answer_signal
from yangguang.oversight.risks import risk_map, round_result, unanswered_signals
from yangguang.parties.models import Organisation
from yangguang.rules.refusal import Refused
from yangguang.trading.models import Trade
from yangguang.trading.stages import Stage
from yangguang.witness.models import Entry

pytestmark = pytest.mark.django_db(transaction=True)


def risk(branch, **changed):
    values = {
        "kind": "重点环节", "title": "泄露评标信息", "day": branch.at.date().isoformat(), "step": "评标",
        "nature": "人财物", "approver": branch.people["书记"].mark,
    }  # fmt: skip
    return branch.enter("risk", **{**values, **changed})


def measure(branch, of, **changed):
    values = {"title": "评标区全程录像", "day": branch.at.date().isoformat(), "parent": of.pk}
    return branch.enter("measure", **{**values, **changed})


def with_trade(stage=Stage.REVIEWING):
    """A branch of the centre in which a trade stands, at the trade's time."""
    scene = trade_at(stage)
    branch = a_branch()
    branch.at = scene.at + timedelta(hours=1)
    centre = scene.trade.centre
    branch.unit.organisation = Organisation.objects.get_or_create(code=centre.code, defaults={"name": centre.name})[0]
    branch.unit.save()
    return branch, scene


def test_a_grade_follows_from_the_power_and_another_one_needs_its_reason():
    branch = a_branch()
    assert risk(branch).fields["grade"] == "高"
    assert risk(branch, nature="一般管理").fields["grade"] == "中"
    with pytest.raises(Refused) as refused:
        risk(branch, grade="低")
    assert refused.value.codes == ("risk.grade_reason",)
    assert risk(branch, grade="低", grade_reason="全部由系统执行").fields["grade"] == "低"


def test_the_map_shows_risks_by_power_with_their_measures_and_what_is_missing():
    branch = a_branch()
    power = branch.enter("power", title="组织评标", day="2026-03-10", post="见证岗")
    first, second = risk(branch, parent=power.pk), risk(branch, nature="其他", title="档案遗失", step="档案")
    done = measure(branch, first)
    late = measure(branch, first, due_on="2026-03-15")
    found = risk_map(branch.unit, at=branch.at)
    assert [(one and one.title, [risk.record for risk in risks]) for one, risks in found.powers] == [
        ("组织评标", [first]),
        (None, [second]),
    ]
    assert (found.by_grade, found.measures) == ({"高": 1, "中": 0, "低": 1}, 2)
    assert [one.record for one in found.lacking] == [second]
    assert (found.risks[0].measures, found.risks[0].overdue) == ((done, late), (late,))
    assert [one.owner_level for one in found.risks] == ["主要负责人", "科室负责人"]


def test_the_map_costs_as_many_questions_for_many_risks_as_for_one(django_assert_num_queries):
    branch = a_branch()
    for number in (1, 5):
        for _ in range(number):
            measure(branch, risk(branch))
        with django_assert_num_queries(12):
            assert len(risk_map(branch.unit, at=branch.at).risks) >= number


def test_a_measure_hangs_on_a_risk_that_stands():
    branch = a_branch()
    gone, power = risk(branch), branch.enter("power", title="组织评标", day="2026-03-10", post="见证岗")
    cancel_record(branch.unit, actor=branch.actor("书记"), at=branch.at, record=gone.pk, reason="重复登记")
    for parent in (gone.pk, power.pk, 999_999, None):
        with pytest.raises(Refused) as refused:
            branch.enter("measure", title="录像", day="2026-03-16", parent=parent)
        assert refused.value.codes == ("record.parent",)


def test_a_round_says_what_was_added_changed_and_closed_since_the_last_one():
    branch = a_branch()
    old = risk(branch)
    branch.enter("risk_round", title="第一轮排查", day="2026-03-16", present=[])
    branch.at += timedelta(days=10)
    new, closing = risk(branch, title="串通打分"), risk(branch, title="随意指定专家")
    act = {"actor": branch.actor("纪检委员"), "at": branch.at}
    correct_record(
        branch.unit,
        record=old.pk,
        values={
            "kind": "重点环节", "title": "泄露评标信息", "day": "2026-03-16", "step": "评标", "nature": "人财物",
            "grade": "中", "grade_reason": "评标区已封闭", "approver": branch.people["书记"].mark,
        },
        reason="复评",
        **act,
    )  # fmt: skip
    close_record(branch.unit, record=closing.pk, on=branch.at.date(), result="职责划出", **act)
    second = branch.enter("risk_round", title="第二轮排查", day="2026-03-26", present=[])
    found = round_result(second)
    assert (found.added, found.regraded, found.closed) == ((new, closing), (old,), (closing,))


def test_an_anomaly_of_a_trade_is_a_signal_that_a_person_accepts_on_a_risk():
    branch, scene = with_trade()
    anomaly(scene)
    low = risk(branch, nature="一般管理")
    waiting = unanswered_signals(branch.unit, at=branch.at)
    assert [(one.source, one.step, one.stream) for one in waiting] == [("见证异常", "评标", scene.stream)]
    assert risk_map(branch.unit, at=branch.at).risks[0].signals == tuple(waiting)
    inputs = {"actor": branch.actor("纪检委员"), "at": branch.at, "signal": waiting[0].key}
    answer = answer_signal(branch.unit, accept=True, risk=low.pk, **inputs)
    link = Link.objects.get(record=answer)
    assert Entry.objects.get(stream=link.stream, sequence=link.sequence).act == "register_anomaly"
    found = risk_map(branch.unit, at=branch.at).risks[0]
    assert (found.grade, found.proposed, found.signals, found.accepted) == ("中", "高", (), 1)
    with pytest.raises(Refused) as refused:
        answer_signal(branch.unit, accept=True, risk=low.pk, **inputs)
    assert refused.value.codes == ("signal.unknown",)


def test_a_grade_that_was_weighed_after_the_signal_is_proposed_no_more():
    branch, scene = with_trade()
    anomaly(scene)
    low = risk(branch, nature="一般管理")
    signal = unanswered_signals(branch.unit, at=branch.at)[0].key
    act = {"actor": branch.actor("书记"), "at": branch.at}
    answer_signal(branch.unit, signal=signal, accept=True, risk=low.pk, **act)
    values = {
        "kind": "重点环节", "title": "泄露评标信息", "day": branch.at.date().isoformat(), "step": "评标",
        "nature": "一般管理", "grade": "高", "grade_reason": "信号采纳", "approver": branch.people["书记"].mark,
    }  # fmt: skip
    correct_record(branch.unit, record=low.pk, values=values, reason="复评", **act)
    found = risk_map(branch.unit, at=branch.at).risks[0]
    assert (found.grade, found.proposed) == ("高", "")


def test_what_is_not_accepted_is_explained_and_what_is_accepted_has_a_risk():
    branch, scene = with_trade()
    anomaly(scene)
    inputs = {"at": branch.at, "signal": unanswered_signals(branch.unit, at=branch.at)[0].key}
    for refused_for, more in (("signal.reason", {"accept": False}), ("signal.risk", {"accept": True, "risk": 1})):
        with pytest.raises(Refused) as refused:
            answer_signal(branch.unit, actor=branch.actor("书记"), **inputs, **more)
        assert refused.value.codes == (refused_for,)
    with pytest.raises(Refused) as refused:
        answer_signal(branch.unit, actor=branch.actor("党员1"), accept=False, reason="无关", **inputs)
    assert refused.value.codes == ("access.denied",)
    answer_signal(branch.unit, actor=branch.actor("书记"), accept=False, reason="保洁人员误入，已劝离", **inputs)
    assert unanswered_signals(branch.unit, at=branch.at) == []


def test_attempts_without_power_are_counted_by_month_and_side_and_name_nobody():
    branch, scene = with_trade()
    for _ in range(2):
        with pytest.raises(Refused):
            scene.do("issue_report", "bidder1")
    found = unanswered_signals(branch.unit, at=branch.at)
    assert [(one.source, one.step, one.text, one.count) for one in found] == [
        ("越权尝试", "评标", "2026年03月外部有2次越权办理被拒绝", 2)
    ]


def test_before_its_deadline_nobody_is_told_that_somebody_tried():
    branch, scene = with_trade()
    with pytest.raises(Refused):
        scene.do("issue_report", "bidder1")
    Trade.objects.update(bid_deadline=branch.at + timedelta(days=1))
    assert unanswered_signals(branch.unit, at=branch.at) == []
    Trade.objects.update(bid_deadline=branch.at)
    assert [one.source for one in unanswered_signals(branch.unit, at=branch.at)] == ["越权尝试"]


def test_refusals_in_a_draw_are_one_signal_a_trade_and_come_again_with_the_next():
    branch, scene = with_trade(Stage.OPENED)
    scene.draw()
    expected = []
    for _ in (1, 2):
        position = draws.next_position(scene.current_draw())
        scene.do("record_expert_reply", "centre", position=position, reply="refused", reason="出差")
        found = unanswered_signals(branch.unit, at=branch.at)
        expected.append((found[0].source, found[0].step, found[0].count))
        inputs = {"actor": branch.actor("书记"), "at": branch.at, "accept": False, "reason": "均为出差"}
        answer_signal(branch.unit, signal=found[0].key, **inputs)
        assert unanswered_signals(branch.unit, at=branch.at) == []
    assert expected == [("专家抽取", "专家抽取", 1), ("专家抽取", "专家抽取", 2)]


def test_the_second_sheet_of_an_agency_and_every_clue_are_signals():
    branch = a_branch()
    sheet = {"title": "逾期发布公告", "day": "2026-03-12", "agency": "91000000MA000000X0", "step": "公告发布"}
    branch.enter("agency_sheet", **sheet)
    assert unanswered_signals(branch.unit, at=branch.at) == []
    branch.enter("agency_sheet", **sheet)
    clue = branch.enter("clue", kind="围标串标", title="某公司", day="2026-03-16", step="投标", facts="报价规律相同")
    found = unanswered_signals(branch.unit, at=branch.at)
    assert sorted((one.source, one.step, one.text) for one in found) == [
        ("代理机构", "公告发布", "同一代理机构本年第2次违规"),
        ("问题线索", "投标", "登记一条围标串标线索"),
    ]
    assert clue.title == "围标串标线索"


def test_a_unit_without_a_centre_gets_no_signals_from_trades():
    scene = trade_at(Stage.REVIEWING)
    anomaly(scene)
    branch = a_branch()
    branch.at = scene.at
    assert unanswered_signals(branch.unit, at=branch.at) == []
