"""The lists: what is found by line, kind, stage, region, date and words, and with how many queries."""

import json
from datetime import timedelta
from decimal import Decimal
from itertools import groupby

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from support.market import AT, open_markets
from support.stages import PUBLISHED, Stage, trade_at
from yangguang.web.portal import search
from yangguang.web.portal.models import Cursor, Facet, Gram, Listed, NamedFile, Notice
from yangguang.web.portal.projection import catch_up
from yangguang.web.portal.search import found, grams_of, words_of
from yangguang.web.portal.views import FOLDED_FROM
from yangguang.witness.log import sequence_log
from yangguang.witness.models import Entry, Leaf

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


def in_log(scene):
    sequence_log(at=scene.at)
    return scene


def page(path):
    return Client().get(path).content.decode()


def rows(path, **query):
    return list(Client().get(path, query).context["rows"])


def queries(path):
    client = Client()
    client.get(path)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(path).status_code == 200
    return len(caught)


@pytest.mark.parametrize("lots", [1, 3])
def test_a_list_asks_the_same_number_of_questions_with_one_row_and_with_three(lots):
    open_markets(lots=lots, bidders=3)
    sequence_log(at=AT)
    expected = {
        "/": 5, "/trades/": 4, "/notices/": 4, "/statistics/": 3, "/trades/?q=标段": 4, "/log/": 3,
        "/feeds/notices.atom": 3, "/feeds/notices.json": 3, "/sitemap.xml": 3, "/en/trades/": 4, "/en/log/": 3,
    }  # fmt: skip
    assert {path: queries(path) for path in expected} == expected


def test_a_trade_is_listed_from_its_notice_on():
    in_log(trade_at(Stage.REVIEWED))
    assert rows("/trades/") == []


def test_a_published_trade_is_found_by_each_of_its_properties():
    scene = in_log(trade_at(PUBLISHED))
    region = scene.trade.tender.region
    wanted = {
        "line": "A",
        "region": region,
        "stage": "bidding",
        "q": "示例",
        "since": "2026-03-03",
        "until": "2026-03-03",
    }
    for name, value in wanted.items():
        assert len(rows("/trades/", **{name: value})) == 1, name
    assert len(rows("/trades/", **wanted)) == 1
    others = {
        "line": "D",
        "region": "110000",
        "stage": "archived",
        "q": "医院",
        "since": "2026-03-04",
        "until": "2026-03-02",
    }
    for name, value in others.items():
        assert rows("/trades/", **{name: value}) == [], name


def test_what_makes_no_sense_in_an_address_is_left_out():
    in_log(trade_at(PUBLISHED))
    nonsense = {
        "line": "Z",
        "region": "x'",
        "stage": "nowhere",
        "since": "0001-01-01",
        "until": "yesterday",
        "before": "-1",
    }
    assert len(rows("/trades/", **nonsense)) == 1
    assert len(rows("/trades/", before="9" * 30)) == 1
    assert rows("/trades/", q="\x00%_'\"") == []


@pytest.mark.parametrize("word", ["综合", "小学", "学", "示例小学综合楼工程", "工程 示例"])
def test_chinese_words_of_any_length_find_a_trade(word):
    in_log(trade_at(PUBLISHED))
    assert len(rows("/trades/", q=word)) == 1
    assert len(rows("/notices/", q=word)) == 1


@pytest.mark.parametrize("word", ["学小", "示学", "综合楼示例", "桥", "示例 桥梁"])
def test_words_that_stand_elsewhere_find_nothing(word):
    in_log(trade_at(PUBLISHED))
    assert rows("/trades/", q=word) == []
    assert rows("/notices/", q=word) == []


def test_letters_are_found_whatever_their_width_and_size():
    assert words_of("ＡＢＣ　示例") == ["abc", "示例"]
    assert grams_of("ab") == grams_of("a") - {ord("a") << 21} | {ord("a") << 21 | ord("b"), ord("b") << 21}


def test_the_rarest_pair_leads_the_search():
    in_log(trade_at(PUBLISHED))
    catch_up()
    sql = str(found(["示例小学"]).query)
    assert sql.count("portal_gram") >= 1
    assert found(["示例小学"]).count() == 1


def test_notices_of_a_word_in_many_trades_are_read_from_the_newest_on(monkeypatch):
    open_markets(lots=3, bidders=3)
    sequence_log(at=AT)
    few = [one.pk for one in rows("/notices/", q="标段")]
    monkeypatch.setattr(search, "ENOUGH", 2)
    assert [one.pk for one in rows("/notices/", q="标段")] == few == sorted(few, reverse=True)
    assert len(few) == 3
    assert rows("/notices/", q="桥梁") == []


def test_every_kind_of_notice_has_its_list():
    in_log(trade_at(Stage.CONTRACTED))
    for kind in ("tender", "opening", "candidates", "result", "contract"):
        assert [one.kind for one in rows("/notices/", kind=kind)] == [kind]
    assert rows("/notices/", kind="ending") == []


def test_a_failed_opening_is_a_notice_of_an_ending():
    in_log(trade_at(Stage.TOO_FEW))
    assert [one.entry.act for one in rows("/notices/", kind="ending")] == ["announce_bidders"]
    assert [one.stage for one in rows("/trades/")] == ["too_few"]


@pytest.mark.parametrize("narrowed", [{}, {"q": "标段"}, {"since": "2026-01-01", "line": "A"}])
@pytest.mark.parametrize("path", ["/trades/", "/notices/"])
def test_older_rows_follow_without_gap_or_repetition(path, narrowed):
    open_markets(lots=23, bidders=3)
    sequence_log(at=AT)
    first = Client().get(path, narrowed)
    second = Client().get(f"{path}?{first.context['older']}")
    seen = [one.pk for answer in (first, second) for one in answer.context["rows"]]
    assert len(seen) == len(set(seen)) == 23
    assert seen == sorted(seen, reverse=True)
    assert second.context["older"] == ""


def test_every_number_leads_to_a_list_of_as_many_rows():
    in_log(trade_at(Stage.CONTRACTED))
    for group in Client().get("/statistics/").context["groups"]:
        for choice, query in group.rows:
            assert len(rows(f"/{group.page}/?{query}")) == choice.number


def test_reading_the_log_again_from_the_start_gives_the_same_tables():
    in_log(trade_at(Stage.CONTRACTED))
    catch_up()

    def told():
        facets = list(
            Facet.objects.filter(number__gt=0).order_by("field", "value").values_list("field", "value", "number")
        )
        return facets, list(Notice.objects.order_by("leaf").values_list("leaf", "kind")), Gram.objects.count()

    before = told()
    for model in (Notice, Gram, Listed, NamedFile, Facet, Cursor):
        model.objects.all().delete()
    catch_up()
    assert told() == before
    assert Cursor.objects.get().leaves == Leaf.objects.count()


def test_an_entry_without_its_leaf_is_not_listed_yet():
    trade_at(PUBLISHED)
    assert rows("/trades/") == []


def test_a_price_and_a_period_are_told_as_the_entries_have_them():
    scene = in_log(trade_at(Stage.CONTRACTED))
    results = Client().get(f"/trades/{scene.stream}/").context["results"]
    assert [one.price for one in results.bids] == [Decimal("9500000.00"), Decimal("9600000.00"), Decimal("9700000.00")]
    assert results.award.name == results.contract.name == results.candidates[0].name
    assert [one.rank for one in results.candidates] == [1, 2, 3]
    assert "合同价 9,500,000.00 元" in page(f"/trades/{scene.stream}/")


def test_a_winner_who_drops_out_is_the_winner_no_more():
    scene = trade_at(Stage.AWARDED)
    scene.at += timedelta(minutes=1)
    proof = scene.signed("tenderer", "record_drop_out", name="声明")
    bidder = scene.actor("bidder").organisation
    scene.do("record_drop_out", "tenderer", bidder=bidder, reason="gave_up", proof=proof)
    assert Client().get(f"/trades/{scene.stream}/").context["results"].award is None


def test_many_acts_within_one_stage_stand_folded_in_the_timeline_and_what_moves_it_on_does_not():
    scene = trade_at(Stage.ARCHIVED)
    text = page(f"/trades/{scene.stream}/")
    told = [json.loads(one.payload) for one in Entry.objects.filter(stream=scene.stream).order_by("sequence")]
    runs = [
        list(run) for stays, run in groupby(told, key=lambda one: (one["from"] == one["to"], one["from"])) if stays[0]
    ]
    assert text.count("<details>") == sum(len(run) >= FOLDED_FROM for run in runs) > 0
    assert text.count("/entries/") == len(told) + text.count("/files/")
