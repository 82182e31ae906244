"""Certificate sign-in (证书登录): challenge, answer, and where several people share a certificate, the choice."""

import json
from datetime import datetime
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from csp.decorators import csp_update
from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from yangguang.parties.access import actor_for
from yangguang.parties.models import Organisation, Person
from yangguang.proof.signatures import Signature, SignatureUnreadable
from yangguang.rules.refusal import Refusal, Refused, refuse_if
from yangguang.web.accounts import challenges
from yangguang.web.accounts.acting import BOUND, KEY
from yangguang.web.accounts.bearers import UNKNOWN_ORGANISATION, Bearers, bearers_of
from yangguang.web.accounts.models import Account
from yangguang.web.accounts.strangers import remember as remember_stranger
from yangguang.web.helper import MAY_ASK

BACKEND = "yangguang.web.accounts.backends.AccountBackend"
METHOD = "certificate"
PROVEN = "certificate_proven"  # what a proven certificate allows, until the holder says who they are
CONFLICT = 409  # as every refusal
UNREADABLE = Refusal(
    code="sign_in.unreadable",
    reason="没有收到完整的证书签名",
    article=challenges.RULE,
    remedy="请选择证书文件、输入证书密码，再点“用证书登录”。",
)
CLOSED = Refusal(
    code="sign_in.closed",
    reason="这个账户已经停用",
    article="平台规则：账户管理",
    remedy="请联系中心核对账户状态。",
)
NOT_PROVEN = Refusal(
    code="sign_in.not_proven",
    reason="登录已过期或者人选不对",
    article=challenges.RULE,
    remedy=challenges.AGAIN,
)


@never_cache
@csp_update(MAY_ASK)
@sensitive_post_parameters("signature")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The page; and the answer to a challenge."""
    if request.method != "POST":
        return _page(request)
    try:
        bearers, fingerprint = _proven(request)
        if len(bearers.people) == 1:
            return _enter(
                request, bearers.people[0], bearers.organisation, fingerprint=fingerprint, is_bound=bearers.is_bound
            )
    except Refused as refused:
        return _page(request, refused)
    _remember(request, bearers, fingerprint=fingerprint)
    return render(request, "account/certificate_choose.html", {"bearers": bearers, "next": _next(request)})


@never_cache
@require_POST
def challenge(request: HttpRequest) -> JsonResponse:
    """A fresh challenge for this session, as JSON: {"nonce", "statement"}."""
    if not request.session.session_key:
        request.session.create()
    made = challenges.make_challenge(session=_session(request), origin=_origin(request), at=_at(request))
    return JsonResponse({"nonce": made.nonce, "statement": challenges.statement(made).decode()})


@never_cache
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Who of the organisation's handlers holds the certificate today."""
    proven, mark = request.session.pop(PROVEN, None) or {}, request.POST.get("person", "")
    try:
        refuse_if(_is_choice(proven, mark, at=_at(request)))
        person = Person.objects.get(mark=mark)
        organisation = Organisation.objects.get(code=proven["organisation"])
        actor_for(person=person, organisation=organisation, at=_at(request))
        return _enter(request, person, organisation, fingerprint=proven["fingerprint"], is_bound=True)
    except Refused as refused:
        return _page(request, refused)


def account_of(person: Person) -> Account:
    """The person's account; who never needed one before gets one that only certificates and passkeys open."""
    closed = {"username": f"p-{person.mark}", "password": make_password(None)}
    account, _ = Account.objects.get_or_create(person=person, defaults=closed)
    return account


def _proven(request: HttpRequest) -> tuple[Bearers, str]:
    try:
        signature = Signature.from_json(json.loads(request.POST.get("signature", "")))
    except (ValueError, SignatureUnreadable) as bad:
        raise Refused(UNREADABLE) from bad
    certificate = challenges.prove(
        nonce=request.POST.get("nonce", ""),
        session=_session(request),
        origin=_origin(request),
        signature=signature,
        at=_at(request),
    )
    try:
        return bearers_of(certificate, at=_at(request)), certificate.fingerprint
    except Refused as refused:
        if UNKNOWN_ORGANISATION in refused.codes:  # its holder may ask for the registration
            remember_stranger(request, certificate, at=_at(request))
        raise


def _enter(
    request: HttpRequest, person: Person, organisation: Organisation | None, *, fingerprint: str, is_bound: bool
) -> HttpResponse:
    """Sign in under a new session key; who is signed in already has thereby proven it once more.

    `is_bound` by a certificate that belongs to the organisation: the session opens nothing else of the person.
    """
    account = account_of(person)
    if not account.is_active:
        raise Refused(CLOSED)
    then = _next(request)
    login(request, account, backend=BACKEND)
    for key in (KEY, BOUND):
        request.session.pop(key, None)
    if organisation is not None:
        request.session[KEY] = organisation.code
        request.session.update({BOUND: organisation.code} if is_bound else {})
    record_authentication(request, account, METHOD, reauthenticated=True, fingerprint=fingerprint)
    return redirect(then or resolve_url(settings.LOGIN_REDIRECT_URL))


def _is_choice(proven: dict[str, Any], mark: str, *, at: datetime) -> list[Refusal]:
    """Whether a certificate proven a moment ago lets its holder be this person."""
    return [] if mark in proven.get("people", []) and at.timestamp() <= proven["until"] else [NOT_PROVEN]


def _remember(request: HttpRequest, bearers: Bearers, *, fingerprint: str) -> None:
    request.session[PROVEN] = {
        "people": [person.mark for person in bearers.people],
        "organisation": bearers.organisation.code if bearers.organisation else "",
        "fingerprint": fingerprint,
        "until": (_at(request) + challenges.HOLDS).timestamp(),
    }
    request.session.cycle_key()  # whoever knew the old key must not choose


def _page(request: HttpRequest, refused: Refused | None = None) -> HttpResponse:
    context: dict[str, Any] = {"next": _next(request), "refusals": refused.refusals if refused else ()}
    context["may_apply"] = refused is not None and UNKNOWN_ORGANISATION in refused.codes
    return render(request, "account/certificate.html", context, status=CONFLICT if refused else 200)


def _next(request: HttpRequest) -> str:
    """Where to go afterwards, if it is a page of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if ours else ""


def _origin(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"


def _session(request: HttpRequest) -> str:
    return request.session.session_key or ""


def _at(request: HttpRequest) -> Any:
    return request.at  # type: ignore[attr-defined]
