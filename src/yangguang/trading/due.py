"""The deadlines of trades: the same pairs drive the clock and people's 待办."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial

from django.db.models import Case, OuterRef, Prefetch, QuerySet, Subquery, When

from yangguang.ledger.deadlines import Due, due_for_clock, provides_deadlines
from yangguang.rules.clocks import due_at
from yangguang.rules.refusal import Refused
from yangguang.trading.acts.bidding import close_bidding
from yangguang.trading.acts.documents import stands_still
from yangguang.trading.acts.opening import end_decryption
from yangguang.trading.bonds import refund_due, sub_log_is_open, waiting
from yangguang.trading.models import Award, Guarantee, Objection, Trade
from yangguang.trading.readings import ANNOUNCED_AT, opening_objections_until
from yangguang.trading.roles import TENDERERS, Role
from yangguang.trading.stages import FAILED, Stage
from yangguang.witness.actor import CLOCK
from yangguang.witness.models import Entry

# A bid complete at the last moment may still wait for its lock; the clock leaves it this long before it closes.
CLOSING_GRACE = timedelta(seconds=2)

# A large file that was complete in time may take longer to be checked; whoever takes files in says here whether one of
# a trade still waits. Asked only after the deadline, and not for ever.
SETTLING: list[Callable[[str], bool]] = []
LONGEST_SETTLING = timedelta(minutes=10)
UNREFUNDED = "unrefunded"  # the attribute of a trade read with its deadlines


@provides_deadlines
def trading_deadlines() -> Iterator[Due]:
    """The deadlines of every trade that is not archived; a failed one still owes its bonds."""
    for trade in with_deadlines(Trade.objects.exclude(stage=Stage.ARCHIVED).select_related("tender").order_by("pk")):
        yield from deadlines_of(trade)


def with_deadlines(trades: QuerySet[Trade]) -> QuerySet[Trade]:
    """The trades with all that `deadlines_of` asks about them, in as many questions for many as for one."""
    unrefunded = Guarantee.objects.filter(refund__isnull=True, forfeiture__isnull=True).only("trade")
    held = Prefetch("guarantees", queryset=unrefunded, to_attr=UNREFUNDED)
    announced = Entry.objects.filter(stream=OuterRef("stream"), act="announce_bids").order_by("-sequence")
    shown = Case(When(stage=Stage.ANNOUNCED, then=Subquery(announced.values("at")[:1])), default=None)
    known = trades.annotate(**{ANNOUNCED_AT: shown}).select_related("contract")
    return known.prefetch_related("objections", "awards__bid__bidder", held)


def deadlines_of(trade: Trade) -> Iterator[Due]:
    """What the law or the tender document puts a moment on, at the stage where the trade stands."""
    by_stage: dict[str, Callable[[Trade], Iterator[Due]]] = {
        Stage.BIDDING: _closing,
        Stage.DECRYPTING: _end_of_decryption,
        Stage.ANNOUNCED: _objections_on_the_spot,
        Stage.PUBLICITY: _award,
        Stage.NOTIFIED: _contract,
        Stage.CONTRACTED: _after_contract,
        **dict.fromkeys(FAILED, _refunds),
    }
    yield from by_stage.get(trade.stage, _nothing)(trade)
    yield from _answers(trade)


def perform_due(*, at: datetime) -> list[tuple[Due, Refused | None]]:
    """Let the system's clock perform what is due by now; gives each with its refusal, if it had one."""
    return [(due, _perform(due, at)) for due in due_for_clock(at=at) if not _waits_for_a_file(due, at)]


def _waits_for_a_file(due: Due, at: datetime) -> bool:
    if due.act != "close_bidding" or at > due.moment + LONGEST_SETTLING:
        return False
    return any(is_settling(due.stream) for is_settling in SETTLING)


def _perform(due: Due, at: datetime) -> Refused | None:
    assert due.perform is not None  # noqa: S101 - only such are due for the clock
    try:
        due.perform(at)
    except Refused as refused:
        return refused
    return None


def _closing(trade: Trade) -> Iterator[Due]:
    if trade.bid_deadline is not None and not stands_still(trade):
        yield Due(
            moment=trade.bid_deadline + CLOSING_GRACE,
            stream=trade.stream,
            act="close_bidding",
            roles=frozenset({Role.CLOCK}),
            perform=partial(_by_clock, close_bidding, trade),
        )


def _end_of_decryption(trade: Trade) -> Iterator[Due]:
    if trade.decryption_until is not None:
        yield Due(
            moment=trade.decryption_until + CLOSING_GRACE,
            stream=trade.stream,
            act="end_decryption",
            roles=frozenset({Role.CLOCK}),
            perform=partial(_by_clock, end_decryption, trade),
        )


def _objections_on_the_spot(trade: Trade) -> Iterator[Due]:
    until = opening_objections_until(trade)
    if until is not None:
        yield Due(moment=until, stream=trade.stream, act="object_at_opening", roles=frozenset({Role.BIDDER}))


def _by_clock(performed: Callable[..., object], trade: Trade, at: datetime) -> object:
    return performed(trade, actor=CLOCK, at=at)


def _award(trade: Trade) -> Iterator[Due]:
    if trade.publicity_until is not None:
        yield Due(moment=trade.publicity_until, stream=trade.stream, act="award", roles=frozenset({Role.TENDERER}))


def _contract(trade: Trade) -> Iterator[Due]:
    standing = _current_award(trade)
    if standing.notified_at is not None:
        yield _by_law(trade, "works.contract.signing", standing.notified_at, "sign_contract")
    yield _by_law(trade, "works.report.written", standing.at, "submit_written_report")


def _after_contract(trade: Trade) -> Iterator[Due]:
    yield from _refunds(trade)
    yield _by_law(trade, "works.report.written", _current_award(trade).at, "submit_written_report")


def _current_award(trade: Trade) -> Award:
    return max(trade.awards.all(), key=lambda one: one.pk)


def _has_unrefunded(trade: Trade) -> bool:
    if trade.stage == Stage.TERMINATED and sub_log_is_open(trade):
        return True  # whether anybody holds a bond is still a secret, so the deadline may not depend on it
    known = vars(trade).get(UNREFUNDED)
    return waiting(trade).exists() if known is None else bool(known)


def _refunds(trade: Trade) -> Iterator[Due]:
    moment = refund_due(trade) if _has_unrefunded(trade) else None
    if moment is not None:
        yield Due(moment=moment, stream=trade.stream, act="refund_guarantee", roles=TENDERERS)


def _answers(trade: Trade) -> Iterator[Due]:
    rules = {
        Objection.Kind.DOCUMENT: ("works.tender.answer", "answer_document_objection"),
        Objection.Kind.RESULT: ("works.result.answer", "answer_result_objection"),
    }
    raised = (one for one in trade.objections.all() if one.answered_at is None and one.kind in rules)
    for objection in raised:
        rule_id, act = rules[Objection.Kind(objection.kind)]
        yield _by_law(trade, rule_id, objection.raised_at, act)


def _by_law(trade: Trade, rule_id: str, start: datetime, act: str) -> Due:
    moment = due_at(law=trade.kept_law(), rule_id=rule_id, start=start)
    return Due(moment=moment, stream=trade.stream, act=act, roles=TENDERERS)


def _nothing(trade: Trade) -> Iterator[Due]:  # noqa: ARG001 - the shape of the others
    yield from ()
