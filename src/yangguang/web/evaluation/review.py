"""初步评审 as one member sees it: every bid beside the others, one's own opinion on each, nobody else's."""

from dataclasses import dataclass
from typing import Any

from yangguang.trading.models import Clarification, Opinion, Trade
from yangguang.trading.models.evaluation import standing_members, standing_opinions
from yangguang.trading.papers.rows import Listed, listed_bids, writing
from yangguang.trading.readings import failing_bids, terms_of
from yangguang.web.evaluation.files import BidFile, clarification_files, hides_blind_part, named_files
from yangguang.web.evaluation.forms import OpinionSheet
from yangguang.web.evaluation.models import Sheet
from yangguang.web.evaluation.seats import Viewer
from yangguang.web.evaluation.sheets import sheet_name

OPINION = "give_opinion"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewedBid:
    """One column of the review."""

    listed: Listed
    files: list[BidFile]
    opinions: list[Opinion]
    form: OpinionSheet | None
    saved: Sheet | None
    questions: list[dict[str, Any]]
    fails: bool

    @property
    def about(self) -> str:
        """What names the bid."""
        return self.listed.bid.evidence_id


def reviewed_bids(
    trade: Trade, viewer: Viewer, sheets: dict[str, Sheet], *, failed: dict[str, OpinionSheet]
) -> list[ReviewedBid]:
    """The opened bids in the order of the opening; `failed` are forms that could not be taken as they came."""
    mine = _own_opinions(trade, viewer)
    asked, hides = _questions(trade), hides_blind_part(trade)
    chairs = viewer.member is not None and viewer.member.chairs
    failing = failing_bids(trade) if chairs else set()
    found = []
    for one in listed_bids(trade):
        if one.opened is None or one.opened.price is None:
            continue
        about, bid = one.bid.evidence_id, one.bid
        saved = sheets.get(sheet_name(OPINION, about))
        fresh = OpinionSheet(initial=saved.values if saved else {}, prefix=None, auto_id=f"o{one.number}-%s")
        writes = viewer.member is not None and not mine.get(bid.pk)
        found.append(
            ReviewedBid(
                listed=one,
                files=named_files(bid, hides=hides),
                opinions=mine.get(bid.pk, []),
                form=failed.get(about, fresh) if writes else None,
                saved=saved,
                questions=asked.get(bid.pk, []),
                fails=bid.pk in failing,
            )
        )
    return found


def standards(trade: Trade) -> list[tuple[str, tuple[str, ...]]]:
    """What is looked at in each step."""
    review = terms_of(trade).review
    return [(step.label, review[step.value]) for step in Opinion.Step]


def opinions_given(trade: Trade) -> dict[int, int]:
    """How many bids each seat has spoken on: a number, never the opinion."""
    counts: dict[int, set[int]] = {one.seat: set() for one in standing_members(trade)}
    for seat, bid in standing_opinions(trade).values_list("member__seat", "bid_id").distinct():
        counts[seat].add(bid)
    return {seat: len(bids) for seat, bids in counts.items()}


def _own_opinions(trade: Trade, viewer: Viewer) -> dict[int, list[Opinion]]:
    if viewer.member is None:
        return {}
    order = list(Opinion.Step.values)
    mine: dict[int, list[Opinion]] = {}
    for one in Opinion.objects.filter(member=viewer.member, bid__trade=trade):
        mine.setdefault(one.bid_id, []).append(one)
    return {bid: sorted(given, key=lambda one: order.index(one.step)) for bid, given in mine.items()}


def _questions(trade: Trade) -> dict[int, list[dict[str, Any]]]:
    asked: dict[int, list[dict[str, Any]]] = {}
    rows = Clarification.objects.filter(bid__trade=trade).select_related("question", "answer").order_by("number")
    for one in rows:
        said = {"number": one.number, "question": writing(one.question), "answer": writing(one.answer)}
        asked.setdefault(one.bid_id, []).append(said | {"files": clarification_files(one)})
    return asked
