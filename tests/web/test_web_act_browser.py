"""The three steps of acts in a real browser: signed with a certificate file, readable on a phone, found by axe."""

import pytest

from support.act_pages import PDF_BYTES
from support.browser import DESKTOP, PHONE, click_through, no_violations
from support.keyfiles import PASSWORD, key_file
from support.scenes import beijing
from support.stages import PUBLISHED
from yangguang.trading.stages import Stage

pytestmark = pytest.mark.browser


def fits(page, viewport):
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_opening_record_is_read_signed_and_done(house, people, viewport):
    scene = house.trade_at(Stage.ANNOUNCED, at=beijing("03-23", "09:31"))
    page = people.sign_in(scene.who("agency"), viewport=viewport).goto(f"/trades/{scene.stream}/")
    no_violations(page)
    click_through(page.get_by_role("link", name="签署开标记录"))
    no_violations(page)
    click_through(page.get_by_role("button", name="下一步：核对"))
    page.frame_locator("iframe").get_by_role("heading", name="开标记录", level=1).wait_for()
    no_violations(page)
    fits(page, viewport)
    file = key_file(scene.who("agency").signing)
    page.get_by_label("证书文件").set_input_files({"name": "a.p12", "mimeType": "application/x-pkcs12", "buffer": file})
    page.get_by_label("证书密码").fill(PASSWORD)
    page.get_by_role("button", name="签名", exact=True).click()
    page.locator("[data-sign-status]").filter(has_text="已").wait_for()
    click_through(page.get_by_role("button", name="确认办理"))
    page.get_by_role("heading", name="已办理：签署开标记录").wait_for()
    no_violations(page)
    assert scene.trade.stage == Stage.OPENED


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_what_is_wrong_is_said_and_the_file_is_kept(house, people, viewport):
    scene = house.trade_at(Stage.REGISTERED)
    visitor = people.sign_in(scene.who("agency"), viewport=viewport)
    page = visitor.goto(f"/trades/{scene.stream}/do/record_fair_competition_review/")
    page.get_by_label("公平竞争审查表").set_input_files(
        {"name": "审查结论.pdf", "mimeType": "application/pdf", "buffer": PDF_BYTES}
    )
    click_through(page.get_by_role("button", name="下一步：核对"))
    page.get_by_role("heading", name="填写有误，请更正").wait_for()
    no_violations(page)
    fits(page, viewport)
    page.get_by_label("是", exact=True).check()
    click_through(page.get_by_role("button", name="下一步：核对"))
    page.get_by_role("heading", name="请核对").wait_for()


def test_the_registration_grows_by_a_lot(house, people):
    scene = house.trade_at(Stage.REGISTERED)
    page = people.sign_in(scene.who("centre"), viewport=PHONE).goto("/register/")
    page.get_by_label("项目名称").fill("示例中学教学楼工程")
    page.get_by_role("button", name="增加一个标段").click()
    page.get_by_text("第 2 标段").wait_for()
    assert page.get_by_label("项目名称").input_value() == "示例中学教学楼工程"
    no_violations(page)
    fits(page, PHONE)


def test_what_is_not_possible_yet_says_when_it_will_be(house, people):
    scene = house.trade_at(Stage.PUBLICITY)
    page = people.sign_in(scene.who("tenderer")).goto(f"/trades/{scene.stream}/")
    offers = page.get_by_role("region", name="您可以办理")
    assert "2026年3月31日 00:00起可以办理" in offers.inner_text()
    assert offers.get_by_role("link", name="确定中标人").count() == 0
    no_violations(page)
    visitor = page.goto(page.url + "do/award/")
    assert visitor.status == 409
    no_violations(page)


def test_an_objection_is_typed_in_the_page(house, people):
    scene = house.trade_at(PUBLISHED)
    page = people.sign_in(scene.who("supplier"), viewport=PHONE).goto(f"/trades/{scene.stream}/do/object_to_document/")
    page.get_by_label("异议内容和理由").fill("请明确评分标准。")
    no_violations(page)
    click_through(page.get_by_role("button", name="下一步：核对"))
    click_through(page.get_by_role("button", name="确认办理"))
    page.get_by_role("heading", name="已办理：对招标文件提出异议").wait_for()
