"""One table as a file (导出的一个文件), piece by piece: a workbook, CSV or JSON."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from yangguang.exchange.csv_files import csv_lines
from yangguang.exchange.sheets import Row, Sheet
from yangguang.exchange.workbook_writing import workbook_bytes
from yangguang.rules.refusal import Refusal, Refused

MOST_IN_WORKBOOK = 1_000_000


def written(*, sheet: Sheet, rows: Iterable[Row], form: str, about: Mapping[str, Any]) -> Iterable[bytes]:
    """The rows as a file; `form` is `xlsx`, `csv` or `json`, `about` is what the JSON file says before its records.

    Raises `Refused` for more rows than a workbook holds, at the row that is too much.
    """
    return FORMS[form](sheet, rows, about)


def _workbook(sheet: Sheet, rows: Iterable[Row], _: Mapping[str, Any]) -> list[bytes]:
    return [workbook_bytes(sheet=sheet, rows=_limited(sheet, rows))]


def _csv(sheet: Sheet, rows: Iterable[Row], _: Mapping[str, Any]) -> Iterator[bytes]:
    return csv_lines(sheet=sheet, rows=rows)


def _json(sheet: Sheet, rows: Iterable[Row], about: Mapping[str, Any]) -> Iterator[bytes]:
    """One object: what it is about, what the columns are called, and the records by the keys of the columns."""
    head = {**about, "columns": {one.key: one.label for one in sheet.columns}}
    yield _text(head)[:-1].encode() + b', "records": ['
    comma = b"\n"
    for row in rows:
        yield comma + _text({key: value for key, value in row.items() if value is not None}).encode()
        comma = b",\n"
    yield b"\n]}\n"


def _limited(sheet: Sheet, rows: Iterable[Row]) -> Iterator[Row]:
    for number, row in enumerate(rows, start=1):
        if number > MOST_IN_WORKBOOK:
            raise Refused(
                Refusal(
                    code="exchange.rows",
                    reason=f"“{sheet.title}”超过{MOST_IN_WORKBOOK}条，一个工作簿放不下",
                    article="平台规则：导出",
                    remedy="请分期间导出，或者导出为CSV。",
                )
            )
        yield row


def _text(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, default=lambda one: getattr(one, "isoformat", lambda: str(one))())


FORMS: Mapping[str, Callable[[Sheet, Iterable[Row], Mapping[str, Any]], Iterable[bytes]]] = {
    "xlsx": _workbook, "csv": _csv, "json": _json,
}  # fmt: skip
