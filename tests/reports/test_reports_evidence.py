"""What is checked behind a figure: each finding names the record and what to do."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from support.reporting import AS_OF, ENTERED, a_year, with_meetings
from yangguang.ledger.models import Attendance, Record, Signature, SignOff, State, Unit
from yangguang.reports.computing import ROWS
from yangguang.reports.counting import compute
from yangguang.reports.dictionary import CHECKS as DECLARED
from yangguang.reports.dictionary import dictionary
from yangguang.reports.evidence import CHECKS, check_evidence
from yangguang.reports.proofreading import Level
from yangguang.reports.spans import read_span
from yangguang.reports.zeros import answered_by, answering

pytestmark = pytest.mark.django_db


def checked(year, metric="committee_meetings", period="2023", *, as_of=AS_OF, **changes):
    named, span = replace(dictionary()[metric], **changes), read_span(period)
    figure = compute(metric=named, period=span, unit=year.unit, as_of=as_of)
    return check_evidence(metric=named, figure=figure, unit=year.unit, span=span, as_of=as_of)


def reasons(found):
    return [one.reason for one in found]


def test_every_check_that_a_metric_may_ask_for_is_there():
    assert set(CHECKS) == DECLARED


def test_a_full_register_has_nothing_against_it():
    assert checked(with_meetings(a_year()), "member_meetings", checks=("roll", "quarterly")) == []


def test_a_meeting_without_roll_is_named():
    year = with_meetings(a_year())
    Attendance.objects.filter(record__day=date(2023, 3, 10)).delete()
    [found] = checked(year, checks=("roll",))
    assert (found.level, found.code, found.about) == (Level.WARN, "record.roll", "支部委员会")
    assert found.reason == "没有到会登记：支部委员会2023-3号（2023-03-10）meeting3"
    assert found.remedy == "请补登到会情况，系统会注明补录。"


def test_meetings_without_minutes_are_named_and_counted():
    found = checked(with_meetings(a_year()), "lectures", checks=("minutes",))
    assert reasons(found) == [
        "没有会议记录（决定事项或者记录材料）：党课2023-17号（2023-03-25）meeting17；党课2023-18号（2023-09-25）meeting18"
    ]


def test_months_without_a_committee_meeting_are_named_and_those_that_run_are_not():
    year = a_year()
    for month in (1, 2, 4):
        year.add("meeting", f"2023-{month:02}-10", kind="支部委员会", present=2)
    assert reasons(checked(year, checks=("monthly",), period="2023-H1")) == [
        "3月、5月、6月没有支部委员会（中国共产党支部工作条例（试行）第十二条）"
    ]
    assert reasons(checked(year, checks=("monthly",), as_of=date(2023, 5, 30))) == [
        "3月没有支部委员会（中国共产党支部工作条例（试行）第十二条）"
    ]
    assert reasons(checked(year, checks=("quarterly",))) == [
        "第三季度、第四季度没有支部委员会（中国共产党支部工作条例（试行）第十二条）"
    ]
    assert reasons(checked(year, checks=("half_yearly", "yearly"))) == [
        "下半年没有支部委员会（中国共产党支部工作条例（试行）第十二条）"
    ]


def test_each_branch_below_is_asked_for_its_own_months():
    year = with_meetings(a_year())
    Unit.objects.create(
        stream="unit:b2", stage="keeping", code="b2", name="第二支部", kind="branch", path="/zb/b2/",
        opened_on=date(2020, 1, 1),
    )  # fmt: skip
    assert reasons(checked(year, checks=("quarterly",), period="2023-Q1")) == [
        "第二支部：第一季度没有支部委员会（中国共产党支部工作条例（试行）第十二条）"
    ]


def test_many_branches_that_fall_short_are_counted_after_the_first_five():
    year = with_meetings(a_year())
    Unit.objects.bulk_create(
        Unit(
            stream=f"unit:c{number}", stage="keeping", code=f"c{number}", name=f"支部{number}", kind="branch",
            path=f"/zb/c{number}/", opened_on=date(2020, 1, 1),
        )
        for number in range(7)
    )  # fmt: skip
    found = reasons(checked(year, checks=("yearly",)))
    assert len(found) == 6
    assert found[5] == "另有2个单位没有按频次开展支部委员会（中国共产党支部工作条例（试行）第十二条）"


def test_weeks_without_a_meeting_are_counted():
    year = with_meetings(a_year())
    assert reasons(checked(year, checks=("weekly",), period="2023-01")) == ["约有2周没有开展"]


def test_unsigned_letters_are_named():
    year = a_year()
    row = year.add("meeting", "2023-04-01", kind="支部委员会", title="责任书")
    Signature.objects.create(record=row, person=year.people[0])
    assert reasons(checked(year, checks=("signatures",))) == ["还有人没有签：支部委员会2023-1号（2023-04-01）责任书"]


def test_what_is_overdue_is_named():
    year = with_meetings(a_year())
    more = {"kind": "支部委员会", "state": State.OPEN, "closed_on": None, "title": "整改"}
    year.add("meeting", "2023-04-01", due_on=date(2023, 5, 1), **more)
    year.add("meeting", "2023-04-01", due_on=date(2025, 5, 1), **more)
    assert reasons(checked(year, checks=("overdue",))) == ["超过期限没有办结：支部委员会2023-21号（2023-04-01）整改"]


@pytest.mark.parametrize(("late", "found"), [(2, []), (3, ["records.late"])])
def test_three_late_entries_are_told(late, found):
    year = a_year()
    for month in range(1, 5):
        year.add("meeting", f"2023-{month:02}-10", kind="支部委员会", is_late=month <= late)
    assert [one.code for one in checked(year, checks=())] == found


def test_a_gap_in_the_numbers_is_told():
    year = with_meetings(a_year())
    row = year.add("meeting", "2023-06-01", kind="党课")
    year.add("meeting", "2023-06-02", kind="党课")
    row.delete()
    assert reasons(checked(year, checks=())) == ["示例市公共资源交易中心党支部的三会一课2023年编号到22号，只有21条"]


def test_a_record_that_happened_outside_its_period_blocks():
    year = with_meetings(a_year())
    year.add("meeting", "2023-12-31", kind="党课", begins=datetime(2024, 1, 1, 1, 0, tzinfo=UTC), title="跨年")
    [found] = checked(year, "lectures", checks=())
    assert (found.level, found.reason) == (Level.BLOCK, "记录的时间不在报告期内：党课2023-21号（2023-12-31）跨年")


def test_a_masked_number_blocks():
    year = a_year()
    year.add("meeting", "2023-04-02", kind="支部委员会", fields={"votes_for": "***"})
    [found] = checked(year, count="sum:votes_for", checks=())
    assert (found.level, found.code) == (Level.BLOCK, "figure.masked")


@pytest.mark.parametrize(
    ("signed", "holds"),
    [
        ([], False),
        ([(1, 12)], True),
        ([(1, 6), (7, 12)], True),
        ([(1, 6), (8, 12)], False),
        ([(2, 12)], False),
        ([(1, 9), (3, 12)], True),
    ],
)
def test_zero_says_something_only_when_every_month_was_signed_off(signed, holds):
    year = a_year()
    for first, last in signed:
        months = read_span(f"2023-{first:02}..2023-{last:02}")
        SignOff.objects.create(
            unit=year.unit, register="meeting", first=months.first_day, last=months.last_day, by="x", at=ENTERED
        )
    found = answering(register="meeting", unit=year.unit, span=read_span("2023"))
    assert (bool(found), answered_by(found) != "") == (holds, holds)


def test_computed_occasions_of_several_registers_are_asked_for_their_rolls():
    year = a_year()
    year.add("volunteer_turn", "2023-03-05", kind="社区服务", present=3)
    year.add("volunteer_turn", "2023-03-06", kind="社区服务", title="清雪")
    year.add("party_day", "2023-04-01", kind="主题党日", title="植树", tags=("志愿服务",))
    named = "没有到会登记：社区服务2023-2号（2023-03-06）清雪；主题党日2023-1号（2023-04-01）植树"
    for metric in ("volunteer_turns", "volunteer_attendances"):
        assert reasons(checked(year, metric)) == [named]


def test_what_has_no_roll_is_not_asked_for_one_and_what_is_overdue_is_named():
    year = a_year()
    late = {"state": State.OPEN, "closed_on": None, "due_on": date(2023, 6, 1)}
    year.add("practical_matter", "2023-03-05", kind="民生实事", title="加装扶手", **late)
    year.add("field_visit", "2023-03-06", kind="企业走访", tags=("办实事",), present=0)
    assert reasons(checked(year, "practical_matters")) == [
        "没有到会登记：企业走访2023-1号（2023-03-06）field_visit1",
        "超过期限没有办结：民生实事2023-1号（2023-03-05）加装扶手",
    ]


def test_gaps_and_late_entries_are_looked_for_behind_computed_metrics_too():
    year = a_year()
    for day in (5, 6, 7):
        year.add("volunteer_turn", f"2023-03-0{day}", kind="社区服务", present=1, is_late=True)
    Record.objects.filter(number=3).update(number=9)
    assert [one.code for one in checked(year, "volunteer_turns")] == ["records.late", "records.gap"]


def test_study_without_roll_is_named_behind_the_hours():
    year = a_year()
    year.add("study", "2023-03-06", kind="集中学习", title="三月学习")
    assert reasons(checked(year, "members_with_hours")) == ["没有到会登记：集中学习2023-1号（2023-03-06）三月学习"]


def test_complaints_are_checked_like_any_register():
    year = a_year()
    open_one = {"state": State.OPEN, "closed_on": None}
    year.add("trade_complaint", "2023-03-05", kind="电话", due_on=date(2023, 4, 1), **open_one)
    year.add("trade_complaint", "2023-03-06", kind="来访")
    year.add("trade_complaint", "2023-03-07", kind="来访", state=State.CANCELLED)
    assert year.figure("complaints").value == 2
    assert reasons(checked(year, "complaints")) == ["超过期限没有办结：电话2023-1号（2023-03-05）"]


def test_a_meeting_that_is_asked_for_by_its_tag_cites_the_rule_of_the_tag():
    year = a_year()
    year.add("group_meeting", "2023-03-05", kind="党组会", tags=("从严治党",), present=2)
    [found] = reasons(checked(year, "strict_governance_meetings"))
    assert found.startswith("下半年没有专题研究全面从严治党（")
    assert "本单位规定" not in found


def test_every_computed_metric_whose_events_have_rolls_asks_for_them():
    of_events = {"occasions", "occasion_attendances", "members_with_hours"}
    computed = [one for one in dictionary().values() if one.way == "python" and one.of in of_events]
    assert [one.id for one in computed if "roll" not in one.checks] == []
    assert of_events < set(ROWS)


def test_the_queries_do_not_grow_with_the_records(django_assert_num_queries):
    year = with_meetings(a_year())
    for rows in (2, 30):
        for number in range(rows):
            year.add("meeting", f"2023-0{number % 9 + 1}-01", kind="支部委员会", present=3)
        with django_assert_num_queries(9):
            checked(year)
