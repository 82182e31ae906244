"""Signatures and sealed files: broken, of somebody else, for something else, revoked, expired, from an unknown CA."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from support.rows import refused, unchanged
from support.scenes import ACT, START, contract
from support.stages import trade_at
from trading.act_samples import BY_NAME, SAMPLES
from yangguang.demo.people import KeyPair, publish_revocations
from yangguang.parties.models import Organisation, RevocationListIssue
from yangguang.parties.signing import SignedFile, sign_file
from yangguang.proof.broken import BrokenBid
from yangguang.proof.democa import DemoAuthority
from yangguang.rules.refusal import Refused
from yangguang.trading.stages import Stage
from yangguang.witness.models import SecurityEvent

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def again(scene, file, *, act, by, pair=None, stream=None):
    """The file signed again: by others, with another certificate, for another act or trade."""
    pair = pair or scene.who(by).signing
    return sign_file(
        name=file.name,
        evidence=file.evidence,
        act=act,
        stream=stream or scene.stream,
        key=pair.key,
        certificate=pair.certificate,
    )


def pair_with(scene, by, *, not_before, not_after, authority=None):
    """The key of a party with another certificate of its own authority."""
    party = scene.who(by)
    organisation = Organisation.objects.filter(code=party.actor.organisation).first()
    issuer = authority or scene.cast.registry.authorities[party.signing.key.algorithm]
    certificate = issuer.issue(
        organisation_name=organisation.name if organisation else "",
        organisation_code=organisation.code if organisation else "",
        common_name="演示",
        key=party.signing.key.public,
        usage="sign",
        not_before=not_before,
        not_after=not_after,
    )
    return KeyPair(key=party.signing.key, certificate=certificate)


def tampered(scene, file, act, by):
    value = bytes([file.signature.value[0], file.signature.value[1] ^ 1, *file.signature.value[2:]])
    return replace(file, signature=replace(file.signature, value=value))


def for_another_act(scene, file, act, by):
    return again(scene, file, act="suspend" if act != "suspend" else "resume", by=by)


def for_another_trade(scene, file, act, by):
    return again(scene, file, act=act, by=by, stream=f"{scene.stream}-2")


def by_somebody_else(scene, file, act, by):
    other = "seat3" if by in {"seat2", "chair"} else "bidder4" if by == "supplier" else "supplier"
    return again(scene, file, act=act, by=other)


def expired(scene, file, act, by):
    pair = pair_with(scene, by, not_before=scene.at - 9 * DAY, not_after=scene.at - timedelta(seconds=1))
    return again(scene, file, act=act, by=by, pair=pair)


def not_yet_valid(scene, file, act, by):
    pair = pair_with(scene, by, not_before=scene.at + timedelta(seconds=1), not_after=scene.at + DAY)
    return again(scene, file, act=act, by=by, pair=pair)


def revoked(scene, file, act, by):
    pair = pair_with(scene, by, not_before=scene.at - DAY, not_after=scene.at + DAY)
    authority = scene.cast.registry.authorities[pair.key.algorithm]
    authority.revoke(pair.certificate.serial_number, scene.at - timedelta(hours=1))
    # Two lists of one moment cannot be: each comes a second after the one before.
    later = timedelta(seconds=RevocationListIssue.objects.count())
    publish_revocations(authority, at=scene.at - timedelta(minutes=1) + later)
    return again(scene, file, act=act, by=by, pair=pair)


def of_an_unknown_authority(scene, file, act, by):
    stranger = DemoAuthority.create(name="示例无名认证中心", algorithm="ecdsa", at=scene.at - DAY)
    pair = pair_with(scene, by, not_before=scene.at - DAY, not_after=scene.at + DAY, authority=stranger)
    return again(scene, file, act=act, by=by, pair=pair)


BROKEN = {
    tampered: "signature.wrong",
    for_another_act: "signature.wrong",
    for_another_trade: "signature.wrong",
    by_somebody_else: "certificate.binding.different",
    expired: "certificate.validity.expired",
    not_yet_valid: "certificate.validity.not_yet",
    revoked: "certificate.revocation.revoked",
    of_an_unknown_authority: "certificate.chain.unknown_issuer",
}
# Every act with a signature, by everyone who may sign for it.
SIGNED = [
    (name, "tenderer" if "tenderer" in BY_NAME[name].by else BY_NAME[name].by[0])
    for name in (
        "record_fair_competition_review",
        "publish_notice",
        "change_document",
        "object_to_document",
        "answer_document_objection",
        "release_rescue_share",
        "answer_opening_objection",
        "sign_opening_record",
        "answer_clarification",
        "sign_report",
        "dissent_from_report",
        "publish_candidates",
        "object_to_result",
        "answer_result_objection",
        "record_drop_out",
        "issue_award_notice",
        "sign_contract",
        "forfeit_guarantee",
        "submit_written_report",
        "issue_letter",
        "reply_to_letter",
        "suspend",
        "resume",
        "terminate",
    )
]


def prepared(name, by):
    scene = BY_NAME[name].scene(by)
    return scene, BY_NAME[name].inputs(scene, by)


def signed_fields(inputs):
    return [field for field, value in inputs.items() if isinstance(value, SignedFile)]


def test_every_act_with_a_signature_is_tried_here():
    assert {name for name, _ in SIGNED} == {
        sample.name for sample in SAMPLES if "SignedFile" in str(_annotations(sample.name))
    }


def _annotations(name):
    return ACT[name].__wrapped__.__annotations__.values()


@pytest.mark.parametrize(("name", "by"), SIGNED)
@pytest.mark.parametrize("broken", [tampered, for_another_act, by_somebody_else], ids=lambda one: one.__name__)
def test_a_signature_that_is_not_the_actors_for_this_act_is_refused(name, by, broken):
    scene, inputs = prepared(name, by)
    code = "signature.not_yours" if broken is by_somebody_else and by == "seat2" else BROKEN[broken]
    for field in signed_fields(inputs):
        signer = "bidder" if field == "countersigned" else by
        bad = broken(scene, inputs[field], name, signer)
        with refused(code):
            scene.do(name, by, **{**inputs, field: bad})
    scene.do(name, by, **inputs)


@pytest.mark.parametrize("broken", BROKEN, ids=lambda one: one.__name__)
@pytest.mark.parametrize(("name", "by"), [("publish_notice", "agency"), ("suspend", "supervisor")])
def test_each_fault_of_a_certificate_is_refused_by_its_name(name, by, broken):
    scene, inputs = prepared(name, by)
    for field in signed_fields(inputs):
        bad = broken(scene, inputs[field], name, by)
        with refused(BROKEN[broken]):
            scene.do(name, by, **{**inputs, field: bad})


def test_a_members_revoked_certificate_does_not_sign_the_report():
    scene, inputs = prepared("sign_report", "seat2")
    member = scene.who("seat2")
    authority = scene.cast.registry.authorities["sm2"]
    authority.revoke(member.signing.certificate.serial_number, scene.at - timedelta(hours=1))
    try:
        publish_revocations(authority, at=scene.at - timedelta(minutes=1))
        with refused("certificate.revocation.revoked"):
            scene.do("sign_report", "seat2", **inputs)
    finally:
        authority._revoked.clear()  # noqa: SLF001 - the authority outlives the test


def test_all_faults_of_several_signatures_are_told_together():
    scene, inputs = prepared("issue_award_notice", "tenderer")
    bad = {field: tampered(scene, file, "issue_award_notice", "tenderer") for field, file in inputs.items()}
    with refused("signature.wrong", "signature.wrong"):
        scene.do("issue_award_notice", "tenderer", **bad)


def test_an_encryption_certificate_signs_nothing():
    scene, inputs = prepared("answer_clarification", "bidder")
    pair = scene.who("bidder").encryption
    bad = again(scene, inputs["answer"], act="answer_clarification", by="bidder", pair=pair)
    with refused("certificate.usage.sign"):
        scene.do("answer_clarification", "bidder", **{**inputs, "answer": bad})


def test_a_bid_made_by_another_bidder_is_refused():
    scene = trade_at(Stage.BIDDING)
    received = scene.received("bidder4", scene.sealed("bidder4"))
    for act, by in (("submit_bid", "bidder5"), ("replace_bid", "bidder1"), ("record_guarantee", "bidder5")):
        code = "bid.wrong_parts" if act == "record_guarantee" else "bid.not_yours"
        with refused(code, article="电子招标投标办法"):
            scene.do(act, by, received=received)


def test_a_bid_whose_certificate_was_revoked_is_refused_on_arrival():
    scene = trade_at(Stage.BIDDING)
    file, certificate = scene.sealed("bidder4"), scene.who("bidder4").signing.certificate
    authority = scene.cast.registry.authorities[certificate.algorithm]
    authority.revoke(certificate.serial_number, scene.at - timedelta(hours=1))
    try:
        publish_revocations(authority, at=scene.at - timedelta(minutes=1))
        with pytest.raises(Refused) as caught:
            scene.received("bidder4", file)
    finally:
        authority._revoked.clear()  # noqa: SLF001 - the authority outlives the test
    assert caught.value.codes == ("certificate.revocation.revoked",)


def test_a_list_that_is_out_of_date_lets_nobody_sign():
    """The lists of the demonstration last half a year."""
    scene = trade_at(Stage.REGISTERED, at=START + timedelta(days=181))
    review = scene.signed("agency", "record_fair_competition_review")
    with refused("certificate.revocation.stale"):
        scene.do("record_fair_competition_review", "agency", review=review, passed=True)


def cut_short(path):
    path.write_bytes(path.read_bytes()[:-1500])


def flipped(path):
    content = bytearray(path.read_bytes())
    content[3000] ^= 1
    path.write_bytes(content)


def plain(path):
    path.write_bytes(b"%PDF-1.7 " + b"plain " * 200)


def empty(path):
    path.write_bytes(b"")


@pytest.mark.parametrize(
    ("harm", "code"),
    [
        (cut_short, "bid.file.truncated"),
        (flipped, "bid.file.tampered"),
        (plain, "bid.unencrypted"),
        (empty, "bid.file.truncated"),
    ],
)
def test_a_harmed_file_is_refused_on_arrival_and_noted(harm, code):
    scene = trade_at(Stage.BIDDING)
    file = scene.sealed("bidder4")
    harm(file)
    with pytest.raises(Refused) as caught:
        scene.received("bidder4", file)
    assert caught.value.codes == (code,)
    event = SecurityEvent.objects.latest("pk")
    assert (event.act, event.codes, event.organisation) == ("receive", [code], scene.who("bidder4").code)
    assert (scene.trade.bids.count(), scene.trade.sealed_entries) == (3, 6)


def test_a_bid_for_another_trade_or_lot_is_refused_on_arrival():
    scene = trade_at(Stage.BIDDING)
    for field, value, code in (("stream", "A01-X", "bid.tender.wrong"), ("lot_code", "E9", "bid.lot.wrong")):
        other = scene.trade
        setattr(other, field, value)
        file = scene.sealed("bidder4", trade=other)
        with pytest.raises(Refused) as caught:
            scene.received("bidder4", file)
        assert caught.value.codes == (code,)


def test_a_bidder_cannot_release_the_keys_of_anothers_bid():
    scene = trade_at(Stage.DECRYPTING)
    scene.files["bidder1"] = scene.files["bidder2"]
    with unchanged(), pytest.raises(BrokenBid, match="不能解密"):
        scene.unlocked("bidder1")


def test_what_one_bidder_unlocked_another_cannot_record():
    scene = trade_at(Stage.DECRYPTING)
    unlocked = scene.unlocked("bidder1")
    with refused("decryption.not_yours", article="第三十条"):
        scene.do("open_bid", "bidder2", unlocked=unlocked)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"price": "9500000.01"}, "contract.price"),
        ({"winner": "bidder2"}, "contract.party"),
    ],
)
def test_a_contract_at_another_price_or_with_another_party_is_refused(changed, code):
    scene = trade_at(Stage.NOTIFIED)
    inputs = contract(scene)
    given = {"price": Decimal(changed["price"])} if "price" in changed else {"winner": scene.actor(changed["winner"])}
    with refused(code, article="招标投标法第四十六条"):
        scene.do("sign_contract", "tenderer", **{**inputs, **given})
