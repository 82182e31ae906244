"""评分表: every member's score for every item of every valid bid."""

from collections.abc import Sequence

from yangguang.trading.models import BlindCode, Trade
from yangguang.trading.models.evaluation import standing_members, standing_scores
from yangguang.trading.papers.rendering import NUMBER, Column, Grid, grid
from yangguang.trading.papers.rows import Listed
from yangguang.trading.papers.standards import in_order
from yangguang.trading.papers.words import NONE
from yangguang.trading.terms import Terms


def score_tables(trade: Trade, bids: Sequence[Listed], *, terms: Terms) -> tuple[Grid, ...]:
    """One table a bid: items in the order of the tender document, a column a seat."""
    seats = list(standing_members(trade).values_list("seat", flat=True))
    codes = dict(BlindCode.objects.filter(trade=trade).values_list("bid_id", "code"))
    given = {
        (bid, item, seat): f"{value:f}"
        for bid, item, seat, value in standing_scores(trade).values_list("bid_id", "item", "member__seat", "value")
    }
    columns = (Column("评分项", width=30), Column("满分", NUMBER), *(Column(f"席位{seat}", NUMBER) for seat in seats))
    return tuple(
        grid(
            columns,
            [
                (item.title, f"{item.most:f}", *(given.get((one.bid.pk, item.id, seat), NONE) for seat in seats))
                for item in in_order(terms)
            ],
            title=f"{one.label}　{one.bidder}　暗标编号 {codes.get(one.bid.pk, NONE)}",
        )
        for one in bids
    )
