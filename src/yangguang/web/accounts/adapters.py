"""What allauth asks us: nobody makes an account by themselves, names are shown as they are."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by the centre for people it knows (DESK: 单位与人员)."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - the shape of allauth's
        """Closed."""
        return False

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """django-axes counts failures; allauth's own counter stays out of the way."""
