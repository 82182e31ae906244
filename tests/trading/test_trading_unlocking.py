"""What the keys open before the act: only at its time, only one's own, only whole, and a bond that says what it is."""

import json

import pytest

from support.rows import code_of
from support.stages import trade_at, walk
from yangguang.demo.cast import released_keys, sealed_bid
from yangguang.proof.tarfiles import PartFile
from yangguang.rules.refusal import Refused
from yangguang.trading.acts.unlocking import unlock
from yangguang.trading.stages import Stage
from yangguang.witness.models import SecurityEvent

pytestmark = pytest.mark.django_db


def keys(scene, bidder, file=None):
    return released_keys(bidder=scene.who(bidder), file=file or scene.files[bidder], at=scene.at)


def unlocking(scene, by, release):
    return code_of(lambda: unlock(scene.trade, actor=scene.actor(by), at=scene.at, release=release))


@pytest.mark.parametrize("stage", [Stage.BIDDING, Stage.CLOSED, Stage.LISTED, Stage.DECRYPTED])
def test_nothing_is_unlocked_outside_of_the_decryption(stage):
    scene = trade_at(stage)
    assert unlocking(scene, "bidder1", keys(scene, "bidder1")) == "decryption.not_open"


def test_whoever_has_no_bid_unlocks_nothing():
    scene = trade_at(Stage.DECRYPTING)
    assert unlocking(scene, "bidder4", keys(scene, "bidder1")) == "decryption.no_bid"


@pytest.mark.parametrize(
    ("kept", "of", "code"),
    [
        (0, "bidder1", "bid.release.malformed"),
        (-20, "bidder1", "bid.release.malformed"),
        (None, "bidder2", "bid.release.signature"),
    ],
)
def test_a_broken_release_is_refused_and_noted(kept, of, code):
    scene = trade_at(Stage.DECRYPTING)
    release = keys(scene, of)[:kept]
    assert unlocking(scene, "bidder1", release) == code
    event = SecurityEvent.objects.latest("pk")
    assert (event.act, event.codes, event.organisation) == ("unlock", [code], scene.who("bidder1").code)
    assert not scene.trade.bids.filter(opened__isnull=False).exists()


def test_the_keys_of_a_replaced_bid_do_not_open_the_one_that_stands():
    scene = trade_at(Stage.BIDDING)
    replaced = scene.files["bidder1"]
    scene.bid("bidder1", act="replace_bid")
    walk(scene, Stage.BIDDING, Stage.DECRYPTING)
    assert unlocking(scene, "bidder1", keys(scene, "bidder1", replaced)) == "bid.release.other_bid"


def with_bond(**changed):
    """A trade at the decryption whose first bidder's second bond states something else; None leaves a fact out."""
    scene = trade_at(Stage.BIDDING)
    trade = scene.trade
    facts = {
        "amount": "200000.00",
        "beneficiary": trade.tender.tenderer.code,
        "lot": trade.lot_code,
        "valid_from": "2026-03-20",
        "valid_until": "2026-06-21",
    }
    stated = {name: value for name, value in {**facts, **changed}.items() if value is not None}
    content = PartFile("guarantee.json", json.dumps(stated).encode())
    file = sealed_bid(
        cast=scene.cast, bidder=scene.who("bidder1"), trade=trade, parts={"guarantee": [content]}, at=scene.at
    )
    scene.do("record_guarantee", "bidder1", received=scene.received("bidder1", file))
    scene.files["bidder1 guarantee"] = file
    walk(scene, Stage.BIDDING, Stage.DECRYPTING)
    return scene


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({}, ""),
        ({"amount": "199999.99"}, "guarantee.amount"),
        ({"beneficiary": "91990100MA0000000X"}, "guarantee.beneficiary"),
        ({"lot": "E9901002603020001001999"}, "guarantee.lot"),
        ({"valid_from": "2026-03-23"}, ""),
        ({"valid_from": "2026-03-24"}, "guarantee.starts_late"),
        ({"valid_until": "2026-06-20"}, "guarantee.ends_early"),
    ],
)
def test_a_bond_is_checked_when_it_is_opened_and_its_faults_are_on_record(changed, problem):
    scene = with_bond(**changed)
    scene.do("open_bid", "bidder1", unlocked=scene.unlocked("bidder1"))
    assert scene.data("open_bid")["guarantee"]["problems"] == ([problem] if problem else [])


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"lot": None}, "decryption.guarantee"),
        ({"beneficiary": 5}, "decryption.guarantee"),
        ({"valid_from": "tomorrow"}, "decryption.guarantee"),
        ({"valid_until": None}, "decryption.guarantee"),
        ({"amount": None}, "decryption.no_amount"),
    ],
)
def test_a_bond_that_does_not_say_what_it_is_is_refused(changed, code):
    scene = with_bond(**changed)
    with pytest.raises(Refused) as caught:
        scene.unlocked("bidder1")
    assert caught.value.codes == (code,)


def test_a_bid_opens_without_its_bond_and_the_bond_stays_closed():
    scene = trade_at(Stage.DECRYPTING)
    scene.files.pop("bidder1 guarantee")
    scene.do("open_bid", "bidder1", unlocked=scene.unlocked("bidder1"))
    assert "guarantee" not in scene.data("open_bid")
    assert not scene.trade.guarantees.filter(opened__isnull=False).exists()
