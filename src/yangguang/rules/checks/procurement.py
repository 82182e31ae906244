"""Government procurement (政府采购) only: abnormally low prices, weights of the price score, SME deductions."""

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum

from yangguang.rules.checks.answers import money_text, refuse
from yangguang.rules.law import Law
from yangguang.rules.refusal import Refusal


class WeightKind(StrEnum):
    """What the minimum weight of the price score depends on (价格分比重)."""

    GOODS = "goods"
    SERVICES = "services"


class DeductionKind(StrEnum):
    """Which span of price deduction for small firms applies (小微企业报价扣除)."""

    GOODS_SERVICES = "goods_services"
    WORKS = "works"
    CONSORTIUM_GOODS_SERVICES = "consortium_goods_services"
    CONSORTIUM_WORKS = "consortium_works"


def warn_abnormal_low_price(
    *, law: Law, price: Decimal, qualified_prices: Sequence[Decimal], limit: Decimal | None = None
) -> list[Refusal]:
    """异常低价: cautions that start a review of `price` (财库〔2026〕2号), none before that notice is in force.

    `qualified_prices` are all qualified offers, this one included. A caution never rejects: the committee asks for
    an explanation and decides. Raises ValueError when `price` is not among them.
    """
    if price not in qualified_prices:
        raise ValueError("报价应在全部合格报价之中")
    if law.find("procurement.abnormal_low.mean") is None:
        return []
    measures = [("mean", "全部合格报价平均值", sum(qualified_prices, Decimal()), len(qualified_prices))]
    if len(qualified_prices) > 1:
        measures.append(("next_lowest", "次低合格报价", sorted(qualified_prices)[1], 1))
    if limit is not None:
        measures.append(("limit", "最高限价", limit, 1))
    found = []
    for name, text, total, count in measures:
        rule = law.rule(f"procurement.abnormal_low.{name}")
        if price * count < total * rule.share:
            found.append(
                refuse(
                    code=f"abnormal_low.{name}",
                    rule=rule,
                    reason=f"报价{money_text(price)}低于{text}的{rule.amount_text}",
                    remedy="请评标委员会启动异常低价审查，要求供应商说明",
                )
            )
    return found


def check_abnormal_low_trigger(*, law: Law, name: str, percent: Decimal) -> list[Refusal]:
    """A purchaser may raise a trigger (`mean`, `next_lowest`, `limit`) up to 65 percent, never lower it."""
    least = law.rule(f"procurement.abnormal_low.{name}")
    most = law.rule("procurement.abnormal_low.highest_trigger")
    if least.value <= percent <= most.value:
        return []
    return [
        refuse(
            code="abnormal_low.trigger",
            rule=least if percent < least.value else most,
            reason=f"异常低价启动比例{percent:f}%不在{least.amount_text}至{most.amount_text}之间",
            remedy="请更正启动比例",
        )
    ]


def check_price_weight(*, law: Law, kind: WeightKind, percent: Decimal) -> list[Refusal]:
    """价格分比重: at least 30 % of the total for goods, 10 % for services (财政部令第87号第五十五条)."""
    rule = law.rule(f"procurement.price_weight.{kind}")
    if rule.value <= percent <= 100:  # noqa: PLR2004 - the whole
        return []
    return [
        refuse(
            code="price_weight",
            rule=rule,
            reason=f"价格分比重{percent:f}%，应不低于{rule.amount_text}且不超过100%",
            remedy="请更正评分标准",
        )
    ]


def check_sme_deduction(*, law: Law, kind: DeductionKind, percent: Decimal) -> list[Refusal]:
    """小微企业报价扣除: within the span of the day; it changes the evaluated price only."""
    least = law.rule(f"procurement.sme.{kind}_min")
    most = law.rule(f"procurement.sme.{kind}_max")
    if least.value <= percent <= most.value:
        return []
    return [
        refuse(
            code="sme_deduction",
            rule=least if percent < least.value else most,
            reason=f"扣除比例{percent:f}%不在{least.amount_text}至{most.amount_text}之间",
            remedy="请更正采购文件规定的扣除比例",
        )
    ]
