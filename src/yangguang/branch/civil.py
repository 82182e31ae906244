"""文明创建任务树: a general template of six fields with 138 items, to be planted and then changed by a house.

The wording is ours; the fields follow no edition of the official 测评体系, which a house imports in the same form.
"""

import csv
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def _rows() -> tuple[dict[str, str], ...]:
    text = files("yangguang.branch").joinpath("data", "civil_tasks.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def template_rows() -> list[dict[str, Any]]:
    """The rows as `acts.plant_tree` takes them: fields at level 1, items at level 2."""
    return [
        {"level": int(row["level"]), **{key: row[key] for key in ("title", "waits_for") if row[key]}} for row in _rows()
    ]
