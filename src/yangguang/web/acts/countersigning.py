"""会签合同: the winner reads the contract that the tenderer prepared, and signs it before the tenderer does."""

from typing import Any

from csp.decorators import csp_replace, csp_update
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_safe

from yangguang.parties.signing import SignedFile, check_signed, statement
from yangguang.rules.refusal import Refusal, Refused, refuse_if
from yangguang.trading.models import Trade
from yangguang.trading.readings import current_award
from yangguang.trading.stages import Stage
from yangguang.web.accounts.requests import Request
from yangguang.web.acts.forms import ToSign
from yangguang.web.acts.forms_contract import COUNTERSIGNED
from yangguang.web.acts.views import NOT_SIGNED, PAPER_POLICY, signatures_of
from yangguang.web.drafts.models import Draft
from yangguang.web.helper import MAY_ASK
from yangguang.web.trades import trade_named
from yangguang.witness import evidence
from yangguang.witness.models import Evidence

ACT = "sign_contract"


@login_required
@csp_update({"frame-src": ["'self'"], **MAY_ASK})  # type: ignore[arg-type] # typed for plain requests
@require_http_methods(["GET", "HEAD", "POST"])
def contract(request: Request, stream: str) -> HttpResponse:
    """The contract as it waits, and the winner's signature."""
    trade = _won_by(request, stream)
    draft = waiting_contract(trade)
    refusals: tuple[Refusal, ...] = ()
    if request.method == "POST" and draft is not None:
        try:
            _countersign(request, trade, draft)
            messages.success(request, "已签名。招标人确认后合同成立，并写入见证日志。")
            return redirect("contract", stream=stream)
        except Refused as refused:
            refusals = refused.refusals
    context: dict[str, Any] = {"trade": trade, "draft": draft, "refusals": refusals}
    if draft is not None:
        file = draft.files["contract"]
        signed = draft.files.get(COUNTERSIGNED, {}).get("sha256") == file["sha256"]
        context |= {"file": file, "is_signed": signed, "waiting": [] if signed else [_to_sign(trade, draft)]}
    return render(request, "acts/contract.html", context, status=409 if refusals else 200)


@login_required
@xframe_options_sameorigin
@csp_replace(PAPER_POLICY)  # type: ignore[arg-type] # typed for plain requests
@require_safe
def file(request: Request, stream: str, sha256: str) -> FileResponse:
    """The contract that waits, for the winner to read."""
    draft = waiting_contract(_won_by(request, stream))
    if draft is None or draft.files["contract"]["sha256"] != sha256:
        raise Http404
    kept = get_object_or_404(Evidence, sha256=sha256)
    return FileResponse(evidence.path_of(sha256).open("rb"), content_type=kept.media_type)


def waiting_contract(trade: Trade) -> Draft | None:
    """The newest contract that the tenderer has prepared and not yet concluded."""
    drafts = Draft.objects.filter(stream=trade.stream, act=ACT, done_at__isnull=True, begun_at__isnull=True)
    mine = drafts.filter(organisation=trade.tender.tenderer.code, files__has_key="contract")
    return mine.order_by("-pk").first()


def _won_by(request: Request, stream: str) -> Trade:
    """The trade, for whoever acts for the winner while the contract is to be signed."""
    trade = trade_named(stream)
    won = trade.stage == Stage.NOTIFIED and current_award(trade).bid.bidder.code == request.actor.organisation
    if not won or "handler" not in request.actor.offices or not request.actor.may_touch(trade.stream):
        raise Http404
    return trade


def _to_sign(trade: Trade, draft: Draft) -> ToSign:
    one = draft.files["contract"]
    kept = Evidence.objects.get(sha256=one["sha256"])
    data = statement(act=ACT, stream=trade.stream, name=one["name"], evidence=kept)
    return ToSign(field=COUNTERSIGNED, name=one["name"], evidence=kept, data=data)


def _countersign(request: Request, trade: Trade, draft: Draft) -> None:
    """Keep the signature beside the contract, once it is the winner's own over these bytes."""
    given = signatures_of(request).get(COUNTERSIGNED)
    if given is None:
        raise Refused(NOT_SIGNED)
    one = _to_sign(trade, draft)
    signed = SignedFile(name=one.name, evidence=one.evidence, signature=given)
    refuse_if(check_signed(file=signed, act=ACT, stream=trade.stream, actor=request.actor, at=request.at))
    who = {"person": request.actor.person, "organisation": request.actor.organisation}
    facts = {"name": one.name, "sha256": one.evidence.sha256, "media_type": one.evidence.media_type}
    draft.files = draft.files | {COUNTERSIGNED: facts | who | given.to_json()}
    draft.save(update_fields=["files"])
