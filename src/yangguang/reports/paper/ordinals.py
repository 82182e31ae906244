"""Ordinals of headings (结构层次序数, GB/T 9704-2012 7.3.3): given by place, so that none is skipped or used twice."""

from dataclasses import dataclass, field

from yangguang.reports.numerals import chinese


@dataclass(slots=True)
class Ordinals:
    """Counts headings level by level; a heading starts the levels below it again."""

    counts: list[int] = field(default_factory=lambda: [0, 0, 0, 0])

    def next(self, level: int) -> str:
        """The ordinal of the next heading of a level from 1 to 4: 一、（一）1.（1）."""
        self.counts[level - 1] += 1
        self.counts[level:] = [0] * (len(self.counts) - level)
        number = self.counts[level - 1]
        return {1: f"{chinese(number)}、", 2: f"（{chinese(number)}）", 3: f"{number}.", 4: f"（{number}）"}[level]
