"""The live tenders' dates are lawful whatever day it is when the demonstration is made."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from yangguang.demo.live import BEGINS, LIVES, OPENS_IN_MINUTES
from yangguang.demo.story import CHAPTERS
from yangguang.rules.calendar import NATIONAL_CALENDAR, legal_date
from yangguang.rules.checks.outcome import check_publicity
from yangguang.rules.checks.periods import (
    check_bid_period,
    check_clarification,
    check_document_objection_time,
    check_document_period,
)
from yangguang.rules.law import law_on

BIDDING, OPENING, EVALUATION, PUBLICITY, CONTRACT = LIVES
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


def begun(live, now):
    """The first moments of the chapters that are played, in their order."""
    titles = [title for title, _ in CHAPTERS if title in BEGINS]
    table = live.timetable(now)
    return [table.moment(*BEGINS[title]) for title in titles[: titles.index(live.last) + 1]]


@given(moments)
def test_every_period_before_the_deadline_is_kept(now):
    for live in LIVES:
        days = live.timetable(now).days
        law = law_on(date=days[1])
        first, deadline = days[23], days[29]
        assert not check_document_period(law=law, starts_on=days[2], ends_on=days[9])
        assert not check_bid_period(law=law, issued_on=days[2], deadline_on=first)
        assert not check_document_objection_time(law=law, raised_on=days[9], deadline_on=first)
        change = {"law": law, "issued_on": days[11], "deadline_on": first, "affects_bids": True}
        assert not check_clarification(**change, postponed_to=deadline)


@given(moments)
def test_what_the_story_has_refused_is_unlawful_on_every_date(now):
    for live in LIVES:
        days = live.timetable(now).days
        law = law_on(date=days[1])
        assert check_bid_period(law=law, issued_on=days[2], deadline_on=days[21])
        assert check_clarification(law=law, issued_on=days[11], deadline_on=days[23], affects_bids=True)
        assert check_document_objection_time(law=law, raised_on=days[22], deadline_on=days[29])


@given(moments)
def test_publicity_lasts_as_long_as_the_law_asks_and_ends_on_a_working_day(now):
    for live in (PUBLICITY, CONTRACT):
        days = live.timetable(now).days
        law = law_on(date=days[1])
        assert not check_publicity(law=law, starts_on=days[31], ends_on=days[37])
        assert check_publicity(law=law, starts_on=days[31], ends_on=days[33])
        assert NATIONAL_CALENDAR.is_working_day(days[37])
    days = CONTRACT.timetable(now).days
    assert days[37] < days[38]


@given(moments)
def test_nothing_played_lies_in_the_future_and_everything_is_in_order(now):
    for live in LIVES:
        moments_of_chapters = begun(live, now)
        assert moments_of_chapters == sorted(moments_of_chapters)
        assert moments_of_chapters[-1] + timedelta(minutes=4) <= now


@given(moments)
def test_now_falls_where_each_tender_says_it_does(now):
    def until(live, day, clock):
        return live.timetable(now).moment(day, clock) - now

    assert timedelta(days=3) < until(BIDDING, 29, "09:30") < timedelta(days=6)
    opens = until(OPENING, 29, "09:30")
    assert timedelta(minutes=OPENS_IN_MINUTES - 1) <= opens <= timedelta(minutes=OPENS_IN_MINUTES)
    assert timedelta() <= -until(EVALUATION, 30, "09:10") < timedelta(days=1)
    assert until(PUBLICITY, 37, "17:00") > timedelta(days=1)
    assert legal_date(now) - CONTRACT.timetable(now).days[38] <= timedelta(days=1)


def test_the_chapters_know_when_they_begin():
    last = [title for title, _ in CHAPTERS].index(CONTRACT.last)
    assert [title for title, _ in CHAPTERS[: last + 1] if title != "结果异议"] == list(BEGINS)
