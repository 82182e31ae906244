"""Metrics that are computed by a function (python:<name>): what it is asked, what it answers, and who answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from yangguang.ledger.models import Record, Unit
from yangguang.reports.figures import RecordId


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a metric is asked: for which unit (with all below it), from which day until which, narrowed by `where`."""

    unit: Unit
    first: date
    last: date
    where: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What was counted: the number, the records behind it, the titles where the metric lists some."""

    value: Decimal | int | None
    record_ids: tuple[RecordId, ...] = ()
    titles: tuple[str, ...] = ()
    is_masked: bool = False


Computation = Callable[[Asked], Counted]
Rows = Callable[[Asked], QuerySet[Record]]

COMPUTED: dict[str, Computation] = {}
ROWS: dict[str, Rows] = {}


def computes(name: str, *, rows: Rows | None = None) -> Callable[[Computation], Computation]:
    """Register the function behind `python:<name>`; used as a decorator.

    `rows` gives the records of the ledger that are counted: their evidence is then checked as that of any other metric.
    """

    def keep(function: Computation) -> Computation:
        COMPUTED[name] = function
        if rows is not None:
            ROWS[name] = rows
        return function

    return keep
