"""Records out (导出): as a workbook, as CSV and as JSON, with names in the cells and never what is sealed."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from yangguang.exchange.names import Names
from yangguang.exchange.registers import DERIVED, NUMBER, SEALED, export_sheet
from yangguang.exchange.sheets import Row
from yangguang.exchange.writing import written
from yangguang.ledger.catalogue import Field, FieldType, Register, register_named
from yangguang.ledger.models import Attendance, Record, Signature, Unit
from yangguang.parties.models import Person
from yangguang.rules.calendar import LEGAL_ZONE

AT_ONCE = 1_000
A_NUMBER = re.compile(r"([0-9]{4})-([0-9]{1,9})")
PEOPLE = {"chair", "recorder", "owner"}


def records_of(
    unit: Unit, register: Register, *, first: date | None = None, last: date | None = None
) -> QuerySet[Record]:
    """The records of a register in a unit between two days (both included), oldest first.

    Whoever may not see all of them is given others: `export_records` takes what its caller may see.
    """
    rows = Record.objects.filter(unit=unit, register=register.id)
    rows = rows.filter(day__gte=first) if first else rows
    return (rows.filter(day__lte=last) if last else rows).order_by("day", "pk")


def export_records(rows: QuerySet[Record], *, unit: Unit, register: Register, form: str) -> Iterable[bytes]:
    """The records as a file, piece by piece; `form` is `xlsx`, `csv` or `json`.

    Sealed content is marked 密封 and never written. Raises `Refused` for more rows than a workbook holds.
    """
    about = {"register": register.id, "name": register.name, "unit": unit.code, "unit_name": unit.name}
    records = export_rows(rows, unit=unit, register=register)
    return written(sheet=export_sheet(register), rows=records, form=form, about=about)


def stored_rows(unit: Unit, register: Register, *, numbers: Sequence[str]) -> Mapping[str, Row]:
    """Stored records as an export shows them, by number (2026-3)."""
    wanted = [(int(found[1]), int(found[2])) for one in numbers if (found := A_NUMBER.fullmatch(one))]
    years = {year for year, _ in wanted}
    if not years:
        return {}
    held = Record.objects.filter(unit=unit, register=register.id, year__in=years)
    if len(wanted) < AT_ONCE:
        held = held.filter(number__in={number for _, number in wanted})
    return {row[NUMBER]: row for row in export_rows(held, unit=unit, register=register)}


def export_rows(rows: QuerySet[Record], *, unit: Unit, register: Register) -> Iterator[dict[str, Any]]:
    """One row a record with the values of `export_sheet`, in the order of the query."""
    along = ("chair", "recorder", "owner", "parent")
    around = ("tags", "attendances__person", "signatures__person")
    known, names = rows.select_related(*along).prefetch_related(*around), Names(unit)
    row_of = _Exported(register, names, {one.key for one in export_sheet(register).columns}).row
    for record in known.iterator(chunk_size=AT_ONCE):
        yield row_of(record)


class _Exported:
    """Turns records of one register into rows."""

    def __init__(self, register: Register, names: Names, columns: set[str]) -> None:
        self.register, self.names, self.columns = register, names, columns
        self.others: dict[str, Person] = {}

    def row(self, record: Record) -> dict[str, Any]:
        found = {
            "kind": record.kind or None, "title": record.title, "day": record.day,
            "tags": "、".join(sorted(one.tag for one in record.tags.all())) or None,
            **self._columns(record), **self._fields(record), **self._people(record), **self._kept(record),
        }  # fmt: skip
        return {key: value for key, value in found.items() if key in self.columns}

    def _columns(self, record: Record) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key in (*self.register.columns, *self.register.derives):
            value = getattr(record, key)
            if key in PEOPLE and value is not None:
                value = self.names.name_of(value)
            elif key == "parent" and value is not None:
                value = _parent(value)
            found[key if key in self.register.columns else f"{DERIVED}{key}"] = None if value == "" else value
        return found

    def _fields(self, record: Record) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for one in self.register.fields:
            if one.sealed:
                found[f"{SEALED}{one.key}"] = "密封"
            else:
                key = f"{DERIVED}{one.key}" if one.derived else one.key
                found[key] = self._value(one, record.fields.get(one.key))
        return found

    def _value(self, one: Field, value: Any) -> Any:
        if value is None or value in ("", []):
            return None
        match one.type:
            case FieldType.PERSON:
                return self._names([value])[0]
            case FieldType.PERSONS:
                return self._names(value)
            case _:
                return VALUES.get(one.type, lambda kept: kept)(value)

    def _names(self, marks: Sequence[str]) -> tuple[str, ...]:
        strange = [one for one in marks if one not in self.names.people and one not in self.others]
        if strange:
            self.others |= {one.mark: one for one in Person.objects.filter(mark__in=strange)}
        return self.names.names_of(marks, self.others)

    def _people(self, record: Record) -> dict[str, Any]:
        roll = sorted(record.attendances.all(), key=lambda one: one.person_id)
        present = self._told(one for one in roll if one.is_present)
        reasons = [f"{self.names.name_of(one.person)}：{one.reason}" for one in roll if one.reason]
        found: dict[str, Any] = {"present": present, "absent": "；".join(reasons) or None}
        if self.register.signers == "named":
            found["named"] = self._told(sorted(record.signatures.all(), key=lambda one: one.person_id))
        elif self.register.roll_for(record.kind) == "named":
            due = self._told(one for one in roll if one.is_due)
            found["named"] = None if due == present else due
        return found

    def _told(self, rows: Iterable[Attendance | Signature]) -> tuple[str, ...] | None:
        return tuple(self.names.name_of(one.person) for one in rows) or None

    def _kept(self, record: Record) -> dict[str, Any]:
        return {
            NUMBER: number_of(record), "kept_state": record.get_state_display(),
            "kept_closed": record.closed_on.isoformat() if record.closed_on else None,
            "kept_result": None if self.register.field("result") else record.fields.get("result"),
            "kept_reason": record.reason or None,
            "kept_late": "补录" if record.is_late else None,
            "kept_entered": f"{record.entered_at.astimezone(LEGAL_ZONE):%Y-%m-%d %H:%M:%S}",
            "kept_by": self._names([record.entered_by])[0], "kept_origin": record.origin,
            "kept_entry": str(record.entry) if record.entry else None,
        }  # fmt: skip


def number_of(record: Record) -> str:
    """编号 as people read it: 2026-3."""
    return f"{record.year}-{record.number}"


def _parent(record: Record) -> str:
    register = register_named(record.register)
    return f"{register.name if register else record.register}{number_of(record)}"


VALUES: Mapping[FieldType, Callable[[Any], Any]] = {
    FieldType.NUMBER: Decimal, FieldType.MONEY: Decimal, FieldType.DATE: date.fromisoformat,
    FieldType.MOMENT: datetime.fromisoformat, FieldType.TEXTS: "\n".join,
}  # fmt: skip
