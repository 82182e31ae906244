"""The state tables of trades. Rows that are evidence are append-only by database trigger."""

from yangguang.trading.models.awards import Award, Contract, DropOut, Forfeiture, Publicity, Refund
from yangguang.trading.models.bids import (
    Bid,
    Guarantee,
    OpenedBid,
    OpenedGuarantee,
    RescueRequest,
    RescueShare,
    SignIn,
    Withdrawal,
)
from yangguang.trading.models.evaluation import (
    BlindCode,
    Candidate,
    ChairVote,
    Clarification,
    Member,
    Opinion,
    Rejection,
    Replacement,
    ReportSignature,
    Score,
)
from yangguang.trading.models.tenders import Centre, Objection, Tender, TenderDocument, Trade

__all__ = [
    "Award",
    "Bid",
    "BlindCode",
    "Candidate",
    "Centre",
    "ChairVote",
    "Clarification",
    "Contract",
    "DropOut",
    "Forfeiture",
    "Guarantee",
    "Member",
    "Objection",
    "OpenedBid",
    "OpenedGuarantee",
    "Opinion",
    "Publicity",
    "Refund",
    "Rejection",
    "Replacement",
    "ReportSignature",
    "RescueRequest",
    "RescueShare",
    "Score",
    "SignIn",
    "Tender",
    "TenderDocument",
    "Trade",
    "Withdrawal",
]
