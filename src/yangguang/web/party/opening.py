"""On which day the pages of a unit open: today; where nothing was recorded for a year, in its last month of work.

Nobody is served by a year of gaps: whoever opens an archive, a demonstration or a unit that has rested sees what is
there, a line that says so, and the way to the present month.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from yangguang.ledger.models import Record, State, Unit
from yangguang.rules.calendar import ONE_DAY, add_months, legal_date, start_of_day
from yangguang.web.accounts.requests import Request

RESTED = timedelta(days=366)
NOW = "now"  # the name in the address that asks for the present whatever is recorded


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """The day that a page shows as its present; `is_past` where that is not today."""

    day: date
    at: datetime
    is_past: bool = False


def opening_of(unit: Unit, request: Request) -> Opening:
    """Today, or the last day of the newest month in which people came to something; at most two queries."""
    today = legal_date(request.at)
    rows = Record.objects.filter(unit__path__startswith=unit.path, day__lte=today).exclude(state=State.CANCELLED)
    now = Opening(day=today, at=request.at)
    if NOW in request.GET or rows.filter(day__gt=today - RESTED).exists():
        return now
    newest = rows.filter(attendances__is_present=True).order_by("-day").values_list("day", flat=True).first()
    if newest is None:
        return now
    day = add_months(start=newest.replace(day=1), count=1) - ONE_DAY
    return Opening(day=day, at=start_of_day(day), is_past=True)
