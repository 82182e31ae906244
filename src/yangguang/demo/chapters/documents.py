"""From registration to the postponed deadline (进场登记、审查、招标文件、异议、澄清)."""

from decimal import Decimal

from yangguang.demo.bids import LATE
from yangguang.demo.cast import terms
from yangguang.demo.telling import Story, unsigned
from yangguang.proof.canonical import canonical
from yangguang.rules.checks.money import SubjectKind
from yangguang.trading.acts.documents import (
    answer_document_objection,
    change_document,
    download_document,
    object_to_document,
    publish_notice,
    record_fair_competition_review,
)
from yangguang.trading.acts.registration import LotInput, register_tender
from yangguang.trading.signed_terms import terms_paper

LIMIT = Decimal("12000000.00")
ESTIMATE = Decimal("12600000.00")
FIRST_DEADLINE = (23, "09:30")
DEADLINE = (29, "09:30")


def register(story: Story) -> str:
    """第1日: the centre registers the tender and gives the codes; the law of this day is kept with the trade."""
    cast = story.cast
    lot = LotInput(title="施工一标段", kind=SubjectKind.CONSTRUCTION, estimate=ESTIMATE, limit_price=LIMIT)
    tender = story.perform(
        register_tender,
        on=cast.centre,
        who=cast.staff,
        at=story.moment(1, "09:00"),
        what=f"进场登记：{story.title}，最高投标限价{LIMIT:,}元",
        title=story.title,
        **cast.registration(),
        lots=[lot],
    )
    story.opened = tender.trades.get()
    return f"{story.title}，最高投标限价{LIMIT:,}元"


def review_fair_competition(story: Story) -> str:
    """第1日: the tenderer signs that the document restricts nobody (公平竞争审查)."""
    by, act = story.cast.tenderer, record_fair_competition_review
    review = story.paper(act, "公平竞争审查表", "未发现限定所有制、地区、品牌等情形，审查通过。", by=by)
    at = story.moment(1, "15:00")
    story.perform(act, who=by, at=at, what="公平竞争审查通过", review=review, passed=True)
    return "招标人签署审查表，招标文件没有限制、排斥投标人的内容"


def publish(story: Story) -> str:
    """第2日: the notice; a deadline after nineteen days is refused, after twenty-one it is published."""
    by, act = story.cast.agency, publish_notice
    given = {
        "notice": story.paper(act, "招标公告", f"{story.title}已具备招标条件，现公开招标。", by=by),
        "document": story.paper(act, "招标文件", "评标办法：综合评估法；浮动点开标时抽取。", by=by),
        "terms": story.sign(act, terms_paper(1), canonical(terms()), by=by),
        "sale_until": story.moment(9, "17:00").date(),
    }
    story.refused(
        act,
        who=by,
        at=story.moment(2, "09:00"),
        what="发布招标文件，投标截止定在19日后",
        because="tender.bid_period.too_short",
        deadline=story.moment(21, "09:30"),
        **given,
    )
    story.perform(
        act,
        who=by,
        at=story.moment(2, "09:10"),
        what="发布招标公告和招标文件，21日后截止",
        deadline=story.moment(*FIRST_DEADLINE),
        **given,
    )
    return "发布招标公告和招标文件，21日后截止"


def download(story: Story) -> str:
    """第3日: nine suppliers download the document; the log does not say who."""
    for number, bidder in enumerate(story.cast.bidders):
        at = story.moment(3, f"10:{number:02d}")
        story.perform(download_document, who=bidder, at=at, what="下载招标文件（封存记录，不公开是谁）")
    return "九家单位下载招标文件，日志不显示是谁"


def object_and_clarify(story: Story) -> str:
    """第9至11日: an objection, its answer within three days, and the change that it leads to."""
    objector, by = story.cast.bidders[LATE], story.cast.agency
    story.perform(
        object_to_document,
        who=objector,
        at=story.moment(9, "11:00"),
        what="对招标文件提出异议：工期要求不明确",
        objection=unsigned("异议书", "招标文件第三章与第五章的工期要求不一致，请予明确。"),
    )
    answer = story.paper(answer_document_objection, "异议答复", "工期以300日历天为准，另行发布澄清。", by=by)
    at = story.moment(11, "09:00")
    story.perform(answer_document_objection, who=by, at=at, what="答复第1号异议", number=1, answer=answer)
    change = story.paper(change_document, "澄清公告", "工期统一为300日历天；投标截止时间顺延。", by=by)
    agreed = story.sign(change_document, terms_paper(2), canonical(terms()), by=by)
    given = {"change": change, "terms": agreed, "affects_bids": True}
    story.refused(
        change_document,
        who=by,
        at=story.moment(11, "09:20"),
        what="澄清影响投标文件编制，距截止仅12日而不顺延",
        because="tender.clarification.too_late",
        **given,
    )
    story.perform(
        change_document,
        who=by,
        at=story.moment(11, "09:30"),
        what="发布澄清，投标截止顺延",
        deadline=story.moment(*DEADLINE),
        **given,
    )
    return f"异议两日内答复；发布澄清，投标截止顺延至{story.moment(*DEADLINE):%m-%d %H:%M}"


def object_too_late(story: Story) -> str:
    """第22日: an objection seven days before the deadline is too late (条例第二十二条)."""
    story.refused(
        object_to_document,
        who=story.cast.bidders[LATE],
        at=story.moment(22, "16:00"),
        what="截止前7日再次提出异议",
        because="tender.objection.too_late",
        objection=unsigned("异议书", "请再次延期。"),
    )
    return "距截止不足10日的异议不予受理"
