"""The three steps of every act: inputs, check the answers, done."""

import json
from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from yangguang.proof.signatures import Signature, SignatureUnreadable
from yangguang.rules.refusal import Refusal, Refused
from yangguang.trading.models import Trade
from yangguang.web.acts.forms import ActForm, act_inputs, to_sign
from yangguang.web.acts.pages import PAGES, ActPage
from yangguang.web.models import Draft
from yangguang.web.requests import Request
from yangguang.witness import evidence
from yangguang.witness.acts import ACTS, check_access, check_stage
from yangguang.witness.models import Evidence, SealedEntry
from yangguang.witness.receipts import issue_receipt

NOT_SIGNED = Refusal(
    code="signature.missing",
    reason="文件还没有签名",
    article="电子签名法第十三条",
    remedy="请用本单位（本人）的数字证书签名后再提交。",
)

RUNNING = Refusal(
    code="draft.running",
    reason="这份办理正在提交或者刚刚办完",
    article="平台规则：同一份办理只提交一次",
    remedy="请稍候刷新本页；也可以在项目页的见证记录中核对。",
)
STALE = timedelta(minutes=1)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def inputs(request: Request, stream: str, name: str) -> HttpResponse:
    """What the act is, its ground, and its inputs; what is typed is kept as a draft."""
    trade, page = _trade_and_page(request, stream, name)
    form = page.form(request.POST or None, request.FILES or None, trade=trade, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        draft = Draft.objects.create(
            account=request.user,
            organisation=request.actor.organisation,
            stream=stream,
            act=name,
            answers=form.answers(),
            files=form.keep_files(),
            made_at=request.at,
        )
        return redirect("act-check", token=draft.token)
    status = 422 if form.is_bound else 200
    return render(request, "acts/inputs.html", {"trade": trade, "page": page, "form": form}, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: Request, token: str) -> HttpResponse:
    """The answers once more, the files to be signed; then the act itself."""
    draft = _own_draft(request, token)
    if draft.done_at is not None:
        return redirect("act-done", token=token)
    trade, page = _trade_and_page(request, draft.stream, draft.act)
    form = _form_of(draft, page, trade, request)
    waiting = to_sign(form, draft.files, name=draft.act)
    refusals: tuple[Refusal, ...] = ()
    if request.method == "POST":
        try:
            _perform(request, draft, page, form)
            return redirect("act-done", token=token)
        except Refused as refused:
            refusals = refused.refusals
    context = {
        "trade": trade, "page": page, "draft": draft, "form": form, "waiting": waiting, "refusals": refusals,
        "answers": answers_of(form, draft),
    }  # fmt: skip
    return render(request, "acts/check.html", context, status=409 if refusals else 200)


@login_required
@require_safe
def done(request: Request, token: str) -> HttpResponse:
    """What was done, with the number of its witness entry."""
    draft = _own_draft(request, token)
    if draft.done_at is None:
        return redirect("act-check", token=token)
    trade = get_object_or_404(Trade, stream=draft.stream)
    return render(request, "acts/done.html", {"trade": trade, "page": PAGES[draft.act], "draft": draft})


@login_required
@require_safe
def file(request: Request, token: str, sha256: str) -> FileResponse:
    """A file of one's own draft, to look at before it is signed."""
    draft = _own_draft(request, token)
    if sha256 not in {one["sha256"] for one in draft.files.values()}:
        raise Http404
    kept = get_object_or_404(Evidence, sha256=sha256)
    return FileResponse(evidence.path_of(sha256).open("rb"), content_type=kept.media_type)


@login_required
@require_safe
def receipt(request: Request, token: str) -> HttpResponse:
    """The platform's signed receipt (回执) for a sealed entry, as a text file."""
    draft = _own_draft(request, token)
    entry = get_object_or_404(SealedEntry, stream=draft.stream, sequence=draft.sequence if draft.is_sealed else None)
    headers = {"Content-Disposition": f'attachment; filename="receipt-{draft.stream}-{draft.sequence}.txt"'}
    return HttpResponse(issue_receipt(entry), content_type="text/plain; charset=utf-8", headers=headers)


def answers_of(form: ActForm, draft: Draft) -> list[dict[str, Any]]:
    """Label and answer of each input, as people read them."""
    rows = []
    for name, field in form.fields.items():
        if name in form.uploads():
            continue
        choices = dict(getattr(field, "choices", ()))
        typed = draft.answers.get(name, "")
        rows.append({"label": field.label, "text": choices.get(typed, typed) or "（未填）"})
    for field_name, one in draft.files.items():
        label = form.fields[field_name].label if field_name in form.fields else one["name"]
        rows.append({"label": label, "text": one["name"], "sha256": one["sha256"]})
    return rows


def _perform(request: Request, draft: Draft, page: ActPage, form: ActForm) -> None:
    """The act, once: whoever clicks first claims the draft, and a second click finds it claimed or done."""
    signatures = _signatures(request)
    if set(form.signed()) & set(draft.files) - set(signatures):
        raise Refused(NOT_SIGNED)
    _claim(draft, request)
    try:
        entry = page.act(form.trade, actor=request.actor, at=request.at, **act_inputs(form, draft.files, signatures))
    except Refused:
        Draft.objects.filter(pk=draft.pk).update(begun_at=None)
        raise
    is_sealed = isinstance(entry, SealedEntry)
    Draft.objects.filter(pk=draft.pk).update(sequence=entry.sequence, is_sealed=is_sealed, done_at=request.at)


def _claim(draft: Draft, request: Request) -> None:
    """Take the draft; after a minute without an answer it may be taken again (the act itself refuses a second time)."""
    free = Q(begun_at__isnull=True) | Q(begun_at__lt=request.at - STALE)
    if not Draft.objects.filter(free, pk=draft.pk, done_at__isnull=True).update(begun_at=request.at):
        raise Refused(RUNNING)


def _signatures(request: HttpRequest) -> dict[str, Signature]:
    try:
        given = json.loads(request.POST.get("signatures") or "{}")
        return {str(field): Signature.from_json(value) for field, value in given.items()}
    except (ValueError, AttributeError, TypeError, KeyError, SignatureUnreadable) as bad:
        raise Refused(NOT_SIGNED) from bad


def _form_of(draft: Draft, page: ActPage, trade: Trade, request: Request) -> ActForm:
    """The draft's form again, checked again; its files are kept already."""
    data = QueryDict(mutable=True)
    for name, value in draft.answers.items():
        data[name] = value
    form = page.form(data, trade=trade, actor=request.actor)
    for name in draft.files:
        if name in form.fields:
            form.fields[name].required = False
    form.full_clean()
    return form


def _own_draft(request: Request, token: str) -> Draft:
    return get_object_or_404(Draft, token=token, account=request.user, organisation=request.actor.organisation)


def _trade_and_page(request: Request, stream: str, name: str) -> tuple[Trade, ActPage]:
    """The trade, for whoever may do the act at this stage; others get the same refusal as from the act."""
    page = PAGES.get(name)
    trade = Trade.objects.select_related(*Trade.read_along).filter(stream=stream).first()
    if page is None or trade is None:
        raise Http404
    check_access(ACTS[name], subject=trade, actor=request.actor)
    check_stage(name, subject=trade)
    return trade, page


def address(name: str, stream: str) -> str:
    """Where the act is done on this trade."""
    return reverse("act-inputs", kwargs={"stream": stream, "name": name})
