"""What the clock closes by itself: tasks that records have met. One query a beat while nothing changes."""

from collections.abc import Iterator
from datetime import date, datetime
from functools import lru_cache, partial

from yangguang.branch.acts import close_met_task
from yangguang.branch.tasks import TREES, tasks_that_are_met
from yangguang.ledger.deadlines import Due, provides_deadlines
from yangguang.ledger.models import Record, State, Unit
from yangguang.ledger.roles import LedgerRole
from yangguang.rules.calendar import start_of_day
from yangguang.witness.actor import CLOCK

Head = tuple[int, str, int, str]  # a unit with its path, and how far its stream has come
MOST_UNITS = 4096


@provides_deadlines
def met_tasks() -> Iterator[Due]:
    """The tasks that may be closed. A unit is asked again only after an entry in its stream or in one below."""
    heads = tuple(Unit.objects.order_by("pk").values_list("pk", "path", "entries", "head"))
    return (
        Due(
            moment=moment, stream=unit.stream, act="close_met_task", roles=frozenset({LedgerRole.CLOCK}),
            perform=partial(_close, unit, record),
        )
        for unit, record, moment in _met(heads)
    )  # fmt: skip


@lru_cache(maxsize=1)
def _met(heads: tuple[Head, ...]) -> tuple[tuple[Unit, int, datetime], ...]:
    waiting = set(Record.objects.filter(register__in=TREES, state=State.OPEN).values_list("unit", flat=True))
    asked = ((pk, tuple(one for one in heads if one[1].startswith(path))) for pk, path, _, _ in heads if pk in waiting)
    return tuple(found for pk, below in asked for found in _met_in(pk, below))


@lru_cache(maxsize=MOST_UNITS)
def _met_in(unit: int, heads: tuple[Head, ...]) -> tuple[tuple[Unit, int, datetime], ...]:  # noqa: ARG001 - the key
    found = tasks_that_are_met(Unit.objects.get(pk=unit), at=date.max)
    return tuple((met.task.unit, met.task.pk, _moment(met.evidence)) for met in found)


def _moment(evidence: tuple[int, ...]) -> datetime:
    """From when on the task is met: the last of its records was entered, and its day has come."""
    rows = Record.objects.filter(pk__in=evidence).values_list("entered_at", "day")
    return max(max(entered_at, start_of_day(day)) for entered_at, day in rows)


def _close(unit: Unit, record: int, at: datetime) -> Record:
    return close_met_task(unit, actor=CLOCK, at=at, record=record)
