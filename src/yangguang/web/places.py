"""Pages of a trade besides those of its acts: opening hall, draw of experts, evaluation room, 见证, archive."""

from yangguang.trading.models import Trade
from yangguang.trading.roles import Role
from yangguang.trading.stages import Stage
from yangguang.web.access import DRAWING, WATCHING, WITNESSING
from yangguang.web.evaluation.seats import ORDER, has_reached, stage_of
from yangguang.web.trades import holds_a_role
from yangguang.witness.actor import Actor


def has_hall(trade: Trade) -> bool:
    """Whether the opening hall has something to show: from the notice until the experts are drawn, or no opening."""
    here = stage_of(trade)
    return trade.bid_deadline is not None and (here == Stage.TOO_FEW or ORDER.index(here) <= ORDER.index(Stage.OPENED))


def places_for(trade: Trade, actor: Actor) -> list[tuple[str, str]]:
    """The pages that the actor may open, with their addresses' names."""
    found = [("见证", "witness")] if holds_a_role(trade, actor=actor, roles=WITNESSING) else []
    if not actor.person or not has_reached(trade, Stage.OPENED):
        return found
    answers = holds_a_role(trade, actor=actor, roles=DRAWING)
    found += [("抽取评标专家", "draw")] if answers else []
    if has_reached(trade, Stage.DRAWN) and holds_a_role(trade, actor=actor, roles=(Role.MEMBER, *WATCHING)):
        found.append(("评标室", "room"))
    if answers and trade.stage == Stage.ARCHIVED:
        found.append(("下载归档包", "archive"))
    return found
