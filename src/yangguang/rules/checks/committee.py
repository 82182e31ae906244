"""The evaluation committee (评标委员会): its make-up and who has to stay out of it (回避)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from yangguang.rules.calendar import add_months
from yangguang.rules.checks.answers import refuse
from yangguang.rules.law import Law, Line, Rule, Unit
from yangguang.rules.refusal import Refusal


class CommitteeKind(StrEnum):
    """Which size rule applies: ordinary, waterworks 水利 (works), large or negotiation (procurement)."""

    ORDINARY = "size"
    WATERWORKS = "size_waterworks"
    LARGE = "size_large"
    NEGOTIATION = "size_negotiation"


class RelationKind(StrEnum):
    """How an expert can be bound to a bidder, a tenderer or a project (回避情形)."""

    CLOSE_RELATIVE = "close_relative"
    SUPERVISING_STAFF = "supervising_staff"
    ECONOMIC_INTEREST = "economic_interest"
    PUNISHED = "punished"
    SAME_EMPLOYER = "same_employer"
    FORMER_EMPLOYEE = "former_employee"
    DIRECTOR = "director"
    SHAREHOLDER = "shareholder"
    AGENCY_STAFF = "agency_staff"
    OTHER = "other"


RELATION_TEXTS = {
    RelationKind.CLOSE_RELATIVE: "近亲属",
    RelationKind.SUPERVISING_STAFF: "主管或者监督部门人员",
    RelationKind.ECONOMIC_INTEREST: "有经济利益关系",
    RelationKind.PUNISHED: "曾因招标投标、采购违法行为受过处罚",
    RelationKind.SAME_EMPLOYER: "同一工作单位",
    RelationKind.FORMER_EMPLOYEE: "曾在该单位工作",
    RelationKind.DIRECTOR: "曾任该单位董事、监事",
    RelationKind.SHAREHOLDER: "曾为该单位控股股东或者实际控制人",
    RelationKind.AGENCY_STAFF: "本项目代理机构工作人员",
    RelationKind.OTHER: "有其他利害关系",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """One fact about an expert: `kind`, with whom (`party`, for the reason), and when it ended, None while it lasts."""

    kind: RelationKind
    party: str
    ended_on: date | None = None


def check_committee(
    *,
    law: Law,
    members: int,
    experts: int,
    line: Line = Line.WORKS,
    kind: CommitteeKind = CommitteeKind.ORDINARY,
) -> list[Refusal]:
    """At least 5 members, an odd number, two thirds of them experts (招标投标法第三十七条); all faults together.

    `members` counts everybody, `experts` the technical and economic experts among them. A kind that the line
    does not have raises `UnknownRule`.
    """
    found = []
    size = law.rule(f"{line}.committee.{kind}")
    if members < size.count:
        found.append(
            refuse(
                code="committee.too_small",
                rule=size,
                reason=f"评标委员会{members}人，少于{size.count}人",
                remedy=f"请补足到{size.count}人以上的单数",
            )
        )
    odd = law.rule(f"{line}.committee.odd")
    if odd.count and members % 2 == 0:
        found.append(
            refuse(
                code="committee.even",
                rule=odd,
                reason=f"评标委员会{members}人，不是单数",
                remedy="请增加或者减少一人",
            )
        )
    return found + _refuse_wrong_experts(law.rule(f"{line}.committee.experts"), members=members, experts=experts)


def _refuse_wrong_experts(rule: Rule, *, members: int, experts: int) -> list[Refusal]:
    """Too few experts, or more than there are members; the share is compared in whole thirds."""
    if experts > members:
        return [
            refuse(
                code="committee.more_experts_than_members",
                rule=rule,
                reason=f"专家{experts}人多于成员总数{members}人",
                remedy="请核对人数",
            )
        ]
    if experts * 3 >= members * rule.count:
        return []
    needed = -(-members * rule.count // 3)
    return [
        refuse(
            code="committee.too_few_experts",
            rule=rule,
            reason=f"技术、经济等方面的专家{experts}人，不足成员总数{members}人的{rule.amount_text}",
            remedy=f"专家至少需要{needed}人",
        )
    ]


def check_recusal(*, law: Law, relations: Iterable[Relation], on: date, line: Line = Line.WORKS) -> list[Refusal]:
    """回避: one refusal for each relation that keeps an expert out on the day `on`, with the article that applies.

    Relations whose rule counts years (worked for the bidder in the last 3 years) end to matter the day after;
    a default that a correction set to 0 does not apply.
    """
    found = []
    for relation in relations:
        rule = law.rule(f"{line}.recusal.{relation.kind}")
        if _still_matters(rule, relation, on):
            found.append(
                refuse(
                    code=f"recusal.{relation.kind}",
                    rule=rule,
                    reason=f"与{relation.party}：{RELATION_TEXTS[relation.kind]}，应当回避",
                    remedy="请更换评标专家",
                )
            )
    return found


def _still_matters(rule: Rule, relation: Relation, on: date) -> bool:
    if rule.unit is Unit.FLAG:
        return rule.count == 1
    if relation.ended_on is None:
        return True
    return on <= add_months(start=relation.ended_on, count=12 * rule.count)
