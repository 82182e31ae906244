"""任期和换届 (D09): when each committee's term ends, from its last election; when to remind, and what size it has."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import QuerySet

from yangguang.branch.appraisal import graded_members
from yangguang.branch.rolls import roll_in
from yangguang.ledger.law import law_for, laws_for
from yangguang.ledger.models import Record, State, Unit
from yangguang.ledger.preparing import Draft, checks_records
from yangguang.rules.party.meetings import Vote, check_quorum
from yangguang.rules.party.terms import Organ, Term, check_committee_size, check_election_day, term_of
from yangguang.rules.refusal import Refusal

ORGANS = {
    Unit.Kind.BRANCH: Organ.BRANCH, Unit.Kind.GENERAL: Organ.GENERAL_BRANCH, Unit.Kind.COMMITTEE: Organ.COMMITTEE,
}  # fmt: skip
ELECTION = "换届选举"


class Standing(StrEnum):
    """How a term stands on a day."""

    UNKNOWN = "没有登记换届"
    RUNNING = "任期内"
    DUE = "应当筹备换届"
    OVER = "任期届满"


@dataclass(frozen=True, slots=True, kw_only=True)
class TermRow:
    """一个组织的任期: its last election and the days that follow from it; None where none was entered."""

    unit: Unit
    elected_on: date | None
    term: Term | None
    standing: Standing


@checks_records("election")
def check_election(draft: Draft) -> Iterator[Refusal]:
    """An election in its time, with four fifths present and a committee of a lawful size (基层组织选举工作条例)."""
    cleaned, day = draft.cleaned, draft.cleaned.day
    assert day is not None  # noqa: S101 - refused before
    law, organ, fields = law_for(draft.unit, on=day), ORGANS[Unit.Kind(draft.unit.kind)], draft.cleaned.fields
    if (roll := roll_in(draft)) is not None:
        yield from check_quorum(law=law, vote=Vote.ELECTION, **roll.counts())
    if cleaned.kind != ELECTION:
        return
    earlier = _elections(draft.unit).filter(unit=draft.unit, day__lt=day)
    last = earlier.exclude(pk=draft.record.pk if draft.record else 0).last()
    if last is not None:
        approved = bool(fields.get("approved_on"))
        yield from check_election_day(law=law, organ=organ, elected_on=last.day, planned_on=day, is_approved=approved)
    if organ is Organ.BRANCH and "seats" in fields:
        full = len(graded_members(draft.unit, on=day))
        yield from check_committee_size(law=law, full_members=full, seats=fields["seats"])
    fields["term_ends"] = term_of(law=law, organ=organ, elected_on=day).ends_on.isoformat()


def terms(unit: Unit, *, on: date) -> list[TermRow]:
    """任期一览: the party organisations from this unit downwards that elect a committee; four queries."""
    units = Unit.objects.filter(path__startswith=unit.path, kind__in=ORGANS, closed_on__isnull=True).order_by("path")
    last = {row.unit_id: row.day for row in _elections(unit)}
    law = laws_for(unit)(on)
    rows = []
    for one in units:
        elected_on = last.get(one.pk)
        term = term_of(law=law, organ=ORGANS[Unit.Kind(one.kind)], elected_on=elected_on) if elected_on else None
        rows.append(TermRow(unit=one, elected_on=elected_on, term=term, standing=_standing(term, on)))
    return rows


def _standing(term: Term | None, on: date) -> Standing:
    if term is None:
        return Standing.UNKNOWN
    if on > term.ends_on:
        return Standing.OVER
    return Standing.DUE if on >= term.remind_on else Standing.RUNNING


def _elections(unit: Unit) -> QuerySet[Record]:
    """The elections of a unit and below, the latest last."""
    rows = Record.objects.filter(unit__path__startswith=unit.path, register="election", kind=ELECTION, state=State.DONE)
    return rows.order_by("day", "pk")
