"""A lawful example of every act from the draw of the experts to the archive, and of the endings."""

from decimal import Decimal
from typing import Any

from support.scenes import BUSINESS_ITEM, PUBLICITY_UNTIL, TECHNICAL_ITEM, Scene, beijing, contract
from support.stages import (
    REVIEWED_BY_ALL,
    SCORED_BY_ALL,
    SIGNED_BY_ALL,
    draw_experts,
    drop_out,
    give_opinions,
    opinions,
)
from trading.samples_base import HOSTS, TENDERERS, Sample, interested, objects, paper_for, recorded, signs
from yangguang.experts import draws
from yangguang.trading.stages import Stage


def _next_position(scene: Scene, by: str) -> dict[str, Any]:
    return {"position": draws.next_position(scene.current_draw()), "reply": "refused", "reason": "出差"}


def _one_failing(scene: Scene, by: str) -> None:
    give_opinions(scene, failing=("bidder3",))


def _blind_code(scene: Scene) -> str:
    return scene.trade.blind_codes.order_by("pk").values_list("code", flat=True)[0]


def _ready_to_archive(scene: Scene, by: str) -> None:
    scene.do("submit_written_report", "agency", paper=scene.signed("agency", "submit_written_report"))
    for held in scene.trade.guarantees.all():
        scene.do("refund_guarantee", "agency", guarantee=held.pk, amount=Decimal(200_000), interest=Decimal(0))


def _asked(scene: Scene, by: str) -> None:
    scene.do("ask_clarification", "chair", bid=scene.digest("bidder"), question=scene.kept("工期如何安排？"))


def _held(scene: Scene) -> Any:
    return scene.trade.guarantees.order_by("pk")[0]


def _notices(scene: Scene, by: str) -> dict[str, Any]:
    return {name: scene.signed(by, "issue_award_notice", name=name) for name in ("notice", "result")}


EVALUATION = (
    Sample(
        name="record_expert_reply",
        stage=Stage.OPENED,
        by=("centre",),
        before=lambda scene, _: scene.draw(),
        inputs=_next_position,
        shows=lambda scene: scene.current_draw().replies.filter(kind="refused", reason="出差").count() == 1,
        twice="draw.wrong_position",
    ),
    Sample(
        name="form_committee",
        stage=Stage.OPENED,
        by=TENDERERS,
        before=lambda scene, _: draw_experts(scene),
        inputs=lambda scene, _: {"representatives": [scene.cast.representative.person]},
        after=Stage.DRAWN,
        shows=lambda scene: (
            [member.kind for member in scene.trade.members.all()] == ["expert"] * 4 + ["representative"]
        ),
    ),
    Sample(
        name="sign_in_member",
        stage=Stage.DRAWN,
        by=("seat2",),
        shows=lambda scene: scene.trade.members.filter(seat=2, signed_in_at=scene.at).exists(),
        twice="member.signed_in",
    ),
    Sample(
        name="replace_member",
        stage=Stage.DRAWN,
        by=("centre",),
        inputs=lambda *_: {"seat": 2, "reason": "因病不能到场"},
        after=Stage.OPENED,
        shows=lambda scene: scene.current_draw().replies.filter(kind="absent").count() == 1,
    ),
    Sample(
        name="vote_for_chair",
        stage=Stage.SEATED,
        by=("seat2",),
        inputs=lambda *_: {"seat": 1},
        shows=lambda scene: scene.trade.members.filter(seat=2, chair_vote__candidate__seat=1).exists(),
        twice="chair.voted",
    ),
    Sample(
        name="give_opinion",
        stage=Stage.REVIEWING,
        by=("seat2",),
        inputs=lambda scene, _: {"bid": scene.digest("bidder"), **opinions({"formal": "未盖章"})},
        shows=lambda scene: scene.trade.members.filter(seat=2, opinions__reason="未盖章").exists(),
        twice="opinion.given",
    ),
    Sample(
        name="replace_committee_member",
        stage=Stage.REVIEWING,
        by=TENDERERS,
        inputs=lambda *_: {"seat": 2, "ground": "unable", "reason": "突发疾病，不能继续评标"},
        after=Stage.DRAWN,
        shows=lambda scene: scene.trade.members.filter(seat=2, replacement__ground="unable").exists(),
        twice="member.not_seated",
    ),
    Sample(
        name="reject_bid",
        stage=Stage.REVIEWING,
        by=("chair",),
        before=_one_failing,
        inputs=lambda scene, _: {"bid": scene.digest("bidder3"), "ground": "unqualified", "reason": "资质证书过期"},
        shows=lambda scene: scene.trade.bids.filter(rejection__ground="unqualified").count() == 1,
        twice="rejection.twice",
    ),
    Sample(
        name="ask_clarification",
        stage=Stage.REVIEWING,
        by=("chair",),
        inputs=lambda scene, _: {"bid": scene.digest("bidder"), "question": scene.kept("工期如何安排？")},
        shows=lambda scene: scene.trade.bids.filter(clarifications__number=1).count() == 1,
        twice="",
    ),
    Sample(
        name="answer_clarification",
        stage=Stage.REVIEWING,
        by=("bidder",),
        before=_asked,
        inputs=signs("answer", "answer_clarification", number=1),
        shows=lambda scene: scene.trade.bids.filter(clarifications__answer__isnull=False).count() == 1,
        twice="clarification.not_open",
    ),
    Sample(
        name="close_review",
        stage=REVIEWED_BY_ALL,
        by=("chair",),
        after=Stage.SCORING,
        shows=lambda scene: scene.trade.blind_codes.count() == 3,
    ),
    Sample(
        name="score_technical",
        stage=Stage.SCORING,
        by=("seat2",),
        inputs=lambda scene, _: {"code": _blind_code(scene), "marks": {TECHNICAL_ITEM: Decimal("29.5")}},
        shows=lambda scene: scene.trade.members.filter(seat=2, scores__value=Decimal("29.50")).count() == 1,
        twice="score.given",
    ),
    Sample(
        name="score_business",
        stage=Stage.SCORING,
        by=("seat2",),
        inputs=lambda scene, _: {"bid": scene.digest("bidder"), "marks": {BUSINESS_ITEM: Decimal(0)}},
        shows=lambda scene: scene.trade.members.filter(seat=2, scores__value=0).count() == 1,
        twice="score.given",
    ),
    Sample(name="close_scoring", stage=SCORED_BY_ALL, by=("chair",), after=Stage.PRICING),
    Sample(
        name="compute_results",
        stage=Stage.PRICING,
        by=("chair",),
        after=Stage.RANKED,
        shows=lambda scene: (
            [(one.rank, one.recommended) for one in scene.trade.ranking.all()] == [(1, True), (2, True), (3, True)]
        ),
    ),
    Sample(
        name="issue_report",
        stage=Stage.RANKED,
        by=("chair",),
        inputs=lambda scene, by: {"paper": scene.paper("issue_report", by).evidence},
        after=Stage.REPORTING,
    ),
    Sample(
        name="sign_report",
        stage=Stage.REPORTING,
        by=("seat2",),
        inputs=paper_for("sign_report"),
        shows=lambda scene: scene.trade.members.filter(seat=2, report_signature__kind="signed").exists(),
        twice="report.signed",
    ),
    Sample(
        name="dissent_from_report",
        stage=Stage.REPORTING,
        by=("seat2",),
        inputs=signs("opinion", "dissent_from_report"),
        shows=lambda scene: scene.trade.members.filter(seat=2, report_signature__kind="dissent").exists(),
        twice="report.signed",
    ),
    Sample(
        name="refuse_to_sign_report",
        stage=Stage.REPORTING,
        by=("chair",),
        inputs=lambda *_: {"seat": 2},
        shows=lambda scene: scene.trade.members.filter(seat=2, report_signature__kind="refused").exists(),
        twice="report.seat",
    ),
    Sample(name="close_report", stage=SIGNED_BY_ALL, by=("chair",), after=Stage.EVALUATED),
    Sample(
        name="publish_candidates",
        stage=Stage.EVALUATED,
        at=beijing("03-25"),
        by=TENDERERS,
        inputs=signs("paper", "publish_candidates", until=PUBLICITY_UNTIL),
        after=Stage.PUBLICITY,
        shows=lambda scene: (
            scene.trade.publicities.filter(starts=scene.at, until=PUBLICITY_UNTIL).exists()
            and scene.trade.publicity_until == PUBLICITY_UNTIL
        ),
    ),
    Sample(
        name="object_to_result",
        stage=Stage.PUBLICITY,
        by=("supplier", "bidder"),
        inputs=interested("object_to_result"),
        shows=lambda scene: scene.trade.objections.filter(kind="result", interest__isnull=False).count() == 1,
        twice="",
    ),
    Sample(
        name="answer_result_objection",
        stage=Stage.PUBLICITY,
        by=TENDERERS,
        before=objects("object_to_result", "bidder"),
        inputs=signs("answer", "answer_result_objection", number=1),
        shows=lambda scene: scene.trade.objections.filter(kind="result", answered_at=scene.at).exists(),
        twice="objection.not_open",
    ),
    Sample(
        name="record_drop_out",
        stage=Stage.PUBLICITY,
        by=TENDERERS,
        inputs=lambda scene, by: {
            "bidder": scene.actor("bidder").organisation,
            "reason": "gave_up",
            "proof": scene.signed(by, "record_drop_out"),
        },
        shows=lambda scene: scene.trade.ranking.filter(drop_out__reason="gave_up", rank=1).exists(),
        twice="drop_out.unlawful",
    ),
    Sample(
        name="award",
        stage=Stage.PUBLICITY,
        at=beijing("03-31"),
        by=("tenderer",),
        inputs=lambda scene, _: {"bidder": scene.actor("bidder").organisation},
        after=Stage.AWARDED,
        shows=lambda scene: scene.trade.awards.filter(at=scene.at, bid__ranked__rank=1).count() == 1,
    ),
    Sample(
        name="issue_award_notice",
        stage=Stage.AWARDED,
        by=TENDERERS,
        inputs=_notices,
        after=Stage.NOTIFIED,
        shows=lambda scene: scene.trade.awards.filter(notified_at=scene.at).exists(),
    ),
    Sample(
        name="sign_contract",
        stage=Stage.NOTIFIED,
        by=("tenderer",),
        inputs=lambda scene, _: contract(scene),
        after=Stage.CONTRACTED,
        shows=lambda scene: hasattr(scene.trade, "contract") and scene.trade.contract.signed_at == scene.at,
    ),
    Sample(
        name="refund_guarantee",
        stage=Stage.CONTRACTED,
        by=HOSTS,
        inputs=lambda scene, _: {
            "guarantee": _held(scene).pk,
            "amount": Decimal("200000.00"),
            "interest": Decimal("12.34"),
        },
        shows=lambda scene: scene.trade.guarantees.filter(refund__interest=Decimal("12.34")).count() == 1,
        twice="refund.not_open",
    ),
    Sample(
        name="forfeit_guarantee",
        stage=Stage.NOTIFIED,
        by=("tenderer",),
        before=lambda scene, _: drop_out(scene, "bidder"),
        inputs=lambda scene, by: {
            "guarantee": _held(scene).pk,
            "ground": "contract_refused",
            "reason": "中标人书面拒绝订立合同",
            "decision": scene.signed(by, "forfeit_guarantee"),
        },
        shows=lambda scene: scene.trade.guarantees.filter(forfeiture__ground="contract_refused").count() == 1,
        twice="refund.not_open",
    ),
    Sample(
        name="submit_written_report",
        stage=Stage.CONTRACTED,
        by=TENDERERS,
        inputs=signs("paper", "submit_written_report"),
        shows=recorded("submit_written_report"),
        twice="",
    ),
    Sample(
        name="archive_trade", stage=Stage.CONTRACTED, by=("centre",), before=_ready_to_archive, after=Stage.ARCHIVED
    ),
    Sample(
        name="suspend",
        stage=Stage.BIDDING,
        by=("supervisor", "centre"),
        inputs=signs("order", "suspend"),
        after=Stage.SUSPENDED,
        shows=lambda scene: scene.trade.suspended_from == Stage.BIDDING,
    ),
    Sample(
        name="resume",
        stage=Stage.SUSPENDED,
        by=("supervisor", "centre"),
        inputs=signs("order", "resume"),
        after=Stage.BIDDING,
    ),
    Sample(
        name="terminate",
        stage=Stage.BIDDING,
        by=(*TENDERERS, "supervisor"),
        inputs=signs("announcement", "terminate", reason="项目规划调整"),
        after=Stage.TERMINATED,
    ),
)
