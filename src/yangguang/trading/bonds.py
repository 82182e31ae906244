"""投标保证金 of a trade as acts and deadlines see them: which still wait, since when they are due, and why."""

from datetime import datetime

from django.db.models import QuerySet

from yangguang.rules.checks.forfeiture import ForfeitureGround, grounds_shown
from yangguang.rules.checks.money import RefundEvent
from yangguang.rules.clocks import due_at
from yangguang.trading.models import DropOut, Guarantee, OpenedBid, Trade
from yangguang.trading.stages import Stage
from yangguang.witness.models import Entry

# What ended a failed trade, and from which event of the law its bonds are due.
ENDED_BY = {
    Stage.TOO_FEW: ("announce_bidders", RefundEvent.FAILED),
    Stage.ALL_REJECTED: ("close_review", RefundEvent.FAILED),
    Stage.NO_AWARD: ("record_drop_out", RefundEvent.FAILED),
    Stage.TERMINATED: ("terminate", RefundEvent.TERMINATED),
}


def waiting(trade: Trade) -> QuerySet[Guarantee]:
    """The bonds neither returned nor forfeited, unopened ones included."""
    return Guarantee.objects.filter(trade=trade, refund__isnull=True, forfeiture__isnull=True)


def refund_event(trade: Trade) -> tuple[RefundEvent, datetime] | None:
    """From what and since when every bond of the trade has to go back; None while nothing of the kind has happened."""
    if trade.stage == Stage.CONTRACTED:
        return RefundEvent.CONTRACT_SIGNED, trade.contract.signed_at
    if trade.stage not in ENDED_BY:
        return None
    act, event = ENDED_BY[Stage(trade.stage)]
    return event, Entry.objects.filter(stream=trade.stream, act=act).latest("sequence").at


def refund_due(trade: Trade) -> datetime | None:
    """When every bond of the trade has to be back; None while nothing has happened that the law counts from."""
    since = refund_event(trade)
    return due_at(law=trade.kept_law(), rule_id=f"works.refund.{since[0]}", start=since[1]) if since else None


def sub_log_is_open(trade: Trade) -> bool:
    """Whether no root of the sealed sub-log was published yet: who holds a bond, and how many, is still a secret."""
    return not Entry.objects.filter(stream=trade.stream, act="close_bidding").exists()


def grounds_against(held: Guarantee) -> frozenset[ForfeitureGround]:
    """The legal grounds for keeping this bond that the trade's record bears out."""
    return grounds_by_bidder(held.trade).get(held.organisation_id, frozenset())


def grounds_by_bidder(trade: Trade) -> dict[int, frozenset[ForfeitureGround]]:
    """The same for all who gave a reason, by the row of the organisation; as many questions for many as for one."""
    revoked = OpenedBid.objects.filter(bid__trade=trade, outcome=OpenedBid.Outcome.REVOKED)
    won = DropOut.objects.filter(candidate__bid__trade=trade, candidate__bid__award__notified_at__isnull=False)
    late = set(revoked.values_list("bid__bidder", flat=True))
    dropped = dict(won.values_list("candidate__bid__bidder", "reason"))
    return {one: grounds_shown(revoked=one in late, dropped=dropped.get(one, "")) for one in late | set(dropped)}
