"""Guards of the acts: one line a condition, with reason, article and what to do next."""

from yangguang.rules.refusal import Refusal, Refused

PLATFORM = "平台规则"
REGULATION = "招标投标法实施条例"
LAW = "招标投标法"
ONLINE = "电子招标投标办法"


def refuse_unless(holds: object, *, code: str, reason: str, article: str, remedy: str) -> None:
    """Raise `Refused` with this one reason unless the condition holds."""
    if not holds:
        raise Refused(Refusal(code=code, reason=reason, article=article, remedy=remedy))
