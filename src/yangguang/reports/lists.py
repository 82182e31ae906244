"""What a report lists from registers (清单): problems of the period, shortfalls of the rules, tasks that come next."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from yangguang.ledger.catalogue import register_named
from yangguang.ledger.models import Record, State, Unit
from yangguang.reports.concerns import Concern
from yangguang.reports.spans import Span

PROBLEMS, TASKS = "problem", "task"
TARGET, TASK = "目标", "任务"
MOST = 12
DECEMBER = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One point of a list and the record it stands in."""

    text: str
    source: str


def problems_in(unit: Unit, span: Span) -> list[Listed]:
    """问题清单: what was found in the period, and what is still open from before."""
    rows = Record.objects.filter(register=PROBLEMS, unit__path__startswith=unit.path, day__lte=span.last_day)
    rows = rows.filter(
        Q(state=State.OPEN) | Q(state=State.DONE, day__gte=span.first_day) | Q(closed_on__gt=span.last_day)
    )
    return _listed(rows.exclude(parent__register=PROBLEMS).values_list("title", "year", "number"), PROBLEMS)


def plan_after(unit: Unit, span: Span) -> list[Listed]:
    """下一步: what begins or is due after the period until the year ends: targets, or tasks where none are set."""
    year = span.year + 1 if span.last == DECEMBER else span.year
    first = date(year, 1, 1) if span.last == DECEMBER else span.last_day
    rows = Record.objects.filter(register=TASKS, unit__path__startswith=unit.path, kind__in=(TARGET, TASK))
    rows = rows.filter(Q(day__range=(first, date(year, 12, 31))) | Q(due_on__range=(first, date(year, 12, 31))))
    rows = rows.exclude(state__in=(State.DONE, State.CANCELLED))
    found = list(rows.values_list("title", "year", "number", "kind"))
    wanted = TARGET if any(kind == TARGET for *_, kind in found) else TASK
    return _listed([(title, year, number) for title, year, number, kind in found if kind == wanted], TASKS)


def shortfalls_in(concerns: Iterable[Concern]) -> list[Listed]:
    """What a cadence check found missing, as a problem that is told."""
    return [
        Listed(text=f"{one.reason.partition('（')[0]}的记录，需要核实并整改", source="频次检查")
        for one in concerns
        if one.code == "cadence.missing"
    ]


def _listed(rows: Iterable[tuple[str, int, int]], register: str) -> list[Listed]:
    entry = register_named(register)
    name = entry.name if entry else register
    ordered = sorted(rows, key=lambda row: (row[1], row[2]))[:MOST]
    return [Listed(text=title, source=f"{name}{year}-{number}号") for title, year, number in ordered]
