"""Records in (导入): a filled template becomes records, all of its rows or none, and never the same row twice."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from yangguang.exchange.csv_files import read_csv
from yangguang.exchange.filled_rows import MOST_PROBLEMS, Filled, rows_of
from yangguang.exchange.registers import export_sheet
from yangguang.exchange.sheets import Problem, ReadRow, Sheet
from yangguang.exchange.workbook_reading import read_workbook
from yangguang.ledger.acts import import_records
from yangguang.ledger.acts.importing import Imported, try_import
from yangguang.ledger.catalogue import Register
from yangguang.ledger.guards import refuse_other_writers, register_or_refuse
from yangguang.ledger.models import Unit
from yangguang.rules.refusal import Refusal, Refused
from yangguang.witness import evidence
from yangguang.witness.actor import Actor
from yangguang.witness.models import Evidence

RULE = "平台规则：导入全部成功或者全部不改"
CSV, WORKBOOK = "text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a file would do: new records, rows that stand already, rows the file has twice, what is wrong.

    `alike` are rows that look like a record which stands (row, number): they would be added. Nothing has changed.
    """

    new: int
    known: int
    doubled: int
    problems: Sequence[Problem] = ()
    alike: Sequence[tuple[int, str]] = ()


def preview_file(unit: Unit, *, actor: Actor, at: datetime, register: Register, source: BinaryIO, name: str) -> Preview:
    """What importing a file (`name` tells .csv from .xlsx) would do. Raises `Refused` for whoever may not write."""
    taken = _read(unit, actor, register, source, name)
    tried = try_import(unit, actor=actor, at=at, register=register.id, rows=taken.values, numbers=taken.numbers)
    problems = sorted([*taken.problems, *_problems(register, tried)], key=lambda one: one.row)[:MOST_PROBLEMS]
    doubled = 0 if problems else len(taken.values) - tried.new - tried.known
    return Preview(
        new=0 if problems else tried.new, known=taken.known + tried.known, doubled=doubled, problems=problems,
        alike=() if problems else tried.alike,
    )  # fmt: skip


def import_file(unit: Unit, *, actor: Actor, at: datetime, register: Register, source: BinaryIO, name: str) -> Imported:
    """导入: every row of the file or none. Raises `Refused` with row, column and remedy of everything that is wrong.

    The file itself is kept as evidence of what was imported.
    """
    taken = _read(unit, actor, register, source, name)
    if taken.problems:
        raise Refused(*map(_refusal, taken.problems))
    file = keep_file(source, name=name)
    done = import_records(
        unit, actor=actor, at=at, register=register.id, rows=taken.values, numbers=taken.numbers, file=file
    )
    return Imported(new=done.new, known=done.known + taken.known)


def keep_file(source: BinaryIO, *, name: str) -> Evidence:
    """Keep an imported file as evidence of what was imported."""
    source.seek(0)
    return evidence.keep(source.read(), media_type=CSV if _is_csv(name) else WORKBOOK)


def read_file(*, sheet: Sheet, source: BinaryIO, name: str) -> Iterable[ReadRow]:
    """The rows of a workbook or a CSV file, by the ending of its name."""
    return (read_csv if _is_csv(name) else read_workbook)(sheet=sheet, source=source)


def _read(unit: Unit, actor: Actor, register: Register, source: BinaryIO, name: str) -> Filled:
    """What the file says, told to nobody who may not write: the problems name people."""
    refuse_other_writers(unit, register_or_refuse(unit, register.id), actor)
    return rows_of(unit, register, read_file(sheet=export_sheet(register), source=source, name=name))


def _is_csv(name: str) -> bool:
    return name.lower().endswith(".csv")


def _problems(register: Register, tried: Imported) -> list[Problem]:
    """The ledger's refusals at the row and under the header that the file has."""
    labels = {f"record.{one.key}": one.label for one in export_sheet(register).columns}
    return [
        Problem(
            row=number, column=(label := labels.get(one.code, "")),
            what=one.reason.removeprefix(f"“{label}”"), remedy=one.remedy.rstrip("。"),
        )
        for number, one in tried.wrong
    ]  # fmt: skip


def _refusal(one: Problem) -> Refusal:
    column = f"“{one.column}”" if one.column else ""
    place = f"第{one.row}行：" if one.row else "文件："
    return Refusal(code="import.row", reason=f"{place}{column}{one.what}", article=RULE, remedy=f"{one.remedy}。")
