"""Refusals of the evaluation, of the award and of what follows."""

import json
from datetime import timedelta
from decimal import Decimal

from support.act_pages import Desk, draft_pass, hidden, pdf
from support.refusing import Play, act, room, signed_by
from support.scenes import STEPS, TECHNICAL_ITEM, beijing
from support.stages import REVIEWED_BY_ALL, SCORED_BY_ALL, SIGNED_BY_ALL, give_opinions, opinions, refund_all
from web.act_forms import account, code
from yangguang.trading.models import Trade
from yangguang.trading.stages import Stage
from yangguang.web.drafts.models import Draft

PASSES = {f"passes_{step}": "yes" for step in STEPS}
OBJECTION = {"objection_text": "请核对第一名的业绩。"}


def spoken(scene):
    scene.do("give_opinion", "seat2", bid=scene.digest("bidder"), **opinions({}))


def a_code(scene):
    return scene.trade.blind_codes.order_by("code")[0].code


def scored(scene):
    scene.do("score_technical", "seat2", code=a_code(scene), marks={TECHNICAL_ITEM: Decimal(20)})


def low_limit(scene):
    Trade.objects.update(limit_price=1)


def one_fails(scene):
    give_opinions(scene, failing=("bidder3",))


def one_signed(scene):
    scene.do("sign_report", "seat3", paper=scene.paper("sign_report", "seat3"))


def replaced(**given):
    facts = {"seat": "2", "ground": "unable", "reason": "突发疾病，不能继续评标"}
    return act("replace_committee_member", lambda scene: facts | {key: one(scene) for key, one in given.items()})


def objects(scene):
    scene.do("object_to_result", "bidder2", objection=scene.kept("业绩不实"))


def countersigned(scene):
    """The contract waits, and the winner signs it."""
    winner = Desk(scene, "bidder")
    address = f"/trades/{scene.stream}/contract/"
    page = winner.get(address)
    with winner.now():
        winner.client.post(address, {"signatures": json.dumps(winner.signatures(page))})


def unsigned_contract(player):
    """The winner sends the page of the contract without a signature."""
    tenderer = Desk(player.scene, "tenderer")
    assert tenderer.fill("sign_contract", {"contract_text": "质保期两年。"}).status_code == 302
    return player.ask(f"/trades/{player.scene.stream}/contract/", {"signatures": "{}"})


def first_bond(scene):
    return str(scene.trade.guarantees.order_by("pk")[0].pk)


def changed_elsewhere(player):
    """Two tabs with one draft: what the other one changed is not done unseen."""
    page = player.open("resume")
    check = player.fill("resume", {"order_text": "恢复招标。"}, page=page)["Location"]
    seen = player.get(check)
    player.ask(player.address("resume"), {"order_text": "另一个窗口改的", "draft_pass": draft_pass(page)})
    signatures = json.dumps(player.signatures(seen))
    return player.ask(check, {"version": hidden(seen, "version"), "signatures": signatures})


def while_it_runs(player):
    """A second click while the first one is still being done."""
    check = player.fill("resume", {"order_text": "恢复招标。"})["Location"]
    Draft.objects.update(begun_at=player.scene.at - timedelta(seconds=5))
    return player.confirm(check)


PLAYS = (
    Play(code="member.signed_in", point=Stage.DRAWN, by="seat2",
         before=lambda scene: scene.do("sign_in_member", "seat2"), how=act("sign_in_member")),
    Play(code="chair.voted", point=Stage.SEATED, by="seat2",
         before=lambda scene: scene.do("vote_for_chair", "seat2", seat=1), how=act("vote_for_chair")),
    Play(code="chair.only", point=Stage.REVIEWING, by="seat2", how=act("close_review")),
    Play(code="opinion.given", point=Stage.REVIEWING, by="seat2", before=spoken,
         how=room("give_opinion", lambda scene: scene.digest("bidder"), lambda _: PASSES)),
    Play(code="opinion.reason_missing", point=Stage.REVIEWING, by="seat2",
         how=room("give_opinion", lambda scene: scene.digest("bidder"), lambda _: PASSES | {"passes_formal": "no"})),
    Play(code="bid.unknown", point=Stage.REVIEWING, by="seat2",
         how=room("give_opinion", lambda _: "0" * 64, lambda _: PASSES)),
    Play(code="review.unfinished", point=Stage.REVIEWING, by="chair", how=act("close_review")),
    Play(code="review.price_above_limit", point=REVIEWED_BY_ALL, by="chair", before=low_limit, how=act("close_review")),
    Play(code="review.rejection_missing", point=Stage.REVIEWING, by="chair", before=one_fails, how=act("close_review")),
    Play(code="score.given", point=Stage.SCORING, by="seat2", before=scored,
         how=room("score_technical", a_code, lambda _: {"mark_0": "25"})),
    Play(code="stage.wrong", point=SCORED_BY_ALL, by="seat2", how=room(
        "give_opinion", lambda scene: scene.digest("bidder"), lambda _: PASSES)),
    Play(code="scoring.unfinished", point=Stage.SCORING, by="chair", how=act("close_scoring")),
    Play(code="replacement.follower", point=Stage.REVIEWING, by="tenderer",
         how=replaced(representative=lambda scene: account(scene.cast.representative))),
    Play(code="replacement.follower", point=Stage.REVIEWING, by="tenderer",
         how=replaced(seat=lambda _: "5", representative=lambda _: "")),
    Play(code="replacement.report_signed", point=Stage.REPORTING, by="tenderer", before=one_signed,
         how=replaced(representative=lambda _: "")),
    Play(code="report.signed", point=Stage.REPORTING, by="seat3", before=one_signed, how=act("sign_report")),
    Play(code="report.unsigned", point=Stage.REPORTING, by="chair", how=act("close_report")),
    Play(code="signature.not_yours", point=Stage.REPORTING, by="seat2",
         how=act("sign_report", signs=signed_by(lambda scene: scene.who("seat3").signing))),
    Play(code="report.signed", point=SIGNED_BY_ALL, by="seat2",
         how=act("dissent_from_report", lambda _: {"opinion_text": "不同意第一名。"})),
    Play(code="publicity.too_short", point=Stage.EVALUATED, by="agency",
         how=act("publish_candidates", lambda _: {"until": "2026-03-26T23:59"})),
    Play(code="objection.no_interest", point=Stage.PUBLICITY, by="supplier",
         how=act("object_to_result", lambda _: OBJECTION)),
    Play(code="result.objection.too_late", point=Stage.PUBLICITY, by="bidder2", when=beijing("03-31"),
         how=act("object_to_result")),
    Play(code="award.publicity_not_over", point=Stage.PUBLICITY, by="tenderer", how=act("award")),
    Play(code="objection.unanswered", point=Stage.PUBLICITY, by="tenderer", when=beijing("03-31"), before=objects,
         how=act("award")),
    Play(code="objection.not_open", point=Stage.PUBLICITY, by="agency", how=act("answer_result_objection")),
    Play(code="award.out_of_order", point=Stage.PUBLICITY, by="tenderer", when=beijing("03-31"),
         how=act("award", lambda scene: {"bidder": code(scene, "bidder2")})),
    Play(code="draft.outdated", point=Stage.PUBLICITY, by="tenderer", when=beijing("03-31"),
         how=act("award", lambda scene: {"bidder": code(scene)}, meanwhile=lambda scene: scene.do(
             "record_drop_out", "agency", bidder=code(scene), reason="gave_up",
             proof=scene.signed("agency", "record_drop_out")))),
    Play(code="contract.not_countersigned", point=Stage.NOTIFIED, by="tenderer",
         how=act("sign_contract", lambda _: {"contract_text": "质保期两年。"})),
    Play(code="signature.missing", point=Stage.NOTIFIED, by="bidder", how=unsigned_contract),
    Play(code="draft.changed", point=Stage.NOTIFIED, by="tenderer",
         how=act("sign_contract", lambda _: {"contract": pdf("合同.pdf")}, meanwhile=countersigned)),
    Play(code="refund.not_open", point=Stage.CONTRACTED, by="agency", how=act(
        "refund_guarantee", lambda scene: {"guarantee": first_bond(scene), "amount": "1.00", "interest": "0"})),
    Play(code="archive.refunds", point=Stage.CONTRACTED, by="centre", how=act("archive_trade")),
    Play(code="archive.written_report", point=Stage.CONTRACTED, by="centre", before=refund_all,
         how=act("archive_trade")),
    Play(code="resume.deadline", point=Stage.SUSPENDED, by="supervisor", when=beijing("03-24"),
         how=act("resume", lambda _: {"order_text": "恢复招标。", "deadline": "2026-03-23T10:00"})),
    Play(code="draft.changed", point=Stage.SUSPENDED, by="supervisor", how=changed_elsewhere),
    Play(code="draft.running", point=Stage.SUSPENDED, by="supervisor", how=while_it_runs),
    Play(code="access.denied", point=Stage.REVIEWING, by="bidder", how=act("close_review")),
)  # fmt: skip
