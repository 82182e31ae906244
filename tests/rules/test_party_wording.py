from datetime import date
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from yangguang.rules.party.wording import (
    NO_BASE,
    About,
    check_all_done,
    check_among,
    check_each,
    check_first,
    check_rounding,
    check_titles,
    check_zero,
    compare,
    compare_rates,
    each_times,
    plain,
    rounded,
    rounded_down,
    rounded_up,
)

COUNTS = st.integers(0, 100_000)
SUMS = st.decimals(min_value=0, max_value=10_000_000, places=2)


def reasons(refusals):
    return [refusal.reason for refusal in refusals]


@pytest.mark.parametrize(
    ("now", "base", "text", "signed"),
    [
        (1499, 1228, "同比增长22.1%", "22.1"),
        (Decimal("373.8"), Decimal("392.2"), "同比下降4.7%", "-4.7"),
        (7, 7, "同比持平", "0.0"),
        (100_001, 100_000, "同比基本持平", "0.0"),
        (1005, 1000, "同比增长0.5%", "0.5"),
        (20_009, 20_000, "同比基本持平", "0.0"),
        (20_010, 20_000, "同比增长0.1%", "0.1"),
        (0, 5, "同比下降100.0%", "-100.0"),
    ],
)
def test_a_change_follows_from_the_two_figures(now, base, text, signed):
    change = compare(now=now, base=base)
    assert (change.text, change.signed) == (text, Decimal(signed))


@pytest.mark.parametrize(("base", "is_complete"), [(None, True), (0, True), (-5, True), (100, False)])
def test_without_a_comparable_base_nothing_is_compared(base, is_complete):
    change = compare(now=5, base=base, is_complete=is_complete)
    assert (change.text, change.signed) == ("上年同期无可比数据", None)


def test_rates_differ_in_percentage_points():
    texts = [
        compare_rates(now=Decimal("98.6"), base=Decimal("96.15")).text,
        compare_rates(now=90, base=Decimal("90.4")).text,
        compare_rates(now=90, base=0).text,
        compare_rates(now=90, base=90).text,
        compare_rates(now=90, base=None).text,
        compare_rates(now=90, base=80, is_complete=False).text,
    ]
    expected = ["同比增长2.5个百分点", "同比下降0.4个百分点", "同比增长90.0个百分点", "同比持平", NO_BASE, NO_BASE]
    assert texts == expected


@given(SUMS, SUMS)
def test_the_sign_of_a_change_is_that_of_the_difference(now, base):
    assume(base > 0)
    change = compare(now=now, base=base)
    assert abs(change.signed - (now - base) * 100 / base) <= Decimal("0.05")
    assert change.text.startswith("同比")
    assert ("增长" in change.text) <= (now > base)
    assert ("下降" in change.text) <= (now < base)


def test_rounded_numbers_carry_their_word():
    assert [rounded_down(value=value, step=100) for value in (1499, 1500, 99, 0)] == ["1400余", "1500", "99", "0"]
    assert [rounded_up(value=value, step=100) for value in (1499, 1500, 1401, 96, 94)] == [
        "近1500",
        "1500",
        "1401",
        "近100",
        "94",
    ]
    assert rounded_down(value=Decimal("605.7"), step=100) == "600余"


@given(st.integers(1, 100_000), st.sampled_from([10, 100, 1000]))
def test_what_is_rounded_here_passes_the_check(value, step):
    down, up = rounded_down(value=value, step=step), rounded_up(value=value, step=step)
    if down.endswith("余"):
        assert check_rounding(word=About.REMAINDER, shown=int(down[:-1]), value=value) == []
    if up.startswith("近"):
        assert check_rounding(word=About.NEARLY, shown=int(up[1:]), value=value) == []


@pytest.mark.parametrize(
    ("word", "shown", "value", "fits"),
    [
        (About.REMAINDER, 1400, 1499, True),
        (About.MORE, 1500, 1499, False),
        (About.MORE, 1499, 1499, False),
        (About.NEARLY, 1500, 1425, True),
        (About.NEARLY, 1500, 1424, False),
        (About.NEARLY, 1500, 1500, False),
        (About.NEARLY, 1500, 1501, False),
    ],
)
def test_more_stands_for_rounded_down_and_nearly_for_five_percent_below(word, shown, value, fits):
    assert (check_rounding(word=word, shown=shown, value=value) == []) == fits


def test_a_wrong_rounding_says_what_it_is():
    assert reasons(check_rounding(word=About.NEARLY, shown=100, value=Decimal("80.50"))) == [
        "“近”与数字不符：写作100，实为80.5，实际数应低于所写数且相差不超过5%"
    ]


def test_each_is_said_only_of_equal_counts():
    equal, different = {"支委会": 12, "党小组会": 12}, {"支委会": 12, "党小组会": 11}
    assert [each_times(counts=counts) for counts in (equal, different, {"党课": 4}, {})] == [
        "支委会、党小组会各12次",
        "支委会12次、党小组会11次",
        "党课4次",
        "",
    ]
    assert check_each(said=12, counts=equal) == []
    assert reasons(check_each(said=12, counts=different)) == ["写作各12，但党小组会11"]


def test_first_is_said_only_of_the_earliest():
    on = date(2026, 4, 6)
    assert check_first(on=on, others=[date(2026, 4, 7)]) == []
    assert reasons(check_first(on=on, others=[on, date(2026, 3, 2)])) == [
        "“首宗”不成立：2026-04-06之前或者当日已有同类记录（2026-03-02）"
    ]


@pytest.mark.parametrize(("done", "total", "fits"), [(25, 25, True), (24, 25, False), (0, 0, False), (26, 25, False)])
def test_all_done_is_said_only_at_a_hundred_percent(done, total, fits):
    assert (check_all_done(done=done, total=total) == []) == fits


def test_parts_add_up_to_the_whole_or_end_in_and_others():
    assert check_among(whole=1499, parts=[441, 653, 405]) == []
    assert check_among(whole=1499, parts=[441, 653, 214], is_open=True) == []
    [short] = check_among(whole=1499, parts=[441, 653, 214])
    assert (short.reason, short.remedy) == ("其中各项441＋653＋214=1308，总数为1499", "请补全各项，或者以“等”结尾")
    [over] = check_among(whole=Decimal("373.8"), parts=[Decimal("373.9")], is_open=True)
    assert (over.reason, over.remedy) == ("其中各项373.9=373.9，总数为373.8", "请核对各项和总数")


@given(st.lists(SUMS, min_size=1, max_size=6))
def test_parts_always_fit_their_own_sum(parts):
    assert check_among(whole=sum(parts), parts=parts) == []


@pytest.mark.parametrize(
    ("word", "value", "shown"),
    [
        (About.REMAINDER, 113, "110余"), (About.MORE, 1499, "1400多"), (About.NEARLY, 1499, "近1500"),
        (About.AT_LEAST, 113, "110"), (About.NEARLY, 113, ""), (About.REMAINDER, 110, ""), (About.REMAINDER, 8, ""),
        (About.REMAINDER, Decimal("373.8"), "370余"), (About.REMAINDER, 86_747, "86000余"), (About.NEARLY, 0, ""),
    ],
)  # fmt: skip
def test_a_number_is_rounded_to_two_places_where_its_word_is_true(word, value, shown):
    assert rounded(word, value=value) == shown


@given(st.sampled_from(About), COUNTS)
def test_a_rounded_number_passes_the_check_of_its_word(word, value):
    if shown := rounded(word, value=value):
        assert check_rounding(word=word, shown=int("".join(filter(str.isdigit, shown))), value=value) == []


def test_a_list_of_titles_equals_its_count():
    assert check_titles(said=2, titles=["甲", "乙"]) == []
    assert reasons(check_titles(said=3, titles=["甲", "乙"])) == ["写作3项，列出2项"]
    assert reasons(check_titles(said=2, titles=["甲", "甲"])) == ["写作2项，列出2项，有重复"]


def test_nothing_to_report_needs_an_open_register_and_a_signature():
    assert check_zero(count=0, was_open=True, signed_by="示例员") == []
    assert reasons(check_zero(count=2, was_open=False, signed_by="")) == [
        "零报告不成立：登记簿内有2件、登记簿没有在整个期间开放、没有责任人确认"
    ]


@given(COUNTS)
def test_a_whole_number_is_written_as_it_is(count):
    assert (plain(count), plain(Decimal(count)), plain(Decimal(f"{count}.50"))) == (
        str(count),
        str(count),
        f"{count}.5",
    )
