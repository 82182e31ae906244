"""What a register knows beyond its catalogue entry: its rules, and what is derived before a record stands.

A package above the ledger registers a function under the name that the catalogue entry gives in `check`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yangguang.ledger.catalogue import Register
from yangguang.ledger.models import Record, Unit
from yangguang.ledger.values import Cleaned
from yangguang.rules.refusal import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A record before it stands. A check answers with refusals and may derive columns in `cleaned`."""

    unit: Unit
    register: Register
    cleaned: Cleaned
    at: datetime


Check = Callable[[Draft], Iterable[Refusal]]

CHECKS: dict[str, Check] = {}


def checks_records(name: str) -> Callable[[Check], Check]:
    """Register a check under a name of the catalogue; used as a decorator."""

    def keep(check: Check) -> Check:
        CHECKS[name] = check
        return check

    return keep


def check_draft(draft: Draft) -> list[Refusal]:
    """What the register's own checks answer, in their order. An unknown name is a fault of the catalogue."""
    return [refusal for name in draft.register.check if name in CHECKS for refusal in CHECKS[name](draft)]


BallotCheck = Callable[[Record, dict[str, Any]], Iterable[Refusal]]

BALLOTS: dict[str, BallotCheck] = {}


def checks_ballots(name: str) -> Callable[[BallotCheck], BallotCheck]:
    """Register what a ballot may say in the registers that name it in `check`; used as a decorator."""

    def keep(check: BallotCheck) -> BallotCheck:
        BALLOTS[name] = check
        return check

    return keep
