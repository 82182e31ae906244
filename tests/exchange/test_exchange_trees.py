"""A tree of tasks comes in as a workbook with levels, and goes out as the table of who answers for what."""

import io
from datetime import date

import openpyxl
import pytest

from support.units import a_branch
from yangguang.branch.acts import plant_tree
from yangguang.exchange import workbook_bytes
from yangguang.exchange.trees import TREE, decomposition_workbook, tree_rows
from yangguang.rules.refusal import Refused

pytestmark = pytest.mark.django_db(transaction=True)

ROWS = [
    {"level": 1, "title": "2026年计划"},
    {"level": 2, "title": "组织生活正常", "owner": "书记"},
    {"level": 3, "title": "每月召开支委会", "waits_for": "三会一课/支部委员会×12", "due_on": date(2026, 12, 31)},
]


def filled(rows):
    return io.BytesIO(workbook_bytes(sheet=TREE, rows=rows))


def test_a_workbook_with_levels_becomes_a_tree_and_the_tree_a_table():
    branch = a_branch()
    rows = tree_rows(branch.unit, source=filled(ROWS), name="分解.xlsx")
    act = {"actor": branch.actor("书记"), "at": branch.at}
    assert plant_tree(branch.unit, register="task", day=date(2026, 1, 5), rows=rows, **act) == 3
    table = decomposition_workbook(branch.unit, register="task", year=2026)
    page = openpyxl.load_workbook(io.BytesIO(table)).worksheets[0]
    found = [[*row[:5], *row[7:9]] for row in page.iter_rows(min_row=2, values_only=True)]
    assert found == [
        ["1", "计划", "2026年计划", None, None, "办理中", 0],
        ["1.1", "目标", "组织生活正常", None, "书记", "办理中", 0],
        ["1.1.1", "任务", "每月召开支委会", None, None, "办理中", 0],
    ]


def test_everything_that_is_wrong_in_the_file_is_said_with_its_row():
    branch = a_branch()
    rows = [{"level": 1, "title": "计划", "owner": "路人"}, {"title": "没有级别"}]
    with pytest.raises(Refused) as refused:
        tree_rows(branch.unit, source=filled(rows), name="分解.xlsx")
    assert sorted(one.reason for one in refused.value.refusals) == [
        "第2行“责任人”：名册中没有“路人”",
        "第3行“级别”：没有填写",
    ]
