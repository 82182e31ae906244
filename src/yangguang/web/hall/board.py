"""The board of the hall (开标大厅公共区): what everybody sees, rendered once for all who watch.

It shows only what the public log already tells, so it changes only when the log grows: the head of the trade's chain
names it. Before the list is announced it knows nothing of bids, and before the prices are announced nothing of prices.
"""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from threading import Lock

from django.template.loader import render_to_string

from yangguang.rules.checks.opening import sign_in_opens_at
from yangguang.rules.refusal import Refused
from yangguang.trading.models import Objection, OpenedGuarantee, SignIn, Trade
from yangguang.trading.papers.rows import MANAGER, QUALITY, Exchange, Listed, listed_bids, objections
from yangguang.trading.papers.words import rmb_in_words
from yangguang.trading.readings import deadline_of, drawn_parameters, opening_objections_until, terms_of
from yangguang.trading.stages import Stage
from yangguang.web.hall.steps import ParameterDraw, Step, Told, journal_of, parameter_draws, stage_of, steps_of
from yangguang.witness.entries import payload_of
from yangguang.witness.models import Entry

KEPT = 64  # boards of so many trades are kept ready
WAITING = "等待解密"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A listed bidder: signed in, decrypted or not, and after the announcement what the bid states."""

    listed: Listed
    signed_in_at: datetime | None
    bond: str

    @property
    def outcome(self) -> str:
        """opened, revoked, returned or waiting."""
        return self.listed.opened.outcome if self.listed.opened else "waiting"

    @property
    def outcome_text(self) -> str:
        """The outcome in words."""
        return self.listed.opened.get_outcome_display() if self.listed.opened else WAITING

    @property
    def price(self) -> Decimal | None:
        """投标报价."""
        return self.listed.opened.price if self.listed.opened else None

    @property
    def price_in_words(self) -> str:
        """The price in capital numerals."""
        return rmb_in_words(self.price) if self.price is not None else ""

    @property
    def manager(self) -> str:
        """项目经理."""
        return self.listed.fact(MANAGER)

    @property
    def quality(self) -> str:
        """质量标准."""
        return self.listed.fact(QUALITY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """What the template of the board reads."""

    trade: Trade
    stage: str
    steps: list[Step]
    sign_in_from: datetime
    decryption_minutes: int
    too_few: int | None
    rows: list[Row]
    shows_prices: bool
    parameters: list[tuple[str, str]]
    draws: list[ParameterDraw]
    exchanges: tuple[Exchange, ...]
    objections_until: datetime | None
    record: Entry | None
    journal: list[Told]

    @property
    def is_suspended(self) -> bool:
        """暂停."""
        return self.trade.stage == Stage.SUSPENDED

    @property
    def is_over(self) -> bool:
        """Whether the record is signed."""
        return self.record is not None

    @property
    def decrypted(self) -> int:
        """How many bids are settled."""
        return sum(1 for one in self.rows if one.listed.opened)


def board_of(trade: Trade) -> Board:
    """Everything public about an opening, from the rows."""
    entries = list(Entry.objects.filter(stream=trade.stream).order_by("sequence"))
    newest = {one.act: one for one in entries}
    listing = payload_of(newest["announce_bidders"])["data"] if "announce_bidders" in newest else {}
    listed = listed_bids(trade) if "bids" in listing else []
    announced = newest.get("announce_bids")
    closed = "close_bidding" in newest
    return Board(
        trade=trade,
        stage=stage_of(trade),
        steps=steps_of(trade),
        sign_in_from=sign_in_opens_at(law=trade.kept_law(), opening_at=deadline_of(trade)),
        decryption_minutes=terms_of(trade).decryption_minutes,
        too_few=listing["count"] if listing.get("opened") is False else None,
        rows=_rows(trade, listed),
        shows_prices=announced is not None,
        parameters=_parameters(trade) if closed else [],
        draws=parameter_draws(trade) if closed else [],
        exchanges=objections(trade, kind=Objection.Kind.OPENING),
        objections_until=opening_objections_until(trade) if announced else None,
        record=newest.get("sign_opening_record"),
        journal=journal_of(entries, names={one.bid.evidence_id: one.bidder for one in listed}),
    )


def _rows(trade: Trade, listed: list[Listed]) -> list[Row]:
    if not listed:
        return []
    signed_in = dict(SignIn.objects.filter(trade=trade).values_list("organisation_id", "at"))
    opened = OpenedGuarantee.objects.filter(guarantee__trade=trade).select_related("guarantee").order_by("guarantee_id")
    bonds = {one.guarantee.organisation_id: one for one in opened}
    return [
        Row(
            listed=one,
            signed_in_at=signed_in.get(one.bid.bidder_id),
            bond=_bond(bonds.get(one.bid.bidder_id)),
        )
        for one in listed
    ]


def _bond(opened: OpenedGuarantee | None) -> str:
    if opened is None:
        return "未提交或未开启"
    return "；".join(opened.problems) or f"{opened.amount:,.2f} 元，符合要求"


def _parameters(trade: Trade) -> list[tuple[str, str]]:
    """Label and drawn value of each parameter, once all are drawn."""
    try:
        drawn = drawn_parameters(trade)
    except Refused:
        return []
    return [(one.label, drawn[one.name]) for one in terms_of(trade).parameters if one.name in drawn]


_lock = Lock()
_kept: OrderedDict[str, tuple[str, str]] = OrderedDict()


def board_html(trade: Trade) -> str:
    """The rendered board; made anew when the log of the trade has grown, by one of those who ask."""
    with _lock:
        found = _kept.get(trade.stream)
        if found and found[0] == trade.head:
            _kept.move_to_end(trade.stream)
            return found[1]
        html = render_to_string("hall/board.html", {"board": board_of(trade)})
        _kept[trade.stream] = (trade.head, html)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return html
