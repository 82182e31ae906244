"""What a form, a file or a program may bring: each type takes what people write and says what it expects otherwise."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from yangguang.ledger.catalogue import CatalogueError, read_registers
from yangguang.ledger.values import clean

ENTRY = """
[sheet]
system = "D99"
name = "试验"
engine = "row"
columns = ["begins", "place", "amount", "quantity"]
tags = ["学习", "廉政"]
fields = [
    { key = "short", label = "短", type = "text", most = 5, used_in = "试验", why = "试验" },
    { key = "lines", label = "行", type = "texts", used_in = "试验", why = "试验" },
    { key = "count", label = "数", type = "whole", used_in = "试验", why = "试验" },
    { key = "day_of", label = "日", type = "date", used_in = "试验", why = "试验" },
    { key = "is_so", label = "是否", type = "yes", used_in = "试验", why = "试验" },
    { key = "pick", label = "选", type = "choice", choices = ["甲", "乙"], used_in = "试验", why = "试验" },
    { key = "link", label = "网址", type = "address", used_in = "试验", why = "试验" },
    { key = "secret", label = "密", type = "long", sealed = true, used_in = "试验", why = "试验" },
]
"""
REGISTER = next(read_registers(ENTRY, group="试验"))


def read(**values):
    """What was read of a row, and the codes of what was wrong."""
    cleaned, refusals = clean(REGISTER, {"title": "一行", "day": "2026-03-12", **values})
    return cleaned, [one.code for one in refusals]


@pytest.mark.parametrize(
    ("key", "given", "kept"),
    [
        ("short", " 五个字以内 ", "五个字以内"),
        ("lines", "甲\r\n\n乙", ["甲", "乙"]),
        ("lines", ["甲", "乙"], ["甲", "乙"]),
        ("count", "12", 12),
        ("day_of", "2026-03-01", "2026-03-01"),
        ("day_of", datetime(2026, 3, 1, tzinfo=UTC), "2026-03-01"),
        ("is_so", "是", True),
        ("is_so", False, False),
        ("pick", "乙", "乙"),
        ("link", "https://example.org/a", "https://example.org/a"),
    ],
)
def test_a_field_takes_what_people_write(key, given, kept):
    cleaned, refusals = read(**{key: given})
    assert (cleaned.fields, refusals, cleaned.typed) == ({key: kept}, [], 3)


@pytest.mark.parametrize(
    ("key", "given"),
    [
        ("short", "超过五个字的"), ("lines", "\n".join("甲" * 101)), ("count", "1.5"), ("count", "-1"),
        ("count", "很多"), ("count", "NaN"), ("count", "9" * 20), ("day_of", "三月"), ("day_of", "0001-01-01"),
        ("is_so", "也许"), ("pick", "丙"), ("link", "javascript:1"), ("begins", "明天"), ("amount", "1.001"),
        ("amount", "-1"),
        ("quantity", "inf"), ("quantity", "9999999999999.999"), ("begins", "0001-01-01T00:00+14:00"),
        ("place", "长" * 121), ("absent", {"谁": "长" * 101}), ("absent", {"谁": "\0"}),
        ("title", "长" * 201), ("tags", ["没有的"]), ("present", ["nobody"]), ("colour", "红"),
    ],
)  # fmt: skip
@pytest.mark.django_db
def test_a_field_refuses_what_it_cannot_take_and_says_which(key, given):
    _, refusals = read(**{key: given})
    assert refusals == ["record.unknown" if key == "colour" else f"record.{key}"]


def test_what_just_fits_a_column_is_kept_whole():
    place, absent, number = "长" * 120, {"谁": "长" * 100}, Decimal("9999999999999.99")
    cleaned, refusals = read(place=place, absent=absent, quantity=str(number))
    assert (cleaned.columns, cleaned.absent, refusals) == ({"place": place, "quantity": number}, absent, [])


def test_columns_are_typed_tags_come_once_and_what_is_sealed_stands_apart():
    cleaned, refusals = read(
        begins="2026-03-12 09:30",
        amount="12.50",
        quantity="1.5",
        tags=["学习", "学习"],
        secret="只有本人知道",
        short="",
    )
    assert (cleaned.columns["begins"].isoformat(), cleaned.columns["amount"], cleaned.columns["quantity"]) == (
        "2026-03-12T09:30:00+08:00", Decimal("12.50"), Decimal("1.5"),
    )  # fmt: skip
    assert (cleaned.tags, cleaned.sealed, cleaned.fields, refusals) == (["学习"], {"secret": "只有本人知道"}, {}, [])
    assert cleaned.day == date(2026, 3, 12)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('type = "yes"', 'type = "maybe"'),
        ('why = "试验" },\n    { key = "lines"', 'why = "" },\n    { key = "lines"'),
        (', choices = ["甲", "乙"]', ""),
        ('key = "count"', 'key = "lines"'),
        ('engine = "row"', 'engine = "wheel"'),
        ('engine = "row"', 'engine = "row"\ncolour = "red"'),
        ('columns = ["begins"', 'columns = ["colour"'),
        ('tags = ["学习"', f'tags = ["{"长" * 41}"'),
    ],
)
def test_an_entry_that_cannot_work_names_itself(old, new):
    with pytest.raises(CatalogueError, match="sheet"):
        list(read_registers(ENTRY.replace(old, new, 1), group="试验"))
