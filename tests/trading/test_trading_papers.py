"""Opening record and evaluation report, and the bytes of all papers: the same rows, the same file, no markup."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import override_settings
from django.utils import timezone, translation

from support.paper_reading import Shape, all_papers, text_of
from support.paper_rows import AT, MARKUP, SECRET_NAMES, announced_trade, evaluated_trade, kept
from support.rows import refused
from support.stages import trade_at
from yangguang.demo.cast import terms
from yangguang.rules.scoring.families import build_family
from yangguang.trading.models import Member, Objection, ReportSignature, TenderDocument, Trade
from yangguang.trading.papers import (
    evaluation_report,
    opening_record,
)
from yangguang.trading.papers.computation import component_names, computation_of
from yangguang.trading.papers.rendering import render
from yangguang.trading.readings import terms_of
from yangguang.trading.stages import Stage
from yangguang.witness import evidence
from yangguang.witness.models import Entry

TAGS = {"html", "head", "meta", "title", "style", "body", "header", "main", "div", "section", "span", "p", "b"}
TAGS |= {"h1", "h2", "h3", "ul", "ol", "li", "table", "caption", "colgroup", "col", "thead", "tbody", "tr", "th", "td"}


@pytest.fixture
def announced(db):
    return announced_trade()


@pytest.fixture
def evaluated(db):
    return evaluated_trade()


@pytest.fixture
def papers(evaluated):
    evaluated.award("甲")
    return all_papers(evaluated.trade)


def test_the_opening_record_tells_who_bid_when_and_what_became_of_it(announced):
    text = text_of(opening_record(announced.trade))
    order = [text.index(f"示例{name}建设有限公司") for name in "甲乙丙丁"]
    assert order == sorted(order)
    assert "示例戊建设有限公司" not in text
    for expected in (
        "2026年3月30日09时30分00秒（北京时间）",
        "参加开标 4 份，其中解密成功 3 份",
        "替换投标文件 1 份，撤回投标文件 1 份（均未开启）",
        "12,000,000.10 元（大写：人民币壹仟贰佰万元壹角整）",
        "2026-03-29 09:30:00",
        "2026-03-30 09:00:00",
        "视为撤销（投标人原因）\n私钥遗失",
        "9,600,000.05\n玖佰陆拾万元零伍分",
        "300 日历天",
        "合格",
        "示例0001",
        "200,000.00",
        "符合要求",
        "金额不足",
        "未提交或未开启",
        "当场答复：报价以系统记录为准",
        announced.bids["甲"].evidence.sha256,
    ):
        assert expected in text


def test_the_opening_record_shows_the_drawn_parameter_and_its_options(announced):
    parameter = terms_of(announced.trade).parameters[0]
    assert f"{parameter.label}\n{'、'.join(parameter.options)}\n" in text_of(opening_record(announced.trade))


def test_the_opening_record_does_not_betray_the_technical_files(announced):
    text = text_of(opening_record(announced.trade))
    assert "ab" * 32 not in text
    assert "施工组织设计.pdf" not in text


def test_an_objection_in_another_format_is_named_by_its_digest_alone(announced):
    announced.objection("不是文本", media_type="application/pdf")
    text = text_of(opening_record(announced.trade))
    assert "不是文本" not in text
    assert "内容见所附文件。" in text
    assert "尚无答复。" in text
    assert Objection.objects.last().evidence_id in text


def test_what_follows_the_opening_changes_no_byte_of_its_record(announced):
    before = opening_record(announced.trade)
    announced.committee()
    announced.review(failing="丁")
    announced.score("甲", "乙")
    announced.compute("甲", "乙")
    announced.award("甲")
    assert opening_record(Trade.objects.get()) == before


def test_a_bid_not_settled_yet_stands_in_the_record_with_a_dash(announced):
    announced.bids["己"] = announced.bid("己")
    text = text_of(opening_record(announced.trade))
    assert "示例己建设有限公司" in text
    assert "参加开标 5 份，其中解密成功 3 份" in text


def test_the_evaluation_report_has_the_ten_items_in_order(evaluated):
    text = text_of(evaluation_report(evaluated.trade))
    headings = re.findall(r"^[一二三四五六七八九十]、.+$", text, flags=re.MULTILINE)
    assert headings == [
        "一、基本情况和数据表",
        "二、评标委员会成员名单",
        "三、开标记录",
        "四、符合要求的投标一览表",
        "五、否决投标情况说明",
        "六、评标标准、评标方法和评标因素",
        "七、评分比较一览表",
        "八、经评审的投标人排序",
        "九、推荐的中标候选人和签订合同前要处理的事宜",
        "十、澄清、说明、补正事项纪要",
    ]


def test_a_rejection_is_told_with_ground_article_reason_and_every_finding(evaluated):
    text = text_of(evaluation_report(evaluated.trade))
    assert "投标文件未经投标单位盖章和单位负责人签字（招标投标法实施条例第五十一条第（一）项）" in text
    assert f"投标函未签章{MARKUP}" in text
    assert [seat for seat in range(1, 6) if f"席位{seat}　形式评审不通过：" in text] == [1, 2, 3, 4]
    assert "通过 1\n不通过 4" in text


def test_every_score_of_every_member_is_printed(evaluated):
    text = text_of(evaluation_report(evaluated.trade))
    for name, place in (("甲", 0), ("乙", 1)):
        start = text.index(f"示例{name}建设有限公司　暗标编号 CODE{place}")
        row = [f"{Decimal(15) - place - Decimal(seat) / 4:.2f}" for seat in range(1, 6)]
        assert "\n".join(["施工组织设计", "15", *row]) in text[start:]


def test_the_computation_is_printed_step_by_step_with_bids_by_number(evaluated):
    text = text_of(evaluation_report(evaluated.trade))
    result = computation_of(evaluated.trade)
    trace = text[text.index("计算过程") : text.index("八、")]
    for number, step in enumerate(result.description.steps, start=1):
        assert f"第 {number} 步　{step.label}＝" in trace
    assert not re.search("[0-9a-f]{64}", trace)
    assert "席位5［" in trace
    assert "seat-" not in trace
    assert f"投标1（{result.values['total'][evaluated.bids['甲'].evidence_id]:f}）" in trace


def test_the_summary_shows_each_part_of_the_total_as_computed(evaluated):
    result, text = computation_of(evaluated.trade), text_of(evaluation_report(evaluated.trade))
    names = ("price_points", "technical_score", "business_score")
    assert component_names(result.description) == names
    values = [f"{result.values[name][evaluated.bids['甲'].evidence_id]:f}" for name in (*names, "total")]
    assert "\n".join(["1", "投标1", "示例甲建设有限公司", "9,500,000.00", *values]) in text
    assert "第一中标候选人" in text


def test_members_are_named_by_seat_only(evaluated, papers):
    for paper in papers.values():
        assert not [name for name in SECRET_NAMES if name in text_of(paper)]
    assert "席位5\n招标人代表\n成员" in text_of(papers["evaluation_report"])


def test_signing_and_dissent_change_no_byte_of_the_report(evaluated):
    before = evaluation_report(evaluated.trade)
    for member in Member.objects.all():
        ReportSignature.objects.create(member=member, kind="dissent", evidence=kept("不同意见"))
    evaluated.award("甲")
    assert evaluation_report(Trade.objects.get()) == before


def test_a_bond_that_fell_short_is_a_matter_before_the_contract(evaluated):
    matters = text_of(evaluation_report(evaluated.trade)).partition("九、")[2].partition("十、")[0]
    assert "示例乙建设有限公司的投标保证金：金额不足" in matters
    assert "系统记录中没有" not in matters


def test_clarifications_are_told_with_question_and_answer(evaluated):
    text = text_of(evaluation_report(evaluated.trade)).partition("十、")[2]
    assert "投标1　示例甲建设有限公司　第1次" in text
    assert "请说明台数" in text
    assert f"两台{MARKUP}" in text


def test_a_report_on_all_bids_rejected_says_that_nothing_was_scored(announced):
    announced.committee()
    announced.review(failing="丁")
    text = text_of(evaluation_report(announced.trade))
    assert "没有进入详细评审，未评分。" in text
    assert "没有排序。" in text


def test_a_tie_that_the_committee_settled_is_told_with_its_reason(announced):
    announced.committee()
    announced.review()
    announced.score("甲", "乙")
    order = [announced.bids[name].evidence_id for name in "乙甲"]
    announced.compute("甲", "乙", tie={"order": order, "reason": f"业绩更优{MARKUP}"})
    text = text_of(evaluation_report(announced.trade))
    assert "依次排定为：投标2 示例乙建设有限公司、投标1 示例甲建设有限公司。理由：业绩更优" in text


def test_a_raised_clue_stands_among_the_matters(announced):
    method, mean = terms()["scoring"], {"name": "all_mean", "op": "mean", "of": "price", "label": "全部报价均值"}
    low = {"name": "low", "op": "compare", "left": "price", "comparison": "<", "right": "all_mean", "label": "低于均值"}
    method["steps"] += [mean, low]
    method["flags"] = [{"name": "low", "label": f"报价偏低{MARKUP}", "article": ""}]
    changed = {"version": 2, "terms": terms(scoring=method), "issued_at": AT, "deadline": AT}
    TenderDocument.objects.create(trade=announced.trade, evidence=kept("第二版"), **changed)
    announced.committee()
    announced.score("甲", "乙")
    announced.compute("甲", "乙")
    assert f"线索“报价偏低{MARKUP}”：投标1，供研判" in text_of(evaluation_report(announced.trade))


def test_a_total_that_is_not_a_sum_has_no_parts():
    assert component_names(build_family(name="lanzhou_construction")) == ()


def test_no_text_of_a_bidder_becomes_markup_and_nothing_unseen_stays_unseen(papers):
    for name, paper in papers.items():
        shape = Shape(paper)
        assert shape.tags <= TAGS, name
        assert shape.attributes <= {"lang", "charset", "name", "content", "class", "scope"}, name
        assert MARKUP in shape.text, name
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\ufeff]", paper.decode()), name
    assert "张某甲〔U+202E〕乙〔U+0007〕丙" in text_of(papers["opening_record"])


def test_half_a_character_is_printed_as_its_code_point():
    assert "甲〔U+D800〕乙" in text_of(render("paper.html", {"title": "甲\ud800乙", "centre": ""}))


def test_a_paper_asks_for_nothing_from_outside(papers):
    for paper in papers.values():
        text = paper.decode("utf-8")
        assert text.startswith('<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">')
        assert not re.findall(r"url\(|@import|\bsrc=|\bhref=", text.replace("&lt;img src=x", ""))


def test_the_same_rows_give_the_same_bytes_in_any_language_zone_and_setting(evaluated, papers):
    with (
        translation.override("de"),
        timezone.override("America/Lima"),
        override_settings(USE_THOUSAND_SEPARATOR=True, LANGUAGE_CODE="ar"),
    ):
        assert all_papers(Trade.objects.get()) == papers


def test_no_template_asks_for_a_value_that_it_does_not_get(evaluated):
    strict = {"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}
    evaluated.award("甲")
    with override_settings(TEMPLATES=[strict | {"OPTIONS": {"string_if_invalid": "〔没有这一项〕"}}]):
        for name, paper in all_papers(evaluated.trade).items():
            assert "〔没有这一项〕" not in paper.decode(), name


def test_papers_of_a_trade_that_acts_made_are_those_that_were_signed(db):
    scene = trade_at(Stage.CONTRACTED)
    for act, paper in (("sign_opening_record", opening_record), ("issue_report", evaluation_report)):
        entry = Entry.objects.get(stream=scene.stream, act=act)
        digest = re.search('"sha256":"([0-9a-f]{64})"', entry.payload)[1]
        assert evidence.read(digest) == paper(scene.trade)
    assert len(all_papers(scene.trade)) == 9


def test_a_record_that_the_platform_did_not_write_is_not_signed(db):
    scene = trade_at(Stage.ANNOUNCED)
    scene.at += timedelta(minutes=6)
    other = scene.signed("agency", "sign_opening_record", content="<p>另一份开标记录</p>".encode())
    with refused("record.not_current", article="第四十四条"):
        scene.do("sign_opening_record", "agency", paper=other)
    scene.do("sign_opening_record", "agency", paper=scene.paper("sign_opening_record", "agency"))
