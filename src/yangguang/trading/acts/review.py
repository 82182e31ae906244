"""初步评审: opinions of each member, rejections on legal grounds, clarifications, and the closing of the review.

What the committee says stays secret until the result (招标投标法第四十四条), so the log carries salted digests.
"""

import secrets
from datetime import datetime

from yangguang.parties.signing import SignedFile, check_signed, named_files
from yangguang.rules.checks.money import check_price_within_limit
from yangguang.rules.checks.opening import warn_valid_bids
from yangguang.rules.checks.outcome import check_rejection_ground
from yangguang.rules.refusal import refuse_if
from yangguang.trading.acts.committee import member_of, require_chair
from yangguang.trading.models import Bid, BlindCode, Clarification, Opinion, Rejection, Trade
from yangguang.trading.readings import opened_bids, valid_bids
from yangguang.trading.refusals import PLATFORM, REGULATION, refuse_unless
from yangguang.trading.roles import Role
from yangguang.trading.stages import Stage
from yangguang.witness.actor import Actor
from yangguang.witness.acts import act
from yangguang.witness.models import Entry, Evidence
from yangguang.witness.record import record

CODE_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # no I and O: they are read as digits


@act("give_opinion", by={Role.MEMBER})
def give_opinion(
    trade: Trade, *, actor: Actor, at: datetime, bid: str, step: str, passes: bool, reason: str = ""
) -> Entry:
    """初步评审意见: one member on one bid (named by its digest) in one step; a negative one needs its reason."""
    member, reviewed = member_of(trade, actor), bid_named(trade, bid)
    refuse_unless(
        step in Opinion.Step.values,
        code="opinion.step",
        reason=f"没有“{step}”这一评审项",
        article=f"{REGULATION}第四十九条",
        remedy=f"应为以下之一：{'、'.join(Opinion.Step.values)}。",
    )
    refuse_unless(
        not Opinion.objects.filter(member=member, bid=reviewed, step=step).exists(),
        code="opinion.given",
        reason="您已对该投标文件的这一评审项发表意见",
        article=f"{REGULATION}第四十九条",
        remedy="意见提交后不能修改；有误时请在评标报告中说明。",
    )
    refuse_unless(
        passes or reason.strip(),
        code="opinion.reason_missing",
        reason="不通过应写明理由",
        article=f"{REGULATION}第五十一条",
        remedy="请写明不符合招标文件的哪一项要求。",
    )
    Opinion.objects.create(member=member, bid=reviewed, step=Opinion.Step(step), passes=passes, reason=reason)
    hidden = {"seat": member.seat, "bid": bid, "step": step, "passes": passes, "reason": reason}
    return record(concealed=hidden)


@act("reject_bid", by={Role.MEMBER})
def reject_bid(trade: Trade, *, actor: Actor, at: datetime, bid: str, ground: str, reason: str) -> Entry:
    """否决投标: by the majority of the members, on one of the grounds of the law, with reasons (条例第五十一条)."""
    require_chair(trade, actor)
    rejected = bid_named(trade, bid)
    refuse_if(check_rejection_ground(law=trade.kept_law(), ground=ground, reason=reason))
    refuse_unless(
        fails_by_majority(trade, rejected),
        code="rejection.no_majority",
        reason="没有过半数成员认为该投标不符合要求",
        article=f"{PLATFORM}：评标委员会按多数意见处理",
        remedy="请各成员先发表评审意见。",
    )
    refuse_unless(
        not Rejection.objects.filter(bid=rejected).exists(),
        code="rejection.twice",
        reason="该投标已被否决",
        article=f"{REGULATION}第五十一条",
        remedy="无需重复办理。",
    )
    Rejection.objects.create(bid=rejected, ground=ground, reason=reason)
    return record(concealed={"bid": bid, "ground": ground, "reason": reason})


@act("ask_clarification", by={Role.MEMBER})
def ask_clarification(trade: Trade, *, actor: Actor, at: datetime, bid: str, question: Evidence) -> Entry:
    """要求澄清: in writing, by the committee, about what is unclear in a bid (条例第五十二条)."""
    require_chair(trade, actor)
    asked = bid_named(trade, bid)
    number = 1 + Clarification.objects.filter(bid=asked).count()
    Clarification.objects.create(bid=asked, number=number, question=question)
    return record(concealed={"bid": bid, "number": number}, files=[("澄清问题", question)])


@act("answer_clarification", by={Role.BIDDER})
def answer_clarification(trade: Trade, *, actor: Actor, at: datetime, number: int, answer: SignedFile) -> Entry:
    """澄清、说明: signed by the bidder; it may not change the substance of the bid (条例第五十二条)."""
    waiting = Clarification.objects.filter(
        bid__trade=trade, bid__bidder__code=actor.organisation, number=number, answer__isnull=True
    ).first()
    refuse_unless(
        waiting is not None,
        code="clarification.not_open",
        reason=f"没有待答复的第{number}次澄清要求",
        article=f"{REGULATION}第五十二条",
        remedy="评标委员会不接受投标人主动提出的澄清。",
    )
    assert waiting is not None  # noqa: S101 - refused above
    refuse_if(check_signed(file=answer, act="answer_clarification", stream=trade.stream, actor=actor, at=at))
    waiting.answer = answer.evidence
    waiting.save(update_fields=["answer"])
    return record(data={"number": number}, files=named_files(answer))


@act("close_review", by={Role.MEMBER})
def close_review(trade: Trade, *, actor: Actor, at: datetime, no_competition: str = "") -> Entry:
    """结束初步评审: every member spoke on every bid and every bid that failed was rejected.

    `no_competition` states why fewer than three valid bids lack competition; then all are rejected (12号令第二十七条).
    Otherwise the valid bids get their 暗标编号; the log commits to the codes and the archive opens them.
    """
    require_chair(trade, actor)
    require_review_finished(trade)
    valid = list(valid_bids(trade))
    too_few = bool(warn_valid_bids(law=trade.kept_law(), valid=len(valid)))
    refuse_unless(
        too_few or not no_competition,
        code="review.competition",
        reason="有效投标不少于三个，不能以缺乏竞争为由否决全部投标",
        article="评标委员会和评标方法暂行规定第二十七条",
        remedy="请继续详细评审。",
    )
    if not valid or no_competition:
        return record(concealed={"valid": len(valid), "no_competition": no_competition}, to=Stage.ALL_REJECTED)
    codes = _blind_codes(len(valid))
    for bid, code in zip(valid, codes, strict=True):
        BlindCode.objects.create(trade=trade, bid=bid, code=code)
    mapping = {code: bid.evidence_id for bid, code in zip(valid, codes, strict=True)}
    return record(data={"valid": len(valid)}, concealed={"codes": mapping}, to=Stage.SCORING)


def bid_named(trade: Trade, digest: str) -> Bid:
    """The opened bid with this digest, or `Refused`."""
    bid = opened_bids(trade).filter(evidence_id=digest).first()
    refuse_unless(
        bid is not None,
        code="bid.unknown",
        reason="没有这份已开标的投标文件",
        article=f"{REGULATION}第四十九条",
        remedy="请从评审清单中选择。",
    )
    assert bid is not None  # noqa: S101 - refused above
    return bid


def fails_by_majority(trade: Trade, bid: Bid) -> bool:
    """Whether more than half of the members found the bid failing in one step."""
    members = trade.members.count()
    against = [Opinion.objects.filter(bid=bid, step=step, passes=False).count() for step in Opinion.Step.values]
    return any(count * 2 > members for count in against)


def require_review_finished(trade: Trade) -> None:
    """Refuse to close the review while opinions or rejections are missing."""
    opened = list(opened_bids(trade))
    wanted = len(opened) * trade.members.count() * len(Opinion.Step.values)
    given = Opinion.objects.filter(member__trade=trade).count()
    refuse_unless(
        given == wanted,
        code="review.unfinished",
        reason=f"还有{wanted - given}项评审意见没有发表",
        article=f"{REGULATION}第四十九条",
        remedy="请各成员完成全部评审项。",
    )
    above = [bid for bid in opened if not hasattr(bid, "rejection") and _is_above_limit(trade, bid)]
    refuse_unless(
        not above,
        code="review.price_above_limit",
        reason=f"{len(above)}份投标报价高于最高投标限价，应当否决",
        article=f"{REGULATION}第五十一条第（五）项",
        remedy="请各成员在响应性评审中认定，并由组长办理否决。",
    )
    open_ones = [bid for bid in opened if fails_by_majority(trade, bid) and not hasattr(bid, "rejection")]
    refuse_unless(
        not open_ones,
        code="review.rejection_missing",
        reason=f"{len(open_ones)}份投标文件按多数意见不符合要求，尚未办理否决",
        article=f"{REGULATION}第五十一条",
        remedy="请按法定情形办理否决并写明理由。",
    )


def _is_above_limit(trade: Trade, bid: Bid) -> bool:
    price = bid.opened.price
    law = trade.kept_law()
    return price is not None and bool(check_price_within_limit(law=law, price=price, limit=trade.limit_price))


def _blind_codes(count: int) -> list[str]:
    """Fresh random codes, all different, that say nothing about the order of the bids."""
    codes: set[str] = set()
    while len(codes) < count:
        codes.add("".join(secrets.choice(CODE_ALPHABET) for _ in range(4)))
    shuffled = list(codes)
    secrets.SystemRandom().shuffle(shuffled)
    return shuffled
