"""Rooms in pages: what is free, a clash told in the clear, and a meeting recorded from its booking without typing."""

import re

import pytest

from support.party import Window, everyone, hidden, text
from support.units import OPENED, Branch, a_branch
from yangguang.ledger.acts import cancel_record
from yangguang.ledger.acts.people import found_unit
from yangguang.ledger.models import Record

pytestmark = pytest.mark.django_db(transaction=True)

DAY = "2026-03-16"
BOOKING = {"title": "三月支委会", "day": DAY, "begins": "09:00", "ends": "10:30"}
HELD = {"title": "三月支委会", "day": DAY, "begins": f"{DAY}T09:00", "ends": f"{DAY}T10:30"}
NEW = "registers/room_booking/new/"


def a_room(branch):
    return branch.enter("party_place", kind="会议室", title="三楼会议室", day="2025-01-06", place="三楼东侧")


def book(branch, room, *invited, **values):
    return branch.enter("room_booking", parent=room.pk, invited=branch.marks(*invited), **(HELD | values))


def new_meeting(booking, *, register="meeting", kind="支部委员会"):
    return f"registers/{register}/new/?kind={kind}&booking={booking.pk}"


def filled(page):
    """What a form would send as it stands: its inputs, choices and ticks."""
    sent = {one.name: one.value() for one in page.context["form"]}
    return hidden(page) | {name: value for name, value in sent.items() if value not in (None, "", [])}


def done(window, path, **given):
    """The record that both steps of entering made, with what the form held and what was changed in it."""
    check = window.post(path, **(filled(window.get(path)) | given))
    assert check.status_code == 200, text(check)
    answer = window.post(path, **{**hidden(check), "turn": "do"})
    assert answer.status_code == 302, text(answer)
    return check, Record.objects.latest("pk")


def came(record):
    return [(one.person.name, one.is_present, str(one.via)) for one in record.attendances.order_by("pk")]


def test_a_free_place_in_the_calendar_leads_to_a_form_that_knows_room_and_time():
    branch = everyone()
    room = a_room(branch)
    book(branch, room)
    window = Window(branch, "干事")
    page = window.get(f"rooms/?day={DAY}&span=day")
    shown = re.findall(r"<li[^>]*>(.*?)</li>", text(page).split("<tbody>")[1])
    assert [re.sub(r"<.*?>", "", one).strip() for one in shown] == [
        "09:00 前空闲 预约",
        "09:00—10:30 三月支委会",
        "10:30 后空闲 预约",
    ]
    address = re.findall(r'href="/party/zb/(registers/room_booking/new/[^"]*)"', text(page))[-1].replace("&amp;", "&")
    form = window.get(address).context["form"]
    assert [form[name].value() for name in ("parent", "day", "begins")] == [str(room.pk), DAY, "10:30"]


def test_a_week_of_rooms_begins_on_monday_and_shows_what_is_taken():
    branch = everyone()
    room = a_room(branch)
    book(branch, room, title="党课", day="2026-03-20", begins="2026-03-20T14:00", ends="2026-03-20T16:00")
    gone = book(branch, room)
    cancel_record(branch.unit, actor=branch.actor("书记"), at=branch.at, record=gone.pk, reason="不开了")
    context = Window(branch, "党员1").get("rooms/?day=2026-03-18").context
    assert [(one.day.isoformat(), one.is_today) for one in context["days"]][:2] == [(DAY, True), ("2026-03-17", False)]
    [(shown, week)] = context["rooms"]
    taken = {one.day.day.isoformat(): [slot.begins for slot in one.slots if slot.booking] for one in week}
    assert (shown, {day: times for day, times in taken.items() if times}) == (room, {"2026-03-20": ["14:00"]})
    assert Window(branch, "党员1").get("rooms/?day=nonsense").context["first"].isoformat() == DAY


def test_of_another_units_booking_a_calendar_tells_who_holds_the_room_and_not_for_what():
    branch = everyone()
    house = found_unit(code="dz", name="示例市交易中心党组", kind="group", opened_on=OPENED)
    other = found_unit(code="b2", name="示例二支部", kind="branch", opened_on=OPENED)
    for unit, path in ((branch.unit, "/dz/zb/"), (other, "/dz/b2/")):
        unit.path = path
        unit.save()
    keeper = branch.add("党组干事", "worker")
    for unit in (house, other):
        unit.posts.create(person=keeper, post="worker", since=OPENED)
    room = Branch(unit=house, people=branch.people).enter(
        "party_place", by="党组干事", kind="会议室", title="大会议室", day="2025-01-06"
    )
    Branch(unit=other, people=branch.people).enter("room_booking", by="党组干事", parent=room.pk, **HELD)
    page = text(Window(branch, "党员1").get("rooms/"))
    assert ("09:00—10:30 示例二支部" in page, HELD["title"] in page, "其余空闲" in page) == (True, False, True)


def test_a_clash_is_told_before_anything_is_confirmed():
    branch = everyone()
    room = a_room(branch)
    book(branch, room)
    given = {**BOOKING, "title": "党课", "begins": "10:00", "ends": "11:00"}
    page = Window(branch, "干事").post(NEW, parent=room.pk, **given)
    assert page.status_code == 422
    assert "“三楼会议室”3月16日 09:00—10:30已由书记预约：“三月支委会”（会议室预约 2026-1）" in text(page)
    assert Record.objects.filter(register="room_booking").count() == 1


def test_a_meeting_is_recorded_from_its_booking_and_only_the_absent_are_ticked():
    branch = everyone()
    booking = book(branch, a_room(branch), "书记", "纪检委员")
    window = Window(branch, "干事")
    absent = branch.marks("纪检委员")
    path = new_meeting(booking)
    check, meeting = done(window, path, absent=absent, **{f"reason_{absent[0]}": "出差"})
    assert "应到 2 人，实到 1 人；缺席：纪检委员（出差）" in text(check)
    assert (meeting.title, meeting.place, f"{meeting.begins:%H:%M} {meeting.ends:%H:%M}") == (
        "三月支委会",
        "三楼会议室",
        "01:00 02:30",
    )
    assert came(meeting) == [("书记", True, "booking"), ("纪检委员", False, "booking")]
    assert f'<a href="/party/zb/records/{booking.pk}/">三月支委会</a>（会议室预约 2026-1）' in text(
        window.get(f"records/{meeting.pk}/")
    )
    assert f'已登记为 <a href="/party/zb/records/{meeting.pk}/">' in text(window.get(f"records/{booking.pk}/"))
    assert f'href="/party/zb/records/{meeting.pk}/" aria-label="会议：三月支委会"' in text(
        window.get("registers/room_booking/")
    )


def test_nothing_of_the_booking_is_typed_again():
    branch = everyone()
    booking = book(branch, a_room(branch), "书记", "纪检委员")
    page = Window(branch, "干事").get(new_meeting(booking))
    given = {name: page.context["form"][name].value() for name in ("title", "day", "begins", "ends", "place")}
    assert given == {**BOOKING, "place": "三楼会议室"}
    _, meeting = done(Window(branch, "干事"), new_meeting(booking), chair="", recorder="")
    assert meeting.typed == 0


def test_who_was_not_invited_is_ticked_as_absent_until_somebody_says_otherwise_and_guests_sit_in():
    branch = everyone()
    booking = book(branch, a_room(branch), "书记", "党员1", "党员2")
    check, meeting = done(Window(branch, "干事"), new_meeting(booking), absent=branch.marks("纪检委员", "党员2"))
    assert "应到 2 人，实到 1 人；缺席：纪检委员；列席：党员1" in text(check)
    assert came(meeting) == [("书记", True, "booking"), ("纪检委员", False, "roll"), ("党员1", True, "booking")]
    lines = Window(branch, "干事").get(f"records/{meeting.pk}/roll/").context["rolls"]
    assert [(one["name"], one["ticked"]) for one in lines] == [
        ("书记", False),
        ("纪检委员", True),
        ("党员1（列席）", False),
        ("党员2（列席）", True),
    ]


def test_a_roll_that_waits_starts_from_the_invitation_and_counts_nobody_before():
    branch = everyone()
    booking = book(branch, a_room(branch), "书记")
    window = Window(branch, "干事")
    _, meeting = done(window, new_meeting(booking), unknown_roll="on")
    assert came(meeting) == []
    path = f"records/{meeting.pk}/roll/"
    lines = window.get(path).context["rolls"]
    assert [(one["name"], one["ticked"]) for one in lines] == [("书记", False), ("纪检委员", True)]
    window.post(path, absent=branch.marks("纪检委员"))
    assert came(meeting) == [("书记", True, "booking"), ("纪检委员", False, "roll")]


def test_those_invited_to_a_register_without_a_roll_are_ticked_and_stay_due():
    branch = a_branch()
    branch.add("科员一", "staff")
    branch.add("科员二", "staff")
    booking = book(branch, a_room(branch), "科员一", "科员二", title="业务培训")
    path = new_meeting(booking, register="debrief", kind="书记述职")
    form = Window(branch, "干事").get(path).context["form"]
    assert sorted(form["chosen"].value()) == sorted(branch.marks("科员一", "科员二"))
    _, training = done(Window(branch, "干事"), path, chosen=branch.marks("科员一"), owner=branch.marks("书记")[0])
    assert came(training) == [("科员一", True, "booking"), ("科员二", False, "booking")]


def test_where_nobody_was_ticked_those_invited_wait_for_their_roll():
    branch = a_branch()
    branch.add("科员一", "staff")
    booking = book(branch, a_room(branch), "科员一", title="双向述职会")
    window = Window(branch, "干事")
    path = new_meeting(booking, register="debrief", kind="双向述职")
    _, record = done(window, path, chosen=[], owner=branch.marks("书记")[0])
    lines = window.get(f"records/{record.pk}/roll/").context["rolls"]
    assert ([(one["name"], one["ticked"]) for one in lines], came(record)) == ([("科员一", False)], [])


def test_a_booking_offers_the_registers_of_meetings_when_its_day_has_come():
    branch = everyone()
    room = a_room(branch)
    today = book(branch, room)
    later = book(branch, room, day="2026-03-18", begins="2026-03-18T09:00", ends="2026-03-18T10:00")
    window = Window(branch, "干事")
    page = text(window.get(f"records/{today.pk}/"))
    offered = re.findall(rf'href="/party/zb/registers/(\w+)/new/\?booking={today.pk}"', page)
    assert (offered[0], "talk" in offered, "problem" in offered) == ("meeting", True, False)
    assert "开会当天起可以从这里登记会议" in text(window.get(f"records/{later.pk}/"))
    assert "new/?booking=" not in text(Window(branch, "党员1").get(f"records/{today.pk}/"))
    listed = text(window.get("registers/room_booking/"))
    assert re.findall(r'href="/party/zb/records/(\d+)/#meeting">登记这次会议', listed) == [str(today.pk)]
    kinds = window.get(f"registers/meeting/new/?booking={today.pk}")
    assert f"&amp;booking={today.pk}" in text(kinds)


def test_a_booking_that_cannot_be_recorded_says_why_and_what_is_none_is_not_found():
    branch = everyone()
    room = a_room(branch)
    later = book(branch, room, day="2026-03-18", begins="2026-03-18T09:00", ends="2026-03-18T10:00")
    window = Window(branch, "干事")
    page = window.get(new_meeting(later))
    assert (page.status_code, "还没有到预约的日期（2026-03-18）" in text(page)) == (409, True)
    for number in (room.pk, 999999, "x"):
        assert window.get(f"registers/meeting/new/?kind=党课&booking={number}").status_code == 404


def test_a_second_click_records_one_meeting():
    branch = everyone()
    booking = book(branch, a_room(branch), "书记", "纪检委员")
    window, path = Window(branch, "干事"), new_meeting(booking)
    check = window.post(path, **filled(window.get(path)))
    kept = {**hidden(check), "turn": "do"}
    assert window.post(path, **kept)["Location"] == window.post(path, **kept)["Location"]
    assert Record.objects.filter(register="meeting").count() == 1
    again = window.post(path, **{**kept, "token": "another"})
    assert (again.status_code, "这次预约已经登记为" in text(again)) == (409, True)
