"""时限: what is due, when, and by whom. The clock performs its own share; people see the rest as 待办.

Every app that has deadlines registers a provider; nothing is stored, so nothing can be stale.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """到期事项: `act` on `stream` from or until `moment`; `perform` is there when the system's clock does it itself."""

    moment: datetime
    stream: str
    act: str
    roles: frozenset[str]
    perform: Callable[[datetime], object] | None = None


Provider = Callable[[], Iterable[Due]]

PROVIDERS: list[Provider] = []


def provides_deadlines(provider: Provider) -> Provider:
    """Register a provider of deadlines; used as a decorator."""
    PROVIDERS.append(provider)
    return provider


def all_due() -> Iterator[Due]:
    """Everything that has a moment, earliest first."""
    yield from sorted((due for provider in PROVIDERS for due in provider()), key=lambda due: (due.moment, due.stream))


def due_for_clock(*, at: datetime) -> list[Due]:
    """What the system's clock has to perform by now, earliest first."""
    return [due for due in all_due() if due.perform is not None and due.moment <= at]
