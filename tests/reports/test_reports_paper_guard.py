import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from support.papers import MEETINGS, TRADES, YEAR, a_paper, evidence, of_text
from yangguang.reports.paper import (
    CarryingNotice,
    CarryingReport,
    EvidenceAnnex,
    FigureRun,
    Heading,
    Literal,
    Missing,
    Paragraph,
    Table,
    check_paper,
    missing_metrics,
    paper_bytes,
    read_back,
    undeclared_digits,
)
from yangguang.rules.refusal import Refused

DIGITS = re.compile(r"\d+")
CHINESE = some.text(alphabet="会议学习交易服务，。、（）", max_size=12)


def _codes(paper):
    return [refusal.code for refusal in check_paper(paper)]


def test_a_paper_whose_digits_all_have_a_source_is_written():
    assert check_paper(a_paper()) == []
    assert undeclared_digits(a_paper()) == []


@pytest.mark.parametrize("typed", ["12", "1,499", "22.1%", "１２", "③", "2026/1", "〔2026〕3"])
def test_a_typed_number_is_found_with_its_place(typed):
    found = undeclared_digits(of_text("全年召开", typed, "次"))
    assert [one.where for one in found] == ["正文第1块"] * len(found)
    assert "".join(one.digits for one in found) == typed.translate({ord("〔"): None, ord("〕"): None})


def test_a_typed_number_is_found_wherever_it_stands():
    notice = CarryingNotice(title="通知1", recipients="2处", text=(Paragraph(runs="3"),), closing="4")
    body = (Heading(level=1, text="五5", runs="6"), Table(columns=("7",), rows=(("8",),), title="9"))
    paper = a_paper(title="10", subtitle="11", body=body, signer="12", carrier=notice)
    assert [one.digits for one in undeclared_digits(paper)] == [str(n) for n in (1, 2, 3, 4, 10, 11, 5, 6, 9, 7, 8, 12)]
    report = CarryingReport(recipients="1", closing="2")
    assert [one.digits for one in undeclared_digits(a_paper(body=(), carrier=report))] == ["1", "2"]


def test_a_typed_number_keeps_the_paper_from_being_written():
    with pytest.raises(Refused, match=r"“37”.*改用指标取数"):
        paper_bytes(paper=of_text("共召开37次"))


def test_a_number_without_digits_and_a_unit_with_a_raised_one_are_words():
    assert undeclared_digits(of_text("三会一课、第一季度、平方米（m²）")) == []


def test_a_literal_needs_a_source():
    assert _codes(of_text(Literal(text="2026", source=" "), title="总结")) == ["paper.literal.without_source"]


def test_a_figure_needs_its_evidence():
    assert _codes(of_text(FigureRun(text="5", figure="unknown"))) == ["paper.figure.without_evidence"]


def test_a_figure_has_one_value():
    assert _codes(of_text(FigureRun(text="13", figure="meetings"))) == ["paper.figure.two_values"]


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ((evidence(MEETINGS), evidence(TRADES), evidence(FigureRun(text="1", figure="a-b"))), "paper.figure.id"),
        ((evidence(MEETINGS), evidence(TRADES), evidence(FigureRun(text="1", figure="x" * 33))), "paper.figure.id"),
        ((evidence(MEETINGS), evidence(TRADES, record_count=1)), "paper.evidence.count"),
        ((evidence(MEETINGS), evidence(TRADES), evidence(FigureRun(text="1", figure="Trades"))), "paper.figure.twice"),
        ((evidence(MEETINGS), evidence(TRADES, metric="坏\x00")), "paper.text.unprintable"),
    ],
)
def test_rows_of_evidence_that_would_mislead_are_refused(rows, code):
    assert _codes(a_paper(annexes=(EvidenceAnnex(rows=rows),))) == [code]


@pytest.mark.parametrize(
    ("block", "code"),
    [
        (Heading(level=5, text="太深"), "paper.heading.level"),
        (Heading(level=1, text=" "), "paper.heading.empty"),
        (Heading(level=1, text="四、存在问题"), "paper.heading.ordinal"),
        (Heading(level=2, text="（一）存在问题"), "paper.heading.ordinal"),
        (Table(columns=("甲", "乙"), rows=(("丙",),)), "paper.table.ragged"),
        (Table(columns=(), rows=()), "paper.table.columns"),
        (Table(columns=("甲",) * 13, rows=()), "paper.table.columns"),
        (Paragraph(runs="坏\x0b字"), "paper.text.unprintable"),
    ],
)
def test_a_block_that_cannot_be_set_is_refused(block, code):
    assert _codes(a_paper(body=(block,))) == [code]


def test_title_and_signer_are_needed():
    assert _codes(a_paper(title=" ", signer="")) == ["paper.form.empty", "paper.form.empty"]


def test_a_report_asks_for_nothing():
    assert _codes(a_paper(carrier=CarryingReport(recipients="示例市委", closing="妥否，请批示。"))) == [
        "paper.report.asks"
    ]
    assert _codes(a_paper(carrier=CarryingReport(recipients="示例市委", closing="以上报告，请审阅。"))) == []


def test_what_the_records_do_not_give_is_printed_and_told():
    paper = of_text("受理异议", Missing(metric="异议受理件数"), "件")
    assert check_paper(paper) == []
    assert missing_metrics(paper) == ["异议受理件数"]
    assert [one.text for one in read_back(paper_bytes(paper=paper)) if "待补" in one.text] == [
        "受理异议【待补：异议受理件数】件"
    ]


FIGURES = some.integers(0, 9999).map(lambda number: FigureRun(text=str(number), figure=f"f{number}"))
LITERALS = some.builds(
    Literal, text=some.integers(1949, 2030).map(lambda year: f"{year}年"), source=some.just("报告期")
)
TEXTS = some.lists(some.one_of(CHINESE, FIGURES, LITERALS), min_size=1, max_size=6).map(tuple)
BLOCKS = some.one_of(
    some.builds(Paragraph, runs=TEXTS),
    some.builds(Heading, level=some.integers(1, 4), text=TEXTS.map(lambda runs: ("题", *runs)), runs=TEXTS),
    some.builds(lambda cell: Table(columns=("甲",), rows=((cell,),)), TEXTS),
)


def _figures(text):
    return [run for run in text if isinstance(run, FigureRun)] if isinstance(text, tuple) else []


def _all_figures(block):
    if isinstance(block, Table):
        return [run for row in block.rows for cell in row for run in _figures(cell)]
    return [*(_figures(block.text) if isinstance(block, Heading) else []), *_figures(block.runs)]


@given(blocks=some.lists(BLOCKS, max_size=5), day=some.dates(min_value=date(1949, 10, 1)))
def test_every_digit_of_a_written_text_is_a_figure_with_evidence_or_a_declared_literal(blocks, day):
    runs = {run.figure: run for block in blocks for run in _all_figures(block)}
    annex = EvidenceAnnex(rows=tuple(evidence(run) for run in runs.values()))
    paper = a_paper(title=(YEAR, "年总结"), body=tuple(blocks), issued_on=day, annexes=(annex,))
    read = read_back(paper_bytes(paper=paper))
    before = read[: [one.style for one in read].index("PaperAnnexMark")]
    known = {figure for one in read for figure in one.evidence_for}
    assert known == set(runs)
    loose = [run.text for one in before for run in one.runs if run.figure is None and not run.literal]
    assert [text for text in loose if DIGITS.search(text)] == []
    linked = [run for one in before for run in one.runs if run.figure is not None]
    assert [run.text for run in linked] == [run.text for block in blocks for run in _all_figures(block)]
    assert {run.figure for run in linked} <= known


@given(before=CHINESE, number=some.integers(0, 10**6), after=CHINESE)
def test_no_typed_number_gets_through(before, number, after):
    assert _codes(of_text(f"{before}{number}{after}")) == ["paper.digits.undeclared"]


def test_more_headings_than_ordinals_are_refused():
    assert _codes(a_paper(body=(Heading(level=1, text="题"),) * 100)) == ["paper.heading.many"]
    assert paper_bytes(paper=a_paper(body=(Heading(level=1, text="题"),) * 99))
