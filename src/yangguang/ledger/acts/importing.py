"""Importing many records at once (导入): every row is checked, all are taken or none, and nothing comes twice."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max

from yangguang.ledger.acts.records import KEPT
from yangguang.ledger.catalogue import Register
from yangguang.ledger.guards import ANYBODY, refuse_other_writers, register_or_refuse
from yangguang.ledger.keeping import attendances, row_of
from yangguang.ledger.models import Attendance, Record, Sealed, Signature, Tag, Unit
from yangguang.ledger.preparing import Draft, check_draft
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
    """What an import would do or did: new rows, rows that are there already, and what is wrong by row number."""

    new: int
    known: int
    wrong: Sequence[tuple[int, Refusal]] = ()


def try_import(unit: Unit, *, actor: Actor, at: datetime, register: str, rows: Sequence[Mapping[str, Any]]) -> Imported:
    """What an import would do, without doing it; raises `Refused` only for whoever may not write."""
    entry = register_or_refuse(unit, register)
    refuse_other_writers(unit, entry, actor)
    read, known, wrong = _read(unit, entry, rows, at=at)
    return Imported(new=len(read), known=known, wrong=wrong)


@act("import_records", by=ANYBODY)
def import_records(
    unit: Unit, *, actor: Actor, at: datetime, register: str, rows: Sequence[Mapping[str, Any]], file: Evidence
) -> Imported:
    """导入: all rows or none; a row that was imported before is left as it is.

    `rows` are values as a form brings them, `file` is the workbook they came from. Raises `Refused` with the
    row and the field of everything that is wrong.
    """
    entry = register_or_refuse(unit, register)
    refuse_other_writers(unit, entry, actor)
    fresh, known, wrong = _read(unit, entry, rows, at=at)
    if wrong:
        raise Refused(*(_in_row(number, refusal) for number, refusal in wrong))
    _store(unit, entry, fresh, actor=actor, at=at, origin=f"import:{file.sha256[:16]}")
    witness(data={"rows": len(fresh)}, concealed={"register": register, "rows": len(rows)}, files=[("导入文件", file)])
    return Imported(new=len(fresh), known=known)


def _read(
    unit: Unit, register: Register, rows: Sequence[Mapping[str, Any]], *, at: datetime
) -> tuple[dict[str, Cleaned], int, list[tuple[int, Refusal]]]:
    """The rows that are new by their keys, how many are known, what is wrong by row number.

    What was imported before, or stands in the file twice, is not looked at again.
    """
    people = {one.mark: one for one in Person.objects.filter(posts__unit__path__startswith=unit.path)}
    keys = [row_key(values) for values in rows]
    known, read = _known(unit, register, keys), dict[str, Cleaned]()
    wrong: list[tuple[int, Refusal]] = []
    for number, (key, values) in enumerate(zip(keys, rows, strict=True), start=1):
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


def row_key(values: Mapping[str, Any]) -> str:
    """What tells an imported row from another: the digest of what it says."""
    said = {key: str(value) if not isinstance(value, list) else value for key, value in values.items() if value}
    return hashlib.sha256(canonical(said)).hexdigest()


def _known(unit: Unit, register: Register, keys: Sequence[str]) -> set[str]:
    held = Record.objects.filter(unit=unit, register=register.id).exclude(key="")
    return set(held.values_list("key", flat=True)) & set(keys)


def _store(
    unit: Unit, register: Register, fresh: Mapping[str, Cleaned], *, actor: Actor, at: datetime, origin: str
) -> None:
    taken = Record.objects.filter(unit=unit, register=register.id).values("year").annotate(n=Max("number"))
    numbers = {one["year"]: one["n"] for one in taken}
    made: list[tuple[Record, Cleaned]] = []
    for key, cleaned in fresh.items():
        year = cleaned.day.year if cleaned.day else 0
        numbers[year] = numbers.get(year, 0) + 1
        row = row_of(unit, register, cleaned, number=numbers[year], actor=actor, at=at, origin=origin)
        row.key = key
        made.append((row, cleaned))
    Record.objects.bulk_create([row for row, _ in made], batch_size=BATCH)
    _store_around(register, made)


def _store_around(register: Register, made: Sequence[tuple[Record, Cleaned]]) -> None:
    tags = [Tag(record=row, tag=tag) for row, cleaned in made for tag in cleaned.tags]
    rolls = [
        one
        for row, cleaned in made
        if register.rolls and (cleaned.present is not None or cleaned.named is not None)
        for one in attendances(row, register, cleaned)
    ]
    sealed = [Sealed(record=row, content=seal_content(row, cleaned.sealed)) for row, cleaned in made if cleaned.sealed]
    signers = [Signature(record=row, person=one) for row, cleaned in made for one in cleaned.named or []]
    Tag.objects.bulk_create(tags, batch_size=BATCH)
    Attendance.objects.bulk_create(rolls, batch_size=BATCH)
    Sealed.objects.bulk_create(sealed, batch_size=BATCH)
    if register.signers:
        Signature.objects.bulk_create(signers, batch_size=BATCH)


def _in_row(number: int, refusal: Refusal) -> Refusal:
    return Refusal(
        code=refusal.code,
        reason=f"第{number}行：{refusal.reason}",
        article=refusal.article or KEPT,
        remedy=refusal.remedy,
    )
