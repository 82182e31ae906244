"""零报告: a zero says something only where a person answered for the register over all the months, by name and day."""

from collections.abc import Sequence
from datetime import timedelta

from yangguang.ledger.models import SignOff, Unit
from yangguang.parties.models import Person
from yangguang.reports.spans import Span
from yangguang.rules.calendar import legal_date

ONE_DAY = timedelta(days=1)


def answering(*, register: str, unit: Unit, span: Span) -> tuple[SignOff, ...]:
    """The sign-offs (签核) that together cover every day of the months, in their order; none where a day is left."""
    spans = SignOff.objects.filter(
        register=register, unit=unit, first__lte=span.last_day, last__gte=span.first_day
    ).order_by("first", "pk")
    used: list[SignOff] = []
    reached = span.first_day - ONE_DAY
    for one in spans:
        if one.first > reached + ONE_DAY:
            break
        if one.last > reached:
            reached = one.last
            used.append(one)
    return tuple(used) if reached >= span.last_day else ()


def answered_by(signed: Sequence[SignOff]) -> str:
    """Who stated when that a register holds everything of which days, as the annex prints it; empty for nobody."""
    names = dict(Person.objects.filter(mark__in={one.by for one in signed}).values_list("mark", "name"))
    said = "；".join(f"{names.get(one.by, one.by)}于{legal_date(one.at)}签核{one.first}至{one.last}" for one in signed)
    return f"为零，由{said}" if said else ""
