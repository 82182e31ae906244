"""The pages of organisations: the centre's list, one organisation's own page, and the application."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from yangguang.parties.models import (
    Application,
    Appointment,
    EndedCertificate,
    Office,
    Organisation,
    OrganisationCertificate,
    PersonalCertificate,
)
from yangguang.proof.certificates import Certificate
from yangguang.rules.calendar import legal_date
from yangguang.rules.refusal import Refused
from yangguang.trading.acts.organisations import apply_to_register, certificates_of_people
from yangguang.trading.acts.powers import manageable
from yangguang.trading.models import Centre, Trade
from yangguang.trading.roles import Role
from yangguang.web.accounts.requests import Request
from yangguang.web.accounts.strangers import proven
from yangguang.web.organisations.applying import ApplyForm

MOST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A power as the page shows it."""

    power: Appointment
    office: str
    trade: Trade | None
    state: str
    stands: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """A registered certificate as the page shows it; one registered before its text was kept has its digest only."""

    fingerprint: str
    owner: str
    certificate: Certificate | None
    ended: EndedCertificate | None


@login_required
@require_safe
def listed(request: Request) -> HttpResponse:
    """主体核验和查找, for the centre: what waits, what was decided, and every organisation by name or code.

    Whoever administers an organisation comes to its own page.
    """
    centre = _centre()
    if not centre.has_role(request.actor, Role.CENTRE):
        return redirect("organisation", code=_administered(request, centre))
    words = request.GET.get("q", "").strip()[:80]
    found = Organisation.objects.order_by("name", "pk")
    for word in words.replace("\x00", " ").split():
        found = found.filter(Q(name__icontains=word) | Q(code__istartswith=word))
    asked = Application.objects.order_by("-pk")
    waiting, decided = asked.filter(decision="waiting"), asked.exclude(decision="waiting")
    context = {
        "tab": "organisations", "centre": centre, "q": words, "organisations": found[:MOST], "most": MOST,
        "waiting": [(one, _kinds(one)) for one in waiting[:MOST]],
        "decided": [(one, _kinds(one)) for one in decided[:20]],
    }  # fmt: skip
    return render(request, "organisations/list.html", context)


@login_required
@require_safe
def one(request: Request, code: str) -> HttpResponse:
    """人员、授权和证书 of one organisation, for its administrators and for the centre."""
    centre, shown = _centre(), get_object_or_404(Organisation, code=code)
    by_centre = centre.has_role(request.actor, Role.CENTRE)
    own = centre.has_role(request.actor, Role.ADMINISTRATOR) and request.actor.organisation == code
    if not by_centre and not own:
        raise Http404
    powers = manageable(centre, request.actor).filter(organisation=shown).select_related("person")
    context = {
        "organisation": shown, "centre": centre, "by_centre": by_centre,
        "powers": _held(list(powers.order_by("person__name", "pk")[:MOST]), at=request.at),
        "certificates": _certificates(shown, certificates_of_people(centre, request.actor, shown)),
    }  # fmt: skip
    return render(request, "organisations/one.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: Request) -> HttpResponse:
    """申请登记: fill in, check, done; for whoever signed in, or whose certificate was proven in this session."""
    certificate = proven(request, at=request.at)
    context: dict[str, Any] = {"centre": _centre(), "certificate": certificate}
    if certificate is None and not request.user.is_authenticated:
        return render(request, "organisations/apply_first.html", context)
    form = ApplyForm(request.POST or None, certificate=certificate)
    context |= {"form": form, "step": 1}
    if request.method != "POST" or not form.is_valid() or "again" in request.POST:
        status = 422 if form.errors and "again" not in request.POST else 200
        return render(request, "organisations/apply.html", context, status=status)
    if "confirm" not in request.POST:
        return render(request, "organisations/apply.html", context | {"step": 2})
    try:
        made = apply_to_register(
            _centre(), actor=request.actor, at=request.at, certificate=certificate, **form.cleaned_data
        )
    except Refused as refused:
        return render(
            request, "organisations/apply.html", context | {"step": 2, "refusals": refused.refusals}, status=409
        )
    return render(request, "organisations/apply.html", context | {"step": 3, "made": made})


def _centre() -> Centre:
    found = Centre.objects.order_by("pk").first()
    if found is None:
        raise Http404
    return found


def _administered(request: Request, centre: Centre) -> str:
    if not centre.has_role(request.actor, Role.ADMINISTRATOR):
        raise Http404
    return request.actor.organisation


def _kinds(asked: Application) -> str:
    return "、".join(str(Application.Kind(kind).label) for kind in asked.kinds)


def _held(powers: list[Appointment], *, at: datetime) -> list[Held]:
    streams = {power.stream for power in powers if power.stream}
    trades = {trade.stream: trade for trade in Trade.objects.filter(stream__in=streams).select_related("tender")}
    today = legal_date(at)
    return [
        Held(
            power=power,
            office=str(Office(power.office).label),
            trade=trades.get(power.stream),
            state=_state(power, at=at),
            stands=power.ended_at is None and (power.valid_until is None or power.valid_until >= today),
        )
        for power in powers
    ]


def _state(power: Appointment, *, at: datetime) -> str:
    today = legal_date(at)
    if power.ended_at is not None and power.ended_at <= at:
        return "已终止"
    if power.valid_until is not None and power.valid_until < today:
        return "已到期"
    return "未开始" if power.valid_from > today else "有效"


def _certificates(organisation: Organisation, people: QuerySet[PersonalCertificate]) -> list[Registered]:
    own = [(one, "单位") for one in OrganisationCertificate.objects.filter(organisation=organisation).order_by("pk")]
    theirs = [(one, one.person.name) for one in people.select_related("person").order_by("pk")]
    rows: list[tuple[Any, str]] = [*own, *theirs]
    found = EndedCertificate.objects.filter(fingerprint__in=[one.fingerprint for one, _ in rows])
    ended = {one.fingerprint: one for one in found}
    return [
        Registered(
            fingerprint=one.fingerprint,
            owner=owner,
            certificate=Certificate.from_pem(one.pem.encode()) if one.pem else None,
            ended=ended.get(one.fingerprint),
        )
        for one, owner in rows
    ]
