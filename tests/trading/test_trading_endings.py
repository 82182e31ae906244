"""How a trade can end before or without a contract, stand still and go on, and what the law says about the award."""

from datetime import timedelta
from decimal import Decimal

import pytest

from support.rows import refused, unchanged
from support.scenes import AFTER_DEADLINE, DEADLINE, PRICES, beijing, contract, registration
from support.stages import REVIEWED_BY_ALL, drop_out, give_opinions, reject, trade_at
from trading.act_samples import BY_NAME
from yangguang.trading.models import Tender
from yangguang.trading.stages import FAILED, RUNNING, Stage
from yangguang.trading.verification import verify_trade
from yangguang.witness.models import Entry, SealedEntry

pytestmark = pytest.mark.django_db

AWARD_DAY = beijing("03-31")


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
    for seat in scene.seats()[:2]:
        scene.do("give_opinion", seat, bid=bid, step="formal", passes=False, reason="未盖章")
    with refused("rejection.no_majority", article="多数"):
        scene.do("reject_bid", "chair", bid=bid, ground="unsigned", reason="未盖章")
    scene.do("give_opinion", "seat3", bid=bid, step="formal", passes=False, reason="未盖章")
    with refused("rejection.unlisted_ground", article="第五十一条"):
        scene.do("reject_bid", "chair", bid=bid, ground="ugly", reason="未盖章")
    with refused("rejection.no_reason", article="第五十一条"):
        scene.do("reject_bid", "chair", bid=bid, ground="unsigned", reason=" ")
    with refused("opinion.reason_missing", article="第五十一条"):
        scene.do("give_opinion", "seat4", bid=bid, step="formal", passes=False)
    scene.do("reject_bid", "chair", bid=bid, ground="unsigned", reason="未盖章")


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


def test_a_trade_can_stand_still_twice():
    scene = trade_at(Stage.BIDDING)
    stood_still(scene)
    stood_still(scene, by="centre")
    assert scene.trade.stage == Stage.BIDDING


@pytest.mark.parametrize("stage", [stage for stage in (*RUNNING, Stage.SUSPENDED) if stage != Stage.CONTRACTED])
def test_a_trade_can_be_terminated_with_its_reason_until_there_is_a_contract(stage):
    scene = trade_at(stage)
    paper = scene.signed("tenderer", "terminate")
    with refused("terminate.reason", article="第三十一条"):
        scene.do("terminate", "tenderer", announcement=paper, reason=" ")
    scene.do("terminate", "tenderer", announcement=paper, reason="规划调整")
    assert (scene.trade.stage, scene.data("terminate")) == (Stage.TERMINATED, {"reason": "规划调整"})
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


@pytest.mark.parametrize("reason", ["gave_up", "force_majeure", "no_performance_bond", "illegal_acts"])
def test_a_candidate_drops_out_for_a_legal_reason_and_the_next_is_awarded(reason):
    scene = trade_at(Stage.PUBLICITY)
    drop_out(scene, "bidder1", reason)
    scene.at = AWARD_DAY
    with refused("award.dropped_out", article="第五十五条"):
        scene.do("award", "tenderer", bidder=code(scene, "bidder1"))
    with refused("award.out_of_order", article="第五十五条"):
        scene.do("award", "tenderer", bidder=code(scene, "bidder3"))
    scene.do("award", "tenderer", bidder=code(scene, "bidder2"))
    assert scene.data("award")["rank"] == 2


@pytest.mark.parametrize(("bidder", "reason"), [("bidder1", "too_dear"), ("bidder4", "gave_up"), ("bidder1", "")])
def test_nobody_drops_out_for_another_reason_or_without_being_a_candidate(bidder, reason):
    scene = trade_at(Stage.PUBLICITY)
    proof = scene.signed("tenderer", "record_drop_out")
    with refused("drop_out.unlawful", article="第五十五条"):
        scene.do("record_drop_out", "tenderer", bidder=code(scene, bidder), reason=reason, proof=proof)


@pytest.mark.parametrize("stage", [Stage.AWARDED, Stage.NOTIFIED])
def test_a_winner_who_drops_out_is_followed_by_the_next_candidate(stage):
    scene = trade_at(stage)
    drop_out(scene, "bidder1")
    assert scene.trade.stage == Stage.PUBLICITY
    scene.at = beijing("04-03")
    scene.do("award", "tenderer", bidder=code(scene, "bidder2"))
    notices = BY_NAME["issue_award_notice"].inputs(scene, "tenderer")
    scene.do("issue_award_notice", "tenderer", **notices)
    assert scene.data("issue_award_notice")["winner"] == code(scene, "bidder2")
    papers = contract(scene, winner="bidder2")
    with refused("contract.price"):
        scene.do("sign_contract", "tenderer", **papers)
    scene.do("sign_contract", "tenderer", **contract(scene, winner="bidder2", price=PRICES[1]))
    assert scene.trade.contract.award.bid.bidder.code == code(scene, "bidder2")
    assert verify_trade(scene.trade) == []


@pytest.mark.parametrize("stage", [Stage.PUBLICITY, Stage.AWARDED, Stage.NOTIFIED])
def test_when_the_last_candidate_drops_out_there_is_no_award(stage):
    scene = trade_at(stage)
    for bidder in ("bidder1", "bidder2"):
        drop_out(scene, bidder)
        assert scene.trade.stage == Stage.PUBLICITY
    drop_out(scene, "bidder3")
    assert scene.trade.stage == Stage.NO_AWARD
    with refused("stage.wrong"):
        scene.do("award", "tenderer", bidder=code(scene, "bidder1"))


def publicity_of(*, state_controlled):
    scene = trade_at(Stage.PUBLICITY, at=AWARD_DAY)
    Tender.objects.update(state_controlled=state_controlled)
    return scene


def test_state_money_awards_the_first_candidate_and_nobody_else():
    scene = publicity_of(state_controlled=True)
    for bidder in ("bidder2", "bidder3"):
        with refused("award.out_of_order", article="招标投标法实施条例第五十五条"):
            scene.do("award", "tenderer", bidder=code(scene, bidder))
    scene.do("award", "tenderer", bidder=code(scene, "bidder1"))


@pytest.mark.parametrize("bidder", ["bidder1", "bidder2", "bidder3"])
def test_other_money_awards_any_candidate(bidder):
    scene = publicity_of(state_controlled=False)
    scene.do("award", "tenderer", bidder=code(scene, bidder))
    assert scene.data("award")["bidder"] == code(scene, bidder)


@pytest.mark.parametrize("state_controlled", [True, False])
def test_whoever_is_no_candidate_is_never_awarded(state_controlled):
    scene = publicity_of(state_controlled=state_controlled)
    for other in (code(scene, "bidder4"), "91990100MA0000000X", "x"):
        with refused("award.not_a_candidate", article="招标投标法第四十条"):
            scene.do("award", "tenderer", bidder=other)


def test_the_notice_goes_to_every_bidder_at_once():
    scene = trade_at(Stage.NOTIFIED)
    bidders = sorted(code(scene, f"bidder{number}") for number in (1, 2, 3))
    assert scene.data("issue_award_notice") == {"winner": code(scene, "bidder1"), "told": bidders}


@pytest.mark.parametrize("stage", [Stage.NOTIFIED, Stage.CONTRACTED, *FAILED])
def test_a_bond_is_refunded_once_with_interest(stage):
    scene = trade_at(stage)
    held = scene.trade.guarantees.order_by("pk")[0]
    given = {"guarantee": held.pk, "amount": Decimal("200000.00"), "interest": Decimal("8.88")}
    for bad in ({"amount": Decimal("-0.01")}, {"interest": Decimal("-0.01")}, {"guarantee": 10**6}):
        with refused("refund.not_open", article="第五十七条"):
            scene.do("refund_guarantee", "agency", **{**given, **bad})
    scene.do("refund_guarantee", "agency", **given)
    assert scene.data("refund_guarantee") == {"file": held.evidence_id, "amount": "200000.00", "interest": "8.88"}
    with refused("refund.not_open"):
        scene.do("refund_guarantee", "agency", **given)


def test_no_more_than_the_opened_bond_is_refunded():
    scene = trade_at(Stage.CONTRACTED)
    held = scene.trade.guarantees.order_by("pk")[0]
    with refused("refund.not_open"):
        scene.do("refund_guarantee", "agency", guarantee=held.pk, amount=Decimal("200000.01"), interest=Decimal(0))


def test_a_bond_of_another_trade_is_not_refunded_here():
    scene = trade_at(Stage.CONTRACTED)
    held = scene.trade.guarantees.order_by("pk")[0]
    other = scene.do("register_tender", "centre", **registration(scene)).trades.get()
    type(other).objects.filter(pk=other.pk).update(stage=Stage.CONTRACTED)
    mine, scene.stream, scene.known = scene.stream, other.stream, None
    with refused("refund.not_open"):
        scene.do("refund_guarantee", "agency", guarantee=held.pk, amount=Decimal(1), interest=Decimal(0))
    assert mine != scene.stream


def test_a_refund_before_the_deadline_stays_sealed():
    scene = trade_at(Stage.BIDDING)
    scene.do("withdraw_bid", "bidder1")
    held = scene.trade.guarantees.get(organisation__code=code(scene, "bidder1"))
    entries = Entry.objects.count()
    scene.do("refund_guarantee", "agency", guarantee=held.pk, amount=Decimal("200000.00"), interest=Decimal(0))
    assert Entry.objects.count() == entries
    assert SealedEntry.objects.latest("pk").act == "refund_guarantee"


def test_a_completed_trade_is_archived_only_with_its_report_and_without_bonds():
    scene = trade_at(Stage.CONTRACTED)
    with refused("archive.refunds", article="第五十七条"):
        scene.do("archive_trade", "centre")
    for held in scene.trade.guarantees.all():
        scene.do("refund_guarantee", "agency", guarantee=held.pk, amount=Decimal("200000.00"), interest=Decimal(0))
    with refused("archive.written_report", article="第四十七条"):
        scene.do("archive_trade", "centre")
    scene.do("submit_written_report", "agency", paper=scene.signed("agency", "submit_written_report"))
    scene.do("archive_trade", "centre")
    assert scene.trade.stage == Stage.ARCHIVED


def test_nothing_at_all_happens_to_an_archived_trade():
    scene = trade_at(Stage.ARCHIVED)
    with unchanged():
        for by, act in (("centre", "archive_trade"), ("supervisor", "suspend"), ("tenderer", "terminate")):
            with refused("stage.wrong"):
                scene.do(act, by)


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
