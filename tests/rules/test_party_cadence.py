from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yangguang.rules.calendar import WorkingCalendar
from yangguang.rules.law import law_on
from yangguang.rules.party.cadence import (
    State,
    cadences_of,
    due_periods,
    missing,
    names_of,
    still_open,
    warn_life_meeting_quarter,
    warn_missing,
)

LAW = law_on(date=date(2026, 3, 2))
MONTHLY = LAW.rule("party.cadence.committee_meeting")
QUARTERLY = LAW.rule("party.cadence.member_meeting")
HALF_YEARLY = LAW.rule("party.cadence.ideology_report")
YEARLY = LAW.rule("party.cadence.life_meeting")
TWICE_A_YEAR = LAW.rule("party.cadence.ideology_study")
WEEKLY = LAW.rule("party.cadence.weekly_meeting")
DAYS = st.dates(date(2025, 1, 1), date(2026, 12, 31))


def periods(rule=MONTHLY, **given):
    return due_periods(**{"rule": rule, "years": [2026], "held_on": [], "at": date(2026, 12, 31)} | given)


@pytest.mark.parametrize(
    ("rule", "count", "first", "last"),
    [
        (MONTHLY, 12, "2026年1月", "2026年12月"),
        (QUARTERLY, 4, "2026年第一季度", "2026年第四季度"),
        (HALF_YEARLY, 2, "2026年上半年", "2026年下半年"),
        (YEARLY, 1, "2026年", "2026年"),
        (WEEKLY, 52, "2026年第1周", "2026年第53周"),
    ],
)
def test_each_cadence_has_its_periods_by_name(rule, count, first, last):
    found = periods(rule)
    assert (len(found), found[0].name, found[-1].name) == (count, first, last)


def test_every_quarter_is_named_after_its_months():
    assert [(one.short_name, one.first, one.last) for one in periods(QUARTERLY)] == [
        ("第一季度", date(2026, 1, 1), date(2026, 3, 31)),
        ("第二季度", date(2026, 4, 1), date(2026, 6, 30)),
        ("第三季度", date(2026, 7, 1), date(2026, 9, 30)),
        ("第四季度", date(2026, 10, 1), date(2026, 12, 31)),
    ]


def test_a_period_is_held_missing_open_or_ahead():
    found = periods(held_on=[date(2026, 1, 31), date(2026, 4, 5)], at=date(2026, 3, 31))
    states = [one.state for one in found]
    assert states == [State.HELD, State.MISSING, State.OPEN, *[State.AHEAD] * 9]
    assert [one.last for one in still_open(found)] == [date(2026, 3, 31)]


def test_twice_a_year_lacks_what_was_not_held():
    [year] = periods(TWICE_A_YEAR, held_on=[date(2026, 5, 1)], at=date(2026, 6, 1))
    assert (year.state, year.lacking, year.held) == (State.OPEN, 1, (date(2026, 5, 1),))
    [year] = periods(TWICE_A_YEAR, held_on=[date(2026, 5, 1)] * 3, at=date(2026, 6, 1))
    assert (year.state, year.lacking) == (State.HELD, 0)


def test_a_branch_is_asked_from_the_month_it_was_set_up_until_the_last_whole_month():
    found = periods(open_from=date(2026, 3, 20), open_until=date(2026, 6, 15))
    assert [one.short_name for one in found] == ["3月", "4月", "5月"]


def test_a_week_without_a_working_day_is_not_asked_for():
    golden = date(2026, 9, 28)
    weeks = [one.first for one in periods(WEEKLY)]
    assert date(2026, 2, 16) not in weeks
    assert golden in weeks
    closed = WorkingCalendar(corrections={golden + timedelta(days=step): False for step in range(7)})
    assert [one.first for one in periods(WEEKLY) if one not in periods(WEEKLY, calendar=closed)] == [golden]


def test_missing_months_are_named_with_the_year_said_once():
    found = due_periods(rule=MONTHLY, years=[2026, 2025], held_on=[], at=date(2026, 3, 1), open_from=date(2025, 11, 3))
    assert names_of(missing(found)) == "2025年11月、12月，2026年1月、2月"
    assert names_of(periods(YEARLY)) == "2026年"


def test_a_shortfall_is_told_on_its_article_with_the_months():
    found = periods(held_on=[date(2026, month, 9) for month in range(3, 13)])
    [caution] = warn_missing(rule=MONTHLY, what="支委会", periods=found)
    assert caution.reason == "支委会按规定每月1次，2026年1月、2月未达到"
    assert caution.article == "中国共产党支部工作条例（试行）第十二条"


def test_a_rule_of_the_house_is_not_called_a_provision():
    [caution] = warn_missing(rule=WEEKLY, what="周会", periods=periods(WEEKLY, open_until=date(2026, 1, 4)))
    assert caution.reason == "周会按本单位制度每周1次，2026年第1周未达到"
    assert caution.article == "本单位规定：周会（默认值，可更正）"


def test_nothing_is_said_when_all_were_held():
    found = periods(held_on=[date(2026, month, 9) for month in range(1, 13)])
    assert warn_missing(rule=MONTHLY, what="支委会", periods=found) == []


def test_every_cadence_of_the_law_gives_periods():
    found = cadences_of(LAW)
    assert (found["committee_meeting"], found["life_meeting"]) == (MONTHLY, YEARLY)
    assert all(periods(rule) for rule in found.values())


@pytest.mark.parametrize(("month", "usual"), [(9, False), (10, True), (12, True), (1, False)])
def test_a_life_meeting_is_usually_in_the_fourth_quarter(month, usual):
    found = warn_life_meeting_quarter(law=LAW, held_on=date(2026, month, 9))
    assert [caution.code for caution in found] == ([] if usual else ["life_meeting.quarter"])


def test_a_rule_that_counts_no_times_is_no_cadence():
    with pytest.raises(ValueError, match="不是频次"):
        periods(LAW.rule("party.meeting.quorum"))


@given(st.sampled_from([MONTHLY, QUARTERLY, HALF_YEARLY, YEARLY]), DAYS)
def test_the_periods_of_a_year_cover_each_day_once(rule, day):
    found = periods(rule, years=[2025, 2026])
    assert [one.first <= day <= one.last for one in found].count(True) == 1


@given(
    st.sampled_from([MONTHLY, QUARTERLY, HALF_YEARLY, YEARLY, TWICE_A_YEAR, WEEKLY]), st.lists(DAYS, max_size=9), DAYS
)
def test_a_further_time_held_never_makes_more_missing(rule, held, at):
    fewer, more = (missing(periods(rule, held_on=days, at=at)) for days in (held[1:], held))
    assert {one.first for one in more} <= {one.first for one in fewer}


@given(st.lists(DAYS, max_size=9), DAYS)
def test_only_what_was_held_by_then_counts(held, at):
    found = due_periods(rule=MONTHLY, years=[2025, 2026], held_on=held, at=at)
    assert sorted(day for one in found for day in one.held) == sorted(day for day in held if day <= at)
