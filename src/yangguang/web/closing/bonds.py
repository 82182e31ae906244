"""投标保证金 of a trade as people read them: whose, how much, returned or kept, and by when it has to be returned."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from yangguang.rules.checks.forfeiture import ForfeitureGround
from yangguang.trading.bonds import refund_due
from yangguang.trading.models import Guarantee, Trade


@dataclass(frozen=True, slots=True, kw_only=True)
class Bond:
    """One bond: `due` is when it has to be back, None while nothing has happened that the law counts from."""

    held: Guarantee
    due: datetime | None

    @property
    def amount(self) -> Decimal | None:
        """What it states; None where it was never opened."""
        return self.held.opened.amount if hasattr(self.held, "opened") else None

    @property
    def state(self) -> str:
        """refunded, kept or waiting."""
        return "refunded" if hasattr(self.held, "refund") else "kept" if hasattr(self.held, "forfeiture") else "waiting"

    @property
    def settled_at(self) -> datetime | None:
        """When it was returned or kept."""
        row = {"refunded": "refund", "kept": "forfeiture"}.get(self.state)
        return getattr(self.held, row).at if row else None

    @property
    def ground(self) -> str:
        """Why it was kept."""
        return ForfeitureGround(self.held.forfeiture.ground).text if self.state == "kept" else ""

    @property
    def is_late(self) -> bool:
        """Whether it was returned after its day."""
        return self.state == "refunded" and self.due is not None and self.held.refund.at > self.due


def bonds_of(trade: Trade, *, organisation: str = "") -> list[Bond]:
    """The bonds of a trade in the order in which they came, or those of one organisation."""
    rows = Guarantee.objects.filter(trade=trade).order_by("pk")
    if organisation:
        rows = rows.filter(organisation__code=organisation)
    held = list(rows.select_related("organisation", "opened", "refund", "forfeiture"))
    due = refund_due(trade) if held else None
    return [Bond(held=one, due=due) for one in held]
