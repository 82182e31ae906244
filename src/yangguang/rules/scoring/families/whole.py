"""综合评估法: one description for the whole tender, from price score and marks to total and ranking."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from yangguang.rules.scoring.description import Description
from yangguang.rules.scoring.families.composite import price_score_composite
from yangguang.rules.scoring.families.procurement import procurement_price
from yangguang.rules.scoring.program import Program


@dataclass(frozen=True, slots=True, kw_only=True)
class ScorePart:
    """评分部分 such as 技术, 商务 or 信用. Its marks are the input `<name>_scores`, its points the step `<name>_score`.

    `members`: marks come from each committee member and are averaged; with `drop_at_least` (decimal text) the highest
    and the lowest member total are dropped when there are that many members. `items` names each item with its full
    mark; without items each bid (of each member) has one mark up to `maximum`. Points = mark × `weight`.
    """

    name: str
    label: str
    weight: str = "1"
    members: bool = False
    items: Mapping[str, str] = field(default_factory=dict)
    maximum: str = "100"
    drop_at_least: str = ""
    places: int = 2


def weighted_total(
    *,
    price: Description,
    title: str,
    price_weight: str,
    parts: Sequence[ScorePart],
    places: int,
    tie_breaks: Sequence[tuple[str, str]] = (("price", "lowest"),),
    parallel: bool = False,
) -> Description:
    """Combine a price description with other parts: total = price score × weight + Σ mark × weight, rounded.

    `price` ends in the score it ranks by. Tie-breaks are (name, "highest" or "lowest") in order; with `parallel` the
    bids still equal share a place, otherwise they are reported as unresolved. Raises `BadDescription`.
    """
    program = Program.extending(price, title=title)
    points = [
        program.step("price_points", "mul", label="报价加权得分", unit="分", values=[price.ranking.total, price_weight])
    ]
    points += [_part_points(program, part) for part in parts]
    raw = points[0]
    if len(points) > 1:
        raw = program.step("total_raw", "add", label="取舍前的总分", unit="分", values=points)
    total = program.step("total", "round", label="总分", unit="分", of=raw, places=places)
    return program.finish(total=total, tie_breaks=tie_breaks, parallel=parallel)


def _part_points(program: Program, part: ScorePart) -> str:
    kind = {
        (False, False): "per_bid",
        (False, True): "per_item",
        (True, False): "per_member",
        (True, True): "per_member_item",
    }[part.members, bool(part.items)]
    limits: dict[str, Any] = {"items": dict(part.items)} if part.items else {"maximum": part.maximum}
    score = program.takes(f"{part.name}_scores", kind=kind, label=f"{part.label}评分", unit="分", minimum="0", **limits)
    if part.items:
        score = program.step(f"{part.name}_sums", "sum", label=f"{part.label}各项合计", unit="分", of=score)
    if part.members:
        score = _member_mean(program, part, score)
    return program.step(f"{part.name}_score", "mul", label=f"{part.label}得分", unit="分", values=[score, part.weight])


def _member_mean(program: Program, part: ScorePart, score: str) -> str:
    if part.drop_at_least:
        score = program.step(
            f"{part.name}_kept",
            "trim",
            label=f"{part.label}去掉最高最低后的评委评分",
            unit="分",
            of=score,
            highest="1",
            lowest="1",
            at_least=part.drop_at_least,
        )
    mean = program.step(f"{part.name}_mean", "mean", label=f"{part.label}评委平均分", unit="分", of=score)
    return program.step(
        f"{part.name}_rounded", "round", label=f"{part.label}取舍后平均分", unit="分", of=mean, places=part.places
    )


def comprehensive_construction(
    *,
    program: Program,
    price_weight: str,
    technical_items: dict[str, str],
    technical_weight: str,
    drop_at_least: str,
    business_maximum: str,
    credit_maximum: str,
    total_places: int,
    **price: Any,
) -> Description:
    """工程综合评估法: composite-base price score, members' technical marks, business and credit in one description.

    `price` are the parameters of `price_score_composite`.
    """
    scored = price_score_composite(program=program, **price)
    parts = (
        ScorePart(
            name="technical",
            label="技术",
            weight=technical_weight,
            members=True,
            items=technical_items,
            drop_at_least=drop_at_least,
        ),
        ScorePart(name="business", label="商务", maximum=business_maximum),
        ScorePart(name="credit", label="信用", maximum=credit_maximum),
    )
    return weighted_total(price=scored, title=scored.title, price_weight=price_weight, parts=parts, places=total_places)


def procurement_comprehensive(
    *,
    program: Program,
    technical_items: dict[str, str],
    business_items: dict[str, str],
    total_places: int,
    **price: Any,
) -> Description:
    """政府采购综合评分法: price score, members' technical marks (all of them count), business marks; tie by price.

    `price` are the parameters of `procurement_price`.
    """
    scored = procurement_price(program=program, **price)
    parts = (
        ScorePart(name="technical", label="技术", members=True, items=technical_items),
        ScorePart(name="business", label="商务", items=business_items),
    )
    return weighted_total(
        price=scored, title=scored.title, price_weight="1", parts=parts, places=total_places, parallel=True
    )
