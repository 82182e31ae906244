"""The units of whoever asks, the registers of a unit, one register's records, and a month of them."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Max, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from yangguang.ledger.acts.closing import may_sign_off
from yangguang.ledger.booked import BOOKING
from yangguang.ledger.catalogue import Register
from yangguang.ledger.models import Record, State, Unit
from yangguang.rules.calendar import legal_date
from yangguang.web.accounts.requests import Request
from yangguang.web.party.opening import opening_of
from yangguang.web.party.registers.days import month_of, neighbours, weeks_of
from yangguang.web.party.registers.lists import filters_of, page_of, shown, totals_of
from yangguang.web.party.units import (
    Reach,
    frame,
    may_export,
    naming,
    posts_in,
    register_for,
    registers_of,
    rows_for,
    unit_for,
    units_of,
)

EXPORTS = (("xlsx", "Excel"), ("csv", "CSV"), ("json", "JSON"))


@login_required
@never_cache
@require_safe
def units(request: Request) -> HttpResponse:
    """我的组织: the units in which whoever asks has a role; where there is one, its own page."""
    found = units_of(request.member)
    if not found:
        raise Http404
    if len(found) == 1:
        return redirect("party-month", code=found[0].code)
    shown = [{"unit": one, "posts": posts_in(one, request.member)} for one in found]
    return render(request, "party/units.html", {"own": [one for one in shown if one["posts"]], "shown": shown})


@login_required
@never_cache
@require_safe
def registers(request: Request, code: str) -> HttpResponse:
    """台账: every register that whoever asks may see something of, by group, with this year's numbers."""
    unit = unit_for(request, code)
    opening = opening_of(unit, request)
    year = opening.day.year
    counted = Record.objects.filter(unit=unit, year=year).exclude(state=State.CANCELLED).values("register")
    numbers = {one["register"]: one for one in counted.annotate(n=Count("pk"), last=Max("day"))}
    rows: list[dict[str, Any]] = [
        {"register": one, "reach": reach, "numbers": numbers.get(one.id, {}) if reach.totals else {}}
        for one, reach in registers_of(unit, request.member)
    ]
    groups = [(name, list(some)) for name, some in groupby(rows, key=lambda row: row["register"].group)]
    context = frame(request, unit, "registers", groups=groups, year=year, exports=EXPORTS, opening=opening)
    return render(request, "party/registers.html", context)


@login_required
@never_cache
@require_safe
def register(request: Request, code: str, register: str) -> HttpResponse:
    """One register: its records by year, kind, tag, state and words, and what they come to."""
    unit = unit_for(request, code)
    entry, reach = register_for(request, unit, register)
    today = legal_date(request.at)
    opening = opening_of(unit, request)
    filters = filters_of(request.GET, entry, today=opening.day)
    rows = filters.narrow(rows_for(unit, entry, reach, request.member))
    page = page_of(rows, number=request.GET.get("page", ""))
    counted = filters.narrow(Record.objects.filter(unit=unit, register=entry.id)) if reach.totals else rows
    context = frame(
        request, unit, "registers", register=entry, reach=reach, filters=filters, page=page,
        rows=shown(list(page.object_list)), totals=totals_of(counted, entry), opening=opening,
        years=_years(unit, entry, today.year), states=State.choices,
        exports=EXPORTS if may_export(entry, reach) else [],
        signs_off=may_sign_off(unit, entry, request.member), is_booking=entry.id == BOOKING, today=today,
    )  # fmt: skip
    return render(request, "party/register.html", context)


def _years(unit: Unit, register: Register, this: int) -> list[int]:
    held = Record.objects.filter(unit=unit, register=register.id).values_list("year", flat=True).order_by().distinct()
    return sorted({*held, this}, reverse=True)


@login_required
@never_cache
@require_safe
def month(request: Request, code: str) -> HttpResponse:
    """日历: what happened and what is planned in a month, in one register or in all."""
    unit = unit_for(request, code)
    today = legal_date(request.at)
    opening = opening_of(unit, request)
    first = month_of(request.GET.get("month", ""), today=opening.day)
    before, after = neighbours(first)
    reached = registers_of(unit, request.member)
    chosen = [one for one in reached if one[0].id == request.GET.get("register")]
    rows = _readable(unit, chosen or reached, request).filter(day__gte=first, day__lt=after)
    context: dict[str, Any] = {
        "month": first, "before": before, "after": after, "today": today, "reached": reached, "opening": opening,
        "chosen": chosen[0][0] if chosen else None,
        "weeks": weeks_of(first, rows.exclude(state=State.CANCELLED).order_by("day", "pk"), today=today),
    }  # fmt: skip
    return render(request, "party/calendar.html", frame(request, unit, "calendar", **context))


def _readable(unit: Unit, reached: Iterable[tuple[Register, Reach]], request: Request) -> QuerySet[Record]:
    whole = [one.id for one, reach in reached if reach.reads]
    named = [one.id for one, reach in reached if not reach.reads]
    rows = Record.objects.filter(unit=unit)
    if not named:
        return rows.filter(register__in=whole)
    return rows.filter(Q(register__in=whole) | (Q(register__in=named) & naming(request.member.person)))
