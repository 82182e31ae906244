"""The public portal (门户): what anybody may see of the trades, and what the person who looks may do."""

import json
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import Max
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from yangguang.trading.due import deadlines_of
from yangguang.trading.models import Trade
from yangguang.trading.stages import Stage
from yangguang.web.accounts.requests import Request
from yangguang.web.acts.offers import offers_for
from yangguang.web.closing.views import closing_places
from yangguang.web.places import has_hall, places_for
from yangguang.web.portal.disclosure import PublicFile, files_of, withheld_from
from yangguang.web.portal.english import is_english
from yangguang.web.portal.figures import glance
from yangguang.web.portal.lists import Filters, notices_like
from yangguang.web.portal.projection import catch_up, kind_of
from yangguang.web.portal.results import results_of
from yangguang.web.portal.sentences import sentence
from yangguang.web.portal.serving import kept_file
from yangguang.web.portal.telling import TOLD, Kind
from yangguang.web.trades import trade_named
from yangguang.witness.entries import payload_of
from yangguang.witness.models import Entry, Evidence

ON_HOME = 8
FOLDED_FROM = 4
OWED = frozenset({"answer_document_objection", "answer_result_objection", "sign_contract"})  # shown when late, too
RESULTS = (Kind.CANDIDATES, Kind.RESULT, Kind.CONTRACT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One line of a trade's timeline."""

    entry: Entry
    stage: str
    moves_on: bool
    words: str
    kind: Kind | None
    files: list[PublicFile]

    @property
    def papers(self) -> list[PublicFile]:
        """The files without the signatures beside them; a paper that two signed stands once."""
        return list({one.sha256: one for one in self.files if not one.is_signature}.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Lines of a timeline that follow one another within a stage and announce nothing; a long run stands folded."""

    steps: list[Step]

    @property
    def is_folded(self) -> bool:
        """Whether it is too long to be shown at once."""
        return len(self.steps) >= FOLDED_FROM

    @property
    def title(self) -> str:
        """The stage that the run belongs to."""
        return str(Stage(self.steps[0].stage).label)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The front page: what is out to tender, what was decided last, the figures at a glance."""
    catch_up()
    newest = notices_like(Filters())
    context = {
        "tenders": newest.filter(kind=Kind.TENDER)[:ON_HOME],
        "results": newest.filter(kind__in=RESULTS)[:ON_HOME],
        "figures": glance(),
    }
    return render(request, "portal/home.html", context)


@require_safe
def trade(request: Request, stream: str) -> HttpResponse:
    """One trade: stage and clocks, timeline, papers, results, and the acts that whoever looks may do now."""
    found = trade_named(stream)
    entries = list(Entry.objects.filter(stream=stream).order_by("sequence"))
    payloads = [payload_of(one) for one in entries]
    withheld, english = withheld_from(found), is_english(request)
    steps = [_step(found, *one, withheld, english=english) for one in zip(entries, payloads, strict=True)]
    context = {
        "trade": found,
        "stage": found.stage_name(found.stage),
        "runs": runs_of(list(reversed(steps))),
        "documents": [step for step in steps if any(one.is_open for one in step.papers)],
        "results": results_of(payloads),
        "clocks": [one for one in deadlines_of(found) if one.moment > request.at or one.act in OWED],
        "offers": offers_for(found, actor=request.actor, at=request.at),
        "has_hall": has_hall(found),
        "places": [*places_for(found, request.actor), *closing_places(found, request.actor)],
    }
    return render(request, "portal/trade.html", context)


@require_safe
def entry(request: HttpRequest, stream: str, sequence: int) -> HttpResponse:
    """One public witness entry, whole; of an archived trade also what it concealed."""
    found = get_object_or_404(Entry.objects.annotate(index=Max("leaf__index")), stream=stream, sequence=sequence)
    trade = get_object_or_404(Trade.objects.select_related("tender"), stream=stream)
    step = _step(trade, found, payload_of(found), withheld_from(trade), english=is_english(request))
    context = {"trade": trade, "entry": found, "step": step, "concealed": _told_later(trade, found)}
    return render(request, "portal/entry.html", context)


def _told_later(trade: Trade, entry: Entry) -> dict[str, Any] | None:
    """What an entry concealed, once the trade is archived and where the act does not keep it for good."""
    kept = entry.act not in TOLD or TOLD[entry.act].is_kept
    return json.loads(entry.concealed) if entry.concealed and trade.stage == Stage.ARCHIVED and not kept else None


@require_safe
def file(request: HttpRequest, stream: str, sequence: int, sha256: str) -> FileResponse:
    """A file of a public entry that the law opens now; whatever it does not open is not found."""
    found = get_object_or_404(Entry, stream=stream, sequence=sequence)
    trade = Trade.objects.filter(stream=stream).first()
    archived = trade is not None and trade.stage == Stage.ARCHIVED
    withheld = withheld_from(trade) if trade else frozenset()
    public = files_of(json.loads(found.payload), archived=archived, withheld=withheld)
    wanted = next((one for one in public if one.sha256 == sha256 and one.is_open), None)
    if wanted is None:
        raise Http404
    kept = get_object_or_404(Evidence, sha256=sha256)
    return kept_file(kept, name=wanted.name, download="download" in request.GET)


def runs_of(steps: list[Step]) -> list[Run]:
    """The lines in their order, gathered by stage; what moves the trade on or is announced stands by itself."""

    def key(step: Step) -> str:
        return str(step.entry.sequence) if step.moves_on or step.kind else step.stage

    return [Run(steps=list(group)) for _, group in groupby(steps, key=key)]


def _step(trade: Trade, entry: Entry, payload: dict[str, Any], withheld: frozenset[str], *, english: bool) -> Step:
    stated = json.loads(entry.payload)
    return Step(
        entry=entry,
        stage=payload["from"],
        moves_on=payload["from"] != payload["to"],
        words=sentence(payload, english=english),
        kind=kind_of(payload),
        files=files_of(stated, archived=trade.stage == Stage.ARCHIVED, withheld=withheld),
    )
