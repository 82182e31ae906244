"""不予退还投标保证金: the grounds that the law lists, and what must have happened for each. Works only."""

from collections.abc import Collection
from enum import StrEnum

from yangguang.rules.checks.answers import refuse
from yangguang.rules.checks.outcome import DropOutReason
from yangguang.rules.law import Law
from yangguang.rules.refusal import Refusal


class ForfeitureGround(StrEnum):
    """不予退还的法定情形: 条例第三十五条 for the first one, 第七十四条 for the others."""

    REVOKED = "revoked"
    CONTRACT_REFUSED = "contract_refused"
    CONDITIONS_ADDED = "conditions_added"
    NO_PERFORMANCE_BOND = "no_performance_bond"

    @property
    def text(self) -> str:
        """The ground in Chinese."""
        return FORFEITURE_TEXTS[self]


FORFEITURE_TEXTS = {
    ForfeitureGround.REVOKED: "投标截止后撤销投标文件",
    ForfeitureGround.CONTRACT_REFUSED: "中标人无正当理由不与招标人订立合同",
    ForfeitureGround.CONDITIONS_ADDED: "中标人订立合同时向招标人提出附加条件",
    ForfeitureGround.NO_PERFORMANCE_BOND: "中标人不按照招标文件要求提交履约保证金",
}

# Why the winner dropped out decides: force majeure is a good reason, and illegal acts have penalties of their own.
GROUNDS_OF_WINNERS = {
    DropOutReason.GAVE_UP: frozenset({ForfeitureGround.CONTRACT_REFUSED, ForfeitureGround.CONDITIONS_ADDED}),
    DropOutReason.NO_PERFORMANCE_BOND: frozenset({ForfeitureGround.NO_PERFORMANCE_BOND}),
}


def grounds_shown(*, revoked: bool, dropped: str = "") -> frozenset[ForfeitureGround]:
    """The grounds that the record of a trade bears out against one bidder.

    `revoked`: its bid counts as revoked. `dropped`: why it dropped out after the notice made it the winner, "" if not.
    """
    grounds = frozenset({ForfeitureGround.REVOKED}) if revoked else frozenset()
    return grounds | (GROUNDS_OF_WINNERS.get(DropOutReason(dropped), frozenset()) if dropped else frozenset())


def check_forfeiture(*, law: Law, ground: str, reason: str, shown: Collection[ForfeitureGround]) -> list[Refusal]:
    """不予退还: only on a listed ground that the record bears out, with the facts in words (条例第三十五、七十四条)."""
    if ground not in set(ForfeitureGround):
        rule = law.rule(f"works.forfeiture.{ForfeitureGround.CONTRACT_REFUSED}")
        unlisted = f"“{ground}”不是法定的不予退还投标保证金的情形"
        remedy = "请选择第三十五条、第七十四条所列情形之一；不属于所列情形的应当退还"
        return [refuse(code="forfeiture.unlisted_ground", rule=rule, reason=unlisted, remedy=remedy)]
    rule, found = law.rule(f"works.forfeiture.{ground}"), []
    if ground not in shown:
        missing = f"交易记录中没有该单位“{ForfeitureGround(ground).text}”的情形"
        remedy = "请先登记撤销投标，或登记中标人放弃及其原因；没有该情形的应当退还"
        found.append(refuse(code="forfeiture.not_shown", rule=rule, reason=missing, remedy=remedy))
    if not reason.strip():
        silent = "不予退还投标保证金没有写明事实和理由"
        found.append(refuse(code="forfeiture.no_reason", rule=rule, reason=silent, remedy="请写明"))
    return found
