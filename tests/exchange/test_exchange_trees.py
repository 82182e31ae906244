"""A tree of tasks comes in as a workbook with levels, and goes out as the table of who answers for what."""

import io
from datetime import date

import openpyxl
import pytest

from support.units import a_branch
from yangguang.exchange import workbook_bytes
from yangguang.exchange.trees import TREE, decomposition_workbook, import_tree, preview_tree
from yangguang.ledger.catalogue import catalogue
from yangguang.ledger.models import Record
from yangguang.rules.refusal import Refused
from yangguang.witness.entries import payload_of
from yangguang.witness.models import Entry, Evidence

pytestmark = pytest.mark.django_db(transaction=True)

ROWS = [
    {"level": 1, "title": "2026年计划"},
    {"level": 2, "title": "组织生活正常", "owner": "书记"},
    {"level": 3, "title": "每月召开支委会", "waits_for": "三会一课/支部委员会×12", "due_on": date(2026, 12, 31)},
]


def filled(rows):
    return io.BytesIO(workbook_bytes(sheet=TREE, rows=rows))


def given(branch, rows, by="书记", name="分解.xlsx"):
    about = {"actor": branch.actor(by), "at": branch.at, "register": catalogue()["task"], "day": date(2026, 1, 5)}
    return about | {"source": filled(rows), "name": name}


def test_a_workbook_with_levels_becomes_a_tree_and_the_tree_a_table():
    branch = a_branch()
    done = import_tree(branch.unit, **given(branch, ROWS))
    assert (done.new, done.known) == (3, 0)
    table = decomposition_workbook(branch.unit, register="task", year=2026)
    page = openpyxl.load_workbook(io.BytesIO(table)).worksheets[0]
    found = [[*row[:5], *row[7:9]] for row in page.iter_rows(min_row=2, values_only=True)]
    assert found == [
        ["1", "计划", "2026年计划", None, None, "办理中", 0],
        ["1.1", "目标", "组织生活正常", None, "书记", "办理中", 0],
        ["1.1.1", "任务", "每月召开支委会", None, None, "办理中", 0],
    ]
    (entry,) = Entry.objects.filter(act="plant_tree")
    assert [one["sha256"] for one in payload_of(entry)["files"]] == [Evidence.objects.get().sha256]


def test_a_preview_says_of_each_row_whether_it_is_new_and_changes_nothing():
    branch = a_branch()
    import_tree(branch.unit, **given(branch, ROWS))
    again = preview_tree(branch.unit, **given(branch, [*ROWS, {"level": 2, "title": "队伍建设"}, ROWS[2], ROWS[2]]))
    assert [(one.number, one.is_new) for one in again.rows] == [
        (2, False), (3, False), (4, False), (5, True), (6, True), (7, False),
    ]  # fmt: skip
    assert (again.new, again.known, Record.objects.count()) == (2, 4, 3)
    done = import_tree(branch.unit, **given(branch, [*ROWS, {"level": 2, "title": "队伍建设"}]))
    assert (done.new, done.known) == (1, 3)


def test_everything_that_is_wrong_in_the_file_is_said_with_its_row():
    branch = a_branch()
    rows = [{"level": 1, "title": "计划", "owner": "路人"}, {"title": "没有级别"}]
    with pytest.raises(Refused) as refused:
        import_tree(branch.unit, **given(branch, rows))
    assert sorted(one.reason for one in refused.value.refusals) == [
        "第2行“责任人”：名册中没有“路人”",
        "第3行“级别”：没有填写",
    ]
    told = preview_tree(branch.unit, **given(branch, rows)).problems
    assert [(one.row, one.column) for one in told] == [(2, "责任人"), (3, "级别")]


def test_what_the_tree_itself_refuses_is_told_at_the_row_of_the_file():
    branch = a_branch()
    empty_first = io.BytesIO("级别,内容,等什么记录\r\n1,计划,\r\n,,\r\n2,目标,茶话会\r\n".encode())
    about = given(branch, [], name="分解.csv") | {"source": empty_first}
    (problem,) = preview_tree(branch.unit, **about).problems
    assert (problem.row, problem.what[:7]) == (4, "“等什么记录”")
    deep = given(branch, [{"level": 1, "title": "计划"}, {"level": 3, "title": "任务"}])
    (problem,) = preview_tree(branch.unit, **deep).problems
    assert (problem.row, problem.what) == (3, "应从第1级开始逐级分解，最多5级")
    with pytest.raises(Refused, match="第3行：应从第1级开始"):
        import_tree(branch.unit, **given(branch, [{"level": 1, "title": "计划"}, {"level": 3, "title": "任务"}]))
    (problem,) = preview_tree(branch.unit, **given(branch, [])).problems
    assert (problem.row, problem.what) == (0, "应从第1级开始逐级分解，最多5级")
    assert Record.objects.count() == 0


def test_whoever_may_not_write_is_told_nothing_of_a_tree():
    branch = a_branch()
    for way in (preview_tree, import_tree):
        with pytest.raises(Refused) as refused:
            way(branch.unit, **given(branch, [{"level": 1, "title": "计划", "owner": "路人"}], by="党员1"))
        assert refused.value.codes == ("access.denied",)
    assert Evidence.objects.count() == 0
