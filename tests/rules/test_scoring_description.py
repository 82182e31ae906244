"""What a scoring description may say, and how it is told what is wrong."""

from copy import deepcopy

import pytest

from yangguang.rules.scoring import BadDescription, Description

GOOD = {
    "format": "yangguang-score/1",
    "title": "试算",
    "precision": 34,
    "inputs": {
        "price": {"kind": "per_bid", "label": "报价", "unit": "元", "above": "0"},
        "k": {"kind": "drawn", "label": "系数", "choices": ["0.9", "0.95"]},
        "marks": {"kind": "per_member_item", "label": "评分", "items": {"方案": "10"}},
    },
    "steps": [
        {"name": "average", "op": "mean", "of": "price", "label": "均价"},
        {"name": "base", "op": "mul", "values": ["average", "k"], "label": "基准价"},
        {"name": "far", "op": "sub", "left": "price", "right": "base", "label": "差额"},
        {"name": "low", "op": "compare", "left": "far", "comparison": "<", "right": "0", "label": "低于基准价"},
    ],
    "ranking": {"total": "far", "order": "lowest", "tie_breaks": [{"by": "price", "order": "lowest"}, "parallel"]},
    "flags": [{"name": "low", "label": "低于基准价"}],
}


def changed(path, value):
    """GOOD with the place at `path` set to `value`, or removed when `value` is None."""
    document = deepcopy(GOOD)
    at = document
    for key in path[:-1]:
        at = at[key]
    if value is None:
        del at[path[-1]]
    else:
        at[path[-1]] = value
    return document


def code_of(document):
    with pytest.raises(BadDescription) as caught:
        Description.parse(document)
    (refusal,) = caught.value.refusals
    assert refusal.remedy
    assert refusal.article == "平台规则：评分说明格式 yangguang-score/1"
    return refusal.code.removeprefix("score.description."), refusal.reason


def test_a_good_description_is_read_whole_and_given_back_unchanged():
    description = Description.parse(GOOD)
    assert description.title == "试算"
    assert [step.name for step in description.steps] == ["average", "base", "far", "low"]
    assert description.ranking.parallel
    assert description.label_of("price") == "报价"
    assert description.label_of("base") == "基准价"
    assert description.to_json() == GOOD


def test_a_description_keeps_what_it_read_when_the_document_changes_later():
    document = deepcopy(GOOD)
    description = Description.parse(document)
    document["steps"].clear()
    assert description.to_json() == GOOD


STEP = ("steps", 1)


@pytest.mark.parametrize(
    ("path", "value", "code", "names"),
    [
        (("format",), "yangguang-score/2", "format", "yangguang-score/1"),
        (("format",), None, "format", "format"),
        (("extra",), "1", "unknown_field", "extra"),
        (("title",), None, "missing_field", "title"),
        (("title",), 5, "text", "title"),
        (("note",), "长" * 501, "text", "note"),
        (("precision",), None, "whole_number", "precision"),
        (("precision",), 27, "whole_number", "28"),
        (("precision",), 51, "whole_number", "50"),
        (("precision",), True, "whole_number", "precision"),
        (("inputs",), None, "not_an_object", "inputs"),
        (("inputs",), {}, "no_bids", "按投标"),
        (("inputs",), {"k": {"kind": "scalar", "label": "系数"}}, "no_bids", "按投标"),
        (("inputs", "price", "kind"), "per_tender", "kind", "price"),
        (("inputs", "price", "kind"), None, "kind", "price"),
        (("inputs", "price", "label"), None, "missing_field", "price"),
        (("inputs", "price", "above"), 0, "number", "above"),
        (("inputs", "price", "above"), "1e5", "number", "above"),
        (("inputs", "price", "maximum"), "NaN", "number", "maximum"),
        (("inputs", "price", "items"), {"方案": "10"}, "items", "price"),
        (("inputs", "marks", "items"), {"方案": 10}, "number", "方案"),
        (("inputs", "k", "choices"), "0.9", "not_an_array", "choices"),
        (("inputs", "k", "choices"), [0.9], "number", "choices"),
        (("inputs", "k", "colour"), "red", "unknown_field", "colour"),
        (("inputs", "k"), "0.9", "not_an_object", "k"),
        (("inputs", "Price"), {"kind": "per_bid", "label": "报价"}, "name", "Price"),
        (("steps",), None, "not_an_array", "steps"),
        (("steps",), ["mean"], "not_an_object", "第 1 步"),
        (("steps",), [GOOD["steps"][0]] * 201, "too_many_steps", "200"),
        ((*STEP, "name"), None, "name", "第 2 步"),
        ((*STEP, "name"), "a" * 41, "name", "第 2 步"),
        ((*STEP, "name"), "average", "duplicate_name", "average"),
        ((*STEP, "name"), "price", "duplicate_name", "price"),
        ((*STEP, "op"), "power", "operation", "base"),
        ((*STEP, "op"), ["mul"], "operation", "base"),
        ((*STEP, "label"), None, "missing_field", "base"),
        ((*STEP, "of"), "price", "unknown_field", "base"),
        ((*STEP, "values"), None, "missing_field", "values"),
        ((*STEP, "values"), "average", "not_an_array", "values"),
        ((*STEP, "values"), ["average"], "values", "base"),
        ((*STEP, "values"), ["average", 2], "operand", "base"),
        ((*STEP, "values"), ["average", "absent"], "unknown_name", "absent"),
        ((*STEP, "values"), ["average", "far"], "forward_reference", "far"),
        ((*STEP, "values"), ["average", "base"], "forward_reference", "base"),
        ((*STEP, "values"), ["average", "1.2.3"], "unknown_name", "1.2.3"),
        ((*STEP, "values"), ["average", "Infinity"], "unknown_name", "Infinity"),
        (("steps", 3, "comparison"), "≤", "choice", "comparison"),
        (("ranking",), None, "not_an_object", "ranking"),
        (("ranking", "total"), None, "missing_field", "total"),
        (("ranking", "total"), "base", "reference", "base"),
        (("ranking", "total"), "absent", "reference", "absent"),
        (("ranking", "order"), None, "order", "排名"),
        (("ranking", "order"), "up", "order", "排名"),
        (("ranking", "tie_breaks"), ["parallel", {"by": "price", "order": "lowest"}], "not_an_object", "同分"),
        (("ranking", "tie_breaks", 0, "by"), "k", "reference", "k"),
        (("ranking", "tie_breaks", 0, "order"), "", "order", "同分"),
        (("flags", 0, "name"), "absent", "reference", "absent"),
        (("flags", 0, "name"), "marks", "reference", "marks"),
        (("flags", 0, "label"), None, "missing_field", "线索"),
        (("flags", 0, "name"), "far", "flag_in_ranking", "far"),
        (("flags", 0, "name"), "average", "flag_in_ranking", "average"),
        (("flags", 0, "name"), "price", "flag_in_ranking", "price"),
    ],
)
def test_a_mistake_is_refused_with_its_place(path, value, code, names):
    found, reason = code_of(changed(path, value))
    assert found == code
    assert names in reason


@pytest.mark.parametrize("document", [None, [], "x", 1])
def test_what_is_no_object_is_refused(document):
    assert code_of(document)[0] == "not_an_object"


STEPS = {
    "a number is no set": ({"op": "mean", "of": "k"}, "shape"),
    "a set is no count": ({"op": "trim", "of": "price", "highest": "price"}, "shape"),
    "members and items do not meet": ({"op": "add", "values": ["member", "item"]}, "shape"),
    "a condition has the shape of its set": ({"op": "select", "of": "marks", "where": "price"}, "shape"),
    "only bids are picked": ({"op": "pick", "of": "marks", "drawn": "price", "count": "1"}, "shape"),
    "drawn numbers belong to bids": ({"op": "pick", "of": "price", "drawn": "k", "count": "1"}, "shape"),
    "drawn numbers are no literal": ({"op": "pick", "of": "price", "drawn": "1", "count": "1"}, "unknown_name"),
    "a table has rows": ({"op": "band", "of": "price", "table": []}, "table"),
    "a row is a pair": ({"op": "band", "of": "price", "table": [["1", "2", "3"]]}, "table"),
    "a table is a list": ({"op": "band", "of": "price", "table": {"1": "2"}}, "not_an_array"),
    "a table ascends": ({"op": "interpolate", "of": "price", "table": [["1", "2"], ["1", "3"]]}, "table"),
    "a table holds decimal text": ({"op": "band", "of": "price", "table": [[1, "2"]]}, "number"),
    "places are whole": ({"op": "round", "of": "price", "places": "2"}, "whole_number"),
    "places are few": ({"op": "round", "of": "price", "places": 11}, "whole_number"),
    "places must be told": ({"op": "round", "of": "price"}, "missing_field"),
    "modes are published": ({"op": "round", "of": "price", "places": 2, "mode": "HALF_UP"}, "choice"),
    "orders are published": ({"op": "rank", "of": "price", "order": 1}, "choice"),
}


@pytest.mark.parametrize("name", STEPS)
def test_a_step_that_makes_no_sense_is_refused(name):
    step, code = STEPS[name]
    document = deepcopy(GOOD)
    document["inputs"]["member"] = {"kind": "per_member", "label": "评委"}
    document["inputs"]["item"] = {"kind": "per_item", "label": "评审项"}
    document["steps"].append({"name": "x", "label": "试", **step})
    found, reason = code_of(document)
    assert found == code
    assert "第 5 步 x" in reason
