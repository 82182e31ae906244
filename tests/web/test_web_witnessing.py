"""见证: the console, a trade's checklist with its short forms, the record in print, letters and their replies."""

import re

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from support.act_pages import Desk, errors, signed_in
from support.market import DEADLINE, open_markets
from support.scenes import beijing
from support.stages import PUBLISHED, WAYS, trade_at
from support.witnessing import anomaly, issue, reply
from yangguang.trading.models import Recording, WitnessRecord
from yangguang.trading.stages import Stage
from yangguang.witness.models import Entry

pytestmark = pytest.mark.django_db(transaction=True)

SECRET = "评标区走廊有人打电话"
KEPT = ("register_note", "issue_letter", "reply_to_letter", "close_anomaly")
JPEG = b"\xff\xd8\xff\xe0" + bytes(64)


class Witness(Desk):
    """A person at the pages of 见证."""

    @property
    def place(self):
        return f"/trades/{self.scene.stream}/witness/"

    def look(self, more=""):
        return self.get(f"{self.place}{more}")

    def send(self, act, **data):
        with self.now():
            return self.client.post(f"{self.place}do/{act}/", data)


def text(page):
    return re.sub(r"\s+", " ", page.content.decode())


def line(page, item):
    """The list's line of one item."""
    return re.search(rf'<li id="item-{re.escape(item)}".*?</li>', text(page), re.DOTALL)[0]


def test_the_centre_and_those_who_supervise_read_and_nobody_else():
    scene = trade_at(Stage.REVIEWING)
    scene.do("register_note", "centre", text=SECRET, file=scene.kept("照片"))
    record = WitnessRecord.objects.get()
    for by in ("centre", "supervisor", "discipline"):
        witness = Witness(scene, by)
        assert [witness.look(one).status_code for one in ("", "record/")] == [200, 200]
        assert SECRET in text(witness.look())
        assert witness.look(f"files/{record.evidence_id}").getvalue() == "照片".encode()
        assert witness.look(f"files/{'0' * 64}").status_code == 404
    for by in ("tenderer", "bidder", "seat2"):
        witness = Witness(scene, by)
        assert [witness.look(one).status_code for one in ("", "record/")] == [403, 403]
        assert witness.look(f"files/{record.evidence_id}").status_code == 404


def test_one_click_answers_an_item_and_only_the_centre_is_offered_it():
    scene = trade_at(Stage.REVIEWING)
    centre, item = Witness(scene, "centre"), "room.closed_off"
    page = centre.look()
    assert 'data-state="missing"' in line(page, item)
    missing = page.context["missing"]
    done = centre.send("register_check", item=item, result="normal", token="once")
    assert done["Location"] == f"{centre.place}#item-{item}"
    again = centre.send("register_check", item=item, result="normal", token="once")
    assert again.status_code == 409
    assert "已经提交过" in text(again)
    page = centre.look()
    assert (page.context["missing"], WitnessRecord.objects.count()) == (missing - 1, 1)
    assert 'data-state="done"' in line(page, item)
    assert "<form" not in re.search(r"<main.*</main>", text(Witness(scene, "supervisor").look()))[0]
    assert Witness(scene, "supervisor").send("register_check", item=item, result="normal").status_code == 403
    assert Witness(scene, "bidder").send("register_check", item=item, result="normal").status_code == 403


def test_what_the_system_recorded_is_linked_and_has_no_form():
    page = Witness(trade_at(Stage.REVIEWING), "centre").look()
    entry = Entry.objects.get(act="announce_bidders")
    found = line(page, "opening.list")
    assert f"/entries/{entry.sequence}/" in found
    assert "<form" not in found


def test_a_refusal_and_a_bad_answer_keep_what_was_typed():
    scene = trade_at(Stage.REVIEWING)
    centre = Witness(scene, "centre")
    refused = centre.send("register_check", item="room.closed_off", result="abnormal", note="")
    assert (refused.status_code, 'data-code="witness.note_missing"' in text(refused)) == (409, True)
    bad = centre.send("register_recording", room="评标一室", starts="2026-03-24T09:00", ends="", sha256="abc")
    assert bad.status_code == 422
    assert 'value="评标一室"' in text(bad)
    assert centre.send("no_such_act").status_code == 404
    assert centre.look("do/register_note/").status_code == 302
    assert not WitnessRecord.objects.exists()


def test_a_photograph_and_a_recording_are_registered():
    scene = trade_at(Stage.REVIEWING)
    centre = Witness(scene, "centre")
    photo = SimpleUploadedFile("a.jpg", JPEG, content_type="image/jpeg")
    assert centre.send("register_note", item="room.conduct", text=SECRET, file=photo).status_code == 302
    wrong = SimpleUploadedFile("a.jpg", b"MZ", content_type="image/jpeg")
    assert "应为照片" in text(centre.send("register_note", text=SECRET, file=wrong))
    assert WitnessRecord.objects.get().evidence.media_type == "image/jpeg"
    facts = {"room": "评标一室", "file_index": "NVR-3/1.mp4", "sha256": "ab" * 32}
    sent = centre.send("register_recording", starts="2026-03-24T08:30", ends="2026-03-24T09:05", **facts)
    assert sent.status_code == 302, errors(sent)
    assert Recording.objects.get().starts == beijing("03-24", "08:30")
    assert "NVR-3/1.mp4" in text(centre.look("record/"))


def test_an_anomaly_becomes_a_letter_that_its_organisation_answers_until_it_is_settled():
    scene = trade_at(Stage.ANNOUNCED)
    centre, bidder, other = (Witness(scene, by) for by in ("centre", "bidder1", "bidder2"))
    code = scene.actor("bidder1").organisation
    assert centre.send("register_anomaly", seen=SECRET, concerns=code)["Location"].endswith("#anomalies")
    letters = f"/trades/{scene.stream}/letters/"
    assert bidder.get(letters).status_code == 404
    centre.do("issue_letter", {"anomaly": "1", "to": code, "asks": "请说明。", "reply_by": "2026-03-30"})
    assert SECRET in text(centre.look())
    assert [one.title for one in bidder.get("/desk/").context["waiting"]].count("回复函告") == 1
    assert "回复函告" not in [one.title for one in other.get("/desk/").context["waiting"]]
    page = bidder.get(letters)
    assert "见证函〔2026〕1号" in text(page)
    paper = re.search(rf"{letters}([0-9a-f]{{64}})", text(page))[0]
    assert SECRET in bidder.get(paper).getvalue().decode()
    assert SECRET in centre.get(paper).getvalue().decode()
    assert [one.get(paper).status_code for one in (other, Witness(scene, "tenderer"))] == [404, 404]
    assert other.get(letters).status_code == 404
    bidder.do("reply_to_letter", {"letter": "见证函〔2026〕1号", "reply_text": "本单位人员已撤离。"})
    assert "回复函告" not in [one.title for one in bidder.get("/desk/").context["waiting"]]
    assert "已回复" in text(bidder.get(letters))
    assert centre.send("close_anomaly", anomaly="1", conclusion="已处理").status_code == 302
    assert "已办结" in text(centre.look())


def test_the_console_shows_what_stands_today_and_what_is_open():
    scene = trade_at(Stage.REVIEWING)
    anomaly(scene)
    page = Witness(scene, "centre").get("/centre/witness/")
    (row,) = page.context["board"].rooms
    assert row.trade.stream == scene.stream
    assert (row.state, row.anomalies) == ("已签到 5 人，应到 5 人", 1)
    assert row.missing == Witness(scene, "centre").look().context["missing"]
    assert "尚未函告" in text(page)
    assert Witness(scene, "supervisor").get("/centre/witness/").context["board"].anomalies
    assert Witness(scene, "tenderer").get("/centre/witness/").status_code == 403


@pytest.mark.parametrize(
    ("point", "where"),
    [(Stage.LISTED, {"openings", "draws"}), (Stage.OPENED, {"openings", "draws"}), (Stage.NOTIFIED, {"contracts"})],
)
def test_a_trade_stands_on_the_console_where_its_stage_puts_it(point, where):
    board = Witness(trade_at(point), "centre").get("/centre/witness/").context["board"]
    assert {name for name in ("openings", "draws", "rooms", "contracts") if getattr(board, name)} == where


def test_the_public_is_told_that_something_was_witnessed_and_never_what():
    scene = trade_at(Stage.CONTRACTED)
    scene.do("register_note", "centre", text=SECRET, file=scene.kept("照片"))
    issue(scene, to="bidder2", asks=SECRET)
    scene.do("reply_to_letter", "bidder2", **reply(scene, "bidder2"))
    scene.do("close_anomaly", "centre", anomaly=1, conclusion=SECRET)
    for archived in (False, True):
        if archived:
            WAYS[Stage.ARCHIVED][1](scene)
        public = signed_in(scene.actor("supplier"))
        assert "登记一项异常（内容不公开）" in text(public.get(f"/trades/{scene.stream}/"))
        for entry in Entry.objects.filter(
            stream=scene.stream, act__in=("register_note", "issue_letter", "close_anomaly")
        ):
            page = public.get(f"/trades/{scene.stream}/entries/{entry.sequence}/")
            assert page.status_code == 200
            assert SECRET not in text(page)
            for name in re.findall(r'"sha256": ?"([0-9a-f]{64})"', entry.payload):
                assert public.get(f"/trades/{scene.stream}/entries/{entry.sequence}/files/{name}").status_code == 404
    page = Witness(scene, "centre").look()
    assert "<form" not in re.search(r"<main.*</main>", text(page))[0]


def test_a_failed_trade_shows_the_stages_that_it_came_through():
    parts = [one["part"].stage for one in Witness(trade_at(Stage.TOO_FEW), "centre").look().context["parts"]]
    assert parts == [Stage.REGISTERED, Stage.REVIEWED, Stage.BIDDING, Stage.CLOSED, Stage.TOO_FEW]


def queries(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


@pytest.mark.parametrize("lots", [1, 3])
def test_the_console_asks_as_much_for_three_trades_as_for_one(lots):
    staff = open_markets(lots=lots, bidders=1)[0].cast.staff
    with time_machine.travel(DEADLINE.replace(hour=0, minute=30), tick=False):
        client = signed_in(staff.actor)
        assert queries(client, "/centre/witness/") == 13
        assert len(client.get("/centre/witness/").context["board"].openings) == lots


def test_the_witness_page_asks_as_much_for_three_records_as_for_one():
    scene = trade_at(PUBLISHED)
    asked = []
    for _ in range(2):
        scene.do("register_note", "centre", text="记事")
        issue(scene, to="tenderer")
        with time_machine.travel(scene.at, tick=False):
            client = signed_in(scene.actor("centre"))
            asked += [queries(client, f"/trades/{scene.stream}/witness/{one}") for one in ("", "record/")]
    assert asked[:2] == asked[2:]
