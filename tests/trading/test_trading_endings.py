"""How a trade can end before or without a contract, and how it stands still and goes on."""

from datetime import timedelta
from decimal import Decimal

import pytest

from support.rows import refused
from support.scenes import AFTER_DEADLINE, DEADLINE, PRICES, beijing, registration
from support.stages import REVIEWED_BY_ALL, give_opinions, opinions, refund_all, reject, trade_at
from yangguang.trading.models import Tender
from yangguang.trading.stages import BOUND, FAILED, RUNNING, Stage
from yangguang.trading.verification import verify_trade
from yangguang.witness.models import Entry
from yangguang.witness.record import utc_text

pytestmark = pytest.mark.django_db


def order(scene, by, act):
    return scene.signed(by, act, name="通知书")


def stood_still(scene, by="supervisor", **inputs):
    """Suspend and resume."""
    scene.do("suspend", by, order=order(scene, by, "suspend"))
    scene.do("resume", by, order=order(scene, by, "resume"), **inputs)


def opened_with(bids):
    """A trade at the opening with this many standing bids."""
    scene = trade_at(Stage.BIDDING)
    for bidder in ("bidder1", "bidder2", "bidder3")[bids:]:
        scene.do("withdraw_bid", bidder)
    scene.at = AFTER_DEADLINE
    scene.do("close_bidding", "clock")
    scene.do("announce_bidders", "agency")
    return scene


@pytest.mark.parametrize("bids", [0, 1, 2])
def test_with_fewer_than_three_bidders_nothing_is_opened(bids):
    scene = opened_with(bids)
    assert scene.trade.stage == Stage.TOO_FEW
    assert scene.data("announce_bidders") == {"count": bids, "opened": False}
    with refused("stage.wrong"):
        scene.do("start_decryption", "agency")
    refund_all(scene)
    scene.do("archive_trade", "centre")
    assert scene.data("archive_trade") == {"ended": Stage.TOO_FEW}


def test_three_bidders_are_enough():
    scene = opened_with(3)
    assert scene.trade.stage == Stage.LISTED
    codes = [scene.actor(f"bidder{number}").organisation for number in (1, 2, 3)]
    assert [bid["bidder"] for bid in scene.data("announce_bidders")["bids"]] == codes


def test_a_replaced_bid_counts_once_and_the_last_one_stands():
    scene = trade_at(Stage.BIDDING)
    scene.do("withdraw_bid", "bidder3")
    scene.bid("bidder2", price=PRICES[2], act="replace_bid")
    scene.bid("bidder2", price=PRICES[2], act="replace_bid")
    scene.at = AFTER_DEADLINE
    scene.do("close_bidding", "clock")
    scene.do("announce_bidders", "agency")
    assert (scene.trade.stage, scene.data("announce_bidders")["count"]) == (Stage.TOO_FEW, 2)
    assert scene.trade.bids.filter(bidder__code=scene.actor("bidder2").organisation).count() == 3


def test_whoever_withdrew_may_bid_again_before_the_deadline():
    scene = trade_at(Stage.BIDDING)
    scene.do("withdraw_bid", "bidder1")
    scene.bid("bidder1")
    assert scene.trade.bids.filter(number=2, withdrawal=None, replaces=None).count() == 1


def test_rejections_may_leave_fewer_than_three_valid_bids_and_the_review_goes_on():
    scene = trade_at(Stage.REVIEWING)
    give_opinions(scene, failing=("bidder2", "bidder3"))
    reject(scene, "bidder2", "bidder3")
    scene.do("close_review", "chair")
    assert (scene.trade.stage, scene.data("close_review")["valid"]) == (Stage.SCORING, 1)
    assert scene.trade.blind_codes.count() == 1


def test_the_committee_may_find_fewer_than_three_valid_bids_no_competition():
    scene = trade_at(Stage.REVIEWING)
    give_opinions(scene, failing=("bidder3",))
    reject(scene, "bidder3")
    scene.do("close_review", "chair", no_competition="两家报价均接近限价，明显缺乏竞争")
    assert scene.trade.stage == Stage.ALL_REJECTED


def test_three_valid_bids_are_never_without_competition():
    scene = trade_at(REVIEWED_BY_ALL)
    with refused("review.competition", article="第二十七条"):
        scene.do("close_review", "chair", no_competition="报价太高")


def test_a_review_with_a_missing_opinion_or_rejection_does_not_close():
    scene = trade_at(Stage.REVIEWING)
    with refused("review.unfinished", article="第四十九条"):
        scene.do("close_review", "chair")
    give_opinions(scene, failing=("bidder3",))
    with refused("review.rejection_missing", article="第五十一条"):
        scene.do("close_review", "chair")


def test_nothing_is_rejected_without_a_majority_a_legal_ground_and_a_reason():
    scene = trade_at(Stage.REVIEWING)
    bid = scene.digest("bidder3")
    unsigned = opinions({"formal": "未盖章"})
    for seat in scene.seats()[:2]:
        scene.do("give_opinion", seat, bid=bid, **unsigned)
    with refused("rejection.no_majority", article="多数"):
        scene.do("reject_bid", "chair", bid=bid, ground="unsigned", reason="未盖章")
    scene.do("give_opinion", "seat3", bid=bid, **unsigned)
    with refused("rejection.unlisted_ground", article="第五十一条"):
        scene.do("reject_bid", "chair", bid=bid, ground="ugly", reason="未盖章")
    with refused("rejection.no_reason", article="第五十一条"):
        scene.do("reject_bid", "chair", bid=bid, ground="unsigned", reason=" ")
    scene.do("reject_bid", "chair", bid=bid, ground="unsigned", reason="未盖章")


def test_an_opinion_speaks_of_every_step_of_no_other_and_says_why_a_bid_fails():
    scene = trade_at(Stage.REVIEWING)
    bid, whole = scene.digest("bidder3"), opinions({})
    wrong = {
        "opinion.incomplete": {"passes": {"formal": True}, "reasons": {}},
        "opinion.step": {"passes": {**whole["passes"], "odd": True}, "reasons": {}},
        "opinion.reason_missing": opinions({"formal": "", "responsive": " "}),
    }
    for code, said in wrong.items():
        with refused(code, article="条"):
            scene.do("give_opinion", "seat4", bid=bid, **said)
    with refused("opinion.step", article="第四十九条"):
        scene.do("give_opinion", "seat4", bid=bid, passes=whole["passes"], reasons={"odd": "x"})
    scene.do("give_opinion", "seat4", bid=bid, passes=whole["passes"])
    with refused("opinion.given", article="第四十九条"):
        scene.do("give_opinion", "seat4", bid=bid, **opinions({"formal": "未盖章"}))


@pytest.mark.parametrize("stage", RUNNING)
def test_a_trade_stands_still_at_any_stage_and_goes_on_where_it_stood(stage):
    scene = trade_at(stage)
    scene.do("suspend", "supervisor", order=order(scene, "supervisor", "suspend"))
    assert (scene.trade.stage, scene.trade.suspended_from) == (Stage.SUSPENDED, stage)
    later = {"deadline": DEADLINE + timedelta(days=9)} if stage == Stage.BIDDING else {}
    scene.at += timedelta(days=5)
    scene.do("resume", "centre", order=order(scene, "centre", "resume"), **later)
    assert scene.trade.stage == stage
    assert verify_trade(scene.trade) == []


def test_while_a_trade_stands_still_no_bid_is_taken_and_the_clock_does_not_close():
    scene = trade_at(Stage.SUSPENDED)
    received = scene.received("bidder4", scene.sealed("bidder4"))
    with refused("stage.wrong"):
        scene.do("submit_bid", "bidder4", received=received)
    scene.at = AFTER_DEADLINE
    with refused("stage.wrong"):
        scene.do("close_bidding", "clock")


def test_after_a_suspension_over_the_deadline_bids_are_taken_until_the_new_one():
    scene = trade_at(Stage.SUSPENDED, at=beijing("03-25"))
    later, paper = beijing("04-01"), order(scene, "supervisor", "resume")
    with refused("resume.deadline", article="第二十一条"):
        scene.do("resume", "supervisor", order=paper)
    scene.do("resume", "supervisor", order=order(scene, "supervisor", "resume"), deadline=later)
    assert scene.trade.bid_deadline == later
    scene.at = later
    scene.bid("bidder4")
    scene.at = later + timedelta(seconds=1)
    scene.do("close_bidding", "clock")
    assert scene.data("close_bidding")["sealed"]["size"] == 7


@pytest.mark.parametrize(
    ("stage", "window"), [(Stage.DECRYPTING, "decryption_until"), (Stage.PUBLICITY, "publicity_until")]
)
def test_a_running_window_gets_back_the_time_that_a_suspension_took(stage, window):
    scene = trade_at(stage)
    before = getattr(scene.trade, window)
    scene.do("suspend", "supervisor", order=scene.signed("supervisor", "suspend"))
    scene.at += timedelta(days=2, minutes=7)
    scene.do("resume", "supervisor", order=scene.signed("supervisor", "resume"))
    after = getattr(scene.trade, window)
    assert (scene.trade.stage, after - before) == (stage, timedelta(days=2, minutes=7))
    assert scene.data("resume") == {"to": stage.value, "until": utc_text(after)}


def test_a_trade_can_stand_still_twice():
    scene = trade_at(Stage.BIDDING)
    stood_still(scene)
    stood_still(scene, by="centre")
    assert scene.trade.stage == Stage.BIDDING


@pytest.mark.parametrize("stage", [stage for stage in (*RUNNING, Stage.SUSPENDED) if stage not in BOUND])
def test_a_trade_can_be_terminated_with_its_reason_until_the_award_notice(stage):
    scene = trade_at(stage)
    paper = scene.signed("tenderer", "terminate")
    with refused("terminate.reason", article="第三十一条"):
        scene.do("terminate", "tenderer", announcement=paper, reason=" ")
    scene.do("terminate", "tenderer", announcement=paper, reason="规划调整")
    assert (scene.trade.stage, scene.data("terminate")) == (Stage.TERMINATED, {"reason": "规划调整"})
    refund_all(scene)
    scene.do("archive_trade", "centre")


@pytest.mark.parametrize("stage", FAILED)
def test_a_failed_trade_returns_its_bonds_and_is_archived(stage):
    scene = trade_at(stage)
    for held in scene.trade.guarantees.all():
        scene.do("refund_guarantee", "agency", guarantee=held.pk, amount=Decimal("200000.00"), interest=Decimal(0))
    scene.do("archive_trade", "centre")
    assert verify_trade(scene.trade) == []


@pytest.mark.parametrize("stage", FAILED)
def test_a_failed_trade_is_tendered_again(stage):
    scene = trade_at(stage)
    tender = scene.do("register_tender", "centre", **registration(scene, retender_of=scene.trade))
    assert Tender.objects.get(pk=tender.pk).retender_of == scene.trade
    assert scene.trade.retenders.get() == tender
    assert tender.trades.get().stage == Stage.REGISTERED
    data = Entry.objects.filter(act="register_tender").latest("pk").payload
    assert scene.stream in data


@pytest.mark.parametrize("stage", [Stage.BIDDING, Stage.SUSPENDED, Stage.CONTRACTED, Stage.ARCHIVED])
def test_a_trade_that_did_not_fail_is_not_tendered_again(stage):
    scene = trade_at(stage)
    with refused("registration.retender", article="第二十八条"):
        scene.do("register_tender", "centre", **registration(scene, retender_of=scene.trade))


def code(scene, bidder):
    return scene.actor(bidder).organisation


@pytest.mark.parametrize(("fault", "outcome"), [(True, "revoked"), (False, "returned")])
def test_a_bid_that_does_not_open_counts_by_whose_fault_it_is(fault, outcome):
    scene = trade_at(Stage.DECRYPTING)
    bidder = code(scene, "bidder1")
    scene.do("record_decryption_failure", "centre", bidder=bidder, bidders_fault=fault, reason="解密失败")
    for other in ("bidder2", "bidder3"):
        scene.do("open_bid", other, unlocked=scene.unlocked(other))
    scene.do("end_decryption", "centre")
    scene.do("announce_bids", "centre")
    told = {bid["bidder"]: (bid["outcome"], bid["price"]) for bid in scene.data("announce_bids")["bids"]}
    assert told[bidder] == (outcome, "")
    assert {told[code(scene, other)] for other in ("bidder2", "bidder3")} == {
        ("opened", "9600000.00"),
        ("opened", "9700000.00"),
    }


def test_a_bidder_without_a_bid_cannot_fail_to_decrypt():
    scene = trade_at(Stage.DECRYPTING)
    with refused("decryption.no_bid", article="第三十条"):
        scene.do(
            "record_decryption_failure", "centre", bidder=code(scene, "bidder4"), bidders_fault=True, reason="没有"
        )
