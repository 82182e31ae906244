"""What a rule answers when an act may not be done."""

from collections.abc import Iterable
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


class Refused(Exception):  # noqa: N818 - the field's word for it, 不予受理
    """不予受理: an act was refused; nothing was changed. `refusals` holds every reason, at least one."""

    def __init__(self, *refusals: Refusal) -> None:
        """Keep the reasons; the message joins them."""
        super().__init__("\n".join(str(refusal) for refusal in refusals))
        self.refusals = refusals

    @property
    def codes(self) -> tuple[str, ...]:
        """The stable codes of all reasons, in order."""
        return tuple(refusal.code for refusal in self.refusals)


def refuse_if(*answers: Iterable[Refusal]) -> None:
    """Raise `Refused` with the reasons of all checks together, or return when every check is content."""
    refusals = [refusal for answer in answers for refusal in answer]
    if refusals:
        raise Refused(*refusals)
