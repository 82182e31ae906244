"""定标: the candidates' publicity, objections, drop-outs, the award by law and the notices."""

from datetime import datetime

from yangguang.parties.signing import SignedFile, check_signed, named_files
from yangguang.rules.calendar import legal_date
from yangguang.rules.checks import outcome
from yangguang.rules.checks.outcome import (
    DropOutReason,
    check_award_order,
    check_candidates,
    check_notice_reaches_all,
    check_publicity,
    check_publicity_start,
    check_result_objection_time,
    check_standstill,
)
from yangguang.rules.refusal import Refusal, refuse_if
from yangguang.trading.acts.documents import (
    INTEREST,
    OBJECTION_ARTICLES,
    raise_objection,
    require_answered,
    settle_objection,
)
from yangguang.trading.models import Award, DropOut, Objection, Publicity, Trade
from yangguang.trading.models.bids import standing_bids
from yangguang.trading.readings import current_award, recommended
from yangguang.trading.roles import TENDERERS, Role
from yangguang.trading.stages import Stage
from yangguang.witness.actor import Actor
from yangguang.witness.acts import act
from yangguang.witness.guards import REGULATION, found_or_refuse, refuse_unless
from yangguang.witness.models import Entry, Evidence
from yangguang.witness.record import record, utc_text


@act("publish_candidates", by=TENDERERS)
def publish_candidates(trade: Trade, *, actor: Actor, at: datetime, paper: SignedFile, until: datetime) -> Entry:
    """公示中标候选人: at least three days, with prices and ranks (条例第五十四条).

    It should begin within three days of the report; when it begins later that is said in the entry.
    """
    candidates = recommended(trade)
    ranked = [outcome.Candidate(bidder=one.bid.bidder.code, rank=one.rank) for one in candidates]
    law = trade.kept_law()
    refuse_if(
        check_signed(file=paper, act="publish_candidates", stream=trade.stream, actor=actor, at=at),
        check_candidates(law=law, candidates=ranked),
        check_publicity(law=law, starts_on=legal_date(at), ends_on=legal_date(until)),
    )
    late = check_publicity_start(law=law, report_on=legal_date(_report_closed(trade)), starts_on=legal_date(at))
    _open_publicity(trade, paper=paper.evidence, at=at, until=until)
    listed = [
        {
            "rank": one.rank,
            "bidder": one.bid.bidder.code,
            "bid": one.bid.evidence_id,
            "price": str(one.bid.opened.price),
            "total": str(one.total),
        }
        for one in candidates
    ]
    data = {"candidates": listed, "until": utc_text(until), "late": bool(late)}
    return record(data=data, files=named_files(paper))


@act("object_to_result", by={Role.BIDDER, Role.INTERESTED})
def object_to_result(
    trade: Trade, *, actor: Actor, at: datetime, objection: Evidence, interest: SignedFile | None = None
) -> Entry:
    """对评标结果的异议: within the publicity, by a bidder or another interested party (条例第五十四条).

    Whoever is not on the list of bidders states its interest in the signed paper 利害关系说明.
    """
    refuse_unless(
        interest is not None or trade.has_bid_of(actor.organisation),
        code="objection.no_interest",
        reason="不在投标人名单上的单位提出异议，应当说明与评标结果的利害关系",
        article=OBJECTION_ARTICLES[Objection.Kind.RESULT],
        remedy=f"请提交本单位签名的“{INTEREST}”。",
    )
    require_publicity_runs(trade, at=at)
    return raise_objection(
        trade, kind=Objection.Kind.RESULT, actor=actor, at=at, objection=objection, interest=interest
    )


@act("answer_result_objection", by=TENDERERS)
def answer_result_objection(trade: Trade, *, actor: Actor, at: datetime, number: int, answer: SignedFile) -> Entry:
    """答复对评标结果的异议: within three days; no award before (条例第五十四条)."""
    return settle_objection(trade, kind=Objection.Kind.RESULT, actor=actor, at=at, number=number, answer=answer)


@act("record_drop_out", by=TENDERERS)
def record_drop_out(trade: Trade, *, actor: Actor, at: datetime, bidder: str, reason: str, proof: SignedFile) -> Entry:
    """中标候选人放弃或不能履约: only for the reasons of 条例第五十五条; the next in order follows, or a re-tender."""
    found = trade.ranking.filter(recommended=True, bid__bidder__code=bidder, drop_out__isnull=True).first()
    candidate = found_or_refuse(
        found if reason in set(DropOutReason) else None,
        code="drop_out.unlawful",
        reason="只有中标候选人因法定情形才能登记放弃或取消",
        article=f"{REGULATION}第五十五条",
        remedy="请核对单位代码和事由：放弃、不可抗力、不提交履约保证金、查实违法。",
    )
    refuse_if(check_signed(file=proof, act="record_drop_out", stream=trade.stream, actor=actor, at=at))
    DropOut.objects.create(candidate=candidate, reason=reason, evidence=proof.evidence)
    left = trade.ranking.filter(recommended=True, drop_out__isnull=True).exists()
    data = {"bidder": bidder, "reason": reason}
    return record(data=data, files=named_files(proof), to=Stage.PUBLICITY if left else Stage.NO_AWARD)


@act("award", by={Role.TENDERER})
def award(trade: Trade, *, actor: Actor, at: datetime, bidder: str) -> Entry:
    """确定中标人: by the tenderer, after publicity and all answers, in the order of the law (条例第五十五条)."""
    require_answered(trade, kind=Objection.Kind.RESULT)
    law = trade.kept_law()
    candidates = recommended(trade)
    dropped = {
        one.candidate.bid.bidder.code: DropOutReason(one.reason)
        for one in DropOut.objects.filter(candidate__trade=trade).select_related("candidate__bid__bidder")
    }
    refuse_if(
        standstill(trade, at=at),
        check_award_order(
            law=law,
            ranked=[one.bid.bidder.code for one in candidates],
            winner=bidder,
            dropped=dropped,
            state_controlled=trade.tender.state_controlled,
        ),
    )
    winner = next(one for one in candidates if one.bid.bidder.code == bidder)
    Award.objects.create(trade=trade, bid=winner.bid, at=at)
    data = {"bidder": bidder, "bid": winner.bid.evidence_id, "price": str(winner.bid.opened.price)}
    return record(data=data | {"rank": winner.rank})


@act("issue_award_notice", by=TENDERERS)
def issue_award_notice(trade: Trade, *, actor: Actor, at: datetime, notice: SignedFile, result: SignedFile) -> Entry:
    """发出中标通知书: to the winner, and the result to every other bidder, in one act (招标投标法第四十五条)."""
    bidders = frozenset(bid.bidder.code for bid in standing_bids(trade))
    refuse_if(
        *(
            check_signed(file=file, act="issue_award_notice", stream=trade.stream, actor=actor, at=at)
            for file in (notice, result)
        ),
        check_notice_reaches_all(law=trade.kept_law(), bidders=bidders, told=bidders),
    )
    standing = current_award(trade)
    standing.notified_at = at
    standing.save(update_fields=["notified_at"])
    data = {"winner": standing.bid.bidder.code, "told": sorted(bidders)}
    return record(data=data, files=named_files(notice, result))


def require_publicity_runs(trade: Trade, *, at: datetime) -> None:
    """Refuse an objection to the result outside of the publicity."""
    publicity = trade.publicities.latest("pk")
    refuse_if(
        check_result_objection_time(
            law=trade.kept_law(),
            publicity_starts_on=legal_date(publicity.starts),
            publicity_ends_on=legal_date(publicity.until),
            raised_on=legal_date(at),
        )
    )


def standstill(trade: Trade, *, at: datetime) -> list[Refusal]:
    """Refusals while the publicity still runs."""
    publicity = trade.publicities.latest("pk")
    return check_standstill(
        law=trade.kept_law(), publicity_ends_on=legal_date(publicity.until), notice_on=legal_date(at)
    )


def _report_closed(trade: Trade) -> datetime:
    return Entry.objects.get(stream=trade.stream, act="close_report").at


def _open_publicity(trade: Trade, *, paper: Evidence, at: datetime, until: datetime) -> None:
    Publicity.objects.create(trade=trade, evidence=paper, starts=at, until=until)
    trade.publicity_until = until
    trade.save(update_fields=["publicity_until"])
