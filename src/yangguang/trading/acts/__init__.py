"""The acts of a trade, each its own function in its stage's file; imported here so that all are declared."""

from yangguang.trading.acts import (
    award,
    bidding,
    committee,
    contract,
    documents,
    draws,
    endings,
    evaluation,
    opening,
    registration,
    replacement,
    report,
    rescue,
    review,
)

__all__ = [
    "award",
    "bidding",
    "committee",
    "contract",
    "documents",
    "draws",
    "endings",
    "evaluation",
    "opening",
    "registration",
    "replacement",
    "report",
    "rescue",
    "review",
]
