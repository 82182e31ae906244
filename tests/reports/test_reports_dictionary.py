"""The dictionary of metrics: one entry of data each, and a wrong entry says what is wrong."""

import pytest

from yangguang.reports.dictionary import DictionaryError, checked, dictionary, read_metrics

MEETINGS = {"name": "支部委员会", "unit": "次", "definition": "已召开", "count": "records", "register": "meeting"}


def a_metric(name="one", **changes):
    entry = {key: value for key, value in {**MEETINGS, **changes}.items() if value is not None}
    lines = [f"{key} = {_toml(value)}" for key, value in entry.items()]
    return next(read_metrics(f"[{name}]\n" + "\n".join(lines), group="test"))


def _toml(value):
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_toml(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(_toml(one) for one in value) + "]"
    return f'"{value}"' if isinstance(value, str) else str(value)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"unit": None}, "one: 缺少 unit"),
        ({"definition": " "}, "one: 名称、单位和定义不能为空"),
        ({"formula": "x"}, "one: 不认识的项目 formula"),
        ({"count": "guess"}, "one: 没有这种统计方式：guess"),
        ({"count": "titles:"}, "one: 没有这种统计方式：titles:"),
        ({"count": "python:nobody"}, "one: 没有登记过统计程序 nobody"),
        ({"count": "python:lasting", "checks": ["roll"]}, "one: python:lasting 背后没有台账记录，不能作roll检查"),
        ({"count": "python:occasions", "register": "", "checks": ["monthly"]}, "one: 没有写明台账，不能作monthly检查"),
        ({"count": "share:one"}, "one: 比例应写作 share:部分/总数"),
        ({"count": "sum:agenda"}, "one: agenda 不是数，不能合计"),
        ({"count": "distinct:colour"}, "one: 台账 meeting 没有栏目 colour"),
        ({"count": "posts", "kind": "king"}, "one: 没有职务 king"),
        ({"register": "nowhere"}, "one: 目录中没有台账 nowhere"),
        ({"register": None}, "one: 目录中没有台账 （未写）"),
        ({"kind": "茶话会"}, "one: 台账 meeting 没有种类 茶话会"),
        ({"tag": "茶话"}, "one: 台账 meeting 没有标签 茶话"),
        ({"where": {"colour": "red"}}, "one: 台账 meeting 没有栏目 colour"),
        ({"checks": ["luck"]}, "one: 没有这种检查：luck"),
        ({"state": "perhaps"}, "one: 没有这种状态：perhaps"),
        ({"date": "entered_at"}, "one: 不能按 entered_at 统计"),
        ({"zero": "always"}, "one: zero 应为空或者 signed_off"),
        ({"version": 0}, "one: 版本应为不小于1的整数"),
    ],
)
def test_a_wrong_entry_says_which_and_what(changes, message):
    with pytest.raises(DictionaryError) as wrong:
        a_metric(**changes)
    assert str(wrong.value) == message


def test_an_entry_that_is_no_table_is_refused():
    with pytest.raises(DictionaryError) as wrong:
        list(read_metrics('one = "支部委员会"', group="test"))
    assert str(wrong.value) == "one: 应为一个指标（[one]）"


def test_a_second_metric_of_the_same_id_is_refused():
    with pytest.raises(DictionaryError) as wrong:
        checked([a_metric(), a_metric(definition="另一个", kind="党课")])
    assert str(wrong.value) == "one: 指标编号重复（test、test）"


def test_a_second_metric_of_the_same_name_and_filter_is_refused_and_of_another_filter_is_not():
    one = a_metric(kind="党课")
    with pytest.raises(DictionaryError) as wrong:
        checked([one, a_metric("two", kinds=["党课"], definition="换一种说法")])
    assert str(wrong.value) == "two: 与 one 同名同口径（支部委员会），同一指标只能定义一次"
    assert list(checked([one, a_metric("two", kind="党课", tag="廉政")])) == ["one", "two"]


def test_a_share_of_what_is_not_defined_is_refused():
    with pytest.raises(DictionaryError) as wrong:
        checked([a_metric(count="share:half/whole", unit="%")])
    assert str(wrong.value) == "one: 没有指标 half、whole"


def test_the_dictionary_of_this_house_can_be_read():
    assert dictionary()["committee_meetings"].name == "支部委员会"
