"""Before the deadline nobody learns who or how many; after it everybody can check that nothing was slipped in."""

import json
from datetime import timedelta

import pytest
from django.test import Client

from support.rows import code_of
from support.scenes import AFTER_DEADLINE, DEADLINE, lot, notice, registration
from support.stages import MOMENTS, PUBLISHED, Scene, trade_at
from yangguang.ledger.deadlines import all_due
from yangguang.proof import merkle
from yangguang.trading import due  # noqa: F401 - registers the deadlines
from yangguang.trading.models import Trade
from yangguang.trading.stages import Stage
from yangguang.witness import log
from yangguang.witness.models import Checkpoint, Entry, Leaf, Node, Pending, SealedEntry, SecurityEvent
from yangguang.witness.platform import platform
from yangguang.witness.receipts import check_receipt, issue_receipt
from yangguang.witness.record import party_digest

pytestmark = pytest.mark.django_db

EVERYBODY = [f"bidder{number}" for number in range(1, 6)]


def everybody_bids(scene):
    """Downloads, bonds, bids, a replacement, a withdrawal and sign-ins of five bidders."""
    for bidder in EVERYBODY:
        scene.do("download_document", bidder)
        scene.guarantee(bidder)
        scene.bid(bidder)
    scene.bid("bidder2", act="replace_bid")
    scene.do("withdraw_bid", "bidder5")
    scene.at = DEADLINE - timedelta(minutes=30)
    for bidder in EVERYBODY[:4]:
        scene.do("sign_in_to_opening", bidder)


def public_view():
    """Everything that anybody may see: the log with its sequencing, what is served, and what is due."""
    client = Client()
    size = log.log_size()
    addresses = ["/", "/checkpoint", "/tile/entries/000.p/" + str(size), "/tile/0/000.p/" + str(size)]
    return {
        "entries": list(Entry.objects.order_by("pk").values_list("stream", "act", "payload")),
        "pending": list(Pending.objects.values_list("pk", flat=True)),
        "leaves": list(Leaf.objects.values_list("index", "entry_id")),
        "nodes": Node.objects.count(),
        "checkpoints": list(Checkpoint.objects.values_list("note", flat=True)),
        "served": [client.get(address, headers={"host": "localhost"}).content for address in addresses],
        "due": [(one.moment, one.stream, one.act) for one in all_due()],
        "trades": list(Trade.objects.values_list("stream", "stage", "entries", "head", "bid_deadline")),
    }


def test_nothing_public_changes_while_bids_arrive(time_machine):
    scene = trade_at(PUBLISHED)
    time_machine.move_to(scene.at, tick=False)
    log.sequence_log(at=scene.at)
    before = public_view()
    assert before["served"][1].startswith(b"yangguang.example/log\n")
    everybody_bids(scene)
    assert public_view() == before
    assert log.sequence_log(at=scene.at) is None
    assert SealedEntry.objects.count() == 5 * 3 + 2 + 4


def two_trades():
    """Two lots of one tender, side by side in bidding."""
    first = trade_at(Stage.REGISTERED)
    tender = first.do("register_tender", "centre", **registration(first, lots=[lot(), lot()]))
    scenes = []
    for trade in tender.trades.order_by("pk"):
        scene = Scene(cast=first.cast, stream=trade.stream, at=MOMENTS[Stage.REVIEWED])
        name = "record_fair_competition_review"
        scene.do(name, "agency", review=scene.signed("agency", name), passed=True)
        scene.at = MOMENTS[PUBLISHED]
        scene.do("publish_notice", "agency", **notice(scene))
        scenes.append(scene)
    return scenes


def shown(scene):
    """The public entries of one trade without what names the trade itself, and its counters."""
    payloads = [json.loads(entry.payload) for entry in Entry.objects.filter(stream=scene.stream).order_by("sequence")]
    own = {"stream", "previous", "files"}
    trade = scene.trade
    deadlines = [(one.moment, one.act) for one in all_due() if one.stream == scene.stream]
    return (
        [{key: value for key, value in payload.items() if key not in own} for payload in payloads],
        (trade.stage, trade.entries, trade.bid_deadline, deadlines),
        Pending.objects.filter(entry__stream=scene.stream).count(),
        list(SecurityEvent.objects.filter(stream=scene.stream).values_list("act", "codes")),
    )


def test_a_trade_without_bids_and_one_with_five_look_the_same_until_the_deadline():
    quiet, busy = two_trades()
    everybody_bids(busy)
    assert shown(quiet) == shown(busy)
    assert (quiet.trade.sealed_entries, busy.trade.sealed_entries) == (0, 21)
    for scene in (quiet, busy):
        scene.at = DEADLINE
        assert code_of(lambda scene=scene: scene.do("announce_bidders", "centre")) == "stage.wrong"
        assert code_of(lambda scene=scene: scene.do("close_bidding", "clock")) == "deadline.not_passed"
    assert shown(quiet) == shown(busy)


def test_a_sealed_entry_names_nobody_and_its_salt_opens_the_name():
    scene = trade_at(PUBLISHED)
    everybody_bids(scene)
    for entry in SealedEntry.objects.all():
        assert not any(
            bidder.code in entry.payload or bidder.person.mark in entry.payload for bidder in scene.cast.bidders
        )
    entry = SealedEntry.objects.filter(act="submit_bid").order_by("pk")[0]
    party = json.loads(entry.payload)["actor"]["party"]
    assert party == party_digest(salt=entry.salt, party=scene.actor("bidder1").organisation)
    marks = {json.loads(one.payload)["actor"]["party"] for one in SealedEntry.objects.all()}
    assert len(marks) == SealedEntry.objects.count()


def test_an_objection_to_the_document_hides_who_objects():
    scene = trade_at(PUBLISHED)
    entry = scene.do("object_to_document", "supplier", objection=scene.kept("异议"))
    assert set(json.loads(entry.payload)["actor"]) == {"party"}
    assert scene.actor("supplier").organisation not in entry.payload


def test_every_receipt_is_provable_under_the_root_that_the_deadline_publishes():
    scene = trade_at(PUBLISHED)
    everybody_bids(scene)
    receipts = [issue_receipt(entry) for entry in SealedEntry.objects.order_by("sequence")]
    scene.at = AFTER_DEADLINE
    scene.do("close_bidding", "clock")
    published = scene.data("close_bidding")["sealed"]
    assert published == log.sealed_root(scene.stream)
    assert published["size"] == len(receipts) == 21
    for algorithm in ("sha256", "sm3"):
        leaves = [bytes.fromhex(facts_of(receipt)["leaf"][algorithm]) for receipt in receipts]
        assert merkle.root_of(leaves, algorithm=algorithm).hex() == published[algorithm]
        assert merkle.root_of(leaves[:-1], algorithm=algorithm).hex() != published[algorithm]
        for receipt in receipts:
            index = leaves.index(bytes.fromhex(facts_of(receipt)["leaf"][algorithm]))
            path = merkle.inclusion_proof(
                index=index, size=len(leaves), hash_at=reader(leaves, algorithm), algorithm=algorithm
            )
            assert merkle.verify_inclusion(
                leaf=bytes.fromhex(facts_of(receipt)["leaf"][algorithm]),
                index=index,
                size=len(leaves),
                proof=path,
                root=bytes.fromhex(published[algorithm]),
                algorithm=algorithm,
            )


def facts_of(receipt):
    return check_receipt(receipt, verifiers=platform().verifiers()).facts


def reader(leaves, algorithm):
    """Hashes of complete subtrees, by level and index."""

    def hash_at(level, index):
        """Joined by hand: leaves are hashed already."""
        if level == 0:
            return leaves[index]
        left, right = hash_at(level - 1, 2 * index), hash_at(level - 1, 2 * index + 1)
        return merkle.node_hash(left, right, algorithm=algorithm)

    return hash_at


def test_nothing_sealed_can_be_added_after_the_root_is_public():
    scene = trade_at(Stage.CLOSED)
    sealed = ("submit_bid", "replace_bid", "withdraw_bid", "download_document", "record_guarantee")
    answers = {name: code_of(lambda name=name: scene.do(name, "bidder1")) for name in sealed}
    assert set(answers.values()) == {"stage.wrong"}
    assert log.sealed_root(scene.stream) == scene.data("close_bidding")["sealed"]


def test_fewer_than_three_bidders_stay_unnamed():
    scene = trade_at(Stage.TOO_FEW)
    assert scene.data("announce_bidders") == {"count": 1, "opened": False}
    code = scene.actor("bidder1").organisation
    assert not Entry.objects.filter(payload__contains=code).exclude(act="register_tender").exists()


def test_what_members_say_stays_a_digest_in_the_log():
    scene = trade_at(Stage.ARCHIVED)
    told = ("give_opinion", "score_technical", "score_business", "close_review", "compute_results")
    for entry in Entry.objects.filter(stream=scene.stream, act__in=told):
        data = json.loads(entry.payload)["data"]
        assert len(data["concealed"]) == 64
        assert set(data) <= {"concealed", "valid"}
        assert set(json.loads(entry.payload)["actor"]) == {"seat"}


def test_no_name_of_a_person_ever_enters_the_log():
    scene = trade_at(Stage.ARCHIVED)
    people = [*scene.cast.experts.values(), scene.cast.representative]
    for entry in Entry.objects.all():
        assert not any(one.person.name in entry.payload or one.person.mark in entry.payload for one in people)
