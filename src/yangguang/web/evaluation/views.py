"""The evaluation room (评标室): its page, the sheets that save as they are typed, the acts on them, the files."""

from typing import Any

from csp.decorators import csp_replace, csp_update
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from yangguang.rules.refusal import Refusal, Refused
from yangguang.trading.acts.evaluation import score_business, score_technical
from yangguang.trading.acts.report import issued_report
from yangguang.trading.acts.review import give_opinion
from yangguang.trading.models import Trade
from yangguang.trading.readings import terms_of
from yangguang.trading.stages import Stage
from yangguang.trading.terms import BUSINESS, TECHNICAL
from yangguang.web.accounts.requests import Request
from yangguang.web.acts.offers import offers_for
from yangguang.web.acts.pages import PAGES
from yangguang.web.acts.views import PAPER_POLICY
from yangguang.web.evaluation.files import find_file, is_blind
from yangguang.web.evaluation.forms import OpinionSheet, ScoreSheet
from yangguang.web.evaluation.review import OPINION, opinions_given, reviewed_bids, standards
from yangguang.web.evaluation.scoring import closed_tables, computed, scores_given, sheets_of
from yangguang.web.evaluation.seats import (
    Viewer,
    has_reached,
    has_seat_in_person,
    progress_of,
    stage_of,
    viewer_of,
)
from yangguang.web.evaluation.sheets import (
    NOT_KEPT,
    OVER,
    drop_sheet,
    kept_sheets,
    read_values,
    save_sheet,
    sheet_name,
)
from yangguang.web.refusals import STATUS
from yangguang.web.trades import trade_named
from yangguang.witness import evidence

STEPS = (
    ("签到", (Stage.DRAWN,)),
    ("推选组长", (Stage.SEATED,)),
    ("初步评审", (Stage.REVIEWING,)),
    ("评分", (Stage.SCORING,)),
    ("汇总", (Stage.PRICING, Stage.RANKED)),
    ("签署报告", (Stage.REPORTING,)),
)

ON_SHEETS = {OPINION: Stage.REVIEWING, "score_technical": Stage.SCORING, "score_business": Stage.SCORING}


@never_cache
@require_safe
def room(request: Request, stream: str) -> HttpResponse:
    """The room as the one who looks may see it."""
    trade = trade_named(stream)
    try:
        viewer = viewer_of(trade, request)
    except PermissionDenied:
        if has_seat_in_person(trade, request):
            return render(request, "evaluation/in_person.html", {"trade": trade}, status=403)
        raise
    return _room(request, trade, viewer)


@never_cache
@require_POST
def do(request: Request, stream: str, sheet: str, about: str) -> HttpResponse:
    """Hand in one sheet: an opinion on a bid, the technical or the business scores of a bid."""
    trade = trade_named(stream)
    viewer = viewer_of(trade, request)
    if sheet not in ON_SHEETS:
        raise Http404
    if viewer.member is None:
        raise PermissionDenied
    form = _form(trade, sheet, request.POST)
    if not form.is_valid():
        return _room(request, trade, viewer, failed={about: form}, status=422)
    try:
        _perform(request, trade, sheet, about, form)
    except Refused as refused:
        status = STATUS.get(refused.codes[0], 409)
        again = trade_named(stream)
        return _room(
            request, again, viewer_of(again, request), failed={about: form}, refusals=refused.refusals, status=status
        )
    drop_sheet(request, stream=stream, name=sheet_name(sheet, about))
    messages.success(request, f"已提交：{PAGES[sheet].title}")
    return redirect(reverse("room", kwargs={"stream": stream}) + "#sheets")


def _perform(request: Request, trade: Trade, name: str, about: str, form: Any) -> None:
    given: dict[str, Any] = {"actor": request.actor, "at": request.at}
    if name == OPINION:
        give_opinion(trade, bid=about, **given, **form.inputs())
    elif name == "score_technical":
        score_technical(trade, code=about, marks=form.inputs(), **given)
    else:
        score_business(trade, bid=about, marks=form.inputs(), **given)


def _form(trade: Trade, name: str, data: Any) -> OpinionSheet | ScoreSheet:
    if name == OPINION:
        return OpinionSheet(data)
    group = TECHNICAL if name == "score_technical" else BUSINESS
    return ScoreSheet(data, items=terms_of(trade).items_of(group))


@never_cache
@require_POST
def keep(request: Request, stream: str, sheet: str, about: str) -> HttpResponse:
    """Keep what is typed, for nobody but the one who types."""
    trade = trade_named(stream)
    viewer = viewer_of(trade, request)
    if viewer.member is None or not viewer.is_in or sheet not in ON_SHEETS:
        raise PermissionDenied
    if trade.stage != ON_SHEETS[sheet]:
        return _not_kept(OVER, status=409)
    values = read_values(request.body) if request.content_type == "application/json" else None
    form = _form(trade, sheet, {})
    if values is None or not set(values) <= set(form.fields) or not _is_there(trade, sheet, about):
        return _not_kept(NOT_KEPT, status=400)
    save_sheet(request, stream=stream, name=sheet_name(sheet, about), values=values)
    return JsonResponse({"saved": request.at.isoformat()})


def _not_kept(refusal: Refusal, *, status: int) -> JsonResponse:
    return JsonResponse({"code": refusal.code, "reason": str(refusal)}, status=status)


def _is_there(trade: Trade, name: str, about: str) -> bool:
    if name == "score_technical":
        return bool(trade.blind_codes.filter(code=about).exists())
    return bool(trade.bids.filter(evidence_id=about).exists())


@never_cache
@csp_update({"img-src": ["blob:"], "font-src": ["data:"]})  # type: ignore[arg-type] # what pdf.js draws
@require_safe
def file(request: Request, stream: str, mark: str, number: int) -> HttpResponse:
    """One file in the reader: pages, thumbnails, search."""
    trade, found = _readable(request, stream, mark, number)
    return render(request, "evaluation/file.html", {"trade": trade, "file": found})


@never_cache
@xframe_options_sameorigin
@csp_replace(PAPER_POLICY)  # type: ignore[arg-type]
@require_safe
def raw(request: Request, stream: str, mark: str, number: int) -> FileResponse:
    """The bytes of a file, under the name that may be seen."""
    _, found = _readable(request, stream, mark, number)
    content = evidence.path_of(found.sha256).open("rb")
    kept = found.kind == "application/octet-stream"
    return FileResponse(content, as_attachment=kept, filename=found.name, content_type=found.kind)


def _readable(request: Request, stream: str, mark: str, number: int) -> tuple[Trade, Any]:
    trade = trade_named(stream)
    viewer = viewer_of(trade, request)
    if viewer.watches or not viewer.is_in:
        raise PermissionDenied
    return trade, find_file(trade, mark=mark, number=number)


@never_cache
@xframe_options_sameorigin
@csp_replace(PAPER_POLICY)  # type: ignore[arg-type]
@require_safe
def report(request: Request, stream: str) -> HttpResponse:
    """The report that was issued, to read before it is signed."""
    trade = trade_named(stream)
    viewer = viewer_of(trade, request)
    if not viewer.is_in or not has_reached(trade, Stage.REPORTING):
        return redirect("room", stream=stream)
    return HttpResponse(evidence.read(issued_report(trade)), content_type="text/html; charset=utf-8")


def _room(
    request: Request,
    trade: Trade,
    viewer: Viewer,
    *,
    failed: dict[str, Any] | None = None,
    refusals: Any = (),
    status: int = 200,
) -> HttpResponse:
    here = stage_of(trade)
    context: dict[str, Any] = {
        "trade": trade,
        "viewer": viewer,
        "here": here,
        "steps": _steps(here),
        "seats": progress_of(trade),
        "refusals": refusals,
        "offers": [] if viewer.watches else _offers(request, trade),
        "is_blind": False,
        "keeps": bool(failed),
    }
    if viewer.is_in:
        context |= _inside(request, trade, viewer, here, failed or {})
    return render(request, "evaluation/room.html", context, status=status)


def _inside(request: Request, trade: Trade, viewer: Viewer, here: Stage, failed: dict[str, Any]) -> dict[str, Any]:
    """What only those who signed in (or watch) see, step by step."""
    found: dict[str, Any] = {"is_blind": is_blind(trade)}
    sheets = kept_sheets(request, trade.stream) if viewer.member else {}
    if here == Stage.REVIEWING:
        found["bids"] = reviewed_bids(trade, viewer, sheets, failed=failed) if viewer.member else []
        found["standards"], found["given"] = standards(trade), opinions_given(trade)
    if here == Stage.SCORING:
        found["technical"] = sheets_of(trade, viewer, TECHNICAL, sheets, failed=failed)
        found["business"] = sheets_of(trade, viewer, BUSINESS, sheets, failed=failed)
        found["given"] = scores_given(trade)
    if has_reached(trade, Stage.PRICING):
        found["tables"] = closed_tables(trade)
        found["computed"] = computed(trade) if has_reached(trade, Stage.RANKED) else None
        found["has_report"] = has_reached(trade, Stage.REPORTING)
    return found


def _offers(request: Request, trade: Trade) -> list[Any]:
    offers = offers_for(trade, actor=request.actor, at=request.at)
    return [one for one in offers if one.page.name not in ON_SHEETS]


def _steps(here: Stage) -> list[tuple[str, bool]]:
    return [(title, here in stages) for title, stages in STEPS]
