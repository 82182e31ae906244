"""Inputs, ranking, clues, trace and report of a scoring."""

import json
from decimal import Decimal

import pytest

from yangguang.rules.scoring import CannotScore, Description, check_inputs, evaluate, trace_lines
from yangguang.rules.scoring.inputs import read_inputs

INPUTS = {
    "price": {"kind": "per_bid", "label": "报价", "unit": "元", "above": "0"},
    "limit": {"kind": "scalar", "label": "限价", "minimum": "1", "maximum": "1000"},
    "k": {"kind": "drawn", "label": "系数", "choices": ["0.9", "0.95"]},
    "order": {"kind": "drawn_order", "label": "序号"},
    "marks": {"kind": "per_member_item", "label": "评分", "minimum": "0", "items": {"方案": "10", "质量": "5"}},
    "rounds": {"kind": "per_item_member", "label": "复评", "items": {"方案": "10"}},
}
MARKS = {"m1": {"方案": "8", "质量": "5"}, "m2": {"方案": "9", "质量": "4.5"}}
VALUES = {
    "price": {"甲": "100.50", "乙": Decimal(99)},
    "limit": 120,
    "k": "0.90",
    "order": {"甲": "2", "乙": "1"},
    "marks": {"甲": MARKS, "乙": MARKS},
    "rounds": {"甲": {"方案": {"m1": "1"}}, "乙": {"方案": {"m1": "10"}}},
}


def described(*, inputs=INPUTS, steps=(), **more):
    return Description.parse(
        {
            "format": "yangguang-score/1",
            "title": "试算",
            "precision": 34,
            "inputs": inputs,
            "steps": list(steps),
            "ranking": {"total": "price", "order": "lowest", "tie_breaks": []},
            **more,
        }
    )


def codes(**changes):
    refusals = check_inputs(description=described(), inputs={**VALUES, **changes})
    assert all(refusal.remedy and refusal.article for refusal in refusals)
    return [refusal.code.removeprefix("score.inputs.") for refusal in refusals]


def test_complete_inputs_are_accepted_and_read_exactly():
    assert codes() == []
    values = read_inputs(description=described(), inputs=VALUES)
    assert values["price"] == {"甲": Decimal("100.50"), "乙": Decimal(99)}
    assert list(values["price"]) == ["乙", "甲"]
    assert values["limit"] == Decimal(120)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"other": "1"}, ["extra"]),
        ({"k": "0.91"}, ["out_of_bounds"]),
        ({"limit": "0.99"}, ["out_of_bounds"]),
        ({"limit": "1000.01"}, ["out_of_bounds"]),
        ({"limit": 1.5}, ["not_a_number"]),
        ({"limit": True}, ["not_a_number"]),
        ({"limit": None}, ["not_a_number"]),
        ({"limit": "NaN"}, ["not_a_number"]),
        ({"limit": Decimal("NaN")}, ["not_a_number"]),
        ({"limit": Decimal("Infinity")}, ["not_a_number"]),
        ({"limit": "-Infinity"}, ["not_a_number"]),
        ({"limit": "1e2"}, ["not_a_number"]),
        ({"limit": "１２０"}, ["not_a_number"]),
        ({"limit": " 120"}, ["not_a_number"]),
        ({"limit": "1" * 19}, ["not_a_number"]),
        ({"limit": "1.12345678901"}, ["not_a_number"]),
        ({"limit": {"甲": "1"}}, ["not_a_number"]),
        ({"price": "100"}, ["not_a_mapping"]),
        ({"price": {}}, ["not_a_mapping"]),
        ({"price": {"": "100"}}, ["not_a_mapping"]),
        ({"price": {1: "100"}}, ["not_a_mapping"]),
        ({"price": {"甲": "0", "乙": "99"}}, ["out_of_bounds"]),
        ({"price": {"甲": "100"}}, ["different_bids"] * 3),
        ({"order": {"甲": "2", "乙": "2"}}, ["drawn_order"]),
        ({"order": {"甲": "0", "乙": "1"}}, ["drawn_order"]),
        ({"marks": {"甲": MARKS, "乙": {"m1": MARKS["m1"]}}}, ["uneven"]),
        ({"marks": {"甲": MARKS, "乙": {**MARKS, "m2": {"方案": "9"}}}}, ["uneven"]),
        ({"marks": {bid: {"m1": {"方案": "9"}} for bid in "甲乙"}}, ["items"]),
        (
            {"marks": {bid: {"m1": {"方案": "11", "质量": "-1"}} for bid in "甲"}, "price": {"甲": "1"}},
            ["out_of_bounds"] * 2,
        ),
        ({"marks": {bid: {"m1": ["9"]} for bid in "甲乙"}}, ["not_a_mapping"] * 2),
        ({"rounds": {bid: {"方案": {"m1": "10.01"}} for bid in "甲乙"}}, ["out_of_bounds"] * 2),
        ({"rounds": {bid: {"质量": {"m1": "1"}} for bid in "甲乙"}}, ["items"]),
    ],
)
def test_an_input_that_cannot_be_scored_is_refused_for_its_reason(changes, expected):
    assert codes(**changes) == expected


def test_a_missing_input_is_refused_and_named():
    inputs = {name: VALUES[name] for name in VALUES if name != "limit"}
    (refusal,) = check_inputs(description=described(), inputs=inputs)
    assert refusal.code == "score.inputs.missing"
    assert "限价" in refusal.reason


def test_evaluating_refused_inputs_gives_every_reason():
    with pytest.raises(CannotScore) as caught:
        evaluate(description=described(), inputs={})
    assert len(caught.value.refusals) == len(INPUTS)


def test_reading_unchecked_inputs_fails_loudly():
    with pytest.raises(ValueError, match="1e2"):
        read_inputs(description=described(), inputs={**VALUES, "limit": "1e2"})


def ranked(prices, *, second=None, parallel=False, order="lowest"):
    inputs = {"price": INPUTS["price"], "second": {"kind": "per_bid", "label": "第二指标"}}
    ties = [{"by": "second", "order": "highest"}] if second else []
    ranking = {"total": "price", "order": order, "tie_breaks": [*ties, "parallel"] if parallel else ties}
    result = evaluate(
        description=described(inputs=inputs, ranking=ranking),
        inputs={"price": prices, "second": second or dict.fromkeys(prices, "0")},
    )
    return [(place.rank, place.bids) for place in result.ranking], result.unresolved


def test_bids_are_ranked_from_the_named_end():
    prices = {"甲": "3", "乙": "1", "丙": "2"}
    assert ranked(prices) == ([(1, ("乙",)), (2, ("丙",)), (3, ("甲",))], ())
    assert ranked(prices, order="highest") == ([(1, ("甲",)), (2, ("丙",)), (3, ("乙",))], ())


def test_a_tie_break_separates_equal_totals():
    places, open_ties = ranked({"a": "1.0", "b": "1.00", "c": "2"}, second={"a": "5", "b": "6", "c": "9"})
    assert places == [(1, ("b",)), (2, ("a",)), (3, ("c",))]
    assert open_ties == ()


def test_a_tie_the_document_does_not_settle_stays_open():
    places, open_ties = ranked({"a": "1", "b": "1", "c": "2"})
    assert places == [(1, ("a", "b")), (3, ("c",))]
    assert open_ties == (("a", "b"),)


def test_a_tie_is_parallel_when_the_document_says_so():
    places, open_ties = ranked({"a": "1", "b": "1", "c": "2"}, parallel=True)
    assert places == [(1, ("a", "b")), (3, ("c",))]
    assert open_ties == ()


TWO = {"price": INPUTS["price"]}


def test_a_total_that_leaves_out_a_bid_cannot_rank():
    steps = [{"name": "kept", "op": "trim", "of": "price", "highest": "1", "label": "留下的报价"}]
    ranking = {"total": "kept", "order": "lowest", "tie_breaks": []}
    with pytest.raises(CannotScore, match="投标 乙 没有“留下的报价”"):
        evaluate(
            description=described(inputs=TWO, steps=steps, ranking=ranking), inputs={"price": {"甲": "1", "乙": "2"}}
        )


STEPS = [
    {"name": "average", "op": "mean", "of": "price", "label": "均价", "unit": "元"},
    {"name": "mix", "op": "mul", "values": ["average", "0.9"], "label": "折后均价"},
    {"name": "base", "op": "round", "of": "mix", "places": 1, "label": "基准价"},
    {"name": "low", "op": "compare", "left": "price", "comparison": "<", "right": "base", "label": "低于基准价"},
    {"name": "band", "op": "band", "of": "price", "table": [["0", "1"], ["50", "2"]], "label": "档次"},
    {"name": "none", "op": "trim", "of": "price", "highest": "9", "label": "剩余"},
    {"name": "cheap", "op": "compare", "left": "base", "comparison": "<", "right": "10", "label": "均价过低"},
]
FLAGS = [{"name": "low", "label": "偏低", "article": "招标文件"}, {"name": "cheap", "label": "整体偏低"}]


def scored():
    description = described(inputs=TWO, steps=STEPS, flags=FLAGS, source="示例市规定")
    return evaluate(description=description, inputs={"price": {"乙": "100.15", "甲": "60"}})


def test_the_trace_holds_every_step_with_its_arguments_and_value():
    # (100.15 + 60) / 2 = 80.075; × 0.9 = 72.0675; one place: 72.1
    assert list(scored().trace[:3]) == [
        {
            "i": 1,
            "name": "average",
            "op": "mean",
            "label": "均价",
            "arguments": {"of": {"乙": "100.15", "甲": "60"}},
            "value": "80.075",
        },
        {
            "i": 2,
            "name": "mix",
            "op": "mul",
            "label": "折后均价",
            "arguments": {"values": ["80.075", "0.9"]},
            "value": "72.0675",
        },
        {
            "i": 3,
            "name": "base",
            "op": "round",
            "label": "基准价",
            "arguments": {"of": "72.0675", "places": 1},
            "value": "72.1",
        },
    ]
    assert scored().trace[4]["arguments"]["table"] == [["0", "1"], ["50", "2"]]


def test_clues_name_their_bids_and_move_no_rank():
    low, cheap = scored().flags
    assert (low.raised, low.bids, low.article) == (True, ("甲",), "招标文件")
    assert (cheap.raised, cheap.bids) == (False, ())


def test_the_json_is_stable_and_complete():
    text = json.dumps(scored().to_json(), ensure_ascii=False)
    assert text == json.dumps(scored().to_json(), ensure_ascii=False)
    assert list(json.loads(text)) == ["format", "title", "bids", "trace", "total", "ranking", "unresolved", "flags"]
    assert json.loads(text)["ranking"] == [{"rank": 1, "bids": ["甲"]}, {"rank": 2, "bids": ["乙"]}]


def test_the_report_prints_every_value_in_chinese():
    assert trace_lines(scored()) == [
        "评分办法：试算",
        "依据：示例市规定",
        "有效投标：乙、甲（共 2 份）",
        "输入　报价：乙 100.15元；甲 60元",
        "第 1 步　均价＝算术平均（对象＝报价）：80.075 元",
        "第 2 步　折后均价＝相乘（各项＝均价、0.9）：72.0675",
        "第 3 步　基准价＝取舍（对象＝折后均价，小数位＝1，方式＝四舍五入）：72.1",
        "第 4 步　低于基准价＝比较（左＝报价，关系＝小于，右＝基准价）：乙 0；甲 1",
        "第 5 步　档次＝分档取值（对象＝报价，分档＝0→1、50→2）：乙 2；甲 2",
        "第 6 步　剩余＝去高去低（对象＝报价，去高个数＝9，去低个数＝0，起用个数＝0）：（空集）",
        "第 7 步　均价过低＝比较（左＝基准价，关系＝小于，右＝10）：0",
        "第 1 名　甲（60）",
        "第 2 名　乙（100.15）",
        "线索（供评标委员会研判，不作为否决依据）　偏低：甲",
    ]


def test_the_report_prints_marks_by_member_open_ties_and_clues_about_all():
    inputs = {**TWO, "marks": INPUTS["marks"]}
    steps = [{"name": "many", "op": "count", "of": "price", "label": "份数"}]
    description = described(inputs=inputs, steps=steps, flags=[{"name": "many", "label": "有投标"}])
    lines = trace_lines(
        evaluate(
            description=description, inputs={"price": dict.fromkeys("甲乙", "1"), "marks": dict.fromkeys("甲乙", MARKS)}
        )
    )
    assert lines[3] == "输入　评分：" + "；".join(
        f"{bid}［m1［方案 8；质量 5］；m2［方案 9；质量 4.5］］" for bid in "乙甲"
    )
    assert lines[-3:] == [
        "第 1 名　乙（1）、甲（1）",
        "仍然相同、须按招标文件另行确定：乙、甲",
        "线索（供评标委员会研判，不作为否决依据）　有投标：成立",
    ]
