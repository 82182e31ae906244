"""Guarantees and sealed bids up to the deadline second (保证金、递交、替换、撤回、签到、截止)."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from yangguang.demo.bids import (
    LATE,
    NATIONAL,
    OFFERS,
    REPLACED_PRICE,
    SECOND,
    THIRD,
    TOWN,
    WITHDRAWS,
    bid_parts,
)
from yangguang.demo.cast import BOND, released_keys, sealed_bid, sealed_guarantee
from yangguang.demo.papers import paper
from yangguang.demo.telling import Story, StoryError
from yangguang.trading.acts.bidding import (
    receive,
    record_guarantee,
    replace_bid,
    sign_in_to_opening,
    submit_bid,
    withdraw_bid,
)
from yangguang.trading.acts.contract import refund_guarantee
from yangguang.trading.acts.unlocking import unlock
from yangguang.trading.due import perform_due
from yangguang.trading.models import Guarantee
from yangguang.trading.stages import Stage
from yangguang.witness.actor import CLOCK

STANDING = tuple(number for number in OFFERS if number not in (WITHDRAWS, LATE))
YEARLY_INTEREST = Decimal("0.0005")
DAYS_OF_YEAR = 360


def secure(story: Story) -> str:
    """第24日: nine bonds, sealed like bids, so that they betray nobody."""
    for number, bidder in enumerate(story.cast.bidders):
        at = story.moment(24, f"09:{number:02d}")
        file = sealed_guarantee(cast=story.cast, bidder=bidder, trade=story.trade, at=at)
        story.guarantees[number] = file
        received = receive(story.trade, actor=bidder.actor, at=at, content=file)
        story.perform(record_guarantee, who=bidder, at=at, what="登记投标保证金（密封）", received=received)
    return "九家的保证金凭证像投标文件一样密封登记"


def submit(story: Story) -> str:
    """第25至27日: eight sealed bids; an unencrypted file and a second bid of one bidder are refused."""
    plain = story.cast.folder / "未加密的投标文件.pdf"
    plain.write_bytes(paper("投标文件", "忘记加密的投标文件。"))
    town = story.cast.bidders[TOWN]
    at = story.moment(25, "10:00")
    story.refused(receive, who=town, at=at, what="上传未加密的PDF", because="bid.unencrypted", content=plain)
    for number in sorted((*STANDING, WITHDRAWS)):
        price = REPLACED_PRICE if number == THIRD else None
        size = "，含20 MB图纸" if number == SECOND else "，国密SM2证书" if number == NATIONAL else ""
        _send(story, number, at=(26, f"10:{number:02d}"), price=price, what=f"递交加密投标文件{size}")
    at = story.moment(26, "11:00")
    received = receive(story.trade, actor=town.actor, at=at, content=_sealed(story, TOWN))
    story.refused(
        submit_bid, who=town, at=at, what="不撤回而再递交一份", because="bid.already_submitted", received=received
    )
    return "八家递交加密投标文件，其中一份含20 MB图纸，一份用国密SM2证书"


def replace_and_withdraw(story: Story) -> str:
    """第27、28日: one bid is replaced, one is withdrawn and its bond returned at once."""
    third, leaving = story.cast.bidders[THIRD], story.cast.bidders[WITHDRAWS]
    at = story.moment(27, "14:00")
    story.bids[THIRD] = _sealed(story, THIRD)
    received = receive(story.trade, actor=third.actor, at=at, content=story.bids[THIRD])
    story.perform(replace_bid, who=third, at=at, what="替换投标文件（降价）", received=received)
    story.perform(withdraw_bid, who=leaving, at=story.moment(28, "10:00"), what="撤回投标文件")
    refund(story, WITHDRAWS, day=28, clock="15:00")
    return "一家替换投标文件，一家撤回并当日退还保证金"


def peek_too_early(story: Story) -> str:
    """第28日: nobody opens anything before the deadline, the centre included (电子招标投标办法第二十七条)."""
    first, at = story.cast.bidders[0], story.moment(28, "16:00")
    keys = released_keys(bidder=first, file=story.bids[0], at=at)
    story.refused(
        unlock,
        who=story.cast.staff,
        at=at,
        what="截止前要求解密投标文件",
        because="decryption.not_open",
        release=keys,
    )
    return "截止前谁也不能解密，中心也不能"


def sign_in(story: Story) -> str:
    """第29日: the opening hall takes sign-ins from an hour before."""
    early = story.cast.bidders[0]
    at = story.moment(29, "08:00")
    story.refused(sign_in_to_opening, who=early, at=at, what="提前一个半小时签到", because="opening.sign_in.too_early")
    for number in STANDING:
        at = story.moment(29, f"09:0{number}")
        story.perform(sign_in_to_opening, who=story.cast.bidders[number], at=at, what="开标签到")
    return "七家签到，名单仍封存"


def close(story: Story) -> str:
    """第29日9:30: a bid that is complete one second late is refused; the clock closes the bidding."""
    late, at = story.cast.bidders[LATE], story.moment(29, "09:30:01")
    received = receive(story.trade, actor=late.actor, at=at, content=_sealed(story, LATE))
    story.refused(submit_bid, who=late, at=at, what="投标文件迟到1秒", because="bid.late", received=received)
    at = story.moment(29, "09:30:02")
    perform_due(at=at)
    story.note(who="系统时钟", at=at, what="投标截止，公布封存记录的总数和根", act="close_bidding")
    if story.trade.stage != Stage.CLOSED:
        raise StoryError("the clock did not close the bidding")
    return "系统时钟到点截止，公布封存记录的总数和根"


def refund(story: Story, number: int, *, day: int, clock: str) -> None:
    """Return a bond with the interest of the days since it was paid in on day 24 (条例第三十五、五十七条)."""
    bidder = story.cast.bidders[number]
    held = Guarantee.objects.get(trade=story.trade, organisation=bidder.organisation)
    early = story.trade.stage == Stage.BIDDING  # then the system does it alone: no person may know that a bond exists
    interest = (BOND * YEARLY_INTEREST * (day - 24) / DAYS_OF_YEAR).quantize(Decimal("0.01"))
    story.perform(
        refund_guarantee,
        who=replace(story.cast.staff, actor=CLOCK) if early else story.cast.staff,
        at=story.moment(day, clock),
        what=f"退还{bidder.name}投标保证金及利息{interest}元",
        guarantee=held.pk,
        amount=BOND,
        interest=interest,
    )


def _send(story: Story, number: int, *, at: tuple[int, str], price: Decimal | None, what: str) -> None:
    bidder, moment = story.cast.bidders[number], story.moment(*at)
    story.bids[number] = _sealed(story, number, price=price)
    received = receive(story.trade, actor=bidder.actor, at=moment, content=story.bids[number])
    story.perform(submit_bid, who=bidder, at=moment, what=what, received=received)


def _sealed(story: Story, number: int, price: Decimal | None = None) -> Path:
    bidder = story.cast.bidders[number]
    parts = bid_parts(bidder=bidder, number=number, price=price, with_drawings=story.with_drawings)
    return sealed_bid(cast=story.cast, bidder=bidder, trade=story.trade, parts=parts, at=story.moment(25, "09:00"))
