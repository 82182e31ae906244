"""`yangguang report`: what official summaries say, checked."""

import json
import sys
from pathlib import Path
from typing import Any

import click

from yangguang.cli.report_making import list_outlines, make
from yangguang.reports.proofreading import Finding, Level, findings_of, read_summary
from yangguang.reports.reading import UnreadablePaper, read_paper


@click.group("report", help="总结与报告：检查一份材料。")
def report() -> None:
    """The group; each command reads what it needs itself."""


@report.command(
    "check",
    help="""检查一份总结、汇报或述职报告（.txt 或 .docx，不限于本系统生成的）。

    逐条给出行号（.docx 为段落号）、原文、级别、理由和处理办法。
    退出码：没有“阻止”级问题为 0，有为 1，文件不能读取为 2。
    """,
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="以 JSON 给出结果。")
def check(*, file: Path, as_json: bool) -> None:
    """Print the findings; exit with 1 when one of them blocks, with 2 when the file cannot be read."""
    try:
        summary = read_summary(text=read_paper(file))
    except UnreadablePaper as unreadable:
        click.echo(str(unreadable), err=True)
        sys.exit(2)
    findings = findings_of(summary)
    about = {"file": file.name, "kind": summary.kind.value, "period": str(summary.period) if summary.period else None}
    if as_json:
        click.echo(json.dumps(_as_json(about, findings), ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(_as_lines(about, findings)))
    sys.exit(1 if any(finding.level is Level.BLOCK for finding in findings) else 0)


def _as_json(about: dict[str, str | None], findings: list[Finding]) -> dict[str, Any]:
    counts = {level.value: _count(findings, level) for level in Level}
    return {**about, "counts": counts, "findings": [finding.to_json() for finding in findings]}


def _as_lines(about: dict[str, str | None], findings: list[Finding]) -> list[str]:
    lines = [f"{about['file']}：{about['kind']}，报告期{about['period'] or '未能从标题识别，不检查期间'}"]
    for finding in findings:
        also = f"（另见第{'、'.join(str(line) for line in finding.others)}行）" if finding.others else ""
        lines += [
            f"第{finding.line}行【{finding.level}】{finding.family}：{finding.quote}{also}",
            f"    理由：{finding.reason}",
            f"    处理：{finding.remedy}",
        ]
    counts = "，".join(f"{level}{_count(findings, level)}条" for level in Level)
    lines.append(f"共{len(findings)}条：{counts}。" if findings else "没有发现问题。")
    return lines


def _count(findings: list[Finding], level: Level) -> int:
    return sum(finding.level is level for finding in findings)


report.add_command(make)
report.add_command(list_outlines)
command = report
