"""Terms of office (任期), elections in time, and how large a committee and a branch are."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from yangguang.rules.checks.answers import refuse
from yangguang.rules.clocks import due_on, latest_on
from yangguang.rules.law import Law
from yangguang.rules.refusal import Refusal


class Organ(StrEnum):
    """Whose term it is: 基层委员会, 总支部, 支部, or any of them in a village or community (村和社区)."""

    COMMITTEE = "grassroots_committee"
    GENERAL_BRANCH = "general_branch"
    BRANCH = "branch"
    VILLAGE = "village"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """任期: its last day, the day on which to remind of the election, and the earliest and latest day to elect."""

    ends_on: date
    remind_on: date
    earliest: date
    latest: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """委员会人数: at least, as a rule at most, at the very most."""

    least: int
    usual_most: int
    most: int


def term_of(*, law: Law, organ: Organ, elected_on: date) -> Term:
    """The term that began with an election (关于党的基层组织任期的意见): 5 or 3 years, give or take one."""
    ends_on = due_on(law=law, rule_id=f"party.term.{organ}", start=elected_on)
    return Term(
        ends_on=ends_on,
        remind_on=latest_on(law=law, rule_id="party.term.reminder", end=ends_on),
        earliest=latest_on(law=law, rule_id="party.term.shift", end=ends_on),
        latest=due_on(law=law, rule_id="party.term.shift", start=ends_on),
    )


def check_election_day(
    *, law: Law, organ: Organ, elected_on: date, planned_on: date, is_approved: bool = False
) -> list[Refusal]:
    """Elect within a year of the end of the term; after it, or before its reminder, only with approval from above.

    `elected_on` is the last election. That an election between reminder and end is on time is the house's reading
    of 按期换届 (基层组织选举工作条例第三条 asks for approval of 延期 and 提前).
    """
    rule, term = law.rule("party.term.shift"), term_of(law=law, organ=organ, elected_on=elected_on)
    if not term.earliest <= planned_on <= term.latest:
        return [
            refuse(
                code="term.shift",
                rule=rule,
                reason=f"任期至{term.ends_on}，{planned_on}换届提前或者延期超过{rule.amount_text}",
                remedy=f"请在{term.earliest}至{term.latest}之间换届",
            )
        ]
    if is_approved or term.remind_on <= planned_on <= term.ends_on:
        return []
    return [
        refuse(
            code="term.unapproved",
            rule=rule,
            reason=f"任期至{term.ends_on}，{planned_on}换届属于{'延期' if planned_on > term.ends_on else '提前'}",
            remedy="请先报上级党组织批准并登记批准文件",
        )
    ]


def committee_size(*, law: Law, full_members: int) -> Size | None:
    """How many sit on the committee of a branch; None below 7 full members, where there is only a secretary."""
    if full_members < law.rule("party.committee.from_members").count:
        return None
    least, usual, most = (law.rule(f"party.committee.{name}").count for name in ("least", "usual_most", "most"))
    return Size(least=least, usual_most=usual, most=most)


def check_committee_size(*, law: Law, full_members: int, seats: int) -> list[Refusal]:
    """A branch of 7 full members elects 3 to 5, at most 7; a smaller one none (支部工作条例第二、六章)."""
    size = committee_size(law=law, full_members=full_members)
    if size is None:
        return _refuse_committee(law, full_members) if seats else []
    if size.least <= seats <= size.most:
        return []
    return [
        refuse(
            code="committee.seats",
            rule=law.rule("party.committee.least" if seats < size.least else "party.committee.most"),
            reason=f"支部委员会{seats}人，应为{size.least}至{size.usual_most}人，一般不超过{size.most}人",
            remedy="请调整委员职数",
        )
    ]


def warn_branch_size(*, law: Law, members: int, full_members: int) -> list[Refusal]:
    """Cautions for a branch of fewer than 3 full members or more than 50 members (支部工作条例第二章)."""
    least, most = law.rule("party.branch.least"), law.rule("party.branch.most")
    found = []
    if full_members < least.count:
        found.append(
            refuse(
                code="branch.too_small",
                rule=least,
                reason=f"正式党员{full_members}人，不足{least.count}人",
                remedy="可以与邻近支部联合成立支部",
            )
        )
    if members > most.count:
        found.append(
            refuse(
                code="branch.too_large",
                rule=most,
                reason=f"党员{members}人，超过{most.count}人",
                remedy="请研究分设支部或者设立总支部",
            )
        )
    return found


def _refuse_committee(law: Law, full_members: int) -> list[Refusal]:
    rule = law.rule("party.committee.from_members")
    return [
        refuse(
            code="committee.not_due",
            rule=rule,
            reason=f"正式党员{full_members}人，不足{rule.count}人的支部不设支部委员会",
            remedy="请设书记1名，必要时设副书记1名",
        )
    ]
