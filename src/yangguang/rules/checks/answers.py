"""How a check answers: refusals that cite the rule they come from."""

from datetime import date
from decimal import Decimal

from yangguang.rules.clocks import due_on
from yangguang.rules.law import Law, Rule
from yangguang.rules.refusal import Refusal


def refuse(*, code: str, rule: Rule, reason: str, remedy: str) -> Refusal:
    """A refusal on the article of `rule`."""
    return Refusal(code=code, reason=reason, article=rule.citation, remedy=remedy)


def money_text(amount: Decimal) -> str:
    """An amount of yuan for people."""
    return f"{amount:,.2f}元"


def refuse_outside_clock(
    *, law: Law, rule_id: str, code: str, act: str, start: date, done_on: date, remedy: str
) -> list[Refusal]:
    """Refuse an act before the start of its clock or after its last day.

    `code` gets `.too_early` or `.too_late`; `act` is the act's Chinese name; `remedy` is what to do when late.
    """
    rule = law.rule(rule_id)
    if done_on < start:
        return [
            refuse(
                code=f"{code}.too_early",
                rule=rule,
                reason=f"{act}日期{done_on}早于起算日{start}",
                remedy="请核对两个日期",
            )
        ]
    due = due_on(law=law, rule_id=rule_id, start=start)
    if done_on <= due:
        return []
    return [
        refuse(
            code=f"{code}.too_late",
            rule=rule,
            reason=f"{act}应自{start}起{rule.amount_text}内完成，最迟{due}，现为{done_on}",
            remedy=remedy,
        )
    ]


def refuse_short_period(*, law: Law, rule_id: str, code: str, period: str, start: date, end: date) -> list[Refusal]:
    """Refuse a period that ends before the law lets it end; the remedy gives the earliest lawful last day."""
    rule = law.rule(rule_id)
    earliest = due_on(law=law, rule_id=rule_id, start=start)
    if end >= earliest:
        return []
    return [
        refuse(
            code=code,
            rule=rule,
            reason=f"{period}自{start}至{end}，不足{rule.amount_text}",
            remedy=f"请改为{earliest}或者以后",
        )
    ]
