"""会议室预约: a room has one booking at a time, and a meeting takes from its booking what nobody types again."""

import threading
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection

from support.races import at_once
from support.units import OPENED, a_branch
from yangguang.branch import bookings
from yangguang.branch.bookings import rooms_for
from yangguang.branch.hours import hours_by_person
from yangguang.ledger.acts import cancel_record, correct_record, enter_record, import_records, take_roll
from yangguang.ledger.acts.people import found_unit
from yangguang.ledger.booked import booking_of, meeting_of
from yangguang.ledger.models import Attendance, Post, Record, State, Unit
from yangguang.ledger.people import with_posts
from yangguang.reports.counting import compute
from yangguang.reports.dictionary import dictionary
from yangguang.reports.spans import read_span
from yangguang.rules.refusal import Refused
from yangguang.witness import evidence
from yangguang.witness.actor import Actor

pytestmark = pytest.mark.django_db(transaction=True)

DAY = "2026-03-16"
NINE, HALF_PAST_TEN, NOON = f"{DAY}T09:00", f"{DAY}T10:30", f"{DAY}T12:00"
YEAR = {"first": date(2026, 1, 1), "last": date(2026, 12, 31)}


def a_room(branch, name="三楼会议室"):
    return branch.enter("party_place", kind="会议室", title=name, day="2025-01-06", place="三楼")


def book(branch, room, *, by="干事", **values):
    given = {"title": "三月支委会", "day": DAY, "begins": NINE, "ends": HALF_PAST_TEN}
    return branch.enter("room_booking", by=by, parent=room.pk, **(given | values))


def record(branch, booking, register="meeting", **values):
    inputs = {"actor": branch.actor("干事"), "at": branch.at, "register": register, "booking": booking.pk}
    return enter_record(branch.unit, values={"kind": "支部委员会", **values}, **inputs)


def codes(call, *args, **inputs):
    """The codes of the refusal, which changed nothing."""
    before = list(Record.objects.order_by("pk").values())
    with pytest.raises(Refused) as refused:
        call(*args, **inputs)
    assert list(Record.objects.order_by("pk").values()) == before
    return refused.value.codes


def roll_of(event):
    rows = event.attendances.order_by("pk").select_related("person")
    return [(one.person.name, one.is_due, one.is_present, str(one.via)) for one in rows]


def test_a_room_is_taken_once_at_a_time_and_the_refusal_says_by_which_booking_and_whom():
    branch = a_branch()
    room, other = a_room(branch), a_room(branch, "二楼会议室")
    first = book(branch, room)
    assert (first.place, first.state, first.typed) == ("三楼会议室", State.DONE, 5)
    with pytest.raises(Refused) as refused:
        book(branch, room, title="党课", begins=f"{DAY}T10:00", ends=NOON)
    assert [(one.code, one.reason, one.remedy) for one in refused.value.refusals] == [
        (
            "booking.clash",
            "“三楼会议室”3月16日 09:00—10:30已由干事预约：“三月支委会”（会议室预约 2026-1）",
            "请换一个时间或者场所；确需使用的请与预约人商量，由其取消后再预约。",
        )
    ]
    book(branch, room, title="党课", begins=HALF_PAST_TEN, ends=NOON)
    book(branch, other, title="读书会")


def test_a_cancelled_booking_frees_its_room():
    branch = a_branch()
    room = a_room(branch)
    first = book(branch, room)
    cancel_record(branch.unit, actor=branch.actor("干事"), at=branch.at, record=first.pk, reason="改到下周")
    assert book(branch, room, title="党课").number == 2


def test_a_booking_is_moved_within_its_own_time_and_never_into_another():
    branch = a_branch()
    room = a_room(branch)
    first = book(branch, room)
    book(branch, room, title="党课", begins=HALF_PAST_TEN, ends=NOON)
    inputs = {"actor": branch.actor("干事"), "at": branch.at, "record": first.pk, "reason": "推迟半小时"}
    values = {"title": "三月支委会", "day": DAY, "parent": room.pk, "begins": f"{DAY}T09:30", "ends": HALF_PAST_TEN}
    assert correct_record(branch.unit, values=values, **inputs).ends == first.ends
    assert codes(correct_record, branch.unit, values=values | {"ends": NOON}, **inputs) == ("booking.clash",)


def test_a_booking_says_which_room_and_when_and_lies_ahead():
    branch = a_branch()
    room = a_room(branch)
    lacking = {"parent": None, "begins": None, "ends": None}
    assert codes(branch.enter, "room_booking", title="支委会", day=DAY, **lacking) == (
        "record.parent",
        "record.begins",
        "record.ends",
    )
    assert codes(book, branch, room, ends=NINE) == ("record.ends",)
    yesterday = {"day": "2026-03-15", "begins": "2026-03-15T09:00", "ends": "2026-03-15T10:00"}
    assert codes(book, branch, room, **yesterday) == ("booking.past",)


def test_two_bookings_of_one_file_meet_each_other_too():
    branch = a_branch()
    room = a_room(branch)
    row = {"title": "支委会", "day": DAY, "parent": room.pk, "begins": NINE, "ends": NOON}
    inputs = {"actor": branch.actor("干事"), "at": branch.at, "register": "room_booking"}
    file = evidence.keep(b"rows", media_type="text/csv")
    rows = [row, {**row, "title": "党课", "begins": HALF_PAST_TEN}]
    assert codes(import_records, branch.unit, rows=rows, file=file, **inputs) == ("booking.clash",)
    later = {**row, "title": "党课", "begins": NOON, "ends": f"{DAY}T14:00"}
    assert import_records(branch.unit, rows=[row, later], file=file, **inputs).new == 2


def a_house():
    """A committee with a room, two branches below it, and somebody who books for all three; gives both ways to book."""
    branch = a_branch()
    person = branch.people["干事"]
    house = found_unit(code="dz", name="示例市交易中心党组", kind="group", opened_on=OPENED)
    units = [
        Unit.objects.create(
            stream=f"unit:{one}", stage="keeping", code=one, name=f"示例{one}支部", kind="branch",
            path=f"/dz/{one}/", opened_on=OPENED,
        )
        for one in ("b1", "b2")
    ]  # fmt: skip
    for unit in (house, *units):
        Post.objects.create(unit=unit, person=person, post="worker", since=OPENED)
    actor = with_posts(Actor(person=person.mark), person=person, at=branch.at)
    room = enter_record(house, actor=actor, at=branch.at, register="party_place", values={
        "kind": "会议室", "title": "大会议室", "day": "2025-01-06",
    })  # fmt: skip
    values = {"title": "支部委员会", "day": DAY, "parent": room.pk, "begins": NINE, "ends": HALF_PAST_TEN}
    inputs = {"actor": actor, "at": branch.at, "register": "room_booking", "values": values}
    return units, [lambda unit=one: enter_record(unit, **inputs) for one in units]


def test_two_units_share_a_room_of_the_unit_above_and_are_not_told_what_the_other_one_does():
    units, (book_one, book_two) = a_house()
    assert [one.title for one in rooms_for(units[0], on=date.fromisoformat(DAY))] == ["大会议室"]
    book_one()
    with pytest.raises(Refused) as refused:
        book_two()
    assert [one.reason for one in refused.value.refusals] == [
        "“大会议室”3月16日 09:00—10:30已由干事预约：示例b1支部（会议室预约 2026-1）"
    ]


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite's write lock is taken with the transaction itself")
def test_without_the_lock_two_units_would_book_one_room_at_the_same_moment(monkeypatch):
    _, calls = a_house()
    both_have_read, read = threading.Barrier(2, timeout=5), bookings.clashes

    def read_and_wait(room, **asked):
        found = read(room, **asked)
        both_have_read.wait()
        return found

    monkeypatch.setattr(bookings, "_hold", lambda number: Record.objects.get(pk=number))
    monkeypatch.setattr(bookings, "clashes", read_and_wait)
    at_once(*calls)
    assert Record.objects.filter(register="room_booking").count() == 2


def test_of_two_units_that_book_one_room_at_the_same_moment_one_is_refused():
    _, calls = a_house()
    outcomes = at_once(*calls)
    assert sorted(type(one).__name__ for one in outcomes) == ["Record", "Refused"]
    assert [one.codes for one in outcomes if isinstance(one, Refused)] == [("booking.clash",)]
    assert Record.objects.filter(register="room_booking").count() == 1


def test_a_meeting_takes_day_times_place_and_title_from_its_booking():
    branch = a_branch()
    booking = book(branch, a_room(branch), invited=branch.marks("书记", "纪检委员"))
    absent = {branch.marks("纪检委员")[0]: "出差"}
    meeting = record(branch, booking, present=branch.marks("书记"), absent=absent)
    assert (meeting.title, meeting.day, meeting.place) == ("三月支委会", booking.day, "三楼会议室")
    assert (meeting.begins, meeting.ends, str(meeting.quantity)) == (booking.begins, booking.ends, "1.5")
    assert roll_of(meeting) == [("书记", True, True, "booking"), ("纪检委员", True, False, "booking")]
    assert (booking_of(meeting), meeting_of(booking)) == (booking, meeting)
    assert meeting.typed == 0


def test_what_differs_from_the_booking_is_typed_and_stands():
    branch = a_branch()
    booking = book(branch, a_room(branch))
    meeting = record(branch, booking, ends=f"{DAY}T11:00", place="小会议室", agenda=["研究工作"])
    assert (meeting.place, str(meeting.quantity), meeting.typed) == ("小会议室", "2.0", 3)


def test_being_invited_is_not_having_come():
    branch = a_branch()
    everybody = branch.marks("书记", "纪检委员", "党员1", "党员2", "党员3", "党员4")
    booking = book(branch, a_room(branch), title="书记讲党课", invited=everybody)
    lecture = record(branch, booking, kind="党课")
    assert (Attendance.objects.count(), hours_by_person(branch.unit, **YEAR)) == (0, {})
    take_roll(branch.unit, actor=branch.actor("干事"), at=branch.at, record=lecture.pk, present=everybody[:2])
    hours = hours_by_person(branch.unit, **YEAR)
    assert {pk: one.total for pk, one in hours.items()} == {
        branch.people["书记"].pk: Decimal("1.5"),
        branch.people["纪检委员"].pk: Decimal("1.5"),
    }
    assert {via for *_, via in roll_of(lecture)} == {"booking"}


def test_an_invitation_makes_no_quorum():
    branch = a_branch()
    booking = book(
        branch, a_room(branch), title="三月党员大会", invited=branch.marks("书记", "党员1", "党员2", "党员3")
    )
    decided = {"kind": "支部党员大会", "votes_for": "4"}
    assert codes(record, branch, booking, **decided) == ("meeting.no_roll",)
    few = {**decided, "present": branch.marks("书记", "党员1")}
    assert codes(record, branch, booking, **few) == ("meeting.no_quorum",)
    enough = {**decided, "present": branch.marks("书记", "党员1", "党员2", "纪检委员")}
    meeting = record(branch, booking, **enough)
    assert (meeting.fields["carried"], len([one for one in roll_of(meeting) if one[3] == "booking"])) == (True, 4)


def test_where_no_roll_says_who_is_due_those_invited_are_whether_they_came_or_not():
    branch = a_branch()
    invited = branch.marks("党员1", "党员2")
    booking = book(branch, a_room(branch), title="集体谈话", invited=invited)
    talk = record(branch, booking, "debrief", kind="书记述职", present=branch.marks("党员1", "党员3"))
    assert roll_of(talk) == [
        ("党员1", True, True, "booking"),
        ("党员2", True, False, "booking"),
        ("党员3", True, True, "roll"),
    ]


def test_a_roll_taken_again_keeps_who_was_invited():
    branch = a_branch()
    booking = book(branch, a_room(branch), invited=branch.marks("书记"))
    meeting = record(branch, booking, present=branch.marks("书记", "纪检委员"))
    inputs = {"actor": branch.actor("干事"), "at": branch.at, "record": meeting.pk}
    take_roll(branch.unit, present=branch.marks("纪检委员"), **inputs)
    assert roll_of(meeting) == [("书记", True, False, "booking"), ("纪检委员", True, True, "roll")]
    assert codes(take_roll, branch.unit, present=[], via="booking", **inputs) == ("roll.via",)


def test_a_booking_is_recorded_once_on_its_day_and_as_an_event_with_a_roll():
    branch = a_branch()
    room = a_room(branch)
    booking = book(branch, room)
    tomorrow = {"day": "2026-03-17", "begins": "2026-03-17T09:00", "ends": "2026-03-17T10:00"}
    later, gone = book(branch, room, **tomorrow), book(branch, room, begins=HALF_PAST_TEN, ends=NOON)
    cancel_record(branch.unit, actor=branch.actor("干事"), at=branch.at, record=gone.pk, reason="不开了")
    assert codes(record, branch, later) == ("booking.ahead",)
    assert codes(record, branch, gone) == ("record.cancelled",)
    assert codes(record, branch, room) == ("booking.register",)
    assert codes(record, branch, booking, "problem", kind="") == ("booking.register",)
    other_day = {"day": "2026-03-13", "begins": "2026-03-13T09:00", "ends": "2026-03-13T10:00"}
    assert codes(record, branch, booking, **other_day) == ("booking.day",)
    meeting = record(branch, booking)
    assert codes(record, branch, booking) == ("booking.recorded",)
    cancel_record(branch.unit, actor=branch.actor("干事"), at=branch.at, record=meeting.pk, reason="登记有误")
    assert record(branch, booking).number == 2


def test_a_booking_whose_meeting_was_recorded_is_not_moved_to_another_day():
    branch = a_branch()
    room = a_room(branch)
    booking = book(branch, room)
    record(branch, booking)
    values = {"title": "三月支委会", "day": "2026-03-18", "parent": room.pk, "begins": "2026-03-18T09:00"}
    inputs = {"actor": branch.actor("干事"), "at": branch.at + timedelta(hours=1), "record": booking.pk}
    moved = {"values": values | {"ends": "2026-03-18T10:00"}, "reason": "改期"}
    assert codes(correct_record, branch.unit, **moved, **inputs) == ("booking.moved",)


def test_a_meeting_room_is_no_party_place_in_the_figures():
    branch = a_branch()
    a_room(branch)
    metric, year = dictionary()["party_places"], read_span("2025")
    room = branch.enter("party_place", kind="党员活动室", title="党员之家", day="2025-01-06")
    found = compute(metric=metric, period=year, unit=branch.unit, as_of=date(2026, 3, 16))
    assert (found.value, found.record_ids) == (1, (room.pk,))
