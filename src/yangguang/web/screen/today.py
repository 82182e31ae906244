"""The day of the centre (今日中心): openings, draws and evaluations with their times, and the openings that are live.

Nothing here is asked of whom or how many before the list of bidders is out, and nothing of who evaluates.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse

from yangguang.experts.draws import PARAMETER
from yangguang.rules.calendar import end_of_day, legal_date, start_of_day
from yangguang.trading.models import Bid, Trade
from yangguang.trading.stages import EVALUATING, FAILED, OPENING, Stage
from yangguang.web.portal.models import Listed
from yangguang.witness.entries import payload_of
from yangguang.witness.models import Entry

COUNTED = OPENING[1:]  # the list of bidders is out
IN_HOUSE = (*OPENING, Stage.OPENED, *EVALUATING, Stage.EVALUATED, Stage.PUBLICITY)
TOLD = ("open_draw", "complete_draw", "form_committee", "close_report")
LIVE, WAITING, DONE, STOPPED = "live", "waiting", "done", "stopped"
KEPT_FIRST = (LIVE, STOPPED, WAITING, DONE)
MOST_LINES, MOST_HALLS = 7, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """今日的一项: when, what, which trade, how it stands; `tone` is live, waiting, done or stopped."""

    at: datetime
    what: str
    trade: Trade
    state: str
    tone: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hall:
    """A live opening; `bids` and `settled` from the list of bidders on."""

    trade: Trade
    bids: int | None = None
    settled: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """The day: as many lines and halls as the wall holds, and how many more there are."""

    lines: list[Line]
    more_lines: int
    halls: list[Hall]
    more_halls: int
    following: Line | None


def today_of(day: date) -> Today:
    """The day, in three questions."""
    trades = list(_trades_of(day))
    told = _told({one.stream for one in trades if one.stage in IN_HOUSE})
    lines = sorted((line for one in trades for line in _lines(one, told[one.stream], day)), key=lambda one: one.at)
    kept = sorted(lines, key=lambda one: KEPT_FIRST.index(one.tone))[:MOST_LINES]
    halls = _halls([one for one in trades if one.stage in OPENING])
    return Today(
        lines=[one for one in lines if one in kept],
        more_lines=len(lines) - len(kept),
        halls=halls[:MOST_HALLS],
        more_halls=max(0, len(halls) - MOST_HALLS),
        following=next((one for one in lines if one.tone == WAITING), None),
    )


def _trades_of(day: date) -> Iterator[Trade]:
    """The trades whose opening is today, and those that are in the house."""
    opens_today = Q(trade__bid_deadline__gte=start_of_day(day), trade__bid_deadline__lt=end_of_day(day))
    running = Listed.objects.exclude(stage=Stage.ARCHIVED).filter(opens_today | Q(stage__in=IN_HOUSE))
    for one in running.select_related("trade__tender").order_by("trade__bid_deadline", "pk"):
        yield one.trade


def _told(streams: set[str]) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = defaultdict(list)
    for one in Entry.objects.filter(stream__in=streams, act__in=TOLD).order_by("pk"):
        found[one.stream].append(one)
    return found


def _lines(trade: Trade, told: list[Entry], day: date) -> Iterator[Line]:
    opens_at = trade.bid_deadline
    if opens_at is not None and (trade.stage in OPENING or legal_date(opens_at) == day):
        tone = _tone(trade)
        words = "待开标" if tone == WAITING else trade.stage_name(trade.stage) if tone != DONE else "已开标"
        yield Line(at=opens_at, what="开标", trade=trade, state=words, tone=tone, url=_page("hall", trade))
    yield from _draws(trade, told, day)
    yield from _evaluation(trade, told, day)


def _tone(trade: Trade) -> str:
    if trade.stage in {*FAILED, Stage.SUSPENDED}:
        return STOPPED
    return LIVE if trade.stage in OPENING else WAITING if trade.stage == Stage.BIDDING else DONE


def _draws(trade: Trade, told: list[Entry], day: date) -> Iterator[Line]:
    """抽取: each from when its pool was frozen; one that a later day has not finished is still there."""
    begun = [one for one in told if one.act == "open_draw"]
    finished = [one for one in told if one.act == "complete_draw"]
    for place, one in enumerate(begun):
        is_done = place < len(finished)
        if is_done and legal_date(one.at) != day:
            continue
        what = "参数抽取" if _kind(one) == PARAMETER else "专家抽取"
        state, tone = ("已抽取", DONE) if is_done else ("抽取中", LIVE)
        yield Line(at=one.at, what=what, trade=trade, state=state, tone=tone, url=_page("trade", trade))


def _kind(entry: Entry) -> Any:
    return payload_of(entry)["data"]["kind"]


def _evaluation(trade: Trade, told: list[Entry], day: date) -> Iterator[Line]:
    """评标: from the day on which the committee was formed; a finished one on the day of its end."""
    formed = [one for one in told if one.act == "form_committee"]
    ended = [one for one in told if one.act == "close_report"]
    if trade.stage in EVALUATING and formed:
        state = trade.stage_name(trade.stage)
        yield Line(at=formed[-1].at, what="评标", trade=trade, state=state, tone=LIVE, url=_page("trade", trade))
    elif ended and legal_date(ended[-1].at) == day:
        yield Line(at=ended[-1].at, what="评标", trade=trade, state="评标结束", tone=DONE, url=_page("trade", trade))


def _halls(trades: list[Trade]) -> list[Hall]:
    """Live openings, the one that began first on top; bids are counted where the list of bidders is out."""
    listed = [one.pk for one in trades if one.stage in COUNTED]
    standing = Bid.objects.filter(trade__in=listed, replaced_by__isnull=True, withdrawal__isnull=True)
    counted = standing.order_by().values_list("trade").annotate(bids=Count("pk"), settled=Count("opened"))
    known = {trade: {"bids": bids, "settled": settled} for trade, bids, settled in counted}
    return [Hall(trade=one, **known.get(one.pk, {})) for one in trades]


def _page(name: str, trade: Trade) -> str:
    return reverse(name, kwargs={"stream": trade.stream})
