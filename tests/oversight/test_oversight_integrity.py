"""Letters signed in one click, talks before holidays, campaigns, leave, sealed cases."""

from datetime import UTC, date, datetime

import pytest

from support.units import a_branch
from yangguang.branch.letters import share_signed, text_of, to_sign
from yangguang.ledger.acts import open_unit, sign_record
from yangguang.ledger.acts.sealed import look_at_sealed
from yangguang.ledger.models import Post, Record, State, Unit
from yangguang.oversight.campaigns import campaign_state
from yangguang.oversight.reminders import Standing, holiday_dues
from yangguang.rules.refusal import Refused

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_letter_is_signed_in_one_click_each_and_is_done_when_all_have():
    branch = a_branch()
    text = branch.enter("letter_template", kind="责任书", title="责任书范本", day="2026-01-05", text="落实一岗双责。")
    names = ("书记", "纪检委员", "党员1")
    letter = branch.enter(
        "duty_letter", kind="一岗双责责任书", title="2026年责任书", day="2026-03-16", parent=text.pk,
        named=branch.marks(*names),
    )  # fmt: skip
    assert (text_of(letter), to_sign(branch.people["党员1"].mark, at=branch.at.date())) == ("落实一岗双责。", [letter])
    for name in names[:2]:
        sign_record(branch.unit, actor=branch.actor(name), at=branch.at, record=letter.pk)
    share = share_signed([letter])
    assert (share.should, share.signed, share.waiting, share.is_complete) == (3, 2, ("党员1",), False)
    sign_record(branch.unit, actor=branch.actor("党员1"), at=branch.at, record=letter.pk)
    letter.refresh_from_db()
    assert (letter.state, share_signed([letter]).is_complete) == (State.DONE, True)


def test_everybody_on_the_roll_is_asked_for_a_pledge_and_nobody_else_can_sign():
    branch = a_branch()
    pledge = branch.enter("pledge", kind="抵制违规吃喝承诺书", title="2026年承诺书", day="2026-03-16")
    assert share_signed([pledge]).should == 7
    branch.people["路人"] = branch.people["书记"].__class__.objects.create(name="路人")
    with pytest.raises(Refused) as refused:
        sign_record(branch.unit, actor=branch.actor("路人"), at=branch.at, record=pledge.pk)
    assert refused.value.codes == ("access.denied",)


def test_a_letter_of_responsibility_says_with_whom():
    branch = a_branch()
    with pytest.raises(Refused) as refused:
        branch.enter("duty_letter", kind="一岗双责责任书", title="责任书", day="2026-03-16")
    assert refused.value.codes == ("letter.signers",)


def test_a_talk_before_a_holiday_names_it_by_itself_and_fills_its_reminder():
    branch = a_branch()
    branch.at = datetime(2026, 4, 2, 2, tzinfo=UTC)
    talk = branch.enter(
        "holiday_talk",
        kind="节前廉政谈话",
        title="清明节前谈话",
        day="2026-04-02",
        present=branch.marks("书记", "党员1"),
    )
    assert (talk.fields["holiday"], talk.attendances.filter(is_present=True).count()) == ("清明节", 2)
    found = {(one.holiday.name, one.reminder.value): one for one in holiday_dues(branch.unit, year=2026, at=branch.at)}
    assert found["清明节", "holiday_talk"].record == talk
    assert {name: one.standing for name, one in found.items() if name[0] in {"春节", "清明节", "劳动节"}} == {
        ("春节", "holiday_talk"): Standing.MISSED,
        ("春节", "holiday_message"): Standing.MISSED,
        ("清明节", "holiday_talk"): Standing.DONE,
        ("清明节", "holiday_message"): Standing.DUE,
        ("劳动节", "holiday_talk"): Standing.AHEAD,
        ("劳动节", "holiday_message"): Standing.AHEAD,
    }


def test_what_the_unit_above_said_before_a_holiday_is_said_to_those_below():
    branch = a_branch()
    branch.at = datetime(2026, 4, 2, 2, tzinfo=UTC)
    talk = branch.enter("holiday_talk", kind="节前廉政谈话", day="2026-04-02", present=branch.marks("书记"))
    below = sections(branch, "jy")[0]
    found = [one for one in holiday_dues(below, year=2026, at=branch.at) if one.holiday.name == "清明节"]
    assert [(one.record, one.standing) for one in found] == [(talk, Standing.DONE), (None, Standing.DUE)]


def test_new_year_is_reminded_of_in_december_and_what_is_not_announced_says_so():
    branch = a_branch()
    branch.at = datetime(2026, 12, 29, 2, tzinfo=UTC)
    message = branch.enter("holiday_message", title="元旦提醒", day="2026-12-29", text="廉洁过节。", present=[])
    assert message.fields["holiday"] == "元旦"
    found = [one for one in holiday_dues(branch.unit, year=2026, at=branch.at) if one.holiday.name == "元旦"]
    assert [(one.holiday.first, one.record, one.standing) for one in found] == [
        (date(2027, 1, 1), None, Standing.DUE),
        (date(2027, 1, 1), message, Standing.DONE),
    ]
    later = holiday_dues(branch.unit, year=2027, at=branch.at)
    assert {one.standing for one in later if one.holiday.name == "春节"} == {Standing.UNKNOWN}


def sections(branch, *codes):
    for code in codes:
        open_unit(
            branch.unit, actor=branch.actor("书记"), at=branch.at, code=code, name=f"{code}科", kind="section",
            opened_on=date(2020, 1, 1),
        )  # fmt: skip
    return list(Unit.objects.filter(code__in=codes).order_by("pk"))


def test_nothing_is_said_to_be_found_before_every_section_handed_in_its_sheet():
    branch = a_branch()
    one, other = sections(branch, "jy", "jz")
    for unit in (one, other):
        Post.objects.create(unit=unit, person=branch.people["党员1"], post="leader", since=date(2020, 1, 1))
    campaign = branch.enter("campaign", kind="庸懒散拖", title="作风整治", day="2026-03-16")
    sheet = {"title": "自查表", "day": "2026-03-16", "parent": campaign.pk}
    boss = branch.unit
    assert campaign_state(campaign).finding == "【待补：jy科、jz科自查表】"
    branch.unit = one
    branch.enter("self_check", by="党员1", kind="未发现问题", **sheet)
    for code, more in (("self_check.count", {"kind": "发现问题"}), ("self_check.twice", {"kind": "未发现问题"})):
        with pytest.raises(Refused) as refused:
            branch.enter("self_check", by="党员1", **sheet, **more)
        assert code in refused.value.codes
    assert campaign_state(campaign).finding == "【待补：jz科自查表】"
    branch.unit = other
    branch.enter("self_check", by="党员1", kind="发现问题", quantity="2", **sheet)
    assert (campaign_state(campaign).finding, boss.code) == ("发现问题2个", "zb")


def test_an_absence_says_who_is_away_and_until_when():
    branch = a_branch()
    with pytest.raises(Refused) as refused:
        branch.enter("leave", kind="请假", title="探亲", day="2026-03-16", approver=branch.people["书记"].mark)
    assert refused.value.codes == ("leave.owner", "leave.begins", "leave.ends")


def test_a_case_is_sealed_to_the_inspector_and_called_by_its_form_alone():
    branch = a_branch()
    case = branch.enter(
        "discipline_case", by="纪检委员", kind="第一种形态", title="张三谈话", day="2026-03-16", facts="提醒谈话一次",
        concerns=branch.people["党员1"].mark,
    )  # fmt: skip
    assert (case.title, case.fields) == ("第一种形态", {})
    seen = look_at_sealed(branch.unit, actor=branch.actor("纪检委员"), at=branch.at, record=case.pk)
    assert seen["facts"] == "提醒谈话一次"
    with pytest.raises(Refused):
        look_at_sealed(branch.unit, actor=branch.actor("书记"), at=branch.at, record=case.pk)
    with pytest.raises(Refused):
        branch.enter("discipline_case", by="书记", kind="第一种形态", title="x", day="2026-03-16")
    assert Record.objects.filter(register="discipline_case").count() == 1
