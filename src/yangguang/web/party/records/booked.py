"""What a booking's page says of its meeting, and offers: the meeting is recorded from here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from yangguang.ledger.booked import meeting_of, records_meetings
from yangguang.ledger.catalogue import Register
from yangguang.ledger.models import Record
from yangguang.web.party.units import registers_of
from yangguang.witness.actor import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """Which meeting was recorded from a booking, or in which registers it may be now."""

    meeting: Record | None
    is_ahead: bool
    offered: Sequence[Register]  # what happens at a place
    others: Sequence[Register]


def booked(row: Record, *, actor: Actor, today: date) -> Booked:
    """What the page of a booking shows to somebody on a day."""
    written = [one for one, reach in registers_of(row.unit, actor) if reach.writes and records_meetings(one)]
    at_places = [one for one in written if {"begins", "place"} & set(one.columns)]
    others = [one for one in written if one not in at_places]
    return Booked(meeting=meeting_of(row), is_ahead=row.day > today, offered=at_places, others=others)
