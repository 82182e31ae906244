"""The agenda of a round, the scores of an assessment, and the decomposition table as a workbook."""

from django.contrib.auth.decorators import login_required
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from yangguang.branch.rhythm import AHEAD, agenda_for
from yangguang.branch.tasks import TREES
from yangguang.exchange.importing import WORKBOOK
from yangguang.exchange.trees import decomposition_workbook
from yangguang.ledger.models import Record, State
from yangguang.reports.assessment import assess
from yangguang.rules.calendar import legal_date
from yangguang.web.accounts.requests import Request
from yangguang.web.party.reports.records import Reading
from yangguang.web.party.tasks.views import year_of
from yangguang.web.party.units import WATCHERS, frame, register_for, unit_for
from yangguang.web.portal.serving import download


@login_required
@never_cache
@require_safe
def agenda(request: Request, code: str) -> HttpResponse:
    """议程: of a week's, month's or quarter's round, read from what is overdue, coming and open."""
    unit = unit_for(request, code, roles=WATCHERS)
    register, reach = register_for(request, unit, "work_round")
    kind = request.GET.get("kind") if request.GET.get("kind") in AHEAD else next(iter(AHEAD))
    today = legal_date(request.at)
    found = agenda_for(unit, kind=str(kind), at=today)
    every = [*found.overdue, *found.coming, *found.problems]
    prefetch_related_objects(every, "unit", "owner")
    reading = Reading(request.member)
    parts = [
        (name, seen := [one for one in rows if reading.may_read(one)], len(rows) - len(seen))
        for name, rows in (("逾期", found.overdue), ("将要到期", found.coming), ("没有解决的问题", found.problems))
    ]
    context = frame(
        request, unit, "tasks", kind=kind, kinds=list(AHEAD), today=today, parts=parts, sections=found.sections,
        is_empty=found.is_empty, register=register, reach=reach,
    )  # fmt: skip
    return render(request, "party/agenda.html", context)


@login_required
@never_cache
@require_safe
def assessment(request: Request, code: str) -> HttpResponse:
    """考核: a round's scores by the figures of its months; computed anew each time, typed by nobody."""
    unit = unit_for(request, code, roles=WATCHERS)
    register, reach = register_for(request, unit, "assessment_round")
    if not reach.reads:
        raise Http404
    rounds = Record.objects.filter(unit=unit, register=register.id).exclude(state=State.CANCELLED)
    held = list(rounds.select_related("unit", "parent").order_by("-day", "-pk")[:30])
    asked = request.GET.get("round", "")
    chosen = next((one for one in held if str(one.pk) == asked), held[0] if held else None)
    found = assess(chosen, as_of=legal_date(request.at)) if chosen else None
    names = {one.metric: one for one in found.figures} if found else {}
    scores = [(one, names.get(str(one.item.fields["metric"]))) for one in found.scores] if found else []
    context = frame(
        request, unit, "tasks", rounds=held, chosen=chosen, found=found, scores=scores, register=register, reach=reach
    )
    return render(request, "party/assessment.html", context)


@login_required
@never_cache
@require_safe
def table(request: Request, code: str) -> HttpResponseBase:
    """任务分解表 of a year as a workbook, for those who read the tree."""
    unit = unit_for(request, code)
    register, reach = register_for(request, unit, request.GET.get("tree", TREES[0]))
    asked = request.GET.get("year", "")
    if register.id not in TREES or not reach.reads:
        raise Http404
    year = year_of(asked, this=legal_date(request.at).year)
    content = decomposition_workbook(unit, register=register.id, year=year)
    return download(HttpResponse(content, content_type=WORKBOOK), name=f"{year}年{register.name}分解表.xlsx")
