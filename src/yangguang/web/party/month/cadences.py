"""频次 in a unit: which periods of this year are missing and which are still open, by the registers' own rules."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from yangguang.ledger.catalogue import Register
from yangguang.ledger.law import law_for
from yangguang.ledger.models import Record, State, Tag, Unit
from yangguang.rules.law import Law, Rule
from yangguang.rules.party.cadence import Period, due_periods, missing, names_of, still_open

Held = dict[tuple[str, str], list[date]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cadence:
    """How one kind of record stands this year: the periods that fell short by name, and the one that is open."""

    register: Register
    kind: str
    rule: Rule
    missing: str
    open: Period | None

    @property
    def name(self) -> str:
        """What is held: the kind, the tag, or the register itself."""
        return self.kind.lstrip("#") or self.register.name

    @property
    def asked_kind(self) -> str:
        """The kind that the form should ask for; a tag is no kind."""
        return "" if self.kind.startswith("#") else self.kind


def cadences_in(unit: Unit, registers: Iterable[Register], *, on: date) -> list[Cadence]:
    """Every cadence that is asked of this unit and fell short or is open on a day of its year; four queries."""
    asked = list(_asked(unit, registers))
    held = _held(unit, {register.id for register, _, _ in asked}, year=on.year)
    law = law_for(unit, on=on)
    found = (_cadence(one, unit=unit, law=law, held=held, on=on) for one in asked)
    return [one for one in found if one is not None and (one.missing or one.open)]


def _asked(unit: Unit, registers: Iterable[Register]) -> Iterator[tuple[Register, str, str]]:
    here = unit.get_kind_display()
    for register in registers:
        for kind, rule_id in register.cadence.items():
            if register.asked_of.get(kind, here) == here:
                yield register, kind, rule_id


def _held(unit: Unit, registers: set[str], *, year: int) -> Held:
    """The days of what was held, by register and kind, by register and tag, and by register alone."""
    rows = Record.objects.filter(unit=unit, register__in=registers, state=State.DONE, day__year=year)
    held: Held = {}
    for register, kind, day in rows.values_list("register", "kind", "day"):
        for key in {kind, ""}:
            held.setdefault((register, key), []).append(day)
    tags = Tag.objects.filter(record__in=rows.values("pk"))
    for register, tag, day in tags.values_list("record__register", "tag", "record__day"):
        held.setdefault((register, f"#{tag}"), []).append(day)
    return held


def _cadence(asked: tuple[Register, str, str], *, unit: Unit, law: Law, held: Held, on: date) -> Cadence | None:
    register, kind, rule_id = asked
    rule = law.find(rule_id)
    if rule is None:
        return None
    days = held.get((register.id, kind), [])
    periods = due_periods(rule=rule, years=[on.year], held_on=days, at=on, open_from=unit.opened_on)
    running = still_open(periods)
    return Cadence(
        register=register,
        kind=kind,
        rule=rule,
        missing=names_of(missing(periods)),
        open=running[0] if running else None,
    )
