"""What a record's page offers so that one record counts elsewhere: decisions become rules, witnessing becomes duty."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from yangguang.branch.services import RULES, lasting, rules_changed, rules_made
from yangguang.ledger.catalogue import register_named
from yangguang.ledger.models import Record, State
from yangguang.oversight.fusion import POSTS, VANGUARD, Duty, unlinked_duties
from yangguang.web.party.units import Reach, reach_of
from yangguang.witness.actor import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """The decisions of a meeting with the rule that each made, the rules it changed, and those it could change."""

    decisions: Sequence[tuple[str, Record | None]]
    changed: Sequence[Record]
    standing: Sequence[Record]
    may_write: bool


def decided(row: Record, *, actor: Actor, today: date) -> Decided | None:
    """What the page of a meeting that decided something shows of the rules library; None for every other record."""
    said, rules = row.fields.get("decisions"), register_named(RULES)
    if not said or rules is None or row.state != State.DONE:
        return None
    reach = reach_of(row.unit, rules, actor)
    if not reach.reads:
        return None
    made = rules_made(row)
    standing = lasting(row.unit, register=RULES, on=today) if reach.writes else []
    return Decided(
        decisions=[(text, made.get(text)) for text in said], changed=rules_changed(row), may_write=reach.writes,
        standing=[one for one in standing if one.parent_id != row.pk and one.unit_id == row.unit_id],
    )  # fmt: skip


def duties(row: Record, reach: Reach, *, today: date) -> list[Duty]:
    """What the holder of a 先锋岗 witnessed in trades and is not counted as its duty yet, for its keepers."""
    if (row.register, row.kind) != (POSTS, VANGUARD) or not reach.writes or row.state == State.CANCELLED:
        return []
    return [one for one in unlinked_duties(row.unit, at=today) if one.post.pk == row.pk]
