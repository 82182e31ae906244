from datetime import UTC, date, datetime

import pytest

from yangguang.rules.law import law_on
from yangguang.rules.party.matters import MATTER_LABELS, Matter, matter_due, urgent_due
from yangguang.rules.party.risks import (
    RISK_LABELS,
    RiskGrade,
    grade_rule,
    must_regrade,
    proposed_grade,
)

TODAY = date(2026, 3, 2)
LAW = law_on(date=TODAY)


def corrected(rule_id, value):
    return law_on(date=TODAY, corrections=[LAW.rule(rule_id).to_row() | {"value": value}])


@pytest.mark.parametrize(
    ("matter", "on", "longest"),
    [
        (Matter.ORDINARY, date(2026, 3, 8), date(2026, 3, 8)),
        (Matter.COMPLEX, date(2026, 4, 1), date(2026, 4, 1)),
        (Matter.YEAR_END, date(2026, 12, 31), date(2026, 12, 31)),
        (Matter.PROPOSAL, date(2026, 6, 2), date(2026, 9, 2)),
        (Matter.PLENARY_PROPOSAL, date(2026, 6, 2), date(2026, 9, 2)),
        (Matter.PROPOSAL_AGAIN, date(2026, 6, 2), date(2026, 6, 2)),
        (Matter.VISIT, date(2026, 3, 23), date(2026, 3, 23)),
    ],
)
def test_each_matter_has_its_clock(matter, on, longest):
    due = matter_due(law=LAW, matter=matter, assigned_on=TODAY)
    assert (due.on, due.longest) == (on, longest)


def test_a_supervised_matter_counts_the_day_of_its_assignment_unless_corrected():
    law = corrected("party.matter.from_same_day", "0")
    assert matter_due(law=law, matter=Matter.ORDINARY, assigned_on=TODAY).on == date(2026, 3, 9)


def test_the_rule_of_the_own_province_is_told_as_local_and_elsewhere_as_custom():
    told = [
        matter_due(law=law_on(date=TODAY, region=region), matter=Matter.ORDINARY, assigned_on=TODAY).rule
        for region in ("630100", "990100")
    ]
    assert [(rule.rank, rule.is_default) for rule in told] == [("地方", False), ("惯例", True)]
    sichuan = law_on(date=TODAY, region="510100")
    assert matter_due(law=sichuan, matter=Matter.PLENARY_PROPOSAL, assigned_on=TODAY).on == date(2026, 8, 2)


def test_urgent_information_is_due_by_the_minute():
    due = urgent_due(law=LAW, happened_at=datetime(2026, 3, 2, 1, 50, tzinfo=UTC))
    assert (due.telephone, due.written) == (
        datetime(2026, 3, 2, 2, 20, tzinfo=UTC),
        datetime(2026, 3, 2, 2, 50, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("resources", "major", "management", "grade"),
    [
        (True, False, False, RiskGrade.HIGH),
        (False, True, True, RiskGrade.HIGH),
        (False, False, True, RiskGrade.MIDDLE),
        (False, False, False, RiskGrade.LOW),
    ],
)
def test_a_grade_is_proposed_from_what_the_post_touches(resources, major, management, grade):
    found = proposed_grade(touches_resources=resources, is_major_decision=major, is_management=management)
    assert found == grade
    assert grade_rule(law=LAW, grade=found).citation == "本单位规定：廉政风险等级（默认值，可更正）"


@pytest.mark.parametrize(("duty", "process", "must"), [(True, False, True), (False, True, True), (False, False, False)])
def test_a_change_of_duty_or_process_asks_for_a_new_grade(duty, process, must):
    assert must_regrade(law=LAW, duty_changed=duty, process_changed=process) == must


def test_the_centre_may_switch_regrading_off():
    assert must_regrade(law=corrected("party.risk.regrade", "0"), duty_changed=True, process_changed=True) is False


def test_every_matter_and_grade_has_a_name():
    assert (set(MATTER_LABELS), set(RISK_LABELS)) == (set(Matter), set(RiskGrade))
