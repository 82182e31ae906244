"""The command line of reports: papers, metrics and the burden."""

import pytest
from click.testing import CliRunner

from support.reporting import a_year, with_meetings
from yangguang.cli import main
from yangguang.ledger.models import Attendance, Record, Unit
from yangguang.reports.burden import COUNTED, NOT_COUNTED
from yangguang.reports.outlines import outlines
from yangguang.reports.reading import read_paper

pytestmark = pytest.mark.django_db
OUTLINE = """
code = "900"
name = "试用提纲"
title = "{单位}{本年}年工作总结"
body = '''
召开支部委员会{committee_meetings}次，讲党课{lectures}次。
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


def run(*arguments):
    return CliRunner().invoke(main, list(arguments), catch_exceptions=False)


def make(file, *, outline="试用提纲", period="2023", unit="zb"):
    return run("report", "make", "--outline", outline, "--period", period, "--unit", unit, "-o", str(file))


def test_a_report_is_written_with_its_findings(tmp_path):
    year = with_meetings(a_year())
    Attendance.objects.filter(record__day__month=5, record__kind="支部委员会").delete()
    made = make(tmp_path / "a.docx")
    assert made.exit_code == 0, made.output
    assert "【警告】支部委员会：没有到会登记：支部委员会2023-5号（2023-05-10）meeting5\n" in made.output
    assert made.output.endswith("a.docx：可以确认；文中数字2个，检查意见：阻止0条，警告2条，请核实0条。\n")
    text = read_paper(tmp_path / "a.docx")
    assert f"{year.unit.name}2023年工作总结" in text
    assert "召开支部委员会12次，讲党课2次。" in text


def test_a_place_that_cannot_be_written_is_said(tmp_path):
    with_meetings(a_year())
    made = make(tmp_path / "没有这个文件夹" / "a.docx")
    assert (made.exit_code, made.output.count("a.docx”写不进去：")) == (2, 1)


def test_a_blocked_report_is_written_as_a_draft_and_says_so(tmp_path):
    a_year()
    made = make(tmp_path / "a.docx")
    assert made.exit_code == 1
    assert made.output.splitlines()[0].startswith("【阻止】支部委员会：“三会一课”台账在报告期内没有可计的记录")
    text = read_paper(tmp_path / "a.docx")
    assert "（草稿）" in text
    assert "召开支部委员会【待补：支部委员会】次，讲党课【待补：党课】次。" in text


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"outline": "舞会"}, "没有提纲“舞会”；有："),
        ({"period": "去年", "unit": ""}, "“去年”不是报告期；应写作 2023"),
        ({"unit": "xx"}, "没有编码为 xx 的单位"),
        ({"unit": ""}, "有几个上级单位或者还没有单位，请用 --unit 写明单位编码"),
    ],
)
def test_what_cannot_be_asked_for_writes_nothing(tmp_path, more, message):
    refused = make(tmp_path / "a.docx", **more)
    assert (refused.exit_code, (tmp_path / "a.docx").exists()) == (2, False)
    assert message in refused.output


def test_the_only_unit_need_not_be_named(tmp_path):
    with_meetings(a_year())
    assert make(tmp_path / "a.docx", unit="").exit_code == 0
    Unit.objects.create(stream="unit:x", stage="keeping", code="x", name="x", path="/x/", opened_on="2020-01-01")
    assert make(tmp_path / "a.docx", unit="").exit_code == 2


def test_outlines_and_metrics_are_listed():
    assert "900\t试用提纲\t\n" in run("report", "outlines").output
    assert "lectures\t党课\t次\tbranch\n" in run("metric", "list").output
    assert run("metric", "list", "--group", "nobody").output == ""


def test_a_metric_shows_its_definition():
    shown = run("metric", "show", "lectures").output
    assert "名称：党课\n单位：次\n版本：1\n定义：期间内已讲的党课，计划和取消的不计\n" in shown
    unknown = run("metric", "show", "党课")
    assert unknown.exit_code == 2
    assert "指标字典中没有 党课；名称相近的有 lectures" in unknown.output


def test_a_metric_is_explained_by_its_records():
    year = with_meetings(a_year())
    year.add("meeting", "2023-11-02", kind="党课", title="讲纪律", is_late=True)
    told = run("metric", "explain", "lectures", "--period", "2023").output.splitlines()
    assert told[:5] == [
        "党课（2023年，示例市公共资源交易中心党支部）：3次，上年同期无可比数据",
        "定义（第1版）：期间内已讲的党课，计划和取消的不计",
        "  党课2023-17号（2023-03-25）meeting17",
        "  党课2023-18号（2023-09-25）meeting18",
        "  党课2023-21号（2023-11-02）讲纪律（补录）",
    ]
    assert told[5].startswith("共3条记录；摘要 ")
    assert told[6] == "【警告】党课：没有到会登记：党课2023-21号（2023-11-02）讲纪律（补录）"


def test_the_burden_is_told_by_month_and_by_report():
    with_meetings(a_year())
    Record.objects.filter(kind="支部委员会").update(origin="import:x")
    told = run("burden", "--period", "2023", "--outline", "试用提纲").output.splitlines()
    assert told == [
        "2023-12\t6条记录\t18项\t1人\t人均18.0项\t导入14条42项（70.0%）",
        "2023年人工填写共18项；另有导入42项，占全部栏目的70.0%。",
        COUNTED,
        NOT_COUNTED,
        "试用提纲：2个数，2个由记录得出（100.0%）",
    ]
    assert run("burden", "--period", "2023", "--outline", "无").exit_code == 2
