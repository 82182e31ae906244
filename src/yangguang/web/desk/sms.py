"""Short messages (短信): what a provider must offer, and one that writes to a file, for trials.

`YANGGUANG_SMS` names the provider's class by its Python path. It is made once, without arguments, and reads whatever
it needs (account, key, template) from the environment itself. A house writes its own:

    class Carrier:
        def send(self, *, mobile: str, text: str) -> None: ...

`send` raises an exception when the message was not taken. The text is always the same sentence with a number; it names
no trade, no organisation and no person, so a provider learns nothing but that this number uses the platform.
"""

from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


class Provider(Protocol):
    """短信服务商: sends one message to one number."""

    def send(self, *, mobile: str, text: str) -> None:
        """Send it. Raises whatever went wrong."""


class ToFile:
    """For trials: each message is a line of `sms.txt` in the house's home."""

    def send(self, *, mobile: str, text: str) -> None:
        """Append the line."""
        path = Path(settings.HOME, "sms.txt")
        path.touch(mode=0o600)
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{mobile} {text}\n")


def provider() -> Provider | None:
    """The provider that the settings name; None where short messages are off."""
    if not settings.SMS_PROVIDER:
        return None
    made: Provider = import_string(settings.SMS_PROVIDER)()
    return made
