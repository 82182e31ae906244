"""What months a text names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yangguang.reports.spans import Span, UnknownSpan, read_span


@pytest.mark.parametrize(
    ("text", "key", "name"),
    [
        ("2023", "2023", "2023年"),
        ("2023年度", "2023", "2023年"),
        ("2023-H1", "2023-H1", "2023年上半年"),
        ("2023h2", "2023-H2", "2023年下半年"),
        ("2023-Q2", "2023-Q2", "2023年第二季度"),
        ("2023-05", "2023-05", "2023年5月"),
        ("2023-01..2023-11", "2023-01..2023-11", "2023年1—11月"),
        ("2023-01..2023-12", "2023", "2023年"),
        ("2023-04..2023-06", "2023-Q2", "2023年第二季度"),
    ],
)
def test_the_same_months_have_one_key_and_one_name(text, key, name):
    span = read_span(text)
    assert (span.key, span.name) == (key, name)


@pytest.mark.parametrize("text", ["", "今年", "2023-13", "2023-Q5", "2023-05..2023-02", "2022-11..2023-02", "1900"])
def test_what_names_no_months_of_one_year_is_refused(text):
    with pytest.raises(UnknownSpan, match="不是报告期；应写作"):
        read_span(text)


@given(st.integers(1970, 2999), st.integers(1, 12), st.integers(1, 12))
def test_a_key_reads_back_as_the_same_months(year, one, two):
    span = Span(year, min(one, two), max(one, two))
    assert read_span(span.key) == span
    assert span.before.months == span.months
