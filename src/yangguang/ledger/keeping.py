"""How a record comes to stand: from read values to rows. The acts decide whether; this says what is written."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from yangguang.ledger.catalogue import COLUMNS, Engine, Register, register_named
from yangguang.ledger.models import Attendance, Record, Sealed, Signature, State, Tag, Unit
from yangguang.ledger.people import held_on, roll_of
from yangguang.ledger.remembering import remembered
from yangguang.ledger.roles import PARTY_MEMBERS
from yangguang.ledger.sealing import seal_content, unseal_content
from yangguang.ledger.values import Cleaned, clean
from yangguang.parties.models import Person
from yangguang.rules.calendar import legal_date
from yangguang.rules.refusal import Refusal
from yangguang.witness.actor import Actor

AT_ONCE = {Engine.EVENT: State.DONE, Engine.ROW: State.DONE}  # the other engines begin open


def is_late(register: Register, *, day: date, at: datetime) -> bool:
    """补录: whether what happened on `day` is entered later than the register allows."""
    return legal_date(at) > day + timedelta(days=register.late_after)


def state_of(register: Register, *, day: date, at: datetime) -> State:
    """Where a record begins: what lies ahead or is a draft is planned, what happened done, what has an end open."""
    if register.word or (register.engine is Engine.EVENT and day > legal_date(at)):
        return State.PLANNED
    return AT_ONCE.get(register.engine, State.OPEN)


def row_of(
    unit: Unit, register: Register, cleaned: Cleaned, *, number: int, actor: Actor, at: datetime, origin: str = "form"
) -> Record:
    """The row of a record, not stored yet; `cleaned` has been found good."""
    day = cleaned.day
    assert day is not None  # noqa: S101 - refused before when there is none
    state = state_of(register, day=day, at=at)
    return Record(
        unit=unit, register=register.id, kind=cleaned.kind, year=day.year, number=number, title=cleaned.title, day=day,
        state=state, fields=cleaned.fields, origin=origin, entered_at=at, entered_by=actor.person,
        is_late=state is not State.PLANNED and is_late(register, day=day, at=at), typed=cleaned.typed,
        closed_on=day if state is State.DONE else None, **columns_of(cleaned.columns),
    )  # fmt: skip


def columns_of(columns: Mapping[str, Any]) -> dict[str, Any]:
    """The shared columns as the row takes them: a parent by its id."""
    return {("parent_id" if name == "parent" else name): value for name, value in columns.items()}


def sealed_of(record: Record | None) -> dict[str, Any]:
    """What is sealed in a stored record, for the checks of its register and for no page."""
    register = register_named(record.register) if record is not None else None
    if record is None or (register is not None and not any(one.sealed for one in register.fields)):
        return {}
    sealed = Sealed.objects.filter(record=record).first()
    return unseal_content(record, bytes(sealed.content)) if sealed is not None else {}


def clean_over(
    register: Register, values: Mapping[str, Any], *, record: Record | None
) -> tuple[Cleaned, list[Refusal]]:
    """The values of a record that may be a correction: what is sealed and not given again stays as it is."""
    stored = sealed_of(record)
    cleaned, refusals = clean(register, values, kept=stored.keys())
    cleaned.sealed = {**stored, **cleaned.sealed}
    return cleaned, refusals


def cleaned_of(record: Record) -> Cleaned:
    """What a stored record says, as its register's checks read it; the roll is left out."""
    columns = {name: getattr(record, "parent_id" if name == "parent" else name) for name in COLUMNS}
    return Cleaned(
        title=record.title, kind=record.kind, day=record.day, fields=dict(record.fields),
        columns={name: value for name, value in columns.items() if value not in (None, "")},
        sealed=sealed_of(record),
        tags=list(record.tags.values_list("tag", flat=True)),
    )  # fmt: skip


def rewrite(record: Record, cleaned: Cleaned) -> None:
    """Put what was read into a stored record: its columns (the row is not saved yet), tags and what is sealed.

    How it was closed stays.
    """
    assert cleaned.day is not None  # noqa: S101 - refused before
    kept = {key: record.fields[key] for key in ("result",) if key in record.fields}
    record.kind, record.title, record.day, record.fields = (
        cleaned.kind,
        cleaned.title,
        cleaned.day,
        {**kept, **cleaned.fields},
    )
    values = columns_of(cleaned.columns)
    for name in COLUMNS:
        column = "parent_id" if name == "parent" else name
        setattr(record, column, values.get(column, "" if name == "place" else None))
    record.tags.all().delete()
    Tag.objects.bulk_create([Tag(record=record, tag=tag) for tag in dict.fromkeys(cleaned.tags)])
    if cleaned.sealed and cleaned.sealed != sealed_of(record):  # else the stored ciphertext stays, digest and all
        Sealed.objects.update_or_create(record=record, defaults={"content": seal_content(record, cleaned.sealed)})


def keep_around(record: Record, register: Register, cleaned: Cleaned, *, invited: Collection[Person] = ()) -> None:
    """Store what stands around a stored record: its tags, its roll, its signers and what is sealed."""
    Tag.objects.bulk_create([Tag(record=record, tag=tag) for tag in dict.fromkeys(cleaned.tags)])
    if register.rolls and (cleaned.present is not None or cleaned.named is not None):
        Attendance.objects.bulk_create(attendances(record, register, cleaned, invited=invited))
    Signature.objects.bulk_create(signatures(record, register, cleaned))
    if cleaned.sealed:
        Sealed.objects.create(record=record, content=seal_content(record, cleaned.sealed))


def signatures(record: Record, register: Register, cleaned: Cleaned) -> list[Signature]:
    """Who is asked to sign a record: those named, or the roll that the register names; nobody where nobody signs."""
    if not register.signers:
        return []
    people = cleaned.named if register.signers == "named" else None
    signers = people if people is not None else roll_of(record.unit, roll=register.signers, day=record.day)
    return [Signature(record=record, person=person) for person in signers]


def attendances(
    record: Record, register: Register, cleaned: Cleaned, *, invited: Collection[Person] = ()
) -> list[Attendance]:
    """The roll of a record, as rows that are not stored yet; `invited` are those whom the room's booking named."""
    booked = {one.pk for one in invited}
    via = Attendance.Via
    return [
        Attendance(
            record=record, person_id=pk, is_due=is_due, is_present=came, is_voter=votes, reason=reason,
            via=via.BOOKING if pk in booked else via.ROLL,
        )
        for pk, is_due, came, votes, reason in roll_rows(record, register, cleaned)
    ]  # fmt: skip


def roll_rows(record: Record, register: Register, cleaned: Cleaned) -> list[tuple[int, bool, bool, bool, str]]:
    """Who was due, came and has a vote, and why not, by id. Whoever came without being due is present and not due."""
    due = due_of(record.unit, register, cleaned)
    came = {one.pk for one in cleaned.present or []}
    voters = voters_on(record.unit, day=record.day)
    people = {one.pk: one for one in [*due, *(cleaned.present or [])]}
    due_ids = {one.pk for one in due}
    return [
        (pk, pk in due_ids, pk in came, pk in voters, cleaned.absent.get(person.mark, ""))
        for pk, person in sorted(people.items())
    ]


def due_of(unit: Unit, register: Register, cleaned: Cleaned) -> list[Person]:
    """Who is due at a record that was read: those named, or those on the roll that the kind asks for."""
    assert cleaned.day is not None  # noqa: S101 - refused before
    if cleaned.named is not None:
        return cleaned.named
    roll = register.roll_for(cleaned.kind)
    return list(cleaned.present or []) if roll == "named" else roll_of(unit, roll=roll, day=cleaned.day)


@remembered
def voters_on(unit: Unit, *, day: date) -> set[int]:
    """正式党员: who has a vote in the unit on a day (支部工作条例第十一条); probationers have none."""
    return {one.person_id for one in held_on(unit, posts=PARTY_MEMBERS[:1], day=day)}
