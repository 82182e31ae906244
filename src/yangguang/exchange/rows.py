"""Rows of a table that somebody filled in: headers matched with columns, cells read, every problem told."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from yangguang.exchange.cells import Unreadable, read_cell
from yangguang.exchange.sheets import Column, Problem, ReadRow, Sheet

MOST_ROWS = 50_000
MOST_EMPTY = 10_000
Record = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Refusable:
    """A cell whose content is not taken whatever it is: a formula, or an error that Excel shows."""

    what: str
    remedy: str


FORMULA = Refusable("是公式", "复制该列，选择性粘贴为“值”，再上传")


def read_records(sheet: Sheet, records: Iterable[tuple[int, Record]], *, most_rows: int) -> Iterator[ReadRow]:
    """Read numbered records, the first of which is the header; empty rows are passed over.

    Rows come one at a time, nothing is kept. Never raises for what a record holds.
    """
    numbered = iter(records)
    _, header = next(numbered, (0, ()))
    places, problems = _match(sheet, header)
    if problems:
        yield broken_file(*problems)
        return
    read = last = 0
    for number, record in numbered:
        if number - max(last, 1) > MOST_EMPTY:  # rows that a file only claims to have cost time as well
            yield broken_file(problem(f"第{max(last, 1)}行之后空行太多，其后没有读", "删去数据下方的空行"))
            return
        if all(_is_empty(raw) for raw in record):
            continue
        last, read = number, read + 1
        if read > most_rows:
            yield broken_file(problem(f"超过{most_rows}行，第{number}行起没有读", "分成几个文件上传"))
            return
        yield _read(sheet, places, number, record)


def problem(what: str, remedy: str) -> Problem:
    """A problem of the whole file."""
    return Problem(row=0, column="", what=what, remedy=remedy)


def broken_file(*problems: Problem) -> ReadRow:
    """The row that stands for a file which is not read, or not read further."""
    return ReadRow(number=0, values={}, problems=problems)


def header_of(column: Column) -> str:
    """The header of a column; an asterisk where it has to be filled in."""
    return f"{column.label}*" if column.required else column.label


def _match(sheet: Sheet, header: Record) -> tuple[dict[str, int], list[Problem]]:
    """Where each column stands, by key; columns may stand in any order, others than ours are told."""
    labels = [str(raw or "").strip().rstrip("*＊").strip() for raw in header]
    counts = Counter(label for label in labels if label)
    known = {column.label for column in sheet.columns}
    problems = [problem(f"表头“{label}”出现{n}次", "每列一个表头") for label, n in counts.items() if n > 1]
    strange = [label for label in counts if label not in known]
    if strange:
        problems.append(problem(f"不认识表头“{'、'.join(strange[:10])}”", "用下载的模板填写，不改表头"))
    absent = [column.label for column in sheet.columns if column.required and column.label not in counts]
    if absent:
        problems.append(problem(f"缺少必填的列“{'、'.join(absent)}”", "用下载的模板填写，表头在第一行"))
    if not counts and not absent:
        problems.append(problem("第一行没有表头", "用下载的模板填写，表头在第一行"))
    return {column.key: labels.index(column.label) for column in sheet.columns if column.label in counts}, problems


def _read(sheet: Sheet, places: dict[str, int], number: int, record: Record) -> ReadRow:
    values: dict[str, Any] = {}
    problems = []
    for column in sheet.columns:
        place = places.get(column.key, len(record))
        raw = record[place] if place < len(record) else None
        try:
            values[column.key] = _value(column, raw)
        except Unreadable as found:
            values[column.key] = None
            problems.append(Problem(row=number, column=column.label, what=found.what, remedy=found.remedy))
    return ReadRow(number=number, values=values, problems=tuple(problems))


def _value(column: Column, raw: Any) -> Any:
    if isinstance(raw, Refusable):
        raise Unreadable(raw.what, raw.remedy)
    value = read_cell(column, raw)
    if value in (None, ()) and column.required:
        raise Unreadable("没有填写", f"填写，{column.used_by}要用")
    return value


def _is_empty(raw: Any) -> bool:
    return raw is None or (isinstance(raw, str) and not raw.strip())
