"""The public portal (门户): what anybody may see of the trades, and what the person who looks may do."""

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from yangguang.trading.due import deadlines_of
from yangguang.trading.models import Trade
from yangguang.trading.stages import ENDED, Stage
from yangguang.web.acts.offers import offers_for
from yangguang.web.acts.words import WORDS
from yangguang.web.requests import Request
from yangguang.witness import evidence
from yangguang.witness.entries import payload_of
from yangguang.witness.models import Entry, Evidence

PAGE_SIZE = 20


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The front page: what runs, what was decided last."""
    trades = Trade.objects.select_related("tender__tenderer").order_by("-pk")
    running = trades.exclude(stage__in=ENDED).exclude(stage=Stage.REGISTERED)[:8]
    decided = trades.filter(stage__in=(Stage.PUBLICITY, Stage.AWARDED, Stage.NOTIFIED, Stage.CONTRACTED))[:8]
    return render(request, "portal/home.html", {"running": running, "decided": decided})


@require_safe
def trades(request: HttpRequest) -> HttpResponse:
    """All published trades, the newest first."""
    found = Trade.objects.select_related("tender__tenderer").order_by("-pk")
    if words := request.GET.get("q", "").strip():
        found = found.filter(tender__title__icontains=words)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "portal/trades.html", {"page": page, "words": words})


@require_safe
def trade(request: Request, stream: str) -> HttpResponse:
    """One trade: its stage and clocks, its timeline, and the acts that whoever looks may do now."""
    found = get_object_or_404(Trade.objects.select_related(*Trade.read_along), stream=stream)
    entries = list(Entry.objects.filter(stream=stream).order_by("sequence"))
    context = {
        "trade": found,
        "stage": found.stage_name(found.stage),
        "timeline": [_told(one) for one in entries],
        "clocks": [one for one in deadlines_of(found) if one.moment > request.at],
        "offers": offers_for(found, actor=request.actor, at=request.at),
    }
    return render(request, "portal/trade.html", context)


@require_safe
def entry(request: HttpRequest, stream: str, sequence: int) -> HttpResponse:
    """One public witness entry, whole."""
    found = get_object_or_404(Entry, stream=stream, sequence=sequence)
    trade = get_object_or_404(Trade, stream=stream)
    context = {"trade": trade, "entry": found, "told": _told(found), "payload": payload_of(found)}
    return render(request, "portal/entry.html", context)


@require_safe
def file(request: HttpRequest, stream: str, sequence: int, sha256: str) -> FileResponse:  # noqa: ARG001
    """A file that a public entry names, as it was kept."""
    found = get_object_or_404(Entry, stream=stream, sequence=sequence)
    named = {one["sha256"]: one for one in payload_of(found)["files"]}
    if sha256 not in named:
        raise Http404
    kept = get_object_or_404(Evidence, sha256=sha256)
    return FileResponse(evidence.path_of(sha256).open("rb"), content_type=kept.media_type)


def _told(entry: Entry) -> dict[str, object]:
    words = WORDS.get(entry.act)
    return {"entry": entry, "title": words.title if words else entry.act, "files": payload_of(entry)["files"]}
