"""评分演算: the kept computation of a trade, run again and told with the bids by their numbers."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from yangguang.rules.scoring import Description, Result, evaluate, trace_lines
from yangguang.trading.models import Trade
from yangguang.trading.papers.rendering import NUMBER, Column, Grid, grid
from yangguang.trading.papers.rows import Listed, file_digests
from yangguang.trading.papers.words import money
from yangguang.witness import evidence
from yangguang.witness.models import Entry

SEAT = "seat-"
NO_BREAK = "\u00a0"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the computation: what is done, and the value it has."""

    said: str
    value: str


def computation_of(trade: Trade) -> Result | None:
    """The computation kept when the results were computed, run again from its description and inputs; None before."""
    entry = _computing_entry(trade)
    if entry is None:
        return None
    kept = json.loads(evidence.read(file_digests(entry)[0]))
    return evaluate(description=Description.parse(kept["description"]), inputs=kept["inputs"])


def told_lines(result: Result, bids: Sequence[Listed]) -> list[Line]:
    """The whole computation line by line; members' scores of several bids start a new row for each bid."""
    return [_split(line) for line in trace_lines(relabelled(result, bids))]


def relabelled(result: Result, bids: Sequence[Listed]) -> Result:
    """The same result with the bids by their numbers instead of their digests, and seats in Chinese."""
    names = {one.bid.evidence_id: one.label for one in bids}
    return replace(
        result,
        bids=_named(result.bids, names),
        values=_renamed(result.values, names),
        ranking=tuple(replace(place, bids=_named(place.bids, names)) for place in result.ranking),
        unresolved=tuple(_named(group, names) for group in result.unresolved),
        flags=tuple(replace(flag, bids=_named(flag.bids, names)) for flag in result.flags),
        trace=tuple(entry | {"value": _renamed(entry["value"], names)} for entry in map(dict, result.trace)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SettledTie:
    """并列的排定: the bids that the method left equal, in the order that the committee gave them, and why."""

    order: str
    reason: str


def settled_tie(trade: Trade, bids: Sequence[Listed]) -> SettledTie | None:
    """How the committee settled a tie; None when nothing was tied."""
    entry = _computing_entry(trade)
    tie = json.loads(entry.concealed or "{}").get("tie") if entry else None
    if not tie:
        return None
    names = {one.bid.evidence_id: f"{one.label} {one.bidder}" for one in bids}
    return SettledTie(order="、".join(names[bid] for bid in tie["order"]), reason=tie["reason"])


def summary_grid(trade: Trade, result: Result, bids: Sequence[Listed]) -> Grid:
    """经评审的评分比较一览表: price, the parts of the total, the total and the rank of every valid bid."""
    names = (*component_names(result.description), result.description.ranking.total)
    titles = [result.description.label_of(name) for name in names]
    columns = (Column("名次", NUMBER, 7), Column("投标"), Column("投标人", width=24), Column("投标报价（元）", NUMBER))
    numbers = {one.bid.pk: one for one in bids}
    ranked = [(candidate.rank, numbers[candidate.bid_id]) for candidate in trade.ranking.all()]
    rows = [
        (
            str(rank),
            one.label,
            one.bidder,
            money(one.opened.price if one.opened else None),
            *(value_of(result, name, one) for name in names),
        )
        for rank, one in ranked
    ]
    return grid((*columns, *(Column(title, NUMBER) for title in titles)), rows)


def component_names(description: Description) -> tuple[str, ...]:
    """The names that the total is added up from, before it is rounded; none when it is not a sum."""
    steps = {step.name: step for step in description.steps}
    name = description.ranking.total
    while name in steps and steps[name].operation.name == "round":
        name = steps[name].arguments["of"]
    if name not in steps or steps[name].operation.name != "add":
        return ()
    return tuple(part for part in steps[name].arguments["values"] if isinstance(part, str))


def value_of(result: Result, name: str, one: Listed) -> str:
    """A number of the computation for a bid, exactly as it was computed."""
    value = result.values[name]
    number = value[one.bid.evidence_id] if isinstance(value, Mapping) else value
    return f"{number:f}"


def plain(number: Decimal) -> str:
    """A score with at least two decimal places, without the further zeros that the column of the table adds."""
    whole, _, fraction = f"{number:f}".partition(".")
    return f"{whole}.{fraction.rstrip('0'):0<2}"


def _computing_entry(trade: Trade) -> Entry | None:
    return Entry.objects.filter(stream=trade.stream, act="compute_results").order_by("sequence").last()


def _named(bids: Sequence[str], names: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(sorted(names[bid] for bid in bids))


def _renamed(value: Any, names: Mapping[str, str]) -> Any:
    """A tree with the digests among its keys replaced, in the order of the new keys."""
    if not isinstance(value, Mapping):
        return value
    told = {_key(key, names): _renamed(inner, names) for key, inner in value.items()}
    return {key: told[key] for key in sorted(told)}


def _key(key: str, names: Mapping[str, str]) -> str:
    return f"席位{key.removeprefix(SEAT)}" if key.startswith(SEAT) else names.get(key, key)


def _split(line: str) -> Line:
    """What is done ends with the first colon after its brackets; a line without one is said whole."""
    said, colon, value = line.partition("）：") if line.startswith("第 ") else line.partition("：")
    if not colon:
        return Line(line, "")
    return Line(said + colon, value.replace(" ", NO_BREAK).replace("］；投标", "］；\n投标"))
