"""The list of reports, one report with its figures and findings, what is done with it, and the records of a figure."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from yangguang.ledger.models import Record, Unit
from yangguang.ledger.roles import LedgerRole
from yangguang.reports.acts import DOCX, confirm_report, draft_report, lock_report
from yangguang.reports.burden import derived_share
from yangguang.reports.current import changes_since, drafted_today, kept_figures
from yangguang.reports.dictionary import metric_named
from yangguang.reports.drafting import Drafted
from yangguang.reports.models import Report
from yangguang.reports.naming import name_records
from yangguang.reports.notes import read_notes
from yangguang.reports.outlines import outline_named, outlines
from yangguang.reports.paper import paper_bytes
from yangguang.reports.spans import read_span
from yangguang.rules.calendar import legal_date
from yangguang.rules.refusal import Refusal, Refused
from yangguang.web.accounts.requests import Request
from yangguang.web.drafts.models import fresh_token
from yangguang.web.party.doing import do_once
from yangguang.web.party.reports.shown import blocks_of
from yangguang.web.party.units import KEEPERS, WATCHERS, frame, registers_of, unit_for
from yangguang.web.portal.serving import kept_file
from yangguang.web.refusals import STATUS

DRAFTERS = KEEPERS | {LedgerRole.LEADER}
PERFORM: Mapping[str, tuple[Callable[..., Any], str]] = {
    "confirm": (confirm_report, "已确认"),
    "lock": (lock_report, "已印发"),
}


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reports(request: Request, code: str) -> HttpResponse:
    """报告: those that were drafted, and drafting one from an outline for a period."""
    unit = unit_for(request, code, roles=WATCHERS)
    refusals: tuple[Refusal, ...] = ()
    if request.method == "POST":
        try:
            made = _draft(request, unit, request.POST.get("outline", ""), request.POST.get("period", "").strip(), [])
            return redirect("party-report", code=code, number=made.pk)
        except Refused as refused:
            refusals = refused.refusals
    names = {one.code: one.name for one in outlines().values()}
    rows = Report.objects.filter(unit=unit).order_by("-drafted_at", "-pk")
    context = frame(
        request, unit, "reports", outlines=list(outlines().values()), refusals=refusals, token=fresh_token(),
        rows=[(one, names.get(one.outline, one.outline), read_span(one.period).name) for one in rows],
        drafts=bool(unit.roles_of(request.member) & DRAFTERS), asked=request.POST,
        period=str(legal_date(request.at).year),
    )  # fmt: skip
    return render(request, "party/reports.html", context, status=STATUS.get(refusals[0].code, 409) if refusals else 200)


def _draft(request: Request, unit: Unit, outline: str, period: str, notes: list[dict[str, Any]]) -> Report:
    made: list[Report] = []
    inputs: dict[str, Any] = {
        "actor": request.member,
        "at": request.at,
        "outline": outline,
        "period": period,
        "notes": notes,
    }
    do_once(request, unit, act="draft_report", perform=lambda: made.append(draft_report(unit, **inputs)))
    return made[0]


@login_required
@never_cache
@require_safe
def report(request: Request, code: str, number: int) -> HttpResponse:
    """One report as it stands today: text with figures to open, findings, free paragraphs, and what has changed."""
    unit, row = _report(request, code, number)
    return _page(request, unit, row)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def do(request: Request, code: str, number: int, name: str) -> HttpResponse:
    """Drafting again with free paragraphs, confirming, issuing."""
    unit, row = _report(request, code, number)
    if name not in {"draft", *PERFORM}:
        raise Http404
    if request.method != "POST":
        return redirect("party-report", code=code, number=number)
    try:
        if name == "draft":
            _draft(request, unit, row.outline, row.period, _typed_notes(request, row))
            said = "已重新起草"
        else:
            act, said = PERFORM[name]
            given = {"actor": request.member, "at": request.at, "report": row.pk}
            do_once(request, unit, act=act.__name__, perform=lambda: act(unit, **given))
    except Refused as refused:
        return _page(request, unit, row, refusals=refused.refusals, status=STATUS.get(refused.codes[0], 409))
    messages.success(request, f"{said}。")
    return redirect("party-report", code=code, number=number)


def _typed_notes(request: Request, row: Report) -> list[dict[str, Any]]:
    """The free paragraphs of the form; a source is a line `数字：出处`."""
    notes = []
    for place, field in _places(row):
        text = request.POST.get(field, "").strip()
        lines = (line.partition("：") for line in request.POST.get(f"{field}_sources", "").splitlines())
        sources = {number.strip(): source.strip() for number, _, source in lines if number.strip() and source.strip()}
        if text:
            notes.append({"place": place, "text": text, "sources": sources})
    return notes


def _places(row: Report) -> list[tuple[str, str]]:
    outline = outline_named(row.outline)
    parts = outline.parts if outline else ()
    return [(part.words, f"note_{part.line}") for part in parts if part.directive == "补充"]


@login_required
@never_cache
@require_safe
def figure(request: Request, code: str, number: int) -> HttpResponse:
    """One figure of a report with every record behind it; what the reader may not see is counted and not named."""
    unit, row = _report(request, code, number)
    found = kept_figures(row).get(request.GET.get("key", ""))
    if found is None:
        raise Http404
    metric = metric_named(found.metric)
    readable = {register.id for register, reach in registers_of(unit, request.member) if reach.reads}
    ids = [one for one in found.record_ids if isinstance(one, int)]
    mine = set(Record.objects.filter(pk__in=ids, unit=unit, register__in=readable).values_list("pk", flat=True))
    names = name_records(found.record_ids)
    context = frame(
        request, unit, "reports", report=row, figure=found, metric=metric, span=read_span(found.period),
        records=[(names[one], one in mine) for one in found.record_ids],
    )  # fmt: skip
    return render(request, "party/figure.html", context)


@login_required
@never_cache
@require_safe
def paper(request: Request, code: str, number: int) -> FileResponse | HttpResponse:
    """The .docx: the issued copy, or the draft as it stands today and is marked."""
    _, row = _report(request, code, number)
    name = f"{row.outline}-{row.period}-{row.version}.docx"
    if row.paper is not None:
        return kept_file(row.paper, name=name, download=True)
    content = paper_bytes(paper=_drafted(row, request).paper)
    return HttpResponse(content, content_type=DOCX, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _report(request: Request, code: str, number: int) -> tuple[Unit, Report]:
    unit = unit_for(request, code, roles=WATCHERS)
    row = get_object_or_404(Report.objects.select_related("unit", "paper"), unit=unit, pk=number)
    if outline_named(row.outline) is None:
        raise Http404
    return unit, row


def _drafted(row: Report, request: Request) -> Drafted:
    return drafted_today(row, as_of=legal_date(request.at))


def _page(
    request: Request, unit: Unit, row: Report, *, refusals: tuple[Refusal, ...] = (), status: int = 200
) -> HttpResponse:
    drafted, roles = _drafted(row, request), unit.roles_of(request.member)
    notes = {one.place: one for one in read_notes(row.notes)}
    typed = [(place, field, notes.get(place)) for place, field in _places(row)]
    outline = outline_named(row.outline)
    context = frame(
        request, unit, "reports", report=row, name=outline.name if outline else row.outline,
        span=read_span(row.period), blocks=blocks_of(drafted), concerns=drafted.concerns,
        blocked=drafted.is_blocked, changes=changes_since(row, as_of=legal_date(request.at)),
        share=derived_share(figures=drafted.figures, notes=read_notes(row.notes)), notes=typed, refusals=refusals,
        drafts=bool(roles & DRAFTERS), leads=LedgerRole.LEADER in roles, token=fresh_token(),
    )  # fmt: skip
    return render(request, "party/report.html", context, status=status)
