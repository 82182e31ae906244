"""The workbench: what each person finds waiting, which trades are theirs, and what nobody else's desk tells."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from support.act_pages import Desk, signed_in
from support.market import DEADLINE, open_markets
from support.scenes import beijing
from support.stages import PUBLISHED, Stage, trade_at
from yangguang.trading.acts.bidding import receive, submit_bid
from yangguang.trading.due import deadlines_of
from yangguang.trading.models import Tender, Trade
from yangguang.web.desk import views
from yangguang.web.desk.waiting import TIMED
from yangguang.witness.log import sequence_log

pytestmark = pytest.mark.django_db(transaction=True)


def desk_of(scene, by, path="/desk/", **query):
    with time_machine.travel(scene.at, tick=False):
        return signed_in(scene.actor(by)).get(path, query)


def titles(page):
    return [one.title for one in page.context["waiting"]]


def streams(page):
    return [one.trade.stream for one in page.context["rows"]]


def test_a_stranger_is_asked_to_sign_in(client):
    assert "/account/login/" in client.get("/desk/")["Location"]


def test_a_bidder_sees_no_trade_before_taking_part_and_its_own_afterwards():
    scene = trade_at(Stage.BIDDING)
    assert streams(desk_of(scene, "supplier")) == []
    assert streams(desk_of(scene, "bidder")) == [scene.stream]


def test_taking_the_document_puts_a_trade_on_the_desk():
    scene = trade_at(PUBLISHED)
    Desk(scene, "supplier").do("download_document", {})
    page = desk_of(scene, "supplier")
    assert streams(page) == [scene.stream]
    assert titles(page) == ["登记投标保证金或者保函", "递交投标文件"]


def test_what_is_done_no_longer_waits():
    scene = trade_at(Stage.DECRYPTING)
    assert titles(desk_of(scene, "bidder")) == ["解密投标文件"]
    scene.do("open_bid", "bidder", unlocked=scene.unlocked("bidder"))
    assert titles(desk_of(scene, "bidder")) == []


def test_signing_in_to_the_opening_says_from_when_on():
    scene = trade_at(Stage.BIDDING)
    (early,) = desk_of(scene, "bidder").context["waiting"]
    assert (early.title, early.opens) == ("开标签到", beijing("03-23", "08:00"))
    scene.at = beijing("03-23", "08:10")
    (now,) = desk_of(scene, "bidder").context["waiting"]
    assert now.opens is None


@pytest.mark.parametrize("by", ["centre", "tenderer", "agency", "supervisor", "supplier"])
def test_nobodys_desk_changes_with_who_bids(by):
    scene = trade_at(PUBLISHED, at=beijing("03-20"))
    before = told(desk_of(scene, by))
    scene.bid("bidder1")
    scene.guarantee("bidder1")
    scene.bid("bidder2")
    assert told(desk_of(scene, by)) == before


def told(page):
    text = page.content.decode()
    return text[text.index("<main") : text.index("</main>")]


def test_the_tenderer_sees_the_next_step_and_the_clock_of_the_law():
    scene = trade_at(Stage.PUBLICITY)
    page = desk_of(scene, "tenderer")
    (row,) = page.context["rows"]
    assert (row.part, row.steps) == ("招标人", ("确定中标人",))
    (waits,) = page.context["waiting"]
    assert waits.title == "确定中标人"
    assert waits.opens


def test_an_expert_learns_nothing_before_signing_in():
    scene = trade_at(Stage.DRAWN)
    before = desk_of(scene, "seat1").content.decode()
    assert "评委签到" in before
    assert scene.trade.tender.title not in before
    assert streams(desk_of(scene, "seat1", q="示例")) == []
    scene.do("sign_in_member", "seat1")
    assert scene.trade.tender.title in desk_of(scene, "seat1").content.decode()
    assert desk_of(scene, "expert").context["rows"] == []


def test_a_signed_in_member_is_shown_the_way_to_the_room():
    scene = trade_at(Stage.SCORING)
    page = desk_of(scene, "seat2")
    assert titles(page) == ["评标：详细评审"]
    assert page.context["waiting"][0].url == f"/trades/{scene.stream}/room/"


def test_who_watches_is_shown_what_stopped():
    scene = trade_at(Stage.SUSPENDED)
    for by in ("centre", "supervisor"):
        assert [one.stream for one in desk_of(scene, by).context["alarms"]] == [scene.stream]
    assert "alarms" not in desk_of(scene, "bidder").context


def test_a_body_sees_the_trades_that_it_was_named_for_and_no_others():
    scene = trade_at(Stage.SUSPENDED)
    for by in ("supervisor", "discipline"):
        assert streams(desk_of(scene, by)) == [scene.stream]
    Tender.objects.update(supervisor=None, discipline=None)
    for by in ("supervisor", "discipline"):
        assert streams(desk_of(scene, by)) == []


def test_one_searches_in_ones_own_trades_only():
    scene = trade_at(Stage.BIDDING)
    for words in ("示例小学", scene.stream, "综合楼 示例"):
        assert streams(desk_of(scene, "bidder", q=words)) == [scene.stream]
        assert streams(desk_of(scene, "supplier", q=words)) == []
    assert streams(desk_of(scene, "bidder", q="医院")) == []
    assert streams(desk_of(scene, "centre", before="x\x00")) == [scene.stream]


def test_archived_trades_are_found_when_asked_for():
    scene = trade_at(Stage.ARCHIVED)
    assert streams(desk_of(scene, "tenderer")) == []
    assert streams(desk_of(scene, "tenderer", ended="1")) == [scene.stream]


def test_what_waits_is_complete_however_many_newer_trades_there_are(monkeypatch):
    monkeypatch.setattr(views, "PAGE_SIZE", 1)
    markets = open_markets(lots=3, bidders=3)
    Trade.objects.update(stage=Stage.DECRYPTING, decryption_until=DEADLINE + timedelta(hours=1))
    with time_machine.travel(DEADLINE, tick=False):
        page = signed_in(markets[0].cast.agency.actor).get("/desk/")
    assert {one.trade.stream for one in page.context["waiting"]} == {one.trade.stream for one in markets}
    assert streams(page) == [markets[2].trade.stream]


def test_who_watches_is_told_the_stages_of_all_trades_and_how_many_more_stopped(monkeypatch):
    monkeypatch.setattr(views, "PAGE_SIZE", 1)
    monkeypatch.setattr(views, "MOST_ALARMS", 1)
    markets = open_markets(lots=3, bidders=3)
    Trade.objects.exclude(pk=markets[0].trade.pk).update(stage=Stage.SUSPENDED)
    with time_machine.travel(DEADLINE - timedelta(days=1), tick=False):
        context = signed_in(markets[0].cast.supervisor.actor).get("/desk/").context
    assert context["stages"] == [("招标投标", 1), ("暂停", 2)]
    assert ([one.stream for one in context["alarms"]], context["more_alarms"]) == ([markets[2].trade.stream], 1)


@pytest.mark.parametrize("point", [Stage.DECRYPTING, Stage.PUBLICITY, Stage.NOTIFIED, Stage.CONTRACTED, Stage.TOO_FEW])
def test_the_desk_looks_for_every_act_that_the_law_puts_a_moment_on(point):
    assert {one.act for one in deadlines_of(trade_at(point).trade)} <= TIMED


@pytest.mark.parametrize("lots", [1, 3])
def test_the_desk_asks_as_much_about_three_trades_as_about_one(lots):
    markets = open_markets(lots=lots, bidders=3)
    at = DEADLINE - timedelta(days=1)
    cast = markets[0].cast
    for one in markets:
        file = receive(one.trade, actor=cast.bidders[0].actor, at=at, content=one.sealed(0, at=at))
        submit_bid(one.trade, actor=cast.bidders[0].actor, at=at, received=file)
    sequence_log(at=at)
    people = {
        "bidder": cast.bidders[0], "agency": cast.agency, "centre": cast.staff, "supervisor": cast.supervisor,
    }  # fmt: skip
    asked = {name: queries(party, at=at, lots=lots) for name, party in people.items()}
    assert asked == ASKED


ASKED = {"bidder": 19, "agency": 19, "centre": 20, "supervisor": 17}


def queries(party, *, at, lots):
    with time_machine.travel(at, tick=False):
        client = signed_in(party.actor)
        client.get("/desk/")
        with CaptureQueriesContext(connection) as caught:
            assert len(client.get("/desk/").context["rows"]) == lots
    return len(caught)
