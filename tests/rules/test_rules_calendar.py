from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yangguang.rules.calendar import (
    NATIONAL_CALENDAR,
    BadCalendar,
    WorkingCalendar,
    add_days,
    add_months,
    calendar_from_csv,
    days_between,
    end_of_day,
    end_of_period,
    latest_start,
    legal_date,
)
from yangguang.rules.law import DayType

CALENDAR, WORKING = DayType.CALENDAR, DayType.WORKING
DAYS = st.dates(date(2019, 12, 1), date(2028, 2, 1))
COUNTS = st.integers(0, 40)
DAY_TYPES = st.sampled_from([CALENDAR, WORKING])


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2025, 1, 26), True),  # 春节前调休的星期日
        (date(2025, 1, 28), False),  # 除夕
        (date(2025, 2, 8), True),  # 调休的星期六
        (date(2025, 10, 1), False),  # 国庆节
        (date(2025, 10, 11), True),  # 调休的星期六
        (date(2025, 3, 8), False),  # 普通星期六
        (date(2025, 3, 10), True),  # 普通星期一
    ],
)
def test_published_rest_days_and_make_up_days_are_known(day, works):
    assert NATIONAL_CALENDAR.is_working_day(day) is works
    assert NATIONAL_CALENDAR.is_certain(day)


def test_a_year_not_yet_announced_counts_monday_to_friday_and_says_so():
    friday, saturday = date(2060, 10, 1), date(2060, 10, 2)
    assert [NATIONAL_CALENDAR.is_working_day(day) for day in (friday, saturday)] == [True, False]
    assert not NATIONAL_CALENDAR.is_certain(friday)
    assert not NATIONAL_CALENDAR.is_certain(date(1990, 1, 1))


def test_a_correction_wins_and_makes_its_day_certain():
    calendar = WorkingCalendar(corrections={date(2060, 10, 1): False, date(2025, 3, 8): True})
    assert not calendar.is_working_day(date(2060, 10, 1))
    assert calendar.is_certain(date(2060, 10, 1))
    assert calendar.is_working_day(date(2025, 3, 8))


def test_the_first_day_is_not_counted():
    assert add_days(start=date(2025, 3, 3), count=1, day_type=CALENDAR) == date(2025, 3, 4)
    assert add_days(start=date(2025, 3, 3), count=5, day_type=WORKING) == date(2025, 3, 10)


def test_working_days_jump_over_the_holiday_and_count_the_make_up_sunday():
    assert add_days(start=date(2025, 9, 26), count=3, day_type=WORKING) == date(2025, 9, 30)
    assert add_days(start=date(2025, 9, 30), count=1, day_type=WORKING) == date(2025, 10, 9)


def test_a_period_ending_in_a_holiday_rolls_only_where_the_rule_says_so():
    start = date(2025, 9, 28)
    assert end_of_period(start=start, count=3, day_type=CALENDAR, rolls=True) == date(2025, 10, 9)
    assert end_of_period(start=start, count=3, day_type=CALENDAR, rolls=False) == date(2025, 10, 1)
    assert end_of_period(start=start, count=2, day_type=CALENDAR, rolls=True) == date(2025, 9, 30)


@given(DAYS, COUNTS, DAY_TYPES)
def test_one_more_day_ends_later(start, count, day_type):
    shorter = add_days(start=start, count=count, day_type=day_type)
    assert shorter < add_days(start=start, count=count + 1, day_type=day_type)


@given(DAYS, st.integers(0, 9), COUNTS, DAY_TYPES)
def test_a_later_start_never_ends_earlier(start, gap, count, day_type):
    later = start + timedelta(days=gap)
    assert add_days(start=start, count=count, day_type=day_type) <= add_days(
        start=later, count=count, day_type=day_type
    )


@given(DAYS, COUNTS, DAY_TYPES)
def test_counting_back_finds_the_latest_start_that_keeps_the_distance(end, count, day_type):
    start = latest_start(end=end, count=count, day_type=day_type)
    assert add_days(start=start, count=count, day_type=day_type) <= end
    assert add_days(start=start + timedelta(days=1), count=count, day_type=day_type) > end


@given(DAYS, COUNTS, DAY_TYPES)
def test_days_between_undoes_add_days_both_ways(start, count, day_type):
    end = add_days(start=start, count=count, day_type=day_type)
    assert days_between(start=start, end=end, day_type=day_type) == count
    assert days_between(start=end, end=start, day_type=day_type) == -count


@given(DAYS, COUNTS)
def test_working_days_agree_with_a_count_day_by_day(start, count):
    end = add_days(start=start, count=count, day_type=WORKING)
    passed = [start + timedelta(days=step) for step in range(1, (end - start).days + 1)]
    assert sum(NATIONAL_CALENDAR.is_working_day(day) for day in passed) == count
    assert count == 0 or NATIONAL_CALENDAR.is_working_day(end)


@given(DAYS, COUNTS, DAY_TYPES, st.booleans())
def test_rolling_never_shortens_a_period_and_ends_on_a_working_day(start, count, day_type, rolls):
    end = end_of_period(start=start, count=count, day_type=day_type, rolls=rolls)
    assert end >= add_days(start=start, count=count, day_type=day_type)
    assert not rolls or NATIONAL_CALENDAR.is_working_day(end)


@pytest.mark.parametrize("day_type", [CALENDAR, WORKING])
def test_no_day_lies_between_a_day_and_itself(day_type):
    assert days_between(start=date(2025, 3, 3), end=date(2025, 3, 3), day_type=day_type) == 0


def test_a_negative_count_and_a_missing_day_type_are_errors():
    with pytest.raises(ValueError, match="天数不能为负"):
        add_days(start=date(2025, 3, 3), count=-1, day_type=CALENDAR)
    with pytest.raises(ValueError, match="天数不能为负"):
        latest_start(end=date(2025, 3, 3), count=-1, day_type=WORKING)
    with pytest.raises(ValueError, match="自然日或者工作日"):
        days_between(start=date(2025, 3, 3), end=date(2025, 3, 4), day_type=DayType.NONE)


def test_the_legal_date_is_that_of_shanghai():
    assert legal_date(datetime(2025, 3, 3, 15, 59, 59, tzinfo=UTC)) == date(2025, 3, 3)
    assert legal_date(datetime(2025, 3, 3, 16, 0, tzinfo=UTC)) == date(2025, 3, 4)
    assert legal_date(datetime(2025, 3, 3, 23, 0, tzinfo=timezone(timedelta(hours=9)))) == date(2025, 3, 3)
    with pytest.raises(ValueError, match="时区"):
        legal_date(datetime(2025, 3, 3))  # noqa: DTZ001 - the missing zone is the point


def test_a_legal_day_ends_at_midnight_in_shanghai():
    assert end_of_day(date(2025, 3, 3)) == datetime(2025, 3, 3, 16, 0, tzinfo=UTC)


def test_corrections_are_read_from_a_file_and_later_rows_win():
    calendar = calendar_from_csv(text="date,working\n2060-10-01,yes\n2060-10-01,no\n2060-10-09,yes\n", name="调休.csv")
    assert calendar.corrections == {date(2060, 10, 1): False, date(2060, 10, 9): True}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "调休.csv 第1行：表头"),
        ("day,working\n", "调休.csv 第1行：表头"),
        ("date,working\n2060-10-01,no\n2060-13-01,no\n", "调休.csv 第3行 字段 date"),
        ("date,working\n2060-10-01,perhaps\n", "调休.csv 第2行 字段 working"),
        ("date,working\n2060-10-01\n", "调休.csv 第2行 字段 working"),
    ],
)
def test_bad_corrections_are_refused_naming_file_row_and_field(text, message):
    with pytest.raises(BadCalendar, match=message):
        calendar_from_csv(text=text, name="调休.csv")


def test_a_kept_calendar_comes_back_the_same():
    calendar = WorkingCalendar(corrections={date(2060, 10, 9): True, date(2060, 10, 1): False})
    assert calendar.to_json() == {"2060-10-01": False, "2060-10-09": True}
    assert WorkingCalendar.from_json(calendar.to_json()) == calendar


@pytest.mark.parametrize("kept", [{"2060-10-01": "no"}, {"soon": False}])
def test_a_damaged_kept_calendar_is_refused(kept):
    with pytest.raises(BadCalendar, match="工作日更正"):
        WorkingCalendar.from_json(kept)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 12, 5), 1, date(2027, 1, 5)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 1, 5), -1, date(2025, 12, 5)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 5, 5), 0, date(2026, 5, 5)),
    ],
)
def test_months_end_on_the_day_of_the_same_number_or_the_last_one(start, count, end):
    assert add_months(start=start, count=count) == end
