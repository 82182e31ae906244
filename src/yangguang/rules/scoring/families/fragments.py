"""Runs of steps that several formula families share."""

from yangguang.rules.scoring.program import Program


def take_price(program: Program) -> str:
    """投标报价: one price above zero for each valid bid, in yuan."""
    return program.takes("price", kind="per_bid", label="投标报价", unit="元", above="0")


def take_limit(program: Program) -> str:
    """最高投标限价, in yuan."""
    return program.takes("limit_price", kind="scalar", label="最高投标限价", unit="元", above="0")


def trimmed_mean(
    program: Program, *, of: str, at_least: str, highest: str, lowest: str, name: str = "price_mean"
) -> str:
    """去高去低后的算术平均: drop `highest` and `lowest` bids when there are `at_least` or more, then the mean."""
    kept = program.step(
        "kept",
        "trim",
        label="参与基准价计算的报价",
        unit="元",
        of=of,
        highest=highest,
        lowest=lowest,
        at_least=at_least,
    )
    return program.step(name, "mean", label="报价算术平均值", unit="元", of=kept)


def lowered(program: Program, *, of: str, percent: str, name: str, label: str) -> str:
    """下浮: `of` × (1 − percent/100)."""
    share = program.step(f"{name}_share", "div", label=f"{label}下浮比例", left=percent, right="100")
    rest = program.step(f"{name}_rest", "sub", label=f"{label}下浮后比例", left="1", right=share)
    return program.step(name, "mul", label=label, unit="元", values=[of, rest])


def mixed(program: Program, *, first: str, second: str, weight: str, name: str, label: str) -> str:
    """加权: first × weight + second × (1 − weight)."""
    rest = program.step(f"{name}_rest", "sub", label=f"{label}的另一权重", left="1", right=weight)
    left = program.step(f"{name}_first", "mul", label=f"{label}第一部分", unit="元", values=[first, weight])
    right = program.step(f"{name}_second", "mul", label=f"{label}第二部分", unit="元", values=[second, rest])
    return program.step(name, "add", label=label, unit="元", values=[left, right])


def deviation_percent(program: Program, *, price: str, base: str, ratio_places: int | None = None) -> str:
    """偏差率: (price − base) / base × 100, in percent; the ratio is rounded first when `ratio_places` says so."""
    difference = program.step("difference", "sub", label="与基准价的差额", unit="元", left=price, right=base)
    ratio = program.step("ratio", "div", label="偏差比", left=difference, right=base)
    if ratio_places is not None:
        ratio = program.step("ratio_rounded", "round", label="取舍后的偏差比", of=ratio, places=ratio_places)
    return program.step("deviation", "mul", label="偏差率", unit="%", values=[ratio, "100"])


def over_and_under(program: Program, *, deviation: str, top: str = "0", bottom: str = "0") -> tuple[str, str]:
    """高出与低于: how many percent the deviation lies over `top` and under `bottom`, never negative."""
    over = program.step("over_raw", "sub", label="偏差率减上界", unit="%", left=deviation, right=top)
    over = program.step("over", "clamp", label="高出的百分点", unit="%", of=over, low="0")
    under = program.step("under_raw", "sub", label="下界减偏差率", unit="%", left=bottom, right=deviation)
    under = program.step("under", "clamp", label="低于的百分点", unit="%", of=under, low="0")
    return over, under


def deduct(
    program: Program, *, over: str, under: str, above: str, below: str, full: str, floor: str, places: int
) -> str:
    """扣分: full − over × above − under × below, between `floor` and `full`, rounded to `places`: `price_score`."""
    first = program.step("over_deduction", "mul", label="高出基准的扣分", unit="分", values=[over, above])
    second = program.step("under_deduction", "mul", label="低于基准的扣分", unit="分", values=[under, below])
    return settle(program, deductions=[first, second], full=full, floor=floor, places=places)


def settle(program: Program, *, deductions: list[str], full: str, floor: str, places: int) -> str:
    """`price_score`: `full` less all deductions, between `floor` and `full`, rounded half up to `places`."""
    deduction = program.step("deduction", "add", label="扣分合计", unit="分", values=deductions)
    raw = program.step("score_raw", "sub", label="扣分后得分", unit="分", left=full, right=deduction)
    held = program.step("score_held", "clamp", label="限定范围后的得分", unit="分", of=raw, low=floor, high=full)
    return program.step("price_score", "round", label="报价得分", unit="分", of=held, places=places)
