"""Everything of a unit out (整体导出): one file a register and a table, the kept files, and a list of it all.

The page and the command line write the same files. Sealed content stands nowhere in them, and no ballot does.
"""

import zipfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import IO, Any

from yangguang.exchange import ledger_tables, report_tables
from yangguang.exchange.exporting import export_rows
from yangguang.exchange.registers import BY_SYSTEM, export_sheet
from yangguang.exchange.report_tables import PAPER, reports_of
from yangguang.exchange.sheets import Column, Kind, Row, Sheet
from yangguang.exchange.tables import AT_ONCE, People, Scope, path_of
from yangguang.exchange.writing import written
from yangguang.ledger.catalogue import catalogue
from yangguang.ledger.models import Attachment, Record
from yangguang.rules.calendar import LEGAL_ZONE
from yangguang.witness import evidence
from yangguang.witness.models import Evidence

TABLES = (*ledger_tables.TABLES, *report_tables.TABLES)
CHUNK = 1 << 20
LEFT_OUT = "没有导出：对导出人只公开合计，或者只公开与本人有关的"
MISSING = "没有导出：文件不在存储中，请核对备份"
UNKNOWN = "没有导出：目录中已没有这个台账，请恢复它的目录文件后再导出"


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """One file of the package: where it lies, what it is, its bytes piece by piece; `count` once they were taken."""

    path: str
    name: str
    pieces: Iterable[bytes]
    counter: "_Counter"

    @property
    def count(self) -> int:
        """How many rows were written so far."""
        return self.counter.count


def package_files(scope: Scope, *, form: str) -> Iterator[Packed]:
    """Every file of the package, one after the other; the bytes of each are to be taken before the next is asked for.

    Tables without rows make no file. The last file lists all of them, with what was left out and why. Raises `Refused`
    for a table that is too long for a workbook.
    """
    listed: list[Row] = []
    for packed in chain(_registers(scope, form), _tables(scope, form), _kept(scope, listed)):
        yield packed
        listed.append({"file": packed.path, "name": packed.name, "count": packed.count or None})
    listed += _left_out(scope)
    about = {"table": "contents", "name": CONTENTS.title, **_about(scope)}
    pieces = written(sheet=CONTENTS, rows=listed, form=form, about=about)
    yield Packed(path=f"contents.{form}", name=CONTENTS.title, pieces=pieces, counter=_Counter(listed))


def write_package(scope: Scope, *, form: str, at: datetime, into: IO[bytes]) -> None:
    """The package as one zip file. Raises `Refused` as `package_files` does, and OSError."""
    moment = at.astimezone(LEGAL_ZONE).timetuple()[:6]
    with zipfile.ZipFile(into, "w", compression=zipfile.ZIP_DEFLATED) as package:
        for packed in package_files(scope, form=form):
            entry = zipfile.ZipInfo(packed.path, date_time=moment)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            with package.open(entry, "w", force_zip64=True) as file:
                for piece in packed.pieces:
                    file.write(piece)


class _Counter:
    """Rows that are counted as they pass."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.rows, self.count = rows, 0

    def __iter__(self) -> Iterator[Row]:
        for row in self.rows:
            self.count += 1
            yield row


def _registers(scope: Scope, form: str) -> Iterator[Packed]:
    held = set(scope.records().values_list("register", flat=True).distinct())
    for register in scope.registers:
        if register.id not in held:
            continue
        rows = scope.records().filter(register=register.id).order_by("day", "pk")
        counter = _Counter(export_rows(rows, unit=scope.unit, register=register))
        about = {"register": register.id, "name": register.name, **_about(scope)}
        pieces = written(sheet=export_sheet(register), rows=counter, form=form, about=about)
        yield Packed(path=f"registers/{register.id}.{form}", name=register.name, pieces=pieces, counter=counter)


def _tables(scope: Scope, form: str) -> Iterator[Packed]:
    people = People(scope.unit)
    for table in TABLES:
        with closing(table.told(scope, people)) as rows:  # a refusal half way leaves no open cursor
            first = next(rows, None)
            if first is None:
                continue
            counter = _Counter(chain([first], rows))
            about = {"table": table.id, "name": table.name, **_about(scope)}
            pieces = written(sheet=table.sheet, rows=counter, form=form, about=about)
            yield Packed(path=f"{table.id}.{form}", name=table.name, pieces=pieces, counter=counter)


def _kept(scope: Scope, listed: list[Row]) -> Iterator[Packed]:
    """Each kept file once; one that is not there is told in the list."""
    written_already: set[str] = set()
    for name, kept in _evidence(scope):
        path = path_of(kept, name=name)
        if path in written_already:
            continue
        written_already.add(path)
        if not evidence.path_of(kept.sha256).is_file():
            listed.append({"file": path, "name": name, "note": MISSING})
            continue
        yield Packed(path=path, name=name, pieces=_bytes_of(kept), counter=_Counter(()))


def _evidence(scope: Scope) -> Iterator[tuple[str, Evidence]]:
    files = Attachment.objects.filter(record__in=scope.records()).select_related("evidence").order_by("pk")
    for one in files.iterator(chunk_size=AT_ONCE):
        yield one.name, one.evidence
    for report in reports_of(scope):
        if report.paper is not None:
            yield PAPER, report.paper


def _bytes_of(kept: Evidence) -> Iterator[bytes]:
    with evidence.path_of(kept.sha256).open("rb") as file:
        while piece := file.read(CHUNK):
            yield piece


def _left_out(scope: Scope) -> Iterator[Row]:
    """What the unit keeps and the package has not: registers that are not for the exporter, and unknown ones."""
    taken, known = {one.id for one in scope.registers}, catalogue()
    kind = scope.unit.get_kind_display()
    for one in known.values():
        if one.id not in taken and (not one.unit_kinds or kind in one.unit_kinds):
            yield {"name": one.name, "note": LEFT_OUT}
    held = Record.objects.filter(unit=scope.unit).exclude(register__in=known)
    for name in sorted(set(held.values_list("register", flat=True))):
        yield {"name": name, "note": UNKNOWN}


def _about(scope: Scope) -> dict[str, Any]:
    return {"unit": scope.unit.code, "unit_name": scope.unit.name}


def _column(key: str, label: str, kind: Kind = Kind.TEXT) -> Column:
    used_by, why = BY_SYSTEM
    return Column(key=key, label=label, kind=kind, used_by=used_by, why_typed=why)


CONTENTS = Sheet(
    title="目录", columns=(
        _column("file", "文件"), _column("name", "名称"), _column("count", "条数", Kind.INTEGER),
        _column("note", "说明"),
    ),
)  # fmt: skip
