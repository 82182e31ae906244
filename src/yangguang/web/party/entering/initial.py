"""What a form holds before anybody typed: what can be known, what the booking says, what stands."""

from datetime import date, datetime
from typing import Any

from yangguang.ledger.catalogue import FieldType
from yangguang.ledger.models import Record
from yangguang.ledger.people import holders
from yangguang.parties.models import Person
from yangguang.rules.calendar import LEGAL_ZONE, legal_date
from yangguang.web.party.entering.around import Around
from yangguang.web.party.entering.rolls import RollOf


def initial_of(around: Around, *, mine: str) -> dict[str, Any]:
    """What a new form holds: today, the place of last time, the secretary in the chair, oneself writing it down."""
    today = legal_date(around.at)
    columns = around.register.columns
    initial: dict[str, Any] = {"day": today.isoformat()}
    if "place" in columns:
        last = Record.objects.filter(unit=around.unit, register=around.register.id, kind=around.kind).exclude(place="")
        initial["place"] = last.order_by("-day", "-pk").values_list("place", flat=True).first() or ""
    if "chair" in columns:
        secretary = next(iter(holders(around.unit, posts=("secretary",), day=today)), None)
        initial["chair"] = secretary.person.mark if secretary else ""
    if around.roll is RollOf.VOTERS and around.register.roll_for(around.kind) != "named":
        initial["chosen"] = [one.mark for one in around.due]
    if "recorder" in columns and mine in {one.mark for one in around.people}:
        initial["recorder"] = mine
    return initial | _booked(around)


def _booked(around: Around) -> dict[str, Any]:
    """What the booking says: when, where and what; who is due and was not invited is taken for absent until ticked off.

    Nobody is present by this: the roll counts when a person confirms it.
    """
    booking = around.booking
    if booking is None:
        return {}
    initial = {name: _shown(booking, name) for name in ("title", "day", "begins", "ends", "place")}
    invited = {one.mark for one in around.invited}
    if invited and around.roll is RollOf.ABSENT:
        initial["absent"] = [one.mark for one in around.due if one.mark not in invited]
    elif invited:
        initial["chosen"] = sorted(invited)
    return initial


def _shown(record: Record, name: str) -> Any:
    """A shared column as its input shows it."""
    value = getattr(record, "parent_id" if name == "parent" else name)
    if isinstance(value, Person):
        return value.mark
    if isinstance(value, datetime):
        return f"{value.astimezone(LEGAL_ZONE):%H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else value


def initial_from(record: Record, around: Around) -> dict[str, Any]:
    """What the form of a correction holds: the record as it stands; what is sealed is not shown."""
    initial: dict[str, Any] = {"title": record.title, "day": record.day.isoformat(), **record.fields}
    initial |= {name: _shown(record, name) for name in around.register.columns}
    for one in around.register.fields:
        value = record.fields.get(one.key)
        if one.type is FieldType.TEXTS and isinstance(value, list):
            initial[one.key] = "\n".join(map(str, value))
        elif one.type is FieldType.YES and value is not None:
            initial[one.key] = "是" if value else "否"
        elif one.type is FieldType.MOMENT and value:
            initial[one.key] = str(value)[:16]
    initial["tags"] = [one.tag for one in record.tags.all()]
    return initial
