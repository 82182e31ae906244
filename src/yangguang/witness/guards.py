"""Guards of the acts: one line a condition, with reason, article and what to do next."""

from typing import TypeVar

from yangguang.rules.refusal import Refusal, Refused
from yangguang.witness.inputs import is_text

PLATFORM = "平台规则"
REGULATION = "招标投标法实施条例"
LAW = "招标投标法"
ONLINE = "电子招标投标办法"
LONGEST_REASON = 200

T = TypeVar("T")


def refuse_unless(holds: object, *, code: str, reason: str, article: str, remedy: str) -> None:
    """Raise `Refused` with this one reason unless the condition holds."""
    if not holds:
        raise Refused(Refusal(code=code, reason=reason, article=article, remedy=remedy))


def found_or_refuse(found: T | None, *, code: str, reason: str, article: str, remedy: str) -> T:
    """What was looked for, or `Refused` with this one reason when there is none."""
    if found is None:
        raise Refused(Refusal(code=code, reason=reason, article=article, remedy=remedy))
    return found


def refuse_unreasoned(text: str, *, code: str, article: str, of: str = "") -> None:
    """Raise `Refused` for a reason that is empty, too long or cannot be kept; `of` says of what it is, as 撤销的."""
    refuse_unless(
        is_text(text, most=LONGEST_REASON) and text.strip(),
        code=code,
        reason=f"应写明{of}原因，不超过{LONGEST_REASON}字",
        article=article,
        remedy="请填写原因。",
    )


def refuse_long(text: str) -> None:
    """Raise `Refused` when a reason is longer than its column."""
    refuse_unless(
        len(text) <= LONGEST_REASON,
        code="reason.long",
        reason=f"原因超过{LONGEST_REASON}字",
        article=f"{PLATFORM}：文字长度",
        remedy="请缩短原因，详情另附文件。",
    )
