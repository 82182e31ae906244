"""The wall in a real browser: charts, their tables behind a key, news by itself, a lost connection."""

import pytest
from playwright.sync_api import expect

from support.browser import PHONE, no_violations
from yangguang.trading.stages import Stage
from yangguang.witness.log import sequence_log

pytestmark = pytest.mark.browser
WALL = {"width": 1920, "height": 1080}


def test_the_wall_is_drawn_and_each_chart_has_its_table_behind_a_key(house, people):
    scene = house.trade_at(Stage.DECRYPTING)
    house.beat(scene.at)
    page = people.stranger(viewport=WALL).goto("/screen/")
    expect(page.locator("canvas")).to_have_count(2)
    assert page.evaluate("document.documentElement.scrollHeight") <= WALL["height"]
    no_violations(page)
    months, lines = page.locator("#screen-months-table"), page.locator("#screen-lines-table")
    page.keyboard.press("2")
    expect(months.get_by_role("link", name="1", exact=True)).to_be_visible()
    no_violations(page)
    page.keyboard.press("3")
    expect(lines).to_be_visible()
    expect(months).to_be_hidden()
    lines.get_by_role("button", name="关闭 3").click()
    page.get_by_role("button", name="表格和口径 1").click()
    expect(page.get_by_text("÷最高投标限价")).to_be_visible()
    no_violations(page)
    page.keyboard.press("Escape")
    expect(page.locator("[data-table]:visible")).to_have_count(0)


def test_the_wall_follows_the_log_and_says_when_it_cannot(house, people):
    scene = house.trade_at(Stage.DECRYPTING)
    house.beat(scene.at)
    visitor = people.stranger(viewport=PHONE)
    visitor.page.clock.install()
    page = visitor.goto("/screen/")
    expect(page.locator("canvas")).to_have_count(2)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.keyboard.press("2")
    scene.do("open_bid", "bidder1", unlocked=scene.unlocked("bidder1"))
    sequence_log(at=scene.at)
    page.clock.run_for(6_000)
    expect(page.get_by_text("已解密 1 家")).to_be_visible()
    expect(page.locator("#screen-months-table")).to_be_visible()
    no_violations(page)
    visitor.context.set_offline(True)
    page.clock.run_for(6_000)
    expect(page.locator('[data-live][data-kind="lost"]')).to_be_visible()
    page.clock.fast_forward(61_000)
    page.clock.run_for(6_000)
    expect(page.get_by_text("已超过一分钟没有更新")).to_be_visible()
    no_violations(page)
    visitor.context.set_offline(False)
    page.clock.run_for(6_000)
    expect(page.get_by_text("实时更新")).to_be_visible()
