"""Reading a filled workbook (读取填好的工作簿): row by row, in the memory of one row and the table of texts."""

from collections.abc import Iterator
from typing import Any, BinaryIO

import openpyxl

from yangguang.exchange.packages import refuse_package
from yangguang.exchange.rows import FORMULA, MOST_ROWS, Record, Refusable, broken_file, problem, read_records
from yangguang.exchange.sheets import ReadRow, Sheet

ERROR = Refusable("是Excel的错误值", "改正该格，或者清空")
STRANGE_COLUMNS = 20  # looked at beyond those of the sheet, so that a header too many is told


def read_workbook(*, sheet: Sheet, source: BinaryIO, most_rows: int = MOST_ROWS) -> Iterator[ReadRow]:
    """The rows of the sheet with the title, else of the first one; what is wrong is told in them and nothing is raised.

    `source` is a seekable binary file. Macros, embedded files, external links and files that unpack too large are
    refused whole, formulas cell by cell: their values are somebody's last calculation, not an entry.
    """
    refused = refuse_package(source)
    if refused:
        yield broken_file(problem(*refused))
        return
    try:
        yield from _read(sheet, source, most_rows)
    except Exception:  # noqa: BLE001 - a file made to harm lets openpyxl raise anything
        yield broken_file(problem("工作簿的内容已经损坏", "用Excel打开检查后另存为.xlsx"))


def _read(sheet: Sheet, source: BinaryIO, most_rows: int) -> Iterator[ReadRow]:
    workbook = openpyxl.load_workbook(source, read_only=True, keep_links=False)
    try:
        named = [one for one in workbook.worksheets if one.title == sheet.title]
        page = (named or workbook.worksheets)[0]
        page.reset_dimensions()  # what a file says of its own size may be wrong
        yield from read_records(sheet, _records(page, len(sheet.columns) + STRANGE_COLUMNS), most_rows=most_rows)
    finally:
        workbook.close()


def _records(page: Any, columns: int) -> Iterator[tuple[int, Record]]:
    for number, cells in enumerate(page.iter_rows(max_col=columns), start=1):
        yield number, [_raw(cell) for cell in cells]


def _raw(cell: Any) -> Any:
    if cell.data_type == "f":
        return FORMULA
    return ERROR if cell.data_type == "e" else cell.value
