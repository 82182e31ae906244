"""投标保证金 of a trade as acts and deadlines see them: which still wait, since when they are due, and why."""

from datetime import datetime

from django.db.models import QuerySet

from yangguang.rules.checks.forfeiture import ForfeitureGround, grounds_shown
from yangguang.rules.checks.money import RefundEvent
from yangguang.trading.models import Bid, DropOut, Guarantee, OpenedBid, Trade
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


def sub_log_is_open(trade: Trade) -> bool:
    """Whether no root of the sealed sub-log was published yet: who holds a bond, and how many, is still a secret."""
    return not Entry.objects.filter(stream=trade.stream, act="close_bidding").exists()


def grounds_against(held: Guarantee) -> frozenset[ForfeitureGround]:
    """The legal grounds for keeping this bond that the trade's record bears out."""
    bids = Bid.objects.filter(trade=held.trade, bidder=held.organisation)
    revoked = OpenedBid.objects.filter(bid__in=bids, outcome=OpenedBid.Outcome.REVOKED).exists()
    won = DropOut.objects.filter(candidate__bid__in=bids, candidate__bid__award__notified_at__isnull=False).first()
    return grounds_shown(revoked=revoked, dropped=won.reason if won else "")
