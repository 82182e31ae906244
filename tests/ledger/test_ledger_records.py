"""What it means to keep a record: one entry in the log, a number without gaps, nothing back-dated, nothing lost."""

from datetime import date, timedelta

import pytest

from support.units import a_branch
from yangguang.ledger.acts import (
    attach_file,
    cancel_record,
    close_record,
    correct_record,
    enter_record,
    import_records,
    link_records,
    take_roll,
)
from yangguang.ledger.acts.importing import try_import
from yangguang.ledger.models import Attendance, Record, State
from yangguang.rules.refusal import Refused
from yangguang.witness import evidence
from yangguang.witness.models import Entry

pytestmark = pytest.mark.django_db(transaction=True)

MEETING = {"kind": "支部委员会", "title": "三月支委会", "day": "2026-03-12", "tags": ["廉政"], "agenda": ["研究工作"]}


def test_a_meeting_is_entered_with_its_roll_in_one_act():
    branch = a_branch()
    record = branch.enter("meeting", **MEETING, present=branch.marks("书记"), absent={})
    assert (record.number, record.year, record.state, record.is_late) == (1, 2026, State.DONE, False)
    assert [(one.person.name, one.is_due, one.is_present) for one in record.attendances.order_by("pk")] == [
        ("书记", True, True),
        ("纪检委员", True, False),
    ]
    assert [one.tag for one in record.tags.all()] == ["廉政"]
    entry = Entry.objects.get(stream="unit:zb")
    assert (entry.act, entry.sequence, "三月支委会" in entry.payload) == ("enter_record", record.entry, False)


def test_numbers_run_on_in_a_year_and_begin_again_in_the_next():
    branch = a_branch()
    days = ["2025-12-30", "2026-03-12", "2026-03-13"]
    rows = [branch.enter("meeting", **{**MEETING, "day": day}) for day in days]
    assert [(one.year, one.number) for one in rows] == [(2025, 1), (2026, 1), (2026, 2)]


def test_what_happened_long_ago_is_stamped_late_and_keeps_its_real_entry_time():
    branch = a_branch()
    record = branch.enter("meeting", **{**MEETING, "day": "2026-03-05"})
    assert (record.is_late, record.day, record.entered_at) == (True, date(2026, 3, 5), branch.at)


def test_what_lies_ahead_is_planned_and_held_by_its_roll():
    branch = a_branch()
    record = branch.enter("meeting", **{**MEETING, "day": "2026-03-20"})
    assert record.state == State.PLANNED
    inputs = {"actor": branch.actor("书记"), "record": record.pk, "present": branch.marks("书记", "纪检委员")}
    with pytest.raises(Refused) as refused:
        take_roll(branch.unit, at=branch.at, **inputs)
    assert refused.value.codes == ("roll.early",)
    held = take_roll(branch.unit, at=branch.at + timedelta(days=4), **inputs)
    assert (held.state, held.closed_on, held.is_late) == (State.DONE, date(2026, 3, 20), False)
    assert Attendance.objects.filter(record=record, is_present=True).count() == 2


def test_a_reason_of_absence_longer_than_its_column_is_refused_and_the_roll_stands():
    branch = a_branch()
    held = {"present": branch.marks("书记"), "absent": {}}
    record = branch.enter("meeting", kind="支部委员会", day="2026-03-12", **held)
    given = {"present": branch.marks("书记"), "absent": {branch.marks("纪检委员")[0]: "长" * 101}}
    with pytest.raises(Refused) as refused:
        take_roll(branch.unit, actor=branch.actor("书记"), at=branch.at, record=record.pk, **given)
    assert refused.value.codes == ("roll.reason",)
    assert set(record.attendances.values_list("reason", flat=True)) == {""}


def test_everything_that_is_wrong_with_a_record_is_said_at_once_and_nothing_is_kept():
    branch = a_branch()
    with pytest.raises(Refused) as refused:
        branch.enter("meeting", kind="茶话会", day="三月", votes_for="-1", colour="red", present=["nobody"])
    assert refused.value.codes == (
        "record.day", "record.kind", "record.votes_for", "record.present", "record.unknown",
    )  # fmt: skip
    assert Record.objects.count() == 0


def test_only_those_whom_the_register_names_may_write_in_it():
    branch = a_branch()
    with pytest.raises(Refused) as refused:
        branch.enter("meeting", by="党员1", **MEETING)
    assert refused.value.codes == ("access.denied",)


def test_a_correction_keeps_what_stood_before():
    branch = a_branch()
    record = branch.enter("meeting", **MEETING)
    correct_record(
        branch.unit,
        actor=branch.actor("干事"),
        at=branch.at,
        record=record.pk,
        values={**MEETING, "title": "第三次支委会", "tags": []},
        reason="名称写错",
    )
    record.refresh_from_db()
    assert (record.title, record.tags.count(), record.revisions.get().before["title"]) == (
        "第三次支委会",
        0,
        "三月支委会",
    )


def test_a_cancelled_record_stays_in_the_list_and_takes_nothing_more():
    branch = a_branch()
    record = branch.enter("meeting", **MEETING)
    inputs = {"actor": branch.actor("书记"), "at": branch.at, "record": record.pk}
    cancel_record(branch.unit, reason="重复登记", **inputs)
    with pytest.raises(Refused) as refused:
        take_roll(branch.unit, present=[], **inputs)
    assert refused.value.codes == ("record.cancelled",)


def test_a_file_is_added_once_and_a_link_points_at_what_exists():
    branch = a_branch()
    record, other = branch.enter("meeting", **MEETING), branch.enter("meeting", **MEETING)
    file = evidence.keep(b"minutes", media_type="text/plain")
    inputs = {"actor": branch.actor("书记"), "at": branch.at, "record": record.pk}
    attach_file(branch.unit, name="会议记录", file=file, **inputs)
    with pytest.raises(Refused):
        attach_file(branch.unit, name="会议记录", file=file, **inputs)
    link_records(branch.unit, kind="evidence", target=other.pk, **inputs)
    for target in (record.pk, 999_999):
        with pytest.raises(Refused) as refused:
            link_records(branch.unit, kind="evidence", target=target, **inputs)
        assert refused.value.codes == ("link.target",)
    link_records(branch.unit, kind="serves", stream="unit:zb", sequence=1, **inputs)
    with pytest.raises(Refused) as refused:
        close_record(branch.unit, on=branch.at.date(), result="完成", **inputs)
    assert refused.value.codes == ("record.closed",)


def test_an_import_takes_all_rows_or_none_and_never_the_same_twice():
    branch = a_branch()
    rows = [{**MEETING, "day": f"2026-03-{day:02d}"} for day in range(1, 11)]
    file = evidence.keep(b"workbook", media_type="application/octet-stream")
    inputs = {"actor": branch.actor("干事"), "at": branch.at, "register": "meeting"}
    bad = [*rows, {**MEETING, "day": "2026-02-30"}]
    with pytest.raises(Refused) as refused:
        import_records(branch.unit, rows=bad, file=file, **inputs)
    assert [one.reason for one in refused.value.refusals] == ["第11行：“日期”应为日期，如 2026-03-05"]
    assert try_import(branch.unit, rows=rows, **inputs).new == 10
    assert import_records(branch.unit, rows=rows, file=file, **inputs).new == 10
    again = import_records(branch.unit, rows=[*rows, {**MEETING, "title": "又一次"}], file=file, **inputs)
    assert (again.new, again.known, Record.objects.count()) == (1, 10, 11)


def test_a_branch_has_one_stream_and_every_act_one_entry():
    branch = a_branch()
    record = branch.enter("meeting", **MEETING)
    enter_record(
        branch.unit, actor=branch.actor("书记"), at=branch.at, register="meeting", values={**MEETING, "kind": "党课"}
    )
    cancel_record(branch.unit, actor=branch.actor("书记"), at=branch.at, record=record.pk, reason="误录")
    assert list(Entry.objects.order_by("pk").values_list("act", flat=True)) == [
        "enter_record", "enter_record", "cancel_record",
    ]  # fmt: skip
