"""填报负担: what was typed by month, and what the reports got without typing; nobody is named and nobody is ranked."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from yangguang.ledger.models import Unit
from yangguang.reports.burden import COUNTED, NOT_COUNTED, DerivedShare, derived_share, imported_percent, typed_by_month
from yangguang.reports.current import kept_figures
from yangguang.reports.models import Report
from yangguang.reports.notes import read_notes
from yangguang.reports.outlines import outlines
from yangguang.reports.spans import Span, read_span
from yangguang.rules.calendar import legal_date
from yangguang.web.accounts.requests import Request
from yangguang.web.party.opening import opening_of
from yangguang.web.party.units import WATCHERS, frame, unit_for

Share = tuple[str, str, DerivedShare]


@login_required
@never_cache
@require_safe
def burden(request: Request, code: str) -> HttpResponse:
    """By month the unit's typing for those who watch, one's own for everybody; the share of each outline's last."""
    unit = unit_for(request, code)
    opened = opening_of(unit, request).day.year
    years = sorted({legal_date(request.at).year, opened, opened - 1}, reverse=True)
    asked = request.GET.get("year", "")
    year = int(asked) if asked in map(str, years) else opened
    span = Span(year, 1, 12)
    watches = bool(unit.roles_of(request.member) & WATCHERS)
    months = typed_by_month(unit=unit, span=span) if watches else []
    context = frame(
        request, unit, "burden", year=year, years=years, watches=watches,
        months=months, imported_percent=imported_percent(months), counted=COUNTED, not_counted=NOT_COUNTED,
        own=typed_by_month(unit=unit, span=span, person=request.member.person),
        shares=_shares(unit) if watches else [],
    )  # fmt: skip
    return render(request, "party/burden.html", context)


def _shares(unit: Unit) -> list[Share]:
    """Of each outline the report that was drafted last."""
    last = {one.outline: one for one in Report.objects.filter(unit=unit).order_by("drafted_at", "pk")}
    drafted = [(one.name, last[one.code]) for one in outlines().values() if one.code in last]
    return [(name, read_span(one.period).name, _share(one)) for name, one in drafted]


def _share(report: Report) -> DerivedShare:
    return derived_share(figures=kept_figures(report).values(), notes=read_notes(report.notes))
