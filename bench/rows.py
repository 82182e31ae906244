"""A row of the benchmark: what was measured, against what, and whether the aim was met."""

from collections.abc import Sequence
from dataclasses import dataclass

AT_LEAST, AT_MOST = "≥", "≤"


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """What `ratio` should be: at least or at most `bound`."""

    sign: str
    bound: float
    unit: str = ""

    def is_met_by(self, value: float) -> bool:
        return value >= self.bound if self.sign == AT_LEAST else value <= self.bound

    def __str__(self) -> str:
        return f"{self.sign} {self.bound:g}{self.unit}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table. `figure` and `baseline` are texts with units; `ratio` is what the aim speaks of.

    `judged` replaces the ratio where the aim is about an absolute figure. A row that could not be measured has only
    its name and `note`.
    """

    group: str
    name: str
    figure: str = ""
    baseline: str = ""
    ratio: float | None = None
    aim: Aim | None = None
    judged: float | None = None
    note: str = ""

    @property
    def verdict(self) -> str:
        """达到, 未达到, or nothing where there is no aim or no figure."""
        value = self.judged if self.judged is not None else self.ratio
        if self.aim is None or value is None:
            return "未测" if not self.figure else ""
        return "达到" if self.aim.is_met_by(value) else "未达到"

    def cells(self) -> list[str]:
        """The texts of the line."""
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}" if self.ratio < 100 else f"{self.ratio:,.0f}"
        return [self.name, self.figure, self.baseline, ratio, str(self.aim or ""), self.verdict]


HEADS = ["项目", "结果", "对照", "比值", "目标", "结论"]


def markdown(rows: Sequence[Row]) -> str:
    """The table, a section a group, and the notes below."""
    parts = []
    for group in dict.fromkeys(row.group for row in rows):
        lines = [f"## {group}", "", _line(HEADS), _line(["---"] * len(HEADS))]
        members = [row for row in rows if row.group == group]
        lines += [_line(row.cells()) for row in members]
        notes = list(dict.fromkeys(row.note for row in members if row.note))
        lines += ["", *(f"- {note}" for note in notes)] if notes else []
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
