"""Who may object and who gets the document: bidders, and whoever else has an interest; nobody learns who bids."""

import json
from datetime import timedelta

import pytest

from support.archives import AT, problems_found_by_both
from support.rows import code_of, refused
from support.scenes import beijing, short_terms
from support.stages import PUBLISHED, refund_all, trade_at, walk
from trading.act_samples import BY_NAME
from yangguang.trading.acts.documents import INTEREST
from yangguang.trading.archive import export_archive
from yangguang.trading.stages import Stage
from yangguang.witness.models import Entry, SealedEntry

pytestmark = pytest.mark.django_db(transaction=True)

SALE_IS_OVER = beijing("03-10", "00:00")  # the notice says until 9 March


def stated(scene, by, act, name=INTEREST):
    """What an objection of an interested party consists of."""
    return {
        "objection": scene.kept("异议：评分有误"),
        "interest": scene.signed(by, act, name=name, content="本单位是第二名投标人的设备制造商。".encode()),
    }


def names_of(entry):
    return [file["name"] for file in json.loads(entry.payload)["files"]]


def test_whoever_did_not_bid_objects_to_the_result_with_a_signed_interest():
    scene = trade_at(Stage.PUBLICITY)
    objection = scene.kept("异议：评分有误")
    with refused("objection.no_interest", article="第五十四条"):
        scene.do("object_to_result", "supplier", objection=objection)
    entry = scene.do("object_to_result", "supplier", **stated(scene, "supplier", "object_to_result"))
    assert names_of(entry) == ["异议", INTEREST, f"{INTEREST}.sig"]
    raised = scene.trade.objections.get()
    assert (raised.kind, raised.interest is not None) == ("result", True)
    scene.at = beijing("03-31")
    with refused("objection.unanswered", article="第五十四条"):
        scene.do("award", "tenderer", bidder=scene.actor("bidder").organisation)
    name = "answer_result_objection"
    scene.do(name, "agency", number=1, answer=scene.signed("agency", name))


def test_a_bidder_needs_no_statement_of_interest():
    scene = trade_at(Stage.PUBLICITY)
    entry = scene.do("object_to_result", "bidder3", objection=scene.kept("异议"))
    assert names_of(entry) == ["异议"]
    assert scene.trade.objections.get().interest is None


def test_the_interest_is_signed_by_the_objector_for_this_act():
    scene = trade_at(Stage.PUBLICITY)
    others = stated(scene, "bidder4", "object_to_result")
    with refused("certificate.binding.different", article="电子签名法"):
        scene.do("object_to_result", "supplier", **others)
    another = stated(scene, "supplier", "object_to_document")
    with refused("signature.wrong", article="电子签名法"):
        scene.do("object_to_result", "supplier", **another)


def test_no_party_inside_the_trade_is_interested_in_its_result():
    scene = trade_at(Stage.PUBLICITY)
    given = {by: stated(scene, by, "object_to_result") for by in ("tenderer", "agency", "centre", "supervisor")}
    answers = {code_of(lambda by=by: scene.do("object_to_result", by, **given[by])) for by in given}
    assert answers == {"access.denied"}


def test_an_objection_to_the_document_with_an_interest_names_nobody():
    scene = trade_at(PUBLISHED)
    entry = scene.do("object_to_document", "supplier", **stated(scene, "supplier", "object_to_document"))
    assert names_of(entry) == ["异议", INTEREST, f"{INTEREST}.sig"]
    assert set(json.loads(entry.payload)["actor"]) == {"party"}
    assert scene.actor("supplier").organisation not in entry.payload


def test_bidders_and_others_object_to_the_document_alike():
    """From the entry nobody can tell whether the objector is going to bid."""
    scene = trade_at(PUBLISHED)
    scene.do("download_document", "bidder1")
    shapes = []
    for by in ("bidder1", "supplier"):
        entry = scene.do("object_to_document", by, objection=scene.kept(f"异议：{by}"))
        payload = json.loads(entry.payload)
        shapes.append((set(payload["actor"]), set(payload["data"]), names_of(entry)))
    assert shapes[0] == shapes[1]


@pytest.mark.parametrize("by", ["bidder1", "supplier"])
def test_a_stated_interest_stays_out_of_the_archive_because_its_signature_names_the_objector(by, tmp_path):
    scene = trade_at(PUBLISHED)
    entry = scene.do("object_to_document", by, **stated(scene, by, "object_to_document"))
    name = "answer_document_objection"
    scene.do(name, "agency", number=1, answer=scene.signed("agency", name))
    walk(scene, PUBLISHED, Stage.ALL_REJECTED)
    refund_all(scene)
    scene.do("archive_trade", "centre")
    made = export_archive(trade=scene.trade, destination=tmp_path / "archive", at=AT)
    withheld = {one["sha256"] for one in json.loads((made / "data/log/opened.json").read_bytes())["withheld"]}
    text, interest, signature = (file["sha256"] for file in json.loads(entry.payload)["files"])
    assert {interest, signature} <= withheld
    assert (text in withheld) == (by == "supplier")  # who was listed at the opening has nothing to hide any more
    assert problems_found_by_both(made) == ([], [])


def test_after_the_sale_the_document_is_had_no_more():
    scene = trade_at(PUBLISHED, at=SALE_IS_OVER - timedelta(microseconds=1))
    scene.do("download_document", "supplier")
    scene.at = SALE_IS_OVER
    with refused("tender.document_sale.over", article="招标投标法实施条例第十六条"):
        scene.do("download_document", "bidder4")
    assert SealedEntry.objects.count() == 1


def test_whoever_has_the_document_gets_its_later_versions_too():
    scene = trade_at(PUBLISHED)
    for bidder in ("bidder1", "bidder2"):
        scene.do("download_document", bidder)
    scene.at = beijing("03-06")
    scene.do("change_document", "agency", **BY_NAME["change_document"].inputs(scene, "agency"))
    assert short_terms()
    scene.at = beijing("03-20")
    versions = [
        json.loads(scene.do("download_document", one).payload)["data"]["version"] for one in ("bidder1", "bidder2")
    ]
    assert versions == [2, 2]
    with refused("tender.document_sale.over", article="第十六条"):
        scene.do("download_document", "bidder3")


def test_nothing_public_tells_a_refused_download_from_a_granted_one():
    scene = trade_at(PUBLISHED)
    scene.do("download_document", "bidder1")
    entries, head = Entry.objects.count(), scene.trade.head
    scene.at = SALE_IS_OVER
    scene.do("download_document", "bidder1")
    assert code_of(lambda: scene.do("download_document", "bidder2")) == "tender.document_sale.over"
    assert (Entry.objects.count(), scene.trade.head) == (entries, head)
