"""The records behind figures and findings (数字背后的记录): each a link for whoever may read it, never for others."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from yangguang.ledger.catalogue import Register, register_named
from yangguang.ledger.models import Record, Unit
from yangguang.reports.figures import RecordId
from yangguang.reports.naming import Named, name_records
from yangguang.trading.models import Trade
from yangguang.web.party.units import Reach, reach_of
from yangguang.witness.actor import Actor

TRADES = "trade:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """One record behind a figure: what it is called and where it is; a trade by its stream."""

    text: str
    href: str
    day: date | None = None
    is_late: bool = False
    unit: str = ""


def behind(ids: Iterable[RecordId], *, actor: Actor) -> dict[RecordId, Behind]:
    """The records that the actor may read, by id; the others are left out, whatever they are. Three queries."""
    wanted = list(dict.fromkeys(ids))
    numbers = [one for one in wanted if isinstance(one, int)]
    rows = {one.pk: one for one in Record.objects.filter(pk__in=numbers).select_related("unit")}
    names, reads = name_records(wanted), Reading(actor)
    found: dict[RecordId, Behind] = {pk: _record(row, names[pk]) for pk, row in rows.items() if reads.may_read(row)}
    elsewhere = [one for one in wanted if isinstance(one, str)]
    return {**found, **_trades(elsewhere), **{one: Behind(text=names[one].text, href="") for one in _posts(elsewhere)}}


class Reading:
    """Who asks, and which registers of which units they may read; each is looked up once."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.known: dict[tuple[int, str], bool] = {}

    def may_read(self, row: Record) -> bool:
        """Whether the actor reads the rows of the record's register in its unit."""
        key = (row.unit_id, row.register)
        if key not in self.known:
            register = register_named(row.register)
            self.known[key] = register is not None and self._reach(row.unit, register).reads
        return self.known[key]

    def _reach(self, unit: Unit, register: Register) -> Reach:
        return reach_of(unit, register, self.actor)


def _record(row: Record, named: Named) -> Behind:
    href = reverse("party-record", kwargs={"code": row.unit.code, "number": row.pk})
    text = f"{named.called}{named.number} {named.title}".strip()
    return Behind(text=text, href=href, day=row.day, is_late=row.is_late, unit=row.unit.name)


def _trades(ids: Iterable[str]) -> dict[RecordId, Behind]:
    streams = {one.removeprefix(TRADES): one for one in ids if one.startswith(TRADES)}
    names = dict(Trade.objects.filter(stream__in=streams).values_list("stream", "tender__name")) if streams else {}
    return {
        streams[stream]: Behind(text=name, href=reverse("trade", kwargs={"stream": stream}))
        for stream, name in names.items()
    }


def _posts(ids: Iterable[str]) -> list[str]:
    return [one for one in ids if not one.startswith(TRADES)]
