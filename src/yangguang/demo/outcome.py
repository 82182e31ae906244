"""How the story ended (结果): one row for each bidder, read from the records."""

from dataclasses import dataclass

from yangguang.demo.people import Party
from yangguang.demo.telling import Story
from yangguang.trading.models import Bid, OpenedBid, Trade

FAMILIES = {"rsa": "RSA", "ecdsa": "ECDSA", "sm2": "SM2 国密"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """What became of a bidder; texts for people, empty where there is nothing to say."""

    bidder: str
    certificate: str
    price: str
    fate: str
    total: str
    rank: str


def endings(story: Story) -> list[Ending]:
    """Every bidder of the story: the ranked ones first, then the others in the order of the cast."""
    rows = [_ending(story.trade, bidder) for bidder in story.cast.bidders]
    return sorted(rows, key=lambda row: int(row.rank or len(rows)))


def _ending(trade: Trade, bidder: Party) -> Ending:
    bid = Bid.objects.filter(trade=trade, bidder=bidder.organisation).order_by("number").last()
    opened = getattr(bid, "opened", None)
    ranked = bid.ranked.last() if bid else None
    return Ending(
        bidder=bidder.name,
        certificate=FAMILIES[bidder.signing.certificate.algorithm],
        price=f"{opened.price:,}" if opened and opened.price is not None else "",
        fate=_fate(bid),
        total=f"{ranked.total:.2f}" if ranked else "",
        rank=str(ranked.rank) if ranked else "",
    )


def _fate(bid: Bid | None) -> str:
    if bid is None:
        return "迟到，拒收"
    if hasattr(bid, "withdrawal"):
        return "截止前撤回"
    if bid.opened.outcome != OpenedBid.Outcome.OPENED:
        return f"未能解密，{bid.opened.get_outcome_display()}"
    if hasattr(bid, "rejection"):
        return f"否决：{bid.rejection.reason}"
    if hasattr(bid, "award"):
        return "中标"
    return _replaced(bid) + ("中标候选人" if bid.ranked.filter(recommended=True).exists() else "未中标")


def _replaced(bid: Bid) -> str:
    return "替换后有效，" if bid.replaces_id else ""
