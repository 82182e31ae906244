"""`yangguang report make` and `outlines`: papers from the records, with what stands against them."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from yangguang.cli import django_ready

if TYPE_CHECKING:
    from yangguang.ledger.models import Unit
    from yangguang.reports.concerns import Concern
    from yangguang.reports.drafting import Drafted
    from yangguang.reports.spans import Span


@click.command(
    "make",
    help="""按提纲由记录生成一份材料（.docx，GB/T 9704-2012），附数据来源与佐证。

    逐条打印检查意见。退出码：没有“阻止”级问题为 0；有为 1，仍写出标明“草稿”的文件，缺的数印作【待补：指标】；
    提纲、期间或者单位有误为 2，不写文件。
    """,
)
@click.option("--outline", "outline_name", required=True, help="提纲的名称或者编号，如 年度总结、003。")
@click.option("--period", required=True, help="报告期，如 2023、2023-H1、2023-Q2、2023-05、2023-01..2023-11。")
@click.option("--unit", "code", default="", help="单位编码；只有一个上级单位时可以不写。")
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="写到哪个文件。")
def make(*, outline_name: str, period: str, code: str, output: Path) -> None:
    """Write the paper; exit with 1 when something blocks it, with 2 when it cannot be asked for."""
    django_ready()
    from yangguang.reports.drafting import draft
    from yangguang.reports.outlines import outline_named, outlines
    from yangguang.reports.paper import paper_bytes
    from yangguang.rules.calendar import legal_date

    outline = outline_named(outline_name)
    if outline is None:
        raise click.UsageError(f"没有提纲“{outline_name}”；有：{'、'.join(outlines())}")
    span, today = span_or_fail(period), legal_date(datetime.now(tz=UTC))
    drafted = draft(outline=outline, unit=unit_or_fail(code), span=span, as_of=today)
    try:
        output.write_bytes(paper_bytes(paper=drafted.paper))
    except OSError as error:
        raise click.UsageError(f"“{output}”写不进去：{error.strerror}。请核对文件夹和写入权限。") from None
    click.echo("\n".join(_lines(drafted, output)))
    sys.exit(1 if drafted.is_blocked else 0)


@click.command("outlines", help="列出提纲。")
def list_outlines() -> None:
    """Print code, name and purpose of every outline."""
    django_ready()
    from yangguang.reports.outlines import outlines

    for one in outlines().values():
        click.echo(f"{one.code}\t{one.name}\t{one.about}")


def unit_or_fail(code: str) -> "Unit":
    """The unit with this code, or the only one at the top."""
    from yangguang.ledger.models import Unit

    units = Unit.objects.filter(code=code) if code else Unit.objects.exclude(path__regex=r"^/[^/]+/[^/]+/")
    found = list(units.order_by("code")[:2])
    if len(found) == 1:
        return found[0]
    raise click.UsageError(
        f"没有编码为 {code} 的单位" if code else "有几个上级单位或者还没有单位，请用 --unit 写明单位编码"
    )


def span_or_fail(period: str) -> "Span":
    """The months that the option names."""
    from yangguang.reports.spans import UnknownSpan, read_span

    try:
        return read_span(period)
    except UnknownSpan as unknown:
        raise click.UsageError(str(unknown)) from unknown


def concern_lines(concerns: "tuple[Concern, ...]") -> list[str]:
    """What stands against a report, two lines each."""
    return [
        line for one in concerns for line in (f"【{one.level}】{one.about}：{one.reason}", f"    处理：{one.remedy}")
    ]


def _lines(drafted: "Drafted", output: Path) -> list[str]:
    from yangguang.reports.proofreading import Level

    counts = "，".join(f"{level}{sum(one.level is level for one in drafted.concerns)}条" for level in Level)
    state = "草稿，补齐后才能确认和印发" if drafted.is_blocked else "可以确认"
    rows = sum(len(annex.rows) for annex in drafted.paper.annexes)
    return [*concern_lines(drafted.concerns), f"{output}：{state}；文中数字{rows}个，检查意见：{counts}。"]
