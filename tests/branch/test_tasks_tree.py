"""Plans, targets and tasks: one tree, whose tasks close by the records that they point at."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.units import a_branch
from yangguang.branch.acts import close_met_task, plant_tree
from yangguang.branch.tasks import UnreadableWaitError, decomposition, read_wait, tasks_that_are_met
from yangguang.ledger.acts import cancel_record, link_records
from yangguang.ledger.models import Post, Record, State, Unit
from yangguang.rules.refusal import Refused
from yangguang.trading.due import perform_due
from yangguang.witness.actor import CLOCK
from yangguang.witness.models import Entry

pytestmark = pytest.mark.django_db(transaction=True)

DAY = date(2026, 1, 5)
ROWS = [
    {"level": 1, "title": "2026年党建工作计划", "tags": ["党建"]},
    {"level": 2, "title": "组织生活正常"},
    {"level": 3, "title": "每月召开支委会", "waits_for": "三会一课/支部委员会×2"},
    {"level": 3, "title": "研究意识形态", "waits_for": "三会一课#意识形态", "tags": ["意识形态"]},
    {"level": 2, "title": "交易服务提质"},
    {"level": 3, "title": "修订见证流程", "due_on": "2026-03-01", "tags": ["党建", "业务"]},
]


def plant(branch, rows=ROWS, register="task"):
    return plant_tree(branch.unit, actor=branch.actor("书记"), at=branch.at, register=register, day=DAY, rows=rows)


def meeting(branch, day="2026-03-12", **more):
    return branch.enter("meeting", **{"kind": "支部委员会", "title": "支委会", "day": day, "present": [], **more})


def task(title):
    return Record.objects.get(title=title)


def beat(branch):
    """What the clock does now."""
    return [(due.act, refused) for due, refused in perform_due(at=branch.at)]


def test_a_plan_becomes_a_table_with_one_number_a_task():
    branch = a_branch()
    assert plant(branch) == 6
    lines = decomposition(branch.unit, register="task", year=2026)
    assert [(one.number, one.task.kind, one.task.title) for one in lines] == [
        ("1", "计划", "2026年党建工作计划"),
        ("1.1", "目标", "组织生活正常"),
        ("1.1.1", "任务", "每月召开支委会"),
        ("1.1.2", "任务", "研究意识形态"),
        ("1.2", "目标", "交易服务提质"),
        ("1.2.1", "任务", "修订见证流程"),
    ]
    assert (lines[0].leaves, lines[0].done, lines[5].tags) == (3, 0, ("业务", "党建"))


def test_a_tree_is_planted_once_and_grows_by_what_is_new():
    branch = a_branch()
    plant(branch)
    assert plant(branch) == 0
    assert plant(branch, [*ROWS, {"level": 2, "title": "队伍建设"}]) == 1
    assert task("队伍建设").parent == task("2026年党建工作计划")


@pytest.mark.parametrize("levels", [[2], [1, 3], [0], [1, 2, 3, 4, 5, 6], []])
def test_a_tree_grows_level_by_level_from_the_first(levels):
    branch = a_branch()
    with pytest.raises(Refused) as refused:
        plant(branch, [{"level": level, "title": "事项"} for level in levels])
    assert (refused.value.codes, Record.objects.count()) == (("tree.levels",), 0)


def test_a_wrong_row_is_named_and_nothing_is_planted():
    branch = a_branch()
    with pytest.raises(Refused) as refused:
        plant(branch, [*ROWS, {"level": 2, "title": "", "waits_for": "茶话会"}])
    assert ([one.reason[:4] for one in refused.value.refusals], Record.objects.count()) == (["第7行："], 0)
    with pytest.raises(Refused) as refused:
        plant(branch, [*ROWS, {"level": 2, "title": "目标", "waits_for": "茶话会"}])
    assert refused.value.codes == ("task.waits_for",)


def test_the_clock_closes_a_task_when_what_it_waits_for_is_there_and_then_what_is_above():
    branch = a_branch()
    plant(branch)
    meeting(branch)
    assert beat(branch) == []
    found = [meeting(branch, "2026-03-13", tags=["意识形态"]), Record.objects.filter(register="meeting").first()]
    assert [one.task.title for one in tasks_that_are_met(branch.unit, at=branch.at.date())] == [
        "研究意识形态",
        "每月召开支委会",
    ]
    assert beat(branch) == [("close_met_task", None)] * 2
    closed = task("每月召开支委会")
    assert (closed.state, closed.closed_on) == (State.DONE, branch.at.date())
    assert {one.target for one in closed.links.all()} == set(found)
    assert Entry.objects.filter(stream="unit:zb", act="close_met_task").count() == 2
    assert beat(branch) == [("close_met_task", None)]
    assert (task("组织生活正常").state, task("2026年党建工作计划").state) == (State.DONE, State.OPEN)
    assert beat(branch) == []


def test_what_is_planned_cancelled_or_of_another_year_meets_nothing():
    branch = a_branch()
    plant(branch, [{"level": 1, "title": "支委会两次", "waits_for": "三会一课/支部委员会×2"}])
    meeting(branch, "2025-12-30")
    meeting(branch, "2026-03-20")
    gone = meeting(branch)
    cancel_record(branch.unit, actor=branch.actor("书记"), at=branch.at, record=gone.pk, reason="未召开")
    meeting(branch)
    assert tasks_that_are_met(branch.unit, at=date(2026, 12, 31)) == []
    with pytest.raises(Refused) as refused:
        close_met_task(branch.unit, actor=CLOCK, at=branch.at, record=task("支委会两次").pk)
    assert refused.value.codes == ("task.unmet",)


def test_a_task_that_waits_for_nothing_closes_by_the_record_that_a_person_links():
    branch = a_branch()
    plant(branch)
    rule = branch.enter("rule_document", kind="流程", title="见证流程", day="2026-03-10")
    link_records(
        branch.unit,
        actor=branch.actor("书记"),
        at=branch.at,
        record=task("修订见证流程").pk,
        kind="evidence",
        target=rule.pk,
    )
    assert task("修订见证流程").state == State.DONE
    assert beat(branch) == [("close_met_task", None)]
    assert task("交易服务提质").state == State.DONE


def test_only_the_clock_closes_by_itself():
    branch = a_branch()
    plant(branch)
    with pytest.raises(Refused) as refused:
        close_met_task(branch.unit, actor=branch.actor("书记"), at=branch.at, record=task("研究意识形态").pk)
    assert refused.value.codes == ("access.denied",)


def test_the_section_of_a_task_is_that_of_its_owner():
    branch = a_branch()
    section = Unit.objects.create(
        stream="unit:jz", stage="keeping", code="jz", name="见证科", kind="section", path="/zb/jz/", opened_on=DAY
    )
    Post.objects.create(unit=section, person=branch.people["党员1"], post="staff", since=date(2020, 1, 1))
    owner = branch.people["党员1"].mark
    plant(branch, [{"level": 1, "title": "计划"}, {"level": 2, "title": "目标", "owner": owner}])
    assert [one.section for one in decomposition(branch.unit, register="task", year=2026)] == ["", "见证科"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("三会一课", ("meeting", "", "", 1)),
        ("三会一课/支部委员会×12", ("meeting", "支部委员会", "", 12)),
        ("三会一课#意识形态×2", ("meeting", "", "意识形态", 2)),
        ("meeting/党课#廉政", ("meeting", "党课", "廉政", 1)),
    ],
)
def test_what_a_task_waits_for_is_written_in_words(text, expected):
    wait = read_wait(text)
    assert (wait.register, wait.kind, wait.tag, wait.times) == expected


@given(st.text(max_size=30))
def test_whatever_is_written_is_read_or_refused_in_words(text):
    try:
        said = str(read_wait(text).times)
    except UnreadableWaitError as wrong:
        said = str(wrong)
    assert said


def test_the_clock_asks_one_question_while_nothing_changes(django_assert_num_queries):
    branch = a_branch()
    plant(branch)
    beat(branch)
    with django_assert_num_queries(2):  # the heads of the units, and the trades
        assert perform_due(at=branch.at + timedelta(minutes=1)) == []
