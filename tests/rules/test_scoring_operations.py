"""Each operation of the scoring vocabulary, worked by hand."""

from decimal import Decimal

import pytest

from yangguang.rules.scoring import CannotScore, Description, evaluate

PRICES = {"B1": "100", "B2": "90", "B3": "120", "B4": "110"}


def described(*steps, inputs=None, total="price", **more):
    return Description.parse(
        {
            "format": "yangguang-score/1",
            "title": "试算",
            "precision": 34,
            "inputs": {"price": {"kind": "per_bid", "label": "报价"}, **(inputs or {})},
            "steps": [{"label": step["name"], **step} for step in steps],
            "ranking": {"total": total, "order": "lowest", "tie_breaks": []},
            **more,
        }
    )


def computed(*steps, inputs=None, kinds=None, prices=PRICES):
    """The text of the last step's value."""
    result = evaluate(description=described(*steps, inputs=kinds), inputs={"price": prices, **(inputs or {})})
    return result.trace[-1]["value"]


def refused(*steps, **given):
    with pytest.raises(CannotScore) as caught:
        computed(*steps, **given)
    (refusal,) = caught.value.refusals
    assert steps[-1]["name"] in refusal.reason
    return refusal.code


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ({"op": "add", "values": ["price", "1.5", "2"]}, {"B1": "103.5", "B2": "93.5", "B3": "123.5", "B4": "113.5"}),
        ({"op": "sub", "left": "price", "right": "100"}, {"B1": "0", "B2": "-10", "B3": "20", "B4": "10"}),
        ({"op": "mul", "values": ["2", "price"]}, {"B1": "200", "B2": "180", "B3": "240", "B4": "220"}),
        ({"op": "div", "left": "price", "right": "8"}, {"B1": "12.5", "B2": "11.25", "B3": "15", "B4": "13.75"}),
        ({"op": "clamp", "of": "price", "low": "95"}, {"B1": "100", "B2": "95", "B3": "120", "B4": "110"}),
        ({"op": "clamp", "of": "price", "high": "105"}, {"B1": "100", "B2": "90", "B3": "105", "B4": "105"}),
        ({"op": "compare", "left": "price", "comparison": "<", "right": "100"}, "0100"),
        ({"op": "compare", "left": "price", "comparison": "<=", "right": "100"}, "1100"),
        ({"op": "compare", "left": "price", "comparison": "=", "right": "100"}, "1000"),
        ({"op": "compare", "left": "price", "comparison": "!=", "right": "100"}, "0111"),
        ({"op": "compare", "left": "price", "comparison": ">=", "right": "100"}, "1011"),
        ({"op": "compare", "left": "price", "comparison": ">", "right": "100"}, "0011"),
        # before 95 the first row holds, from 95 on 2, from 110 on 3
        ({"op": "band", "of": "price", "table": [["0", "1"], ["95", "2"], ["110", "3"]]}, "2133"),
        ({"op": "band", "of": "price", "table": [["95", "7"], ["115", "8"]]}, "7787"),
        # line from (90, 0) to (110, 10): 100 gives 5; 120 lies beyond the last row
        (
            {"op": "interpolate", "of": "price", "table": [["90", "0"], ["110", "10"]]},
            {"B1": "5", "B2": "0", "B3": "10", "B4": "10"},
        ),
        ({"op": "interpolate", "of": "price", "table": [["95", "1"], ["96", "2"]]}, "2122"),
        ({"op": "count", "of": "price"}, "4"),
        ({"op": "sum", "of": "price"}, "420"),
        ({"op": "mean", "of": "price"}, "105"),
        ({"op": "median", "of": "price"}, "105"),
        ({"op": "min", "of": "price"}, "90"),
        ({"op": "max", "of": "price"}, "120"),
        ({"op": "trim", "of": "price", "highest": "1", "lowest": "1"}, {"B1": "100", "B4": "110"}),
        ({"op": "trim", "of": "price", "highest": "1", "lowest": "1", "at_least": "4"}, {"B1": "100", "B4": "110"}),
        ({"op": "trim", "of": "price", "highest": "1", "lowest": "1", "at_least": "5"}, PRICES),
        ({"op": "trim", "of": "price", "highest": "9"}, {}),
        ({"op": "trim", "of": "price", "lowest": "9"}, {}),
        ({"op": "rank", "of": "price", "order": "lowest"}, "2143"),
        ({"op": "rank", "of": "price", "order": "highest"}, "3412"),
    ],
)
def test_an_operation_gives_what_a_pocket_calculator_gives(step, expected):
    value = computed({"name": "x", **step})
    if isinstance(expected, str) and isinstance(value, dict):
        value = "".join(value[bid] for bid in sorted(value))
    assert value == expected


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("half_up", ["2.5", "2.4", "-2.5"]),
        ("half_even", ["2.4", "2.4", "-2.4"]),
        ("down", ["2.4", "2.3", "-2.4"]),
        ("up", ["2.5", "2.4", "-2.5"]),
        ("floor", ["2.4", "2.3", "-2.5"]),
        ("ceiling", ["2.5", "2.4", "-2.4"]),
    ],
)
def test_rounding_follows_its_mode_on_the_half(mode, expected):
    value = computed(
        {"name": "x", "op": "round", "of": "price", "places": 1, "mode": mode},
        prices={"B1": "2.45", "B2": "2.35", "B3": "-2.45"},
    )
    assert [value["B1"], value["B2"], value["B3"]] == expected


def test_rounding_is_half_up_when_nothing_is_said_and_may_go_to_hundreds():
    prices = {"B1": "1250", "B2": "1249"}
    assert computed({"name": "x", "op": "round", "of": "price", "places": -2}, prices=prices) == {
        "B1": "1300",
        "B2": "1200",
    }


def test_a_median_of_an_odd_count_is_the_middle_one():
    assert computed({"name": "x", "op": "median", "of": "price"}, prices={"a": "1", "b": "9", "c": "5"}) == "5"


def test_the_sign_is_taken_off_and_a_negative_zero_is_never_printed():
    steps = [
        {"name": "low", "op": "sub", "left": "price", "right": "100"},
        {"name": "size", "op": "abs", "of": "low"},
        {"name": "x", "op": "mul", "values": ["low", "-1"]},
    ]
    assert computed(*steps[:2]) == {"B1": "0", "B2": "10", "B3": "20", "B4": "10"}
    assert computed(*steps) == {"B1": "0", "B2": "10", "B3": "-20", "B4": "-10"}


def test_choosing_goes_bid_by_bid():
    steps = [
        {"name": "dear", "op": "compare", "left": "price", "comparison": ">", "right": "100"},
        {"name": "x", "op": "choose", "when": "dear", "then": "0", "otherwise": "price"},
    ]
    assert computed(*steps) == {"B1": "100", "B2": "90", "B3": "0", "B4": "0"}


def test_one_number_chooses_for_every_bid():
    steps = [
        {"name": "many", "op": "compare", "left": "1", "comparison": ">", "right": "2"},
        {"name": "x", "op": "choose", "when": "many", "then": "price", "otherwise": "7"},
    ]
    assert computed(*steps) == dict.fromkeys(PRICES, "7")


def test_selecting_keeps_what_meets_the_condition():
    steps = [
        {"name": "dear", "op": "compare", "left": "price", "comparison": ">", "right": "100"},
        {"name": "x", "op": "select", "of": "price", "where": "dear"},
    ]
    assert computed(*steps) == {"B3": "120", "B4": "110"}


def test_equal_numbers_are_trimmed_in_the_order_of_their_bids():
    prices = {"B3": "5", "B1": "5", "B2": "5"}
    assert computed({"name": "x", "op": "trim", "of": "price", "lowest": "1"}, prices=prices) == {"B2": "5", "B3": "5"}
    assert computed({"name": "x", "op": "trim", "of": "price", "highest": "1"}, prices=prices) == {"B1": "5", "B2": "5"}


def test_equal_numbers_share_a_rank_and_the_next_is_skipped():
    prices = {"B1": "5", "B2": "5", "B3": "7"}
    assert computed({"name": "x", "op": "rank", "of": "price", "order": "lowest"}, prices=prices) == {
        "B1": "1",
        "B2": "1",
        "B3": "3",
    }


ORDER = {"order": {"kind": "drawn_order", "label": "抽取序号"}}
DRAWN = {"order": {"B1": "4", "B2": "2", "B3": "1", "B4": "3"}}


def test_a_random_subset_is_the_bids_with_the_first_drawn_numbers():
    step = {"name": "x", "op": "pick", "of": "price", "drawn": "order", "count": "2"}
    assert computed(step, kinds=ORDER, inputs=DRAWN) == {"B2": "90", "B3": "120"}


def test_a_random_subset_of_a_subset_skips_the_bids_outside():
    steps = [
        {"name": "low", "op": "trim", "of": "price", "highest": "1"},
        {"name": "x", "op": "pick", "of": "low", "drawn": "order", "count": "2"},
    ]
    assert computed(*steps, kinds=ORDER, inputs=DRAWN) == {"B2": "90", "B4": "110"}


def test_a_random_subset_larger_than_the_set_is_the_set():
    step = {"name": "x", "op": "pick", "of": "price", "drawn": "order", "count": "9"}
    assert computed(step, kinds=ORDER, inputs=DRAWN) == PRICES


def test_a_bid_without_a_drawn_number_is_refused():
    steps = [
        {"name": "some", "op": "trim", "of": "order", "highest": "1"},
        {"name": "x", "op": "pick", "of": "price", "drawn": "some", "count": "2"},
    ]
    assert refused(*steps, kinds=ORDER, inputs=DRAWN) == "score.evaluation.different_sets"


MARKS = {"marks": {"kind": "per_member_item", "label": "评分"}}
MARKED = {
    "B1": {"m1": {"a": "1", "b": "2"}, "m2": {"a": "3", "b": "4"}, "m3": {"a": "10", "b": "0"}},
    "B2": {"m1": {"a": "5", "b": "5"}, "m2": {"a": "5", "b": "6"}, "m3": {"a": "0", "b": "1"}},
}
TWO = {"B1": "1", "B2": "2"}


def test_sums_and_means_work_from_the_inside_out():
    steps = [
        {"name": "sums", "op": "sum", "of": "marks"},
        {"name": "x", "op": "mean", "of": "sums"},
    ]
    given = {"kinds": MARKS, "inputs": {"marks": MARKED}, "prices": TWO}
    assert computed(*steps[:1], **given)["B1"] == {"m1": "3", "m2": "7", "m3": "10"}
    assert computed(*steps, **given) == {
        "B1": "6.666666666666666666666666666666667",
        "B2": "7.333333333333333333333333333333333",
    }


def test_the_extreme_members_of_each_bid_are_dropped():
    steps = [
        {"name": "sums", "op": "sum", "of": "marks"},
        {"name": "kept", "op": "trim", "of": "sums", "highest": "1", "lowest": "1", "at_least": "3"},
        {"name": "x", "op": "mean", "of": "kept"},
    ]
    # B1: 3, 7, 10 keeps 7; B2: 10, 11, 1 keeps 10
    assert computed(*steps, kinds=MARKS, inputs={"marks": MARKED}, prices=TWO) == {"B1": "7", "B2": "10"}


def test_a_value_of_each_bid_meets_every_mark_of_the_bid():
    step = {"name": "x", "op": "mul", "values": ["marks", "price"]}
    assert computed(step, kinds=MARKS, inputs={"marks": MARKED}, prices=TWO)["B2"]["m1"] == {"a": "10", "b": "10"}


def test_marks_can_be_selected_one_by_one():
    steps = [
        {"name": "good", "op": "compare", "left": "marks", "comparison": ">", "right": "3"},
        {"name": "x", "op": "select", "of": "marks", "where": "good"},
    ]
    value = computed(*steps, kinds=MARKS, inputs={"marks": MARKED}, prices=TWO)
    assert value["B1"] == {"m1": {}, "m2": {"b": "4"}, "m3": {"a": "10"}}


@pytest.mark.parametrize("operation", ["mean", "median", "min", "max"])
def test_an_empty_set_is_refused_unless_the_step_says_what_it_is(operation):
    none = {"name": "none", "op": "trim", "of": "price", "highest": "9"}
    assert refused(none, {"name": "x", "op": operation, "of": "none"}) == "score.evaluation.empty_set"
    assert computed(none, {"name": "x", "op": operation, "of": "none", "empty": "3.5"}) == "3.5"


def test_nothing_sums_to_zero_and_counts_zero():
    none = {"name": "none", "op": "trim", "of": "price", "highest": "9"}
    assert computed(none, {"name": "x", "op": "sum", "of": "none"}) == "0"
    assert computed(none, {"name": "x", "op": "count", "of": "none"}) == "0"


def test_an_operation_on_an_empty_set_gives_an_empty_set():
    none = {"name": "none", "op": "trim", "of": "price", "highest": "9"}
    assert computed(none, {"name": "x", "op": "mul", "values": ["none", "2"]}) == {}


@pytest.mark.parametrize("divisor", ["0", "free"])
def test_a_zero_divisor_is_refused(divisor):
    free = {"name": "free", "op": "sub", "left": "price", "right": "90"}
    step = {"name": "x", "op": "div", "left": "price", "right": divisor}
    assert refused(free, step) == "score.evaluation.division_by_zero"


def test_sets_of_different_bids_are_refused_and_the_bids_named():
    few = {"name": "few", "op": "trim", "of": "price", "highest": "1"}
    with pytest.raises(CannotScore, match="B3"):
        computed(few, {"name": "x", "op": "add", "values": ["price", "few"]})
    assert refused(few, {"name": "x", "op": "select", "of": "price", "where": "few"}) == (
        "score.evaluation.different_sets"
    )


def test_bounds_that_cross_are_refused():
    step = {"name": "x", "op": "clamp", "of": "price", "low": "9", "high": "8"}
    assert refused(step) == "score.evaluation.crossed_bounds"


@pytest.mark.parametrize("number", ["1.5", "-1"])
def test_a_count_that_is_no_count_is_refused(number):
    step = {"name": "x", "op": "trim", "of": "price", "highest": number}
    assert refused(step) == "score.evaluation.not_a_count"


def test_a_number_out_of_range_is_refused():
    large = {"name": "large", "op": "mul", "values": ["price", *["1000000000000000"] * 3]}
    assert refused(large, {"name": "x", "op": "mul", "values": ["large", "large"]}) == "score.evaluation.out_of_range"
    fine = {"name": "x", "op": "round", "of": "large", "places": 10}
    assert refused(large, fine) == "score.evaluation.out_of_range"


def test_only_a_rounding_step_rounds():
    value = computed({"name": "x", "op": "mul", "values": ["price", "1.2345678901"]}, prices={"B1": "1.0000000001"})
    assert Decimal(value["B1"]) == Decimal("1.0000000001") * Decimal("1.2345678901")
