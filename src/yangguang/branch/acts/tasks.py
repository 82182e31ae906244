"""Planting a tree of tasks at once (任务分解), and closing what records have met (自动办结)."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from yangguang.branch.tasks import TREES, is_met, kind_at
from yangguang.ledger.acts.importing import row_key
from yangguang.ledger.catalogue import Register
from yangguang.ledger.guards import content_of, record_or_refuse, refuse_other_writers, register_or_refuse
from yangguang.ledger.keeping import keep_around, row_of
from yangguang.ledger.models import Link, Record, State, Unit
from yangguang.ledger.numbering import next_number
from yangguang.ledger.preparing import Draft, check_draft
from yangguang.ledger.roles import LedgerRole
from yangguang.ledger.values import Cleaned, clean
from yangguang.rules.calendar import legal_date
from yangguang.rules.refusal import Refusal, Refused
from yangguang.witness.actor import Actor
from yangguang.witness.acts import act
from yangguang.witness.guards import PLATFORM, found_or_refuse
from yangguang.witness.models import Evidence
from yangguang.witness.record import record as witness

TASKS = f"{PLATFORM}：任务凭记录办结"
DEEPEST = 5
Rows = Sequence[Mapping[str, Any]]
LEVELS = Refusal(
    code="tree.levels",
    reason=f"应从第1级开始逐级分解，最多{DEEPEST}级",
    article=TASKS,
    remedy="请核对每一行的级别。",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What planting a tree would do: of each row whether it would be new, and what is wrong by row number."""

    is_new: Sequence[bool] = ()
    wrong: Sequence[tuple[int, Refusal]] = ()


def try_tree(
    unit: Unit, *, actor: Actor, at: datetime, register: str, day: date, rows: Rows, numbers: Sequence[int] = ()
) -> Tried:
    """What `plant_tree` would do, without doing it; raises `Refused` only for whoever may not write."""
    entry = register_or_refuse(unit, register)
    refuse_other_writers(unit, entry, actor)
    read, wrong = _read(unit, entry, rows, day=day, at=at, numbers=numbers)
    if wrong:
        return Tried(wrong=wrong)
    known = set(Record.objects.filter(unit=unit, register=register).exclude(key="").values_list("key", flat=True))
    is_new = []
    for key in _keys(rows, read):
        is_new.append(key not in known)
        known.add(key)  # a row that the file has twice comes once
    return Tried(is_new=is_new)


@act("plant_tree", by={LedgerRole.KEEPER})
def plant_tree(
    unit: Unit,
    *,
    actor: Actor,
    at: datetime,
    register: str,
    day: date,
    rows: Rows,
    numbers: Sequence[int] = (),
    file: Evidence | None = None,
) -> int:
    """任务分解: a whole tree in one go, all rows or none; what is there already is left as it is.

    Each row has a `level` from 1 and what a form would bring; it hangs below the last row of the level above. The kind
    follows from the level. `numbers` are those of the rows in `file`, the table they came from; without them rows
    count from 1. Returns how many are new. Raises `Refused` with the row of everything that is wrong.
    """
    entry = register_or_refuse(unit, register)
    refuse_other_writers(unit, entry, actor)
    read, wrong = _read(unit, entry, rows, day=day, at=at, numbers=numbers)
    if wrong:
        raise Refused(*(replace(one, reason=f"第{number}行：{one.reason}") if number else one for number, one in wrong))
    planting = _Planting(unit, entry, actor=actor, at=at)
    planted = planting.plant([int(row["level"]) for row in rows], list(zip(_keys(rows, read), read, strict=True)))
    concealed = {"register": register, "day": day.isoformat(), "rows": len(rows)}
    witness(data={"rows": planted}, concealed=concealed, files=[("导入文件", file)] if file else [])
    return planted


@act("close_met_task", by={LedgerRole.CLOCK})
def close_met_task(unit: Unit, *, actor: Actor, at: datetime, record: int) -> Record:
    """自动办结: the clock closes a task that records have met and links them. Raises `Refused` while they have not."""
    row = record_or_refuse(unit, record)
    day = legal_date(at)
    met = found_or_refuse(
        is_met(row, at=day) if row.state == State.OPEN and row.register in TREES else None,
        code="task.unmet",
        reason="任务等待的记录还没有齐，或者任务不在办理中",
        article=TASKS,
        remedy="记录齐全后系统自动办结。",
    )
    Link.objects.bulk_create(
        Link(record=row, kind=Link.Kind.EVIDENCE, target_id=pk, made_at=at)
        for pk in met.evidence
        if not row.links.filter(kind=Link.Kind.EVIDENCE, target=pk).exists()
    )
    row.state, row.closed_on = State.DONE, day
    row.entry = witness(data={}, concealed=content_of(row, evidence=list(met.evidence))).sequence
    row.save(update_fields=["state", "closed_on", "entry"])
    return row


def _broken_at(levels: Sequence[object]) -> int | None:
    """The place of the first level that does not go on: they begin with 1 and go down one at a time; None if all do."""
    before = 0
    for place, level in enumerate(levels):
        if not isinstance(level, int) or not 1 <= level <= min(before + 1, DEEPEST):
            return place
        before = level
    return None if levels else 0


def _read(
    unit: Unit, register: Register, rows: Rows, *, day: date, at: datetime, numbers: Sequence[int]
) -> tuple[list[Cleaned], list[tuple[int, Refusal]]]:
    """The rows as the register reads them, and what is wrong with them by row number; 0 is the whole tree."""
    numbers = numbers or range(1, len(rows) + 1)
    broken = _broken_at([row.get("level") for row in rows])
    if register.id not in TREES or broken is not None:
        return [], [(numbers[broken] if broken is not None and rows else 0, LEVELS)]
    read, wrong = [], list[tuple[int, Refusal]]()
    for number, row in zip(numbers, rows, strict=True):
        said = _said(row)
        kind = kind_at(register, int(row["level"]))
        cleaned, refusals = clean(register, {**said, "kind": kind, "day": day})
        if not refusals:
            answers = check_draft(Draft(unit=unit, register=register, cleaned=cleaned, at=at))
            refusals = [one for one in answers if one.code != "task.parent"]  # the parent is the row above
        wrong += [(number, one) for one in refusals]
        read.append(cleaned)
    return read, wrong


def _said(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key != "level"}


def _keys(rows: Rows, read: Sequence[Cleaned]) -> list[str]:
    """What tells the rows of a tree apart, each with everything above it: the same words may stand in two branches."""
    branch, found = list[str](), list[str]()
    for row, cleaned in zip(rows, read, strict=True):
        key = row_key({**_said(row), "day": cleaned.day})
        del branch[int(row["level"]) - 1 :]
        branch.append(hashlib.sha256(f"{branch[-1]}/{key}".encode()).hexdigest() if branch else key)
        found.append(branch[-1])
    return found


class _Planting:
    """Stores the rows of a tree in their order, each below the last one of the level above."""

    def __init__(self, unit: Unit, register: Register, *, actor: Actor, at: datetime) -> None:
        self.unit, self.register, self.actor, self.at = unit, register, actor, at
        self.new = 0

    def plant(self, levels: Sequence[int], read: Sequence[tuple[str, Cleaned]]) -> int:
        """How many rows were new."""
        branch: list[Record] = []
        for level, (key, cleaned) in zip(levels, read, strict=True):
            del branch[level - 1 :]
            parent = branch[-1] if branch else None
            branch.append(self._row(key, cleaned, parent))
        return self.new

    def _row(self, key: str, cleaned: Cleaned, parent: Record | None) -> Record:
        if parent is not None:
            cleaned.columns["parent"] = parent.pk
        known = Record.objects.filter(unit=self.unit, register=self.register.id, key=key).first()
        if known is not None:
            return known
        assert cleaned.day is not None  # noqa: S101 - given to every row
        series = Record.objects.filter(unit=self.unit, register=self.register.id)
        number = next_number(series, year=cleaned.day.year)
        row = row_of(
            self.unit, self.register, cleaned, number=number, actor=self.actor, at=self.at, origin="import:tree"
        )
        row.key = key
        row.save()
        keep_around(row, self.register, cleaned)
        self.new += 1
        return row
