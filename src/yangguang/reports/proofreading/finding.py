"""One finding (校对意见) of the proofreading of a summary."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Level(StrEnum):
    """How grave a finding is: the paper may not leave, somebody should mend it, or a person must answer a question."""

    BLOCK = "阻止"
    WARN = "警告"
    ASK = "请核实"


class Family(StrEnum):
    """Which check made a finding."""

    CONFLICT = "数字矛盾"
    SUM = "分项与合计"
    PERIOD = "期间"
    HEADING = "编号"
    WORDING = "文字"
    LIST = "列举"
    MASK = "遮挡与待补"
    PLAUSIBILITY = "合理性"
    RULE = "规定频次"
    FOREIGN = "夹带内容"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A place in the text, what is wrong there and what to do.

    `line` counts the lines of a text or the paragraphs of a document from 1; `others` are further lines the finding
    speaks of. `quote` is what the text says, `reason` and `remedy` are Chinese sentences.
    """

    family: Family
    level: Level
    line: int
    quote: str
    reason: str
    remedy: str
    others: tuple[int, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The finding as plain JSON values."""
        return {
            "family": self.family.value,
            "level": self.level.value,
            "line": self.line,
            "others": list(self.others),
            "quote": self.quote,
            "reason": self.reason,
            "remedy": self.remedy,
        }
