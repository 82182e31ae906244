"""Entering, correcting and cancelling a record (登记、更正、取消)."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from yangguang.ledger.booked import booking_or_refuse, invited_to, kept_from, refuse_other_day, with_booked
from yangguang.ledger.catalogue import Register
from yangguang.ledger.guards import (
    ANYBODY,
    content_of,
    record_to_change,
    refuse_other_writers,
    register_or_refuse,
    standing_or_refuse,
)
from yangguang.ledger.keeping import clean_over, keep_around, rewrite, row_of
from yangguang.ledger.models import Attachment, Link, Record, Revision, Sealed, State, Unit
from yangguang.ledger.numbering import next_number
from yangguang.ledger.preparing import Draft, check_draft
from yangguang.ledger.values import Cleaned
from yangguang.rules.refusal import refuse_if
from yangguang.witness.actor import Actor
from yangguang.witness.acts import act
from yangguang.witness.guards import PLATFORM, refuse_unless, refuse_unreasoned
from yangguang.witness.models import Evidence
from yangguang.witness.record import record as witness

KEPT = f"{PLATFORM}：台账留痕"


@act("enter_record", by=ANYBODY)
def enter_record(
    unit: Unit,
    *,
    actor: Actor,
    at: datetime,
    register: str,
    values: Mapping[str, Any],
    file: Evidence | None = None,
    file_name: str = "",
    booking: int | None = None,
    typed: int | None = None,
) -> Record:
    """登记: one record of a register, with roll, tags and sealed content in one go.

    `values` are texts or JSON by the keys of the register's form, and `present`, `absent`, `named` for the roll (marks
    of people). What happened longer ago than the register allows is stamped 补录. An event that was booked takes from
    its `booking` what nobody wrote, and stays linked to it; who came is said by `present`, never by the booking.
    `typed` is how many values a person wrote, where other records brought the rest. Raises `Refused` with every field
    that cannot be taken.
    """
    booked: Record | None = None
    if booking is not None:
        kept_in = register_or_refuse(unit, register)
        booked = booking_or_refuse(unit, booking, register=kept_in, at=at)
        values = with_booked(values, booking=booked, register=kept_in)
    entry, cleaned = read_values(unit, register=register, values=values, actor=actor, at=at)
    assert cleaned.day is not None  # noqa: S101 - refused above
    if booked is not None:
        refuse_other_day(booked, cleaned)
        cleaned.typed -= kept_from(booked, cleaned)
    cleaned.typed = cleaned.typed if typed is None else typed
    number = next_number(Record.objects.filter(unit=unit, register=register), year=cleaned.day.year)
    row = row_of(unit, entry, cleaned, number=number, actor=actor, at=at)
    row.save()
    keep_around(row, entry, cleaned, invited=invited_to(booked))
    if booked is not None:
        Link.objects.create(record=row, kind=Link.Kind.FOLLOWS, target=booked, made_at=at)
    if file is not None:
        Attachment.objects.create(record=row, name=file_name or "佐证材料", evidence=file)
    more = around(row) | ({"booking": f"{booked.year}-{booked.number}"} if booked else {})
    written = witness(
        data={"late": row.is_late}, concealed=content_of(row, **more), files=[("佐证", file)] if file else []
    )
    row.entry = written.sequence
    row.save(update_fields=["entry"])
    return row


@act("correct_record", by=ANYBODY)
def correct_record(
    unit: Unit, *, actor: Actor, at: datetime, record: int, values: Mapping[str, Any], reason: str
) -> Record:
    """更正: what a record says is replaced, with a reason; what stood before stays in its history.

    `values` are all values of the form, as when entering; what is sealed and not given again stays. The
    roll is corrected by taking it again.
    """
    row = standing_or_refuse(unit, record)
    refuse_unreasoned(reason, code="record.reason", article=KEPT, of="更正的")
    _, cleaned = read_values(unit, register=row.register, values=values, actor=actor, at=at, record=row)
    assert cleaned.day is not None  # noqa: S101 - refused above
    refuse_unless(
        cleaned.day.year == row.year,
        code="record.year",
        reason="更正不能改变记录的年度",
        article=KEPT,
        remedy="请取消后在相应年度重新登记，系统会注明补录。",
    )
    Revision.objects.create(record=row, before=dict(content_of(row)), at=at, by=actor.person, reason=reason.strip())
    rewrite(row, cleaned)
    row.reason = reason.strip()
    row.entry = witness(data={}, concealed=content_of(row, reason=reason.strip(), **around(row))).sequence
    row.save()
    return row


@act("cancel_record", by=ANYBODY)
def cancel_record(unit: Unit, *, actor: Actor, at: datetime, record: int, reason: str) -> Record:
    """取消: what was planned does not happen, or what was entered is wrong; it stays in the list and counts nowhere."""
    row, _ = record_to_change(unit, record, actor=actor)
    refuse_unreasoned(reason, code="record.reason", article=KEPT, of="取消的")
    row.state, row.reason = State.CANCELLED, reason.strip()
    row.save(update_fields=["state", "reason"])
    witness(data={}, concealed=content_of(row, reason=row.reason))
    return row


def read_values(
    unit: Unit,
    *,
    register: str,
    values: Mapping[str, Any],
    actor: Actor,
    at: datetime,
    record: Record | None = None,
) -> tuple[Register, Cleaned]:
    """The register and the read values, or `Refused` with everything that is wrong with them."""
    entry = register_or_refuse(unit, register)
    refuse_other_writers(unit, entry, actor)
    cleaned, refusals = clean_over(entry, values, record=record)
    refuse_if(refusals)
    refuse_if(check_draft(Draft(unit=unit, register=entry, cleaned=cleaned, at=at, record=record)))
    return entry, cleaned


def around(row: Record) -> dict[str, Any]:
    """What the log conceals of a record besides its columns: tags, roll by marks, the digest of what is sealed."""
    roll = row.attendances.order_by("pk").values_list("person__mark", "is_due", "is_present")
    sealed = Sealed.objects.filter(record=row).first()
    return {
        "tags": sorted(row.tags.values_list("tag", flat=True)),
        "roll": [[mark, due, present] for mark, due, present in roll],
        "sealed": hashlib.sha256(sealed.content).hexdigest() if sealed else "",
    }
