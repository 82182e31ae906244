"""The decomposition table of a year."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from yangguang.branch.tasks import TREES, decomposition
from yangguang.web.accounts.requests import Request
from yangguang.web.party.opening import opening_of
from yangguang.web.party.units import frame, registers_of, unit_for
from yangguang.witness.inputs import FIRST_YEAR, LAST_YEAR


@login_required
@never_cache
@require_safe
def tasks(request: Request, code: str) -> HttpResponse:
    """任务: a tree of a year, with who answers for what, until when, and what is done."""
    unit = unit_for(request, code)
    trees = [(one, reach) for one, reach in registers_of(unit, request.member) if one.id in TREES and reach.reads]
    if not trees:
        raise Http404
    trees.sort(key=lambda one: TREES.index(one[0].id))
    register, reach = next((one for one in trees if one[0].id == request.GET.get("tree")), trees[0])
    opening = opening_of(unit, request)
    today = opening.day
    year = year_of(request.GET.get("year", ""), this=today.year)
    lines = decomposition(unit, register=register.id, year=year)
    above = {one.number.rpartition(".")[0] for one in lines}
    leaves = [one for one in lines if one.number not in above]
    context = frame(
        request, unit, "tasks", trees=[one for one, _ in trees], register=register, reach=reach, lines=lines,
        above=above, year=year, today=today, done=sum(one.done for one in leaves), leaves=len(leaves),
        opening=opening,
    )  # fmt: skip
    return render(request, "party/tasks.html", context)


def year_of(asked: str, *, this: int) -> int:
    """The year that an address names; what is none is this one."""
    year = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == len("2026") else this
    return year if FIRST_YEAR <= year <= LAST_YEAR else this
