"""The matrix of talks."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from yangguang.branch.pairs import Matrix, matrix
from yangguang.ledger.roles import LedgerRole
from yangguang.rules.party.talks import RELATION_LABELS
from yangguang.web.accounts.requests import Request
from yangguang.web.party.opening import opening_of
from yangguang.web.party.units import frame, register_for, unit_for

WATCHERS = frozenset({LedgerRole.KEEPER, LedgerRole.INSPECTOR, LedgerRole.LEADER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing:
    """One of the three pairings: how many were asked for and held, and the gaps by name."""

    name: str
    required: int
    covered: int
    gaps: list[str]


@login_required
@never_cache
@require_safe
def pairs(request: Request, code: str) -> HttpResponse:
    """谈话矩阵: the numbers for those who watch, names and gaps for those who keep the register."""
    unit = unit_for(request, code, roles=WATCHERS)
    register, reach = register_for(request, unit, "talk")
    opening = opening_of(unit, request)
    today = opening.day
    found = matrix(unit, year=today.year, on=today)
    context = frame(
        request, unit, "pairs", register=register, reach=reach, year=today.year, pairings=_pairings(found),
        people=found.people if reach.writes else (), rows=_rows(found) if reach.writes else [], opening=opening,
    )  # fmt: skip
    return render(request, "party/pairs.html", context)


def _pairings(found: Matrix) -> list[Pairing]:
    names = {one.mark: one.name for one in found.people}
    return [
        Pairing(
            name=RELATION_LABELS[one.relation],
            required=one.required,
            covered=one.covered,
            gaps=["与".join(names.get(mark, "") for mark in gap) for gap in one.gaps],
        )
        for one in found.coverage
    ]


def _rows(found: Matrix) -> list[tuple[str, list[int | None]]]:
    return [
        (one.name, [None if one.pk == other.pk else found.between(one, other) for other in found.people])
        for one in found.people
    ]
