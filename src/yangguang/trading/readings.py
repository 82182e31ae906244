"""What acts and papers read of a trade: the document that holds, the valid bids, what was drawn and who is awarded."""

from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet

from yangguang.experts import draws
from yangguang.rules.checks.opening import opening_objection_closes_at
from yangguang.trading.models import Award, Bid, Candidate, Member, OpenedBid, Rejection, TenderDocument, Trade
from yangguang.trading.models.bids import standing_bids
from yangguang.trading.models.evaluation import standing_members, standing_opinions
from yangguang.trading.stages import Stage
from yangguang.trading.terms import Terms, parse_terms
from yangguang.witness.entries import payload_of
from yangguang.witness.guards import LAW, refuse_unless
from yangguang.witness.models import Entry
from yangguang.witness.prepared import Given, Prepared

ANNOUNCED_AT = "announced_at"  # the attribute of a trade read with its deadlines
_NEWEST_DOCUMENT = Prepared(lambda: TenderDocument.objects.filter(trade_id=Given(0)).order_by("-version"))


def announced_bids(trade: Trade) -> list[dict[str, Any]]:
    """The published list of bidders as the log has it; empty before it, and where nothing was opened."""
    entry = Entry.objects.filter(stream=trade.stream, act="announce_bidders").first()
    return list(payload_of(entry)["data"].get("bids", ())) if entry else []


def listed_bidders(trade: Trade) -> set[str]:
    """The codes of the bidders on the published list; empty when nothing was opened."""
    return {bid["bidder"] for bid in announced_bids(trade)}


def deadline_of(trade: Trade) -> datetime:
    """投标截止时间; every act that asks comes after publish_notice, which set it."""
    assert trade.bid_deadline is not None  # noqa: S101 - for the type checker
    return trade.bid_deadline


def document_of(trade: Trade) -> TenderDocument:
    """The version of the tender document that holds now."""
    return _NEWEST_DOCUMENT.get(trade.pk)


def terms_of(trade: Trade) -> Terms:
    """The terms that hold now."""
    return parse_terms(document_of(trade).terms)


def opening_objections_until(trade: Trade) -> datetime | None:
    """Until when a bidder may object on the spot (现场异议截止时刻); None before the prices are announced.

    A suspension gives back the time that it took. A trade read with its deadlines is not asked about again.
    """
    announced_at = vars(trade).get(ANNOUNCED_AT)
    if announced_at is None or trade.suspended_from == Stage.ANNOUNCED:
        return _objections_until(trade)
    return opening_objection_closes_at(law=trade.kept_law(), announced_at=announced_at)


def _objections_until(trade: Trade) -> datetime | None:
    until = stopped = None
    asked = Entry.objects.filter(stream=trade.stream, act__in=("announce_bids", "suspend", "resume"))
    for entry in asked.order_by("sequence"):
        if entry.act == "announce_bids":
            until = opening_objection_closes_at(law=trade.kept_law(), announced_at=entry.at)
        elif entry.act == "suspend":
            stopped = entry.at
        elif until and stopped and stopped <= until:
            until += entry.at - stopped
    return until


def drawn_parameters(trade: Trade) -> dict[str, str]:
    """Every drawn parameter by its name. Raises `Refused` while one of them is still to be drawn."""
    held = draws.draws_of(stream=trade.stream, kind=draws.PARAMETER)
    asked = terms_of(trade).parameters
    refuse_unless(
        len(held) == len(asked),
        code="draw.parameters_missing",
        reason="招标文件规定的参数还没有全部抽取",
        article=f"{LAW}第四十条",
        remedy="请先完成参数抽取。",
    )
    return {parameter.name: draws.drawn_member(draw) for parameter, draw in zip(asked, held, strict=True)}


def opened_bids(trade: Trade | Given) -> QuerySet[Bid]:
    """The bids that were opened, in the order of their submission."""
    return standing_bids(trade).filter(opened__outcome=OpenedBid.Outcome.OPENED)


def valid_bids(trade: Trade) -> QuerySet[Bid]:
    """有效投标: opened and not rejected."""
    return opened_bids(trade).exclude(pk__in=rejected_bids(trade))


def rejected_bids(trade: Trade) -> set[int]:
    """The keys of the bids whose rejection stands: by now a majority may rest on a member who was replaced."""
    return failing_bids(trade) & set(Rejection.objects.filter(bid__trade=trade).values_list("bid_id", flat=True))


def failing_bids(trade: Trade) -> set[int]:
    """The keys of the bids that more than half of the members find failing in one step.

    A seat that is still to be filled counts among the members: nobody decides for whoever will come.
    """
    against = standing_opinions(trade).filter(passes=False).values_list("bid_id", "step").annotate(count=Count("pk"))
    members = standing_members(trade).count() + vacant_seats(trade)
    return {bid for bid, _, count in against if count * 2 > members}


def vacant_seats(trade: Trade) -> int:
    """How many seats of experts are empty after replacements; a representative is followed at once."""
    left = trade.members.filter(kind=Member.Kind.EXPERT, replacement__isnull=False).count()
    seated = trade.members.filter(kind=Member.Kind.EXPERT).count()
    return terms_of(trade).experts - (seated - left) if left else 0


def recommended(trade: Trade) -> list[Candidate]:
    """中标候选人, ranked."""
    return list(trade.ranking.filter(recommended=True).select_related("bid__bidder"))


def current_award(trade: Trade) -> Award:
    """The award that stands: the newest one."""
    return trade.awards.latest("pk")
