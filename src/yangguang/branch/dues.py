"""党费的查询 (D15): a member sees their own months, the keeper everybody's, all others only totals."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from yangguang.branch.dues_book import NOTHING, Book, book_of, total
from yangguang.ledger.models import Post, Record, State, Unit
from yangguang.ledger.models.units import running
from yangguang.ledger.people import roll_of
from yangguang.ledger.roles import PARTY_MEMBERS, LedgerRole
from yangguang.parties.models import Person
from yangguang.rules.calendar import add_months
from yangguang.rules.party.dues import arrears, month_of
from yangguang.rules.refusal import Refused
from yangguang.witness.actor import Actor
from yangguang.witness.acts import DENIED


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthRow:
    """一人一月: what is owed (None without a base) and whether it is paid."""

    person: Person
    month: date
    due: Decimal | None
    is_paid: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrears:
    """欠交: a person, the months that are over and unpaid, and what they come to."""

    person: Person
    months: tuple[date, ...]
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthTotal:
    """各月合计, open to every member: due and paid in yuan, and whether the month was passed up."""

    month: date
    due: Decimal
    paid: Decimal
    persons: int
    is_remitted: bool


def own_months(unit: Unit, *, actor: Actor, year: int) -> list[MonthRow]:
    """本人党费: the actor's own twelve months and nobody else's; five queries."""
    person = Person.objects.filter(mark=actor.person).first()
    if person is None:
        return []
    book = book_of(unit)
    return [_row(book, person, date(year, month, 1)) for month in range(1, 13)]


def month_table(unit: Unit, *, actor: Actor, month: date) -> list[MonthRow]:
    """一月收缴表, for whoever keeps the unit's dues; five queries. Raises `Refused` for everybody else."""
    _refuse_other_than_keeper(unit, actor)
    book, first = book_of(unit), month_of(month)
    return [_row(book, person, first) for person in roll_of(unit, roll="members", day=month)]


def arrears_of(unit: Unit, *, actor: Actor, on: date) -> list[Arrears]:
    """欠交名单 in the order of the roll, for whoever keeps the dues; six queries. Raises `Refused` for others."""
    _refuse_other_than_keeper(unit, actor)
    return unpaid(unit, on=on)


def unpaid(unit: Unit, *, on: date) -> list[Arrears]:
    """Who has not paid months that are over, on the roll of `on`; for reminders, which name no sums; five queries.

    Months are owed since the member's first base here or since they came, whichever is later.
    """
    book = book_of(unit)
    rows = Post.objects.filter(running(on), unit__path__startswith=unit.path, post__in=PARTY_MEMBERS)
    since = {post.person_id: post for post in rows.select_related("person").order_by("-since")}
    found = [_arrears(book, post, on=on) for _, post in sorted(since.items())]
    return [one for one in found if one.months]


def totals(unit: Unit, *, year: int) -> list[MonthTotal]:
    """各月应交、实交和上缴, as every member may know them; two queries."""
    rows = _done(unit, "dues_collection").filter(fields__month__startswith=f"{year}-")
    by_month: dict[str, list[Record]] = {}
    for row in rows:
        by_month.setdefault(row.fields["month"], []).append(row)
    spans = list(_done(unit, "dues_remittance").values_list("fields__first_month", "fields__last_month"))
    return [
        MonthTotal(
            month=date.fromisoformat(month),
            due=total(Decimal(one.fields["due_total"]) for one in held),
            paid=total(one.amount for one in held),
            persons=int(total(one.quantity for one in held)),
            is_remitted=any(first <= month <= last for first, last in spans),
        )
        for month, held in sorted(by_month.items())
    ]


def _row(book: Book, person: Person, month: date) -> MonthRow:
    return MonthRow(
        person=person, month=month, due=book.due(person.pk, month), is_paid=month in book.paid.get(person.pk, {})
    )


def _arrears(book: Book, post: Post, *, on: date) -> Arrears:
    bases = book.bases.get(post.person_id, [])
    if not bases:
        return Arrears(person=post.person, months=(), amount=NOTHING)
    since = max(post.since, min(one.since for one in bases))
    base = book.base(post.person_id, add_months(start=month_of(on), count=-1)) or bases[0]
    months = arrears(since=since, paid=book.paid.get(post.person_id, {}), at=on, pays_quarterly=base.pays_quarterly)
    months = tuple(month for month in months if book.due(post.person_id, month) != NOTHING)
    return Arrears(person=post.person, months=months, amount=total(book.due(post.person_id, one) for one in months))


def _done(unit: Unit, register: str) -> QuerySet[Record]:
    rows = Record.objects.filter(unit__path__startswith=unit.path, register=register, state=State.DONE)
    return rows.order_by("day", "pk")


def _refuse_other_than_keeper(unit: Unit, actor: Actor) -> None:
    if LedgerRole.KEEPER not in unit.roles_of(actor):
        raise Refused(DENIED)
