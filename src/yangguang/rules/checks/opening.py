"""Submission and opening (投标、开标): who is in time, how many are enough. Moments are aware datetimes."""

from datetime import datetime
from enum import StrEnum

from yangguang.rules.checks.answers import refuse
from yangguang.rules.clocks import due_at, length_of
from yangguang.rules.law import Law, Line
from yangguang.rules.refusal import Refusal


class CountStage(StrEnum):
    """Where bidders are counted: three different rules that only share their number."""

    INVITATION = "invitation"
    OPENING = "opening"
    QUALIFICATION = "qualification"


COUNT_TEXTS = {
    CountStage.INVITATION: ("被邀请的投标人", "请补足邀请对象"),
    CountStage.OPENING: ("投标人", "不得开标，请依法重新招标"),
    CountStage.QUALIFICATION: ("通过资格审查的投标人", "不得评标，请依法重新组织采购"),
}


def check_bidder_count(
    *, law: Law, count: int, line: Line = Line.WORKS, stage: CountStage = CountStage.OPENING
) -> list[Refusal]:
    """At least 3 bidders at the opening (条例第四十四条), or at invitation, or in procurement after qualification.

    `CountStage.QUALIFICATION` is a rule of procurement alone: raises `UnknownRule` for works.
    """
    rule = law.rule(f"{line}.{stage}.bidders")
    if count >= rule.count:
        return []
    who, remedy = COUNT_TEXTS[stage]
    return [
        refuse(
            code=f"{stage}.too_few_bidders",
            rule=rule,
            reason=f"{who}{count}个，少于{rule.count}个",
            remedy=remedy,
        )
    ]


def warn_valid_bids(*, law: Law, valid: int, line: Line = Line.WORKS) -> list[Refusal]:
    """Caution: too few valid bids after rejections (有效投标不足).

    In works the committee may reject all if competition is plainly lacking, which is for people to judge;
    in procurement the tender fails (政府采购法第三十六条).
    """
    rule = law.rule(f"{line}.evaluation.valid_bids")
    if valid >= rule.count:
        return []
    remedy = "予以废标" if line is Line.PROCUREMENT else "由评标委员会判断是否明显缺乏竞争，可以否决全部投标"
    return [
        refuse(
            code="evaluation.too_few_valid_bids",
            rule=rule,
            reason=f"有效投标{valid}个，少于{rule.count}个",
            remedy=remedy,
        )
    ]


def check_submission_time(
    *, law: Law, deadline: datetime, received_at: datetime, line: Line = Line.WORKS
) -> list[Refusal]:
    """A bid complete at the deadline itself is in time; any later one is refused (迟到拒收)."""
    if received_at <= deadline:
        return []
    return [
        refuse(
            code="bid.late",
            rule=law.rule(f"{line}.bid.late"),
            reason="投标截止时间已过，投标文件拒收",
            remedy="本标段不能再投标，可以关注重新招标的公告",
        )
    ]


def check_opening_time(*, law: Law, deadline: datetime, at: datetime, line: Line = Line.WORKS) -> list[Refusal]:
    """Nothing is opened before the deadline (招标投标法第三十四条)."""
    if at >= deadline:
        return []
    return [
        refuse(
            code="opening.too_early",
            rule=law.rule(f"{line}.opening.time"),
            reason="投标截止时间未到，不得开标或者解密",
            remedy="请等到投标截止时间",
        )
    ]


def sign_in_opens_at(*, law: Law, opening_at: datetime) -> datetime:
    """When the opening hall starts to take sign-ins (签到开放时刻)."""
    return opening_at - length_of(law.rule("platform.opening.sign_in_opens"))


def check_sign_in_time(*, law: Law, opening_at: datetime, at: datetime) -> list[Refusal]:
    """签到: not before the hall opens, by default 60 minutes before the opening."""
    opens_at = sign_in_opens_at(law=law, opening_at=opening_at)
    if at >= opens_at:
        return []
    rule = law.rule("platform.opening.sign_in_opens")
    return [
        refuse(
            code="opening.sign_in.too_early",
            rule=rule,
            reason=f"签到在开标前{rule.amount_text}开放",
            remedy="请稍后再签到",
        )
    ]


def decryption_closes_at(*, law: Law, started_at: datetime) -> datetime:
    """When the bidders' decryption window closes (解密截止时刻), by default 30 minutes after it was started."""
    return due_at(law=law, rule_id="platform.opening.decryption_window", start=started_at)


def check_decryption_window(*, law: Law, minutes: int) -> list[Refusal]:
    """解密时限: what a tender document gives bidders, by default at least 30 minutes."""
    rule = law.find("platform.opening.decryption_window")
    if rule is None or minutes >= rule.count:
        return []
    reason = f"解密时限{minutes}分钟，少于{rule.count}分钟"
    return [refuse(code="terms.decryption_minutes", rule=rule, reason=reason, remedy=f"请改为{rule.count}分钟或者以上")]


def check_decryption_time(*, law: Law, started_at: datetime, closes_at: datetime, at: datetime) -> list[Refusal]:
    """解密: within the window, both ends included; `closes_at` is later than the default where it was extended."""
    rule = law.rule("platform.opening.decryption_window")
    if closes_at < decryption_closes_at(law=law, started_at=started_at):
        return [
            refuse(
                code="opening.decryption.window_too_short",
                rule=rule,
                reason=f"解密时限不足{rule.amount_text}",
                remedy="请延长解密时限",
            )
        ]
    if started_at <= at <= closes_at:
        return []
    early = at < started_at
    return [
        refuse(
            code="opening.decryption.too_early" if early else "opening.decryption.too_late",
            rule=rule,
            reason="解密尚未开始" if early else "解密时限已过",
            remedy="请等待主持人开始解密" if early else "属平台原因的，请申请延长；属投标人原因的，视为撤销投标",
        )
    ]


def opening_objection_closes_at(*, law: Law, announced_at: datetime) -> datetime:
    """When the time for objections on the spot ends (开标异议截止时刻), by default 5 minutes after announcement."""
    return due_at(law=law, rule_id="platform.opening.objection_window", start=announced_at)


def check_opening_objection_time(
    *, law: Law, closes_at: datetime, raised_at: datetime, line: Line = Line.WORKS
) -> list[Refusal]:
    """开标异议: raised on the spot (条例第四十四条), which online means before the window closes.

    `closes_at` is `opening_objection_closes_at`, later where the opening was suspended meanwhile.
    """
    if raised_at <= closes_at:
        return []
    rule = law.find(f"{line}.opening.objection_answer") or law.rule("platform.opening.objection_window")
    return [
        refuse(
            code="opening.objection.too_late",
            rule=rule,
            reason="对开标的异议应当在开标现场提出，现场异议时间已过",
            remedy="可以在后续环节依法提出异议或者投诉",
        )
    ]


def check_opening_record_time(*, law: Law, closes_at: datetime, at: datetime) -> list[Refusal]:
    """开标记录: signed when the time for objections on the spot is over, not before."""
    if at > closes_at:
        return []
    rule = law.rule("platform.opening.objection_window")
    return [
        refuse(
            code="opening.objection.running",
            rule=rule,
            reason=f"唱标后{rule.amount_text}内投标人可以当场提出异议，现在不能签署开标记录",
            remedy="请等现场异议时间结束",
        )
    ]
