"""The fictitious year gives the figures that the source documents print, each from its own records.

SQLite only: the year is loaded once by a thousand acts, and no statement in it depends on the database.
"""

import io
import re
from datetime import date

import docx
import pytest
from django.db import connection

from support.emptying import empty_database
from yangguang.demo.year.issuing import issued
from yangguang.demo.year.loading import load_year
from yangguang.demo.year.people import moment
from yangguang.demo.year.tables import Line, TableError, find
from yangguang.demo.year.trades import rows_of, shares, totals
from yangguang.ledger import acts
from yangguang.ledger.acts import enter_record
from yangguang.ledger.catalogue import catalogue, register_named
from yangguang.ledger.models import Attendance, Record, Unit
from yangguang.ledger.numbering import number_of
from yangguang.oversight.risks import unanswered_signals
from yangguang.reports.acts import draft_report
from yangguang.reports.assessment import assess
from yangguang.reports.counting import compute
from yangguang.reports.current import changes_since, drafted_today
from yangguang.reports.dictionary import dictionary
from yangguang.reports.explaining import explained
from yangguang.reports.paper import FigureRun, Literal
from yangguang.reports.spans import read_span
from yangguang.witness import evidence
from yangguang.witness.models import Entry

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="the year is loaded on SQLite alone"),
]

YEAR = {
    "committee_meetings": 24, "member_meetings": 14, "lectures": 4, "group_meetings": 36,
    "talks": 18, "home_visits": 12,
    "risk_points": 25, "risk_measures": 25, "risk_rounds": 3,
    "training_meetings": 2, "training_class_participants": 12, "seminar_participants": 4,
    "volunteer_attendances": 9, "livelihood_matters": 3, "complaints": 0, "violations": 0,
    "appraisals": 1, "appraised_members": 26,
    "warning_films": 5, "political_birthdays": 4,
    "civil_fields": 6, "civil_items": 138, "civil_items_done": 63, "plan_tasks": 20, "plan_tasks_done": 18,
    "trades": 1499, "trades_works": 441, "trades_procurement": 653, "trades_land": 214, "trades_other": 191,
    "trade_amount": 37_380_000_000, "saved_money": 580_000_000, "added_value": 100_000_000,
}  # fmt: skip
YEAR_BEFORE = {"trades": 1228, "trade_amount": 39_220_000_000}
HALF_YEAR = {
    "committee_meetings": 8, "member_meetings": 4, "lectures": 3,
    "studies": 82, "discussions": 6, "studies_led_by_staff": 33, "studies_with_reflections": 7,
    "ideology_studies": 67, "party_days": 20, "activists": 2, "party_members": 28,
    "integrity_duty_letters": 9, "two_duty_letters": 9, "statements": 48, "dining_pledges": 48,
    "holiday_talks": 5, "holiday_talk_attendances": 53, "dining_talk_attendances": 23,
    "supervised_matters_answered": 32, "visits_handled": 28, "proposals": 25, "practical_matters": 113,
    "field_visits": 5, "field_visit_problems": 4, "party_group_meetings": 8, "major_meetings": 8,
    "care_persons": 103, "care_money": 16_500, "rest_stations": 38, "service_counts": 86_747,
    "information_points": 8, "unity_activities": 5, "unity_articles": 5,
    "ideology_meetings": 3, "ideology_analyses": 2, "network_self_checks": 2, "party_building_meetings": 3,
    "dues_months_remitted": 6, "dues_paid_share": 100, "community_members": 28,
}  # fmt: skip
WANTED = [(period, metric, value) for period, figures in (
    ("2023", YEAR), ("2022", YEAR_BEFORE), ("2023-H1", HALF_YEAR)
) for metric, value in figures.items()]  # fmt: skip

ACTS = acts.__all__
DRAFTED, LATER = date(2024, 1, 12), moment(date(2024, 1, 15), "10:00")


@pytest.fixture(scope="module", autouse=True)
def centre(django_db_setup, django_db_blocker):
    """Loaded outside of the transaction that each test is rolled back with, so once for all of them."""
    with django_db_blocker.unblock():
        yield load_year()
        empty_database()


def figure(metric, period):
    span = read_span(period)
    root = Unit.objects.get(code="jyzx")
    return compute(metric=dictionary()[metric], period=span, unit=root, as_of=span.last_day)


@pytest.mark.parametrize(("period", "metric", "value"), WANTED)
def test_the_records_give_the_figure(period, metric, value):
    assert figure(metric, period).value == value


@pytest.mark.parametrize("quarter", ["Q1", "Q2", "Q3", "Q4"])
def test_every_quarter_has_its_political_birthday(quarter):
    assert figure("political_birthdays", f"2023-{quarter}").value == 1


def test_the_parts_of_the_trades_sum_to_the_whole():
    parts = ("works", "procurement", "land", "other")
    assert sum(figure(f"trades_{part}", "2023").value for part in parts) == 1499
    assert sum(figure(f"trade_amount_{part}", "2023").value for part in parts) == figure("trade_amount", "2023").value


def test_fifty_five_received_three_hundred_yuan_and_forty_eight_received_goods():
    given = Record.objects.filter(register="care", day__lt="2023-07-01").order_by("day")
    assert [(row.quantity, row.fields.get("each"), row.amount) for row in given] == [
        (55, "300", 16_500),
        (48, None, None),
    ]


def test_all_matters_of_livelihood_are_done():
    assert set(Record.objects.filter(kind="民生实事").values_list("state", flat=True)) == {"done"}


def test_only_the_two_articles_that_were_forgotten_are_late():
    late = Record.objects.filter(is_late=True).order_by("day")
    assert [(row.register, row.day.isoformat(), row.entered_at.date().isoformat()) for row in late] == [
        ("article", "2023-02-02", "2023-03-01"), ("article", "2023-09-05", "2023-10-09"),
    ]  # fmt: skip


def test_every_act_of_the_ledger_is_seen():
    assert set(ACTS) - set(Entry.objects.values_list("act", flat=True)) == set()


def test_every_register_shows_something_but_those_that_had_better_be_empty():
    kept = set(Record.objects.values_list("register", flat=True))
    empty = {one.id for one in catalogue().values() if one.id not in kept}
    assert empty == {"development_rule", "disposition", "dues_relief", "dues_extra", "trade_complaint"}


def test_letters_were_answered_from_inside_and_outside():
    letters = Record.objects.filter(register__in=("letter", "bulletin", "reply")).order_by("day")
    assert [(number_of(one), one.state, one.fields.get("result", "")) for one in letters] == [
        ("示交易函〔2023〕1号", "done", "已收到复函，当事人员已教育并更换"),
        ("示交易通报〔2023〕1号", "done", "已回复：示交易综复〔2023〕1号"),
        ("示交易综复〔2023〕1号", "done", ""),
        ("示交易函〔2023〕2号", "done", "已回复：示交易见复〔2023〕1号"),
        ("示交易见复〔2023〕1号", "done", ""),
        ("示交易通报〔2023〕2号", "done", ""),
    ]


def test_of_the_signals_one_is_accepted_one_explained_and_one_waits(centre):
    answers = Record.objects.filter(register="risk_signal").order_by("pk")
    assert [(one.kind, one.parent.title if one.parent else "") for one in answers] == [
        ("说明", ""), ("采纳", "开标现场违规接触"),
    ]  # fmt: skip
    assert [one.text for one in unanswered_signals(centre.root, at=LATER)] == ["同一代理机构本年第2次违规"]


def test_both_assessments_have_a_score_from_their_figures():
    rounds = Record.objects.filter(register="assessment_round").order_by("day")
    found = [assess(one, as_of=DRAFTED) for one in rounds]
    assert [(one.span.name, str(one.total)) for one in found] == [("2023年上半年", "100.0"), ("2023年", "93.4")]


def test_the_staff_are_forty_eight_with_made_up_names(centre):
    assert len(centre.people) == len(set(centre.people)) == 48
    assert all(name.startswith("示例") for name in centre.people)


def test_the_generator_always_makes_the_same_lots():
    assert list(rows_of(2023)) == list(rows_of(2023))
    assert len({row["lot_code"] for year in (2022, 2023) for row in rows_of(year)}) == 1499 + 1228


@pytest.mark.parametrize("total", totals(), ids=lambda total: f"{total.year}{total.kind}")
def test_the_lots_of_a_kind_add_up_to_the_table(total):
    lots = [row for row in rows_of(total.year) if row["kind"] == total.kind]
    assert (len(lots), sum(int(row["amount"]) for row in lots)) == (total.count, total.amount)
    differences = [int(row["control_price"]) - int(row["amount"]) for row in lots if "control_price" in row]
    assert sum(differences) == total.saved - total.added


def test_shares_leave_nothing_over():
    assert shares(1_000, [1, 1, 1]) == [300, 300, 400]


def test_people_came_to_every_study_and_meeting():
    held = Record.objects.filter(register__in=("meeting", "study"))
    assert held.exclude(pk__in=Attendance.objects.filter(is_present=True).values("record")).count() == 0


def test_a_table_that_names_an_unknown_record_is_refused():
    with pytest.raises(TableError, match="没有“九月攻势”"):
        find("meeting", "九月攻势", unit=Unit.objects.get(code="jyzx"))


def test_a_line_says_who_was_there(centre):
    said = {"day": "2023-03-06", "unit": "jyzx-zb", "kind": "支部委员会", "roll": "缺2"}
    line = Line(register=register_named("meeting"), said=said, number=2)
    assert len(line.values(centre)["present"]) == 3


@pytest.mark.parametrize(("metric", "words"), [("trades", "同比增长22.1%"), ("trade_amount", "同比下降4.7%")])
def test_growth_is_said_in_words_that_follow_from_the_numbers(metric, words):
    root = Unit.objects.get(code="jyzx")
    asked = {"metric": dictionary()[metric], "span": read_span("2023"), "unit": root, "as_of": DRAFTED}
    assert explained(**asked).change == words


def paper_of(report, *, on):
    return drafted_today(report, as_of=on).paper


def runs_of(paper):
    """Every run of title, paragraphs, headings and tables."""
    cells = [run for block in paper.body for row in getattr(block, "rows", ()) for run in row]
    texts = [getattr(block, "runs", None) or getattr(block, "text", ()) for block in paper.body]
    return [*paper.title, *(run for text in texts for run in ((text,) if isinstance(text, str) else text)), *cells]


@pytest.mark.parametrize("which", ["half_year", "year"])
def test_every_digit_of_a_report_is_a_figure_of_the_annex_or_has_its_source(which):
    report = getattr(issued(), which)
    paper = paper_of(report, on=DRAFTED)
    runs = runs_of(paper)
    assert [run for run in runs if isinstance(run, str) and re.search(r"\d", run)] == []
    assert [run for run in runs if isinstance(run, Literal) and not run.source] == []
    rows = {row.figure: row for annex in paper.annexes for row in annex.rows}
    figures = [run for run in runs if isinstance(run, FigureRun)]
    assert len(figures) > 20
    assert {run.figure for run in figures} == set(rows)
    assert [run.text for run in figures if run.text != rows[run.figure].text] == []


def text_of(paper):
    """The words of a paper as they stand, without its annex."""
    return "".join(run if isinstance(run, str) else getattr(run, "text", "") for run in runs_of(paper))


def test_the_reports_say_what_the_source_documents_say():
    half_year, year = issued().half_year, issued().year
    said = text_of(paper_of(half_year, on=DRAFTED))
    assert "召开支部委员会8次、支部党员大会4次，讲党课3次。" in said
    assert "集中学习82次。其中专题研讨6次、业务骨干引领学33次、党员干部谈体会7次等。" in said
    said = text_of(paper_of(year, on=DRAFTED))
    assert "召开支部委员会24次、支部党员大会14次，讲党课4次。" in said
    assert "查找廉政风险点25条，制定防控措施25条。" in said
    assert (
        "完成进场交易项目1499个，同比增长22.1%；成交金额373.8亿元，同比下降4.7%。节约资金5.8亿元。增值1亿元。" in said
    )
    assert "没有收到对交易活动的投诉。" in said
    assert "认领民生实事3件。所认领的民生实事已全部完成。" in said


def test_nothing_blocks_and_what_is_warned_of_is_true():
    half_year, year = issued().half_year, issued().year
    assert half_year.concerns == []
    assert [(one["level"], one["code"]) for one in year.concerns] == [("警告", "record.overdue")]


def test_the_annex_says_who_answered_for_each_zero_of_the_year():
    rows = paper_of(issued().year, on=DRAFTED).annexes[0].rows
    zeros = {row.metric: row.remark for row in rows if row.remark.startswith("为零")}
    assert list(zeros) == ["庸懒散拖自查发现的问题", "违法违纪", "交易投诉"]
    halves = "示例庚午于2023-07-03签核2023-01-01至2023-06-30；示例庚午于2024-01-02签核2023-07-01至2023-12-31"
    assert zeros["庸懒散拖自查发现的问题"] == f"为零，由{halves}"


def test_a_meeting_without_its_roll_is_named():
    meeting = Record.objects.filter(register="meeting", kind="支部委员会", day__gte="2023-03-01").earliest("day")
    meeting.attendances.all().delete()
    concerns = drafted_today(issued().year, as_of=DRAFTED).concerns
    named = f"没有到会登记：支部委员会2023-{meeting.number}号（2023-03-06）2023年3月支部委员会"
    assert [one.reason for one in concerns if one.code == "record.roll"] == [named]


def changed(report):
    """The figures that a report would print differently today, without the names of the records."""
    return [one.text.partition("；")[0] for one in changes_since(report, as_of=LATER.date())]


def test_one_event_more_changes_the_open_report_and_not_the_locked_one(centre):
    half_year, year = issued().half_year, issued().year
    before = (half_year.figures, half_year.paper.sha256)
    writer, branch = centre.actor("党务工作者", at=LATER), centre.units["jyzx-zb"]
    present = [one.mark for one in centre.persons("支委")]
    values = {"kind": "支部委员会", "day": "2023-06-29", "present": present, "decisions": "补录的会议"}
    enter_record(branch, actor=writer, at=LATER, register="meeting", values=values)
    assert changed(year)[:1] == ["支部委员会：24→25次"]
    again = draft_report(centre.root, actor=writer, at=LATER, outline="000", period="2023")
    assert (again.pk, again.version, changes_since(again, as_of=LATER.date())) == (year.pk, 1, [])
    half_year.refresh_from_db()
    assert (half_year.figures, half_year.paper.sha256) == before
    assert changed(half_year)[:1] == ["支部委员会：8→9次"]


def test_the_locked_paper_is_kept_as_evidence():
    paper = docx.Document(io.BytesIO(evidence.read(issued().half_year.paper.sha256)))
    assert paper.paragraphs[0].text == "示例市公共资源交易中心2023年上半年党建工作开展情况汇报"
