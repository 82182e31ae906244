"""What waits in the hall for the one who looks (我的操作): the acts that may be done now, and what the others wait for.

Offers come from `acts/offers.py`, which knows what still hinders each; a button stands here only when it works, and
what is settled for the one who looks is left out. The act itself decides in any case.
"""

from dataclasses import dataclass, field
from datetime import datetime

from yangguang.experts import draws
from yangguang.experts.models import Draw
from yangguang.proof.broken import GROUNDS
from yangguang.trading.acts.draws import party_of
from yangguang.trading.acts.rescue import rescuable, waiting_for_share
from yangguang.trading.acts.unlocking import rescued_files
from yangguang.trading.models import Bid, Guarantee, SignIn, Trade
from yangguang.trading.models.bids import standing_bids
from yangguang.trading.roles import HOSTS, Role
from yangguang.trading.stages import OPENING, Stage
from yangguang.web.acts.offers import Offer, offers_for
from yangguang.web.acts.pages import HALL
from yangguang.web.drafts.models import fresh_token
from yangguang.web.hall.forms import DOINGS, SIGNED, HallForm, form_for
from yangguang.web.hall.steps import stage_of
from yangguang.witness.actor import Actor
from yangguang.witness.models import SecurityEvent

ROLES = {
    Role.TENDERER: "招标人",
    Role.AGENCY: "招标代理机构",
    Role.CENTRE: "交易中心",
    Role.SUPERVISOR: "行政监督",
    Role.BIDDER: "投标人",
    Role.TRUSTEE: "解密救援受托人",
}
# An act that is hindered by one of these waits for nothing here: it is done, or its turn has not come.
SETTLED = {
    "decryption.settled",
    "draw.committed",
    "draw.completed",
    "draw.no_parameter",
    "draw.none",
    "draw.not_ready",
    "draw.revealed",
    "draw.reveals_began",
    "draw.running",
    "objection.not_open",
    "opening.objection.too_late",
    "rescue.not_declared",
    "rescue.not_requested",
    "rescue.released",
    "rescue.requested",
    "sign_in.twice",
}
FALLBACK = "密钥文件不能解密本单位的投标文件"


@dataclass(slots=True, kw_only=True)
class Task:
    """One act as the panel shows it."""

    offer: Offer
    form: HallForm | None
    party: str = ""
    draw: Draw | None = None
    own: "Own | None" = None
    rescued: "list[Rescued]" = field(default_factory=list)
    token: str = field(default_factory=fresh_token)

    @property
    def name(self) -> str:
        """The act's name."""
        return self.offer.page.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescued:
    """A bid that waits for a trustee's share: whose, why, and the sealed files to take the shares from."""

    bidder: str
    reason: str
    files: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """What a bidder sees of itself, and nobody else: its bid, its sign-in, its guarantee."""

    bid: Bid | None
    signed_in_at: datetime | None
    guarantee: Guarantee | None
    shares: int | None = None  # how many a rescue has got, where it was asked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A key file that opened nothing: whose, when and why."""

    bidder: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """The personal panel."""

    roles: list[str]
    tasks: list[Task]
    own: Own | None
    attempts: list[Attempt]
    watches_attempts: bool
    is_host: bool

    @property
    def wakes(self) -> list[str]:
        """The moments at which something becomes possible without anybody doing anything."""
        return sorted({one.offer.opens.isoformat() for one in self.tasks if one.offer.opens})


def panel_of(trade: Trade, *, actor: Actor, at: datetime) -> Panel:
    """What the actor may do here now; a stranger gets an empty panel without a question to the database."""
    asked = [role for role in ROLES if role != Role.TRUSTEE or trade.stage == Stage.DECRYPTING]
    roles = [role for role in asked if actor.person and trade.has_role(actor, role)]
    own = own_of(trade, actor) if Role.BIDDER in roles else None
    overseers = HOSTS | {Role.SUPERVISOR}
    sees_attempts = trade.stage == Stage.DECRYPTING and bool({*roles} & {*overseers, Role.BIDDER})
    only = "" if overseers & {*roles} else actor.organisation
    return Panel(
        roles=[ROLES[role] for role in roles],
        tasks=tasks_of(trade, actor=actor, at=at, own=own) if roles else [],
        own=own,
        attempts=attempts_of(trade, organisation=only) if sees_attempts else [],
        watches_attempts=sees_attempts and not only,
        is_host=bool(HOSTS & {*roles}),
    )


def tasks_of(trade: Trade, *, actor: Actor, at: datetime, own: Own | None) -> list[Task]:
    """The offers of the hall in the order of an opening; what is settled for this actor is left out."""
    order = [*DOINGS, *SIGNED]
    offers = [one for one in offers_for(trade, actor=actor, at=at) if _is_here(trade, one, own)]
    tasks = [_task(trade, one, actor, own) for one in sorted(offers, key=lambda one: order.index(one.page.name))]
    possible = {one.name for one in tasks if one.offer.is_possible}
    return [one for one in tasks if not (one.name == "reveal_for_draw" and "commit_to_draw" in possible)]


def _is_here(trade: Trade, offer: Offer, own: Own | None) -> bool:
    """Whether an offer belongs into the hall and is not settled."""
    name = offer.page.name
    if SETTLED & {one.code for one in offer.hindrances}:
        return False
    if name == "open_bid" and own is None and not rescuable(trade):  # a host opens with trustees' shares only
        return False
    if name == "record_decryption_failure" and not standing_bids(trade).filter(opened__isnull=True).exists():
        return False
    return HALL.get(name) == trade.stage or (name in SIGNED and stage_of(trade) in OPENING)


def _task(trade: Trade, offer: Offer, actor: Actor, own: Own | None) -> Task:
    name = offer.page.name
    kind = form_for(name, trade, organisation=actor.organisation) if name in DOINGS else None
    task = Task(offer=offer, form=kind(trade=trade, act=name) if kind else None, own=own)
    if name == "release_rescue_share":
        waiting = waiting_for_share(trade, organisation=actor.organisation)
        task.rescued = [_rescued(one) for one in waiting]
    if name in {"commit_to_draw", "reveal_for_draw"} and offer.is_possible:
        task.party, task.draw = party_of(trade, actor), draws.current_draw(stream=trade.stream, kind=draws.PARAMETER)
    return task


def _rescued(bid: Bid) -> Rescued:
    files = [one.evidence_id for one in rescued_files(bid)]
    return Rescued(bidder=bid.bidder.name, reason=bid.rescue_request.reason, files=files)


def own_of(trade: Trade, actor: Actor) -> Own:
    """A bidder's own rows."""
    mine = {"trade": trade, "organisation__code": actor.organisation}
    related = standing_bids(trade).select_related("opened", "rescue_request")
    bid = related.filter(bidder__code=actor.organisation).first()
    return Own(
        bid=bid,
        signed_in_at=SignIn.objects.filter(**mine).values_list("at", flat=True).first(),
        guarantee=Guarantee.objects.filter(**mine).order_by("pk").last(),
        shares=bid.rescue_shares.count() if bid and hasattr(bid, "rescue_request") else None,
    )


def attempts_of(trade: Trade, *, organisation: str = "") -> list[Attempt]:
    """The newest failed key file of each bidder whose bid is not settled, or of one bidder only."""
    waiting = standing_bids(trade).filter(opened__isnull=True)
    if organisation:
        waiting = waiting.filter(bidder__code=organisation)
    names = {one.bidder.code: one.bidder.name for one in waiting}
    failed = SecurityEvent.objects.filter(stream=trade.stream, act="unlock", organisation__in=names).order_by("pk")
    newest = {one.organisation: one for one in failed}
    return [Attempt(bidder=names[code], at=one.at, reason=reason_of(one.codes)) for code, one in newest.items()]


def reason_of(codes: list[str]) -> str:
    """What went wrong with a key file, in words."""
    return "；".join(GROUNDS[code].reason for code in codes if code in GROUNDS) or FALLBACK
