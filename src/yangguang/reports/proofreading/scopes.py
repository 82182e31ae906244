"""Which months a number in a sentence is said of (口径期间), as far as the words before it tell."""

import re

from yangguang.reports.proofreading.document import MONTHS, Period

DASH = r"[-－—–~～至到]"
LABEL = re.compile(
    rf"(?:(?P<year>20\d\d)年度?)?(?:(?P<first>\d{{1,2}})月?份?{DASH}(?P<last>\d{{1,2}})月份?|(?P<month>\d{{1,2}})月"
    r"(?:份|(?P<day>\d{1,2})[日号])?|(?P<half>[上下]半年)|第?(?P<quarter>[一二三四1234])季度)|(?P<only>20\d\d)年度?"
)
EARLIER = re.compile(r"去年|上年|同期|前年|往年|历年|近[一二三四五两\d]年|累计至|自\S{0,12}以来")
WHOLE = re.compile(r"全年|今年|本年|截至目前|目前|年内")
ELSEWHEN = "其他年份"
HALVES = {"上半年": (1, 6), "下半年": (7, 12)}
QUARTERS = {digit: number for number, digits in enumerate(("一1", "二2", "三3", "四4"), 1) for digit in digits}


def span_of(label: re.Match[str], *, year: int | None) -> tuple[int | None, int, int]:
    """Year and first and last month of a label; `year` is that of the paper, for labels which name none."""
    said = label["year"] or label["only"]
    its_year = int(said) if said else year
    if label["half"]:
        return its_year, *HALVES[label["half"]]
    if label["quarter"]:
        last = QUARTERS[label["quarter"]] * 3
        return its_year, last - 2, last
    if label["month"]:
        return its_year, int(label["month"]), int(label["month"])
    if label["first"]:
        return its_year, int(label["first"]), int(label["last"])
    return its_year, 1, MONTHS


def scope_of(before: str, *, period: Period | None) -> str:
    """What the words before a number in its sentence say about its months.

    "" for the whole report period, `ELSEWHEN` for another year: such a figure contradicts nothing in this paper.
    """
    if EARLIER.search(before):
        return ELSEWHEN
    labels = list(LABEL.finditer(before))
    if not labels or (WHOLE.search(before, labels[-1].end())):
        return ""
    label = labels[-1]
    year, first, last = span_of(label, year=period.year if period else None)
    if period and year != period.year:
        return ELSEWHEN
    if period and (year, first, last) == (period.year, period.first, period.last):
        return ""
    return f"{year}:{first}-{last}:{label['day'] or ''}"
