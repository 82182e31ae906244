"""评分办法 as a form builds it: a family with its parameters, what is drawn, and the parts that members mark."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any

from yangguang.rules.refusal import Refusal, Refused
from yangguang.rules.scoring import Description
from yangguang.rules.scoring.families import ScorePart, build_family, family_names, load_family, weighted_total
from yangguang.rules.scoring.reading import number_field

PRICE_SCORE = "price_score"
OWN = "own"  # 自行编写: the description itself, as JSON
PARTS = {"technical": "技术", "business": "商务", "credit": "信用"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part that every member marks item by item; the points are mark × weight."""

    items: Mapping[str, str]
    weight: str = "1"
    drop_at_least: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What the form says of the scoring. `drawn` lists the options of an input that is drawn between two bounds."""

    family: str
    title: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    drawn: Mapping[str, list[str]] = field(default_factory=dict)
    price_weight: str = "1"
    parts: Mapping[str, Part] = field(default_factory=dict)
    places: int = 2
    parallel: bool = False


def build(recipe: Recipe) -> Description:
    """The whole description. Raises `BadDescription` of the engine, or `Refused` for options out of their bounds."""
    described = _with_options(build_family(name=recipe.family, parameters=recipe.parameters), recipe.drawn)
    if not takes_parts(recipe.family):
        return _titled(described, recipe.title)
    parts = [
        ScorePart(
            name=name,
            label=PARTS[name],
            members=True,
            items=dict(one.items),
            weight=one.weight,
            drop_at_least=one.drop_at_least,
        )
        for name, one in recipe.parts.items()
    ]
    return weighted_total(
        price=described,
        title=recipe.title or described.title,
        price_weight=recipe.price_weight,
        parts=parts,
        places=recipe.places,
        parallel=recipe.parallel,
    )


def full_marks(recipe: Recipe) -> Decimal | None:
    """满分合计 of price and parts, None where the family does not say its own full mark."""
    full = recipe.parameters.get("full")
    if full is None or not takes_parts(recipe.family):
        return None
    marks = [Decimal(full) * Decimal(recipe.price_weight)]
    marks += [sum(map(Decimal, one.items.values()), Decimal(0)) * Decimal(one.weight) for one in recipe.parts.values()]
    return sum(marks, Decimal(0))


@cache
def takes_parts(family: str) -> bool:
    """Whether the family gives a price score only, to which parts are added; others are whole by themselves."""
    return bool(load_family(family).description["ranking"]["total"] == PRICE_SCORE)


@cache
def drawn_of(family: str) -> tuple[str, ...]:
    """The inputs of a family that are drawn between bounds, so that the document has to list the options."""
    inputs = load_family(family).description["inputs"]
    return tuple(name for name, one in inputs.items() if one["kind"] == "drawn" and not one.get("choices"))


@cache
def families() -> tuple[tuple[str, str], ...]:
    """Every family with its title, and the description that people write themselves."""
    return (*((name, load_family(name).title) for name in family_names()), (OWN, "自行编写评分说明（JSON）"))


def _titled(described: Description, title: str) -> Description:
    return Description.parse(described.to_json() | {"title": title}) if title else described


def _with_options(described: Description, drawn: Mapping[str, list[str]]) -> Description:
    document = described.to_json()
    for name, options in drawn.items():
        for option in options:
            _within(described, name, option)
        document["inputs"][name]["choices"] = list(options)
    return Description.parse(document)


def _within(described: Description, name: str, option: str) -> None:
    given = described.inputs[name]
    number = number_field({"option": option}, "option", where=f"“{given.label}”的备选值", required=True)
    low = given.minimum is None or number >= given.minimum
    high = given.maximum is None or number <= given.maximum
    if not (low and high):
        raise Refused(
            Refusal(
                code="score.drawn.out_of_bounds",
                reason=f"“{given.label}”的备选值 {option} 不在 {given.minimum:f} 至 {given.maximum:f} 之间",
                article="平台规则：抽取的备选值应在公式族规定的范围内",
                remedy="请更正备选值，或者先改该公式族的范围参数。",
            )
        )
