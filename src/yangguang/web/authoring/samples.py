"""样例投标: made-up bids on which a scoring description is tried; `yangguang score` takes the same request."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from yangguang.rules.scoring import Description, Input, Result, evaluate, trace_lines
from yangguang.rules.scoring.values import text_of
from yangguang.trading.models import Trade
from yangguang.trading.terms import LIMIT_INPUT, PRICE_INPUT

NAMES = "甲乙丙丁戊己庚辛壬癸"
JUDGES = ("评委1", "评委2", "评委3")
SHARES = ("0.90", "0.92", "0.94", "0.95", "0.97")
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class Samples:
    """Prices in yuan, and which share of each full mark the bids get in turn (percent)."""

    prices: Sequence[Decimal]
    percents: Sequence[Decimal]
    limit: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """样例计分: the request as `yangguang score` takes it, the whole trace, and the places with price and total."""

    request: Mapping[str, Any]
    lines: Sequence[str]
    rows: Sequence[Mapping[str, str]]


def sample_prices(trade: Trade) -> list[Decimal]:
    """Five prices below the limit price, or below the estimate where there is none."""
    limit = trade.limit_price or trade.estimate
    return [(limit * Decimal(share)).quantize(CENT) for share in SHARES]


def sample_inputs(description: Description, samples: Samples) -> dict[str, Any]:
    """Something for every input: prices as typed, marks by their share, of what is drawn the first option."""
    return {name: _sample(item, samples) for name, item in description.inputs.items()}


def try_out(description: Description, samples: Samples) -> Tried:
    """Score the samples. Raises `CannotScore`."""
    inputs = sample_inputs(description, samples)
    result = evaluate(description=description, inputs=inputs)
    request = {"description": description.to_json(), "inputs": inputs}
    return Tried(request=request, lines=trace_lines(result), rows=_rows(result))


def _sample(item: Input, samples: Samples) -> Any:
    match item.kind.name:
        case "scalar":
            return f"{samples.limit if item.name == LIMIT_INPUT else min(samples.prices) * Decimal('0.9'):.2f}"
        case "drawn":
            return format(item.choices[0] if item.choices else item.minimum or Decimal(1), "f")
        case "drawn_order":
            return {bid: str(number) for number, bid in enumerate(_bids(samples), start=1)}
    return {bid: _of_bid(item, samples, number) for number, bid in enumerate(_bids(samples))}


def _bids(samples: Samples) -> str:
    return NAMES[: len(samples.prices)]


def _of_bid(item: Input, samples: Samples, number: int) -> Any:
    if item.name == PRICE_INPUT:
        return f"{samples.prices[number]:.2f}"
    share = samples.percents[number % len(samples.percents)] / 100
    return _nested(item, item.kind.shape[1:], share, most=item.maximum or Decimal(0))


def _nested(item: Input, shape: tuple[str, ...], share: Decimal, *, most: Decimal) -> Any:
    if not shape:
        return f"{(most * share).quantize(CENT):f}"
    if shape[0] == "member":
        return {judge: _nested(item, shape[1:], share, most=most) for judge in JUDGES}
    return {name: _nested(item, shape[1:], share, most=full) for name, full in item.items.items()}


def _rows(result: Result) -> list[dict[str, str]]:
    total: Any = text_of(result.values[result.description.ranking.total])
    price: Any = text_of(result.values[PRICE_INPUT]) if PRICE_INPUT in result.values else {}
    return [
        {"rank": str(place.rank), "bid": bid, "price": price.get(bid, ""), "total": total[bid]}
        for place in result.ranking
        for bid in place.bids
    ]
