"""What is said to be possible is, and what is said to be impossible is refused by the act for the same reason."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from support.scenes import DEADLINE, beijing
from support.stages import PUBLISHED, refund_all, trade_at
from trading.act_samples import BY_NAME, SAMPLES
from yangguang.experts.models import Expert
from yangguang.rules.refusal import Refused
from yangguang.trading.preconditions import ASKED, OPENS, hindrances, possible_from
from yangguang.trading.stages import OPEN_WORKS, Stage

pytestmark = pytest.mark.django_db


def asked(scene, name, by):
    return tuple(one.code for one in hindrances(name, scene.trade, actor=scene.actor(by), at=scene.at))


def test_only_acts_of_the_stage_table_have_preconditions():
    assert set(ASKED) <= {act for _, act in OPEN_WORKS}
    assert set(OPENS) <= set(ASKED)


@pytest.mark.parametrize(("name", "by"), [(one.name, by) for one in SAMPLES for by in one.by])
def test_what_can_be_done_is_not_hindered(name, by):
    assert asked(BY_NAME[name].scene(by), name, by) == ()


@dataclass(frozen=True, kw_only=True)
class Hindered:
    """An act that lacks something, by whom, and from when on it is possible, where only time is lacking."""

    name: str
    by: str
    code: str
    stage: str = ""
    at: object = None
    before: object = None
    opens: object = None

    def scene(self):
        sample = BY_NAME[self.name]
        if self.before:
            scene = trade_at(self.stage or sample.stage, at=self.at)
            self.before(scene)
            return scene
        return trade_at(self.stage or sample.stage, at=self.at)


def again(name, by):
    """The act's own example, done once already."""
    sample = BY_NAME[name]

    def before(scene):
        sample.before(scene, by)
        scene.do(name, by, **sample.inputs(scene, by))

    return before


def committed(scene):
    scene.do("open_draw", "centre")


def objected(act, by):
    return lambda scene: scene.do(act, by, objection=scene.kept("请说明"))


CASES = (
    Hindered(
        name="change_document", by="agency", stage=PUBLISHED, at=DEADLINE + timedelta(seconds=1), code="deadline.passed"
    ),
    Hindered(
        name="download_document", by="supplier", stage=PUBLISHED, at=beijing("03-10"), code="tender.document_sale.over"
    ),
    Hindered(name="object_to_document", by="supplier", at=beijing("03-14"), code="tender.objection.too_late"),
    Hindered(name="answer_document_objection", by="agency", code="objection.not_open"),
    Hindered(name="record_guarantee", by="supplier", at=DEADLINE + timedelta(seconds=1), code="bid.late"),
    Hindered(name="submit_bid", by="bidder", stage=Stage.BIDDING, code="bid.already_submitted"),
    Hindered(name="replace_bid", by="bidder", at=DEADLINE + timedelta(seconds=1), code="bid.late"),
    Hindered(name="withdraw_bid", by="bidder", at=DEADLINE + timedelta(seconds=1), code="bid.late"),
    Hindered(
        name="sign_in_to_opening",
        by="bidder",
        at=beijing("03-22"),
        code="opening.sign_in.too_early",
        opens=DEADLINE - timedelta(hours=1),
    ),
    Hindered(
        name="sign_in_to_opening",
        by="bidder",
        at=DEADLINE - timedelta(minutes=5),
        before=again("sign_in_to_opening", "bidder"),
        code="sign_in.twice",
    ),
    Hindered(name="open_draw", by="centre", before=committed, code="draw.no_parameter"),
    Hindered(name="open_draw", by="centre", stage=Stage.OPENED, before=committed, code="draw.running"),
    Hindered(
        name="open_draw",
        by="centre",
        stage=Stage.OPENED,
        before=lambda _: Expert.objects.update(active=False),
        code="draw.pool_empty",
    ),
    Hindered(name="commit_to_draw", by="centre", before=again("commit_to_draw", "centre"), code="draw.committed"),
    Hindered(name="complete_draw", by="centre", before=committed, code="draw.not_ready"),
    Hindered(name="complete_draw", by="centre", before=lambda scene: scene.draw(), code="draw.completed"),
    Hindered(name="start_decryption", by="agency", code="draw.parameters_missing"),
    Hindered(
        name="end_decryption",
        by="agency",
        at=beijing("03-23", "09:10"),
        code="decryption.running",
        opens=beijing("03-23", "09:40"),
    ),
    Hindered(name="answer_opening_objection", by="agency", code="objection.not_open"),
    Hindered(
        name="sign_opening_record",
        by="agency",
        before=objected("object_at_opening", "bidder"),
        code="objection.unanswered",
        opens=beijing("03-23", "09:30"),
    ),
    Hindered(name="object_at_opening", by="bidder", at=beijing("03-23", "09:31"), code="opening.objection.too_late"),
    Hindered(
        name="sign_opening_record",
        by="agency",
        at=beijing("03-23", "09:30"),
        code="opening.objection.running",
        opens=None,
    ),
    Hindered(name="record_expert_reply", by="centre", code="draw.none"),
    Hindered(name="sign_in_member", by="seat2", before=again("sign_in_member", "seat2"), code="member.signed_in"),
    Hindered(name="vote_for_chair", by="seat2", before=again("vote_for_chair", "seat2"), code="chair.voted"),
    Hindered(name="reject_bid", by="seat2", code="chair.only"),
    Hindered(name="close_review", by="chair", stage=Stage.REVIEWING, code="review.unfinished"),
    Hindered(name="close_scoring", by="chair", stage=Stage.SCORING, code="scoring.unfinished"),
    Hindered(name="sign_report", by="seat2", before=again("sign_report", "seat2"), code="report.signed"),
    Hindered(name="close_report", by="chair", stage=Stage.REPORTING, code="report.unsigned"),
    Hindered(name="object_to_result", by="bidder", at=beijing("03-31"), code="result.objection.too_late"),
    Hindered(name="answer_result_objection", by="agency", code="objection.not_open"),
    Hindered(name="refund_guarantee", by="centre", stage=Stage.CONTRACTED, before=refund_all, code="refund.not_open"),
    Hindered(
        name="award",
        by="tenderer",
        at=beijing("03-26"),
        code="award.publicity_not_over",
        opens=beijing("03-31", "00:00"),
    ),
    Hindered(
        name="award",
        by="tenderer",
        at=beijing("03-26"),
        before=objected("object_to_result", "bidder"),
        code="objection.unanswered",
        opens=beijing("03-31", "00:00"),
    ),
    Hindered(name="refund_guarantee", by="centre", stage=Stage.BIDDING, code="access.denied"),
    Hindered(name="forfeit_guarantee", by="tenderer", before=lambda _: None, code="forfeiture.not_shown"),
    Hindered(name="archive_trade", by="centre", code="archive.refunds"),
    Hindered(name="request_rescue", by="bidder", stage=Stage.DECRYPTING, code="rescue.not_declared"),
    Hindered(name="request_rescue", by="bidder", before=again("request_rescue", "bidder"), code="rescue.requested"),
    Hindered(name="release_rescue_share", by="centre", code="rescue.not_requested", before=lambda _: None),
    Hindered(
        name="release_rescue_share",
        by="centre",
        before=again("release_rescue_share", "centre"),
        code="rescue.released",
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.name}-{case.code}")
def test_what_is_hindered_is_refused_by_the_act_for_the_same_reason(case):
    scene = case.scene()
    assert asked(scene, case.name, case.by) == (case.code,)
    assert possible_from(case.name, scene.trade, at=scene.at) == case.opens
    with pytest.raises(Refused) as caught:  # some need what is lacking for their inputs, and are refused there
        scene.do(case.name, case.by, **BY_NAME[case.name].inputs(scene, case.by))
    assert case.code in caught.value.codes


def test_asking_writes_nothing():
    scene = trade_at(Stage.PUBLICITY)
    before = scene.trade.entries
    assert asked(scene, "award", "tenderer") == ("award.publicity_not_over",)
    assert scene.trade.entries == before
