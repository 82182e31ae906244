"""A report as people make it: drafted, confirmed, locked; open ones follow the records, locked ones do not."""

from datetime import UTC, date, datetime

import pytest

from support.reporting import a_year, with_meetings
from yangguang.ledger.models import Attendance, State
from yangguang.reports.acts import confirm_report, draft_report, lock_report
from yangguang.reports.burden import derived_share
from yangguang.reports.current import changes_since, drafted_today, kept_figures
from yangguang.reports.models import Report
from yangguang.reports.notes import read_notes
from yangguang.reports.outlines import outlines
from yangguang.rules.refusal import Refused
from yangguang.witness import evidence
from yangguang.witness.models import Entry

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2024, 1, 15, 2, 0, tzinfo=UTC)
AS_OF = date(2024, 1, 15)
OUTLINE = """
code = "900"
name = "试用提纲"
title = "{单位}{期间}工作总结"
months = [12, 6]
body = '''
召开支部委员会{committee_meetings}次，讲党课{lectures}次。
@补充 学习
'''
"""


@pytest.fixture(autouse=True)
def our_outline(settings, tmp_path):
    settings.HOME = tmp_path / "home"
    (settings.HOME / "outlines").mkdir(parents=True)
    (settings.HOME / "outlines" / "own.toml").write_text(OUTLINE, encoding="utf-8")
    outlines.cache_clear()
    yield
    outlines.cache_clear()


def do(act, year, by="书记", **inputs):
    return act(year.unit, actor=year.branch.actor(by), at=inputs.pop("at", AT), **inputs)


def drafted(year, **changes):
    return do(draft_report, year, **{"outline": "900", "period": "2023", **changes})


def locked(year):
    report = drafted(year)
    do(confirm_report, year, report=report.pk)
    return do(lock_report, year, report=report.pk)


def reasons(act, year, by="书记", **inputs):
    with pytest.raises(Refused) as refused:
        do(act, year, by, **inputs)
    return [one.reason for one in refused.value.refusals]


def test_each_step_leaves_one_entry_and_the_locked_paper_is_kept():
    year = with_meetings(a_year())
    report = locked(year)
    assert (report.state, report.confirmed_by, report.version) == ("locked", year.branch.actor("书记").person, 1)
    assert [one.act for one in Entry.objects.filter(stream="unit:zb").order_by("sequence")] == [
        "draft_report", "confirm_report", "lock_report",
    ]  # fmt: skip
    assert Entry.objects.get(sequence=report.entry, stream="unit:zb").act == "lock_report"
    assert evidence.read(report.paper.sha256)[:2] == b"PK"
    assert {name: figure.value for name, figure in kept_figures(report).items()} == {
        "committee_meetings|2023|": 12, "lectures|2023|": 2,
    }  # fmt: skip


def test_adding_an_event_changes_the_open_report_and_not_the_locked_one():
    year = with_meetings(a_year())
    closed = locked(year)
    open_one = drafted(year, period="2023-H1")
    year.add("meeting", "2023-06-20", kind="党课", title="六月党课", present=3)
    paper = closed.paper.sha256
    closed.refresh_from_db()
    assert (closed.paper.sha256, kept_figures(closed)["lectures|2023|"].value) == (paper, 2)
    today = drafted_today(open_one, as_of=AS_OF)
    assert {one.metric: one.value for one in today.figures} == {"committee_meetings": 6, "lectures": 2}
    for report in (closed, open_one):
        [changed] = changes_since(report, as_of=AS_OF)
        before = kept_figures(report)[changed.before.key].text
        assert changed.text == f"党课：{before}→{int(before) + 1}次；增加 党课2023-21号（2023-06-20）六月党课"
    assert changes_since(closed, as_of=date(2023, 5, 31))[0].removed


def test_a_cancelled_record_is_named_as_removed():
    year = with_meetings(a_year())
    report = locked(year)
    row = year.unit.records.get(kind="党课", day=date(2023, 9, 25))
    row.state = State.CANCELLED
    row.save()
    assert [one.text for one in changes_since(report, as_of=AS_OF)] == [
        "党课：2→1次；减少 党课2023-18号（2023-09-25）meeting18"
    ]


def test_deleting_a_roll_turns_the_check_to_a_warning_that_names_the_meeting():
    year = with_meetings(a_year())
    report = drafted(year)
    assert "record.roll" not in [one["code"] for one in report.concerns]
    Attendance.objects.filter(record__day=date(2023, 9, 25)).delete()
    warned = [one.reason for one in drafted_today(report, as_of=AS_OF).concerns if one.code == "record.roll"]
    assert warned == ["没有到会登记：党课2023-18号（2023-09-25）meeting18"]


def test_figures_that_changed_since_the_draft_are_not_confirmed():
    year = with_meetings(a_year())
    report = drafted(year)
    year.add("meeting", "2023-06-20", kind="党课", title="六月党课", present=3)
    assert reasons(confirm_report, year, report=report.pk) == [
        "起草以后数字有变化：党课：2→3次；增加 党课2023-21号（2023-06-20）六月党课"
    ]
    assert drafted(year).pk == report.pk
    assert do(confirm_report, year, report=report.pk).state == Report.State.CONFIRMED


def test_what_blocks_is_not_confirmed():
    year = a_year()
    found = reasons(confirm_report, year, report=drafted(year).pk)
    assert [one.partition("：")[0] for one in found] == ["支部委员会", "党课"]
    assert Report.objects.get().state == Report.State.DRAFT


def test_nothing_is_confirmed_twice_or_locked_unconfirmed_and_a_later_one_is_a_new_version():
    year = with_meetings(a_year())
    report = drafted(year)
    assert reasons(lock_report, year, report=report.pk) == ["这份报告没有确认，或者已经印发"]
    do(confirm_report, year, report=report.pk)
    assert reasons(confirm_report, year, report=report.pk) == ["这份报告已确认，不能再确认"]
    do(lock_report, year, report=report.pk)
    assert reasons(lock_report, year, report=report.pk) == ["这份报告没有确认，或者已经印发"]
    again = drafted(year)
    assert (again.version, again.state, Report.objects.count()) == (2, Report.State.DRAFT, 2)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"outline": "无"}, "没有这个提纲"),
        (
            {"period": "去年"},
            "“去年”不是报告期；应写作 2023、2023-H1、2023-Q2、2023-05 或者 2023-01..2023-11（同一年内）",
        ),
        ({"period": "2023-05"}, "“试用提纲”按年或者半年编写，2023年5月不合适"),
        ({"period": "2025"}, "报告期2025年还没有开始"),
        ({"notes": [{"place": "学习", "text": "学了5次"}]}, "“学习”里的数字“5”是手工键入的，没有注明出处"),
    ],
)
def test_what_cannot_be_drafted_is_refused_and_leaves_nothing(changes, reason):
    year = a_year()
    assert reasons(draft_report, year, **{"outline": "900", "period": "2023", **changes}) == [reason]
    assert (Report.objects.count(), Entry.objects.count()) == (0, 0)


def test_members_draft_nothing_keepers_draft_and_leaders_confirm():
    year = with_meetings(a_year())
    denied = "您在本项目中没有办理该事项的权限"
    assert reasons(draft_report, year, "党员1", outline="900", period="2023") == [denied]
    report = do(draft_report, year, "干事", outline="900", period="2023")
    assert reasons(confirm_report, year, "干事", report=report.pk) == [denied]
    assert reasons(confirm_report, year, report=report.pk + 1) == ["本单位没有这份报告"]


def test_a_typed_number_lowers_the_share_of_derived_numbers():
    year = with_meetings(a_year())
    note = {"place": "学习", "text": "按7号文件学习。", "sources": {"7": "示例文〔2023〕7号"}}
    report = drafted(year, notes=[note])
    share = derived_share(figures=kept_figures(report).values(), notes=read_notes(report.notes))
    assert (share.derived, share.total, str(share.percent)) == (2, 3, "66.6")
    assert derived_share(figures=[]).percent is None
