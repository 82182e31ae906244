"""Public holidays (法定节日): from which day people rest, and by when a talk or a message before them is due."""

from dataclasses import dataclass
from datetime import date

import chinese_calendar

from yangguang.rules.calendar import ONE_DAY, WorkingCalendar
from yangguang.rules.dated import shipped_rows
from yangguang.rules.law import Law


@dataclass(frozen=True, slots=True, kw_only=True)
class Holiday:
    """节日 of a year: its first day of rest and the working day by which to talk; both None while not announced.

    `is_certain` is False where only the fixed day is known and the arrangement of the year is not announced.
    """

    id: str
    name: str
    first: date | None
    due: date | None
    is_certain: bool


def holidays_of(*, law: Law, year: int) -> tuple[Holiday, ...]:
    """The seven holidays of a year, in its order, those without a date last (全国年节及纪念日放假办法第二条).

    A talk is due some working days before the rest begins, by default one (惯例). Working days are those of the law's
    calendar, corrections included.
    """
    count = law.rule("party.holiday.talk").count
    found = [
        _holiday(row, year, count, law.calendar)
        for row in shipped_rows("party", "holidays.csv")
        if _is_in_force(row, law.date)
    ]
    return tuple(sorted(found, key=lambda one: (one.first is None, one.first or date.max)))


def next_due(*, law: Law, at: date) -> Holiday | None:
    """The next holiday whose talk is not yet past due on the legal date `at`, looking a year ahead."""
    days = [one for year in (at.year, at.year + 1) for one in holidays_of(law=law, year=year)]
    return next((one for one in days if one.due is not None and at <= one.due), None)


def _holiday(row: dict[str, str], year: int, count: int, calendar: WorkingCalendar) -> Holiday:
    announced = _announced_first(row["calendar_name"], year)
    first = announced or (date.fromisoformat(f"{year}-{row['fixed_day']}") if row["fixed_day"] else None)
    return Holiday(
        id=row["id"],
        name=row["name"],
        first=first,
        due=None if first is None else _working_days_before(first, count, calendar),
        is_certain=announced is not None,
    )


def _announced_first(name: str, year: int) -> date | None:
    """The first day of rest under this name; that of New Year may lie in the year before."""
    days = {day for day, label in chinese_calendar.holidays.items() if label == name}
    first = min((day for day in days if day.year == year), default=None)
    while first is not None and first - ONE_DAY in days:
        first -= ONE_DAY
    return first


def _working_days_before(day: date, count: int, calendar: WorkingCalendar) -> date:
    for _ in range(count):
        day -= ONE_DAY
        while not calendar.is_working_day(day):
            day -= ONE_DAY
    return day


def _is_in_force(row: dict[str, str], on: date) -> bool:
    return row["effective_from"] <= on.isoformat() <= (row["effective_to"] or "9999-12-31")
