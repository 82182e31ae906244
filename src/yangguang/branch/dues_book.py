"""党费账 (D15): what each member owes in a month, from the base kept under seal, and which months are paid.

The bases are opened here by the program that counts, for the member and for who keeps the dues; no page gets the book
itself.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from yangguang.ledger.law import laws_for
from yangguang.ledger.models import Attendance, Record, State, Unit
from yangguang.ledger.sealing import unseal_content
from yangguang.rules.calendar import ONE_DAY, add_months
from yangguang.rules.law import Law
from yangguang.rules.party.dues import PAYER_LABELS, MonthlyDue, Payer, month_of, monthly_due

PAYERS = {label: payer for payer, label in PAYER_LABELS.items()}
NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """基数: since when, what kind of payer, the monthly base or the agreed sum in yuan."""

    since: date
    payer: Payer
    base: Decimal | None
    agreed: Decimal | None
    pays_quarterly: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Relief:
    """少交免交: from the approval to its last day; `reduced` is the monthly sum, nothing where all is waived."""

    since: date
    until: date | None
    reduced: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """The bases, reliefs and paid months of a unit by the id of the person; `paid` maps a month to a record's id."""

    law: Callable[[date], Law]
    bases: dict[int, list[Base]] = field(default_factory=dict)
    reliefs: dict[int, list[Relief]] = field(default_factory=dict)
    paid: dict[int, dict[date, int]] = field(default_factory=dict)

    def base(self, person: int, month: date) -> Base | None:
        """The base of a month: new pay counts from the month in which it was first received (第十条)."""
        known = [one for one in self.bases.get(person, ()) if month_of(one.since) <= month]
        return max(known, key=lambda one: one.since, default=None)

    def rate(self, person: int, month: date) -> MonthlyDue | None:
        """What the rule asks for a month before any relief; None without a base."""
        base = self.base(person, month)
        last_day = add_months(start=month, count=1) - ONE_DAY
        return None if base is None else monthly_due(law=self.law(last_day), payer=base.payer, base=base.base)

    def due(self, person: int, month: date) -> Decimal | None:
        """应交 of a month in yuan, reliefs counted; None for who has no base."""
        rate, base = self.rate(person, month), self.base(person, month)
        if rate is None or base is None:
            return None
        for one in self.reliefs.get(person, ()):
            if month_of(one.since) <= month and (one.until is None or month <= one.until):
                return min(one.reduced, rate.least)
        return rate.least if base.agreed is None else base.agreed


def book_of(unit: Unit) -> Book:
    """The book of a unit with those below it; four queries."""
    book = Book(law=laws_for(unit))
    rows = _rows(unit, "dues_base", "dues_relief").select_related("owner", "sealed")
    for row in rows.filter(owner__isnull=False):
        content = unseal_content(row, bytes(row.sealed.content)) if hasattr(row, "sealed") else {}
        if row.register == "dues_base":
            book.bases.setdefault(row.owner_id or 0, []).append(_base(row, content))
        else:
            book.reliefs.setdefault(row.owner_id or 0, []).append(_relief(row, content))
    came = Attendance.objects.filter(record__in=_rows(unit, "dues_collection").order_by(), is_present=True)
    for person, month, record in came.values_list("person_id", "record__fields__month", "record_id"):
        book.paid.setdefault(person, {})[date.fromisoformat(month)] = record
    return book


def _rows(unit: Unit, *registers: str) -> QuerySet[Record]:
    rows = Record.objects.filter(unit__path__startswith=unit.path, register__in=registers, state=State.DONE)
    return rows.order_by("day", "pk")


def _base(row: Record, content: dict[str, str]) -> Base:
    return Base(
        since=row.day, payer=PAYERS[row.kind], base=_money(content.get("base")), agreed=_money(content.get("agreed")),
        pays_quarterly=bool(row.fields.get("quarterly")),
    )  # fmt: skip


def _relief(row: Record, content: dict[str, str]) -> Relief:
    approved = date.fromisoformat(row.fields["approved_on"])
    return Relief(since=approved, until=row.due_on, reduced=_money(content.get("reduced")) or NOTHING)


def _money(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def total(amounts: Iterable[Decimal | None]) -> Decimal:
    """The sum of what is known."""
    return sum((one for one in amounts if one is not None), NOTHING)
