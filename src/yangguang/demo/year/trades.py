"""Trading results of two years (交易结果), made by a seeded generator from the totals in `data/trades.csv`.

Counts and sums are exact; which lot falls on which day, what it is called and how the sum is divided is drawn.
"""

import csv
import io
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from yangguang.demo.year.people import Centre, moment, read_table
from yangguang.demo.year.playing import Step
from yangguang.ledger.acts import import_records
from yangguang.rules.calendar import NATIONAL_CALENDAR
from yangguang.witness import evidence

REGISTER, REGION = "trade_result", "990100"
UNIT_OF_SUM = 100  # yuan: no lot is sold to the cent
QUARTER = 3
PLACES = ("东城", "西城", "南苑", "北湖", "高新", "滨江", "开发区", "老城")
THINGS: Mapping[str, Sequence[str]] = {
    "工程建设": ("小学校舍工程施工", "道路改造工程施工", "排水管网工程施工", "公园提升工程监理", "水厂工程设计"),
    "政府采购": ("办公设备采购", "物业管理服务采购", "医疗设备采购", "信息系统运维采购", "绿化养护服务采购"),
    "土地使用权": ("商住地块出让", "工业地块出让", "仓储地块出让", "商业地块出让"),
    "其他": ("国有房屋出租", "车辆处置", "林权流转", "广告位经营权出让", "股权转让"),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """What a year's lots of one kind add up to: how many, for how much, saved and added (whole yuan)."""

    year: int
    kind: str
    count: int
    amount: int
    saved: int
    added: int
    mark: str


def trade_steps(centre: Centre) -> Iterator[Step]:
    """The imports of the results, one a quarter on its last working day."""
    for year in sorted({one.year for one in totals()}):
        rows = sorted(rows_of(year), key=lambda row: (row["day"], row["lot_code"]))
        for quarter in range(4):
            months = range(quarter * QUARTER + 1, quarter * QUARTER + QUARTER + 1)
            batch = [row for row in rows if int(row["day"][5:7]) in months]
            at = moment(_working_days(year)[months[-1]][-1], "18:00")
            yield Step(at, 0, lambda at, batch=batch: _import(centre, batch, at))  # type: ignore[misc]


def rows_of(year: int) -> Iterator[dict[str, Any]]:
    """The lots of a year as an import brings them, always the same."""
    for total in totals():
        if total.year == year:
            yield from _rows(total)


def totals() -> list[Total]:
    """The table of totals."""
    return [
        Total(
            year=int(row["year"]), kind=row["kind"], mark=row["mark"],
            **{key: int(row[key]) for key in ("count", "amount", "saved", "added")},
        )
        for row in read_table("trades")
    ]  # fmt: skip


def _rows(total: Total) -> Iterator[dict[str, Any]]:
    draw = random.Random(f"{total.year}{total.kind}")  # noqa: S311 - always the same lots, nothing secret
    days = [day for month in _working_days(total.year).values() for day in month]
    amounts = shares(total.amount, [draw.uniform(1, 9) for _ in range(total.count)])
    saved, added = shares(total.saved, amounts), shares(total.added, amounts)
    things = THINGS[total.kind]
    for place, amount in enumerate(amounts):
        title = f"示例市{draw.choice(PLACES)}{things[place % len(things)]}{place + 1}号"
        row = {
            "title": title, "kind": total.kind, "day": draw.choice(days).isoformat(), "amount": str(amount),
            "lot_code": f"{total.mark}{total.year}{place + 1:04}", "region": REGION,
            "is_online": "是" if total.mark in "GC" and place % 4 else "否",
        }  # fmt: skip
        control = amount + saved[place] - added[place]
        yield row | ({"control_price": str(control)} if control != amount else {})


def shares(total: int, weights: Sequence[float]) -> list[int]:
    """A sum divided by weights into whole hundreds of yuan; the last one takes what is left, so that all is there."""
    whole = sum(weights)
    parts = [int(total * weight / whole) // UNIT_OF_SUM * UNIT_OF_SUM for weight in weights[:-1]]
    return [*parts, total - sum(parts)]


def _working_days(year: int) -> dict[int, list[date]]:
    """The working days of a year by month."""
    days = (date(year, 1, 1) + timedelta(days=number) for number in range(365))
    months: dict[int, list[date]] = {}
    for day in days:
        if day.year == year and NATIONAL_CALENDAR.is_working_day(day):
            months.setdefault(day.month, []).append(day)
    return months


def _import(centre: Centre, batch: Sequence[Mapping[str, Any]], at: datetime) -> None:
    keys = dict.fromkeys(key for row in batch for key in row)
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(keys), restval="")
    writer.writeheader()
    writer.writerows(batch)
    file = evidence.keep(text.getvalue().encode(), media_type="text/csv")
    actor = centre.actor(centre.keepers[centre.root.code], at=at)
    import_records(centre.root, actor=actor, at=at, register=REGISTER, rows=list(batch), file=file)
