"""Pages for the centre's staff and those who supervise it; what is changed here is changed by acts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yangguang.lawbook.models import DayCorrection, RuleCorrection
from yangguang.lawbook.standing import calendar_of, law_of, rows_of
from yangguang.parties.certificates import revocation_lists
from yangguang.parties.models import Person, TrustedRoot
from yangguang.proof.certificates import Certificate, RevocationList
from yangguang.rules.calendar import (
    NATIONAL_CALENDAR,
    ONE_DAY,
    WorkingCalendar,
    end_of_day,
    legal_date,
    start_of_day,
)
from yangguang.rules.law import Rule, law_on, table
from yangguang.trading.models import Centre
from yangguang.trading.roles import Role
from yangguang.trading.stages import EVALUATING, FAILED, OPENING, Stage
from yangguang.web.accounts.requests import Request
from yangguang.web.desk.tasks import is_year_known
from yangguang.web.desk.trades import my_trades

DAYS_AHEAD = 7
MOST = 200
FIRST_YEAR, LAST_YEAR = 2004, 2100
SATURDAY = 5


@login_required
@require_safe
def openings(request: Request) -> HttpResponse:
    """今日开标: by the deadlines, with those of the week and what is being evaluated."""
    today = legal_date(request.at)
    begins, ends = start_of_day(today), end_of_day(today)
    mine = my_trades(request.actor)
    planned = mine.exclude(stage__in=[*FAILED, Stage.SUSPENDED]).order_by("bid_deadline", "pk")
    later = planned.filter(bid_deadline__gte=ends, bid_deadline__lt=ends + timedelta(days=DAYS_AHEAD))
    context = {
        "tab": "openings",
        "today": planned.filter(bid_deadline__gte=begins, bid_deadline__lt=ends)[:MOST],
        "later": later[:MOST],
        "left": mine.filter(stage__in=OPENING, bid_deadline__lt=begins).order_by("bid_deadline", "pk")[:MOST],
        "evaluations": mine.filter(stage__in=EVALUATING).order_by("bid_deadline", "pk")[:MOST],
    }
    return render(request, "centre/openings.html", context)


@login_required
@require_safe
def rules(request: Request) -> HttpResponse:
    """规则表: what is in force on a day, or every row with its dates."""
    on = _day(request.GET.get("on", "")) or legal_date(request.at)
    words = request.GET.get("q", "").strip()[:80]
    everything = request.GET.get("all") == "1"
    centre = the_centre()
    if centre is None:
        rows = table() if everything else law_on(date=on).rules
    else:
        rows = rows_of(centre) if everything else law_of(centre, date=on, region=centre.region).rules
    found = sorted((one for one in rows if _holds(one, words)), key=lambda one: (one.id, one.effective_from))
    context = {
        "tab": "rules", "rules": found, "on": on, "q": words, "all": everything,
        "centre": mine_to_change(request, centre), "corrected": _corrected(centre),
    }  # fmt: skip
    return render(request, "centre/rules.html", context)


def the_centre() -> Centre | None:
    """The centre of this house; there is one row."""
    return Centre.objects.order_by("pk").first()


def mine_to_change(request: Request, centre: Centre | None) -> Centre | None:
    """The centre, where whoever asks is of its staff."""
    return centre if centre is not None and centre.has_role(request.actor, Role.CENTRE) else None


def _corrected(centre: Centre | None) -> set[Rule]:
    return set(rows_of(centre)[len(table()) :]) if centre else set()


def _holds(rule: Rule, words: str) -> bool:
    text = f"{rule.id} {rule.source} {rule.article} {rule.note}".casefold()
    return all(word in text for word in words.casefold().split())


@dataclass(frozen=True, slots=True, kw_only=True)
class OddDay:
    """A day that differs from the week: a rest day from Monday to Friday, or a working day on the weekend."""

    day: date
    works: bool
    is_corrected: bool = False

    @property
    def weekday(self) -> str:
        """星期几."""
        return "星期" + "一二三四五六日"[self.day.weekday()]


@login_required
@require_safe
def holidays(request: Request) -> HttpResponse:
    """工作日历: the days of a year that differ from the week, and whether the arrangement is known."""
    year = _year(request.GET.get("year", "")) or legal_date(request.at).year
    centre = the_centre()
    calendar = calendar_of(centre) if centre else NATIONAL_CALENDAR
    context = {
        "tab": "holidays",
        "year": year,
        "days": list(_odd_days(year, calendar)),
        "is_certain": is_year_known(calendar, year),
        "centre": mine_to_change(request, centre),
    }
    return render(request, "centre/holidays.html", context)


def _odd_days(year: int, calendar: WorkingCalendar) -> Iterator[OddDay]:
    day = date(year, 1, 1)
    while day.year == year:
        works = calendar.is_working_day(day)
        if works != (day.weekday() < SATURDAY):
            yield OddDay(day=day, works=works, is_corrected=day in calendar.corrections)
        day += ONE_DAY


@login_required
@require_safe
def corrections(request: Request) -> HttpResponse:
    """更正记录: every correction of rules and of working days, the newest first, by whom and why."""
    rules = list(RuleCorrection.objects.select_related("document").order_by("-pk")[:MOST])
    days = list(DayCorrection.objects.select_related("document").order_by("-pk")[:MOST])
    names = dict(Person.objects.filter(mark__in={one.person for one in (*rules, *days)}).values_list("mark", "name"))
    context = {
        "tab": "corrections",
        "rules": [(one, one.rule(), names.get(one.person, "")) for one in rules],
        "days": [(one, names.get(one.person, "")) for one in days],
    }
    return render(request, "centre/corrections.html", context)


@login_required
@require_safe
def roots(request: Request) -> HttpResponse:
    """CA互认: the roots that the centre recognises, with fingerprint and dates."""
    lists = revocation_lists(at=request.at)
    found = [_root(one, lists, at=request.at) for one in TrustedRoot.objects.order_by("-accepted_from", "pk")[:MOST]]
    context = {"tab": "roots", "roots": found, "centre": mine_to_change(request, the_centre())}
    return render(request, "centre/roots.html", context)


@dataclass(frozen=True, slots=True, kw_only=True)
class Root:
    """A root as the page shows it, with the newest list of what it revoked."""

    row: TrustedRoot
    certificate: Certificate
    revocations: RevocationList | None
    is_stale: bool
    stands: bool


def _root(row: TrustedRoot, lists: list[RevocationList], *, at: datetime) -> Root:
    certificate = row.certificate()
    newest = next((one for one in lists if one.issuer_name == certificate.subject_name), None)
    stands = row.accepted_until is None or row.accepted_until > at
    is_stale = stands and (newest is None or newest.next_update <= at)
    return Root(row=row, certificate=certificate, revocations=newest, is_stale=is_stale, stands=stands)


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None


def _year(text: str) -> int | None:
    year = int(text) if text.isascii() and text.isdigit() and len(text) == len(str(LAST_YEAR)) else 0
    return year if FIRST_YEAR <= year <= LAST_YEAR else None
