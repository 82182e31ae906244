"""What it means to answer a higher level: its columns, our figures with their sources, nothing typed a second time."""

import io
from datetime import date, datetime
from importlib.resources import files

import openpyxl
import pytest
from click.testing import CliRunner

from support.units import a_branch
from yangguang.cli import main
from yangguang.exchange.one_table import MappingError, one_table, read_mapping
from yangguang.reports.spans import read_span

pytestmark = pytest.mark.django_db(transaction=True)

EXAMPLE = (files("yangguang.exchange") / "mappings/example.toml").read_text(encoding="utf-8")


def sheets(content):
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {page.title: list(page.iter_rows(values_only=True)) for page in book}


def test_the_workbook_has_the_columns_of_the_higher_level_and_our_figures_with_their_sources():
    branch = a_branch(members=1)
    branch.enter("meeting", kind="支部委员会", day="2026-02-12", present=branch.marks("书记"))
    branch.enter("meeting", kind="党课", day="2026-03-12", present=branch.marks("书记", "党员1"))
    branch.enter("meeting", kind="党课", day="2025-03-12")
    content = one_table(read_mapping(EXAMPLE), units=[branch.unit], span=read_span("2026"), as_of=date(2026, 3, 16))
    found, name = sheets(content), branch.unit.name
    assert found["组织生活"] == [
        (
            "党组织名称",
            "党组织类型",
            "党员大会（次）",
            "支委会（次）",
            "党课（次）",
            "主题党日（次）",
            "集中学习（人次）",
        ),
        (name, "党支部", 0, 1, 1, 0, 0),
    ]
    assert found["会议明细"][1:] == [
        (name, "支部委员会", datetime(2026, 2, 12), "2026年2月支部委员会", "书记", "书记", "完成", "系统得出"),  # noqa: DTZ001
        (name, "党课", datetime(2026, 3, 12), "2026年3月党课", None, "书记、党员1", "完成", "系统得出"),  # noqa: DTZ001
    ]
    assert [row[:7] for row in found["数据来源"][2:4]] == [
        (name, "支委会（次）", "支部委员会", 1, "2026", "1", 1), (name, "党课（次）", "党课", 1, "2026", "1", 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("entry", "what"),
    [
        ("", "不是一表通的对应表"),
        ('sheets = [{ title = "甲", columns = [{ name = "乙", metric = "nothing" }] }]', "不能用指标 nothing"),
        ('sheets = [{ title = "甲", columns = [{ name = "乙", fact = "secret" }] }]', "只能用"),
        ('sheets = [{ title = "甲", columns = [{ name = "乙" }] }]', "中的一个"),
        ('sheets = [{ title = "甲", columns = [{ name = "乙", typed = "1" }] }]', "不是一表通的对应表"),
        ('sheets = [{ title = "甲", register = "no", columns = [] }]', "没有台账 no"),
        ('sheets = [{ title = "甲", columns = [] }]', "没有栏目"),
        (
            'sheets = [{ title = "甲", register = "talk", columns = [{ name = "乙", column = "matter" }] }]',
            "没有栏目 matter",
        ),
        ('sheets = [{ title = "甲", register = "talk", kinds = ["茶话会"], columns = [] }]', "没有栏目"),
        ('sheets = [{ title = "数据来源", columns = [{ name = "乙", text = "丙" }] }]', "名称重复"),
    ],
)
def test_a_mapping_that_names_what_there_is_not_is_refused(entry, what):
    with pytest.raises(MappingError, match=what):
        read_mapping(f'title = "年报"\n{entry}')


def test_the_command_writes_the_workbook_or_says_what_is_wrong(tmp_path):
    a_branch()
    mapping, output = tmp_path / "对应表.toml", tmp_path / "年报.xlsx"
    arguments = ["ledger", "one-table", str(mapping), "--unit", "zb", "--period", "2026", "-o", str(output)]
    mapping.write_text("title = 1", encoding="utf-8")
    assert (CliRunner().invoke(main, arguments).exit_code, output.exists()) == (1, False)
    mapping.write_text(CliRunner().invoke(main, ["ledger", "mapping"]).output, encoding="utf-8")
    assert CliRunner().invoke(main, arguments).output == f"{output}：示例市基层党组织年报，2026年，1个单位\n"
    assert list(sheets(output.read_bytes())) == ["组织生活", "会议明细", "数据来源"]
