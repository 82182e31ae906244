"""The month's page: what falls short is named with its rule, and each sees what concerns them and nothing of others."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from support.party import Window, everyone, registers_of_the_house, text  # noqa: F401 - a fixture
from support.units import a_branch
from yangguang.ledger.acts import sign_off_register
from yangguang.ledger.models import Record

pytestmark = pytest.mark.django_db(transaction=True)


def asked(window, path):
    """How many questions a page asks once it was looked at."""
    window.get(path)
    with CaptureQueriesContext(connection) as caught:
        window.get(path)
    return len(caught)


MEETING = {"kind": "支部委员会", "title": "支委会"}


def month(branch, name):
    return Window(branch, name).get("").context["month"]


def hold(branch, day, kind="支部委员会", **more):
    return branch.enter("meeting", kind=kind, day=day, present=branch.marks("书记", "党员1"), absent={}, **more)


def test_a_month_without_a_committee_meeting_is_named_with_its_rule():
    branch = a_branch()
    hold(branch, "2026-01-12")
    found = {one.name: one for one in month(branch, "书记").cadences}
    assert (found["支部委员会"].missing, found["支部委员会"].open.name) == ("2026年2月", "2026年3月")
    assert (found["支部党员大会"].missing, found["支部党员大会"].open.name) == ("", "2026年第一季度")
    assert "党小组会" not in found  # asked of cells alone
    page = text(Window(branch, "书记").get(""))
    assert "/party/zb/registers/meeting/new/?kind=%E6%94%AF%E9%83%A8%E5%A7%94%E5%91%98%E4%BC%9A" in page
    hold(branch, "2026-02-12")
    hold(branch, "2026-03-12")
    assert "支部委员会" not in {one.name for one in month(branch, "书记").cadences}


@pytest.mark.usefixtures("registers_of_the_house")
def test_open_matters_stand_by_their_day_and_closed_ones_nowhere():
    branch = a_branch()
    for title, due in (("逾期的", "2026-03-10"), ("快到的", "2026-03-20"), ("还早的", "2026-06-30")):
        branch.enter("sample_matter", title=title, day="2026-03-01", due_on=due)
    branch.enter("meeting", **MEETING, day="2026-03-20")
    found = month(branch, "干事")
    assert [[one.title for one in rows] for rows in (found.overdue.shown, found.due.shown, found.planned.shown)] == [
        ["逾期的"], ["快到的"], ["支委会"],
    ]  # fmt: skip
    branch.at = branch.at.replace(day=23)
    assert [one.title for one in month(branch, "干事").unheld.shown] == ["支委会"]


def test_a_member_sees_their_own_hours_dues_and_talks_and_nobody_elses():
    branch = everyone()
    times = {"begins": "2026-03-12T09:00", "ends": "2026-03-12T11:30"}
    hold(branch, "2026-03-12", kind="党课", **times)
    talker = branch.marks("书记")[0]
    branch.enter("talk", kind="谈心谈话", day="2026-03-11", owner=talker, present=branch.marks("党员1"))
    branch.enter("talk", kind="谈心谈话", day="2026-03-13", owner=talker, present=branch.marks("党员2"))
    own = month(branch, "党员1").own
    assert (own.hours, own.needed, own.lacking) == (2.5, 32, 29.5)
    assert [(f"{day}", name) for day, name in own.talks] == [("2026-03-11", "书记")]
    assert own.unpaid == []
    page = text(Window(branch, "党员1").get(""))
    assert [said in page for said in ("党员2", "缺的", "今年合计", "监督")] == [False] * 4
    assert month(branch, "书记").own.needed == 56
    assert month(branch, "分管领导").own is None


@pytest.mark.usefixtures("registers_of_the_house")
def test_a_letter_waits_for_each_of_its_signers():
    branch = a_branch(members=1)
    title = kind = "廉洁从业承诺书"
    template = branch.enter("letter_template", title=title, day="2026-03-01", kind="承诺书", text="我承诺廉洁自律。")
    branch.enter("pledge", kind=kind, title=title, day="2026-03-02", parent=str(template.pk))
    number = Record.objects.get(register="pledge").pk
    assert "我承诺廉洁自律。" in text(Window(branch, "党员1").get(f"records/{number}/"))
    Window(branch, "党员1").post(f"records/{number}/do/sign/")
    assert [len(month(branch, name).to_sign) for name in ("党员1", "书记")] == [0, 1]


def test_an_inspector_sees_signals_sealed_totals_and_what_was_signed_off():
    branch = everyone()
    branch.enter(
        "talk", kind="谈心谈话", day="2026-03-11", owner=branch.marks("书记")[0], present=branch.marks("党员1")
    )
    given = {"register": "meeting", "first": branch.at.date().replace(month=1, day=1), "last": branch.at.date()}
    sign_off_register(branch.unit, actor=branch.actor("书记"), at=branch.at, **given)
    watched = month(branch, "派驻纪检").watched
    assert {register.id: number for register, number in watched.sealed}["talk"] == 1
    assert [name for name, _ in watched.signed_off] == ["三会一课"]
    assert (watched.signals, month(branch, "党员1").watched) == (0, None)


def test_a_leader_sees_totals():
    branch = everyone()
    hold(branch, "2026-03-12")
    counted = {register.id: number for register, number in month(branch, "分管领导").counted}
    assert counted == {"meeting": 1}


def test_the_month_asks_as_many_questions_with_twenty_rows_as_with_one():
    branch = everyone()
    talk = {"kind": "谈心谈话", "day": "2026-03-11", "owner": branch.marks("书记")[0]}
    windows = {name: Window(branch, name) for name in ("书记", "党员1", "派驻纪检", "分管领导")}
    counts = []
    for number in range(1, 21):
        hold(branch, f"2026-03-{number % 15 + 1:02d}")
        branch.enter("meeting", **MEETING, day="2026-03-20")
        branch.enter("talk", **talk, present=branch.marks("党员1"))
        if number in {1, 20}:
            counts.append({name: asked(window, "") for name, window in windows.items()})
    assert counts[0] == counts[1]
    assert max(counts[0].values()) <= 42


@pytest.mark.usefixtures("registers_of_the_house")
def test_a_long_list_says_how_many_there_are_and_shows_the_first():
    branch = a_branch(members=1)
    for _ in range(31):
        branch.enter("sample_matter", title="逾期的", day="2026-03-01", due_on="2026-03-10")
    found = month(branch, "干事").overdue
    assert (len(found), len(found.shown), found.more) == (31, 30, 1)
    page = text(Window(branch, "干事").get(""))
    assert ("逾期未办结（31）" in page, "另有 1 条" in page) == (True, True)
