"""待办: what waits for the person, the nearest clock first, then what has none."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from yangguang.trading.models import Trade
from yangguang.trading.preconditions import possible_from
from yangguang.trading.roles import Role
from yangguang.trading.stages import EVALUATING, FAILED, OPEN_WORKS, Stage
from yangguang.web.acts.offers import Offer, offers_for
from yangguang.web.desk.trades import Own
from yangguang.witness.actor import Actor
from yangguang.witness.acts import ACTS

# The moment that the trade itself puts on an act, where `trading.due` has none because nobody is obliged.
CLOCKS = {
    "record_guarantee": "bid_deadline",
    "submit_bid": "bid_deadline",
    "sign_in_to_opening": "bid_deadline",
    "open_bid": "decryption_until",
    "object_to_result": "publicity_until",
}
# Where time alone may be lacking.
OPENS = frozenset({"sign_in_to_opening", "award", "end_decryption", "sign_opening_record"})
UNTIMED = frozenset({"answer_clarification", "countersign_contract", "sign_opening_record"})
TIMED = frozenset({
    *CLOCKS, *UNTIMED, "end_decryption", "award", "sign_contract", "submit_written_report", "refund_guarantee",
    "answer_document_objection", "answer_result_objection", "object_at_opening",
})  # fmt: skip
REPLY = "reply_to_letter"  # owed to the centre from the moment that its letter is there
ALARMING = (*FAILED, Stage.SUSPENDED)
OFFICES = {"centre": Role.CENTRE, "supervision": Role.SUPERVISOR, "discipline": Role.DISCIPLINE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One line: what, where, until when; `opens` when it is not possible before."""

    title: str
    url: str
    trade: Trade
    due: datetime | None = None
    opens: datetime | None = None
    is_secret: bool = False  # an expert learns which trade it is by signing in


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """我的项目的一行: the trade, what one is there, and which acts lead on."""

    trade: Trade
    part: str
    steps: tuple[str, ...]
    waiting: tuple[Waiting, ...]
    is_secret: bool = False


def stages_with_clocks(actor: Actor) -> frozenset[str]:
    """The stages at which something with a clock may wait for such a person; elsewhere nobody looks for it."""
    if not actor.organisation:
        return frozenset(EVALUATING)
    held = {role for office, role in OFFICES.items() if office in actor.offices}
    roles = held or set(Role) - {*OFFICES.values(), Role.MEMBER, Role.CLOCK}
    return frozenset(stage for stage, name in OPEN_WORKS if name in TIMED and ACTS[name].by & roles)


def rows_of(trades: Iterable[Trade], *, actor: Actor, own: Own, at: datetime) -> list[Row]:
    """Each trade with what waits there."""
    return [_row(trade, actor=actor, own=own, at=at) for trade in trades]


def waiting_in(rows: Iterable[Row]) -> list[Waiting]:
    """All that waits: clocks first, the nearest on top."""
    found = [one for row in rows for one in row.waiting]
    return sorted(found, key=lambda one: (one.due is None, one.due.timestamp() if one.due else 0))


def _row(trade: Trade, *, actor: Actor, own: Own, at: datetime) -> Row:
    if not actor.organisation:
        return _member_row(trade, own)
    offers = [one for one in offers_for(trade, actor=actor) if not _is_done(one.page.name, trade, own)]
    steps = tuple(one.page.title for one in offers if _leads_on(one))
    return Row(
        trade=trade, part=part_of(trade, actor), steps=steps, waiting=tuple(_timed(trade, offers, own=own, at=at))
    )


def _member_row(trade: Trade, own: Own) -> Row:
    """An expert sees nothing of a trade before signing in there."""
    seat = own.seats[trade.pk]
    secret = seat.signed_in_at is None
    waiting: tuple[Waiting, ...] = ()
    if secret and trade.stage == Stage.DRAWN:
        url = reverse("act-inputs", kwargs={"stream": trade.stream, "name": "sign_in_member"})
        waiting = (Waiting(title="评委签到", url=url, trade=trade, is_secret=True),)
    elif not secret and trade.stage in EVALUATING and trade.stage != Stage.DRAWN:
        url = reverse("room", kwargs={"stream": trade.stream})
        waiting = (Waiting(title=f"评标：{trade.stage_name(trade.stage)}", url=url, trade=trade),)
    return Row(trade=trade, part=f"评委（{seat.seat}号席位）", steps=(), waiting=waiting, is_secret=secret)


def _timed(trade: Trade, offers: list[Offer], *, own: Own, at: datetime) -> Iterator[Waiting]:
    for one in offers:
        name = one.page.name
        owed = own.letters[trade.pk] if name == REPLY else one.due
        due = owed or (getattr(trade, CLOCKS[name]) if name in CLOCKS else None)
        opens = possible_from(name, trade, at=at) if name in OPENS else None
        is_duty = owed is not None and name != "object_at_opening"  # a right ends with its time, a duty does not
        if due is not None and (is_duty or due > at):
            yield Waiting(title=one.page.title, url=one.url, trade=trade, due=due, opens=opens)
        elif name in UNTIMED:
            yield Waiting(title=one.page.title, url=one.url, trade=trade, opens=opens)


def _is_done(name: str, trade: Trade, own: Own) -> bool:
    done = {
        "submit_bid": own.bids,
        "record_guarantee": own.bonds,
        "sign_in_to_opening": own.signed_in,
        "open_bid": own.opened,
    }
    asked = {"answer_clarification": own.asked, REPLY: own.letters}
    return trade.pk in done.get(name, ()) or (name in asked and trade.pk not in asked[name])


def _leads_on(one: Offer) -> bool:
    to = one.trade.transitions().get((one.trade.stage, one.page.name), {one.trade.stage})
    return not one.page.is_exceptional and one.page.name != "resume" and to != {one.trade.stage}


def part_of(trade: Trade, actor: Actor) -> str:
    """What the organisation acted for is in this trade."""
    if actor.offices & {"centre", "supervision", "discipline"}:
        return "见证" if "centre" in actor.offices else "监督"
    if actor.organisation == trade.tender.tenderer.code:
        return "招标人"
    if trade.tender.agency and actor.organisation == trade.tender.agency.code:
        return "招标代理"
    return "投标人"
