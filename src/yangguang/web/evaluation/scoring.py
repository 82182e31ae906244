"""详细评审: the sheets of one member; once the scoring is closed, everybody's scores side by side with outliers."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from statistics import median
from typing import Any

from yangguang.trading.models import BlindCode, Score, Trade
from yangguang.trading.models.evaluation import standing_members, standing_scores
from yangguang.trading.papers.computation import computation_of, summary_grid, told_lines
from yangguang.trading.papers.evaluation import ranking_grid
from yangguang.trading.papers.rows import Listed, listed_bids
from yangguang.trading.papers.standards import in_order
from yangguang.trading.readings import terms_of
from yangguang.trading.terms import BUSINESS, TECHNICAL, ScoreItem
from yangguang.web.evaluation.files import BidFile, blind_files, hides_blind_part, named_files
from yangguang.web.evaluation.forms import ScoreSheet
from yangguang.web.evaluation.models import Sheet
from yangguang.web.evaluation.seats import Viewer
from yangguang.web.evaluation.sheets import sheet_name

ACTS = {TECHNICAL: "score_technical", BUSINESS: "score_business"}
FAR = Decimal("0.2")  # of the full mark, from the median of the members: a clue for people to judge
FEWEST_TO_COMPARE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """One bid on a score sheet: under its code, or by name."""

    title: str
    about: str
    act: str
    files: list[BidFile]
    form: ScoreSheet | None
    saved: Sheet | None
    given: list[tuple[str, Decimal]]


def sheets_of(
    trade: Trade, viewer: Viewer, group: str, sheets: dict[str, Sheet], *, failed: dict[str, ScoreSheet]
) -> list[Scored]:
    """The member's sheets of a group: technical ones by code in the order of the codes, business ones by name."""
    items = terms_of(trade).items_of(group)
    if not items or viewer.member is None:
        return []
    valid = [one for one in listed_bids(trade) if one.opened and one.opened.price is not None and not one.rejection]
    mine = _own(viewer, valid)
    made = _Maker(group=group, items=items, sheets=sheets, failed=failed, mine=mine)
    return [made.sheet(*one) for one in _named(trade, group, valid)]


def _named(trade: Trade, group: str, valid: list[Listed]) -> Iterable[tuple[str, str, list[BidFile], int, int]]:
    """Title, name for the act, files, key and number of each; under codes nothing of the bid shows, nor its order."""
    if group == TECHNICAL:
        codes = BlindCode.objects.filter(bid__in=[one.bid.pk for one in valid]).order_by("code")
        bids = {one.bid.pk: one.bid for one in valid}
        return [
            (f"编号 {one.code}", one.code, _listed_files(valid, bids, one), one.bid_id, number)
            for number, one in enumerate(codes, start=1)
        ]
    hides = hides_blind_part(trade)
    return [
        (one.bidder, one.bid.evidence_id, named_files(one.bid, hides=hides), one.bid.pk, one.number) for one in valid
    ]


def _listed_files(valid: list[Listed], bids: dict[int, Any], one: BlindCode) -> list[BidFile]:
    bid = bids[one.bid_id]
    bid.opened = next(listed.opened for listed in valid if listed.bid.pk == one.bid_id)
    return blind_files(bid, code=one.code)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Maker:
    """Makes the sheets of one group for one member."""

    group: str
    items: tuple[ScoreItem, ...]
    sheets: dict[str, Sheet]
    failed: dict[str, ScoreSheet]
    mine: dict[tuple[int, str], Decimal]

    def sheet(self, title: str, about: str, files: list[BidFile], key: int, number: int) -> Scored:
        """One bid's sheet: handed in already, as it could not be taken, as it was kept, or empty."""
        act = ACTS[self.group]
        given = [(item.title, self.mine[key, item.id]) for item in self.items if (key, item.id) in self.mine]
        saved = self.sheets.get(sheet_name(act, about))
        typed = saved.values if saved else {}
        fresh = ScoreSheet(items=self.items, initial=typed, auto_id=f"{self.group[0]}{number}-%s")
        form = None if given else self.failed.get(about, fresh)
        return Scored(title=title, about=about, act=act, files=files, form=form, saved=saved, given=given)


def _own(viewer: Viewer, valid: list[Listed]) -> dict[tuple[int, str], Decimal]:
    rows = Score.objects.filter(member=viewer.member, bid__in=[one.bid.pk for one in valid])
    return {(bid, item): value for bid, item, value in rows.values_list("bid_id", "item", "value")}


def scores_given(trade: Trade) -> dict[int, int]:
    """How many scores each seat has handed in: a number, never the scores."""
    counts = {one.seat: 0 for one in standing_members(trade)}
    for seat in standing_scores(trade).values_list("member__seat", flat=True):
        counts[seat] += 1
    return counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One member's score, and whether it lies far from the others'."""

    value: Decimal | None
    is_far: bool


def closed_tables(trade: Trade) -> list[dict[str, Any]]:
    """Everybody's scores of every valid bid; asked only once the scoring is closed."""
    seats = list(standing_members(trade).values_list("seat", flat=True))
    rows = standing_scores(trade).values_list("bid_id", "item", "member__seat", "value")
    given = {(bid, item, seat): value for bid, item, seat, value in rows}
    codes = dict(BlindCode.objects.filter(trade=trade).values_list("bid_id", "code"))
    items, tables = in_order(terms_of(trade)), []
    for one in listed_bids(trade):
        if one.opened is None or one.opened.price is None or one.rejection:
            continue
        lines = [(item, _marks(item, [given.get((one.bid.pk, item.id, seat)) for seat in seats])) for item in items]
        tables.append({"listed": one, "code": codes.get(one.bid.pk, ""), "seats": seats, "lines": lines})
    return tables


def _marks(item: ScoreItem, values: list[Decimal | None]) -> list[Mark]:
    there = [value for value in values if value is not None]
    middle = median(there) if len(there) >= FEWEST_TO_COMPARE else None
    return [
        Mark(value=value, is_far=middle is not None and value is not None and abs(value - middle) > FAR * item.most)
        for value in values
    ]


def computed(trade: Trade) -> dict[str, Any] | None:
    """The ranking, the summary and the computation line by line; None before it was computed."""
    result = computation_of(trade)
    if result is None or not trade.ranking.exists():
        return None
    bids = listed_bids(trade)
    valid = [one for one in bids if one.opened and one.opened.price is not None and not one.rejection]
    return {
        "grids": [summary_grid(trade, result, valid), ranking_grid(trade, bids)],
        "lines": told_lines(result, bids),
    }
