"""The draw and the evaluation room in real browsers: numbers made in them, sheets that save, the reader of files."""

import re
from itertools import product

import pytest
from playwright.sync_api import expect

from support.browser import PHONE, click_through, no_violations
from support.gallery_scenes import pdfs
from support.stages import opinions
from yangguang.trading.stages import Stage
from yangguang.web.evaluation.models import Sheet

pytestmark = pytest.mark.browser


def opine(scene, seat, bidder):
    scene.do("give_opinion", seat, bid=scene.digest(bidder), **opinions({}))


def test_experts_are_drawn_in_browsers(house, people):
    scene = house.trade_at(Stage.OPENED)
    path = f"/trades/{scene.stream}/draw/"
    pages = {kind: people.sign_in(scene.who(kind)).goto(path) for kind in ("centre", "tenderer", "supervisor")}
    scene.do("open_draw", "centre")
    for page in pages.values():  # nobody reloads: the pages follow what the other parties do
        click_through(page.get_by_role("button", name="提交承诺"))
        page.get_by_text("已办理：").wait_for()
    for page in pages.values():
        click_through(page.get_by_role("button", name="揭示随机数"))
        page.get_by_text("已办理：揭示随机数").wait_for()
    scene.do("complete_draw", "centre")
    for page in pages.values():
        for what in ("pool", "seed", "order"):
            expect(page.locator(f"[data-check={what}]")).to_contain_text("✓ 相符")
        expect(page.locator("[data-verdict]")).to_have_text(["✓ 相符"] * 3)
    centre = pages["centre"]
    expect(centre.get_by_role("heading", name="现在通知")).to_be_visible()
    no_violations(centre)
    centre.get_by_label("接受").check()
    click_through(centre.get_by_role("button", name="登记应答"))
    centre.get_by_text("已办理：").wait_for()
    assert "现在通知" not in pages["supervisor"].content()
    phone = people.sign_in(scene.who("supervisor"), viewport=PHONE).goto(path)
    no_violations(phone)


def test_a_member_reviews_and_scores_in_a_browser(house, people):
    scene = house.trade_at(Stage.SCORING)
    pdfs(scene)
    page = people.sign_in(scene.who("seat2")).goto(f"/trades/{scene.stream}/room/")
    first = page.locator("form[data-sheet*=score_technical]").first
    first.get_by_role("textbox").fill("21.5")
    expect(first.locator("[data-saved]")).to_contain_text("底稿已保存")
    assert Sheet.objects.get().values == {"mark_0": "21.5"}
    page.reload()
    expect(first.get_by_role("textbox")).to_have_value("21.5")
    no_violations(page)
    with page.expect_popup() as opened:
        page.get_by_role("link", name=re.compile("技术标")).first.click()
    reader = opened.value
    expect(reader.locator("[data-count]")).to_have_text("共 3 页")
    expect(reader.locator("[data-thumbs] button")).to_have_count(3)
    reader.get_by_label("在文件里查找").fill("Third")
    reader.get_by_role("button", name="查找").click()
    expect(reader.locator("[data-status]")).to_contain_text("在第 3 页")
    expect(reader.locator("[data-thumbs] [aria-current=page]")).to_have_attribute("data-number", "3")
    assert "公司" not in reader.locator("main").inner_text()
    no_violations(reader)
    click_through(first.get_by_role("button", name="提交评分"))
    page.get_by_text("已提交：").wait_for()
    phone = people.sign_in(scene.who("seat3"), viewport=PHONE).goto(f"/trades/{scene.stream}/room/")
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_a_room_follows_what_others_do_and_keeps_what_is_typed(house, people):
    scene = house.trade_at(Stage.REVIEWING)
    visitor = people.sign_in(scene.who("seat2"))
    visitor.tolerated.append((409, "/sheet"))  # a draft that is saved after the review was closed
    page = visitor.goto(f"/trades/{scene.stream}/room/")
    page.locator('[data-live][data-kind="on"]').wait_for()
    reason = page.locator("form[data-sheet] textarea").first
    reason.fill("资质证书即将到期，待核对")
    opine(scene, "seat3", "bidder1")
    expect(page.locator("tbody tr").filter(has_text="3 号").locator("td").last).to_have_text("1")
    expect(reason).to_have_value("资质证书即将到期，待核对")
    for seat, bidder in product(scene.seats(), ("bidder1", "bidder2", "bidder3")):
        if (seat, bidder) != ("seat3", "bidder1"):  # one's own are given too, in another window
            opine(scene, seat, bidder)
    scene.do("close_review", "chair")
    expect(page.get_by_text("本页正在填写的内容在新的页面上已经没有位置")).to_be_visible()
    expect(reason).to_have_value("资质证书即将到期，待核对")
    click_through(page.get_by_role("link", name="刷新本页"))
    expect(page.locator("form[data-sheet*=score_business]").first).to_be_visible()


def test_the_review_stands_side_by_side(house, people):
    scene = house.trade_at(Stage.REVIEWING)
    pdfs(scene)
    path = f"/trades/{scene.stream}/room/"
    page = people.sign_in(scene.who("chair")).goto(path)
    columns = [one.bounding_box() for one in page.locator(".yg-bid").all()]
    assert len({round(one["y"]) for one in columns}) == 1
    no_violations(page)
    phone = people.sign_in(scene.who("seat3"), viewport=PHONE).goto(path)
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    no_violations(phone)


def test_the_closed_scores_and_the_computation_can_be_read(house, people):
    scene = house.trade_at(Stage.RANKED)
    page = people.sign_in(scene.who("supervisor")).goto(f"/trades/{scene.stream}/room/")
    page.get_by_text("计算过程，逐步可复核").click()
    no_violations(page)
