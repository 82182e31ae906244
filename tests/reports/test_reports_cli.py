"""`yangguang report check`: what is printed, the exit codes, and that it starts without Django."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from yangguang.cli import main
from yangguang.reports.reading import OLD_OFFICE as OLD
from yangguang.reports.reading import SAVE_AS

TITLE = "示例中心2023年度工作总结\n"


def run(tmp_path, text, *options):
    path = tmp_path / "总结.txt"
    path.write_text(text, encoding="utf-8")
    return CliRunner().invoke(main, ["report", "check", str(path), *options])


def test_a_paper_without_findings_passes(tmp_path):
    outcome = run(tmp_path, TITLE + "工作有序开展。\n")
    assert (outcome.exit_code, outcome.stdout) == (0, "总结.txt：年度总结，报告期2023年\n没有发现问题。\n")


def test_warnings_are_printed_and_pass(tmp_path):
    outcome = run(tmp_path, TITLE + "一、工作\n三、计划\n")
    assert outcome.exit_code == 0
    assert outcome.stdout.splitlines() == [
        "总结.txt：年度总结，报告期2023年",
        "第3行【警告】编号：一、→三、（另见第2行）",
        "    理由：“一、”之后是“三、”，缺“二、”。",
        "    处理：补上缺少的部分，或者改正序号；有层次漏写、错写的，对照提纲核对。",
        "共1条：阻止0条，警告1条，请核实0条。",
    ]


def test_a_block_fails(tmp_path):
    outcome = run(tmp_path, TITLE + "开展培训【待补：培训次数】。\n")
    assert outcome.exit_code == 1
    assert outcome.stdout.splitlines()[-1] == "共1条：阻止1条，警告0条，请核实0条。"


def test_the_findings_are_given_as_json(tmp_path):
    outcome = run(tmp_path, "总结\n开展培训【待补：培训次数】。\n", "--json")
    assert outcome.exit_code == 1
    assert json.loads(outcome.stdout) == {
        "file": "总结.txt",
        "kind": "其他材料",
        "period": None,
        "counts": {"阻止": 1, "警告": 0, "请核实": 0},
        "findings": [
            {
                "family": "遮挡与待补",
                "level": "阻止",
                "line": 2,
                "others": [],
                "quote": "【待补：培训次数】",
                "reason": "有1处待补，材料尚未完成。",
                "remedy": "补登记录后重新生成，或者查明后填写；没有记录的，删去这一句，不得估填。",
            }
        ],
    }


def test_a_paper_of_unknown_period_says_what_was_not_checked(tmp_path):
    outcome = run(tmp_path, "总结\n工作有序开展。\n")
    assert outcome.stdout.splitlines()[0] == "总结.txt：其他材料，报告期未能从标题识别，不检查期间"


def test_an_unreadable_file_is_said_on_standard_error(tmp_path):
    outcome = CliRunner().invoke(main, ["report", "check", str(tmp_path / "没有.docx")])
    assert (outcome.exit_code, outcome.stdout) == (2, "")
    assert outcome.stderr == f"{tmp_path / '没有.docx'}：打不开（没有这个文件）。请核对文件名和读取权限。\n"


def unreadable(content, tmp_path, name="总结.docx"):
    path = tmp_path / name
    path.write_bytes(content)
    outcome = CliRunner().invoke(main, ["report", "check", str(path)])
    assert (outcome.exit_code, outcome.stdout, type(outcome.exception)) == (2, "", SystemExit)
    return outcome.stderr.removeprefix(f"{path}：").rstrip("\n")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "是空文件（0字节），可能没有保存或者没有下载完。请重新取得文件。"),
        (
            OLD + "EncryptedPackage".encode("utf-16-le"),
            "设有打开密码，不能读取。请用办公软件打开，取消密码后另存为 .docx，再检查。",
        ),
        (OLD + "WordDocument".encode("utf-16-le"), f"是旧的 .doc（或者 .wps）格式。{SAVE_AS}"),
        (OLD + b"?", f"是旧的办公文件格式。{SAVE_AS}"),
        (b"%PDF-1.7", f"是 PDF，不能直接检查。{SAVE_AS}"),
        (b"{\\rtf1\\ansi", f"是 RTF 格式。{SAVE_AS}"),
        (b"\xef\xbb\xbf <HTML><body>", f"是网页或者 XML 格式。{SAVE_AS}"),
        (b"MIME-Version: 1.0", f"是网页格式。{SAVE_AS}"),
    ],
)
def test_a_file_of_another_kind_is_named_and_the_way_out_is_said(tmp_path, content, said):
    assert unreadable(content, tmp_path) == said


def test_a_folder_a_pipe_and_a_name_that_is_no_text_are_refused(tmp_path):
    strange = [tmp_path, Path("/dev/null"), tmp_path / b"\xff.docx".decode("utf-8", "surrogateescape")]
    outcomes = [CliRunner().invoke(main, ["report", "check", str(one)]) for one in strange]
    assert [(one.exit_code, one.stderr.partition("：")[2]) for one in outcomes] == [
        (2, "打不开（这是文件夹）。请核对文件名和读取权限。\n"),
        (2, "不是普通文件。请先保存为文件，再检查。\n"),
        (2, "打不开（没有这个文件）。请核对文件名和读取权限。\n"),
    ]


def test_checking_loads_no_framework():
    program = (
        "import sys; from yangguang.cli import main\n"
        "try: main(['report', 'check', '--help'])\n"
        "except SystemExit: print(sorted({'django', 'docx'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
