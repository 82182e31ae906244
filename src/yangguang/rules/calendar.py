"""Working days (工作日) and day counting (期间计算) on legal dates, that is dates of Asia/Shanghai.

The first day is never counted: a period of one day that starts on Monday ends on Tuesday.
"""

import csv
import io
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import chinese_calendar

from yangguang.rules.rule_words import DayType

LEGAL_ZONE = ZoneInfo("Asia/Shanghai")
ONE_DAY = timedelta(days=1)
SATURDAY = 5


class BadCalendar(ValueError):  # noqa: N818 - named after what is wrong, as in the rest of rules/
    """Corrections of working days cannot be read; the Chinese message names file, row and field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingCalendar:
    """The calendar of rest days and make-up working days (调休).

    `corrections` says for single dates whether they are working days and wins over the published arrangement.
    """

    corrections: Mapping[date, bool] = field(default_factory=dict, hash=False)

    def is_working_day(self, day: date) -> bool:
        """Whether people work on this day; in a year not yet announced Monday to Friday count as working days."""
        corrected = self.corrections.get(day)
        if corrected is not None:
            return corrected
        if day.year in _announced_years():
            return bool(chinese_calendar.is_workday(day))
        return day.weekday() < SATURDAY

    def is_certain(self, day: date) -> bool:
        """Whether the arrangement of this day is known: announced for its year, or given as a correction."""
        return day in self.corrections or day.year in _announced_years()

    def next_working_day(self, day: date) -> date:
        """The day itself if it is a working day, otherwise the first one after it."""
        while not self.is_working_day(day):
            day += ONE_DAY
        return day

    def to_json(self) -> dict[str, bool]:
        """The corrections as plain JSON values, for a trade to keep with its law."""
        return {day.isoformat(): works for day, works in sorted(self.corrections.items())}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "WorkingCalendar":
        """The calendar as `to_json` kept it. Raises `BadCalendar`."""
        corrections: dict[date, bool] = {}
        for day, works in kept.items():
            if not isinstance(works, bool):
                raise BadCalendar(f"工作日更正 {day}：应为是或否，现为 {works}")
            corrections[_day_from(day, place=f"工作日更正 {day}")] = works
        return cls(corrections=corrections)


NATIONAL_CALENDAR = WorkingCalendar()


def calendar_from_csv(*, text: str, name: str) -> WorkingCalendar:
    """Read corrections from CSV with the heading `date,working` (working: yes or no); later rows win.

    `name` is the file named in errors. Raises `BadCalendar`.
    """
    reader = csv.DictReader(io.StringIO(text))
    if list(reader.fieldnames or ()) != ["date", "working"]:
        raise BadCalendar(f"{name} 第1行：表头应为 date,working")
    corrections: dict[date, bool] = {}
    for number, row in enumerate(reader, 2):
        place = f"{name} 第{number}行"
        if row["working"] not in {"yes", "no"}:
            raise BadCalendar(f"{place} 字段 working：应为 yes 或 no，现为 {row['working']}")
        corrections[_day_from(row["date"], place=f"{place} 字段 date")] = row["working"] == "yes"
    return WorkingCalendar(corrections=corrections)


def legal_date(moment: datetime) -> date:
    """The legal date (Asia/Shanghai) of an aware moment. Raises ValueError for a moment without a time zone."""
    return _aware(moment).astimezone(LEGAL_ZONE).date()


def start_of_day(day: date) -> datetime:
    """The aware moment (Asia/Shanghai) at which a legal day begins: 0:00."""
    return datetime.combine(day, time(), tzinfo=LEGAL_ZONE)


def end_of_day(day: date) -> datetime:
    """The aware moment (Asia/Shanghai) at which a legal day is over: 24:00, so a moment before it is in time."""
    return start_of_day(day + ONE_DAY)


def add_days(*, start: date, count: int, day_type: DayType, calendar: WorkingCalendar = NATIONAL_CALENDAR) -> date:
    """The count-th day after `start` (`start` not counted). Raises ValueError for a negative count or no day type."""
    _refuse_bad_count(count, day_type)
    if day_type is DayType.CALENDAR:
        return start + timedelta(days=count)
    day = start
    for _ in range(count):
        day = calendar.next_working_day(day + ONE_DAY)
    return day


def add_months(*, start: date, count: int) -> date:
    """The day of the same number `count` months later (negative: earlier) or that month's last (民法典第二百零二条)."""
    years, month = divmod(start.year * 12 + start.month - 1 + count, 12)
    return date(years, month + 1, min(start.day, monthrange(years, month + 1)[1]))


def end_of_period(
    *, start: date, count: int, day_type: DayType, rolls: bool, calendar: WorkingCalendar = NATIONAL_CALENDAR
) -> date:
    """The last day of a period of `count` days after `start`; where it `rolls`, never a rest day (顺延)."""
    last = add_days(start=start, count=count, day_type=day_type, calendar=calendar)
    return calendar.next_working_day(last) if rolls else last


def latest_start(*, end: date, count: int, day_type: DayType, calendar: WorkingCalendar = NATIONAL_CALENDAR) -> date:
    """The latest day that lies at least `count` days before `end`: from it `add_days` still reaches no further."""
    _refuse_bad_count(count, day_type)
    if day_type is DayType.CALENDAR:
        return end - timedelta(days=count)
    day = end
    for _ in range(count):
        while not calendar.is_working_day(day):
            day -= ONE_DAY
        day -= ONE_DAY
    return day


def days_between(*, start: date, end: date, day_type: DayType, calendar: WorkingCalendar = NATIONAL_CALENDAR) -> int:
    """How many days after `start` up to and with `end`; negative when `end` comes first."""
    _refuse_bad_count(0, day_type)
    if day_type is DayType.CALENDAR:
        return (end - start).days
    if end < start:
        return -days_between(start=end, end=start, day_type=day_type, calendar=calendar)
    days = (start + timedelta(days=step) for step in range(1, (end - start).days + 1))
    return sum(calendar.is_working_day(day) for day in days)


@cache
def _announced_years() -> range:
    """The years whose rest days the calendar package knows."""
    known = [day.year for day in chinese_calendar.holidays]
    return range(min(known), max(known) + 1)


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("时刻必须带时区")
    return moment


def _refuse_bad_count(count: int, day_type: DayType) -> None:
    if count < 0:
        raise ValueError(f"天数不能为负：{count}")
    if day_type is DayType.NONE:
        raise ValueError("应写明自然日或者工作日")


def _day_from(text: str, *, place: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadCalendar(f"{place}：应为 年-月-日 形式的日期，现为 {text}") from None
