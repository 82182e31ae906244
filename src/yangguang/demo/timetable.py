"""When the live tenders of the demonstration happen (演示日程): lawful dates for a story whose present is now.

The story counts days from 1 and knows its own sequence; here each of its days gets a date, counted backwards from a
moment that has to be now or has to have passed, so that every period of the law is kept whatever weekday it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from yangguang.rules.calendar import LEGAL_ZONE, ONE_DAY, legal_date
from yangguang.rules.clocks import due_on
from yangguang.rules.law import law_on

OPENING_DAY = 29
OPENS_AT = time(9, 30)
CHANGE_LEADS = 18  # days from the change of the document to the deadline: more than the law's fifteen
FIRST_PERIOD = 12  # days from the change to the first deadline: too few, which is why it moves
NOTICE_LEADS = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Timetable:
    """The date of each day of the story. `shift` moves the opening day's clock and all later ones."""

    days: Mapping[int, date]
    shift: timedelta = field(default=timedelta())

    def moment(self, day: int, clock: str) -> datetime:
        """The aware moment of a day of the story."""
        found = datetime.combine(self.days[day], time.fromisoformat(clock), tzinfo=LEGAL_ZONE)
        return found + self.shift if day >= OPENING_DAY else found


def bidding_now(now: datetime) -> Timetable:
    """Bonds are in, bids may be handed in for some days more."""
    return Timetable(days=until_opening(latest_passed(now, "09:15") + 5 * ONE_DAY))


def opening_soon(now: datetime, *, minutes: int) -> Timetable:
    """Everybody has signed in and the deadline is minutes away."""
    deadline = (now + timedelta(minutes=minutes)).astimezone(LEGAL_ZONE).replace(second=0, microsecond=0)
    usual = datetime.combine(deadline.date(), OPENS_AT, tzinfo=LEGAL_ZONE)
    return Timetable(days=until_opening(deadline.date()), shift=deadline - usual)


def evaluating_now(now: datetime) -> Timetable:
    """The committee sits since a little while; the opening was the day before."""
    return Timetable(days=until_evaluation(latest_passed(now, "09:10")))


def publicity_now(now: datetime) -> Timetable:
    """The candidates are published."""
    return Timetable(days=until_publicity(latest_passed(now, "09:15")))


def contract_now(now: datetime) -> Timetable:
    """The winner has its notice, the contract is to be signed."""
    notice = latest_passed(now, "10:05")
    published = notice - 4 * ONE_DAY
    while publicity_ends(published) >= notice:
        published -= ONE_DAY
    return Timetable(days={**until_publicity(published), 38: notice})


def until_opening(opening: date) -> dict[int, date]:
    """The days before the deadline: notice, objection, change and postponement each far enough from the next."""
    change = opening - CHANGE_LEADS * ONE_DAY
    answered = {9: change - 2 * ONE_DAY, 11: change, 23: change + FIRST_PERIOD * ONE_DAY}
    notice = change - NOTICE_LEADS * ONE_DAY
    while not _notice_is_early_enough(notice, sale_until=answered[9], deadline=answered[23]):
        notice -= ONE_DAY
    last = {day: opening - (OPENING_DAY - day) * ONE_DAY for day in (22, 24, 25, 26, 27, 28, OPENING_DAY)}
    return {1: notice - ONE_DAY, 2: notice, 3: notice + ONE_DAY, 21: notice + 19 * ONE_DAY, **answered, **last}


def until_evaluation(evaluation: date) -> dict[int, date]:
    """The opening is the day before the evaluation."""
    return {**until_opening(evaluation - ONE_DAY), 30: evaluation}


def until_publicity(published: date) -> dict[int, date]:
    """The candidates are published the day after the evaluation, until the period of the law is over."""
    known = until_evaluation(published - ONE_DAY)
    return {**known, 31: published, 33: published + 2 * ONE_DAY, 37: publicity_ends(published)}


def publicity_ends(published: date) -> date:
    """The last day of the publicity, never a rest day."""
    return due_on(law=law_on(date=published), rule_id="works.publicity.duration", start=published)


def latest_passed(now: datetime, clock: str) -> date:
    """The latest legal date on which the clock has shown this time."""
    today = legal_date(now)
    passed = datetime.combine(today, time.fromisoformat(clock), tzinfo=LEGAL_ZONE) <= now
    return today if passed else today - ONE_DAY


def _notice_is_early_enough(notice: date, *, sale_until: date, deadline: date) -> bool:
    law = law_on(date=notice)
    ends = {"works.tender.document_sale": sale_until, "works.tender.document_to_deadline": deadline}
    return all(due_on(law=law, rule_id=rule, start=notice) <= end for rule, end in ends.items())
