"""The page of the experts' draw (抽取评标专家) and the acts that are done on it."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from yangguang.experts.models import Reply
from yangguang.rules.refusal import Refusal, Refused
from yangguang.trading.acts.committee import ANSWERS, record_expert_reply
from yangguang.trading.acts.draws import commit_to_draw, party_of, reveal_for_draw
from yangguang.trading.models import Trade
from yangguang.trading.stages import Stage
from yangguang.web.access import DRAWING
from yangguang.web.accounts.requests import Request
from yangguang.web.acts.offers import Offer, offers_for
from yangguang.web.acts.pages import PAGES
from yangguang.web.evaluation.drawing import due_position, expert_draws, masked_specialty, name_to_call
from yangguang.web.refusals import STATUS
from yangguang.web.trades import trade_for, trade_named
from yangguang.witness.acts import ACTS, check_access
from yangguang.witness.guards import LONGEST_REASON

ON_PAGE = ("commit_to_draw", "reveal_for_draw", "record_expert_reply")
HERE = (*ON_PAGE, "open_draw", "complete_draw", "form_committee", "replace_member", "replace_committee_member")
CONTROL = {"class": "form-control", "rows": 2}
NO_NUMBER = Refusal(
    code="draw.no_number",
    reason="没有收到本窗口产生的随机数或者承诺",
    article="平台规则：抽取",
    remedy="请启用 JavaScript，在提交承诺的同一窗口办理。",
)


class CommitForm(forms.Form):
    """承诺: made by the page's script from a number that stays in the browser."""

    commitment = forms.CharField(max_length=64, widget=forms.HiddenInput)


class RevealForm(forms.Form):
    """揭示: the number that the browser kept."""

    nonce = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)


class ReplyForm(forms.Form):
    """登记应答."""

    position = forms.IntegerField(widget=forms.HiddenInput)
    reply = forms.ChoiceField(
        label="应答",
        choices=[(kind, Reply.Kind(kind).label) for kind in ANSWERS],
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
    )
    reason = forms.CharField(
        label="原因",
        help_text="不能参加或者应当回避的，请写明；不要写入姓名。",
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs=CONTROL),
    )


def _commit(trade: Trade, request: Request, given: dict[str, Any]) -> Any:
    return commit_to_draw(trade, actor=request.actor, at=request.at, commitment=given["commitment"])


def _reveal(trade: Trade, request: Request, given: dict[str, Any]) -> Any:
    return reveal_for_draw(trade, actor=request.actor, at=request.at, nonce=bytes.fromhex(given["nonce"]))


def _reply(trade: Trade, request: Request, given: dict[str, Any]) -> Any:
    return record_expert_reply(trade, actor=request.actor, at=request.at, **given)


DOINGS: dict[str, tuple[type[forms.Form], Callable[[Trade, Request, dict[str, Any]], Any]]] = {
    "commit_to_draw": (CommitForm, _commit),
    "reveal_for_draw": (RevealForm, _reveal),
    "record_expert_reply": (ReplyForm, _reply),
}


@never_cache
@require_safe
def draw(request: Request, stream: str) -> HttpResponse:
    """The draw as it stands."""
    return _page(request, trade_for(request, stream, roles=DRAWING))


@never_cache
@require_POST
def do(request: Request, stream: str, step: str) -> HttpResponse:
    """Commit, reveal or record a reply; a refusal stands on the page with what was typed."""
    trade = trade_for(request, stream, roles=DRAWING)
    if step not in DOINGS:
        raise Http404
    if trade.stage == Stage.LISTED:  # a parameter is drawn in the opening hall
        raise Http404
    check_access(ACTS[step], subject=trade, actor=request.actor)
    kind, perform = DOINGS[step]
    form = kind(request.POST, auto_id=f"{step}-%s")
    if not form.is_valid():
        without = () if isinstance(form, ReplyForm) else (NO_NUMBER,)
        return _page(request, trade, form=form, refusals=without, status=422)
    try:
        perform(trade, request, form.cleaned_data)
    except Refused as refused:
        status = STATUS.get(refused.codes[0], 409)
        return _page(request, trade_named(stream), form=form, refusals=refused.refusals, status=status)
    messages.success(request, f"已办理：{PAGES[step].title}")
    return redirect("draw", stream=stream)


def _page(
    request: Request, trade: Trade, *, form: forms.Form | None = None, refusals: Any = (), status: int = 200
) -> HttpResponse:
    draws = expert_draws(trade)
    offers = [one for one in _offers(request, trade) if trade.stage != Stage.LISTED]
    names = {one.page.name for one in offers if one.is_possible}
    context: dict[str, Any] = {
        "trade": trade,
        "draws": draws,
        "specialty": masked_specialty(trade) if trade.bid_deadline else "",
        "offers": [one for one in offers if one.page.name not in ON_PAGE],
        "refusals": refusals,
        "party": party_of(trade, request.actor) if names & {"commit_to_draw", "reveal_for_draw"} else "",
        "share": next((one for one in ON_PAGE[:2] if one in names), ""),
        "calls": "",
        "keeps": form is not None,
    }
    if "record_expert_reply" in names and (name := name_to_call(trade, actor=request.actor)):
        context |= {"calls": name, "reply": _reply_form(form, due=due_position(trade))}
    return render(request, "evaluation/draw.html", context, status=status)


def _reply_form(sent: forms.Form | None, *, due: int | None) -> forms.Form:
    """What was typed, as long as it is about the one who is called now."""
    if isinstance(sent, ReplyForm) and sent.data.get("position") == str(due):
        return sent
    return ReplyForm(initial={"position": due}, auto_id="record_expert_reply-%s")


def _offers(request: Request, trade: Trade) -> list[Offer]:
    found = offers_for(trade, actor=request.actor, at=request.at)
    settled = {"draw.running", "draw.committed", "draw.revealed", "draw.completed", "draw.none", "draw.enough"}
    return [one for one in found if one.page.name in HERE and not settled & {why.code for why in one.hindrances}]
