"""Money and dates in words, as papers write them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yangguang.trading.papers import (
    rmb_in_words,
)
from yangguang.trading.papers.words import day, ordinal, shortened


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "零元整"),
        ("0.00", "零元整"),
        ("0.05", "伍分"),
        ("0.50", "伍角整"),
        ("0.53", "伍角叁分"),
        ("1", "壹元整"),
        ("10", "壹拾元整"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        ("1409.50", "壹仟肆佰零玖元伍角整"),
        ("1680.32", "壹仟陆佰捌拾元叁角贰分"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("107000.53", "壹拾万柒仟元伍角叁分"),
        ("100000", "壹拾万元整"),
        ("10000001", "壹仟万零壹元整"),
        ("100000005", "壹亿零伍元整"),
        ("105000000", "壹亿零伍佰万元整"),
        ("1000000000000", "壹万亿元整"),
        ("9999999999999999.99", "玖仟玖佰玖拾玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
    ],
)
def test_amounts_are_written_in_capital_numerals(amount, words):
    assert rmb_in_words(Decimal(amount)) == words


@pytest.mark.parametrize("amount", ["-0.01", "0.001", "NaN", "Infinity", "10000000000000000"])
def test_an_amount_that_has_no_words_is_refused(amount):
    with pytest.raises(ValueError, match="大写"):
        rmb_in_words(Decimal(amount))


def read_words(words: str) -> Decimal:
    """Reads capital numerals back, as a second implementation."""
    total = section = digit = 0
    cents = Decimal(0)
    for sign in words.removesuffix("整"):
        if sign in "零壹贰叁肆伍陆柒捌玖":
            digit = "零壹贰叁肆伍陆柒捌玖".index(sign)
        elif sign in "拾佰仟":
            section, digit = section + digit * 10 ** (1 + "拾佰仟".index(sign)), 0
        elif sign == "万":
            total, section, digit = total + (section + digit) * 10**4, 0, 0
        elif sign == "亿":
            total, section, digit = (total + section + digit) * 10**8, 0, 0
        elif sign == "元":
            total, section, digit = total + section + digit, 0, 0
        else:
            cents, digit = cents + digit * (Decimal("0.1") if sign == "角" else Decimal("0.01")), 0
    return total + cents


@given(st.decimals(min_value=0, max_value=Decimal("9999999999999999.99"), places=2))
def test_words_read_back_to_the_same_amount_and_never_double_a_zero(amount):
    words = rmb_in_words(amount)
    assert read_words(words) == amount
    assert "零零" not in words
    assert "零元" not in words or amount == 0


def test_blanks_ordinals_and_long_statements():
    assert day(None).count("　") == 8
    assert [ordinal(1), ordinal(10), ordinal(11)] == ["一", "十", "11"]
    assert shortened({"b": 1, "a": "二"}) == "a 二；b 1"
    assert shortened("长" * 300) == "长" * 200 + "…"
