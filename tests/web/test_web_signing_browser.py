"""Proving who one is in a real browser: certificates of three families, the sign panel of acts, passkeys."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from support.act_pages import PDF_BYTES as PDF
from support.browser import PASSWORD, PHONE, House, People, Visitor, account_of, click_through, no_violations
from support.keyfiles import PASSWORD as FILE_PASSWORD
from support.keyfiles import key_file, pair
from yangguang.demo.people import Signatory
from yangguang.trading.stages import Stage
from yangguang.witness.models import Entry

pytestmark = pytest.mark.browser


def file_of(who: Signatory) -> dict[str, Any]:
    """The person's certificate file, as a file chooser takes it."""
    return {"name": "certificate.p12", "mimeType": "application/x-pkcs12", "buffer": key_file(who.signing)}


def fill(page: Page, file: dict[str, Any], password: str = FILE_PASSWORD) -> None:
    page.get_by_label("证书文件").set_input_files(file)
    page.get_by_label("证书密码").fill(password)


def by_certificate(visitor: Visitor, file: dict[str, Any], password: str = FILE_PASSWORD) -> Page:
    page = visitor.goto("/account/certificate/")
    fill(page, file, password)
    page.get_by_role("button", name="用证书登录").click()
    return page


def at_localhost(people: People, **options: Any) -> Visitor:
    """Passkeys need a name; an address made of numbers has none."""
    visitor = people.stranger(**options)
    visitor.server = type(visitor.server)(
        address=visitor.server.address.replace("127.0.0.1", "localhost"),
        process=visitor.server.process,
        log=visitor.server.log,
    )
    return visitor


def test_the_page_tells_apart_what_is_wrong_with_a_certificate(house: House, people: People) -> None:
    scene = house.trade_at(Stage.REGISTERED)
    visitor = people.stranger(viewport=PHONE)
    page = by_certificate(visitor, file_of(scene.who("bidder")), password="wrong")
    status = page.locator("[data-status]")
    expect(status).to_contain_text("证书密码不正确")
    no_violations(page)

    page.get_by_label("证书文件").set_input_files({"name": "a.pdf", "mimeType": "application/pdf", "buffer": PDF})
    page.get_by_role("button", name="用证书登录").click()
    expect(status).to_contain_text("不是证书文件")

    ended = key_file(pair("sm2", until=scene.at - timedelta(days=1)))
    by_certificate(visitor, {"name": "old.p12", "mimeType": "application/x-pkcs12", "buffer": ended})
    expect(status).to_contain_text("到期")

    visitor.tolerated.append((409, "/account/certificate/"))
    unknown = key_file(pair("ecdsa", until=scene.at + timedelta(days=100)))
    by_certificate(visitor, {"name": "other.p12", "mimeType": "application/x-pkcs12", "buffer": unknown})
    expect(page.locator("[data-error-summary]")).to_contain_text("怎么办")
    no_violations(page)


def test_each_family_signs_in_and_the_form_is_sent_once(house: House, people: People) -> None:
    scene = house.trade_at(Stage.REGISTERED)
    for who in (scene.who("tenderer"), scene.who("agency"), scene.cast.bidders[0], scene.cast.bidders[-1]):
        page = by_certificate(people.stranger(), file_of(who))
        page.wait_for_url("**/desk/")
        expect(page.locator("header")).to_contain_text(who.organisation.name)  # type: ignore[union-attr]


def test_neither_key_nor_password_leaves_the_page(house: House, people: People) -> None:
    scene = house.trade_at(Stage.REGISTERED)
    visitor = people.stranger()
    sent: list[bytes] = []
    visitor.context.on("request", lambda request: sent.append(request.post_data_buffer or b""))
    page = by_certificate(visitor, file_of(scene.who("agency")))
    page.wait_for_url("**/desk/")

    everything = b"".join(sent)
    assert b"sm2-sm3" in everything
    assert FILE_PASSWORD.encode() not in everything
    assert not any(word in everything for word in (b"p12", b"filename"))


@pytest.mark.parametrize("family", ["rsa", "ecdsa", "sm2"])
def test_the_sign_panel_signs_what_the_act_takes(house: House, people: People, family: str, tmp_path: Path) -> None:
    scene = house.trade_at(Stage.REGISTERED)
    who = scene.who("tenderer")
    review = tmp_path / "review.pdf"
    review.write_bytes(PDF)
    who = replace(who, signing=scene.cast.registry._pair(who.organisation, algorithm=family, usage="sign"))  # noqa: SLF001
    page = people.sign_in(who).goto(f"/trades/{scene.stream}/do/record_fair_competition_review/")
    page.get_by_label("公平竞争审查表").set_input_files(review)
    page.get_by_label("是", exact=True).check()
    click_through(page.get_by_role("button", name="下一步"))

    page.get_by_role("button", name="确认办理").click()
    status = page.locator("[data-sign-status]")
    expect(status).to_contain_text("请先选择证书并签名")
    fill(page, file_of(scene.who("bidder")))
    page.get_by_role("button", name="签名", exact=True).click()
    expect(status).to_contain_text("不是您现在代表的单位")
    fill(page, file_of(who))
    page.get_by_label("证书密码").press("Enter")
    expect(status).to_contain_text("已签名")
    no_violations(page)
    page.get_by_role("button", name="确认办理").click()
    page.wait_for_url("**/done/")
    assert Entry.objects.filter(stream=scene.stream, act="record_fair_competition_review").count() == 1


def test_a_passkey_is_added_and_signs_in_alone_and_as_second_step(house: House, people: People) -> None:
    scene = house.trade_at(Stage.REGISTERED)
    account = account_of(scene.who("tenderer"), password=PASSWORD)
    visitor = at_localhost(people)
    page = visitor.goto("/account/login/")
    devtools = visitor.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    key = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
           "isUserVerified": True, "automaticPresenceSimulation": True}  # fmt: skip
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": key})

    by_password(page, account.username)
    page.wait_for_url("**/desk/")
    page = visitor.goto("/account/mfa/passkeys/add/")
    no_violations(page)
    page.get_by_role("button", name="添加").click()
    page.wait_for_url("**/codes/")
    no_violations(page)

    sign_out(page)
    page = visitor.goto("/account/login/")
    page.get_by_role("button", name="用通行密钥登录").click()
    page.wait_for_url("**/desk/")

    sign_out(page)
    page = visitor.goto("/account/login/")
    by_password(page, account.username)
    page.wait_for_url("**/authenticate/")
    no_violations(page)
    page.get_by_role("button", name="用通行密钥或安全密钥").click()
    page.wait_for_url("**/desk/")


def by_password(page: Page, name: str) -> None:
    page.get_by_label("用户名", exact=True).fill(name)
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    click_through(page.locator("main").get_by_role("button", name="登录", exact=True))


def sign_out(page: Page) -> None:
    click_through(page.locator("form[action='/account/logout/'] button"))
