"""Keeping a form whose sender is not signed in any more (暂存): each kind of page says how its form is kept."""

from collections.abc import Callable

from django.http import HttpRequest

from yangguang.web.drafts.models import Draft

Keeper = Callable[[HttpRequest], Draft | None]

KEEPERS: dict[str, Keeper] = {}


def keeps_forms(*addresses: str) -> Callable[[Keeper], Keeper]:
    """Register how what was sent to these addresses is kept; used as a decorator."""

    def keep(keeper: Keeper) -> Keeper:
        KEEPERS.update(dict.fromkeys(addresses, keeper))
        return keeper

    return keep


def parked(request: HttpRequest) -> Draft | None:
    """The draft of a form of inputs that could not be taken as it came, or None for other requests."""
    match = request.resolver_match
    keeper = KEEPERS.get(match.view_name) if match else None
    return keeper(request) if keeper else None
