"""解密救援: declared, asked for, shares released, opened and verified; and everything that must not work."""

import json
from datetime import timedelta

import pytest

from support.archives import copy_of, forge, problems_found_by_both, small_archive
from support.rescue import TRUSTEES, ask, give, released, rescue, rescue_terms, sealed_with, share
from support.rows import code_of, refused
from support.scenes import Scene, beijing, notice
from support.stages import MOMENTS, PUBLISHED, RESCUE, trade_at, walk
from yangguang.demo.people import publish_revocations
from yangguang.proof.bid_rescue import RescuePlan
from yangguang.proof.canonical import canonical
from yangguang.rules.refusal import Refused
from yangguang.trading.acts.rescue import receive_share
from yangguang.trading.acts.unlocking import unlock_rescued
from yangguang.trading.models import OpenedBid
from yangguang.trading.papers import opening_record, tender_document
from yangguang.trading.readings import terms_of
from yangguang.trading.stages import Stage
from yangguang.trading.terms import parse_terms
from yangguang.trading.verification import verify_trade
from yangguang.witness.models import SecurityEvent

pytestmark = pytest.mark.django_db
COMMITTED = pytest.mark.django_db(transaction=True)  # the archive of a test run is made once, outside of a transaction

WINDOW_ENDS = beijing("03-23", "09:40")


def rescued(scene: Scene, by: str = "bidder", of: str = "bidder"):
    """What the released shares open."""
    bidder = scene.actor(of).organisation
    return unlock_rescued(scene.trade, actor=scene.actor(by), at=scene.at, bidder=bidder)


def opened_with_shares(scene: Scene, *kinds: str, by: str = "bidder"):
    ask(scene)
    give(scene, *kinds)
    return scene.do("open_bid", by, unlocked=rescued(scene, by))


def spoiled(scene: Scene, by: str):
    """A share of the right form whose values are wrong, signed by its trustee."""
    value = json.loads(released(scene, by))["signed"]
    for given in value["shares"].values():
        for part, one in given.items():
            given[part] = one[:-2] + ("00" if one[-2:] != "00" else "01")
    return scene.signed(by, "release_rescue_share", name="解密份额", content=canonical(value))


@pytest.mark.parametrize("pair", [("centre", "tenderer"), ("tenderer", "supervisor"), ("centre", "supervisor")])
def test_any_two_of_the_trustees_open_the_bid_and_its_bond(pair):
    scene = trade_at(RESCUE)
    opened_with_shares(scene, *pair)
    row = OpenedBid.objects.get()
    names = sorted(TRUSTEES[kind] for kind in pair)
    assert (row.outcome, str(row.price)) == ("opened", "9500000.00")
    assert row.rescue == {"by": names, "wrong": []}
    assert scene.data("open_bid")["rescue"] == row.rescue
    assert scene.data("open_bid")["guarantee"]["problems"] == []
    assert verify_trade(scene.trade) == []


def test_a_bid_that_its_bidder_opens_says_nothing_of_a_rescue():
    scene = trade_at(RESCUE)
    scene.do("open_bid", "bidder", unlocked=scene.unlocked("bidder"))
    assert OpenedBid.objects.get().rescue is None
    assert "rescue" not in scene.data("open_bid")


@pytest.mark.parametrize("host", ["centre", "agency", "tenderer"])
def test_whoever_runs_the_opening_may_record_a_rescue(host):
    scene = trade_at(RESCUE)
    opened_with_shares(scene, "centre", "supervisor", by=host)
    assert OpenedBid.objects.get().outcome == "opened"


def test_a_host_cannot_record_what_the_bidders_own_keys_opened():
    scene = trade_at(RESCUE)
    unlocked = scene.unlocked("bidder")
    with refused("decryption.not_yours"):
        scene.do("open_bid", "centre", unlocked=unlocked)


@pytest.mark.parametrize("by", ["bidder2", "supervisor", "supplier"])
def test_nobody_else_opens_a_rescued_bid(by):
    scene = trade_at(RESCUE)
    ask(scene)
    give(scene, "centre", "supervisor")
    assert code_of(lambda: rescued(scene, by)) == "access.denied"
    unlocked = rescued(scene)
    code = "decryption.not_yours" if by == "bidder2" else "access.denied"
    with refused(code):
        scene.do("open_bid", by, unlocked=unlocked)


def test_too_few_shares_open_nothing_and_the_attempt_is_noted():
    scene = trade_at(RESCUE)
    ask(scene)
    assert code_of(lambda: rescued(scene)) == "bid.rescue.impossible"
    give(scene, "centre")
    assert code_of(lambda: rescued(scene)) == "bid.rescue.impossible"
    event = SecurityEvent.objects.latest("pk")
    assert (event.act, event.codes) == ("unlock", ["bid.rescue.impossible"])


def test_a_wrong_share_is_survived_and_named_once_enough_right_ones_are_there():
    scene = trade_at(RESCUE)
    ask(scene)
    scene.do("release_rescue_share", "supervisor", share=spoiled(scene, "supervisor"))
    give(scene, "centre")
    assert code_of(lambda: rescued(scene)) == "bid.rescue.impossible"
    give(scene, "tenderer")
    scene.do("open_bid", "bidder", unlocked=rescued(scene))
    told = {"by": ["示例交易中心", "示例招标人"], "wrong": ["示例监督部门"]}
    assert OpenedBid.objects.get().rescue == told
    assert "份额有误：示例监督部门" in opening_record(scene.trade).decode()


def test_without_a_request_no_share_is_taken():
    scene = trade_at(RESCUE)
    one = share(scene, "centre")
    with refused("rescue.not_requested", article="第三十一条"):
        scene.do("release_rescue_share", "centre", share=one)


def test_without_a_request_an_unopened_bid_is_revoked():
    scene = trade_at(RESCUE, at=WINDOW_ENDS + timedelta(seconds=1))
    scene.do("end_decryption", "agency")
    assert set(OpenedBid.objects.values_list("outcome", flat=True)) == {"revoked"}


def test_a_rescue_that_was_asked_for_and_did_not_come_is_revoked_too():
    scene = trade_at(RESCUE)
    ask(scene)
    give(scene, "centre")
    scene.at = WINDOW_ENDS + timedelta(seconds=1)
    scene.do("end_decryption", "agency")
    assert OpenedBid.objects.get(bid__rescue_request__isnull=False).outcome == "revoked"


def test_while_a_rescue_runs_the_bidder_is_not_found_at_fault():
    scene = trade_at(RESCUE)
    ask(scene)
    failure = {"bidder": scene.actor("bidder").organisation, "reason": "投标人丢失私钥"}
    with refused("rescue.running", article="第三十一条"):
        scene.do("record_decryption_failure", "agency", bidders_fault=True, **failure)
    scene.at = WINDOW_ENDS + timedelta(seconds=1)
    scene.do("record_decryption_failure", "agency", bidders_fault=True, **failure)


def test_while_a_rescue_runs_a_failure_of_the_platform_can_be_recorded():
    scene = trade_at(RESCUE)
    ask(scene)
    failure = {"bidder": scene.actor("bidder").organisation, "reason": "平台故障"}
    scene.do("record_decryption_failure", "agency", bidders_fault=False, **failure)
    assert OpenedBid.objects.get().outcome == "returned"


def test_where_no_rescue_is_declared_none_can_be_asked_for():
    scene = trade_at(Stage.DECRYPTING)
    with refused("rescue.not_declared", article="第三十一条"):
        ask(scene)


@pytest.mark.parametrize(("reason", "code"), [("  ", "rescue.reason_missing"), ("长" * 201, "reason.long")])
def test_a_request_gives_a_reason(reason, code):
    scene = trade_at(RESCUE)
    with refused(code):
        scene.do("request_rescue", "bidder", reason=reason)


def test_after_the_window_nothing_is_asked_for_released_or_opened():
    scene = trade_at(RESCUE, at=WINDOW_ENDS)
    ask(scene)
    give(scene, "centre", "tenderer")
    unlocked, one = rescued(scene), share(scene, "supervisor")
    scene.at = WINDOW_ENDS + timedelta(microseconds=1)
    with refused("decryption.over"):
        ask(scene, "bidder2")
    with refused("decryption.over"):
        scene.do("release_rescue_share", "supervisor", share=one)
    with refused("decryption.over"):
        scene.do("open_bid", "bidder", unlocked=unlocked)


def test_what_is_settled_is_neither_asked_for_nor_released_nor_opened_again():
    scene = trade_at(RESCUE)
    opened_with_shares(scene, "centre", "tenderer")
    one, unlocked = share(scene, "supervisor"), rescued(scene)
    with refused("decryption.settled"):
        scene.do("release_rescue_share", "supervisor", share=one)
    with refused("decryption.settled"):
        scene.do("open_bid", "bidder", unlocked=unlocked)
    scene.do("open_bid", "bidder2", unlocked=scene.unlocked("bidder2"))
    with refused("decryption.settled"):
        ask(scene, "bidder2")


def test_a_share_is_released_by_the_trustee_it_belongs_to():
    scene = trade_at(RESCUE)
    ask(scene)
    carried = share(scene, "centre", signs="tenderer")
    with refused("rescue.not_yours"):
        scene.do("release_rescue_share", "tenderer", share=carried)
    with refused("certificate.binding.different"):
        scene.do("release_rescue_share", "centre", share=carried)


@pytest.mark.parametrize("by", ["agency", "bidder", "bidder2", "supplier", "clock", "stranger"])
def test_a_stranger_releases_nothing(by):
    scene = trade_at(RESCUE)
    ask(scene)
    one = share(scene, "centre")
    with refused("access.denied"):
        scene.do("release_rescue_share", by, share=one)


def test_shares_of_another_bid_or_without_the_bond_are_refused():
    scene = trade_at(RESCUE)
    ask(scene)
    others, half = share(scene, "centre", of="bidder2"), share(scene, "centre", bond=False)
    with refused("rescue.not_requested"):
        scene.do("release_rescue_share", "centre", share=others)
    with refused("bid.share.other_bid"):
        scene.do("release_rescue_share", "centre", share=half)


def test_a_file_that_is_no_release_is_refused():
    scene = trade_at(RESCUE)
    ask(scene)
    for content in (b"{}", b"x" * 70_000):
        paper = scene.signed("centre", "release_rescue_share", name="解密份额", content=content)
        with refused("bid.share.malformed"):
            scene.do("release_rescue_share", "centre", share=paper)
    assert code_of(lambda: receive_share(b"{}")) == "bid.share.malformed"


def test_a_bid_must_carry_exactly_the_declared_rescue():
    scene = published_with_rescue()
    plan = terms_of(scene.trade).rescue
    other = RescuePlan(threshold=3, trustees=plan.trustees)
    for wrong in (None, other):
        received = scene.received("bidder", sealed_with(scene, "bidder", wrong))
        with refused("bid.rescue.differs", article="第三十一条"):
            scene.do("submit_bid", "bidder", received=received)
    scene.bid("bidder")
    received = scene.received("bidder", sealed_with(scene, "bidder", other))
    with refused("bid.rescue.differs"):
        scene.do("replace_bid", "bidder", received=received)
    received = scene.received("bidder", sealed_with(scene, "bidder", None, part="guarantee"))
    with refused("bid.rescue.differs"):
        scene.do("record_guarantee", "bidder", received=received)


def test_without_a_declaration_a_bid_with_a_rescue_is_refused():
    scene = trade_at(PUBLISHED)
    plan = parse_terms(json.loads(rescue_terms(scene))).rescue
    received = scene.received("bidder", sealed_with(scene, "bidder", plan))
    with refused("bid.rescue.differs"):
        scene.do("submit_bid", "bidder", received=received)


def test_a_trustee_does_not_bid():
    scene = trade_at(Stage.REVIEWED)
    notary = scene.cast.registry.renewed(scene.who("supplier"))
    listed = [
        *rescue(scene)["trustees"],
        {"name": "示例公证处", "certificate": notary.encryption.certificate.pem.decode()},
    ]
    publish(scene, rescue_terms(scene, trustees=listed))
    scene.at = MOMENTS[Stage.BIDDING]
    received = scene.received("supplier", scene.sealed("supplier"))
    with refused("bid.trustee"):
        scene.do("submit_bid", "supplier", received=received)
    scene.bid("bidder")


def published_with_rescue(**changed) -> Scene:
    scene = trade_at(Stage.REVIEWED)
    publish(scene, rescue_terms(scene, **changed))
    scene.at = MOMENTS[Stage.BIDDING]
    return scene


def publish(scene: Scene, agreed: bytes) -> None:
    scene.at = MOMENTS[PUBLISHED]
    paper = scene.terms("agency", "publish_notice", content=agreed)
    scene.do("publish_notice", "agency", **notice(scene, terms=paper))


def test_a_document_changed_after_the_bid_leaves_the_bid_without_a_rescue():
    scene = published_with_rescue()
    for bidder in ("bidder1", "bidder2", "bidder3"):
        scene.bid(bidder)
    change = {
        "change": scene.signed("agency", "change_document"),
        "terms": scene.terms("agency", "change_document", version=2, content=rescue_terms(scene, threshold=3)),
        "affects_bids": True,
        "deadline": beijing("04-10"),
    }
    scene.do("change_document", "agency", **change)
    scene.at = beijing("04-10", "09:01")
    scene.do("close_bidding", "clock")
    scene.do("announce_bidders", "agency")
    scene.draw()
    scene.do("start_decryption", "agency")
    with refused("bid.rescue.differs"):
        ask(scene, "bidder1")


def test_certificates_of_trustees_are_checked_when_the_terms_are_published():
    scene = trade_at(Stage.REVIEWED)
    declared = rescue(scene)
    lost = scene.cast.registry.renewed(scene.who("centre")).encryption.certificate
    declared["trustees"][0]["certificate"] = lost.pem.decode()
    authority = scene.cast.registry.authorities["rsa"]
    authority.revoke(lost.serial_number, at=beijing("03-02", "20:00"))
    publish_revocations(authority, at=beijing("03-02", "21:00"))
    with pytest.raises(Refused) as caught:
        publish(scene, rescue_terms(scene, **declared))
    (refusal,) = caught.value.refusals
    assert refusal.code.startswith("certificate.")
    assert "解密救援受托人“示例交易中心”" in refusal.reason


@pytest.mark.parametrize(
    "changed",
    [
        {"threshold": 1},
        {"threshold": 4},
        {"threshold": "2"},
        {"trustees": None},
        {"trustees": []},
        {"trustees": ["x"]},
        {"trustees": [{"name": "甲"}]},
        {"trustees": [{"name": "甲", "certificate": "x"}]},
        {"trustees": [{"name": "甲", "certificate": "证"}]},
    ],
)
def test_a_bad_declaration_is_refused_with_its_field(changed):
    scene = trade_at(Stage.REVIEWED)
    with pytest.raises(Refused) as caught:
        parse_terms(json.loads(rescue_terms(scene, **changed)))
    (refusal,) = caught.value.refusals
    assert refusal.code.removeprefix("terms.") in {"rescue", "threshold", "terms", "certificate"}
    assert refusal.reason


def test_trustees_are_different_organisations_that_something_can_be_sealed_to():
    scene = trade_at(Stage.REVIEWED)
    first, second, third = rescue(scene)["trustees"]
    signing = scene.who("tenderer").signing.certificate.pem.decode()
    personal = scene.cast.representative.signing.certificate.pem.decode()
    bad = [
        [first, {**second, "name": first["name"]}],
        [first, {**first, "name": "别名"}],
        [first, {**second, "certificate": signing}],
        [first, {**second, "certificate": personal}],
        [first, second, {**third, "name": "长" * 201}],
    ]
    for trustees in bad:
        with pytest.raises(Refused) as caught:
            parse_terms(json.loads(rescue_terms(scene, trustees=trustees)))
        assert caught.value.codes == ("terms.rescue",)


def test_the_tender_document_says_honestly_who_can_open_a_bid():
    scene = trade_at(RESCUE)
    trade, agreed = scene.trade, json.loads(rescue_terms(scene))
    with_rescue = tender_document(trade, terms=agreed, deadline=trade.bid_deadline).decode()
    assert "示例交易中心" in with_rescue
    assert "任意 2 方一起即可解密" in with_rescue
    del agreed["rescue"]
    without = tender_document(trade, terms=agreed, deadline=trade.bid_deadline).decode()
    assert "除投标人自己外，任何人（包括交易中心）都不能解密" in without
    assert "任意 2 方" not in without


def whole_way(scene: Scene) -> None:
    """Rescued with a wrong share, the others opened by their bidders, and on to the archive."""
    ask(scene)
    scene.do("release_rescue_share", "supervisor", share=spoiled(scene, "supervisor"))
    give(scene, "centre", "tenderer")
    scene.do("open_bid", "agency", unlocked=rescued(scene, "agency"))
    for bidder in ("bidder2", "bidder3"):
        scene.do("open_bid", bidder, unlocked=scene.unlocked(bidder))
    scene.do("end_decryption", "agency")
    walk(scene, Stage.DECRYPTED, Stage.ARCHIVED)


@COMMITTED
def test_a_rescued_trade_ends_in_an_archive_that_both_verifiers_accept():
    assert problems_found_by_both(small_archive(RESCUE, whole_way)) == ([], [])


def of(payloads, act):
    return [one for one in payloads if one["act"] == act]


def somebody_else_asked(payloads):
    of(payloads, "request_rescue")[0]["actor"]["organisation"] = of(payloads, "open_bid")[1]["actor"]["organisation"]


def most_shares_were_for_another_bid(payloads):
    other = of(payloads, "open_bid")[1]["data"]["bid"]
    for one in of(payloads, "release_rescue_share")[:2]:
        one["data"]["bid"] = other


def the_bidder_is_said_to_have_opened(payloads):
    del of(payloads, "open_bid")[0]["data"]["rescue"]


def the_wrong_share_is_hushed_up(payloads):
    of(payloads, "open_bid")[0]["data"]["rescue"]["wrong"] = []


def another_than_a_trustee_released(payloads):
    agency = of(payloads, "publish_notice")[0]["actor"]["organisation"]
    of(payloads, "release_rescue_share")[1]["actor"]["organisation"] = agency


@COMMITTED
@pytest.mark.parametrize(
    ("lie", "ours", "alone"),
    [
        (somebody_else_asked, "解密救援没有投标人的申请", "解密救援不成立"),
        (most_shares_were_for_another_bid, "解密救援不成立", "解密救援不成立"),
        (the_bidder_is_said_to_have_opened, "解密密钥文件不合格式", ""),
        (the_wrong_share_is_hushed_up, "受托人与提交的份额不符", ""),
        (another_than_a_trustee_released, "不是由招标文件载明的受托人提交的", "不属于签名人"),
    ],
)
def test_an_archive_that_lies_about_a_rescue_is_found_out(tmp_path, lie, ours, alone):
    archive = copy_of(small_archive(RESCUE, whole_way), tmp_path)
    forge(archive, entries=lie)
    found, found_alone = problems_found_by_both(archive)
    assert any(ours in one for one in found)
    assert not alone or any(alone in one for one in found_alone)
