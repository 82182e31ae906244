"""Every act: done by each who may, refused to everybody else, at every other stage and a second time."""

import json

import pytest

from support.rows import code_of, refused, unchanged
from support.scenes import ACT, registration
from support.stages import PUBLISHED, trade_at
from trading.act_samples import BY_NAME, SAMPLES
from yangguang.ledger.stages import UNIT_ACTS
from yangguang.rules.refusal import Refused
from yangguang.trading.models import Centre, Tender
from yangguang.trading.models.tenders import CENTRE_ACTS
from yangguang.trading.stages import OPEN_WORKS, Stage
from yangguang.witness.acts import ACTS
from yangguang.witness.models import Entry, Pending, SealedEntry

pytestmark = pytest.mark.django_db

TENDERERS, HOSTS = {"tenderer", "agency"}, {"tenderer", "agency", "centre"}
SUPPLIERS, DRAWERS = {"supplier", "bidder"}, {"centre", "tenderer", "supervisor"}
KINDS = (
    "centre",
    "tenderer",
    "agency",
    "supervisor",
    "discipline",
    "other supervisor",
    "supplier",
    "bidder",
    "chair",
    "seat2",
    "expert",
    "clock",
    "stranger",
)
MEMBERS = {"chair", "seat2"}

# Who may do what: everything that is not written here is refused.
PERMITTED = {
    "register_tender": {"centre"},
    "correct_rule": {"centre"},
    "correct_days": {"centre"},
    "recognise_root": {"centre"},
    "withdraw_root": {"centre"},
    "update_revocation_list": {"centre"},
    "apply_to_register": set(KINDS),
    "confirm_organisation": {"centre"},
    "reject_organisation": {"centre"},
    "register_certificate": {"centre"},
    "end_certificate": {"centre"},
    "grant_power": {"centre"},
    "end_power": {"centre"},
    "record_fair_competition_review": TENDERERS,
    "publish_notice": TENDERERS,
    "download_document": SUPPLIERS,
    "change_document": TENDERERS,
    "object_to_document": SUPPLIERS,
    "answer_document_objection": TENDERERS,
    "record_guarantee": SUPPLIERS,
    "submit_bid": SUPPLIERS,
    "replace_bid": {"bidder"},
    "withdraw_bid": {"bidder"},
    "sign_in_to_opening": {"bidder"},
    "close_bidding": {"clock"},
    "announce_bidders": HOSTS,
    "open_draw": {"centre"},
    "commit_to_draw": DRAWERS,
    "reveal_for_draw": DRAWERS,
    "complete_draw": {"centre"},
    "start_decryption": HOSTS,
    "open_bid": HOSTS | {"bidder"},
    "request_rescue": {"bidder"},
    "release_rescue_share": {"centre", "tenderer", "supervisor"},
    "record_decryption_failure": HOSTS,
    "extend_decryption": HOSTS,
    "end_decryption": HOSTS | {"clock"},
    "announce_bids": HOSTS,
    "object_at_opening": {"bidder"},
    "answer_opening_objection": TENDERERS,
    "sign_opening_record": TENDERERS,
    "record_expert_reply": {"centre"},
    "form_committee": TENDERERS,
    "sign_in_member": MEMBERS,
    "replace_member": {"centre"},
    "replace_committee_member": TENDERERS,
    "vote_for_chair": MEMBERS,
    "give_opinion": MEMBERS,
    "reject_bid": MEMBERS,
    "ask_clarification": MEMBERS,
    "answer_clarification": {"bidder"},
    "close_review": MEMBERS,
    "score_technical": MEMBERS,
    "score_business": MEMBERS,
    "close_scoring": MEMBERS,
    "compute_results": MEMBERS,
    "issue_report": MEMBERS,
    "sign_report": MEMBERS,
    "dissent_from_report": MEMBERS,
    "refuse_to_sign_report": MEMBERS,
    "close_report": MEMBERS,
    "publish_candidates": TENDERERS,
    "object_to_result": SUPPLIERS,
    "answer_result_objection": TENDERERS,
    "record_drop_out": TENDERERS,
    "award": {"tenderer"},
    "issue_award_notice": TENDERERS,
    "sign_contract": {"tenderer"},
    "refund_guarantee": HOSTS | {"clock"},
    "forfeit_guarantee": {"tenderer"},
    "submit_written_report": TENDERERS,
    "archive_trade": {"centre"},
    "register_check": {"centre"},
    "register_note": {"centre"},
    "register_recording": {"centre"},
    "register_anomaly": {"centre"},
    "issue_letter": {"centre"},
    "reply_to_letter": TENDERERS | {"supervisor", "discipline", "bidder"},
    "close_anomaly": {"centre"},
    "suspend": {"supervisor", "centre"},
    "resume": {"supervisor", "centre"},
    "terminate": TENDERERS | {"supervisor"},
}
CHAIR_ONLY = (
    "reject_bid",
    "ask_clarification",
    "close_review",
    "close_scoring",
    "compute_results",
    "issue_report",
    "refuse_to_sign_report",
    "close_report",
)
EACH = pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
EACH_BY = pytest.mark.parametrize(
    ("sample", "by"), [pytest.param(one, by, id=f"{one.name}-{by}") for one in SAMPLES for by in one.by]
)


def test_every_act_has_its_sample_and_its_line_in_the_matrix():
    names = {name for name in ACTS if not name.startswith("test_") and name not in UNIT_ACTS}
    assert {one.name for one in SAMPLES} | CENTRE_ACTS == names == set(ACT) == set(PERMITTED)


@EACH_BY
def test_it_changes_the_state_and_leaves_one_entry(sample, by):
    scene = sample.scene(by)
    inputs = sample.inputs(scene, by)
    # What an act needs from an earlier act of the same name is already there: only one more may come.
    kind = SealedEntry if sample.sealed else Entry
    stage = scene.trade.stage
    counts = (Entry.objects.count(), SealedEntry.objects.count(), Pending.objects.count())
    assert sample.name == "reveal_for_draw" or not sample.seen(scene)
    entry = scene.do(sample.name, by, **inputs)
    assert sample.seen(scene)
    assert scene.trade.stage == (sample.after or stage)
    more = (0, 1, 0) if sample.sealed else (1, 0, 1)
    assert (Entry.objects.count(), SealedEntry.objects.count(), Pending.objects.count()) == tuple(
        map(sum, zip(counts, more, strict=True))
    )
    assert kind.objects.latest("pk") == entry
    payload = json.loads(entry.payload)
    assert (payload["act"], payload["from"], payload["to"]) == (sample.name, stage, sample.after or stage)
    assert (entry.stream, entry.at) == (scene.stream, scene.at)


@EACH
def test_a_second_time_is_refused_or_lawful_as_declared(sample):
    by = sample.by[0]
    scene = sample.scene(by)
    inputs = sample.inputs(scene, by)
    scene.do(sample.name, by, **inputs)
    if sample.twice:
        with refused(sample.twice):
            scene.do(sample.name, by, **inputs)
    else:
        scene.do(sample.name, by, **inputs)


@EACH
def test_whoever_may_not_is_refused_at_the_very_stage(sample):
    scene = sample.scene()
    inputs = sample.inputs(scene, sample.by[0])
    seated = scene.trade.members.exists()
    others = [kind for kind in KINDS if kind not in PERMITTED[sample.name] and (seated or kind not in MEMBERS)]
    if sample.stage == PUBLISHED:
        others = [kind for kind in others if kind != "bidder"]  # nobody has a bid yet
    assert len(others) >= 5
    with unchanged():
        answers = {kind: code_of(lambda kind=kind: scene.do(sample.name, kind, **inputs)) for kind in others}
    assert answers == dict.fromkeys(others, "access.denied")


def test_the_matrix_of_permissions_is_exactly_the_one_declared_here():
    """At the end of a trade nothing is possible any more: whoever may is told the stage, everybody else the role."""
    scene = trade_at(Stage.ARCHIVED)
    with unchanged():
        answers = {
            name: {kind: code_of(lambda kind=kind, name=name: scene.do(name, kind)) for kind in KINDS}
            for name in PERMITTED
            if name not in CENTRE_ACTS
        }
    allowed = {name: {kind for kind, code in by.items() if code != "access.denied"} for name, by in answers.items()}
    # This trade's document declares no rescue, so nobody is a trustee.
    at_the_centre = {name: PERMITTED[name] for name in CENTRE_ACTS}
    assert {**at_the_centre, **allowed} == {**PERMITTED, "release_rescue_share": set()}
    assert {code for by in answers.values() for code in by.values()} == {"access.denied", "stage.wrong"}


@pytest.mark.parametrize("point", list(Stage))
def test_an_act_of_another_stage_is_refused(point):
    scene = trade_at(point)
    actors = {sample.name: sample.by[0] for sample in SAMPLES}
    seated, with_bids = scene.trade.members.exists(), scene.trade.bids.exists()
    others = [name for name in actors if (point, name) not in OPEN_WORKS]
    with unchanged():
        answers = {
            name: code_of(
                lambda name=name: scene.do(name, actors[name] if seated or actors[name] not in MEMBERS else "expert")
            )
            for name in others
        }
    for name, code in answers.items():
        has_role = (seated or actors[name] not in MEMBERS) and (with_bids or actors[name] != "bidder")
        has_role = has_role and name != "release_rescue_share"  # nobody is a trustee here
        assert code == ("stage.wrong" if has_role else "access.denied"), name
    assert len(others) >= 40


@pytest.mark.parametrize("name", CHAIR_ONLY)
def test_a_member_who_does_not_chair_is_refused(name):
    sample = BY_NAME[name]
    scene = sample.scene()
    inputs = sample.inputs(scene, "chair")
    with refused("chair.only", article="评标"):
        scene.do(name, "seat2", **inputs)


def test_the_stage_that_is_refused_says_when_the_act_is_possible():
    scene = trade_at(Stage.REGISTERED)
    with pytest.raises(Refused) as caught:
        scene.do("archive_trade", "centre")
    (refusal,) = caught.value.refusals
    assert "进场登记" in refusal.reason
    assert "合同已签订" in refusal.remedy


def test_registration_gives_codes_and_opens_one_stream_a_lot():
    scene = trade_at(Stage.REGISTERED)
    trade = scene.trade
    assert trade.stream.startswith(f"A01-{scene.cast.centre.code}-20260302-")
    assert trade.lot_code == f"{trade.tender.code}001"
    assert (trade.stage, trade.entries, trade.tender.registered_at) == (Stage.REGISTERED, 0, scene.at)
    entry = Entry.objects.get(act="register_tender")
    assert trade.head == entry.leaf_hash
    assert entry.stream == scene.cast.centre.stream


def test_only_the_centres_own_staff_registers():
    scene = trade_at(Stage.REGISTERED)
    kinds = [kind for kind in KINDS if kind not in MEMBERS | {"centre"}]
    inputs = registration(scene)
    with unchanged():
        answers = {code_of(lambda kind=kind: scene.do("register_tender", kind, **inputs)) for kind in kinds}
    assert answers == {"access.denied"}
    assert (Tender.objects.count(), Centre.objects.get().registrations) == (1, 2)
