"""Registers in and out on the command line."""

import json

import openpyxl
import pytest
from click.testing import CliRunner

from support.units import a_branch
from yangguang.cli import main
from yangguang.exchange import writing
from yangguang.ledger.models import Record

pytestmark = pytest.mark.django_db(transaction=True)


def run(*arguments):
    done = CliRunner().invoke(main, ["ledger", *map(str, arguments)])
    return done.exit_code, done.output


@pytest.fixture
def filled(tmp_path):
    """A template, as the command writes it, with one lecture in it."""
    file = tmp_path / "三会一课.xlsx"
    assert run("template", "meeting", "-o", file)[0] == 0
    book = openpyxl.load_workbook(file)
    page = book["三会一课"]
    labels = [cell.value.rstrip("*") for cell in page[1]]
    for label, value in {"种类": "党课", "日期": "2026-03-12", "到会人员": "书记"}.items():
        page.cell(row=2, column=labels.index(label) + 1, value=value)
    book.save(file)
    return file


def import_(file, branch, *more, by="书记"):
    mark = branch.people[by].mark
    return run("import", file, "--unit", "zb", "--register", "meeting", "--by", mark, *more)


def test_a_filled_template_is_checked_and_then_imported_once(filled):
    branch = a_branch()
    assert import_(filled, branch, "--check") == (0, "将新登记1条；已有0条、文件中重复0条不再登记。\n")
    assert Record.objects.count() == 0
    assert import_(filled, branch) == (0, "新登记1条，已有0条没有重复登记。\n")
    assert import_(filled, branch) == (0, "新登记0条，已有1条没有重复登记。\n")


def test_a_bad_row_is_told_with_its_number_and_nothing_changes(tmp_path):
    branch, file = a_branch(), tmp_path / "坏.csv"
    file.write_text("种类,日期,到会人员\n党课,三月,书记\n", encoding="utf-8")
    problem = "第2行“日期”：“三月”不是日期。按2026-01-31的样子填写，或者把该格设为日期格式\n"
    assert import_(file, branch, "--check") == (1, f"{problem}共1处有误，不能导入；什么都没有改。\n")
    code, output = import_(file, branch)
    assert (code, output.splitlines()[-1], Record.objects.count()) == (1, "没有导入，什么都没有改。", 0)


def test_whoever_may_not_write_may_not_import(filled):
    branch = a_branch()
    assert import_(filled, branch, by="党员1")[0] == 1
    assert Record.objects.count() == 0


def test_a_tree_of_tasks_is_checked_row_by_row_and_then_imported_once(tmp_path):
    branch, file = a_branch(), tmp_path / "分解.csv"
    file.write_text("级别,内容,责任人\n1,年度计划,\n2,组织生活,书记\n", encoding="utf-8")
    arguments = ("tree", file, "--unit", "zb", "--day", "2026-01-05", "--by", branch.people["书记"].mark)
    assert run(*arguments, "--check") == (
        0, "第2行\t新登记\t年度计划\n第3行\t新登记\t组织生活\n将新登记2条；已有0条不再登记。\n",
    )  # fmt: skip
    assert Record.objects.count() == 0
    assert run(*arguments) == (0, "新登记2条，已有0条没有重复登记。\n")
    assert run(*arguments) == (0, "新登记0条，已有2条没有重复登记。\n")
    file.write_text("级别,内容,责任人\n1,年度计划,\n3,跳了一级,\n", encoding="utf-8")
    problem = "第3行：应从第1级开始逐级分解，最多5级。请核对每一行的级别\n"
    assert run(*arguments, "--check") == (1, f"{problem}共1处有误，不能导入；什么都没有改。\n")
    code, output = run(*arguments)
    assert (code, output.splitlines()[-1], Record.objects.count()) == (1, "没有导入，什么都没有改。", 2)


@pytest.mark.parametrize(
    "arguments",
    [
        ("template", "nothing", "-o", "x.xlsx"),
        ("import", __file__, "--unit", "zz", "--register", "meeting", "--by", "x"),
        ("import", __file__, "--unit", "zb", "--register", "meeting", "--by", "nobody"),
        ("tree", __file__, "--unit", "zb", "--day", "三月", "--by", "x"),
        ("export", "--unit", "zb", "-o", "x.xlsx"),
        ("export", "--unit", "zb", "--register", "meeting", "--period", "三月", "-o", "x.xlsx"),
    ],
)
def test_what_does_not_exist_is_told_and_nothing_is_written(arguments, tmp_path, monkeypatch):
    a_branch()
    monkeypatch.chdir(tmp_path)
    assert run(*arguments)[0] == 2
    assert list(tmp_path.iterdir()) == []


def test_a_register_is_exported_for_a_period(filled, tmp_path):
    branch, file = a_branch(), tmp_path / "out.json"
    import_(filled, branch)
    found = {}
    for period in ("2026-Q1", "2025"):
        arguments = ("--unit", "zb", "--register", "meeting", "--format", "json", "--period", period)
        assert run("export", *arguments, "-o", file)[0] == 0
        found[period] = len(json.loads(file.read_text(encoding="utf-8"))["records"])
    assert found == {"2026-Q1": 1, "2025": 0}


def test_everything_is_exported_into_a_folder_with_a_list_of_its_files(filled, tmp_path):
    branch, folder = a_branch(), tmp_path / "all"
    import_(filled, branch)
    branch.enter("study", kind="集中学习", day="2026-02-12")
    arguments = ("export", "--unit", "zb", "--all", "--format", "csv", "--period", "2026-03", "-o", folder)
    code, output = run(*arguments)
    assert (code, sorted(str(one.relative_to(folder)) for one in folder.rglob("*.csv"))) == (
        0, ["attendances.csv", "contents.csv", "posts.csv", "registers/meeting.csv", "units.csv"],
    )  # fmt: skip
    assert output.splitlines()[0] == f"{folder}/registers/meeting.csv\t1条"


def test_more_than_a_workbook_holds_is_refused_on_the_command_line(tmp_path, monkeypatch):
    a_branch()
    monkeypatch.setattr(writing, "MOST_IN_WORKBOOK", 3)
    code, output = run("export", "--unit", "zb", "--all", "-o", tmp_path)
    assert (code, "请分期间导出，或者导出为CSV" in output) == (1, True)


def test_the_registers_are_listed():
    code, output = run("registers")
    assert (code, output.splitlines()[0].split("\t")[:2]) == (0, ["meeting", "三会一课"])
