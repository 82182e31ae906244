"""投标: the bidder's page and what hangs on it. Everything here is one organisation's own."""

import base64
import hashlib
from typing import Any

from csp.decorators import csp_update
from django.conf import settings
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from yangguang.proof.canonical import canonical
from yangguang.trading.models import Trade
from yangguang.trading.papers.standards import PART_LABELS
from yangguang.trading.readings import deadline_of, document_of, terms_of
from yangguang.trading.roles import Role
from yangguang.trading.stages import Stage
from yangguang.trading.terms import Terms
from yangguang.web.accounts.requests import Request
from yangguang.web.bidding import own, ranges, storage
from yangguang.web.bidding.models import Trial, Upload
from yangguang.web.bidding.settling import settle
from yangguang.web.bidding.tus import own_upload
from yangguang.web.closing.bonds import bonds_of
from yangguang.web.helper import MAY_ASK
from yangguang.web.trades import trade_for, trade_named
from yangguang.witness import evidence
from yangguang.witness.models import SealedEntry
from yangguang.witness.receipts import issue_receipt

UNPROCESSABLE = 422


@csp_update(MAY_ASK)  # type: ignore[arg-type] # typed for plain requests
@require_safe
def page(request: Request, stream: str) -> HttpResponse:
    """The bidder's page: document, guarantee, sealing, submission, own files and receipts."""
    trade = _trade_for_suppliers(request, stream)
    organisation = request.actor.organisation
    files = own.own_files(trade, organisation=organisation)
    context: dict[str, Any] = {
        "trade": trade,
        "files": [_shown(one) for one in files],
        "standing": next((one for one in files if one.kind == "bid" and one.counts), None),
        "guarantee": next((one for one in files if one.kind == "guarantee" and one.counts), None),
        "bonds": bonds_of(trade, organisation=organisation),
        "is_decrypting": trade.stage == Stage.DECRYPTING,
        "untried": [one for one in files if one.counts and not (one.trial and one.trial.is_opened)],
        "receipts": own.own_receipts(trade, organisation=organisation),
        "uploads": own.own_uploads(trade, organisation=organisation, at=request.at),
        "largest": settings.LARGEST_BID,
        "is_open": trade.stage == Stage.BIDDING and request.at <= deadline_of(trade),
    }
    if trade.documents.exists():
        document = document_of(trade)
        is_taken = own.has_downloaded(trade, organisation=organisation)
        terms = terms_of(trade)
        parts = [{"name": name, "label": PART_LABELS.get(name, name)} for name in terms.parts]
        context |= {"terms": terms, "parts": parts, "document": document, "is_taken": is_taken}
        context["rescue"] = _trustees(terms)
    return render(request, "bidding/page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def result(request: Request, token: str) -> HttpResponse:
    """What became of an upload: the receipt, or the reasons. POST tries once more where the fault was ours."""
    upload = own_upload(request, token)
    trade = trade_named(upload.stream)
    if request.method == "POST":
        _settle_again(upload, request)
        return redirect("bid-result", token=token)
    context = {"trade": trade, "upload": upload, "receipt": issue_receipt(upload.entry) if upload.entry else ""}
    return render(request, "bidding/result.html", context)


@require_safe
def document(request: Request, stream: str) -> FileResponse:
    """The tender document, for whoever took it."""
    trade = get_object_or_404(Trade, stream=stream)
    if not own.has_downloaded(trade, organisation=_organisation(request)):
        raise Http404
    found = document_of(trade)
    name = f"招标文件-{found.version}"
    return FileResponse(
        evidence.path_of(found.evidence_id).open("rb"), content_type=found.evidence.media_type, filename=name
    )


@require_safe
def receipt(request: Request, stream: str, leaf: str) -> HttpResponse:
    """A receipt of one's own, named by its leaf."""
    entry = _own_entry(request, stream, leaf)
    headers = {"Content-Disposition": f'attachment; filename="receipt-{entry.leaf_hash[:12]}.txt"'}
    return HttpResponse(issue_receipt(entry), content_type="text/plain; charset=utf-8", headers=headers)


@require_GET
def sealed_file(request: Request, stream: str, sha256: str) -> HttpResponseBase:
    """The own sealed file as the platform holds it, whole or by ranges."""
    trade = get_object_or_404(Trade, stream=stream)
    if sha256 not in {one.sha256 for one in own.own_files(trade, organisation=_organisation(request))}:
        raise Http404
    return ranges.answer(request, evidence.path_of(sha256), name=f"{sha256[:12]}.ygb")


@require_POST
def trial(request: Request, stream: str) -> HttpResponse:
    """Keep that the bidder tried to open its own file, on its own computer, and whether it could."""
    trade = _trade_for_suppliers(request, stream)
    organisation, sealed = request.actor.organisation, request.POST.get("sealed", "")
    if sealed not in {one.sha256 for one in own.own_files(trade, organisation=organisation)}:
        return HttpResponse(status=UNPROCESSABLE)
    facts = {
        "tried_at": request.at,
        "is_opened": request.POST.get("opened") == "yes",
        "certificate": request.POST.get("certificate", "")[:200],
    }
    Trial.objects.update_or_create(organisation=organisation, sealed=sealed, defaults=facts)
    return HttpResponse(status=204)


def _trustees(terms: Terms) -> list[dict[str, str]]:
    """Name and certificate of each trustee, to whom the page seals a share of every key."""
    declared = terms.rescue.trustees if terms.rescue else {}
    return [{"name": name, "certificate": base64.b64encode(one.der).decode()} for name, one in declared.items()]


def _settle_again(upload: Upload, request: Request) -> None:
    if not upload.is_complete or upload.settled_at is not None:
        return
    with storage.held(upload.token) as file:
        if file is not None:
            upload.refresh_from_db()
            if upload.settled_at is None:
                settle(upload, actor=request.actor, at=request.at)


def _trade_for_suppliers(request: Request, stream: str) -> Trade:
    """The trade, for whoever may bid; staff, the tenderer and everybody else get the same answer always."""
    return trade_for(request, stream, roles={Role.SUPPLIER})


def _organisation(request: Request) -> str:
    if not request.actor.organisation:
        raise Http404
    return request.actor.organisation


def _own_entry(request: Request, stream: str, leaf: str) -> SealedEntry:
    trade = get_object_or_404(Trade, stream=stream)
    receipts = own.own_receipts(trade, organisation=_organisation(request))
    for one in receipts:
        if one.entry.leaf_hash == leaf:
            return one.entry
    raise Http404


def _shown(one: own.Sealed) -> dict[str, Any]:
    """A file with the digest of its manifest, by which the page knows that it reads the right one."""
    return {"one": one, "manifest_sha256": hashlib.sha256(canonical(one.manifest)).hexdigest()}
