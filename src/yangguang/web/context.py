"""What every page's template knows."""

from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpRequest

from yangguang.web import demo_mode
from yangguang.web.accounts.models import Account

LIVE_HEADER = "X-Yangguang-Live"


def everywhere(request: HttpRequest) -> dict[str, Any]:
    """The moment, the person and the organisation acted for; the demonstration's accounts where there is one.

    What is told once (已办理…) is told on the page that a person comes to. A live page that fetches itself again
    takes none of it: it would be gone before the person who has just sent a form arrives.
    """
    account = getattr(request, "user", None)
    return {
        "messages": () if LIVE_HEADER in request.headers else get_messages(request),
        "at": getattr(request, "at", None),
        "account": account if isinstance(account, Account) else None,
        "acting_for": getattr(request, "acting_for", None),
        "is_demo": demo_mode.is_demo(),
    }
