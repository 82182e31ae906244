"""The acts of a trade, each its own function in its stage's file; imported here so that all are declared."""

from yangguang.trading.acts import (
    authorities,
    award,
    bidding,
    committee,
    contract,
    corrections,
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
    "authorities",
    "award",
    "bidding",
    "committee",
    "contract",
    "corrections",
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
