"""Talks (谈心谈话): which pairings of a year were covered and where the gaps are; what was said is never here."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import combinations

from yangguang.rules.law import Law

Pair = frozenset[str]


class Relation(StrEnum):
    """The three pairings of 支部工作条例第十九条."""

    COMMITTEE = "committee"
    COMMITTEE_MEMBER = "committee_member"
    MEMBERS = "members"


RELATION_LABELS = {
    Relation.COMMITTEE: "支委之间",
    Relation.COMMITTEE_MEMBER: "支委和党员之间",
    Relation.MEMBERS: "党员和党员之间",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """One pairing in a year: how many were asked for, and the gaps: two persons, or one without a talk."""

    relation: Relation
    required: int
    gaps: tuple[tuple[str, ...], ...]

    @property
    def covered(self) -> int:
        """How many of those asked for were held."""
        return self.required - len(self.gaps)


def coverage(
    *, law: Law, year: int, committee: Sequence[str], members: Sequence[str], talks: Iterable[tuple[date, str, str]]
) -> tuple[Coverage, ...]:
    """The three pairings of a year and their gaps, each in the order of the rolls (支部工作条例第十九条).

    `members` are those not on the committee; `talks` are dates with two persons. Whether each pair has to talk, or
    each person with somebody of the other side, is a row of the rule table: by default every pair within the
    committee, and every member with one committee member and with one other member.
    """
    held = Counter(frozenset((one, other)) for day, one, other in talks if day.year == year and one != other)
    needed = law.rule("party.cadence.talk").count
    return (
        _covered(law, Relation.COMMITTEE, committee, committee, held=held, needed=needed),
        _covered(law, Relation.COMMITTEE_MEMBER, members, committee, held=held, needed=needed),
        _covered(law, Relation.MEMBERS, members, members, held=held, needed=needed),
    )


def _covered(
    law: Law, relation: Relation, ones: Sequence[str], others: Sequence[str], *, held: Counter[Pair], needed: int
) -> Coverage:
    if law.value(f"party.talk.every_pair_{relation}"):
        pairs = list(combinations(ones, 2)) if ones is others else [(one, other) for one in ones for other in others]
        gaps = tuple(pair for pair in pairs if held[frozenset(pair)] < needed)
        return Coverage(relation=relation, required=len(pairs), gaps=gaps)
    asked = [one for one in ones if set(others) - {one}]
    alone = tuple((one,) for one in asked if sum(held[frozenset((one, two))] for two in {*others} - {one}) < needed)
    return Coverage(relation=relation, required=len(asked), gaps=alone)
