"""The trace of a scoring in Chinese lines, fit to print in an evaluation report 评标报告."""

from collections.abc import Mapping
from typing import Any

from yangguang.rules.scoring.description import Description, Input
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
        f"第 {entry['i']} 步　{_sentence(description, step)}：{spoken_value(entry['value'], step.unit)}"
        for step, entry in zip(description.steps, result.trace, strict=True)
    ]
    return lines + _ranking_lines(result) + _flag_lines(result)


def program_lines(description: Description) -> list[str]:
    """The method before any bid is known, for a tender document 招标文件: inputs, steps, ranking and clues in order."""
    lines = [f"评分办法：{description.title}"]
    if description.source:
        lines.append(f"依据：{description.source}")
    lines += [f"输入　{_declared(item)}" for item in description.inputs.values()]
    lines += [
        f"第 {number} 步　{_sentence(description, step)}" + (f"，单位：{step.unit}" if step.unit else "")
        for number, step in enumerate(description.steps, start=1)
    ]
    lines.append(f"排名　{_compared(description)}")
    return lines + [
        f"线索（供评标委员会研判，不作为否决依据）　{flag.label}" + (f"（{flag.article}）" if flag.article else "")
        for flag in description.flags
    ]


def _declared(item: Input) -> str:
    """An input with its kind and the bounds its numbers must keep."""
    bounds = [
        f"{label} {number:f}"
        for label, number in (("大于", item.above), ("不小于", item.minimum), ("不大于", item.maximum))
        if number is not None
    ]
    bounds += ["取自 " + "、".join(f"{choice:f}" for choice in item.choices)] if item.choices else []
    bounds += [f"{name} 满分 {most:f}" for name, most in item.items.items()]
    unit = [f"单位：{item.unit}"] if item.unit else []
    return f"{item.label}（{item.kind.label}）：" + ("；".join((*unit, *bounds)) or "不限")


def _compared(description: Description) -> str:
    ranking = description.ranking
    criteria = [(ranking.total, ranking.order), *((tie.by, tie.order) for tie in ranking.tie_breaks)]
    told = [f"{description.label_of(name)}{ORDERS[order]}" for name, order in criteria]
    end = "仍相同的名次并列" if ranking.parallel else "仍相同的由评标委员会按招标文件确定"
    return "，相同时按".join(told) + f"；{end}"


def spoken_value(value: Any, unit: str = "") -> str:
    """A number with its unit, or the keys with their numbers."""
    if isinstance(value, str):
        return f"{value} {unit}".rstrip()
    if not value:
        return "（空集）"
    if all(isinstance(inner, str) for inner in value.values()):
        return "；".join(f"{key} {inner}{unit}" for key, inner in value.items())
    return "；".join(f"{key}［{spoken_value(inner, unit)}］" for key, inner in value.items())


def _sentence(description: Description, step: Step) -> str:
    fields = [
        f"{FIELD_LABELS[argument.name]}＝{_spoken(description, argument.name, step.arguments[argument.name])}"
        for argument in step.operation.arguments
        if step.arguments[argument.name] is not None
    ]
    return f"{step.label}＝{step.operation.label}（{'，'.join(fields)}）"


def _spoken(description: Description, field: str, given: Any) -> str:
    if field in _SPOKEN:
        return _SPOKEN[field][given]
    if isinstance(given, tuple):
        return "、".join(_spoken_item(description, item) for item in given)
    return _spoken_item(description, given)


def _spoken_item(description: Description, given: Any) -> str:
    if isinstance(given, str):
        return description.label_of(given)
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
