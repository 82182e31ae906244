"""What a rule answers when an act may not be done."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why an act may not be done, on which article, and what the person can do next.

    `code` is a stable dotted name (`tender.deadline.too_early`), `reason`, `article` and `remedy` are Chinese text
    for people. `article` names law and article (招标投标法第二十四条) or, where no law speaks, the platform rule.
    """

    code: str
    reason: str
    article: str
    remedy: str

    def __str__(self) -> str:
        """The whole message on one line."""
        return f"{self.reason}（依据：{self.article}）。{self.remedy}"
