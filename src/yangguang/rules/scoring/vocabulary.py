"""The published vocabulary of scoring descriptions 评分说明: kinds of input and operations.

`docs/scoring.md` prints these tables for the people who write or check a description; a test holds it to this file.
"""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

FORMAT = "yangguang-score/1"
RESULT_FORMAT = "yangguang-score-result/1"
PRECISION = 34
SMALLEST_PRECISION, LARGEST_PRECISION = 28, 50
MOST_STEPS = 200
SMALLEST_PLACES, LARGEST_PLACES = -6, 10

Shape = tuple[str, ...]
PER_BID: Shape = ("bid",)

LEVELS = MappingProxyType({"bid": "投标", "member": "评委", "item": "评审项"})
ROUNDING_MODES = MappingProxyType(
    {
        "half_up": "四舍五入",
        "half_even": "四舍六入五成双",
        "down": "截尾（向零）",
        "up": "进位（离零）",
        "floor": "向下取整",
        "ceiling": "向上取整",
    }
)
COMPARISONS = MappingProxyType({"<": "小于", "<=": "不高于", "=": "等于", "!=": "不等于", ">=": "不低于", ">": "大于"})
ORDERS = MappingProxyType({"highest": "由高到低", "lowest": "由低到高"})


@dataclass(frozen=True, slots=True, kw_only=True)
class InputKind:
    """数据种类: the name, the Chinese label and the levels of keys a value of this kind has."""

    name: str
    label: str
    shape: Shape


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """One field of a step. `kind`: value, values, number, per_bid, places, mode, comparison, order or table."""

    name: str
    kind: str
    default: Any = None
    required: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """运算: name, Chinese label, how its shape follows from its arguments, and its fields in order."""

    name: str
    label: str
    shape: Literal["spread", "reduce", "keep"]
    arguments: tuple[Argument, ...]


def _operation(name: str, label: str, shape: Any, *arguments: Argument) -> Operation:
    return Operation(name=name, label=label, shape=shape, arguments=arguments)


def _required(name: str, kind: str) -> Argument:
    return Argument(name=name, kind=kind)


def _optional(name: str, kind: str, default: Any = None) -> Argument:
    return Argument(name=name, kind=kind, default=default, required=False)


_OF = _required("of", "value")
_LEFT, _RIGHT = _required("left", "value"), _required("right", "value")
_EMPTY = _optional("empty", "number")

INPUT_KINDS = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            InputKind(name="scalar", label="数值", shape=()),
            InputKind(name="drawn", label="抽取的数值", shape=()),
            InputKind(name="per_bid", label="每份投标一个数值", shape=PER_BID),
            InputKind(name="drawn_order", label="每份投标抽取的序号", shape=PER_BID),
            InputKind(name="per_member", label="每份投标、每名评委一个数值", shape=("bid", "member")),
            InputKind(name="per_item", label="每份投标、每个评审项一个数值", shape=("bid", "item")),
            InputKind(
                name="per_member_item", label="每份投标、每名评委、每个评审项一个数值", shape=("bid", "member", "item")
            ),
            InputKind(
                name="per_item_member", label="每份投标、每个评审项、每名评委一个数值", shape=("bid", "item", "member")
            ),
        )
    }
)

OPERATIONS = MappingProxyType(
    {
        operation.name: operation
        for operation in (
            _operation("add", "相加", "spread", _required("values", "values")),
            _operation("sub", "相减", "spread", _LEFT, _RIGHT),
            _operation("mul", "相乘", "spread", _required("values", "values")),
            _operation("div", "相除", "spread", _LEFT, _RIGHT),
            _operation("abs", "取绝对值", "spread", _OF),
            _operation("clamp", "限定范围", "spread", _OF, _optional("low", "value"), _optional("high", "value")),
            _operation(
                "round", "取舍", "spread", _OF, _required("places", "places"), _optional("mode", "mode", "half_up")
            ),
            _operation("compare", "比较", "spread", _LEFT, _required("comparison", "comparison"), _RIGHT),
            _operation(
                "choose", "择一", "spread", *(_required(name, "value") for name in ("when", "then", "otherwise"))
            ),
            _operation("band", "分档取值", "spread", _OF, _required("table", "table")),
            _operation("interpolate", "线性内插", "spread", _OF, _required("table", "table")),
            _operation("count", "计数", "reduce", _OF),
            _operation("sum", "求和", "reduce", _OF),
            _operation("mean", "算术平均", "reduce", _OF, _EMPTY),
            _operation("median", "中位数", "reduce", _OF, _EMPTY),
            _operation("min", "最小值", "reduce", _OF, _EMPTY),
            _operation("max", "最大值", "reduce", _OF, _EMPTY),
            _operation(
                "trim",
                "去高去低",
                "keep",
                _OF,
                _optional("highest", "number", "0"),
                _optional("lowest", "number", "0"),
                _optional("at_least", "number", "0"),
            ),
            _operation("select", "按条件保留", "keep", _OF, _required("where", "value")),
            _operation(
                "pick", "按抽取序号取样", "keep", _OF, _required("drawn", "per_bid"), _required("count", "number")
            ),
            _operation("rank", "名次", "keep", _OF, _required("order", "order")),
        )
    }
)
