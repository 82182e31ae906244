"""The checklist of witnesses is dated data: rows hold from a day to a day, and a malformed one is told by its id."""

from datetime import date

import pytest

from yangguang.rules.rule_words import Line, Mark
from yangguang.rules.witnessing import BadItem, Way, checklist_on, items_from_rows, table

ROW = {
    "id": "a.b",
    "line": "works",
    "stage": "closed",
    "way": "manual",
    "answered_by": "",
    "what": "查验",
    "source": "",
    "article": "",
    "effective_from": "2020-01-01",
    "effective_to": "2020-12-31",
    "mark": "U",
    "note": "通行做法",
}


def test_every_row_says_how_and_on_what_ground_and_nothing_is_claimed_as_read_in_the_law():
    assert {one.way for one in table()} == set(Way)
    assert all(one.mark in {Mark.SECONDARY, Mark.UNCHECKED} and one.ground for one in table())
    assert all(one.source for one in table() if one.mark == Mark.SECONDARY)


def test_every_way_has_its_chinese_name():
    labels = {way.value: way.label for way in Way}
    assert labels == {"manual": "人工查验", "system": "系统记录", "note": "人工记事", "recording": "录音录像"}


def test_a_line_has_its_own_items_and_those_of_every_line_on_its_day():
    day = date(2026, 3, 2)
    works = checklist_on(date=day, line=Line.WORKS)
    assert set(checklist_on(date=day, line=Line.PROCUREMENT)) < set(works)
    assert checklist_on(date=date(2013, 4, 30), line=Line.WORKS) == ()


def test_a_row_holds_until_its_last_day():
    (item,) = items_from_rows([ROW])
    days = (date(2019, 12, 31), date(2020, 1, 1), date(2020, 12, 31), date(2021, 1, 1))
    assert [item.is_in_force(one) for one in days] == [False, True, True, False]
    assert len(items_from_rows([ROW, ROW | {"effective_from": "2021-01-01", "effective_to": ""}])) == 2


@pytest.mark.parametrize(
    "changed",
    [
        {"way": "by eye"},
        {"mark": "X"},
        {"effective_from": "yesterday"},
        {"what": ""},
        {"note": ""},
        {"answered_by": "award"},
        {"way": "system"},
        {"line": None},
    ],
    ids=str,
)
def test_a_malformed_row_is_named(changed):
    with pytest.raises(BadItem, match=r"a\.b"):
        items_from_rows([ROW | changed])


def test_two_rows_of_one_item_on_the_same_day_are_refused():
    with pytest.raises(BadItem, match="同一天"):
        items_from_rows([ROW, ROW | {"effective_from": "2020-12-31", "effective_to": ""}])
