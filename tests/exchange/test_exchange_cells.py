from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest

from support.sheets import column
from yangguang.exchange.cells import Unreadable, print_cell, read_cell


@pytest.mark.parametrize(
    ("key", "raw", "value"),
    [
        ("title", " 甲\r\n乙 ", "甲\n乙"),
        ("title", 13800000000, "13800000000"),
        ("title", 12.0, "12"),
        ("title", 0.5, "0.5"),
        ("title", True, "是"),
        ("title", datetime(2026, 3, 2), "2026-03-02"),  # noqa: DTZ001 - Excel knows no zones
        ("count", "１２", 12),
        ("count", "1,234", 1234),
        ("count", 12.0, 12),
        ("count", "-3", -3),
        ("amount", 0.1, Decimal("0.1")),
        ("amount", "1,234.50", Decimal("1234.50")),
        ("day", "2026年3月2日", date(2026, 3, 2)),
        ("day", "2026-3-2", date(2026, 3, 2)),
        ("day", "2026/03/02", date(2026, 3, 2)),
        ("day", "2026.3.2", date(2026, 3, 2)),
        ("day", 20260302, date(2026, 3, 2)),
        ("day", datetime(2026, 3, 2), date(2026, 3, 2)),  # noqa: DTZ001
        ("day", date(2026, 3, 2), date(2026, 3, 2)),
        ("start", "2026-03-02 09:30", datetime(2026, 3, 2, 1, 30, tzinfo=UTC)),
        ("start", "2026年3月2日9时30分", datetime(2026, 3, 2, 1, 30, tzinfo=UTC)),
        ("start", "2026-03-02T09:30:15", datetime(2026, 3, 2, 1, 30, 15, tzinfo=UTC)),
        ("start", datetime(2026, 3, 2, 9, 29, 59, 999_990), datetime(2026, 3, 2, 1, 30, tzinfo=UTC)),  # noqa: DTZ001
        ("public", "√", True),
        ("public", "否", False),
        ("public", False, False),
        ("public", 1, True),
        ("type", "走访", "visit"),
        ("type", "visit", "visit"),
        ("chair", "甲 某", "甲某"),
        ("chair", "Ann Example", "Ann Example"),
        ("present", "甲某、乙 某；丙某\n丁某（财务科）", ("甲某", "乙某", "丙某", "丁某（财务科）")),
        ("present", " ", None),
        ("count", None, None),
    ],
)
def test_a_cell_is_read_as_people_write_it(key, raw, value):
    read = read_cell(column(key), raw)
    assert (read, type(read)) == (value, type(value))


@pytest.mark.parametrize(
    ("key", "raw", "what"),
    [
        ("title", 1234567890123456, "Excel已经改动了末几位"),
        ("title", 1e300, "Excel已经改动了末几位"),
        ("title", "坏\x07字", "控制字符"),
        ("count", "12人", "不是数字"),
        ("count", 1.5, "不是整数"),
        ("count", True, "不是数字"),
        ("count", "1_000", "不是数字"),
        ("count", "1,23", "不是数字"),
        ("amount", "NaN", "不是数字"),
        ("amount", "1e999", "不是数字"),
        ("amount", "1e-999", "不是数字"),
        ("amount", date(2026, 3, 2), "不是数字"),
        ("day", "2026-02-30", "不是日期"),
        ("day", 46083, "不是日期"),
        ("day", time(9, 30), "不是日期"),
        ("day", datetime(2026, 3, 2, 9, 30), "带有时刻"),  # noqa: DTZ001
        ("start", "2026-03-02", "不是日期和时刻"),
        ("start", "2026-03-02 25:00", "没有这个时刻"),
        ("start", "1988-04-17 02:30", "夏令时"),
        ("public", "也许", "既不是"),
        ("type", "娱乐", "不在可选的内容里"),
        ("type", "娱" * 40, "…”"),
        ("chair", "甲某、乙某", "2个人"),
        ("chair", "、", "0个人"),
        ("present", 5, "不是姓名"),
        ("present", "甲某、甲某", "写了两次"),
    ],
)
def test_a_cell_that_does_not_hold_what_is_asked_says_why(key, raw, what):
    with pytest.raises(Unreadable, match=what) as found:
        read_cell(column(key), raw)
    assert found.value.remedy


def test_a_choice_names_what_may_be_chosen():
    with pytest.raises(Unreadable) as found:
        read_cell(column("type"), "娱乐")
    assert found.value.remedy == "从下拉列表中选择：学习、走访"


@pytest.mark.parametrize(
    ("key", "value", "printed"),
    [
        ("amount", Decimal("1E+3"), "1000"),
        ("start", datetime(2026, 3, 2, 1, 30, tzinfo=UTC), "2026-03-02 09:30:00"),
        ("public", False, "否"),
        ("type", "study", "学习"),
        ("present", ("甲", "乙"), "甲、乙"),
        ("day", None, ""),
    ],
)
def test_a_value_is_printed_as_people_read_it(key, value, printed):
    assert print_cell(column(key), value) == printed
