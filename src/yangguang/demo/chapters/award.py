"""From the candidates' publicity to the archive (公示、定标、通知、合同、退保证金、书面报告、归档)."""

from datetime import timedelta
from decimal import Decimal

from yangguang.demo.bids import FIRST, NATIONAL, OFFERS, WITHDRAWS
from yangguang.demo.chapters.bidding import refund
from yangguang.demo.telling import Story, unsigned
from yangguang.trading.acts.award import (
    answer_result_objection,
    award,
    issue_award_notice,
    object_to_result,
    publish_candidates,
)
from yangguang.trading.acts.contract import archive_trade, sign_contract, submit_written_report

PRICE = OFFERS[NATIONAL].price


def publicise(story: Story) -> str:
    """第31日: two days of publicity are refused; the period ends on the first working day after the holiday."""
    by, act = story.cast.agency, publish_candidates
    paper = story.paper(act, "中标候选人公示", "中标候选人三名，公示内容见平台。", by=by)
    at = story.moment(31, "09:00")
    story.refused(
        act,
        who=by,
        at=at,
        what="公示期定为2日",
        because="publicity.too_short",
        paper=paper,
        until=story.moment(33, "17:00"),
    )
    until, at = story.moment(37, "17:00"), story.moment(31, "09:10")
    story.perform(act, who=by, at=at, what="公示中标候选人", paper=paper, until=until)
    return f"公示三名中标候选人至{until:%m-%d}（清明假期顺延）"


def object_and_answer(story: Story) -> str:
    """第32至34日: while an objection waits nobody is awarded; it is answered within three days."""
    by, objector = story.cast.agency, story.cast.bidders[FIRST]
    story.perform(
        object_to_result,
        who=objector,
        at=story.moment(32, "10:00"),
        what="对评标结果提出异议",
        objection=unsigned("异议书", "请复核第一中标候选人的业绩得分。"),
    )
    winner = story.cast.bidders[NATIONAL].code
    at = story.moment(33, "09:00")
    story.refused(
        award, who=story.cast.tenderer, at=at, what="未答复异议就定标", because="objection.unanswered", bidder=winner
    )
    answer = story.paper(answer_result_objection, "异议答复", "经复核，业绩得分计算无误。", by=by)
    at = story.moment(34, "16:00")
    story.perform(answer_result_objection, who=by, at=at, what="答复第3号异议", number=3, answer=answer)
    return "一件异议，两日内答复"


def decide(story: Story) -> str:
    """第38日: the first candidate is awarded; neither the second nor anyone else may decide (条例第五十五条)."""
    tenderer, bidders = story.cast.tenderer, story.cast.bidders
    at = story.moment(37, "10:00")
    story.refused(
        award,
        who=tenderer,
        at=at,
        what="公示期未满就定标",
        because="award.publicity_not_over",
        bidder=bidders[NATIONAL].code,
    )
    at, other = story.moment(38, "09:00"), bidders[FIRST]
    story.refused(award, who=other, at=at, what="第二名自行“定标”", because="access.denied", bidder=other.code)
    story.refused(award, who=tenderer, at=at, what="改选第二名中标", because="award.out_of_order", bidder=other.code)
    at = story.moment(38, "09:30")
    story.perform(award, who=tenderer, at=at, what=f"定标：{bidders[NATIONAL].name}", bidder=bidders[NATIONAL].code)
    return f"第一中标候选人{bidders[NATIONAL].name}中标"


def notify(story: Story) -> str:
    """第38日: the winner's notice and the result to all others go out in one act (招标投标法第四十五条)."""
    by, act = story.cast.agency, issue_award_notice
    winner = story.cast.bidders[NATIONAL]
    notice = story.paper(act, "中标通知书", f"{winner.name}：你单位中标，中标价{PRICE:,}元。", by=by)
    result = story.paper(act, "中标结果通知书", f"中标人为{winner.name}，中标价{PRICE:,}元。", by=by)
    at = story.moment(38, "10:00")
    story.perform(act, who=by, at=at, what="发出中标通知书，并通知全部未中标人", notice=notice, result=result)
    return "中标通知书与结果通知同时发给全部投标人"


def contract(story: Story) -> str:
    """第39日: at the price of the bid and no other, signed by both (招标投标法第四十六条)."""
    winner, by, act = story.cast.bidders[NATIONAL], story.cast.tenderer, sign_contract
    given = {
        "contract": story.paper(act, "施工合同", f"合同价{PRICE:,}元，工期290日历天。", by=by),
        "countersigned": story.paper(act, "施工合同", f"合同价{PRICE:,}元，工期290日历天。", by=winner),
        "winner": winner.actor,
    }
    at = story.moment(39, "09:00")
    lower = PRICE - Decimal(500000)
    story.refused(act, who=by, at=at, what="另行压价50万元签约", because="contract.price", price=lower, **given)
    at = story.moment(39, "10:00")
    story.perform(act, who=by, at=at, what=f"双方签订合同，合同价{PRICE:,}元", price=PRICE, **given)
    return f"双方签名，合同价{PRICE:,}元，与中标价一致"


def refund_all(story: Story) -> str:
    """第40日: everybody gets the bond back with interest, the one who lost its key by the tenderer's grace."""
    staff = story.cast.staff
    at = story.moment(40, "09:00")
    story.refused(archive_trade, who=staff, at=at, what="未退保证金就归档", because="archive.refunds")
    for number in OFFERS:
        if number != WITHDRAWS:
            refund(story, number, day=40, clock=f"09:1{number}")
    return "其余八家的保证金及利息全部退还"


def report_and_archive(story: Story) -> str:
    """第40日: the written report to the supervising body (招标投标法第四十七条), then the archive."""
    by, at = story.cast.tenderer, story.moment(40, "14:00")
    paper = story.paper(submit_written_report, "招标投标情况书面报告", "招标范围、评标、中标结果等情况报告。", by=by)
    story.perform(submit_written_report, who=by, at=at, what="向行政监督部门提交书面报告", paper=paper)
    at = story.moment(40, "16:00")
    story.perform(archive_trade, who=story.cast.staff, at=at, what="归档，交易结束")
    story.witness(at=at + timedelta(minutes=1), now=True)
    return "提交书面报告，交易归档"
