"""One record, several figures: what integrity, people and tasks count, and where party work and trades meet."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from support.stages import trade_at
from support.units import a_branch
from yangguang.branch.acts import plant_tree
from yangguang.branch.civil import template_rows
from yangguang.branch.hours import hours_by_person
from yangguang.branch.tasks import decomposition, read_wait
from yangguang.ledger.acts import enter_record, link_records, sign_off_register, sign_record
from yangguang.ledger.models import Post, Record, Unit
from yangguang.oversight.fusion import link_duties, unlinked_duties
from yangguang.parties.models import Organisation, Person
from yangguang.reports.assessment import assess
from yangguang.reports.counting import compute
from yangguang.reports.dictionary import dictionary
from yangguang.reports.spans import read_span
from yangguang.rules.refusal import Refused
from yangguang.trading.stages import Stage

pytestmark = pytest.mark.django_db(transaction=True)

DAY = "2026-03-12"


def value(branch, metric, *, period="2026", as_of=None):
    figure = compute(
        metric=dictionary()[metric], period=read_span(period), unit=branch.unit, as_of=as_of or date(2026, 12, 31)
    )
    return figure.value


def values(branch, *metrics):
    return [value(branch, one) for one in metrics]


def test_every_risk_has_its_measure_and_both_are_counted():
    branch = a_branch()
    for number in range(3):
        risk = branch.enter(
            "risk", kind="重点岗位", title=f"风险{number}", day=DAY, step="评标", nature="人财物",
            approver=branch.people["书记"].mark,
        )  # fmt: skip
        branch.enter("measure", title="双人见证", day=DAY, parent=risk.pk)
    branch.enter("risk_round", day=DAY, present=branch.marks("书记", "纪检委员"))
    assert values(branch, "risk_points", "risk_points_high", "risk_measures", "risk_measures_done", "risk_rounds") == [
        3, 3, 3, 0, 1,
    ]  # fmt: skip


def test_letters_count_when_they_are_signed():
    branch = a_branch()
    branch.enter("duty_letter", kind="一岗双责责任书", day=DAY, named=branch.marks("书记", "党员1", "党员2"))
    pledge = branch.enter("pledge", kind="抵制违规吃喝承诺书", day=DAY)
    for name in ("书记", "干事"):
        sign_record(branch.unit, actor=branch.actor(name), at=branch.at, record=pledge.pk)
    assert values(branch, "two_duty_letters", "dining_pledges", "dining_pledges_due") == [0, 2, 7]


def test_films_talks_and_messages_are_counted_from_their_rolls():
    branch = a_branch()
    film = {"kind": "观看警示教育片", "title": "警示教育", "day": DAY}
    branch.enter("warning_education", films=["示例片一", "示例片二"], present=branch.marks("书记"), **film)
    branch.enter("warning_education", films=["示例片二"], present=branch.marks("书记", "党员1"), **film)
    branch.enter("holiday_talk", kind="节前廉政谈话", day=DAY, present=branch.marks("党员1", "党员2"))
    branch.enter("holiday_talk", kind="专项廉政谈话", tags=["违规吃喝"], day=DAY, present=branch.marks("党员1"))
    assert values(
        branch, "warning_films", "warning_film_showings", "warning_education_attendances", "holiday_talks",
        "holiday_talk_attendances", "dining_talk_attendances",
    ) == [2, 2, 3, 1, 2, 1]  # fmt: skip


def test_nothing_found_is_a_figure_only_when_every_section_has_said_so():
    branch = a_branch()
    assert value(branch, "sloth_problems") is None
    campaign = branch.enter("campaign", kind="庸懒散拖", title="作风整治", day=DAY)
    section = Unit.objects.create(
        stream="unit:jy", stage="keeping", code="jy", name="交易科", kind="section", path="/zb/jy/",
        opened_on=date(2020, 1, 1),
    )  # fmt: skip
    Post.objects.create(unit=section, person=branch.people["党员1"], post="leader", since=date(2020, 1, 1))
    assert value(branch, "sloth_problems") is None
    whole, branch.unit = branch.unit, section
    branch.enter("self_check", by="党员1", kind="未发现问题", day="2026-03-16", parent=campaign.pk)
    branch.unit = whole
    assert value(branch, "sloth_problems") == 0


def test_no_violation_is_told_by_an_officer_who_signed_for_the_period():
    branch = a_branch()
    inputs = {"register": "discipline_case", "first": date(2026, 1, 1), "last": date(2026, 3, 15)}
    sign_off_register(branch.unit, actor=branch.actor("纪检委员"), at=branch.at, **inputs)
    with pytest.raises(Refused) as refused:
        sign_off_register(branch.unit, actor=branch.actor("书记"), at=branch.at, **inputs)
    assert (refused.value.codes, dictionary()["violations"].zero) == (("signoff.role",), "signed_off")


def test_the_civilisation_tree_has_six_fields_and_138_items_whose_share_is_counted():
    branch = a_branch()
    rows = template_rows()
    act = {"actor": branch.actor("书记"), "at": branch.at}
    assert plant_tree(branch.unit, register="civil_task", day=date(2026, 1, 5), rows=rows, **act) == 144
    assert all(read_wait(one["waits_for"]).times for one in rows if "waits_for" in one)
    assert values(branch, "civil_fields", "civil_items", "civil_items_done") == [6, 138, 0]
    item = Record.objects.get(register="civil_task", title="公布服务事项和办理流程")
    shown = branch.enter(
        "article", kind="网站", title="办事指南", day=DAY, channel="门户网站", link="https://example.com/a"
    )
    link_records(branch.unit, record=item.pk, kind="evidence", target=shown.pk, **act)
    assert str(value(branch, "civil_share")) == "0.7"
    lines = decomposition(branch.unit, register="civil_task", year=2026)
    assert [(one.number, one.leaves, one.done) for one in lines if one.depth == 1][2] == ("3", 23, 1)


def test_a_visit_marked_as_a_practical_matter_counts_in_both_and_is_entered_once():
    branch = a_branch()
    branch.enter("practical_matter", kind="民生实事", title="增设无障碍席位", day=DAY)
    branch.enter("practical_matter", kind="微心愿", title="捐赠图书", day=DAY)
    branch.enter("field_visit", kind="重点项目服务", title="上门服务示例项目", day=DAY, tags=["办实事"], present=[])
    branch.enter("volunteer_turn", kind="社区服务", day=DAY, tags=["办实事", "双报到"], present=branch.marks("党员1"))
    assert values(
        branch, "practical_matters", "project_services", "volunteer_turns", "livelihood_matters", "wishes"
    ) == [4, 1, 1, 1, 1]


def test_a_party_day_with_two_tags_counts_in_three_figures_and_once_in_each():
    branch = a_branch()
    tags = ["志愿服务", "民族团结"]
    branch.enter("party_day", kind="主题党日", day=DAY, tags=tags, present=branch.marks("党员1", "党员2"))
    branch.enter("unity_activity", title="民族团结联谊", day=DAY, tags=["民族团结"], present=[])
    branch.enter("volunteer_turn", kind="社区服务", day=DAY, tags=["志愿服务"], present=branch.marks("党员1"))
    assert values(branch, "party_days", "unity_activities", "volunteer_turns", "volunteer_attendances") == [1, 2, 2, 3]


def test_one_booking_gives_a_party_day_its_attendance_its_hours_and_its_tags_and_is_no_figure_itself():
    branch = a_branch()
    branch.at = datetime(2026, 3, 12, 10, 0, tzinfo=UTC)
    room = branch.enter("party_place", kind="会议室", title="三楼会议室", day="2025-01-06")
    came = branch.marks("党员1", "党员2")
    times = {"begins": f"{DAY}T09:00", "ends": f"{DAY}T12:00"}
    asked = {"title": "三月主题党日", "day": DAY, "parent": room.pk, **times}
    booking = branch.enter("room_booking", invited=[*came, *branch.marks("党员3")], **asked)
    names = ("party_days", "party_day_attendances", "unity_activities", "joint_activities")
    assert values(branch, *names) == [0, 0, 0, 0]
    inputs = {"actor": branch.actor("书记"), "at": branch.at, "register": "party_day", "booking": booking.pk}
    held = {"kind": "主题党日", "tags": ["民族团结", "工会"], "present": came}
    party_day = enter_record(branch.unit, values=held, **inputs)
    assert values(branch, *names) == [1, 2, 1, 1]
    hours = hours_by_person(branch.unit, first=date(2026, 1, 1), last=date(2026, 12, 31))
    assert {pk: one.total for pk, one in hours.items()} == {
        branch.people[name].pk: Decimal(3) for name in ("党员1", "党员2")
    }
    assert party_day.typed == 0


def test_ideology_is_studied_in_meetings_that_carry_its_tag():
    branch = a_branch()
    present = branch.marks("书记", "纪检委员")
    branch.enter("meeting", kind="支部委员会", title="支委会", day=DAY, tags=["意识形态"], present=present)
    branch.enter("meeting", kind="支部委员会", title="支委会", day="2026-03-13", present=present)
    branch.enter("ideology_analysis", day=DAY, present=present, tags=["意识形态"])
    assert values(branch, "ideology_researches", "ideology_analyses") == [1, 1]


def test_clean_activities_articles_and_plans_are_counted_by_kind_and_tag():
    branch = a_branch()
    branch.enter("clean_culture", kind="廉洁家风", title="家风座谈", day=DAY, present=branch.marks("党员1"))
    branch.enter("clean_culture", kind="清廉机关", title="清廉机关启动", day=DAY, present=[])
    branch.enter("clean_plan", kind="实施方案", title="清廉机关建设方案", day=DAY)
    values_of = {"kind": "公众号", "title": "示例信息", "day": DAY, "channel": "示例公众号"}
    branch.enter("article", tags=["民族团结"], **values_of)
    branch.enter("article", **{**values_of, "kind": "网站"})
    assert values(
        branch, "clean_activities", "family_integrity_activities", "articles", "wechat_articles", "unity_articles"
    ) == [2, 1, 2, 1, 1]


def test_what_lasts_is_counted_whenever_it_began():
    branch = a_branch()
    for name, more in (("示例社区一", {}), ("示例社区二", {"until": "2026-05-01"}), ("示例社区三", {})):
        branch.enter("pairing", kind="党建共建", title=name, day="2024-03-10", **more)
    branch.enter("service_point", kind="爱心驿站", title="驿站一", day="2025-01-01")
    branch.enter("information_point", title="采集点一", day="2025-01-01")
    branch.enter("service_count", day=DAY, first="2025-07-01", quantity="86747")
    branch.enter(
        "volunteer_team", kind="学雷锋志愿服务队", title="服务队", day=DAY, present=branch.marks("党员1", "党员2")
    )
    for community in ("示例社区一", "示例社区二"):
        person = branch.people["党员1"].mark
        branch.enter("community_report", kind="党员报到", day=DAY, owner=person, community=community)
    assert value(branch, "pairings", period="2026-Q1") == 3
    assert values(
        branch, "pairings", "service_points", "rest_stations", "information_points", "service_counts",
        "volunteer_members", "community_members", "communities",
    ) == [2, 1, 1, 1, 86747, 2, 1, 2]  # fmt: skip


def test_an_incident_that_was_not_reported_in_time_is_counted():
    branch = a_branch()
    begins = "2026-03-16T09:00+08:00"
    times = {"telephone_at": "2026-03-16T09:20+08:00", "written_at": "2026-03-16T10:00+08:00"}
    branch.enter("incident", title="大厅断电", day="2026-03-16", begins=begins, **times)
    assert value(branch, "late_first_reports") == 0
    branch.enter("incident", title="网络中断", day="2026-03-16", begins=begins, telephone_at=times["telephone_at"])
    assert values(branch, "incidents", "late_first_reports") == [2, 1]


def test_tasks_of_party_and_business_at_once_are_fused_tasks():
    branch = a_branch()
    for tags in (["党建", "业务"], ["党建"]):
        branch.enter("task", kind="任务", title="任务", day=DAY, tags=tags)
    assert values(branch, "plan_tasks", "fused_tasks") == [2, 1]


def test_an_assessment_scores_by_figures_of_its_months():
    branch = a_branch()
    branch.at += timedelta(days=120)
    scheme = branch.enter("assessment_scheme", kind="半年考核", day="2026-01-05")
    item = {"day": "2026-01-05", "parent": scheme.pk, "target": "2", "weight": "10"}
    branch.enter("assessment_item", title="廉洁学习", metric="integrity_lessons", **item)
    with pytest.raises(Refused) as refused:
        branch.enter("assessment_item", title="在线时长", metric="online_minutes", **item)
    assert refused.value.codes == ("assessment.metric",)
    branch.enter("warning_education", kind="廉洁学习", title="学习", day=DAY, present=[])
    round_ = branch.enter("assessment_round", kind="半年考核", day="2026-07-10", parent=scheme.pk)
    found = assess(round_, as_of=date(2026, 7, 10))
    assert (found.span.name, [str(one.score) for one in found.scores], str(found.total)) == (
        "2026年上半年",
        ["5.0"],
        "5.0",
    )


def test_what_a_member_witnesses_in_trades_is_duty_at_the_pioneer_post_by_a_link_to_the_log():
    scene = trade_at(Stage.REVIEWING)
    branch = a_branch()
    branch.at = scene.at + timedelta(hours=1)
    branch.unit.organisation = Organisation.objects.get(code=scene.actor("tenderer").organisation)
    branch.people["见证人"] = Person.objects.get(mark=scene.actor("centre").person)
    branch.add("见证人", "full")
    day = "2026-03-20"
    post = branch.enter("pioneer", kind="党员先锋岗", title="见证先锋岗", day=day, owner=branch.people["见证人"].mark)
    for text in ("评标开始", "评标秩序良好"):
        scene.do("register_note", "centre", text=text)
    assert [one.stream for one in unlinked_duties(branch.unit, at=branch.at.date())] == [scene.stream]
    act = {"actor": branch.actor("书记"), "at": branch.at}
    assert (link_duties(branch.unit, **act), link_duties(branch.unit, **act)) == (1, 0)
    assert (value(branch, "vanguard_duties"), post.links.get().stream) == (1, scene.stream)
    assert value(branch, "vanguard_duties", period="2026-02") == 0
