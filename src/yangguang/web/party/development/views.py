"""The steps of developing a member as a unit has them: each with its clocks, its source and how certain it is."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from yangguang.branch.step_corrections import REGISTER, StepRow, rows_of, versions
from yangguang.ledger.catalogue import catalogue
from yangguang.ledger.models import Unit
from yangguang.rules.calendar import legal_date
from yangguang.rules.party.corrections import ClockSaid
from yangguang.web.accounts.requests import Request
from yangguang.web.party.units import frame, is_kept_by, reach_of, unit_for


@login_required
@never_cache
@require_safe
def steps(request: Request, code: str) -> HttpResponse:
    """步骤表: of the version in force today, or of another one; who corrects it finds a link at every row."""
    unit, today = unit_for(request, code), legal_date(request.at)
    known = versions()
    asked = next((day for day, _ in known if day.isoformat() == request.GET.get("version")), None)
    version = asked or max(day for day, _ in known if day <= today)
    register = catalogue()[REGISTER]
    reach = reach_of(unit, register, request.member)
    corrects = reach.writes and is_kept_by(register, unit)
    stages = [
        (name, [_row(unit, one, version=version, corrects=corrects) for one in rows])
        for name, rows in rows_of(unit, version=version, on=today)
    ]
    context = frame(
        request, unit, "registers", stages=stages, versions=known, version=version, corrects=corrects, register=register
    )
    return render(request, "party/development.html", context)


def _row(unit: Unit, row: StepRow, *, version: date, corrects: bool) -> dict[str, Any]:
    """A row with the addresses at which it and each of its clocks are corrected."""
    address = reverse("party-new", kwargs={"code": unit.code, "register": REGISTER}) if corrects else ""
    said = {
        "step": row.step.what, "version": version.isoformat(), "what": row.step.what,
        "source": row.step.source, "article": row.step.article,
    }  # fmt: skip

    def clock(one: ClockSaid) -> dict[str, str]:
        length = {"clock": one.name, "value": f"{one.rule.count}", "unit": one.unit}
        return {"text": one.text, "link": f"{address}?{urlencode(said | length)}" if address else ""}

    link = f"{address}?{urlencode(said)}" if address else ""
    return {"row": row, "link": link, "clocks": [clock(one) for one in row.clocks]}
