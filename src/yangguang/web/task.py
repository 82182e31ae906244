"""One line of 待办, wherever it comes from."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What, about what, where it is done, and the day before which; `is_late` once that has passed."""

    title: str
    about: str
    url: str
    due: date | None = None
    is_late: bool = False
