"""Reading number phrases: value, unit, what is counted, and what is no count at all."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yangguang.reports.proofreading.document import Line
from yangguang.reports.proofreading.numbers import amount_text, chinese_number, quantities

DIGITS = "零一二三四五六七八九"


def read(text):
    return [(str(one.value), one.unit, one.noun) for one in quantities(Line(1, text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("累计开展集中学习82次", [("82", "次", "集中学习")]),
        (
            "召开支委会8次、党员大会4次、讲党课3次",
            [("8", "次", "支委会"), ("4", "次", "党员大会"), ("3", "次", "党课")],
        ),
        ("召开了8次支委会", [("8", "次", "支委会")]),
        ("成交金额3.5亿元", [("350000000.0", "元", "成交金额")]),
        ("收费5477.2万元", [("54772000.0", "元", "收费")]),
        ("服务企业1,204家", [("1204", "家", "服务企业")]),
        ("谈话十余次", [("10", "次", "谈话")]),
        ("走访二十三户", [("23", "户", "走访")]),
        ("提高2个百分点", [("2", "个百分点", "提高")]),
        ("签订《“一岗双责”责任书》9份", [("9", "份", "《“一岗双责”责任书》")]),
        ("分别签订《甲》9份、《乙》9份", [("9", "份", "《甲》"), ("9", "份", "《乙》")]),
        ("第10个烈士纪念日", []),
        ("2023年9月28日", []),
        ("历时3个月", []),
        ("X〔2023〕5号", []),
        ("党的二十大", []),
    ],
)
def test_a_number_phrase_is_read(text, expected):
    assert read(text) == expected


@pytest.mark.parametrize("text", ["谈话50余人次", "近300人次", "约20人", "十余次", "三十多万元"])
def test_rough_numbers_are_known_as_such(text):
    assert [one.is_rough for one in quantities(Line(1, text))] == [True]


@pytest.mark.parametrize(
    "text", ["每月开展学习1次", "各开展学习8次", "学习不少于12次", "次数增加了5次", "计划开展学习9次"]
)
def test_rates_bounds_changes_and_plans_are_no_plain_counts(text):
    assert [one.is_plain for one in quantities(Line(1, text))] == [False]


@given(st.integers(1, 99))
def test_chinese_numbers_up_to_a_hundred(number):
    tens, ones = divmod(number, 10)
    text = (("" if tens == 1 else DIGITS[tens]) + "十" if tens else "") + (DIGITS[ones] if ones else "")
    assert chinese_number(text) == number


@pytest.mark.parametrize(
    ("text", "number"), [("一百零五", 105), ("两千三百", 2300), ("二〇", 20), ("十", 10), ("两", 2)]
)
def test_larger_and_older_chinese_numbers(text, number):
    assert chinese_number(text) == number


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        ("34760000000", "元", "347.6亿元"),
        ("54772000", "元", "5477.2万元"),
        ("300", "元", "300元"),
        ("1308", "宗", "1308宗"),
    ],
)
def test_amounts_are_written_as_people_do(value, unit, text):
    assert amount_text(Decimal(value), unit) == text
