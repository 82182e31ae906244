"""CSV files of a sheet: written as UTF-8 with a byte order mark, so that Excel shows Chinese; GB18030 is read too."""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from yangguang.exchange.cells import print_cell
from yangguang.exchange.rows import FORMULA, MOST_ROWS, Record, broken_file, header_of, problem, read_records
from yangguang.exchange.sheets import Kind, ReadRow, Row, Sheet

ENCODINGS = ("utf-8-sig", "gb18030")
PIECE = 1 << 20
LARGEST_FILE = 64 << 20
DANGEROUS = re.compile(r"'*[=+\-@\t\r]")  # what Excel takes for a formula at the beginning of a field
ESCAPED = re.compile(r"'+[=+\-@\t\r]")
TEXTS = {Kind.TEXT, Kind.CHOICE, Kind.PERSON, Kind.PERSONS}


def csv_lines(*, sheet: Sheet, rows: Iterable[Row]) -> Iterator[bytes]:
    """The file line by line, the header first; a text that Excel would take for a formula gets an apostrophe."""
    yield codecs.BOM_UTF8 + _line([header_of(column) for column in sheet.columns])
    for row in rows:
        yield _line([_field(print_cell(column, row.get(column.key)), column.kind) for column in sheet.columns])


def read_csv(*, sheet: Sheet, source: BinaryIO, most_rows: int = MOST_ROWS) -> Iterator[ReadRow]:
    """The rows of a CSV file, one at a time; what is wrong is told in them and nothing is raised.

    `source` is a seekable binary file. A row's number counts records, the header being 1, as Excel shows them.
    """
    encoding = _encoding(source)
    if encoding is None:
        yield broken_file(problem("既不是UTF-8也不是GB18030编码", "用Excel另存为“CSV UTF-8”"))
        return
    if source.tell() > LARGEST_FILE:
        yield broken_file(problem(f"大于{LARGEST_FILE >> 20}MB", "分成几个文件上传"))
        return
    source.seek(0)
    text = io.TextIOWrapper(source, encoding=encoding, newline="")
    try:
        yield from read_records(sheet, _records(text), most_rows=most_rows)
    except csv.Error:
        yield broken_file(problem("有一格太长，或者引号没有成对", "用Excel打开检查后另存"))
    finally:
        text.detach()


def _encoding(source: BinaryIO) -> str | None:
    """The first encoding in which the whole file can be read; leaves the file at its end."""
    for encoding in ENCODINGS:
        decoder = codecs.getincrementaldecoder(encoding)()
        source.seek(0)
        try:
            while piece := source.read(PIECE):
                decoder.decode(piece)
                if source.tell() > LARGEST_FILE:
                    return encoding
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return encoding
    return None


def _records(text: Iterable[str]) -> Iterator[tuple[int, Record]]:
    for number, record in enumerate(csv.reader(text, strict=True), start=1):
        yield number, [_raw(field) for field in record]


def _raw(field: str) -> object:
    if ESCAPED.match(field):
        return field[1:]
    return FORMULA if field.lstrip().startswith("=") else field


def _field(text: str, kind: Kind) -> str:
    return f"'{text}" if kind in TEXTS and DANGEROUS.match(text) else text


def _line(fields: list[str]) -> bytes:
    written = io.StringIO()
    csv.writer(written).writerow(fields)
    return written.getvalue().encode()
