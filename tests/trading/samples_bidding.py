"""A lawful example of every act from the review of the document to the signed opening record."""

from datetime import timedelta
from typing import Any

from support.scenes import AFTER_DEADLINE, DEADLINE, Scene, beijing, notice
from support.stages import PUBLISHED
from trading.samples_base import (
    HOSTS,
    NONCES,
    PARTIES,
    TENDERERS,
    Sample,
    interested,
    objection,
    objects,
    paper_for,
    recorded,
    signs,
)
from yangguang.demo.cast import sealed_guarantee
from yangguang.trading.stages import Stage
from yangguang.witness.models import Entry


def _sealed_bid(scene: Scene, by: str) -> dict[str, Any]:
    return {"received": scene.received(by, scene.sealed(by))}


def _guarantee(scene: Scene, by: str) -> dict[str, Any]:
    file = sealed_guarantee(cast=scene.cast, bidder=scene.who(by), trade=scene.trade, at=scene.at)
    return {"received": scene.received(by, file)}


def _open_and_commit(scene: Scene, by: str) -> None:
    scene.do("open_draw", "centre")
    for party, nonce in NONCES.items():
        scene.do("commit_to_draw", party, commitment=scene.commitment(party, nonce))


def _centre_revealed(scene: Scene, by: str) -> None:
    _open_and_commit(scene, by)
    if by != "centre":
        scene.do("reveal_for_draw", "centre", nonce=NONCES["centre"])


def _all_revealed(scene: Scene, by: str) -> None:
    _open_and_commit(scene, by)
    for party, nonce in NONCES.items():
        scene.do("reveal_for_draw", party, nonce=nonce)


def _opened(scene: Scene, by: str) -> dict[str, Any]:
    return {"unlocked": scene.unlocked(by)}


BIDDING = (
    Sample(
        name="record_fair_competition_review",
        stage=Stage.REGISTERED,
        by=TENDERERS,
        inputs=signs("review", "record_fair_competition_review", passed=True),
        after=Stage.REVIEWED,
    ),
    Sample(
        name="publish_notice",
        stage=Stage.REVIEWED,
        by=TENDERERS,
        inputs=notice,
        after=Stage.BIDDING,
        shows=lambda scene: scene.trade.documents.count() == 1 and scene.trade.bid_deadline == DEADLINE,
    ),
    Sample(
        name="download_document",
        stage=PUBLISHED,
        by=("supplier", "bidder"),
        shows=lambda scene: scene.trade.sealed_entries == 1,
        twice="",
        sealed=True,
    ),
    Sample(
        name="change_document",
        stage=PUBLISHED,
        at=beijing("03-06"),
        by=TENDERERS,
        inputs=lambda scene, by: {
            "change": scene.signed(by, "change_document"),
            "terms": scene.terms(by, "change_document", version=2),
            "affects_bids": True,
            "deadline": beijing("03-25"),
        },
        shows=lambda scene: scene.trade.documents.count() == 2 and scene.trade.bid_deadline == beijing("03-25"),
        twice="deadline.forward",
    ),
    Sample(
        name="object_to_document",
        stage=PUBLISHED,
        by=("supplier", "bidder"),
        inputs=interested("object_to_document"),
        shows=lambda scene: scene.trade.objections.filter(kind="document", answered_at=None).count() == 1,
        twice="",
    ),
    Sample(
        name="answer_document_objection",
        stage=PUBLISHED,
        by=TENDERERS,
        before=objects("object_to_document", "supplier"),
        inputs=signs("answer", "answer_document_objection", number=1),
        shows=lambda scene: scene.trade.objections.filter(kind="document", answered_at=scene.at).exists(),
        twice="objection.not_open",
    ),
    Sample(
        name="record_guarantee",
        stage=PUBLISHED,
        by=("supplier", "bidder"),
        inputs=_guarantee,
        shows=lambda scene: scene.trade.guarantees.count() == 1,
        twice="bid.same_file",
        sealed=True,
    ),
    Sample(
        name="submit_bid",
        stage=PUBLISHED,
        by=("supplier", "bidder"),
        inputs=_sealed_bid,
        shows=lambda scene: scene.trade.bids.filter(number=1, submitted_at=scene.at).count() == 1,
        twice="bid.already_submitted",
        sealed=True,
    ),
    Sample(
        name="replace_bid",
        stage=Stage.BIDDING,
        by=("bidder",),
        inputs=_sealed_bid,
        shows=lambda scene: scene.trade.bids.filter(number=2, replaces__number=1).count() == 1,
        twice="bid.same_file",
        sealed=True,
    ),
    Sample(
        name="withdraw_bid",
        stage=Stage.BIDDING,
        by=("bidder",),
        shows=lambda scene: scene.trade.bids.filter(withdrawal__isnull=False).count() == 1,
        twice="access.denied",
        sealed=True,
    ),
    Sample(
        name="sign_in_to_opening",
        stage=Stage.BIDDING,
        at=DEADLINE - timedelta(minutes=30),
        by=("bidder",),
        shows=lambda scene: scene.trade.sign_ins.filter(at=scene.at).count() == 1,
        twice="sign_in.twice",
        sealed=True,
    ),
    Sample(name="close_bidding", stage=Stage.BIDDING, at=AFTER_DEADLINE, by=("clock",), after=Stage.CLOSED),
    Sample(name="announce_bidders", stage=Stage.CLOSED, by=HOSTS, after=Stage.LISTED),
    Sample(
        name="open_draw",
        stage=Stage.LISTED,
        by=("centre",),
        shows=recorded("open_draw"),
        twice="draw.no_parameter",
    ),
    Sample(
        name="commit_to_draw",
        stage=Stage.LISTED,
        by=PARTIES,
        before=lambda scene, _: scene.do("open_draw", "centre"),
        inputs=lambda scene, by: {"commitment": scene.commitment(by, NONCES[by])},
        shows=lambda scene: scene.current_draw().commitments.count() == 1,
        twice="draw.committed",
    ),
    Sample(
        name="reveal_for_draw",
        stage=Stage.LISTED,
        by=PARTIES,
        before=_centre_revealed,
        inputs=lambda _, by: {"nonce": NONCES[by]},
        # The one before is the centre's, where it is not the centre itself that reveals.
        shows=lambda scene: (
            Entry.objects.filter(stream=scene.stream).latest("pk").act == "reveal_for_draw"
            and scene.current_draw().commitments.exclude(nonce="").count() in {1, 2}
        ),
        twice="draw.revealed",
    ),
    Sample(
        name="complete_draw",
        stage=Stage.LISTED,
        by=("centre",),
        before=_all_revealed,
        shows=lambda scene: scene.current_draw().seed,
        twice="draw.completed",
    ),
    Sample(
        name="start_decryption",
        stage=Stage.LISTED,
        by=HOSTS,
        before=lambda scene, _: scene.draw(),
        after=Stage.DECRYPTING,
        shows=lambda scene: scene.trade.decryption_until == scene.at + timedelta(minutes=30),
    ),
    Sample(
        name="open_bid",
        stage=Stage.DECRYPTING,
        by=("bidder",),
        inputs=_opened,
        shows=lambda scene: (
            scene.trade.bids.filter(opened__outcome="opened", opened__at=scene.at).count() == 1
            and scene.trade.guarantees.filter(opened__problems=[]).count() == 1
        ),
        twice="decryption.settled",
    ),
    Sample(
        name="record_decryption_failure",
        stage=Stage.DECRYPTING,
        by=HOSTS,
        inputs=lambda scene, _: {
            "bidder": scene.actor("bidder").organisation,
            "bidders_fault": True,
            "reason": "投标人丢失私钥",
        },
        shows=lambda scene: scene.trade.bids.filter(opened__outcome="revoked").count() == 1,
        twice="decryption.settled",
    ),
    Sample(
        name="extend_decryption",
        stage=Stage.DECRYPTING,
        by=HOSTS,
        inputs=lambda *_: {"minutes": 15, "reason": "平台网络故障"},
        shows=lambda scene: scene.trade.decryption_until == scene.at + timedelta(minutes=45),
        twice="",
    ),
    Sample(
        name="end_decryption",
        stage=Stage.DECRYPTING,
        at=beijing("03-23", "09:41"),
        by=(*HOSTS, "clock"),
        after=Stage.DECRYPTED,
        shows=lambda scene: scene.trade.bids.filter(opened__outcome="revoked").count() == 3,
    ),
    Sample(name="announce_bids", stage=Stage.DECRYPTED, by=HOSTS, after=Stage.ANNOUNCED),
    Sample(
        name="object_at_opening",
        stage=Stage.ANNOUNCED,
        by=("bidder",),
        inputs=objection,
        shows=lambda scene: scene.trade.objections.filter(kind="opening").count() == 1,
        twice="",
    ),
    Sample(
        name="answer_opening_objection",
        stage=Stage.ANNOUNCED,
        by=TENDERERS,
        before=objects("object_at_opening", "bidder"),
        inputs=signs("answer", "answer_opening_objection", number=1),
        shows=lambda scene: scene.trade.objections.filter(kind="opening", answered_at=scene.at).exists(),
        twice="objection.not_open",
    ),
    Sample(
        name="sign_opening_record",
        stage=Stage.ANNOUNCED,
        at=beijing("03-23", "09:31"),
        by=TENDERERS,
        inputs=paper_for("sign_opening_record"),
        after=Stage.OPENED,
    ),
)
