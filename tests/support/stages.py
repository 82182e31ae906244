"""Brings a trade to any stage, cheaply: `trade_at(Stage.SCORING)`.

The way there is walked once in a test run, with the smallest lawful cast (three bidders, five members, one
technical and one business item, one drawn parameter). Every stage is kept as the rows of the whole database, and a test
that asks for the stage gets these rows put back. The database must be empty then, so it asks once, first.
"""

import tempfile
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from support.rescue import rescue_terms
from support.rows import Kept, keep_rows, put_back
from support.scenes import (
    AFTER_DEADLINE,
    BIDDERS,
    BUSINESS_ITEM,
    PRICES,
    PUBLICITY_UNTIL,
    START,
    STEPS,
    TECHNICAL_ITEM,
    Scene,
    beijing,
    contract,
    notice,
    registration,
    short_terms,
)
from yangguang.demo.cast import build_cast
from yangguang.experts import draws
from yangguang.trading.bonds import waiting
from yangguang.trading.stages import Stage

# Points between stages: BIDDING before anybody did anything; everybody's opinions, scores and signatures are in.
PUBLISHED, REVIEWED_BY_ALL, SCORED_BY_ALL, SIGNED_BY_ALL = "published", "opinions", "scores", "signatures"
# DECRYPTING, where the document declares a rescue.
RESCUE = "rescue"

# When a trade arrives at each stage; the committee meets the day after the opening.
MOMENTS = {
    Stage.REGISTERED: START,
    Stage.REVIEWED: beijing("03-02", "10:00"),
    PUBLISHED: beijing("03-03"),
    Stage.BIDDING: beijing("03-20"),
    Stage.CLOSED: AFTER_DEADLINE,
    Stage.LISTED: beijing("03-23", "09:01"),
    Stage.DECRYPTING: beijing("03-23", "09:10"),
    RESCUE: beijing("03-23", "09:15"),
    Stage.DECRYPTED: beijing("03-23", "09:20"),
    Stage.ANNOUNCED: beijing("03-23", "09:25"),
    Stage.OPENED: beijing("03-23", "09:40"),
    Stage.DRAWN: beijing("03-23", "15:00"),
    Stage.SEATED: beijing("03-24"),
    Stage.REVIEWING: beijing("03-24", "09:10"),
    REVIEWED_BY_ALL: beijing("03-24", "10:50"),
    Stage.SCORING: beijing("03-24", "11:00"),
    SCORED_BY_ALL: beijing("03-24", "13:50"),
    Stage.PRICING: beijing("03-24", "14:00"),
    Stage.RANKED: beijing("03-24", "14:10"),
    Stage.REPORTING: beijing("03-24", "14:20"),
    SIGNED_BY_ALL: beijing("03-24", "14:50"),
    Stage.EVALUATED: beijing("03-24", "15:00"),
    Stage.PUBLICITY: beijing("03-25"),
    Stage.AWARDED: beijing("03-31"),
    Stage.NOTIFIED: beijing("04-01"),
    Stage.CONTRACTED: beijing("04-10"),
    Stage.ARCHIVED: beijing("04-15"),
    Stage.SUSPENDED: beijing("03-20", "10:00"),
    Stage.TOO_FEW: beijing("03-23", "09:01"),
    Stage.ALL_REJECTED: beijing("03-24", "11:00"),
    Stage.NO_AWARD: beijing("03-26"),
    Stage.TERMINATED: beijing("03-20", "10:00"),
}


def trade_at(point: str, *, at: datetime | None = None) -> Scene:
    """A trade that has just arrived at a stage (or at `PUBLISHED`), at the moment of its arrival or at `at`."""
    scene = _scene_at(point)
    return Scene(cast=scene.cast, stream=scene.stream, at=at or MOMENTS[point], files=dict(scene.files))


def _scene_at(point: str) -> Scene:
    if point not in _kept():
        _walk_to(point)
    scene, rows = _kept()[point]
    put_back(rows)
    return scene


def _walk_to(point: str) -> None:
    """Walk on from the stage before and keep where one arrives; the walk itself is undone."""
    before, way = WAYS[point]
    with transaction.atomic():
        connection.atomic_blocks[-1]._from_testcase = True  # noqa: SLF001 - else acts want the outermost one
        scene = trade_at(before) if before else Scene(cast=build_cast(START, folder=_folder(), bidders=5, experts=8))
        scene.at = MOMENTS[point]
        way(scene)
        _kept()[point] = (scene, keep_rows())
        transaction.set_rollback(True)


@cache
def _kept() -> dict[str, tuple[Scene, Kept]]:
    return {}


@cache
def _folder() -> Path:
    """Where bidders keep their files for the whole run."""
    return Path(tempfile.mkdtemp(dir=settings.HOME, prefix="stages-"))


def _register(scene: Scene) -> None:
    tender = scene.do("register_tender", "centre", **registration(scene))
    scene.stream = tender.trades.get().stream


def _review(scene: Scene) -> None:
    name = "record_fair_competition_review"
    scene.do(name, "agency", review=scene.signed("agency", name), passed=True)


def _publish(scene: Scene) -> None:
    scene.do("publish_notice", "agency", **notice(scene))


def _bid(scene: Scene) -> None:
    for number, price in enumerate(PRICES, start=1):
        scene.guarantee(f"bidder{number}")
        scene.bid(f"bidder{number}", price=price)
    scene.files |= {"bidder": scene.files["bidder1"], "bidder guarantee": scene.files["bidder1 guarantee"]}


def _start_decryption(scene: Scene) -> None:
    scene.draw()
    scene.do("start_decryption", "agency")


def _decrypt_with_rescue(scene: Scene) -> None:
    scene.at = MOMENTS[PUBLISHED]
    agreed = scene.terms("agency", "publish_notice", content=rescue_terms(scene))
    scene.do("publish_notice", "agency", **notice(scene, terms=agreed))
    walk(scene, PUBLISHED, Stage.DECRYPTING)
    scene.at = MOMENTS[RESCUE]


def _open(scene: Scene) -> None:
    for number in range(1, BIDDERS + 1):
        scene.do("open_bid", f"bidder{number}", unlocked=scene.unlocked(f"bidder{number}"))
    scene.do("end_decryption", "agency")


def _sign_opening_record(scene: Scene) -> None:
    scene.do("sign_opening_record", "tenderer", paper=scene.paper("sign_opening_record", "tenderer"))


def draw_experts(scene: Scene) -> None:
    """Draw experts and have as many accept as the document asks for."""
    scene.draw()
    for _ in range(short_terms()["experts"]):
        position = draws.next_position(scene.current_draw())
        scene.do("record_expert_reply", "centre", position=position, reply="accepted")


def _form_committee(scene: Scene) -> None:
    draw_experts(scene)
    scene.do("form_committee", "tenderer", representatives=[scene.cast.representative.person])


def _sign_in(scene: Scene) -> None:
    for seat in scene.seats():
        scene.do("sign_in_member", seat)


def _vote(scene: Scene) -> None:
    for seat in scene.seats()[:3]:
        scene.do("vote_for_chair", seat, seat=1)


def give_opinions(scene: Scene, *, failing: tuple[str, ...] = ()) -> None:
    """Every member on every bid in every step; the bids of `failing` fail in the first step."""
    bids = {f"bidder{number}": scene.digest(f"bidder{number}") for number in range(1, BIDDERS + 1)}
    for seat in scene.seats():
        for bidder, bid in bids.items():
            fails = {STEPS[0]: "资质不符"} if bidder in failing else {}
            scene.do("give_opinion", seat, bid=bid, **opinions(fails))


def opinions(fails: Mapping[str, str]) -> dict[str, Mapping[str, object]]:
    """What a member says who finds a bid failing in these steps, for these reasons."""
    return {"passes": {step: step not in fails for step in STEPS}, "reasons": fails}


def reject(scene: Scene, *bidders: str) -> None:
    """Reject bids that failed."""
    for bidder in bidders:
        scene.do("reject_bid", "chair", bid=scene.digest(bidder), ground="unqualified", reason="资质证书过期")


def _reject_all(scene: Scene) -> None:
    everyone = tuple(f"bidder{number}" for number in range(1, BIDDERS + 1))
    give_opinions(scene, failing=everyone)
    reject(scene, *everyone)
    scene.do("close_review", "chair")


def _score(scene: Scene) -> None:
    """The first bidder is best in everything, the second next."""
    for code in scene.trade.blind_codes.select_related("bid"):
        place = PRICES.index(code.bid.opened.price)
        for seat in scene.seats():
            scene.do("score_technical", seat, code=code.code, marks={TECHNICAL_ITEM: Decimal(28 - 4 * place)})
            scene.do("score_business", seat, bid=code.bid.evidence_id, marks={BUSINESS_ITEM: Decimal(18 - 4 * place)})


def _issue_report(scene: Scene) -> None:
    scene.do("issue_report", "chair", paper=scene.paper("issue_report", "chair").evidence)


def _sign_report(scene: Scene) -> None:
    for seat in scene.seats():
        scene.do("sign_report", seat, paper=scene.paper("sign_report", seat))


def _publish_candidates(scene: Scene) -> None:
    paper = scene.signed("agency", "publish_candidates", name="中标候选人公示")
    scene.do("publish_candidates", "agency", paper=paper, until=PUBLICITY_UNTIL)


def _award(scene: Scene) -> None:
    scene.do("award", "tenderer", bidder=scene.actor("bidder").organisation)


def _notify(scene: Scene) -> None:
    papers = {name: scene.signed("tenderer", "issue_award_notice", name=name) for name in ("notice", "result")}
    scene.do("issue_award_notice", "tenderer", **papers)


def _finish(scene: Scene) -> None:
    paper = scene.signed("agency", "submit_written_report", name="书面报告")
    scene.do("submit_written_report", "agency", paper=paper)
    refund_all(scene)
    scene.do("archive_trade", "centre")


def refund_all(scene: Scene) -> None:
    """Return every bond that waits, with interest."""
    for held in waiting(scene.trade).order_by("pk"):
        scene.do("refund_guarantee", "agency", guarantee=held.pk, amount=Decimal(200_000), interest=Decimal("12.30"))


def drop_out(scene: Scene, bidder: str, reason: str = "gave_up") -> None:
    """Record that a candidate drops out."""
    proof = scene.signed("tenderer", "record_drop_out", name=f"{bidder}放弃中标声明")
    scene.do("record_drop_out", "tenderer", bidder=scene.actor(bidder).organisation, reason=reason, proof=proof)


def _all_drop_out(scene: Scene) -> None:
    for number in range(1, BIDDERS + 1):
        drop_out(scene, f"bidder{number}")


def _too_few(scene: Scene) -> None:
    scene.at = MOMENTS[Stage.BIDDING]
    scene.bid("bidder1")
    scene.guarantee("bidder1")
    scene.at = AFTER_DEADLINE
    scene.do("close_bidding", "clock")
    scene.at = MOMENTS[Stage.TOO_FEW]
    scene.do("announce_bidders", "agency")


def _suspend(scene: Scene) -> None:
    scene.do("suspend", "supervisor", order=scene.signed("supervisor", "suspend", name="暂停通知书"))


def _terminate(scene: Scene) -> None:
    paper = scene.signed("tenderer", "terminate", name="终止公告")
    scene.do("terminate", "tenderer", announcement=paper, reason="项目规划调整")


# How one gets to each point: from where, and by what.
WAYS: dict[str, tuple[str, Callable[[Scene], Any]]] = {
    Stage.REGISTERED: ("", _register),
    Stage.REVIEWED: (Stage.REGISTERED, _review),
    PUBLISHED: (Stage.REVIEWED, _publish),
    Stage.BIDDING: (PUBLISHED, _bid),
    Stage.CLOSED: (Stage.BIDDING, lambda scene: scene.do("close_bidding", "clock")),
    Stage.LISTED: (Stage.CLOSED, lambda scene: scene.do("announce_bidders", "agency")),
    Stage.DECRYPTING: (Stage.LISTED, _start_decryption),
    RESCUE: (Stage.REVIEWED, _decrypt_with_rescue),
    Stage.DECRYPTED: (Stage.DECRYPTING, _open),
    Stage.ANNOUNCED: (Stage.DECRYPTED, lambda scene: scene.do("announce_bids", "agency")),
    Stage.OPENED: (Stage.ANNOUNCED, _sign_opening_record),
    Stage.DRAWN: (Stage.OPENED, _form_committee),
    Stage.SEATED: (Stage.DRAWN, _sign_in),
    Stage.REVIEWING: (Stage.SEATED, _vote),
    REVIEWED_BY_ALL: (Stage.REVIEWING, give_opinions),
    Stage.SCORING: (REVIEWED_BY_ALL, lambda scene: scene.do("close_review", "chair")),
    SCORED_BY_ALL: (Stage.SCORING, _score),
    Stage.PRICING: (SCORED_BY_ALL, lambda scene: scene.do("close_scoring", "chair")),
    Stage.RANKED: (Stage.PRICING, lambda scene: scene.do("compute_results", "chair")),
    Stage.REPORTING: (Stage.RANKED, _issue_report),
    SIGNED_BY_ALL: (Stage.REPORTING, _sign_report),
    Stage.EVALUATED: (SIGNED_BY_ALL, lambda scene: scene.do("close_report", "chair")),
    Stage.PUBLICITY: (Stage.EVALUATED, _publish_candidates),
    Stage.AWARDED: (Stage.PUBLICITY, _award),
    Stage.NOTIFIED: (Stage.AWARDED, _notify),
    Stage.CONTRACTED: (Stage.NOTIFIED, lambda scene: scene.do("sign_contract", "tenderer", **contract(scene))),
    Stage.ARCHIVED: (Stage.CONTRACTED, _finish),
    Stage.SUSPENDED: (Stage.BIDDING, _suspend),
    Stage.TOO_FEW: (PUBLISHED, _too_few),
    Stage.ALL_REJECTED: (Stage.REVIEWING, _reject_all),
    Stage.NO_AWARD: (Stage.PUBLICITY, _all_drop_out),
    Stage.TERMINATED: (Stage.BIDDING, _terminate),
}


def walk(scene: Scene, start: str, end: str) -> None:
    """Go the usual way from one point to another with the scene as it is, each step at its usual moment."""
    before, way = WAYS[end]
    if before != start:
        walk(scene, start, before)
    scene.at = MOMENTS[end]
    way(scene)
