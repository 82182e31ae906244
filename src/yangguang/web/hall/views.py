"""The hall's page, its two fragments (everybody's board, one's own panel), its events, and the acts done in it."""

from dataclasses import dataclass
from typing import Any

from csp.decorators import csp_update
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from yangguang.rules.refusal import Refusal, Refused
from yangguang.trading.acts.rescue import waiting_for_share
from yangguang.trading.acts.unlocking import rescued_files
from yangguang.trading.models import Trade
from yangguang.trading.roles import Role
from yangguang.trading.stages import Stage
from yangguang.web.accounts.requests import Request
from yangguang.web.acts.pages import PAGES
from yangguang.web.bidding import ranges
from yangguang.web.drafts.once import once
from yangguang.web.hall import live
from yangguang.web.hall.board import board_html
from yangguang.web.hall.forms import DOINGS, HallForm, form_for
from yangguang.web.hall.tasks import panel_of
from yangguang.web.helper import MAY_ASK
from yangguang.web.refusals import STATUS
from yangguang.witness import evidence
from yangguang.witness.acts import ACTS, check_access
from yangguang.witness.models import SealedEntry


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


@never_cache
@login_required
@require_safe
def rescue_file(request: Request, stream: str, sha256: str) -> HttpResponseBase:
    """A sealed file from which a trustee takes its shares, once its bidder asked for rescue; whole or by ranges."""
    trade = trade_in_public(stream)
    if not trade.has_role(request.actor, Role.TRUSTEE):
        raise PermissionDenied
    waiting = waiting_for_share(trade, organisation=request.actor.organisation)
    files = {one.evidence_id for bid in waiting for one in rescued_files(bid)}
    if trade.stage != Stage.DECRYPTING or sha256 not in files:
        raise Http404
    return ranges.answer(request, evidence.path_of(sha256), name=f"{sha256[:12]}.ygb")


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
    perform = DOINGS[name].perform
    kind = form_for(name, trade, organisation=request.actor.organisation)
    form = kind(request.POST, request.FILES, trade=trade, act=name)
    if not form.is_valid():
        check_access(ACTS[name], subject=trade, actor=request.actor)  # who may not is told so, whatever they typed
        return _page(request, trade, failed=Failed(name=name, form=form), status=422)
    try:
        entry = once(request, stream=stream, act=name, perform=lambda: perform(trade, request, form.cleaned_data))
    except Refused as refused:
        status = STATUS.get(refused.codes[0], 409)
        failed = Failed(name=name, refusals=refused.refusals, form=form)
        return _page(request, trade_in_public(stream), failed=failed, status=status)
    # The number of a sealed entry would tell how many there are.
    where = "已封存" if isinstance(entry, SealedEntry) else f"见证记录第 {entry.sequence} 条"
    messages.success(request, f"已办理：{PAGES[name].title}（{where}）")
    return redirect("hall", stream=stream)


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
