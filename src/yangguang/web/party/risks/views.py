"""The risk map, and answering signals."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from yangguang.ledger.catalogue import catalogue
from yangguang.ledger.models import State, Unit
from yangguang.oversight.acts import answer_signal
from yangguang.oversight.risks import GRADES, RiskMap, risk_map
from yangguang.oversight.signals import Signal
from yangguang.rules.refusal import Refusal, Refused
from yangguang.web.accounts.requests import Request
from yangguang.web.drafts.models import fresh_token
from yangguang.web.party.doing import do_once
from yangguang.web.party.units import frame, reach_of, register_for, unit_for
from yangguang.web.refusals import STATUS


@login_required
@never_cache
@require_safe
def risks(request: Request, code: str) -> HttpResponse:
    """风险图: risk points by power and grade; signals for those who answer them."""
    return _page(request, unit_for(request, code))


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: Request, code: str) -> HttpResponse:
    """采纳或者说明一条信号."""
    unit = unit_for(request, code)
    register_for(request, unit, "risk_signal", writes=True)
    if request.method != "POST":
        return redirect("party-risks", code=code)
    risk = request.POST.get("risk", "")
    given: dict[str, Any] = {
        "signal": request.POST.get("signal", "")[:200],
        "accept": request.POST.get("answer") == "accept",
        "reason": request.POST.get("reason", "")[:200],
        "risk": int(risk) if risk.isascii() and risk.isdigit() and len(risk) < 16 else None,  # noqa: PLR2004
    }

    def perform() -> object:
        return answer_signal(unit, actor=request.member, at=request.at, **given)

    try:
        entry = do_once(request, unit, act="answer_signal", perform=perform)
    except Refused as refused:
        return _page(request, unit, refusals=refused.refusals, status=STATUS.get(refused.codes[0], 409))
    messages.success(request, f"已处置（见证记录第 {entry.sequence} 条）")
    return redirect("party-risks", code=code)


def _kept_above(request: Request, unit: Unit) -> tuple[Unit, int] | None:
    """The nearest unit above that keeps risk points and where whoever asks has a role, with how many it keeps."""
    kept = Count("records", filter=Q(records__register="risk", records__state=State.OPEN))
    for one in Unit.objects.filter(code__in=unit.above).annotate(kept=kept).order_by("-path"):
        if one.kept and one.roles_of(request.member):
            return one, one.kept
    return None


def _page(request: Request, unit: Unit, *, refusals: tuple[Refusal, ...] = (), status: int = 200) -> HttpResponse:
    register, reach = register_for(request, unit, "risk")
    signals = reach_of(unit, catalogue()["risk_signal"], request.member)
    found = risk_map(unit, at=request.at)
    context = frame(
        request, unit, "risks", register=register, reach=reach, map=found, grades=GRADES, refusals=refusals,
        columns=[(grade, [one for one in found.risks if one.grade == grade]) for grade in GRADES],
        signals=[(one, fresh_token()) for one in _waiting(found)] if signals.reads else [],
        answers=signals.writes, above=None if found.risks else _kept_above(request, unit),
        here=[one for one in found.risks if one.record.unit_id == unit.pk],
    )  # fmt: skip
    return render(request, "party/risks.html", context, status=status)


def _waiting(found: RiskMap) -> list[Signal]:
    """Every signal without an answer once, the oldest first; one may stand on several risks."""
    signals = {one.key: one for one in found.homeless} | {one.key: one for risk in found.risks for one in risk.signals}
    return sorted(signals.values(), key=lambda one: (one.at, one.key))
