"""What a sheet holds (导入模板的描述): its columns, what each may hold, who uses it and why it has to be typed."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Row = Mapping[str, Any]
EXPLANATIONS, EXAMPLES, CHOICES = TAKEN = "填写说明", "示例", "选项"  # the other sheets of a workbook
LONGEST_TITLE, NOT_IN_TITLES = 31, r"[]:*?/\'"


class Kind(StrEnum):
    """What a column holds; read as str, int, Decimal, date, aware datetime, bool, choice value, str, tuple of str."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    MOMENT = "moment"
    FLAG = "flag"
    CHOICE = "choice"
    PERSON = "person"
    PERSONS = "persons"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One entry of a drop-down: what the program keeps and what people read."""

    value: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """字段: `label` is its header; `used_by` (谁用) and `why_typed` (为什么不能由系统得出) are told to the filler."""

    key: str
    label: str
    kind: Kind
    used_by: str
    why_typed: str
    required: bool = False
    choices: tuple[Choice, ...] = ()
    help: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """登记表: a titled list of columns, with examples that stand on a sheet of their own and are never imported."""

    title: str
    columns: tuple[Column, ...]
    examples: tuple[Row, ...] = ()

    def __post_init__(self) -> None:
        """A description is the programmer's: what is wrong with it is an error, not a refusal."""
        if not 0 < len(self.title) <= LONGEST_TITLE or set(self.title) & set(NOT_IN_TITLES) or self.title in TAKEN:
            raise ValueError(f"{self.title!r} cannot be the title of a sheet")
        keys, labels = ([getattr(column, name) for column in self.columns] for name in ("key", "label"))
        if len(set(keys)) < len(keys) or len(set(labels)) < len(labels) or not keys:
            raise ValueError(f"{self.title}: columns need different keys and labels")
        for column in self.columns:
            if (column.kind is Kind.CHOICE) != bool(column.choices):
                raise ValueError(f"{column.key}: choices belong to a column of choices")
            if not (column.used_by and column.why_typed):
                raise ValueError(f"{column.key}: who uses it, and why can it not be derived?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """问题: what is wrong with a cell and how to mend it. `row` is the number Excel shows; 0 is the whole file."""

    row: int
    column: str
    what: str
    remedy: str

    def __str__(self) -> str:
        """The whole message on one line."""
        place = f"第{self.row}行" if self.row else "文件"
        return f"{place}{f'“{self.column}”' if self.column else ''}：{self.what}。{self.remedy}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRow:
    """A row as read: a value or None for every column by its key, and what is wrong with it.

    A file that cannot be read is one row with the number 0, no values and its problem.
    """

    number: int
    values: Row
    problems: tuple[Problem, ...] = ()
