"""Many meetings with their rolls imported into a register, against the same rows inserted bare."""

import io
import resource
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection, transaction

from yangguang.exchange import csv_lines, read_workbook, workbook_bytes
from yangguang.exchange.importing import import_file
from yangguang.exchange.registers import sheet_of
from yangguang.ledger.acts.people import found_unit
from yangguang.ledger.catalogue import catalogue
from yangguang.ledger.models import Attendance, Post, Record
from yangguang.ledger.people import with_posts
from yangguang.parties.models import Person
from yangguang.witness.actor import Actor

FIRST, YEARS = date(2016, 1, 1), 10
AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
PAYLOAD = "x" * 600  # about what a record weighs


def measure(*, rows: int, few: int, people: int) -> dict[str, Any]:
    """Seconds to import a CSV file, to do it again, to insert as many rows bare, and to read `few` of a workbook."""
    unit = found_unit(code="zb", name="示例支部", kind="branch", opened_on=date(2010, 1, 1))
    names = [f"党员{number}" for number in range(people)]
    members = Person.objects.bulk_create([Person(name=name) for name in names])
    posts = [Post(unit=unit, person=one, post="full", since=FIRST) for one in members]
    Post.objects.bulk_create([*posts, Post(unit=unit, person=members[0], post="secretary", since=FIRST)])
    register = catalogue()["meeting"]
    sheet = sheet_of(register)
    file = b"".join(csv_lines(sheet=sheet, rows=_meetings(rows, names)))
    book = workbook_bytes(sheet=sheet, rows=_meetings(few, names))
    actor = with_posts(Actor(person=members[0].mark), person=members[0], at=AT)
    given = {"actor": actor, "at": AT, "register": register, "name": "会议.csv"}
    found = {
        "import": _timed(lambda: import_file(unit, source=io.BytesIO(file), **given)),
        "again": _timed(lambda: import_file(unit, source=io.BytesIO(file), **given)),
        "book": _timed(lambda: list(read_workbook(sheet=sheet, source=io.BytesIO(book)))),
    }
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    assert Record.objects.count() == rows
    attendances = Attendance.objects.count()
    return {**found, "peak": peak, "attendances": attendances, "bare": _timed(lambda: _bare(rows, attendances // rows))}


def _meetings(rows: int, names: list[str]) -> Iterator[dict[str, Any]]:
    days = 365 * YEARS
    for number in range(rows):
        day = FIRST + timedelta(days=number % days)
        yield {
            "kind": "党课", "day": day, "place": f"第{number // days}会议室", "chair": names[0],
            "agenda": f"学习第{number}号材料", "tags": "学习、廉政", "present": tuple(names[number % 3 :]),
        }  # fmt: skip


def _bare(rows: int, roll: int) -> None:
    """The same number of rows, wide and narrow, each table with its keys, in one durable transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE bare_records (id BIGINT PRIMARY KEY, unit BIGINT, day DATE, payload TEXT, digest VARCHAR(64),"
            " UNIQUE (unit, digest))"
        )
        cursor.execute(
            "CREATE TABLE bare_rolls (id BIGINT PRIMARY KEY, record BIGINT, person BIGINT, due BOOLEAN,"
            " present BOOLEAN, UNIQUE (record, person))"
        )
        with transaction.atomic():
            wide = ((one, 1, FIRST.isoformat(), PAYLOAD, f"{one:064x}") for one in range(rows))
            cursor.executemany("INSERT INTO bare_records VALUES (%s, %s, %s, %s, %s)", list(wide))
            narrow = ((one * roll + person, one, person, True, True) for one in range(rows) for person in range(roll))
            cursor.executemany("INSERT INTO bare_rolls VALUES (%s, %s, %s, %s, %s)", list(narrow))


def _timed(work: Any) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
