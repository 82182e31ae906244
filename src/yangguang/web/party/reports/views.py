"""Reports of a unit: their list, one with its findings, its figures, and the acts that end in a locked paper."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from yangguang.ledger.models import Unit
from yangguang.ledger.roles import LedgerRole
from yangguang.reports.acts import DOCX, confirm_report, draft_report, lock_report
from yangguang.reports.current import drafted_today, kept_figures
from yangguang.reports.models import Report
from yangguang.reports.outlines import outline_named, outlines
from yangguang.reports.paper import paper_bytes
from yangguang.reports.proofreading import Level
from yangguang.reports.spans import read_span
from yangguang.rules.calendar import legal_date
from yangguang.rules.refusal import Refusal, Refused
from yangguang.web.accounts.requests import Request
from yangguang.web.drafts.models import fresh_token
from yangguang.web.party.doing import do_once
from yangguang.web.party.reports.forms import NotesForm, periods, places_of
from yangguang.web.party.reports.page import figure_page, outline_or_refuse, report_page
from yangguang.web.party.units import WATCHERS, frame, unit_for
from yangguang.web.portal.serving import download, kept_file
from yangguang.web.refusals import STATUS

DRAFTERS = frozenset({LedgerRole.KEEPER, LedgerRole.LEADER})
LEADERS = frozenset({LedgerRole.LEADER})
A_PAGE = 30
BY: Mapping[str, frozenset[LedgerRole]] = {"notes": DRAFTERS, "draft": DRAFTERS, "confirm": LEADERS, "lock": LEADERS}
ASKED_FIRST: Mapping[str, tuple[str, Callable[..., Report], str]] = {
    "confirm": ("确认报告", confirm_report, "已确认"),
    "lock": ("印发报告", lock_report, "已印发"),
}


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reports(request: Request, code: str) -> HttpResponse:
    """报告: what was drafted, confirmed and issued, and drafting one from an outline for a period."""
    unit = unit_for(request, code, roles=WATCHERS)
    if request.method != "POST":
        return _list(request, unit)
    inputs = {"outline": request.POST.get("outline", ""), "period": request.POST.get("period", "").strip()}
    try:
        return _drafted(request, unit, notes=_notes_before(unit, inputs), **inputs)
    except Refused as refused:
        return _list(request, unit, refusals=refused.refusals)


def _notes_before(unit: Unit, inputs: Mapping[str, str]) -> list[dict[str, Any]]:
    """Drafted again, a person's paragraphs stay."""
    outline = outline_named(inputs["outline"])
    kept = Report.objects.filter(unit=unit, outline=outline.code if outline else "", period=inputs["period"])
    last = kept.order_by("-version").first()
    return list(last.notes) if last else []


def _list(request: Request, unit: Unit, *, refusals: tuple[Refusal, ...] = ()) -> HttpResponse:
    kept = Report.objects.filter(unit=unit).order_by("-drafted_at", "-pk")
    page = Paginator(kept, A_PAGE).get_page(request.GET.get("page"))
    today = legal_date(request.at)
    context = frame(
        request, unit, "reports", page=page, rows=[_row(one) for one in page.object_list], refusals=refusals,
        drafts=bool(unit.roles_of(request.member) & DRAFTERS), outlines=list(outlines().values()),
        periods=periods(today), token=fresh_token(), outline=request.POST.get("outline", request.GET.get("outline")),
        period=request.POST.get("period") or request.GET.get("period") or str(today.year),
    )  # fmt: skip
    return render(request, "party/reports.html", context, status=STATUS.get(refusals[0].code, 409) if refusals else 200)


def _row(report: Report) -> dict[str, Any]:
    outline = outline_named(report.outline)
    blocks = sum(one["level"] == Level.BLOCK for one in report.concerns)
    return {
        "report": report, "name": outline.name if outline else report.outline, "span": read_span(report.period).name,
        "blocks": blocks, "warnings": len(report.concerns) - blocks,
    }  # fmt: skip


def _drafted(request: Request, unit: Unit, **inputs: Any) -> HttpResponse:
    made: list[Report] = []

    def perform() -> None:
        made.append(draft_report(unit, actor=request.member, at=request.at, **inputs))

    entry = do_once(request, unit, act="draft_report", perform=perform)
    messages.success(request, f"已起草（见证记录第 {entry.sequence} 条）")
    return redirect("party-report", code=unit.code, number=made[0].pk)


def report_for(unit: Unit, number: int) -> Report:
    """A report of this unit. Raises Http404 for one of another."""
    return get_object_or_404(Report.objects.select_related("unit", "paper"), unit=unit, pk=number)


@login_required
@never_cache
@require_safe
def report(request: Request, code: str, number: int) -> HttpResponse:
    """One report: its text with every number a link, what stands against it, and what changed since."""
    unit = unit_for(request, code, roles=WATCHERS)
    row = report_for(unit, number)
    page = report_page(row, actor=request.member, as_of=legal_date(request.at))
    roles = unit.roles_of(request.member)
    context = frame(
        request, unit, "reports", report=row, page=page, token=fresh_token(), may_draft=bool(roles & DRAFTERS),
        may_confirm=bool(roles & LEADERS),
    )  # fmt: skip
    return render(request, "party/report.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def do(request: Request, code: str, number: int, name: str) -> HttpResponse:
    """补充段落、重新起草、确认、印发: each on a page of its own, or at once."""
    if name not in BY:
        raise Http404
    unit = unit_for(request, code, roles=BY[name])
    row = report_for(unit, number)
    if name == "draft":
        if request.method != "POST":
            return redirect("party-report", code=code, number=number)
        return _drafted(request, unit, outline=row.outline, period=row.period, notes=row.notes)
    return _notes(request, unit, row) if name == "notes" else _asked(request, unit, row, name)


def _notes(request: Request, unit: Unit, row: Report) -> HttpResponse:
    outline = outline_or_refuse(row)
    if row.is_locked or not places_of(outline):
        raise Http404
    if request.method != "POST":
        return _notes_page(request, unit, row, NotesForm(outline=outline, notes=row.notes))
    form = NotesForm(request.POST, outline=outline)
    if not form.is_valid():
        return _notes_page(request, unit, row, form, status=422)
    try:
        return _drafted(request, unit, outline=row.outline, period=row.period, notes=form.notes())
    except Refused as refused:
        return _notes_page(request, unit, row, form, refusals=refused.refusals, status=409)


def _notes_page(
    request: Request,
    unit: Unit,
    row: Report,
    form: NotesForm,
    *,
    refusals: tuple[Refusal, ...] = (),
    status: int = 200,
) -> HttpResponse:
    context = frame(
        request, unit, "reports", report=row, form=form, refusals=refusals, span=read_span(row.period),
        outline=outline_or_refuse(row), figures=[one for one in kept_figures(row).values() if one.text],
    )  # fmt: skip
    return render(request, "party/report_notes.html", context, status=status)


def _asked(request: Request, unit: Unit, row: Report, name: str) -> HttpResponse:
    """What is confirmed or issued is looked at once more, then done."""
    title, act, said = ASKED_FIRST[name]
    outline = outline_or_refuse(row)
    refusals: tuple[Refusal, ...] = ()
    if request.method == "POST":

        def perform() -> object:
            return act(unit, actor=request.member, at=request.at, report=row.pk)

        try:
            entry = do_once(request, unit, act=f"{name}_report", perform=perform)
            messages.success(request, f"{said}（见证记录第 {entry.sequence} 条）")
            return redirect("party-report", code=unit.code, number=row.pk)
        except Refused as refused:
            refusals = refused.refusals
    context = frame(
        request, unit, "reports", report=row, outline=outline, span=read_span(row.period), title=title, name=name,
        refusals=refusals, token=fresh_token(), figures=len([one for one in row.figures if one["value"]]),
        warnings=[one for one in row.concerns if one["level"] != Level.BLOCK],
        blocks=sum(one["level"] == Level.BLOCK for one in row.concerns),
    )  # fmt: skip
    status = STATUS.get(refusals[0].code, 409) if refusals else 200
    return render(request, "party/report_check.html", context, status=status)


@login_required
@never_cache
@require_safe
def paper(request: Request, code: str, number: int) -> HttpResponseBase:
    """The .docx: of an issued report the kept one, of a draft that of today, which says so."""
    unit = unit_for(request, code, roles=WATCHERS)
    row = report_for(unit, number)
    outline = outline_or_refuse(row) if not row.is_locked else None
    name = f"{outline.name if outline else row.outline}{read_span(row.period).name}"
    if row.paper is not None:
        return kept_file(row.paper, name=f"{name}.docx", download=True)
    drafted = drafted_today(row, as_of=legal_date(request.at))
    answer = HttpResponse(paper_bytes(paper=drafted.as_draft().paper), content_type=DOCX)
    return download(answer, name=f"{name}（草稿）.docx")


@login_required
@never_cache
@require_safe
def figure(request: Request, code: str, number: int) -> HttpResponse:
    """One number of a report: what it means, what it counts, and the records behind it."""
    unit = unit_for(request, code, roles=WATCHERS)
    row = report_for(unit, number)
    found = kept_figures(row).get(request.GET.get("key", ""))
    if found is None:
        raise Http404
    given: dict[str, Any] = {"unit": unit, "actor": request.member, "as_of": legal_date(request.at)}
    page = figure_page(found, number=request.GET.get("page"), **given)
    context = frame(request, unit, "reports", report=row, page=page, query=urlencode({"key": found.key}))
    return render(request, "party/figure.html", context)
