"""What the registers of a branch refuse, each with its code: one table of values, one of acts."""

from datetime import date

import pytest

from support.units import a_branch
from yangguang.exchange.registers import sheet_of
from yangguang.ledger.acts import attach_file, close_record, correct_record, link_records, take_roll
from yangguang.ledger.catalogue import register_named
from yangguang.ledger.models import Record, Unit
from yangguang.rules.refusal import Refused
from yangguang.witness import evidence

pytestmark = pytest.mark.django_db(transaction=True)

DAY = "2026-03-12"
MEETING = {"kind": "支部委员会", "title": "三月支委会", "day": DAY}
MATTER = {"kind": "一般督办事项", "title": "一件督办", "day": DAY}
REFUSED = [
    ("community_report.owner", "community_report", {"kind": "党员报到", "community": "示例社区", "title": "报到"}),
    ("dues.owner", "dues_base", {"kind": "学生", "title": "基数"}),
    ("dues.reduced", "dues_relief", {"kind": "少交", "title": "少交", "approved_on": "2026-03-13"}),
    ("dues.spent", "dues_spending", {"kind": "表彰先进", "title": "表彰"}),
    ("register.unknown", "no_such_register", {"title": "一"}),
    ("service_count.quantity", "service_count", {"title": "计数", "first": "2026-01-01"}),
    ("task.parent", "civil_task", {"kind": "小项", "title": "小项"}),
]


def codes(function, **inputs):
    with pytest.raises(Refused) as refused:
        function(**inputs)
    return refused.value.codes


@pytest.mark.parametrize(("code", "register", "values"), REFUSED, ids=[code for code, _, _ in REFUSED])
def test_a_register_refuses(code, register, values):
    branch = a_branch()
    assert code in codes(branch.enter, register=register, day=DAY, **values)
    assert Record.objects.count() == 0


def test_nobody_reports_twice_to_one_community():
    branch = a_branch()
    said = {"kind": "党员报到", "day": DAY, "community": "示例社区", "owner": branch.people["党员1"].mark}
    branch.enter("community_report", **said)
    assert codes(branch.enter, register="community_report", **said) == ("community_report.twice",)


def test_a_rule_comes_from_its_meeting_once_and_on_its_day():
    branch = a_branch()
    meeting = branch.enter("meeting", **MEETING)
    said = {"kind": "制度", "title": "学习制度", "parent": meeting.pk}
    assert codes(branch.enter, register="rule_document", **said, day="2026-03-13") == ("rule_document.day",)
    branch.enter("rule_document", **said, day=DAY)
    assert codes(branch.enter, register="rule_document", **said, day=DAY) == ("rule_document.twice",)


def test_a_register_is_kept_by_the_units_that_it_names():
    branch = a_branch()
    branch.unit.kind = Unit.Kind.COMMITTEE
    branch.unit.save()
    assert codes(branch.enter, register="self_check", title="一", day=DAY) == ("register.unit",)


def test_the_acts_on_a_record_refuse_what_is_wrong():
    branch = a_branch()
    meeting, other = branch.enter("meeting", **MEETING), branch.enter("meeting", **MEETING)
    inputs = {"actor": branch.actor("书记"), "at": branch.at, "record": meeting.pk}

    def refused(act, **more):
        return codes(lambda **given: act(branch.unit, **given), **inputs, **more)

    file = evidence.keep(b"minutes", media_type="text/plain")
    assert refused(attach_file, name=" ", file=file) == ("attachment.name",)
    assert refused(take_roll, present=["nobody"]) == ("roll.person",)
    assert refused(take_roll, present=[], via="pigeon") == ("roll.via",)
    assert refused(correct_record, values=MEETING, reason=" ") == ("record.reason",)
    assert refused(correct_record, values={**MEETING, "day": "2025-12-30"}, reason="日期写错") == ("record.year",)
    link_records(branch.unit, **inputs, kind="evidence", target=other.pk)
    assert refused(link_records, kind="evidence", target=other.pk) == ("link.twice",)


def test_a_matter_is_closed_on_a_day_that_can_be_and_with_a_result():
    branch = a_branch()
    matter = branch.enter("matter", **MATTER)
    inputs = {"actor": branch.actor("书记"), "at": branch.at, "record": matter.pk}
    for on, result, code in ((date(2026, 3, 1), "办结", "record.closed_on"), (date(2026, 3, 13), " ", "record.result")):
        assert codes(lambda **given: close_record(branch.unit, **given), **inputs, on=on, result=result) == (code,)


def test_no_sheet_brings_what_must_be_sealed():
    register = register_named("disposition")
    assert register is not None
    assert codes(sheet_of, register=register) == ("exchange.sealed",)
