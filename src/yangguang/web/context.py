"""What every page's template knows."""

from typing import Any

from django.http import HttpRequest

from yangguang.web import demo_mode
from yangguang.web.accounts.models import Account


def everywhere(request: HttpRequest) -> dict[str, Any]:
    """The moment, the person and the organisation acted for; the demonstration's accounts where there is one."""
    account = getattr(request, "user", None)
    return {
        "at": getattr(request, "at", None),
        "account": account if isinstance(account, Account) else None,
        "acting_for": getattr(request, "acting_for", None),
        "is_demo": demo_mode.is_demo(),
    }
