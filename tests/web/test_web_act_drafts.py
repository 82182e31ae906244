"""Nothing typed is lost and nothing is done twice: clicks, tabs, sessions, connections."""

import json
import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client

from support.act_pages import Desk, draft_pass, errors, hidden, pdf
from support.scenes import ACT, beijing
from support.stages import PUBLISHED, trade_at
from yangguang.trading.models import Objection
from yangguang.trading.stages import Stage
from yangguang.web.drafts.models import Draft
from yangguang.witness.models import Entry

OBJECTION = {"objection_text": "请明确评分标准。"}
REVIEW = "record_fair_competition_review"

pytestmark = pytest.mark.both_databases
database = pytest.mark.django_db


def objector(point=PUBLISHED, by="supplier"):
    return Desk(trade_at(point), by)


@database
def test_a_double_click_on_the_inputs_makes_one_draft():
    desk = objector()
    page = desk.open("object_to_document")
    first, second = (desk.fill("object_to_document", OBJECTION, page=page) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Draft.objects.count() == 1


@database
def test_a_double_click_on_the_confirmation_does_it_once():
    desk = objector()
    check = desk.fill("object_to_document", OBJECTION)["Location"]
    first, second = desk.confirm(check), desk.confirm(check)
    assert (first.status_code, second.status_code) == (302, 302)
    assert first["Location"] == second["Location"] == f"{check}done/"
    assert Objection.objects.count() == 1


@database
def test_the_back_button_after_it_was_done_leads_to_what_was_done():
    desk = objector()
    page = desk.open("object_to_document")
    check = desk.fill("object_to_document", OBJECTION, page=page)["Location"]
    desk.confirm(check)
    again = desk.fill("object_to_document", {"objection_text": "再来一次"}, page=page)
    assert again["Location"] == f"{check}done/"
    assert Objection.objects.count() == 1


@database
def test_the_back_button_before_it_was_done_changes_the_same_draft():
    desk = objector()
    page = desk.open("object_to_document")
    desk.fill("object_to_document", OBJECTION, page=page)
    check = desk.fill("object_to_document", {"objection_text": "改过的内容"}, page=page)["Location"]
    assert "改过的内容" in desk.get(check).content.decode()
    desk.confirm(check)
    assert Objection.objects.count() == 1


@database
def test_what_another_tab_changed_is_not_done_unseen():
    desk = objector()
    page = desk.open("object_to_document")
    check = desk.fill("object_to_document", OBJECTION, page=page)["Location"]
    seen = hidden(desk.get(check), "version")
    desk.fill("object_to_document", {"objection_text": "另一个窗口改的"}, page=page)
    answer = desk.confirm(check, version=seen)
    assert answer.status_code == 409
    assert "这份办理的内容在别的窗口改过" in answer.content.decode()
    assert not Objection.objects.exists()


@database
def test_two_tabs_do_two_things_and_the_act_says_whether_it_may():
    desk = Desk(trade_at(Stage.REGISTERED), "agency")
    first, second = (desk.fill(REVIEW, {"review": pdf(), "passed": "yes"})["Location"] for _ in range(2))
    assert first != second
    assert desk.confirm(first).status_code == 302
    refused = desk.get(second)
    assert refused.status_code == 409
    assert "您填写的内容和上传的文件已经保存" in refused.content.decode()


@database
def test_a_file_has_not_to_be_chosen_again_when_the_form_is_not_complete():
    desk = Desk(trade_at(Stage.REGISTERED), "agency")
    page = desk.fill(REVIEW, {"review": pdf("审查结论.pdf")})
    assert page.status_code == 422
    assert "已收到“审查结论.pdf”，不用再选" in page.content.decode()
    done = desk.fill(REVIEW, {"passed": "yes"}, page=page)
    assert done.status_code == 302, errors(done)
    assert "审查结论.pdf" in desk.get(done["Location"]).content.decode()


@database
def test_a_refused_act_keeps_what_was_typed_and_the_files():
    desk = Desk(trade_at(Stage.REGISTERED), "agency")
    check = desk.fill(REVIEW, {"review": pdf("审查结论.pdf"), "passed": "no"})["Location"]
    refused = desk.confirm(check)
    assert refused.status_code == 409
    assert "公平竞争审查未通过" in refused.content.decode()
    again = desk.get(f"{desk.address(REVIEW)}?draft={check.split('/')[2]}")
    assert "已收到“审查结论.pdf”" in again.content.decode()
    assert 'value="no"' in again.content.decode()
    check = desk.fill(REVIEW, {"passed": "yes"}, page=again)["Location"]
    assert desk.confirm(check).status_code == 302


@database
def test_an_unsigned_file_is_refused_and_can_be_signed_then():
    desk = Desk(trade_at(Stage.REGISTERED), "agency")
    check = desk.fill(REVIEW, {"review": pdf(), "passed": "yes"})["Location"]
    for signatures in ("{}", "[]", "nonsense", json.dumps({"review": {"algorithm": "none"}})):
        refused = desk.confirm(check, signatures=signatures)
        assert refused.status_code == 409
        assert "文件还没有签名" in refused.content.decode()
    assert desk.confirm(check).status_code == 302


@database
def test_somebody_elses_signature_is_refused():
    scene = trade_at(Stage.REGISTERED)
    desk, other = Desk(scene, "agency"), Desk(scene, "tenderer")
    check = desk.fill(REVIEW, {"review": pdf(), "passed": "yes"})["Location"]
    refused = desk.confirm(check, signatures=json.dumps(other.signatures(desk.get(check))))
    assert refused.status_code == 409
    assert scene.trade.stage == Stage.REGISTERED


@database
def test_what_is_sent_after_the_session_ended_waits_for_its_owner():
    desk = Desk(trade_at(Stage.REGISTERED), "agency")
    page = desk.open(REVIEW)
    desk.client.session.flush()
    sent = desk.fill(REVIEW, {"review": pdf("审查结论.pdf"), "passed": "yes"}, page=page)
    assert sent["Location"].startswith("/account/login/?next=")
    draft = Draft.objects.get()
    with desk.now():
        desk.client.force_login(draft.account, backend="yangguang.web.accounts.backends.AccountBackend")
    again = desk.get(f"{desk.address(REVIEW)}?draft={draft.token}")
    assert "已收到“审查结论.pdf”" in again.content.decode()
    assert desk.fill(REVIEW, {"passed": "yes"}, page=again).status_code == 302


@database
def test_a_stranger_leaves_nothing_behind():
    scene = trade_at(PUBLISHED)
    answer = Client().post(f"/trades/{scene.stream}/do/object_to_document/", {**OBJECTION, "draft_pass": "made-up"})
    assert answer["Location"].startswith("/account/login/")
    assert not Draft.objects.exists()


@database
def test_a_page_without_its_token_keeps_what_was_typed():
    desk = objector()
    page = desk.open("object_to_document")
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = desk.client.cookies
    data = {**OBJECTION, "draft_pass": draft_pass(page)}
    with desk.now():
        answer = strict.post(desk.address("object_to_document"), data)
    assert answer.status_code == 302, errors(answer)
    assert OBJECTION["objection_text"] in desk.get(answer["Location"]).content.decode()


@database
def test_what_was_typed_for_an_act_that_came_too_late_is_kept():
    desk = Desk(trade_at(PUBLISHED, at=beijing("03-13", "23:50")), "supplier")
    page = desk.open("object_to_document")
    desk.scene.at += timedelta(minutes=20)
    late = desk.fill("object_to_document", OBJECTION, page=page)
    assert late.status_code == 409
    assert "您填写的内容和上传的文件已经保存" in late.content.decode()
    assert Draft.objects.get().answers == OBJECTION


@database
def test_a_draft_is_shown_to_nobody_else():
    desk = objector()
    check = desk.fill("object_to_document", OBJECTION)["Location"]
    other = Desk(desk.scene, "bidder")
    sha256 = Draft.objects.get().files["objection"]["sha256"]
    for address in (check, f"{check}done/", f"{check}files/{sha256}", f"{check}receipt"):
        assert other.get(address).status_code == 404
    page = other.fill("object_to_document", {}, address=f"{desk.address('object_to_document')}?draft={check}")
    assert OBJECTION["objection_text"] not in page.content.decode()


@database
def test_an_act_that_was_done_before_the_power_went_is_found_by_its_moment():
    desk = objector()
    check = desk.fill("object_to_document", OBJECTION)["Location"]
    desk.confirm(check)
    Draft.objects.update(done_at=None, sequence=None)  # the act committed, the word about it did not
    answer = desk.confirm(check)
    assert answer["Location"] == f"{check}done/"
    assert (Objection.objects.count(), Draft.objects.get().sequence is not None) == (1, True)


@database
def test_while_it_runs_a_second_click_waits_and_after_a_minute_it_may_try_again():
    desk = objector()
    check = desk.fill("object_to_document", OBJECTION)["Location"]
    Draft.objects.update(begun_at=desk.scene.at - timedelta(seconds=5))
    refused = desk.confirm(check)
    assert refused.status_code == 409
    assert "这份办理正在提交" in refused.content.decode()
    Draft.objects.update(begun_at=desk.scene.at - timedelta(minutes=2))
    assert desk.confirm(check).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_two_confirmations_at_once_do_it_once():
    desk = objector()
    check = desk.fill("object_to_document", OBJECTION)["Location"]
    given = {"version": hidden(desk.get(check), "version"), "signatures": "{}"}
    together, answers = threading.Barrier(4), []

    def click():
        together.wait()
        answers.append(desk.client.post(check, given).status_code)
        connection.close()

    with time_machine.travel(desk.scene.at, tick=False):
        clicks = [threading.Thread(target=click) for _ in range(4)]
        for one in clicks:
            one.start()
        for one in clicks:
            one.join()
    assert set(answers) <= {302, 409}
    assert 302 in answers
    assert Entry.objects.filter(stream=desk.scene.stream, act="object_to_document").count() == 1
    assert desk.get(f"{check}done/").status_code == 200


@database
def test_a_paper_of_the_platform_follows_the_records_until_it_is_signed():
    desk = Desk(trade_at(Stage.ANNOUNCED, at=beijing("03-23", "09:31")), "agency")
    check = desk.fill("sign_opening_record", {})["Location"]
    page = desk.get(check)
    before = Draft.objects.get().files["paper"]["sha256"]
    assert f'src="{check}files/{before}"' in page.content.decode()
    scene = desk.scene
    last = scene.at - timedelta(minutes=1)  # raised at the last moment, and not yet written when the paper was
    ACT["object_at_opening"](scene.trade, actor=scene.actor("bidder"), at=last, objection=scene.kept("请说明"))
    answer = scene.signed("agency", "answer_opening_objection")
    ACT["answer_opening_objection"](scene.trade, actor=scene.actor("agency"), at=scene.at, number=1, answer=answer)
    given = {"version": hidden(page, "version"), "signatures": json.dumps(desk.signatures(page))}
    with desk.now():
        refused = desk.client.post(check, given)
    assert refused.status_code == 409
    assert "开标记录与系统记录不一致" in refused.content.decode()
    assert Draft.objects.get().files["paper"]["sha256"] != before
    assert desk.confirm(check).status_code == 302


@database
def test_a_paper_opens_in_a_frame_of_our_own_pages_without_scripts():
    desk = Desk(trade_at(Stage.ANNOUNCED, at=beijing("03-23", "09:31")), "agency")
    check = desk.fill("sign_opening_record", {})["Location"]
    paper = desk.get(f"{check}files/{Draft.objects.get().files['paper']['sha256']}")
    policy = paper["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in policy
    assert "script-src 'none'" in policy
    assert paper["X-Frame-Options"] == "SAMEORIGIN"
    assert "开标记录" in b"".join(paper.streaming_content).decode()
    assert "frame-src 'self'" in desk.get(check)["Content-Security-Policy"]


@database
def test_a_sealed_act_ends_with_its_signed_receipt():
    desk = objector()
    done = desk.do("download_document", {})
    text = done.content.decode()
    assert "封存记录" in text
    assert f"/trades/{desk.scene.stream}/entries/" not in text
    receipt = desk.get(f"/drafts/{Draft.objects.get().token}/receipt")
    assert receipt.status_code == 200
    assert "attachment" in receipt["Content-Disposition"]
