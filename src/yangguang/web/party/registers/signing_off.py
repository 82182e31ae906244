"""零报告签核: an officer answers for a register and a period; only then may a report say 0 or 未发现."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from yangguang.ledger.acts import sign_off_register
from yangguang.ledger.acts.closing import may_sign_off
from yangguang.ledger.catalogue import register_named
from yangguang.ledger.models import SignOff, Unit
from yangguang.parties.models import Person
from yangguang.rules.calendar import legal_date
from yangguang.rules.refusal import Refused
from yangguang.web.accounts.requests import Request
from yangguang.web.acts.fields import DayField
from yangguang.web.party.doing import do_once
from yangguang.web.party.records.forms import DoForm
from yangguang.web.party.units import WATCHERS, frame, is_kept_by, unit_for
from yangguang.web.refusals import STATUS

MOST_SHOWN = 50


class SignOffForm(DoForm):
    """The period that is signed off, both days included."""

    first = DayField(label="期间的第一天", error_messages={"invalid": "应为日期，如 2026-01-01。"})
    last = DayField(label="期间的最后一天", error_messages={"invalid": "应为日期，如 2026-12-31。"})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_off(request: Request, code: str, register: str) -> HttpResponse:
    """签核: the period asked for in the address, else this year until today; what was signed off stands below."""
    unit = unit_for(request, code, roles=WATCHERS)
    entry = register_named(register)
    if entry is None or not is_kept_by(entry, unit) or not may_sign_off(unit, entry, request.member):
        raise Http404
    context: dict[str, Any] = frame(request, unit, "registers", register=entry, signed=_signed(unit, entry.id))
    if request.method != "POST":
        form = SignOffForm(initial=_asked(request, unit))
        return render(request, "party/sign_off.html", context | {"form": form})
    form = SignOffForm(request.POST)
    if not form.is_valid():
        return render(request, "party/sign_off.html", context | {"form": form}, status=422)
    given = {"actor": request.member, "at": request.at, "register": entry.id, **form.inputs()}
    try:
        done = do_once(request, unit, act="sign_off_register", perform=lambda: sign_off_register(unit, **given))
    except Refused as refused:
        context |= {"form": form, "refusals": refused.refusals}
        return render(request, "party/sign_off.html", context, status=STATUS.get(refused.codes[0], 409))
    messages.success(request, f"已签核（见证记录第 {done.sequence} 条）")
    return redirect("party-sign-off", code=code, register=entry.id)


def _asked(request: Request, unit: Unit) -> dict[str, date]:
    """The period in the address, where it says one; a link from a report does."""
    today = legal_date(request.at)
    given = SignOffForm(request.GET)
    year = max(today.replace(month=1, day=1), unit.opened_on)
    if not given.is_valid():
        return {"first": year, "last": today}
    return {"first": max(given.cleaned_data["first"], unit.opened_on), "last": min(given.cleaned_data["last"], today)}


def _signed(unit: Unit, register: str) -> list[tuple[SignOff, str]]:
    rows = list(SignOff.objects.filter(unit=unit, register=register).order_by("-last", "-pk")[:MOST_SHOWN])
    names = dict(Person.objects.filter(mark__in={one.by for one in rows}).values_list("mark", "name"))
    return [(one, names.get(one.by, "")) for one in rows]
