"""The three steps of every act: inputs, check the answers, done."""

import json
from typing import Any

from csp.decorators import csp_replace, csp_update
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_safe

from yangguang.proof.signatures import Signature, SignatureUnreadable
from yangguang.rules.refusal import Refusal, Refused
from yangguang.trading.models import Centre, Trade
from yangguang.trading.models.tenders import CENTRE_ACTS
from yangguang.trading.preconditions import check_precondition
from yangguang.web.accounts.requests import Request
from yangguang.web.acts import drafts
from yangguang.web.acts.forms import ActForm, act_inputs, to_sign
from yangguang.web.acts.pages import BACK, PAGES, ActPage
from yangguang.web.drafts.models import Draft
from yangguang.web.drafts.parking import keeps_forms, parked
from yangguang.web.helper import MAY_ASK
from yangguang.web.refusals import refusal_page
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
OUTDATED = "平台规则：只办理核对过的内容"
# A paper opens by itself, without scripts, in its own dress; only our own pages may show it inside.
PAPER_POLICY = {
    "default-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "img-src": ["data:"],
    "script-src": ["'none'"],
    "frame-ancestors": ["'self'"],
}


def sign_in_first(request: HttpRequest) -> HttpResponse:
    """To the sign-in, and from there back to the page; inputs that were sent are kept for whom their page was made."""
    path = request.get_full_path()
    if request.method == "POST" and (draft := parked(request)):
        path = f"{request.path}?draft={draft.token}"
    return redirect_to_login(path)


@keeps_forms("act-inputs")
def keep_form(request: HttpRequest) -> Draft | None:
    """The form of an act, kept for the account that its page was made for; None for an act without inputs."""
    match = request.resolver_match
    page = PAGES.get(match.kwargs.get("name", "")) if match else None
    if match is None or page is None or page.form is None:
        return None
    return drafts.park(request, stream=match.kwargs["stream"], act=page.name, form=page.form)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def inputs(request: Request, stream: str, name: str) -> HttpResponse:
    """What the act is, its ground, and its inputs; what is typed and uploaded is kept as a draft."""
    subject, page = subject_and_page(stream, name)
    if page.form is None:
        check_possible(request, page, subject, also_now=False)
        return redirect(page.url_for(subject))
    token = drafts.token_of(request)
    draft = drafts.own_draft(request, token, stream=stream, act=name)
    if draft is not None and drafts.settle(draft):
        return redirect("act-done", token=draft.token)
    try:
        check_possible(request, page, subject)
    except Refused as refused:
        return refusal_page(request, refused, draft=_kept_anyway(request, token, stream, page, draft))
    try:
        return _inputs(request, page, subject, token=token, draft=draft)
    except Refused as refused:  # a file that could not be kept; what was typed is
        return refusal_page(request, refused, draft=drafts.own_draft(request, token, stream=stream, act=name))


def _inputs(
    request: Request, page: ActPage, subject: Trade | Centre, *, token: str, draft: Draft | None
) -> HttpResponse:
    assert page.form is not None  # noqa: S101 - asked before
    kept = draft.files if draft else {}
    given: dict[str, Any] = {"trade": subject, "actor": request.actor, "at": request.at, "kept": kept}
    if request.method == "POST":
        form = page.form(request.POST, request.FILES, **given)
        draft = _keep(request, page, subject.stream, token, form)
        if typed := form.grows():
            form = page.form(initial=typed, **given)
        elif form.is_valid():
            return redirect("act-check", token=draft.token)
        else:
            form = page.form(request.POST, request.FILES, **given | {"kept": draft.files})
            form.is_valid()
    else:
        form = page.form(initial=_typed(draft) or page.form.asked(request.GET), **given)
    ticket = drafts.pass_for(account=request.user.pk, organisation=request.actor.organisation, token=token)
    context = {"trade": subject, "page": page, "form": form, "draft": draft, "pass": ticket}
    context |= _back(page, subject)
    return render(request, page.template, context, status=422 if form.is_bound else 200)


def _keep(request: Request, page: ActPage, stream: str, token: str, form: ActForm) -> Draft:
    """The draft with these answers; also when some of them are wrong."""
    draft = _draft(request, token, stream, page)
    is_valid = form.is_valid()
    draft.answers = form.answers()
    draft.save(update_fields=["answers"])  # whatever becomes of the files
    draft.files = form.keep_uploads() | (form.write_papers() if is_valid else {})
    draft.save(update_fields=["files"])
    return draft


def _draft(request: Request, token: str, stream: str, page: ActPage) -> Draft:
    who: dict[str, Any] = {"account": request.user.pk, "organisation": request.actor.organisation}
    return drafts.made(token=token, stream=stream, act=page.name, at=request.at, **who)


def _kept_anyway(request: Request, token: str, stream: str, page: ActPage, draft: Draft | None) -> Draft | None:
    """What was typed for an act that cannot be done now is kept all the same."""
    if request.method != "POST" or page.form is None:
        return draft
    draft = draft or _draft(request, token, stream, page)
    drafts.keep_unchecked(draft, request, form=page.form)
    return draft


@login_required
@csp_update({"frame-src": ["'self'"], **MAY_ASK})  # type: ignore[arg-type] # typed for plain requests
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: Request, token: str) -> HttpResponse:
    """The answers once more, the files to be signed; then the act itself."""
    draft = _own_draft(request, token)
    try:
        if drafts.settle(draft):
            return redirect("act-done", token=token)
        return _check(request, draft)
    except Refused as refused:
        draft.refresh_from_db()
        if drafts.settle(draft):
            return redirect("act-done", token=token)
        running = drafts.is_running(draft, at=request.at)
        return refusal_page(request, Refused(drafts.RUNNING) if running else refused, draft=draft)


def _check(request: Request, draft: Draft) -> HttpResponse:
    subject, page = subject_and_page(draft.stream, draft.act)
    check_possible(request, page, subject, also_now=request.method != "POST")
    form = _form_of(draft, page, subject, request)
    refusals: tuple[Refusal, ...] = ()
    if request.method == "POST":
        try:
            _perform(request, draft, page, form)
            return redirect("act-done", token=draft.token)
        except Refused as refused:
            refusals = refused.refusals
            if drafts.RUNNING in refusals:
                raise
            if form.is_valid():
                _write_again(draft, form)
    elif form.is_valid():
        _write_again(draft, form)
    else:
        messages.warning(request, f"{_outdated(form).reason}，请修改后再核对。")
        return redirect(address_of(draft))
    context = {
        "trade": subject, "page": page, "draft": draft, "form": form, "refusals": refusals,
        "waiting": to_sign(form, draft.files, name=draft.act), "answers": form.shown(),
        "files": files_of(form, draft), "version": drafts.version_of(draft), "again": address_of(draft),
    }  # fmt: skip
    return render(request, "acts/check.html", context, status=409 if refusals else 200)


def _write_again(draft: Draft, form: ActForm) -> None:
    """Papers that the platform writes follow its records until they are signed."""
    files = draft.files | form.write_papers()
    if files != draft.files:
        draft.files = files
        draft.save(update_fields=["files"])


@login_required
@require_safe
def done(request: Request, token: str) -> HttpResponse:
    """What was done, with the number of its witness entry."""
    draft = _own_draft(request, token)
    if not drafts.settle(draft):
        return redirect("act-check", token=token)
    subject, page = subject_and_page(draft.stream, draft.act)
    context = {"trade": subject, "page": page, "draft": draft, "entry": drafts.entry_of(draft)}
    context |= _back(page, subject)
    if page.name == "register_tender" and draft.done_at:
        context["registered"] = Trade.objects.filter(tender__registered_at=draft.done_at, centre=subject)
    return render(request, "acts/done.html", context)


@login_required
@xframe_options_sameorigin
@csp_replace(PAPER_POLICY)  # type: ignore[arg-type] # typed for plain requests
@require_safe
def file(request: Request, token: str, sha256: str) -> FileResponse:
    """A file of one's own draft, to look at before it is signed."""
    draft = _own_draft(request, token)
    named = {one["sha256"]: one for one in draft.files.values()}
    if sha256 not in named:
        raise Http404
    kept = get_object_or_404(Evidence, sha256=sha256)
    kind = "text/plain; charset=utf-8" if kept.media_type == "text/plain" else kept.media_type
    return FileResponse(evidence.path_of(sha256).open("rb"), content_type=kind)


@login_required
@require_safe
def receipt(request: Request, token: str) -> HttpResponse:
    """The platform's signed receipt (回执) for a sealed entry, as a text file."""
    draft = _own_draft(request, token)
    entry = get_object_or_404(SealedEntry, stream=draft.stream, sequence=draft.sequence if draft.is_sealed else None)
    headers = {"Content-Disposition": f'attachment; filename="receipt-{entry.leaf_hash[:12]}.txt"'}
    return HttpResponse(issue_receipt(entry), content_type="text/plain; charset=utf-8", headers=headers)


def _back(page: ActPage, subject: Trade | Centre) -> dict[str, str]:
    """Where one goes on from the act, besides the trade's own page, and what leads there is called."""
    name = page.back_for(subject)
    return {"back": name, "back_title": BACK.get(name, "")}


def files_of(form: ActForm, draft: Draft) -> list[dict[str, Any]]:
    """The files of a draft, and which of them the platform wrote, to be read in the page."""
    shown = [(field, one) for field, one in draft.files.items() if field in form.uploads()]
    return [one | {"is_paper": field in form.papers or one.get("media_type") == "text/html"} for field, one in shown]


def _perform(request: Request, draft: Draft, page: ActPage, form: ActForm) -> None:
    """The act, once: whoever clicks first claims the draft, and a second click finds it claimed or done."""
    if request.POST.get("version", "") != drafts.version_of(draft):
        raise Refused(drafts.CHANGED)
    if not form.is_valid():
        raise Refused(_outdated(form))
    signatures = signatures_of(request)
    if set(form.signed()) & set(draft.files) - set(signatures):
        raise Refused(NOT_SIGNED)
    drafts.claim(draft, at=request.at)
    try:
        page.act(form.trade, actor=request.actor, at=request.at, **act_inputs(form, draft.files, signatures))
    except Refused:
        Draft.objects.filter(pk=draft.pk).update(begun_at=None)
        raise
    draft.refresh_from_db()
    drafts.settle(draft)


def _outdated(form: ActForm) -> Refusal:
    """What was typed does not fit any more, because the trade went on since."""
    said = "；".join(
        f"{form.fields[name].label}：{errors[0]}" for name, errors in form.errors.items() if name in form.fields
    )
    return Refusal(
        code="draft.outdated", reason=f"填写的内容已不适用（{said}）", article=OUTDATED, remedy="请返回修改。"
    )


def signatures_of(request: HttpRequest) -> dict[str, Signature]:
    """What the page's script signed; raises `Refused` for what is no signature."""
    try:
        given = json.loads(request.POST.get("signatures") or "{}")
        return {str(field): Signature.from_json(value) for field, value in given.items()}
    except (ValueError, AttributeError, TypeError, KeyError, SignatureUnreadable) as bad:
        raise Refused(NOT_SIGNED) from bad


def _form_of(draft: Draft, page: ActPage, subject: Any, request: Request) -> ActForm:
    """The draft's form again, checked again; its files are kept already."""
    data = QueryDict(mutable=True)
    for name, value in draft.answers.items():
        data[name] = value
    assert page.form is not None  # noqa: S101 - a draft has one
    return page.form(data, trade=subject, actor=request.actor, at=request.at, kept=draft.files)


def _typed(draft: Draft | None) -> dict[str, Any]:
    return {name: value for name, value in draft.answers.items() if value != ""} if draft else {}


def _own_draft(request: Request, token: str) -> Draft:
    return get_object_or_404(Draft, token=token, account=request.user, organisation=request.actor.organisation)


def subject_and_page(stream: str, name: str) -> tuple[Any, ActPage]:
    """The trade (or the centre, where tenders are registered) and the page of the act; 404 without either."""
    page = PAGES.get(name)
    rows = Centre.objects.all() if name in CENTRE_ACTS else Trade.objects.select_related(*Trade.read_along)
    subject = rows.filter(stream=stream).first()
    if page is None or subject is None:
        raise Http404
    return subject, page


def check_possible(request: Request, page: ActPage, subject: Any, *, also_now: bool = True) -> None:
    """The same refusal as from the act, for whoever may not do it, at another stage, or (`also_now`) too early."""
    check_access(ACTS[page.name], subject=subject, actor=request.actor)
    check_stage(page.name, subject=subject)
    if also_now and isinstance(subject, Trade):
        check_precondition(page.name, subject, actor=request.actor, at=request.at)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: Request) -> HttpResponse:
    """进场登记, for the staff of the centre."""
    mine = Centre.objects.filter(code=request.actor.organisation).first() or Centre.objects.order_by("pk").first()
    if mine is None:
        raise Http404
    check_access(ACTS["register_tender"], subject=mine, actor=request.actor)
    return redirect(address("register_tender", mine.stream))


def address_of(draft: Draft) -> str:
    """Where a draft's inputs are changed."""
    return f"{address(draft.act, draft.stream)}?draft={draft.token}"


def address(name: str, stream: str) -> str:
    """Where the act is done on this trade."""
    return reverse("act-inputs", kwargs={"stream": stream, "name": name})
