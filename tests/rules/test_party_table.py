"""The shipped rows of party work: their numbers, and that what they are told as is what they are."""

from datetime import date
from decimal import Decimal

import pytest

from yangguang.rules.law import Level, Line, Mark, Rank, law_on, table
from yangguang.rules.rule_rows import NATIONWIDE

LAW = law_on(date=date(2026, 11, 21))
ROWS = [rule for rule in table() if rule.line is Line.PARTY]


@pytest.mark.parametrize(
    ("rule_id", "amount", "mark"),
    [
        ("cadence.member_meeting", "每季度1次", "V"),
        ("cadence.committee_meeting", "每月1次", "V"),
        ("cadence.group_meeting", "每月1次", "V"),
        ("cadence.party_day", "每月1次", "V"),
        ("cadence.lecture_secretary", "每年1次", "S"),
        ("cadence.lecture", "每季度1次", "L"),
        ("cadence.life_meeting", "每年1次", "V"),
        ("cadence.appraisal", "每年1次", "V"),
        ("cadence.talk", "每年1次", "V"),
        ("cadence.centre_group", "每季度1次", "S"),
        ("cadence.ideology_study", "每年2次", "V"),
        ("cadence.ideology_report", "每半年1次", "V"),
        ("cadence.strict_governance", "每半年1次", "S"),
        ("cadence.weekly_meeting", "每周1次", "L"),
        ("committee.from_members", "7人", "V"),
        ("term.branch", "3年", "V"),
        ("term.village", "5年", "V"),
        ("hours.member", "32学时", "V"),
        ("hours.leader", "56学时", "U"),
        ("dues.arrears", "6个月", "V"),
        ("dues.extra_upwards", "1000元", "V"),
        ("dues.employee.band4_rate", "2%", "V"),
        ("appraisal.excellent", "1/3", "S"),
        ("development.approval_longest", "6个月", "S"),
        ("development.publicity", "5个工作日", "S"),
        ("document.longest", "5000字", "V"),
        ("page.type_width", "156毫米", "V"),
        ("page.body_size", "16磅", "V"),
        ("page.lines", "22行", "V"),
    ],
)
def test_each_number_is_there_with_its_certainty(rule_id, amount, mark):
    rule = LAW.rule(f"party.{rule_id}")
    assert (rule.amount_text, rule.mark) == (amount, Mark(mark))


def test_a_rule_of_one_unit_or_a_custom_never_ranks_as_a_provision():
    assert {rule.rank for rule in ROWS if rule.mark is Mark.LOCAL} == {Rank.LOCAL, Rank.UNIT}
    assert {rule.level for rule in ROWS if rule.rank is Rank.PROVISION} == {Level.PARTY, Level.MINISTRY}


def test_a_local_rule_is_of_its_region_and_every_other_of_the_whole_country():
    assert {rule.region == NATIONWIDE for rule in ROWS if rule.level is Level.LOCAL} == {False}
    assert {rule.region for rule in ROWS if rule.level is not Level.LOCAL} == {NATIONWIDE}


def test_every_local_rule_has_a_default_elsewhere():
    local = {rule.id for rule in ROWS if rule.level is Level.LOCAL}
    assert {LAW.rule(rule_id).rank for rule_id in local} == {Rank.CUSTOM}


def test_page_margins_and_type_area_fit_the_sheet():
    width, height, top, left, type_width, type_height = (
        LAW.value(f"party.page.{name}") for name in ("width", "height", "top", "left", "type_width", "type_height")
    )
    assert (width - left - type_width, height - top - type_height) == (Decimal(26), Decimal(35))
