"""My account: for whom I act; and in a demonstration, who I am."""

from datetime import timedelta
from typing import Any

from allauth.account import views as allauth_views
from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from yangguang.parties.access import Standing, coming_powers
from yangguang.trading.models import Trade
from yangguang.web import demo_mode
from yangguang.web.accounts.acting import BOUND, act_for, standings
from yangguang.web.accounts.models import Account
from yangguang.web.accounts.requests import Request

STEPS = {"1h": timedelta(hours=1), "1d": timedelta(days=1), "5d": timedelta(days=5)}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def me(request: Request) -> HttpResponse:
    """Who I am, for whom I may act, how I sign in."""
    if request.method == "POST":
        act_for(request, code=request.POST.get("organisation", ""))
        stream = request.POST.get("room", "")
        return redirect("room", stream=stream) if stream else redirect("desk")
    person = request.user.person
    possible = standings(request)
    context = {
        "possible": _with_trades(possible),
        "coming": coming_powers(person=person, at=request.at),
        "is_bound": BOUND in request.session,
        "administers": "administrator" in request.actor.offices,
        "has_password": request.user.has_usable_password(),
    }
    return render(request, "account/me.html", context)


def _with_trades(standings: list[Standing]) -> list[tuple[Standing, list[Trade]]]:
    """Each organisation with the trades that the power for it is limited to."""
    streams = {stream for one in standings for stream in one.only}
    found = list(Trade.objects.filter(stream__in=streams).select_related("tender")) if streams else []
    return [(one, [trade for trade in found if trade.stream in one.only]) for one in standings]


logout = require_POST(allauth_views.logout)  # a link on another site must not sign anybody out


class RemovePasskey(RemoveWebAuthnView):  # type: ignore[misc] # allauth has no types
    """删除通行密钥, unless it is the second factor that an office must have: allauth asks only for TOTP."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Remove it, or say why not."""
        if get_adapter().can_delete_authenticator(self.get_object()):
            return super().form_valid(form)  # type: ignore[no-any-return]
        messages.error(self.request, "您的岗位必须使用双因素登录，不能删除最后一个。请先添加另一个。")
        return redirect("mfa_list_webauthn")


remove_passkey = RemovePasskey.as_view()


@require_http_methods(["GET", "HEAD", "POST"])
def demo(request: HttpRequest) -> HttpResponse:
    """切换演示身份、拨快演示时钟: there only in a demonstration's home."""
    if not demo_mode.is_demo():
        raise Http404
    if request.method == "POST" and request.POST.get("forward") in STEPS:
        demo_mode.move_forward(STEPS[request.POST["forward"]])
        messages.success(request, "演示时钟已拨快。")
        return redirect("demo")
    if request.method == "POST":
        listed = {one.username for one in demo_mode.accounts()}
        account = Account.objects.filter(username=request.POST.get("username", "")).first()
        if account is None or account.username not in listed:
            raise Http404
        login(request, account, backend="yangguang.web.accounts.backends.AccountBackend")
        return redirect("desk")
    return render(request, "account/demo.html", {"people": demo_mode.accounts()})
