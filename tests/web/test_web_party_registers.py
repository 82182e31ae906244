"""Registers in pages: who finds which, lists with filters and totals, the calendar, as many questions for 30 rows."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from support.party import Window, everyone, registers_of_the_house, text  # noqa: F401 - a fixture
from support.units import a_branch
from yangguang.ledger.acts import cancel_record

pytestmark = pytest.mark.django_db(transaction=True)

MEETING = {"kind": "支部委员会", "title": "三月支委会", "day": "2026-03-12", "tags": ["廉政"]}


def asked(window, path):
    """How many questions a page asks once it was looked at."""
    window.get(path)
    with CaptureQueriesContext(connection) as caught:
        page = window.get(path)
    assert page.status_code == 200
    return len(caught), page


def test_whoever_has_one_unit_comes_to_it_and_whoever_has_none_finds_nothing():
    branch = everyone()
    assert Window(branch, "书记").get("/party/")["Location"] == "/party/zb/"
    branch.people["路人"] = branch.add("路人")
    assert Window(branch, "路人").get("/party/").status_code == 404


def test_those_of_another_branch_find_nothing():
    branch = everyone()
    record = branch.enter("meeting", **MEETING)
    window = Window(branch, "外支部书记")
    paths = ("registers/", "registers/meeting/", "registers/meeting/new/", "calendar/", f"records/{record.pk}/")
    assert [window.get(path).status_code for path in paths] == [404] * 5


@pytest.mark.usefixtures("registers_of_the_house")
def test_the_list_of_registers_offers_entering_to_those_who_keep_them():
    branch = everyone()
    branch.enter("meeting", **MEETING)
    for name, offered in {"干事": True, "书记": True, "党员1": False, "派驻纪检": False, "分管领导": False}.items():
        page = Window(branch, name).get("registers/")
        assert ("/party/zb/registers/meeting/new/" in text(page)) == offered, name
        assert "2026年 1 条，最近 3月12日" in text(page)
    groups = dict(Window(branch, "干事").get("registers/").context["groups"])
    assert "试用台账" in groups


def test_a_list_is_narrowed_by_year_kind_tag_state_and_words():
    branch = a_branch()
    branch.enter("meeting", **MEETING)
    branch.enter("meeting", kind="党课", title="书记讲党课", day="2026-03-10", tags=["学习"])
    branch.enter("meeting", **{**MEETING, "day": "2025-12-02", "title": "去年的支委会"})
    branch.enter("meeting", **{**MEETING, "day": "2026-03-20", "title": "下一次支委会"})
    window = Window(branch, "党员1")

    def titles(query=""):
        return [row.record.title for row in window.get(f"registers/meeting/?{query}").context["rows"]]

    assert titles() == ["下一次支委会", "三月支委会", "书记讲党课"]
    assert titles("year=2025") == ["去年的支委会"]
    assert titles("year=all&kind=支部委员会&state=done") == ["三月支委会", "去年的支委会"]
    assert titles("tag=学习") == ["书记讲党课"]
    assert titles("q=支委会 下一次") == ["下一次支委会"]
    assert titles("kind=茶话会&tag=x&state=y&year=zzzz&page=99") == titles()


def test_totals_count_what_was_held_once_and_what_is_planned_or_cancelled_nowhere():
    branch = a_branch()
    branch.enter("meeting", **MEETING, present=branch.marks("书记"), absent={})
    branch.enter("meeting", **{**MEETING, "day": "2026-03-01"}, present=branch.marks("书记", "纪检委员"), absent={})
    branch.enter("meeting", **{**MEETING, "day": "2026-03-20"})
    gone = branch.enter("meeting", **MEETING, present=branch.marks("书记"), absent={})
    cancel_record(branch.unit, actor=branch.actor("书记"), at=branch.at, record=gone.pk, reason="重复登记")
    page = Window(branch, "党员1").get("registers/meeting/")
    totals = page.context["totals"]
    assert (totals.done, totals.planned, totals.late, totals.attended) == (2, 1, 1, 3)
    assert dict(totals.kinds)["支部委员会"] == 2
    marks = text(page).partition("<tbody>")[2]
    assert (marks.count("补录"), marks.count(">取消<"), marks.count("未点名")) == (1, 1, 1)


def test_the_calendar_shows_a_month_and_its_neighbours():
    branch = a_branch()
    branch.enter("meeting", **MEETING)
    branch.enter("meeting", **{**MEETING, "day": "2026-02-10", "title": "二月支委会"})
    window = Window(branch, "党员1")
    page = window.get("calendar/")
    assert ("三月支委会" in text(page), "二月支委会" in text(page)) == (True, False)
    earlier = window.get("calendar/?month=2026-02&register=meeting")
    assert ("三月支委会" in text(earlier), "二月支委会" in text(earlier)) == (False, True)
    assert text(window.get("calendar/?month=9999-99&register=nothing")).count("三月支委会") == 2


@pytest.mark.parametrize("rows", [1, 30])
def test_lists_ask_as_many_questions_with_thirty_rows_as_with_one(rows):
    branch = a_branch()
    for number in range(rows):
        given = {**MEETING, "title": f"第{number + 1}次", "day": f"2026-03-{number % 15 + 1:02d}"}
        branch.enter("meeting", **given, chair=branch.marks("书记")[0], present=branch.marks("书记"), absent={})
    window = Window(branch, "党员1")
    counts = {path: asked(window, path)[0] for path in ("registers/", "registers/meeting/", "calendar/")}
    assert counts == {"registers/": 8, "registers/meeting/": 14, "calendar/": 8}
