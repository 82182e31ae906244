"""Answering a signal on an integrity risk (风险信号处置): accepted on a risk point, or explained."""

from datetime import datetime

from yangguang.ledger.acts.records import around, read_values
from yangguang.ledger.guards import content_of
from yangguang.ledger.keeping import keep_around, row_of
from yangguang.ledger.models import Link, Record, State, Unit
from yangguang.ledger.numbering import next_number
from yangguang.ledger.roles import LedgerRole
from yangguang.oversight.risks import unanswered_signals
from yangguang.oversight.signals import Signal
from yangguang.rules.calendar import legal_date
from yangguang.witness.actor import Actor
from yangguang.witness.acts import act
from yangguang.witness.guards import PLATFORM, found_or_refuse, refuse_unless, refuse_unreasoned
from yangguang.witness.record import record as witness

SIGNALS = f"{PLATFORM}：风险信号"
ACCEPTED, EXPLAINED = "采纳", "说明"


@act("answer_signal", by={LedgerRole.KEEPER, LedgerRole.INSPECTOR})
def answer_signal(
    unit: Unit, *, actor: Actor, at: datetime, signal: str, accept: bool, risk: int | None = None, reason: str = ""
) -> Record:
    """处置信号: a person accepts a signal on a risk point, which proposes a higher grade, or explains it away.

    The answer keeps the link to the log entry (or the record) that the signal came from. Raises `Refused` for a signal
    that is not there or was answered, for an acceptance without a standing risk, and for an explanation without words.
    """
    found = found_or_refuse(
        next((one for one in unanswered_signals(unit, at=at) if one.key == signal), None),
        code="signal.unknown",
        reason="没有这条待处置的信号，或者已经处置",
        article=SIGNALS,
        remedy="请从“风险信号”列表中选择。",
    )
    if accept:
        _refuse_closed_risk(unit, risk)
    else:
        refuse_unreasoned(reason, code="signal.reason", article=SIGNALS, of="不采纳的")
    return _keep(unit, found, actor=actor, at=at, accept=accept, risk=risk, reason=reason)


def _keep(
    unit: Unit, signal: Signal, *, actor: Actor, at: datetime, accept: bool, risk: int | None, reason: str
) -> Record:
    day = legal_date(at)
    values = {
        "title": signal.text, "kind": ACCEPTED if accept else EXPLAINED, "day": day, "signal": signal.key,
        "reason": reason.strip(), "parent": risk,
    }  # fmt: skip
    register, cleaned = read_values(unit, register="risk_signal", values=values, actor=actor, at=at)
    cleaned.typed = int(bool(reason.strip()))  # the rest came from the signal
    number = next_number(Record.objects.filter(unit=unit, register=register.id), year=day.year)
    row = row_of(unit, register, cleaned, number=number, actor=actor, at=at)
    row.save()
    keep_around(row, register, cleaned)
    Link.objects.create(
        record=row, kind=Link.Kind.ANSWERS, target_id=signal.record, stream=signal.stream, sequence=signal.sequence,
        made_at=at,
    )  # fmt: skip
    row.entry = witness(data={}, concealed=content_of(row, **around(row))).sequence
    row.save(update_fields=["entry"])
    return row


def _refuse_closed_risk(unit: Unit, risk: int | None) -> None:
    standing = Record.objects.filter(unit=unit, register="risk", state=State.OPEN, pk=risk or 0)
    refuse_unless(
        standing.exists(),
        code="signal.risk",
        reason="采纳信号应选择本单位存续的风险点",
        article=SIGNALS,
        remedy="该环节还没有风险点的，请先登记风险点。",
    )
