"""The evaluation room: who is let in, what each sees, sheets that save, and the way to a closed report."""

import json
import re
from decimal import Decimal

import pytest

from support.act_pages import PDF_BYTES, Desk, errors
from support.scenes import BUSINESS_ITEM, PRICES, TECHNICAL_ITEM
from support.stages import trade_at
from yangguang.parties.models import Appointment
from yangguang.rules.calendar import legal_date
from yangguang.trading.models import Score
from yangguang.trading.stages import Stage
from yangguang.web.evaluation.models import Sheet
from yangguang.witness import evidence
from yangguang.witness.models import Entry

pytestmark = pytest.mark.django_db

INSIDE = (Stage.DRAWN, Stage.SEATED, Stage.REVIEWING, Stage.SCORING, Stage.PRICING, Stage.RANKED, Stage.REPORTING)
OUTSIDE = ("centre", "tenderer", "agency", "bidder", "supplier", "expert")


class Seat(Desk):
    """A member in the room."""

    @property
    def room(self):
        return f"/trades/{self.scene.stream}/room/"

    def look(self):
        return self.get(self.room)

    def text(self):
        return self.look().content.decode()

    def hand_in(self, act, about, data):
        with self.now():
            return self.client.post(f"{self.room}{act}/{about}/do/", data)

    def type(self, act, about, values):
        with self.now():
            return self.client.post(
                f"{self.room}{act}/{about}/sheet", json.dumps(values), content_type="application/json"
            )


def opinion(**failing):
    said = {f"passes_{step}": "yes" for step in ("qualification", "formal", "responsive")}
    for step, reason in failing.items():
        said |= {f"passes_{step}": "no", f"reason_{step}": reason}
    return said


def codes(scene):
    return list(scene.trade.blind_codes.order_by("code").values_list("code", flat=True))


def names(scene):
    return [scene.who(f"bidder{number}").name for number in (1, 2, 3)]


@pytest.mark.parametrize("stage", INSIDE)
def test_members_enter_supervision_watches_and_nobody_else_sees_the_room(stage):
    scene = trade_at(stage)
    told = {kind: Seat(scene, kind).look().status_code for kind in (*OUTSIDE, "supervisor", "seat2")}
    assert told == dict.fromkeys(OUTSIDE, 403) | {"supervisor": 200, "seat2": 200}


def test_a_stranger_is_sent_to_sign_in(client):
    scene = trade_at(Stage.REVIEWING)
    assert client.get(f"/trades/{scene.stream}/room/")["Location"].startswith("/account/login/")


def test_before_the_sign_in_nothing_of_a_bid_is_shown():
    scene = trade_at(Stage.DRAWN)
    seat = Seat(scene, "seat2")
    page = seat.text()
    assert "签到之前看不到任何投标文件" in page
    assert not any(name in page for name in names(scene))
    assert seat.get(f"{seat.room}files/{scene.digest('bidder')}/0/").status_code == 403


def test_supervision_watches_without_touching():
    scene = trade_at(Stage.REVIEWING)
    watcher = Seat(scene, "supervisor")
    assert "旁观" in watcher.text()
    assert "<textarea" not in watcher.text()
    digest = scene.digest("bidder")
    assert watcher.hand_in("give_opinion", digest, opinion()).status_code == 403
    assert watcher.type("give_opinion", digest, opinion()).status_code == 403
    assert watcher.get(f"{watcher.room}files/{digest}/0/raw").status_code == 403


def test_whoever_sits_here_and_acts_for_somebody_is_asked_to_come_in_person():
    scene = trade_at(Stage.REVIEWING)
    person, tenderer = scene.trade.members.get(seat=5).person, scene.cast.tenderer.organisation
    Appointment.objects.create(person=person, organisation=tenderer, office="handler", valid_from=legal_date(scene.at))
    seat = Seat(scene, "seat5")
    page = seat.look()
    assert page.status_code == 403
    assert "以个人身份进入评标室" in page.content.decode()
    with seat.now():
        sent = seat.client.post("/account/me/", {"organisation": "in-person", "room": scene.stream})
    assert sent["Location"] == seat.room
    assert "5 号席位" in seat.text()


def test_a_member_never_sees_what_others_said_or_scored_before_the_closing():
    scene = trade_at(Stage.REVIEWING)
    Seat(scene, "seat2").hand_in("give_opinion", scene.digest("bidder"), opinion(formal="盖章处空白"))
    for other in ("chair", "seat3", "supervisor"):
        assert "盖章处空白" not in Seat(scene, other).text()
    assert "盖章处空白" in Seat(scene, "seat2").text()


def test_a_member_sees_their_own_scores_and_nobody_elses():
    scene = trade_at(Stage.SCORING)
    Seat(scene, "seat2").hand_in("score_technical", codes(scene)[0], {"mark_0": "17.35"})
    assert "17.35" in Seat(scene, "seat2").text()
    for other in ("chair", "seat3", "supervisor"):
        assert "17.35" not in Seat(scene, other).text()


def test_a_score_far_from_the_others_is_marked_once_the_scoring_is_closed():
    scene = trade_at(Stage.SCORING)
    for code in scene.trade.blind_codes.select_related("bid"):
        for seat in scene.seats():
            mark = "9.25" if seat == "seat5" else "25"
            scene.do("score_technical", seat, code=code.code, marks={TECHNICAL_ITEM: Decimal(mark)})
            scene.do("score_business", seat, bid=code.bid.evidence_id, marks={BUSINESS_ITEM: Decimal(15)})
    assert "9.25" not in Seat(scene, "chair").text()
    scene.do("close_scoring", "chair")
    for kind in ("chair", "seat3", "supervisor"):
        page = Seat(scene, kind).text()
        assert page.count('yg-far">9.25<br>偏离') == len(codes(scene))
        assert page.count("yg-far") == len(codes(scene))


def test_technical_files_go_by_their_code_and_nothing_else():
    scene = trade_at(Stage.SCORING)
    page = Seat(scene, "seat2").text()
    blind = page[page.index('id="technical"') : page.index('id="business"')]
    assert all(code in blind for code in codes(scene))
    assert not any(name in blind for name in names(scene))
    assert not any(scene.digest(f"bidder{number}") in blind for number in (1, 2, 3))


def test_a_sheet_saves_as_it_is_typed_and_only_its_member_reads_it():
    scene = trade_at(Stage.SCORING)
    seat, code = Seat(scene, "seat2"), codes(scene)[0]
    assert seat.type("score_technical", code, {"mark_0": "12."}).status_code == 200
    assert seat.type("score_technical", code, {"mark_0": "12.75"}).status_code == 200
    assert 'value="12.75"' in seat.text()
    assert "尚未提交" in seat.text()
    assert "12.75" not in Seat(scene, "chair").text()
    assert not Score.objects.filter(value="12.75").exists()
    assert seat.hand_in("score_technical", code, {"mark_0": "12.75"}).status_code == 302
    assert not Sheet.objects.exists()


@pytest.mark.parametrize(("body", "status"), [({"mark_9": "1"}, 400), ({"mark_0": "9" * 20_000}, 400), ([], 400)])
def test_a_sheet_takes_its_own_fields_only(body, status):
    scene = trade_at(Stage.SCORING)
    assert Seat(scene, "seat2").type("score_technical", codes(scene)[0], body).status_code == status
    assert not Sheet.objects.exists()


def test_a_sheet_of_a_step_that_is_over_is_not_kept():
    scene = trade_at(Stage.SCORING)
    told = Seat(scene, "seat2").type("give_opinion", scene.digest("bidder"), opinion())
    assert told.status_code == 409
    assert "已经结束" in told.json()["reason"]


def test_a_mark_out_of_range_is_answered_with_what_was_typed():
    scene = trade_at(Stage.SCORING)
    page = Seat(scene, "seat2").hand_in("score_technical", codes(scene)[0], {"mark_0": "30.5"})
    assert page.status_code == 422
    assert 'value="30.5"' in page.content.decode()
    assert "30" in "".join(re.findall(r'text-danger">([^<]*)', page.content.decode()))


def test_handing_in_twice_counts_once():
    scene = trade_at(Stage.REVIEWING)
    seat, digest = Seat(scene, "seat2"), scene.digest("bidder")
    assert seat.hand_in("give_opinion", digest, opinion()).status_code == 302
    again = seat.hand_in("give_opinion", digest, opinion())
    assert again.status_code == 409
    assert "您已对该投标文件发表评审意见" in again.content.decode()
    assert Entry.objects.filter(stream=scene.stream, act="give_opinion").count() == 1


def test_a_committee_works_in_the_room_from_the_sign_in_to_the_closed_report():
    scene = trade_at(Stage.DRAWN)
    seats = {name: Seat(scene, name) for name in scene.seats()}
    for seat in seats.values():
        seat.do("sign_in_member", {})
    for name in ("seat1", "seat2", "seat3"):
        seats[name].do("vote_for_chair", {"seat": "1"})
    for seat in seats.values():
        for number in (1, 2, 3):
            said = opinion(qualification="资质证书过期") if number == 3 else opinion()
            handed = seat.hand_in("give_opinion", scene.digest(f"bidder{number}"), said)
            assert handed.status_code == 302, errors(handed)
    chair = seats["seat1"]
    assert "过半数成员认为不符合" in chair.text()
    chair.do("reject_bid", {"bid": scene.digest("bidder3"), "ground": "unqualified", "reason": "资质证书过期"})
    chair.do("close_review", {"no_competition": ""})
    for seat in seats.values():
        for code in codes(scene):
            assert seat.hand_in("score_technical", code, {"mark_0": "25"}).status_code == 302
        for number in (1, 2):
            assert seat.hand_in("score_business", scene.digest(f"bidder{number}"), {"mark_0": "15"}).status_code == 302
    chair.do("close_scoring", {})
    chair.do("compute_results", {})
    page = chair.text()
    assert "评标汇总" in page
    assert "计算过程" in page
    chair.do("issue_report", {})
    assert "评标报告" in chair.get(f"{chair.room}report").content.decode()
    for name in ("seat1", "seat2", "seat3"):
        seats[name].do("sign_report", {})
    seats["seat4"].do("dissent_from_report", {"opinion_text": "对业绩的认定有不同意见"})
    chair.do("refuse_to_sign_report", {"seat": "5"})
    chair.do("close_report", {})
    assert scene.trade.stage == Stage.EVALUATED


def test_the_items_of_the_sheets_are_those_of_the_document():
    scene = trade_at(Stage.SCORING)
    page = Seat(scene, "seat2").text()
    assert f"{TECHNICAL_ITEM}（0 至 30 分）" in page
    assert f"{BUSINESS_ITEM}（0 至 20 分）" in page
    assert len(codes(scene)) == len(PRICES)


def test_the_page_of_the_trade_leads_to_the_room_whoever_may_enter():
    scene = trade_at(Stage.REVIEWING)
    told = {
        kind: f"/trades/{scene.stream}/room/" in Seat(scene, kind).get(f"/trades/{scene.stream}/").content.decode()
        for kind in ("seat2", "supervisor", "centre", "bidder")
    }
    assert told == {"seat2": True, "supervisor": True, "centre": False, "bidder": False}


def test_a_finished_act_of_a_member_leads_back_to_the_room():
    scene = trade_at(Stage.SEATED)
    assert "返回评标室" in Seat(scene, "seat2").do("vote_for_chair", {"seat": "1"}).content.decode()


def test_two_windows_keep_one_sheet():
    scene = trade_at(Stage.SCORING)
    first, second = Seat(scene, "seat2"), Seat(scene, "seat2")
    first.type("score_technical", codes(scene)[0], {"mark_0": "11"})
    second.type("score_technical", codes(scene)[0], {"mark_0": "12"})
    assert Sheet.objects.get().values == {"mark_0": "12"}
    assert first.hand_in("score_technical", codes(scene)[0], {"mark_0": "11"}).status_code == 302
    late = second.hand_in("score_technical", codes(scene)[0], {"mark_0": "12"})
    assert late.status_code == 409
    assert "您已对该投标文件评分" in late.content.decode()


def test_a_clarification_that_is_a_file_is_opened_in_the_room():
    scene = trade_at(Stage.REVIEWING)
    scene.do("ask_clarification", "chair", bid=scene.digest("bidder"), question=scene.kept("工期如何安排？"))
    kept = evidence.keep(PDF_BYTES, media_type="application/pdf")
    paper = scene.signed("bidder", "answer_clarification", content=PDF_BYTES)
    assert paper.evidence == kept
    scene.do("answer_clarification", "bidder", number=1, answer=paper)
    seat = Seat(scene, "seat2")
    page = seat.text()
    assert "工期如何安排？" in page
    assert f'href="{seat.room}files/answer/1/"' in page
    raw = seat.get(f"{seat.room}files/answer/1/raw")
    assert (raw.status_code, raw["Content-Type"], b"".join(raw)) == (200, "application/pdf", PDF_BYTES)
    assert seat.get(f"{seat.room}files/answer/2/raw").status_code == 404
