"""The evaluation (评标): review, clarification, rejection, blind and business scores, results, the signed report."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal

from yangguang.demo.bids import LICENCE_EXPIRED, OFFERS, TOWN, UNQUALIFIED
from yangguang.demo.cast import BUSINESS_ITEMS, TECHNICAL_ITEMS, media_type_of
from yangguang.demo.chapters.committee import members
from yangguang.demo.telling import Story, unsigned
from yangguang.rules.checks.outcome import RejectionGround
from yangguang.trading.acts.evaluation import close_scoring, compute_results, score_business, score_technical
from yangguang.trading.acts.report import close_report, dissent_from_report, issue_report, sign_report
from yangguang.trading.acts.review import (
    answer_clarification,
    ask_clarification,
    close_review,
    give_opinion,
    reject_bid,
)
from yangguang.trading.models import Bid, Opinion
from yangguang.trading.papers import evaluation_report
from yangguang.trading.readings import opened_bids, valid_bids
from yangguang.witness import evidence

DISSENTER = 3
LENIENT_SEAT = 5
SEVERITY = {1: "0", 2: "0.5", 3: "-0.5", 4: "0.25", 5: "-0.25"}  # their mean is zero


def review(story: Story) -> str:
    """第30日: each member on each bid in three steps; four of five find the licence of one bidder expired."""
    for minute, bid in enumerate(opened_bids(story.trade)):
        for seat in members(story):
            _opine(story, bid, seat=seat, minute=10 + 5 * minute + seat)
    return "五名成员对六份投标文件逐项发表意见"


def clarify(story: Story) -> str:
    """第30日: the committee asks one bidder in writing and gets a signed answer (条例第五十二条)."""
    bid, chair = _bid_of(story, TOWN), members(story)[1]
    story.perform(
        ask_clarification,
        who=chair,
        at=story.moment(30, "10:00"),
        what="要求一家投标人书面澄清",
        bid=bid.evidence_id,
        question=unsigned("澄清要求", "请说明技术标中垂直运输设备的台数。"),
    )
    bidder = story.cast.bidders[TOWN]
    answer = story.paper(answer_clarification, "澄清答复", "塔式起重机两台，施工电梯两台。", by=bidder)
    at = story.moment(30, "10:20")
    story.perform(answer_clarification, who=bidder, at=at, what="书面澄清", number=1, answer=answer)
    return "评标委员会书面提问，投标人签名答复"


def reject(story: Story) -> str:
    """第30日: a ground that the law does not know is refused; the lawful one rejects the bid (条例第五十一条)."""
    chair, bid = members(story)[1], _bid_of(story, UNQUALIFIED).evidence_id
    at = story.moment(30, "10:30")
    story.refused(
        reject_bid,
        who=chair,
        at=at,
        what="以“没有本地业绩”为由否决投标",
        because="rejection.unlisted_ground",
        bid=bid,
        ground="没有本地业绩",
        reason="没有本地业绩",
    )
    story.perform(
        reject_bid,
        who=chair,
        at=at + timedelta(minutes=5),
        what="否决一份投标：资格条件不符，附理由",
        bid=bid,
        ground=RejectionGround.UNQUALIFIED.value,
        reason=LICENCE_EXPIRED,
    )
    at = story.moment(30, "10:40")
    story.perform(close_review, who=chair, at=at, what="结束初步评审：有效投标5家，生成暗标编号")
    return "一份投标因资格条件不符被否决，有效投标5家，生成暗标编号"


def score(story: Story) -> str:
    """第30日: technical parts blind by code, business by name, each member alone."""
    seats, bids = members(story), list(valid_bids(story.trade).select_related("blind_code"))
    code = bids[0].blind_code.code
    too_much = dict.fromkeys(TECHNICAL_ITEMS, Decimal(16))
    at = story.moment(30, "11:00")
    story.refused(
        score_technical, who=seats[1], at=at, what="评分超出该项满分", because="score.range", code=code, marks=too_much
    )
    for seat, member in seats.items():
        for minute, bid in enumerate(bids):
            at = story.moment(30, f"11:{seat * 5 + minute:02d}")
            marks = _marks(story, bid, TECHNICAL_ITEMS, seat=seat)
            named = bid.blind_code.code
            story.perform(score_technical, who=member, at=at, what="技术标暗标评分", code=named, marks=marks)
            marks = _marks(story, bid, BUSINESS_ITEMS, seat=0)
            story.perform(score_business, who=member, at=at, what="商务评分", bid=bid.evidence_id, marks=marks)
    story.perform(close_scoring, who=seats[1], at=story.moment(30, "11:40"), what="结束评分")
    return "技术标按暗标编号评分，商务标逐项评分"


def compute(story: Story) -> str:
    """第30日: the scoring description of the tender document is executed, with its trace."""
    at = story.moment(30, "11:41")
    story.perform(compute_results, who=members(story)[1], at=at, what="评标汇总：按招标文件的评分说明演算并排名")
    return "按招标文件公布的评分说明演算，每一步留痕"


def sign(story: Story) -> str:
    """第30日: the report is signed by four; one dissents in writing, which stays with it (条例第五十三条)."""
    seats, chair = members(story), members(story)[1]
    report = evaluation_report(story.trade)
    kept = evidence.keep(report, media_type=media_type_of(report))
    story.perform(issue_report, who=chair, at=story.moment(30, "14:00"), what="出具评标报告", paper=kept)
    for seat, member in seats.items():
        at = story.moment(30, f"14:1{seat}")
        if seat == DISSENTER:
            opinion = story.paper(dissent_from_report, "不同意见", "本人认为安全文明施工的分值差距偏小。", by=member)
            story.perform(dissent_from_report, who=member, at=at, what="书面提出不同意见", opinion=opinion)
        else:
            paper = story.sign(sign_report, "评标报告", report, by=member)
            story.perform(sign_report, who=member, at=at, what=f"{seat}号席位签署评标报告", paper=paper)
    story.perform(close_report, who=chair, at=story.moment(30, "14:30"), what="评标结束")
    return "四人签署评标报告，一人书面提出不同意见"


def _opine(story: Story, bid: Bid, *, seat: int, minute: int) -> None:
    fails = bid.bidder.code == story.cast.bidders[UNQUALIFIED].code and seat != LENIENT_SEAT
    step = Opinion.Step.QUALIFICATION
    story.perform(
        give_opinion,
        who=members(story)[seat],
        at=story.moment(30, f"09:{minute:02d}"),
        what=f"初步评审意见：{f'{step.label}不通过' if fails else '通过'}",
        bid=bid.evidence_id,
        passes={**dict.fromkeys(Opinion.Step.values, True), step.value: not fails},
        reasons={step.value: LICENCE_EXPIRED} if fails else {},
    )


def _marks(story: Story, bid: Bid, items: Mapping[str, str], *, seat: int) -> dict[str, Decimal]:
    """What a member gives after reading; the first item shows that members differ, by amounts that cancel out."""
    number = next(n for n, one in enumerate(story.cast.bidders) if one.code == bid.bidder.code)
    marks = {item: Decimal(OFFERS[number].marks[item]) for item in items}
    first = next(iter(items))
    return marks | {first: marks[first] + Decimal(SEVERITY.get(seat, "0"))}


def _bid_of(story: Story, number: int) -> Bid:
    return opened_bids(story.trade).get(bidder=story.cast.bidders[number].organisation)
