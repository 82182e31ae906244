"""Re-executes a scoring description and compares a result with it. Standard library only, nothing of ours."""

import decimal
import math
import operator
import statistics
from decimal import Decimal

SIGNS = {"<": operator.lt, "<=": operator.le, "=": operator.eq, "!=": operator.ne, ">=": operator.ge, ">": operator.gt}
TOLD, SETTINGS = ("name", "op", "label"), ("mode", "comparison", "order", "places")
OPERATIONS = {
    "add": lambda *values: sum(values),
    "sub": lambda left, right: left - right,
    "mul": lambda *values: math.prod(values),
    "div": lambda left, right: left / right,
    "abs": lambda of: +abs(of),
    "clamp": lambda of, low=-math.inf, high=math.inf: min(max(of, low), high),
    "round": lambda of, places, mode="half_up": of.quantize(Decimal(f"1E{-places}"), f"ROUND_{mode.upper()}"),
    "compare": lambda left, comparison, right: Decimal(SIGNS[comparison](left, right)),
    "choose": lambda when, then, otherwise: then if when else otherwise,
    "band": lambda of, table: max((row for row in table if row[0] <= of), default=table[0])[1],
    "interpolate": lambda of, table: next(
        (y + (b - y) * (of - x) / (a - x) for (x, y), (a, b) in zip(table, table[1:], strict=False) if x <= of < a),  # noqa: RUF007 - one import less
        table[0 if of < table[0][0] else -1][1],
    ),
    "count": lambda of: Decimal(len(of)),
    "sum": lambda of: sum(of.values(), Decimal(0)),
    "mean": lambda of, empty=None: sum(of.values()) / len(of) if of else empty,
    "median": lambda of, empty=None: statistics.median(of.values()) if of else empty,
    "min": lambda of, empty=None: min(of.values(), default=empty),
    "max": lambda of, empty=None: max(of.values(), default=empty),
    "trim": lambda of, highest=0, lowest=0, at_least=0: {
        key: of[key]
        for i, (_, key) in enumerate(sorted((of[key], key) for key in of))
        if lowest <= i < len(of) - highest or len(of) < at_least
    },
    "select": lambda of, where: {key: of[key] for key in of if where[key]},
    "pick": lambda of, drawn, count: {k: of[k] for k in sorted(of, key=lambda k: (drawn[k], k))[: int(count)]},
    "rank": lambda of, order: {
        k: Decimal(1 + sorted(of.values(), reverse=order == "highest").index(of[k])) for k in of
    },
}


def mapped(leaf, given):
    if isinstance(given, dict):
        return {key: mapped(leaf, given[key]) for key in sorted(given)}
    return [mapped(leaf, item) for item in given] if isinstance(given, list) else leaf(given)


def perform(op, values, named):
    trees = [value for value in (*values, *named.values()) if isinstance(value, dict)]
    if not trees or (op in [*OPERATIONS][11:] and not any(isinstance(inner, dict) for inner in named["of"].values())):
        return OPERATIONS[op](*values, **named)
    if any(tree.keys() != trees[0].keys() for tree in trees):
        raise ValueError(f"{op}: the sets of bids differ")
    at = lambda value, key: value[key] if isinstance(value, dict) else value  # noqa: E731
    return {k: perform(op, [at(v, k) for v in values], {n: at(v, k) for n, v in named.items()}) for k in trees[0]}


def differences(description, inputs, result):
    """Where `result` is not what the description and the inputs alone give: steps, total, ranking, open ties."""
    known, trace, ranking, order = mapped(Decimal, inputs), [], description["ranking"], {}
    told = lambda leaf: format(leaf, "f") if isinstance(leaf, Decimal) else leaf  # noqa: E731
    read = lambda leaf: known[leaf] if leaf in known else Decimal(leaf)  # noqa: E731
    with decimal.localcontext(decimal.Context(description["precision"], "ROUND_HALF_EVEN", -60, 60)):
        for i, step in enumerate(description["steps"], 1):
            named = {k: v if k in SETTINGS else mapped(read, v) for k, v in step.items() if k not in (*TOLD, "unit")}
            trace.append({"i": i, **{key: step[key] for key in TOLD}, "arguments": mapped(told, named)})
            value = known[step["name"]] = mapped(lambda n: n + 0, perform(step["op"], named.pop("values", ()), named))
            trace[-1]["value"] = mapped(told, value)
    for key in (ranking, *(tie for tie in ranking["tie_breaks"] if tie != "parallel")):
        for bid, number in known[key.get("total", key.get("by"))].items():
            order[bid] = (*order.get(bid, ()), number.copy_negate() if key["order"] == "highest" else number)
    groups = [[bid for bid in order if order[bid] == key] for key in sorted(set(order.values()))]
    places = [{"rank": 1 + sum(map(len, groups[:i])), "bids": bids} for i, bids in enumerate(groups)]
    ties = [] if "parallel" in ranking["tie_breaks"] else [bids for bids in groups if len(bids) > 1]
    right = {"trace": trace, "total": mapped(told, known[ranking["total"]]), "ranking": places, "unresolved": ties}
    steps = [f"step {a['i']} {a['name']}" for a, b in zip(trace, result["trace"], strict=False) if a != b]
    return steps + [key for key in right if right[key] != result.get(key)]
