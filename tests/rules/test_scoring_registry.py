"""The data files of the formula families, their parameters, and combining scores into a total."""

from importlib.resources import files

import pytest

from yangguang.rules.scoring import BadDescription, evaluate
from yangguang.rules.scoring.families import (
    ScorePart,
    build_family,
    family_names,
    load_family,
    price_score_composite,
    weighted_total,
)
from yangguang.rules.scoring.program import Program


def test_every_data_file_is_a_family_and_every_family_has_one():
    folder = files("yangguang.rules") / "data" / "scoring"
    assert sorted(file.name for file in folder.iterdir()) == sorted(f"{name}.json" for name in family_names())


@pytest.mark.parametrize("name", family_names())
def test_a_data_file_holds_the_description_its_parameters_give(name):
    """When a builder changes on purpose: `yangguang score --show NAME` prints the file's new content."""
    family = load_family(name)
    assert family.description == build_family(name=name).to_json()
    assert family.title
    assert family.source
    assert {family.mark, *(parameter.mark for parameter in family.parameters.values())} <= {"V", "S", "U"}
    assert all(parameter.label for parameter in family.parameters.values())


@pytest.mark.parametrize("name", family_names())
def test_every_parameter_moves_the_description(name):
    """A parameter that changes nothing would mislead whoever fills in a tender document."""
    family = load_family(name)
    for key, parameter in family.parameters.items():
        changed = build_family(name=name, parameters={key: another(parameter.value)})
        assert changed.to_json() != family.description, key


def another(value):
    """A value like `value` that is not it."""
    if isinstance(value, int):
        return value + 1
    if isinstance(value, dict):
        return {f"{key}二": full for key, full in value.items()}
    if isinstance(value, list):
        return value[:1] if len(value) > 1 else [*value, *value]
    return {"half_up": "floor"}.get(value) or f"{value}{0 if '.' in value else '.5'}"


def refused(**given):
    with pytest.raises(BadDescription) as caught:
        build_family(**given)
    (refusal,) = caught.value.refusals
    return refusal.code.removeprefix("score.description."), refusal.reason


def test_an_unknown_family_is_refused():
    assert refused(name="../lowest_price")[0] == "family"


def test_an_unknown_parameter_is_refused_and_named():
    code, reason = refused(name="water_works", parameters={"deeper": "4"})
    assert code == "parameter"
    assert "deeper" in reason


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("water_works", {"deep": 4}),
        ("water_works", {"deep": "four"}),
        ("water_works", {"score_places": "2"}),
        ("water_works", {"score_places": True}),
        ("shanxi_building", {"trim_mode": "1"}),
        ("lanzhou_construction", {"choices": []}),
        ("lanzhou_construction", {"choices": ["1", 2]}),
        ("lanzhou_construction", {"choices": "1"}),
        ("shanxi_transport", {"sample_shares": [["0", "half"]]}),
        ("lowest_evaluated_price", {"items": {}}),
        ("lowest_evaluated_price", {"items": {"工期": 5}}),
    ],
)
def test_a_parameter_of_another_type_is_refused(name, parameters):
    assert refused(name=name, parameters=parameters)[0] == "parameter"


def test_a_parameter_the_description_cannot_hold_is_refused_there():
    assert refused(name="shanxi_building", parameters={"trim_mode": "upwards"})[0] == "choice"
    assert refused(name="water_works", parameters={"score_places": 99})[0] == "whole_number"


COMPOSITE = {
    "trim_at_least": "5",
    "trim_highest": "1",
    "trim_lowest": "1",
    "weight_choices": ["0.5"],
    "lower_choices": ["4"],
    "above": "1",
    "below": "0.5",
    "full": "100",
    "floor": "0",
    "base_places": 2,
    "score_places": 2,
}
GIVEN = {
    "price": {"甲": "100", "乙": "104"},
    "limit_price": "106.25",  # × 0.96 = 102, as the mean: the base is 102
    "drawn_lowering": "4",
    "drawn_weight": "0.5",
}
# 甲 −2/102 = −1.9608 % × 0.5 = 0.9804: 99.02; 乙 1.9608 %: 98.04


def composite():
    return price_score_composite(program=Program(title="复合基准价"), **COMPOSITE)


def test_a_total_may_rest_on_the_price_alone():
    description = weighted_total(price=composite(), title="只评价格", price_weight="0.5", parts=(), places=1)
    result = evaluate(description=description, inputs=GIVEN)
    # 49.51 and 49.02 at one place
    assert result.to_json()["total"] == {"乙": "49.0", "甲": "49.5"}
    assert description.title == "只评价格"


def test_each_part_takes_its_marks_as_it_says():
    parts = [
        ScorePart(name="technical", label="技术", members=True, maximum="50", weight="0.5", places=1),
        ScorePart(name="business", label="商务", items={"业绩": "5", "资质": "5"}),
        ScorePart(name="credit", label="信用", maximum="10"),
    ]
    description = weighted_total(price=composite(), title="综合", price_weight="0.5", parts=parts, places=2)
    kinds = {name: item.kind.name for name, item in description.inputs.items() if name.endswith("_scores")}
    assert kinds == {"technical_scores": "per_member", "business_scores": "per_item", "credit_scores": "per_bid"}
    result = evaluate(
        description=description,
        inputs={
            **GIVEN,
            "technical_scores": {"甲": {"m1": "40", "m2": "40.3"}, "乙": {"m1": "44", "m2": "44"}},
            "business_scores": {"甲": {"业绩": "3", "资质": "5"}, "乙": {"业绩": "5", "资质": "5"}},
            "credit_scores": {"甲": "9", "乙": "8"},
        },
    )
    # 甲 49.51 + round(40.15, 1) = 40.2 × 0.5 = 20.1 + 8 + 9 = 86.61; 乙 49.02 + 22 + 10 + 8 = 89.02
    assert result.to_json()["total"] == {"乙": "89.02", "甲": "86.61"}


def test_combining_leaves_the_price_description_as_it_was():
    price = composite()
    before = price.to_json()
    weighted_total(price=price, title="综合", price_weight="1", parts=(), places=2)
    assert price.to_json() == before


def test_a_total_keeps_its_own_tie_breaks():
    description = weighted_total(
        price=composite(),
        title="综合",
        price_weight="0",
        parts=(),
        places=2,
        tie_breaks=[("price", "highest")],
        parallel=True,
    )
    result = evaluate(description=description, inputs=GIVEN)
    assert [place.bids for place in result.ranking] == [("乙",), ("甲",)]
    assert description.to_json()["ranking"]["tie_breaks"] == [{"by": "price", "order": "highest"}, "parallel"]
