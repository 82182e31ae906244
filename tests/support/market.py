"""A trade that takes bids, for races and crashes: registration, review and notice in one call."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from yangguang.demo.cast import Cast, build_cast, plain_parts, sealed_bid, signed, terms
from yangguang.proof.canonical import canonical
from yangguang.rules.calendar import legal_date
from yangguang.rules.checks.money import SubjectKind
from yangguang.trading.acts.documents import publish_notice, record_fair_competition_review
from yangguang.trading.acts.registration import LotInput, register_tender
from yangguang.trading.models import Trade
from yangguang.trading.signed_terms import terms_paper

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
DEADLINE = AT + timedelta(days=25)
IN_TIME = DEADLINE - timedelta(seconds=1)
AFTER = DEADLINE + timedelta(seconds=3)


@dataclass
class Market:
    """A cast and a trade in the bidding stage."""

    cast: Cast
    trade: Trade

    def sealed(self, number: int, *, price: str = "8000000.00", at: datetime = IN_TIME) -> Path:
        """A fresh sealed bid of the number-th bidder."""
        bidder = self.cast.bidders[number]
        parts = plain_parts(price=Decimal(price))
        return sealed_bid(cast=self.cast, bidder=bidder, trade=self.trade, parts=parts, at=at)


def open_market(*, bidders: int = 3, folder: Path | None = None, **changed: Any) -> Market:
    """A trade that takes bids until DEADLINE; `changed` replaces terms."""
    return open_markets(lots=1, bidders=bidders, folder=folder, **changed)[0]


def open_markets(*, lots: int, bidders: int, folder: Path | None = None, **changed: Any) -> list[Market]:
    """Several lots of one tender that take bids from the same bidders; `changed` replaces terms."""
    cast = build_cast(AT, bidders=bidders, folder=folder)
    tender = register_tender(
        cast.centre,
        actor=cast.staff.actor,
        at=AT,
        title="示例小学综合楼工程",
        category="A01",
        tenderer=cast.tenderer.organisation,
        agency=cast.agency.organisation,
        supervisor=cast.supervisor.organisation,
        supervision_line="housing",
        state_controlled=True,
        lots=[_lot(number) for number in range(1, lots + 1)],
    )
    return [Market(cast=cast, trade=_published(cast, trade, changed)) for trade in tender.trades.order_by("pk")]


def _lot(number: int) -> LotInput:
    estimate, limit = Decimal(12_000_000), Decimal(11_500_000)
    return LotInput(title=f"{number}标段", kind=SubjectKind.CONSTRUCTION, estimate=estimate, limit_price=limit)


def _published(cast: Cast, trade: Trade, changed: dict[str, Any]) -> Trade:
    def paper(name: str, act: str, content: bytes = b""):
        body = content or name.encode()
        return signed(party=cast.agency, name=name, content=body, act=act, stream=trade.stream)

    name = "record_fair_competition_review"
    record_fair_competition_review(trade, actor=cast.agency.actor, at=AT, review=paper("审查表", name), passed=True)
    publish_notice(
        trade,
        actor=cast.agency.actor,
        at=AT,
        notice=paper("招标公告", "publish_notice"),
        document=paper("招标文件", "publish_notice"),
        terms=paper(terms_paper(1), "publish_notice", canonical(terms(**changed))),
        sale_until=legal_date(AT + timedelta(days=10)),
        deadline=DEADLINE,
    )
    trade.refresh_from_db()
    return trade
