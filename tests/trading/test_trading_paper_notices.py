"""Notices, tender document, written report and contract: everything that the law asks for is in them."""

from dataclasses import replace
from datetime import date

import pytest

from support.paper_reading import FACTS, all_papers, text_of
from support.paper_rows import AT, announced_trade, evaluated_trade, kept
from yangguang.demo.cast import terms
from yangguang.trading.models import Award, DropOut, Member, ReportSignature, Trade
from yangguang.trading.papers import (
    award_notice,
    candidates_notice,
    contract_paper,
    result_notice,
    tender_document,
    tender_notice,
    written_report,
)
from yangguang.trading.readings import terms_of


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


def test_candidates_are_shown_with_price_parts_of_the_total_and_the_way_to_object(papers):
    text = text_of(papers["candidates_notice"])
    assert text.index("示例甲建设有限公司") < text.index("示例乙建设有限公司")
    for expected in (
        "9,500,000.00\n玖佰伍拾万元整",
        "自本公示发布之日起不少于 3 日",
        "3 日内答复",
        "示例联系人　000-0000　示例路1号",
        "示例丁建设有限公司\n投标文件未经投标单位盖章和单位负责人签字",
        "张某",
    ):
        assert expected in text
    assert "投标函未签章" not in text


def test_a_publicity_with_its_days_names_them(evaluated):
    notice = candidates_notice(evaluated.trade, starts=date(2026, 4, 1), until=date(2026, 4, 5))
    assert "2026年4月1日至2026年4月5日" in text_of(notice)


def test_candidates_cannot_be_published_before_the_results(announced):
    with pytest.raises(LookupError):
        candidates_notice(announced.trade)
    announced.committee()
    announced.review()
    announced.score("甲")
    announced.compute("甲")
    assert candidates_notice(announced.trade)


def test_the_award_notice_speaks_to_the_winner_with_price_and_days(evaluated):
    evaluated.award("甲")
    text = text_of(award_notice(evaluated.trade, issued_on=date(2026, 4, 8)))
    assert text.index("示例甲建设有限公司：") < text.index("9,500,000.00 元（大写：人民币玖佰伍拾万元整）")
    assert "发出之日起 30 日内" in text
    assert text.endswith("2026年4月8日")


def test_the_result_notice_tells_a_loser_its_own_rank_and_others_nothing_of_it(evaluated):
    evaluated.award("甲")
    own = text_of(result_notice(evaluated.trade, bidder=evaluated.bids["乙"].bidder))
    everyone = text_of(result_notice(evaluated.trade))
    total = evaluated.trade.ranking.get(rank=2).total
    assert f"总分 {total:.2f}，第 2 名" in own
    assert "各未中标的投标人：" in everyone
    assert "第 2 名" not in everyone
    assert "总分" not in text_of(result_notice(evaluated.trade, bidder=evaluated.bids["丁"].bidder))


def test_the_written_report_tells_drop_outs_and_how_the_report_was_signed(evaluated):
    DropOut.objects.create(candidate=evaluated.trade.ranking.get(rank=1), reason="gave_up", evidence=kept("放弃"))
    ReportSignature.objects.create(member=Member.objects.get(seat=2), kind="dissent", evidence=kept("不同意见"))
    evaluated.award("乙")
    text = text_of(written_report(evaluated.trade))
    assert text.splitlines()[3] == "示例市住房和城乡建设局："
    assert "示例甲建设有限公司：中标候选人放弃中标" in text
    assert "席位2\n评标专家\n成员\n书面不同意见" in text
    assert "对开标的异议\n1\n1" in text
    assert "发出中标通知书\n2026年3月31日09时30分00秒（北京时间）" in text


def test_the_tender_notice_has_every_field_that_must_be_announced(papers):
    text = text_of(papers["tender_notice"])
    for expected in (
        "A01-1-20260302-000001-X",
        "E9901002603020001001001",
        "图纸范围内全部工程",
        "示例市示例区",
        "财政资金",
        "12,600,000.00 元（大写：人民币壹仟贰佰陆拾万元整）",
        "营业执照",
        "本次招标不接受联合体投标。",
        "2026年3月3日09时30分00秒（北京时间）至2026年3月9日",
        "https://trade.example.invalid",
        "2026年3月30日09时30分00秒（北京时间）",
        "200,000.00 元（大写：人民币贰拾万元整）",
        "a@example.invalid",
        "示例市公共资源交易平台",
        "正常公告",
    ):
        assert expected in text


def test_a_tenderer_without_agency_bond_or_limit_says_so(evaluated):
    trade = evaluated.trade
    trade.tender.agency, trade.limit_price, trade.tender.state_controlled = None, None, False
    trade.works_kind = "services"
    alone = replace(FACTS, agency=None, consortium=True)
    notice = text_of(tender_notice(trade, terms=terms(bid_bond="0"), facts=alone))
    document = text_of(tender_document(trade, terms=terms(bid_bond="0"), deadline=AT))
    evaluated.award("甲")
    for expected in ("无（招标人自行招标）", "最高投标限价\n未设", "投标保证金\n不收取", "本次招标接受联合体投标。"):
        assert expected in notice
    assert "招标人根据评标报告和推荐的中标候选人确定中标人。" in document
    assert "本版的澄清和修改" not in document
    assert text_of(contract_paper(trade)).splitlines()[2] == "合同协议书"
    assert "招标代理机构：" not in text_of(award_notice(trade))


def test_the_tender_document_prints_the_scoring_method_step_by_step(papers):
    text = text_of(papers["tender_document"])
    for step in terms_of(Trade.objects.get()).scoring.steps:
        assert f"　{step.label}＝{step.operation.label}（" in text
    for expected in (
        "投标有效期\n自投标截止之日起 90 日",
        "5 人，其中随机抽取的专家 4 人",
        "暗标",
        "第 2 版",
        "10 日前提出",
    ):
        assert expected in text


def test_the_contract_keeps_the_price_of_the_bid_and_names_its_files(papers):
    text, award = text_of(papers["contract_paper"]), Award.objects.get()
    assert "9,500,000.00 元（大写：人民币玖佰伍拾万元整）" in text
    notice = kept("中标通知书正文").sha256
    places = [text.index(digest, text.index("三、")) for digest in (notice, award.bid.evidence_id)]
    assert places == sorted(places)
