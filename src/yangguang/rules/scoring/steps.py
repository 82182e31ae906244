"""步骤: one step of a scoring description, its arguments read and its shape inferred."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from yangguang.rules.scoring.reading import (
    bad,
    known_fields,
    list_field,
    name_field,
    number_field,
    optional_text,
    text_field,
    whole_field,
)
from yangguang.rules.scoring.values import number_of
from yangguang.rules.scoring.vocabulary import (
    COMPARISONS,
    LARGEST_PLACES,
    LEVELS,
    OPERATIONS,
    ORDERS,
    PER_BID,
    ROUNDING_MODES,
    SMALLEST_PLACES,
    Argument,
    Operation,
    Shape,
)

Operand = str | Decimal
_CHOICES: Mapping[str, Mapping[str, str]] = {"mode": ROUNDING_MODES, "comparison": COMPARISONS, "order": ORDERS}
_VALUE_KINDS = ("value", "number", "per_bid")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One operation and the name its value gets.

    `arguments` maps each field to a name or a literal `Decimal` (a list of them for `values`), or to the setting
    itself (`places`, `mode`, `comparison`, `order`, `table`); what was left out has its default or is None. `written`
    names the fields the description wrote.
    """

    name: str
    operation: Operation
    label: str
    unit: str
    arguments: Mapping[str, Any]
    written: frozenset[str]

    @property
    def operands(self) -> tuple[Operand, ...]:
        """Every name or literal the step reads, in the order of its fields."""
        found: list[Operand] = []
        for argument in self.operation.arguments:
            given = self.arguments[argument.name]
            if argument.kind == "values":
                found.extend(given)
            elif argument.kind in _VALUE_KINDS and given is not None:
                found.append(given)
        return tuple(found)

    @property
    def references(self) -> set[str]:
        """The names the step reads."""
        return {operand for operand in self.operands if isinstance(operand, str)}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scope:
    """Where a step stands: its place for messages, what it may refer to, what only comes later."""

    where: str
    shapes: Mapping[str, Shape]
    later: Sequence[Any]


def read_step(raw: Any, *, number: int, shapes: Mapping[str, Shape], later: Sequence[Any]) -> tuple[Step, Shape]:
    """Read the step that stands at `number` (from 1) and infer its shape.

    `shapes` holds everything already defined, `later` the names of all steps. Raises `BadDescription`.
    """
    where = f"第 {number} 步"
    if not isinstance(raw, dict):
        raise bad("not_an_object", where=where, reason="应为 JSON 对象", remedy="请按公布的格式改写。")
    name = name_field(raw.get("name"), where=where)
    where = f"第 {number} 步 {name}"
    if name in shapes:
        raise bad("duplicate_name", where=where, reason="名称已被前面的输入或步骤使用", remedy="请改名。")
    operation = OPERATIONS.get(str(raw.get("op")))
    if operation is None:
        raise bad("operation", where=where, reason="op 不在公布的运算中", remedy=f"可用：{'、'.join(OPERATIONS)}。")
    fields = [argument.name for argument in operation.arguments]
    known_fields(raw, ["name", "op", "label", "unit", *fields], where=where)
    scope = _Scope(where=where, shapes=shapes, later=later)
    step = Step(
        name=name,
        operation=operation,
        label=text_field(raw, "label", where=where),
        unit=optional_text(raw, "unit", where=where),
        arguments={argument.name: _read_argument(raw, argument, scope) for argument in operation.arguments},
        written=frozenset(fields) & raw.keys(),
    )
    return step, _shape(step, scope)


def _read_argument(raw: Mapping[str, Any], argument: Argument, scope: _Scope) -> Any:
    if argument.name not in raw and argument.required:
        raise bad(
            "missing_field", where=scope.where, reason=f"缺少 {argument.name}", remedy=f"请补写 {argument.name}。"
        )
    if argument.name not in raw and argument.default is None:
        return None
    given = raw.get(argument.name, argument.default)
    if argument.kind == "places":
        return whole_field(raw, argument.name, where=scope.where, lowest=SMALLEST_PLACES, highest=LARGEST_PLACES)
    if argument.kind in _CHOICES:
        return _read_choice(given, argument, scope)
    if argument.kind == "table":
        return _read_table(raw, scope)
    if argument.kind == "values":
        return _read_operands(raw, scope)
    return _read_operand(given, argument, scope)


def _read_choice(given: Any, argument: Argument, scope: _Scope) -> str:
    choices = _CHOICES[argument.kind]
    if not isinstance(given, str) or given not in choices:
        raise bad(
            "choice", where=scope.where, reason=f"{argument.name} 的取值未公布", remedy=f"可用：{'、'.join(choices)}。"
        )
    return given


def _read_table(raw: Mapping[str, Any], scope: _Scope) -> tuple[tuple[Decimal, Decimal], ...]:
    rows = list_field(raw, "table", where=scope.where)
    if not rows or any(not isinstance(row, list) or len(row) != 2 for row in rows):  # noqa: PLR2004 - a pair
        raise bad("table", where=scope.where, reason="table 应为若干 [界限, 取值] 对", remedy="请改写。")
    pairs = [dict(zip(("界限", "取值"), row, strict=True)) for row in rows]
    table = tuple(
        (
            number_field(pair, "界限", where=scope.where, required=True),
            number_field(pair, "取值", where=scope.where, required=True),
        )
        for pair in pairs
    )
    if any(left >= right for (left, _), (right, _) in pairwise(table)):
        raise bad("table", where=scope.where, reason="table 的界限应由小到大且不重复", remedy="请重新排列。")
    return table


def _read_operands(raw: Mapping[str, Any], scope: _Scope) -> tuple[Operand, ...]:
    given = list_field(raw, "values", where=scope.where)
    if len(given) < 2:  # noqa: PLR2004 - an operation on one value is none
        raise bad("values", where=scope.where, reason="values 至少应有两项", remedy="请补写。")
    return tuple(_read_operand(item, Argument(name="values", kind="value"), scope) for item in given)


def _read_operand(given: Any, argument: Argument, scope: _Scope) -> Operand:
    if not isinstance(given, str):
        raise bad(
            "operand",
            where=scope.where,
            reason=f'{argument.name} 应为名称或带引号的十进制数，如 "price"、"0.95"',
            remedy="请改写。",
        )
    literal = number_of(given)
    if literal is not None and argument.kind != "per_bid":
        return literal
    if given not in scope.shapes:
        raise _unknown(given, argument, scope)
    needed: Shape | None = {"number": (), "per_bid": PER_BID}.get(argument.kind)
    if needed is not None and scope.shapes[given] != needed:
        raise _wrong_shape(f"{argument.name} 应为{_spoken(needed)}，而 {given} 是{_spoken(scope.shapes[given])}", scope)
    return given


def _unknown(given: str, argument: Argument, scope: _Scope) -> Exception:
    if given in scope.later:
        return bad(
            "forward_reference",
            where=scope.where,
            reason=f"{argument.name} 引用了本步或后面的步骤 {given}",
            remedy="每一步只能引用输入和前面的步骤，请调整顺序；不得循环引用。",
        )
    return bad(
        "unknown_name",
        where=scope.where,
        reason=f"{argument.name} 引用的 {given} 没有定义",
        remedy="请声明该输入或步骤，或改正名称。",
    )


def _shape(step: Step, scope: _Scope) -> Shape:
    """The levels of the step's value. Trees that meet must have the same upper levels."""
    kind = step.operation.shape
    shapes = [() if isinstance(operand, Decimal) else scope.shapes[operand] for operand in step.operands]
    if kind == "spread":
        return _joined(shapes, scope)
    of = shapes[0]
    if not of:
        raise _wrong_shape("of 应为一组数值，而不是单个数值", scope)
    if step.operation.name == "select" and shapes[1] != of:
        raise _wrong_shape("where 与 of 的层次应相同", scope)
    if step.operation.name == "pick" and of != PER_BID:
        raise _wrong_shape("of 应为逐份投标的数值", scope)
    return of[:-1] if kind == "reduce" else of


def _joined(shapes: Sequence[Shape], scope: _Scope) -> Shape:
    longest = max(shapes, key=len)
    if any(longest[: len(shape)] != shape for shape in shapes):
        raise _wrong_shape("同一步运算的各组数据层次不一致", scope)
    return longest


def _wrong_shape(reason: str, scope: _Scope) -> Exception:
    return bad("shape", where=scope.where, reason=reason, remedy="请先用 sum、mean 等汇总到相同层次。")


def _spoken(shape: Shape) -> str:
    return "单个数值" if not shape else "按" + "、".join(LEVELS[level] for level in shape) + "给出的数值"
