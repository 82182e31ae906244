"""Parameters of the formula families as people type them, and back: text ↔ value, by the default's own type."""

import re
from typing import Any

BETWEEN = re.compile(r"[、,，;；\s]+")
ARROW = re.compile(r"[→:：,，\s]+")


def typed_as(value: Any) -> str:
    """A parameter's value as its field shows it: numbers with 、 between, tables and items a line each."""
    if isinstance(value, dict):
        return "\n".join(f"{name} {number}" for name, number in value.items())
    if isinstance(value, list) and value and isinstance(value[0], list):
        return "\n".join("→".join(row) for row in value)
    return "、".join(value) if isinstance(value, list) else str(value)


def read_as(text: str, like: Any) -> Any:
    """What a field's text means, built like `like`. Raises ValueError that says what to type instead."""
    given = text.strip()
    if isinstance(like, dict):
        return read_items(given)
    if isinstance(like, list) and like and isinstance(like[0], list):
        return [_row(line) for line in given.splitlines() if line.strip()]
    if isinstance(like, list):
        return [one for one in BETWEEN.split(given) if one]
    if isinstance(like, int):
        if not re.fullmatch(r"-?\d{1,3}", given):
            raise ValueError("请填写整数")
        return int(given)
    return given


def read_items(text: str) -> dict[str, str]:
    """评审项, a line each: the name, a space, the full mark. Raises ValueError that names the line."""
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        name, _, most = line.strip().replace("　", " ").rpartition(" ")
        if not name.strip() or not re.fullmatch(r"\d{1,12}(\.\d{1,4})?", most):
            raise ValueError(f"第{number}行应为“名称 满分”，例如“施工组织设计 15”")
        if name.strip() in found:
            raise ValueError(f"第{number}行的“{name.strip()}”重复了")
        found[name.strip()] = most
    return found


def lines_of(text: str) -> list[str]:
    """A text's lines without the empty ones."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def _row(line: str) -> list[str]:
    row = [one for one in ARROW.split(line.strip()) if one]
    if len(row) != 2:  # noqa: PLR2004 - a pair
        raise ValueError("每行应为“界限→取值”，例如“13→0.4”")
    return row
