"""Which acts a person may do now (当前可办事项): by the stage table and the roles, asked of the trade itself.

Nothing is offered that would be refused: where a moment is given, each act is asked for its preconditions, and one that
cannot be done yet says why, and from when on it can.
"""

from dataclasses import dataclass
from datetime import datetime

from yangguang.rules.refusal import Refusal
from yangguang.trading.acts.contract import sign_contract
from yangguang.trading.due import deadlines_of
from yangguang.trading.models import Trade
from yangguang.trading.preconditions import NOT_MINE, hindrances, possible_from
from yangguang.trading.roles import Role
from yangguang.trading.stages import WITNESSING, Stage
from yangguang.web.acts.pages import PAGES, ActPage
from yangguang.web.acts.words import Words
from yangguang.web.trades import holds_a_role
from yangguang.witness.actor import Actor
from yangguang.witness.acts import ACTS

COUNTERSIGN = ActPage(
    name="countersign_contract",
    act=sign_contract,
    words=Words(
        title="会签合同", what="核对招标人拟好的合同并签名，招标人再签名后合同成立。", ground="招标投标法第四十六条"
    ),
    form=None,
    place="contract",
)

# The centre's witnesses find theirs on the trade's witness page; whoever got a letter is told of it.
OFFERED = frozenset(PAGES) - set(WITNESSING) | {"reply_to_letter"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """An act of this stage, and the moment the law puts on it, if there is one.

    `hindrances` say why it cannot be done yet, `opens` the moment from which it can, where only time is lacking.
    """

    page: ActPage
    trade: Trade
    due: datetime | None
    hindrances: tuple[Refusal, ...] = ()
    opens: datetime | None = None

    @property
    def url(self) -> str:
        """Where it is done."""
        return self.page.url_for(self.trade)

    @property
    def is_possible(self) -> bool:
        """Whether it can be done now."""
        return not self.hindrances


def offers_for(trade: Trade, *, actor: Actor, at: datetime | None = None) -> list[Offer]:
    """The acts at this stage that this actor has the role for, the most urgent first, what is not yet possible last.

    Without `at` the preconditions are not asked: lists of many trades do without them.
    """
    due = {one.act: one.moment for one in deadlines_of(trade)}
    possible = [name for stage, name in trade.transitions() if stage == trade.stage and name in OFFERED]
    mine = [name for name in possible if holds_a_role(trade, actor=actor, roles=ACTS[name].by - {Role.CLOCK})]
    asked = [(name, hindrances(name, trade, actor=actor, at=at) if at else ()) for name in mine]
    found = [
        Offer(page=PAGES[name], trade=trade, due=due.get(name), hindrances=why, opens=_opens(name, trade, why, at))
        for name, why in asked
        if not any(one.code in NOT_MINE for one in why)
    ]
    return sorted([*found, *_countersigning(trade, actor)], key=_urgency)


def _countersigning(trade: Trade, actor: Actor) -> list[Offer]:
    """The winner signs the contract before the tenderer does; it is no act of its own."""
    waits = trade.stage == Stage.NOTIFIED and "handler" in actor.offices and actor.may_touch(trade.stream)
    newest = max(trade.awards.all(), key=lambda one: one.pk) if waits else None
    won = newest is not None and newest.bid.bidder.code == actor.organisation
    return [Offer(page=COUNTERSIGN, trade=trade, due=None)] if won else []


def _opens(name: str, trade: Trade, why: tuple[Refusal, ...], at: datetime | None) -> datetime | None:
    return possible_from(name, trade, at=at) if at and why else None


def _urgency(one: Offer) -> tuple[bool, bool, float, bool]:
    return (not one.is_possible, one.due is None, one.due.timestamp() if one.due else 0, one.page.is_exceptional)
