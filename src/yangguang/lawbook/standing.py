"""The law and the calendar as the centre has them now: what is shipped, and its corrections over it.

Both are asked for by every act. They change only with an entry of the centre's stream, so what was read once holds as
long as the stream has the same head; no question goes to the database for it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from yangguang.lawbook.models import DayCorrection, RuleCorrection
from yangguang.rules.calendar import NATIONAL_CALENDAR, ONE_DAY, WorkingCalendar
from yangguang.rules.law import Law, Rule, law_on, table
from yangguang.rules.rule_rows import rules_from_rows
from yangguang.witness.models import Witnessed

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a correction changes from `since` on: the rule in force before and after it, None where there is none."""

    since: date
    before: Rule | None
    after: Rule | None


def calendar_of(centre: Witnessed) -> WorkingCalendar:
    """The working days as this centre counts them."""
    return _calendar(centre.stream, centre.entries, centre.head)


def corrections_of(centre: Witnessed) -> tuple[Row, ...]:
    """The centre's corrections of rules, oldest first, as `law_on` takes them."""
    return _rows(centre.stream, centre.entries, centre.head)


def law_of(centre: Witnessed, *, date: date, region: str) -> Law:
    """The law in force on a legal date in a region, corrections and the centre's calendar with it."""
    return counted(law_on(date=date, region=region, corrections=corrections_of(centre)), calendar_of(centre))


def counted(law: Law, calendar: WorkingCalendar) -> Law:
    """The law whose days are counted by this calendar."""
    return law if calendar is law.calendar else replace(law, calendar=calendar)


def rows_of(centre: Witnessed) -> tuple[Rule, ...]:
    """Every row, shipped and corrected, all dates and regions; later rows win."""
    return (*table(), *(one.rule() for one in _kept(RuleCorrection, centre.stream, centre.entries)))


def changes_by(row: Row, *, centre: Witnessed, region: str) -> list[Change]:
    """What a further correction would change in a region, and from when on. Raises `BadRuleRow`."""
    rules_from_rows(rows=[row], name="更正")
    before, after = corrections_of(centre), (*corrections_of(centre), row)
    found: list[Change] = []
    for day in _turns(row, rows_of(centre)):
        old, new = (law_on(date=day, region=region, corrections=given).find(row["id"]) for given in (before, after))
        if _told(old) != _told(new):
            found.append(Change(since=day, before=old, after=new))
    return found


def _turns(row: Row, rows: tuple[Rule, ...]) -> Iterator[date]:
    """The days within the correction's span on which something about this rule begins."""
    begins = date.fromisoformat(row["effective_from"])
    ends = date.fromisoformat(row["effective_to"]) if row["effective_to"] else date.max
    same = [one for one in rows if one.id == row["id"]]
    days = {begins, *(one.effective_from for one in same)}
    days |= {one.effective_to + ONE_DAY for one in same if one.effective_to}
    return (day for day in sorted(days) if begins <= day <= ends)


def _told(rule: Rule | None) -> dict[str, str] | None:
    """A rule without its span: what people would see change."""
    return None if rule is None else {k: v for k, v in rule.to_row().items() if not k.startswith("effective")}


@lru_cache(maxsize=64)
def _calendar(stream: str, entries: int, head: str) -> WorkingCalendar:  # noqa: ARG001 - names the history
    found = {one.day: one.works for one in _kept(DayCorrection, stream, entries)}
    return WorkingCalendar(corrections=found) if found else NATIONAL_CALENDAR


@lru_cache(maxsize=64)
def _rows(stream: str, entries: int, head: str) -> tuple[Row, ...]:  # noqa: ARG001 - names the history
    return tuple(one.row for one in _kept(RuleCorrection, stream, entries))


def _kept(kind: Any, stream: str, entries: int) -> Any:
    return kind.objects.filter(stream=stream, sequence__lte=entries) if entries else ()
