"""频次 as the month's page says them: what fell short by name, and the period that is open; many names are counted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from yangguang.branch.cadence import Standing, standings
from yangguang.ledger.catalogue import Register
from yangguang.ledger.models import Unit
from yangguang.rules.law import Rule
from yangguang.rules.party.cadence import Period, names_of

MOST_NAMED = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Cadence:
    """How one kind of record stands this year: the periods that fell short by name, and the one that is open."""

    register: Register
    kind: str
    name: str
    rule: Rule
    missing: str
    open: Period | None

    @property
    def asked_kind(self) -> str:
        """The kind that the form should ask for; a tag is no kind."""
        return "" if self.kind.startswith("#") else self.kind


def cadences_in(unit: Unit, registers: Iterable[Register], *, on: date) -> list[Cadence]:
    """Every cadence of these registers that is asked of the unit and fell short or is open on a day of its year."""
    shown = {one.id for one in registers}
    found = [_cadence(one) for one in standings(unit, year=on.year, at=on) if one.register.id in shown]
    return [one for one in found if one.missing or one.open]


def _cadence(standing: Standing) -> Cadence:
    return Cadence(
        register=standing.register,
        kind=standing.key,
        name=standing.name,
        rule=standing.rule,
        missing=_names(standing.missing),
        open=standing.open[0] if standing.open else None,
    )


def _names(periods: tuple[Period, ...]) -> str:
    """All months of a year are named; of fifty weeks the last ones are, with how many there are."""
    if len(periods) <= MOST_NAMED:
        return names_of(periods)
    return f"{names_of(periods[-3:])}等{len(periods)}次"
