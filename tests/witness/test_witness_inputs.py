"""The form of inputs: what the log and both databases can keep goes through unharmed, nothing else reaches an act."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from support.bench import AT, STAFF, choose, make_bench, whisper
from yangguang.proof.canonical import canonical
from yangguang.rules.refusal import Refused
from yangguang.witness.actor import Actor
from yangguang.witness.inputs import (
    FIRST_YEAR,
    LARGEST_JSON,
    LARGEST_WHOLE,
    LAST_YEAR,
    LONGEST_TEXT,
    MOST_YUAN,
    check_inputs,
    fits,
    is_text,
)
from yangguang.witness.models import Entry, SecurityEvent

FEN = Decimal("0.01")
TEXTS = st.text(max_size=40)
STRANGE = st.sampled_from(["\0", "\ud800", "\udbff", "\udc00", "\udfff"])
YEARS = {"min_value": datetime(FIRST_YEAR, 1, 1), "max_value": datetime(LAST_YEAR, 12, 31)}  # noqa: DTZ001 - bounds
CHINA = timezone(timedelta(hours=8))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text("文字az é\U0001f600", max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("键k", max_size=3), inner, max_size=3),
    max_leaves=8,
)


def offer(  # an act's inputs in all the forms that acts declare
    *,
    actor: Actor,
    at: datetime,
    title: str,
    count: int,
    price: Decimal,
    agreed: bool,
    until: datetime | None,
    day: date,
    kinds: Sequence[str],
    reasons: Mapping[str, str],
    facts: Mapping[str, Any],
    by: Actor,
) -> str:
    """Never called: only its declaration is asked."""
    raise NotImplementedError


GOOD = {
    "title": "示例项目",
    "count": 3,
    "price": Decimal("12.50"),
    "agreed": True,
    "until": None,
    "day": date(2026, 3, 2),
    "kinds": ["works"],
    "reasons": {"formal": "符合"},
    "facts": {"rounds": [1, None, True]},
    "by": STAFF,
}


def test_inputs_of_the_declared_forms_are_let_through():
    assert check_inputs(offer, GOOD) == []
    assert check_inputs(offer, GOOD | {"until": AT, "kinds": (), "reasons": {}, "facts": {}}) == []


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("title", 1, "文字"),
        ("count", "3", "整数"),
        ("price", 12.5, "精确到分的金额"),
        ("agreed", "yes", "是或否"),
        ("until", "2026-03-02", "带时区"),
        ("day", AT, "日期"),
        ("kinds", "works", "填写有误"),
        ("reasons", {"formal": 1}, "填写有误"),
        ("facts", [], "填写有误"),
        ("by", None, "缺少内容或者类型不符"),
    ],
)
def test_a_refusal_names_the_input_and_what_was_expected(name, value, expected):
    [refusal] = check_inputs(offer, GOOD | {name: value})
    assert refusal.code == f"input.{name}"
    assert refusal.article == "电子招标投标办法第十五条"
    assert f"“{name}”" in refusal.reason
    assert expected in refusal.reason


def test_every_wrong_input_is_told_at_once_and_in_their_order():
    found = check_inputs(offer, {name: object() for name in GOOD})
    assert [one.code for one in found] == [f"input.{name}" for name in GOOD]


def test_who_acts_and_when_and_what_is_not_declared_is_no_matter_of_form():
    assert check_inputs(offer, GOOD | {"actor": None, "at": "now", "return": 1, "elsewhere": object()}) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("performed", "name"), [(choose, "to"), (whisper, "word")])
@pytest.mark.parametrize("value", [None, 1, "closed\0", "x" * (LONGEST_TEXT + 1), "\ud800"], ids=ascii)
def test_an_act_refuses_an_input_of_the_wrong_form_before_anything_is_written(performed, name, value):
    bench = make_bench()
    with pytest.raises(Refused) as refused:
        performed(bench, actor=STAFF, at=AT, **{name: value})
    assert refused.value.codes == (f"input.{name}",)
    assert SecurityEvent.objects.get().codes == [f"input.{name}"]
    assert Entry.objects.count() == 0


@given(TEXTS.filter(lambda text: "\0" not in text))
@example("")
@example("\U0001f600\ue000\ud7ff\n\x7f")
@example("字" * LONGEST_TEXT)
def test_text_that_can_be_written_is_kept(text):
    assert fits(str, text)
    assert text.encode().decode() == text


@given(TEXTS, STRANGE, TEXTS)
def test_a_nul_or_half_a_character_anywhere_makes_text_unfit(before, strange, after):
    assert not fits(str, before + strange + after)


def test_text_is_counted_in_characters_up_to_its_limit():
    assert not fits(str, "字" * (LONGEST_TEXT + 1))
    assert [is_text("字" * length, most=3) for length in (3, 4)] == [True, False]
    assert not any(fits(str, value) for value in (None, 1, b"text", ["text"]))


@given(st.integers(-LARGEST_WHOLE, LARGEST_WHOLE))
@example(LARGEST_WHOLE)
@example(-LARGEST_WHOLE)
def test_whole_numbers_within_four_bytes_are_kept(number):
    assert fits(int, number)
    assert not fits(int, number + 2 * LARGEST_WHOLE + 1)
    assert not fits(int, number - 2 * LARGEST_WHOLE - 1)


@pytest.mark.parametrize("value", [True, False, 1.0, "1", Decimal(1), None])
def test_nothing_else_is_a_whole_number_least_of_all_yes_or_no(value):
    assert not fits(int, value)


def test_yes_and_no_are_nothing_but_themselves():
    assert [fits(bool, value) for value in (True, False, 1, 0, None, "true")] == [True, True, *[False] * 4]


@given(st.decimals(-MOST_YUAN + FEN, MOST_YUAN - FEN, places=2))
@example(MOST_YUAN - FEN)
@example(FEN - MOST_YUAN)
@example(Decimal("1E+12"))
@example(Decimal("1.500000"))
def test_money_to_the_fen_is_kept(value):
    assert fits(Decimal, value)
    assert not fits(Decimal, float(value))
    assert not fits(Decimal, str(value))
    assert not fits(Decimal, value + FEN / 10)


@pytest.mark.parametrize(
    "value", ["10000000000000", "-10000000000000", "1E+30", "0.001", "1E-400", "NaN", "sNaN", "Infinity", "-Infinity"]
)
def test_money_too_large_too_fine_or_without_a_value_is_unfit(value):
    assert not fits(Decimal, Decimal(value))


def test_a_whole_number_is_no_money():
    assert not fits(Decimal, 1)


@given(st.datetimes(**YEARS), st.sampled_from([UTC, CHINA]))
def test_a_moment_needs_its_time_zone_and_is_no_day(moment, zone):
    assert fits(datetime, moment.replace(tzinfo=zone))
    assert not fits(datetime, moment)
    assert not fits(date, moment.replace(tzinfo=zone))


@given(st.dates(YEARS["min_value"].date(), YEARS["max_value"].date()))
def test_a_day_is_kept_and_is_no_moment(day):
    assert fits(date, day)
    assert not fits(datetime, day)
    assert not fits(date, day.isoformat())


@pytest.mark.parametrize(
    ("year", "kept"),
    [(1, False), (FIRST_YEAR - 1, False), (FIRST_YEAR, True), (LAST_YEAR, True), (LAST_YEAR + 1, False)],
)
def test_moments_and_days_lie_in_years_that_every_calendar_counts(year, kept):
    assert fits(datetime, datetime(year, 6, 1, tzinfo=CHINA)) is kept
    assert fits(date, date(year, 6, 1)) is kept


@given(st.none() | st.text("az", max_size=3) | st.integers(-9, 9) | st.booleans() | st.floats())
def test_a_choice_of_forms_takes_what_one_of_them_takes(value):
    assert fits(str | None, value) is (value is None or isinstance(value, str))
    assert fits(int | str, value) is (fits(int, value) or fits(str, value))


@given(st.lists(TEXTS | STRANGE, max_size=4))
def test_a_sequence_is_kept_if_each_of_its_members_is(values):
    kept = all(fits(str, one) for one in values)
    for form in (Sequence[str], list[str]):
        assert fits(form, values) is fits(form, tuple(values)) is kept


@pytest.mark.parametrize("value", ["ab", b"ab", {"a": "b"}, {"a"}, None, range(0)], ids=str)
def test_what_is_only_like_a_list_is_no_sequence(value):
    assert not fits(Sequence[str], value)


@given(st.dictionaries(TEXTS | STRANGE | st.integers(), st.booleans() | st.integers(0, 1), max_size=3))
def test_a_mapping_is_kept_if_each_of_its_names_and_values_is(values):
    kept = all(fits(str, name) and isinstance(value, bool) for name, value in values.items())
    assert fits(Mapping[str, bool], values) is kept


@pytest.mark.parametrize("value", [[], "", None, [("a", True)]], ids=str)
def test_what_is_only_like_a_mapping_is_none(value):
    assert not fits(Mapping[str, bool], value)
    assert not fits(Mapping[str, Any], value)


@given(st.dictionaries(st.text("键k", max_size=3), JSON, max_size=3))
def test_an_object_of_canonical_json_is_kept(value):
    assert fits(Mapping[str, Any], value)


@pytest.mark.parametrize(
    "odd",
    [float("nan"), float("inf"), 0.5, Decimal("0.5"), 2**53, AT, b"x", "\0", "a\0b", "\ud800", {1: "x"}, {"\0": "x"},
     {"\udfff": "x"}, {"x"}],
    ids=ascii,
)  # fmt: skip
def test_one_odd_value_however_deep_makes_an_object_unfit(odd):
    assert not fits(Mapping[str, Any], {"fit": 1, "odd": odd})
    assert not fits(Mapping[str, Any], {"fit": [None, "a", {"inner": [odd]}]})


def test_an_object_is_measured_as_it_is_written():
    frame = len(canonical({"text": ""}))
    assert fits(Mapping[str, Any], {"text": "x" * (LARGEST_JSON - frame)})
    assert not fits(Mapping[str, Any], {"text": "x" * (LARGEST_JSON - frame + 1)})
    assert not fits(Mapping[str, Any], {"text": "字" * (LARGEST_JSON // 3)})


def test_an_object_nested_without_end_is_unfit():
    deep = []
    for _ in range(100):
        deep = [deep]
    assert not fits(Mapping[str, Any], {"deep": deep})


def test_any_other_form_takes_its_own_kind_only():
    assert fits(Actor, STAFF)
    assert not fits(Actor, STAFF.person)
    assert not fits(Actor, None)


@given(st.frozensets(st.sampled_from(["A-1", "A-2", "A-3"])), st.sampled_from(["A-1", "A-2", "A-3", "A", ""]))
def test_a_power_reaches_the_trades_it_was_given_for_or_all_of_them(only, stream):
    actor = Actor(person="staff-1", only=only)
    assert actor.may_touch(stream) is (stream in only or not only)
