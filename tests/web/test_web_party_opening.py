"""Where nothing was recorded for a year, the pages open on the last month of work, say so, and lead to the present."""

from datetime import UTC, datetime

import pytest

from support.party import Window, everyone, text
from yangguang.ledger.models import State

pytestmark = pytest.mark.django_db(transaction=True)

SAID = "近一年没有登记记录，这里按最近有记录的2026年3月显示。"
PAGES = ("", "registers/", "registers/meeting/", "calendar/", "tasks/", "pairs/", "dues/")
RESTED, BUSY = datetime(2027, 3, 20, 2, tzinfo=UTC), datetime(2027, 3, 16, 2, tzinfo=UTC)


def at_work(branch=None):
    branch = branch or everyone()
    branch.at = datetime(2026, 3, 16, 2, tzinfo=UTC)
    branch.enter("meeting", kind="党课", title="书记讲党课", day="2026-03-16", present=branch.marks("书记", "党员1"))
    return branch


def test_a_unit_that_rested_opens_on_its_last_month_and_says_so():
    branch = at_work()
    branch.at = RESTED
    window = Window(branch, "书记")
    assert {page: SAID in text(window.get(page)) for page in PAGES} == dict.fromkeys(PAGES, True)
    month = window.get("").context["month"]
    assert (month.today.isoformat(), window.get("registers/").context["year"]) == ("2026-03-31", 2026)
    assert [row.record.title for row in window.get("registers/meeting/").context["rows"]] == ["书记讲党课"]
    assert window.get("calendar/").context["month"].isoformat() == "2026-03-01"


def test_the_present_is_one_click_away():
    branch = at_work()
    branch.at = RESTED
    window = Window(branch, "书记")
    assert {page: "近一年没有登记记录" in text(window.get(page + "?now=1")) for page in PAGES} == dict.fromkeys(
        PAGES, False
    )
    assert window.get("?now=1").context["month"].today.isoformat() == "2027-03-20"


def test_a_unit_at_work_opens_on_today_and_so_does_one_that_never_began():
    branch = everyone()
    branch.at = RESTED
    assert Window(branch, "书记").get("").context["month"].today.isoformat() == "2027-03-20"
    at_work(branch)
    branch.at = BUSY
    assert Window(branch, "书记").get("").context["month"].today.isoformat() == "2027-03-16"


def test_what_was_cancelled_or_nobody_came_to_is_no_month_of_work():
    branch = at_work()
    branch.enter("meeting", kind="党课", title="计划的党课", day="2026-05-16")
    gone = branch.enter("meeting", kind="党课", title="取消的", day="2026-03-12", present=branch.marks("书记"))
    type(gone).objects.filter(pk=gone.pk).update(state=State.CANCELLED, day="2026-06-01")
    branch.at = datetime(2027, 6, 20, 2, tzinfo=UTC)
    assert SAID in text(Window(branch, "书记").get(""))
