"""详细评审: blind technical scores, business scores, the closing of the sheets and the computed result."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from yangguang.proof.canonical import canonical
from yangguang.rules.scoring import Result, evaluate
from yangguang.trading.acts.committee import member_of, require_chair
from yangguang.trading.models import Bid, Candidate, Score, Trade
from yangguang.trading.models.evaluation import standing_members, standing_scores
from yangguang.trading.readings import drawn_parameters, terms_of, valid_bids
from yangguang.trading.roles import Role
from yangguang.trading.terms import BUSINESS, LIMIT_INPUT, PRICE_INPUT, TECHNICAL, ScoreItem
from yangguang.witness import evidence
from yangguang.witness.actor import Actor
from yangguang.witness.acts import act
from yangguang.witness.guards import PLATFORM, REGULATION, refuse_unless
from yangguang.witness.models import Entry
from yangguang.witness.record import record

Marks = Mapping[str, Decimal]


@act("score_technical", by={Role.MEMBER})
def score_technical(trade: Trade, *, actor: Actor, at: datetime, code: str, marks: Marks) -> Entry:
    """技术标暗标评分: under the code, each member alone; `marks` maps each technical item to its score."""
    bid = valid_bids(trade).filter(blind_code__code=code).first()
    _refuse_no_bid(bid)
    assert bid is not None  # noqa: S101 - refused above
    return _score(trade, actor=actor, bid=bid, items=terms_of(trade).items_of(TECHNICAL), marks=marks, named=code)


@act("score_business", by={Role.MEMBER})
def score_business(trade: Trade, *, actor: Actor, at: datetime, bid: str, marks: Marks) -> Entry:
    """商务评分: by name (the bid's digest), item by item, each member alone."""
    scored = valid_bids(trade).filter(evidence_id=bid).first()
    _refuse_no_bid(scored)
    assert scored is not None  # noqa: S101 - refused above
    return _score(trade, actor=actor, bid=scored, items=terms_of(trade).items_of(BUSINESS), marks=marks, named=bid)


@act("close_scoring", by={Role.MEMBER})
def close_scoring(trade: Trade, *, actor: Actor, at: datetime) -> Entry:
    """结束评分: when every member has scored every item of every valid bid; the sheets are final from here on."""
    require_chair(trade, actor)
    return record(data={"scores": require_scoring_finished(trade)})


def require_scoring_finished(trade: Trade) -> int:
    """How many scores there are; refuses while one is missing."""
    bids = list(valid_bids(trade))
    wanted = len(bids) * standing_members(trade).count() * len(terms_of(trade).items)
    given = standing_scores(trade).filter(bid__in=bids).count()
    refuse_unless(
        given == wanted,
        code="scoring.unfinished",
        reason=f"还有{wanted - given}项评分没有提交",
        article=f"{REGULATION}第四十九条",
        remedy="请各成员完成全部评分。",
    )
    return given


@act("compute_results", by={Role.MEMBER})
def compute_results(
    trade: Trade, *, actor: Actor, at: datetime, tie_order: Sequence[str] = (), tie_reason: str = ""
) -> Entry:
    """评标汇总: the scoring description of the tender document computes prices, totals and ranks, with its trace.

    Where the document's own tie-breaks leave bids equal, the committee says in which order they stand (`tie_order`,
    digests) and why; without that it is refused. Where nothing is tied, nothing can be said.
    """
    require_chair(trade, actor)
    inputs = scoring_inputs(trade)
    result = evaluate(description=terms_of(trade).scoring, inputs=inputs)
    order = _settled_order(result, tie_order=tie_order, tie_reason=tie_reason)
    _keep_ranking(trade, result, order)
    kept = evidence.keep(score_file(trade, inputs=inputs, result=result), media_type="application/json")
    hidden: dict[str, object] = {"ranking": [{"rank": rank, "bids": [bid]} for rank, bid in enumerate(order, start=1)]}
    if tie_order:
        hidden["tie"] = {"order": list(tie_order), "reason": tie_reason}
    return record(concealed=hidden, files=[("评分演算", kept)])


def _settled_order(result: Result, *, tie_order: Sequence[str], tie_reason: str) -> list[str]:
    """The bids from first to last; ties as the committee settled them."""
    tied = {bid for place in result.ranking if len(place.bids) > 1 for bid in place.bids}
    settled = set(tie_order) == tied and len(tie_order) == len(tied) and bool(tied) == bool(tie_reason.strip())
    refuse_unless(
        settled,
        code="ranking.tie",
        reason="按招标文件的评标办法，有投标人得分并列" if tied else "没有得分并列的投标，不能另定次序",
        article="评标委员会和评标方法暂行规定第四十二条",
        remedy="请评标委员会对并列的投标逐一排定次序并写明理由。" if tied else "请直接汇总。",
    )
    place_of = {bid: position for position, bid in enumerate(tie_order)}
    return [bid for place in result.ranking for bid in sorted(place.bids, key=lambda one: place_of.get(one, 0))]


def scoring_inputs(trade: Trade) -> dict[str, Any]:
    """Everything the description asks for, keyed by the digest of the bid; numbers as text."""
    bids = list(valid_bids(trade).select_related("opened"))
    given: dict[str, Any] = {PRICE_INPUT: {bid.evidence_id: str(bid.opened.price) for bid in bids}}
    if trade.limit_price is not None:
        given[LIMIT_INPUT] = str(trade.limit_price)
    given |= drawn_parameters(trade)
    scores = standing_scores(trade).filter(bid__in=bids).select_related("member", "bid")
    for item, of in {item.id: item.of for item in terms_of(trade).items}.items():
        _add_scores(given.setdefault(of, {}), scores.filter(item=item), item)
    return {name: given[name] for name in terms_of(trade).scoring.inputs if name in given}


def score_file(trade: Trade, *, inputs: Mapping[str, Any], result: Result) -> bytes:
    """The computation as a file anyone can execute again: description, inputs, result with trace."""
    description = terms_of(trade).scoring.to_json()
    return canonical({"description": description, "inputs": dict(inputs), "result": result.to_json()})


def _add_scores(matrix: dict[str, Any], scores: Iterable[Score], item: str) -> None:
    for score in scores:
        seats = matrix.setdefault(score.bid.evidence_id, {})
        seats.setdefault(f"seat-{score.member.seat}", {})[item] = str(score.value)


def _keep_ranking(trade: Trade, result: Result, order: Sequence[str]) -> None:
    bids = {bid.evidence_id: bid for bid in valid_bids(trade)}
    totals: Any = result.values[result.description.ranking.total]
    recommended = terms_of(trade).candidates
    Candidate.objects.bulk_create(
        Candidate(
            trade=trade,
            bid=bids[name],
            rank=rank,
            total=totals[name],
            recommended=rank <= recommended,
            after=trade.replacements,
        )
        for rank, name in enumerate(order, start=1)
    )


def _score(trade: Trade, *, actor: Actor, bid: Bid, items: tuple[ScoreItem, ...], marks: Marks, named: str) -> Entry:
    member = member_of(trade, actor)
    refuse_unless(
        set(marks) == {item.id for item in items},
        code="score.items",
        reason=f"应对以下各项全部评分：{'、'.join(item.title for item in items)}",
        article=f"{REGULATION}第四十九条",
        remedy="请补齐或删去多余的评分项。",
    )
    for item in items:
        _refuse_out_of_range(item, marks[item.id])
    refuse_unless(
        not Score.objects.filter(member=member, bid=bid, item__in=marks).exists(),
        code="score.given",
        reason="您已对该投标文件评分",
        article=f"{PLATFORM}：评分提交后不能修改",
        remedy="有误时请在结束评分前向组长说明并记入评标报告。",
    )
    Score.objects.bulk_create(Score(member=member, bid=bid, item=item.id, value=marks[item.id]) for item in items)
    hidden = {"seat": member.seat, "for": named, "marks": {item.id: str(marks[item.id]) for item in items}}
    return record(concealed=hidden)


def _refuse_out_of_range(item: ScoreItem, mark: Decimal) -> None:
    refuse_unless(
        mark.is_finite() and 0 <= mark <= item.most and mark == mark.quantize(Decimal("0.01")),
        code="score.range",
        reason=f"“{item.title}”应在0至{item.most}分之间，至多两位小数",
        article=f"{REGULATION}第四十九条",
        remedy="请按招标文件规定的分值评分。",
    )


def _refuse_no_bid(bid: Bid | None) -> None:
    refuse_unless(
        bid is not None,
        code="bid.unknown",
        reason="没有这份有效的投标文件",
        article=f"{REGULATION}第四十九条",
        remedy="请从评分清单中选择。",
    )
