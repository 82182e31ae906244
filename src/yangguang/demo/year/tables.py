"""From the lines of the demonstration year's tables to what a form would bring (`data/records/*.csv`, by register).

Besides the register's own keys a line may say: `unit`, `hours` (09:00-10:30), `roll` (全, 缺2 or names), `sign`
(names), `parent` (a title, or register|title), `close` and `result` (办结), `evidence` (register|title, 佐证),
`sent` (the day on which a letter goes out), `entered` (the day of entering).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from yangguang.demo.year.people import DATA, ROOT, Centre, moment, read_table
from yangguang.ledger.catalogue import FieldType, Register, register_named
from yangguang.ledger.models import Record, Unit

OWN = {"unit", "hours", "roll", "sign", "parent", "sent", "close", "result", "evidence", "entered"}
PEOPLE = {"chair", "recorder", "owner"}
ALL, WITHOUT = "全", "缺"


class TableError(ValueError):
    """A line of a table that means nothing."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line: its register, what it says by column, and which line of the file it is."""

    register: Register
    said: Mapping[str, str]
    number: int

    @cached_property
    def day(self) -> date:
        """The day on which it happened."""
        return date.fromisoformat(self.said["day"])

    @property
    def unit(self) -> str:
        """The code of the unit that keeps it."""
        return self.said.get("unit") or ROOT

    def get(self, key: str) -> str:
        """What a column says, empty where nothing."""
        return self.said.get(key) or ""

    def on(self, key: str) -> date:
        """The day that a column names."""
        return date.fromisoformat(self.said[key])

    def values(self, centre: Centre) -> dict[str, Any]:
        """What a form would bring; parents must stand already."""
        values = {key: self._value(centre, key, said) for key, said in self.said.items() if said and key not in OWN}
        values |= dict(self._times()) | dict(self._people(centre))
        if self.get("parent"):
            values["parent"] = self._parent(centre).pk
        return values

    def _value(self, centre: Centre, key: str, said: str) -> Any:
        field = self.register.field(key)
        kind = field.type if field else FieldType.TEXT
        if key in PEOPLE or kind is FieldType.PERSON:
            return centre.person(said).mark
        if kind is FieldType.PERSONS:
            return [one.mark for one in centre.persons(said)]
        if key == "tags" or kind is FieldType.TEXTS:
            return said.split("、" if key == "tags" else "；")
        return said

    def _times(self) -> Iterator[tuple[str, str]]:
        begins, _, ends = self.get("hours").partition("-")
        if begins:
            yield "begins", moment(self.day, begins).isoformat()
            yield "ends", moment(self.day, ends).isoformat()

    def _people(self, centre: Centre) -> Iterator[tuple[str, list[str]]]:
        roll = self.get("roll")
        if roll and not roll.startswith((ALL, WITHOUT)):
            marks = [one.mark for one in centre.persons(roll)]
            yield from (("named", marks), ("present", marks))
        elif roll:
            yield "present", self._present(centre, int(roll.removeprefix(WITHOUT)) if roll != ALL else 0)
        if self.get("sign"):
            yield "named", [one.mark for one in centre.persons(self.get("sign"))]

    def _present(self, centre: Centre, absent: int) -> list[str]:
        """Everybody on the roll but a few; who is away changes from time to time, the chair is there."""
        due = centre.roll(self.unit, self.register.roll_for(self.get("kind")))
        chair = centre.person(self.get("chair") or "书记")
        others = [one.mark for one in due if one.pk != chair.pk]
        turn = self.day.toordinal() * 3 % max(len(others), 1)
        away = (others[turn:] + others[:turn])[:absent]
        return [one.mark for one in due if one.mark not in away]

    def _parent(self, centre: Centre) -> Record:
        register, _, title = self.get("parent").rpartition("|")
        return find(register or self.register.parent or self.register.id, title, unit=centre.units[self.unit])


def find(register: str, title: str, *, unit: Unit) -> Record:
    """The newest record with this title of the unit, one above or one below. Raises `TableError`."""
    rows = Record.objects.filter(register=register, title=title).select_related("unit").order_by("-pk")
    for row in rows:
        if row.unit.path.startswith(unit.path) or unit.path.startswith(row.unit.path):
            return row
    raise TableError(f"{register}: 没有“{title}”")


def read_lines() -> list[Line]:
    """Every line of every table; one without a register is a fault of the tables."""
    lines: list[Line] = []
    for path in sorted((DATA / "records").glob("*.csv")):
        register = register_named(path.stem)
        if register is None:
            raise TableError(f"{path.name}: 目录中没有这个台账")
        lines += [
            Line(register=register, said=row, number=number)
            for number, row in enumerate(read_table(f"records/{path.stem}"), start=2)
        ]
    return lines
