"""The console, a trade's witness page and its record in print, the acts done there, and the letters' own page."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from csp.decorators import csp_replace, csp_update
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_safe

from yangguang.rules.refusal import Refusal, Refused
from yangguang.trading.models import Anomaly, Letter, Trade, WitnessRecord
from yangguang.trading.roles import Role
from yangguang.trading.stages import Stage
from yangguang.trading.witnessing import number_of
from yangguang.web.access import WITNESSING
from yangguang.web.accounts.requests import Request
from yangguang.web.acts.pages import PAGES
from yangguang.web.acts.views import PAPER_POLICY
from yangguang.web.drafts.once import once
from yangguang.web.portal.serving import kept_file
from yangguang.web.refusals import STATUS
from yangguang.web.trades import holds_a_role, trade_for, trade_named
from yangguang.web.witnessing.checklist import Line, Part, parts_of
from yangguang.web.witnessing.console import board_for
from yangguang.web.witnessing.forms import DOINGS, WitnessForm, answering
from yangguang.witness import evidence
from yangguang.witness.actor import Actor
from yangguang.witness.models import Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """A form that was not taken: for what, and with what was typed."""

    act: str
    about: str
    form: WitnessForm
    refusals: tuple[Refusal, ...] = ()

    @property
    def title(self) -> str:
        """What the act is called."""
        return PAGES[self.act].title


@login_required
@never_cache
@require_safe
def console(request: Request) -> HttpResponse:
    """见证工作台: today's openings, draws, rooms, contracts, and the anomalies that are open."""
    board = board_for(request.actor, at=request.at)
    return render(request, "witnessing/console.html", {"tab": "witness", "board": board})


@login_required
@never_cache
@require_safe
def trade(request: Request, stream: str) -> HttpResponse:
    """A trade's witness page."""
    return _page(request, trade_for(request, stream, roles=WITNESSING))


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def do(request: Request, stream: str, name: str) -> HttpResponse:
    """One act of a witness, at once; what is refused or incomplete stands in its place with what was typed."""
    if name not in DOINGS:
        raise Http404
    if request.method != "POST":  # back from signing in again
        return redirect("witness", stream=stream)
    found = trade_for(request, stream, roles=WITNESSING)
    about = request.POST.get("item", "") or request.POST.get("anomaly", "")
    doing = DOINGS[name]
    form = doing.form(request.POST, request.FILES, trade=found, about=about[:60])
    if not form.is_valid():
        return _page(request, found, failed=Failed(act=name, about=about, form=form), status=422)
    try:
        entry = once(request, stream=stream, act=name, perform=lambda: doing.perform(found, request, form))
    except Refused as refused:
        failed = Failed(act=name, about=about, form=form, refusals=refused.refusals)
        return _page(request, trade_named(stream), failed=failed, status=STATUS.get(refused.codes[0], 409))
    messages.success(request, f"已办理：{PAGES[name].title}（见证记录第 {entry.sequence} 条）")
    return redirect(reverse("witness", kwargs={"stream": stream}) + _place(name, about))


def _place(name: str, about: str) -> str:
    """Where on the page one goes on: at the item, at the anomalies, or at the records that belong to no item."""
    if "anomaly" in name:
        return "#anomalies"
    return f"#item-{about}" if about else "#free"


@login_required
@never_cache
@require_safe
def record(request: Request, stream: str) -> HttpResponse:
    """见证记录: everything in one table, to print and to sign."""
    found = trade_for(request, stream, roles=WITNESSING)
    records = _records(found)
    parts = [one for one in parts_of(found, records=records) if one.is_reached]
    context = {
        "trade": found,
        "parts": parts,
        "free": [one for one in records if not one.item],
        "recordings": [one for one in records if one.item and hasattr(one, "recording")],
        "anomalies": _anomalies(found),
    }
    return render(request, "witnessing/record.html", context)


@login_required
@never_cache
@require_safe
def file(request: Request, stream: str, sha256: str) -> FileResponse:
    """What a witness attached, for those who watch."""
    found = trade_named(stream)
    if not _watches(found, request.actor):
        raise Http404
    names = _attached(found)
    return kept_file(_named(names, sha256), name=names[sha256])


@login_required
@never_cache
@csp_update({"frame-src": ["'self'"]})  # type: ignore[arg-type] # typed for plain requests
@require_safe
def letters(request: Request, stream: str) -> HttpResponse:
    """函告: what the centre wrote to one's own organisation on this trade, and what was answered."""
    found = trade_named(stream)
    mine = _own_letters(found, request.actor)
    if not mine:
        raise Http404
    told = [{"letter": one, "number": number_of(one)} for one in mine]
    context = {"trade": found, "letters": told, "can_reply": found.stage != Stage.ARCHIVED}
    return render(request, "witnessing/letters.html", context)


@login_required
@never_cache
@xframe_options_sameorigin
@csp_replace(PAPER_POLICY)  # type: ignore[arg-type]
@require_safe
def letter_file(request: Request, stream: str, sha256: str) -> FileResponse:
    """A letter or its reply, for the organisation that it went to and for those who watch."""
    found = trade_named(stream)
    mine = _letters(found) if _watches(found, request.actor) else _own_letters(found, request.actor)
    names = {one.evidence_id for one in mine} | {one.reply.evidence_id for one in mine if hasattr(one, "reply")}
    kept = _named(names, sha256)
    kind = "text/plain; charset=utf-8" if kept.media_type == "text/plain" else kept.media_type
    return FileResponse(evidence.path_of(sha256).open("rb"), content_type=kind)


def _page(request: Request, found: Trade, *, failed: Failed | None = None, status: int = 200) -> HttpResponse:
    records = _records(found)
    writes = found.stage != Stage.ARCHIVED and found.has_role(request.actor, Role.CENTRE)
    parts = parts_of(found, records=records)
    context: dict[str, Any] = {
        "trade": found,
        "parts": [_shown(found, part, writes=writes, failed=failed) for part in parts if part.is_reached],
        "later": [part for part in parts if not part.is_reached],
        "missing": sum(one.missing for one in parts),
        "free": [one for one in records if not one.item],
        "anomalies": [_with_closing(found, one, failed) for one in _anomalies(found)],
        "writes": writes,
        "failed": failed,
        "forms": _free_forms(found, failed) if writes else [],
    }
    return render(request, "witnessing/trade.html", context, status=status)


def _shown(found: Trade, part: Part, *, writes: bool, failed: Failed | None) -> dict[str, Any]:
    rows = [_row(found, one, failed) if writes and one.is_typed else {"line": one} for one in part.lines]
    return {"part": part, "rows": rows}


def _row(found: Trade, line: Line, failed: Failed | None) -> dict[str, Any]:
    """A line with the form that answers it; the one that was not taken comes back as it was typed."""
    name, form = answering(found, line.item)
    mine = failed is not None and failed.about == line.item.id and failed.act in {name, "register_check"}
    if failed is not None and mine and failed.act == name:
        form = failed.form
    return {"line": line, "act": name, "form": form, "failed": mine}


def _free_forms(found: Trade, failed: Failed | None) -> list[dict[str, Any]]:
    """Notes, recordings and anomalies that belong to no item."""
    shown = []
    for name in ("register_note", "register_recording", "register_anomaly"):
        mine = failed is not None and failed.act == name and not failed.about
        form = failed.form if failed is not None and mine else DOINGS[name].form(trade=found)
        shown.append({"page": PAGES[name], "act": name, "form": form, "failed": mine})
    return shown


def _with_closing(found: Trade, anomaly: Anomaly, failed: Failed | None) -> dict[str, Any]:
    about = str(anomaly.number)
    mine = failed is not None and failed.act == "close_anomaly" and failed.about == about
    form = failed.form if failed is not None and mine else DOINGS["close_anomaly"].form(trade=found, about=about)
    return {"anomaly": anomaly, "form": form, "failed": mine}


def _watches(found: Trade, actor: Actor) -> bool:
    return holds_a_role(found, actor=actor, roles=WITNESSING)


def _records(found: Trade) -> list[WitnessRecord]:
    return list(found.witness_records.select_related("recording", "person"))


def _anomalies(found: Trade) -> list[Anomaly]:
    rows = found.anomalies.select_related("concerns", "closing")
    return list(rows.prefetch_related("letters__to", "letters__reply"))


def _letters(found: Trade) -> list[Letter]:
    return list(Letter.objects.filter(anomaly__trade=found).select_related("to", "reply", "anomaly"))


def _own_letters(found: Trade, actor: Actor) -> list[Letter]:
    if not actor.organisation or not actor.offices:
        return []
    return [one for one in _letters(found) if one.to.code == actor.organisation]


def _attached(found: Trade) -> dict[str, str]:
    kept = [
        *found.witness_records.values_list("evidence", "sequence"),
        *found.anomalies.values_list("evidence", "sequence"),
    ]
    return {sha256: f"见证材料{sequence}" for sha256, sequence in kept if sha256}


def _named(names: Collection[str], sha256: str) -> Evidence:
    if sha256 not in names:
        raise Http404
    return get_object_or_404(Evidence, sha256=sha256)
