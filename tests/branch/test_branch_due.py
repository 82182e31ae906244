"""本月应办、缺什么: read from the catalogue's cadences and the records; what is in order is not said."""

from datetime import UTC, date, datetime

import pytest

from support.units import a_branch
from yangguang.branch.cadence import standings
from yangguang.branch.due import reminders
from yangguang.branch.members import HEADINGS, moves, roll_rows, warn_size
from yangguang.ledger.acts import open_unit

pytestmark = pytest.mark.django_db(transaction=True)

JUDGED = "请支部核实有无正当理由，先谈话教育；是否适用由支部大会讨论、上级党组织决定，系统不作判断"
ALL = ("书记", "纪检委员", "党员1", "党员2", "党员3", "党员4")


def standing(unit, name, at):
    """The one cadence of this name."""
    return next(one for one in standings(unit, year=at.year, at=at) if one.name == name)


@pytest.mark.parametrize("meetings", [1, 3])
def test_the_catalogue_says_how_often_and_the_records_say_what_is_missing(meetings, django_assert_num_queries):
    branch = a_branch()
    for _ in range(meetings):
        branch.enter("meeting", kind="支部委员会", day="2026-02-10")
    branch.enter("meeting", kind="支部党员大会", day="2026-03-20")
    at = branch.at.date()
    with django_assert_num_queries(5):
        found = standings(branch.unit, year=2026, at=at)
    by_name = {one.name: one for one in found}
    assert [period.short_name for period in by_name["支部委员会"].missing] == ["1月"]
    assert [period.short_name for period in by_name["支部委员会"].open] == ["3月"]
    assert [period.short_name for period in by_name["支部党员大会"].open] == ["第一季度"]
    assert "党小组会" not in by_name


def test_only_the_unit_that_the_catalogue_names_is_asked():
    branch = a_branch()
    at = branch.at.date()
    inputs = {"actor": branch.actor("书记"), "at": branch.at, "opened_on": date(2026, 1, 1)}
    cell = open_unit(branch.unit, code="zb-1", name="第一党小组", kind="cell", **inputs)
    group = open_unit(branch.unit, code="zb-2", name="中心党组", kind="group", **inputs)
    asked = {unit.code: {one.name for one in standings(unit, year=2026, at=at)} for unit in (cell, group)}
    assert asked["zb-1"] == {"党小组会"}
    assert {"中心组学习", "党组会和专题会议（意识形态）"} - asked["zb-2"] == set()
    assert asked["zb-2"] & {"支部委员会", "主题党日", "民主评议党员"} == set()


def test_what_names_no_kind_of_unit_is_asked_of_the_highest_one_alone():
    branch = a_branch()
    at = branch.at.date()
    below = open_unit(
        branch.unit, actor=branch.actor("书记"), at=branch.at, code="zb-1", name="第二党支部", kind="branch",
        opened_on=date(2026, 1, 1),
    )  # fmt: skip
    asked = [{one.register.id for one in standings(unit, year=2026, at=at)} for unit in (branch.unit, below)]
    assert [("ideology_analysis" in one, "party_day" in one) for one in asked] == [(True, True), (False, True)]


def test_many_missing_periods_are_counted_and_the_latest_named():
    found = reminders(a_branch().unit, at=date(2026, 11, 20))
    assert next(one.what for one in found if one.kind == "主题党日" and one.is_over) == (
        "主题党日按规定每月1次，2026年8月、9月、10月等10期没有记录：开展了的请补录"
    )


def test_a_branch_without_a_committee_is_asked_for_none_of_its_meetings():
    branch = a_branch()
    branch.unit.posts.filter(post="discipline").delete()
    names = {one.name for one in standings(branch.unit, year=2026, at=branch.at.date())}
    assert ("支部委员会" in names, "支部党员大会" in names) == (False, True)


def test_topics_are_counted_by_their_tag():
    branch = a_branch()
    branch.unit.kind = "group"
    branch.unit.save()
    branch.enter("group_meeting", kind="专题会议", day="2026-03-10", tags=["意识形态"])
    at = branch.at.date()
    assert [period.held for period in standing(branch.unit, "党组会和专题会议（意识形态）", at).periods] == [
        (date(2026, 3, 10),)
    ]


def test_what_is_missing_or_ends_within_a_month_is_said_with_its_article_and_register():
    branch = a_branch()
    for month in (1, 2):
        branch.enter("meeting", kind="支部委员会", day=f"2026-{month:02d}-10")
    found = reminders(branch.unit, at=branch.at.date())
    committee, meeting = (next(one for one in found if one.kind == kind) for kind in ("支部委员会", "支部党员大会"))
    assert (committee.day, committee.what, committee.register, committee.is_over) == (
        date(2026, 3, 31), "2026年3月支部委员会还差1次", "meeting", False,
    )  # fmt: skip
    assert "第十二条" in committee.why
    assert meeting.what == "2026年第一季度支部党员大会还差1次"
    party_day = next(one for one in found if one.kind == "主题党日" and one.is_over)
    assert party_day.what == "主题党日按规定每月1次，2026年1月、2月没有记录：开展了的请补录"


def test_what_was_planned_asks_for_its_roll_when_its_day_has_come():
    branch = a_branch()
    record = branch.enter("party_day", kind="主题党日", title="参观", day="2026-03-20")
    at = datetime(2026, 3, 21, 2, 0, tzinfo=UTC)
    found = [one for one in reminders(branch.unit, at=at.date()) if one.record == record.pk]
    assert [(one.what, one.is_over) for one in found] == [
        ("“参观”（主题党日与活动）还没有点名；没有举行的请取消", True)
    ]


def test_dues_are_said_by_number_and_never_by_name():
    branch = a_branch(members=1)
    for name in ("书记", "纪检委员", "党员1"):
        branch.enter(
            "dues_base", kind="按月领取工资", day="2025-08-01", owner=branch.marks(name)[0], base="3000", by="干事"
        )
    dues = [one for one in reminders(branch.unit, at=branch.at.date()) if one.register == "dues_collection"]
    assert [one.what for one in dues] == [
        "3名党员有党费没有交，最早的是2025年8月",
        f"3名党员连续6个月没有交党费，{JUDGED}",
        "3月党费还没有登记收缴",
    ]
    branch.enter("dues_collection", kind="月度收缴", day="2026-03-12", present=branch.marks("书记"))
    dues = [one for one in reminders(branch.unit, at=branch.at.date()) if one.register == "dues_collection"]
    assert len(dues) == 2


def test_terms_and_development_are_said_in_time():
    branch = a_branch()
    branch.add("申请人", "staff")
    branch.enter("election", kind="换届选举", day="2023-06-01", present=branch.marks(*ALL))
    case = branch.enter("development", day="2026-03-02", owner=branch.marks("申请人")[0])
    branch.enter("development_step", day="2026-03-02", parent=case.pk)
    found = {one.register: one for one in reminders(branch.unit, at=branch.at.date())}
    assert found["election"].what == "示例市公共资源交易中心党支部任期至2026-06-01，应当筹备换届"
    step = found["development_step"]
    assert (step.what, step.day, step.record) == (
        "申请人发展党员：下一步“党组织派人谈话”应不迟于2026-04-02", date(2026, 4, 2), case.pk,
    )  # fmt: skip


@pytest.mark.parametrize("count", [1, 3])
def test_reminders_cost_the_same_queries_however_many_there_are(count, django_assert_num_queries):
    branch = a_branch()
    for number in range(count):
        branch.add(f"申请人{number}", "staff")
        branch.enter("development", day="2026-03-02", owner=branch.marks(f"申请人{number}")[0])
        branch.enter("party_day", kind="主题党日", title="参观", day="2026-03-20")
    with django_assert_num_queries(17):
        found = reminders(branch.unit, at=date(2026, 10, 20))
    assert [one.what for one in found if one.register in {"talk", "training"}] == [
        "今年谈心谈话还差9对（人）", "6名党员今年学时不足",
    ]  # fmt: skip


def test_the_roll_is_one_table_for_outer_systems(django_assert_num_queries):
    branch = a_branch(members=1)
    branch.add("新党员", "probationary", since=date(2026, 2, 1), joined_on="2026-02-01")
    with django_assert_num_queries(1):
        rows = roll_rows(branch.unit, on=branch.at.date())
    assert [tuple(row) for row in rows] == [HEADINGS] * 4
    assert rows[-1] == {
        "姓名": "新党员", "所在组织": "示例市公共资源交易中心党支部", "党籍": "预备党员", "入党日期": "2026-02-01",
        "转入日期": "2026-02-01", "党内职务": "",
    }  # fmt: skip
    assert rows[0]["党内职务"] == "书记"
    came = moves(branch.unit, first=date(2026, 1, 1), last=date(2026, 12, 31))
    assert [(one.day, one.name, one.came) for one in came] == [(date(2026, 2, 1), "新党员", True)]


def test_a_branch_that_is_too_small_is_told_so():
    branch = a_branch(members=0)
    assert [one.code for one in warn_size(branch.unit, on=branch.at.date())] == ["branch.too_small"]
