"""Composite base formulas 复合基准价 and the other price formulas met in many places."""

from yangguang.rules.scoring.description import Description
from yangguang.rules.scoring.families.fragments import (
    deduct,
    deviation_percent,
    lowered,
    mixed,
    over_and_under,
    take_limit,
    take_price,
    trimmed_mean,
)
from yangguang.rules.scoring.program import Program


def price_score_composite(
    *,
    program: Program,
    trim_at_least: str,
    trim_highest: str,
    trim_lowest: str,
    weight_choices: list[str],
    lower_choices: list[str],
    above: str,
    below: str,
    full: str,
    floor: str,
    base_places: int,
    score_places: int,
) -> Description:
    """复合基准价: base = A × K1 + B × K2, A = 限价 × (1 − 下浮率), B = mean after trimming, K2 = 1 − K1.

    K1 (`drawn_weight`) and 下浮率 (`drawn_lowering`, percent) are drawn at the opening from their choices; `above`
    E1 and `below` E2 are points a percent of deviation, linear between; the score stays within floor and full.
    """
    price, limit = take_price(program), take_limit(program)
    lowering = program.takes("drawn_lowering", kind="drawn", label="抽取的下浮率", unit="%", choices=lower_choices)
    weight = program.takes("drawn_weight", kind="drawn", label="抽取的权重 K1", choices=weight_choices)
    first = lowered(program, of=limit, percent=lowering, name="lowered_limit", label="A（限价下浮后）")
    second = trimmed_mean(program, of=price, at_least=trim_at_least, highest=trim_highest, lowest=trim_lowest)
    mix = mixed(program, first=first, second=second, weight=weight, name="mix", label="A×K1＋B×K2")
    base = program.step("base", "round", label="评标基准价", unit="元", of=mix, places=base_places)
    return _scored(program, price, base, above=above, below=below, full=full, floor=floor, score_places=score_places)


def trimmed_percentage(
    *,
    program: Program,
    trim_at_least: str,
    above: str,
    below: str,
    full: str,
    floor: str,
    score_places: int,
) -> Description:
    """去高去低均值法: Y = full − P × K × 100, P the deviation ratio, K `above` over and `below` under the base."""
    price = take_price(program)
    base = trimmed_mean(program, of=price, at_least=trim_at_least, highest="1", lowest="1", name="base")
    return _scored(program, price, base, above=above, below=below, full=full, floor=floor, score_places=score_places)


def full_mark_range(
    *,
    program: Program,
    trim_at_least: str,
    range_low: str,
    range_high: str,
    above: str,
    below: str,
    full: str,
    floor: str,
    score_places: int,
) -> Description:
    """满分区间法: full marks while the deviation lies from `range_low` to `range_high` percent of the mean."""
    price = take_price(program)
    base = trimmed_mean(program, of=price, at_least=trim_at_least, highest="1", lowest="1", name="base")
    deviation = deviation_percent(program, price=price, base=base)
    over, under = over_and_under(program, deviation=deviation, top=range_high, bottom=range_low)
    score = deduct(
        program, over=over, under=under, above=above, below=below, full=full, floor=floor, places=score_places
    )
    return program.finish(total=score, tie_breaks=[(price, "lowest")])


def second_mean(
    *,
    program: Program,
    range_low: str,
    range_high: str,
    factor_minimum: str,
    factor_maximum: str,
    above: str,
    below: str,
    full: str,
    floor: str,
    score_places: int,
) -> Description:
    """二次平均法: A1 the mean of all, A2 the mean of the bids within the range of A1 (percent), base = A2 × drawn K.

    When no bid lies in the range, A2 is A1.
    """
    price = take_price(program)
    drawn = program.takes("drawn_k", kind="drawn", label="抽取的 K", minimum=factor_minimum, maximum=factor_maximum)
    first = program.step("first_mean", "mean", label="一次平均值 A1", unit="元", of=price)
    low = _moved(program, of=first, percent=range_low, name="range_low", label="二次平均范围下界")
    high = _moved(program, of=first, percent=range_high, name="range_high", label="二次平均范围上界")
    above_low = program.step("above_low", "compare", label="不低于范围下界", left=price, comparison=">=", right=low)
    under_high = program.step("under_high", "compare", label="不高于范围上界", left=price, comparison="<=", right=high)
    inside = program.step("inside", "mul", label="在二次平均范围内", values=[above_low, under_high])
    kept = program.step("kept", "select", label="参与二次平均的报价", unit="元", of=price, where=inside)
    second = program.step("second_mean", "mean", label="二次平均值 A2", unit="元", of=kept, empty=first)
    base = program.step("base", "mul", label="评标基准价", unit="元", values=[second, drawn])
    return _scored(program, price, base, above=above, below=below, full=full, floor=floor, score_places=score_places)


def _moved(program: Program, *, of: str, percent: str, name: str, label: str) -> str:
    share = program.step(f"{name}_share", "div", label=f"{label}的偏差比", left=percent, right="100")
    factor = program.step(f"{name}_factor", "add", label=f"{label}的系数", values=["1", share])
    return program.step(name, "mul", label=label, unit="元", values=[of, factor])


def reference_composite(
    *,
    program: Program,
    trim_at_least: str,
    reference_weight: str,
    above: str,
    below: str,
    full: str,
    floor: str,
    score_places: int,
) -> Description:
    """复合标底法: base = 标底 × `reference_weight` + mean × (1 − `reference_weight`)."""
    price = take_price(program)
    reference = program.takes("reference_price", kind="scalar", label="标底", unit="元", above="0")
    mean = trimmed_mean(program, of=price, at_least=trim_at_least, highest="1", lowest="1")
    base = mixed(program, first=reference, second=mean, weight=reference_weight, name="base", label="复合标底")
    return _scored(program, price, base, above=above, below=below, full=full, floor=floor, score_places=score_places)


def _scored(
    program: Program,
    price: str,
    base: str,
    *,
    above: str,
    below: str,
    full: str,
    floor: str,
    score_places: int,
) -> Description:
    over, under = over_and_under(program, deviation=deviation_percent(program, price=price, base=base))
    score = deduct(
        program, over=over, under=under, above=above, below=below, full=full, floor=floor, places=score_places
    )
    return program.finish(total=score, tie_breaks=[(price, "lowest")])
