"""From rejection to contract (否决、推荐、公示、定标、合同): the legal grounds, the order and the clocks."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from yangguang.rules.checks.answers import refuse, refuse_outside_clock, refuse_short_period
from yangguang.rules.checks.periods import AnswerTo, check_objections_answered
from yangguang.rules.clocks import due_on
from yangguang.rules.law import Law, Line
from yangguang.rules.refusal import Refusal


class RejectionGround(StrEnum):
    """否决投标的法定情形: the seven grounds of 招标投标法实施条例第五十一条, in its order."""

    UNSIGNED = "unsigned"
    CONSORTIUM_WITHOUT_AGREEMENT = "consortium_without_agreement"
    UNQUALIFIED = "unqualified"
    SEVERAL_BIDS = "several_bids"
    PRICE = "price"
    UNRESPONSIVE = "unresponsive"
    MISCONDUCT = "misconduct"

    @property
    def text(self) -> str:
        """The ground in Chinese."""
        return REJECTION_TEXTS[self]

    @property
    def article(self) -> str:
        """Law, article and item of the ground."""
        number = "一二三四五六七"[list(RejectionGround).index(self)]
        return f"招标投标法实施条例第五十一条第（{number}）项"


REJECTION_TEXTS = {
    RejectionGround.UNSIGNED: "投标文件未经投标单位盖章和单位负责人签字",
    RejectionGround.CONSORTIUM_WITHOUT_AGREEMENT: "投标联合体没有提交共同投标协议",
    RejectionGround.UNQUALIFIED: "投标人不符合国家或者招标文件规定的资格条件",
    RejectionGround.SEVERAL_BIDS: "同一投标人提交两个以上不同的投标文件或者投标报价，招标文件要求提交备选投标的除外",
    RejectionGround.PRICE: "投标报价低于成本或者高于招标文件设定的最高投标限价",
    RejectionGround.UNRESPONSIVE: "投标文件没有对招标文件的实质性要求和条件作出响应",
    RejectionGround.MISCONDUCT: "投标人有串通投标、弄虚作假、行贿等违法行为",
}


class DropOutReason(StrEnum):
    """Why a candidate may be passed over (招标投标法实施条例第五十五条)."""

    GAVE_UP = "gave_up"
    FORCE_MAJEURE = "force_majeure"
    NO_PERFORMANCE_BOND = "no_performance_bond"
    ILLEGAL_ACTS = "illegal_acts"

    @property
    def text(self) -> str:
        """The reason in Chinese."""
        return DROP_OUT_TEXTS[self]


DROP_OUT_TEXTS = {
    DropOutReason.GAVE_UP: "中标候选人放弃中标",
    DropOutReason.FORCE_MAJEURE: "因不可抗力不能履行合同",
    DropOutReason.NO_PERFORMANCE_BOND: "未按招标文件要求提交履约保证金",
    DropOutReason.ILLEGAL_ACTS: "被查实存在影响中标结果的违法行为，不符合中标条件",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One recommended candidate (中标候选人); rank 1 is the first."""

    bidder: str
    rank: int


def check_rejection_ground(*, law: Law, ground: str, reason: str) -> list[Refusal]:
    """否决投标: only on a listed ground and with the facts in words (条例第五十一条)."""
    rule = law.rule("works.rejection.grounds")
    if ground not in {known.value for known in RejectionGround}:
        return [
            refuse(
                code="rejection.unlisted_ground",
                rule=rule,
                reason=f"“{ground}”不是法定的否决情形",
                remedy="请选择第五十一条所列情形之一；不属于所列情形的不得否决",
            )
        ]
    if reason.strip():
        return []
    return [refuse(code="rejection.no_reason", rule=rule, reason="否决投标没有写明事实和理由", remedy="请写明")]


def check_candidates(*, law: Law, candidates: Sequence[Candidate]) -> list[Refusal]:
    """推荐中标候选人: one to three, ranked 1, 2, 3, each bidder once (条例第五十三条)."""
    rule = law.rule("works.candidates.count")
    if not 1 <= len(candidates) <= rule.count:
        return [
            refuse(
                code="candidates.count",
                rule=rule,
                reason=f"推荐了{len(candidates)}名中标候选人，应为一至{rule.count}名",
                remedy="请更正；没有合格投标人的，请否决全部投标",
            )
        ]
    ranks = sorted(candidate.rank for candidate in candidates)
    bidders = {candidate.bidder for candidate in candidates}
    if ranks == list(range(1, len(candidates) + 1)) and len(bidders) == len(candidates):
        return []
    return [
        refuse(
            code="candidates.ranking",
            rule=rule,
            reason="中标候选人没有依次标明排序，或者同一投标人重复",
            remedy="请从第一名起连续、不重复地排序",
        )
    ]


def check_recommended(*, law: Law, most: int) -> list[Refusal]:
    """推荐名额: a tender document may not ask for more candidates than can be recommended (条例第五十三条)."""
    rule = law.find("works.candidates.count")
    if rule is None or most <= rule.count:
        return []
    reason = f"推荐{most}名中标候选人，多于{rule.count}名"
    return [refuse(code="terms.candidates", rule=rule, reason=reason, remedy=f"请改为{rule.count}名或者以下")]


def check_publicity_start(*, law: Law, report_on: date, starts_on: date) -> list[Refusal]:
    """公示开始: within 3 days of receiving the evaluation report (条例第五十四条). Late, it stays a duty."""
    return refuse_outside_clock(
        law=law,
        rule_id="works.publicity.start",
        code="publicity.start",
        act="公示中标候选人",
        start=report_on,
        done_on=starts_on,
        remedy="请立即公示，并记录逾期原因",
    )


def publicity_ends_on(*, law: Law, starts_on: date) -> date:
    """The earliest lawful last day of the candidates' publicity (公示期届满日)."""
    return due_on(law=law, rule_id="works.publicity.duration", start=starts_on)


def check_publicity(*, law: Law, starts_on: date, ends_on: date) -> list[Refusal]:
    """公示期: at least 3 days, the first not counted (条例第五十四条)."""
    return refuse_short_period(
        law=law,
        rule_id="works.publicity.duration",
        code="publicity.too_short",
        period="中标候选人公示",
        start=starts_on,
        end=ends_on,
    )


def check_result_objection_time(
    *, law: Law, publicity_starts_on: date, publicity_ends_on: date, raised_on: date
) -> list[Refusal]:
    """评标结果异议: within the publicity, both ends included (条例第五十四条)."""
    if publicity_starts_on <= raised_on <= publicity_ends_on:
        return []
    early = raised_on < publicity_starts_on
    return [
        refuse(
            code="result.objection.too_early" if early else "result.objection.too_late",
            rule=law.rule("works.publicity.duration"),
            reason=f"对评标结果的异议应在公示期（{publicity_starts_on}至{publicity_ends_on}）内提出",
            remedy="请在公示开始后提出" if early else "可以向行政监督部门反映",
        )
    ]


def check_standstill(
    *, law: Law, publicity_ends_on: date, notice_on: date, unanswered_objections: int = 0
) -> list[Refusal]:
    """静默期: no award notice before the publicity is over and every objection answered (条例第五十四条)."""
    found = check_objections_answered(law=law, unanswered=unanswered_objections, about=AnswerTo.RESULT)
    if notice_on > publicity_ends_on:
        return found
    return [
        *found,
        refuse(
            code="award.publicity_not_over",
            rule=law.rule("works.publicity.duration"),
            reason=f"公示期至{publicity_ends_on}届满，{notice_on}不能发出中标通知书",
            remedy="请在公示期届满次日起发出",
        ),
    ]


def check_award_order(
    *,
    law: Law,
    ranked: Sequence[str],
    winner: str,
    dropped: Mapping[str, DropOutReason],
    state_controlled: bool,
    line: Line = Line.WORKS,
) -> list[Refusal]:
    """定标: the winner is a candidate who has not dropped out; where order binds, the first such (条例第五十五条).

    `ranked` are the candidates from the first on, `dropped` those passed over with the legal reason. Order binds
    where state money controls the project, and always in procurement (财政部令第87号第六十八条).
    """
    if winner not in ranked:
        return [
            refuse(
                code="award.not_a_candidate",
                rule=law.rule(f"{line}.award.among_candidates"),
                reason=f"{winner}不是中标候选人",
                remedy="请在中标候选人中确定，或者重新招标",
            )
        ]
    rule = law.rule(f"{line}.award.order")
    if winner in dropped:
        return [
            refuse(
                code="award.dropped_out",
                rule=rule,
                reason=f"{winner}不能中标：{dropped[winner].text}",
                remedy="请依次确定其他中标候选人，或者重新招标",
            )
        ]
    first = next(bidder for bidder in ranked if bidder not in dropped)
    if winner == first or not (state_controlled or line is Line.PROCUREMENT):
        return []
    return [
        refuse(
            code="award.out_of_order",
            rule=rule,
            reason=f"应由排名在前的{first}中标",
            remedy=f"请确定{first}为中标人；其有法定情形的，请先记录事由",
        )
    ]


def check_notice_reaches_all(*, law: Law, bidders: AbstractSet[str], told: AbstractSet[str]) -> list[Refusal]:
    """中标通知: the winner's notice and the result to every loser go out together (招标投标法第四十五条)."""
    missing = bidders - told
    if not missing:
        return []
    return [
        refuse(
            code="award.notice_incomplete",
            rule=law.rule("works.award.notice_together"),
            reason=f"中标结果没有同时通知：{'、'.join(sorted(missing))}",
            remedy="请同时通知全部投标人",
        )
    ]


def check_contract_time(
    *,
    law: Law,
    notice_on: date,
    signed_on: date,
    line: Line = Line.WORKS,
) -> list[Refusal]:
    """合同订立: within 30 days of the award notice (招标投标法第四十六条). Late, it stays a duty to be recorded."""
    return refuse_outside_clock(
        law=law,
        rule_id=f"{line}.contract.signing",
        code="contract",
        act="订立书面合同",
        start=notice_on,
        done_on=signed_on,
        remedy="请记录逾期原因，并报行政监督部门",
    )


def check_written_report_time(*, law: Law, awarded_on: date, reported_on: date) -> list[Refusal]:
    """书面报告: within 15 days of the award (招标投标法第四十七条). Late, it stays a duty to be recorded."""
    return refuse_outside_clock(
        law=law,
        rule_id="works.report.written",
        code="written_report",
        act="提交招标投标情况书面报告",
        start=awarded_on,
        done_on=reported_on,
        remedy="请立即补交，并记录逾期原因",
    )
