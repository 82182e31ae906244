"""Who must have a second factor (双因素登录): centre staff, supervisors and discipline inspectors, from a date on.

A session that began with a password alone leads them to the set-up page until there is a second factor. Certificates
and passkeys prove two things at once (what one has, what one knows) and are enough. A demonstration goes without.
"""

from collections.abc import Callable

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from yangguang.parties.models import Appointment, Office
from yangguang.rules.calendar import legal_date
from yangguang.web import demo_mode
from yangguang.web.accounts.models import Account

OFFICES = (Office.CENTRE, Office.SUPERVISION, Office.DISCIPLINE)
CLEAR = "second_factor_clear"  # in the session: which account needs no more than it has shown
FREE = ("/account/", "/static/", "/demo/")
WORDS = "您的岗位必须使用双因素登录：请先设置动态码或通行密钥，设置后即可继续办理。"

Answer = Callable[[HttpRequest], HttpResponse]


def second_factor_middleware(get_response: Answer) -> Answer:
    """Lead to the set-up page whoever still owes a second factor."""

    def answer(request: HttpRequest) -> HttpResponse:
        if request.path.startswith(FREE) or not owes(request):
            return get_response(request)
        messages.warning(request, WORDS)
        return redirect("mfa_index")

    return answer


def owes(request: HttpRequest) -> bool:
    """Whether this session rests on a password alone and the person's office asks for more; asked once a session."""
    methods = {one["method"] for one in request.session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])}
    if methods != {"password"} or not isinstance(request.user, Account):
        return False
    if request.session.get(CLEAR) == request.user.pk:
        return False
    if must_have(request.user, request=request) and not is_mfa_enabled(request.user):
        return True
    request.session[CLEAR] = request.user.pk
    return False


def must_have(account: Account, *, request: HttpRequest) -> bool:
    """Whether the setting and the person's offices today ask for a second factor."""
    today = legal_date(request.at)  # type: ignore[attr-defined]
    if demo_mode.is_demo() or today < settings.SECOND_FACTOR_FROM:
        return False
    held = Appointment.objects.filter(person=account.person, office__in=OFFICES, valid_from__lte=today)
    return held.exclude(valid_until__lt=today).exists()
