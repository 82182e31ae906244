"""The wall: its figures are what the portal lists, it follows the log, and it knows nothing before its time."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from support.market import AFTER, DEADLINE, open_markets
from support.scenes import beijing
from support.stages import MOMENTS, PUBLISHED, drop_out, trade_at
from yangguang.trading.models import Trade
from yangguang.trading.stages import Stage
from yangguang.web.portal.models import Listed
from yangguang.web.screen.figures import figures_of, lines_of, months_of
from yangguang.web.screen.today import MOST_LINES, today_of
from yangguang.web.screen.year import same_day_before, spans_of, years_until
from yangguang.witness.log import latest_checkpoint, sequence_log

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shown(time_machine):
    """The page at a moment, with the log grown as far as the records."""

    def show(at, path="/screen/"):
        time_machine.move_to(at, tick=False)
        sequence_log(at=at)
        return Client().get(path).content.decode()

    return show


def in_log(point):
    scene = trade_at(point)
    sequence_log(at=scene.at)
    Client().get("/trades/")  # the portal reads the log
    return scene


def said(today):
    return {one.title: (one.value + one.unit, one.before) for one in figures_of(years_until(today))}


@pytest.mark.parametrize("lots", [1, 3])
def test_the_wall_asks_the_same_number_of_questions_with_one_row_and_with_three(lots, time_machine):
    open_markets(lots=lots, bidders=3)
    time_machine.move_to(AFTER, tick=False)
    sequence_log(at=AFTER)
    client = Client()
    client.get("/trades/")
    Trade.objects.update(stage=Stage.LISTED)
    Listed.objects.update(stage=Stage.LISTED)
    with CaptureQueriesContext(connection) as first:
        page = client.get("/screen/").content.decode()
    with CaptureQueriesContext(connection) as again:
        client.get("/screen/")
    assert page.count('data-tone="live"') == page.count("投标人名单已公布</span></strong>") == lots
    assert (len(first), len(again)) == (10, 2)


def test_every_figure_is_what_its_list_shows(shown):
    scene = trade_at(Stage.CONTRACTED)
    shown(scene.at)
    today = scene.at.date()
    assert said(today) == {
        "公开项目": ("1个", "0个"),
        "中标金额": ("950.0万元", "—"),
        "节资率": ("5.0%", "—"),
        "每标段投标人": ("3.0家", "—"),
        "市外企业中标": ("0.0%", "—"),
        "网上解密成功": ("100.0%", "—"),
    }
    years = years_until(today)
    for one in figures_of(years):
        assert len(Client().get(one.url).context["rows"]) == 1, one.title
    for bar in (*months_of(years), *lines_of(years)):
        assert len(Client().get(bar.url).context["rows"]) == (bar.now or 0), bar.label
        assert len(Client().get(bar.before_url).context["rows"]) == bar.before


def test_last_year_is_compared_up_to_the_same_day_and_shown_whole_by_month():
    in_log(Stage.CONTRACTED)
    assert said(date(2027, 3, 2))["公开项目"] == ("0个", "0个")
    assert said(date(2027, 3, 3))["公开项目"] == ("0个", "1个")
    assert said(date(2027, 3, 31))["中标金额"] == ("—", "—")
    assert said(date(2027, 4, 1))["中标金额"] == ("—", "950.0万元")
    months = months_of(years_until(date(2027, 3, 2)))
    assert [one.before for one in months] == [0, 0, 1, *[0] * 9]
    assert [one.now for one in months] == [0, 0, 0, *[None] * 9]
    assert [one.before for one in lines_of(years_until(date(2027, 3, 3)))] == [1, 0, 0, 0]


def test_a_leap_day_is_compared_with_the_last_day_of_february():
    assert same_day_before(date(2028, 2, 29)) == date(2027, 2, 28)
    assert len(spans_of(date(2028, 2, 29))) == 24
    assert len(spans_of(date(2028, 2, 28))) == 24
    assert len(spans_of(date(2028, 3, 1))) == 25


def test_a_winner_who_dropped_out_is_no_award():
    scene = in_log(Stage.NOTIFIED)
    assert said(scene.at.date())["中标金额"] == ("950.0万元", "—")
    drop_out(scene, "bidder1")
    assert said(scene.at.date())["中标金额"] == ("—", "—")


@pytest.mark.parametrize(
    ("point", "what"),
    [
        (PUBLISHED, [("开标", "待开标", "waiting")]),
        (Stage.SUSPENDED, [("开标", "暂停", "stopped")]),
        (Stage.TOO_FEW, [("开标", "投标人不足三个，未开标", "stopped")]),
        (Stage.CLOSED, [("开标", "投标截止", "live")]),
        (Stage.DECRYPTING, [("开标", "解密", "live"), ("参数抽取", "已抽取", "done")]),
        (
            Stage.DRAWN,
            [
                ("开标", "已开标", "done"),
                ("参数抽取", "已抽取", "done"),
                ("专家抽取", "已抽取", "done"),
                ("评标", "评标专家已抽取", "live"),
            ],
        ),
    ],
)
def test_the_day_tells_what_is_on_and_how_it_stands(point, what):
    in_log(point)
    assert [(one.what, one.state, one.tone) for one in today_of(date(2026, 3, 23)).lines] == what


def test_an_evaluation_is_there_until_the_day_of_its_end():
    in_log(Stage.SCORING)
    assert [(one.what, one.state) for one in today_of(date(2026, 3, 26)).lines] == [("评标", "详细评审")]


def test_an_evaluation_that_ended_is_there_on_that_day_alone():
    in_log(Stage.EVALUATED)
    assert [(one.what, one.state) for one in today_of(date(2026, 3, 24)).lines] == [("评标", "评标结束")]
    assert today_of(date(2026, 3, 25)).lines == []


def test_a_draw_under_way_is_live_until_it_is_done():
    scene = in_log(Stage.LISTED)
    scene.do("open_draw", "centre")
    assert [(one.what, one.tone) for one in today_of(date(2026, 3, 24)).lines] == [
        ("开标", "live"),
        ("参数抽取", "live"),
    ]


def test_bids_are_counted_from_the_list_of_bidders_on():
    scene = in_log(Stage.CLOSED)
    assert [(one.bids, one.settled) for one in today_of(date(2026, 3, 23)).halls] == [(None, 0)]
    scene.do("announce_bidders", "agency")
    Client().get("/trades/")
    assert [one.bids for one in today_of(date(2026, 3, 23)).halls] == [3]


def test_the_wall_holds_the_live_ones_first_and_says_how_many_more_there_are(monkeypatch):
    monkeypatch.setattr("yangguang.web.screen.today.MOST_LINES", 1)
    in_log(Stage.DECRYPTING)
    today = today_of(date(2026, 3, 23))
    assert ([one.state for one in today.lines], today.more_lines) == (["解密"], 1)
    assert MOST_LINES > 1


def test_the_next_opening_is_told_where_none_is_live(shown):
    open_markets(lots=1, bidders=3)
    page = shown(DEADLINE - timedelta(hours=1))
    assert "下一场：09:00" in page
    assert f'data-until="{DEADLINE.isoformat()}"' in page


def test_the_proof_strip_tells_the_newest_checkpoint(shown):
    page = shown(trade_at(PUBLISHED).at)
    root = Client().get("/log/").context["root"]
    assert " ".join(root[place : place + 4] for place in range(0, 16, 4)) in page
    assert f"<strong>{latest_checkpoint().size}</strong> 条" in page


def test_an_empty_house_has_a_wall(shown):
    page = shown(MOMENTS[PUBLISHED])
    assert "今日没有开标、抽取和评标" in page
    assert "见证日志还没有记录" in page


def test_the_board_comes_again_only_when_the_log_has_grown_or_a_day_begins(shown, time_machine):
    scene = trade_at(Stage.LISTED)
    seen = re.search(r'data-seen="([^"]+)"', shown(scene.at))[1]
    client = Client()
    answer = client.get("/screen/board/", {"seen": seen})
    assert (answer.status_code, answer.content, answer["X-Seen"]) == (204, b"", seen)
    scene.do("open_draw", "centre")
    sequence_log(at=scene.at)
    answer = client.get("/screen/board/", {"seen": seen})
    assert "抽取中" in answer.content.decode()
    assert client.get("/screen/board/", {"seen": answer["X-Seen"]}).status_code == 204
    time_machine.move_to(beijing("03-24", "00:01"))
    assert client.get("/screen/board/", {"seen": answer["X-Seen"]}).status_code == 200
