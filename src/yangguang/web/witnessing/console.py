"""见证工作台: what the centre's witnesses have before them today, by clocks and stages."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from yangguang.experts.models import Draw
from yangguang.rules.calendar import end_of_day, legal_date, start_of_day
from yangguang.trading.due import deadlines_of, with_deadlines
from yangguang.trading.models import Anomaly, Trade, WitnessRecord
from yangguang.trading.models.evaluation import Member
from yangguang.trading.stages import EVALUATING, FAILED, OPENING, Stage
from yangguang.web.desk.trades import my_trades
from yangguang.web.witnessing.checklist import missing_of, system_entries
from yangguang.witness.actor import Actor

MOST = 200
DRAWING = (Stage.LISTED, Stage.OPENED)
TO_THE_CONTRACT = (Stage.EVALUATED, Stage.PUBLICITY, Stage.AWARDED, Stage.NOTIFIED, Stage.CONTRACTED)
STANDING = (*OPENING, Stage.OPENED, *EVALUATING, *TO_THE_CONTRACT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One trade on the console: its state in words, its next moment, and what its checklist lacks."""

    trade: Trade
    state: str
    moment: datetime | None
    answered: int
    missing: int
    anomalies: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The four tables of the console, and the anomalies that are not settled."""

    openings: list[Row]
    draws: list[Row]
    rooms: list[Row]
    contracts: list[Row]
    anomalies: list[Anomaly]


def board_for(actor: Actor, *, at: datetime) -> Board:
    """What stands before the actor's centre, or before the body that supervises, at this moment."""
    begins, ends = start_of_day(legal_date(at)), end_of_day(legal_date(at))
    today = Q(bid_deadline__gte=begins, bid_deadline__lt=ends)
    mine = my_trades(actor).exclude(stage__in=[*FAILED, Stage.SUSPENDED, Stage.ARCHIVED])
    found = mine.filter(today | Q(stage__in=STANDING)).order_by("bid_deadline", "pk")
    trades = list(with_deadlines(found)[:MOST])
    rows = {one.trade.pk: one for one in _rows(trades)}

    def among(stages: Collection[Stage]) -> list[Row]:
        return [rows[one.pk] for one in trades if one.stage in stages]

    opening = [
        rows[one.pk]
        for one in trades
        if one.stage in OPENING or (one.bid_deadline and begins <= one.bid_deadline < ends)
    ]
    return Board(
        openings=opening,
        draws=among(DRAWING),
        rooms=among(EVALUATING),
        contracts=among(TO_THE_CONTRACT),
        anomalies=list(open_anomalies(actor)),
    )


def open_anomalies(actor: Actor) -> Iterable[Anomaly]:
    """The anomalies on the actor's trades that are not settled, the oldest first."""
    found = Anomaly.objects.filter(trade__in=my_trades(actor).values("pk"), closing__isnull=True)
    answered = Count("letters", filter=Q(letters__reply__isnull=False))
    counted = found.annotate(sent=Count("letters"), answered=answered)
    return counted.select_related("trade__tender", "concerns").order_by("at")[:MOST]


def _rows(trades: list[Trade]) -> list[Row]:
    """Every trade with its state; as many questions for many as for one."""
    keys, streams = [one.pk for one in trades], [one.stream for one in trades]
    records: dict[int, list[WitnessRecord]] = {key: [] for key in keys}
    for record in WitnessRecord.objects.filter(trade__in=keys):
        records[record.trade_id].append(record)
    entries = system_entries(streams)
    open_ones = Anomaly.objects.filter(trade__in=keys, closing__isnull=True).values_list("trade")
    anomalies = dict(open_ones.annotate(count=Count("pk")).order_by())
    states = _states(trades)
    rows = []
    for one in trades:
        answered, missing = missing_of(one, records=records[one.pk], entries=entries[one.stream])
        moment = min((due.moment for due in deadlines_of(one)), default=None) or _own_moment(one)
        rows.append(
            Row(
                trade=one,
                state=states.get(one.pk, ""),
                moment=moment,
                answered=answered,
                missing=missing,
                anomalies=anomalies.get(one.pk, 0),
            )
        )
    return rows


def _own_moment(trade: Trade) -> datetime | None:
    return trade.bid_deadline if trade.stage in {Stage.REGISTERED, Stage.REVIEWED, *OPENING} else None


def _states(trades: Iterable[Trade]) -> dict[int, str]:
    """How far a draw is, and how many members signed in, in words."""
    drawing = {one.stream: one.pk for one in trades if one.stage in DRAWING}
    inside = [one.pk for one in trades if one.stage in EVALUATING]
    told = dict.fromkeys(drawing.values(), "还没有建立抽取池")
    for draw in Draw.objects.filter(stream__in=drawing).order_by("pk"):
        told[drawing[draw.stream]] = "抽取完成，等待应答或者下一步" if draw.seed else "已建立抽取池，等待承诺和揭示"
    seats = Member.objects.filter(trade__in=inside, replacement__isnull=True).values_list("trade")
    counted = seats.annotate(all=Count("pk"), came=Count("signed_in_at")).order_by()
    return told | {trade: f"已签到 {came} 人，应到 {every} 人" for trade, every, came in counted}
