from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from yangguang.reports.numerals import chinese
from yangguang.reports.paper.ordinals import Ordinals
from yangguang.reports.paper.signature import signature_places, width, written_date

LINE = Decimal(28)


def test_a_date_has_no_leading_zeros():
    assert written_date(date(2026, 1, 8)) == "2026年1月8日"


def test_digits_are_half_as_wide_as_characters():
    assert width("2026年12月8日") == Decimal("6.5")


def test_without_a_seal_the_date_begins_two_characters_after_the_name():
    name, day = signature_places(signer="示例市公共资源交易中心", day="2026年12月8日", stamped=False, line=LINE)
    assert (name, day) == (28 - 2 - 11, 28 - 2 - 11 + 2)


def test_without_a_seal_a_longer_date_keeps_two_characters_and_the_name_gives_way():
    name, day = signature_places(signer="示例市委", day="2026年12月18日", stamped=False, line=LINE)
    assert (name, day) == (28 - 2 - 7 - 2, 28 - 2 - 7)


def test_with_a_seal_the_date_keeps_four_characters_and_the_name_is_centred_on_it():
    name, day = signature_places(signer="示例市交易中心", day="2026年12月18日", stamped=True, line=LINE)
    assert (name, day) == (28 - 4 - 7, 28 - 4 - 7)


@given(length=some.integers(1, 24), month=some.integers(1, 12), day=some.integers(1, 28), stamped=some.booleans())
def test_name_and_date_stay_on_the_line(length, month, day, stamped):
    signer, written = "示" * length, written_date(date(2026, month, day))
    name, date_ = signature_places(signer=signer, day=written, stamped=stamped, line=LINE)
    assert 0 <= name <= LINE - length
    assert 0 <= date_ <= LINE - width(written)
    if stamped:
        assert name + width(signer) / 2 == date_ + width(written) / 2
    else:
        assert date_ == name + 2


def test_headings_are_counted_by_their_place():
    ordinals = Ordinals()
    given_ = [ordinals.next(level) for level in (1, 2, 2, 3, 4, 4, 3, 2, 1, 2)]
    assert given_ == ["一、", "（一）", "（二）", "1.", "（1）", "（2）", "2.", "（三）", "二、", "（一）"]


@pytest.mark.parametrize(
    ("number", "written"),
    [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (21, "二十一"), (90, "九十"), (99, "九十九")],
)
def test_numbers_are_written_as_they_are_counted(number, written):
    assert chinese(number) == written


@pytest.mark.parametrize("number", [0, 100])
def test_there_are_no_more_than_ninety_nine_headings(number):
    with pytest.raises(ValueError, match=str(number)):
        chinese(number)
