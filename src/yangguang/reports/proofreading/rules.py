"""Counts that fall short of what the party's rules ask (规定频次), only where the text gives the count."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from yangguang.reports.proofreading.document import Period, Summary
from yangguang.reports.proofreading.finding import Family, Finding, Level
from yangguang.reports.proofreading.metrics import is_generic, metric_of
from yangguang.reports.proofreading.numbers import Quantity, quantities, sentence_before
from yangguang.reports.proofreading.scopes import EARLIER, LABEL, span_of
from yangguang.rules.law import Rule, Unit, law_on

MONTHS_OF = {Unit.PER_MONTH: 1, Unit.PER_QUARTER: 3, Unit.PER_HALF_YEAR: 6, Unit.PER_YEAR: 12}
PART = re.compile(r"其中|分别|新增|[一二三四五六七八九十\d]支部")


@dataclass(frozen=True, slots=True)
class Expectation:
    """The rule a count is held against, and why when the name of the rule does not tell."""

    rule: str
    because: str = ""


PARTY_DAY = "主题党日每月相对固定一天，当天组织党员集中学习"
EXPECTED = {
    "支部委员会": Expectation("party.cadence.committee_meeting"),
    "党员大会": Expectation("party.cadence.member_meeting"),
    "党小组会": Expectation("party.cadence.group_meeting"),
    "主题党日": Expectation("party.cadence.party_day"),
    "集中学习": Expectation("party.cadence.party_day", PARTY_DAY),
    "集中理论学习": Expectation("party.cadence.party_day", PARTY_DAY),
    "组织生活会": Expectation("party.cadence.life_meeting"),
    "中心组学习": Expectation("party.cadence.centre_group"),
    "研究意识形态工作": Expectation("party.cadence.ideology_study"),
}


def find_shortfalls(summary: Summary) -> Iterator[Finding]:
    """Each kind of meeting whose greatest stated count is less than the rule asks for those months."""
    if summary.period is None:
        return
    greatest: dict[str, tuple[Quantity, int]] = {}
    for line in summary.lines:
        for quantity in [] if line.is_plan else quantities(line):
            metric = _metric(quantity)
            months = _months(sentence_before(line.text, quantity.start), summary.period)
            if metric and months and (metric not in greatest or quantity.value > greatest[metric][0].value):
                greatest[metric] = (quantity, months)
    for metric, (quantity, months) in greatest.items():
        yield from _shortfall(metric, quantity, months, summary.period)


def _metric(quantity: Quantity) -> str | None:
    if quantity.group != "次" or not quantity.is_plain or quantity.is_rough:
        return None
    metric = metric_of(quantity.noun)
    if metric not in EXPECTED or not is_generic(quantity.actor) or PART.search(quantity.clause):
        return None
    return metric


def _months(before: str, period: Period) -> int:
    """How many months a count is said of: those its sentence names inside the period, or all; 0 for a part of them."""
    if EARLIER.search(before) or "其中" in before:
        return 0
    labels = list(LABEL.finditer(before))
    if not labels:
        return period.months
    year, first, last = span_of(labels[-1], year=period.year)
    if year != period.year or first != period.first or labels[-1]["day"]:
        return 0
    return min(last, period.last) - first + 1


def _shortfall(metric: str, quantity: Quantity, months: int, period: Period) -> Iterator[Finding]:
    expectation = EXPECTED[metric]
    rule = law_on(date=date(period.year, period.last, 1)).find(expectation.rule)
    least = _least(rule, months) if rule else 0
    if rule is None or quantity.value >= least:
        return
    yield Finding(
        family=Family.RULE,
        level=Level.WARN,
        line=quantity.line,
        quote=quantity.quote,
        reason=f"{months}个月{metric}{quantity.value:f}次，按{rule.citation}应不少于{least}次"
        f"（{expectation.because or rule.note}）。",
        remedy="核对会议记录是否漏登；确实没有开展的，在存在问题中如实写明并整改，不得补造；统计到某月为止的，写明月份。",
    )


def _least(rule: Rule, months: int) -> int:
    """How often in so many months; a part of a quarter or a year asks for nothing yet."""
    return months // MONTHS_OF[rule.unit] * rule.count
