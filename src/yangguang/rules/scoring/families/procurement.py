"""政府采购 price scores, lowest-price methods, and the clues for abnormally low offers 异常低价."""

from yangguang.rules.scoring.description import Description
from yangguang.rules.scoring.families.fragments import take_limit, take_price
from yangguang.rules.scoring.program import Program

ABNORMAL_ARTICLE = "财库〔2026〕2号"


def procurement_price(
    *,
    program: Program,
    weight: str,
    deduction_maximum: str,
    score_places: int,
    mean_percent: str,
    next_percent: str,
    limit_percent: str,
) -> Description:
    """价格分: lowest evaluated price / evaluated price × weight × 100 (87号令第五十五条).

    The evaluated price is the price less the small-enterprise deduction 小微企业价格扣除 (ratio per bid); the deal
    price stays the price. Equal scores: the lower price, then parallel (87号令第五十七条).
    """
    price = take_price(program)
    evaluated = _evaluated(program, price=price, maximum=deduction_maximum)
    raw = _proportion(program, price=evaluated, weight=weight)
    score = program.step("price_score", "round", label="价格分", unit="分", of=raw, places=score_places)
    flag_abnormally_low(program, mean_percent=mean_percent, next_percent=next_percent, limit_percent=limit_percent)
    return program.finish(total=score, tie_breaks=[(price, "lowest")], parallel=True)


def procurement_price_addition(
    *,
    program: Program,
    weight: str,
    addition_maximum: str,
    score_places: int,
    mean_percent: str,
    next_percent: str,
    limit_percent: str,
) -> Description:
    """工程价格分加分: the price score × (1 + the small-enterprise addition 小微企业价格分加分比例 of the bid)."""
    price = take_price(program)
    rate = program.takes(
        "addition_rate", kind="per_bid", label="小微企业价格分加分比例", minimum="0", maximum=addition_maximum
    )
    raw = _proportion(program, price=price, weight=weight)
    factor = program.step("addition_factor", "add", label="加分系数", values=["1", rate])
    added = program.step("score_added", "mul", label="加分后的价格分", unit="分", values=[raw, factor])
    score = program.step("price_score", "round", label="价格分", unit="分", of=added, places=score_places)
    flag_abnormally_low(program, mean_percent=mean_percent, next_percent=next_percent, limit_percent=limit_percent)
    return program.finish(total=score, tie_breaks=[(price, "lowest")], parallel=True)


def procurement_lowest_price(
    *,
    program: Program,
    deduction_maximum: str,
    mean_percent: str,
    next_percent: str,
    limit_percent: str,
) -> Description:
    """最低评标价法: ranked by price after the small-enterprise deduction; then by price; then parallel."""
    price = take_price(program)
    evaluated = _evaluated(program, price=price, maximum=deduction_maximum)
    flag_abnormally_low(program, mean_percent=mean_percent, next_percent=next_percent, limit_percent=limit_percent)
    return program.finish(total=evaluated, order="lowest", tie_breaks=[(price, "lowest")], parallel=True)


def lowest_evaluated_price(*, program: Program, items: dict[str, str]) -> Description:
    """经评审的最低投标价法: price + quantified corrections 量化折算 (工期, 付款, 漏项…, in yuan, may be negative).

    `items` names each correction with the largest amount it may have. The contract price stays the price.
    """
    price = take_price(program)
    corrections = program.takes("corrections", kind="per_item", label="量化折算金额", unit="元", items=items)
    amount = program.step("correction", "sum", label="折算金额合计", unit="元", of=corrections)
    evaluated = program.step("evaluated_price", "add", label="评标价", unit="元", values=[price, amount])
    return program.finish(total=evaluated, order="lowest", tie_breaks=[(price, "lowest")])


def lowest_price(*, program: Program) -> Description:
    """最低价法: the lowest price wins; equal prices stay open."""
    return program.finish(total=take_price(program), order="lowest")


def _evaluated(program: Program, *, price: str, maximum: str) -> str:
    rate = program.takes("deduction_rate", kind="per_bid", label="小微企业价格扣除比例", minimum="0", maximum=maximum)
    rest = program.step("deduction_rest", "sub", label="扣除后比例", left="1", right=rate)
    return program.step("evaluated_price", "mul", label="评标价（评审价格）", unit="元", values=[price, rest])


def _proportion(program: Program, *, price: str, weight: str) -> str:
    lowest = program.step("base", "min", label="评标基准价（最低有效价）", unit="元", of=price)
    scaled = program.step("base_scaled", "mul", label="基准价×权重×100", values=[lowest, weight, "100"])
    return program.step("score_raw", "div", label="取舍前的价格分", unit="分", left=scaled, right=price)


def flag_abnormally_low(program: Program, *, mean_percent: str, next_percent: str, limit_percent: str) -> None:
    """异常低价线索: offers under a percentage of the mean, of the next-lowest offer or of the limit price.

    The offers are the prices as handed in. Clues only: the committee asks for an explanation, nothing is rejected.
    """
    limit = take_limit(program)
    mean = program.step("offer_mean", "mean", label="全部报价平均值", unit="元", of="price")
    others = program.step(
        "offers_but_lowest", "trim", label="去掉最低一份后的报价", unit="元", of="price", lowest="1", at_least="2"
    )
    second = program.step("offer_second", "min", label="次低报价", unit="元", of=others)
    for name, base, percent, label in (
        ("low_by_mean", mean, mean_percent, "全部报价平均值"),
        ("low_by_next", second, next_percent, "次低报价"),
        ("low_by_limit", limit, limit_percent, "最高限价"),
    ):
        share = program.step(f"{name}_share", "div", label=f"{label}的触发比例", left=percent, right="100")
        line = program.step(f"{name}_line", "mul", label=f"{label}的触发线", unit="元", values=[base, share])
        low = program.step(name, "compare", label=f"低于{label}触发线", left="price", comparison="<", right=line)
        program.flag(low, label=f"异常低价：报价低于{label}的 {percent}%", article=ABNORMAL_ARTICLE)
