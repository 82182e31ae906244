"""Checking what is handed to a scoring description: nothing missing, nothing extra, every number real and in bounds."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from yangguang.rules.refusal import Refusal
from yangguang.rules.scoring.description import Description, Input
from yangguang.rules.scoring.values import Value, leaves, number_of
from yangguang.rules.scoring.vocabulary import LEVELS, Shape

ARTICLE = "平台规则：评审数据须完整、准确"


def check_inputs(*, description: Description, inputs: Mapping[str, Any]) -> tuple[Refusal, ...]:
    """Every reason why `inputs` cannot be scored; empty when there is none.

    `inputs` maps each declared name to a number (decimal text, `Decimal` or int) or to nested mappings keyed by bid,
    member and item as its kind says. The bids of all inputs are the valid bids 有效投标 and must be the same.
    """
    missing = [_missing(item) for name, item in description.inputs.items() if name not in inputs]
    extra = [_extra(name) for name in sorted(str(name) for name in inputs) if name not in description.inputs]
    faults = [
        fault for name, item in description.inputs.items() if name in inputs for fault in _faults(item, inputs[name])
    ]
    return (*missing, *extra, *faults) or tuple(_different_bids(description, inputs))


def read_inputs(*, description: Description, inputs: Mapping[str, Any]) -> dict[str, Value]:
    """The exact values of `inputs` that `check_inputs` was content with."""
    return {name: _exact(inputs[name]) for name in description.inputs}


def _exact(given: Any) -> Value:
    if isinstance(given, Mapping):
        return {key: _exact(given[key]) for key in sorted(given)}
    number = number_of(given)
    if number is None:
        raise ValueError(given)
    return number


def _refusal(code: str, item: Input, reason: str, remedy: str) -> Refusal:
    return Refusal(
        code=f"score.inputs.{code}", reason=f"{item.label}（{item.name}）{reason}", article=ARTICLE, remedy=remedy
    )


def _missing(item: Input) -> Refusal:
    return _refusal("missing", item, "没有给出", f"请补充：{item.kind.label}。")


def _extra(name: str) -> Refusal:
    return Refusal(
        code="score.inputs.extra",
        reason=f"{name} 不是评分说明所要的数据",
        article=ARTICLE,
        remedy="请删去，或核对评分说明的版本。",
    )


def _faults(item: Input, given: Any) -> Iterator[Refusal]:
    wrong = list(_wrong_leaves(item, given, item.kind.shape, path=()))
    yield from wrong
    if wrong:
        return
    value = _exact(given)
    yield from _uneven(item, value)
    yield from _out_of_bounds(item, value, path=())
    yield from _bad_order(item, value)


def _wrong_leaves(item: Input, given: Any, shape: Shape, *, path: tuple[str, ...]) -> Iterator[Refusal]:
    place = "、".join(path) or "整体"
    if not shape:
        if number_of(given) is None:
            yield _refusal("not_a_number", item, f"在 {place} 处不是十进制数", '请填写带引号的十进制数，如 "98.50"。')
        return
    if not isinstance(given, Mapping) or not given or not all(isinstance(key, str) and key for key in given):
        level = LEVELS[shape[0]]
        yield _refusal("not_a_mapping", item, f"在 {place} 处应按{level}逐一给出", f"请为每个{level}填写。")
        return
    for key in sorted(given):
        yield from _wrong_leaves(item, given[key], shape[1:], path=(*path, key))


def _uneven(item: Input, value: Value) -> Iterator[Refusal]:
    """Every bid must have been marked by the same members on the same items."""
    if len(item.kind.shape) < 2:  # noqa: PLR2004 - there is nothing under the bids
        return
    frames = {bid: _frame(inner) for bid, inner in value.items()}  # type: ignore[union-attr]
    reference = next(iter(frames.values()))
    for bid, frame in frames.items():
        if frame != reference:
            yield _refusal("uneven", item, f"投标 {bid} 的评委或评审项与其他投标不一致", "请补齐或更正评分。")
    if item.items:
        yield from _unknown_items(item, value)


def _frame(value: Value) -> Any:
    return None if isinstance(value, Decimal) else {key: _frame(value[key]) for key in value}


def _unknown_items(item: Input, value: Value) -> Iterator[Refusal]:
    found = _keys_at(value, item.kind.shape.index("item"))
    if found != item.items.keys():
        yield _refusal(
            "items", item, f"的评审项应为 {'、'.join(item.items)}，实际为 {'、'.join(sorted(found))}", "请核对评审项。"
        )


def _keys_at(value: Value, depth: int) -> set[str]:
    if isinstance(value, Decimal):  # pragma: no cover - depth never exceeds the shape
        return set()
    if depth == 0:
        return set(value)
    return {key for inner in value.values() for key in _keys_at(inner, depth - 1)}


def _out_of_bounds(item: Input, value: Value, *, path: tuple[str, ...]) -> Iterator[Refusal]:
    if not isinstance(value, Decimal):
        for key in value:
            yield from _out_of_bounds(item, value[key], path=(*path, key))
        return
    reason = _bound_broken(item, value, path)
    if reason:
        place = f"在 {'、'.join(path)} 处" if path else ""
        yield _refusal("out_of_bounds", item, f"{place}的数值 {value:f} {reason}", "请核对数据。")


def _bound_broken(item: Input, number: Decimal, path: tuple[str, ...]) -> str:
    if item.above is not None and number <= item.above:
        return f"应大于 {item.above:f}"
    if item.minimum is not None and number < item.minimum:
        return f"应不低于 {item.minimum:f}"
    if item.maximum is not None and number > item.maximum:
        return f"应不高于 {item.maximum:f}"
    if item.choices and number not in item.choices:
        return f"应为 {'、'.join(format(choice, 'f') for choice in item.choices)} 之一"
    full = item.items.get(path[item.kind.shape.index("item")]) if item.items else None
    return f"应不高于该项满分 {full:f}" if full is not None and number > full else ""


def _bad_order(item: Input, value: Value) -> Iterator[Refusal]:
    if item.kind.name != "drawn_order":
        return
    numbers = sorted(leaves(value))
    if numbers != list(range(1, len(numbers) + 1)):
        yield _refusal("drawn_order", item, f"应为 1 至 {len(numbers)} 各一次", "请核对抽取结果。")


def _different_bids(description: Description, inputs: Mapping[str, Any]) -> Iterator[Refusal]:
    per_bid = [item for item in description.inputs.values() if item.kind.shape]
    reference = per_bid[0]
    for item in per_bid[1:]:
        different = sorted(inputs[reference.name].keys() ^ inputs[item.name].keys())
        if different:
            yield _refusal(
                "different_bids",
                item,
                f"与{reference.label}的投标不一致：{'、'.join(different)}",
                "请让每项数据恰好包含全部有效投标。",
            )
