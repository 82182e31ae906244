"""演示模式: a home that a demonstration made has accounts to switch between and a clock that can be moved forward.

Everything hangs on one file in the home, `demo-mode.json`, that only `yangguang demo` writes. Without it nothing here
does anything.
"""

import json
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

FILE = "demo-mode.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoAccount:
    """One printed account: who it is in the story and its password."""

    username: str
    title: str
    password: str


def is_demo() -> bool:
    """Whether this home was made by a demonstration."""
    return _file().is_file()


def accounts() -> list[DemoAccount]:
    """The accounts to switch between; none outside of a demonstration."""
    return [DemoAccount(**one) for one in _read().get("accounts", [])]


def ahead() -> timedelta:
    """How far the demonstration's clock was moved forward."""
    return timedelta(seconds=_read().get("ahead_seconds", 0)) if is_demo() else timedelta()


def move_forward(by: timedelta) -> None:
    """Move the demonstration's clock forward; the log's moments never go back. Raises ValueError."""
    if by < timedelta() or not is_demo():
        raise ValueError("only the clock of a demonstration moves, and only forward")
    value = _read()
    _write({**value, "ahead_seconds": value.get("ahead_seconds", 0) + int(by.total_seconds())})


def begin(*, given: list[DemoAccount]) -> None:
    """Make this home a demonstration's."""
    listed = [{"username": one.username, "title": one.title, "password": one.password} for one in given]
    _write({"accounts": listed, "ahead_seconds": 0})


def _file() -> Path:
    return Path(settings.HOME) / FILE


def _read() -> dict[str, Any]:
    try:
        value: dict[str, Any] = json.loads(_file().read_bytes())
    except FileNotFoundError:
        return {}
    return value


def _write(value: dict[str, Any]) -> None:
    aside = _file().with_suffix(".part")
    aside.write_text(json.dumps(value, ensure_ascii=False, indent=1), encoding="utf-8")
    aside.chmod(0o600)
    aside.replace(_file())
