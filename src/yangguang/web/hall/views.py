"""The hall's page, its two fragments (everybody's board, one's own panel), its events, and the acts done in it."""

from dataclasses import dataclass
from typing import Any

from csp.decorators import csp_update
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from yangguang.rules.refusal import Refusal, Refused
from yangguang.trading.models import Trade
from yangguang.web.accounts.requests import Request
from yangguang.web.acts.pages import PAGES
from yangguang.web.drafts.models import Draft, fresh_token
from yangguang.web.hall import live
from yangguang.web.hall.board import board_html
from yangguang.web.hall.forms import DOINGS, HallForm
from yangguang.web.hall.tasks import panel_of
from yangguang.web.helper import MAY_ASK
from yangguang.web.refusals import STATUS
from yangguang.witness.models import Entry, SealedEntry

TWICE = Refusal(
    code="hall.done_once",
    reason="这一次办理已经提交过",
    article="平台规则：同一份办理只提交一次",
    remedy="请在现场记录中核对；需要再次办理的，用刷新后的表单提交。",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """An act that was refused: what to show in its place, with what was typed."""

    name: str
    refusals: tuple[Refusal, ...] = ()
    form: HallForm | None = None

    @property
    def title(self) -> str:
        """What the act is called."""
        return PAGES[self.name].title


@never_cache
@csp_update(MAY_ASK)  # type: ignore[arg-type] # typed for plain requests
@require_safe
def hall(request: Request, stream: str) -> HttpResponse:
    """The hall of one trade."""
    return _page(request, trade_in_public(stream))


@require_safe
def screen(request: HttpRequest, stream: str) -> HttpResponse:
    """The board alone, large, for the room's screen."""
    trade = trade_in_public(stream)
    return render(request, "hall/screen.html", {"trade": trade, "board_html": board_html(trade)})


@require_safe
def board(request: HttpRequest, stream: str) -> HttpResponse:  # noqa: ARG001 - the shape of a view
    """The board again; the same for everyone."""
    return HttpResponse(board_html(trade_in_public(stream)), headers={"Cache-Control": "no-cache"})


@never_cache
@require_safe
def mine(request: Request, stream: str) -> HttpResponse:
    """One's own panel again."""
    trade = trade_in_public(stream)
    panel = panel_of(trade, actor=request.actor, at=request.at)
    return render(request, "hall/mine.html", {"trade": trade, "panel": panel})


@require_GET
def events(request: HttpRequest, stream: str) -> HttpResponseBase:
    """The trade's public log as server-sent events, from a cursor on; `live.with_live` usually answers before us."""
    trade_in_public(stream)
    cursor = live.cursor_of(request.headers.get("Last-Event-ID"), request.GET.get("after"))
    return StreamingHttpResponse(live.stream_of(stream, after=cursor), headers=live.HEADERS)


@never_cache
@login_required
@csp_update(MAY_ASK)  # type: ignore[arg-type] # typed for plain requests
@require_http_methods(["GET", "HEAD", "POST"])
def do(request: Request, stream: str, name: str) -> HttpResponse:
    """Perform one act of the hall; a refusal stands in its place with what was typed."""
    trade = trade_in_public(stream)
    if name not in DOINGS:
        raise Http404
    if request.method != "POST":  # back from signing in again
        return redirect("hall", stream=stream)
    form = DOINGS[name].form(request.POST, request.FILES, trade=trade, act=name)
    if not form.is_valid():
        return _page(request, trade, failed=Failed(name=name, form=form), status=422)
    try:
        entry = _once(request, trade, name, form)
    except Refused as refused:
        status = STATUS.get(refused.codes[0], 409)
        failed = Failed(name=name, refusals=refused.refusals, form=form)
        return _page(request, trade_in_public(stream), failed=failed, status=status)
    # The number of a sealed entry would tell how many there are.
    where = "已封存" if isinstance(entry, SealedEntry) else f"见证记录第 {entry.sequence} 条"
    messages.success(request, f"已办理：{PAGES[name].title}（{where}）")
    return redirect("hall", stream=stream)


def _once(request: Request, trade: Trade, name: str, form: HallForm) -> Entry | SealedEntry:
    """The act, once for each form that was shown: a second click finds the form's token used."""
    token = request.POST.get("token", "")[:32] or fresh_token()
    who = {"account": request.user, "organisation": request.actor.organisation}
    try:
        with transaction.atomic():
            used = Draft.objects.create(
                token=token, stream=trade.stream, act=name, made_at=request.at, begun_at=request.at, **who
            )
    except IntegrityError as taken:
        raise Refused(TWICE) from taken
    try:
        entry = DOINGS[name].perform(trade, request, form.cleaned_data)
    except Refused:
        used.delete()
        raise
    sealed = isinstance(entry, SealedEntry)
    Draft.objects.filter(pk=used.pk).update(sequence=entry.sequence, is_sealed=sealed, done_at=request.at)
    return entry


def trade_in_public(stream: str) -> Trade:
    """The trade of a hall; before its notice there is none, for nobody."""
    trade = Trade.objects.select_related(*Trade.read_along).filter(stream=stream, bid_deadline__isnull=False).first()
    if trade is None:
        raise Http404
    return trade


def _page(request: Request, trade: Trade, *, failed: Failed | None = None, status: int = 200) -> HttpResponse:
    panel = panel_of(trade, actor=request.actor, at=request.at)
    for task in panel.tasks:
        if failed and failed.form and task.name == failed.name:
            task.form = failed.form
    context: dict[str, Any] = {"trade": trade, "panel": panel, "board_html": board_html(trade), "failed": failed}
    return render(request, "hall/hall.html", context, status=status)
