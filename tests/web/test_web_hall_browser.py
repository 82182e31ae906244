"""An opening in real browsers: the parties of the draw, the host, two bidders, the room's screen and a phone."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from support.browser import PHONE, click_through, no_violations
from yangguang.demo.cast import released_keys
from yangguang.trading.models import OpenedBid
from yangguang.trading.stages import Stage

pytestmark = pytest.mark.browser


def click(page, name):
    """Do an act of the hall and wait for the page that says so."""
    click_through(page.locator(f'[data-task^="{name}"] button[type=submit]'))
    page.get_by_text("已办理：").wait_for()


def key_file(scene, kind, folder: Path, name=""):
    path = folder / f"{kind}{name.strip()}.json"
    path.write_bytes(released_keys(bidder=scene.who(kind), file=scene.files[f"{kind}{name}"], at=scene.at))
    return str(path)


def test_an_opening_is_played_in_browsers(house, people, tmp_path):
    scene = house.trade_at(Stage.LISTED)
    path = f"/trades/{scene.stream}/opening/"
    parties = {kind: people.sign_in(scene.who(kind)).goto(path) for kind in ("centre", "tenderer", "supervisor")}
    host = people.sign_in(scene.who("agency")).goto(path)
    bidders = {kind: people.sign_in(scene.who(kind)).goto(path) for kind in ("bidder1", "bidder2")}
    screen = people.stranger().goto(f"{path}screen/")
    phone = people.stranger(viewport=PHONE).goto(path)
    screen.locator('[data-live][data-kind="on"]').wait_for()

    click(parties["centre"], "open_draw")
    for page in parties.values():
        page.locator('[data-task^="commit_to_draw"]').wait_for()
        click(page, "commit_to_draw")
        page.reload()  # the number stays in the window
    for page in parties.values():
        page.locator('[data-task^="reveal_for_draw"] form').wait_for()
        click(page, "reveal_for_draw")
    parties["centre"].locator('[data-task="complete_draw"] form').wait_for()
    click(parties["centre"], "complete_draw")
    for page in (screen, phone):
        page.get_by_text("✓ 您的浏览器复算").wait_for()
        assert page.get_by_text("✓ 与承诺相符").count() == 3

    host.locator('[data-task="start_decryption"] form').wait_for()
    click(host, "start_decryption")
    scene.at = scene.trade.decryption_until
    for kind, page in bidders.items():
        page.locator('[data-task="open_bid"] form').wait_for()
        page.get_by_label("投标文件的解密密钥文件").set_input_files(key_file(scene, kind, tmp_path))
        page.get_by_label("保证金的解密密钥文件").set_input_files(key_file(scene, kind, tmp_path, " guarantee"))
        click(page, "open_bid")
    screen.get_by_text("已处理 2 / 3 家").wait_for()
    host.locator("#record_decryption_failure-bidder").select_option(scene.who("bidder3").actor.organisation)
    host.get_by_label("投标人原因（视为撤销投标文件）").check()
    host.locator("#record_decryption_failure-reason").fill("更换证书后旧私钥遗失")
    click(host, "record_decryption_failure")
    screen.get_by_text("更换证书后旧私钥遗失").first.wait_for()
    no_violations(screen)
    click(host, "end_decryption")
    click(host, "announce_bids")
    screen.get_by_text("玖佰伍拾万元整").wait_for()
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]

    bidders["bidder2"].get_by_label("异议内容").fill("请说明未解密的投标文件如何处理。")
    click(bidders["bidder2"], "object_at_opening")
    phone.get_by_text("请说明未解密的投标文件如何处理。").wait_for()
    host.get_by_role("link", name=re.compile("当场答复")).wait_for()
    for page in (host, bidders["bidder1"], phone):
        no_violations(page)
    assert OpenedBid.objects.filter(outcome="opened").count() == 2


def test_what_is_typed_stays_while_the_hall_changes(house, people):
    scene = house.trade_at(Stage.DECRYPTING)
    page = people.sign_in(scene.who("agency")).goto(f"/trades/{scene.stream}/opening/")
    page.locator('[data-live][data-kind="on"]').wait_for()
    page.locator("#extend_decryption-reason").fill("机房断电，正在恢复")
    scene.do("open_bid", "bidder1", unlocked=scene.unlocked("bidder1"))
    page.get_by_text("已处理 1 / 3 家").wait_for()
    expect(page.locator("#record_decryption_failure-bidder option")).to_have_count(3)
    assert page.locator("#extend_decryption-reason").input_value() == "机房断电，正在恢复"


def test_what_was_missed_offline_is_caught_up(house, people):
    scene = house.trade_at(Stage.CLOSED)
    visitor = people.stranger()
    page = visitor.goto(f"/trades/{scene.stream}/opening/")
    page.locator('[data-live][data-kind="on"]').wait_for()
    visitor.context.set_offline(True)
    scene.do("announce_bidders", "agency")
    visitor.context.set_offline(False)
    page.get_by_role("heading", name="投标人名单", exact=True).wait_for()


def test_a_reveal_without_the_number_of_this_window_says_so(house, people):
    scene = house.trade_at(Stage.LISTED)
    scene.do("open_draw", "centre")
    for party in ("centre", "tenderer", "supervisor"):
        scene.do("commit_to_draw", party, commitment=scene.commitment(party, bytes(32)))
    page = people.sign_in(scene.who("centre")).goto(f"/trades/{scene.stream}/opening/")
    page.locator('[data-task^="reveal_for_draw"] button').click()
    page.get_by_text("本窗口没有提交承诺时的随机数").wait_for()
