"""Words about figures (零、余、近、全部完成): printed only where the records make them true."""

from decimal import Decimal

import pytest

from support.drafts import blocks, drafted, lines, questions, sign_off
from support.reporting import a_year, with_meetings
from yangguang.ledger.models import Record, State
from yangguang.reports.notes import Note
from yangguang.reports.paper import check_paper, paper_bytes, read_back
from yangguang.reports.proofreading import Level

pytestmark = pytest.mark.django_db


def test_a_zero_that_was_signed_for_is_asked_about_no_more_and_the_annex_says_by_whom():
    year, body = a_year(), "[[=0 complaints:没有收到投诉，未发现投诉问题。]]处理投诉{complaints}件。"
    secretary = year.branch.people["书记"]
    for period in ("2023-H1", "2023-H2"):
        sign_off(year, "trade_complaint", period, by=secretary.mark)
    made = drafted(year, body)
    assert (lines(made), questions(made)) == (["没有收到投诉，未发现投诉问题。处理投诉0件。"], [])
    signed = "；".join(
        f"{secretary.name}于2023-12-01签核{days}" for days in ("2023-01-01至2023-06-30", "2023-07-01至2023-12-31")
    )
    assert [(row.text, row.record_count, row.remark) for row in made.paper.annexes[0].rows] == [
        ("没有收到投诉，未发现投诉问题", 0, f"为零，由{signed}"),
        ("0", 0, f"为零，由{signed}"),
    ]
    printed = [one.text for one in read_back(paper_bytes(paper=made.paper))]
    assert printed.count(f"为零，由{signed}") == 2
    assert check_paper(made.paper) == []


def test_a_zero_that_a_person_wrote_is_asked_about_whatever_was_signed():
    year, body = a_year(), "[[=0 complaints:未发现投诉问题。]]\n@补充 学习"
    sign_off(year, "trade_complaint")
    same = Note(place="学习", text="未发现投诉问题。")
    made = drafted(year, body, notes=[same])
    assert (lines(made), questions(made)) == (["未发现投诉问题。"] * 2, ["第3段“未发现投诉”"])
    both = drafted(year, "[[=0 complaints:未发现投诉问题。]]经自查，未发现投诉问题。")
    assert questions(both) == ["第2段“未发现投诉”"]


def test_a_zero_sentence_is_left_out_and_told_while_nobody_has_signed_for_it():
    made = drafted(a_year(), "[[=0 complaints:未发现投诉问题。]]")
    assert (lines(made), made.paper.annexes) == ([], ())
    assert [one.code for one in made.concerns] == ["figure.unsigned_zero"]


def with_matters(count):
    year = a_year()
    for _ in range(count):
        year.add("practical_matter", "2023-03-02", kind="民生实事")
    return year


def test_a_rounded_number_stands_where_the_outline_asks_and_the_annex_has_the_exact_one():
    year = with_matters(113)
    asked = "办实事{livelihood_matters}件，{livelihood_matters.余}件，{livelihood_matters.以上}件以上"
    made = drafted(year, asked + "，{livelihood_matters.近}件。")
    assert (lines(made), blocks(made)) == (["办实事113件，110余件，110件以上，113件。"], [])
    assert [(row.text, row.record_count, row.remark) for row in made.paper.annexes[0].rows] == [
        ("113", 113, ""), ("110余", 113, "准确数113件"), ("110", 113, "准确数113件"),
    ]  # fmt: skip
    assert check_paper(made.paper) == []


def test_an_amount_is_rounded_in_its_own_scale():
    year = a_year()
    lot = {"lot_code": "L1"}
    year.add("trade_result", "2023-03-05", kind="工程建设", fields=lot, amount=Decimal(36_996_000_000))
    made = drafted(year, "成交金额{trade_amount.亿元}亿元，即{trade_amount.亿元多}亿元。")
    assert (lines(made), blocks(made)) == (["成交金额370亿元，即360多亿元。"], [])
    assert [row.remark for row in made.paper.annexes[0].rows] == ["", "准确数36996000000元"]
    table = drafted(year, "@表 交易|trade_amount.亿元余").paper.body[0]
    assert [getattr(cell, "text", cell) for cell in table.rows[0]][1:3] == ["亿元", "360余"]


def test_parts_of_a_rounded_whole_are_added_up_exactly():
    year = with_matters(113)
    for _ in range(2):
        year.add("practical_matter", "2023-03-02", kind="微心愿")
    said = "清单{practical_matters_listed.余}项，其中民生实事{livelihood_matters}件"
    assert blocks(drafted(year, f"{said}、微心愿{{wishes}}个。")) == []
    metrics = "会议{committee_meetings.余}次，其中一季度{committee_meetings|Q1}次、二季度{committee_meetings|Q2}次。"
    assert blocks(drafted(with_meetings(year), metrics)) == [("figure.among", "支部委员会")]


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("办实事{livelihood_matters}余件。", "余"),
        ("办实事{livelihood_matters}多件。", "多"),
        ("办实事近{livelihood_matters}件。", "近"),
        ("办实事{livelihood_matters}件以上。", None),
        ("最近{livelihood_matters}件。", None),
        ("办实事{livelihood_matters}件，余下的继续办。", None),
    ],
)
def test_an_exact_number_has_no_rounding_word_beside_it(said, found):
    refused = [one for one in drafted(with_matters(3), said).concerns if one.code == "figure.rounding"]
    assert [(one.level, one.reason[:3]) for one in refused] == ([(Level.BLOCK, f"“{found}”")] if found else [])


def test_a_number_rounded_for_at_least_needs_the_word_after_its_unit():
    made = drafted(with_matters(13), "办实事{livelihood_matters.以上}件。")
    assert [one.reason for one in made.concerns if one.code == "figure.rounding"] == ["写作10，实为13，后面没有“以上”"]


def test_all_done_is_said_only_where_every_record_is_closed_and_the_annex_lists_them():
    year = with_matters(3)
    body = "[[=全部 livelihood_matters_done/livelihood_matters:民生实事已全部完成。]]"
    made = drafted(year, body)
    assert (lines(made), questions(made), blocks(made)) == (["民生实事已全部完成。"], [], [])
    [row] = made.paper.annexes[0].rows
    assert (row.text, row.record_count, row.remark) == ("民生实事已全部完成", 3, "共3件，全部办结")
    year.add("practical_matter", "2023-04-02", kind="民生实事", state=State.OPEN, closed_on=None)
    assert lines(drafted(year, body)) == []
    Record.objects.filter(register="practical_matter").delete()
    assert lines(drafted(year, body)) == []


def test_all_done_without_a_figure_is_a_question():
    made = drafted(with_matters(3), "民生实事{livelihood_matters}件，已全部完成。")
    assert questions(made) == ["第2段“全部完成”"]
    assert [one.code for one in made.concerns if one.level is Level.ASK] == ["text.all_done"]
