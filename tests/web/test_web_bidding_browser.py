"""A bidder in a real Chromium: seals in the page, uploads, gets a receipt, tries the file, replaces it."""

import pytest
from playwright.sync_api import expect

from support.browser import PHONE, no_violations
from support.keyfiles import PASSWORD, key_file
from support.market import AT, open_market
from support.scenes import PRICES
from support.stages import PUBLISHED
from yangguang.demo.cast import released_keys
from yangguang.proof.inspection import read_bid
from yangguang.proof.key_release import read_released_keys
from yangguang.trading.acts.unlocking import unlock
from yangguang.trading.models import Bid, Guarantee
from yangguang.trading.stages import Stage
from yangguang.web.bidding.models import Trial, Upload
from yangguang.witness import evidence

pytestmark = pytest.mark.browser


@pytest.fixture
def scene(house):
    return house.trade_at(PUBLISHED)


def p12(tmp_path, who, *pairs):
    place = tmp_path / f"{who.name}.p12"
    place.write_bytes(key_file(*(pairs or (who.signing, who.encryption))))
    return place


def bidding_page(people, scene, kind="bidder", **options):
    visitor = people.sign_in(scene.who(kind), **options)
    return visitor, visitor.goto(f"/trades/{scene.stream}/bid/")


def fill_certificate(page, prefix, file):
    page.set_input_files(f"#{prefix}-certificate", file)
    page.fill(f"#{prefix}-password", PASSWORD)


def seal(page, file, *, price="9500000"):
    page.fill("#price-amount", price)
    page.fill("#price-days", "300")
    fill_certificate(page, "seal", file)
    page.get_by_role("button", name="加密并签名").click()
    page.locator("[data-seal-status][data-kind=ok]").wait_for()


def test_a_bidder_seals_sends_tries_and_replaces_in_the_page(house, people, scene, tmp_path):
    who = scene.who("bidder")
    _, page = bidding_page(people, scene)
    file = p12(tmp_path, who)
    no_violations(page)
    seal(page, file)
    page.locator("[data-send]").click()
    page.wait_for_url("**/result/")
    no_violations(page)
    bid = Bid.objects.get()
    assert bid.entry.leaf_hash in page.content()
    with page.expect_download() as download:
        page.get_by_role("link", name="下载签名回执").click()
    assert download.value.suggested_filename == f"receipt-{bid.entry.leaf_hash[:12]}.txt"

    page.goto(house.server.url(f"/trades/{scene.stream}/bid/"))
    fill_certificate(page, "trial", file)
    with page.expect_response("**/trial/"):
        page.get_by_role("button", name="试解密").click()
    page.locator("[data-trial-status][data-kind=ok]").wait_for()
    expect(page.locator("[data-trial-status]")).to_contain_text("price.json")
    assert Trial.objects.get(sealed=bid.evidence_id).is_opened is True
    no_violations(page)

    seal(page, file, price="9,400,000.5")
    page.locator("[data-send]").click()
    page.wait_for_url("**/result/")
    newest = Bid.objects.get(replaces=bid)
    path = evidence.path_of(newest.evidence_id)
    sealed = read_bid(path)
    assert set(read_released_keys(bid=sealed, data=released_keys(bidder=who, file=path, at=scene.at))) == {"price"}
    assert sealed.manifest.tool.name == "yangguang page"


def test_a_guarantee_is_sealed_and_recorded_in_the_page(people, scene, tmp_path):
    _, page = bidding_page(people, scene)
    page.get_by_label("投标保证金凭证或者保函", exact=True).check()
    page.fill("#guarantor", "示例银行")
    page.fill("#valid-from", "2026-03-01")
    page.fill("#valid-until", "2026-08-01")
    fill_certificate(page, "seal", p12(tmp_path, scene.who("bidder")))
    page.get_by_role("button", name="加密并签名").click()
    page.locator("[data-seal-status][data-kind=ok]").wait_for()
    page.locator("[data-send]").click()
    page.wait_for_url("**/result/")
    assert Guarantee.objects.count() == 1
    assert Bid.objects.count() == 0


def lose_patches(route):
    """The line is lost whenever bytes are sent."""
    if route.request.method == "PATCH":
        route.abort()
    else:
        route.continue_()


def test_a_file_of_the_tool_goes_on_after_the_connection_was_lost(people, scene, tmp_path):
    visitor, page = bidding_page(people, scene)
    sealed = scene.sealed("bidder", price=PRICES[0])
    visitor.context.route("**/uploads/*", lose_patches)
    page.set_input_files("#sealed-file", sealed)
    with page.expect_event("requestfailed"):
        page.locator("[data-upload-form]").get_by_role("button", name="上传并递交").click()
    assert Bid.objects.count() == 0
    page.reload()
    visitor.context.unroute("**/uploads/*")
    assert "没有传完" in page.content()
    page.set_input_files("#sealed-file", sealed)
    page.locator("[data-upload-form]").get_by_role("button", name="上传并递交").click()
    page.wait_for_url("**/result/")
    assert Bid.objects.count() == Upload.objects.count() == 1
    visitor.complaints.clear()


def test_wrong_certificate_wrong_price_and_wrong_file_are_told_in_words(people, scene, tmp_path):
    _, page = bidding_page(people, scene, viewport=PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    status = page.locator("[data-seal-status]")
    page.fill("#price-amount", "九百万")
    page.get_by_role("button", name="加密并签名").click()
    expect(status).to_contain_text("证书")
    fill_certificate(page, "seal", p12(tmp_path, scene.who("bidder2")))
    page.get_by_role("button", name="加密并签名").click()
    expect(status).to_contain_text("投标报价")
    page.fill("#price-amount", "1")
    page.fill("#price-days", "1")
    page.get_by_role("button", name="加密并签名").click()
    expect(status).to_contain_text("不是您现在代表的单位")
    broken = tmp_path / "broken.ygb"
    broken.write_bytes(b"%PDF-1.7" * 500)
    page.set_input_files("#sealed-file", broken)
    page.locator("[data-upload-form]").get_by_role("button", name="上传并递交").click()
    page.wait_for_url("**/result/")
    assert "怎么办" in page.content()
    no_violations(page)


def test_todays_certificate_that_does_not_open_is_told_and_reminded(people, scene, tmp_path):
    scene.bid("bidder")
    who = scene.cast.registry.renewed(scene.who("bidder"))
    _, page = bidding_page(people, scene)
    assert "还没有试解密成功" in page.content()
    fill_certificate(page, "trial", p12(tmp_path, who))
    with page.expect_response("**/trial/"):
        page.get_by_role("button", name="试解密").click()
    page.locator("[data-trial-status][data-kind=wrong]").wait_for()
    assert "加密时用的不是这张证书" in page.locator("[data-trial-status]").inner_text()
    page.reload()
    assert "打不开" in page.content()
    assert Trial.objects.get().is_opened is False


def test_in_the_decryption_window_the_page_makes_the_keys_that_open_the_bid(house, people, tmp_path):
    scene = house.trade_at(Stage.DECRYPTING)
    _, page = bidding_page(people, scene)
    fill_certificate(page, "recovery", p12(tmp_path, scene.who("bidder")))
    page.get_by_role("button", name="用证书解密").click()
    releases = {}
    for kind in ("投标文件密钥", "保证金密钥"):
        with page.expect_download() as download:
            page.get_by_role("link", name=f"保存{kind}").click()
        releases[kind] = download.value.path().read_bytes()
    no_violations(page)
    release, guarantee = releases.values()
    unlocked = unlock(
        scene.trade, actor=scene.actor("bidder"), at=scene.at, release=release, guarantee_release=guarantee
    )
    scene.do("open_bid", "bidder", unlocked=unlocked)
    assert Bid.objects.filter(opened__price=PRICES[0]).count() == 1


def test_in_the_hall_one_click_with_the_certificate_opens_the_bid(house, people, tmp_path):
    scene = house.trade_at(Stage.DECRYPTING)
    page = people.sign_in(scene.who("bidder")).goto(f"/trades/{scene.stream}/opening/")
    fill_certificate(page, "recovery", p12(tmp_path, scene.who("bidder")))
    page.get_by_role("button", name="用证书解密").click()
    page.locator("[data-key-recovery]").wait_for(state="detached")
    assert Bid.objects.filter(opened__price=PRICES[0], bidder__code=scene.who("bidder").code).count() == 1
    assert Guarantee.objects.filter(opened__isnull=False).count() == 1


def test_a_bidder_with_sm2_certificates_seals_sends_and_tries(house, people, tmp_path):
    market = open_market(bidders=7, parts=["price"])
    house.set_clock(AT)
    who = market.cast.bidders[6]
    visitor = people.sign_in(who)
    page = visitor.goto(f"/trades/{market.trade.stream}/bid/")
    file = p12(tmp_path, who)
    seal(page, file)
    page.locator("[data-send]").click()
    page.wait_for_url("**/result/")
    bid = Bid.objects.get()
    assert (bid.manifest["suite"], bid.bidder.code) == ("GM", who.code)
    visitor.goto(f"/trades/{market.trade.stream}/bid/")
    fill_certificate(page, "trial", file)
    page.get_by_role("button", name="试解密").click()
    page.locator("[data-trial-status][data-kind=ok]").wait_for()
