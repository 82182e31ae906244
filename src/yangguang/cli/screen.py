"""What a command shows: lines and tables on the terminal, and the same once more as a picture when one is wanted."""

import re
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from html import unescape
from io import StringIO
from itertools import accumulate
from pathlib import Path
from typing import Self

from rich.cells import cell_len, chop_cells
from rich.console import Console
from rich.table import Table
from rich.text import Text

PLAIN_WIDTH = 112
ADDRESSES = re.compile(r"@font-face\s*\{.*?\}|<!--.*?-->", re.DOTALL)  # fonts on a server, the library's own page
TEXT_LENGTH = re.compile(r'textLength="([\d.]+)"([^>]*)>([^<]*)<')


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """`terminal` is where people read, `picture` records what a terminal of a fixed width would show."""

    terminal: Console
    picture: Console | None = None

    @classmethod
    def open(cls, *, with_picture: bool) -> Self:
        """Standard output: with colours on a terminal, plain lines otherwise."""
        terminal = Console(highlight=False)
        if not terminal.is_terminal:
            terminal = Console(highlight=False, width=PLAIN_WIDTH)
        recorder = Console(record=True, file=StringIO(), force_terminal=True, width=PLAIN_WIDTH)
        return cls(terminal=terminal, picture=recorder if with_picture else None)

    def say(self, markup: str = "") -> None:
        """Print a line; on the terminal it is never broken, so that it can be searched and copied."""
        line = Text.from_markup(markup, emoji=False)
        self.terminal.print(line, soft_wrap=True, highlight=False)
        if self.picture is not None:
            pieces = chop_cells(line.plain, PLAIN_WIDTH)
            for part in line.divide(accumulate(len(piece) for piece in pieces[:-1])):
                self.picture.print(part, soft_wrap=True, highlight=False)

    def show(self, table: Table) -> None:
        """Print a table."""
        for console in filter(None, (self.terminal, self.picture)):
            console.print(table)

    def busy(self, words: str) -> AbstractContextManager[object]:
        """Show on a terminal that something is going on."""
        return self.terminal.status(words)

    def save_picture(self, place: Path, *, title: str) -> None:
        """Write what was shown as SVG, drawn with the reader's own fonts: nothing is fetched from anywhere."""
        if self.picture is None:
            raise ValueError("the screen was opened without a picture")
        drawn = ADDRESSES.sub("", self.picture.export_svg(title=title))
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(TEXT_LENGTH.sub(_true_length, drawn), encoding="utf-8")


def padded(text: str, *, cells: int) -> str:
    """The text filled up to a width in terminal cells; a Chinese character takes two."""
    return text + " " * max(0, cells - cell_len(text))


def plain_table(*, title: str, columns: Iterable[tuple[str, str]]) -> Table:
    """An empty table of (heading, `left` or `right` or `fold`) columns; only `fold` ones may be broken."""
    table = Table(title=title, box=None, title_justify="left", title_style="bold", pad_edge=False, padding=(0, 2, 0, 0))
    for heading, kind in columns:
        is_broken = kind == "fold"
        table.add_column(
            heading,
            justify="right" if kind == "right" else "left",
            no_wrap=not is_broken,
            overflow="fold" if is_broken else "ellipsis",
        )
    return table


def _true_length(text: re.Match[str]) -> str:
    """The length of a text in cells: the library counts a Chinese character as one, although it takes two."""
    length, attributes, content = text.groups()
    shown = unescape(content)
    cells = float(length) * cell_len(shown) / len(shown) if shown else 0
    return f'textLength="{cells:.1f}"{attributes}>{content}<'
