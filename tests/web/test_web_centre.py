"""The centre's own pages: for whom they open, what stands on them, and that nobody's bid shows there."""

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from support.act_pages import signed_in
from support.market import DEADLINE, open_markets
from support.scenes import beijing
from support.stages import PUBLISHED, Stage, trade_at

pytestmark = pytest.mark.django_db(transaction=True)
PAGES = ("/centre/", "/centre/rules/", "/centre/holidays/", "/centre/roots/")


def visit(scene, by, path="/centre/", **query):
    with time_machine.travel(scene.at, tick=False):
        return signed_in(scene.actor(by)).get(path, query)


def listed(page):
    return {name: [one.stream for one in page.context[name]] for name in ("today", "left", "evaluations", "later")}


def test_staff_and_supervisors_read_the_pages_and_others_do_not():
    scene = trade_at(PUBLISHED)
    for path in PAGES:
        assert [visit(scene, by, path).status_code for by in ("centre", "supervisor", "discipline")] == [200] * 3
        assert [visit(scene, by, path).status_code for by in ("tenderer", "bidder")] == [403] * 2


@pytest.mark.parametrize(
    ("point", "moment", "where"),
    [
        (PUBLISHED, beijing("03-10"), None),
        (PUBLISHED, beijing("03-20"), "later"),
        (PUBLISHED, beijing("03-23", "00:00"), "today"),
        (Stage.LISTED, beijing("03-23", "23:59"), "today"),
        (Stage.LISTED, beijing("03-24", "00:00"), "left"),
        (Stage.SCORING, beijing("03-24", "11:00"), "evaluations"),
        (Stage.SUSPENDED, beijing("03-23", "08:00"), None),
    ],
)
def test_a_trade_stands_where_its_deadline_puts_it(point, moment, where):
    scene = trade_at(point, at=moment)
    nothing = {"today": [], "left": [], "evaluations": [], "later": []}
    assert listed(visit(scene, "centre")) == nothing | ({where: [scene.stream]} if where else {})


def test_the_page_of_openings_does_not_change_with_who_bids():
    scene = trade_at(PUBLISHED, at=beijing("03-20"))
    before = main(visit(scene, "centre"))
    scene.bid("bidder1")
    scene.guarantee("bidder2")
    assert main(visit(scene, "centre")) == before


def main(page):
    text = page.content.decode()
    return text[text.index("<main") : text.index("</main>")]


def test_the_rules_are_those_of_the_day_that_is_asked_for():
    scene = trade_at(PUBLISHED)
    rows = visit(scene, "centre", "/centre/rules/", q="threshold.construction").context["rules"]
    assert [one.effective_from.year for one in rows] == [2018]
    rows = visit(scene, "centre", "/centre/rules/", q="threshold.construction", on="2017-01-01").context["rules"]
    assert [one.effective_from.year for one in rows] == [2000]
    rows = visit(scene, "centre", "/centre/rules/", q="threshold.construction", all="1").context["rules"]
    assert [one.effective_from.year for one in rows] == [2000, 2018]
    nonsense = visit(scene, "centre", "/centre/rules/", on="yesterday", q="没有这样的规则")
    assert nonsense.context["rules"] == []


def test_the_calendar_shows_the_days_that_differ_and_says_when_it_does_not_know():
    scene = trade_at(PUBLISHED)
    page = visit(scene, "centre", "/centre/holidays/", year="2024")
    days = {str(one.day): one.works for one in page.context["days"]}
    assert (days["2024-10-01"], days["2024-10-12"]) == (False, True)
    assert "2024-10-05" not in days
    later = visit(scene, "centre", "/centre/holidays/", year="2099")
    assert "放假安排还不在本系统里" in later.content.decode()
    assert visit(scene, "centre", "/centre/holidays/", year="0000").context["year"] == 2026


def test_the_roots_show_their_fingerprints():
    scene = trade_at(PUBLISHED)
    page = visit(scene, "supervisor", "/centre/roots/")
    assert page.context["roots"]
    assert all(one.row.fingerprint in page.content.decode() for one in page.context["roots"])


@pytest.mark.parametrize("lots", [1, 3])
def test_the_openings_ask_as_much_about_three_trades_as_about_one(lots):
    staff = open_markets(lots=lots, bidders=1)[0].cast.staff
    with time_machine.travel(DEADLINE, tick=False):
        client = signed_in(staff.actor)
        client.get("/centre/")
        with CaptureQueriesContext(connection) as caught:
            assert len(client.get("/centre/").context["today"]) == lots
    assert len(caught) == 9
