"""A register as people fill it in: one column of every kind."""

import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

from yangguang.exchange import Choice, Column, Kind, Sheet, read_csv, read_workbook

WHY = {"used_by": "支部书记，年度总结", "why_typed": "只有参加的人知道"}
COLUMNS = (
    Column(key="title", label="名称", kind=Kind.TEXT, required=True, help="活动的名称", **WHY),
    Column(key="count", label="人数", kind=Kind.INTEGER, **WHY),
    Column(key="amount", label="金额（元）", kind=Kind.DECIMAL, **WHY),
    Column(key="day", label="日期", kind=Kind.DATE, **WHY),
    Column(key="start", label="开始", kind=Kind.MOMENT, **WHY),
    Column(key="public", label="公开", kind=Kind.FLAG, **WHY),
    Column(
        key="type",
        label="类别",
        kind=Kind.CHOICE,
        choices=(Choice(value="study", label="学习"), Choice(value="visit", label="走访")),
        **WHY,
    ),
    Column(key="chair", label="主持人", kind=Kind.PERSON, **WHY),
    Column(key="present", label="参加人", kind=Kind.PERSONS, **WHY),
)
FULL = {
    "title": "示例集中学习",
    "count": 12,
    "amount": Decimal("1234.56"),
    "day": date(2026, 3, 2),
    "start": datetime(2026, 3, 2, 1, 30, tzinfo=UTC),
    "public": True,
    "type": "study",
    "chair": "甲某某",
    "present": ("甲某某", "乙某某"),
}
EMPTY = dict.fromkeys(FULL)
SHEET = Sheet(title="活动登记", columns=COLUMNS, examples=(FULL,))


def column(key):
    return next(one for one in COLUMNS if one.key == key)


def from_workbook(data, **options):
    return list(read_workbook(sheet=options.pop("sheet", SHEET), source=io.BytesIO(data), **options))


def from_csv(data, **options):
    return list(read_csv(sheet=options.pop("sheet", SHEET), source=io.BytesIO(data), **options))


def changed(package, **parts):
    """The same zip with some members replaced or added."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as source, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            if name not in parts:
                target.writestr(name, source.read(name))
        for name, content in parts.items():
            target.writestr(name, content)
    return written.getvalue()
