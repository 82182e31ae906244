"""The rooms of a unit and of those above it by day or week, with what is free between the bookings."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from yangguang.branch.bookings import bookings_of, rooms_for
from yangguang.ledger.booked import BOOKING
from yangguang.ledger.models import Record
from yangguang.rules.calendar import LEGAL_ZONE, legal_date
from yangguang.web.accounts.requests import Request
from yangguang.web.party.registers.days import Day, day_of, days_of
from yangguang.web.party.units import frame, register_for, unit_for

WEEK = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One booking, or what is free before, between and after them; times as people write them, empty at the ends."""

    begins: str
    ends: str
    booking: Record | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomDay:
    """A room on one day."""

    day: Day
    slots: list[Slot]


@login_required
@never_cache
@require_safe
def rooms(request: Request, code: str) -> HttpResponse:
    """会议室空闲: of another unit's booking only who holds the room and until when is told."""
    unit = unit_for(request, code)
    register, reach = register_for(request, unit, BOOKING)
    today = legal_date(request.at)
    chosen = day_of(request.GET.get("day", ""), today=today)
    is_day = request.GET.get("span") == "day"
    first = chosen if is_day else chosen - timedelta(days=chosen.weekday())
    days = [first + timedelta(days=number) for number in range(1 if is_day else WEEK)]
    step = timedelta(days=len(days))
    context: dict[str, Any] = {
        "register": register, "reach": reach, "today": today, "chosen": chosen, "is_day": is_day,
        "first": first, "last": days[-1], "before": first - step, "after": first + step,
        "days": days_of(days, [], today=today), "rooms": _rooms(rooms_for(unit, on=days[-1]), days, today=today),
    }  # fmt: skip
    return render(request, "party/rooms.html", frame(request, unit, "calendar", **context))


def _rooms(found: list[Record], days: list[date], *, today: date) -> list[tuple[Record, list[RoomDay]]]:
    """Each room with its days; two questions for all of them."""
    held = list(bookings_of(found).filter(day__range=(days[0], days[-1])))
    shown = []
    for room in found:
        own = days_of(days, [one for one in held if one.parent_id == room.pk], today=today)
        shown.append((room, [RoomDay(day=one, slots=_slots(one)) for one in own]))
    return shown


def _slots(day: Day) -> list[Slot]:
    slots, free_from = list[Slot](), ""
    for one in day.records:
        begins, ends = _time(one.begins), _time(one.ends)
        if begins != free_from:
            slots.append(Slot(begins=free_from, ends=begins))
        slots.append(Slot(begins=begins, ends=ends, booking=one))
        free_from = ends
    return [*slots, Slot(begins=free_from, ends="")]


def _time(moment: Any) -> str:
    return f"{moment.astimezone(LEGAL_ZONE):%H:%M}"
