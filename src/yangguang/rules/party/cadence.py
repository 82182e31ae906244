"""Cadences (频次): in which periods something was held, which are missing, and which are still open until when."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from yangguang.rules.calendar import NATIONAL_CALENDAR, ONE_DAY, WorkingCalendar
from yangguang.rules.checks.answers import refuse
from yangguang.rules.law import Law, Rule, Unit
from yangguang.rules.refusal import Refusal

MONTHS_OF = {Unit.PER_MONTH: 1, Unit.PER_QUARTER: 3, Unit.PER_HALF_YEAR: 6, Unit.PER_YEAR: 12}
ONE_WEEK = timedelta(days=7)
PREFIX = "party.cadence."


class State(StrEnum):
    """How a period stands on a day: done, over and short, running and short, or not begun."""

    HELD = "held"
    MISSING = "missing"
    OPEN = "open"
    AHEAD = "ahead"


STATE_LABELS = {State.HELD: "已开展", State.MISSING: "缺", State.OPEN: "待开展", State.AHEAD: "未到期"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """One period of a cadence: its first and last day, how often it is needed, and the days on which it was held."""

    unit: Unit
    first: date
    last: date
    needed: int
    held: tuple[date, ...]
    state: State

    @property
    def lacking(self) -> int:
        """How many times are still needed."""
        return max(self.needed - len(self.held), 0)

    @property
    def name(self) -> str:
        """2026年3月, 2026年第一季度, 2026年上半年, 2026年, 2026年第12周 (ISO 8601)."""
        if self.unit is Unit.PER_WEEK:
            year, week, _ = self.first.isocalendar()
            return f"{year}年第{week}周"
        return f"{self.first.year}年{self.short_name}"

    @property
    def short_name(self) -> str:
        """The period within its year: 3月, 第一季度, 上半年, 全年 as empty text, 第12周."""
        match self.unit:
            case Unit.PER_MONTH:
                return f"{self.first.month}月"
            case Unit.PER_QUARTER:
                return f"第{'一二三四'[self.first.month // 3]}季度"
            case Unit.PER_HALF_YEAR:
                return "上半年" if self.first.month == 1 else "下半年"
            case Unit.PER_WEEK:
                return f"第{self.first.isocalendar().week}周"
            case _:
                return ""


def cadences_of(law: Law) -> dict[str, Rule]:
    """Every cadence of the law by its short name (member_meeting, party_day, …), in the order of the names."""
    return {rule.id.removeprefix(PREFIX): rule for rule in law.rules if rule.id.startswith(PREFIX)}


def due_periods(
    *,
    rule: Rule,
    years: Iterable[int],
    held_on: Iterable[date],
    at: date,
    open_from: date | None = None,
    open_until: date | None = None,
    calendar: WorkingCalendar = NATIONAL_CALENDAR,
) -> tuple[Period, ...]:
    """Every period of the years in which the rule asks for something, oldest first, as on the legal date `at`.

    `rule` counts times per week, month, quarter, half-year or year (支部工作条例第十一条至第十九条 and others). A date
    in `held_on` is one time held; the same date twice is two times, those after `at` do not count. `open_from` and
    `open_until` say when the branch existed: a period is asked for when the branch exists on its last day. A week
    without a working day of `calendar` is not asked for. Raises ValueError for a rule that is no cadence.
    """
    days = sorted(day for day in held_on if day <= at)
    spans = (span for year in sorted(set(years)) for span in _spans(rule, year))
    return tuple(
        _period(rule, first, last, days, at=at)
        for first, last in spans
        if (open_from is None or open_from <= last) and (open_until is None or last <= open_until)
        if rule.unit is not Unit.PER_WEEK or _has_working_day(first, calendar)
    )


def missing(periods: Iterable[Period]) -> tuple[Period, ...]:
    """The periods that are over and fell short (缺)."""
    return tuple(one for one in periods if one.state is State.MISSING)


def still_open(periods: Iterable[Period]) -> tuple[Period, ...]:
    """The periods that are running and still lack something (待办); each is due on its `last` day."""
    return tuple(one for one in periods if one.state is State.OPEN)


def names_of(periods: Iterable[Period]) -> str:
    """Names for a text, the year said once: 2025年11月、12月，2026年3月."""
    found: dict[str, list[str]] = {}
    for one in periods:
        year = one.name.removesuffix(one.short_name)
        found.setdefault(year, []).append(one.short_name)
    return "，".join(f"{year}{'、'.join(names)}" for year, names in found.items())


def warn_missing(*, rule: Rule, what: str, periods: Iterable[Period]) -> list[Refusal]:
    """A caution that names the periods that fell short, on the article of the rule; none when all were held.

    `what` is the Chinese name of what is held (支委会).
    """
    short = missing(periods)
    if not short:
        return []
    return [
        refuse(
            code="cadence.missing",
            rule=rule,
            reason=f"{what}{rule.rank.lead}{rule.amount_text}，{names_of(short)}未达到",
            remedy="已经开展的请补录并注明补录；没有开展的请说明原因，不得补造",
        )
    ]


def warn_life_meeting_quarter(*, law: Law, held_on: date) -> list[Refusal]:
    """A caution where an 组织生活会 is not in the usual quarter (一般安排在第四季度, 支部工作条例第十七条)."""
    rule = law.rule("party.life_meeting.quarter")
    if (held_on.month + 2) // 3 == rule.count:
        return []
    return [
        refuse(
            code="life_meeting.quarter",
            rule=rule,
            reason=f"组织生活会一般安排在第{rule.count}季度，现为{held_on}",
            remedy="上级有统一安排的，请在记录中写明",
        )
    ]


def _spans(rule: Rule, year: int) -> Iterator[tuple[date, date]]:
    """First and last days of the periods of a year; weeks are those of ISO 8601, Monday to Sunday."""
    if rule.unit is Unit.PER_WEEK:
        first = date.fromisocalendar(year, 1, 1)
        while first.isocalendar().year == year:
            yield first, first + ONE_WEEK - ONE_DAY
            first += ONE_WEEK
        return
    if rule.unit not in MONTHS_OF:
        raise ValueError(f"规则 {rule.id} 不是频次")
    length = MONTHS_OF[rule.unit]
    for month in range(1, 13, length):
        after = month + length
        yield date(year, month, 1), (date(year + 1, 1, 1) if after > 12 else date(year, after, 1)) - ONE_DAY  # noqa: PLR2004


def _period(rule: Rule, first: date, last: date, days: list[date], *, at: date) -> Period:
    held = tuple(day for day in days if first <= day <= last)
    return Period(
        unit=rule.unit,
        first=first,
        last=last,
        needed=rule.count,
        held=held,
        state=_state(first, last, enough=len(held) >= rule.count, at=at),
    )


def _state(first: date, last: date, *, enough: bool, at: date) -> State:
    if at < first:
        return State.AHEAD
    if enough:
        return State.HELD
    return State.OPEN if at <= last else State.MISSING


def _has_working_day(monday: date, calendar: WorkingCalendar) -> bool:
    return any(calendar.is_working_day(monday + timedelta(days=step)) for step in range(7))
