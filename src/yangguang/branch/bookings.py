"""会议室预约 (D22): a room is used by one meeting at a time, whichever unit of the house booked it."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from django.db import connection
from django.db.models import QuerySet

from yangguang.ledger.booked import BOOKING, meeting_of, times_of
from yangguang.ledger.models import Record, State, Unit
from yangguang.ledger.preparing import Draft, checks_records
from yangguang.ledger.values import LONGEST_PLACE, Cleaned
from yangguang.parties.models import Person
from yangguang.rules.calendar import legal_date
from yangguang.rules.refusal import Refusal

ROOMS = "party_place"
ONE_AT_A_TIME = "平台规则：一个场所同一时间只接受一个预约"


@checks_records(BOOKING)
def check_booking(draft: Draft) -> Iterator[Refusal]:
    """A booking says which room and from when until when, lies ahead, and meets no other one; derives the place.

    A booking that ends when the next one begins meets nothing. Whoever wants a room that is taken is told which
    booking holds it, by whom, and what to do.
    """
    columns = draft.cleaned.columns
    yield from _check_times(draft.cleaned)
    room = _hold(columns["parent"])
    columns["place"] = room.title[:LONGEST_PLACE]
    yield from _check_day(draft)
    begins, ends = columns["begins"], columns["ends"]
    for other in clashes(room, begins=begins, ends=ends, but=draft.record):
        yield _taken(room, other, unit=draft.unit)
    if any(_meet(one, columns) for one in draft.before):
        yield _refusal(
            "booking.clash", f"“{room.title}”在同一个文件里被预约了两次，时间重叠", "请更正其中一行的时间或者场所。"
        )


def _check_times(cleaned: Cleaned) -> Iterator[Refusal]:
    begins, ends = cleaned.columns["begins"], cleaned.columns["ends"]
    if begins == ends or legal_date(ends) != cleaned.day:
        yield Refusal(
            code="record.ends", reason="结束时间应晚于开始时间，并且在同一天", article=ONE_AT_A_TIME,
            remedy="请核对起止时间；要用几天的请每天预约一次。",
        )  # fmt: skip


def _hold(number: int) -> Record:
    """The room, locked within an act until its transaction ends: two units may book it at the same moment."""
    rooms = Record.objects.filter(pk=number)
    return (rooms.select_for_update(no_key=True) if connection.in_atomic_block else rooms).get()


def _check_day(draft: Draft) -> Iterator[Refusal]:
    day, before = draft.cleaned.day, draft.record
    assert day is not None  # noqa: S101 - refused before
    if before is not None and before.day == day:
        return
    if day < legal_date(draft.at):
        yield _refusal("booking.past", f"预约的日期（{day}）已经过去", "已经开过的会请直接在会议台账登记。")
    if before is not None and (meeting := meeting_of(before)) is not None:
        yield _refusal("booking.moved", f"这次预约已经登记为“{meeting.title}”，不能改期", "请先取消那条会议记录。")


def clashes(room: Record, *, begins: datetime, ends: datetime, but: Record | None = None) -> list[Record]:
    """The standing bookings of a room that overlap a time, of every unit, but for the one that is corrected."""
    rows = bookings_of([room]).filter(begins__lt=ends, ends__gt=begins)
    return list(rows.exclude(pk=but.pk if but else 0))


def bookings_of(rooms: Iterable[Record]) -> QuerySet[Record]:
    """The standing bookings of rooms, in their order; a cancelled one frees its room."""
    rows = Record.objects.filter(register=BOOKING, parent__in=[one.pk for one in rooms]).exclude(state=State.CANCELLED)
    return rows.select_related("unit").order_by("begins", "pk")


def rooms_for(unit: Unit, *, on: date) -> list[Record]:
    """The places that a unit may book: its own and those of the units above it, in use on a day."""
    rows = Record.objects.filter(register=ROOMS, unit__code__in=[unit.code, *unit.above], day__lte=on)
    return list(rows.exclude(state=State.CANCELLED).select_related("unit").order_by("unit__path", "pk"))


def _meet(other: Cleaned, columns: dict[str, object]) -> bool:
    taken = other.columns
    if taken.get("parent") != columns["parent"] or not taken.get("begins") or not taken.get("ends"):
        return False
    return bool(taken["begins"] < columns["ends"] and taken["ends"] > columns["begins"])


def _taken(room: Record, other: Record, *, unit: Unit) -> Refusal:
    who = Person.objects.filter(mark=other.entered_by).values_list("name", flat=True).first() or ""
    what = f"“{other.title}”" if other.unit_id == unit.pk else other.unit.name
    return _refusal(
        "booking.clash",
        f"“{room.title}”{times_of(other)}已由{who}预约：{what}（会议室预约 {other.year}-{other.number}）",
        "请换一个时间或者场所；确需使用的请与预约人商量，由其取消后再预约。",
    )


def _refusal(code: str, reason: str, remedy: str) -> Refusal:
    return Refusal(code=code, reason=reason, article=ONE_AT_A_TIME, remedy=remedy)
