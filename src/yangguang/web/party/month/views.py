"""本月, for each of those who come."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from yangguang.web.accounts.requests import Request
from yangguang.web.party.month.gathering import month_for
from yangguang.web.party.opening import opening_of
from yangguang.web.party.units import frame, unit_for


@login_required
@never_cache
@require_safe
def month(request: Request, code: str) -> HttpResponse:
    """本月: due, missing, overdue, to sign, and one's own."""
    unit = unit_for(request, code)
    opening = opening_of(unit, request)
    found = month_for(unit, actor=request.member, at=opening.at)
    return render(request, "party/month.html", frame(request, unit, "month", month=found, opening=opening))
