"""山西交通: a base from a random subset of the bids inside the price range."""

from yangguang.rules.scoring.description import Description
from yangguang.rules.scoring.families.fragments import (
    deduct,
    deviation_percent,
    lowered,
    mixed,
    over_and_under,
    take_limit,
    take_price,
)
from yangguang.rules.scoring.program import Program


def shanxi_transport(
    *,
    program: Program,
    cost_weight: str,
    cost_factor: str,
    limit_lower_minimum: str,
    limit_lower_maximum: str,
    sample_shares: list[list[str]],
    sample_minimums: list[list[str]],
    weights: list[str],
    factor_minimum: str,
    factor_maximum: str,
    above: str,
    below: str,
    full: str,
    floor: str,
    score_places: int,
) -> Description:
    """山西交通: base = (限价 × w + 取样均价 × (1 − w)) × drawn factor; score = full − E × 偏差率 percent.

    Bids between 理论成本价 = (限价 × cost_weight + 均价 × (1 − cost_weight)) × cost_factor and 最终限价 = 限价 ×
    (1 − drawn 下浮率) take part; of these a random subset is picked by drawn order, its size a share of their number
    and at least a minimum, both by bands of the number.
    """
    price, limit = take_price(program), take_limit(program)
    lowering = program.takes(
        "drawn_limit_lowering",
        kind="drawn",
        label="抽取的限价下浮率",
        unit="%",
        minimum=limit_lower_minimum,
        maximum=limit_lower_maximum,
    )
    order = program.takes("drawn_order", kind="drawn_order", label="抽取的投标序号")
    weight = program.takes("drawn_weight", kind="drawn", label="抽取的限价权重", choices=weights)
    factor = program.takes(
        "drawn_factor", kind="drawn", label="抽取的调整系数", minimum=factor_minimum, maximum=factor_maximum
    )
    final_limit = lowered(program, of=limit, percent=lowering, name="final_limit", label="最终限价")
    cost = _cost(program, price=price, limit=limit, weight=cost_weight, factor=cost_factor)
    eligible = _eligible(program, price=price, cost=cost, final_limit=final_limit)
    size = _sample_size(program, eligible=eligible, shares=sample_shares, minimums=sample_minimums)
    sample = program.step("sample", "pick", label="取样的报价", unit="元", of=eligible, drawn=order, count=size)
    mean = program.step("price_mean", "mean", label="取样报价算术平均值", unit="元", of=sample)
    mix = mixed(program, first=limit, second=mean, weight=weight, name="mix", label="限价与均价加权值")
    base = program.step("base", "mul", label="评标基准价", unit="元", values=[mix, factor])
    over, under = over_and_under(program, deviation=deviation_percent(program, price=price, base=base))
    score = deduct(
        program, over=over, under=under, above=above, below=below, full=full, floor=floor, places=score_places
    )
    return program.finish(total=score, tie_breaks=[(price, "lowest")])


def _cost(program: Program, *, price: str, limit: str, weight: str, factor: str) -> str:
    mean = program.step("all_mean", "mean", label="全部报价算术平均值", unit="元", of=price)
    mix = mixed(program, first=limit, second=mean, weight=weight, name="cost_mix", label="限价与全部均价加权值")
    return program.step("cost", "mul", label="理论成本价", unit="元", values=[mix, factor])


def _eligible(program: Program, *, price: str, cost: str, final_limit: str) -> str:
    high = program.step("not_low", "compare", label="不低于理论成本价", left=price, comparison=">=", right=cost)
    low = program.step("not_high", "compare", label="不高于最终限价", left=price, comparison="<=", right=final_limit)
    inside = program.step("inside", "mul", label="在价格区间内", values=[high, low])
    outside = program.step("outside", "sub", label="在价格区间外", left="1", right=inside)
    program.flag(outside, label="报价低于理论成本价或高于最终限价，未参与基准价取样", article="招标文件规定")
    return program.step("eligible", "select", label="可参与取样的报价", unit="元", of=price, where=inside)


def _sample_size(program: Program, *, eligible: str, shares: list[list[str]], minimums: list[list[str]]) -> str:
    number = program.step("eligible_count", "count", label="可参与取样的投标数", unit="份", of=eligible)
    share = program.step("sample_share", "band", label="取样比例", of=number, table=shares)
    least = program.step("sample_least", "band", label="最少取样数", unit="份", of=number, table=minimums)
    part = program.step("sample_part", "mul", label="取样数（取整前）", values=[number, share])
    whole = program.step("sample_whole", "round", label="取整后的取样数", unit="份", of=part, places=0)
    return program.step("sample_size", "clamp", label="取样数", unit="份", of=whole, low=least)
