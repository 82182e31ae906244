"""`yangguang report check`: what is printed, the exit codes, and that it starts without Django."""

import json
import subprocess
import sys

from click.testing import CliRunner

from yangguang.cli import main

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
    assert (
        outcome.stderr == f"{tmp_path / '没有.docx'}：打不开（No such file or directory）。请核对文件名和读取权限。\n"
    )


def test_checking_loads_no_framework():
    program = (
        "import sys; from yangguang.cli import main\n"
        "try: main(['report', 'check', '--help'])\n"
        "except SystemExit: print(sorted({'django', 'docx'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
