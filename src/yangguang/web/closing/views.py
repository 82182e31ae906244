"""The page of the bonds, for the parties of a trade and those who supervise it."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from yangguang.rules.refusal import Refusal, Refused
from yangguang.trading.bonds import sub_log_is_open
from yangguang.trading.models import Trade
from yangguang.web.access import DRAWING
from yangguang.web.accounts.requests import Request
from yangguang.web.acts.offers import offers_for
from yangguang.web.closing.bonds import bonds_of
from yangguang.web.trades import holds_a_role, trade_for
from yangguang.witness.actor import Actor

SECRET = Refusal(
    code="bonds.secret",
    reason="投标截止并公布密封记录之前，不公开谁递交了投标保证金、有几笔",
    article="招标投标法第二十二条",
    remedy="请在投标截止后查看。",
)
ON_PAGE = ("refund_guarantee", "forfeit_guarantee")


@never_cache
@require_safe
def bonds(request: Request, stream: str) -> HttpResponse:
    """What became of each bond. Raises `Refused` until the bidding is closed, whether there is one or not."""
    trade = trade_for(request, stream, roles=DRAWING)
    if sub_log_is_open(trade):
        raise Refused(SECRET)
    offers = [one for one in offers_for(trade, actor=request.actor, at=request.at) if one.page.name in ON_PAGE]
    context = {"trade": trade, "bonds": bonds_of(trade), "offers": offers}
    return render(request, "closing/bonds.html", context)


def closing_places(trade: Trade, actor: Actor) -> list[tuple[str, str]]:
    """The page of the bonds with its address's name, for whoever may open it now."""
    if trade.bid_deadline is None or not holds_a_role(trade, actor=actor, roles=DRAWING) or sub_log_is_open(trade):
        return []
    return [("投标保证金", "bonds")]
