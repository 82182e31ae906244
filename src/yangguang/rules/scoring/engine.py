"""Running a scoring description: values, ranking and a trace of every intermediate value."""

import decimal
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from yangguang.rules.refusal import Refusal, Refused
from yangguang.rules.scoring.description import Description
from yangguang.rules.scoring.inputs import check_inputs, read_inputs
from yangguang.rules.scoring.operations import PERFORMERS
from yangguang.rules.scoring.steps import Step
from yangguang.rules.scoring.values import (
    Group,
    OperationFailed,
    Value,
    leaves,
    scoring_context,
    settled,
    text_of,
)
from yangguang.rules.scoring.vocabulary import RESULT_FORMAT

EXCEEDED = OperationFailed(
    code="out_of_range", reason="结果超出可精确表示的范围", remedy="请核对数据的数量级或取舍的位数。"
)


class CannotScore(Refused):
    """不能计分: the inputs were refused or a step has no answer for them; nothing was scored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """名次: a rank number and the bids that share it, in code-point order."""

    rank: int
    bids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RaisedFlag:
    """A clue 线索 and what it points at: the bids, or none for a clue about the whole tender."""

    name: str
    label: str
    article: str
    raised: bool
    bids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """计分结果: every value by name, the places in order, what stays tied, the clues and the trace.

    `unresolved` holds the groups of bids that no tie-break of the document separates and that it does not call
    parallel; people decide them. `trace` has one entry a step: i (from 1), name, op, label, arguments, value.
    """

    description: Description
    bids: tuple[str, ...]
    values: Mapping[str, Value]
    ranking: tuple[Place, ...]
    unresolved: tuple[tuple[str, ...], ...]
    flags: tuple[RaisedFlag, ...]
    trace: tuple[Mapping[str, Any], ...]

    def to_json(self) -> dict[str, Any]:
        """A JSON object that holds the same text for the same description and inputs, every time."""
        return {
            "format": RESULT_FORMAT,
            "title": self.description.title,
            "bids": list(self.bids),
            "trace": [dict(entry) for entry in self.trace],
            "total": text_of(self.values[self.description.ranking.total]),
            "ranking": [{"rank": place.rank, "bids": list(place.bids)} for place in self.ranking],
            "unresolved": [list(group) for group in self.unresolved],
            "flags": [
                {
                    "name": flag.name,
                    "label": flag.label,
                    "article": flag.article,
                    "raised": flag.raised,
                    "bids": list(flag.bids),
                }
                for flag in self.flags
            ],
        }


def evaluate(*, description: Description, inputs: Mapping[str, Any]) -> Result:
    """Run every step in order and rank the bids.

    `inputs` as for `check_inputs`. Raises `CannotScore` with every refusal of the inputs, or with the one step that
    has no answer (a zero divisor, an empty set, sets of different bids, a number out of range).
    """
    refusals = check_inputs(description=description, inputs=inputs)
    if refusals:
        raise CannotScore(*refusals)
    values = read_inputs(description=description, inputs=inputs)
    bids = next(tuple(values[name]) for name, item in description.inputs.items() if item.kind.shape)  # type: ignore[arg-type]
    trace = []
    with decimal.localcontext(scoring_context(precision=description.precision)):
        for number, step in enumerate(description.steps, start=1):
            arguments = _arguments(step, values)
            values[step.name] = _perform(step, number, arguments)
            trace.append(_entry(step, number, arguments, values[step.name]))
    ranking, unresolved = _rank(description, values, bids)
    return Result(
        description=description,
        bids=bids,
        values=values,
        ranking=ranking,
        unresolved=unresolved,
        flags=_flags(description, values),
        trace=tuple(trace),
    )


def _arguments(step: Step, values: Mapping[str, Value]) -> dict[str, Any]:
    return {
        argument.name: _argument(step.arguments[argument.name], argument.kind, values)
        for argument in step.operation.arguments
    }


def _argument(given: Any, kind: str, values: Mapping[str, Value]) -> Any:
    if kind == "values":
        return [_operand(operand, values) for operand in given]
    return _operand(given, values) if kind in {"value", "number", "per_bid"} else given


def _operand(operand: Any, values: Mapping[str, Value]) -> Any:
    return values[operand] if isinstance(operand, str) else operand


def _perform(step: Step, number: int, arguments: Mapping[str, Any]) -> Value:
    try:
        value: Value = PERFORMERS[step.operation.name](**arguments)
        return settled(value)
    except OperationFailed as failure:
        raise _cannot(failure, step, number) from failure
    except decimal.DecimalException as failure:
        raise _cannot(EXCEEDED, step, number) from failure


def _cannot(failure: OperationFailed, step: Step, number: int) -> CannotScore:
    return CannotScore(
        Refusal(
            code=f"score.evaluation.{failure.code}",
            reason=f"第 {number} 步 {step.name}（{step.label}）无法计算：{failure.reason}",
            article="平台规则：评分的每一步须有确定的结果",
            remedy=failure.remedy,
        )
    )


def _entry(step: Step, number: int, arguments: Mapping[str, Any], value: Value) -> dict[str, Any]:
    return {
        "i": number,
        "name": step.name,
        "op": step.operation.name,
        "label": step.label,
        "arguments": {name: _told(given) for name, given in arguments.items() if name in step.written},
        "value": text_of(value),
    }


def _told(given: Any) -> Any:
    if isinstance(given, int | str):
        return given
    if isinstance(given, list | tuple):
        return [_told(item) for item in given]
    return text_of(given)


def _rank(
    description: Description, values: Mapping[str, Value], bids: tuple[str, ...]
) -> tuple[tuple[Place, ...], tuple[tuple[str, ...], ...]]:
    ranking = description.ranking
    criteria = [(ranking.total, ranking.order), *((tie.by, tie.order) for tie in ranking.tie_breaks)]
    keys = {bid: tuple(_oriented(description, values, name, order, bid) for name, order in criteria) for bid in bids}
    places: list[Place] = []
    ahead = 0
    for _, group in groupby(sorted(bids, key=lambda bid: (keys[bid], bid)), key=lambda bid: keys[bid]):
        places.append(Place(rank=ahead + 1, bids=tuple(group)))
        ahead += len(places[-1].bids)
    tied = () if ranking.parallel else tuple(place.bids for place in places if len(place.bids) > 1)
    return tuple(places), tied


def _oriented(description: Description, values: Mapping[str, Value], name: str, order: str, bid: str) -> Decimal:
    """The number that puts the better bid first; refused when the bid has none."""
    group: Group = values[name]  # type: ignore[assignment]
    if bid not in group:
        raise CannotScore(
            Refusal(
                code="score.evaluation.unranked_bid",
                reason=f"投标 {bid} 没有“{description.label_of(name)}”，不能排名",
                article="平台规则：全部有效投标都应有得分",
                remedy="请核对评分说明：筛选后的集合只用于计算基准，总分应覆盖全部有效投标。",
            )
        )
    return group[bid].copy_negate() if order == "highest" else group[bid]


def _flags(description: Description, values: Mapping[str, Value]) -> tuple[RaisedFlag, ...]:
    raised = []
    for flag in description.flags:
        value = values[flag.name]
        bids = () if isinstance(value, Decimal) else tuple(bid for bid in sorted(value) if value[bid])
        raised.append(
            RaisedFlag(name=flag.name, label=flag.label, article=flag.article, raised=any(leaves(value)), bids=bids)
        )
    return tuple(raised)
