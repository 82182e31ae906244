"""What came of a replayed tender, and the check of its winner against the file alone."""

from dataclasses import dataclass
from decimal import Decimal

from yangguang.demo.replay_input import PastTender

FEWEST = 3  # bidders, 招标投标法第二十八条
ARCHIVED = "archived"


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """One tender after its replay. `winner` is the place of the winning bid in the row order of the file.

    `seconds` is the play up to the archive, `archive_seconds` its export and verification. `problems` are the words of
    the verification, `failure` the error that ended the play early.
    """

    tender: PastTender
    stage: str = ""
    acts: int = 0
    winner: int | None = None
    price: Decimal | None = None
    seconds: float = 0.0
    archive_seconds: float = 0.0
    problems: tuple[str, ...] = ()
    failure: str = ""

    @property
    def has_too_few(self) -> bool:
        """Whether the tender has fewer than three bidders, so that nothing may be opened."""
        return len(self.tender.prices) < FEWEST

    @property
    def is_wrong(self) -> bool:
        """Whether the winner is not a lowest bidder of the file, is missing, or is there where none may be."""
        if self.failure:
            return False
        if self.has_too_few or self.winner is None:
            return self.stage != ARCHIVED or not (self.has_too_few and self.winner is None)
        lowest = min(self.tender.prices)
        return self.stage != ARCHIVED or self.tender.prices[self.winner] != lowest or self.price != lowest

    @property
    def is_good(self) -> bool:
        """Whether the play ended, with the right winner and an archive that verifies."""
        return not (self.failure or self.problems or self.is_wrong)
