"""`yangguang metric`: the dictionary of metrics, and which records are behind a figure."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from yangguang.cli import django_ready
from yangguang.cli.report_making import concern_lines, span_or_fail, unit_or_fail

if TYPE_CHECKING:
    from yangguang.reports.dictionary import Metric


@click.group()
def command() -> None:
    """指标字典：每个数的定义，以及它由哪些记录得出。"""


@command.command("list")
@click.option("--group", default="", help="只列一个分组，如 branch、trading。")
def list_metrics(*, group: str) -> None:
    """列出指标：编号、名称、单位、分组。"""
    django_ready()
    from yangguang.reports.dictionary import dictionary

    for metric in dictionary().values():
        if group in {"", metric.group}:
            click.echo(f"{metric.id}\t{metric.name}\t{metric.unit}\t{metric.group}")


@command.command()
@click.argument("name")
def show(*, name: str) -> None:
    """打印一个指标的定义。"""
    metric = _metric_or_fail(name)
    tags = "、".join(filter(None, (metric.tag, *metric.tags_any)))
    narrowed = "；".join(f"{key}={value}" for key, value in metric.where.items())
    for label, value in (
        ("编号", metric.id), ("名称", metric.name), ("单位", metric.unit), ("版本", metric.version),
        ("定义", metric.definition), ("统计方式", metric.count), ("台账", metric.register),
        ("种类", "、".join(metric.all_kinds)), ("标签", tags), ("筛选", narrowed), ("状态", metric.state),
        ("按", metric.date), ("检查", "、".join(metric.checks)), ("分组", metric.group),
    ):  # fmt: skip
        if value:
            click.echo(f"{label}：{value}")


@command.command()
@click.argument("name")
@click.option("--period", required=True, help="期间，如 2023、2023-H1、2023-01..2023-11。")
@click.option("--unit", "code", default="", help="单位编码；只有一个上级单位时可以不写。")
def explain(*, name: str, period: str, code: str) -> None:
    """算出一个指标，列出它的每条记录、同比和检查意见。"""
    metric = _metric_or_fail(name)
    from yangguang.reports.explaining import explained
    from yangguang.rules.calendar import legal_date

    today = legal_date(datetime.now(tz=UTC))
    told = explained(metric=metric, span=span_or_fail(period), unit=unit_or_fail(code), as_of=today)
    figure = told.figure
    click.echo(
        f"{figure.name}（{told.span.name}，{told.unit.name}）：{figure.text or '【待补】'}{figure.unit}，{told.change}"
    )
    click.echo(f"定义（第{metric.version}版）：{metric.definition}")
    for record in told.records:
        click.echo(f"  {record.text}")
    for title in figure.titles:
        click.echo(f"  《{title.strip('《》')}》")
    click.echo(f"共{len(told.records)}条记录；摘要 {figure.digest}")
    click.echo("\n".join(concern_lines(told.concerns)), nl=bool(told.concerns))


def _metric_or_fail(name: str) -> "Metric":
    django_ready()
    from yangguang.reports.dictionary import dictionary, metric_named

    metric = metric_named(name)
    if metric is None:
        near = [one.id for one in dictionary().values() if name in one.name]
        raise click.UsageError(f"指标字典中没有 {name}" + (f"；名称相近的有 {'、'.join(near)}" if near else ""))
    return metric
