"""A month of records as a calendar shows it (日历): weeks of days, each with what happens on it."""

from calendar import Calendar
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from yangguang.ledger.models import Record

FIRST_YEAR, LAST_YEAR = 2000, 2099


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day with its records; `inside` tells whether it belongs to the month."""

    day: date
    inside: bool
    is_today: bool
    records: list[Record]

    @property
    def weekday(self) -> str:
        """星期几."""
        return "星期" + "一二三四五六日"[self.day.weekday()]


def month_of(text: str, *, today: date) -> date:
    """The first day of the month in an address, else of this month."""
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        found = today
    return (found if FIRST_YEAR <= found.year <= LAST_YEAR else today).replace(day=1)


def neighbours(month: date) -> tuple[date, date]:
    """The months before and after."""
    return (month - timedelta(days=1)).replace(day=1), (month + timedelta(days=31)).replace(day=1)


def weeks_of(month: date, records: Iterable[Record], *, today: date) -> list[list[Day]]:
    """The weeks of a month, from Monday on."""
    weeks = Calendar().monthdatescalendar(month.year, month.month)
    days = iter(days_of([day for week in weeks for day in week], records, month=month.month, today=today))
    return [[next(days) for _ in week] for week in weeks]


def days_of(days: Iterable[date], records: Iterable[Record], *, today: date, month: int = 0) -> list[Day]:
    """Days with their records in the order in which these come; all are inside where no month is shown."""
    by_day: dict[date, list[Record]] = defaultdict(list)
    for one in records:
        by_day[one.day].append(one)
    return [
        Day(day=day, inside=month in {0, day.month}, is_today=day == today, records=by_day.get(day, [])) for day in days
    ]


def day_of(text: str, *, today: date) -> date:
    """The day in an address, else today."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return today
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else today
