"""Playing the year (演示年度的过程): the lines of the tables become acts of the ledger, in the order of time.

What happened within ten days is imported together, so that nothing is late; letters, matters and tasks are signed,
answered and closed on their own days.
"""

import csv
import io
from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby

from yangguang.demo.year.people import INSPECTOR, Centre, moment
from yangguang.demo.year.tables import Line, find
from yangguang.ledger.acts import close_record, enter_record, import_records, link_records, send_letter, sign_record
from yangguang.ledger.acts.importing import row_key
from yangguang.ledger.catalogue import register_named
from yangguang.ledger.models import Record
from yangguang.ledger.roles import LedgerRole
from yangguang.rules.calendar import NATIONAL_CALENDAR
from yangguang.witness import evidence
from yangguang.witness.models import Evidence

DAYS = 10
SIGNED_A_DAY = 12


@dataclass(order=True, frozen=True, slots=True)
class Step:
    """Something that happens at a moment."""

    at: datetime
    order: int
    perform: Callable[[datetime], object] = field(compare=False)


def steps_of(centre: Centre, lines: Sequence[Line]) -> Iterator[Step]:
    """The acts that the lines ask for: entered together, then signed, closed and proved one by one."""
    ordered = sorted(lines, key=_batch_key)
    for (_, _, depth, at, *_), batch in groupby(ordered, key=_batch_key):
        yield from _batch_steps(centre, list(batch), at, depth)


def play(steps: Iterable[Step]) -> datetime:
    """Perform the steps in the order of time; returns the moment of the last."""
    ordered = sorted(steps)
    for step in ordered:
        step.perform(step.at)
    return ordered[-1].at


def _batch_key(line: Line) -> tuple[str, str, int, datetime, int]:
    """What is entered together: a register's lines of one unit and ten days; what people sign stands by itself."""
    alone = line.number if line.register.signers else 0
    return line.register.id, line.unit, _depth(line), moment(_entered_on(line), "17:00"), alone


def _entered_on(line: Line) -> date:
    """The last working day of the ten days, so that nothing is late unless the line says when it was entered."""
    if line.get("entered"):
        return line.on("entered")
    part = min((line.day.day - 1) // DAYS, 2)
    last = line.day.replace(day=(part + 1) * DAYS) if part < 2 else _month_end(line.day)  # noqa: PLR2004 - of three
    days = (last - timedelta(days=back) for back in range((last - line.day).days))
    return next((day for day in days if NATIONAL_CALENDAR.is_working_day(day)), line.day)


def _month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def _depth(line: Line) -> int:
    """How many others it stands below; they are entered first."""
    if not line.get("parent"):
        return 0
    above = register_named(line.get("parent").rpartition("|")[0] or line.register.parent)
    depth = 1
    while above is not None and above.parent and above.parent != above.id:
        above, depth = register_named(above.parent), depth + 1
    return depth


def _batch_steps(centre: Centre, batch: list[Line], at: datetime, depth: int) -> Iterator[Step]:
    keys: dict[int, str] = {}
    yield Step(at, depth, lambda at: _enter(centre, batch, keys, at))
    for line in batch:
        if line.register.signers:
            yield from _signing(centre, line, keys, after=at.date())
        if line.get("sent"):
            yield Step(moment(line.on("sent"), "16:00"), 0, _sending(centre, line, keys))
        if line.get("close"):
            yield Step(max(moment(line.on("close"), "17:30"), at), depth + 1, _closing(centre, line, keys))


def _writer(centre: Centre, line: Line) -> str:
    return centre.keepers[line.unit] if LedgerRole.KEEPER in line.register.write else INSPECTOR


def _enter(centre: Centre, batch: list[Line], keys: dict[int, str], at: datetime) -> None:
    unit, register = centre.units[batch[0].unit], batch[0].register
    actor = centre.actor(_writer(centre, batch[0]), at=at)
    values = [line.values(centre) for line in batch]
    if register.signers:
        made = enter_record(unit, actor=actor, at=at, register=register.id, values=values[0])
        keys[batch[0].number] = f"{made.pk}"
        return
    keys.update({line.number: row_key(one) for line, one in zip(batch, values, strict=True)})
    import_records(unit, actor=actor, at=at, register=register.id, rows=values, file=_file(batch))


def _file(batch: Sequence[Line]) -> Evidence:
    """The sheet that the rows came from."""
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(batch[0].said))
    writer.writeheader()
    writer.writerows(line.said for line in batch)
    return evidence.keep(text.getvalue().encode(), media_type="text/csv")


def _record(centre: Centre, line: Line, keys: dict[int, str]) -> Record:
    key = keys[line.number]
    same = Record.objects.filter(unit=centre.units[line.unit], register=line.register.id)
    return same.get(pk=int(key)) if line.register.signers else same.get(key=key)


def _closing(centre: Centre, line: Line, keys: dict[int, str]) -> Callable[[datetime], object]:
    def close(at: datetime) -> object:
        unit, record = centre.units[line.unit], _record(centre, line, keys)
        actor = centre.actor(_writer(centre, line), at=at)
        if line.get("evidence"):
            register, _, title = line.get("evidence").partition("|")
            target = find(register, title, unit=unit)
            return link_records(unit, actor=actor, at=at, record=record.pk, kind="evidence", target=target.pk)
        return close_record(
            unit, actor=actor, at=at, record=record.pk, on=line.on("close"), result=line.get("result") or "已办结"
        )

    return close


def _sending(centre: Centre, line: Line, keys: dict[int, str]) -> Callable[[datetime], object]:
    def send(at: datetime) -> object:
        actor, record = centre.actor(_writer(centre, line), at=at), _record(centre, line, keys)
        return send_letter(centre.units[line.unit], actor=actor, at=at, record=record.pk, on=line.on("sent"))

    return send


def _signing(centre: Centre, line: Line, keys: dict[int, str], *, after: date) -> Iterator[Step]:
    """Everybody signs with one click, a dozen people a day."""
    signers = centre.persons(line.get("sign")) if line.get("sign") else centre.persons("全体")
    for place, person in enumerate(signers):
        day = after + timedelta(days=1 + place // SIGNED_A_DAY)
        at = moment(day, "10:00") + timedelta(minutes=place)
        yield Step(at, 0, _sign(centre, line, keys, person.name))


def _sign(centre: Centre, line: Line, keys: dict[int, str], name: str) -> Callable[[datetime], object]:
    def sign(at: datetime) -> object:
        record = _record(centre, line, keys)
        return sign_record(centre.units[line.unit], actor=centre.actor(name, at=at), at=at, record=record.pk)

    return sign
