"""A trade by its stream, for whoever may have it: this is how pages come by one."""

from collections.abc import Collection

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from yangguang.trading.models import Trade
from yangguang.trading.roles import Role
from yangguang.web.accounts.requests import Request
from yangguang.witness.actor import Actor


def trade_named(stream: str) -> Trade:
    """The trade with all that its roles are read from. Raises Http404."""
    found: Trade = get_object_or_404(Trade.objects.select_related(*Trade.read_along), stream=stream)
    return found


def trade_for(request: Request, stream: str, *, roles: Collection[Role]) -> Trade:
    """The trade, for whoever has one of these roles there. Raises Http404, or PermissionDenied for everybody else."""
    found = trade_named(stream)
    if not holds_a_role(found, actor=request.actor, roles=roles):
        raise PermissionDenied
    return found


def holds_a_role(trade: Trade, *, actor: Actor, roles: Collection[str]) -> bool:
    """Whether the actor has one of these roles here; strangers have none."""
    return bool(actor.person) and any(trade.has_role(actor, role) for role in sorted(roles))
