"""The law as a unit has it on a day: the shipped rows, and what the house corrected."""

from collections.abc import Callable
from datetime import date

from yangguang.lawbook.models import DayCorrection, RuleCorrection
from yangguang.lawbook.standing import counted
from yangguang.ledger.models import Unit
from yangguang.ledger.remembering import remembered
from yangguang.rules.calendar import NATIONAL_CALENDAR, WorkingCalendar
from yangguang.rules.law import Law, law_on


@remembered
def law_for(unit: Unit, *, on: date) -> Law:
    """The law in force on a legal date where the unit is, with every correction of the house; two queries."""
    return laws_for(unit)(on)


@remembered
def laws_for(unit: Unit) -> Callable[[date], Law]:
    """The law of any day where the unit is; the two queries are made once."""
    rows = tuple(RuleCorrection.objects.order_by("sequence").values_list("row", flat=True))
    days = dict(DayCorrection.objects.order_by("sequence").values_list("day", "works"))
    calendar = WorkingCalendar(corrections=days) if days else NATIONAL_CALENDAR
    return lambda on: counted(law_on(date=on, region=unit.region, corrections=rows), calendar)
