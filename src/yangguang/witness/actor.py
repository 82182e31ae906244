"""Who asks for an act."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A person acting for one organisation at a time, or the system's clock.

    `person` is an opaque id (never a name), `organisation` a 统一社会信用代码 or "" for a person without one,
    `offices` the offices that the person holds there (`centre`, `supervision`, …). `only` are the streams of the trades
    for which the power was given; empty where it is for all.
    """

    person: str
    organisation: str = ""
    offices: frozenset[str] = frozenset()
    only: frozenset[str] = frozenset()

    def may_touch(self, stream: str) -> bool:
        """Whether the power reaches this trade."""
        return not self.only or stream in self.only


CLOCK_OFFICE = "clock"
CLOCK = Actor(person="system:clock", offices=frozenset({CLOCK_OFFICE}))
