"""Only a page that signs or opens may ask the helper on the person's machine; all others may ask nobody but us."""

import pytest
from django.test import Client

from support.browser import account_of
from support.stages import trade_at
from yangguang.trading.stages import Stage
from yangguang.web.helper import PORTS

HELPER = [f"http://127.0.0.1:{port}" for port in PORTS]


def may_ask(client: Client, path: str) -> list[str]:
    """Whom the page at this address may ask, besides us."""
    policy = client.get(path)["Content-Security-Policy"]
    (directive,) = [one for one in policy.split("; ") if one.startswith("connect-src")]
    return [one for one in directive.split()[1:] if one != "'self'"]


@pytest.mark.django_db(transaction=True)
def test_pages_that_sign_may_ask_the_helper_and_no_others(time_machine):
    scene = trade_at(Stage.DECRYPTING)
    time_machine.move_to(scene.at)
    client = Client()
    client.force_login(account_of(scene.who("bidder")), backend="yangguang.web.accounts.backends.AccountBackend")
    trade = f"/trades/{scene.stream}/"

    for path in (f"{trade}bid/", f"{trade}opening/", "/account/certificate/"):
        assert may_ask(client, path) == HELPER, path
    for path in ("/", trade, f"{trade}opening/screen/", "/desk/", "/account/me/", "/verify/", "/no-such-page/"):
        assert may_ask(client, path) == [], path
