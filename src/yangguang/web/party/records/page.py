"""What a record's page shows: values with their labels, roll, signatures, links, files, history, and what is sealed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from yangguang.branch.development import CaseRow, case_of
from yangguang.branch.letters import text_of
from yangguang.ledger.booked import is_booked
from yangguang.ledger.catalogue import Engine, FieldType, Register, register_named
from yangguang.ledger.guards import is_named
from yangguang.ledger.models import Link, Look, Record, Revision, Signature, State, Unit
from yangguang.ledger.numbering import number_of
from yangguang.ledger.roles import LedgerRole
from yangguang.parties.models import Person
from yangguang.web.party.units import Reach, registers_of
from yangguang.web.templatetags.words import moment, yuan
from yangguang.witness.actor import Actor

MOST_FOUND, MOST_LOOKS = 20, 50
SHOWN_COLUMNS = ("begins", "ends", "place", "chair", "recorder", "owner", "due_on", "amount", "quantity")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPage:
    """A record as its page shows it."""

    text: str  # of a letter that is signed
    values: list[tuple[str, list[str]]]
    entered_by: str
    roll: list[Any]
    present: int
    due: int
    signatures: list[Signature]
    signed: int
    mine_to_sign: bool
    links: list["Linked"]
    linked_from: list["Linked"]
    children: list[Record]
    revisions: list[tuple[Revision, str]]
    sealed: list[tuple[str, list[str]]] | None  # None while it was not looked at
    has_sealed: bool
    may_look: bool
    looks: list[tuple[Look, str]]
    takes_roll: bool
    closes: bool
    booking: Record | None  # that an event was recorded from
    number: str  # 发文字号 of a letter that goes out
    step: int  # of a letter that goes out: how far it came of STEPS
    sends: bool
    case: CaseRow | None  # of a person who is developed as a member


def page_of(
    row: Record,
    register: Register,
    reach: Reach,
    *,
    actor: Actor,
    on: date,
    content: Mapping[str, Any] | None = None,
) -> RecordPage:
    """Everything on the page on a day; `content` is what was sealed, when it has just been looked at."""
    roll = list(row.attendances.select_related("person").order_by("-is_due", "-is_present", "pk"))
    if not reach.writes and any(one.sealed for one in register.fields):  # who paid, who talked: only one's own line
        roll = [one for one in roll if one.person.mark == actor.person]
    signatures = list(row.signatures.select_related("person").order_by("pk"))
    revisions = list(row.revisions.order_by("-pk"))
    has_sealed = any(one.sealed for one in register.fields) and hasattr(row, "sealed")
    may_look = has_sealed and _may_look(row, register, actor)
    looks = list(row.looks.order_by("-pk")[:MOST_LOOKS]) if may_look else []
    marks = [row.entered_by, *(one.by for one in revisions), *(one.person for one in looks)]
    names = _names([*marks, *_marks_in(register, row.fields), *_marks_in(register, content or {})])
    readable, links = readable_in(row.unit, actor), list(row.links.select_related("target__unit").order_by("pk"))
    is_open = row.state in {State.OPEN, State.PLANNED, State.DONE}
    return RecordPage(
        text=text_of(row) if register.parent == "letter_template" else "",
        values=_values(row, register, names), entered_by=names.get(row.entered_by, "系统"), roll=roll,
        present=sum(one.is_present for one in roll), due=sum(one.is_due for one in roll), signatures=signatures,
        signed=sum(one.signed_at is not None for one in signatures),
        mine_to_sign=any(one.person.mark == actor.person and one.signed_at is None for one in signatures),
        links=[_linked(one, one.target, row, readable) for one in links],
        linked_from=[
            _linked(one, one.record, row, readable)
            for one in row.linked_from.select_related("record__unit").order_by("pk")
        ],
        children=list(row.children.filter(unit=row.unit, register__in=readable).order_by("day", "pk")[:MOST_LOOKS]),
        revisions=[(one, names.get(one.by, "")) for one in revisions],
        sealed=None if content is None else _fields(register, content, names, sealed=True),
        has_sealed=has_sealed, may_look=may_look, looks=[(one, names.get(one.person, "")) for one in looks],
        takes_roll=reach.writes and bool(register.roll_for(row.kind)) and is_open
        and register.engine is not Engine.ASSESSMENT,
        closes=reach.writes and row.state == State.OPEN and register.engine is not Engine.TASK,
        booking=next((one.target for one in links if is_booked(one)), None),
        number=number_of(row) if register.word else "", step=_step_of(row, signatures),
        sends=reach.writes and bool(register.word) and row.state == State.PLANNED and _is_signed(signatures),
        case=case_of(row, on=on) if reach.reads and register.id == "development" and row.state == State.OPEN else None,
    )  # fmt: skip


STEPS = ("拟稿", "签发", "发出", "答复办结")


def _is_signed(signatures: Sequence[Signature]) -> bool:
    return all(one.signed_at is not None for one in signatures)


def _step_of(row: Record, signatures: Sequence[Signature]) -> int:
    """The last of STEPS that a letter took: drafted, signed, sent, answered (or done where nothing is asked)."""
    if row.state == State.DONE:
        return len(STEPS)
    return 3 if row.state == State.OPEN else 1 + _is_signed(signatures)


def _plainly(value: Any) -> Any:
    return value.name if isinstance(value, Person) else value


def _number(value: Decimal) -> str:
    return f"{value.normalize():f}"


COLUMN_SAID: Mapping[str, Callable[[Any], Any]] = {"amount": yuan, "quantity": _number}


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """A link as the page shows it: the other record where it may be read, else only which list it stands in."""

    kind: str
    record: Record | None
    where: str


def _linked(link: Link, other: Record | None, row: Record, readable: set[str]) -> Linked:
    if other is None:
        return Linked(kind=link.get_kind_display(), record=None, where=f"见证记录 {link.stream} 第 {link.sequence} 条")
    register = register_named(other.register)
    where = f"{register.name if register else '台账'} {other.year}-{other.number}"
    if other.unit_id != row.unit_id:
        return Linked(kind=link.get_kind_display(), record=None, where=f"{other.unit.name}：{where}")
    seen = other if other.register in readable else None
    return Linked(kind=link.get_kind_display(), record=seen, where=where)


def readable_in(unit: Unit, actor: Actor) -> set[str]:
    """The registers of a unit whose rows the actor may read."""
    return {register.id for register, reach in registers_of(unit, actor) if reach.reads}


def _may_look(row: Record, register: Register, actor: Actor) -> bool:
    """The same question as in the act, so that nobody is offered what would be refused."""
    roles = set(row.unit.roles_of(actor))
    return bool(roles & register.unseal) or (LedgerRole.NAMED in register.unseal and is_named(row, actor))


def _values(row: Record, register: Register, names: Mapping[str, str]) -> list[tuple[str, list[str]]]:
    shown: list[tuple[str, Any]] = [(register.label_of("day"), row.day)]
    for name in SHOWN_COLUMNS:
        value = getattr(row, name)
        if name in {*register.columns, *register.derives} and value not in (None, ""):
            shown.append((register.label_of(name), COLUMN_SAID.get(name, _plainly)(value)))
    if row.closed_on and register.engine not in {Engine.EVENT, Engine.ROW}:
        shown.append(("办结日期", row.closed_on))
    if row.fields.get("result") and register.field("result") is None:
        shown.append(("办理结果", row.fields["result"]))
    said = [(label, _said(value)) for label, value in shown]
    return said + _fields(register, row.fields, names, sealed=False)


def _fields(
    register: Register, content: Mapping[str, Any], names: Mapping[str, str], *, sealed: bool
) -> list[tuple[str, list[str]]]:
    shown: list[tuple[str, list[str]]] = []
    for one in register.fields:
        value = content.get(one.key)
        if one.sealed != sealed or value in (None, "", []):
            continue
        if one.type in {FieldType.PERSON, FieldType.PERSONS}:
            value = "、".join(names.get(mark, "") for mark in (value if isinstance(value, list) else [value]))
        elif one.type is FieldType.MONEY:
            value = yuan(Decimal(str(value)))
        elif one.type is FieldType.DATE:
            value = date.fromisoformat(str(value))
        elif one.type is FieldType.MOMENT:
            value = datetime.fromisoformat(str(value))
        shown.append((one.label, _said(value)))
    return shown


def _said(value: Any) -> list[str]:
    """A value as people read it, in lines."""
    match value:
        case bool():
            return ["是" if value else "否"]
        case datetime():
            return [moment(value)]
        case date():
            return [f"{value.year}年{value.month}月{value.day}日"]
        case list():
            return [str(one) for one in value]
    return [str(value)]


def _marks_in(register: Register, content: Mapping[str, Any]) -> list[str]:
    found: list[str] = []
    for one in register.fields:
        value = content.get(one.key)
        if value and one.type in {FieldType.PERSON, FieldType.PERSONS}:
            found += value if isinstance(value, list) else [value]
    return found


def _names(marks: Sequence[str]) -> dict[str, str]:
    return dict(Person.objects.filter(mark__in=set(marks)).values_list("mark", "name"))


def linkable(actor: Actor, row: Record, *, words: str) -> list[Record]:
    """Records that happened and that the actor may read in the same unit, by words in their titles."""
    unit: Unit = row.unit
    found = Record.objects.filter(unit=unit, register__in=readable_in(unit, actor)).exclude(pk=row.pk)
    found = found.exclude(state__in=[State.CANCELLED, State.PLANNED])
    for word in words.split():
        found = found.filter(title__icontains=word)
    return list(found.order_by("-day", "-pk")[:MOST_FOUND])
