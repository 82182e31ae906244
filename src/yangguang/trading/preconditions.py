"""What an act asks for before it looks at its inputs (办理前提): the same checks that the act itself makes.

An act that is refused here would be refused with any input, so pages do not offer it: they say why, and from which
moment on it is possible where only time is lacking. Nothing is locked, written or noted. Each line calls the function
that the act's own body calls; a test holds the two together.
"""

from collections.abc import Callable
from datetime import datetime

from yangguang.experts import draws
from yangguang.rules.calendar import end_of_day, legal_date
from yangguang.rules.checks.opening import sign_in_opens_at
from yangguang.rules.refusal import Refusal, Refused, refuse_if
from yangguang.trading.acts.award import require_publicity_runs, standstill
from yangguang.trading.acts.bidding import require_in_time, require_no_bid, require_time_to_sign_in
from yangguang.trading.acts.committee import (
    require_chair,
    require_experts_wanted,
    require_not_signed_in,
    require_not_voted,
)
from yangguang.trading.acts.contract import require_bonds_waiting, require_finished
from yangguang.trading.acts.documents import (
    require_answered,
    require_changeable,
    require_on_sale,
    require_open_objection,
    require_time_to_object,
)
from yangguang.trading.acts.draws import (
    kind_of,
    party_of,
    require_all_had_time,
    require_centre_revealed,
    require_something_to_draw,
    reveals_until,
)
from yangguang.trading.acts.evaluation import require_scoring_finished
from yangguang.trading.acts.opening import (
    require_deadline_passed,
    require_decryption_over,
    require_opening_finished,
    require_own_bid_sealed,
    require_time_to_object_on_the_spot,
)
from yangguang.trading.acts.report import require_report_settled, require_unsigned
from yangguang.trading.acts.rescue import require_rescue_possible, require_share_wanted
from yangguang.trading.acts.review import require_review_finished
from yangguang.trading.acts.witnessing import require_letter, require_open_anomaly
from yangguang.trading.bonds import grounds_by_bidder, waiting
from yangguang.trading.models import Objection, Trade
from yangguang.trading.readings import deadline_of, drawn_parameters, opening_objections_until
from yangguang.trading.stages import Stage
from yangguang.witness.actor import Actor

Asked = Callable[[Trade, Actor, datetime], object]
NOT_MINE = {"access.denied", "chair.only", "letter.none"}
NOTHING_TO_KEEP = Refusal(
    code="forfeiture.not_shown",
    reason="交易记录中没有投标人有不予退还投标保证金的法定情形",
    article="招标投标法实施条例第三十五条、第七十四条",
    remedy="没有法定情形的应当退还；有该情形的，请先登记撤销投标，或登记中标人放弃及其原因。",
)


def check_precondition(name: str, trade: Trade, *, actor: Actor, at: datetime) -> None:
    """Raise `Refused` when the act would be refused now whatever its inputs; access and stage are asked before."""
    if name in ASKED:
        ASKED[name](trade, actor, at)


def hindrances(name: str, trade: Trade, *, actor: Actor, at: datetime) -> tuple[Refusal, ...]:
    """Why the act cannot be done now; nothing when it can."""
    try:
        check_precondition(name, trade, actor=actor, at=at)
    except Refused as refused:
        return refused.refusals
    return ()


def possible_from(name: str, trade: Trade, *, at: datetime) -> datetime | None:
    """The moment from which time no longer stands in the way, when it lies ahead; None where time is not what lacks."""
    moment = OPENS[name](trade) if name in OPENS else None
    return moment if moment is not None and moment > at else None


def _commit(trade: Trade, actor: Actor, at: datetime) -> None:  # noqa: ARG001 - one shape for all
    draw = draws.current_draw(stream=trade.stream, kind=kind_of(trade))
    draws.require_uncommitted(draw=draw, party=party_of(trade, actor))


def _reveal(trade: Trade, actor: Actor, at: datetime) -> None:  # noqa: ARG001
    draw, party = require_centre_revealed(trade, actor=actor)
    draws.require_unrevealed(draw=draw, party=party)


def _complete(trade: Trade, actor: Actor, at: datetime) -> None:  # noqa: ARG001
    draw = draws.current_draw(stream=trade.stream, kind=kind_of(trade))
    require_all_had_time(trade, draw, at=at)
    draws.require_ready(draw=draw)


def _submit(trade: Trade, actor: Actor, at: datetime) -> None:
    require_no_bid(trade, actor=actor)
    require_in_time(trade, at=at)


def _forfeit(trade: Trade, actor: Actor, at: datetime) -> None:  # noqa: ARG001
    grounds = grounds_by_bidder(trade)
    if not any(grounds.get(one) for one in waiting(trade).values_list("organisation", flat=True)):
        raise Refused(NOTHING_TO_KEEP)


def _award(trade: Trade, actor: Actor, at: datetime) -> None:  # noqa: ARG001
    require_answered(trade, kind=Objection.Kind.RESULT)
    refuse_if(standstill(trade, at=at))


def _chaired(then: Callable[[Trade], object] | None = None) -> Asked:
    def ask(trade: Trade, actor: Actor, at: datetime) -> None:  # noqa: ARG001
        require_chair(trade, actor)
        if then is not None:
            then(trade)

    return ask


def _answering(kind: str) -> Asked:
    return lambda trade, _actor, _at: require_open_objection(trade, kind=kind)


ASKED: dict[str, Asked] = {
    "change_document": lambda trade, _, at: require_changeable(trade, at=at),
    "download_document": lambda trade, actor, at: require_on_sale(trade, actor=actor, at=at),
    "object_to_document": lambda trade, _, at: require_time_to_object(trade, at=at),
    "answer_document_objection": _answering(Objection.Kind.DOCUMENT),
    "record_guarantee": lambda trade, _, at: require_in_time(trade, at=at),
    "submit_bid": _submit,
    "replace_bid": lambda trade, _, at: require_in_time(trade, at=at),
    "withdraw_bid": lambda trade, _, at: require_in_time(trade, at=at),
    "sign_in_to_opening": lambda trade, actor, at: require_time_to_sign_in(trade, actor=actor, at=at),
    "announce_bidders": lambda trade, _, at: require_deadline_passed(trade, at=at),
    "open_draw": lambda trade, _, at: require_something_to_draw(trade, at=at),
    "commit_to_draw": _commit,
    "reveal_for_draw": _reveal,
    "complete_draw": _complete,
    "start_decryption": lambda trade, *_: drawn_parameters(trade),
    "open_bid": lambda trade, actor, at: require_own_bid_sealed(trade, actor=actor, at=at),
    "request_rescue": lambda trade, actor, at: require_rescue_possible(trade, actor=actor, at=at),
    "release_rescue_share": lambda trade, actor, at: require_share_wanted(trade, actor=actor, at=at),
    "end_decryption": lambda trade, _, at: require_decryption_over(trade, at=at),
    "answer_opening_objection": _answering(Objection.Kind.OPENING),
    "object_at_opening": lambda trade, _, at: require_time_to_object_on_the_spot(trade, at=at),
    "sign_opening_record": lambda trade, _, at: require_opening_finished(trade, at=at),
    "record_expert_reply": lambda trade, *_: require_experts_wanted(trade),
    "sign_in_member": lambda trade, actor, _: require_not_signed_in(trade, actor=actor),
    "vote_for_chair": lambda trade, actor, _: require_not_voted(trade, actor=actor),
    "reject_bid": _chaired(),
    "ask_clarification": _chaired(),
    "close_review": _chaired(require_review_finished),
    "close_scoring": _chaired(require_scoring_finished),
    "compute_results": _chaired(),
    "issue_report": _chaired(),
    "sign_report": lambda trade, actor, _: require_unsigned(trade, actor),
    "dissent_from_report": lambda trade, actor, _: require_unsigned(trade, actor),
    "refuse_to_sign_report": _chaired(),
    "close_report": _chaired(require_report_settled),
    "object_to_result": lambda trade, _, at: require_publicity_runs(trade, at=at),
    "answer_result_objection": _answering(Objection.Kind.RESULT),
    "award": _award,
    "refund_guarantee": lambda trade, actor, _: require_bonds_waiting(trade, actor=actor),
    "forfeit_guarantee": _forfeit,
    "archive_trade": lambda trade, *_: require_finished(trade),
    "issue_letter": lambda trade, *_: require_open_anomaly(trade),
    "reply_to_letter": lambda trade, actor, _: require_letter(trade, actor=actor),
    "close_anomaly": lambda trade, *_: require_open_anomaly(trade),
}


def _publicity_over(trade: Trade) -> datetime | None:
    return end_of_day(legal_date(trade.publicity_until)) if trade.publicity_until else None


def _objections_over(trade: Trade) -> datetime | None:
    return opening_objections_until(trade) if trade.stage == Stage.ANNOUNCED else None


def _reveals_over(trade: Trade) -> datetime | None:
    held = draws.draws_of(stream=trade.stream, kind=kind_of(trade))
    return reveals_until(trade, held[-1]) if held else None


OPENS: dict[str, Callable[[Trade], datetime | None]] = {
    "sign_in_to_opening": lambda trade: sign_in_opens_at(law=trade.kept_law(), opening_at=deadline_of(trade)),
    "announce_bidders": deadline_of,
    "complete_draw": _reveals_over,
    "end_decryption": lambda trade: trade.decryption_until,
    "sign_opening_record": _objections_over,
    "award": _publicity_over,
}
