"""A unit, a register or a record by its address, for whoever may have it: this is how party pages come by one.

Who may not read finds nothing (404): that a record exists is told to nobody either.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404

from yangguang.ledger.catalogue import Register, catalogue, register_named
from yangguang.ledger.guards import may_write
from yangguang.ledger.models import Attendance, Record, Signature, Unit
from yangguang.ledger.roles import POSTS, LedgerRole
from yangguang.web.accounts.requests import Request
from yangguang.witness.actor import Actor

MOST_UNITS = 200
ANY = frozenset({LedgerRole.KEEPER, LedgerRole.MEMBER, LedgerRole.INSPECTOR, LedgerRole.LEADER})
KEEPERS = frozenset({LedgerRole.KEEPER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What an actor may do with a register of a unit: write, read every row, see totals, see rows that name them."""

    writes: bool
    reads: bool
    totals: bool
    named: bool

    @property
    def anything(self) -> bool:
        """Whether the register is there for the actor at all."""
        return self.writes or self.reads or self.totals or self.named


def unit_for(request: Request, code: str, *, roles: Collection[LedgerRole] = ANY) -> Unit:
    """The unit with this code, for whoever has one of these roles there. Raises Http404 for everybody else."""
    found = Unit.objects.filter(code=code).first()
    if found is None or not found.roles_of(request.member) & frozenset(roles):
        raise Http404
    return found


def units_of(actor: Actor) -> list[Unit]:
    """The units in which the actor has a role, those of their own posts first."""
    own = {mark.partition(":")[0] for mark in actor.offices if ":" in mark}
    paths = list(Unit.objects.filter(code__in=own).values_list("path", flat=True))
    if not paths:
        return []
    below = Q()
    for path in paths:
        below |= Q(path__startswith=path)
    found = [one for one in Unit.objects.filter(below).order_by("path")[:MOST_UNITS] if one.roles_of(actor)]
    return sorted(found, key=lambda one: one.code not in own)


def posts_in(unit: Unit, actor: Actor) -> list[str]:
    """The names of the posts that the actor holds in the unit itself."""
    return [name for post, (name, _) in POSTS.items() if unit.holds(actor, post)]


def may_export(register: Register, reach: Reach) -> bool:
    """Whether somebody may take whole rows along; of a register that seals something its keepers alone (its rolls)."""
    return reach.writes or (reach.reads and not any(one.sealed for one in register.fields))


def is_kept_by(register: Register, unit: Unit) -> bool:
    """Whether this kind of unit keeps the register."""
    return not register.unit_kinds or unit.get_kind_display() in register.unit_kinds


def reach_of(unit: Unit, register: Register, actor: Actor) -> Reach:
    """What the actor may do with a register of this unit; where only totals are shown, rows are for those named."""
    roles = unit.roles_of(actor)
    writes, reads = may_write(unit, register, actor), bool(roles & register.read)
    unseals = bool(roles & register.unseal)
    by_name = LedgerRole.NAMED in register.read | register.unseal or register.is_counted_only
    return Reach(
        writes=writes,
        reads=writes or unseals or (reads and not register.is_counted_only),
        totals=writes or reads or unseals,
        named=by_name and bool(roles),
    )


def register_for(request: Request, unit: Unit, name: str, *, writes: bool = False) -> tuple[Register, Reach]:
    """The register with this id, for whoever may see (or write) something in it. Raises Http404 for everybody else."""
    register = register_named(name)
    if register is None or not is_kept_by(register, unit):
        raise Http404
    reach = reach_of(unit, register, request.member)
    if not (reach.writes if writes else reach.anything):
        raise Http404
    return register, reach


def registers_of(unit: Unit, actor: Actor) -> list[tuple[Register, Reach]]:
    """Every register of the unit in which the actor may see something, in the order of the catalogue."""
    kept = [one for one in catalogue().values() if is_kept_by(one, unit)]
    reached = [(one, reach_of(unit, one, actor)) for one in kept]
    return [(one, reach) for one, reach in reached if reach.anything]


def rows_for(unit: Unit, register: Register, reach: Reach, actor: Actor) -> QuerySet[Record]:
    """The rows of a register that the actor may see: all of them, or those that name the actor."""
    rows = Record.objects.filter(unit=unit, register=register.id)
    return rows if reach.reads else rows.filter(naming(actor.person))


def naming(mark: str) -> Q:
    """The records that a person entered, is in charge of, attended or is asked to sign."""
    inside = Attendance.objects.filter(person__mark=mark).values("record")
    asked = Signature.objects.filter(person__mark=mark).values("record")
    return holding(mark) | Q(pk__in=inside) | Q(pk__in=asked)


def holding(mark: str) -> Q:
    """The records that a person entered or answers for."""
    return Q(entered_by=mark) | Q(chair__mark=mark) | Q(recorder__mark=mark) | Q(owner__mark=mark)


def record_for(request: Request, unit: Unit, number: int) -> tuple[Record, Register, Reach]:
    """The record of this unit, its register and what the actor may do. Raises Http404 for whoever may not see it."""
    along = ("unit", "chair", "recorder", "owner", "parent")
    row = Record.objects.filter(unit=unit, pk=number).select_related(*along).first()
    register = register_named(row.register) if row else None
    if row is None or register is None:
        raise Http404
    reach = reach_of(unit, register, request.member)
    if not reach.reads and not Record.objects.filter(naming(request.member.person), pk=row.pk).exists():
        raise Http404
    return row, register, reach


def written(request: Request, unit: Unit, number: int) -> tuple[Record, Register]:
    """The record and its register, for whoever writes in it. Raises Http404 for everybody else."""
    row, register, reach = record_for(request, unit, number)
    if not reach.writes:
        raise Http404
    return row, register


# The tabs above every page of a unit, and who is offered them; the doors stand in `access.py` and in the views.
EVERYBODY, WATCHERS = ANY, ANY - {LedgerRole.MEMBER}
TABS: tuple[tuple[str, str, str, str, frozenset[LedgerRole]], ...] = (
    ("month", "本月", "list-check", "party-month", EVERYBODY),
    ("registers", "台账", "book", "party-registers", EVERYBODY),
    ("calendar", "日历", "calendar", "party-calendar", EVERYBODY),
    ("tasks", "任务", "flag", "party-tasks", EVERYBODY),
    ("pairs", "谈心谈话", "users", "party-pairs", WATCHERS),
    ("dues", "党费", "coin", "party-dues", EVERYBODY),
    ("risks", "廉政风险", "alert-triangle", "party-risks", EVERYBODY),
    ("reports", "报告", "file-text", "party-reports", WATCHERS),
    ("metrics", "指标", "list-check", "party-metrics", WATCHERS),
    ("burden", "负担", "clock", "party-burden", EVERYBODY),
    ("people", "人员", "user", "party-people", EVERYBODY),
)


def frame(request: Request, unit: Unit, tab: str, **more: Any) -> dict[str, Any]:
    """What the heading of every party page of a unit shows."""
    roles = unit.roles_of(request.member)
    shown = {"unit": unit, "tab": tab, "roles": roles, "watches": bool(roles & WATCHERS)}
    return {**shown, "tabs": [one[:4] for one in TABS if one[4] & roles], **more}
