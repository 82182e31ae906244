"""Pages of a trade besides those of its acts: opening hall, draw of experts, evaluation room, 见证, archive."""

from yangguang.trading.models import Trade
from yangguang.trading.roles import Role
from yangguang.trading.stages import Stage
from yangguang.web.access import DRAWING, WATCHING, WITNESSING
from yangguang.web.evaluation.seats import ORDER, has_reached, stage_of
from yangguang.witness.actor import Actor


def has_hall(trade: Trade) -> bool:
    """Whether the opening hall has something to show: from the notice until the experts are drawn, or no opening."""
    here = stage_of(trade)
    return trade.bid_deadline is not None and (here == Stage.TOO_FEW or ORDER.index(here) <= ORDER.index(Stage.OPENED))


def places_for(trade: Trade, actor: Actor) -> list[tuple[str, str]]:
    """The pages that the actor may open, with their addresses' names."""
    found = [("见证", "witness")] if actor.person and _holds(trade, actor, WITNESSING) else []
    if not actor.person or not has_reached(trade, Stage.OPENED):
        return found
    answers = _holds(trade, actor, DRAWING)
    found += [("抽取评标专家", "draw")] if answers else []
    if has_reached(trade, Stage.DRAWN) and _holds(trade, actor, (Role.MEMBER, *WATCHING)):
        found.append(("评标室", "room"))
    if answers and trade.stage == Stage.ARCHIVED:
        found.append(("下载归档包", "archive"))
    return found


def _holds(trade: Trade, actor: Actor, roles: tuple[Role, ...]) -> bool:
    return any(trade.has_role(actor, role) for role in roles)
