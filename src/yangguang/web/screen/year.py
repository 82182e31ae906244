"""What happened in this year and the last one, by month and line: three questions, whatever there is.

A year runs from 1 January to today, by the clock of Beijing; the last year is there whole, and counted apart up to the
same day, for comparison.
"""

from calendar import monthrange
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Substr

from yangguang.rules.calendar import end_of_day, start_of_day
from yangguang.trading.models import Award, DropOut, OpenedBid
from yangguang.web.portal.models import Listed, Notice
from yangguang.web.portal.telling import Kind

MONTHS = range(1, 13)
CITY_DIGITS = 4  # of a code of administrative regions: province and city
SEAT_FROM = 3  # where a 统一社会信用代码 names the region of registration (GB 32100)
Counts = Counter[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A month, or one part of the month in which the comparison ends; `last` is its last day."""

    last: date
    is_compared: bool

    @property
    def ends(self) -> datetime:
        """The first moment after it."""
        return end_of_day(self.last)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """What happened in a span in one line of trading; sums are yuan, everything else is counted."""

    span: Span
    line: str
    counts: Counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Years:
    """Both years: this one until `today`, and the one before."""

    today: date
    pieces: list[Piece]

    def total(self, *, year: int, compared: bool = False, **only: Any) -> Counts:
        """The sums of a year; of a `month` or a `line` alone; `compared`: up to the day that today is."""
        found: Counts = Counter()
        for one in self.pieces:
            known = {"month": one.span.last.month, "line": one.line}
            if one.span.last.year == year and (one.span.is_compared or not compared) and only.items() <= known.items():
                found.update(one.counts)
        return found


def years_until(today: date) -> Years:
    """Both years by month and line."""
    spans = spans_of(today)
    return Years(today=today, pieces=[*_published(spans), *_awarded(spans), *_opened(spans)])


def same_day_before(today: date) -> date:
    """The same day of the year before; the last of February for the 29th."""
    year = today.year - 1
    return today.replace(year=year, day=min(today.day, monthrange(year, today.month)[1]))


def spans_of(today: date) -> list[Span]:
    """The months of both years in their order, the month of the day that is compared cut behind it."""
    cut = same_day_before(today)
    months = [date(year, month, monthrange(year, month)[1]) for year in (cut.year, today.year) for month in MONTHS]
    return [Span(last=one, is_compared=one <= cut or one.year == today.year) for one in sorted({cut, *months})]


def _published(spans: list[Span]) -> Iterator[Piece]:
    """公开的项目: by the day of the notice."""
    yield from _pieces(spans, Listed.objects.all(), "published_at", "line", published=Count("pk"))


def _awarded(spans: list[Span]) -> Iterator[Piece]:
    """中标: by the day of the award notice, without winners who dropped out afterwards."""
    dropped = DropOut.objects.filter(candidate__bid=OuterRef("bid"))
    standing = Award.objects.filter(~Exists(dropped), trade__listed__isnull=False).annotate(
        seat=Substr("bid__bidder__code", SEAT_FROM, CITY_DIGITS), place=Substr("trade__tender__region", 1, CITY_DIGITS)
    )
    limited = Q(trade__limit_price__isnull=False)
    yield from _pieces(
        spans,
        standing,
        "notified_at",
        "trade__listed__line",
        awards=Count("pk"),
        amount=Sum("bid__opened__price"),
        limited=Sum("bid__opened__price", filter=limited),
        limits=Sum("trade__limit_price", filter=limited),
        outside=Count("pk", filter=~Q(seat=F("place"))),
    )


def _opened(spans: list[Span]) -> Iterator[Piece]:
    """开标: by the day on which the record was signed and published, with the bids that it lists."""
    opened = Q(listed__trade__bids__opened__outcome=OpenedBid.Outcome.OPENED)
    yield from _pieces(
        spans,
        Notice.objects.filter(kind=Kind.OPENING),
        "at",
        "line",
        openings=Count("pk", distinct=True),
        bids=Count("listed__trade__bids__opened"),
        unlocked=Count("listed__trade__bids__opened", filter=opened),
    )


def _pieces(spans: list[Span], rows: QuerySet[Any], moment: str, line: str, **asked: Any) -> Iterator[Piece]:
    """The rows of both years, counted and summed by span and line in one question."""
    whole = {f"{moment}__gte": start_of_day(date(spans[0].last.year, 1, 1)), f"{moment}__lt": spans[-1].ends}
    cases = (When(**{f"{moment}__lt": span.ends}, then=Value(place)) for place, span in enumerate(spans))
    placed = rows.filter(**whole).annotate(of_span=Case(*cases, output_field=IntegerField()), of_line=F(line))
    for one in placed.order_by().values("of_span", "of_line").annotate(**asked):
        counts: Counts = Counter({name: one[name] or 0 for name in asked})
        yield Piece(span=spans[one["of_span"]], line=one["of_line"], counts=counts)
