"""Every refusal, played through the pages: the ground and the remedy are shown, what was typed stays, nothing else
happened. The tables are in `refusals_*.py`; together they name every refusal that the source knows.
"""

import re
from pathlib import Path

import pytest
from django.db import connection

from support.act_pages import Desk, errors, pdf
from support.authoring import AuthorsDesk
from support.refusing import GROUND, Player, is_refused, keeps, known_codes, told
from support.stages import trade_at
from web import refusals_before, refusals_centre, refusals_evaluation, refusals_opening
from web.refusals_elsewhere import AT_THE_ACT, ELSEWHERE, NOT_REACHED, SAME_DOOR
from yangguang.trading.stages import Stage
from yangguang.web.drafts.models import Draft

PLAYS = (*refusals_centre.PLAYS, *refusals_before.PLAYS, *refusals_opening.PLAYS, *refusals_evaluation.PLAYS)
PLAYED = {one.code for one in PLAYS}
TESTS = Path(__file__).resolve().parents[1]
REVIEW = "record_fair_competition_review"

database = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_uploads(settings, tmp_path):
    settings.UPLOADS_ROOT = tmp_path


@database
@pytest.mark.parametrize("play", PLAYS, ids=str)
def test_a_page_refuses(play):
    player = play.ready()
    is_refused(player, play.how(player), play.code)


def matches(pattern, code):
    return re.fullmatch(re.escape(pattern).replace(r"\{\}", ".+"), code) is not None


def test_every_refusal_is_played_or_has_its_reason():
    known = known_codes()
    declared = NOT_REACHED.keys() | ELSEWHERE.keys() | AT_THE_ACT.keys() | SAME_DOOR.keys()
    open_ones = {one for one in known - declared if not any(matches(one, code) for code in PLAYED)}
    assert open_ones == set()
    assert {one for one in declared if one not in known} == set()
    assert {one for one in PLAYED if not any(matches(code, one) for code in known)} == set()
    assert set(SAME_DOOR.values()) <= PLAYED


def test_no_reason_stands_beside_a_play():
    assert (PLAYED & (NOT_REACHED.keys() | SAME_DOOR.keys())) == set()


@pytest.mark.parametrize(("code", "path"), (ELSEWHERE | AT_THE_ACT).items())
def test_who_else_plays_a_refusal_names_it(code, path):
    assert f'"{code}"' in (TESTS / path).read_text(encoding="utf-8")


@database
def test_a_full_disk_loses_nothing_that_was_typed(settings, tmp_path):
    player = Player(trade_at(Stage.REGISTERED), "agency")
    page = player.open(REVIEW)
    (tmp_path / "full").write_text("no folder can be here")
    settings.EVIDENCE_ROOT = tmp_path / "full"
    answer = player.fill(REVIEW, {"review": pdf(), "passed": "yes"}, page=page)
    is_refused(player, answer, "evidence.not_kept")
    assert "您填写的内容和上传的文件已经保存" in answer.content.decode()
    keeps({"passed": "yes"})


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the pragma is SQLite's")
@pytest.mark.django_db(transaction=True)
def test_a_database_that_cannot_save_refuses_and_nothing_was_done():
    player = Player(trade_at(Stage.REGISTERED), "agency")
    check = player.fill(REVIEW, {"review": pdf(), "passed": "yes"})["Location"]
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = ON")
        answer = player.confirm(check)
        cursor.execute("PRAGMA query_only = OFF")
    assert answer.status_code == 503
    is_refused(player, answer, "platform.not_saved")
    assert player.confirm(check).status_code == 302


@database
def test_a_sheet_says_why_it_was_not_kept():
    player = Player(trade_at(Stage.SCORING), "seat2")
    scene = player.scene

    def keep(sheet, about, text):
        path = f"/trades/{scene.stream}/room/{sheet}/{about}/sheet"
        return player.ask(path, f'{{"mark_0": "{text}"}}', content_type="application/json")

    long = keep("score_technical", scene.trade.blind_codes.all()[0].code, "9" * 20_000)
    late = keep("give_opinion", scene.digest("bidder"), "")
    assert [(one.status_code, one.json()["code"]) for one in (long, late)] == [
        (400, "sheet.not_kept"),
        (409, "sheet.over"),
    ]
    assert all("依据：平台规则：评审底稿" in one.json()["reason"] for one in (long, late))


@database
def test_an_unfinished_document_and_one_that_a_colleague_changed_are_refused():
    desk = AuthorsDesk(trade_at(Stage.REVIEWED), "agency")
    unfinished = desk.get(desk.place("notice.pdf"))
    assert "document.unfinished" in told(unfinished), errors(unfinished)
    page = desk.get(desk.place())
    assert desk.send(page=page, title="一").status_code == 302
    stale = desk.send(page=page, address="示例市示例路9号")
    assert stale.status_code == 409
    assert "document.stale" in told(stale)
    assert "示例市示例路9号" in stale.content.decode()


@database
def test_options_of_a_draw_out_of_their_bounds_are_refused_at_their_field():
    desk = AuthorsDesk(trade_at(Stage.REVIEWED), "agency")
    desk.complete()
    desk.send("typed/", family="second_mean")
    page = desk.send("typed/", p_second_mean_drawn_k="0.8、1.5")
    refusal = told(page)["score.drawn.out_of_bounds"]
    assert "1.5 不在 0.8 至 1 之间" in refusal.reason
    assert GROUND.fullmatch(refusal.article)


@database
@pytest.mark.parametrize(
    ("act", "field", "content", "code"),
    [
        ("recognise_root", "certificate", b"-----BEGIN PRIVATE KEY-----", "certificate.private"),
        ("recognise_root", "certificate", b"nothing", "certificate.unreadable"),
        ("update_revocation_list", "revocations", b"nothing", "revocations.unreadable"),
    ],
)
def test_what_is_no_certificate_and_no_list_is_refused_at_its_field(act, field, content, code):
    desk = Desk(trade_at(Stage.REGISTERED), "centre")
    page = desk.fill(act, {field: refusals_centre.uploaded(content)})
    assert page.status_code == 422, errors(page)
    assert "（依据：电子签名法第十三条）。请" in page.content.decode()
    assert page.context["form"].errors.as_data()[field][0].code == code


@database
def test_a_year_that_no_calendar_counts_is_said_at_its_field():
    desk = Desk(trade_at(Stage.EVALUATED), "agency")
    page = desk.fill("publish_candidates", {"until": "9999-12-31T23:59"})
    assert page.status_code == 422, errors(page)
    assert "应为1970年至2999年的时间" in page.content.decode()
    assert Draft.objects.get().answers["until"] == "9999-12-31T23:59"
