"""From rows that were read to what the ledger takes (填好的行): names become marks, every problem is told."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from yangguang.exchange.cells import SEPARATORS, Unreadable
from yangguang.exchange.exporting import stored_rows
from yangguang.exchange.names import Names
from yangguang.exchange.registers import EVERYBODY, NUMBER, export_sheet, is_kept, sheet_of
from yangguang.exchange.sheets import Kind, Problem, ReadRow, Row
from yangguang.ledger.catalogue import FieldType, Register, catalogue
from yangguang.ledger.models import Record, Unit
from yangguang.ledger.people import roll_of
from yangguang.ledger.remembering import remembering

MOST_PROBLEMS = 200
REASONS = re.compile(r"[；;\n]+")
PARENT = re.compile(r"(.*?)\s*(\d{4})-(\d+)号?")
AGAIN = "核对后重新填写"


@dataclass(slots=True, kw_only=True)
class Filled:
    """What a file says: the values of its new rows, their numbers in it, how many stand already, what is wrong."""

    values: list[Mapping[str, Any]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    known: int = 0
    problems: list[Problem] = field(default_factory=list)


def rows_of(unit: Unit, register: Register, read: Iterable[ReadRow]) -> Filled:
    """The rows of a file as `import_records` takes them, and every problem with row, column and remedy.

    `read` are rows of `export_sheet(register)`, whose columns a template has too. A row with a number is one that was
    exported: it is left alone as long as it says what stands, and a problem when it does not.
    """
    rows = list(read)
    with remembering():
        return _Reading(unit, register, rows).filled()


class _Reading:
    """Reads the rows of one file."""

    def __init__(self, unit: Unit, register: Register, rows: Sequence[ReadRow]) -> None:
        self.unit, self.register, self.rows = unit, register, rows
        self.names, self.taken = Names(unit), Filled()
        self.columns = {one.key: one for one in export_sheet(register).columns}
        self.typed = sheet_of(register).columns
        texts = {one.key for one in register.asked if one.type is FieldType.TEXTS}
        self.readers: dict[str, Callable[[_Reading, Any, Row], Any]] = {
            one.key: reader for one in self.typed if (reader := READERS.get(one.key) or KIND_READERS.get(one.kind))
        } | dict.fromkeys(texts, _lines)
        self.parents = _parents(unit, register, rows)

    def filled(self) -> Filled:
        numbers = [str(one.values.get(NUMBER) or "") for one in self.rows]
        standing = stored_rows(self.unit, self.register, numbers=numbers)
        for row in self.rows:
            self.taken.problems += row.problems
            number = row.values.get(NUMBER)
            if number:
                self._compare(row, standing.get(str(number)))
            elif row.number and not row.problems:
                self._take(row)
            if len(self.taken.problems) >= MOST_PROBLEMS:
                break
        return self.taken

    def _compare(self, row: ReadRow, stands: Row | None) -> None:
        if stands is None:
            self._tell(row, NUMBER, f"本单位的这个台账没有编号{row.values[NUMBER]}", "新的记录不填编号和由系统得出的列")
            return
        changed = [one for one in self.typed if not _same(row.values.get(one.key), stands.get(one.key))]
        for one in changed:
            self._tell(row, one.key, f"与编号{row.values[NUMBER]}已登记的不同", "导入不改已登记的记录，请在页面上更正")
        self.taken.known += not changed

    def _take(self, row: ReadRow) -> None:
        before = len(self.taken.problems)
        values: dict[str, Any] = {}
        for key, value in row.values.items():
            if value in (None, ()):
                continue
            if is_kept(key):
                self._tell(row, key, "由系统得出，不能填写", "清空这一列")
                continue
            try:
                reader = self.readers.get(key)
                values[key] = reader(self, value, row.values) if reader else value
            except Unreadable as wrong:
                self._tell(row, key, wrong.what, wrong.remedy)
        if len(self.taken.problems) == before:
            self.taken.values.append(values)
            self.taken.numbers.append(row.number)

    def _tell(self, row: ReadRow, key: str, what: str, remedy: str) -> None:
        label = self.columns[key].label
        self.taken.problems.append(Problem(row=row.number, column=label, what=what, remedy=remedy))

    def person(self, name: str, _: Row) -> str:
        return self.names.mark_of(name)

    def persons(self, names: Sequence[str], _: Row) -> list[str]:
        return [self.names.mark_of(name) for name in names]

    def present(self, names: Sequence[str], row: Row) -> list[str]:
        """Who came; 全体 is the roll of the day without those who are given as absent."""
        if tuple(names) != (EVERYBODY,):
            return self.persons(names, row)
        roll = self._roll_of(row)
        if roll in {"", "named"}:
            raise Unreadable(f"这种记录没有名册可以得出“{EVERYBODY}”", "填到会人员的姓名")
        away = {name for name, _ in _reasons(row.get("absent") or "")}
        gone = {self.names.mark_of(name) for name in away}
        return [one.mark for one in roll_of(self.unit, roll=roll, day=row["day"]) if one.mark not in gone]

    def absent(self, text: str, _: Row) -> dict[str, str]:
        return {self.names.mark_of(name): reason for name, reason in _reasons(text)}

    def named(self, names: Sequence[str], row: Row) -> list[str]:
        if self._roll_of(row) != "named" and self.register.signers != "named":
            raise Unreadable("这种记录的应到人员由名册得出，不能填写", "清空这一格")
        return self.persons(names, row)

    def parent(self, text: str, _: Row) -> int:
        if text not in self.parents:
            raise Unreadable(f"没有“{text}”这条记录", "填台账名称和编号，例如“三会一课2026-3”；没有登记的先登记")
        return self.parents[text]

    def _roll_of(self, row: Row) -> str:
        kinds = self.register.kinds
        return self.register.roll_for(row.get("kind") or (kinds[0] if len(kinds) == 1 else ""))


def _tags(_: _Reading, text: str, __: Row) -> list[str]:
    return [one.strip() for one in SEPARATORS.split(text) if one.strip()]


def _lines(_: _Reading, text: str, __: Row) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


def _number(_: _Reading, value: Decimal, __: Row) -> str:
    """The same text for the same number, whether a workbook or a CSV file brings it."""
    return f"{value.normalize():f}"


def _moment(_: _Reading, value: date, __: Row) -> str:
    return value.isoformat()


READERS: Mapping[str, Callable[[_Reading, Any, Row], Any]] = {
    "present": _Reading.present, "absent": _Reading.absent, "named": _Reading.named, "parent": _Reading.parent,
    "tags": _tags,
}  # fmt: skip
KIND_READERS: Mapping[Kind, Callable[[_Reading, Any, Row], Any]] = {
    Kind.PERSON: _Reading.person, Kind.PERSONS: _Reading.persons, Kind.DECIMAL: _number,
    Kind.DATE: _moment, Kind.MOMENT: _moment,
}  # fmt: skip


def _reasons(text: str) -> Iterator[tuple[str, str]]:
    """甲某：出差；乙某：病假."""
    for part in REASONS.split(text):
        name, _, reason = part.replace(":", "：").partition("：")
        if name.strip():
            yield name.strip(), reason.strip()


def _parents(unit: Unit, register: Register, rows: Sequence[ReadRow]) -> dict[str, int]:
    """The records that the cells of a file name as parents, by the text of the cell; one query."""
    said = {str(row.values.get("parent") or "") for row in rows} - {""}
    parts = {text: found.groups() for text in said if (found := PARENT.fullmatch(text))}
    if not parts:
        return {}
    by_name = {one.name: one.id for one in catalogue().values()}
    wanted = {
        text: (by_name.get(name) or register.parent, int(year), int(number))
        for text, (name, year, number) in parts.items()
    }
    held = Record.objects.filter(
        unit__code__in=[unit.code, *unit.above],
        register__in={one for one, _, _ in wanted.values()},
        year__in={year for _, year, _ in wanted.values()},
    ).order_by("unit__path")
    ids = {(one, year, number): pk for pk, one, year, number in held.values_list("pk", "register", "year", "number")}
    return {text: ids[key] for text, key in wanted.items() if key in ids}


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return one == other.replace("\r", "").strip()
    if isinstance(one, Decimal) or isinstance(other, Decimal):
        return one is not None and other is not None and Decimal(one) == Decimal(other)
    return (one or None) == (other or None)
