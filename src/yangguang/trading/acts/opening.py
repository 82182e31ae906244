"""开标: the list, the decryption window, failures by whose fault, announcement, objections, the signed record."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from yangguang.parties.signing import SignedFile, check_signed, named_files
from yangguang.rules.calendar import legal_date
from yangguang.rules.checks.money import check_guarantee
from yangguang.rules.checks.opening import (
    check_bidder_count,
    check_opening_objection_time,
    check_opening_record_time,
    check_opening_time,
)
from yangguang.rules.refusal import Refusal, Refused, refuse_if
from yangguang.trading.acts.documents import raise_objection, require_answered, settle_objection
from yangguang.trading.acts.unlocking import Unlocked, UnlockedGuarantee
from yangguang.trading.models import Bid, Objection, OpenedBid, OpenedGuarantee, Trade
from yangguang.trading.models.bids import standing_bids
from yangguang.trading.papers import opening_record
from yangguang.trading.readings import deadline_of, drawn_parameters, opening_objections_until, terms_of
from yangguang.trading.roles import HOSTS, TENDERERS, Role
from yangguang.trading.stages import Stage
from yangguang.witness import evidence
from yangguang.witness.actor import Actor
from yangguang.witness.acts import act
from yangguang.witness.guards import ONLINE, REGULATION, refuse_long, refuse_unless
from yangguang.witness.models import Entry, Evidence
from yangguang.witness.record import record, utc_text

MOST_DAYS = 36_500


@act("announce_bidders", by=HOSTS)
def announce_bidders(trade: Trade, *, actor: Actor, at: datetime) -> Entry:
    """公布投标人名单: who bid, and which file. With fewer than three nothing is opened (条例第四十四条)."""
    require_deadline_passed(trade, at=at)
    bids = list(standing_bids(trade))
    listed = [{"bidder": bid.bidder.code, "bid": bid.evidence_id, "sealed_entry": bid.entry.sequence} for bid in bids]
    enough = not check_bidder_count(law=trade.kept_law(), count=len(bids))
    data = {"count": len(bids), "bids": listed} if enough else {"count": len(bids), "opened": False}
    return record(data=data, to=Stage.LISTED if enough else Stage.TOO_FEW)


@act("start_decryption", by=HOSTS)
def start_decryption(trade: Trade, *, actor: Actor, at: datetime) -> Entry:
    """开始解密: opens the bidders' window for as long as the tender document says, after the parameter was drawn."""
    drawn_parameters(trade)
    until = at + timedelta(minutes=terms_of(trade).decryption_minutes)
    _set_until(trade, until)
    return record(data={"until": utc_text(until)})


@act("open_bid", by=HOSTS | {Role.BIDDER})
def open_bid(trade: Trade, *, actor: Actor, at: datetime, unlocked: Unlocked) -> Entry:
    """解密投标文件: by the bidder, with the bidder's own key, within the window (电子招标投标办法第三十条).

    The platform never has the key: the bidder releases the content keys of this one file, `unlock` opens it with them
    and this act records the result. Where the bidder asked for a rescue, `unlock_rescued` opened it with trustees'
    shares, and whoever runs the opening may record that, too. Raises `Refused` outside of the window or a second time.
    """
    refuse_late(trade, at)
    bid, rescued = unlocked.bid, unlocked.rescued
    refuse_unless(
        bid.bidder.code == actor.organisation or (rescued and not trade.has_role(actor, Role.BIDDER)),
        code="decryption.not_yours",
        reason="只能解密本单位的投标文件",
        article=f"{ONLINE}第三十条",
        remedy="请核对登录单位。",
    )
    refuse_settled(bid)
    OpenedBid.objects.create(
        bid=bid,
        outcome=OpenedBid.Outcome.OPENED,
        rescue=rescued and {"by": list(rescued.by), "wrong": list(rescued.wrong)},
        price=Decimal(unlocked.facts["amount"]),
        facts=unlocked.facts,
        files=unlocked.files,
        keys=unlocked.keys,
        at=at,
    )
    data: dict[str, Any] = {"bid": bid.evidence_id, "outcome": OpenedBid.Outcome.OPENED.value}
    files = [("内容密钥", unlocked.keys)]
    if rescued:
        data["rescue"] = {"by": list(rescued.by), "wrong": list(rescued.wrong)}
    if unlocked.guarantee:
        data["guarantee"] = _record_guarantee(trade, unlocked.guarantee)
        files.append(("保证金内容密钥", unlocked.guarantee.keys))
    return record(data=data, files=files)


@act("record_decryption_failure", by=HOSTS)
def record_decryption_failure(
    trade: Trade, *, actor: Actor, at: datetime, bidder: str, bidders_fault: bool, reason: str
) -> Entry:
    """解密失败: by the bidder's fault the bid counts as 撤销, otherwise as 撤回 (电子招标投标办法第三十一条)."""
    refuse_unless(
        reason.strip(),
        code="decryption.reason_missing",
        reason="登记解密失败应写明原因",
        article=f"{ONLINE}第三十一条",
        remedy="请写明原因和责任方。",
    )
    refuse_long(reason)
    bid = standing_bids(trade).filter(bidder__code=bidder).first()
    if bid is None:
        raise Refused(_refusal("decryption.no_bid", "该单位没有有效的投标文件", "请核对单位代码。"))
    refuse_settled(bid)
    refuse_unless(
        not bidders_fault or at > _until(trade) or not hasattr(bid, "rescue_request"),
        code="rescue.running",
        reason="该投标人已申请解密救援，解密时间尚未结束",
        article=f"{ONLINE}第三十一条",
        remedy="请等待受托人提交份额；解密时间结束仍未解密的，由系统登记。",
    )
    outcome = OpenedBid.Outcome.REVOKED if bidders_fault else OpenedBid.Outcome.RETURNED
    OpenedBid.objects.create(bid=bid, outcome=outcome, reason=reason, at=at)
    return record(data={"bid": bid.evidence_id, "outcome": outcome.value, "reason": reason})


@act("extend_decryption", by=HOSTS)
def extend_decryption(trade: Trade, *, actor: Actor, at: datetime, minutes: int, reason: str) -> Entry:
    """延长解密: when the platform, not a bidder, is at fault; all bidders get the time."""
    refuse_unless(
        minutes > 0 and reason.strip(),
        code="decryption.extension",
        reason="延长解密应写明分钟数和原因",
        article=f"{ONLINE}第三十一条",
        remedy="请填写大于零的分钟数，并说明平台故障情况。",
    )
    until = max(_until(trade), at) + timedelta(minutes=minutes)
    _set_until(trade, until)
    return record(data={"until": utc_text(until), "reason": reason})


@act("end_decryption", by=HOSTS | {Role.CLOCK})
def end_decryption(trade: Trade, *, actor: Actor, at: datetime) -> Entry:
    """结束解密: when the window is over or every bid is settled; a bid still unopened counts as 撤销."""
    unsettled = require_decryption_over(trade, at=at)
    for bid in unsettled:
        OpenedBid.objects.create(bid=bid, outcome=OpenedBid.Outcome.REVOKED, reason="未在规定时间内解密", at=at)
    return record(data={"revoked": [bid.evidence_id for bid in unsettled]})


@act("announce_bids", by=HOSTS)
def announce_bids(trade: Trade, *, actor: Actor, at: datetime) -> Entry:
    """唱标: names, prices and periods of all opened bids at once, and the limit price (招标投标法第三十六条)."""
    opened = OpenedBid.objects.filter(bid__in=standing_bids(trade)).select_related("bid__bidder").order_by("bid__entry")
    announced = [
        {
            "bidder": one.bid.bidder.code,
            "bid": one.bid.evidence_id,
            "outcome": one.outcome,
            "price": str(one.price) if one.price is not None else "",
            "period": _period(one.facts),
        }
        for one in opened
    ]
    limit = str(trade.limit_price) if trade.limit_price is not None else ""
    return record(data={"bids": announced, "limit_price": limit, "parameters": drawn_parameters(trade)})


@act("object_at_opening", by={Role.BIDDER})
def object_at_opening(trade: Trade, *, actor: Actor, at: datetime, objection: Evidence) -> Entry:
    """对开标的异议: raised on the spot, within the window, and answered on the spot, on record (条例第四十四条)."""
    require_time_to_object_on_the_spot(trade, at=at)
    return raise_objection(trade, kind=Objection.Kind.OPENING, actor=actor, at=at, objection=objection)


@act("answer_opening_objection", by=TENDERERS)
def answer_opening_objection(trade: Trade, *, actor: Actor, at: datetime, number: int, answer: SignedFile) -> Entry:
    """当场答复对开标的异议 (条例第四十四条)."""
    return settle_objection(trade, kind=Objection.Kind.OPENING, actor=actor, at=at, number=number, answer=answer)


@act("sign_opening_record", by=TENDERERS)
def sign_opening_record(trade: Trade, *, actor: Actor, at: datetime, paper: SignedFile) -> Entry:
    """签署开标记录: the record that the platform writes from its rows, signed by tenderer or agency; it is public.

    Not before the time for objections on the spot is over and every one of them is answered.
    """
    require_opening_finished(trade, at=at)
    refuse_unless(
        evidence.read(paper.evidence.sha256) == opening_record(trade),
        code="record.not_current",
        reason="开标记录与系统记录不一致",
        article=f"{REGULATION}第四十四条",
        remedy="请重新生成开标记录后签名。",
    )
    refuse_if(check_signed(file=paper, act="sign_opening_record", stream=trade.stream, actor=actor, at=at))
    return record(data={"signed": True}, files=named_files(paper))


def require_deadline_passed(trade: Trade, *, at: datetime) -> None:
    """Refuse to open before the deadline."""
    refuse_if(check_opening_time(law=trade.kept_law(), deadline=deadline_of(trade), at=at))


def require_decryption_over(trade: Trade, *, at: datetime) -> list[Bid]:
    """The bids still unopened when the window is over; refuses while it runs and somebody is still to open."""
    unsettled = list(standing_bids(trade).filter(opened__isnull=True))
    refuse_unless(
        at > _until(trade) or not unsettled,
        code="decryption.running",
        reason=f"解密时间未到，还有{len(unsettled)}家没有解密",
        article=f"{ONLINE}第三十条",
        remedy="请等待解密时间结束；平台故障时办理延长。",
    )
    return unsettled


def require_time_to_object_on_the_spot(trade: Trade, *, at: datetime) -> None:
    """Refuse an objection to the opening when its window is over."""
    refuse_if(check_opening_objection_time(law=trade.kept_law(), closes_at=_objections_until(trade), raised_at=at))


def require_opening_finished(trade: Trade, *, at: datetime) -> None:
    """Refuse to sign the record while an objection waits for its answer, or can still be raised."""
    require_answered(trade, kind=Objection.Kind.OPENING)
    refuse_if(check_opening_record_time(law=trade.kept_law(), closes_at=_objections_until(trade), at=at))


def require_own_bid_sealed(trade: Trade, *, actor: Actor, at: datetime) -> None:
    """Refuse to open outside of the window, and one's own bid when it is settled; a host opens others' by a rescue."""
    refuse_late(trade, at)
    if (own := standing_bids(trade).filter(bidder__code=actor.organisation).first()) is not None:
        refuse_settled(own)


def _period(facts: Mapping[str, Any]) -> str:
    """The days that a bid states, as text; nothing where it states no whole number."""
    days = facts.get("period_days")
    return str(days) if type(days) is int and 0 < days <= MOST_DAYS else ""


def _record_guarantee(trade: Trade, unlocked: UnlockedGuarantee) -> dict[str, Any]:
    facts, opening_on = unlocked.facts, legal_date(deadline_of(trade))
    problems = check_guarantee(
        law=trade.kept_law(),
        required=terms_of(trade).bid_bond,
        amount=Decimal(facts["amount"]),
        valid_from=date.fromisoformat(facts["valid_from"]),
        valid_until=date.fromisoformat(facts["valid_until"]),
        deadline_on=opening_on,
        beneficiary=facts["beneficiary"],
        tenderer=trade.tender.tenderer.code,
        lot=facts["lot"],
        expected_lot=trade.lot_code,
        bid_valid_until=opening_on + timedelta(days=terms_of(trade).bid_validity_days),
    )
    OpenedGuarantee.objects.create(
        guarantee=unlocked.guarantee,
        facts=facts,
        amount=Decimal(facts["amount"]),
        problems=[str(problem) for problem in problems],
        keys=unlocked.keys,
    )
    return {"file": unlocked.guarantee.evidence_id, "problems": [problem.code for problem in problems]}


def refuse_settled(bid: Bid) -> None:
    """Refuse when it is on record already what became of a bid."""
    refuse_unless(
        not OpenedBid.objects.filter(bid=bid).exists(),
        code="decryption.settled",
        reason="该投标文件的解密结果已登记",
        article=f"{ONLINE}第三十条",
        remedy="无需重复办理。",
    )


def refuse_late(trade: Trade, at: datetime) -> None:
    """Refuse after the decryption window."""
    refuse_unless(
        at <= _until(trade),
        code="decryption.over",
        reason="解密时间已结束",
        article=f"{ONLINE}第三十一条",
        remedy="因平台原因未能解密的，请当场提出异议。",
    )


def _until(trade: Trade) -> datetime:
    assert trade.decryption_until is not None  # noqa: S101 - set by start_decryption
    return trade.decryption_until


def _objections_until(trade: Trade) -> datetime:
    until = opening_objections_until(trade)
    assert until is not None  # noqa: S101 - the stage comes after announce_bids
    return until


def _set_until(trade: Trade, until: datetime) -> None:
    trade.decryption_until = until
    trade.save(update_fields=["decryption_until"])


def _refusal(code: str, reason: str, remedy: str) -> Refusal:
    return Refusal(code=code, reason=reason, article=f"{ONLINE}第三十条", remedy=remedy)
