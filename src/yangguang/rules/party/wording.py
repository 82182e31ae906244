"""Wording of figures (数字用语): what a report may say of its numbers, and what a checker refuses in a sentence.

These are rules of the house (平台规则), made so that every word about a figure follows from the figure.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from yangguang.rules.refusal import Refusal

HOUSE_RULE = "平台规则：报告数字用语"
NO_BASE = "上年同期无可比数据"
TENTH = Decimal("0.1")
TEN = Decimal(10)
NEAR_PERCENT = 5
Number = Decimal | int


class Direction(StrEnum):
    """The word for a change; `NEARLY_EVEN` is one that rounds to 0.0."""

    UP = "增长"
    DOWN = "下降"
    EVEN = "持平"
    NEARLY_EVEN = "基本持平"


class About(StrEnum):
    """The words that go with a rounded number: 余 and 多 above it, 以上 above it or just it, 近 below it."""

    REMAINDER = "余"
    MORE = "多"
    NEARLY = "近"
    AT_LEAST = "以上"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """同比: a direction and its size with one decimal, in percent or percentage points; no direction without a base."""

    direction: Direction | None
    size: Decimal
    unit: str

    @property
    def signed(self) -> Decimal | None:
        """The size with its sign, None where there is nothing to compare with."""
        if self.direction is None:
            return None
        return -self.size if self.direction is Direction.DOWN else self.size

    @property
    def text(self) -> str:
        """同比增长22.1%, 同比下降0.4个百分点, 同比持平, 上年同期无可比数据."""
        if self.direction is None:
            return NO_BASE
        size = f"{self.size}{self.unit}" if self.direction in {Direction.UP, Direction.DOWN} else ""
        return f"同比{self.direction}{size}"


def compare(*, now: Number, base: Number | None, is_complete: bool = True) -> Change:
    """同比 of amounts or counts of the same definition and the same months, in percent, half up to one decimal.

    No base, a base of zero or less, or a base whose records are not complete (`is_complete`) compares with nothing.
    """
    if base is None or base <= 0 or not is_complete:
        return Change(direction=None, size=Decimal(0), unit="%")
    return _change((Decimal(now) - base) * 100 / base, unit="%")


def compare_rates(*, now: Number, base: Number | None, is_complete: bool = True) -> Change:
    """同比 of two rates given in percent, as the difference in 百分点, half up to one decimal."""
    if base is None or not is_complete:
        return Change(direction=None, size=Decimal(0), unit="个百分点")
    return _change(Decimal(now) - base, unit="个百分点")


def rounded_down(*, value: Number, step: Number) -> str:
    """1499 by 100 is 1400余; a number that is round already, or smaller than a step, stays as it is."""
    shown = Decimal(value) // step * step
    return plain(value) if shown in {0, value} else f"{plain(shown)}{About.REMAINDER}"


def rounded_up(*, value: Number, step: Number) -> str:
    """1499 by 100 is 近1500; a number that is round already, or more than 5 % below, stays as it is."""
    shown = Decimal(value) // step * step
    shown += step if shown < value else 0
    return f"{About.NEARLY}{plain(shown)}" if _is_near(value, shown) else plain(value)


def rounded(word: About, *, value: Number) -> str:
    """A number as its word allows, to two places: 113 is 110余 or 110多, 1499 is 近1500; 以上 stands after the unit.

    Empty where the word would not be true, for a number below ten or round already.
    """
    step = max(TEN, TEN ** (Decimal(value).adjusted() - 1))
    if word is About.NEARLY:
        shown = rounded_up(value=value, step=step)
        return shown if shown.startswith(word) else ""
    shown = rounded_down(value=value, step=step)
    if not shown.endswith(About.REMAINDER):
        return ""
    return shown.removesuffix(About.REMAINDER) + ("" if word is About.AT_LEAST else word)


def check_rounding(*, word: About, shown: Number, value: Number) -> list[Refusal]:
    """余 and 多 stand only for a number rounded down, 以上 never for less, 近 only for one at most 5 % below."""
    fits, need = {
        About.NEARLY: (_is_near(value, shown), f"实际数应低于所写数且相差不超过{NEAR_PERCENT}%"),
        About.AT_LEAST: (shown <= value, "所写数不应高于实际数"),
    }.get(word, (shown < value, "所写数应低于实际数"))
    if fits:
        return []
    return _refuse("rounding", f"“{word}”与数字不符：写作{plain(shown)}，实为{plain(value)}，{need}", "请改用实际数")


def each_times(*, counts: Mapping[str, int], unit: str = "次") -> str:
    """支委会、党小组会各12次 where all are equal, otherwise each with its own number."""
    if len(counts) > 1 and len(set(counts.values())) == 1:
        return f"{'、'.join(counts)}各{next(iter(counts.values()))}{unit}"
    return "、".join(f"{name}{count}{unit}" for name, count in counts.items())


def check_each(*, said: int, counts: Mapping[str, int]) -> list[Refusal]:
    """各N次 only where every count is N."""
    other = {name: count for name, count in counts.items() if count != said}
    if not other:
        return []
    return _refuse("each", f"写作各{said}，但{each_times(counts=other, unit='')}", "请分别写明各自的数")


def check_first(*, on: date, others: Iterable[date]) -> list[Refusal]:
    """首宗、首次 only for the earliest: none of the others of its kind came before it or on the same day."""
    earlier = sorted(day for day in others if day <= on)
    if not earlier:
        return []
    return _refuse("first", f"“首宗”不成立：{on}之前或者当日已有同类记录（{earlier[0]}）", "请删去“首”字或者核对日期")


def check_all_done(*, done: int, total: int) -> list[Refusal]:
    """全部完成 only where there was something to do and all of it is done."""
    if done == total > 0:
        return []
    return _refuse("all_done", f"“全部完成”不成立：共{total}，完成{done}", "请写明完成数和未完成数")


def check_among(*, whole: Number, parts: Sequence[Number], is_open: bool = False) -> list[Refusal]:
    """其中 lists add up to the whole; one that ends in 等 (`is_open`) may stay below it, never above."""
    total = sum(parts, Decimal(0))
    if total == whole or (is_open and total < whole):
        return []
    text = "＋".join(plain(part) for part in parts)
    remedy = "请核对各项和总数" if total > whole else "请补全各项，或者以“等”结尾"
    return _refuse("among", f"其中各项{text}={plain(total)}，总数为{plain(whole)}", remedy)


def check_titles(*, said: int, titles: Sequence[str]) -> list[Refusal]:
    """A list of titles has as many different titles as the number before it."""
    count = len(set(titles))
    if said == count == len(titles):
        return []
    repeated = "，有重复" if count < len(titles) else ""
    return _refuse("titles", f"写作{said}项，列出{len(titles)}项{repeated}", "请核对所列名称")


def check_zero(*, count: int, was_open: bool, signed_by: str) -> list[Refusal]:
    """A zero statement (0投诉、未发现) needs an empty register, open all period, and an officer's signature."""
    faults = []
    if count:
        faults.append(f"登记簿内有{count}件")
    if not was_open:
        faults.append("登记簿没有在整个期间开放")
    if not signed_by:
        faults.append("没有责任人确认")
    if not faults:
        return []
    return _refuse("zero", f"零报告不成立：{'、'.join(faults)}", "请先补齐，或者不写这一句")


def plain(value: Number) -> str:
    """A number without exponent and superfluous zeros: 1500, 373.8."""
    text = f"{Decimal(value):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _change(difference: Decimal, *, unit: str) -> Change:
    size = abs(difference).quantize(TENTH, ROUND_HALF_UP)
    if not size:
        return Change(direction=Direction.NEARLY_EVEN if difference else Direction.EVEN, size=size, unit=unit)
    return Change(direction=Direction.UP if difference > 0 else Direction.DOWN, size=size, unit=unit)


def _is_near(value: Number, shown: Number) -> bool:
    return 0 < (shown - value) * 100 <= NEAR_PERCENT * shown


def _refuse(kind: str, reason: str, remedy: str) -> list[Refusal]:
    return [Refusal(code=f"wording.{kind}", reason=reason, article=HOUSE_RULE, remedy=remedy)]
