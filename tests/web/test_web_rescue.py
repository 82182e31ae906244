"""解密救援 in the hall: asked for by the bidder, shares by the trustees, opened by whoever runs the opening."""

import json
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import expect

from support.act_pages import Desk
from support.browser import no_violations
from support.keyfiles import PASSWORD, key_file
from support.rescue import ask, give, released, rescue_terms, trustee
from support.scenes import notice
from support.stages import MOMENTS, PUBLISHED, RESCUE, trade_at
from yangguang.demo.people import KeyPair
from yangguang.proof.bid_rescue import release_share, rescue_content_keys
from yangguang.proof.inspection import read_bid
from yangguang.proof.opening import open_part
from yangguang.trading.models import Bid, OpenedBid, RescueRequest, RescueShare
from yangguang.trading.stages import Stage
from yangguang.witness import evidence

REASON = "加密锁损坏，无法解密"


def hall(scene, kind):
    return Desk(scene, kind).get(f"/trades/{scene.stream}/opening/").content.decode()


def tasks(scene, kind):
    blocks = re.split(r'<div class="yg-hall-task" data-task="', hall(scene, kind))[1:]
    return [one.split('"')[0] for one in blocks if "<form" in one]


def post(scene, kind, name, **given):
    desk = Desk(scene, kind)
    with desk.now():
        return desk.client.post(f"/trades/{scene.stream}/opening/do/{name}/", {"token": f"{kind}-{name}", **given})


@pytest.mark.django_db
def test_a_bidder_asks_two_trustees_give_and_the_host_opens():
    scene = trade_at(RESCUE)
    assert "request_rescue" in tasks(scene, "bidder")
    for trustee_kind in ("centre", "supervisor"):
        assert "release_rescue_share" not in tasks(scene, trustee_kind)
    assert post(scene, "bidder", "request_rescue", reason=REASON).status_code == 302
    assert RescueRequest.objects.get().reason == REASON
    assert "已申请，受托人已提交 0 份份额" in hall(scene, "bidder")
    assert "request_rescue" not in tasks(scene, "bidder")

    assert "open_bid" not in tasks(scene, "agency")
    for trustee_kind in ("centre", "supervisor"):
        assert "release_rescue_share" in tasks(scene, trustee_kind)
        file = SimpleUploadedFile("share.json", released(scene, trustee_kind))
        assert post(scene, trustee_kind, "release_rescue_share", share=file).status_code == 302
        assert "release_rescue_share" not in tasks(scene, trustee_kind)
    assert RescueShare.objects.count() == 2

    assert "open_bid" in tasks(scene, "agency")
    code = scene.actor("bidder").organisation
    assert post(scene, "agency", "open_bid", bidder=code).status_code == 302
    assert OpenedBid.objects.get().outcome == "opened"
    assert "open_bid" not in tasks(scene, "agency")


@pytest.mark.django_db
def test_too_few_shares_are_not_offered_and_a_wrong_file_is_refused_in_its_place():
    scene = trade_at(RESCUE)
    ask(scene)
    give(scene, "centre")
    assert "open_bid" not in tasks(scene, "agency")
    assert post(scene, "agency", "open_bid", bidder=scene.actor("bidder").organisation).status_code == 422
    wrong = SimpleUploadedFile("share.json", b"{}")
    answer = post(scene, "supervisor", "release_rescue_share", share=wrong)
    assert answer.status_code == 409
    assert "份额文件" in answer.content.decode()
    assert post(scene, "supervisor", "release_rescue_share").status_code == 422
    assert RescueShare.objects.count() == 1


@pytest.mark.django_db
def test_only_a_trustee_reads_the_sealed_file_and_only_once_it_is_asked_for():
    scene = trade_at(RESCUE)
    bid = scene.trade.bids.get(bidder__code=scene.actor("bidder").organisation)
    path = f"/trades/{scene.stream}/opening/rescue/{bid.evidence_id}/"
    assert Desk(scene, "centre").get(path).status_code == 404
    ask(scene)
    allowed = {"centre": 200, "supervisor": 200, "agency": 403, "bidder2": 403}
    for kind, status in allowed.items():
        answer = Desk(scene, kind).get(path)
        assert answer.status_code == status, kind
        assert status != 200 or b"".join(answer) == evidence.read(bid.evidence_id)


@pytest.mark.django_db
def test_where_no_rescue_is_declared_the_hall_says_nothing_of_it():
    scene = trade_at(Stage.DECRYPTING)
    for kind in ("bidder", "centre", "tenderer"):
        assert "救援" not in hall(scene, kind)


def p12(tmp_path, name, *pairs: KeyPair) -> str:
    path = tmp_path / f"{name}.p12"
    path.write_bytes(key_file(*pairs))
    return str(path)


@pytest.mark.browser
def test_trustees_take_their_shares_in_the_page(house, people, tmp_path):
    scene = house.trade_at(RESCUE)
    ask(scene)
    path = f"/trades/{scene.stream}/opening/"
    for kind in ("tenderer", "supervisor"):
        page = people.sign_in(scene.who(kind)).goto(path)
        page.get_by_label("签名证书文件（.p12）").set_input_files(p12(tmp_path, kind, scene.who(kind).signing))
        own = p12(tmp_path, f"{kind}-opens", trustee(scene, kind).encryption)
        page.get_by_label("加密证书文件").set_input_files(own)
        page.get_by_label("证书密码").fill(PASSWORD)
        no_violations(page)
        page.get_by_role("button", name="用证书取出份额并提交").click()
        page.get_by_text("已办理：提交解密份额").wait_for()
    host = people.sign_in(scene.who("agency")).goto(path)
    no_violations(host)
    host.locator('[data-task="open_bid"] button[type=submit]').click()
    host.get_by_text("已办理：解密投标文件").wait_for()
    row = OpenedBid.objects.get()
    assert (row.outcome, row.rescue["wrong"]) == ("opened", [])
    expect(host.get_by_text("已处理 1 / 3 家")).to_be_visible()


@pytest.mark.browser
def test_the_page_seals_with_the_shares_that_the_document_declares(house, people, tmp_path):
    scene = house.trade_at(Stage.REVIEWED)
    scene.at = MOMENTS[PUBLISHED]
    agreed = scene.terms("agency", "publish_notice", content=rescue_terms(scene))
    scene.do("publish_notice", "agency", **notice(scene, terms=agreed))
    house.set_clock(scene.at + timedelta(minutes=1))
    who = scene.who("bidder")
    page = people.sign_in(who).goto(f"/trades/{scene.stream}/bid/")
    no_violations(page)
    page.fill("#price-amount", "9500000")
    page.fill("#price-days", "300")
    page.set_input_files("#seal-certificate", p12(tmp_path, "bidder", who.signing, who.encryption))
    page.fill("#seal-password", PASSWORD)
    page.get_by_role("button", name="加密并签名").click()
    page.locator("[data-seal-status][data-kind=ok]").wait_for()
    page.locator("[data-send]").click()
    page.wait_for_url("**/result/")

    sealed = read_bid(evidence.path_of(Bid.objects.get().evidence_id))
    for pair in (("centre", "tenderer"), ("supervisor", "centre")):
        opens = [trustee(scene, kind).encryption for kind in pair]
        shares = dict(
            release_share(bid=sealed, part="price", key=one.key, certificate=one.certificate) for one in opens
        )
        keys = rescue_content_keys(bid=sealed, shares={"price": shares})  # they are those that were committed to
        place = tmp_path / pair[0]
        open_part(bid=sealed, part="price", content_key=keys["price"], destination=place)
        assert json.loads((place / "price.json").read_bytes())["amount"] == "9500000.00"
