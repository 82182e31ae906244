"""What stands against a figure (检查意见): a block keeps the paper from leaving, a warning names what is missing."""

from dataclasses import dataclass
from typing import Any

from yangguang.reports.proofreading.finding import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """One finding on a report: `about` is the metric's name or the place in the text, `code` what kind it is.

    `records` are the ids of those that the reason names.
    """

    level: Level
    code: str
    about: str
    reason: str
    remedy: str
    records: tuple[int, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As a report keeps it."""
        return {
            "level": self.level.value, "code": self.code, "about": self.about, "reason": self.reason,
            "remedy": self.remedy, "records": list(self.records),
        }  # fmt: skip

    @staticmethod
    def from_json(kept: dict[str, Any]) -> "Concern":
        """What a report keeps."""
        return Concern(**{**kept, "level": Level(kept["level"]), "records": tuple(kept.get("records", ()))})


def block(code: str, about: str, reason: str, remedy: str) -> Concern:
    """Something that keeps a paper from leaving."""
    return Concern(level=Level.BLOCK, code=code, about=about, reason=reason, remedy=remedy)


def warn(code: str, about: str, reason: str, remedy: str) -> Concern:
    """Something that somebody should mend."""
    return Concern(level=Level.WARN, code=code, about=about, reason=reason, remedy=remedy)
