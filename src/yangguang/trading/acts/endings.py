"""暂停、恢复和终止: each with its reason and its record."""

from datetime import datetime

from yangguang.parties.signing import SignedFile, check_signed, named_files
from yangguang.rules.refusal import refuse_if
from yangguang.trading.models import Trade
from yangguang.trading.roles import TENDERERS, Role
from yangguang.trading.stages import Stage
from yangguang.witness.actor import Actor
from yangguang.witness.acts import act
from yangguang.witness.guards import REGULATION, refuse_unless
from yangguang.witness.models import Entry
from yangguang.witness.record import record, utc_text

WINDOWS = {Stage.DECRYPTING.value: "decryption_until", Stage.PUBLICITY.value: "publicity_until"}


@act("suspend", by={Role.SUPERVISOR, Role.CENTRE})
def suspend(trade: Trade, *, actor: Actor, at: datetime, order: SignedFile) -> Entry:
    """暂停: by the supervising body's order (电子招标投标办法第五十二条), or by the centre when the system fails."""
    refuse_if(check_signed(file=order, act="suspend", stream=trade.stream, actor=actor, at=at))
    trade.suspended_from = trade.stage
    trade.save(update_fields=["suspended_from"])
    return record(data={"from": trade.suspended_from}, files=named_files(order))


@act("resume", by={Role.SUPERVISOR, Role.CENTRE})
def resume(trade: Trade, *, actor: Actor, at: datetime, order: SignedFile, deadline: datetime | None = None) -> Entry:
    """恢复: to the stage where the trade stood; while bids are being taken the deadline may have to move.

    A decryption window or a publicity gets back the time that it lost. Raises `Refused` when the deadline passed
    during the suspension and no later one is given.
    """
    refuse_if(check_signed(file=order, act="resume", stream=trade.stream, actor=actor, at=at))
    bidding = trade.suspended_from == Stage.BIDDING
    new = deadline or trade.bid_deadline
    refuse_unless(
        not bidding or (new is not None and new > at and (trade.bid_deadline is None or new >= trade.bid_deadline)),
        code="resume.deadline",
        reason="投标截止时间已在暂停期间届满，恢复时应当顺延",
        article=f"{REGULATION}第二十一条",
        remedy="请设定新的投标截止时间。",
    )
    data: dict[str, object] = {"to": trade.suspended_from, **_given_back(trade, at=at)}
    if bidding and deadline is not None:
        trade.bid_deadline = deadline
        trade.save(update_fields=["bid_deadline"])
        data["deadline"] = utc_text(deadline)
    return record(data=data, files=named_files(order), to=trade.suspended_from)


def _given_back(trade: Trade, *, at: datetime) -> dict[str, str]:
    """Move the end of a running window by the time that the suspension took from it."""
    window = WINDOWS.get(trade.suspended_from)
    until = getattr(trade, window) if window else None
    if until is None:
        return {}
    suspended = Entry.objects.filter(stream=trade.stream, act="suspend").latest("sequence")
    moved = until + (at - suspended.at)
    setattr(trade, str(window), moved)
    trade.save(update_fields=[str(window)])
    return {"until": utc_text(moved)}


@act("terminate", by=TENDERERS | {Role.SUPERVISOR})
def terminate(trade: Trade, *, actor: Actor, at: datetime, announcement: SignedFile, reason: str) -> Entry:
    """终止招标: announced with its reason; what was paid for documents and bonds is returned (条例第三十一条)."""
    refuse_unless(
        reason.strip(),
        code="terminate.reason",
        reason="终止招标应当说明原因",
        article=f"{REGULATION}第三十一条",
        remedy="请填写原因。",
    )
    refuse_if(check_signed(file=announcement, act="terminate", stream=trade.stream, actor=actor, at=at))
    return record(data={"reason": reason}, files=named_files(announcement))
