"""Writing a tender document in a real browser: saved while typed, tried on samples, accessible on desktop and phone."""

import pytest
from playwright.sync_api import expect

from support.browser import PHONE, House, People, no_violations
from support.stages import PUBLISHED
from yangguang.trading.stages import Stage
from yangguang.web.models import AuthoredDocument

pytestmark = pytest.mark.browser


def test_what_is_typed_is_saved_tried_and_refused_at_its_field(house: House, people: People) -> None:
    scene = house.trade_at(Stage.REVIEWED)
    page = people.sign_in(scene.who("agency")).goto(f"/trades/{scene.stream}/document/")
    expect(page.get_by_role("table", name="样例投标的排名")).to_be_visible()
    page.get_by_label("投标保证金（元）").fill("300000")
    expect(page.locator('[data-findings-of="bid_bond"]')).to_contain_text("条例第二十六条")
    expect(page.locator("#saved")).to_contain_text("已保存")
    page.get_by_label("报价得分的权重").fill("0.6")
    expect(page.locator(".yg-trace")).to_contain_text("0.6")
    expect(page.locator("#saved")).to_contain_text("已保存")
    assert AuthoredDocument.objects.get().typed["price_weight"] == ["0.6"]
    expect(page.get_by_text("必填")).to_have_count(0)
    no_violations(page)
    page.get_by_label("报价评分的公式族").select_option("shanxi_building")
    expect(page.get_by_label("抽取的下浮率：备选值")).to_have_value("3、4.5、6")
    expect(page.get_by_label("投标保证金（元）")).to_have_value("300000")


@pytest.mark.parametrize(
    ("part", "point"), [("", Stage.REVIEWED), ("review/", Stage.REGISTERED), ("change/", PUBLISHED)]
)
def test_the_pages_fit_a_phone_and_are_accessible(house: House, people: People, part: str, point: str) -> None:
    scene = house.trade_at(point)
    page = people.sign_in(scene.who("tenderer"), viewport=PHONE).goto(f"/trades/{scene.stream}/document/{part}")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    no_violations(page)
