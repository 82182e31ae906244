"""Letters, pledges and statements (责任书、承诺书、表态、函告、通报、回复): numbers, signatures, answers."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from yangguang.ledger.catalogue import Register, catalogue
from yangguang.ledger.models import Record, Signature, State, Unit
from yangguang.ledger.preparing import Draft, checks_records
from yangguang.rules.refusal import Refusal

LETTERS = "平台规则：拟稿、签发、发出、答复"


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


def sent_registers() -> list[str]:
    """The registers whose letters go out (函告、通报、回复): drafted, signed, sent, answered."""
    return [one.id for one in catalogue().values() if one.word]


def word_of(unit: Unit, *, register: Register, day: date) -> str:
    """发文代字 of a unit's letters on a day: the one that it registered last, else the genre's own (函〔2026〕1号)."""
    own = Record.objects.filter(unit=unit, register="letter_word", kind=register.name, day__lte=day)
    newest = own.exclude(state=State.CANCELLED).order_by("-day", "-pk").first()
    return newest.title if newest else register.word


@checks_records("sent_letter")
def check_sent_letter(draft: Draft) -> Iterator[Refusal]:
    """A letter that goes out keeps the word of its number, names who signs it, and stays as it was signed."""
    assert draft.cleaned.day is not None  # noqa: S101 - refused before
    if draft.record is None:
        word = word_of(draft.unit, register=draft.register, day=draft.cleaned.day)
        draft.cleaned.fields["word"] = word
        if not draft.cleaned.named:
            yield _refusal("signers", "没有选择签发人", "请从名册中选择由谁签发。")
        return
    draft.cleaned.fields["word"] = draft.record.fields.get("word", draft.register.word)
    if draft.record.state != State.PLANNED or draft.record.signatures.filter(signed_at__isnull=False).exists():
        yield _refusal("signed", "文书已经签发，不能再改", "请取消后重新拟稿，或者另发一份。")


@checks_records("asks_answer")
def check_asks_answer(draft: Draft) -> Iterator[Refusal]:
    """函告 waits for an answer, so it says until when."""
    if draft.cleaned.columns.get("due_on") is None:
        yield _refusal("due_on", "没有填写回复期限", "请填写要求对方回复的日期；不要求回复的请用通报。")


@checks_records("reply")
def check_reply(draft: Draft) -> Iterator[Refusal]:
    """A reply names a letter that was sent and waits for an answer; it goes to whoever sent that letter."""
    number = draft.cleaned.columns.get("parent")
    answered = Record.objects.filter(pk=number or 0, state=State.OPEN).select_related("unit").first()
    if answered is None:
        yield _refusal("answered", "没有选择等待答复的文书", "请从已经发出、还没有办结的函告、通报中选择。")
        return
    draft.cleaned.fields.setdefault("to", answered.unit.name)


def share_signed(records: Iterable[Record]) -> Share:
    """The signatures of these letters together, with the names that are missing in the order of the roll."""
    rows = Signature.objects.filter(record__in=[one.pk for one in records]).exclude(record__state=State.CANCELLED)
    found = list(rows.order_by("pk").values_list("signed_at", "person__name"))
    waiting = tuple(name for signed_at, name in found if signed_at is None)
    return Share(should=len(found), signed=len(found) - len(waiting), waiting=waiting)


def to_sign(person: str, *, at: date) -> list[Record]:
    """What waits for this person (by mark) to sign, the earliest due first; what lies ahead waits as well."""
    asked = Record.objects.filter(signatures__person__mark=person, signatures__signed_at__isnull=True, day__lte=at)
    standing = asked.exclude(state=State.CANCELLED).select_related("unit", "parent")
    return sorted(standing, key=lambda one: (one.due_on or date.max, one.pk))


def to_send(unit: Unit) -> list[Record]:
    """Letters of the unit that all have signed and nobody has sent yet, the oldest first."""
    drafts = Record.objects.filter(unit=unit, register__in=sent_registers(), state=State.PLANNED)
    unsigned = Signature.objects.filter(signed_at__isnull=True).values("record")
    return list(drafts.exclude(pk__in=unsigned).order_by("day", "pk"))


def unanswered(unit: Unit, *, at: date) -> list[Record]:
    """Letters of the unit whose answer is overdue on a day, the longest first."""
    waiting = Record.objects.filter(unit=unit, register__in=sent_registers(), state=State.OPEN, due_on__lt=at)
    return list(waiting.order_by("due_on", "pk"))


def text_of(record: Record) -> str:
    """The text that is signed: that of the template, so that nobody writes one of their own."""
    return str(record.parent.fields.get("text", "")) if record.parent is not None else ""


def _refusal(code: str, reason: str, remedy: str) -> Refusal:
    return Refusal(code=f"letter.{code}", reason=reason, article=LETTERS, remedy=remedy)
