"""The bidder's helper as a real program beside a real Chromium: signing in, an act, trying and opening a bid."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from support.act_pages import PDF_BYTES as PDF
from support.browser import House, People, click_through, no_violations
from support.helper import Program, helper
from support.keyfiles import key_file
from support.stages import PUBLISHED
from yangguang.demo.people import KeyPair
from yangguang.trading.models import Bid, Guarantee
from yangguang.trading.stages import Stage
from yangguang.web.bidding.models import Trial
from yangguang.witness.models import Entry

pytestmark = pytest.mark.browser


@contextmanager
def beside(house: House, folder: Path, *pairs: KeyPair) -> Iterator[Program]:
    """The helper for the pages of this house."""
    with helper(folder, house.server.address.rstrip("/"), key_file(*pairs)) as program:
        yield program


def pair(panel: Locator, program: Program) -> None:
    panel.get_by_label("密钥在哪里").select_option("投标助手")
    expect(panel.locator("[data-helper-state]")).to_contain_text("还没有配对")
    panel.get_by_label("配对码").fill(program.code().lower())
    panel.get_by_role("button", name="配对").click()
    expect(panel.locator("[data-helper-state]")).to_contain_text("已配对")


def agreed(program: Program, until: str) -> None:
    """The person reads the question in the helper's window and agrees."""
    program.until(until)
    program.answer("y")


def pictured(page: Page, name: str) -> None:
    if folder := os.environ.get("YANGGUANG_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@pytest.mark.parametrize("family", ["rsa", "sm2"])
def test_a_person_signs_in_and_signs_an_act_with_a_key_that_the_browser_never_sees(
    house: House, people: People, tmp_path: Path, family: Any
) -> None:
    scene = house.trade_at(Stage.REGISTERED)
    who = scene.who("tenderer")
    who = replace(who, signing=scene.cast.registry._pair(who.organisation, algorithm=family, usage="sign"))  # type: ignore[union-attr] # noqa: SLF001
    visitor = people.stranger()
    sent: list[bytes] = []
    visitor.context.on("request", lambda request: sent.append(request.post_data_buffer or b""))
    with beside(house, tmp_path, who.signing) as program:
        page = visitor.goto("/account/certificate/")
        panel = page.locator("[data-certificate-sign-in]")
        not_running(panel)
        pair(panel, program)
        pictured(page, f"agent-sign-in-{family}")
        no_violations(page)
        page.get_by_role("button", name="用证书登录").click()
        agreed(program, "登录 http")
        page.wait_for_url("**/desk/")

        page = visitor.goto(f"/trades/{scene.stream}/do/record_fair_competition_review/")
        page.get_by_label("公平竞争审查表").set_input_files(
            {"name": "a.pdf", "mimeType": "application/pdf", "buffer": PDF}
        )
        page.get_by_label("是", exact=True).check()
        click_through(page.get_by_role("button", name="下一步"))
        expect(page.locator("[data-helper-state]")).to_contain_text(who.organisation.name)  # type: ignore[union-attr]
        no_violations(page)
        page.get_by_role("button", name="签名", exact=True).click()
        agreed(program, "用于：登记公平竞争审查")
        expect(page.locator("[data-sign-status]")).to_contain_text("已签名")
        pictured(page, f"agent-signed-{family}")
        page.get_by_role("button", name="确认办理").click()
        page.wait_for_url("**/done/")
    assert Entry.objects.filter(stream=scene.stream, act="record_fair_competition_review").count() == 1
    assert b"PRIVATE" not in b"".join(sent)


def not_running(panel: Locator) -> None:
    """A code of a port where nobody listens."""
    panel.get_by_label("密钥在哪里").select_option("投标助手")
    pictured(panel.page, "agent-unpaired")
    panel.get_by_label("配对码").fill("9AB-CDE-FGH")
    panel.get_by_label("配对码").press("Enter")
    expect(panel.locator("[data-helper-state]")).to_contain_text("没有找到正在运行的投标助手")
    panel.get_by_label("密钥在哪里").select_option("证书文件（.p12）")


def test_a_bidder_tries_and_opens_with_the_helper(house: House, people: People, tmp_path: Path) -> None:
    scene = house.trade_at(PUBLISHED)
    scene.bid("bidder")
    who = scene.who("bidder")
    visitor = people.sign_in(who)
    with beside(house, tmp_path, who.signing, who.encryption) as program:  # type: ignore[union-attr,arg-type]
        page = visitor.goto(f"/trades/{scene.stream}/bid/")
        pair(page.locator("[data-trial-form]"), program)
        page.get_by_role("button", name="试解密").click()
        expect(page.locator("[data-trial-status]")).to_contain_text("price.json")
        pictured(page, "agent-trial")
        no_violations(page)
        assert Trial.objects.get(organisation=who.code).is_opened is True  # type: ignore[union-attr]


def test_in_the_hall_the_helper_opens_the_bid(house: House, people: People, tmp_path: Path) -> None:
    scene = house.trade_at(Stage.DECRYPTING)
    who = scene.who("bidder")
    with beside(house, tmp_path, who.signing, who.encryption) as program:  # type: ignore[union-attr,arg-type]
        page = people.sign_in(who).goto(f"/trades/{scene.stream}/opening/")
        panel = page.locator("[data-key-recovery]")
        pair(panel, program)
        pictured(page, "agent-hall")
        page.get_by_role("button", name="用证书解密").click()
        agreed(program, "交出密钥之后")
        panel.wait_for(state="detached")
    assert Bid.objects.filter(opened__isnull=False, bidder__code=who.code).count() == 1  # type: ignore[union-attr]
    assert Guarantee.objects.filter(opened__isnull=False).count() == 1
