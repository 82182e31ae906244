"""Resumable upload of sealed files: the protocol, whose file it is, when it counts, and that nothing is lost."""

import base64
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from support.browser import account_of
from support.market import DEADLINE as MARKET_DEADLINE
from support.market import IN_TIME, open_market
from support.scenes import DEADLINE
from support.stages import PUBLISHED, trade_at
from yangguang.cli.clock import beat
from yangguang.trading.models import Bid, Guarantee
from yangguang.trading.stages import Stage
from yangguang.web.bidding import storage
from yangguang.web.bidding.models import Upload
from yangguang.web.bidding.settling import LEFT_AFTER
from yangguang.web.bidding.tus import LASTS, MOST_AT_ONCE
from yangguang.witness.models import SealedEntry

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
BACKEND = "yangguang.web.accounts.backends.AccountBackend"


class Tus:
    """A client of the protocol for one person."""

    def __init__(self, who, stream):
        self.client, self.stream, self.who = Client(), stream, who
        self.sign_in()

    def sign_in(self):
        """Sessions last some hours only."""
        self.client.force_login(account_of(self.who), backend=BACKEND)

    def create(self, size, act="submit_bid", **headers):
        given = {"Tus-Resumable": "1.0.0", "Upload-Length": str(size)}
        given["Upload-Metadata"] = f"act {base64.b64encode(act.encode()).decode()}"
        return self.client.post(f"/trades/{self.stream}/bid/uploads/", headers=given | headers)

    def patch(self, url, offset, body, **headers):
        given = {"Tus-Resumable": "1.0.0", "Upload-Offset": str(offset)}
        kind = "application/offset+octet-stream"
        return self.client.patch(url, body, content_type=kind, headers=given | headers)

    def head(self, url):
        return self.client.head(url, headers={"Tus-Resumable": "1.0.0"})

    def delete(self, url):
        return self.client.delete(url, headers={"Tus-Resumable": "1.0.0"})

    def send(self, content, act="submit_bid"):
        """The whole file at once; gives the upload as the database has it."""
        url = self.create(len(content), act)["Location"]
        self.patch(url, 0, content)
        return Upload.objects.get(token=url.rpartition("/")[2])


@pytest.fixture(autouse=True)
def empty_disk(settings, tmp_path):
    settings.UPLOADS_ROOT = tmp_path / "uploads"
    settings.UPLOADS_ROOT.mkdir()


@pytest.fixture
def scene(time_machine):
    found = trade_at(PUBLISHED)
    time_machine.move_to(found.at, tick=False)
    return found


@pytest.fixture
def bidder(scene):
    return Tus(scene.who("bidder"), scene.stream)


def left_on_disk():
    return [one.name for one in Path(settings.UPLOADS_ROOT).iterdir()]


def codes(upload):
    return [one["code"] for one in upload.refusals]


def test_a_bid_sent_in_three_pieces_is_submitted_at_the_moment_of_its_last_byte(scene, bidder, time_machine):
    content = scene.sealed("bidder").read_bytes()
    third = len(content) // 3
    made = bidder.create(len(content))
    url = made["Location"]
    assert (made.status_code, made["Tus-Resumable"]) == (201, "1.0.0")
    assert "Upload-Expires" in made
    for start, end in ((0, third), (third, 2 * third), (2 * third, len(content))):
        scene.at += timedelta(minutes=1)
        time_machine.move_to(scene.at, tick=False)
        answer = bidder.patch(url, start, content[start:end])
        assert (answer.status_code, answer["Upload-Offset"]) == (204, str(end))
    bid = Bid.objects.get()
    assert (bid.submitted_at, bid.bidder.code) == (scene.at, scene.who("bidder").code)
    assert left_on_disk() == []
    page = bidder.client.get(f"{url}/result/").content.decode()
    assert "已收到并封存" in page
    assert bid.entry.leaf_hash in page


def test_an_interrupted_upload_goes_on_where_the_disk_has_it(scene, bidder):
    content = scene.sealed("bidder").read_bytes()
    url = bidder.create(len(content))["Location"]
    bidder.patch(url, 0, content[:1000])
    head = bidder.head(url)
    assert (head.status_code, head["Upload-Offset"], head["Upload-Length"]) == (200, "1000", str(len(content)))
    assert head["Cache-Control"] == "no-store"
    storage.path_of(url.rpartition("/")[2]).write_bytes(content[:1000] + b"half a piece that was never confirmed")
    assert bidder.patch(url, 1000, content[1000:]).status_code == 204
    assert Bid.objects.count() == 1


def test_a_wrong_offset_is_a_conflict_and_changes_nothing(scene, bidder):
    url = bidder.create(100)["Location"]
    bidder.patch(url, 0, b"x" * 40)
    assert [bidder.patch(url, offset, b"y" * 10).status_code for offset in (0, 39, 41, 100)] == [409] * 4
    assert bidder.head(url)["Upload-Offset"] == "40"


def test_what_the_protocol_forbids_is_refused(scene, bidder):
    url = bidder.create(100)["Location"]
    assert bidder.patch(url, 0, b"x", **{"Tus-Resumable": "0.2"}).status_code == 412
    assert bidder.create(100, **{"Tus-Resumable": "0.2"}).status_code == 412
    assert bidder.patch(url, "", b"x").status_code == 400
    assert bidder.patch(url, "-1", b"x").status_code == 400
    assert bidder.patch(url, 0, b"x" * 101).status_code == 413
    wrong = {"Tus-Resumable": "1.0.0", "Upload-Offset": "0"}
    assert bidder.client.patch(url, b"x", content_type="text/plain", headers=wrong).status_code == 415
    assert [bidder.create(size).status_code for size in ("", "-5", "abc", 0)] == [400] * 4
    assert bidder.create(settings.LARGEST_BID + 1).status_code == 413
    assert bidder.create(100, act="award").status_code == 400
    told = bidder.client.options(f"/trades/{scene.stream}/bid/uploads/")
    assert (told["Tus-Version"], told["Tus-Extension"]) == ("1.0.0", "creation,expiration,termination")


def test_somebody_elses_upload_does_not_exist(scene, bidder):
    url = bidder.create(100)["Location"]
    for kind in ("bidder2", "agency", "centre", "supervisor"):
        other = Tus(scene.who(kind), scene.stream)
        answers = [other.head(url), other.patch(url, 0, b"x"), other.delete(url), other.client.get(f"{url}/result/")]
        unknown = [other.head(f"{url}x"), other.patch(f"{url}x", 0, b"x"), other.delete(f"{url}x")]
        assert [one.status_code for one in answers + unknown] == [404] * 7
    assert bidder.head(url)["Upload-Offset"] == "0"


@pytest.mark.parametrize("kind", ["agency", "tenderer", "centre", "supervisor"])
def test_who_may_not_bid_cannot_begin_an_upload(scene, kind):
    answer = Tus(scene.who(kind), scene.stream).create(100)
    assert (answer.status_code, answer.json()["refusals"][0]["code"]) == (403, "access.denied")


def test_an_upload_may_be_dropped(scene, bidder):
    url = bidder.create(100)["Location"]
    bidder.patch(url, 0, b"x" * 40)
    assert bidder.delete(url).status_code == 204
    assert bidder.head(url).status_code == 404
    assert left_on_disk() == []


def test_an_organisation_has_only_so_many_unfinished_uploads(scene, bidder):
    made = [bidder.create(100).status_code for _ in range(MOST_AT_ONCE + 1)]
    assert made == [201] * MOST_AT_ONCE + [409]
    assert Tus(scene.who("bidder2"), scene.stream).create(100).status_code == 201


def test_an_upload_that_nobody_goes_on_with_is_forgotten_by_the_clock(scene, bidder, time_machine):
    url = bidder.create(100)["Location"]
    bidder.patch(url, 0, b"x" * 40)
    later = scene.at + LASTS + timedelta(seconds=1)
    time_machine.move_to(later, tick=False)
    bidder.sign_in()
    assert bidder.head(url).status_code == 410
    beat(at=later)
    assert bidder.head(url).status_code == 404
    assert left_on_disk() == []


def test_a_byte_after_the_deadline_is_refused_with_its_article(scene, bidder, time_machine):
    content = scene.sealed("bidder").read_bytes()
    time_machine.move_to(DEADLINE, tick=False)
    bidder.sign_in()
    url = bidder.create(len(content))["Location"]
    bidder.patch(url, 0, content[:-1])
    time_machine.move_to(DEADLINE + timedelta(microseconds=1), tick=False)
    answer = bidder.patch(url, len(content) - 1, content[-1:])
    (refusal,) = answer.json()["refusals"]
    assert (answer.status_code, refusal["code"]) == (409, "bid.late")
    assert refusal["article"]
    assert Bid.objects.count() == 0
    assert left_on_disk() == []
    assert refusal["article"] in bidder.client.get(f"{url}/result/").content.decode()
    assert bidder.create(10).json()["refusals"][0]["code"] == "bid.late"


def test_a_byte_at_the_deadline_itself_is_in_time(scene, bidder, time_machine):
    time_machine.move_to(DEADLINE, tick=False)
    bidder.sign_in()
    bidder.send(scene.sealed("bidder").read_bytes())
    assert Bid.objects.get().submitted_at == DEADLINE


def test_what_a_dead_process_left_complete_is_settled_before_the_bidding_closes(scene, bidder, time_machine):
    content = scene.sealed("bidder").read_bytes()
    url = bidder.create(len(content))["Location"]
    storage.path_of(url.rpartition("/")[2]).write_bytes(content)
    upload = Upload.objects.get()
    upload.offset, upload.completed_at, upload.expires_at = len(content), DEADLINE, DEADLINE + LASTS
    upload.save()
    beat(at=DEADLINE + timedelta(seconds=5))
    assert scene.trade.stage == Stage.BIDDING
    beat(at=DEADLINE + LEFT_AFTER + timedelta(seconds=1))
    assert Bid.objects.get().submitted_at == DEADLINE
    assert scene.trade.stage == Stage.CLOSED


def test_an_upload_that_is_never_settled_does_not_hold_the_deadline_for_ever(scene, bidder):
    url = bidder.create(100)["Location"]
    Upload.objects.update(completed_at=DEADLINE, expires_at=DEADLINE + LASTS)
    with storage.held(url.rpartition("/")[2]):
        beat(at=DEADLINE + timedelta(minutes=9))
        assert scene.trade.stage == Stage.BIDDING
        beat(at=DEADLINE + timedelta(minutes=11))
    assert scene.trade.stage == Stage.CLOSED


def test_the_last_byte_sent_twice_submits_once(scene, bidder, time_machine):
    content = scene.sealed("bidder").read_bytes()
    upload = bidder.send(content)
    url = f"/uploads/{upload.token}"
    assert bidder.patch(url, len(content), b"x").status_code == 410
    assert bidder.client.post(f"{url}/result/").status_code == 302
    assert Bid.objects.count() == SealedEntry.objects.count() == 1
    time_machine.move_to(scene.at + timedelta(minutes=1), tick=False)
    assert codes(bidder.send(content)) == ["bid.already_submitted"]
    assert codes(bidder.send(content, "replace_bid")) == ["bid.same_file"]


def test_an_outcome_that_was_not_kept_is_found_again(scene, bidder):
    content = scene.sealed("bidder").read_bytes()
    upload = bidder.send(content)
    storage.path_of(upload.token).write_bytes(content)
    Upload.objects.update(settled_at=None, entry=None)
    bidder.client.post(f"/uploads/{upload.token}/result/")
    upload.refresh_from_db()
    assert upload.entry == Bid.objects.get().entry
    assert SealedEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda content: content[:-700], "bid.file.truncated"),
        (lambda content: content[:3000] + bytes([content[3000] ^ 1]) + content[3001:], "bid.file"),
        (lambda content: b"%PDF-1.7 " + content, "bid.unencrypted"),
    ],
)
def test_a_broken_file_is_refused_with_reasons_and_not_kept(scene, bidder, spoil, code):
    upload = bidder.send(spoil(scene.sealed("bidder").read_bytes()))
    assert codes(upload)[0].startswith(code)
    assert Bid.objects.count() == 0
    assert left_on_disk() == []
    page = bidder.client.get(f"/uploads/{upload.token}/result/").content.decode()
    assert upload.refusals[0]["remedy"] in page


def test_another_organisations_sealed_file_is_refused(scene, bidder):
    upload = bidder.send(scene.sealed("bidder2").read_bytes())
    assert (len(codes(upload)), upload.entry) == (1, None)
    assert Bid.objects.count() == 0


def test_a_guarantee_and_a_replacement_go_the_same_way(scene, bidder, time_machine):
    scene.guarantee("bidder")
    other = Tus(scene.who("bidder2"), scene.stream)
    scene.guarantee("bidder2")
    guarantee = scene.files["bidder2 guarantee"].read_bytes()
    time_machine.move_to(scene.at + timedelta(minutes=1), tick=False)
    assert codes(other.send(guarantee, "record_guarantee")) == ["bid.same_file"]
    bidder.send(scene.sealed("bidder").read_bytes())
    assert bidder.send(scene.sealed("bidder").read_bytes(), "replace_bid").entry
    assert Bid.objects.filter(replaces__number=1).count() == 1
    assert Guarantee.objects.count() == 2


def test_two_requests_cannot_append_to_one_upload_at_once(scene, bidder):
    url = bidder.create(100)["Location"]
    with storage.held(url.rpartition("/")[2]) as file:
        assert file is not None
        assert bidder.patch(url, 0, b"x" * 40).status_code == 423
        assert bidder.delete(url).status_code == 423
    assert bidder.patch(url, 0, b"x" * 40).status_code == 204


def test_of_sixty_four_uploads_at_once_none_is_lost(time_machine):
    time_machine.move_to(IN_TIME, tick=False)
    market = open_market(bidders=8)
    files = {number: market.sealed(number).read_bytes() for number in range(8)}
    people = {number: Tus(market.cast.bidders[number], market.trade.stream) for number in range(8)}
    for number in range(8):
        people[number].send(files[number])
    replacements = [(number, market.sealed(number).read_bytes()) for number in range(8) for _ in range(8)]
    start, outcomes = threading.Barrier(len(replacements)), []

    def run(number, content):
        try:
            one = Tus.__new__(Tus)
            one.client, one.stream = Client(), market.trade.stream
            one.client.cookies = people[number].client.cookies
            start.wait()
            url = one.create(len(content), "replace_bid").headers.get("Location")
            while url is None:  # only so many at once for one organisation
                url = one.create(len(content), "replace_bid").headers.get("Location")
            half = len(content) // 2
            outcomes.append([one.patch(url, 0, content[:half]).status_code,
                             one.patch(url, half, content[half:]).status_code])  # fmt: skip
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in replacements]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes == [[204, 204]] * 64
    assert Upload.objects.filter(settled_at__isnull=True).count() == 0
    assert [one.refusals for one in Upload.objects.exclude(refusals=[])] == []
    assert Bid.objects.count() == 8 + 64
    assert Bid.objects.filter(replaced_by__isnull=True).count() == 8
    entries = list(SealedEntry.objects.filter(stream=market.trade.stream).order_by("sequence"))
    assert [one.sequence for one in entries] == list(range(1, 73))
    assert max(one.at for one in entries) < MARKET_DEADLINE
