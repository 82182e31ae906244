"""Dues, as each may see them."""

from datetime import date

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from yangguang.branch.dues import arrears_of, month_table, own_months, totals
from yangguang.ledger.roles import LedgerRole
from yangguang.web.accounts.requests import Request
from yangguang.web.party.opening import opening_of
from yangguang.web.party.registers.days import month_of, neighbours
from yangguang.web.party.units import KEEPERS, frame, unit_for


@login_required
@never_cache
@require_safe
def dues(request: Request, code: str) -> HttpResponse:
    """党费: one's own row, the month's table and the arrears for the keeper, the totals for all."""
    unit = unit_for(request, code)
    opening = opening_of(unit, request)
    roles, today = unit.roles_of(request.member), opening.day
    month = month_of(request.GET.get("month", ""), today=today)
    keeps = bool(roles & KEEPERS)
    own = own_months(unit, actor=request.member, year=today.year) if LedgerRole.MEMBER in roles else []
    context = frame(
        request, unit, "dues", month=month, before=neighbours(month)[0], after=neighbours(month)[1], today=today,
        own=[one for one in own if one.due is not None and one.month <= date(today.year, today.month, 1)],
        table=month_table(unit, actor=request.member, month=month) if keeps else [],
        arrears=arrears_of(unit, actor=request.member, on=today) if keeps else [],
        totals=totals(unit, year=month.year), keeps=keeps,
        opening=opening,
    )  # fmt: skip
    return render(request, "party/dues.html", context)
