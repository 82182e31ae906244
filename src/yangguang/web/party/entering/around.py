"""What a register's form is made for: the unit, the kind, the people who may be named and those who are due."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from yangguang.ledger.booked import invited_to
from yangguang.ledger.catalogue import Register
from yangguang.ledger.models import Record, Unit
from yangguang.ledger.people import roll_of
from yangguang.parties.models import Person
from yangguang.rules.calendar import legal_date
from yangguang.web.party.entering.rolls import RollOf, roll_kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What a form is made for: the unit, its register, a kind, the moment, the unit's people and who is due."""

    unit: Unit
    register: Register
    kind: str
    at: datetime
    people: Sequence[Person]
    due: Sequence[Person]
    record: Record | None = None  # the one that is corrected
    booking: Record | None = None  # the one that a meeting is recorded from
    invited: Sequence[Person] = ()

    @property
    def guests(self) -> set[str]:
        """列席: who is invited without being on the roll of the kind."""
        on_roll = {one.mark for one in self.due}
        return {one.mark for one in self.invited} - on_roll if self.roll is RollOf.ABSENT else set()

    @property
    def listed(self) -> list[Person]:
        """Who is asked about: everybody due, then the guests."""
        return [*self.due, *(one for one in self.invited if one.mark in self.guests)]

    @property
    def roll(self) -> RollOf:
        """How the people of a record are asked for."""
        return roll_kind(self.register, self.kind)


def around_for(
    unit: Unit,
    register: Register,
    *,
    kind: str,
    at: datetime,
    day: str = "",
    record: Record | None = None,
    booking: Record | None = None,
) -> Around:
    """What the form of a kind is made for; the roll is that of the record's day."""
    on = legal_date(at)
    with suppress(ValueError):
        on = date.fromisoformat(day) if day else on
    people = roll_of(unit, roll="staff", day=on)
    roll = register.roll_for(kind)
    due = people if roll in {"", "named", "staff"} else roll_of(unit, roll=roll, day=on)
    given: dict[str, Any] = {"record": record, "booking": booking, "invited": invited_to(booking)}
    return Around(unit=unit, register=register, kind=kind, at=at, people=people, due=due, **given)
