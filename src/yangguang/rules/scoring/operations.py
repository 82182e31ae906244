"""The operations of a scoring description, each a pure function of its evaluated arguments."""

import operator
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from yangguang.rules.scoring.values import (
    ZERO,
    Group,
    OperationFailed,
    Value,
    innermost,
    leaves,
    same_keys,
    spread,
)

ONE = Decimal(1)
Table = Sequence[tuple[Decimal, Decimal]]
_COMPARES: Mapping[str, Callable[[Decimal, Decimal], bool]] = MappingProxyType(
    {
        "<": operator.lt,
        "<=": operator.le,
        "=": operator.eq,
        "!=": operator.ne,
        ">=": operator.ge,
        ">": operator.gt,
    }
)


def add(*, values: Sequence[Value]) -> Value:
    """相加: the values added from left to right."""
    return spread(lambda *numbers: sum(numbers, ZERO), values)


def sub(*, left: Value, right: Value) -> Value:
    """相减: left minus right."""
    return spread(operator.sub, [left, right])


def mul(*, values: Sequence[Value]) -> Value:
    """相乘: the values multiplied from left to right."""
    return spread(_product, values)


def _product(*numbers: Decimal) -> Decimal:
    product = ONE
    for number in numbers:
        product *= number
    return product


def div(*, left: Value, right: Value) -> Value:
    """相除: left divided by right; a zero on the right is refused."""
    if any(number == 0 for number in leaves(right)):
        raise OperationFailed(
            code="division_by_zero", reason="除数为零", remedy="请核对数据，或先用 clamp 给除数设定下限。"
        )
    return spread(operator.truediv, [left, right])


def absolute(*, of: Value) -> Value:
    """取绝对值."""
    return spread(abs, [of])


def clamp(*, of: Value, low: Value | None, high: Value | None) -> Value:
    """限定范围: not under `low`, then not over `high`; a `low` above its `high` is refused."""
    if low is not None and high is not None and not all(leaves(compare(left=low, comparison="<=", right=high))):
        raise OperationFailed(code="crossed_bounds", reason="下限高于上限", remedy="请核对 low 与 high。")
    if low is not None:
        of = spread(max, [of, low])
    return of if high is None else spread(min, [of, high])


def rounded(*, of: Value, places: int, mode: str) -> Value:
    """取舍: to `places` decimal places, the only operation that rounds on purpose."""
    unit = ONE.scaleb(-places)
    return spread(lambda number: number.quantize(unit, rounding=f"ROUND_{mode.upper()}"), [of])


def compare(*, left: Value, comparison: str, right: Value) -> Value:
    """比较: 1 where it holds, 0 where not."""
    holds = _COMPARES[comparison]
    return spread(lambda first, second: ONE if holds(first, second) else ZERO, [left, right])


def choose(*, when: Value, then: Value, otherwise: Value) -> Value:
    """择一: `then` where `when` is not zero, else `otherwise`."""
    return spread(lambda chosen, first, second: first if chosen else second, [when, then, otherwise])


def band(*, of: Value, table: Table) -> Value:
    """分档取值: the value of the last row whose bound is not above the number; before the first row, the first."""
    bounds = [bound for bound, _ in table]
    return spread(lambda number: table[max(bisect_right(bounds, number) - 1, 0)][1], [of])


def interpolate(*, of: Value, table: Table) -> Value:
    """线性内插: straight lines between the rows, level beyond the first and the last."""
    return spread(lambda number: _on_the_line(number, table), [of])


def _on_the_line(number: Decimal, table: Table) -> Decimal:
    if number < table[0][0]:
        return table[0][1]
    if number >= table[-1][0]:
        return table[-1][1]
    right = bisect_right([bound for bound, _ in table], number)
    (x0, y0), (x1, y1) = table[right - 1], table[right]
    return y0 + (y1 - y0) * (number - x0) / (x1 - x0)


def count(*, of: Value) -> Value:
    """计数: how many; none is 0."""
    return innermost(lambda group: Decimal(len(group)), of)


def total(*, of: Value) -> Value:
    """求和: added in key order; none is 0."""
    return innermost(_sum, of)


def _sum(group: Group) -> Decimal:
    return sum((group[key] for key in sorted(group)), ZERO)


def mean(*, of: Value, empty: Value | None) -> Value:
    """算术平均."""
    return _of_some(lambda group: _sum(group) / len(group), of, empty)


def median(*, of: Value, empty: Value | None) -> Value:
    """中位数: of an even count, half the sum of the middle two."""
    return _of_some(_middle, of, empty)


def _middle(group: Group) -> Decimal:
    ordered = sorted(group.values())
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def smallest(*, of: Value, empty: Value | None) -> Value:
    """最小值."""
    return _of_some(lambda group: min(group[key] for key in sorted(group)), of, empty)


def largest(*, of: Value, empty: Value | None) -> Value:
    """最大值."""
    return _of_some(lambda group: max(group[key] for key in sorted(group)), of, empty)


def _of_some(function: Callable[[Group], Decimal], of: Value, empty: Value | None) -> Value:
    def some(group: Group) -> Value:
        if group:
            return function(group)
        if empty is None:
            raise OperationFailed(
                code="empty_set",
                reason="参与计算的集合为空",
                remedy="请核对筛选条件，或在该步用 empty 写明集合为空时的取值。",
            )
        return empty

    return innermost(some, of)


def trim(*, of: Value, highest: Decimal, lowest: Decimal, at_least: Decimal) -> Value:
    """去高去低: without the `highest` highest and `lowest` lowest when there are `at_least` or more.

    Equal numbers stand in key order; more dropped than there are leaves the empty set.
    """
    top, bottom = _whole(highest), _whole(lowest)

    def trimmed(group: Group) -> Value:
        if len(group) < at_least:
            return group
        ordered = sorted(group, key=lambda key: (group[key], key))
        return {key: group[key] for key in ordered[bottom : max(bottom, len(ordered) - top)]}

    return innermost(trimmed, of)


def _whole(number: Decimal) -> int:
    if number < 0 or number != number.to_integral_value():
        raise OperationFailed(
            code="not_a_count", reason=f"个数应为非负整数，实际为 {number:f}", remedy="请先用 round 取整。"
        )
    return int(number)


def select(*, of: Value, where: Value) -> Value:
    """按条件保留: what has a `where` other than zero."""
    if isinstance(of, Decimal) or isinstance(where, Decimal):  # pragma: no cover - shapes are checked before
        raise TypeError(of)
    same_keys(of.keys(), where.keys())
    kept: dict[str, Value] = {}
    for key in sorted(of):
        inner = of[key]
        if not isinstance(inner, Decimal):
            kept[key] = select(of=inner, where=where[key])
        elif where[key]:
            kept[key] = inner
    return kept


def pick(*, of: Group, drawn: Group, count: Decimal) -> Value:
    """按抽取序号取样: the `count` bids with the smallest drawn numbers, all when there are not so many."""
    missing = sorted(of.keys() - drawn.keys())
    if missing:
        raise OperationFailed(
            code="different_sets", reason=f"没有抽取序号的投标：{'、'.join(missing)}", remedy="请补录抽取结果。"
        )
    chosen = sorted(of, key=lambda bid: (drawn[bid], bid))[: _whole(count)]
    return {bid: of[bid] for bid in chosen}


def rank(*, of: Value, order: str) -> Value:
    """名次: 1 and the number of those strictly better; equal numbers share a rank."""

    def ranked(group: Group) -> Value:
        first: dict[Decimal, Decimal] = {}
        for position, number in enumerate(sorted(group.values(), reverse=order == "highest"), start=1):
            first.setdefault(number, Decimal(position))
        return {key: first[group[key]] for key in group}

    return innermost(ranked, of)


PERFORMERS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        "add": add,
        "sub": sub,
        "mul": mul,
        "div": div,
        "abs": absolute,
        "clamp": clamp,
        "round": rounded,
        "compare": compare,
        "choose": choose,
        "band": band,
        "interpolate": interpolate,
        "count": count,
        "sum": total,
        "mean": mean,
        "median": median,
        "min": smallest,
        "max": largest,
        "trim": trim,
        "select": select,
        "pick": pick,
        "rank": rank,
    }
)
