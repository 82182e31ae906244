"""Papers as bytes: one HTML file each, complete in itself, the same for the same rows.

Templates get text only, so that no locale and no setting of the house changes a byte. Everything is escaped, and
characters that a reader cannot see (controls, direction marks, lone surrogates) are printed as their code points.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.template import Context, engines

TEXT, NUMBER, SMALL = "text", "number", "small"
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a table of facts."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a grid; `look` is text, number or small (for digests). `width` is a share in percent, 0 for any."""

    title: str
    look: str = TEXT
    width: int = 0


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a grid with the look of its column."""

    text: str
    look: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with a heading row; `title` may be empty."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


def grid(columns: Sequence[Column], rows: Sequence[Sequence[str]], *, title: str = "") -> Grid:
    """A table from texts; every row has one text a column."""
    return Grid(
        title=title,
        columns=tuple(columns),
        rows=tuple(tuple(Cell(text, column.look) for text, column in zip(row, columns, strict=True)) for row in rows),
    )


def render(template: str, context: Mapping[str, object]) -> bytes:
    """The paper as UTF-8 HTML. `template` is a file name under `papers/`."""
    found = engines["django"].engine.get_template(f"papers/{template}")  # type: ignore[attr-defined]
    text: str = found.render(Context(dict(context), autoescape=True, use_l10n=False))
    return UNSEEN.sub(_shown, text.replace("\r\n", "\n").replace("\r", "\n")).encode()


def _shown(match: re.Match[str]) -> str:
    return f"〔U+{ord(match[0]):04X}〕"
