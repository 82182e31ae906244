"""减负: what keeping records costs people, and what it gives back. No person is named and nobody is ranked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Count, Sum
from django.db.models.functions import TruncMonth

from yangguang.ledger.models import Record, Unit
from yangguang.reports.dictionary import metric_named
from yangguang.reports.figures import Figure
from yangguang.reports.notes import Note
from yangguang.reports.outline_text import read_sentences, typed_numbers
from yangguang.reports.spans import Span
from yangguang.rules.calendar import LEGAL_ZONE

TENTH = Decimal("0.1")
BY_HAND = "form"


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedMonth:
    """One month of typing: how many records, fields and people, and fields a person."""

    month: date
    records: int
    fields: int
    people: int

    @property
    def per_person(self) -> Decimal:
        """Fields typed a person in this month, one decimal."""
        return (Decimal(self.fields) / max(self.people, 1)).quantize(TENTH, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True, kw_only=True)
class DerivedShare:
    """How many of a report's numbers came from records that were needed anyway."""

    derived: int
    total: int

    @property
    def percent(self) -> Decimal | None:
        """In percent with one decimal, rounded down so that 90 is never said of less; None without numbers."""
        return (Decimal(self.derived * 1000 // self.total) / 10).quantize(TENTH) if self.total else None


def typed_by_month(*, unit: Unit, span: Span, person: str = "") -> list[TypedMonth]:
    """What people typed into forms month by month, by the real time of entry; imports and signals cost nothing.

    With the mark of a `person` their own alone, which is for nobody but themselves.
    """
    rows = Record.objects.filter(unit__path__startswith=unit.path, origin=BY_HAND)
    rows = rows.filter(entered_by=person) if person else rows
    months = rows.annotate(month=TruncMonth("entered_at", tzinfo=LEGAL_ZONE)).values("month")
    counted = months.annotate(kept=Count("pk"), said=Sum("typed"), people=Count("entered_by", distinct=True))
    return [
        TypedMonth(month=one["month"].date(), records=one["kept"], fields=one["said"], people=one["people"])
        for one in counted.order_by("month")
        if span.first_day <= one["month"].date() <= span.last_day
    ]


def derived_share(*, figures: Iterable[Figure], notes: Sequence[Note] = ()) -> DerivedShare:
    """The share of a report's numbers that nobody typed for it.

    Typed are the numbers in a person's paragraphs, and figures of metrics whose records are kept for reports alone
    (`typed` in the dictionary). Numbers that are missing are no numbers.
    """
    given = [one for one in figures if one.value]
    by_hand = sum(1 for one in given if (metric := metric_named(one.metric)) is not None and metric.typed)
    written = sum(1 for note in notes for part in read_sentences(note.text) for _ in typed_numbers(part, {}))
    return DerivedShare(derived=len(given) - by_hand, total=len(given) + written)
