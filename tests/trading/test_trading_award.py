"""What the law says about the award: its order, drop-outs, notices, bonds and the archive."""

import json
from decimal import Decimal

import pytest

from support.rows import refused, unchanged
from support.scenes import PRICES, beijing, contract, registration
from support.stages import drop_out, trade_at
from trading.act_samples import BY_NAME
from yangguang.rules.refusal import Refused
from yangguang.trading.models import Tender
from yangguang.trading.stages import FAILED, Stage
from yangguang.trading.verification import verify_trade
from yangguang.witness.models import Entry, SealedEntry

pytestmark = pytest.mark.django_db

AWARD_DAY = beijing("03-31")


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


def last_refund(scene):
    """What the newest refund says; it is sealed where the trade ended before the bids were closed."""
    log = SealedEntry if scene.trade.stage == Stage.TERMINATED else Entry
    return json.loads(log.objects.filter(act="refund_guarantee").latest("pk").payload)["data"]


@pytest.mark.parametrize("stage", [Stage.NOTIFIED, Stage.CONTRACTED, *FAILED])
def test_a_bond_is_refunded_once_with_interest(stage):
    scene = trade_at(stage)
    held = scene.trade.guarantees.order_by("pk")[0]
    given = {"guarantee": held.pk, "amount": Decimal("200000.00"), "interest": Decimal("8.88")}
    for bad in ({"amount": Decimal("-0.01")}, {"interest": Decimal("-0.01")}, {"guarantee": 10**6}):
        with refused("refund.not_open", article="第五十七条"):
            scene.do("refund_guarantee", "agency", **{**given, **bad})
    scene.do("refund_guarantee", "agency", **given)
    data = {"file": held.evidence_id, "amount": "200000.00", "interest": "8.88"}
    assert last_refund(scene) == data | ({} if stage == Stage.TERMINATED else {"late": False})
    with refused("refund.not_open"):
        scene.do("refund_guarantee", "agency", **given)


@pytest.mark.parametrize("amount", ["0", "199999.99", "200000.01"])
def test_an_opened_bond_is_refunded_in_full_and_no_more(amount):
    scene = trade_at(Stage.CONTRACTED)
    held = scene.trade.guarantees.order_by("pk")[0]
    with refused("refund.not_open", article="第五十七条"):
        scene.do("refund_guarantee", "agency", guarantee=held.pk, amount=Decimal(amount), interest=Decimal(0))


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
    given = {"guarantee": held.pk, "amount": Decimal("200000.00"), "interest": Decimal(0)}
    scene.do("refund_guarantee", "clock", **given)
    assert Entry.objects.count() == entries
    assert SealedEntry.objects.latest("pk").act == "refund_guarantee"


def test_before_the_deadline_nobody_learns_from_a_refund_that_a_bond_exists():
    scene = trade_at(Stage.BIDDING)
    held = scene.trade.guarantees.get(organisation__code=code(scene, "bidder1"))
    answers = []
    for guarantee in (held.pk, held.pk + 1000):
        for by in ("centre", "agency", "tenderer"):
            with pytest.raises(Refused) as answer:
                scene.do("refund_guarantee", by, guarantee=guarantee, amount=Decimal(1), interest=Decimal(0))
            answers.append(answer.value.refusals)
    assert set(answers) == {answers[0]}
    assert answers[0][0].code == "access.denied"
    with refused("refund.not_open", article="第五十七条"):  # it still stands, so its bond does too
        scene.do("refund_guarantee", "clock", guarantee=held.pk, amount=Decimal(1), interest=Decimal(0))


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
