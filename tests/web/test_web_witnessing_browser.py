"""A witness at work in a real browser: one click an item, a recording's digest computed on the spot, on a phone too."""

import hashlib

import pytest
from playwright.sync_api import expect

from support.browser import DESKTOP, PHONE, click_through, no_violations
from support.witnessing import issue
from yangguang.trading.models import Recording
from yangguang.trading.stages import Stage

pytestmark = pytest.mark.browser
VIDEO = bytes(range(256)) * 40_000


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_witness_ticks_notes_and_registers_a_recording(house, people, viewport):
    scene = house.trade_at(Stage.REVIEWING)
    issue(scene, to="tenderer")
    width = viewport["width"]
    page = people.sign_in(scene.who("centre"), viewport=viewport).goto("/centre/witness/")
    no_violations(page)
    click_through(page.locator("td a.btn"))
    no_violations(page)
    item = page.locator('[id="item-room.closed_off"]')
    item.get_by_role("button", name="正常").click()
    expect(page.locator('[id="item-room.closed_off"][data-state="done"]')).to_be_visible()
    page.locator("aside summary", has_text="登记录音录像").click()
    form = page.locator("aside form", has_text="房间")
    form.get_by_label("录像文件").set_input_files({"name": "1.mp4", "mimeType": "video/mp4", "buffer": VIDEO})
    expect(form.get_by_label("SHA-256 摘要")).to_have_value(hashlib.sha256(VIDEO).hexdigest())
    form.get_by_label("房间").fill("评标一室")
    form.get_by_label("开始时间").fill("2026-03-24T08:30")
    form.get_by_label("结束时间").fill("2026-03-24T09:00")
    click_through(form.get_by_role("button", name="登记录音录像"))
    expect(page.get_by_role("status").filter(has_text="已办理：登记录音录像")).to_be_visible()
    assert Recording.objects.get().file_index == "1.mp4"
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.goto(page.url.partition("#")[0] + "record/")
    page.emulate_media(media="print")
    no_violations(page)
    page.emulate_media(media="screen")
    letters = people.sign_in(scene.who("tenderer"), viewport=viewport).goto(f"/trades/{scene.stream}/letters/")
    letters.frame_locator("iframe").get_by_role("heading", name="异常情况告知函", level=1).wait_for()
    no_violations(letters)
