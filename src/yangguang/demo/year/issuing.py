"""The year's two reports (半年汇报、年度总结): the first is confirmed and locked, the second stays open."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from yangguang.demo.year.people import SECRETARY, Centre, moment
from yangguang.demo.year.playing import Step
from yangguang.reports.acts import confirm_report, draft_report, lock_report
from yangguang.reports.models import Report

HALF_YEAR, YEAR = ("003", "2023-H1"), ("000", "2023")
WORKER = "党务工作者"


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """The reports as they stand: the half-year's is locked, the year's is a draft."""

    half_year: Report
    year: Report


def issue_steps(centre: Centre) -> Iterator[Step]:
    """Drafted by the branch worker; confirmed and locked by the secretary the day after."""
    yield Step(moment(date(2023, 7, 5), "15:00"), 0, lambda at: _draft(centre, HALF_YEAR, at))
    yield Step(moment(date(2023, 7, 6), "09:00"), 0, lambda at: _lock(centre, at))
    yield Step(moment(date(2024, 1, 12), "15:00"), 0, lambda at: _draft(centre, YEAR, at))


def issued() -> Issued:
    """The reports that were made."""
    return Issued(half_year=_report(HALF_YEAR), year=_report(YEAR))


def _draft(centre: Centre, which: tuple[str, str], at: datetime) -> Report:
    outline, period = which
    actor = centre.actor(WORKER, at=at)
    return draft_report(centre.root, actor=actor, at=at, outline=outline, period=period)


def _lock(centre: Centre, at: datetime) -> Report:
    actor, report = centre.actor(SECRETARY, at=at), _report(HALF_YEAR)
    confirm_report(centre.root, actor=actor, at=at, report=report.pk)
    return lock_report(centre.root, actor=actor, at=at, report=report.pk)


def _report(which: tuple[str, str]) -> Report:
    outline, period = which
    return Report.objects.select_related("unit", "paper").get(outline=outline, period=period)
