"""Sending a letter that was drafted and signed (发出), and closing by a reply the letter that it answers (回复)."""

from datetime import date, datetime

from yangguang.ledger.guards import ANYBODY, content_of, record_to_change
from yangguang.ledger.keeping import is_late
from yangguang.ledger.models import Record, State, Unit
from yangguang.ledger.numbering import number_of
from yangguang.rules.calendar import legal_date
from yangguang.witness.actor import Actor
from yangguang.witness.acts import act, lock
from yangguang.witness.guards import PLATFORM, refuse_unless
from yangguang.witness.record import record as witness

SENDING = f"{PLATFORM}：签发后发出"


@act("send_letter", by=ANYBODY)
def send_letter(unit: Unit, *, actor: Actor, at: datetime, record: int, on: date) -> Record:
    """发出: a signed letter (函告, 通报, 回复) goes out on a day, which becomes its day.

    What asks for an answer by a day then waits for it; anything else is done. A reply closes the letter that it
    answers. Raises `Refused` for what was sent before, is not signed by all, or would go out on an impossible day.
    """
    row, register = record_to_change(unit, record, actor=actor)
    refuse_unless(
        register.word and row.state == State.PLANNED,
        code="letter.sent",
        reason="这份文书已经发出，或者不是要发出的文书",
        article=SENDING,
        remedy="不需要再办理。",
    )
    refuse_unless(
        not row.signatures.filter(signed_at__isnull=True).exists(),
        code="letter.unsigned",
        reason="这份文书还没有签发",
        article=SENDING,
        remedy="请签发人签署后再发出。",
    )
    _refuse_day(row, on=on, today=legal_date(at))
    row.day, row.is_late = on, is_late(register, day=on, at=at)
    row.state, row.closed_on = (State.OPEN, None) if row.due_on else (State.DONE, on)
    row.entry = witness(
        data={"late": row.is_late}, concealed=content_of(row, answers=str(row.parent_id or ""))
    ).sequence
    row.save(update_fields=["day", "is_late", "state", "closed_on", "entry"])
    if row.parent is not None:
        _close_answered(row.parent, by=row)
    return row


def _refuse_day(row: Record, *, on: date, today: date) -> None:
    refuse_unless(
        row.day <= on <= min(today, row.due_on or today),
        code="letter.sent_on",
        reason="发出日期应在拟稿日期之后、今天和回复期限之前",
        article=SENDING,
        remedy="请填写实际发出的日期；期限已过的请取消后重新拟稿。",
    )
    refuse_unless(
        on.year == row.year,
        code="letter.year",
        reason=f"编号属于{row.year}年，不能在{on.year}年发出",
        article=SENDING,
        remedy="请取消后重新拟稿，按发出的年度编号。",
    )


def _close_answered(letter: Record, *, by: Record) -> None:
    """办结 of the letter that a reply answers, which may be one of a unit above."""
    lock(letter.unit)
    letter.refresh_from_db()
    if letter.state == State.OPEN:
        letter.state, letter.closed_on = State.DONE, by.day
        letter.fields = {**letter.fields, "result": f"已回复：{number_of(by)}"}
        letter.save(update_fields=["state", "closed_on", "fields"])
