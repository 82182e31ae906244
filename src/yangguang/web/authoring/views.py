"""编制招标文件: for the tenderer and the agency of a trade, and nobody else."""

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yangguang.rules.refusal import Refusal, Refused
from yangguang.trading.models import Trade
from yangguang.trading.readings import deadline_of, document_of
from yangguang.trading.roles import TENDERERS
from yangguang.trading.stages import Stage
from yangguang.web.accounts.requests import Request
from yangguang.web.authoring import authored, handing, papers
from yangguang.web.authoring.changing import ChangeForm, effects_of, refusals_of
from yangguang.web.authoring.checklist import ChecklistForm
from yangguang.web.authoring.findings import Finding, limits_of
from yangguang.web.authoring.models import AuthoredDocument
from yangguang.web.trades import trade_for

CONFLICT, UNPROCESSABLE = 409, 422
REVISION = "revision"
NOT_FIELDS = {"csrfmiddlewaretoken", REVISION, "publish"}
UNFINISHED = Refusal(
    code="document.unfinished",
    reason="招标文件还没有编制完，或者还有不符合规定的内容",
    article="招标投标法第十九条",
    remedy="请到编制页更正标出的各项。",
)
STALE = Refusal(
    code="document.stale",
    reason="这份草稿在别的窗口或者由同事改过",
    article="平台规则：后保存的不覆盖先保存的",
    remedy="您填写的内容还在本页。核对后再保存一次，就以本页为准；要看对方改了什么，请另开一个窗口。",
)


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: Request, stream: str) -> HttpResponse:
    """The whole form with its limits, findings and the trial on samples; POST saves, and publishes when asked to."""
    trade = trade_of_authors(request, stream)
    draft = authored.draft_of(trade, organisation=request.actor.organisation)
    if request.method != "POST":
        return _page(request, trade, draft, status=200)
    sent, is_saved = _saved(request, draft)
    if not is_saved:
        newest = authored.draft_of(trade, organisation=request.actor.organisation)
        draft.revision, draft.typed = newest.revision, newest.typed | sent
        return _page(request, trade, draft, status=CONFLICT, refusals=(STALE,))
    if "publish" not in request.POST:
        return redirect("document", stream=stream)
    reading = _reading(request, trade, draft)
    if not reading.is_ready:
        return _page(request, trade, draft, status=UNPROCESSABLE, asks=True)
    return redirect("act-check", token=handing.publication(request, trade, reading).token)


@require_POST
def typed(request: Request, stream: str) -> HttpResponse:
    """Save what is typed, and answer with the trial and the findings as a piece of the page."""
    trade = trade_of_authors(request, stream)
    draft = authored.draft_of(trade, organisation=request.actor.organisation)
    _, is_saved = _saved(request, draft)
    if not is_saved:
        return render(request, "parts/refusals.html", {"refusals": (STALE,)}, status=CONFLICT)
    reading = _reading(request, trade, draft)
    return render(request, "authoring/trial.html", {"trade": trade, "reading": reading, "draft": draft})


@require_safe
def terms(request: Request, stream: str) -> HttpResponse:
    """结构化条款 as JSON, when they are complete."""
    trade = trade_of_authors(request, stream)
    reading = _own_reading(request, trade)
    if reading.terms is None:
        raise Refused(UNFINISHED)
    return JsonResponse(reading.terms, json_dumps_params={"ensure_ascii": False, "indent": 1})


@require_safe
def score(request: Request, stream: str) -> HttpResponse:
    """The trial as a request that `yangguang score` takes."""
    trade = trade_of_authors(request, stream)
    tried = _own_reading(request, trade).tried
    if tried is None:
        raise Refused(UNFINISHED)
    return JsonResponse(tried.request, json_dumps_params={"ensure_ascii": False, "indent": 1})


@require_safe
def notice(request: Request, stream: str) -> HttpResponse:
    """招标公告 as it would be published."""
    trade = trade_of_authors(request, stream)
    reading = _finished(request, trade)
    given = reading.form.cleaned_data
    times = {"sale_until": given["sale_until"], "deadline": given["deadline"]}
    return _pdf("notice", papers.notice_paper(trade, said=reading.form.notice(), **times))


@require_safe
def document(request: Request, stream: str) -> HttpResponse:
    """招标文件 as it would be published."""
    trade = trade_of_authors(request, stream)
    reading = _finished(request, trade)
    given = reading.form.cleaned_data
    times = {"sale_until": given["sale_until"], "deadline": given["deadline"]}
    agreed = reading.terms or {}
    return _pdf("document", papers.document_paper(trade, terms=agreed, said=reading.form.notice(), **times))


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: Request, stream: str) -> HttpResponse:
    """公平竞争审查, item by item; then the paper is signed."""
    trade = trade_of_authors(request, stream)
    form = ChecklistForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        return redirect("act-check", token=handing.review(request, trade, form.rows()).token)
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "authoring/review.html", {"trade": trade, "form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: Request, stream: str) -> HttpResponse:
    """澄清或者修改: first what it does to every clock, then the paper is signed."""
    trade = trade_of_authors(request, stream)
    if trade.bid_deadline is None:
        return redirect("document", stream=stream)
    form = ChangeForm(request.POST if request.method == "POST" else None)
    agreed = _agreed(request, trade)
    refusals: tuple[Refusal, ...] = ()
    is_valid = form.is_bound and form.is_valid()
    if is_valid:
        refusals = tuple(refusals_of(trade, form.cleaned_data, at=request.at))
    if is_valid and not refusals and agreed and _is_shown(request, form):
        return redirect("act-check", token=handing.change(request, trade, agreed, form.cleaned_data).token)
    context = {
        "trade": trade, "form": form, "refusals": refusals, "unfinished": agreed is None,
        **_told(request, trade, form, agreed),
    }  # fmt: skip
    status = UNPROCESSABLE if form.is_bound and (refusals or not is_valid) else 200
    return render(request, "authoring/change.html", context, status=status)


def trade_of_authors(request: Request, stream: str) -> Trade:
    """The trade, for its tenderer and its agency. Raises Http404, or PermissionDenied for everybody else."""
    return trade_for(request, stream, roles=TENDERERS)


def _told(request: Request, trade: Trade, form: ChangeForm, agreed: dict[str, Any] | None) -> dict[str, Any]:
    """What the page shows of the effects: of what was asked for, or of the proposal."""
    before = document_of(trade).terms
    given = form.cleaned_data if form.is_bound and hasattr(form, "cleaned_data") else {}
    keeps = given.get("affects_bids") is False and not given.get("deadline")
    moved = given.get("deadline") or (deadline_of(trade) if keeps else None)
    validity = int((agreed or before)["bid_validity_days"])
    effects = effects_of(trade, at=request.at, moved=moved, validity_after=validity)
    if not form.is_bound and effects.is_late:
        form.fields["deadline"].initial = effects.proposed
    changed = papers.changed_rows(before, agreed) if agreed else []
    return {"effects": effects, "changed": changed, "shown_for": _mark(form) if given else ""}


def _mark(form: ChangeForm) -> str:
    """What the effects were shown for."""
    given = form.cleaned_data
    return f"{given.get('affects_bids')} {given.get('deadline')}"


def _is_shown(request: Request, form: ChangeForm) -> bool:
    """Whether the effects of exactly this change were on the page that is confirmed."""
    return request.POST.get("shown_for") == _mark(form)


def _agreed(request: Request, trade: Trade) -> dict[str, Any] | None:
    """All terms as they would hold: those of the draft, or those that hold where nobody typed. None: faulty."""
    draft = authored.draft_of(trade, organisation=request.actor.organisation)
    if draft.saved_at is None or draft.saved_at < document_of(trade).issued_at:
        return dict(document_of(trade).terms)
    reading = _reading(request, trade, draft)
    return None if reading.terms is None or _stops(reading) else reading.terms


def _stops(reading: authored.Reading) -> bool:
    return any(not one.is_caution for one in reading.findings)


def _page(
    request: Request,
    trade: Trade,
    draft: AuthoredDocument,
    *,
    status: int,
    refusals: tuple[Refusal, ...] = (),
    asks: bool = False,
) -> HttpResponse:
    reading = _reading(request, trade, draft)
    context = {
        "trade": trade, "reading": reading, "form": reading.form, "draft": draft, "refusals": refusals, "asks": asks,
        "sections": sections_of(trade, reading, request=request, asks=asks), "is_new": trade.bid_deadline is None,
        "is_reviewed": trade.stage == Stage.REVIEWED,
        "is_open": trade.stage in {Stage.REGISTERED, Stage.REVIEWED, Stage.BIDDING},
    }  # fmt: skip
    return render(request, "authoring/document.html", context, status=status)


def sections_of(trade: Trade, reading: authored.Reading, *, request: Request, asks: bool) -> list[dict[str, Any]]:
    """The form under its headings, each field with its legal limit and with what is found against it."""
    limits, faults = limits_of(trade, at=request.at), reading.form.errors if asks else reading.faults
    found: dict[str, list[Finding]] = {}
    for one in reading.findings:
        found.setdefault(one.field, []).append(one)
    return [
        {
            "title": title,
            "rows": [
                {
                    "field": field,
                    "limit": limits.get(field.name, ""),
                    "faults": faults.get(field.name, []),
                    "findings": found.get(field.name, []),
                }
                for field in fields
            ],
        }
        for title, fields in reading.form.steps()
    ]


def _saved(request: Request, draft: AuthoredDocument) -> tuple[dict[str, list[str]], bool]:
    """What was sent, and whether it could be kept."""
    sent = {name: list(values) for name, values in request.POST.lists() if name not in NOT_FIELDS}
    sent |= {name: request.POST.getlist(name) for name in ("parts", "parallel")}  # a box that is empty is not sent
    given = request.POST.get(REVISION, "")
    revision = int(given) if given.isdigit() and len(given) < 10 else 0  # noqa: PLR2004 - as the column holds
    return sent, authored.save(draft, sent, revision=revision, at=request.at)


def _reading(request: Request, trade: Trade, draft: AuthoredDocument) -> authored.Reading:
    return authored.read(authored.typed_of(draft, trade, at=request.at), trade, at=request.at)


def _own_reading(request: Request, trade: Trade) -> authored.Reading:
    return _reading(request, trade, authored.draft_of(trade, organisation=request.actor.organisation))


def _finished(request: Request, trade: Trade) -> authored.Reading:
    reading = _own_reading(request, trade)
    if reading.terms is None or not reading.is_ready:
        raise Refused(UNFINISHED)
    return reading


def _pdf(name: str, content: bytes) -> HttpResponse:
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)
