"""Taking a roll (点名): once, for whatever it is counted."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from yangguang.ledger.acts.records import around
from yangguang.ledger.booked import booking_of, invited_to
from yangguang.ledger.catalogue import Engine
from yangguang.ledger.guards import ANYBODY, content_of, record_to_change
from yangguang.ledger.keeping import attendances, cleaned_of, is_late, rewrite
from yangguang.ledger.models import Attendance, Record, State, Unit
from yangguang.ledger.preparing import Draft, check_draft
from yangguang.ledger.values import LONGEST_ABSENCE
from yangguang.parties.models import Person
from yangguang.rules.calendar import legal_date
from yangguang.rules.refusal import refuse_if
from yangguang.witness.actor import Actor
from yangguang.witness.acts import act
from yangguang.witness.guards import PLATFORM, found_or_refuse, refuse_unless
from yangguang.witness.record import record as witness

ROLL = f"{PLATFORM}：到会一次登记"
TAKEN_BY = {Attendance.Via.ROLL, Attendance.Via.ONLINE}  # the others are known from the booking and the import


@act("take_roll", by=ANYBODY)
def take_roll(
    unit: Unit,
    *,
    actor: Actor,
    at: datetime,
    record: int,
    present: Sequence[str],
    absent: Mapping[str, str] | None = None,
    via: str = "roll",
) -> Record:
    """点名: who came, by marks, and why others did not; what was planned has been held by it.

    Taken again, it replaces the earlier one; the log keeps both. What the register works out from a roll is worked out
    anew. Whom the booking of the room invited is known `via` it, and is present only when `present` says so. Raises
    `Refused` before the day of the event, and for what the register's own checks do not allow.
    """
    row, register = record_to_change(unit, record, actor=actor)
    refuse_unless(
        register.rolls and row.day <= legal_date(at),
        code="roll.early",
        reason="还没有到活动日期，或者这个台账不点名",
        article=ROLL,
        remedy="请在活动当天或之后登记到会情况。",
    )
    refuse_unless(via in TAKEN_BY, code="roll.via", reason="到会方式有误", article=ROLL, remedy="请重新选择。")
    refuse_unless(
        all(len(one) <= LONGEST_ABSENCE for one in (absent or {}).values()),
        code="roll.reason",
        reason=f"缺席原因超过{LONGEST_ABSENCE}字",
        article=ROLL,
        remedy="请缩短原因。",
    )
    people = _people(present)
    cleaned = cleaned_of(row)
    cleaned.present, cleaned.absent = people, dict(absent or {})
    invited = invited_to(booking_of(row))
    if register.roll_for(row.kind) == "named":
        due = [one.person for one in row.attendances.filter(is_due=True).select_related("person")]
        cleaned.named = due or list(dict.fromkeys([*invited, *people]))
    refuse_if(check_draft(Draft(unit=unit, register=register, cleaned=cleaned, at=at, record=row)))
    rewrite(row, cleaned)
    row.attendances.all().delete()
    made = attendances(row, register, cleaned, invited=invited)
    Attendance.objects.bulk_create([_by(one, via) for one in made])
    if row.state == State.PLANNED:
        row.state, row.closed_on = State.DONE, row.day
        row.is_late = register.engine is Engine.EVENT and is_late(register, day=row.day, at=at)
    row.entry = witness(data={}, concealed=content_of(row, **around(row))).sequence
    row.save()
    return row


def _by(attendance: Attendance, via: str) -> Attendance:
    if via != Attendance.Via.ROLL:
        attendance.via = via
    return attendance


def _people(marks: Sequence[str]) -> list[Person]:
    known = {one.mark: one for one in Person.objects.filter(mark__in=list(marks))}
    return [
        found_or_refuse(
            known.get(mark),
            code="roll.person",
            reason="到会名单中有名册以外的人",
            article=ROLL,
            remedy="请从名册中选择；新调入的人员请先登记任职。",
        )
        for mark in dict.fromkeys(marks)
    ]
