"""The workbench (工作台): what waits for me, clocks first, then my trades."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yangguang.trading.models import Trade
from yangguang.trading.stages import ENDED
from yangguang.web.acts.offers import offers_for
from yangguang.web.requests import Request


@login_required
@require_safe
def desk(request: Request) -> HttpResponse:
    """待办 and my trades."""
    running = Trade.objects.exclude(stage__in=ENDED).select_related(*Trade.read_along).order_by("-pk")
    mine = [(trade, offers_for(trade, actor=request.actor)) for trade in running]
    mine = [(trade, offers) for trade, offers in mine if offers]
    timed = [
        (one.due, number, one) for number, one in enumerate(one for _, offers in mine for one in offers) if one.due
    ]
    waiting = [one for _, _, one in sorted(timed)]
    return render(request, "desk/desk.html", {"waiting": waiting, "mine": mine})
