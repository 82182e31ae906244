"""Which acts a person may do now (当前可办事项): by the stage table and the roles, asked of the trade itself."""

from dataclasses import dataclass
from datetime import datetime

from yangguang.trading.due import deadlines_of
from yangguang.trading.models import Trade
from yangguang.trading.roles import Role
from yangguang.web.acts.pages import PAGES, ActPage
from yangguang.witness.actor import Actor
from yangguang.witness.acts import ACTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """An act that may be done now, and the moment the law puts on it, if there is one."""

    page: ActPage
    trade: Trade
    due: datetime | None

    @property
    def url(self) -> str:
        """Where it is done."""
        return self.page.url_for(self.trade)


def offers_for(trade: Trade, *, actor: Actor) -> list[Offer]:
    """The acts at this stage that this actor has the role for, the most urgent first."""
    due = {one.act: one.moment for one in deadlines_of(trade)}
    possible = [name for stage, name in trade.transitions() if stage == trade.stage and name in PAGES]
    mine = [name for name in possible if holds_a_role(trade, actor=actor, roles=ACTS[name].by - {Role.CLOCK})]
    found = [Offer(page=PAGES[name], trade=trade, due=due.get(name)) for name in mine]
    return sorted(found, key=lambda one: (one.due is None, one.due, one.page.is_exceptional))


def holds_a_role(trade: Trade, *, actor: Actor, roles: frozenset[str]) -> bool:
    """Whether the actor has one of these roles here; strangers have none."""
    return bool(actor.person) and any(trade.has_role(actor, role) for role in sorted(roles))
