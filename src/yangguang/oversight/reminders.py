"""节前提醒: before each holiday a talk and a message, due by the last working days before the rest (惯例)."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from yangguang.ledger.law import law_for
from yangguang.ledger.models import Record, State, Unit
from yangguang.rules.calendar import legal_date
from yangguang.rules.party.holidays import Holiday, holidays_of


class Reminder(StrEnum):
    """What is asked before a holiday."""

    TALK = "holiday_talk"
    MESSAGE = "holiday_message"


class Standing(StrEnum):
    """How it stands on a day."""

    DONE = "已办"
    DUE = "待办"
    AHEAD = "未到"
    MISSED = "缺"
    UNKNOWN = "放假安排未公布"


SOON = 14  # days before the rest from which a reminder is shown; 平台规则: quiet by default


@dataclass(frozen=True, slots=True, kw_only=True)
class HolidayDue:
    """One reminder of one holiday: until when, and the record that did it."""

    holiday: Holiday
    reminder: Reminder
    standing: Standing
    record: Record | None


def holiday_dues(unit: Unit, *, year: int, at: datetime) -> list[HolidayDue]:
    """Both reminders of every holiday of a year, in the order of the year, as they stand on the day of `at`."""
    day = legal_date(at)
    done = _done(unit, year)
    return [
        HolidayDue(
            holiday=holiday, reminder=reminder, record=(found := done.get((reminder, holiday.name))),
            standing=_standing(holiday, found, day=day),
        )
        for holiday in holidays_of(law=law_for(unit, on=day), year=year)
        for reminder in Reminder
    ]  # fmt: skip


def _done(unit: Unit, year: int) -> dict[tuple[str, str], Record]:
    """The records of a holiday year; what is done in the last days of December belongs to 元旦 of the next."""
    rows = Record.objects.filter(unit=unit, register__in=list(Reminder), state=State.DONE)
    near = rows.filter(day__gte=date(year - 1, 12, 1), day__lte=date(year, 12, 31)).order_by("-pk")
    return {(one.register, holiday): one for one in near if (holiday := _holiday_in(one, year)) is not None}


def _holiday_in(record: Record, year: int) -> str | None:
    name = record.fields.get("holiday")
    december = record.day.month == 12  # noqa: PLR2004 - the month
    counted = record.day.year + 1 if december and name == "元旦" else record.day.year
    return str(name) if name and counted == year else None


def _standing(holiday: Holiday, found: Record | None, *, day: date) -> Standing:
    if found is not None:
        return Standing.DONE
    if holiday.due is None or holiday.first is None:
        return Standing.UNKNOWN
    if day > holiday.due:
        return Standing.MISSED
    return Standing.DUE if (holiday.first - day).days <= SOON else Standing.AHEAD
