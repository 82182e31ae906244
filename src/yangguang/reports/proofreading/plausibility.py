"""Statements that may be right and still need an answer (合理性): averages above totals, zeros, odd rates."""

import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from yangguang.reports.proofreading.document import Line, Summary
from yangguang.reports.proofreading.finding import Family, Finding, Level
from yangguang.reports.proofreading.numbers import Quantity, amount_text, quantities, sentence_before

TOPICS = {
    "交易额": re.compile(r"成交金?额|交易金?额|交易总额|成交总额"),
    "服务费": re.compile(r"服务费"),
    "项目数": re.compile(r"进场交易|交易项目|项目数|进场项目"),
}
YEARLY = re.compile(r"年均")
GROWTH = re.compile(r"增|多|提高|上升")
MATTERS = r"投诉|差错|事故|违纪|违规|信访|举报|异议|质疑|延误|失误|上访|舆情"
ZERO = re.compile(
    rf"[“\"]?(?:(?<!\d)0|零)(?:起|件|次|例|个)?(?:有效)?(?:{MATTERS})[”\"]?"
    rf"|(?:未发现|未发生|没有发生|没有发现|未出现|未收到)[^，,。；;]{{0,24}}?(?:{MATTERS}|问题|案件|现象|行为|情况)"
    rf"|(?:{MATTERS})(?:数|量|件)?(?:为|是)?(?:0|零)(?:起|件|次|例|个|(?![\d.]))"
    rf"|(?<![有毫])无[^，,。；;、无]{{0,8}}?(?:{MATTERS})[^，,。；;、]{{0,4}}(?:发生|出现|案件|现象|行为)"
)
BEFORE = re.compile(
    r"(?:上年|去年|前年)(?:同期|度)?(?:的|为|是)?(?P<value>\d+(?:\.\d+)?)(?P<scale>万亿|亿|万)?(?P<unit>[元个宗项件次人家份条])"
)
SAME_MONTHS = re.compile(r"同比(?P<sign>增长|增加|上升|下降|减少|降低)了?(?P<rate>\d+(?:\.\d+)?)%")
POINTS = re.compile(
    r"\d[余多]?[万亿]{0,2}(?P<unit>[元个宗项件次人家份条])[，,]?(?:同比|环比|比上年|较上年)[^，,。；;\d]{0,6}\d+(?:\.\d+)?个?百分点"
)
SCALES = {"": Decimal(1), "万": Decimal(10) ** 4, "亿": Decimal(10) ** 8, "万亿": Decimal(10) ** 12}


def find_doubtful(summary: Summary) -> Iterator[Finding]:
    """Everything a reader will ask about, each with the question."""
    totals = [one for line in summary.lines if not line.is_plan for one in quantities(line) if _is_sum(one)]
    for line in summary.lines:
        if line.is_plan:
            continue
        yield from _averages(line, totals)
        yield from _zeros(line)
        yield from _rates(line)
        yield from _points(line)


def _is_sum(quantity: Quantity) -> bool:
    return quantity.is_plain and not YEARLY.search(quantity.clause)


def _averages(line: Line, totals: list[Quantity]) -> Iterator[Finding]:
    """A yearly average that grew by more than the whole of this period."""
    topic = ""
    for quantity in quantities(line):
        before = sentence_before(line.text, quantity.start)
        if not YEARLY.search(before) or not GROWTH.search(quantity.clause):
            continue
        topic = next((name for name, names in TOPICS.items() if names.search(quantity.clause)), topic)
        whole = [one for one in totals if topic and TOPICS[topic].search(one.clause) and one.group == quantity.group]
        largest = max(whole, key=lambda one: one.value, default=None)
        if largest and quantity.value > largest.value:
            yield _average(quantity, largest)


def _average(quantity: Quantity, largest: Quantity) -> Finding:
    grown, total = amount_text(quantity.value, quantity.unit), amount_text(largest.value, largest.unit)
    return Finding(
        family=Family.PLAUSIBILITY,
        level=Level.ASK,
        line=quantity.line,
        others=(largest.line,) if largest.line != quantity.line else (),
        quote=f"{quantity.quote}｜{largest.quote}",
        reason=f"年均增加{grown}，比本期总数{total}还大。",
        remedy="核对是累计还是年均、口径和单位是否相同；属实的，写明计算的起止年份和方法。",
    )


def _zeros(line: Line) -> Iterator[Finding]:
    for found in ZERO.finditer(line.text):
        yield Finding(
            family=Family.PLAUSIBILITY,
            level=Level.ASK,
            line=line.number,
            quote=found.group(),
            reason="“零”的结论须有整个报告期连续登记的台账，并由分管负责人签字确认。",
            remedy="请写明由谁、何时确认，并附台账；台账不全的，改为“已登记的……”或者删去。",
        )


def _rates(line: Line) -> Iterator[Finding]:
    """同比 recomputed where the sentence gives this period's figure and last year's."""
    for sentence in line.sentences():
        known, said = BEFORE.search(sentence), SAME_MONTHS.search(sentence)
        if not known or not said:
            continue
        base = Decimal(known["value"]) * SCALES[known["scale"] or ""]
        before = sentence[: min(known.start(), said.start())]
        now = [one for one in quantities(Line(line.number, before)) if one.unit == known["unit"]]
        if now and base:
            yield from _rate(now[-1], base, said)


def _rate(now: Quantity, base: Decimal, said: re.Match[str]) -> Iterator[Finding]:
    places = Decimal(1).scaleb(-len(said["rate"].partition(".")[2]))
    true = ((now.value - base) / base * 100).quantize(places, ROUND_HALF_UP)
    stated = Decimal(said["rate"]) * (1 if said["sign"] in {"增长", "增加", "上升"} else -1)
    tolerance = places if now.unit == "元" else Decimal(0)  # both amounts were rounded before they were printed
    if abs(true - stated) <= tolerance:
        return
    yield Finding(
        family=Family.PLAUSIBILITY,
        level=Level.WARN,
        line=now.line,
        quote=said.group(),
        reason=f"按文中两期数据计算，同比应为{'增长' if true >= 0 else '下降'}{abs(true)}%。",
        remedy="核对本期数、上年同期数和增幅，三者应出自同一口径、相同月份。",
    )


def _points(line: Line) -> Iterator[Finding]:
    """百分点 is the difference of two rates; amounts and counts grow by per cent."""
    for found in POINTS.finditer(line.text):
        yield Finding(
            family=Family.PLAUSIBILITY,
            level=Level.WARN,
            line=line.number,
            quote=line.text[max(0, found.start() - 8) : found.end()],
            reason="“百分点”只用于两个比率之差，金额和数量的增减用“%”。",
            remedy="改为“同比增长（下降）多少%”，并按两期数据重新计算。",
        )
