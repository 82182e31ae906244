"""报告期: the months that a figure or a report counts, and the same months of the year before."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from yangguang.witness.inputs import FIRST_YEAR, LAST_YEAR

MONTHS = 12
FORMS = "2023、2023-H1、2023-Q2、2023-05 或者 2023-01..2023-11"
QUARTERS = "一二三四"
PATTERNS: tuple[tuple[re.Pattern[str], int], ...] = (
    (re.compile(r"(\d{4})(?:年(?:度)?)?"), 12),
    (re.compile(r"(\d{4})-?H([12])", re.IGNORECASE), 6),
    (re.compile(r"(\d{4})-?Q([1-4])", re.IGNORECASE), 3),
    (re.compile(r"(\d{4})-(\d{1,2})"), 1),
)
RANGE = re.compile(r"(\d{4})-(\d{1,2})\.\.(\d{4})-(\d{1,2})")


class UnknownSpan(ValueError):  # noqa: N818 - named after what is wrong
    """A text that names no months of one year; the message says which forms there are."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Whole months of one year: `first` and `last` count from 1, both included."""

    year: int
    first: int
    last: int

    @property
    def first_day(self) -> date:
        """The first day that counts."""
        return date(self.year, self.first, 1)

    @property
    def last_day(self) -> date:
        """The last day that counts."""
        return date(self.year, self.last, monthrange(self.year, self.last)[1])

    @property
    def key(self) -> str:
        """How it is written for machines, always the same for the same months: 2023, 2023-H1, 2023-01..2023-11."""
        size, part = self._part()
        match size:
            case 12:
                return f"{self.year}"
            case 6:
                return f"{self.year}-H{part}"
            case 3:
                return f"{self.year}-Q{part}"
            case 1:
                return f"{self.year}-{self.first:02}"
            case _:
                return f"{self.year}-{self.first:02}..{self.year}-{self.last:02}"

    @property
    def name(self) -> str:
        """How papers print it: 2023年, 2023年上半年, 2023年第二季度, 2023年5月, 2023年1—11月."""
        size, part = self._part()
        match size:
            case 12:
                return f"{self.year}年"
            case 6:
                return f"{self.year}年{'上下'[part - 1]}半年"
            case 3:
                return f"{self.year}年第{QUARTERS[part - 1]}季度"
            case 1:
                return f"{self.year}年{self.first}月"
            case _:
                return f"{self.year}年{self.first}—{self.last}月"

    @property
    def before(self) -> "Span":
        """上年同期: the same months of the year before."""
        return Span(self.year - 1, self.first, self.last)

    @property
    def months(self) -> tuple[int, ...]:
        """Its months in order."""
        return tuple(range(self.first, self.last + 1))

    @property
    def size(self) -> int:
        """How many months it has."""
        return self.last - self.first + 1

    def holds(self, other: "Span") -> bool:
        """Whether all months of the other are in this one."""
        return self.year == other.year and self.first <= other.first and other.last <= self.last

    def _part(self) -> tuple[int, int]:
        """How many months it has where it is a year, a half-year, a quarter or a month, else 0; and the which one."""
        size = self.size
        if size in {1, 3, 6, 12} and (self.first - 1) % size == 0:
            return size, (self.first - 1) // size + 1
        return 0, 0


def read_span(text: str) -> Span:
    """The months that a text names. Raises `UnknownSpan`."""
    said = text.strip()
    for pattern, size in PATTERNS:
        if found := pattern.fullmatch(said):
            year, part = int(found[1]), int(found[2]) if size < MONTHS else 1
            return _span(said, year, (part - 1) * size + 1, part * size)
    if (found := RANGE.fullmatch(said)) and found[1] == found[3]:
        return _span(said, int(found[1]), int(found[2]), int(found[4]))
    raise UnknownSpan(f"“{text}”不是报告期；应写作 {FORMS}（同一年内）")


def _span(said: str, year: int, first: int, last: int) -> Span:
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= first <= last <= MONTHS):
        raise UnknownSpan(f"“{said}”不是报告期；应写作 {FORMS}（同一年内）")
    return Span(year, first, last)
