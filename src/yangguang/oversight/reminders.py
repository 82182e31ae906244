"""节前提醒: before each holiday a talk and a message, due by the last working days before the rest (惯例)."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from yangguang.ledger.law import law_for
from yangguang.ledger.models import Record, State, Unit
from yangguang.rules.calendar import legal_date
from yangguang.rules.law import Law
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
    """Both reminders of every holiday that are due within a year, in its order, as they stand on the day of `at`.

    What is due in the last days of December is for 元旦 of the year after.
    """
    day = legal_date(at)
    done = _done(unit, year)
    return [
        HolidayDue(
            holiday=holiday, reminder=reminder, record=(found := done.get((reminder, holiday.name))),
            standing=_standing(holiday, found, day=day),
        )
        for holiday in _due_in(law_for(unit, on=day), year)
        for reminder in Reminder
    ]  # fmt: skip


def _due_in(law: Law, year: int) -> list[Holiday]:
    """The holidays whose reminders are due in a year, and those of the year that have no date yet."""
    own, following = holidays_of(law=law, year=year), holidays_of(law=law, year=year + 1)
    dated = [one for one in (*own, *following) if one.due is not None and one.due.year == year]
    return [*dated, *(one for one in own if one.due is None)]


def _done(unit: Unit, year: int) -> dict[tuple[str, str], Record]:
    """The first talk and the first message of the year for each holiday, of the unit or of one above it.

    What the group said to everybody before a holiday its branches need not say again.
    """
    by = [unit.code, *unit.above]
    rows = Record.objects.filter(unit__code__in=by, register__in=list(Reminder), state=State.DONE, day__year=year)
    return {(one.register, str(one.fields.get("holiday"))): one for one in rows.order_by("-day", "-pk")}


def _standing(holiday: Holiday, found: Record | None, *, day: date) -> Standing:
    if found is not None:
        return Standing.DONE
    if holiday.due is None or holiday.first is None:
        return Standing.UNKNOWN
    if day > holiday.due:
        return Standing.MISSED
    return Standing.DUE if (holiday.first - day).days <= SOON else Standing.AHEAD
