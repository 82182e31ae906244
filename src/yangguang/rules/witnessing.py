"""见证清单: what a centre's witnesses look at in each stage and how, as dated rows (`data/witness.csv`).

A centre changes its list by rows, never by code: a new row gets a date from which it holds, an old one its last day.
A trade keeps the list of its own legal date. `mark` says how certain a row is, as in the rule table (`rule_rows`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date as Date  # noqa: N812 - `date` is the parameter that callers name
from enum import StrEnum
from functools import cache, lru_cache

from yangguang.rules.dated import Dated, shipped_rows
from yangguang.rules.rule_words import Line, Mark


class Way(StrEnum):
    """The four ways (见证方式) in which something is witnessed."""

    MANUAL = "manual"
    SYSTEM = "system"
    NOTE = "note"
    RECORDING = "recording"

    @property
    def label(self) -> str:
        """The way in Chinese."""
        return WAY_LABELS[self]


WAY_LABELS = {
    Way.MANUAL: "人工查验",
    Way.SYSTEM: "系统记录",
    Way.NOTE: "人工记事",
    Way.RECORDING: "录音录像",
}


class BadItem(ValueError):  # noqa: N818 - named after what is wrong, as in the rest of rules/
    """A row of the list is malformed; the Chinese message names it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item(Dated):
    """见证事项: one row. `answered_by` are the acts whose entries answer it, only where the system records it."""

    id: str
    line: Line
    stage: str
    way: Way
    answered_by: tuple[str, ...]
    what: str
    source: str
    article: str
    effective_from: Date
    effective_to: Date | None
    mark: Mark
    note: str

    @property
    def ground(self) -> str:
        """Source and article, or what it rests on otherwise."""
        return f"{self.source}{self.article}" or self.note


@lru_cache(maxsize=64)
def checklist_on(*, date: Date, line: Line) -> tuple[Item, ...]:
    """The items of a line of business on a legal date, with those of every line, in the order of the table."""
    return tuple(one for one in table() if one.is_in_force(date) and one.line in {line, Line.PLATFORM})


@cache
def table() -> tuple[Item, ...]:
    """Every row. Raises `BadItem`."""
    return items_from_rows(shipped_rows("witness.csv"))


def items_from_rows(rows: Iterable[Mapping[str, str]]) -> tuple[Item, ...]:
    """Rows as items. Raises `BadItem` for a malformed one and for two of one id that hold on the same day."""
    found = tuple(_item(row) for row in rows)
    for place, one in enumerate(found):
        if any(_overlap(one, other) for other in found[:place]):
            raise BadItem(f"见证清单：“{one.id}”有两行在同一天有效")
    return found


def _item(row: Mapping[str, str]) -> Item:
    try:
        item = Item(
            id=row["id"],
            line=Line(row["line"]),
            stage=row["stage"],
            way=Way(row["way"]),
            answered_by=tuple(row["answered_by"].split()),
            what=row["what"],
            source=row["source"],
            article=row["article"],
            effective_from=Date.fromisoformat(row["effective_from"]),
            effective_to=Date.fromisoformat(row["effective_to"]) if row["effective_to"] else None,
            mark=Mark(row["mark"]),
            note=row["note"],
        )
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise BadItem(f"见证清单：“{row.get('id')}”一行有误（{error}）") from error
    if not item.id or not item.what or not item.ground:
        raise BadItem(f"见证清单：“{item.id}”应有编号、内容和依据")
    if bool(item.answered_by) != (item.way == Way.SYSTEM):
        raise BadItem(f"见证清单：“{item.id}”只有系统记录才由办理事项回答")
    return item


def _overlap(one: Item, other: Item) -> bool:
    return one.id == other.id and (one.is_in_force(other.effective_from) or other.is_in_force(one.effective_from))
