"""Witnessing: what answers an item, what may not be written or sent, letters and their numbers, the archive."""

import json
from datetime import timedelta

import pytest

from support.archives import problems_found_by_both, small_archive
from support.rows import refused
from support.stages import MOMENTS, PUBLISHED, WAYS, trade_at
from support.witnessing import REPLY_BY, anomaly, issue, letter_inputs, reply
from trading.act_samples import BY_NAME
from yangguang.rules.witnessing import table
from yangguang.trading.models import Letter
from yangguang.trading.models.tenders import Trade
from yangguang.trading.stages import OPEN_WORKS, Stage
from yangguang.trading.verification import verify_trade
from yangguang.trading.witnessing import next_letter
from yangguang.witness.models import Entry

pytestmark = pytest.mark.django_db

SEALED = {sample.name for sample in BY_NAME.values() if sample.sealed}
SECRET = "值班员看到评委席位三离席十分钟"
BEFORE_THE_LIST = (Stage.REGISTERED, Stage.BIDDING, Stage.CLOSED, Stage.SUSPENDED, Stage.TERMINATED, Stage.TOO_FEW)


def check(scene, item, result="normal", **more):
    return scene.do("register_check", "centre", item=item, result=result, **more)


def test_every_item_stands_at_a_stage_and_is_answered_by_acts_that_nobody_hides():
    acts = {act for _, act in OPEN_WORKS}
    for one in table():
        assert one.stage in set(Stage) - {Stage.ARCHIVED}, one.id
        assert set(one.answered_by) <= acts - SEALED, one.id


def test_what_the_system_records_is_never_typed():
    scene = trade_at(Stage.REVIEWING)
    for result in ("normal", "not_applicable"):
        with refused("witness.other_way"):
            check(scene, "room.signed_in", result)


def test_a_note_or_a_recording_is_not_replaced_by_a_tick_unless_it_does_not_apply():
    scene = trade_at(Stage.REVIEWING)
    for item in ("room.conduct", "room.recorded"):
        with refused("witness.other_way"):
            check(scene, item)
        check(scene, item, "not_applicable")
    with refused("witness.other_way"):
        scene.do("register_note", "centre", item="room.recorded", text="已录像")


def test_something_wrong_is_described():
    scene = trade_at(Stage.REVIEWING)
    with refused("witness.note_missing"):
        check(scene, "room.closed_off", "abnormal", note=" ")
    check(scene, "room.closed_off", "abnormal", note="一名无关人员进入")


def test_a_recording_has_its_times_and_its_digest():
    scene = trade_at(Stage.REVIEWING)
    sample = BY_NAME["register_recording"]
    good = sample.inputs(scene, "centre")
    for changed, code in (
        ({"ends": scene.at + timedelta(seconds=1)}, "recording.times"),
        ({"starts": good["ends"]}, "recording.times"),
        ({"sha256": "5F" * 32}, "recording.digest"),
        ({"room": " "}, "recording.place"),
        ({"file_index": "x" * 201}, "recording.place"),
    ):
        with refused(code):
            scene.do("register_recording", "centre", **good | changed)


@pytest.mark.parametrize("point", BEFORE_THE_LIST)
def test_before_the_list_nobody_outside_is_named_or_written_to_whether_they_bid_or_not(point):
    scene = trade_at(point)
    for outsider in ("bidder1", "bidder5"):
        party = scene.who(outsider)
        for words in (f"收到{party.organisation.name}来电", f"代码{party.code}"):
            with refused("witness.names_outsider", article="第二十二条"):
                scene.do("register_note", "centre", text=words)
            with refused("witness.names_outsider"):
                anomaly(scene, seen=words)
        with refused("letter.addressee"):
            anomaly(scene, concerns=outsider)
    name = scene.cast.tenderer.organisation.name
    scene.do("register_note", "centre", text=f"{name}来人核对场地")


def test_after_the_list_a_bidder_is_written_to_and_answers():
    scene = trade_at(Stage.ANNOUNCED)
    with refused("letter.addressee"):
        anomaly(scene, concerns="supplier")
    issue(scene, to="bidder2")
    theirs = reply(scene, "bidder1")
    with refused("letter.none"):
        scene.do("reply_to_letter", "bidder1", **theirs)
    scene.do("reply_to_letter", "bidder2", **reply(scene, "bidder2"))
    assert scene.data("reply_to_letter") == {"letter": "见证函〔2026〕1号", "late": False}


def test_the_log_does_not_say_what_was_written_to_whom():
    scene = trade_at(Stage.ANNOUNCED)
    scene.do("register_note", "centre", text=SECRET)
    issue(scene, to="bidder2", asks=SECRET)
    anomaly(scene, seen=SECRET, concerns="bidder2")
    scene.do("close_anomaly", "centre", anomaly=2, conclusion=SECRET)
    acts = ("register_note", "register_anomaly", "issue_letter", "close_anomaly")
    entries = Entry.objects.filter(stream=scene.stream, act__in=acts)
    assert entries.count() == 5
    for entry in entries:
        assert SECRET not in entry.payload
        assert scene.actor("bidder2").organisation not in entry.payload
        assert "concealed" in json.loads(entry.payload)["data"]


def test_numbers_run_over_all_trades_of_the_centre_and_begin_anew_each_year():
    scene = trade_at(Stage.REVIEWING)
    issue(scene, to="tenderer")
    issue(scene, to="agency")
    assert list(Letter.objects.values_list("organ", "year", "number")) == [
        (scene.cast.centre.code, 2026, 1),
        (scene.cast.centre.code, 2026, 2),
    ]
    assert next_letter(Trade.objects.get(stream=scene.stream), year=2027) == 1


def test_a_letter_is_the_paper_of_the_house_with_the_number_that_comes_next():
    scene = trade_at(Stage.REVIEWING)
    anomaly(scene)
    early = letter_inputs(scene, to="tenderer")
    issue(scene, to="agency")
    with refused("letter.not_current"):
        scene.do("issue_letter", "centre", **early)
    passed = letter_inputs(scene, to="tenderer", reply_by=scene.at.date().replace(day=1))
    with refused("letter.reply_by"):
        scene.do("issue_letter", "centre", **passed)
    scene.do("issue_letter", "centre", **letter_inputs(scene, to="tenderer"))


def test_an_anomaly_is_closed_when_the_letter_is_answered_or_its_time_is_over():
    scene = trade_at(Stage.REVIEWING)
    issue(scene, to="tenderer")
    issue(scene, to="agency")
    with refused("anomaly.letter_open"):
        scene.do("close_anomaly", "centre", anomaly=1, conclusion="已处理")
    scene.do("reply_to_letter", "agency", **reply(scene, "agency"))
    scene.do("close_anomaly", "centre", anomaly=2, conclusion="已处理")
    scene.at += timedelta(days=(REPLY_BY - scene.at.date()).days + 1)
    scene.do("close_anomaly", "centre", anomaly=1, conclusion="逾期未回复，已报监督部门")
    assert verify_trade(scene.trade) == []


def test_an_oversight_body_and_a_tenderer_answer_while_bids_are_taken():
    scene = trade_at(PUBLISHED)
    for party in ("tenderer", "supervisor", "discipline"):
        issue(scene, to=party)
        scene.do("reply_to_letter", party, **reply(scene, party))
    assert verify_trade(scene.trade) == []


def witnessed(scene):
    """Everything once, and then the way to the archive."""
    check(scene, "contract.bonds", note=SECRET, file=scene.kept("照片"))
    scene.do("register_note", "centre", text=SECRET, file=scene.kept("照片二"))
    inputs = BY_NAME["register_recording"].inputs(scene, "centre")
    scene.do("register_recording", "centre", **inputs)
    issue(scene, to="bidder1")
    scene.do("reply_to_letter", "bidder1", **reply(scene, "bidder1"))
    scene.do("close_anomaly", "centre", anomaly=1, conclusion="已说明")
    anomaly(scene)
    scene.at = MOMENTS[Stage.ARCHIVED]
    WAYS[Stage.ARCHIVED][1](scene)
    assert verify_trade(scene.trade) == []


@pytest.mark.django_db(transaction=True)
def test_both_verifiers_accept_an_archive_with_all_of_it():
    made = small_archive(Stage.CONTRACTED, witnessed)
    assert problems_found_by_both(made) == ([], [])
    opened = json.loads((made / "data/log/opened.json").read_text(encoding="utf-8"))
    assert sum(SECRET in one["text"] for one in opened["concealed"]) == 2
