"""From records to a paper: what stands, what drops out, what blocks; every number leads back to its records."""

from datetime import date

import pytest

from support.drafts import blocks, drafted, lines, outline, sign_off
from support.reporting import AS_OF, a_year, with_everything, with_meetings
from yangguang.reports.burden import derived_share
from yangguang.reports.drafting import draft
from yangguang.reports.notes import Note, check_notes
from yangguang.reports.outlines import outlines
from yangguang.reports.paper import check_paper, paper_bytes
from yangguang.reports.proofreading import Level
from yangguang.reports.spans import read_span
from yangguang.reports.text_checks import text_of

pytestmark = pytest.mark.django_db


def test_a_sentence_prints_its_figures_and_the_annex_has_a_row_for_each():
    made = drafted(with_meetings(a_year()), "{期间}召开支部委员会{committee_meetings}次、党课{lectures}次。")
    assert lines(made) == ["2023年召开支部委员会12次、党课2次。"]
    rows = made.paper.annexes[0].rows
    assert [(row.text, row.metric, row.period, row.record_count) for row in rows] == [
        ("12", "支部委员会", "2023年", 12),
        ("2", "党课", "2023年", 2),
    ]
    assert rows[1].records == ("2023-17号（03-25）meeting17", "2023-18号（09-25）meeting18")
    assert [figure.digest[:16] for figure in made.figures] == [row.digest for row in rows]
    assert (check_paper(made.paper), blocks(made)) == ([], [])
    assert paper_bytes(paper=made.paper)[:2] == b"PK"


def test_a_figure_that_must_stand_and_is_empty_is_marked_and_blocks():
    made = drafted(a_year(), "讲党课{lectures}次。")
    assert lines(made) == ["讲党课【待补：党课】次。"]
    assert blocks(made) == [("figure.empty", "党课")]
    assert made.paper.subtitle == "（草稿）"
    assert paper_bytes(paper=made.paper)[:2] == b"PK"


def test_an_optional_sentence_drops_out_with_its_figure_and_a_heading_with_nothing_under_it():
    body = "# 会议\n支委会{committee_meetings}次[[，党课{lectures}次]]。\n# 学习\n## 党课\n[[党课{lectures}次。]]"
    year = a_year()
    year.add("meeting", "2023-02-03", kind="支部委员会")
    assert lines(drafted(year, body)) == ["一、会议", "支委会1次。"]
    year.add("meeting", "2023-02-03", kind="党课")
    assert lines(drafted(year, body)) == ["一、会议", "支委会1次，党课1次。", "二、学习", "（一）党课", "党课1次。"]


def test_zero_is_printed_only_when_the_register_was_signed_off():
    year, body = a_year(), "党课{lectures}次。[[=0 lectures:全年未讲党课。]]"
    made = drafted(year, body)
    assert lines(made) == ["党课【待补：党课】次。"]
    assert [one.code for one in made.concerns] == ["figure.empty", "figure.unsigned_zero"]
    sign_off(year)
    made = drafted(year, body)
    assert (lines(made), blocks(made)) == (["党课0次。全年未讲党课。"], [])
    year.add("meeting", "2023-02-03", kind="党课")
    assert lines(drafted(year, body)) == ["党课1次。"]


def test_the_change_against_the_same_months_of_the_year_before():
    year = with_meetings(a_year())
    for day in ("2022-02-01", "2022-03-01", "2022-11-01"):
        year.add("meeting", day, kind="党课")
    body = "党课{lectures}次，{lectures.change}。"
    assert lines(drafted(year, body)) == ["党课2次，同比下降33.3%。"]
    assert lines(drafted(year, body, period="2023-01..2023-06")) == ["党课1次，同比下降50.0%。"]
    assert lines(drafted(year, "大会{member_meetings}次，{member_meetings.change}。")) == [
        "大会4次，上年同期无可比数据。"
    ]
    running = drafted(year, body, as_of=date(2023, 11, 30))
    assert lines(running) == ["党课2次，上年同期无可比数据。"]
    assert "period.running" in [one.code for one in running.concerns]


def test_other_months_must_lie_within_the_report():
    year = with_meetings(a_year())
    assert lines(drafted(year, "其中一季度{lectures|Q1}次。")) == ["其中一季度1次。"]
    made = drafted(year, "党课{lectures|2022}次。")
    assert (lines(made), blocks(made)) == (["党课【待补：党课】次。"], [("figure.outside", "党课")])


def test_a_metric_that_nobody_defined_is_marked_and_blocks():
    made = drafted(a_year(), "舞会{dances}次。")
    assert (lines(made), blocks(made)) == (["舞会【待补：dances】次。"], [("figure.unknown", "dances")])


def test_parts_must_make_the_whole_or_end_in_deng():
    year = with_meetings(a_year())
    exact = "会议{committee_meetings}次，其中一季度{committee_meetings|Q1}次、二季度{committee_meetings|Q2}次"
    assert blocks(drafted(year, f"{exact}。")) == [("figure.among", "支部委员会")]
    assert blocks(drafted(year, f"{exact}等。")) == []
    assert blocks(drafted(year, f"{exact}、下半年{{committee_meetings|H2}}次。")) == []


def test_a_meeting_without_roll_is_a_warning_that_names_it():
    year = with_meetings(a_year())
    meeting = year.add("meeting", "2023-06-15", kind="支部委员会", title="六月支委会")
    made = drafted(year, "支委会{committee_meetings}次。")
    warned = [one.reason for one in made.concerns if one.code == "record.roll"]
    assert warned == [f"没有到会登记：支部委员会2023-{meeting.number}号（2023-06-15）六月支委会"]
    assert blocks(made) == []


def test_problems_and_plans_come_from_registers_or_are_marked():
    made = drafted(with_meetings(a_year()), "# 问题\n@问题 不足：\n# 计划\n@计划 打算：")
    assert lines(made) == ["一、问题", "不足：【待补：存在的问题】", "二、计划", "打算：【待补：下一步工作计划】"]
    assert blocks(made) == [("list.empty", "存在的问题"), ("list.empty", "下一步工作计划")]


def test_a_shortfall_of_the_rules_is_told_as_a_problem():
    year = a_year()
    year.add("meeting", "2023-01-10", kind="支部委员会")
    made = drafted(year, "支委会{committee_meetings}次。\n@问题 不足：", period="2023-Q1")
    assert lines(made)[1] == "不足：一是2月、3月没有支部委员会的记录，需要核实并整改。"


def test_a_person_may_add_paragraphs_with_slots_and_numbers_whose_source_is_given():
    year, body = with_meetings(a_year()), "@补充 学习\n完。"
    note = Note(place="学习", text="按7号文件，讲党课{lectures}次。", sources={"7": "示例文〔2023〕7号"})
    made = drafted(year, body, notes=[note])
    assert lines(made) == ["按7号文件，讲党课2次。", "完。"]
    assert check_notes(outline=outline(body), notes=[note]) == []


@pytest.mark.parametrize(
    ("note", "reason"),
    [
        (Note(place="别处", text="完"), "提纲中没有“别处”这个补充位置"),
        (Note(place="学习", text=" "), "“学习”应为不超过2000字的文字"),
        (Note(place="学习", text="学了5次"), "“学习”里的数字“5”是手工键入的，没有注明出处"),
        (
            Note(place="学习", text="学了三十次", sources={"三十": " "}),
            "“学习”里的数字“三十”是手工键入的，没有注明出处",
        ),
        (Note(place="学习", text="{坏}次"), "“学习”：取数位“{坏}”应写作 {指标|期间|筛选}"),
    ],
)
def test_a_typed_number_or_a_wrong_slot_is_refused(note, reason):
    [refusal] = check_notes(outline=outline("@补充 学习"), notes=[note])
    assert refusal.reason == reason


def test_a_table_has_each_metric_with_last_years_and_the_change():
    year = with_meetings(a_year())
    year.add("meeting", "2022-02-01", kind="党课")
    made = drafted(year, "@表 会议|lectures|member_meetings|group_meetings")
    table = made.paper.body[0]
    shown = [tuple(cell if isinstance(cell, str) else cell.text for cell in row) for row in table.rows]
    assert shown == [
        ("党课", "次", "2", "1", "同比增长100.0%"),
        ("支部党员大会", "次", "4", "—", "上年同期无可比数据"),
        ("党小组会", "次", "—", "—", "上年同期无可比数据"),
    ]
    assert blocks(made) == []


def test_a_debriefing_counts_what_the_secretary_did_alone():
    year = with_meetings(a_year())
    secretary, other = year.branch.people["书记"], year.branch.people["干事"]
    year.unit.records.filter(kind="支部委员会", day__month__lte=4).update(chair=secretary)
    year.unit.records.filter(kind="支部委员会", day__month__gt=4).update(chair=other)
    year.unit.records.filter(kind="党课", day__month=3).update(fields={"lecturer": secretary.mark})
    body = "我主持支委会{committee_meetings||chair=@书记}次，讲党课{lectures||lecturer=@书记}次。"
    made = drafted(year, body)
    assert lines(made) == ["我主持支委会4次，讲党课1次。"]
    assert [row.metric for row in made.paper.annexes[0].rows] == ["支部委员会（书记）", "党课（书记）"]
    secretary.posts.filter(post="secretary").delete()
    assert blocks(drafted(year, body)) == [("figure.empty", "支部委员会"), ("figure.empty", "党课")]


@pytest.mark.parametrize("name", list(outlines()))
def test_each_outline_writes_a_draft_that_invents_nothing_where_there_is_nothing(name):
    year = a_year()
    made = draft(outline=outlines()[name], unit=year.unit, span=read_span("2023-H1"), as_of=AS_OF)
    assert (made.paper.annexes, made.is_blocked) == ((), True)
    assert paper_bytes(paper=made.paper)[:2] == b"PK"
    assert [one for one in made.concerns if one.code.startswith("text.") and one.level is Level.BLOCK] == []


def test_the_yearly_summary_of_a_full_year_is_complete_and_every_number_has_its_records():
    year = with_everything(a_year())
    made = draft(outline=outlines()["年度总结"], unit=year.unit, span=read_span("2023"), as_of=AS_OF)
    assert blocks(made) == []
    text = text_of(made.paper)
    for said in (
        "召开支部委员会12次、支部党员大会4次，讲党课2次。",
        "开展主题党日12次。",
        "查找廉政风险点25条，制定防控措施25条。",
        "组织观看警示教育片5部：《示例警示片一》《示例警示片二》《示例警示片三》《示例警示片四》《示例警示片五》。",
        "完成进场交易项目2个，同比增长100.0%；成交金额890亿元，同比下降1.1%。",
        "一是集中学习的研讨还不够深入；二是2023年志愿服务形式单一",
        "一是抓好主题党日，每月一个主题；二是完善见证异常的闭环管理。",
    ):
        assert text.count(said) == 1, said
    rows = made.paper.annexes[0].rows
    assert all(row.records and row.record_count for row in rows)
    talks = next(row for row in rows if row.metric == "谈心谈话")
    assert talks.records == ("2023-1号（09-05）",)
    assert derived_share(figures=made.figures).percent == 100
    assert paper_bytes(paper=made.paper)[:2] == b"PK"


def test_a_half_year_report_counts_the_half_year_alone():
    year = with_everything(a_year())
    made = draft(outline=outlines()["半年汇报"], unit=year.unit, span=read_span("2023-H1"), as_of=AS_OF)
    assert "召开支部委员会6次、支部党员大会2次，讲党课1次。\n开展主题党日6次。" in text_of(made.paper)
    assert blocks(made) == [("list.empty", "存在的问题"), ("list.empty", "下一步工作计划")]


def test_the_feature_article_breaks_trading_down_to_the_whole():
    year = with_everything(a_year())
    made = draft(outline=outlines()["宣传通讯稿"], unit=year.unit, span=read_span("2023"), as_of=AS_OF)
    assert text_of(made.paper).splitlines()[2:4] == [
        "2023年完成进场交易项目2个，同比增长100.0%，其中工程建设项目1宗、政府采购项目1宗。",
        "成交金额890亿元，同比下降1.1%，其中工程建设项目800亿元、政府采购项目90亿元。",
    ]
    assert blocks(made) == []
    parts = (
        "完成进场交易项目{trades}个，其中政府采购项目{trades_procurement}宗、其他交易项目{trades_works||region=44}宗。"
    )
    year.unit.records.filter(register="trade_result", day__month=3).update(fields={"region": "44", "lot_code": "x"})
    year.add("trade_result", "2023-08-08", kind="土地使用权", fields={"lot_code": "y"})
    assert blocks(drafted(year, parts))[0] == ("figure.among", "进场交易项目")


@pytest.mark.parametrize(
    ("typed", "found"),
    [("讲党课5次", [("figure.two_values", "党课")]), ("讲党课2次", []), ("支部党员大会9次", []), ("党课5人", [])],
)
def test_a_typed_number_that_contradicts_the_records_blocks(typed, found):
    sources = dict.fromkeys("259", "口头统计")
    note = Note(place="学习", text=f"另外说明，{typed}。", sources=sources)
    made = drafted(with_meetings(a_year()), "讲党课{lectures}次。\n@补充 学习", notes=[note])
    assert blocks(made) == found
