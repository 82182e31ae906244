"""A scoring method printed before any bid is known: every input, step, rule of ranking and clue."""

import pytest

from yangguang.rules.scoring import Description, program_lines
from yangguang.rules.scoring.families import build_family, family_names

METHOD = {
    "format": "yangguang-score/1",
    "title": "均价法",
    "source": "示例市招标文件",
    "precision": 34,
    "inputs": {
        "price": {"kind": "per_bid", "label": "投标报价", "unit": "元", "above": "0"},
        "factor": {"kind": "drawn", "label": "系数", "choices": ["0.95", "0.96"], "minimum": "0", "maximum": "1"},
        "marks": {"kind": "per_member_item", "label": "技术评分", "items": {"方案": "10", "质量": "5"}},
        "free": {"kind": "scalar", "label": "调整值"},
    },
    "steps": [
        {"name": "average", "op": "mean", "of": "price", "label": "均价", "unit": "元"},
        {"name": "base", "op": "mul", "values": ["average", "factor", "free"], "label": "基准价"},
        {"name": "low", "op": "compare", "left": "price", "comparison": "<", "right": "base", "label": "报价偏低"},
        {"name": "far", "op": "compare", "left": "price", "comparison": ">", "right": "base", "label": "报价偏高"},
    ],
    "ranking": {"total": "price", "order": "lowest", "tie_breaks": [{"by": "low", "order": "highest"}]},
    "flags": [
        {"name": "far", "label": "报价待核"},
        {"name": "far", "label": "基准价待核", "article": "示例第一条"},
    ],
}


def test_a_method_is_printed_with_every_bound_step_and_tie_break():
    assert program_lines(Description.parse(METHOD)) == [
        "评分办法：均价法",
        "依据：示例市招标文件",
        "输入　投标报价（每份投标一个数值）：单位：元；大于 0",
        "输入　系数（抽取的数值）：不小于 0；不大于 1；取自 0.95、0.96",
        "输入　技术评分（每份投标、每名评委、每个评审项一个数值）：方案 满分 10；质量 满分 5",
        "输入　调整值（数值）：不限",
        "第 1 步　均价＝算术平均（对象＝投标报价），单位：元",
        "第 2 步　基准价＝相乘（各项＝均价、系数、调整值）",
        "第 3 步　报价偏低＝比较（左＝投标报价，关系＝小于，右＝基准价）",
        "第 4 步　报价偏高＝比较（左＝投标报价，关系＝大于，右＝基准价）",
        "排名　投标报价由低到高，相同时按报价偏低由高到低；仍相同的由评标委员会按招标文件确定",
        "线索（供评标委员会研判，不作为否决依据）　报价待核",
        "线索（供评标委员会研判，不作为否决依据）　基准价待核（示例第一条）",
    ]


def test_a_method_without_a_source_that_shares_places_says_so():
    parallel = METHOD | {"source": "", "flags": [], "ranking": METHOD["ranking"] | {"tie_breaks": ["parallel"]}}
    lines = program_lines(Description.parse(parallel))
    assert lines[1].startswith("输入")
    assert lines[-1] == "排名　投标报价由低到高；仍相同的名次并列"


@pytest.mark.parametrize("name", family_names())
def test_every_family_prints_as_many_lines_as_it_has_parts(name):
    method = build_family(name=name)
    lines = program_lines(method)
    steps = [line for line in lines if line.startswith("第 ")]
    assert len(lines) == len(method.inputs) + len(method.steps) + len(method.flags) + 2 + bool(method.source)
    assert all(step.label in line for step, line in zip(method.steps, steps, strict=True))
