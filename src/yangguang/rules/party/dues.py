"""Dues (党费): what a member owes a month, since when, what is in arrears, and where the money goes. Decimal yuan.

A month is written as its first day. Source unless said otherwise: 党费收缴、使用和管理的规定（中组发〔2008〕3号）.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from itertools import pairwise

from yangguang.rules.calendar import add_months
from yangguang.rules.checks.answers import money_text, refuse
from yangguang.rules.law import Law, Rule
from yangguang.rules.refusal import Refusal, Refused

MONTHS_IN_QUARTER = 3


class Payer(StrEnum):
    """How a member's dues are set (交纳类别): by bands of the base, in a range, or one fixed sum."""

    EMPLOYEE = "employee"
    RETIRED = "retired"
    FARMER = "farmer"
    STUDENT = "student"
    UNEMPLOYED = "unemployed"
    RELIEF = "relief"
    MINIMUM_LIVING = "minimum_living"


PAYER_LABELS = {
    Payer.EMPLOYEE: "按月领取工资",
    Payer.RETIRED: "离退休",
    Payer.FARMER: "农民",
    Payer.STUDENT: "学生",
    Payer.UNEMPLOYED: "下岗失业",
    Payer.RELIEF: "依靠抚恤或者救济生活",
    Payer.MINIMUM_LIVING: "领取最低生活保障金",
}
BY_BAND = frozenset({Payer.EMPLOYEE, Payer.RETIRED})


class Use(StrEnum):
    """The five uses of dues (使用范围, 第十九条)."""

    TRAINING = "training"
    MATERIALS = "materials"
    COMMENDATION = "commendation"
    HARDSHIP = "hardship"
    DISASTER = "disaster"


USE_LABELS = {
    Use.TRAINING: "培训党员",
    Use.MATERIALS: "订阅、购买党员教育报刊资料和设备",
    Use.COMMENDATION: "表彰先进",
    Use.HARDSHIP: "补助生活困难党员",
    Use.DISASTER: "补助受灾党员和修缮受损设施",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthlyDue:
    """应交党费 of one month: from `least` to `most` yuan, the same where the sum is fixed, and the rule it rests on."""

    least: Decimal
    most: Decimal
    rule: Rule

    @property
    def is_fixed(self) -> bool:
        """Whether there is one sum; in a range the member and the branch settle on one."""
        return self.least == self.most


def monthly_due(*, law: Law, payer: Payer, base: Decimal | None = None) -> MonthlyDue:
    """The dues of a month: the band's rate on the whole base, never progressive (第二条), a range or a sum (第六条).

    `base` is the after-tax regular monthly pay or pension in yuan, asked for only where bands apply. Raises `Refused`
    for a missing or negative base.
    """
    if payer is Payer.FARMER:
        least, most = law.rule("party.dues.farmer.least"), law.rule("party.dues.farmer.most")
        return MonthlyDue(least=least.value, most=most.value, rule=most)
    if payer not in BY_BAND:
        fixed = law.rule(f"party.dues.{payer}.fixed")
        return MonthlyDue(least=fixed.value, most=fixed.value, rule=fixed)
    rate = _rate(law, payer, _known_base(law, payer, base))
    amount = _rounded(law, (base or Decimal(0)) * rate.share)
    return MonthlyDue(least=amount, most=amount, rule=rate)


def check_amount(*, due: MonthlyDue, amount: Decimal) -> list[Refusal]:
    """What is booked as a month's dues is what is owed, or within the range; more is an extra payment (第十一条)."""
    if due.least <= amount <= due.most:
        return []
    span = money_text(due.least) if due.is_fixed else f"{money_text(due.least)}至{money_text(due.most)}"
    return [
        refuse(
            code="dues.amount",
            rule=due.rule,
            reason=f"当月应交{span}，现为{money_text(amount)}",
            remedy="请更正金额；自愿多交的部分另记，经批准少交免交的先登记批准",
        )
    ]


def quarter_base(*, incomes: Sequence[Decimal]) -> Decimal:
    """The base of a member without monthly pay: the monthly average of the last quarter's net income (第四条).

    `incomes` are the three months in yuan. Raises ValueError for another number of months.
    """
    if len(incomes) != MONTHS_IN_QUARTER:
        raise ValueError(f"应为上季度三个月的纯收入，现为{len(incomes)}个月")
    return sum(incomes, Decimal(0)) / MONTHS_IN_QUARTER


def base_in(*, month: date, bases: Iterable[tuple[date, Decimal]]) -> Decimal | None:
    """The base of a month: new pay counts from the month in which it was first received (第十条).

    `bases` are pairs of the day the pay was first received and the base in yuan. None before the first one.
    """
    known = sorted((day, base) for day, base in bases if month_of(day) <= month_of(month))
    return known[-1][1] if known else None


def month_of(day: date) -> date:
    """The month of a day, as its first day. A probationary member pays from the month of the member meeting."""
    return day.replace(day=1)


def months_owed(*, since: date, until: date) -> tuple[date, ...]:
    """Every month for which dues are owed: from that of `since` to that of `until`, both included.

    `since` is the day the branch's member meeting admitted the probationary member (预备党员自支部大会通过之日起交纳),
    or the day the member moved in.
    """
    months = (until.year - since.year) * 12 + until.month - since.month
    return tuple(add_months(start=month_of(since), count=number) for number in range(months + 1))


def arrears(*, since: date, paid: Iterable[date], at: date, pays_quarterly: bool = False) -> tuple[date, ...]:
    """The months that are over on `at` and not paid; who may pay by quarter (第十二条) has until the quarter's end."""
    begins = month_of(at)
    if pays_quarterly:
        begins = begins.replace(month=(begins.month - 1) // MONTHS_IN_QUARTER * MONTHS_IN_QUARTER + 1)
    done = {month_of(one) for one in paid}
    return tuple(month for month in months_owed(since=since, until=at) if month < begins and month not in done)


def warn_back_payment(*, law: Law, months: Iterable[date]) -> list[Refusal]:
    """A caution where more months are paid afterwards than the rule allows as a rule (一般不超过6个月, 第十二条)."""
    rule, count = law.rule("party.dues.arrears"), len(set(months))
    if count <= rule.count:
        return []
    return [
        refuse(
            code="dues.back_payment",
            rule=rule,
            reason=f"补交{count}个月党费，超过{rule.amount_text}",
            remedy="请支部了解原因并研究，在记录中写明后办理",
        )
    ]


def note_on_lapse(*, law: Law, unpaid: Iterable[date]) -> list[Refusal]:
    """A note for the branch where no dues were paid for 6 months on end (教管条例第三十一条); never a finding.

    Whether there was a good reason, and what follows, people judge.
    """
    rule, run = law.rule("party.membership.lapse"), longest_run(unpaid)
    if len(run) < rule.count:
        return []
    return [
        refuse(
            code="membership.lapse",
            rule=rule,
            reason=f"{_month_text(run[0])}至{_month_text(run[-1])}连续{len(run)}个月未交党费",
            remedy="请支部核实有无正当理由，先谈话教育；是否适用由支部大会讨论、上级党组织决定，系统不作判断",
        )
    ]


def longest_run(months: Iterable[date]) -> tuple[date, ...]:
    """The longest run of months that follow each other, the latest of several."""
    in_order = sorted({month_of(one) for one in months})
    best: list[date] = []
    run: list[date] = in_order[:1]
    for earlier, later in pairwise(in_order):
        if later != add_months(start=earlier, count=1):
            best, run = _longer(best, run), []
        run = [*run, later]
    return tuple(_longer(best, run))


def owed_upwards(*, law: Law, extra: Decimal) -> Decimal:
    """What of one voluntary extra payment is passed up: all of it from 1000 yuan on, otherwise nothing (第十一条)."""
    return extra if extra >= law.value("party.dues.extra_upwards") else Decimal(0)


def check_payment(*, law: Law, by_organisation: bool, withheld: bool, is_levy: bool = False) -> list[Refusal]:
    """No organisation pays for a member, withholds dues from pay, or asks for 特殊党费 of its own (第十四条)."""
    rule = law.rule("party.dues.no_paying_for_others")
    faults = {
        "dues.paid_by_organisation": (by_organisation, "党组织垫交党费", "请由党员本人交纳"),
        "dues.withheld": (withheld, "从工资中扣缴党费", "请由党员本人交纳"),
        "dues.levy": (is_levy, "要求交纳规定以外的特殊党费", "请取消这一要求；自愿多交的由本人提出"),
    }
    return [
        refuse(code=code, rule=rule, reason=reason, remedy=remedy)
        for code, (is_so, reason, remedy) in faults.items()
        if is_so and rule.count
    ]


def check_spending(*, law: Law, use: str, decided_on: date | None, spent_on: date) -> list[Refusal]:
    """Dues are spent on the five uses (第十九条) and after a collective decision, that day at the latest (第二十条)."""
    rule = law.rule("party.dues.collective_spending")
    found = []
    if use not in set(Use):
        found.append(
            refuse(
                code="dues.use",
                rule=law.rule("party.dues.uses"),
                reason=f"用途“{use}”不在党费使用范围",
                remedy=f"应为以下之一：{'、'.join(USE_LABELS.values())}；其他开支列入工作经费",
            )
        )
    if decided_on is None or decided_on > spent_on:
        found.append(
            refuse(
                code="dues.undecided",
                rule=rule,
                reason=f"{spent_on}使用党费之前没有集体讨论决定",
                remedy="请先召开会议集体讨论决定，再登记支出",
            )
        )
    return found


def check_reduction(*, law: Law, resolved_on: date | None, approved_on: date | None) -> list[Refusal]:
    """少交免交: the branch resolves, the party committee above approves, in this order."""
    if resolved_on and approved_on and resolved_on <= approved_on:
        return []
    return [
        refuse(
            code="dues.reduction",
            rule=law.rule("party.dues.hardship_approval"),
            reason="少交或者免交党费应先经支部研究，再由上一级党委批准",
            remedy="请登记支部研究和上级批准的日期",
        )
    ]


def _rate(law: Law, payer: Payer, base: Decimal) -> Rule:
    """The rate of the first band that reaches the base; the last band has no top."""
    band = 1
    while (top := law.find(f"party.dues.{payer}.band{band}_top")) is not None and base > top.value:
        band += 1
    return law.rule(f"party.dues.{payer}.band{band}_rate")


def _known_base(law: Law, payer: Payer, base: Decimal | None) -> Decimal:
    if base is not None and base >= 0:
        return base
    raise Refused(
        refuse(
            code="dues.base",
            rule=law.rule(f"party.dues.{payer}.band1_rate"),
            reason="没有党费基数，不能计算应交党费" if base is None else f"党费基数{base}元为负数",
            remedy="请登记本人税后、相对固定、经常性的月收入",
        )
    )


def _rounded(law: Law, amount: Decimal) -> Decimal:
    """Half up to the smallest sum that is collected, by default 分."""
    smallest = law.value("party.dues.rounding")
    if not smallest:
        return amount
    return (amount / smallest).quantize(Decimal(1), ROUND_HALF_UP) * smallest


def _longer(best: list[date], run: list[date]) -> list[date]:
    return run if len(run) >= len(best) else best


def _month_text(month: date) -> str:
    return f"{month.year}年{month.month}月"
