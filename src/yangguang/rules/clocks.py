"""Clocks of the law (时限): from a start to the lawful end, days as dates, hours and minutes as aware moments."""

from datetime import date, datetime, timedelta

from yangguang.rules.calendar import (
    add_months,
    end_of_day,
    end_of_period,
    latest_start,
    legal_date,
)
from yangguang.rules.law import Law, Rule, Unit

SECONDS = {Unit.HOURS: 3600, Unit.MINUTES: 60}
MONTHS = {Unit.MONTHS: 1, Unit.YEARS: 12}


def due_on(*, law: Law, rule_id: str, start: date) -> date:
    """The last day of a clock: what must be done by then, or may end no earlier (期间届满日).

    Months and years end on the day of the same number. Raises `UnknownRule`, and ValueError for a rule that is not
    counted in days, months or years.
    """
    rule = law.rule(rule_id)
    if rule.unit in MONTHS:
        return add_months(start=start, count=rule.count * MONTHS[rule.unit])
    _refuse_other_than_days(rule)
    return end_of_period(start=start, count=rule.count, day_type=rule.day_type, rolls=rule.rolls, calendar=law.calendar)


def latest_on(*, law: Law, rule_id: str, end: date) -> date:
    """The latest day that keeps the rule's distance before `end` (倒计期间). Raises like `due_on`."""
    rule = law.rule(rule_id)
    if rule.unit in MONTHS:
        return add_months(start=end, count=-rule.count * MONTHS[rule.unit])
    _refuse_other_than_days(rule)
    return latest_start(end=end, count=rule.count, day_type=rule.day_type, calendar=law.calendar)


def due_at(*, law: Law, rule_id: str, start: datetime) -> datetime:
    """The aware moment at which a clock of any unit has run out (届满时刻).

    Days, months and years run out at 24:00 in Asia/Shanghai. Raises `UnknownRule`, and ValueError for no clock.
    """
    rule = law.rule(rule_id)
    if rule.unit is Unit.DAYS or rule.unit in MONTHS:
        return end_of_day(due_on(law=law, rule_id=rule_id, start=legal_date(start)))
    return start + length_of(rule)


def length_of(rule: Rule) -> timedelta:
    """The length of a clock in hours or minutes. Raises ValueError for any other unit."""
    if rule.unit not in SECONDS:
        raise ValueError(f"规则 {rule.id} 不以小时或者分钟计")
    return timedelta(seconds=rule.count * SECONDS[rule.unit])


def _refuse_other_than_days(rule: Rule) -> None:
    if rule.unit is not Unit.DAYS:
        raise ValueError(f"规则 {rule.id} 不以日计")
