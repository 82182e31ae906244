"""Parts against totals (分项与合计): what 其中 and 分别 list makes the total, unless the list ends in 等."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from yangguang.reports.proofreading.document import Line, Summary
from yangguang.reports.proofreading.finding import Family, Finding, Level
from yangguang.reports.proofreading.numbers import CHANGE, Quantity, amount_text, quantities

AMOUNT = re.compile(r"(?:成交|交易|中标|合同|采购|出让|总)(?:总?金?额|总价)|金额|总额|总投资")
OTHER_MONEY = re.compile(r"节|增|溢价|服务费|保证金|保函|减少|资金|人均")
OPENING = re.compile(r"其中|分别(?=为|是|达|有|签订|完成|开展|召开|组织)|包括")
CLOSED_BY = re.compile(r"[。！？]|其中|合计|总计|另有|同时")
ASIDE = re.compile(r"[（(][^（()）]*其中[^（()）]*[）)]")
TRAILING = re.compile(r"^[^，,；;。、]{0,8}等|^\S{0,3}等")
PERSONS = frozenset({"人"})
FEWEST = 2
FARTHEST = 20  # figures between a total and its parts
BARE_LIST = re.compile(
    r"分别(?:为|是|达到?|有|完成|签订)?((?:\d+(?:\.\d+)?[、，,和及]){1,}\d+(?:\.\d+)?)(?=[万亿]?[一-鿿])"
)


def find_wrong_sums(summary: Summary) -> Iterator[Finding]:
    """Each total which its parts do not make, line by line."""
    for line in summary.lines:
        spread = Line(line.number, _with_units(line.text), line.is_plan)
        every = [quantity for quantity in quantities(spread) if _is_countable(quantity)]
        if every:
            yield from _in_lists(spread, every)
        yield from _unannounced(spread, every)


def _with_units(text: str) -> str:
    """分别为441、653、214宗 with the unit at each number."""

    def spread(found: re.Match[str]) -> str:
        unit = re.match(r"[万亿]{0,2}[一-鿿]", text[found.end() :])
        return re.sub(r"(?<=\d)(?=[、，,和及])", unit.group() if unit else "", found.group())

    return BARE_LIST.sub(spread, text)


def _is_countable(quantity: Quantity) -> bool:
    is_share = quantity.unit in {"%", "百分点", "个百分点"}
    return not (is_share or quantity.is_rough or CHANGE.search(quantity.clause) or re.search(r"每|各", quantity.clause))


def _in_lists(line: Line, every: list[Quantity]) -> Iterator[Finding]:
    """The lists after 其中 and 分别; an aside （其中……） breaks down one part and is a list of its own."""
    asides = [aside.span() for aside in ASIDE.finditer(line.text)]
    shielded = ASIDE.sub(lambda aside: "注" * len(aside.group()), line.text)
    outside = [one for one in every if not _is_in(asides, one)]
    for opening in OPENING.finditer(line.text):
        own = next((span for span in asides if span[0] < opening.start() < span[1]), None)
        closed = CLOSED_BY.search(shielded, opening.end())
        end = own[1] if own else closed.start() if closed else len(shielded)
        yield from _announced(line, every if own else outside, opening, end)


def _announced(line: Line, every: list[Quantity], opening: re.Match[str], end: int) -> Iterator[Finding]:
    """The parts up to `end`, each kind of unit by itself, against the nearest total before."""
    within = every[bisect_left(every, opening.end(), key=_start) : bisect_left(every, end, key=_start)]
    before = bisect_left(every, opening.start(), key=_start)
    for group in dict.fromkeys(part.group for part in within):
        parts = _alike([part for part in within if part.group == group])
        total = _total(every[max(0, before - FARTHEST) : before], parts, opening.start(), line.text)
        if total is None or (len(parts) < FEWEST and parts[0].value <= total.value):
            continue
        is_open = bool(TRAILING.match(line.text[parts[-1].end : end]))
        yield from _compared(total, parts, is_open=is_open, is_announced=opening.group() != "包括")


def _start(quantity: Quantity) -> int:
    return quantity.start


def _is_in(spans: list[tuple[int, int]], quantity: Quantity) -> bool:
    return any(start <= quantity.start < end for start, end in spans)


def _alike(parts: list[Quantity]) -> list[Quantity]:
    """Money parts that say the same thing of each category: 交易金额 with 交易金额, not with 节约资金."""
    if parts[0].group != "元":
        return parts
    return [part for part in parts if _is_amount(part)] or [
        part for part in parts if not OTHER_MONEY.search(part.clause)
    ]


def _is_amount(quantity: Quantity) -> bool:
    return bool(AMOUNT.search(quantity.clause)) and not OTHER_MONEY.search(quantity.clause)


def _total(every: list[Quantity], parts: list[Quantity], before: int, text: str) -> Quantity | None:
    """The nearest quantity of the same unit before the parts, in this sentence or the one before it."""
    known = [one for one in every if parts and one.end <= before and one.group == parts[0].group]
    if known and known[0].group == "元":
        known = [one for one in known if _is_amount(one)]
    if not known:
        return None
    return known[-1] if len(re.findall(r"[。！？]", text[known[-1].end : before])) <= 1 else None


def _unannounced(line: Line, every: list[Quantity]) -> Iterator[Finding]:
    """Categories in a row, each with count and amount, after a total with both: a breakdown without 其中."""
    pairs = [(count, money) for count, money in pairwise(every) if _is_pair(count, money)]
    totals = [place for place, (count, _) in enumerate(pairs) if count.is_total]
    for start, end in pairwise([*totals, len(pairs)]):
        (total, money), parts = pairs[start], pairs[start + 1 : end]
        if len(parts) < FEWEST or OPENING.search(line.text[total.end : parts[-1][1].end]):
            continue
        is_open = bool(TRAILING.match(line.text[parts[-1][1].end :]))
        yield from _compared(total, [count for count, _ in parts], is_open=is_open, is_announced=False)
        yield from _compared(money, [amount for _, amount in parts], is_open=is_open, is_announced=False)


def _is_pair(count: Quantity, money: Quantity) -> bool:
    return count.group == "个" and money.group == "元" and _is_amount(money)


def _compared(total: Quantity, parts: list[Quantity], *, is_open: bool, is_announced: bool) -> Iterator[Finding]:
    added = sum((part.value for part in parts), Decimal(0))
    gap = added - total.value
    if abs(gap) <= _rounding(total, parts) or (is_open and gap < 0):
        return
    terms = "+".join(amount_text(part.value, part.unit) for part in parts)
    yield Finding(
        family=Family.SUM,
        level=_level(total, is_over=gap > 0, is_announced=is_announced),
        line=total.line,
        quote=f"{total.quote}……{parts[0].quote}……{parts[-1].quote}",
        reason=f"分项之和{terms}={amount_text(added, parts[0].unit)}，与总数{amount_text(total.value, total.unit)}"
        f"相差{amount_text(abs(gap), total.unit)}。",
        remedy="核对各分项和总数；确有其他类别的，写明“其他”及其数量，或者在列举末尾加“等”；各项有交叉的，请写明。",
    )


def _rounding(total: Quantity, parts: list[Quantity]) -> Decimal:
    """What rounding each printed number can make at most; counts have none."""
    if total.group != "元":
        return Decimal(0)
    return sum((one.step / 2 for one in (total, *parts)), Decimal(0))


def _level(total: Quantity, *, is_over: bool, is_announced: bool) -> Level:
    if total.group in PERSONS:
        return Level.ASK
    return Level.BLOCK if is_over and is_announced else Level.WARN
