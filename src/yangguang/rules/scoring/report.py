"""The trace of a scoring in Chinese lines, fit to print in an evaluation report 评标报告."""

from collections.abc import Mapping
from typing import Any

from yangguang.rules.scoring.engine import Result
from yangguang.rules.scoring.steps import Step
from yangguang.rules.scoring.values import text_of
from yangguang.rules.scoring.vocabulary import COMPARISONS, ORDERS, ROUNDING_MODES

_SPOKEN = {"mode": ROUNDING_MODES, "comparison": COMPARISONS, "order": ORDERS}
FIELD_LABELS: Mapping[str, str] = {
    "of": "对象",
    "values": "各项",
    "left": "左",
    "right": "右",
    "low": "下限",
    "high": "上限",
    "places": "小数位",
    "mode": "方式",
    "comparison": "关系",
    "when": "条件",
    "then": "成立取",
    "otherwise": "否则取",
    "table": "分档",
    "empty": "空集取",
    "highest": "去高个数",
    "lowest": "去低个数",
    "at_least": "起用个数",
    "where": "条件",
    "drawn": "抽取序号",
    "count": "取样个数",
    "order": "方向",
}


def trace_lines(result: Result) -> list[str]:
    """Title and source, every input, every step in order, the ranking and the clues, one line each."""
    description = result.description
    lines = [f"评分办法：{description.title}"]
    if description.source:
        lines.append(f"依据：{description.source}")
    lines.append(f"有效投标：{'、'.join(result.bids)}（共 {len(result.bids)} 份）")
    lines += [
        f"输入　{item.label}：{spoken_value(text_of(result.values[item.name]), item.unit)}"
        for item in description.inputs.values()
    ]
    lines += [
        f"第 {entry['i']} 步　{_sentence(result, step)}：{spoken_value(entry['value'], step.unit)}"
        for step, entry in zip(description.steps, result.trace, strict=True)
    ]
    return lines + _ranking_lines(result) + _flag_lines(result)


def spoken_value(value: Any, unit: str = "") -> str:
    """A number with its unit, or the keys with their numbers."""
    if isinstance(value, str):
        return f"{value} {unit}".rstrip()
    if not value:
        return "（空集）"
    if all(isinstance(inner, str) for inner in value.values()):
        return "；".join(f"{key} {inner}{unit}" for key, inner in value.items())
    return "；".join(f"{key}［{spoken_value(inner, unit)}］" for key, inner in value.items())


def _sentence(result: Result, step: Step) -> str:
    fields = [
        f"{FIELD_LABELS[argument.name]}＝{_spoken(result, argument.name, step.arguments[argument.name])}"
        for argument in step.operation.arguments
        if step.arguments[argument.name] is not None
    ]
    return f"{step.label}＝{step.operation.label}（{'，'.join(fields)}）"


def _spoken(result: Result, field: str, given: Any) -> str:
    if field in _SPOKEN:
        return _SPOKEN[field][given]
    if isinstance(given, tuple):
        return "、".join(_spoken_item(result, item) for item in given)
    return _spoken_item(result, given)


def _spoken_item(result: Result, given: Any) -> str:
    if isinstance(given, str):
        return result.description.label_of(given)
    if isinstance(given, tuple):
        return f"{given[0]:f}→{given[1]:f}"
    return format(given, "f") if not isinstance(given, int) else str(given)


def _ranking_lines(result: Result) -> list[str]:
    total = text_of(result.values[result.description.ranking.total])
    lines = [
        f"第 {place.rank} 名　" + "、".join(f"{bid}（{total[bid]}）" for bid in place.bids) for place in result.ranking
    ]
    return lines + [f"仍然相同、须按招标文件另行确定：{'、'.join(group)}" for group in result.unresolved]


def _flag_lines(result: Result) -> list[str]:
    return [
        f"线索（供评标委员会研判，不作为否决依据）　{flag.label}：{'、'.join(flag.bids) or '成立'}"
        for flag in result.flags
        if flag.raised
    ]
