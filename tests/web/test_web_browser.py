"""The pages in a real browser: signing in, the content security policy, accessibility, the phone."""

import pytest

from support.browser import PASSWORD, PHONE, account_of, no_violations
from yangguang.trading.stages import Stage

pytestmark = pytest.mark.browser


def test_a_bidder_signs_in_by_the_form_and_finds_the_desk(house, people):
    scene = house.trade_at(Stage.BIDDING)
    account = account_of(scene.who("bidder"), password=PASSWORD)
    page = people.stranger().goto("/desk/")
    page.get_by_label("用户名").fill(account.username)
    page.get_by_label("密码").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url("**/desk/")
    assert page.locator("h1").count() == 1
    no_violations(page)


def test_the_front_page_is_accessible_on_a_phone(house, people):
    house.trade_at(Stage.PUBLICITY)
    page = people.stranger(viewport=PHONE).goto("/")
    no_violations(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_what_the_policy_forbids_is_noticed(house, people):
    visitor = people.stranger()
    page = visitor.goto("/")
    with page.expect_console_message(lambda message: message.text.startswith("CSP style-src")):
        page.evaluate("document.body.setAttribute('style', 'color: red')")
        page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">x</p>')")
    assert any("style-src" in complaint for complaint in visitor.complaints)
    visitor.complaints.clear()


def test_a_missing_file_is_noticed(house, people):
    visitor = people.stranger()
    page = visitor.goto("/")
    with page.expect_response("**/static/nothing.js"):
        page.evaluate("fetch('/static/nothing.js')")
    assert [complaint[:3] for complaint in visitor.complaints] == ["404"]
    visitor.complaints.clear()
