"""A meeting that is recorded from the booking of its room (会议室预约): what the booking says is typed once.

Day, times, place, title and the list of those invited come from the booking. Being invited is not having come: a
booking has no attendance, and an event has one only when a person confirmed the roll, by entering it or by taking it.
Quorum and hours then count it as any other; `Attendance.via` says of whom the booking already knew.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from yangguang.ledger.catalogue import Engine, Register
from yangguang.ledger.guards import standing_or_refuse
from yangguang.ledger.models import Link, Record, State, Unit
from yangguang.ledger.values import Cleaned
from yangguang.parties.models import Person
from yangguang.rules.calendar import LEGAL_ZONE, legal_date
from yangguang.witness.guards import PLATFORM, refuse_unless

BOOKING = "room_booking"
BOOKED = f"{PLATFORM}：预约过的会议不填第二遍"
COLUMNS = ("begins", "ends", "place")


def records_meetings(register: Register) -> bool:
    """Whether what this register keeps may be recorded from a booking: an event with a roll."""
    return register.engine is Engine.EVENT and bool(register.rolls)


def booking_or_refuse(unit: Unit, number: int, *, register: Register, at: datetime) -> Record:
    """The standing booking from which a meeting may be recorded now. Raises `Refused` with what to do instead."""
    row = standing_or_refuse(unit, number)
    refuse_unless(
        row.register == BOOKING and records_meetings(register),
        code="booking.register",
        reason="只有会议室预约可以登记成会议，并且登记到要点名的台账",
        article=BOOKED,
        remedy="请从会议室预约的页面办理。",
    )
    refuse_unless(
        row.day <= legal_date(at),
        code="booking.ahead",
        reason=f"还没有到预约的日期（{row.day}），受邀不等于到会",
        article=BOOKED,
        remedy="请在开会当天或之后登记；改期的请先更正预约。",
    )
    meeting = meeting_of(row)
    refuse_unless(
        meeting is None,
        code="booking.recorded",
        reason=f"这次预约已经登记为“{meeting.title if meeting else ''}”",
        article=BOOKED,
        remedy="到会有变化的请在会议页面重新点名。",
    )
    return row


def booking_of(event: Record) -> Record | None:
    """The booking that an event was recorded from."""
    link = event.links.filter(kind=Link.Kind.FOLLOWS, target__register=BOOKING).select_related("target").first()
    return link.target if link else None


def is_booked(link: Link) -> bool:
    """Whether a link leads from an event to its booking; the target has been read along."""
    return link.kind == Link.Kind.FOLLOWS and link.target is not None and link.target.register == BOOKING


def meeting_of(booking: Record) -> Record | None:
    """The event that was recorded from a booking and stands."""
    return meetings_of([booking]).get(booking.pk)


def meetings_of(bookings: Iterable[Record]) -> dict[int, Record]:
    """The events that were recorded from bookings and stand, by the id of the booking; one query."""
    links = Link.objects.filter(kind=Link.Kind.FOLLOWS, target__in=[one.pk for one in bookings])
    standing = links.exclude(record__state=State.CANCELLED).select_related("record").order_by("-pk")
    return {one.target_id: one.record for one in standing if one.target_id is not None}


def invited_to(booking: Record | None) -> list[Person]:
    """Whom a booking invites, by name on its list; nobody where the whole roll is meant."""
    marks = booking.fields.get("invited", []) if booking else []
    return list(Person.objects.filter(mark__in=marks).order_by("pk"))


def with_booked(values: Mapping[str, Any], *, booking: Record, register: Register) -> dict[str, Any]:
    """The values of an event, with what its booking says in the places of what nobody wrote.

    Those invited are due where the register has no roll of its own, whether they came or not.
    """
    said: dict[str, Any] = {"title": booking.title, "day": booking.day.isoformat()}
    said |= {name: getattr(booking, name) for name in COLUMNS if name in register.columns}
    kind = str(values.get("kind") or "")
    if register.roll_for(kind) == "named" and values.get("present") is not None and booking.fields.get("invited"):
        came = [str(getattr(one, "mark", one)) for one in values["present"]]
        said["named"] = list(dict.fromkeys([*booking.fields["invited"], *came]))
    return said | {key: value for key, value in values.items() if value not in (None, "")}


def kept_from(booking: Record, cleaned: Cleaned) -> int:
    """How many of the values are those of the booking, so that nobody typed them a second time."""
    said = {"title": cleaned.title, "day": cleaned.day, **cleaned.columns}
    return sum(said.get(name) == getattr(booking, name) for name in ("title", "day", *COLUMNS))


def refuse_other_day(booking: Record, cleaned: Cleaned) -> None:
    """Raise `Refused` for a meeting on another day than its booking."""
    refuse_unless(
        cleaned.day == booking.day,
        code="booking.day",
        reason=f"会议日期与预约的日期（{booking.day}）不一致",
        article=BOOKED,
        remedy="改了日期的请先更正预约，再登记会议。",
    )


def times_of(booking: Record) -> str:
    """The day and the times of a booking as people read them: 3月16日 09:00—10:30."""
    if booking.begins is None or booking.ends is None:
        return f"{booking.day.month}月{booking.day.day}日"
    begins, ends = booking.begins.astimezone(LEGAL_ZONE), booking.ends.astimezone(LEGAL_ZONE)
    return f"{booking.day.month}月{booking.day.day}日 {begins:%H:%M}—{ends:%H:%M}"
