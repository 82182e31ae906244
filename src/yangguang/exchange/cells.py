"""One cell: from what Excel or a CSV file holds to a value of its column's kind, and back."""

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from yangguang.exchange.sheets import Column, Kind

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{2})(\d{2}))")
MOMENT = re.compile(rf"({DAY.pattern})[ T]*(\d{{1,2}})[:时](\d{{1,2}})(?:[:分](?:(\d{{1,2}})秒?)?)?")
THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
SEPARATORS = re.compile(r"[、,，;；\n]+")
BETWEEN_CHARACTERS = re.compile(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
FLAGS = {
    **dict.fromkeys(("是", "√", "对", "有", "true", "yes", "y", "1"), True),
    **dict.fromkeys(("否", "×", "错", "无", "false", "no", "n", "0"), False),
}
EXACT_DIGITS = 15  # a number in Excel is a double
LONGEST_TEXT = 32767  # of a cell in Excel
LARGEST = Decimal(10) ** 28
MOST_PLACES = 20
HALF_SECOND = timedelta(milliseconds=500)
FIRST_YEAR = 1901  # Excel counts days from 1900, with a 29 February that never was


class Unreadable(Exception):  # noqa: N818 - what is said of a cell
    """A cell that does not hold what its column asks for: what is wrong, and how to mend it."""

    def __init__(self, what: str, remedy: str) -> None:
        """Keep both parts."""
        super().__init__(what)
        self.what, self.remedy = what, remedy


def read_cell(column: Column, raw: Any) -> Any:
    """The value of a cell, None for an empty one; raises `Unreadable`."""
    if isinstance(raw, str):
        raw = raw.replace("\r\n", "\n").replace("\r", "\n").strip()
        if CONTROL.search(raw):
            raise Unreadable("含有看不见的控制字符", "删去后重新输入")
    if raw is None or raw == "":
        return None
    return _choice(column, raw) if column.kind is Kind.CHOICE else READERS[column.kind](raw)


def print_cell(column: Column, value: Any) -> str:
    """The value as text, as a CSV file holds it."""
    if value is None:
        return ""
    if column.kind is Kind.MOMENT:
        return str(shanghai(value).replace(tzinfo=None))
    if column.kind is Kind.DECIMAL:
        return f"{value:f}"
    if column.kind is Kind.FLAG:
        return "是" if value else "否"
    if column.kind is Kind.CHOICE:
        return next((choice.label for choice in column.choices if choice.value == value), str(value))
    return "、".join(value) if column.kind is Kind.PERSONS else str(value)


def typed_cell(column: Column, value: Any) -> Any:
    """The value as Excel holds it: dates and numbers as such, everything else as text."""
    if value is None:
        return None
    if column.kind in {Kind.DATE, Kind.MOMENT} and value.year >= FIRST_YEAR:
        return value if column.kind is Kind.DATE else shanghai(value).replace(tzinfo=None)
    if column.kind in {Kind.INTEGER, Kind.DECIMAL} and _digits(value) <= EXACT_DIGITS:
        return value
    return print_cell(column, value)


def shanghai(moment: datetime) -> datetime:
    """An aware moment as clocks in China show it."""
    return moment.astimezone(SHANGHAI)


def _digits(value: int | Decimal) -> int:
    return len(Decimal(value).as_tuple().digits)


def _places(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def _text(raw: Any) -> str:
    if isinstance(raw, bool):
        return "是" if raw else "否"
    if isinstance(raw, int | float):
        number = Decimal(repr(raw))
        if _digits(number) > EXACT_DIGITS or abs(number) >= Decimal(10) ** EXACT_DIGITS:
            raise Unreadable(f"“{raw}”是超过十五位的数字，Excel已经改动了末几位", "把该列设为文本格式，重新输入")
        return f"{number.normalize():f}"
    if isinstance(raw, datetime):
        return str(raw.date() if raw.time() == time() else raw)
    return str(raw)


def _decimal(raw: Any) -> Decimal:
    text = _plain(raw).replace(",", "") if isinstance(raw, str) and THOUSANDS.fullmatch(_plain(raw)) else _plain(raw)
    try:
        number = Decimal(repr(raw) if isinstance(raw, float) else text)
    except InvalidOperation:
        raise Unreadable(f"“{_shown(raw)}”不是数字", "只填数字，单位和说明写在别处") from None
    if "_" in text or not number.is_finite() or abs(number) >= LARGEST or _places(number) > MOST_PLACES:
        raise Unreadable(f"“{_shown(raw)}”不是数字", "只填数字，单位和说明写在别处")
    return number


def _integer(raw: Any) -> int:
    number = _decimal(raw)
    if number != int(number):
        raise Unreadable(f"“{_shown(raw)}”不是整数", "填整数")
    return int(number)


def _date(raw: Any) -> date:
    if isinstance(raw, datetime):
        if raw.time() != time():
            raise Unreadable(f"“{raw}”带有时刻", "只填日期，例如2026-01-31")
        return raw.date()
    if isinstance(raw, date):
        return raw
    found = DAY.fullmatch(_plain(raw))
    return _day(raw, found.groups() if found else ())


def _moment(raw: Any) -> datetime:
    if isinstance(raw, datetime):
        return _aware((raw + HALF_SECOND).replace(microsecond=0))
    found = MOMENT.fullmatch(_plain(raw))
    if not found:
        raise Unreadable(f"“{_shown(raw)}”不是日期和时刻", "按2026-01-31 09:30的样子填写")
    day = _day(raw, found.groups()[1:6])
    hour, minute, second = (int(part or 0) for part in found.groups()[6:])
    try:
        return _aware(datetime.combine(day, time(hour, minute, second)))
    except ValueError:
        raise Unreadable(f"“{raw}”里没有这个时刻", "按2026-01-31 09:30的样子填写") from None


def _aware(moment: datetime) -> datetime:
    """A moment shown by clocks in China; summer time was kept there from 1986 to 1991."""
    local = moment.replace(tzinfo=SHANGHAI)
    if local.astimezone(UTC).astimezone(SHANGHAI).replace(tzinfo=None) != moment:
        raise Unreadable(f"“{moment}”这个时刻因夏令时不存在", "核对时刻")
    return local


def _day(raw: Any, parts: tuple[str | None, ...]) -> date:
    numbers = [int(part) for part in parts if part]
    try:
        return date(*numbers)
    except (TypeError, ValueError):
        raise Unreadable(f"“{_shown(raw)}”不是日期", "按2026-01-31的样子填写，或者把该格设为日期格式") from None


def _flag(raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    if _plain(raw).lower() not in FLAGS:
        raise Unreadable(f"“{_shown(raw)}”既不是“是”也不是“否”", "填“是”或者“否”")
    return FLAGS[_plain(raw).lower()]


def _choice(column: Column, raw: Any) -> str:
    text = _text(raw)
    known = {choice.value: choice.value for choice in column.choices}
    known |= {choice.label: choice.value for choice in column.choices}
    if text not in known:
        labels = "、".join(choice.label for choice in column.choices[:20])
        raise Unreadable(f"“{_shown(text)}”不在可选的内容里", f"从下拉列表中选择：{labels}")
    return known[text]


def _person(raw: Any) -> str:
    names = _persons(raw)
    if len(names) != 1:
        raise Unreadable(f"“{_shown(raw)}”是{len(names)}个人", "只填一个人的姓名")
    return names[0]


def _persons(raw: Any) -> tuple[str, ...]:
    if not isinstance(raw, str):
        raise Unreadable(f"“{_shown(raw)}”不是姓名", "填姓名，多人用顿号分开")
    names = [BETWEEN_CHARACTERS.sub("", name.strip()) for name in SEPARATORS.split(raw)]
    found = tuple(name for name in names if name)
    twice = sorted({name for name in found if found.count(name) > 1})
    if twice:
        raise Unreadable(f"“{twice[0]}”写了两次", "删去重复的；同名的人在姓名后加括号注明单位")
    return found


def _plain(raw: Any) -> str:
    """Text with full-width digits and signs made half-width, as they are often typed."""
    return unicodedata.normalize("NFKC", str(raw)).strip()


def _shown(raw: Any) -> str:
    text = str(raw)
    return text if len(text) <= 30 else f"{text[:30]}…"  # noqa: PLR2004 - enough to find it again


READERS: dict[Kind, Callable[[Any], Any]] = {
    Kind.TEXT: _text,
    Kind.INTEGER: _integer,
    Kind.DECIMAL: _decimal,
    Kind.DATE: _date,
    Kind.MOMENT: _moment,
    Kind.FLAG: _flag,
    Kind.PERSON: _person,
    Kind.PERSONS: _persons,
}
