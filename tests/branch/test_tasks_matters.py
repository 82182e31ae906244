"""Matters with their clocks, urgent information, problems, rounds with agendas, and assessments from figures."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from support.units import a_branch
from yangguang.branch.matters import first_reports, overdue, problems_of
from yangguang.branch.rhythm import agenda_for, score_items, total
from yangguang.branch.services import expiring, lasting, rule_from_decision
from yangguang.ledger.acts import cancel_record, close_record, correct_record
from yangguang.ledger.models import Post, Unit
from yangguang.rules.refusal import Refused

pytestmark = pytest.mark.django_db(transaction=True)


def matter(branch, kind="一般督办事项", **more):
    return branch.enter("matter", **{"kind": kind, "title": "事项", "day": "2026-03-10", **more})


def close(branch, record, *, on=date(2026, 3, 15), result="已办结"):
    return close_record(branch.unit, actor=branch.actor("书记"), at=branch.at, record=record.pk, on=on, result=result)


@pytest.mark.parametrize(
    ("kind", "due"),
    [
        ("一般督办事项", date(2026, 3, 16)),
        ("复杂督办事项", date(2026, 4, 9)),
        ("年初确定事项", date(2026, 12, 31)),
        ("人大代表建议", date(2026, 6, 10)),
        ("来访", date(2026, 3, 31)),
    ],
)
def test_the_end_of_a_matter_follows_from_its_kind(kind, due):
    assert matter(a_branch(), kind).due_on == due


def test_a_matter_may_be_extended_within_what_the_rule_allows():
    branch = a_branch()
    assert matter(branch, "人大代表建议", extended_to="2026-09-10").due_on == date(2026, 9, 10)
    for day in ("2026-09-11", "2026-05-01"):
        with pytest.raises(Refused) as refused:
            matter(branch, "人大代表建议", extended_to=day)
        assert refused.value.codes == ("matter.extended",)


def test_a_matter_has_one_number_and_a_correction_keeps_it():
    branch = a_branch()
    first = matter(branch, reference="督〔2026〕7号")
    with pytest.raises(Refused) as refused:
        matter(branch, reference="督〔2026〕7号")
    assert refused.value.codes == ("matter.number",)
    values = {"kind": "复杂督办事项", "title": "事项", "day": "2026-03-10", "reference": "督〔2026〕7号"}
    act = {"actor": branch.actor("书记"), "at": branch.at, "record": first.pk}
    assert correct_record(branch.unit, values=values, reason="改为复杂事项", **act).due_on == date(2026, 4, 9)
    cancel_record(branch.unit, reason="误录", **act)
    assert matter(branch, reference="督〔2026〕7号").number == 2


def test_what_is_open_after_its_day_is_overdue_until_it_is_closed():
    branch = a_branch()
    late, other = matter(branch), matter(branch, "复杂督办事项")
    assert overdue(branch.unit, at=date(2026, 3, 16)) == []
    assert overdue(branch.unit, at=date(2026, 3, 17)) == [late]
    close(branch, late)
    assert overdue(branch.unit, at=date(2026, 12, 31)) == [other]


def incident(branch, **more):
    begins = datetime(2026, 3, 16, 1, 0, tzinfo=UTC)
    return branch.enter("incident", title="大厅断电", day="2026-03-16", begins=begins.isoformat(), **more), begins


def test_the_first_reports_of_an_incident_are_counted_in_minutes():
    branch = a_branch()
    row, begins = incident(branch, telephone_at=(datetime(2026, 3, 16, 1, 20, tzinfo=UTC)).isoformat())
    telephone, written = first_reports(row, at=begins + timedelta(minutes=61))
    assert (telephone.minutes, telephone.late) == (20, False)
    assert (written.due, written.minutes, written.late) == (begins + timedelta(minutes=60), None, True)


def test_nothing_is_reported_before_it_happened():
    branch = a_branch()
    with pytest.raises(Refused) as refused:
        incident(branch, written_at="2026-03-16T08:30")
    assert refused.value.codes == ("incident.written_at",)
    with pytest.raises(Refused) as refused:
        branch.enter("incident", title="大厅断电", day="2026-03-16")
    assert refused.value.codes == ("incident.begins",)


def test_what_was_not_rectified_is_carried_into_the_next_year():
    branch = a_branch()
    values = {"kind": "监督检查", "measure": "建立清单"}
    old = branch.enter("problem", title="台账不全", day="2025-11-01", **values)
    done = branch.enter("problem", title="标识不清", day="2025-11-02", **values)
    close(branch, done, on=date(2025, 12, 1))
    new = branch.enter("problem", title="培训不足", day="2026-03-01", **values)
    assert problems_of(branch.unit, year=2025) == [(old, False), (done, False)]
    assert problems_of(branch.unit, year=2026) == [(old, True), (new, False)]
    close(branch, old)
    assert problems_of(branch.unit, year=2027) == [(new, True)]


def test_a_problem_points_at_the_record_it_came_from():
    branch = a_branch()
    check = branch.enter("inspection", kind="班子成员监督检查", title="检查", day="2026-03-10")
    problem = branch.enter("problem", kind="监督检查", title="台账不全", day="2026-03-10", parent=check.pk)
    assert list(check.children.all()) == [problem]


def test_the_agenda_of_a_round_is_made_of_what_is_overdue_and_what_is_coming():
    branch = a_branch()
    section = Unit.objects.create(
        stream="unit:jz", stage="keeping", code="jz", name="见证科", kind="section", path="/zb/jz/",
        opened_on=date(2020, 1, 1),
    )  # fmt: skip
    Post.objects.create(unit=section, person=branch.people["党员1"], post="staff", since=date(2020, 1, 1))
    assert agenda_for(branch.unit, kind="周例会", at=date(2026, 3, 16)).is_empty
    late = branch.enter(
        "task", kind="任务", title="修订流程", day="2026-03-01", due_on="2026-03-10", owner=branch.people["党员1"].mark
    )
    soon = matter(branch)
    later = matter(branch, "复杂督办事项")
    problem = branch.enter("problem", kind="工作复盘", title="台账不全", day="2026-03-10", due_on="2026-03-12")
    week = agenda_for(branch.unit, kind="周例会", at=date(2026, 3, 16))
    assert (week.overdue, week.coming, week.problems) == ((late,), (soon,), (problem,))
    assert agenda_for(branch.unit, kind="月检查", at=date(2026, 3, 16)).coming == (soon, later)
    assert [(one.name, one.tasks, one.done, one.overdue) for one in week.sections] == [("见证科", 1, 0, 1)]


def test_scores_follow_from_figures_and_a_missing_figure_leaves_no_total():
    branch = a_branch()
    scheme = branch.enter("assessment_scheme", kind="年度考核", day="2026-01-05")
    items = [
        branch.enter(
            "assessment_item",
            title=metric,
            day="2026-01-05",
            parent=scheme.pk,
            metric=metric,
            target=target,
            weight="10",
        )
        for metric, target in (("committee_meetings", "12"), ("member_meetings", "4"))
    ]
    scores = score_items(items, figures={"committee_meetings": 9, "member_meetings": 5})
    assert ([one.score for one in scores], total(scores)) == ([Decimal("7.5"), Decimal("10.0")], Decimal("17.5"))
    assert total(score_items(items, figures={"committee_meetings": 9})) is None
    with pytest.raises(Refused) as refused:
        branch.enter(
            "assessment_item", title="x", day="2026-01-05", parent=scheme.pk, metric="lectures", target="0", weight="1"
        )
    assert refused.value.codes == ("assessment.target",)


def test_somebody_reports_once_to_a_community():
    branch = a_branch()
    values = {"kind": "党员报到", "day": "2026-03-10", "community": "示例社区"}
    branch.enter("community_report", owner=branch.people["党员1"].mark, **values)
    for code, more in (("twice", {"owner": branch.people["党员1"].mark}), ("owner", {})):
        with pytest.raises(Refused) as refused:
            branch.enter("community_report", **values, **more)
        assert refused.value.codes == (f"community_report.{code}",)


def test_a_counter_is_printed_with_its_own_period():
    branch = a_branch()
    count = branch.enter("service_count", day="2026-03-10", first="2025-07-01", quantity="86747")
    assert (count.title, count.quantity) == ("2025年7月至2026年3月累计", 86747)
    with pytest.raises(Refused) as refused:
        branch.enter("service_count", day="2026-03-10", first="2026-03-11", quantity="1")
    assert refused.value.codes == ("service_count.first",)


def test_honours_last_until_their_end_and_are_renewed_in_time():
    branch = a_branch()
    values = {"kind": "省级", "giver": "示例省文明委", "day": "2024-03-10"}
    ending = branch.enter("honour", title="文明单位", until="2026-06-30", **values)
    lasting_on = branch.enter("honour", title="巾帼文明岗", **values)
    assert lasting(branch.unit, register="honour", on=date(2026, 6, 30)) == [ending, lasting_on]
    assert lasting(branch.unit, register="honour", on=date(2026, 7, 1)) == [lasting_on]
    spring = {"first": date(2026, 3, 16), "last": date(2026, 9, 16)}
    assert expiring(branch.unit, register="honour", **spring) == [ending]


def test_a_decision_of_a_meeting_enters_the_rules_library_without_typing():
    branch = a_branch()
    meeting = branch.enter(
        "meeting", kind="支部委员会", title="支委会", day="2026-03-12", present=branch.marks("书记", "纪检委员"),
        decisions=["通过《见证服务规范》", "通过《请假制度》"],
    )  # fmt: skip
    values = rule_from_decision(meeting, number=2, kind="制度")
    rule = branch.enter("rule_document", **values)
    assert (rule.title, rule.day, rule.parent) == ("通过《请假制度》", meeting.day, meeting)
    for code, changed in (("twice", {}), ("day", {"day": "2026-03-13", "title": "另一项"})):
        with pytest.raises(Refused) as refused:
            branch.enter("rule_document", **{**values, **changed})
        assert refused.value.codes == (f"rule_document.{code}",)
