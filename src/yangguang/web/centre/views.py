"""Pages for the centre's staff and those who supervise it; they read, they change nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yangguang.parties.models import TrustedRoot
from yangguang.rules.calendar import LEGAL_ZONE, ONE_DAY, WorkingCalendar, legal_date
from yangguang.rules.law import Rule, law_on, table
from yangguang.trading.models import Centre
from yangguang.trading.stages import FAILED, Stage
from yangguang.web.accounts.requests import Request
from yangguang.web.desk.trades import my_trades

DAYS_AHEAD = 7
MOST = 200
FIRST_YEAR, LAST_YEAR = 2004, 2100
SATURDAY = 5
AT_THE_OPENING = (Stage.CLOSED, Stage.LISTED, Stage.DECRYPTING, Stage.DECRYPTED, Stage.ANNOUNCED)
IN_EVALUATION = (
    Stage.DRAWN, Stage.SEATED, Stage.REVIEWING, Stage.SCORING, Stage.PRICING, Stage.RANKED, Stage.REPORTING,
)  # fmt: skip


@login_required
@require_safe
def openings(request: Request) -> HttpResponse:
    """今日开标: by the deadlines, with those of the week and what is being evaluated."""
    today = legal_date(request.at)
    begins, ends = _midnight(today), _midnight(today + ONE_DAY)
    mine = my_trades(request.actor)
    planned = mine.exclude(stage__in=[*FAILED, Stage.SUSPENDED]).order_by("bid_deadline", "pk")
    later = planned.filter(bid_deadline__gte=ends, bid_deadline__lt=ends + timedelta(days=DAYS_AHEAD))
    context = {
        "tab": "openings",
        "today": planned.filter(bid_deadline__gte=begins, bid_deadline__lt=ends)[:MOST],
        "later": later[:MOST],
        "left": mine.filter(stage__in=AT_THE_OPENING, bid_deadline__lt=begins).order_by("bid_deadline", "pk")[:MOST],
        "evaluations": mine.filter(stage__in=IN_EVALUATION).order_by("bid_deadline", "pk")[:MOST],
    }
    return render(request, "centre/openings.html", context)


@login_required
@require_safe
def rules(request: Request) -> HttpResponse:
    """规则表: what is in force on a day, or every row with its dates."""
    on = _day(request.GET.get("on", "")) or legal_date(request.at)
    words = request.GET.get("q", "").strip()[:80]
    everything = request.GET.get("all") == "1"
    rows = table() if everything else law_on(date=on, region=_region()).rules
    found = sorted((one for one in rows if _holds(one, words)), key=lambda one: (one.id, one.effective_from))
    context = {"tab": "rules", "rules": found, "on": on, "q": words, "all": everything}
    return render(request, "centre/rules.html", context)


def _region() -> str:
    centre = Centre.objects.order_by("pk").first()
    return centre.region if centre else "000000"


def _holds(rule: Rule, words: str) -> bool:
    text = f"{rule.id} {rule.source} {rule.article} {rule.note}".casefold()
    return all(word in text for word in words.casefold().split())


@dataclass(frozen=True, slots=True, kw_only=True)
class OddDay:
    """A day that differs from the week: a rest day from Monday to Friday, or a working day on the weekend."""

    day: date
    works: bool

    @property
    def weekday(self) -> str:
        """星期几."""
        return "星期" + "一二三四五六日"[self.day.weekday()]


@login_required
@require_safe
def holidays(request: Request) -> HttpResponse:
    """工作日历: the days of a year that differ from the week, and whether the arrangement is known."""
    year = _year(request.GET.get("year", "")) or legal_date(request.at).year
    calendar = WorkingCalendar()
    context = {
        "tab": "holidays",
        "year": year,
        "days": list(_odd_days(year, calendar)),
        "is_certain": calendar.is_certain(date(year, 1, 1)),
    }
    return render(request, "centre/holidays.html", context)


def _odd_days(year: int, calendar: WorkingCalendar) -> Iterator[OddDay]:
    day = date(year, 1, 1)
    while day.year == year:
        works = calendar.is_working_day(day)
        if works != (day.weekday() < SATURDAY):
            yield OddDay(day=day, works=works)
        day += ONE_DAY


@login_required
@require_safe
def roots(request: Request) -> HttpResponse:
    """CA互认: the roots that the centre recognises, with fingerprint and dates."""
    found = TrustedRoot.objects.order_by("-accepted_from", "pk")[:MOST]
    return render(request, "centre/roots.html", {"tab": "roots", "roots": found})


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=LEGAL_ZONE)


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None


def _year(text: str) -> int | None:
    year = int(text) if text.isascii() and text.isdigit() and len(text) == len(str(LAST_YEAR)) else 0
    return year if FIRST_YEAR <= year <= LAST_YEAR else None
