"""Plays every refusal that needs a browser: certificates in the page, files, clicks, tabs, a lost line, a wrong clock.

What the pages refuse without a browser's help is played in `test_web_refusals.py`.
"""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from support.act_pages import PDF_BYTES
from support.browser import PHONE, click_through, no_violations
from support.keyfiles import PASSWORD, key_file, pair, take_back
from support.scenes import BUSINESS_ITEM, PRICES
from support.stages import PUBLISHED
from yangguang.trading.models import Bid, Objection, Score
from yangguang.trading.stages import Stage
from yangguang.web.drafts.models import Draft
from yangguang.web.evaluation.models import Sheet
from yangguang.witness.models import Entry

pytestmark = pytest.mark.browser

NEXT = "下一步：核对"
REVIEW = "record_fair_competition_review"
SLOW_CLOCK = """(() => {
  const real = Date, behind = 800 * 86400 * 1000;
  globalThis.Date = class extends real {
    constructor(...given) { given.length ? super(...given) : super(real.now() - behind); }
    static now() { return real.now() - behind; }
  };
})()"""


def chosen(name, content, kind="application/pdf"):
    return {"name": name, "mimeType": kind, "buffer": content}


def p12(*pairs):
    return chosen("证书.p12", key_file(*pairs), "application/x-pkcs12")


def sign(page, file, password=PASSWORD):
    page.get_by_label("证书文件").set_input_files(file)
    page.get_by_label("证书密码").fill(password)
    page.get_by_role("button", name="签名", exact=True).click()


def is_refused(page, code):
    """The page shows the refusal with its ground and its remedy."""
    shown = page.locator(f'[data-code="{code}"]')
    expect(shown).to_contain_text("依据：")
    expect(shown).to_contain_text("怎么办：")
    no_violations(page)


def next_step(page):
    page.get_by_role("button", name=NEXT).click()


def confirm(page):
    page.get_by_role("button", name="确认办理").click()


def check_page(house, people, scene, **options):
    """The agency before the check of its review, with a file and an answer."""
    page = people.sign_in(scene.who("agency"), **options).goto(f"/trades/{scene.stream}/do/{REVIEW}/")
    page.get_by_label("公平竞争审查表").set_input_files(chosen("审查结论.pdf", PDF_BYTES))
    page.get_by_label("是", exact=True).check()
    click_through(page.get_by_role("button", name=NEXT))
    page.get_by_role("heading", name="请核对").wait_for()
    return page


def test_wrong_files_are_refused_before_or_after_they_are_sent(house, people):
    scene = house.trade_at(Stage.REGISTERED)
    page = people.sign_in(scene.who("agency"), viewport=PHONE).goto(f"/trades/{scene.stream}/do/{REVIEW}/")
    file, rule = page.get_by_label("公平竞争审查表"), "依据：平台规则：上传文件"
    page.get_by_label("是", exact=True).check()
    for name, content, says in (
        ("审查结论.pdf", b"PK\x03\x04 a word document", "不是 PDF 文件"),
        ("没传完.pdf", PDF_BYTES[:-20], "PDF 文件不完整"),
    ):
        file.set_input_files(chosen(name, content))
        next_step(page)
        summary = page.locator("[data-error-summary]")
        expect(summary).to_contain_text(f"{name}：{says}")
        expect(summary).to_contain_text(rule)
        expect(page.get_by_label("是", exact=True)).to_be_checked()
    no_violations(page)
    file.evaluate("input => { input.dataset.most = 100; }")
    file.set_input_files(chosen("图纸.pdf", PDF_BYTES * 9))
    expect(page.get_by_role("alert").filter(has_text="超过上限")).to_contain_text(rule)
    assert file.input_value() == ""
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    no_violations(page)


def test_every_wrong_certificate_is_refused_and_the_right_one_signs_once(house, people):
    scene = house.trade_at(Stage.REGISTERED)
    agency, registry = scene.who("agency"), scene.cast.registry
    page = check_page(house, people, scene)
    status = page.locator("[data-sign-status]")
    ended = pair("rsa", code=agency.code, until=scene.at - timedelta(days=1))
    for file, password, says in (
        (p12(agency.signing), "wrong", "证书密码不正确"),
        (chosen("a.pdf", PDF_BYTES), PASSWORD, "不是证书文件"),
        (p12(ended), PASSWORD, "到期（依据：电子签名法第十三条）"),
        (p12(scene.who("bidder").signing), PASSWORD, "不是您现在代表的单位"),
    ):
        sign(page, file, password)
        expect(status).to_contain_text(says)
        expect(status).to_contain_text("依据：")

    sign(page, p12(pair("ecdsa", code=agency.code)))
    expect(status).to_contain_text("已签名")
    confirm(page)
    is_refused(page, "certificate.chain.unknown_issuer")

    take_back(registry, agency.signing.certificate, at=scene.at)
    sign(page, p12(agency.signing))
    expect(status).to_contain_text("已签名")
    confirm(page)
    is_refused(page, "certificate.revocation.revoked")
    assert scene.trade.stage == Stage.REGISTERED

    fresh = registry._pair(agency.organisation, algorithm="sm2", usage="sign")  # noqa: SLF001
    sign(page, p12(fresh))
    expect(status).to_contain_text("已签名")
    page.get_by_role("button", name="确认办理").dblclick()
    page.wait_for_url("**/done/")
    assert Entry.objects.filter(stream=scene.stream, act=REVIEW).count() == 1


def test_double_clicks_the_back_button_and_two_tabs_do_it_once(house, people):
    scene = house.trade_at(PUBLISHED)
    visitor = people.sign_in(scene.who("supplier"))
    page = visitor.goto(f"/trades/{scene.stream}/do/object_to_document/")
    page.get_by_label("异议内容和理由").fill("请明确评分标准。")
    page.get_by_role("button", name=NEXT).dblclick()
    page.get_by_role("heading", name="请核对").wait_for()
    assert Draft.objects.count() == 1

    other = visitor.context.new_page()
    other.goto(page.url)
    click_through(other.get_by_role("link", name="返回修改"))
    other.get_by_label("异议内容和理由").fill("另一个窗口改过的异议。")
    click_through(other.get_by_role("button", name=NEXT))
    other.get_by_role("heading", name="请核对").wait_for()
    confirm(page)
    is_refused(page, "draft.changed")
    expect(page.locator("dl")).to_contain_text("另一个窗口改过的异议。")
    assert Objection.objects.count() == 0

    page.get_by_role("button", name="确认办理").dblclick()
    page.wait_for_url("**/done/")
    done = page.url
    confirm(other)
    other.wait_for_url(done)
    page.go_back()
    page.reload()
    expect(page).to_have_url(done)
    assert Objection.objects.count() == 1


def test_what_is_sent_into_a_lost_line_stays_on_the_page(house, people):
    scene = house.trade_at(PUBLISHED)
    visitor = people.sign_in(scene.who("supplier"), viewport=PHONE)
    page = visitor.goto(f"/trades/{scene.stream}/do/object_to_document/")
    lost = page.get_by_role("alert").filter(has_text="连接中断，没有提交")
    page.get_by_label("异议内容和理由").fill("请明确评分标准。")
    visitor.context.set_offline(True)
    next_step(page)
    expect(lost).to_be_visible()
    no_violations(page)
    visitor.context.set_offline(False)
    expect(lost).to_have_count(0)
    click_through(page.get_by_role("button", name=NEXT))
    page.get_by_role("heading", name="请核对").wait_for()
    visitor.context.set_offline(True)
    confirm(page)
    expect(lost).to_be_visible()
    assert Objection.objects.count() == 0
    visitor.context.set_offline(False)
    confirm(page)
    page.wait_for_url("**/done/")
    assert Objection.objects.count() == 1


def test_a_lost_line_in_the_hall_and_in_the_room_loses_nothing(house, people):
    scene = house.trade_at(Stage.DECRYPTING)
    visitor = people.sign_in(scene.who("agency"))
    page = visitor.goto(f"/trades/{scene.stream}/opening/")
    page.locator('[data-live][data-kind="on"]').wait_for()
    page.get_by_label("延长几分钟").fill("10")
    page.get_by_label("平台故障情况").fill("机房断电")
    visitor.context.set_offline(True)
    page.locator('[data-task="extend_decryption"] button[type=submit]').click()
    expect(page.get_by_role("alert").filter(has_text="没有提交")).to_be_visible()
    expect(page.get_by_label("平台故障情况")).to_have_value("机房断电")
    visitor.context.set_offline(False)
    page.locator('[data-task="extend_decryption"] button[type=submit]').click()
    page.get_by_text("已办理：").wait_for()
    assert Entry.objects.filter(act="extend_decryption").count() == 1
    visitor.complaints.clear()  # the browser itself says in its console that the line was lost


def test_a_sheet_that_could_not_be_kept_says_so_and_tries_again(house, people):
    scene = house.trade_at(Stage.SCORING)
    visitor = people.sign_in(scene.who("seat2"))
    page = visitor.goto(f"/trades/{scene.stream}/room/")
    form = page.locator("form[data-sheet*=score_business]").first
    mark, saved = form.get_by_role("textbox"), form.locator("[data-saved]")
    visitor.context.set_offline(True)
    mark.fill("17")
    expect(saved).to_contain_text("连接中断，还没有保存")
    form.get_by_role("button", name="提交评分").click()
    expect(form.get_by_role("alert")).to_contain_text("没有提交")
    visitor.context.set_offline(False)
    expect(saved).to_contain_text("底稿已保存")
    assert Sheet.objects.get().values == {"mark_0": "17"}
    form.get_by_role("button", name="提交评分").dblclick()
    page.get_by_text("已提交：").wait_for()
    assert Score.objects.filter(item=BUSINESS_ITEM).count() == 1
    visitor.complaints.clear()


def test_an_upload_goes_on_by_itself_and_says_when_one_has_to_sign_in_again(house, people, tmp_path):
    scene = house.trade_at(PUBLISHED)
    visitor = people.sign_in(scene.who("bidder"))
    page = visitor.goto(f"/trades/{scene.stream}/bid/")
    sealed, button = scene.sealed("bidder", price=PRICES[0]), page.get_by_role("button", name="上传并递交")
    status = page.locator("[data-upload-status]")
    page.set_input_files("#sealed-file", sealed)

    cookies = visitor.context.cookies()
    visitor.context.clear_cookies()
    button.click()
    expect(status).to_contain_text("登录已过期")
    assert Bid.objects.count() == 0

    visitor.context.add_cookies(cookies)
    page.reload()
    page.set_input_files("#sealed-file", sealed)
    visitor.context.set_offline(True)
    button.click()
    expect(status).to_contain_text("正在上传")
    visitor.context.set_offline(False)
    page.wait_for_url("**/result/")
    assert Bid.objects.count() == 1
    page.go_back()
    page.reload()
    expect(page.get_by_text("替换已递交的投标文件")).to_be_visible()
    assert Bid.objects.count() == 1
    visitor.complaints.clear()


def test_a_wrong_clock_of_ones_own_computer_changes_nothing(house, people):
    scene = house.trade_at(Stage.REGISTERED)
    visitor = people.stranger()
    visitor.context.add_init_script(SLOW_CLOCK)
    page = visitor.goto("/account/certificate/")
    page.get_by_label("证书文件").set_input_files(p12(scene.who("agency").signing))
    page.get_by_label("证书密码").fill(PASSWORD)
    expect(page.locator("[data-status]")).to_contain_text("本机时钟与服务器相差约")
    page.get_by_role("button", name="用证书登录").click()
    page.wait_for_url("**/desk/")
    page = visitor.goto(f"/trades/{scene.stream}/do/{REVIEW}/")
    page.get_by_label("公平竞争审查表").set_input_files(chosen("审查结论.pdf", PDF_BYTES))
    page.get_by_label("是", exact=True).check()
    click_through(page.get_by_role("button", name=NEXT))
    early = pair("rsa", code=scene.who("agency").code, until=scene.at - timedelta(days=1))
    sign(page, p12(early))
    expect(page.locator("[data-sign-status]")).to_contain_text("到期")
    sign(page, p12(scene.who("agency").signing))
    expect(page.locator("[data-sign-status]")).to_contain_text("已签名")
    confirm(page)
    page.wait_for_url("**/done/")
    entry = Entry.objects.get(stream=scene.stream, act=REVIEW)
    assert abs(entry.at - scene.at) < timedelta(hours=1)
