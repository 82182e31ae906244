"""How papers write money, days and moments: always the same words for the same value."""

from datetime import date, datetime
from decimal import Decimal

from yangguang.rules.calendar import LEGAL_ZONE

DIGITS = "零壹贰叁肆伍陆柒捌玖"
UNITS = ((10**8, "亿"), (10**4, "万"), (1000, "仟"), (100, "佰"), (10, "拾"))
MOST = Decimal(10) ** 16
CENT = Decimal("0.01")
NONE = "——"
ORDINALS = "一二三四五六七八九十"


def rmb_in_words(amount: Decimal) -> str:
    """人民币大写: an amount of yuan, at most two decimal places, in the capital numerals of bank vouchers.

    A gap of zeros inside the number is read as one 零; 整 closes an amount that ends in yuan or 角 (支付结算办法附一).
    Raises ValueError for a negative amount, one from 10^16 on, or one with parts of a 分.
    """
    if not amount.is_finite() or not 0 <= amount < MOST or amount != amount.quantize(CENT):
        raise ValueError(f"不能写成大写金额：{amount}")
    cents = int(amount * 100)
    yuan, jiao, fen = cents // 100, cents // 10 % 10, cents % 10
    whole = f"{_whole(yuan)}元" if yuan or not cents else ""
    return whole + _fraction(jiao, fen, gap=yuan > 0)


def money(amount: Decimal | None) -> str:
    """An amount in figures, yuan with two decimal places, or a dash."""
    return NONE if amount is None else f"{amount:,.2f}"


def money_in_full(amount: Decimal | None) -> str:
    """An amount in figures and in words."""
    return NONE if amount is None else f"{money(amount)} 元（大写：人民币{rmb_in_words(amount)}）"


def price_cell(amount: Decimal | None) -> str:
    """An amount in figures with its words on the next line, for a column of a table."""
    return NONE if amount is None else f"{money(amount)}\n{rmb_in_words(amount)}"


def moment(at: datetime | None) -> str:
    """A moment of Beijing time to the second, or a dash."""
    return NONE if at is None else f"{at.astimezone(LEGAL_ZONE):%Y-%m-%d %H:%M:%S}"


def moment_in_full(at: datetime | None) -> str:
    """A moment of Beijing time as sentences name it, or a dash."""
    if at is None:
        return NONE
    here = at.astimezone(LEGAL_ZONE)
    return f"{day(here.date())}{here:%H时%M分%S秒}（北京时间）"


def day(on: date | None) -> str:
    """A date as sentences name it; without one a blank to be filled in by hand."""
    return "　　　　年　　月　　日" if on is None else f"{on.year}年{on.month}月{on.day}日"


def ordinal(number: int) -> str:
    """A small rank in Chinese, a large one in figures."""
    return ORDINALS[number - 1] if number <= len(ORDINALS) else str(number)


def shortened(value: object, *, most: int = 200) -> str:
    """What a file states, as text of at most `most` characters: a paper must not grow with a bidder's file."""
    text = "；".join(f"{key} {value[key]}" for key in sorted(value)) if isinstance(value, dict) else str(value)
    return text if len(text) <= most else f"{text[:most]}…"


def _whole(number: int) -> str:
    """A whole number; nothing for zero below the first digit."""
    for unit, name in UNITS:
        if number >= unit:
            high, low = divmod(number, unit)
            gap = DIGITS[0] if 0 < low < unit // 10 else ""
            return _whole(high) + name + gap + (_whole(low) if low else "")
    return DIGITS[number]


def _fraction(jiao: int, fen: int, *, gap: bool) -> str:
    if not jiao and not fen:
        return "整"
    tens = f"{DIGITS[jiao]}角" if jiao else (DIGITS[0] if gap else "")
    return tens + (f"{DIGITS[fen]}分" if fen else "整")
