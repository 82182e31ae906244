"""Matters with a clock (督办、建议提案、来访来电、紧急信息): by when each is due, by local rules."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from yangguang.rules.calendar import ONE_DAY
from yangguang.rules.clocks import due_at, due_on
from yangguang.rules.law import Law, Rule


class Matter(StrEnum):
    """What is to be settled; the value names its rule."""

    ORDINARY = "matter.ordinary"
    COMPLEX = "matter.complex"
    YEAR_END = "matter.year_end"
    PROPOSAL = "proposal.reply"
    PLENARY_PROPOSAL = "proposal.plenary"
    PROPOSAL_AGAIN = "proposal.redo"
    VISIT = "visit.reply"


MATTER_LABELS = {
    Matter.ORDINARY: "一般督办事项",
    Matter.COMPLEX: "复杂督办事项",
    Matter.YEAR_END: "年初确定事项",
    Matter.PROPOSAL: "建议提案",
    Matter.PLENARY_PROPOSAL: "政协全会提案",
    Matter.PROPOSAL_AGAIN: "建议提案再次办理",
    Matter.VISIT: "来访来电",
}
SUPERVISED = frozenset({Matter.ORDINARY, Matter.COMPLEX})
PROPOSALS = frozenset({Matter.PROPOSAL, Matter.PLENARY_PROPOSAL})


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """办理时限: the last day, the last day with an extension where the rule knows one, and the rule."""

    on: date
    longest: date
    rule: Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class UrgentDue:
    """紧急信息首报: until when by telephone and in writing."""

    telephone: datetime
    written: datetime


def matter_due(*, law: Law, matter: Matter, assigned_on: date) -> Due:
    """By when a matter is settled: 710 督办 in 7 days, a month, or by the year's end; proposals in 3 to 6 months.

    A supervised matter counts the day it was assigned (自部署当日起算, 青政办〔2017〕74号), the others start
    with the next day. The law is that of the centre's region: elsewhere the numbers are defaults to be corrected.
    """
    rule = law.rule(f"party.{matter}")
    if matter is Matter.YEAR_END:
        last = date(assigned_on.year, 12, 31)
        return Due(on=last, longest=last, rule=rule)
    from_same_day = matter in SUPERVISED and law.value("party.matter.from_same_day")
    start = assigned_on - ONE_DAY if from_same_day else assigned_on
    last = due_on(law=law, rule_id=rule.id, start=start)
    if matter in PROPOSALS:
        return Due(on=last, longest=due_on(law=law, rule_id="party.proposal.longest", start=start), rule=rule)
    return Due(on=last, longest=last, rule=rule)


def urgent_due(*, law: Law, happened_at: datetime) -> UrgentDue:
    """The first reports of an incident, by telephone and in writing; the minutes differ from place to place.

    `happened_at` is an aware moment: that of the incident or, where the local rule says so, of learning about it.
    """
    return UrgentDue(
        telephone=due_at(law=law, rule_id="party.urgent.telephone", start=happened_at),
        written=due_at(law=law, rule_id="party.urgent.written", start=happened_at),
    )
