"""What stands against a report as its page shows it (检查意见): by level, with the records named and what mends it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse

from yangguang.ledger.acts.closing import may_sign_off
from yangguang.ledger.catalogue import register_named
from yangguang.ledger.models import Unit
from yangguang.reports.concerns import Concern
from yangguang.reports.figures import RecordId
from yangguang.reports.proofreading import Level
from yangguang.reports.spans import Span
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
    concerns: Iterable[Concern], *, unit: Unit, span: Span, registers: Mapping[str, str], actor: Actor
) -> list[tuple[Level, list[Finding]]]:
    """The findings by level, the gravest first; `registers` are those behind the metrics by the metrics' names."""
    every = list(concerns)
    named = behind([pk for one in every for pk in one.records], actor=actor)
    mended = [_mended(one, unit, span, registers.get(one.about, ""), actor) for one in every]
    found = [_finding(one, way, named) for one, way in zip(every, mended, strict=True)]
    return [(level, some) for level in Level if (some := [one for one in found if one.concern.level is level])]


def _mended(concern: Concern, unit: Unit, span: Span, register: str, actor: Actor) -> tuple[str, str]:
    """The words and the address of what ends a finding; a zero that nobody answered for ends with a sign-off."""
    if concern.code not in ENTERED:
        return "", ""
    signed = _signing_off(unit, register, span, actor) if concern.code == "figure.unsigned_zero" else None
    return signed or mending(unit, register, actor=actor)


def _finding(concern: Concern, mended: tuple[str, str], named: Mapping[RecordId, Behind]) -> Finding:
    records: Sequence[Behind] = [named[pk] for pk in concern.records if pk in named]
    return Finding(concern=concern, records=tuple(records), label=mended[0], href=mended[1])


def _signing_off(unit: Unit, name: str, span: Span, actor: Actor) -> tuple[str, str] | None:
    """Signing the register off for the months, for whoever answers for it."""
    register = register_named(name)
    if register is None or not is_kept_by(register, unit) or not may_sign_off(unit, register, actor):
        return None
    address = reverse("party-sign-off", kwargs={"code": unit.code, "register": register.id})
    return f"签核：{register.name}", f"{address}?first={span.first_day}&last={span.last_day}"


def mending(unit: Unit, name: str, *, actor: Actor) -> tuple[str, str]:
    """What mends a lack in a register: its form for those who write in it, its list for those who read it."""
    register = register_named(name)
    if register is None or not is_kept_by(register, unit):
        return "", ""
    reach, given = reach_of(unit, register, actor), {"code": unit.code, "register": register.id}
    if reach.writes:
        return f"补登：{register.name}", reverse("party-new", kwargs=given)
    return (register.name, reverse("party-register", kwargs=given)) if reach.anything else ("", "")
