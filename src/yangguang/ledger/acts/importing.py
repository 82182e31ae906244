"""Importing many records at once (导入): every row is checked, all are taken or none, and nothing comes twice."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count, islice
from typing import Any

from django.db import connection

from yangguang.ledger.acts.records import KEPT
from yangguang.ledger.catalogue import Register
from yangguang.ledger.guards import ANYBODY, refuse_other_writers, register_or_refuse
from yangguang.ledger.keeping import roll_rows, row_of, signatures
from yangguang.ledger.models import Attendance, Record, Sealed, Signature, State, Tag, Unit
from yangguang.ledger.numbering import next_number
from yangguang.ledger.preparing import Draft, check_draft
from yangguang.ledger.remembering import remembering
from yangguang.ledger.sealing import seal_content
from yangguang.ledger.values import Cleaned, clean
from yangguang.parties.models import Person
from yangguang.proof.canonical import canonical
from yangguang.rules.refusal import Refusal, Refused
from yangguang.witness.actor import Actor
from yangguang.witness.acts import act
from yangguang.witness.models import Evidence
from yangguang.witness.record import record as witness

BATCH = 2_000
MOST_REFUSALS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import would do or did: new rows, rows that are there already, and what is wrong by row number.

    `alike` are new rows which say the same kind, day and title as a record that stands, with its number: perhaps the
    row was only written differently.
    """

    new: int
    known: int
    wrong: Sequence[tuple[int, Refusal]] = ()
    alike: Sequence[tuple[int, str]] = ()


def try_import(
    unit: Unit,
    *,
    actor: Actor,
    at: datetime,
    register: str,
    rows: Sequence[Mapping[str, Any]],
    numbers: Sequence[int] = (),
) -> Imported:
    """What an import would do, without doing it; raises `Refused` only for whoever may not write.

    `numbers` are those of the rows as people see them in their file; without them rows count from 1.
    """
    entry = register_or_refuse(unit, register)
    refuse_other_writers(unit, entry, actor)
    with remembering():
        read, known, wrong = _read(unit, entry, rows, at=at, numbers=numbers)
    alike = _alike(unit, entry, read, dict(zip(map(row_key, rows), numbers or count(1), strict=False)))
    return Imported(new=len(read), known=known, wrong=wrong, alike=alike)


@act("import_records", by=ANYBODY)
def import_records(
    unit: Unit,
    *,
    actor: Actor,
    at: datetime,
    register: str,
    rows: Sequence[Mapping[str, Any]],
    file: Evidence,
    numbers: Sequence[int] = (),
) -> Imported:
    """导入: all rows or none; a row that was imported before is left as it is.

    `rows` are values as a form brings them, `numbers` theirs in `file`, the workbook they came from. Raises `Refused`
    with the row and the field of everything that is wrong.
    """
    entry = register_or_refuse(unit, register)
    refuse_other_writers(unit, entry, actor)
    with remembering():
        fresh, known, wrong = _read(unit, entry, rows, at=at, numbers=numbers)
        if wrong:
            raise Refused(*(_in_row(number, refusal) for number, refusal in wrong))
        _store(unit, entry, fresh, actor=actor, at=at, origin=f"import:{file.sha256[:16]}")
    witness(data={"rows": len(fresh)}, concealed={"register": register, "rows": len(rows)}, files=[("导入文件", file)])
    return Imported(new=len(fresh), known=known)


def _read(
    unit: Unit, register: Register, rows: Sequence[Mapping[str, Any]], *, at: datetime, numbers: Sequence[int]
) -> tuple[dict[str, Cleaned], int, list[tuple[int, Refusal]]]:
    """The rows that are new by their keys, how many are known, what is wrong by row number.

    What was imported before, or stands in the file twice, is not looked at again.
    """
    people = {one.mark: one for one in Person.objects.filter(posts__unit__path__startswith=unit.path)}
    keys = [row_key(values) for values in rows]
    known, read = _known(unit, register, keys), dict[str, Cleaned]()
    wrong: list[tuple[int, Refusal]] = []
    for number, key, values in zip(numbers or range(1, len(rows) + 1), keys, rows, strict=True):
        if key in known or key in read:
            continue
        cleaned, refusals = clean(register, values, known=people)
        if not refusals:
            draft = Draft(unit=unit, register=register, cleaned=cleaned, at=at, before=read.values())
            refusals = check_draft(draft)
        wrong += [(number, one) for one in refusals]
        read[key] = cleaned
        if len(wrong) > MOST_REFUSALS:
            break
    return read, len(known), wrong


def _alike(
    unit: Unit, register: Register, read: Mapping[str, Cleaned], numbers: Mapping[str, int]
) -> list[tuple[int, str]]:
    days = [cleaned.day for cleaned in read.values() if cleaned.day]
    if not days:
        return []
    held = Record.objects.filter(unit=unit, register=register.id, day__range=(min(days), max(days)))
    standing = held.exclude(state=State.CANCELLED).values_list("kind", "day", "title", "year", "number")
    known = {(kind, day, title): f"{year}-{number}" for kind, day, title, year, number in standing}
    found = ((numbers[key], known.get((one.kind, one.day, one.title), "")) for key, one in read.items() if one.day)
    return [(number, other) for number, other in found if other]


def row_key(values: Mapping[str, Any]) -> str:
    """What tells an imported row from another: the digest of what it says."""
    said = {key: value if isinstance(value, list) else str(value) for key, value in values.items() if value != ""}
    return hashlib.sha256(canonical(said)).hexdigest()


def _known(unit: Unit, register: Register, keys: Sequence[str]) -> set[str]:
    held = Record.objects.filter(unit=unit, register=register.id).exclude(key="")
    return set(held.values_list("key", flat=True)) & set(keys)


def _store(
    unit: Unit, register: Register, fresh: Mapping[str, Cleaned], *, actor: Actor, at: datetime, origin: str
) -> None:
    series, numbers = Record.objects.filter(unit=unit, register=register.id), dict[int, int]()
    made: list[tuple[Record, Cleaned]] = []
    for key, cleaned in fresh.items():
        year = cleaned.day.year if cleaned.day else 0
        numbers[year] = numbers[year] + 1 if year in numbers else next_number(series, year=year)
        row = row_of(unit, register, cleaned, number=numbers[year], actor=actor, at=at, origin=origin)
        row.key = key
        made.append((row, cleaned))
    Record.objects.bulk_create([row for row, _ in made], batch_size=BATCH)
    _store_around(register, made)


def _store_around(register: Register, made: Sequence[tuple[Record, Cleaned]]) -> None:
    tags = [Tag(record=row, tag=tag) for row, cleaned in made for tag in cleaned.tags]
    sealed = [Sealed(record=row, content=seal_content(row, cleaned.sealed)) for row, cleaned in made if cleaned.sealed]
    signers = [one for row, cleaned in made for one in signatures(row, register, cleaned)]
    Tag.objects.bulk_create(tags, batch_size=BATCH)
    if register.rolls:
        _store_rolls(register, made)
    Sealed.objects.bulk_create(sealed, batch_size=BATCH)
    Signature.objects.bulk_create(signers, batch_size=BATCH)


def _store_rolls(register: Register, made: Sequence[tuple[Record, Cleaned]]) -> None:
    """The rolls go in as plain rows: there are many to each record, and a model for each would cost ten times more."""
    columns = ("record_id", "via", "person_id", "is_due", "is_present", "is_voter", "reason")
    names, holes = ", ".join(columns), ", ".join(["%s"] * len(columns))
    rolls = (
        (row.pk, Attendance.Via.IMPORT.value, *one)
        for row, cleaned in made
        if cleaned.present is not None or cleaned.named is not None
        for one in roll_rows(row, register, cleaned)
    )
    with connection.cursor() as cursor:
        while some := list(islice(rolls, BATCH)):
            cursor.executemany(f"INSERT INTO {Attendance._meta.db_table} ({names}) VALUES ({holes})", some)  # noqa: S608, SLF001


def _in_row(number: int, refusal: Refusal) -> Refusal:
    return Refusal(
        code=refusal.code,
        reason=f"第{number}行：{refusal.reason}",
        article=refusal.article or KEPT,
        remedy=refusal.remedy,
    )
