"""Democratic appraisal (民主评议党员): grades, who gets none, secret ballots counted without a name of a voter."""

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum

from yangguang.rules.checks.answers import refuse
from yangguang.rules.law import Law
from yangguang.rules.refusal import Refusal

Ballot = Mapping[str, "Grade"]
Tally = dict[str, dict["Grade", int]]
THREE = 3


class Grade(StrEnum):
    """等次, by its Chinese name; the branch committee decides it, a tally never does."""

    EXCELLENT = "优秀"
    QUALIFIED = "合格"
    BARELY = "基本合格"
    UNQUALIFIED = "不合格"


def check_excellent(*, law: Law, excellent: int, members: int) -> list[Refusal]:
    """优秀 as a rule at most a third of all members of the branch, probationary ones included (2023年度通知).

    `members` counts the whole roll (党员总数). The number is a default that a person may correct.
    """
    rule = law.rule("party.appraisal.excellent")
    if excellent * THREE <= rule.value * members:
        return []
    most = int(rule.value * members / THREE)
    return [
        refuse(
            code="appraisal.excellent",
            rule=rule,
            reason=f"优秀{excellent}人，超过党员总数{members}人的{rule.amount_text}（{most}人）",
            remedy=f"请将优秀控制在{most}人以内；上级另有规定的先更正规则",
        )
    ]


def check_gradable(*, law: Law, is_probationary: bool) -> list[Refusal]:
    """A probationary member takes part and gets no grade (预备党员参加但不定等次)."""
    rule = law.rule("party.appraisal.probationers_graded")
    if not is_probationary or rule.count:
        return []
    return [
        refuse(
            code="appraisal.probationary",
            rule=rule,
            reason="预备党员参加民主评议但不确定等次",
            remedy="请只登记参加情况",
        )
    ]


def check_ballots(*, law: Law, handed_out: int, ballots: Collection[Ballot], members: Collection[str]) -> list[Refusal]:
    """Not more ballots back than were handed out, and each only about members who are graded."""
    rule = law.rule("party.cadence.appraisal")
    found = []
    if len(ballots) > handed_out:
        found.append(
            refuse(
                code="appraisal.ballots",
                rule=rule,
                reason=f"发出{handed_out}张测评票，收回{len(ballots)}张",
                remedy="收回多于发出的测评无效，请重新测评",
            )
        )
    strangers = {name for ballot in ballots for name in ballot} - set(members)
    if strangers:
        found.append(
            refuse(
                code="appraisal.strangers",
                rule=rule,
                reason=f"测评票上有{len(strangers)}人不在评议名单",
                remedy="请核对评议名单",
            )
        )
    return found


def tally(*, ballots: Iterable[Ballot], members: Iterable[str]) -> Tally:
    """得票 of each member by grade, in the order of the roll and not of the votes.

    A ballot maps members to grades and names no voter; leaving a member out is no vote. The tally does not depend
    on the order of the ballots, so that they may be kept shuffled. Names not in `members` are left out.
    """
    kept = list(ballots)
    return {name: {grade: sum(one.get(name) is grade for one in kept) for grade in Grade} for name in members}
