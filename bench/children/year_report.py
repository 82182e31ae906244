"""A yearly report over one year of records and over ten: many branches, their events and their rolls."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection
from measuring import BENCH

from yangguang.ledger.acts.people import found_unit
from yangguang.ledger.models import Attendance, Post, Record, State, Tag, Unit
from yangguang.parties.models import Person

OPENED, LAST_YEAR = date(2010, 1, 1), 2025
BATCH = 5_000
# What a branch holds: register, kind and tag, by turns.
HELD = (
    ("meeting", "支部委员会", "廉政"), ("party_day", "主题党日", ""), ("study", "集中学习", "党的创新理论"),
    ("meeting", "支部党员大会", "学习"), ("study", "集中学习", "专题研讨"), ("meeting", "支部委员会", "意识形态"),
    ("study", "集中学习", ""), ("meeting", "党课", "学习"),
)  # fmt: skip


def measure(*, branches: int, events: int, people: int, years: int) -> dict[str, Any]:
    """The report of the last year for the committee above and for one branch, at one year of records and at all.

    `events` are those of a branch in a year, `people` those of a branch, all of whom are on each roll.
    """
    units = _units(branches)
    _people(units, people)
    found, started = {}, time.perf_counter()
    for made, year in enumerate(range(LAST_YEAR, LAST_YEAR - years, -1), start=1):
        _a_year(units, year, events)
        if made in {1, years}:
            _analyse()
            found[str(made)] = {"events": Record.objects.count(), "attendances": Attendance.objects.count()} | {
                name: _report(code) for name, code in (("committee", "top"), ("branch", "b1"))
            }
    return {"sizes": found, "built": time.perf_counter() - started}


def _report(code: str) -> dict[str, float]:
    """In a process of its own, so that its memory is that of the report."""
    command = [sys.executable, str(BENCH / "child.py"), "one_report", json.dumps({"unit": code, "year": LAST_YEAR})]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.strip().splitlines()[-1])


def _units(branches: int) -> list[Unit]:
    top = found_unit(code="top", name="示例市直机关党委", kind="committee", opened_on=OPENED)
    below = [
        Unit(
            stream=f"unit:b{one}", stage="keeping", code=f"b{one}", name=f"第{one}党支部", kind="branch",
            path=f"{top.path}b{one}/", opened_on=OPENED,
        )
        for one in range(1, branches + 1)
    ]  # fmt: skip
    for unit in below:  # a witnessed row has two tables, which no bulk insert writes
        unit.save()
    return below


def _people(units: list[Unit], count: int) -> None:
    people = Person.objects.bulk_create([Person(name=f"党员{one}") for one in range(len(units) * count)])
    posts = [
        Post(unit=unit, person=people[place * count + one], post="full", since=OPENED)
        for place, unit in enumerate(units)
        for one in range(count)
    ]
    Post.objects.bulk_create(posts, batch_size=BATCH)


def _a_year(units: list[Unit], year: int, events: int) -> None:
    """Events with tags, and everybody of the branch on each roll, two of them absent; the rolls are one statement."""
    before = Record.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    rows = [row for unit in units for row in _events(unit, year, events)]
    Record.objects.bulk_create(rows, batch_size=BATCH)
    tags = [Tag(record=row, tag=tag) for one, row in enumerate(rows) if (tag := HELD[one % events % len(HELD)][2])]
    Tag.objects.bulk_create(tags, batch_size=BATCH)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_attendance (record_id, person_id, is_due, is_present, is_voter, via, reason)"
            " SELECT r.id, p.person_id, %s, p.id %% 10 <> r.number %% 10, %s, 'roll', '' FROM ledger_record r"
            " JOIN ledger_post p ON p.unit_id = r.unit_id WHERE r.id > %s",
            [True, True, before],
        )


def _events(unit: Unit, year: int, count: int) -> Iterator[Record]:
    for one in range(count):
        register, kind, _ = HELD[one % len(HELD)]
        day = date(year, 1, 1) + timedelta(days=one * 365 // count)
        begins = datetime(day.year, day.month, day.day, 1, 0, tzinfo=UTC)
        yield Record(
            unit=unit, register=register, kind=kind, year=year, number=one + 1, title=f"{year}年第{one + 1}次{kind}",
            day=day, begins=begins, ends=begins + timedelta(hours=2), quantity=2, place="会议室", state=State.DONE,
            fields={"decisions": ["研究工作"], "titles": [f"学习篇目{one}"]}, entered_at=begins, entered_by="bench",
            closed_on=day, typed=6,
        )  # fmt: skip


def _analyse() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
