"""The clocks of the law at their edges: the last lawful moment is taken, the next one is refused with its article."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest

from support.rows import refused
from support.scenes import AFTER_DEADLINE, DEADLINE, beijing, contract
from support.stages import trade_at
from trading.act_samples import BY_NAME
from yangguang.trading.due import deadlines_of
from yangguang.trading.stages import Stage

pytestmark = pytest.mark.django_db

TICK = timedelta(microseconds=1)
WINDOW_ENDS = beijing("03-23", "09:40")


@dataclass(frozen=True, kw_only=True)
class Edge:
    """An act on both sides of a clock: `good` and `bad` are moments or changed inputs."""

    act: str
    good: object
    bad: object
    code: str
    article: str


EDGES = (
    Edge(
        act="publish_notice",
        good={"sale_until": date(2026, 3, 9)},  # the fifth day, 7 March, is a Saturday: it rolls to Monday
        bad={"sale_until": date(2026, 3, 8)},
        code="tender.document_period.too_short",
        article="招标投标法实施条例第十六条",
    ),
    Edge(
        act="publish_notice",
        good={"deadline": beijing("03-22", "00:00")},
        bad={"deadline": beijing("03-22", "00:00") - TICK},
        code="tender.bid_period.too_short",
        article="招标投标法第二十四条",
    ),
    Edge(
        act="change_document",
        good=(beijing("03-09", "00:00") - TICK, {"deadline": None}),
        bad=(beijing("03-09", "00:00"), {"deadline": None}),
        code="tender.clarification.too_late",
        article="招标投标法实施条例第二十一条",
    ),
    Edge(
        act="change_document",
        good=(beijing("03-10"), {"deadline": beijing("03-25", "00:00")}),
        bad=(beijing("03-10"), {"deadline": beijing("03-25", "00:00") - TICK}),
        code="tender.clarification.too_late",
        article="第二十一条",
    ),
    Edge(
        act="change_document",
        good={"deadline": DEADLINE + TICK, "affects_bids": False},
        bad={"deadline": DEADLINE, "affects_bids": False},
        code="deadline.forward",
        article="第二十一条",
    ),
    Edge(
        act="change_document",
        good=(DEADLINE, {"deadline": None, "affects_bids": False}),
        bad=(DEADLINE + TICK, {"deadline": None, "affects_bids": False}),
        code="deadline.passed",
        article="第二十一条",
    ),
    Edge(
        act="object_to_document",
        good=beijing("03-14", "00:00") - TICK,
        bad=beijing("03-14", "00:00"),
        code="tender.objection.too_late",
        article="招标投标法实施条例第二十二条",
    ),
    *(
        Edge(act=act, good=DEADLINE, bad=DEADLINE + TICK, code="bid.late", article="电子招标投标办法")
        for act in ("submit_bid", "replace_bid", "withdraw_bid", "record_guarantee")
    ),
    Edge(
        act="sign_in_to_opening",
        good=DEADLINE - timedelta(minutes=60),
        bad=DEADLINE - timedelta(minutes=60) - TICK,
        code="opening.sign_in.too_early",
        article="平台规则",
    ),
    Edge(
        act="close_bidding",
        good=DEADLINE + TICK,
        bad=DEADLINE,
        code="deadline.not_passed",
        article="招标投标法第三十四条",
    ),
    Edge(
        act="announce_bidders",
        good=DEADLINE,
        bad=DEADLINE - TICK,
        code="opening.too_early",
        article="招标投标法第三十四条",
    ),
    Edge(act="open_bid", good=WINDOW_ENDS, bad=WINDOW_ENDS + TICK, code="decryption.over", article="办法第三十一条"),
    Edge(
        act="end_decryption",
        good=WINDOW_ENDS + TICK,
        bad=WINDOW_ENDS,
        code="decryption.running",
        article="办法第三十条",
    ),
    Edge(
        act="publish_candidates",
        good={"until": beijing("03-30", "00:00")},  # the third day, 28 March, is a Saturday
        bad={"until": beijing("03-30", "00:00") - TICK},
        code="publicity.too_short",
        article="招标投标法实施条例第五十四条",
    ),
    Edge(
        act="object_to_result",
        good=beijing("03-31", "00:00") - TICK,
        bad=beijing("03-31", "00:00"),
        code="result.objection.too_late",
        article="招标投标法实施条例第五十四条",
    ),
    Edge(
        act="object_to_result",
        good=beijing("03-25", "00:00"),
        bad=beijing("03-25", "00:00") - TICK,
        code="result.objection.too_early",
        article="第五十四条",
    ),
    Edge(
        act="award",
        good=beijing("03-31", "00:00"),
        bad=beijing("03-31", "00:00") - TICK,
        code="award.publicity_not_over",
        article="招标投标法实施条例第五十四条",
    ),
    Edge(
        act="resume",
        good=DEADLINE - TICK,
        bad=DEADLINE,
        code="resume.deadline",
        article="招标投标法实施条例第二十一条",
    ),
    Edge(
        act="resume",
        good=(AFTER_DEADLINE, {"deadline": AFTER_DEADLINE + TICK}),
        bad=(AFTER_DEADLINE, {"deadline": AFTER_DEADLINE}),
        code="resume.deadline",
        article="第二十一条",
    ),
    Edge(
        act="resume",
        good={"deadline": DEADLINE},
        bad={"deadline": DEADLINE - TICK},
        code="resume.deadline",
        article="第二十一条",
    ),
)


def sides(side, *, at):
    """The moment and the changed inputs of one side of an edge."""
    if isinstance(side, tuple):
        return side
    return (side, {}) if isinstance(side, datetime) else (at, side)


def arranged(edge, side):
    """The scene, who acts and with what, on one side of the edge."""
    sample = BY_NAME[edge.act]
    by = sample.by[0]
    scene = sample.scene()
    inputs = sample.inputs(scene, by)
    scene.at, changed = sides(side, at=scene.at)
    return scene, by, {**inputs, **changed}


@pytest.mark.parametrize("edge", EDGES, ids=lambda edge: f"{edge.act}-{edge.code}")
def test_the_last_lawful_moment_is_taken_and_the_next_is_refused(edge):
    scene, by, inputs = arranged(edge, edge.bad)
    with refused(edge.code, article=edge.article):
        scene.do(edge.act, by, **inputs)
    scene.at, changed = sides(edge.good, at=scene.at)
    scene.do(edge.act, by, **{**inputs, **changed})


def late(scene, act):
    """What the newest entry of an act says about lateness."""
    return scene.data(act)["late"]


@pytest.mark.parametrize(("day", "expected"), [("03-27", False), ("03-28", True)])
def test_publicity_begins_within_three_days_of_the_report_or_is_called_late(day, expected):
    sample = BY_NAME["publish_candidates"]
    scene = trade_at(Stage.EVALUATED, at=beijing(day))
    inputs = {**sample.inputs(scene, "agency"), "until": beijing("04-08")}
    scene.do("publish_candidates", "agency", **inputs)
    assert late(scene, "publish_candidates") is expected


@pytest.mark.parametrize(("day", "expected"), [("04-15", False), ("04-16", True)])
def test_a_written_report_after_fifteen_days_is_called_late(day, expected):
    scene = trade_at(Stage.NOTIFIED, at=beijing(day))
    paper = scene.signed("agency", "submit_written_report")
    scene.do("submit_written_report", "agency", paper=paper)
    assert late(scene, "submit_written_report") is expected


@pytest.mark.parametrize(("day", "expected"), [("05-01", False), ("05-06", False), ("05-07", True)])
def test_a_contract_after_thirty_days_is_recorded_and_called_late(day, expected):
    """The thirtieth day is 1 May: the holidays roll it to 6 May."""
    scene = trade_at(Stage.NOTIFIED, at=beijing(day, "23:59"))
    scene.do("sign_contract", "tenderer", **contract(scene))
    assert late(scene, "sign_contract") is expected


@pytest.mark.parametrize("days", [0, 3, 4])
def test_an_answer_says_how_many_days_it_took_and_is_never_refused_for_them(days):
    sample = BY_NAME["answer_document_objection"]
    scene = sample.scene()
    scene.at += timedelta(days=days)
    scene.do(sample.name, "agency", **sample.inputs(scene, "agency"))
    assert scene.data(sample.name)["days"] == days


def test_a_change_moves_the_deadline_for_everybody_and_keeps_the_earlier_version():
    sample = BY_NAME["change_document"]
    scene = sample.scene()
    scene.do(sample.name, "agency", **sample.inputs(scene, "agency"))
    versions = scene.trade.documents.values_list("version", "deadline")
    assert list(versions) == [(1, DEADLINE), (2, beijing("03-25"))]
    scene.at = DEADLINE + timedelta(hours=1)
    scene.bid("bidder1")
    assert scene.trade.bids.get().submitted_at == scene.at


def test_an_unanswered_objection_holds_the_closing_up():
    scene = trade_at(Stage.BIDDING, at=beijing("03-13"))
    scene.do("object_to_document", "supplier", objection=scene.kept("异议"))
    scene.at = AFTER_DEADLINE
    with refused("objection.unanswered", article="第二十二条"):
        scene.do("close_bidding", "clock")


def test_an_objection_answered_before_the_deadline_lets_the_closing_go_on():
    scene = trade_at(Stage.BIDDING, at=beijing("03-13"))
    scene.do("object_to_document", "supplier", objection=scene.kept("异议"))
    scene.at = DEADLINE
    name = "answer_document_objection"
    scene.do(name, "agency", number=1, answer=scene.signed("agency", name))
    scene.at = AFTER_DEADLINE
    scene.do("close_bidding", "clock")
    assert scene.trade.stage == Stage.CLOSED


@pytest.mark.parametrize("answered", [AFTER_DEADLINE, beijing("03-24"), beijing("03-27")])
def test_an_objection_answered_after_the_deadline_asks_for_a_postponement_first(answered):
    scene = trade_at(Stage.BIDDING, at=beijing("03-13"))
    scene.do("object_to_document", "supplier", objection=scene.kept("异议"))
    scene.at = answered
    name = "answer_document_objection"
    scene.do(name, "agency", number=1, answer=scene.signed("agency", name))
    with refused("objection.answered_after_deadline", article="第二十二条"):
        scene.do("close_bidding", "clock")
    name = "change_document"
    change = {"change": scene.signed("agency", name), "terms": scene.terms("agency", name, version=2)}
    change["affects_bids"] = False
    with refused("deadline.forward", article="第二十一条"):
        scene.do("change_document", "agency", **change, deadline=scene.at)
    scene.do("change_document", "agency", **change, deadline=scene.at + timedelta(days=2))
    scene.at += timedelta(days=1)
    scene.bid("bidder4")
    scene.at += timedelta(days=1, seconds=1)
    scene.do("close_bidding", "clock")
    assert scene.trade.stage == Stage.CLOSED


@pytest.mark.parametrize(
    ("stage", "objects", "answers", "blocked", "article"),
    [
        (Stage.ANNOUNCED, "object_at_opening", "answer_opening_objection", "sign_opening_record", "第四十四条"),
        (Stage.PUBLICITY, "object_to_result", "answer_result_objection", "award", "第五十四条"),
    ],
)
def test_an_open_objection_blocks_the_next_step_until_it_is_answered(stage, objects, answers, blocked, article):
    scene = trade_at(stage)
    scene.do(objects, "bidder2", objection=scene.kept("异议"))
    scene.at = BY_NAME[blocked].at or scene.at
    sample = BY_NAME[blocked]
    inputs = sample.inputs(scene, "tenderer")
    with refused("objection.unanswered", article=article):
        scene.do(blocked, "tenderer", **inputs)
    scene.do(answers, "tenderer", number=1, answer=scene.signed("tenderer", answers))
    scene.do(blocked, "tenderer", **sample.inputs(scene, "tenderer"))


def test_the_window_can_be_extended_while_it_runs_and_after_it():
    scene = trade_at(Stage.DECRYPTING)
    scene.do("extend_decryption", "centre", minutes=10, reason="平台故障")
    assert scene.trade.decryption_until == WINDOW_ENDS + timedelta(minutes=10)
    scene.at = WINDOW_ENDS + timedelta(minutes=20)
    scene.do("extend_decryption", "centre", minutes=10, reason="平台故障")
    assert scene.trade.decryption_until == scene.at + timedelta(minutes=10)
    for minutes, reason in ((0, "平台故障"), (-1, "平台故障"), (5, " ")):
        with refused("decryption.extension", article="第三十一条"):
            scene.do("extend_decryption", "centre", minutes=minutes, reason=reason)


def test_the_window_may_end_early_when_every_bid_is_settled():
    scene = trade_at(Stage.DECRYPTING)
    for bidder in ("bidder1", "bidder2"):
        scene.do("open_bid", bidder, unlocked=scene.unlocked(bidder))
    with refused("decryption.running", article="第三十条"):
        scene.do("end_decryption", "agency")
    code = scene.actor("bidder3").organisation
    scene.do("record_decryption_failure", "agency", bidder=code, bidders_fault=False, reason="平台故障")
    scene.do("end_decryption", "agency")
    outcomes = scene.trade.bids.order_by("pk").values_list("opened__outcome", flat=True)
    assert list(outcomes) == ["opened", "opened", "returned"]


def test_a_suspension_gives_back_the_time_to_object_on_the_spot():
    scene = trade_at(Stage.ANNOUNCED)
    scene.at += timedelta(minutes=2)
    scene.do("suspend", "centre", order=scene.signed("centre", "suspend"))
    scene.at += timedelta(hours=1)
    scene.do("resume", "centre", order=scene.signed("centre", "resume"))
    ends = scene.at + timedelta(minutes=3)
    assert [one.moment for one in deadlines_of(scene.trade)] == [ends]
    scene.at = ends
    paper, objection = scene.paper("sign_opening_record", "agency"), scene.kept("异议")
    with refused("opening.objection.running", article="不见面开标异议"):
        scene.do("sign_opening_record", "agency", paper=paper)
    scene.do("object_at_opening", "bidder", objection=objection)
    scene.at = ends + TICK
    with refused("opening.objection.too_late", article="第四十四条"):
        scene.do("object_at_opening", "bidder2", objection=objection)
