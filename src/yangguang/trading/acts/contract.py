"""合同、退保证金、书面报告和归档."""

from datetime import datetime
from decimal import Decimal

from yangguang.parties.signing import SignedFile, check_signed, named_files
from yangguang.rules.calendar import legal_date
from yangguang.rules.checks.outcome import check_contract_time, check_written_report_time
from yangguang.rules.refusal import Refused, refuse_if
from yangguang.trading.models import Contract, Guarantee, Refund, Trade
from yangguang.trading.readings import current_award
from yangguang.trading.refusals import LAW, REGULATION, refuse_unless
from yangguang.trading.roles import HOSTS, TENDERERS, Role
from yangguang.trading.stages import FAILED, Stage
from yangguang.witness.actor import Actor
from yangguang.witness.acts import DENIED, act
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
    """退还投标保证金及同期存款利息 (条例第五十七条): within five days of the contract; `guarantee` is the row's id.

    Before the deadline, after a withdrawal (条例第三十五条), it is recorded sealed like everything of a bidder.
    """
    require_refunds_seen(trade, actor=actor)
    early = trade.stage == Stage.BIDDING
    held = Guarantee.objects.filter(trade=trade, pk=guarantee, refund__isnull=True).first()
    if early and held is not None and trade.has_bid_of(held.organisation.code):
        held = None
    refuse_unless(
        held is not None and 0 <= amount <= _most(held) and interest >= 0,
        code="refund.not_open",
        reason="没有这笔待退还的保证金，或金额有误",
        article=f"{REGULATION}第五十七条",
        remedy="请核对保证金登记和金额。",
    )
    assert held is not None  # noqa: S101 - refused above
    Refund.objects.create(guarantee=held, amount=amount, interest=interest, at=at)
    data = {"file": held.evidence_id, "amount": f"{amount:.2f}", "interest": f"{interest:.2f}"}
    if early:
        return record_sealed(data=data)
    return record(data=data)


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
    """归档: closes the trade; a completed one needs its written report and all guarantees returned."""
    require_finished(trade)
    return record(data={"ended": trade.stage})


def require_refunds_seen(trade: Trade, *, actor: Actor) -> None:
    """Before the deadline the clock alone refunds: the same answer whether such a bond exists or not."""
    if trade.stage == Stage.BIDDING and not trade.has_role(actor, Role.CLOCK):
        raise Refused(DENIED)


def _most(held: Guarantee) -> Decimal:
    """The bond itself, where it was opened; what was never opened nobody here knows."""
    return held.opened.amount if hasattr(held, "opened") else MOST_YUAN


def _late_contract(trade: Trade, notified_at: datetime | None, at: datetime) -> bool:
    assert notified_at is not None  # noqa: S101 - the stage comes after the notice
    answer = check_contract_time(law=trade.kept_law(), notice_on=legal_date(notified_at), signed_on=legal_date(at))
    return bool(answer)


def require_finished(trade: Trade) -> None:
    """Refuse to archive a completed trade without its written report or with a bond not returned."""
    if trade.stage in FAILED:
        return
    unreturned = Guarantee.objects.filter(trade=trade, opened__isnull=False, refund__isnull=True).count()
    refuse_unless(
        not unreturned,
        code="archive.refunds",
        reason=f"还有{unreturned}笔保证金没有退还",
        article=f"{REGULATION}第五十七条",
        remedy="请先退还保证金及利息。",
    )
    reported = Entry.objects.filter(stream=trade.stream, act="submit_written_report").exists()
    refuse_unless(
        reported,
        code="archive.written_report",
        reason="招标人没有提交书面报告",
        article=f"{LAW}第四十七条",
        remedy="请招标人先提交招标投标情况书面报告。",
    )
