"""Money (保证金、保函、限价): caps on bonds, what a guarantee must cover, refunds, limit prices. Decimal yuan."""

from datetime import date
from decimal import Decimal
from enum import StrEnum

from yangguang.rules.checks.answers import money_text, refuse, refuse_outside_clock
from yangguang.rules.clocks import due_on
from yangguang.rules.law import Law, Line, Rule
from yangguang.rules.refusal import Refusal


class SubjectKind(StrEnum):
    """What is bought (标的类别), as far as money rules tell it apart."""

    CONSTRUCTION = "construction"
    GOODS = "goods"
    SURVEY_DESIGN = "survey_design"
    SERVICES = "services"


class RefundEvent(StrEnum):
    """From what a bond must be refunded (退还情形): `NOTICE_ISSUED` is procurement's alone, `FAILED` that of works."""

    CONTRACT_SIGNED = "contract_signed"
    WITHDRAWN = "withdrawn"
    NOTICE_ISSUED = "notice_issued"
    TERMINATED = "terminated"
    FAILED = "failed"


def requires_tender(*, law: Law, kind: SubjectKind, estimate: Decimal) -> bool:
    """Whether works of this estimated contract price must be tendered (必须招标, 2018年第16号令第五条)."""
    group = SubjectKind.SERVICES if kind is SubjectKind.SURVEY_DESIGN else kind
    return estimate >= law.value(f"works.threshold.{group}")


def check_bid_bond(
    *, law: Law, kind: SubjectKind, estimate: Decimal, amount: Decimal, line: Line = Line.WORKS
) -> list[Refusal]:
    """投标保证金: at most 2 % of `estimate` and the cap of its kind (条例第二十六条); none at all is allowed.

    `estimate` is the 估算价 of the lot, in procurement its budget (预算).
    """
    rate = law.rule(f"{line}.bond.rate")
    if amount < 0:
        return [_refuse_negative(rate, code="bond.negative")]
    found = []
    if amount > estimate * rate.share:
        found.append(_refuse_above(rate, code="bond.above_rate", what="投标保证金", most=estimate * rate.share))
    cap = law.find(f"{line}.bond.cap_{kind}")
    if cap is not None and amount > cap.value:
        found.append(_refuse_above(cap, code="bond.above_cap", what="投标保证金", most=cap.value))
    return found


def check_performance_bond(
    *, law: Law, contract_price: Decimal, amount: Decimal, line: Line = Line.WORKS
) -> list[Refusal]:
    """履约保证金: at most 10 % of the contract price (条例第五十八条)."""
    rate = law.rule(f"{line}.performance_bond.rate")
    if amount < 0:
        return [_refuse_negative(rate, code="performance_bond.negative")]
    most = contract_price * rate.share
    if amount <= most:
        return []
    return [_refuse_above(rate, code="performance_bond.above_rate", what="履约保证金", most=most)]


def check_guarantee(
    *,
    law: Law,
    required: Decimal,
    amount: Decimal,
    valid_until: date,
    bid_valid_until: date,
    beneficiary: str,
    tenderer: str,
    lot: str,
    expected_lot: str,
    valid_from: date = date.min,
    deadline_on: date = date.max,
    line: Line = Line.WORKS,
) -> list[Refusal]:
    """保函: enough money, for this tenderer and lot, valid as long as the bid; gives all faults together.

    `beneficiary` and `tenderer` are 统一社会信用代码, the dates days on which letter and bid are still valid. A letter
    valid from a stated day gives `valid_from` and `deadline_on`, because the bid's validity starts at the deadline.
    Source: 条例第二十六条 for the validity, the platform's guarantee check for the rest.
    """
    match = law.rule("platform.guarantee.match")
    validity = law.find(f"{line}.bond.validity") or match
    faults = (
        (amount < required, match, "amount", f"保函金额{money_text(amount)}少于{money_text(required)}"),
        (beneficiary != tenderer, match, "beneficiary", f"保函受益人{beneficiary}不是本项目招标人{tenderer}"),
        (lot != expected_lot, match, "lot", f"保函标段{lot}不是本标段{expected_lot}"),
        (valid_from > deadline_on, validity, "starts_late", f"保函自{valid_from}生效，晚于投标截止日{deadline_on}"),
        (
            valid_until < bid_valid_until,
            validity,
            "ends_early",
            f"保函至{valid_until}失效，早于投标有效期届满日{bid_valid_until}",
        ),
    )
    return [
        refuse(code=f"guarantee.{fault}", rule=rule, reason=reason, remedy="请向出具机构更正或者重新开具保函")
        for wrong, rule, fault, reason in faults
        if wrong
    ]


def refund_due_on(
    *,
    law: Law,
    event: RefundEvent,
    event_on: date,
    line: Line = Line.WORKS,
) -> date:
    """The last day for refunding a bond with interest (退还期限). `UnknownRule` where the line has no such event."""
    return due_on(law=law, rule_id=f"{line}.refund.{event}", start=event_on)


def check_refund(
    *,
    law: Law,
    event: RefundEvent,
    event_on: date,
    refunded_on: date,
    line: Line = Line.WORKS,
) -> list[Refusal]:
    """保证金退还: within 5 days of the contract or withdrawal (条例第五十七条、第三十五条), else working days.

    A late refund stays a duty: record it, with this refusal as its caution.
    """
    return refuse_outside_clock(
        law=law,
        rule_id=f"{line}.refund.{event}",
        code="refund",
        act="退还投标保证金",
        start=event_on,
        done_on=refunded_on,
        remedy="请立即退还本金和利息，并记录逾期原因",
    )


def check_limit_price(
    *, law: Law, limit: Decimal | None, floor: Decimal | None = None, published: bool = True
) -> list[Refusal]:
    """最高投标限价: optional, positive, published with how it is computed; a floor is forbidden (条例第二十七条)."""
    found = []
    if floor is not None:
        found.append(
            refuse(
                code="limit_price.floor",
                rule=law.rule("works.price.floor_forbidden"),
                reason="不得规定最低投标限价",
                remedy="请删除最低投标限价",
            )
        )
    rule = law.rule("works.price.limit_published")
    if limit is not None and limit <= 0:
        found.append(
            refuse(code="limit_price.not_positive", rule=rule, reason="最高投标限价应大于零", remedy="请更正限价")
        )
    if limit is not None and not published:
        found.append(
            refuse(
                code="limit_price.unpublished",
                rule=rule,
                reason="设有最高投标限价而未在招标文件中明确限价或者计算方法",
                remedy="请在招标文件中公布",
            )
        )
    return found


def check_price_within_limit(*, law: Law, price: Decimal, limit: Decimal | None) -> list[Refusal]:
    """投标报价: above the limit price it must be rejected (条例第五十一条第五项); equal to it is allowed."""
    rule = law.rule("works.price.within_limit")
    if price <= 0:
        return [refuse(code="price.not_positive", rule=rule, reason="投标报价应大于零", remedy="请核对报价")]
    if limit is None or price <= limit:
        return []
    return [
        refuse(
            code="price.above_limit",
            rule=rule,
            reason=f"投标报价{money_text(price)}高于最高投标限价{money_text(limit)}",
            remedy="应当由评标委员会否决该投标",
        )
    ]


def _refuse_negative(rule: Rule, *, code: str) -> Refusal:
    return refuse(code=code, rule=rule, reason="保证金金额不能为负", remedy="请更正金额")


def _refuse_above(rule: Rule, *, code: str, what: str, most: Decimal) -> Refusal:
    share = f"（{rule.amount_text}）" if most != rule.value else ""
    return refuse(
        code=code,
        rule=rule,
        reason=f"{what}超过上限{money_text(most)}{share}",
        remedy=f"请改为{money_text(most)}或者以下",
    )
