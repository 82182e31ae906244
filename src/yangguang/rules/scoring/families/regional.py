"""Regional construction formulas 地方工程评分公式; parameters are decimal texts from the data files."""

from yangguang.rules.scoring.description import Description
from yangguang.rules.scoring.families.fragments import (
    deduct,
    deviation_percent,
    lowered,
    mixed,
    over_and_under,
    settle,
    take_limit,
    take_price,
    trimmed_mean,
)
from yangguang.rules.scoring.program import Program


def guangzhou_construction(
    *,
    program: Program,
    full_low: str,
    above: str,
    below: str,
    full: str,
    floor: str,
    base_places: int,
    score_places: int,
    price_weight: str,
    track_record_maximum: str,
    credit_weight: str,
    failure_percent: str,
) -> Description:
    """广州施工: PC = (Qh − Ql) / 100 × X + Ql with X drawn; Ql = max(最低报价, 成本警示价), Qh = 报价中位数.

    Full marks from `full_low` percent of PC to PC; `above` points off for each percent over PC, `below` for each
    percent under; total = 报价得分 × w + 业绩 + 诚信 × w; 业绩, 诚信, 上年产值 break ties. A clue shows when every
    price is at least `failure_percent` of the limit price (招标失败情形).
    """
    price, limit = take_price(program), take_limit(program)
    warning = program.takes("warning_price", kind="scalar", label="成本警示价", unit="元", minimum="0")
    drawn = program.takes("drawn_x", kind="drawn", label="抽取的 X", minimum="0", maximum="100")
    record = program.takes(
        "track_record", kind="per_bid", label="业绩得分", unit="分", minimum="0", maximum=track_record_maximum
    )
    credit = program.takes("credit", kind="per_bid", label="诚信得分", unit="分", minimum="0", maximum="100")
    amount = program.takes("last_year_amount", kind="per_bid", label="上年产值", unit="元", minimum="0")
    base = _guangzhou_base(program, price=price, warning=warning, drawn=drawn, places=base_places)
    deviation = deviation_percent(program, price=price, base=base)
    bottom = program.step("full_bottom", "sub", label="满分区间下界的偏差率", unit="%", left=full_low, right="100")
    over, under = over_and_under(program, deviation=deviation, bottom=bottom)
    score = deduct(
        program, over=over, under=under, above=above, below=below, full=full, floor=floor, places=score_places
    )
    weighted = program.step("price_part", "mul", label="报价加权得分", unit="分", values=[score, price_weight])
    honest = program.step("credit_part", "mul", label="诚信加权得分", unit="分", values=[credit, credit_weight])
    total = program.step("total", "add", label="总分", unit="分", values=[weighted, record, honest])
    _flag_near_limit(program, limit=limit, percent=failure_percent)
    return program.finish(total=total, tie_breaks=[(record, "highest"), (credit, "highest"), (amount, "highest")])


def _guangzhou_base(program: Program, *, price: str, warning: str, drawn: str, places: int) -> str:
    lowest = program.step("lowest_price", "min", label="最低报价", unit="元", of=price)
    bottom = program.step("base_low", "clamp", label="Ql", unit="元", of=lowest, low=warning)
    top = program.step("base_high", "median", label="Qh（报价中位数）", unit="元", of=price)
    width = program.step("base_width", "sub", label="Qh 与 Ql 之差", unit="元", left=top, right=bottom)
    per_point = program.step("base_step", "div", label="差额的百分之一", unit="元", left=width, right="100")
    shift = program.step("base_shift", "mul", label="按 X 移动的金额", unit="元", values=[per_point, drawn])
    raw = program.step("base_raw", "add", label="取舍前的 PC", unit="元", values=[shift, bottom])
    return program.step("base", "round", label="评标参考价 PC", unit="元", of=raw, places=places)


def _flag_near_limit(program: Program, *, limit: str, percent: str) -> None:
    share = program.step("failure_share", "div", label="招标失败比例", left=percent, right="100")
    line = program.step("failure_line", "mul", label="招标失败价格线", unit="元", values=[limit, share])
    failed = program.step(
        "all_near_limit", "compare", label="全部报价均不低于价格线", left="lowest_price", comparison=">=", right=line
    )
    program.flag(failed, label="全部报价均不低于限价的规定比例，按招标文件可能招标失败", article="招标文件规定")


def lanzhou_construction(
    *,
    program: Program,
    trim_at_least: str,
    choices: list[str],
    above: str,
    below: str,
    full: str,
    floor: str,
    ratio_places: int,
    score_places: int,
) -> Description:
    """甘肃/兰州: mean of all up to three bids, else without the highest and the lowest; less the drawn 浮动点 percent.

    The deviation ratio is rounded to `ratio_places`, the score to `score_places`.
    """
    price = take_price(program)
    drawn = program.takes("drawn_float", kind="drawn", label="抽取的浮动点", unit="%", choices=choices)
    mean = trimmed_mean(program, of=price, at_least=trim_at_least, highest="1", lowest="1")
    base = lowered(program, of=mean, percent=drawn, name="base", label="评标基准价")
    over, under = over_and_under(
        program, deviation=deviation_percent(program, price=price, base=base, ratio_places=ratio_places)
    )
    score = deduct(
        program, over=over, under=under, above=above, below=below, full=full, floor=floor, places=score_places
    )
    return program.finish(total=score, tie_breaks=[(price, "lowest")])


def shanxi_building(
    *,
    program: Program,
    trim_at_least: str,
    trim_share: str,
    trim_mode: str,
    lower_minimum: str,
    lower_maximum: str,
    points: str,
    full: str,
    floor: str,
    score_places: int,
) -> Description:
    """山西房建市政: mean without `trim_share` of the bids on each side, × (1 − drawn 下浮率); `points` a percent."""
    price = take_price(program)
    drawn = _take_lowering(program, lower_minimum, lower_maximum)
    mean = _share_trimmed_mean(program, price=price, at_least=trim_at_least, share=trim_share, mode=trim_mode)
    base = lowered(program, of=mean, percent=drawn, name="base", label="评标基准价")
    return _symmetric(program, price=price, base=base, points=points, full=full, floor=floor, places=score_places)


def shanxi_building_limit(
    *,
    program: Program,
    trim_at_least: str,
    trim_share: str,
    trim_mode: str,
    lower_minimum: str,
    lower_maximum: str,
    weight_minimum: str,
    weight_maximum: str,
    points: str,
    full: str,
    floor: str,
    score_places: int,
) -> Description:
    """山西房建市政（限价加权）: (限价 × drawn w + mean × (1 − w)) × (1 − drawn 下浮率), then as `shanxi_building`."""
    price, limit = take_price(program), take_limit(program)
    drawn = _take_lowering(program, lower_minimum, lower_maximum)
    weight = program.takes(
        "drawn_weight", kind="drawn", label="抽取的限价权重", minimum=weight_minimum, maximum=weight_maximum
    )
    mean = _share_trimmed_mean(program, price=price, at_least=trim_at_least, share=trim_share, mode=trim_mode)
    mix = mixed(program, first=limit, second=mean, weight=weight, name="mix", label="限价与均价加权值")
    base = lowered(program, of=mix, percent=drawn, name="base", label="评标基准价")
    return _symmetric(program, price=price, base=base, points=points, full=full, floor=floor, places=score_places)


def _take_lowering(program: Program, minimum: str, maximum: str) -> str:
    return program.takes(
        "drawn_lowering", kind="drawn", label="抽取的下浮率", unit="%", minimum=minimum, maximum=maximum
    )


def _share_trimmed_mean(program: Program, *, price: str, at_least: str, share: str, mode: str) -> str:
    bids = program.step("bid_count", "count", label="有效投标数", unit="份", of=price)
    part = program.step("trim_part", "mul", label="每侧应去个数（取整前）", values=[bids, share])
    each = program.step("trim_count", "round", label="每侧应去个数", unit="份", of=part, places=0, mode=mode)
    return trimmed_mean(program, of=price, at_least=at_least, highest=each, lowest=each)


def _symmetric(
    program: Program, *, price: str, base: str, points: str, full: str, floor: str, places: int
) -> Description:
    over, under = over_and_under(program, deviation=deviation_percent(program, price=price, base=base))
    score = deduct(program, over=over, under=under, above=points, below=points, full=full, floor=floor, places=places)
    return program.finish(total=score, tie_breaks=[(price, "lowest")])


def water_works(
    *,
    program: Program,
    trim_at_least: str,
    above: str,
    below: str,
    deep_from: str,
    deep: str,
    full: str,
    floor: str,
    score_places: int,
) -> Description:
    """水利: one dropped on each side from `trim_at_least` bids; `above` a percent over, `below` a percent under.

    Each percent further under than `deep_from` costs `deep` instead.
    """
    price = take_price(program)
    base = trimmed_mean(program, of=price, at_least=trim_at_least, highest="1", lowest="1", name="base")
    over, under = over_and_under(program, deviation=deviation_percent(program, price=price, base=base))
    near = program.step("under_near", "clamp", label="一般低于的百分点", unit="%", of=under, high=deep_from)
    far = program.step("under_far", "sub", label="过低的百分点", unit="%", left=under, right=near)
    deductions = [
        program.step("over_deduction", "mul", label="高出的扣分", unit="分", values=[over, above]),
        program.step("near_deduction", "mul", label="一般低于的扣分", unit="分", values=[near, below]),
        program.step("far_deduction", "mul", label="过低的扣分", unit="分", values=[far, deep]),
    ]
    score = settle(program, deductions=deductions, full=full, floor=floor, places=score_places)
    return program.finish(total=score, tie_breaks=[(price, "lowest")])


def sichuan_supervision(
    *, program: Program, above: str, below: str, full: str, floor: str, score_places: int
) -> Description:
    """四川监理 2021: the base is the mean of all valid bids; `above` and `below` points a percent."""
    price = take_price(program)
    base = program.step("base", "mean", label="评标基准价", unit="元", of=price)
    over, under = over_and_under(program, deviation=deviation_percent(program, price=price, base=base))
    score = deduct(
        program, over=over, under=under, above=above, below=below, full=full, floor=floor, places=score_places
    )
    return program.finish(total=score, tie_breaks=[(price, "lowest")])
