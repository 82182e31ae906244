"""After the opening: the bonds with their days, and clocks that are late."""

from datetime import timedelta
from decimal import Decimal

import pytest

from support.act_pages import Desk
from support.scenes import beijing
from support.stages import trade_at
from yangguang.trading.stages import Stage
from yangguang.web.closing.bonds import bonds_of
from yangguang.web.closing.views import SECRET

PARTIES = ("centre", "tenderer", "agency", "supervisor")
OTHERS = ("bidder", "supplier", "expert")


def page(scene, kind, path):
    return Desk(scene, kind).get(f"/trades/{scene.stream}/{path}")


def refund(scene, number):
    held = list(scene.trade.guarantees.order_by("pk"))[number]
    scene.do("refund_guarantee", "agency", guarantee=held.pk, amount=Decimal(200_000), interest=Decimal("12.34"))


@pytest.mark.django_db
def test_the_parties_see_what_became_of_each_bond_and_by_when():
    scene = trade_at(Stage.CONTRACTED)
    refund(scene, 0)
    scene.at = beijing("04-17")
    refund(scene, 1)
    text = page(scene, "supervisor", "bonds/").content.decode()
    assert "2026年4月16日 00:00</strong> 前退还" in text
    assert text.count("已退还") == 2
    assert text.count("超期") == 1
    assert text.count("待退还") == scene.trade.guarantees.count() - 2
    assert "利息 12.34 元" in text
    told = {kind: page(scene, kind, "bonds/").status_code for kind in (*PARTIES, *OTHERS)}
    assert told == dict.fromkeys(PARTIES, 200) | dict.fromkeys(OTHERS, 403)


@pytest.mark.django_db
def test_a_bidder_sees_its_own_bond_only():
    scene = trade_at(Stage.CONTRACTED)
    refund(scene, 0)
    assert "已退还，利息 12.34 元" in page(scene, "bidder1", "bid/").content.decode()
    other = page(scene, "bidder2", "bid/").content.decode()
    assert "12.34" not in other
    assert "待退还，期限 2026年4月16日 00:00" in other


@pytest.mark.django_db
@pytest.mark.parametrize("point", [Stage.BIDDING, Stage.TERMINATED])
def test_before_the_bidding_is_closed_there_is_no_page_of_bonds(point):
    scene = trade_at(point)
    assert {page(scene, kind, "bonds/").status_code for kind in PARTIES} == {409}
    assert SECRET.code == "bonds.secret"
    assert SECRET.reason in page(scene, "centre", "bonds/").content.decode()
    assert "/bonds/" not in page(scene, "centre", "").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(("by", "rows"), [("bidder1", 1), ("", 3)])
def test_the_bonds_are_read_with_as_many_queries_for_many_as_for_one(django_assert_num_queries, by, rows):
    scene = trade_at(Stage.CONTRACTED)
    refund(scene, 0)
    trade, code = scene.trade, scene.actor(by).organisation if by else ""
    with django_assert_num_queries(2):  # the bonds, the contract
        found = bonds_of(trade, organisation=code)
        assert [one.state for one in found] == ["refunded", "waiting", "waiting"][:rows]
        assert all(one.held.organisation.name and one.amount for one in found)


@pytest.mark.django_db
def test_an_answer_that_is_late_is_still_on_the_clock():
    scene = trade_at(Stage.PUBLICITY)
    scene.do("object_to_result", "bidder2", objection=scene.kept("请复核报价"))
    scene.at += timedelta(days=6)
    assert "答复异议期限" in page(scene, "supervisor", "").content.decode()
