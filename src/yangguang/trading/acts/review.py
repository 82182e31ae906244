"""初步评审: opinions of each member, rejections on legal grounds, clarifications, and the closing of the review.

What the committee says stays secret until the result (招标投标法第四十四条), so the log carries salted digests.
"""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from yangguang.parties.signing import SignedFile, check_signed, named_files
from yangguang.rules.checks.money import check_price_within_limit
from yangguang.rules.checks.opening import warn_valid_bids
from yangguang.rules.checks.outcome import check_rejection_ground
from yangguang.rules.refusal import refuse_if
from yangguang.trading.acts.committee import member_of, require_chair
from yangguang.trading.models import Bid, BlindCode, Clarification, Opinion, Rejection, Trade
from yangguang.trading.models.evaluation import standing_members, standing_opinions
from yangguang.trading.readings import failing_bids, opened_bids, rejected_bids, valid_bids
from yangguang.trading.roles import Role
from yangguang.trading.stages import Stage
from yangguang.witness.actor import Actor
from yangguang.witness.acts import act
from yangguang.witness.guards import PLATFORM, REGULATION, refuse_unless
from yangguang.witness.models import Entry, Evidence
from yangguang.witness.prepared import Given, Prepared, insert
from yangguang.witness.record import record

NO_REASONS: Mapping[str, str] = MappingProxyType({})
CODE_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # no I and O: they are read as digits

_OPENED_BID = Prepared(
    lambda: opened_bids(Given(0)).filter(evidence_id=Given(1)).select_related(None).defer("manifest")
)
_OPINION_GIVEN = Prepared(lambda: Opinion.objects.filter(member_id=Given(0), bid_id=Given(1)))


@act("give_opinion", by={Role.MEMBER})
def give_opinion(
    trade: Trade,
    *,
    actor: Actor,
    at: datetime,
    bid: str,
    passes: Mapping[str, bool],
    reasons: Mapping[str, str] = NO_REASONS,
) -> Entry:
    """初步评审意见: one member on one bid (named by its digest) in every step; a negative one needs its reason.

    `passes` says of each step whether the bid passes, `reasons` why it does not.
    """
    member, reviewed = member_of(trade, actor), bid_named(trade, bid)
    _refuse_other_steps(passes, reasons)
    refuse_unless(
        _OPINION_GIVEN.first(member.pk, reviewed.pk) is None,
        code="opinion.given",
        reason="您已对该投标文件发表评审意见",
        article=f"{REGULATION}第四十九条",
        remedy="意见提交后不能修改；有误时请在评标报告中说明。",
    )
    _refuse_unexplained(passes, reasons)
    opinions = [
        Opinion(member_id=member.pk, bid_id=reviewed.pk, step=step, passes=passes[step], reason=reasons.get(step, ""))
        for step in Opinion.Step.values
    ]
    insert(*opinions)
    return record(concealed={"seat": member.seat, "bid": bid, "passes": dict(passes), "reasons": dict(reasons)})


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
    _give_codes(trade, [bid for bid in valid if not hasattr(bid, "blind_code")])
    mapping = dict(BlindCode.objects.filter(bid__in=valid).values_list("code", "bid__evidence_id"))
    return record(data={"valid": len(valid)}, concealed={"codes": mapping}, to=Stage.SCORING)


def _refuse_other_steps(passes: Mapping[str, bool], reasons: Mapping[str, str]) -> None:
    unknown = sorted({*passes, *reasons} - set(Opinion.Step.values))
    refuse_unless(
        not unknown,
        code="opinion.step",
        reason=f"没有“{'、'.join(unknown)}”这一评审项",
        article=f"{REGULATION}第四十九条",
        remedy=f"应为以下之一：{'、'.join(Opinion.Step.values)}。",
    )
    missing = [step.label for step in Opinion.Step if step not in passes]
    refuse_unless(
        not missing,
        code="opinion.incomplete",
        reason=f"没有发表{'、'.join(missing)}的意见",
        article=f"{REGULATION}第四十九条",
        remedy="请对全部评审项发表意见后一并提交。",
    )


def _refuse_unexplained(passes: Mapping[str, bool], reasons: Mapping[str, str]) -> None:
    unexplained = [step.label for step in Opinion.Step if not passes[step] and not reasons.get(step, "").strip()]
    refuse_unless(
        not unexplained,
        code="opinion.reason_missing",
        reason=f"{'、'.join(unexplained)}不通过应写明理由",
        article=f"{REGULATION}第五十一条",
        remedy="请写明不符合招标文件的哪一项要求。",
    )


def bid_named(trade: Trade, digest: str) -> Bid:
    """The opened bid with this digest, or `Refused`."""
    bid = _OPENED_BID.first(trade.pk, digest)
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
    """Whether more than half of the standing members found the bid failing in one step."""
    return bid.pk in failing_bids(trade)


def require_review_finished(trade: Trade) -> None:
    """Refuse to close the review while opinions or rejections are missing."""
    opened = list(opened_bids(trade))
    wanted = len(opened) * standing_members(trade).count() * len(Opinion.Step.values)
    given = standing_opinions(trade).count()
    refuse_unless(
        given == wanted,
        code="review.unfinished",
        reason=f"还有{wanted - given}项评审意见没有发表",
        article=f"{REGULATION}第四十九条",
        remedy="请各成员完成全部评审项。",
    )
    rejected = rejected_bids(trade)
    above = [bid for bid in opened if bid.pk not in rejected and _is_above_limit(trade, bid)]
    refuse_unless(
        not above,
        code="review.price_above_limit",
        reason=f"{len(above)}份投标报价高于最高投标限价，应当否决",
        article=f"{REGULATION}第五十一条第（五）项",
        remedy="请各成员在响应性评审中认定，并由组长办理否决。",
    )
    open_ones = failing_bids(trade) - rejected
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


def _give_codes(trade: Trade, bids: Sequence[Bid]) -> None:
    """A fresh code for each; a bid keeps its code when a member was replaced and the review is closed again."""
    taken = set(trade.blind_codes.values_list("code", flat=True))
    for bid, code in zip(bids, _blind_codes(len(bids), besides=taken), strict=True):
        BlindCode.objects.create(trade=trade, bid=bid, code=code)


def _blind_codes(count: int, *, besides: set[str]) -> list[str]:
    """Fresh random codes, all different, that say nothing about the order of the bids."""
    codes: set[str] = set()
    while len(codes) < count:
        codes |= {"".join(secrets.choice(CODE_ALPHABET) for _ in range(4))} - besides
    shuffled = list(codes)
    secrets.SystemRandom().shuffle(shuffled)
    return shuffled
