"""融合 in pages: a decision becomes a rule and witnessing becomes duty by one click; nothing is typed twice."""

from datetime import timedelta

import pytest

from support.party import Window, everyone, text
from support.stages import trade_at
from support.units import a_branch
from yangguang.ledger.models import Record
from yangguang.parties.models import Organisation, Person
from yangguang.reports.counting import compute
from yangguang.reports.dictionary import dictionary
from yangguang.reports.spans import read_span
from yangguang.trading.stages import Stage

pytestmark = pytest.mark.django_db(transaction=True)


def a_meeting(branch):
    return branch.enter(
        "meeting", kind="支部委员会", title="三月支委会", day="2026-03-12", present=branch.marks("书记", "纪检委员"),
        decisions=["通过《请假制度》", "修改《见证服务规范》"],
    )  # fmt: skip


def put(window, meeting, decision, **given):
    page = window.get(f"records/{meeting.pk}/")
    token = page.context["forms"]["rule"].token
    return window.post(f"records/{meeting.pk}/do/rule/", token=token, decision=decision, kind="制度", **given)


def value(branch, metric, period="2026"):
    figure = compute(metric=dictionary()[metric], period=read_span(period), unit=branch.unit, as_of=branch.at.date())
    return figure.value


def test_a_decision_is_put_into_the_rules_library_by_one_click_and_both_pages_lead_to_the_other():
    branch = everyone()
    meeting, window = a_meeting(branch), Window(branch, "干事")
    assert put(window, meeting, 1).status_code == 302
    rule = Record.objects.get(register="rule_document")
    assert (rule.title, rule.day, rule.parent_id, rule.typed) == ("通过《请假制度》", meeting.day, meeting.pk, 0)
    assert f'已转入制度库：<a href="/party/zb/records/{rule.pk}/">制度 2026-1</a>' in text(
        window.get(f"records/{meeting.pk}/")
    )
    assert f'<a href="/party/zb/records/{meeting.pk}/">三月支委会</a>' in text(window.get(f"records/{rule.pk}/"))
    assert [value(branch, one) for one in ("committee_meetings", "rules_passed", "rules_in_force")] == [1, 1, 1]
    twice = put(window, meeting, 1)
    assert (twice.status_code, "这项决定已经转入制度库" in text(twice)) == (409, True)


def test_a_decision_that_changes_a_rule_is_linked_to_it_and_makes_no_second_one():
    branch = everyone()
    old = branch.enter("rule_document", kind="规范", title="见证服务规范", day="2025-05-06")
    meeting, window = a_meeting(branch), Window(branch, "干事")
    assert put(window, meeting, 2, changed=old.pk).status_code == 302
    assert Record.objects.filter(register="rule_document").count() == 1
    assert f'这次会议修订的制度：<a href="/party/zb/records/{old.pk}/">见证服务规范</a>' in text(
        window.get(f"records/{meeting.pk}/")
    )
    assert f'<a href="/party/zb/records/{meeting.pk}/">三月支委会</a>' in text(window.get(f"records/{old.pk}/"))


def test_what_was_not_decided_or_is_no_rule_is_refused_and_members_are_not_asked():
    branch = everyone()
    meeting, window = a_meeting(branch), Window(branch, "干事")
    for given, code in (
        ({"decision": 3}, "rule_document.decision"),
        ({"decision": 2, "changed": meeting.pk}, "rule_document.changed"),
    ):
        page = put(window, meeting, **given)
        assert (page.status_code, f'data-code="{code}"' in text(page)) == (409, True)
    assert Record.objects.filter(register="rule_document").count() == 0
    assert "转入制度库</summary>" not in text(Window(branch, "党员1").get(f"records/{meeting.pk}/"))


def test_what_a_member_witnessed_is_counted_at_their_post_by_one_click():
    scene = trade_at(Stage.REVIEWING)
    branch = a_branch()
    branch.at = scene.at + timedelta(hours=1)
    branch.unit.organisation = Organisation.objects.get(code=scene.actor("tenderer").organisation)
    branch.unit.save()
    branch.people["见证人"] = Person.objects.get(mark=scene.actor("centre").person)
    branch.add("见证人", "full")
    mark = branch.people["见证人"].mark
    post = branch.enter("pioneer", kind="党员先锋岗", title="见证先锋岗", day="2026-03-20", owner=mark)
    scene.do("register_note", "centre", text="评标秩序良好")
    window = Window(branch, "干事")
    page = window.get(f"records/{post.pk}/")
    assert "有 1 次见证还没有计入这个先锋岗" in text(page)
    path = f"records/{post.pk}/do/duties/"
    assert window.post(path, token=page.context["forms"]["duties"].token).status_code == 302
    assert value(branch, "vanguard_duties") == 1
    again = window.get(f"records/{post.pk}/")
    assert "还没有计入" not in text(again)
    refused = window.post(path, token=again.context["forms"]["duties"].token)
    assert (refused.status_code, 'data-code="duties.none"' in text(refused)) == (409, True)
