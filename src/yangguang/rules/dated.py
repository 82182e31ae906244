"""Dated rows: the tables that are shipped with the rules, and whether a row of one holds on a day."""

import csv
from datetime import date
from functools import cache
from importlib.resources import files


class Dated:
    """What holds from a day on, and until another one where that is known."""

    __slots__ = ()

    effective_from: date
    effective_to: date | None

    def is_in_force(self, on: date) -> bool:
        """Whether the row holds on a legal date; both ends of its span count."""
        return self.effective_from <= on and (self.effective_to is None or on <= self.effective_to)


@cache
def shipped_rows(*path: str) -> tuple[dict[str, str], ...]:
    """The rows of a table below `rules/data`, as texts by column. Raises FileNotFoundError."""
    text = files("yangguang.rules").joinpath("data", *path).read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))
