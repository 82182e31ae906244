"""Periods and objections before the deadline, and complaints (发售期、等标期、澄清、异议、投诉)."""

from datetime import date
from enum import StrEnum

from yangguang.rules.calendar import days_between
from yangguang.rules.checks.answers import refuse, refuse_outside_clock, refuse_short_period
from yangguang.rules.clocks import due_on, latest_on
from yangguang.rules.law import Law, Line
from yangguang.rules.refusal import Refusal


class Phase(StrEnum):
    """Which document a period belongs to: the tender document (招标文件) or prequalification (资格预审文件)."""

    TENDER = "tender"
    PREQUALIFICATION = "prequalification"


class AnswerTo(StrEnum):
    """What an objection (异议, in procurement 质疑) is about."""

    TENDER = "tender"
    PREQUALIFICATION = "prequalification"
    RESULT = "result"


def check_document_period(
    *,
    law: Law,
    starts_on: date,
    ends_on: date,
    line: Line = Line.WORKS,
    phase: Phase = Phase.TENDER,
) -> list[Refusal]:
    """发售期: documents are on offer for at least 5 days (条例第十六条), in procurement 5 working days."""
    return refuse_short_period(
        law=law,
        rule_id=f"{line}.{phase}.document_sale",
        code=f"{phase}.document_period.too_short",
        period="文件发售（提供）期",
        start=starts_on,
        end=ends_on,
    )


def check_document_on_sale(
    *, law: Law, sold_until: date, asked_on: date, has_it: bool, line: Line = Line.WORKS, phase: Phase = Phase.TENDER
) -> list[Refusal]:
    """获取文件: until the last day of the published sale (条例第十六条); whoever has the document gets its changes too.

    The law sets only the least length of the sale. Where the notice lets documents be had until the deadline, its
    `sold_until` is that day.
    """
    if has_it or asked_on <= sold_until:
        return []
    return [
        refuse(
            code=f"{phase}.document_sale.over",
            rule=law.rule(f"{line}.{phase}.document_sale"),
            reason=f"招标文件的获取期限{sold_until}已届满，现为{asked_on}",
            remedy="可以书面提请招标人在公告中延长获取期限；已获取文件的单位可以继续下载澄清和修改",
        )
    ]


def check_bid_period(
    *,
    law: Law,
    issued_on: date,
    deadline_on: date,
    line: Line = Line.WORKS,
) -> list[Refusal]:
    """等标期: at least 20 days from issue to deadline (招标投标法第二十四条); exactly 20 days are allowed."""
    return refuse_short_period(
        law=law,
        rule_id=f"{line}.tender.document_to_deadline",
        code="tender.bid_period.too_short",
        period="招标文件发出至投标截止",
        start=issued_on,
        end=deadline_on,
    )


def warn_bid_period(
    *,
    law: Law,
    issued_on: date,
    deadline_on: date,
    line: Line = Line.WORKS,
) -> list[Refusal]:
    """Caution, not refusal: a bid period of exactly the minimum, where supervisors count the last day differently."""
    rule = law.rule(f"{line}.tender.document_to_deadline")
    if days_between(start=issued_on, end=deadline_on, day_type=rule.day_type, calendar=law.calendar) != rule.count:
        return []
    return [
        refuse(
            code="tender.bid_period.exactly_minimum",
            rule=rule,
            reason=f"招标文件发出至投标截止恰为{rule.amount_text}，截止当日是否计入各地理解不一",
            remedy="建议推迟一日，或者先与行政监督部门核对",
        )
    ]


def check_prequalification_period(
    *,
    law: Law,
    counted_from: date,
    deadline_on: date,
    line: Line = Line.WORKS,
) -> list[Refusal]:
    """Prequalification applications: at least 5 days from the end of the sale (条例第十七条).

    In procurement `counted_from` is the last day of the announcement and the days are working days.
    """
    return refuse_short_period(
        law=law,
        rule_id=f"{line}.prequalification.submission",
        code="prequalification.submission_period.too_short",
        period="资格预审申请文件提交期",
        start=counted_from,
        end=deadline_on,
    )


def check_clarification(
    *,
    law: Law,
    issued_on: date,
    deadline_on: date,
    affects_bids: bool,
    postponed_to: date | None = None,
    line: Line = Line.WORKS,
    phase: Phase = Phase.TENDER,
) -> list[Refusal]:
    """澄清或修改: what may affect bids comes 15 days before the deadline, or the deadline moves (条例第二十一条).

    `deadline_on` is the deadline so far, `postponed_to` the one that this clarification sets, if any.
    The remedy gives the earliest lawful deadline.
    """
    rule = law.rule(f"{line}.{phase}.clarification")
    if issued_on > deadline_on:
        return [
            refuse(
                code=f"{phase}.clarification.after_deadline",
                rule=rule,
                reason=f"截止日{deadline_on}已过，不能再澄清或者修改",
                remedy="如确需修改，请依法重新招标",
            )
        ]
    if postponed_to is not None and postponed_to < deadline_on:
        return [
            refuse(
                code=f"{phase}.clarification.deadline_advanced",
                rule=rule,
                reason=f"新的截止日{postponed_to}早于原截止日{deadline_on}",
                remedy="截止时间只能顺延，请改为原截止日或者以后",
            )
        ]
    if not affects_bids:
        return []
    return refuse_short_period(
        law=law,
        rule_id=rule.id,
        code=f"{phase}.clarification.too_late",
        period="澄清或者修改发出至截止",
        start=issued_on,
        end=postponed_to or deadline_on,
    )


def earliest_deadline_after_clarification(
    *,
    law: Law,
    issued_on: date,
    line: Line = Line.WORKS,
    phase: Phase = Phase.TENDER,
) -> date:
    """The earliest lawful deadline after a clarification that may affect bids (顺延后的最早截止日)."""
    return due_on(law=law, rule_id=f"{line}.{phase}.clarification", start=issued_on)


def check_document_objection_time(
    *,
    law: Law,
    raised_on: date,
    deadline_on: date,
    phase: Phase = Phase.TENDER,
) -> list[Refusal]:
    """对文件的异议: at least 10 days before the deadline, for prequalification 2 (条例第二十二条). Works only."""
    rule = law.rule(f"works.{phase}.objection")
    latest = latest_on(law=law, rule_id=rule.id, end=deadline_on)
    if raised_on <= latest:
        return []
    return [
        refuse(
            code=f"{phase}.objection.too_late",
            rule=rule,
            reason=f"异议应在截止日{deadline_on}的{rule.amount_text}前提出，最迟{latest}，现为{raised_on}",
            remedy="可以书面提请招标人澄清，或者向行政监督部门反映",
        )
    ]


def check_challenge_time(*, law: Law, known_on: date, raised_on: date) -> list[Refusal]:
    """质疑: within 7 working days from when the supplier knew (政府采购法第五十二条). Procurement only."""
    return refuse_outside_clock(
        law=law,
        rule_id="procurement.challenge.filing",
        code="challenge",
        act="提出质疑",
        start=known_on,
        done_on=raised_on,
        remedy="逾期的质疑不再受理，可以向财政部门反映",
    )


def answer_rule_id(*, line: Line, about: AnswerTo) -> str:
    """The rule that sets the time for answering an objection; procurement has one for all."""
    return "procurement.challenge.answer" if line is Line.PROCUREMENT else f"{line}.{about}.answer"


def check_answer_time(
    *, law: Law, received_on: date, answered_on: date, line: Line = Line.WORKS, about: AnswerTo = AnswerTo.TENDER
) -> list[Refusal]:
    """答复: an answer dated before its objection is refused.

    A late answer is never refused, because refusing it would leave the objection unanswered and hide the delay:
    it is recorded together with the caution of `warn_answer_time`.
    """
    rule = law.rule(answer_rule_id(line=line, about=about))
    if answered_on >= received_on:
        return []
    return [
        refuse(
            code="objection.answer.too_early",
            rule=rule,
            reason=f"答复日期{answered_on}早于收到异议的日期{received_on}",
            remedy="请核对两个日期",
        )
    ]


def warn_answer_time(
    *,
    law: Law,
    received_on: date,
    answered_on: date,
    line: Line = Line.WORKS,
    about: AnswerTo = AnswerTo.TENDER,
) -> list[Refusal]:
    """Caution for an answer after its 3 days (条例第二十二条、第五十四条), in procurement 7 working days."""
    cautions = refuse_outside_clock(
        law=law,
        rule_id=answer_rule_id(line=line, about=about),
        code="objection.answer",
        act="答复",
        start=received_on,
        done_on=answered_on,
        remedy="答复照常记录，逾期情况一并留痕并报行政监督部门",
    )
    return [caution for caution in cautions if caution.code.endswith(".too_late")]


def check_objections_answered(
    *, law: Law, unanswered: int, line: Line = Line.WORKS, about: AnswerTo = AnswerTo.TENDER
) -> list[Refusal]:
    """Works: the procedure stands still until every objection is answered (条例第二十二条、第五十四条)."""
    if line is not Line.WORKS or not unanswered:
        return []
    return [
        refuse(
            code="objection.unanswered",
            rule=law.rule(answer_rule_id(line=line, about=about)),
            reason=f"有{unanswered}件异议尚未答复，招标投标活动暂停",
            remedy="请先答复异议",
        )
    ]


def check_complaint_time(
    *,
    law: Law,
    counted_from: date,
    filed_on: date,
    uncounted_days: int = 0,
    line: Line = Line.WORKS,
) -> list[Refusal]:
    """投诉: within 10 days from knowledge (条例第六十条), in procurement 15 working days after the answer period.

    `uncounted_days` are the calendar days that the answer to the objection took; they do not count (works).
    """
    rule = law.rule(f"{line}.complaint.filing")
    due = due_on(law=law, rule_id=rule.id, start=counted_from)
    if uncounted_days:
        due = law.calendar.next_working_day(date.fromordinal(due.toordinal() + uncounted_days))
    if filed_on <= due:
        return []
    return [
        refuse(
            code="complaint.too_late",
            rule=rule,
            reason=f"投诉应自{counted_from}起{rule.amount_text}内提出，最迟{due}，现为{filed_on}",
            remedy="可以向行政监督部门书面反映",
        )
    ]
