"""What stands against a report as its page shows it (检查意见): by level, with the records named and what mends it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse

from yangguang.ledger.catalogue import register_named
from yangguang.ledger.models import Unit
from yangguang.reports.concerns import Concern
from yangguang.reports.figures import RecordId
from yangguang.reports.proofreading import Level
from yangguang.web.party.reports.records import Behind, behind
from yangguang.web.party.units import is_kept_by, reach_of
from yangguang.witness.actor import Actor

# A finding that ends when something is entered in the register behind the figure.
ENTERED = {"figure.empty", "list.empty", "cadence.missing", "figure.unsigned_zero"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """检查意见: the concern, the records that it names, and the register's page or form that mends it."""

    concern: Concern
    records: tuple[Behind, ...]
    label: str
    href: str


def findings_of(
    concerns: Iterable[Concern], *, unit: Unit, registers: Mapping[str, str], actor: Actor
) -> list[tuple[Level, list[Finding]]]:
    """The findings by level, the gravest first; `registers` are those behind the metrics by the metrics' names."""
    every = list(concerns)
    named = behind([pk for one in every for pk in one.records], actor=actor)
    found = [_finding(one, unit, registers, actor, named) for one in every]
    return [(level, some) for level in Level if (some := [one for one in found if one.concern.level is level])]


def _finding(
    concern: Concern, unit: Unit, registers: Mapping[str, str], actor: Actor, named: Mapping[RecordId, Behind]
) -> Finding:
    register = registers.get(concern.about, "") if concern.code in ENTERED else ""
    label, href = mending(unit, register, actor=actor)
    records: Sequence[Behind] = [named[pk] for pk in concern.records if pk in named]
    return Finding(concern=concern, records=tuple(records), label=label, href=href)


def mending(unit: Unit, name: str, *, actor: Actor) -> tuple[str, str]:
    """What mends a lack in a register: its form for those who write in it, its list for those who read it."""
    register = register_named(name)
    if register is None or not is_kept_by(register, unit):
        return "", ""
    reach, given = reach_of(unit, register, actor), {"code": unit.code, "register": register.id}
    if reach.writes:
        return f"补登：{register.name}", reverse("party-new", kwargs=given)
    return (register.name, reverse("party-register", kwargs=given)) if reach.anything else ("", "")
