"""Asking the database once (一次查询): while many records are checked, rolls and law are the same for all of a day."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from yangguang.ledger.models import Unit

P = ParamSpec("P")
R = TypeVar("R")

_memory: ContextVar[dict[Any, Any] | None] = ContextVar("remembered_answers", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """Within it each question of a `remembered` function is asked once; nobody may change posts or law meanwhile."""
    token = _memory.set({})
    try:
        yield
    finally:
        _memory.reset(token)


def is_remembering() -> bool:
    """Whether many questions are about to come, so that one large answer is better than many small ones."""
    return _memory.get() is not None


def remembered(function: Callable[Concatenate[Unit, P], R]) -> Callable[Concatenate[Unit, P], R]:
    """A question about a unit whose answer is kept within `remembering`; whoever gets it must not change it."""

    @wraps(function)
    def answer(unit: Unit, /, *args: P.args, **asked: P.kwargs) -> R:
        memory = _memory.get()
        if memory is None:
            return function(unit, *args, **asked)
        key = (function, unit.pk, *args, *sorted(asked.items()))
        if key not in memory:
            memory[key] = function(unit, *args, **asked)
        found: R = memory[key]
        return found

    return answer
