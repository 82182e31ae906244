"""Grades of integrity risk (廉政风险等级): what a grade is proposed from, and when it is looked at again."""

from enum import StrEnum

from yangguang.rules.law import Law, Rule


class RiskGrade(StrEnum):
    """高、中、低; a person declares it and the leading group decides."""

    HIGH = "high"
    MIDDLE = "middle"
    LOW = "low"


RISK_LABELS = {RiskGrade.HIGH: "高", RiskGrade.MIDDLE: "中", RiskGrade.LOW: "低"}


def proposed_grade(*, touches_resources: bool, is_major_decision: bool, is_management: bool) -> RiskGrade:
    """人财物 and 三重一大 are high, general management is middle, the rest low (本单位规定); only a proposal."""
    if touches_resources or is_major_decision:
        return RiskGrade.HIGH
    return RiskGrade.MIDDLE if is_management else RiskGrade.LOW


def grade_rule(*, law: Law, grade: RiskGrade) -> Rule:
    """The rule on which a grade rests, to be shown with it."""
    return law.rule(f"party.risk.{grade}")


def must_regrade(*, law: Law, duty_changed: bool, process_changed: bool) -> bool:
    """Whether a risk is graded again at once: its duty or process changed (职责或者流程变动即复评)."""
    return bool(law.value("party.risk.regrade")) and (duty_changed or process_changed)
