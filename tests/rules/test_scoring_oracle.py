"""The engine against a second, independent re-execution of about eighty lines."""

from copy import deepcopy
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.scoring_oracle import differences
from yangguang.rules.scoring import BadDescription, CannotScore, Description, evaluate
from yangguang.rules.scoring.vocabulary import COMPARISONS, OPERATIONS, ORDERS, ROUNDING_MODES

INPUTS = {
    "price": {"kind": "per_bid", "label": "报价"},
    "drawn": {"kind": "drawn", "label": "抽取的数"},
    "order": {"kind": "drawn_order", "label": "抽取的序号"},
    "marks": {"kind": "per_member_item", "label": "评分"},
}
LITERALS = st.sampled_from(["0", "1", "2", "0.5", "-1.25", "100", "3.333"])
PRICES = st.decimals(min_value=-50, max_value=1000, places=2).map(lambda number: format(number, "f"))
SETTINGS = {
    "places": st.integers(-2, 6),
    "mode": st.sampled_from(sorted(ROUNDING_MODES)),
    "comparison": st.sampled_from(sorted(COMPARISONS)),
    "order": st.sampled_from(sorted(ORDERS)),
    "table": st.sampled_from([[["0", "1"], ["100", "4.5"], ["150", "2"]], [["-10", "0.1"]], [["1", "3"], ["7", "1"]]]),
}


def operand(kind, names):
    literal = LITERALS if kind != "per_bid" else st.nothing()
    return st.one_of(st.sampled_from(names), literal)


@st.composite
def steps(draw, names, number):
    operation = OPERATIONS[draw(st.sampled_from(sorted(OPERATIONS)))]
    step = {"name": f"s{number}", "op": operation.name, "label": f"{number} 号"}
    for argument in operation.arguments:
        if not argument.required and draw(st.booleans()):
            continue
        if argument.kind == "values":
            step["values"] = draw(st.lists(operand("value", names), min_size=2, max_size=3))
        else:
            step[argument.name] = draw(SETTINGS.get(argument.kind, operand(argument.kind, names)))
    return step


@st.composite
def numbers(draw):
    bids = draw(st.lists(st.sampled_from("甲乙丙丁戊己庚"), min_size=1, max_size=6, unique=True))
    order = draw(st.permutations(range(1, len(bids) + 1)))
    mark = st.sampled_from(["0", "2.5", "3.75", "5"])
    return {
        "price": {bid: draw(PRICES) for bid in bids},
        "drawn": draw(PRICES),
        "order": {bid: str(number) for bid, number in zip(bids, order, strict=True)},
        "marks": {bid: {m: {item: draw(mark) for item in "xy"} for m in ("m1", "m2", "m3")} for bid in bids},
    }


def tie_breaks(draw):
    return [{"by": "price", "order": "lowest"}, *(["parallel"] if draw(st.booleans()) else [])]


@st.composite
def runs(draw):
    """A description of up to nine steps, its inputs and its result; steps that are refused are left out."""
    inputs = draw(numbers())
    document = {
        "format": "yangguang-score/1",
        "title": "随机",
        "precision": draw(st.sampled_from([28, 34, 50])),
        "inputs": INPUTS,
        "steps": [],
        "ranking": {"total": "price", "order": "highest", "tie_breaks": []},
    }
    for number in range(9):
        names = [*INPUTS, *(step["name"] for step in document["steps"])]
        longer = {**document, "steps": [*document["steps"], draw(steps(names[::-1], number))]}
        try:
            result = evaluate(description=Description.parse(longer), inputs=inputs)
        except (BadDescription, CannotScore):
            continue
        document = longer
        value = result.values[f"s{number}"]
        if result.description.shapes[f"s{number}"] == ("bid",) and value.keys() == inputs["price"].keys():
            ranking = {"total": f"s{number}", "order": draw(SETTINGS["order"]), "tie_breaks": tie_breaks(draw)}
            document = {**longer, "ranking": ranking}
    return document, inputs, evaluate(description=Description.parse(document), inputs=inputs).to_json()


@given(runs())
def test_engine_and_oracle_agree_on_every_step(run):
    document, inputs, result = run
    assert differences(document, inputs, result) == []


ZERO = {"name": "zero", "op": "sub", "left": "drawn", "right": "drawn", "label": "零"}
NONE = {"name": "none", "op": "select", "of": "price", "where": "zeros", "label": "空集"}
ZEROS = {"name": "zeros", "op": "mul", "values": ["price", "0"], "label": "全零"}
LARGE = {"name": "large", "op": "mul", "values": ["price", *["100000000000000000"] * 3], "label": "大数"}


@pytest.mark.parametrize(
    ("before", "step", "code"),
    [
        ([ZERO], {"op": "div", "left": "price", "right": "zero"}, "division_by_zero"),
        ([ZEROS, NONE], {"op": "mean", "of": "none"}, "empty_set"),
        ([ZEROS, NONE], {"op": "median", "of": "none"}, "empty_set"),
        ([ZEROS, NONE], {"op": "min", "of": "none"}, "empty_set"),
        ([ZEROS, NONE], {"op": "max", "of": "none"}, "empty_set"),
        ([ZEROS, NONE], {"op": "add", "values": ["none", "price"]}, "different_sets"),
        ([LARGE], {"op": "mul", "values": ["large", "large"]}, "out_of_range"),
        ([LARGE], {"op": "round", "of": "large", "places": 6}, "out_of_range"),
    ],
)
def test_the_oracle_has_no_value_where_the_engine_refuses_one(before, step, code):
    document = {
        "format": "yangguang-score/1",
        "title": "无解",
        "precision": 34,
        "inputs": {name: INPUTS[name] for name in ("price", "drawn")},
        "steps": [*before, {"name": "x", "label": "无解的一步", **step}],
        "ranking": {"total": "price", "order": "lowest", "tie_breaks": []},
    }
    inputs = {"price": {"甲": "1.5", "乙": "2"}, "drawn": "7"}
    with pytest.raises(CannotScore, match="无解的一步") as refused:
        evaluate(description=Description.parse(document), inputs=inputs)
    assert refused.value.refusals[0].code == f"score.evaluation.{code}"
    with pytest.raises((ArithmeticError, TypeError, ValueError)):
        differences(document, inputs, {"trace": []})


def places_of(value, path=()):
    """The path to every text or number in a result."""
    if isinstance(value, dict | list):
        keys = value if isinstance(value, dict) else range(len(value))
        return [place for key in keys for place in places_of(value[key], (*path, key))]
    return [path]


def tampered(result, path, value):
    copy = deepcopy(result)
    at = copy
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return copy


@given(runs(), st.data())
def test_any_changed_place_of_a_result_is_found(run, data):
    document, inputs, result = run
    checked = {key: result[key] for key in ("trace", "total", "ranking", "unresolved")}
    path = data.draw(st.sampled_from(places_of(checked)))
    changed = tampered(result, path, data.draw(st.sampled_from(["1234567.5", "-1", "甲乙"])))
    assert differences(document, inputs, changed) != []


@given(runs(), st.randoms())
def test_a_result_does_not_depend_on_the_order_of_the_bids(run, random):
    document, inputs, result = run
    shuffled = dict(inputs)
    for name in ("price", "order", "marks"):
        bids = list(inputs[name])
        random.shuffle(bids)
        shuffled[name] = {bid: inputs[name][bid] for bid in bids}
    assert evaluate(description=Description.parse(document), inputs=shuffled).to_json() == result


@given(runs())
def test_clamping_holds_its_bounds_and_only_rounding_rounds(run):
    document, inputs, _ = run
    steps = [
        {"name": "held", "op": "clamp", "of": "price", "low": "10", "high": "20", "label": "限定"},
        {"name": "same", "op": "add", "values": ["price", "0"], "label": "不变"},
        {"name": "whole", "op": "round", "of": "price", "places": 0, "label": "取整"},
    ]
    description = Description.parse({**document, "steps": [*document["steps"], *steps]})
    values = evaluate(description=description, inputs=inputs).values
    for bid, text in inputs["price"].items():
        assert values["held"][bid] == min(max(Decimal(text), 10), 20)
        assert values["same"][bid] == Decimal(text)
        assert abs(values["whole"][bid] - Decimal(text)) <= Decimal("0.5")
