"""配对: a code that is shown in the terminal and typed once in the page gives that page's origin a token.

The first digit of a code says on which port the helper listens. A code works once; five wrong ones make a new one,
and after five new ones nobody is paired any more until the program is started again: another program on the machine
may try as it likes.
"""

import hmac
import secrets
from collections.abc import Callable
from threading import Lock
from typing import Final

from yangguang.cli.agent.refusals import refused

ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_LETTERS: Final = 8  # of 31: 39 bits
_GROUP: Final = 3
_WRONG_CODES: Final = 5
_NEW_CODES: Final = 5
_MOST_TOKENS: Final = 16


class Pairing:
    """The codes and tokens of one run. `show` is given each new code as a person reads it."""

    def __init__(self, *, digit: int, show: Callable[[str], None]) -> None:
        self._digit, self._show = digit, show
        self._lock = Lock()
        self._tokens: dict[str, str] = {}
        self._spoilt = 0
        self._renew()

    def pair(self, *, code: str, origin: str) -> str:
        """A token for this origin; raises Refused agent.code, agent.closed."""
        with self._lock:
            if self._spoilt >= _NEW_CODES:
                raise refused("agent.closed")
            if not hmac.compare_digest(code.encode(), self._code.encode()):
                self._count_wrong()
                raise refused("agent.code")
            token = secrets.token_urlsafe(32)
            self._tokens[token] = origin
            while len(self._tokens) > _MOST_TOKENS:
                del self._tokens[next(iter(self._tokens))]
            self._renew()
            return token

    def check(self, *, token: str, origin: str) -> None:
        """Raises Refused agent.unpaired unless the token was given to this origin."""
        given = f"{token} {origin}".encode()
        with self._lock:
            known = [f"{one} {whose}".encode() for one, whose in self._tokens.items()]
        if not any([hmac.compare_digest(given, one) for one in known]):  # noqa: C419 # all of them, in constant time
            raise refused("agent.unpaired")

    def _count_wrong(self) -> None:
        self._wrong += 1
        if self._wrong >= _WRONG_CODES:
            self._spoilt += 1
            self._renew()

    def _renew(self) -> None:
        letters = "".join(secrets.choice(ALPHABET) for _ in range(_LETTERS))
        self._code, self._wrong = f"{self._digit}{letters}", 0
        if self._spoilt < _NEW_CODES:
            self._show("-".join(self._code[at : at + _GROUP] for at in range(0, len(self._code), _GROUP)))
