"""The opening (开标): list, drawn parameter, decryption, announcement, objection on the spot, signed record."""

from yangguang.demo.bids import LOSES_KEY, TOWN
from yangguang.demo.cast import released_keys
from yangguang.demo.chapters.bidding import STANDING
from yangguang.demo.chapters.draw import hold_draw
from yangguang.demo.people import Party
from yangguang.demo.telling import Story, unsigned
from yangguang.experts import draws
from yangguang.proof.broken import BrokenBid
from yangguang.trading.acts.opening import (
    announce_bidders,
    announce_bids,
    answer_opening_objection,
    end_decryption,
    object_at_opening,
    open_bid,
    record_decryption_failure,
    sign_opening_record,
    start_decryption,
)
from yangguang.trading.acts.unlocking import unlock
from yangguang.trading.papers import opening_record


def announce_names(story: Story) -> str:
    """第29日9:31: seven bids stand; the list is public now."""
    at = story.moment(29, "09:31")
    story.perform(announce_bidders, who=story.cast.agency, at=at, what="公布投标人名单：7家，不少于3家，可以开标")
    return "投标人7家，不少于3家，可以开标"


def draw_parameter(story: Story) -> str:
    """第29日: the 浮动点 is drawn by the centre, the tenderer and the supervisor together."""
    at = story.moment(29, "09:32")
    story.refused(
        start_decryption,
        who=story.cast.agency,
        at=at,
        what="未抽取参数就开始解密",
        because="draw.parameters_missing",
    )
    draw = hold_draw(story, kind=draws.PARAMETER, at=story.moment(29, "09:33"), subject="评标基准价浮动点")
    story.drawn = draws.drawn_member(draw)
    return f"中心、招标人、监督三方先承诺后揭示，抽得浮动点{story.drawn}%"


def decrypt(story: Story) -> str:
    """第29日: six bidders release their keys; one has lost its own, which is its own fault."""
    story.perform(start_decryption, who=story.cast.agency, at=story.moment(29, "09:40"), what="开始解密，时限30分钟")
    for number in STANDING:
        if number != LOSES_KEY:
            _open(story, number)
    _lose_key(story, story.cast.bidders[LOSES_KEY])
    story.perform(end_decryption, who=story.cast.agency, at=story.moment(29, "09:56"), what="结束解密")
    return "六家解密成功，保证金核验通过；一家丢失私钥，视为撤销投标"


def announce(story: Story) -> str:
    """第29日: prices and periods are announced together with limit price and drawn parameter (唱标)."""
    at = story.moment(29, "10:00")
    story.perform(announce_bids, who=story.cast.agency, at=at, what=f"唱标：6家报价，浮动点{story.drawn}%")
    return "公布六家报价、工期、限价和浮动点"


def object_on_the_spot(story: Story) -> str:
    """第29日: an objection is answered on the spot; before that the record cannot be signed (条例第四十四条)."""
    by, objector = story.cast.agency, story.cast.bidders[TOWN]
    objection = unsigned("开标异议", "请说明未能解密的投标文件如何处理。")
    at = story.moment(29, "10:02")
    story.perform(object_at_opening, who=objector, at=at, what="对开标提出异议", objection=objection)
    paper = story.sign(sign_opening_record, "开标记录", opening_record(story.trade), by=by)
    at = story.moment(29, "10:03")
    story.refused(
        sign_opening_record, who=by, at=at, what="未答复异议就签署开标记录", because="objection.unanswered", paper=paper
    )
    words = "因投标人自身原因未能解密的，依据电子招标投标办法第三十一条视为撤销其投标文件。"
    answer = story.paper(answer_opening_objection, "开标异议答复", words, by=by)
    at = story.moment(29, "10:05")
    story.perform(answer_opening_objection, who=by, at=at, what="当场答复第2号异议", number=2, answer=answer)
    paper = story.sign(sign_opening_record, "开标记录", opening_record(story.trade), by=by)
    story.perform(sign_opening_record, who=by, at=story.moment(29, "10:10"), what="签署开标记录", paper=paper)
    return "异议当场答复，开标记录签署后公开"


def _open(story: Story, number: int) -> None:
    bidder, at = story.cast.bidders[number], story.moment(29, f"09:4{number}")
    unlocked = unlock(
        story.trade,
        actor=bidder.actor,
        at=at,
        release=released_keys(bidder=bidder, file=story.bids[number], at=at),
        guarantee_release=released_keys(bidder=bidder, file=story.guarantees[number], at=at),
    )
    price = unlocked.facts["amount"]
    story.perform(open_bid, who=bidder, at=at, what=f"解密成功，报价{price}元，保证金核验通过", unlocked=unlocked)


def _lose_key(story: Story, bidder: Party) -> None:
    """The bidder renewed its certificate and threw the old key away: its own tool finds nothing that opens."""
    at = story.moment(29, "09:50")
    renewed = story.cast.registry.renewed(bidder)
    try:
        released_keys(bidder=renewed, file=story.bids[LOSES_KEY], at=at)
    except BrokenBid as broken:
        story.note(who=bidder.name, at=at, what="换证后丢失旧私钥，无法解密", act="bid keys", refusal=broken.refusal)
    story.perform(
        record_decryption_failure,
        who=story.cast.agency,
        at=story.moment(29, "09:55"),
        what=f"登记{bidder.name}解密失败：投标人原因，视为撤销",
        bidder=bidder.code,
        bidders_fault=True,
        reason="加密证书更换后旧私钥遗失",
    )
