"""The password check: Django's, for accounts that have no permissions of their own."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from yangguang.web.accounts.models import Account


class AccountBackend(BaseBackend):
    """Name and password; an unknown name takes as long as a wrong password."""

    def authenticate(
        self,
        request: HttpRequest | None,  # noqa: ARG002 - the shape of a backend
        username: str | None = None,
        password: str | None = None,
        **_: Any,
    ) -> Account | None:
        """The account, or None."""
        if not username or password is None:
            return None
        account = Account.objects.filter(username__iexact=username).first()
        if account is None:
            Account().set_password(password)
            return None
        return account if account.check_password(password) and account.is_active else None

    def get_user(self, user_id: int) -> Account | None:
        """The account of a session, as long as it is open."""
        return Account.objects.select_related("person").filter(pk=user_id, is_active=True).first()
