"""Steps of developing a member (发展党员步骤) as dated rows: the 25 of 2014 and those of the 2026 revision.

Rows carry what is done, the clocks that bind it and what has to be there; how long a clock runs is a row of the rule
table. A person corrects both; nothing of the chart is code.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date as Date  # noqa: N812 - `date` is the parameter that callers name
from enum import StrEnum
from functools import cache

from yangguang.rules.dated import Dated, shipped_rows
from yangguang.rules.rule_words import Mark


class Stage(StrEnum):
    """The five stages (五个阶段)."""

    APPLICATION = "application"
    ACTIVIST = "activist"
    CANDIDATE = "candidate"
    ADMISSION = "admission"
    CONVERSION = "conversion"


STAGE_LABELS = {
    Stage.APPLICATION: "申请入党",
    Stage.ACTIVIST: "入党积极分子的确定和培养教育",
    Stage.CANDIDATE: "发展对象的确定和考察",
    Stage.ADMISSION: "预备党员的接收",
    Stage.CONVERSION: "预备党员的教育考察和转正",
}


class BadStep(ValueError):  # noqa: N818 - named after what is wrong, as in the rest of rules/
    """A row of the steps is malformed; the Chinese message names it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A rule counted from the day of an earlier step."""

    rule_id: str
    since: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step(Dated):
    """步骤: one row. It may not be done before `not_before`, is due by `due` and with an extension by `longest`."""

    id: str
    number: int
    stage: Stage
    what: str
    not_before: tuple[Clock, ...]
    due: tuple[Clock, ...]
    longest: tuple[Clock, ...]
    material: tuple[str, ...]
    source: str
    article: str
    effective_from: Date
    effective_to: Date | None
    mark: Mark
    note: str

    @property
    def citation(self) -> str:
        """Source and article; a row that was not read in the text says so."""
        return f"{self.source}{self.article}" + ("" if self.mark is Mark.VERIFIED else "（默认值，可更正）")

    def to_row(self) -> dict[str, str]:
        """The step as a row of texts, the exact opposite of `steps_from_rows`."""
        return {one.name: _text_of(getattr(self, one.name)) for one in fields(self)}


def steps_on(*, date: Date, corrections: Iterable[Mapping[str, str]] = ()) -> tuple[Step, ...]:
    """The steps of the version in force on a legal date, in order; `corrections` are further rows, later ones win.

    Raises `BadStep`, also for a date before the first version.
    """
    winners = {one.id: one for one in (*table(), *steps_from_rows(corrections)) if one.is_in_force(date)}
    if not winners:
        raise BadStep(f"发展党员步骤：{date}没有有效的步骤")
    return tuple(sorted(winners.values(), key=lambda one: one.number))


@cache
def table() -> tuple[Step, ...]:
    """Every shipped row, all versions. Raises `BadStep`."""
    return steps_from_rows(shipped_rows("party", "development.csv"))


def steps_from_rows(rows: Iterable[Mapping[str, str]]) -> tuple[Step, ...]:
    """Rows of texts as steps. Raises `BadStep` for a malformed one."""
    return tuple(_step(row) for row in rows)


def _step(row: Mapping[str, str]) -> Step:
    try:
        step = Step(
            id=row["id"],
            number=int(row["number"]),
            stage=Stage(row["stage"]),
            what=row["what"],
            not_before=_clocks(row["not_before"]),
            due=_clocks(row["due"]),
            longest=_clocks(row["longest"]),
            material=tuple(row["material"].split("、")),
            source=row["source"],
            article=row["article"],
            effective_from=Date.fromisoformat(row["effective_from"]),
            effective_to=Date.fromisoformat(row["effective_to"]) if row["effective_to"] else None,
            mark=Mark(row["mark"]),
            note=row["note"],
        )
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise BadStep(f"发展党员步骤：“{row.get('id')}”一行有误（{error}）") from error
    if not all((step.id, step.what, step.source, step.article, *step.material)):
        raise BadStep(f"发展党员步骤：“{step.id}”应有编号、内容、材料和依据")
    return step


def _text_of(value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, tuple):
        return str(value)
    clocks = [f"{one.rule_id.removeprefix('party.')}@{one.since}" for one in value if isinstance(one, Clock)]
    return " ".join(clocks) if clocks else "、".join(value)


def _clocks(text: str) -> tuple[Clock, ...]:
    """`development.talk@application`, several with a space between them."""
    pairs = (word.split("@") for word in text.split())
    return tuple(Clock(rule_id=f"party.{rule_id}", since=since) for rule_id, since in pairs)
