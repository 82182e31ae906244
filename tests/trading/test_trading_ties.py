"""Bids that the document's own method leaves equal: the committee orders them, and only them, with its reason."""

import pytest

from support.rows import refused
from support.scenes import PRICES
from support.stages import trade_at, walk
from yangguang.trading.stages import Stage
from yangguang.trading.verification import verify_trade

pytestmark = pytest.mark.django_db

REASON = "施工组织设计更合理"


def tied():
    """A trade before the computation in which the first two bidders are equal in everything."""
    scene = trade_at(Stage.BIDDING)
    scene.bid("bidder2", price=PRICES[0], act="replace_bid")
    walk(scene, Stage.BIDDING, Stage.PRICING)
    return scene


def test_a_tie_is_refused_until_the_committee_orders_exactly_the_tied_bids_with_a_reason():
    scene = tied()
    one, two, three = (scene.digest(f"bidder{number}") for number in (1, 2, 3))
    wrong = [
        {},
        {"tie_order": [two, one]},
        {"tie_order": [two, one], "tie_reason": " "},
        {"tie_order": [], "tie_reason": REASON},
        {"tie_order": [two], "tie_reason": REASON},
        {"tie_order": [two, one, one], "tie_reason": REASON},
        {"tie_order": [two, one, three], "tie_reason": REASON},
    ]
    for given in wrong:
        with refused("ranking.tie", article="第四十二条"):
            scene.do("compute_results", "chair", **given)
    scene.do("compute_results", "chair", tie_order=[two, one], tie_reason=REASON)
    ranking = scene.trade.ranking.values_list("rank", "bid__evidence_id", "recommended")
    assert list(ranking) == [(1, two, True), (2, one, True), (3, three, True)]
    walk(scene, Stage.RANKED, Stage.PUBLICITY)
    assert [one["bid"] for one in scene.data("publish_candidates")["candidates"]] == [two, one, three]
    assert verify_trade(scene.trade) == []


def test_where_nothing_is_tied_nobody_can_order_anything():
    scene = trade_at(Stage.PRICING)
    given = {"tie_order": [scene.digest("bidder2"), scene.digest("bidder1")], "tie_reason": REASON}
    with refused("ranking.tie"):
        scene.do("compute_results", "chair", **given)


def test_a_trade_without_a_limit_price_is_computed_too():
    scene = trade_at(Stage.PRICING)
    type(scene.trade).objects.update(limit_price=None)
    scene.do("compute_results", "chair")
    assert scene.trade.ranking.count() == 3
