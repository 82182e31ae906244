"""合同、保证金的退还和不予退还、书面报告和归档."""

from datetime import datetime
from decimal import Decimal

from yangguang.parties.signing import SignedFile, check_signed, named_files
from yangguang.rules.calendar import legal_date
from yangguang.rules.checks.forfeiture import check_forfeiture
from yangguang.rules.checks.money import check_refund
from yangguang.rules.checks.outcome import check_contract_time, check_written_report_time
from yangguang.rules.clocks import due_on
from yangguang.rules.refusal import Refused, refuse_if
from yangguang.trading.bonds import grounds_against, refund_event, sub_log_is_open, waiting
from yangguang.trading.models import Contract, Forfeiture, Guarantee, Refund, Trade
from yangguang.trading.readings import current_award
from yangguang.trading.roles import HOSTS, TENDERERS, Role
from yangguang.trading.stages import FAILED, Stage
from yangguang.witness.actor import Actor
from yangguang.witness.acts import DENIED, act
from yangguang.witness.guards import LAW, REGULATION, found_or_refuse, refuse_unless
from yangguang.witness.inputs import MOST_YUAN
from yangguang.witness.models import Entry, SealedEntry
from yangguang.witness.record import record, record_sealed


@act("sign_contract", by={Role.TENDERER})
def sign_contract(
    trade: Trade,
    *,
    actor: Actor,
    at: datetime,
    contract: SignedFile,
    countersigned: SignedFile,
    winner: Actor,
    price: Decimal,
) -> Entry:
    """订立书面合同: at the price of the bid, signed by both, within 30 days of the notice (招标投标法第四十六条).

    A contract signed late is still recorded, with the number of days. Raises `Refused` when price or signatures differ.
    """
    standing = current_award(trade)
    refuse_unless(
        price == standing.bid.opened.price,
        code="contract.price",
        reason="合同价格与中标价格不一致",
        article=f"{LAW}第四十六条",
        remedy="不得再行订立背离合同实质性内容的其他协议，请按中标价格订立合同。",
    )
    refuse_unless(
        winner.organisation == standing.bid.bidder.code and contract.evidence == countersigned.evidence,
        code="contract.party",
        reason="应由招标人和中标人对同一份合同签名",
        article=f"{LAW}第四十六条",
        remedy="请由中标人对同一份合同签名。",
    )
    refuse_if(
        check_signed(file=contract, act="sign_contract", stream=trade.stream, actor=actor, at=at),
        check_signed(file=countersigned, act="sign_contract", stream=trade.stream, actor=winner, at=at),
    )
    Contract.objects.create(trade=trade, award=standing, evidence=contract.evidence, price=price, signed_at=at)
    late = _late_contract(trade, standing.notified_at, at)
    data = {"winner": winner.organisation, "price": f"{price:.2f}", "late": late}
    return record(data=data, files=named_files(contract, countersigned))


@act("refund_guarantee", by=HOSTS | {Role.CLOCK})
def refund_guarantee(
    trade: Trade, *, actor: Actor, at: datetime, guarantee: int, amount: Decimal, interest: Decimal
) -> Entry | SealedEntry:
    """退还投标保证金及同期存款利息 (条例第三十一、三十五、五十七条): the whole of it; `guarantee` is the row's id.

    While bids are taken, and in a trade that ended before they were closed, it is recorded sealed like everything of a
    bidder. A late refund is recorded as late.
    """
    require_bonds_waiting(trade, actor=actor)
    early = sub_log_is_open(trade)
    held = _waiting_bond(trade, guarantee)
    refuse_unless(
        _is_whole(held, amount) and interest >= 0,
        code="refund.not_open",
        reason="退还的金额不是这笔保证金的金额，或者利息有误",
        article=f"{REGULATION}第五十七条",
        remedy="请核对保证金登记和金额；保证金应当全额退还。",
    )
    Refund.objects.create(guarantee=held, amount=amount, interest=interest, at=at)
    data = {"file": held.evidence_id, "amount": f"{amount:.2f}", "interest": f"{interest:.2f}"}
    if early:
        return record_sealed(data=data)
    return record(data=data | {"late": _late_refund(trade, at)})


@act("forfeit_guarantee", by={Role.TENDERER})
def forfeit_guarantee(
    trade: Trade, *, actor: Actor, at: datetime, guarantee: int, ground: str, reason: str, decision: SignedFile
) -> Entry:
    """不予退还投标保证金: only for a revoked bid or from a defaulting winner, with reasons (条例第三十五、七十四条).

    The bidder may complain to the supervising body until the day in the entry (条例第六十条). Raises `Refused` when the
    record of the trade does not bear the ground out.
    """
    held, law = _waiting_bond(trade, guarantee), trade.kept_law()
    refuse_if(
        check_forfeiture(law=law, ground=ground, reason=reason, shown=grounds_against(held)),
        check_signed(file=decision, act="forfeit_guarantee", stream=trade.stream, actor=actor, at=at),
    )
    Forfeiture.objects.create(guarantee=held, ground=ground, evidence=decision.evidence, at=at)
    complain_until = due_on(law=law, rule_id="works.complaint.filing", start=legal_date(at))
    data = {"bidder": held.organisation.code, "file": held.evidence_id, "ground": ground, "reason": reason}
    return record(data=data | {"complaint_until": complain_until.isoformat()}, files=named_files(decision))


@act("submit_written_report", by=TENDERERS)
def submit_written_report(trade: Trade, *, actor: Actor, at: datetime, paper: SignedFile) -> Entry:
    """提交招标投标情况书面报告: to the supervising body within 15 days of the award (招标投标法第四十七条)."""
    refuse_if(check_signed(file=paper, act="submit_written_report", stream=trade.stream, actor=actor, at=at))
    late = check_written_report_time(
        law=trade.kept_law(), awarded_on=legal_date(current_award(trade).at), reported_on=legal_date(at)
    )
    return record(data={"late": bool(late)}, files=named_files(paper))


@act("archive_trade", by={Role.CENTRE})
def archive_trade(trade: Trade, *, actor: Actor, at: datetime) -> Entry:
    """归档: closes the trade once every bond is returned or forfeited; a completed one needs its written report too."""
    require_finished(trade)
    return record(data={"ended": trade.stage})


def require_finished(trade: Trade) -> None:
    """Refuse to archive while a bond waits, and a completed trade without its written report."""
    _refuse_waiting_bonds(trade)
    if trade.stage not in FAILED:
        _refuse_without_report(trade)


def require_refunds_seen(trade: Trade, *, actor: Actor) -> None:
    """Before the deadline the clock alone refunds: the same answer whether such a bond exists or not."""
    if trade.stage == Stage.BIDDING and not trade.has_role(actor, Role.CLOCK):
        raise Refused(DENIED)


def require_bonds_waiting(trade: Trade, *, actor: Actor) -> None:
    """Refuse whoever may not see the bonds, and where every one was returned or forfeited."""
    require_refunds_seen(trade, actor=actor)
    refuse_unless(
        waiting(trade).exists(),
        code="refund.not_open",
        reason="没有待退还的保证金",
        article=f"{REGULATION}第五十七条",
        remedy="无需办理。",
    )


def _waiting_bond(trade: Trade, guarantee: int) -> Guarantee:
    """The bond of this id; while bids are taken only one whose bidder has no bid standing any more."""
    held = waiting(trade).filter(pk=guarantee).first()
    if held is not None and trade.stage == Stage.BIDDING and trade.has_bid_of(held.organisation.code):
        held = None
    return found_or_refuse(
        held,
        code="refund.not_open",
        reason="没有这笔待退还的保证金",
        article=f"{REGULATION}第五十七条",
        remedy="请核对保证金登记；已退还或者依法不予退还的不能再次办理。",
    )


def _is_whole(held: Guarantee, amount: Decimal) -> bool:
    """Whether it is all of the bond; what was never opened nobody here knows."""
    return amount == held.opened.amount if hasattr(held, "opened") else 0 <= amount < MOST_YUAN


def _late_refund(trade: Trade, at: datetime) -> bool:
    since = refund_event(trade)
    if since is None:
        return False
    event, start = since
    law = trade.kept_law()
    return bool(check_refund(law=law, event=event, event_on=legal_date(start), refunded_on=legal_date(at)))


def _late_contract(trade: Trade, notified_at: datetime | None, at: datetime) -> bool:
    assert notified_at is not None  # noqa: S101 - the stage comes after the notice
    answer = check_contract_time(law=trade.kept_law(), notice_on=legal_date(notified_at), signed_on=legal_date(at))
    return bool(answer)


def _refuse_waiting_bonds(trade: Trade) -> None:
    since, left = refund_event(trade), waiting(trade).count()
    assert since is not None  # noqa: S101 - a trade is archived after its contract or its failure
    number = "" if sub_log_is_open(trade) else f"{left}笔"  # how many came to bid is told to nobody before the root is
    refuse_unless(
        not left,
        code="archive.refunds",
        reason=f"还有{number}保证金没有退还",
        article=trade.kept_law().rule(f"works.refund.{since[0]}").citation,
        remedy="请先退还保证金及利息；有法定情形的，由招标人办理不予退还。",
    )


def _refuse_without_report(trade: Trade) -> None:
    refuse_unless(
        Entry.objects.filter(stream=trade.stream, act="submit_written_report").exists(),
        code="archive.written_report",
        reason="招标人没有提交书面报告",
        article=f"{LAW}第四十七条",
        remedy="请招标人先提交招标投标情况书面报告。",
    )
