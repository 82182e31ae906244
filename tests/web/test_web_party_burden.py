"""The burden figure in a page: by unit and month, one's own for oneself, and what reports got without typing."""

import pytest

from support.party import Window, everyone, text
from yangguang.ledger.models import Record
from yangguang.reports.acts import draft_report
from yangguang.reports.burden import COUNTED, NOT_COUNTED

pytestmark = pytest.mark.django_db(transaction=True)

MEETING = {"kind": "党课", "day": "2026-03-12"}


def test_everybody_sees_their_own_number_and_those_who_watch_the_units():
    branch = everyone()
    branch.enter("meeting", by="书记", title="第一课", **MEETING)
    branch.enter("meeting", by="干事", title="第二课", **MEETING)
    branch.enter("meeting", by="干事", title="第三课", **MEETING)
    typed = {one.title: one.typed for one in Record.objects.all()}
    worker = Window(branch, "干事").get("burden/").context
    assert [(one.records, one.fields) for one in worker["own"]] == [(2, typed["第二课"] + typed["第三课"])]
    assert [(one.records, one.people, one.fields) for one in worker["months"]] == [(3, 2, sum(typed.values()))]
    member = Window(branch, "党员1").get("burden/")
    assert (member.context["own"], member.context["months"], member.context["shares"]) == ([], [], [])
    assert [name for name in ("书记", "干事") if name in text(member)] == []


def test_no_person_but_oneself_is_named():
    branch = everyone()
    branch.enter("meeting", by="干事", title="第二课", **MEETING)
    page = text(Window(branch, "分管领导").get("burden/"))
    assert [name for name in branch.people if f"<td>{name}" in page] == []
    assert "不排名" in page


def test_the_share_is_that_of_the_last_report_of_each_outline():
    branch = everyone()
    branch.enter("meeting", title="第一课", **MEETING)
    inputs = {"actor": branch.actor("书记"), "at": branch.at, "outline": "002"}
    for period in ("2026-02", "2026-03"):
        draft_report(branch.unit, period=period, **inputs)
    shares = Window(branch, "书记").get("burden/").context["shares"]
    assert [(name, period) for name, period, _ in shares] == [("宣传通讯稿", "2026年3月")]
    assert shares[0][2].derived == shares[0][2].total


def test_imported_fields_have_a_column_of_their_own_and_what_signals_entered_has_none():
    branch = everyone()
    for title in ("第一课", "第二课", "第三课"):
        branch.enter("meeting", title=title, **MEETING)
    one, two, three = Record.objects.order_by("pk")
    Record.objects.filter(pk=two.pk).update(origin="import:x")
    Record.objects.filter(pk=three.pk).update(origin="signal:x")
    window = Window(branch, "书记")
    page = window.get("burden/")
    [month] = page.context["months"]
    assert (month.records, month.fields, month.imported_records, month.imported) == (1, one.typed, 1, two.typed)
    assert (month.imported_percent, page.context["imported_percent"]) == (50, 50)
    assert [said in text(page) for said in (COUNTED, NOT_COUNTED)] == [True, True]
    assert [(row.fields, row.imported) for row in page.context["own"]] == [(one.typed, two.typed)]


def test_another_year_is_shown_where_it_is_asked_for():
    window = Window(everyone(), "书记")
    assert [window.get(f"burden/?year={said}").context["year"] for said in ("2025", "1999", "x")] == [2025, 2026, 2026]


def test_the_month_says_which_report_is_being_made():
    branch = everyone()
    report = draft_report(branch.unit, actor=branch.actor("书记"), at=branch.at, outline="002", period="2026-02")
    month = Window(branch, "书记").get("").context["month"]
    assert [(one.report.pk, one.name) for one in month.reports] == [(report.pk, "宣传通讯稿（2026年2月）")]
    assert Window(branch, "党员1").get("").context["month"].reports is None
