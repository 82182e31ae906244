"""The bidder's page: what it shows its own organisation, and that nobody else gets anything else than before."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from support.browser import account_of
from support.stages import PUBLISHED, trade_at
from yangguang.proof.log_keys import read_verifier_key
from yangguang.trading.models import Bid, Guarantee
from yangguang.trading.stages import Stage
from yangguang.web.bidding.models import Trial
from yangguang.witness import evidence
from yangguang.witness.platform import platform
from yangguang.witness.receipts import check_receipt

pytestmark = pytest.mark.django_db(transaction=True)
TOKEN = re.compile(rb'csrfmiddlewaretoken" value="[^"]+"')
BACKEND = "yangguang.web.accounts.backends.AccountBackend"


def client_of(scene, kind):
    client = Client()
    client.force_login(account_of(scene.who(kind)), backend=BACKEND)
    return client


@pytest.fixture
def scene(time_machine):
    found = trade_at(PUBLISHED)
    time_machine.move_to(found.at, tick=False)
    return found


def page_of(scene, kind="bidder"):
    return client_of(scene, kind).get(f"/trades/{scene.stream}/bid/")


def test_a_bidder_finds_its_own_files_and_receipts(scene):
    scene.guarantee("bidder")
    scene.bid("bidder")
    scene.bid("bidder", act="replace_bid")
    page = page_of(scene).content.decode()
    for row in [*Bid.objects.all(), *Guarantee.objects.all()]:
        assert f"/bid/receipts/{row.entry.leaf_hash}" in page
        assert f"/bid/files/{row.evidence_id}" in page
    assert "已替换" in page


@pytest.mark.parametrize("kind", ["agency", "tenderer", "centre", "supervisor"])
def test_who_may_not_bid_gets_the_same_answer_whatever_happened(scene, kind):
    def answers():
        client = client_of(scene, kind)
        sha256, leaf = "00" * 32, "11" * 32
        if row := Bid.objects.first():
            sha256, leaf = row.evidence_id, row.entry.leaf_hash
        paths = ("", f"receipts/{leaf}", f"files/{sha256}", "document")
        return [client.get(f"/trades/{scene.stream}/bid/{path}").status_code for path in paths]

    before = answers()
    scene.bid("bidder")
    assert answers() == before == [403, 404, 404, 404]


def test_another_bidder_sees_what_it_saw_before_and_as_many_queries_are_asked(scene):
    def seen():
        client = client_of(scene, "bidder2")
        client.get(f"/trades/{scene.stream}/bid/")
        with CaptureQueriesContext(connection) as queries:
            body = client.get(f"/trades/{scene.stream}/bid/").content
        return TOKEN.sub(b"", body), len(queries)

    before = seen()
    for kind in ("bidder", "bidder3"):
        scene.do("download_document", kind)
        scene.guarantee(kind)
        scene.bid(kind)
    assert seen() == before


def test_the_page_asks_as_many_queries_for_three_bids_as_for_one(scene):
    def asked():
        client = client_of(scene, "bidder")
        client.get(f"/trades/{scene.stream}/bid/")
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/trades/{scene.stream}/bid/").status_code == 200
        return len(queries)

    scene.bid("bidder")
    one = asked()
    scene.bid("bidder", act="replace_bid")
    scene.bid("bidder", act="replace_bid")
    assert asked() == one


def test_a_receipt_is_signed_and_does_not_tell_how_many_came_before(scene):
    scene.bid("bidder2")
    entry = scene.bid("bidder")
    path = f"/trades/{scene.stream}/bid/receipts/{entry.leaf_hash}"
    note = client_of(scene, "bidder").get(path)
    (key, *_) = platform().verifier_keys()
    facts = check_receipt(note.content.decode(), verifiers=[read_verifier_key(key)]).facts
    assert (facts["leaf"]["sha256"], facts["act"]) == (entry.leaf_hash, "submit_bid")
    assert "sequence" not in facts
    assert str(entry.sequence) not in note["Content-Disposition"].replace(entry.leaf_hash[:12], "")
    assert client_of(scene, "bidder2").get(path).status_code == 404


def test_the_own_sealed_file_can_be_read_by_ranges_and_nobody_elses(scene):
    scene.bid("bidder")
    sha256 = Bid.objects.get().evidence_id
    content, path = evidence.read(sha256), f"/trades/{scene.stream}/bid/files/{sha256}"
    client = client_of(scene, "bidder")
    whole = client.get(path)
    assert b"".join(whole.streaming_content) == content
    part = client.get(path, headers={"Range": "bytes=100-199"})
    assert (part.status_code, part.content) == (206, content[100:200])
    assert part["Content-Range"] == f"bytes 100-199/{len(content)}"
    assert client.get(path, headers={"Range": "bytes=500-"}).content == content[500:]
    assert client.get(path, headers={"Range": f"bytes={len(content)}-"}).status_code == 416
    assert client_of(scene, "bidder2").get(path, headers={"Range": "bytes=0-9"}).status_code == 404


def test_a_trial_is_kept_for_its_own_file_only_and_ends_the_reminder(scene):
    scene.bid("bidder")
    sha256 = Bid.objects.get().evidence_id
    assert "还没有试解密成功" in page_of(scene).content.decode()
    path = f"/trades/{scene.stream}/bid/trial/"
    told = {"sealed": sha256, "opened": "no", "certificate": "示例 2029"}
    assert client_of(scene, "bidder2").post(path, told).status_code == 422
    assert client_of(scene, "bidder").post(path, told).status_code == 204
    assert "打不开" in page_of(scene).content.decode()
    client_of(scene, "bidder").post(path, told | {"opened": "yes"})
    page = page_of(scene).content.decode()
    assert "还没有试解密成功" not in page
    assert Trial.objects.count() == 1


def test_after_the_opening_the_page_offers_no_more_upload(time_machine):
    scene = trade_at(Stage.LISTED)
    time_machine.move_to(scene.at, tick=False)
    page = page_of(scene).content.decode()
    assert "data-upload-form" not in page
    assert "我的密封文件" in page
