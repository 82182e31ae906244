"""The figures of the wall (年度数据), by month and by line; each with its definition and the list that it leads to."""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.urls import reverse

from yangguang.web.portal.lists import LINES, Filters
from yangguang.web.portal.telling import Kind
from yangguang.web.screen.year import MONTHS, Counts, Years, same_day_before

YI, WAN = Decimal(100_000_000), Decimal(10_000)
NONE = "—"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number of the year as people say it, last year's up to the same day, how it is counted, and its list."""

    title: str
    value: str
    unit: str
    before: str
    counted: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A pair of a chart: this year's number and last year's, with the lists of both. None is the future."""

    label: str
    now: int | None
    before: int
    url: str
    before_url: str


def figures_of(years: Years) -> list[Figure]:
    """The figures of the year until today."""
    today = years.today
    now, before = years.total(year=today.year), years.total(year=today.year - 1, compared=True)
    found = []
    for title, counted, (page, kind), show in DEFINITIONS:
        value, unit = show(now)
        url = _list_of(page, kind=kind, since=date(today.year, 1, 1), until=today)
        then = "".join(show(before))
        found.append(Figure(title=title, value=value, unit=unit, before=then, counted=counted, url=url))
    return found


def months_of(years: Years) -> list[Bar]:
    """Published trades of each month, this year and last year whole."""
    this, last = years.today.year, years.today.year - 1
    return [
        Bar(
            label=f"{month}月",
            now=years.total(year=this, month=month)["published"] if month <= years.today.month else None,
            before=years.total(year=last, month=month)["published"],
            url=_month(this, month),
            before_url=_month(last, month),
        )
        for month in MONTHS
    ]


def lines_of(years: Years) -> list[Bar]:
    """Published trades of each line, this year and last year up to the same day."""
    this, same = years.today, same_day_before(years.today)
    return [
        Bar(
            label=label,
            now=years.total(year=this.year, line=line)["published"],
            before=years.total(year=same.year, line=line, compared=True)["published"],
            url=_list_of("trades", line=line, since=date(this.year, 1, 1), until=this),
            before_url=_list_of("trades", line=line, since=date(same.year, 1, 1), until=same),
        )
        for line, label in LINES.items()
    ]


def _month(year: int, month: int) -> str:
    return _list_of("trades", since=date(year, month, 1), until=date(year, month, monthrange(year, month)[1]))


def _list_of(page: str, *, since: date, until: date, line: str = "", kind: str = "") -> str:
    return f"{reverse(page)}?{Filters(line=line, kind=kind, since=since, until=until).address()}"


def _money(of: Counts) -> tuple[str, str]:
    """Yuan as 亿元 or 万元."""
    amount = Decimal(of["amount"])
    if not of["awards"]:
        return NONE, ""
    return (f"{_rounded(amount / YI, 2):,}", "亿元") if amount >= YI else (f"{_rounded(amount / WAN, 1):,}", "万元")


def _percent(part: int, whole: int) -> tuple[str, str]:
    return (f"{_rounded(Decimal(part) * 100 / Decimal(whole), 1)}", "%") if whole else (NONE, "")


def _average(of: Counts) -> tuple[str, str]:
    return (f"{_rounded(Decimal(of['bids']) / of['openings'], 1)}", "家") if of["openings"] else (NONE, "")


def _rounded(number: Decimal, places: int) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


TRADES, RESULTS, OPENINGS = ("trades", ""), ("notices", Kind.RESULT), ("notices", Kind.OPENING)
DEFINITIONS: tuple[tuple[str, str, tuple[str, str], Callable[[Counts], tuple[str, str]]], ...] = (
    ("公开项目", "发布招标公告的标段数", TRADES, lambda of: (f"{of['published']:,}", "个")),
    ("中标金额", "中标通知书已发出的中标价之和，其后放弃或被取消资格的不计", RESULTS, _money),
    (
        "节资率",
        "（最高投标限价－中标价）÷最高投标限价，没有限价的标段不计",
        RESULTS,
        lambda of: _percent(of["limits"] - of["limited"], of["limits"]),
    ),
    ("每标段投标人", "开标记录所列投标人数÷已公布开标记录的标段数", OPENINGS, _average),
    (
        "市外企业中标",
        "登记地（统一社会信用代码第3至6位）不在项目所在市的中标人数÷中标人数",
        RESULTS,
        lambda of: _percent(of["outside"], of["awards"]),
    ),
    (
        "网上解密成功",
        "不见面开标中远程解密成功的投标文件÷开标记录所列投标文件",
        OPENINGS,
        lambda of: _percent(of["unlocked"], of["bids"]),
    ),
)
