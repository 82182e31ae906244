"""Before the deadline no page, feed or answer of the portal differs by a byte, whoever bids or does not."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from support.stages import PUBLISHED, Stage, trade_at
from yangguang.web.portal.urls import urlpatterns
from yangguang.witness.log import sequence_log
from yangguang.witness.models import Entry, SealedEntry
from yangguang.witness.receipts import issue_receipt

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]

PLAIN = ["", "trades/", "notices/", "statistics/", "log/", "verify/", "log/growth/?old=1&new=3"]
FILES = [
    "/feeds/notices.atom",
    "/feeds/notices.json?after=-1",
    "/sitemap.xml",
    "/robots.txt",
    "/checkpoint",
    "/log-keys",
]
WORDS = ["/trades/?q=示例&stage=bidding", "/trades/?q=示例第一建筑", "/notices/?kind=tender", "/tile/entries/000.p/3"]


def every_path(scene):
    """Every address of the portal, in both languages, with and without a query."""
    trade = [f"trades/{scene.stream}/", *(f"trades/{scene.stream}/entries/{one}/" for one in range(1, 5))]
    pages = [
        f"{start}{one}" for start in ("/", "/en/") for one in PLAIN + trade + [f"log/entries/{n}/" for n in range(5)]
    ]
    entries = Entry.objects.filter(stream=scene.stream)
    files = [f"/trades/{scene.stream}/entries/{one.sequence}/files/{'0' * 64}" for one in entries]
    return [*pages, *FILES, *WORDS, *files, "/verify/verify.py"]


def answered(client, path):
    answer = client.get(path)
    body = b"".join(answer) if answer.streaming else answer.content
    answer.close()
    return answer.status_code, body, sorted(answer.headers.items())


def everything(scene):
    client = Client()
    return {path: answered(client, path) for path in every_path(scene)}


def everybody_bids(scene):
    for number in range(1, 4):
        scene.do("download_document", f"bidder{number}")
        scene.guarantee(f"bidder{number}")
        scene.bid(f"bidder{number}")
    scene.bid("bidder1", act="replace_bid")
    scene.do("withdraw_bid", "bidder2")
    sequence_log(at=scene.at)


def test_no_answer_differs_by_a_byte_whether_anybody_bids():
    scene = trade_at(PUBLISHED)
    sequence_log(at=scene.at)
    with time_machine.travel(scene.at + timedelta(days=1), tick=False):
        before = everything(scene)
        everybody_bids(scene)
        after = everything(scene)
    assert len(before) > 40
    assert [path for path in before if before[path] != after[path]] == []
    assert SealedEntry.objects.filter(stream=scene.stream).count() >= 11


def test_a_digest_of_a_sealed_file_is_answered_like_any_unknown_one():
    scene = trade_at(Stage.BIDDING)
    sequence_log(at=scene.at)
    sealed = SealedEntry.objects.filter(stream=scene.stream, act="submit_bid").first()
    bid = scene.trade.bids.first().evidence_id
    with time_machine.travel(scene.at, tick=False):
        answers = {Client().post("/verify/", {"digest": one}).content for one in (sealed.leaf_hash, bid, "0" * 64)}
    assert len(answers) == 1


def test_a_sealed_file_cannot_be_had_through_a_public_entry():
    scene = trade_at(Stage.DECRYPTED)
    for bid in scene.trade.bids.all():
        for sequence in range(1, scene.trade.entries + 1):
            path = f"/trades/{scene.stream}/entries/{sequence}/files/{bid.evidence_id}"
            assert Client().get(path).status_code == 404


def test_a_receipt_says_the_same_of_a_standing_and_of_a_withdrawn_bid():
    scene = trade_at(Stage.BIDDING)
    note = issue_receipt(SealedEntry.objects.filter(stream=scene.stream, act="submit_bid").first())
    with time_machine.travel(scene.at, tick=False):
        before = Client().post("/verify/", {"receipt": note}).content
        scene.do("withdraw_bid", "bidder1")
        sequence_log(at=scene.at)
        upload = SimpleUploadedFile("receipt.txt", note.encode())
        after = [Client().post("/verify/", one).content for one in ({"receipt": note}, {"receipt-file": upload})]
    assert after == [before, before]


def test_no_page_names_a_bidder_before_the_list_is_public():
    scene = trade_at(Stage.CLOSED)
    sequence_log(at=scene.at)
    told = {path: body.decode(errors="replace") for path, (_, body, _) in everything(scene).items()}
    hidden = [text for one in scene.cast.bidders for text in (one.organisation.name, one.code)]
    assert [(path, one) for path, body in told.items() for one in hidden if one in body and one not in path] == [
        (path, one) for path, body in told.items() for one in hidden if "q=" in path and one in body and one not in path
    ]


def test_every_page_of_the_portal_is_among_those_read():
    scene = trade_at(PUBLISHED)
    read = [re.sub(r"\?.*", "", path).lstrip("/") for path in every_path(scene)]
    pages = [one for one in urlpatterns if hasattr(one, "name")]
    jump = {"log-jump"}  # it only leads on
    unread = [one.name for one in pages if one.name not in jump and not any(one.pattern.match(path) for path in read)]
    assert unread == []
