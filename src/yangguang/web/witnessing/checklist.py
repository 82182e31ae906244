"""The checklist of a trade with what answers it: the witnesses' records, and the trade's own entries of the log."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from yangguang.rules.witnessing import Item, Way, table
from yangguang.trading.models import Trade, WitnessRecord
from yangguang.trading.stages import FAILED, Stage
from yangguang.trading.witnessing import checklist_of
from yangguang.web.evaluation.seats import stage_of
from yangguang.witness.models import Entry

ORDER = list(Stage)
FAILING = ("announce_bidders", "close_review", "record_drop_out", "terminate")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What answers an item: an entry of the log, by its number; `record` where a witness made it."""

    sequence: int
    at: datetime
    act: str
    record: WitnessRecord | None = None

    @property
    def is_abnormal(self) -> bool:
        """Whether a witness found something wrong."""
        return self.record is not None and self.record.result == WitnessRecord.Result.ABNORMAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One item: what answers it, whether its stage was reached, and whether the trade still stands there."""

    item: Item
    answers: tuple[Answer, ...]
    is_reached: bool
    is_current: bool

    @property
    def is_missing(self) -> bool:
        """Whether it should be answered by now and is not; what the system records may come until the stage is over."""
        return self.is_reached and not self.answers and (self.is_typed or not self.is_current)

    @property
    def shown(self) -> tuple[Answer, ...]:
        """What a page shows: all that witnesses wrote, and of the trade's own entries the last."""
        system = [one for one in self.answers if one.record is None]
        return (*system[-1:], *(one for one in self.answers if one.record is not None))

    @property
    def entries(self) -> int:
        """How many entries of the trade's own answer it."""
        return sum(one.record is None for one in self.answers)

    @property
    def is_typed(self) -> bool:
        """Whether a witness answers it; what the system records is never typed."""
        return self.item.way != Way.SYSTEM


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The items of one stage."""

    stage: Stage
    lines: tuple[Line, ...]

    @property
    def missing(self) -> int:
        """How many of them lack an answer."""
        return sum(one.is_missing for one in self.lines)

    @property
    def is_reached(self) -> bool:
        """Whether the trade got here."""
        return any(one.is_reached for one in self.lines)


def parts_of(trade: Trade, *, records: Iterable[WitnessRecord]) -> list[Part]:
    """The checklist by stages, in the order of the law; stages that the trade cannot reach any more are left out."""
    items, stages = checklist_of(trade), reached(trade)
    found = answers_of(items, records=records, entries=system_entries([trade.stream])[trade.stream])
    ended = trade.stage in {*FAILED, Stage.ARCHIVED}
    listed = [one for one in ORDER if one in stages or not (ended or one in {*FAILED, Stage.SUSPENDED})]
    here = stage_of(trade)
    parts = [Part(stage=stage, lines=_lines(items, stage, found, stages, here)) for stage in listed]
    return [one for one in parts if one.lines]


def missing_of(
    trade: Trade, *, records: Iterable[WitnessRecord], entries: Iterable[tuple[int, str, datetime]]
) -> tuple[int, int]:
    """How many items of the stages so far are answered, and how many are not; for a trade that has not ended."""
    here = stage_of(trade)
    items = [one for one in checklist_of(trade) if ORDER.index(Stage(one.stage)) <= ORDER.index(here)]
    found = answers_of(items, records=records, entries=entries)
    missing = [one for one in items if one.id not in found and (one.way != Way.SYSTEM or one.stage != here)]
    return sum(one.id in found for one in items), len(missing)


def answers_of(
    items: Sequence[Item], *, records: Iterable[WitnessRecord], entries: Iterable[tuple[int, str, datetime]]
) -> dict[str, list[Answer]]:
    """What answers each item, by its id."""
    by_act = {act: one.id for one in items for act in one.answered_by}
    found: dict[str, list[Answer]] = {}
    for sequence, act, at in entries:
        found.setdefault(by_act.get(act, ""), []).append(Answer(sequence=sequence, act=act, at=at))
    for record in records:
        answer = Answer(sequence=record.sequence, act="", at=record.at, record=record)
        found.setdefault(record.item, []).append(answer)
    return found


def system_entries(streams: Collection[str]) -> Mapping[str, list[tuple[int, str, datetime]]]:
    """The entries that may answer items, of several trades by one question; every stream has its list."""
    found: dict[str, list[tuple[int, str, datetime]]] = {stream: [] for stream in streams}
    acts = {act for one in table() for act in one.answered_by}
    rows = Entry.objects.filter(stream__in=streams, act__in=acts).order_by("sequence")
    for stream, sequence, act, at in rows.values_list("stream", "sequence", "act", "at"):
        found[stream].append((sequence, act, at))
    return found


def reached(trade: Trade) -> set[Stage]:
    """The stages that the trade came through."""
    here = Stage(_ended_as(trade)) if trade.stage == Stage.ARCHIVED else stage_of(trade)
    stages = {here, Stage.SUSPENDED} if trade.stage == Stage.SUSPENDED else {here}
    last = _before(trade, here) if here in FAILED else here
    return stages | set(ORDER[: ORDER.index(last) + 1])


def _ended_as(trade: Trade) -> str:
    entry = Entry.objects.filter(stream=trade.stream, act="archive_trade").latest("sequence")
    return str(json.loads(entry.payload)["data"]["ended"])


def _before(trade: Trade, failed: Stage) -> Stage:
    """The stage from which a trade failed; while it was suspended, the one where it had been stopped."""
    entries = Entry.objects.filter(stream=trade.stream, act__in=FAILING).order_by("-sequence")
    ways = (json.loads(one.payload) for one in entries)
    left = next((one["from"] for one in ways if one["to"] == failed), Stage.REGISTERED)
    return Stage(trade.suspended_from if left == Stage.SUSPENDED else left)


def _lines(
    items: Iterable[Item],
    stage: Stage,
    found: Mapping[str, Sequence[Answer]],
    stages: Collection[Stage],
    here: Stage,
) -> tuple[Line, ...]:
    return tuple(
        Line(
            item=one,
            answers=tuple(found.get(one.id, ())),
            is_reached=stage in stages,
            is_current=stage == here,
        )
        for one in items
        if one.stage == stage
    )
