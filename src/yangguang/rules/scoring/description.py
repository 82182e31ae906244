"""评分说明: a scoring method as data, read and checked before anything is computed."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Self

from yangguang.rules.scoring.reading import (
    bad,
    known_fields,
    list_field,
    mapping_field,
    name_field,
    number_field,
    optional_text,
    text_field,
    whole_field,
)
from yangguang.rules.scoring.steps import Step, read_step
from yangguang.rules.scoring.vocabulary import (
    FORMAT,
    INPUT_KINDS,
    LARGEST_PRECISION,
    MOST_STEPS,
    ORDERS,
    PER_BID,
    SMALLEST_PRECISION,
    InputKind,
    Shape,
)

PARALLEL = "parallel"
_FIELDS = ("format", "title", "source", "mark", "note", "precision", "inputs", "steps", "ranking", "flags")
_INPUT_FIELDS = ("kind", "label", "unit", "above", "minimum", "maximum", "choices", "items")


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """输入: a named value the method needs, with the bounds its numbers must keep.

    `above` is exclusive, `minimum` and `maximum` inclusive; `choices` lists the only numbers allowed; `items` names
    every item 评审项 with its full mark.
    """

    name: str
    kind: InputKind
    label: str
    unit: str
    above: Decimal | None
    minimum: Decimal | None
    maximum: Decimal | None
    choices: tuple[Decimal, ...]
    items: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True, kw_only=True)
class TieBreak:
    """同分时的比较: the value that decides and which end of it wins."""

    by: str
    order: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """排名: by `total` in `order`, then by each tie-break; what is still equal is `parallel` or left open."""

    total: str
    order: str
    tie_breaks: tuple[TieBreak, ...]
    parallel: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """线索: a step of ones and zeros that a committee must look at. It never enters the ranking."""

    name: str
    label: str
    article: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """A checked scoring description; `shapes` holds the levels of every name, `raw` the JSON it was read from."""

    title: str
    source: str
    mark: str
    note: str
    precision: int
    inputs: Mapping[str, Input]
    steps: tuple[Step, ...]
    ranking: Ranking
    flags: tuple[Flag, ...]
    shapes: Mapping[str, Shape]
    raw: Mapping[str, Any]

    @classmethod
    def parse(cls, document: Any) -> Self:
        """Read a JSON object in the format yangguang-score/1.

        Raises `BadDescription`, whose refusal names the field or step and what to do, for anything outside the
        published vocabulary: unknown fields, operations and names, references to later steps, wrong shapes.
        """
        where = "评分说明"
        known_fields(document, _FIELDS, where=where)
        if document.get("format") != FORMAT:
            raise bad("format", where=where, reason=f"format 应为 {FORMAT}", remedy="请使用本系统公布的格式。")
        inputs = {name: _read_input(name, raw) for name, raw in mapping_field(document, "inputs", where=where).items()}
        if not any("bid" in item.kind.shape for item in inputs.values()):
            raise bad("no_bids", where=where, reason="没有按投标给出的输入", remedy="请至少声明一个 per_bid 输入。")
        shapes: dict[str, Shape] = {name: item.kind.shape for name, item in inputs.items()}
        steps = _read_steps(list_field(document, "steps", where=where), shapes)
        ranking = _read_ranking(mapping_field(document, "ranking", where=where), shapes)
        flags = tuple(_read_flag(raw, shapes) for raw in list_field(document, "flags", where=where, default=[]))
        _flags_stay_clues(flags, steps, ranking)
        return cls(
            title=text_field(document, "title", where=where),
            source=optional_text(document, "source", where=where),
            mark=optional_text(document, "mark", where=where),
            note=optional_text(document, "note", where=where),
            precision=whole_field(
                document, "precision", where=where, lowest=SMALLEST_PRECISION, highest=LARGEST_PRECISION
            ),
            inputs=inputs,
            steps=steps,
            ranking=ranking,
            flags=flags,
            shapes=shapes,
            raw=deepcopy(document),
        )

    def to_json(self) -> dict[str, Any]:
        """The JSON object it was read from."""
        return deepcopy(dict(self.raw))

    def label_of(self, name: str) -> str:
        """The Chinese label of an input or step."""
        if name in self.inputs:
            return self.inputs[name].label
        return next(step.label for step in self.steps if step.name == name)


def _read_input(name: str, raw: Any) -> Input:
    where = f"输入 {name}"
    name_field(name, where=where)
    known_fields(raw, _INPUT_FIELDS, where=where)
    kind = INPUT_KINDS.get(str(raw.get("kind")))
    if kind is None:
        raise bad("kind", where=where, reason="kind 不在公布的种类中", remedy=f"可用：{'、'.join(INPUT_KINDS)}。")
    bounds = {field: number_field(raw, field, where=where) for field in ("above", "minimum", "maximum")}
    items = mapping_field(raw, "items", where=where, default={})
    if items and "item" not in kind.shape:
        raise bad("items", where=where, reason="这一种类没有评审项", remedy="请删去 items 或改用带 item 的种类。")
    return Input(
        name=name,
        kind=kind,
        label=text_field(raw, "label", where=where),
        unit=optional_text(raw, "unit", where=where),
        choices=tuple(
            number_field({"choices": choice}, "choices", where=where, required=True)
            for choice in list_field(raw, "choices", where=where, default=[])
        ),
        items={item: number_field(items, item, where=where, required=True) for item in items},
        **bounds,
    )


def _read_steps(raw_steps: list[Any], shapes: dict[str, Shape]) -> tuple[Step, ...]:
    if len(raw_steps) > MOST_STEPS:
        raise bad("too_many_steps", where="评分说明", reason=f"步骤超过 {MOST_STEPS} 个", remedy="请精简步骤。")
    later = [raw.get("name") for raw in raw_steps if isinstance(raw, dict)]
    steps = []
    for number, raw in enumerate(raw_steps, start=1):
        step, shape = read_step(raw, number=number, shapes=shapes, later=later)
        shapes[step.name] = shape
        steps.append(step)
    return tuple(steps)


def _read_ranking(raw: Mapping[str, Any], shapes: Mapping[str, Shape]) -> Ranking:
    where = "排名"
    known_fields(raw, ("total", "order", "tie_breaks"), where=where)
    ties = list_field(raw, "tie_breaks", where=where, default=[])
    parallel = bool(ties) and ties[-1] == PARALLEL
    return Ranking(
        total=_per_bid_name(raw, "total", shapes, where=where),
        order=_order(raw, where=where),
        tie_breaks=tuple(_read_tie_break(tie, shapes) for tie in (ties[:-1] if parallel else ties)),
        parallel=parallel,
    )


def _read_tie_break(raw: Any, shapes: Mapping[str, Shape]) -> TieBreak:
    where = "排名的同分处理"
    known_fields(raw, ("by", "order"), where=where)
    return TieBreak(by=_per_bid_name(raw, "by", shapes, where=where), order=_order(raw, where=where))


def _order(raw: Mapping[str, Any], *, where: str) -> str:
    order = str(raw.get("order"))
    if order not in ORDERS:
        raise bad("order", where=where, reason="order 应写明 highest 或 lowest", remedy="请补写排序方向。")
    return order


def _per_bid_name(raw: Mapping[str, Any], field: str, shapes: Mapping[str, Shape], *, where: str) -> str:
    name = text_field(raw, field, where=where)
    if shapes.get(name) != PER_BID:
        raise bad(
            "reference", where=where, reason=f"{field} 引用的 {name} 不是逐份投标的数值", remedy="请引用已有的名称。"
        )
    return name


def _read_flag(raw: Any, shapes: Mapping[str, Shape]) -> Flag:
    where = "线索"
    known_fields(raw, ("name", "label", "article"), where=where)
    name = text_field(raw, "name", where=where)
    if shapes.get(name) not in {(), PER_BID}:
        raise bad("reference", where=where, reason=f"引用的 {name} 不存在或层次不符", remedy="请引用已有的步骤。")
    return Flag(
        name=name,
        label=text_field(raw, "label", where=where),
        article=optional_text(raw, "article", where=where),
    )


def _flags_stay_clues(flags: tuple[Flag, ...], steps: tuple[Step, ...], ranking: Ranking) -> None:
    """Refuse a flag that the ranking rests on: a clue is for people to judge and may not move a score."""
    used = {ranking.total} | {tie.by for tie in ranking.tie_breaks}
    for step in reversed(steps):
        if step.name in used:
            used |= step.references
    for flag in flags:
        if flag.name in used:
            raise bad(
                "flag_in_ranking",
                where=f"线索 {flag.name}",
                reason="线索参与了总分或同分比较",
                remedy="线索只供评标委员会研判，请让总分不引用它。",
            )
