"""My trades (我的项目): which ones a person sees at the desk, by the organisation acted for.

A bidder finds only trades in which it took part itself, by its own rows; nobody finds anybody else's part in them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q, QuerySet, prefetch_related_objects

from yangguang.parties.models import Office
from yangguang.rules.calendar import end_of_day
from yangguang.trading.models import Bid, Guarantee, Letter, Member, Objection, SignIn, Trade
from yangguang.trading.models.bids import OpenedBid
from yangguang.trading.models.evaluation import Clarification
from yangguang.trading.stages import OPEN_WORKS
from yangguang.web.drafts.models import Draft
from yangguang.witness.actor import Actor

WATCHERS = frozenset({Office.SUPERVISION.value, Office.DISCIPLINE.value})
RESCUES = frozenset({stage for stage, name in OPEN_WORKS if name == "release_rescue_share"})
Trades = QuerySet[Trade]


def my_trades(actor: Actor) -> Trades:
    """The trades of whoever asks; none for a stranger."""
    trades = Trade.objects.select_related(*Trade.read_along)
    if not actor.person:
        return trades.none()
    if actor.only:
        trades = trades.filter(stream__in=actor.only)
    if not actor.organisation:
        return trades.filter(pk__in=seats_of(actor).values("trade"))
    if Office.CENTRE in actor.offices:
        return trades.filter(centre__code=actor.organisation)
    if Office.SUPERVISION in actor.offices:
        return trades.filter(tender__supervisor__code=actor.organisation)
    if Office.DISCIPLINE in actor.offices:
        return trades.filter(tender__discipline__code=actor.organisation)
    return trades.filter(hosted_by(actor.organisation) | joined_by(actor.organisation))


def seats_of(actor: Actor) -> QuerySet[Member]:
    """The seats in which a person still sits."""
    return Member.objects.filter(person__mark=actor.person, replacement__isnull=True)


def hosted_by(organisation: str) -> Q:
    """Trades whose tenderer or agency this is."""
    return Q(tender__tenderer__code=organisation) | Q(tender__agency__code=organisation)


def joined_by(organisation: str) -> Q:
    """Trades in which the organisation took part: its own bids, bonds, receipts and objections."""
    own = (
        Bid.objects.filter(bidder__code=organisation),
        Guarantee.objects.filter(organisation__code=organisation),
        SignIn.objects.filter(organisation__code=organisation),
        Objection.objects.filter(organisation__code=organisation),
    )
    receipts = Draft.objects.filter(organisation=organisation, is_sealed=True, done_at__isnull=False)
    found = Q(stream__in=receipts.values("stream"))
    for rows in own:
        found |= Q(pk__in=rows.values("trade"))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """What whoever asks did already, as keys of trades; asked once for a whole list."""

    bids: frozenset[int] = frozenset()
    opened: frozenset[int] = frozenset()
    bonds: frozenset[int] = frozenset()
    signed_in: frozenset[int] = frozenset()
    asked: frozenset[int] = frozenset()
    seats: dict[int, Member] = field(default_factory=dict)
    letters: dict[int, datetime] = field(default_factory=dict)  # until when a letter of the centre is to be answered


def own_facts(trades: Iterable[Trade], *, actor: Actor) -> Own:
    """The person's own facts on these trades, which then answer `has_role` without a question of their own."""
    listed = list(trades)
    prefetch_related_objects([one for one in listed if one.stage in RESCUES], "documents")
    keys = [one.pk for one in listed]
    if not actor.organisation:
        return _as_member(listed, keys, actor)
    if Office.CENTRE in actor.offices:
        return Own()
    letters = _letters(keys, actor.organisation)
    if actor.offices & WATCHERS:
        return Own(letters=letters)
    return _as_bidder(listed, keys, actor.organisation, letters)


def written_to(organisation: str) -> Q:
    """Trades on which a letter of the centre waits for a reply of this organisation."""
    return Q(pk__in=Letter.objects.filter(to__code=organisation, reply__isnull=True).values("anomaly__trade"))


def _letters(keys: list[int], code: str) -> dict[int, datetime]:
    """The trades on which a letter waits for the organisation's reply, with the nearest end of its time."""
    found = Letter.objects.filter(anomaly__trade__in=keys, to__code=code, reply__isnull=True).order_by("-reply_by")
    return {trade: end_of_day(until) for trade, until in found.values_list("anomaly__trade", "reply_by")}


def _as_member(listed: list[Trade], keys: list[int], actor: Actor) -> Own:
    seats = {one.trade_id: one for one in seats_of(actor).filter(trade__in=keys)}
    for one in listed:
        one.know_member(actor.person, member=seats.get(one.pk))
    return Own(seats=seats)


def _as_bidder(listed: list[Trade], keys: list[int], code: str, letters: dict[int, datetime]) -> Own:
    bids = Bid.objects.filter(trade__in=keys, bidder__code=code, replaced_by__isnull=True, withdrawal__isnull=True)
    standing = frozenset(bids.values_list("trade", flat=True))
    for one in listed:
        one.know_bid(code, stands=one.pk in standing)
    own = {"trade__in": keys, "organisation__code": code}
    opened = OpenedBid.objects.filter(bid__trade__in=keys, bid__bidder__code=code)
    asked = Clarification.objects.filter(bid__trade__in=keys, bid__bidder__code=code, answer__isnull=True)
    return Own(
        bids=standing,
        opened=frozenset(opened.values_list("bid__trade", flat=True)),
        bonds=frozenset(Guarantee.objects.filter(**own).values_list("trade", flat=True)),
        signed_in=frozenset(SignIn.objects.filter(**own).values_list("trade", flat=True)),
        asked=frozenset(asked.values_list("bid__trade", flat=True)),
        letters=letters,
    )
