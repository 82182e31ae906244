"""订立合同: the winner signs in its own page, then the tenderer does the act."""

import json

import pytest

from support.act_pages import Desk, errors, pdf
from support.stages import trade_at
from yangguang.trading.stages import Stage

pytestmark = pytest.mark.django_db
ACT = "sign_contract"


@pytest.fixture
def scene():
    return trade_at(Stage.NOTIFIED)


def countersign(desk):
    address = f"/trades/{desk.scene.stream}/contract/"
    page = desk.get(address)
    assert page.status_code == 200, errors(page)
    with desk.now():
        return desk.client.post(address, {"signatures": json.dumps(desk.signatures(page))})


@pytest.mark.parametrize("data", [{"contract_text": "工程款按月支付。\n质保期两年。"}, {"contract": "pdf"}])
def test_both_sign_one_paper(scene, data):
    tenderer, winner = Desk(scene, "tenderer"), Desk(scene, "bidder")
    given = {"contract": pdf("合同.pdf")} if "contract" in data else data
    check = tenderer.fill(ACT, given)["Location"]
    early = tenderer.confirm(check)
    assert early.status_code == 409
    assert "中标人还没有对这份合同签名" in early.content.decode()
    signed = countersign(winner)
    assert signed.status_code == 302, errors(signed)
    assert "贵单位已签名" in winner.get(signed["Location"]).content.decode()
    done = tenderer.confirm(check)
    assert done.status_code == 302, errors(done)
    assert scene.trade.stage == Stage.CONTRACTED
    assert scene.trade.contract.price == scene.trade.awards.latest("pk").bid.opened.price


def test_a_contract_that_changed_has_to_be_signed_again(scene):
    tenderer, winner = Desk(scene, "tenderer"), Desk(scene, "bidder")
    page = tenderer.open(ACT)
    tenderer.fill(ACT, {"contract_text": "质保期两年。"}, page=page)
    countersign(winner)
    check = tenderer.fill(ACT, {"contract_text": "质保期五年。"}, page=page)["Location"]
    refused = tenderer.confirm(check)
    assert "中标人还没有对这份合同签名" in refused.content.decode()
    assert countersign(winner).status_code == 302
    assert tenderer.confirm(check).status_code == 302


def test_only_the_winner_sees_and_signs_it(scene):
    tenderer = Desk(scene, "tenderer")
    tenderer.fill(ACT, {"contract_text": "质保期两年。"})
    for other in ("bidder2", "supplier", "agency", "centre"):
        assert Desk(scene, other).get(f"/trades/{scene.stream}/contract/").status_code == 404


def test_the_winner_is_told_when_nothing_waits_and_refused_without_a_signature(scene):
    winner = Desk(scene, "bidder")
    address = f"/trades/{scene.stream}/contract/"
    assert "招标人还没有提交合同" in winner.get(address).content.decode()
    Desk(scene, "tenderer").fill(ACT, {"contract_text": "质保期两年。"})
    with winner.now():
        refused = winner.client.post(address, {"signatures": "{}"})
    assert refused.status_code == 409
    assert "文件还没有签名" in refused.content.decode()


def test_the_winner_finds_the_way_from_the_trade_and_nobody_else_does(scene):
    link = f"/trades/{scene.stream}/contract/"
    assert link in Desk(scene, "bidder").get(f"/trades/{scene.stream}/").content.decode()
    for other in ("bidder2", "tenderer"):
        assert link not in Desk(scene, other).get(f"/trades/{scene.stream}/").content.decode()
