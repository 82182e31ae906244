"""What acts and papers read of a trade: the document that holds, the valid bids, what was drawn and who is awarded."""

from datetime import datetime

from django.db.models import QuerySet

from yangguang.experts import draws
from yangguang.trading.models import Award, Bid, Candidate, OpenedBid, TenderDocument, Trade
from yangguang.trading.models.bids import standing_bids
from yangguang.trading.refusals import LAW, refuse_unless
from yangguang.trading.terms import Terms, parse_terms


def deadline_of(trade: Trade) -> datetime:
    """投标截止时间; every act that asks comes after publish_notice, which set it."""
    assert trade.bid_deadline is not None  # noqa: S101 - for the type checker
    return trade.bid_deadline


def document_of(trade: Trade) -> TenderDocument:
    """The version of the tender document that holds now."""
    return trade.documents.order_by("version").last()  # type: ignore[return-value]


def terms_of(trade: Trade) -> Terms:
    """The terms that hold now."""
    return parse_terms(document_of(trade).terms)


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


def opened_bids(trade: Trade) -> QuerySet[Bid]:
    """The bids that were opened, in the order of their submission."""
    return standing_bids(trade).filter(opened__outcome=OpenedBid.Outcome.OPENED)


def valid_bids(trade: Trade) -> QuerySet[Bid]:
    """有效投标: opened and not rejected."""
    return opened_bids(trade).filter(rejection__isnull=True)


def recommended(trade: Trade) -> list[Candidate]:
    """中标候选人, ranked."""
    return list(trade.ranking.filter(recommended=True).select_related("bid__bidder"))


def current_award(trade: Trade) -> Award:
    """The award that stands: the newest one."""
    return trade.awards.latest("pk")
