"""Records out (导出): as a workbook, as CSV and as JSON, with names in the cells and never what is sealed."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from yangguang.exchange.csv_files import csv_lines
from yangguang.exchange.names import Names
from yangguang.exchange.registers import DERIVED, NUMBER, SEALED, export_sheet
from yangguang.exchange.sheets import Row
from yangguang.exchange.workbook_writing import workbook_bytes
from yangguang.ledger.catalogue import Field, FieldType, Register, register_named
from yangguang.ledger.models import Attendance, Record, Signature, Unit
from yangguang.parties.models import Person
from yangguang.rules.calendar import LEGAL_ZONE
from yangguang.rules.refusal import Refusal, Refused

MOST_IN_WORKBOOK = 1_000_000
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
    return FORMS[form](rows, unit=unit, register=register)


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
            **self._columns(record), **self._fields(record), **self._people(record), **_kept(record),
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


def _parent(record: Record) -> str:
    register = register_named(record.register)
    return f"{register.name if register else record.register}{record.year}-{record.number}"


def _kept(record: Record) -> dict[str, Any]:
    return {
        NUMBER: f"{record.year}-{record.number}", "kept_state": record.get_state_display(),
        "kept_closed": record.closed_on.isoformat() if record.closed_on else None,
        "kept_late": "补录" if record.is_late else None,
        "kept_entered": f"{record.entered_at.astimezone(LEGAL_ZONE):%Y-%m-%d %H:%M:%S}",
        "kept_origin": record.origin,
    }  # fmt: skip


VALUES: Mapping[FieldType, Callable[[Any], Any]] = {
    FieldType.NUMBER: Decimal, FieldType.MONEY: Decimal, FieldType.DATE: date.fromisoformat,
    FieldType.MOMENT: datetime.fromisoformat, FieldType.TEXTS: "\n".join,
}  # fmt: skip


def _workbook(rows: QuerySet[Record], *, unit: Unit, register: Register) -> Iterable[bytes]:
    if rows.count() > MOST_IN_WORKBOOK:
        raise Refused(
            Refusal(
                code="exchange.rows",
                reason=f"“{register.name}”超过{MOST_IN_WORKBOOK}条，一个工作簿放不下",
                article="平台规则：导出",
                remedy="请分期间导出，或者导出为CSV。",
            )
        )
    return [workbook_bytes(sheet=export_sheet(register), rows=export_rows(rows, unit=unit, register=register))]


def _csv(rows: QuerySet[Record], *, unit: Unit, register: Register) -> Iterable[bytes]:
    return csv_lines(sheet=export_sheet(register), rows=export_rows(rows, unit=unit, register=register))


def _json(rows: QuerySet[Record], *, unit: Unit, register: Register) -> Iterator[bytes]:
    """One object: register, unit, what the columns are called, and the records by the keys of the columns."""
    sheet = export_sheet(register)
    about = {
        "register": register.id, "name": register.name, "unit": unit.code, "unit_name": unit.name,
        "columns": {one.key: one.label for one in sheet.columns},
    }  # fmt: skip
    yield _text(about)[:-1].encode() + b', "records": ['
    comma = b"\n"
    for row in export_rows(rows, unit=unit, register=register):
        yield comma + _text({key: value for key, value in row.items() if value is not None}).encode()
        comma = b",\n"
    yield b"\n]}\n"


def _text(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, default=lambda one: getattr(one, "isoformat", lambda: str(one))())


FORMS: Mapping[str, Callable[..., Iterable[bytes]]] = {"xlsx": _workbook, "csv": _csv, "json": _json}
