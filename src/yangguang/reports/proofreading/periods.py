"""Dates and months against the period a paper reports on (报告期), and quarters against the dates beside them."""

import calendar
import re
from collections.abc import Iterator

from yangguang.reports.proofreading.document import MONTHS, Kind, Line, Period, Summary
from yangguang.reports.proofreading.finding import Family, Finding, Level
from yangguang.reports.proofreading.numbers import quantities
from yangguang.reports.proofreading.scopes import LABEL, QUARTERS, span_of

TITLE = re.compile(r"《[^《》]*》|[〔\[【(（][^〔\[【(（〕\]】)）]*[〕\]】)）]")
COMPARED = re.compile(r"去年|上年|同期|同比|比20|较20|以来|至今|历年|前年|往年")
EARLIER_YEAR = re.compile(r"(?:去年|上年|前年|次年|明年|来年|每年|翌年)$")
AHEAD = re.compile(
    r"部署|安排|谋划|研究|计划|启动|提前|制定|准备|预计|拟|将|力争|目标|明年|来年|下一年|截止期限|到期|届|预算"
)
DEADLINE = re.compile(r"^(?:底|末|中旬|下旬|上旬)?(?:之?前|起)|^\d{1,2}[日号]?(?:之?前|起)")
LOOKS_BACK = re.compile(r"总结|通报|分析|考核|点评|讲评|例会|评估|公示|缴纳|交纳|汇报|检查|督查|报表|审计|台账")
FOUNDED = re.compile(
    r"成立|印发|发布|颁布|施行|实施|出台|修订|通过|建成|启用|获|荣|授予|批准|换届|参加工作|入党|规划|届"
)
DAY = re.compile(r"(?:(?P<year>20\d\d)年)?(?<!\d)(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号]")
NEAR = 12
QUARTER = re.compile(r"第?([一二三四])季度")


def find_period_faults(summary: Summary) -> Iterator[Finding]:
    """Figures and dates outside the report period, quarters that do not hold their date, days that do not exist."""
    for line in summary.lines:
        text = TITLE.sub(lambda title: "书" * len(title.group()), line.text)
        for sentence in Line(line.number, text, line.is_plan).sentences():
            yield from _impossible_days(line.number, sentence)
            if line.is_plan:
                continue
            yield from _wrong_quarters(line.number, sentence)
            if summary.period:
                yield from _outside(line.number, sentence, summary.period, summary.kind)


def _outside(number: int, sentence: str, period: Period, kind: Kind) -> Iterator[Finding]:
    if COMPARED.search(sentence) or AHEAD.search(sentence):
        return
    first_day = next((day.end() for day in DAY.finditer(sentence)), len(sentence))
    has_figure = bool(quantities(Line(number, sentence)))
    for label in LABEL.finditer(sentence):
        before, after = (
            sentence[max(0, label.start() - NEAR) : label.start()],
            sentence[label.end() : label.end() + NEAR],
        )
        if label["quarter"] and first_day <= label.start():
            continue  # the date says when; whether the quarter fits it is another check
        if EARLIER_YEAR.search(before) or DEADLINE.search(after):
            continue
        if _is_outside(label, before, after, period, has_figure=has_figure and not FOUNDED.search(sentence)):
            yield _outside_finding(number, sentence, label, period, kind, has_figure=has_figure)


def _is_outside(label: re.Match[str], before: str, after: str, period: Period, *, has_figure: bool) -> bool:
    """A span may begin before the period when it says so (2022年7月至2023年6月), but never end after it."""
    year, first, last = span_of(label, year=period.year)
    if not 1 <= first <= last <= MONTHS or year is None:
        return False
    if (year, last) > (period.year, period.last):
        return not (label["only"] and not has_figure)
    if re.search(r"[-－—–~～至到]$", before) or re.match(r"[-－—–~～至到]", after):
        return False
    is_before = (year, last) < (period.year, period.first)
    return is_before and has_figure and not label["only"]


def _outside_finding(
    number: int, sentence: str, label: re.Match[str], period: Period, kind: Kind, *, has_figure: bool
) -> Finding:
    name = kind.value if kind is not Kind.OTHER else "材料"
    return Finding(
        family=Family.PERIOD,
        level=Level.BLOCK if has_figure or _is_span(label) else Level.WARN,
        line=number,
        quote=_around(sentence, label),
        reason=f"本{name}的报告期为{period}，“{label.group()}”超出报告期。",
        remedy="改为报告期内的数据和日期；确需引用期外数据的，写明其起止时间和用途，或者移入下一步计划。",
    )


def _is_span(label: re.Match[str]) -> bool:
    return bool(label["first"] or label["half"] or label["quarter"])


def _wrong_quarters(number: int, sentence: str) -> Iterator[Finding]:
    """Each quarter with the nearest date before it in its sentence."""
    every = [day for day in DAY.finditer(sentence) if 1 <= int(day["month"]) <= MONTHS]  # others are no days at all
    for quarter in QUARTER.finditer(sentence):
        days = [day for day in every if day.end() <= quarter.start()]
        if not days:
            continue
        between = sentence[days[-1].end() : quarter.end() + 12]
        month, said = int(days[-1]["month"]), QUARTERS[quarter[1]]
        true = (month + 2) // 3
        if said == true or (said > true and AHEAD.search(between)) or (said < true and LOOKS_BACK.search(between)):
            continue
        yield Finding(
            family=Family.PERIOD,
            level=Level.WARN,
            line=number,
            quote=f"{days[-1].group()}……{quarter.group()}{sentence[quarter.end() : quarter.end() + 8]}",
            reason=f"{days[-1].group()}属于第{'一二三四'[true - 1]}季度，文中称为{quarter.group()}。",
            remedy="按活动实际日期改正季度或者日期；如为提前或补办，请写明“提前开展”或“补办”。",
        )


def _impossible_days(number: int, sentence: str) -> Iterator[Finding]:
    for day in DAY.finditer(sentence):
        month, on = int(day["month"]), int(day["day"])
        year = int(day["year"]) if day["year"] else 2000  # a leap year, so that 2月29日 without a year passes
        if 1 <= month <= MONTHS and 1 <= on <= calendar.monthrange(year, month)[1]:
            continue
        yield Finding(
            family=Family.PERIOD,
            level=Level.BLOCK,
            line=number,
            quote=day.group(),
            reason=f"没有“{day.group()}”这一天。",
            remedy="按原始记录改正日期。",
        )


def _around(sentence: str, label: re.Match[str]) -> str:
    """The clause of a label, and the next one when it stands alone."""
    start = max(sentence.rfind(mark, 0, label.start()) for mark in "，,；;") + 1
    following = re.compile(r"[^，,；;。]*(?:[，,][^，,；;。]*)?").match(sentence, label.end())
    return sentence[start : following.end() if following else label.end()][:40].strip()
