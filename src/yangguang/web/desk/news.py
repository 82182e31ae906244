"""Notifications (通知): the public log's entries on my trades, read with a cursor; nothing is stored a second time.

They follow from the log's sequence, so none is lost, none is made twice and none tells what the log does not say.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db.models import Q

from yangguang.parties.models import Office
from yangguang.trading.models import Bid, Trade
from yangguang.trading.stages import Stage
from yangguang.web.accounts.models import Account
from yangguang.web.desk.models import ReadCursor
from yangguang.web.desk.trades import WATCHERS, hosted_by, joined_by, my_trades, seats_of
from yangguang.web.portal.sentences import sentence
from yangguang.witness.actor import Actor
from yangguang.witness.entries import payload_of
from yangguang.witness.models import Entry, Leaf

MOST = 50

_STOPPED = "suspend resume terminate"
_OBJECTED = "object_to_document object_at_opening object_to_result"
_ENDED = "record_drop_out close_report issue_award_notice sign_contract submit_written_report"
BIDDERS = frozenset(
    f"{_STOPPED} change_document answer_document_objection close_bidding announce_bidders start_decryption "
    "extend_decryption announce_bids answer_opening_objection sign_opening_record publish_candidates "
    "answer_result_objection record_drop_out award issue_award_notice sign_contract refund_guarantee".split()
)
TENDERERS = frozenset(
    f"{_STOPPED} {_OBJECTED} {_ENDED} publish_notice change_document close_bidding award archive_trade".split()
)
CENTRE = frozenset(
    f"{_STOPPED} {_OBJECTED} {_ENDED} publish_notice close_bidding record_decryption_failure reply_to_letter".split()
)
SUPERVISORS = frozenset(
    f"{_STOPPED} {_OBJECTED} {_ENDED} publish_notice record_decryption_failure register_anomaly close_anomaly".split()
)
MEMBERS = frozenset(f"{_STOPPED} close_review close_scoring issue_report close_report".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """One notification: what happened, on which trade, with its entry."""

    leaf: int
    entry: Entry
    trade: Trade
    words: str
    is_new: bool


def news_for(actor: Actor, *, read: int) -> list[News]:
    """The newest notifications of whoever asks; those from leaf `read` on are new. What one did oneself is no news."""
    found = Leaf.objects.filter(concerning(actor)).select_related("entry").order_by("-index")[:MOST]
    return _told([one for one in found if not is_own(one.entry, actor)], read=read)


def concerning(actor: Actor) -> Q:
    """Which leaves concern the actor: acts that matter to such a person, on that person's trades."""
    if not actor.person:
        return Q(pk__in=())
    if actor.only:
        return Q(entry__stream__in=actor.only) & concerning(replace(actor, only=frozenset()))
    if not actor.organisation:
        seats = seats_of(actor).filter(signed_in_at__isnull=False)
        return _on(Trade.objects.filter(pk__in=seats.values("trade")).values("stream"), MEMBERS)
    if Office.CENTRE in actor.offices:
        return _on(my_trades(actor).values("stream"), CENTRE)
    if actor.offices & WATCHERS:
        return _on(my_trades(actor).values("stream"), SUPERVISORS)
    hosted, joined = (
        Trade.objects.filter(condition(actor.organisation)).values("stream") for condition in (hosted_by, joined_by)
    )
    return _on(hosted, TENDERERS) | _on(joined, BIDDERS)


def outside(actor: Actor) -> Q:
    """The part of it that a message outside of the page may follow.

    Whoever runs a mail server or sends short messages sees to whom they go. So a bidder gets none before the list of
    bidders is public, and an expert gets none at all: both would be named by them.
    """
    if not actor.organisation:
        return Q(pk__in=())
    if actor.only:
        return Q(entry__stream__in=actor.only) & outside(replace(actor, only=frozenset()))
    if actor.offices & (WATCHERS | {Office.CENTRE.value}):
        return concerning(actor)
    code = actor.organisation
    listed = Entry.objects.filter(act="announce_bidders").exclude(payload__contains=f'"to":"{Stage.TOO_FEW}"')
    bids = Bid.objects.filter(bidder__code=code, replaced_by__isnull=True, withdrawal__isnull=True)
    joined = Trade.objects.filter(pk__in=bids.values("trade"), stream__in=listed.values("stream")).values("stream")
    hosted = Trade.objects.filter(hosted_by(code)).values("stream")
    return _on(hosted, TENDERERS) | _on(joined, BIDDERS)


def read_until(account: Account, *, organisation: str) -> int:
    """How many leaves were read."""
    found = ReadCursor.objects.filter(account=account, organisation=organisation).first()
    return found.leaves if found else 0


def read_to(account: Account, *, organisation: str, leaves: int) -> None:
    """Remember that everything below `leaves` was read; never back."""
    rows = ReadCursor.objects.filter(account=account, organisation=organisation)
    ReadCursor.objects.get_or_create(account=account, organisation=organisation)
    rows.filter(leaves__lt=leaves).update(leaves=leaves)


def is_own(entry: Entry, actor: Actor) -> bool:
    """Whether the actor did it."""
    return bool(actor.organisation) and payload_of(entry)["actor"].get("person") == actor.person


def _on(streams: object, acts: frozenset[str]) -> Q:
    return Q(entry__stream__in=streams, entry__act__in=acts)


def _told(leaves: Iterable[Leaf], *, read: int) -> list[News]:
    listed = list(leaves)
    found = Trade.objects.filter(stream__in={one.entry.stream for one in listed}).select_related("tender")
    trades = {one.stream: one for one in found}
    return [
        News(
            leaf=one.index,
            entry=one.entry,
            trade=trades[one.entry.stream],
            words=sentence(payload_of(one.entry)),
            is_new=one.index >= read,
        )
        for one in listed
        if one.entry.stream in trades
    ]
