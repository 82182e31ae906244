"""What of a trade anybody may read, from when on: the declared table against the acts, the pages and the archive."""

import json

import pytest
from django.test import Client

from support.stages import PUBLISHED, Stage, trade_at
from yangguang.trading import acts as trading_acts
from yangguang.trading.archive import disclosure_of
from yangguang.trading.models import Member, Objection
from yangguang.web.portal.disclosure import files_of
from yangguang.web.portal.telling import TOLD
from yangguang.witness import evidence
from yangguang.witness.acts import ACTS
from yangguang.witness.log import sequence_log
from yangguang.witness.models import Entry

pytestmark = pytest.mark.django_db(transaction=True)

# Every act with files: when its papers are public. Whoever changes the law of the portal changes this line too.
EXPECTED = {
    "register_tender": ["at_once"],
    "correct_rule": ["at_once"],
    "correct_days": ["at_once"],
    "recognise_root": ["at_once"],
    "update_revocation_list": ["at_once"],
    "grant_power": ["never"],
    "record_fair_competition_review": ["at_archive"],
    "publish_notice": ["at_once"],
    "change_document": ["at_once"],
    "object_to_document": ["at_archive"],
    "answer_document_objection": ["at_archive"],
    "open_bid": ["at_archive"],
    "release_rescue_share": ["at_archive"],
    "forfeit_guarantee": ["at_archive"],
    "object_at_opening": ["at_once"],
    "answer_opening_objection": ["at_once"],
    "sign_opening_record": ["at_once"],
    "ask_clarification": ["at_archive"],
    "answer_clarification": ["at_archive"],
    "compute_results": ["at_archive"],
    "issue_report": ["at_archive"],
    "sign_report": ["never"],
    "dissent_from_report": ["never"],
    "publish_candidates": ["at_once"],
    "object_to_result": ["at_archive"],
    "answer_result_objection": ["at_archive"],
    "record_drop_out": ["at_archive"],
    "issue_award_notice": ["at_archive", "at_once"],
    "sign_contract": ["at_archive"],
    "submit_written_report": ["at_archive"],
    "register_check": ["never"],
    "register_note": ["never"],
    "register_anomaly": ["never"],
    "issue_letter": ["never"],
    "reply_to_letter": ["never"],
    "suspend": ["at_archive"],
    "resume": ["at_archive"],
    "terminate": ["at_once"],
}


def addresses(scene):
    """Every file that a public entry of the trade names: its address and the act."""
    for entry in Entry.objects.filter(stream=scene.stream).order_by("sequence"):
        for file in json.loads(entry.payload)["files"]:
            at = f"/trades/{scene.stream}/entries/{entry.sequence}/files/{file['sha256']}"
            yield entry.act, file["name"], at


def fetch(path):
    """Status and body of an answer, which is closed."""
    answer = Client().get(path)
    body = b"".join(answer) if answer.streaming else answer.content
    answer.close()
    return answer.status_code, body.decode(errors="replace")


def open_files(scene):
    """Act and name of each file that can be read now; the others are not found."""
    found = [(act, name, fetch(at)[0]) for act, name, at in addresses(scene)]
    assert {status for _, _, status in found} <= {200, 404}
    return {(act, name) for act, name, status in found if status == 200}


def test_every_act_is_in_the_table_and_none_besides():
    acts = {name for module in trading_acts.__all__ for name in vars(getattr(trading_acts, module)) if name in ACTS}
    assert set(TOLD) == acts


def test_the_table_is_what_was_decided():
    found = {name: [rule.when.value for rule in told.papers] for name, told in TOLD.items() if told.papers}
    assert found == EXPECTED


def test_every_rule_names_its_article():
    assert all(len(rule.article) > 5 for told in TOLD.values() for rule in told.papers)


def test_a_file_of_an_unknown_act_stays_closed():
    payload = {"act": "no_such_act", "data": {}, "files": [{"name": "文件", "sha256": "0" * 64, "size": 1}]}
    assert [one.is_open for one in files_of(payload, archived=True, withheld=())] == [False]


def test_a_paper_that_calls_itself_the_data_of_its_entry_stays_closed():
    payload = {"act": "suspend", "data": {}, "files": [{"name": "记录详情", "sha256": "0" * 64, "size": 1}]}
    assert [one.is_open for one in files_of(payload, archived=False, withheld=())] == [False]


def test_long_data_of_an_entry_is_as_public_as_the_entry():
    payload = {
        "act": "announce_bidders",
        "data": {"in": "0" * 64},
        "files": [{"name": "记录详情", "sha256": "0" * 64, "size": 1}],
    }
    assert [one.is_open for one in files_of(payload, archived=False, withheld=())] == [True]


def test_while_a_trade_runs_only_what_the_law_has_published_can_be_read():
    scene = trade_at(Stage.CONTRACTED)
    assert {act for act, _ in open_files(scene)} == {
        "publish_notice",
        "sign_opening_record",
        "publish_candidates",
        "issue_award_notice",
    }


def test_the_letter_to_the_winner_waits_and_the_result_does_not():
    scene = trade_at(Stage.NOTIFIED)
    names = {name for act, name in open_files(scene) if act == "issue_award_notice"}
    assert names == {"result", "result.sig"}


def test_an_archived_trade_opens_everything_but_what_names_members():
    scene = trade_at(Stage.ARCHIVED)
    closed = {act for act, name, _ in addresses(scene)} - {act for act, _ in open_files(scene)}
    assert closed == {"sign_report"}


def test_an_objection_of_somebody_who_did_not_bid_stays_closed_for_good():
    scene = trade_at(PUBLISHED)
    scene.do("object_to_document", "supplier", objection=scene.kept("异议：某单位"))
    answer = scene.signed("agency", "answer_document_objection", name="答复")
    scene.do("answer_document_objection", "agency", number=1, answer=answer)
    terminate = scene.signed("tenderer", "terminate", name="终止公告")
    scene.do("terminate", "tenderer", announcement=terminate, reason="调整")
    scene.do("archive_trade", "centre")
    assert Objection.objects.get().evidence_id in disclosure_of(scene.trade).withheld
    assert "object_to_document" not in {act for act, _ in open_files(scene)}


def test_keys_and_reports_are_told_to_be_closed_with_the_article():
    scene = trade_at(Stage.RANKED)
    sequence = Entry.objects.get(stream=scene.stream, act="compute_results").sequence
    page = Client().get(f"/trades/{scene.stream}/entries/{sequence}/").content.decode()
    assert "归档后公开" in page
    assert "招标投标法第四十四条" in page


def test_what_an_entry_conceals_stays_concealed_before_the_archive():
    scene = trade_at(Stage.CONTRACTED)
    sequence = Entry.objects.filter(stream=scene.stream, act="score_technical").first().sequence
    assert "归档后公开的内容" not in Client().get(f"/trades/{scene.stream}/entries/{sequence}/").content.decode()


def test_an_archived_entry_shows_what_it_concealed():
    scene = trade_at(Stage.ARCHIVED)
    sequence = Entry.objects.filter(stream=scene.stream, act="score_technical").first().sequence
    assert "归档后公开的内容" in Client().get(f"/trades/{scene.stream}/entries/{sequence}/").content.decode()


def test_no_page_and_no_open_file_names_a_member_of_the_committee():
    scene = trade_at(Stage.ARCHIVED)
    sequence_log(at=scene.at)
    members = scene.trade.members.select_related("person")
    names = [one.person.name for one in members if one.person.name not in Member.Kind.labels]
    marks = [one.person.mark for one in members]
    assert names
    pages = [f"/trades/{scene.stream}/", "/log/", "/feeds/notices.json?after=-1", "/feeds/notices.atom"]
    pages += [f"/trades/{scene.stream}/entries/{one}/" for one in range(1, scene.trade.entries + 1)]
    pages += [at for _, _, at in addresses(scene)]
    for path in pages:
        _, body = fetch(path)
        assert [name for name in names + marks if name in body] == [], path


@pytest.mark.parametrize(
    ("media_type", "how", "shown_as"),
    [
        ("text/html", "inline", "text/html; charset=utf-8"),
        ("application/pdf", "inline", "application/pdf"),
        ("image/svg+xml", "attachment", "application/octet-stream"),
        ("application/javascript", "attachment", "application/octet-stream"),
    ],
)
def test_an_uploaded_page_can_do_nothing_on_our_origin(media_type, how, shown_as):
    scene = trade_at(PUBLISHED)
    bad = evidence.keep(f"<script>{media_type}</script>".encode(), media_type=media_type)
    paper = scene.signed("tenderer", "terminate", name='终止"公告<b>', content=evidence.read(bad.sha256))
    scene.do("terminate", "tenderer", announcement=paper, reason="调整")
    at = next(at for act, name, at in addresses(scene) if act == "terminate" and not name.endswith(".sig"))
    answer, again = Client().get(at), Client().get(f"{at}?download")
    answer.close()
    again.close()
    policy = answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith(f"{how}; filename*=utf-8''")
    assert answer["Content-Type"] == shown_as
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert policy.startswith("sandbox") or shown_as == "application/pdf"
    assert again["Content-Disposition"].startswith("attachment")


def test_a_file_of_another_entry_is_not_found_here():
    scene = trade_at(PUBLISHED)
    stolen = next(at for act, _, at in addresses(scene) if act == "publish_notice").rpartition("/")[2]
    assert Client().get(f"/trades/{scene.stream}/entries/1/files/{stolen}").status_code == 404
