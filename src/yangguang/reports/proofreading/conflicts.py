"""Figures that conflict (数字矛盾): one count, one unit, two values. The same value said again is fine."""

import re
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations

from yangguang.reports.proofreading.document import Summary
from yangguang.reports.proofreading.finding import Family, Finding, Level
from yangguang.reports.proofreading.metrics import is_generic, metric_of
from yangguang.reports.proofreading.numbers import Quantity, quantities, sentence_before
from yangguang.reports.proofreading.scopes import ELSEWHEN, scope_of

PART = re.compile(r"其中|[第]?[一二三四五六七八九十\d]支部|各支部|分别|首次|新增|剩余")
LIMITED = re.compile(
    r"(?:^|[，,；;])(?:结合|围绕|针对|利用|通过|依托|聚焦|就|对|借助|会同|联合|在[^，,；;]+(?:中|期间|时|后|上)(?=[，,]))[^，,；;]*[，,][^，,；;]*$"
)
TOTALS = re.compile(r"累计|总计|合计|全年|截至目前")
LONG_NOUN = 4
Place = tuple[Quantity, str]


def find_conflicts(summary: Summary) -> Iterator[Finding]:
    """Each count that the paper gives with two values for the same months."""
    places: dict[tuple[str, str], list[Place]] = defaultdict(list)
    for line in summary.lines:
        if line.is_plan:
            continue
        for quantity in quantities(line):
            name = _name(quantity, line.text)
            if name:
                scope = scope_of(sentence_before(line.text, quantity.start), period=summary.period)
                places[name, quantity.group].append((quantity, scope))
    for (name, _), said in places.items():
        yield from _conflict(name, said)


def _name(quantity: Quantity, text: str) -> str | None:
    """What a quantity is compared by; None when it is a part, a target, a change or too vague to compare."""
    before = sentence_before(text, quantity.start)
    if not quantity.is_plain or quantity.unit in {"%", "百分点", "个百分点", "元"} or PART.search(before):
        return None
    if quantity.noun.startswith("《"):
        return quantity.noun
    if not is_generic(quantity.actor) or LIMITED.search(before):
        return None
    metric = metric_of(quantity.noun)
    if metric:
        return metric
    is_named_total = TOTALS.search(before) and len(quantity.noun) >= LONG_NOUN and not quantity.is_chinese
    return f"？{quantity.noun}" if is_named_total else None


def _conflict(name: str, said: list[Place]) -> Iterator[Finding]:
    """The first two places that contradict each other: one finding for each count, however often it is said."""
    for one, two in combinations(said, 2):
        level = None if _agree(one[0], two[0]) else _level(name, one, two)
        if level:
            yield _finding(one, two, level=level, lines=[quantity.line for quantity, _ in said])
            return


def _level(name: str, one: Place, two: Place) -> Level | None:
    (first, scope), (second, other) = one, two
    if ELSEWHEN in {scope, other}:
        return None
    if scope == other:
        return Level.ASK if scope or name.startswith(("？", "《")) else Level.BLOCK
    if scope and other:
        return None
    part, whole = (first, second) if scope else (second, first)
    return Level.ASK if part.value > whole.value else None


def _agree(first: Quantity, second: Quantity) -> bool:
    """Whether two numbers can be one: 十余次 and 12次 can."""
    if not (first.is_rough or second.is_rough):
        return first.value == second.value
    rough, other = (first, second) if first.is_rough else (second, first)
    return abs(other.value - rough.value) < Decimal(10) ** max(1, rough.value.adjusted())


def _finding(one: Place, two: Place, *, level: Level, lines: list[int]) -> Finding:
    (first, scope), (second, other) = one, two
    differs = "期间较短的数反而更大" if scope != other else "同一事项前后数值不一致"
    return Finding(
        family=Family.CONFLICT,
        level=level,
        line=second.line,
        others=tuple(line for line in dict.fromkeys(lines) if line != second.line),
        quote=f"{second.quote}｜{first.quote}",
        reason=f"{differs}：第{first.line}行为“{first.quote}”，第{second.line}行为“{second.quote}”。",
        remedy="以原始记录为准统一数值；如其中一个是专项或部分次数，请写明口径（例如“其中专题学习”）。",
    )
