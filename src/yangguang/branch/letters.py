"""Letters, pledges and statements (责任书、承诺书、表态、函告): their numbers, who still has to sign or to answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from yangguang.ledger.catalogue import register_named
from yangguang.ledger.models import Record, Signature, State, Unit
from yangguang.ledger.numbering import written_number

SIGNED = ("duty_letter", "pledge", "statement")
WORDS = {"letter": "函", "bulletin": "通"}  # 发文字号: the organ's word for each series, which runs on without gaps


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """签署情况: how many should sign, how many did, and who did not yet."""

    should: int
    signed: int
    waiting: tuple[str, ...]

    @property
    def is_complete(self) -> bool:
        """Whether all have signed; nobody to sign is not all."""
        return 0 < self.should == self.signed


def number_of(record: Record) -> str:
    """发文字号 of a letter: the unit's word, the year and the running number of its series (函〔2026〕3号)."""
    register = register_named(record.register)
    word = WORDS.get(record.register) or (register.name if register else "")
    return written_number(word, year=record.year, number=record.number)


def share_signed(records: Iterable[Record]) -> Share:
    """The signatures of these letters together, with the names that are missing in the order of the roll."""
    rows = Signature.objects.filter(record__in=[one.pk for one in records]).exclude(record__state=State.CANCELLED)
    found = list(rows.order_by("pk").values_list("signed_at", "person__name"))
    waiting = tuple(name for signed_at, name in found if signed_at is None)
    return Share(should=len(found), signed=len(found) - len(waiting), waiting=waiting)


def to_sign(person: str, *, at: date) -> list[Record]:
    """What waits for this person (by mark) to sign, the earliest due first; what lies ahead waits as well."""
    asked = Record.objects.filter(
        signatures__person__mark=person, signatures__signed_at__isnull=True, register__in=SIGNED, day__lte=at
    )
    standing = asked.exclude(state=State.CANCELLED).select_related("unit", "parent")
    return sorted(standing, key=lambda one: (one.due_on or date.max, one.pk))


def unanswered(unit: Unit, *, at: date) -> list[Record]:
    """Letters of the unit whose answer is overdue on a day, the longest first."""
    waiting = Record.objects.filter(unit=unit, register="letter", state=State.OPEN, due_on__lt=at)
    return list(waiting.order_by("due_on", "pk"))


def text_of(record: Record) -> str:
    """The text that is signed: that of the template, so that nobody writes one of their own."""
    return str(record.parent.fields.get("text", "")) if record.parent is not None else ""
