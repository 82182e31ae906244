"""减负: what keeping records costs people, and what it gives back. No person is named and nobody is ranked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncMonth

from yangguang.ledger.models import Record, Unit
from yangguang.reports.dictionary import metric_named
from yangguang.reports.figures import Figure
from yangguang.reports.notes import Note
from yangguang.reports.outline_text import read_sentences, typed_numbers
from yangguang.reports.spans import Span
from yangguang.rules.calendar import LEGAL_ZONE

TENTH = Decimal("0.1")
BY_HAND, BY_FILE = "form", "import:"
COUNTED = "填写：在本系统表单里逐项填的栏目，按实际录入的月份计。导入：表格带进来的栏目，单列，不算填写，也不算省下。"
NOT_COUNTED = (
    "不计：点名和签署的勾选、更正、附件、交易环节的表单、系统自动登记的；报告里手写的数字另见由记录得出的比例。"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedMonth:
    """One month: how many records, fields and people in forms, and apart from them what files brought in.

    `imported` are the fields of imported rows: somebody typed them once, though not here, so they are no saving.
    """

    month: date
    records: int
    fields: int
    people: int
    imported_records: int = 0
    imported: int = 0

    @property
    def per_person(self) -> Decimal:
        """Fields typed a person in this month, one decimal."""
        return (Decimal(self.fields) / max(self.people, 1)).quantize(TENTH, ROUND_HALF_UP)

    @property
    def imported_percent(self) -> Decimal:
        """导入: the share of the month's fields that files brought in."""
        return imported_percent([self])


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
    """What people typed into forms month by month, and apart from it what they imported, by the real time of entry.

    What the system entered by itself (signals, derived records) is neither.
    With the mark of a `person` their own alone, which is for nobody but themselves.
    """
    by_hand, by_file = Q(origin=BY_HAND), Q(origin__startswith=BY_FILE)
    rows = Record.objects.filter(by_hand | by_file, unit__path__startswith=unit.path)
    rows = rows.filter(entered_by=person) if person else rows
    months = rows.annotate(month=TruncMonth("entered_at", tzinfo=LEGAL_ZONE)).values("month")
    counted = months.annotate(
        kept=Count("pk", filter=by_hand), said=Sum("typed", filter=by_hand, default=0),
        people=Count("entered_by", distinct=True, filter=by_hand),
        brought=Count("pk", filter=by_file), cells=Sum("typed", filter=by_file, default=0),
    )  # fmt: skip
    return [
        TypedMonth(
            month=one["month"].date(),
            records=one["kept"],
            fields=one["said"],
            people=one["people"],
            imported_records=one["brought"],
            imported=one["cells"],
        )
        for one in counted.order_by("month")
        if span.first_day <= one["month"].date() <= span.last_day
    ]


def imported_percent(months: Sequence[TypedMonth]) -> Decimal:
    """The share of all fields that files brought in, in percent with one decimal; 0.0 where there are none."""
    brought = sum(one.imported for one in months)
    every = brought + sum(one.fields for one in months)
    return (Decimal(brought) * 100 / max(every, 1)).quantize(TENTH, ROUND_HALF_UP)


def derived_share(*, figures: Iterable[Figure], notes: Sequence[Note] = ()) -> DerivedShare:
    """The share of a report's numbers that nobody typed for it.

    Typed are the numbers in a person's paragraphs, and figures of metrics whose records are kept for reports alone
    (`typed` in the dictionary). Numbers that are missing are no numbers.
    """
    given = [one for one in figures if one.value]
    by_hand = sum(1 for one in given if (metric := metric_named(one.metric)) is not None and metric.typed)
    written = sum(1 for note in notes for part in read_sentences(note.text) for _ in typed_numbers(part, {}))
    return DerivedShare(derived=len(given) - by_hand, total=len(given) + written)
