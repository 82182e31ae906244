"""A drafted paper as its page shows it: blocks of runs, each figure with the address of its records."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from yangguang.reports.drafting import Drafted
from yangguang.reports.paper.model import (
    EvidenceAnnex,
    FigureRun,
    Heading,
    Missing,
    Paragraph,
    Run,
    Table,
    Text,
    plain_text,
    runs_of,
)
from yangguang.reports.paper.ordinals import Ordinals


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRun:
    """A piece of text; with `key` it is a figure that can be opened, with `missing` a figure that is not there."""

    text: str
    key: str = ""
    missing: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownBlock:
    """A heading (`level` above 0), a paragraph, or a table."""

    level: int = 0
    runs: list[ShownRun] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    rows: list[list[list[ShownRun]]] = field(default_factory=list)


def blocks_of(drafted: Drafted) -> list[ShownBlock]:
    """The body of a paper in printed order."""
    keys = keys_of(drafted)
    return list(_blocks(drafted, keys))


def keys_of(drafted: Drafted) -> Mapping[str, str]:
    """The key of each figure by the name that the text's runs give it; the annex prints the first part of a digest."""
    rows = (row for annex in drafted.paper.annexes if isinstance(annex, EvidenceAnnex) for row in annex.rows)
    parts = {row.figure: row.digest for row in rows if row.digest}
    length = min(map(len, parts.values()), default=0)
    by_part = {one.digest[:length]: one.key for one in drafted.figures}
    return {figure: by_part[part[:length]] for figure, part in parts.items() if part[:length] in by_part}


def _blocks(drafted: Drafted, keys: Mapping[str, str]) -> Iterator[ShownBlock]:
    ordinals = Ordinals()
    for block in drafted.paper.body:
        match block:
            case Heading():
                ordinal = ShownRun(text=ordinals.next(block.level))
                yield ShownBlock(level=block.level, runs=[ordinal, *_runs(block.text, keys)])
                if runs := _runs(block.runs, keys):
                    yield ShownBlock(runs=runs)
            case Paragraph():
                yield ShownBlock(runs=_runs(block.runs, keys))
            case Table():
                yield ShownBlock(
                    runs=_runs(block.title, keys),
                    columns=[plain_text(one) for one in block.columns],
                    rows=[[_runs(cell, keys) for cell in row] for row in block.rows],
                )


def _runs(text: Text, keys: Mapping[str, str]) -> list[ShownRun]:
    return [_run(one, keys) for one in runs_of(text)]


def _run(run: Run, keys: Mapping[str, str]) -> ShownRun:
    match run:
        case str():
            return ShownRun(text=run)
        case FigureRun():
            return ShownRun(text=run.text, key=keys.get(run.figure, ""))
        case Missing():
            return ShownRun(text=run.text, missing=run.metric)
    return ShownRun(text=run.text)
