"""Closing what was open (办结) and signing off a register for a period (零报告签核)."""

from datetime import date, datetime

from yangguang.ledger.catalogue import Engine, Register
from yangguang.ledger.guards import ANYBODY, content_of, record_to_change, register_or_refuse
from yangguang.ledger.models import Record, State, Unit
from yangguang.ledger.models.signoffs import SignOff
from yangguang.ledger.roles import LedgerRole
from yangguang.rules.calendar import legal_date
from yangguang.witness.actor import Actor
from yangguang.witness.acts import act
from yangguang.witness.guards import PLATFORM, refuse_unless, refuse_unreasoned
from yangguang.witness.record import record as witness

CLOSING = f"{PLATFORM}：凭记录办结"
OFFICERS = frozenset({LedgerRole.INSPECTOR, LedgerRole.LEADER, LedgerRole.KEEPER})


@act("close_record", by=ANYBODY)
def close_record(unit: Unit, *, actor: Actor, at: datetime, record: int, on: date, result: str) -> Record:
    """办结: a matter is answered, a letter is answered, an assessment ends, on a day and with a result.

    A task has no such act: it closes by the record it points at. Raises `Refused` for a day before the matter's or
    after today.
    """
    row, register = record_to_change(unit, record, actor=actor)
    refuse_unless(
        register.engine is not Engine.TASK and row.state == State.OPEN,
        code="record.closed",
        reason="这条记录不在办理中；任务凭佐证记录办结",
        article=CLOSING,
        remedy="请关联完成任务的那条记录。",
    )
    refuse_unless(
        row.day <= on <= legal_date(at),
        code="record.closed_on",
        reason="办结日期应在登记日期之后、今天之前",
        article=CLOSING,
        remedy="请填写实际办结的日期。",
    )
    refuse_unreasoned(result, code="record.result", article=CLOSING, of="办理结果或")
    row.state, row.closed_on, row.fields = State.DONE, on, {**row.fields, "result": result.strip()}
    row.entry = witness(data={}, concealed=content_of(row, closed_on=on.isoformat())).sequence
    row.save(update_fields=["state", "closed_on", "fields", "entry"])
    return row


def may_sign_off(unit: Unit, register: Register, actor: Actor) -> bool:
    """Whether the actor answers for this register of the unit: whoever writes in it, or opens what it seals."""
    return bool(unit.roles_of(actor) & (register.unseal | register.write) & OFFICERS)


@act("sign_off_register", by=OFFICERS)
def sign_off_register(unit: Unit, *, actor: Actor, at: datetime, register: str, first: date, last: date) -> SignOff:
    """签核: a named officer confirms that a register was open all period and holds everything, zero included.

    Only then may a report say 0 or 未发现. Raises `Refused` for a period that has not ended.
    """
    entry = register_or_refuse(unit, register)
    refuse_unless(
        may_sign_off(unit, entry, actor),
        code="signoff.role",
        reason="这个台账由登记人或者监督人签核",
        article=CLOSING,
        remedy="请由纪检委员或者台账负责人办理。",
    )
    refuse_unless(
        first <= last <= legal_date(at) and unit.opened_on <= first,
        code="signoff.period",
        reason="期间还没有结束，或者早于本单位开始登记的日期",
        article=CLOSING,
        remedy="请在期满后签核。",
    )
    made = SignOff.objects.create(unit=unit, register=register, first=first, last=last, by=actor.person, at=at)
    witness(data={}, concealed={"register": register, "first": first.isoformat(), "last": last.isoformat()})
    return made
