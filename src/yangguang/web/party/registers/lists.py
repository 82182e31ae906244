"""What a list of records shows: filters, one page of rows, totals of everything that the filters leave."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet

from yangguang.ledger.booked import BOOKING, meetings_of
from yangguang.ledger.catalogue import Register
from yangguang.ledger.models import Attendance, Record, State

A_PAGE = 30
LONGEST_QUERY = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What somebody looks for in a register; an unknown value is left out."""

    year: int | None
    kind: str
    tag: str
    state: str
    words: str

    @property
    def address(self) -> str:
        """The filters as an address keeps them."""
        kept = {"year": self.year or "all", "kind": self.kind, "tag": self.tag, "state": self.state, "q": self.words}
        return urlencode({name: value for name, value in kept.items() if value})

    def narrow(self, rows: QuerySet[Record]) -> QuerySet[Record]:
        """The rows that fit."""
        for name, value in (("year", self.year), ("kind", self.kind), ("state", self.state)):
            rows = rows.filter(**{name: value}) if value else rows
        if self.tag:
            rows = rows.filter(tags__tag=self.tag)
        for word in self.words.split():
            rows = rows.filter(Q(title__icontains=word) | Q(place__icontains=word) | Q(owner__name__icontains=word))
        return rows


def filters_of(query: Mapping[str, str], register: Register, *, today: date) -> Filters:
    """The filters in an address; without a year, this one."""
    year = query.get("year", "")
    asked = int(year) if year.isascii() and year.isdigit() and len(year) == len("2026") else None
    return Filters(
        year=None if year == "all" else asked or today.year,
        kind=_one_of(query.get("kind", ""), register.kinds),
        tag=_one_of(query.get("tag", ""), register.tags),
        state=_one_of(query.get("state", ""), State.values),
        words=query.get("q", "").strip()[:LONGEST_QUERY],
    )


def _one_of(value: str, known: Any) -> str:
    return value if value in known else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A record in a list: with tags and how many came of how many; of a booking, the meeting that was recorded."""

    record: Record
    tags: list[str]
    present: int
    due: int
    meeting: Record | None


def page_of(rows: QuerySet[Record], *, number: str) -> Page[Record]:
    """One page, the newest first."""
    ordered = rows.select_related("owner").order_by("-day", "-pk")
    return Paginator(ordered.prefetch_related("tags"), A_PAGE).get_page(number)


def shown(records: list[Record]) -> list[Row]:
    """Records with their rolls counted, in one question; bookings with their meetings, in another."""
    meetings = meetings_of(bookings) if (bookings := [one for one in records if one.register == BOOKING]) else {}
    counted = Attendance.objects.filter(record__in=[one.pk for one in records]).values("record")
    came = counted.annotate(here=Count("pk", filter=Q(is_present=True)), due=Count("pk", filter=Q(is_due=True)))
    rolls = {one["record"]: (one["here"], one["due"]) for one in came}
    return [
        Row(
            record=one,
            tags=[tag.tag for tag in one.tags.all()],
            present=rolls.get(one.pk, (0, 0))[0],
            due=rolls.get(one.pk, (0, 0))[1],
            meeting=meetings.get(one.pk),
        )
        for one in records
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """合计: what was held or stands, by kind; 人次 are attendances. Planned and cancelled ones count nowhere."""

    done: int
    open: int
    planned: int
    late: int
    attended: int
    kinds: list[tuple[str, int]]


def totals_of(rows: QuerySet[Record], register: Register) -> Totals:
    """The totals of a register, in two questions."""
    plain = rows.order_by()
    by_kind = plain.values("kind", "state").annotate(n=Count("pk"), late=Count("pk", filter=Q(is_late=True)))
    found = list(by_kind.values_list("kind", "state", "n", "late"))
    states: dict[str, int] = {}
    kinds: dict[str, int] = {}
    for kind, state, number, _ in found:
        states[state] = states.get(state, 0) + number
        if state == State.DONE:
            kinds[kind] = kinds.get(kind, 0) + number
    attended = 0
    if register.rolls:
        held = plain.filter(state=State.DONE).values("pk")
        attended = Attendance.objects.filter(record__in=held, is_present=True).count()
    return Totals(
        done=states.get(State.DONE, 0),
        open=states.get(State.OPEN, 0),
        planned=states.get(State.PLANNED, 0),
        late=sum(late for _, state, _, late in found if state != State.CANCELLED),
        attended=attended,
        kinds=[(kind, kinds.get(kind, 0)) for kind in register.kinds],
    )
