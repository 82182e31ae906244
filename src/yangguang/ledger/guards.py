"""Guards that the acts of the ledger share: which register, which record, who may."""

from collections.abc import Mapping
from typing import Any

from yangguang.ledger.catalogue import Register, register_named
from yangguang.ledger.models import Record, State, Unit
from yangguang.ledger.roles import LedgerRole
from yangguang.parties.models import Person
from yangguang.proof.canonical import canonical
from yangguang.rules.refusal import Refusal, Refused
from yangguang.witness.actor import Actor
from yangguang.witness.acts import DENIED
from yangguang.witness.guards import PLATFORM, found_or_refuse, refuse_unless

CATALOGUE = f"{PLATFORM}：台账目录"
ANYBODY = frozenset({LedgerRole.KEEPER, LedgerRole.MEMBER, LedgerRole.INSPECTOR, LedgerRole.LEADER})


def register_or_refuse(unit: Unit, name: str) -> Register:
    """The register with this id, if this kind of unit keeps it."""
    register = found_or_refuse(
        register_named(name),
        code="register.unknown",
        reason="目录中没有这个台账",
        article=CATALOGUE,
        remedy="请从台账列表中选择。",
    )
    refuse_unless(
        not register.unit_kinds or unit.get_kind_display() in register.unit_kinds,
        code="register.unit",
        reason=f"“{register.name}”不由{unit.get_kind_display()}登记",
        article=CATALOGUE,
        remedy="请换到" + "、".join(register.unit_kinds) + "登记。",
    )
    return register


def may_write(unit: Unit, register: Register, actor: Actor) -> bool:
    """Whether the actor may enter records of this register here."""
    if not unit.roles_of(actor) & register.write:
        return False
    return not register.posts or any(unit.holds(actor, post) for post in register.posts)


def may_read(unit: Unit, register: Register, actor: Actor) -> bool:
    """Whether the actor may see the rows of this register here; what is sealed in them is another question."""
    return bool(unit.roles_of(actor) & (register.read | register.write))


def refuse_other_writers(unit: Unit, register: Register, actor: Actor) -> None:
    """Raise `Refused` for whoever may not write in this register."""
    if not may_write(unit, register, actor):
        raise Refused(DENIED)


def record_or_refuse(unit: Unit, number: int) -> Record:
    """The record of this unit with this id. Records of another unit are not found."""
    return found_or_refuse(
        Record.objects.filter(unit=unit, pk=number).select_related("unit").first(),
        code="record.unknown",
        reason="本单位没有这条记录",
        article=CATALOGUE,
        remedy="请从台账中选择。",
    )


def refuse_cancelled(record: Record) -> None:
    """Raise `Refused` for a record that was cancelled."""
    refuse_unless(
        record.state != State.CANCELLED,
        code="record.cancelled",
        reason="这条记录已经取消",
        article=f"{PLATFORM}：台账留痕",
        remedy="请另行登记。",
    )


def standing_or_refuse(unit: Unit, number: int) -> Record:
    """The record of this unit with this id, unless it was cancelled."""
    record = record_or_refuse(unit, number)
    refuse_cancelled(record)
    return record


def record_to_change(unit: Unit, number: int, *, actor: Actor) -> tuple[Record, Register]:
    """The record of this unit with this id and its register, for whoever may write there.

    Raises `Refused` for a record of another unit, for one that was cancelled and for other writers.
    """
    record = standing_or_refuse(unit, number)
    register = register_or_refuse(unit, record.register)
    refuse_other_writers(unit, register, actor)
    return record, register


def is_named(record: Record, actor: Actor) -> bool:
    """Whether the actor entered the record or is a person in it."""
    if actor.person == record.entered_by:
        return True
    inside = Person.objects.filter(mark=actor.person)
    return record.attendances.filter(person__in=inside).exists() or any(
        one is not None and one.mark == actor.person for one in (record.chair, record.recorder, record.owner)
    )


def content_of(record: Record, **more: Any) -> Mapping[str, Any]:
    """What the log conceals of a record: everything that is not sealed, so that a later change can be shown."""
    content = {
        "register": record.register, "number": f"{record.year}-{record.number}", "kind": record.kind,
        "title": record.title, "day": record.day.isoformat(), "state": str(record.state),
        "fields": record.fields, **more,
    }  # fmt: skip
    canonical(content)  # what cannot be written canonically is refused before anything is stored
    return content


def refusal(*, code: str, reason: str, remedy: str, article: str = CATALOGUE) -> Refusal:
    """A refusal of the ledger, by default on the catalogue."""
    return Refusal(code=code, reason=reason, article=article, remedy=remedy)
