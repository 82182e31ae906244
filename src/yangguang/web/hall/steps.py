"""The steps of an opening, the draws of its parameters and the journal, as the public log has them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yangguang.experts import draws
from yangguang.experts.models import Draw
from yangguang.rules.calendar import LEGAL_ZONE
from yangguang.trading.models import Trade
from yangguang.trading.readings import terms_of
from yangguang.trading.stages import Stage
from yangguang.trading.terms import Parameter
from yangguang.web.draw_shares import PARTIES, Share, shares_of, step_of
from yangguang.witness.entries import payload_of
from yangguang.witness.models import Entry

STEPS: tuple[tuple[str, tuple[Stage, ...]], ...] = (
    ("签到", (Stage.BIDDING,)),
    ("公布名单", (Stage.CLOSED,)),
    ("抽取参数", (Stage.LISTED,)),
    ("解密", (Stage.DECRYPTING,)),
    ("唱标", (Stage.DECRYPTED,)),
    ("异议与答复", (Stage.ANNOUNCED,)),
)
OUTCOMES = {"opened": "解密成功", "revoked": "未能解密，投标人原因", "returned": "未能解密，非投标人原因"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the opening; `state` is done, now or later."""

    title: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterDraw:
    """抽取参数: the draw of one parameter so far."""

    parameter: Parameter
    draw: Draw | None
    shares: tuple[Share, ...]
    value: str = ""
    position: int | None = None
    salt: str = ""
    leaf: str = ""
    problems: tuple[str, ...] = ()

    @property
    def state(self) -> str:
        """Where the draw stands, in a few words."""
        if self.draw is None:
            return "尚未建立抽取池"
        if self.value:
            return "已完成"
        return step_of(self.shares)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One line of the journal (现场记录)."""

    entry: Entry
    detail: str


def stage_of(trade: Trade) -> str:
    """Where the opening stands; a suspended one stands where it was stopped."""
    return trade.suspended_from if trade.stage == Stage.SUSPENDED else trade.stage


def steps_of(trade: Trade) -> list[Step]:
    """The steps, without the draw where the document draws nothing."""
    order, here = list(Stage), Stage(stage_of(trade))
    draws_something = bool(terms_of(trade).parameters)
    shown = [(title, stages) for title, stages in STEPS if draws_something or Stage.LISTED not in stages]
    return [Step(title=title, state=_state(stages, here, order)) for title, stages in shown]


def _state(stages: tuple[Stage, ...], here: Stage, order: list[Stage]) -> str:
    if here in stages:
        return "now"
    return "done" if order.index(here) > order.index(stages[-1]) else "later"


def parameter_draws(trade: Trade) -> list[ParameterDraw]:
    """Every parameter of the tender document with its draw, in their order."""
    held = draws.draws_of(stream=trade.stream, kind=draws.PARAMETER)
    asked = terms_of(trade).parameters
    return [_drawn(parameter, held[number] if number < len(held) else None) for number, parameter in enumerate(asked)]


def _drawn(parameter: Parameter, draw: Draw | None) -> ParameterDraw:
    if draw is None:
        return ParameterDraw(parameter=parameter, draw=None, shares=())
    shares = shares_of(draw)
    if not draw.seed:
        return ParameterDraw(parameter=parameter, draw=draw, shares=shares)
    position = next(draws.order(draw))
    member = draw.pool.get(position=position)
    return ParameterDraw(
        parameter=parameter, draw=draw, shares=shares, value=member.member_id, position=position, salt=member.salt,
        leaf=member.leaf, problems=tuple(draws.facts(draw).verify()),
    )  # fmt: skip


def journal_of(entries: list[Entry], *, names: Mapping[str, str]) -> list[Told]:
    """The acts since the bidding closed, the newest first; `names` gives the bidder of each listed bid."""
    first = next((number for number, one in enumerate(entries) if one.act == "close_bidding"), len(entries))
    told = [Told(entry=one, detail="；".join(_details(payload_of(one)["data"], names))) for one in entries[first:]]
    return told[::-1]


def _details(data: Mapping[str, Any], names: Mapping[str, str]) -> Iterator[str]:
    """What an entry says in words: who, with what result, until when, why."""
    if isinstance(bid := data.get("bid"), str) and bid in names:
        yield names[bid]
    if (outcome := data.get("outcome")) in OUTCOMES:
        yield OUTCOMES[outcome]
    if (party := data.get("party")) in PARTIES:
        yield PARTIES[party]
    if isinstance(until := data.get("until"), str):
        yield f"至 {until_text(until)}"
    if isinstance(number := data.get("number"), int):
        yield f"第{number}号"
    if isinstance(value := data.get("value"), str):
        yield f"抽得 {value}"
    if isinstance(reason := data.get("reason"), str) and reason:
        yield reason


def until_text(text: str) -> str:
    """A moment of the log by the clock of Beijing: 09:40:00."""
    return f"{datetime.fromisoformat(text).astimezone(LEGAL_ZONE):%H:%M:%S}"
