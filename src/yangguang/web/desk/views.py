"""The workbench (工作台): what waits for me, clocks first, then my trades and what happened there."""

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yangguang.parties.models import Office
from yangguang.trading.due import with_deadlines
from yangguang.trading.models import Centre, Trade
from yangguang.trading.stages import Stage
from yangguang.web.accounts.requests import Request
from yangguang.web.desk.news import news_for, read_until
from yangguang.web.desk.tasks import tasks_of
from yangguang.web.desk.trades import WATCHERS, Trades, my_trades, own_facts, written_to
from yangguang.web.desk.waiting import ALARMING, Row, rows_of, stages_with_clocks, waiting_in
from yangguang.web.party.waiting import party_tasks
from yangguang.web.portal.lists import LARGEST_ID
from yangguang.web.task import Task
from yangguang.witness.actor import Actor

PAGE_SIZE = 20
MOST_WAITING = 30
MOST_NEWS = 5
MOST_ALARMS = 30


@login_required
@require_safe
def desk(request: Request) -> HttpResponse:
    """待办, alarms for those who watch, and my trades."""
    running = my_trades(request.actor).exclude(stage=Stage.ARCHIVED)
    newest = list(running.order_by("-pk").values_list("pk", flat=True)[: PAGE_SIZE + 1])
    clocks, letters = Q(stage__in=stages_with_clocks(request.actor)), written_to(request.actor.organisation)
    looked_at = running.filter(clocks | letters | Q(pk__in=newest))
    rows = _rows(list(with_deadlines(looked_at).order_by("-pk")), request.actor, at=request.at)
    waiting = waiting_in(rows)
    new = [one for one in news_for(request.actor, read=_read(request)) if one.is_new]
    context = {
        "news": new[:MOST_NEWS],
        "unread": len(new),
        "waiting": waiting[:MOST_WAITING],
        "more_waiting": max(0, len(waiting) - MOST_WAITING),
        "office": _office(request.actor),
        "tasks": [*_centre_tasks(request), *party_tasks(request.member, at=request.at)],
        **(_watched(running) if _watches(request.actor) else {}),
        **_list(request, [one for one in rows if one.trade.pk in newest]),
    }
    return render(request, "desk/desk.html", context)


def _centre_tasks(request: Request) -> list[Task]:
    """What waits for the staff of the centre outside of any trade."""
    if Office.CENTRE not in request.actor.offices:
        return []
    centre = Centre.objects.filter(code=request.actor.organisation).first()
    return tasks_of(centre, at=request.at) if centre else []


def _read(request: Request) -> int:
    return read_until(request.user, organisation=request.actor.organisation)


def _rows(trades: list[Trade], actor: Actor, *, at: datetime) -> list[Row]:
    return rows_of(trades, actor=actor, own=own_facts(trades, actor=actor), at=at)


def _list(request: Request, running: list[Row]) -> dict[str, Any]:
    """One page of my trades; without a search the running ones, which are there already."""
    words, before = request.GET.get("q", "").strip()[:80], request.GET.get("before", "")
    ended = request.GET.get("ended") == "1"
    asked = bool(words or ended or before)
    rows = _found(request, words, before=before, ended=ended) if asked else running[: PAGE_SIZE + 1]
    older = rows[PAGE_SIZE - 1].trade.pk if len(rows) > PAGE_SIZE else 0
    return {"rows": rows[:PAGE_SIZE], "q": words, "ended": ended, "older": older, "before": before, "asked": asked}


def _found(request: Request, words: str, *, before: str, ended: bool) -> list[Row]:
    trades = my_trades(request.actor)
    if not ended:
        trades = trades.exclude(stage=Stage.ARCHIVED)
    if before.isascii() and before.isdigit() and int(before[:20]) <= LARGEST_ID:
        trades = trades.filter(pk__lt=int(before))
    found = list(with_deadlines(_with_words(trades, words, request.actor)).order_by("-pk")[: PAGE_SIZE + 1])
    return _rows(found, request.actor, at=request.at)


def _with_words(trades: Trades, words: str, actor: Actor) -> Trades:
    """The trades that hold every word; experts find by name only what they have signed in to."""
    if words and not actor.organisation:
        trades = trades.filter(members__person__mark=actor.person, members__signed_in_at__isnull=False)
    for word in words.replace("\x00", " ").split():
        named = Q(tender__title__icontains=word) | Q(title__icontains=word) | Q(tender__tenderer__name__icontains=word)
        trades = trades.filter(named | Q(stream__icontains=word) | Q(lot_code__icontains=word))
    return trades


def _watches(actor: Actor) -> bool:
    return bool(actor.offices & (WATCHERS | {Office.CENTRE.value}))


def _watched(running: Trades) -> dict[str, Any]:
    """For whoever watches: how many trades stand where, and the newest of those that stopped or failed."""
    number_at = dict(running.order_by().values_list("stage").annotate(number=Count("pk")))
    alarms = list(running.filter(stage__in=ALARMING).order_by("-pk")[:MOST_ALARMS])
    return {
        "stages": [(str(Stage(stage).label), number_at[stage]) for stage in Stage.values if stage in number_at],
        "alarms": alarms,
        "more_alarms": sum(number_at.get(stage, 0) for stage in ALARMING) - len(alarms),
    }


def _office(actor: Actor) -> str:
    """For whom the page is laid out."""
    if not actor.organisation:
        return "expert"
    return next((one for one in ("centre", "supervision", "discipline") if one in actor.offices), "handler")
