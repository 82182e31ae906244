from dataclasses import replace
from datetime import date

import pytest

from yangguang.rules.calendar import WorkingCalendar
from yangguang.rules.law import law_on
from yangguang.rules.party.holidays import holidays_of, next_due

LAW = law_on(date=date(2026, 3, 2))


def days(year, law=LAW):
    return [(one.name, one.first, one.due) for one in holidays_of(law=law, year=year)]


def test_a_year_has_seven_holidays_each_with_its_last_working_day_before():
    assert days(2026) == [
        ("元旦", date(2026, 1, 1), date(2025, 12, 31)),
        ("春节", date(2026, 2, 15), date(2026, 2, 14)),
        ("清明节", date(2026, 4, 4), date(2026, 4, 3)),
        ("劳动节", date(2026, 5, 1), date(2026, 4, 30)),
        ("端午节", date(2026, 6, 19), date(2026, 6, 18)),
        ("中秋节", date(2026, 9, 25), date(2026, 9, 24)),
        ("国庆节", date(2026, 10, 1), date(2026, 9, 30)),
    ]


def test_a_holiday_within_a_longer_rest_is_talked_about_before_the_whole():
    assert days(2025)[-1] == ("中秋节", date(2025, 10, 6), date(2025, 9, 30))


def test_rest_may_begin_in_the_year_before():
    assert days(2023)[0] == ("元旦", date(2022, 12, 31), date(2022, 12, 30))


def test_in_a_year_not_yet_announced_only_fixed_days_are_known():
    found = holidays_of(law=LAW, year=2030)
    assert [one.name for one in found if one.first] == ["元旦", "劳动节", "国庆节"]
    assert [one.is_certain for one in found] == [False] * 7
    assert found[-1].due is None


def test_the_centres_calendar_and_a_corrected_distance_are_counted_with():
    calendar = WorkingCalendar(corrections={date(2026, 4, 30): False})
    assert days(2026, replace(LAW, calendar=calendar))[3][2] == date(2026, 4, 29)
    row = LAW.rule("party.holiday.talk").to_row() | {"value": "3"}
    assert days(2026, law_on(date=LAW.date, corrections=[row]))[4][2] == date(2026, 6, 16)


@pytest.mark.parametrize(
    ("at", "name"),
    [(date(2026, 9, 24), "中秋节"), (date(2026, 9, 25), "国庆节"), (date(2026, 10, 1), "元旦")],
)
def test_the_next_talk_is_that_before_the_next_holiday(at, name):
    assert next_due(law=LAW, at=at).name == name
