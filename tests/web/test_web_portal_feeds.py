"""Feeds, sitemap and robots: resumable by the log's sequence, and nothing in them that a page does not say."""

import json
from xml.etree import ElementTree as ET

import pytest
from django.test import Client

from support.market import AT, open_markets
from support.stages import PUBLISHED, Stage, trade_at
from yangguang.web.portal import feeds
from yangguang.witness.log import sequence_log
from yangguang.witness.models import Leaf

pytestmark = pytest.mark.django_db(transaction=True)
ATOM = "{http://www.w3.org/2005/Atom}"


def in_log(scene):
    sequence_log(at=scene.at)
    return scene


def releases(path="/feeds/notices.json?after=-1"):
    return json.loads(Client().get(path).content)


def test_a_feed_goes_on_where_one_stopped(monkeypatch):
    open_markets(lots=5, bidders=3)
    sequence_log(at=AT)
    monkeypatch.setattr(feeds, "PAGE_SIZE", 2)
    seen, path = [], "/feeds/notices.json?after=-1&kind=tender"
    while rows := (package := releases(path))["releases"]:
        seen += [int(one["id"]) for one in rows]
        assert package["cursor"] == seen[-1]
        path = package["links"]["next"].removeprefix("http://testserver")
    assert len(seen) == 5
    assert seen == sorted(seen)
    assert releases(path)["cursor"] == seen[-1]


def test_the_cursor_is_the_leaf_in_the_log():
    in_log(trade_at(Stage.CONTRACTED))
    for one in releases()["releases"]:
        leaf = Leaf.objects.select_related("entry").get(index=int(one["id"]))
        assert one["ocid"].endswith(leaf.entry.stream)


def test_without_a_cursor_the_newest_come_first():
    in_log(trade_at(Stage.CONTRACTED))
    ids = [int(one["id"]) for one in releases("/feeds/notices.json")["releases"]]
    assert ids == sorted(ids, reverse=True)


@pytest.mark.parametrize("path", ["/feeds/notices.json", "/feeds/notices.atom", "/feeds/notices.json?after=-1"])
def test_whoever_has_the_newest_gets_nothing_more(path):
    scene = in_log(trade_at(PUBLISHED))
    client = Client()
    tag = client.get(path)["ETag"]
    again = client.get(path, headers={"If-None-Match": f'"other", W/{tag}'})
    assert (again.status_code, again.content) == (304, b"")
    scene.do("terminate", "tenderer", announcement=scene.signed("tenderer", "terminate"), reason="调整")
    sequence_log(at=scene.at)
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 200


def test_releases_carry_the_names_of_ocds():
    scene = in_log(trade_at(Stage.CONTRACTED))
    found = {tuple(one["tag"]): one for one in releases()["releases"]}
    tender = found["tender",]
    assert tender["tender"]["id"] == scene.trade.lot_code
    assert tender["tender"]["value"] == {"amount": str(scene.trade.limit_price), "currency": "CNY"}
    assert [one["title"] for one in tender["tender"]["documents"]][:2] == ["招标公告", "招标文件"]
    assert found["contract",]["contracts"][0]["value"]["amount"] == "9500000.00"
    assert found["award",]["awards"][0]["status"] == "active"
    assert tender["buyer"]["id"] == scene.cast.tenderer.code


def test_every_document_of_a_release_can_be_read():
    in_log(trade_at(Stage.NOTIFIED))
    urls = [doc["url"] for one in releases()["releases"] for doc in one["tender"]["documents"]]
    assert len(urls) == 6
    for url in urls:
        answer = Client().get(url.removeprefix("http://testserver"))
        assert answer.status_code == 200
        answer.close()


def test_an_atom_feed_is_well_formed_and_says_when_it_changed():
    in_log(trade_at(Stage.CONTRACTED))
    feed = ET.fromstring(Client().get("/feeds/notices.atom").content)  # noqa: S314 - our own
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == 5
    assert feed.find(f"{ATOM}updated").text == entries[0].find(f"{ATOM}updated").text
    assert len({one.find(f"{ATOM}id").text for one in entries}) == 5


def test_an_empty_feed_is_a_feed():
    feed = ET.fromstring(Client().get("/feeds/notices.atom?after=7").content)  # noqa: S314 - our own
    assert feed.findall(f"{ATOM}entry") == []
    assert releases("/feeds/notices.json?after=7")["cursor"] == 7


@pytest.mark.parametrize("after", ["x", "9" * 40, "--1", "-", "²"])
def test_a_cursor_that_is_none_is_as_if_it_were_not_there(after):
    in_log(trade_at(PUBLISHED))
    assert len(releases(f"/feeds/notices.json?after={after}")["releases"]) == 1


def test_the_sitemap_names_each_page_in_both_languages():
    scene = in_log(trade_at(PUBLISHED))
    tree = ET.fromstring(Client().get("/sitemap.xml").content)  # noqa: S314 - our own
    paths = [one.text.removeprefix("http://testserver") for one in tree.iter() if one.tag.endswith("loc")]
    assert f"/trades/{scene.stream}/" in paths
    assert f"/en/trades/{scene.stream}/" in paths
    assert {Client().get(path).status_code for path in paths} == {200}


def test_robots_stay_away_from_where_one_signs_in():
    text = Client().get("/robots.txt").content.decode()
    assert "Disallow: /account/" in text
    assert "Sitemap: http://testserver/sitemap.xml" in text
