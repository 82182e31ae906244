"""`yangguang burden`: what people typed, and how much of the reports nobody had to type."""

from datetime import UTC, datetime

import click

from yangguang.cli import django_ready
from yangguang.cli.report_making import span_or_fail, unit_or_fail


@click.command()
@click.option("--period", required=True, help="期间，如 2023、2023-H1。")
@click.option("--unit", "code", default="", help="单位编码；只有一个上级单位时可以不写。")
@click.option("--outline", "only", default="", help="只算一个提纲。")
def command(*, period: str, code: str, only: str) -> None:
    """填报负担：每人每月填了多少项、导入了多少项，报告中的数有多少由记录得出（目标不低于90%）。不排名，不记名。"""
    django_ready()
    from yangguang.reports.burden import COUNTED, NOT_COUNTED, derived_share, imported_percent, typed_by_month
    from yangguang.reports.drafting import draft
    from yangguang.reports.outlines import outline_named, outlines
    from yangguang.rules.calendar import legal_date

    unit, span = unit_or_fail(code), span_or_fail(period)
    chosen = [outline_named(only)] if only else list(outlines().values())
    months = typed_by_month(unit=unit, span=span)
    for one in months:
        click.echo(
            f"{one.month:%Y-%m}\t{one.records}条记录\t{one.fields}项\t{one.people}人\t人均{one.per_person}项"
            f"\t导入{one.imported_records}条{one.imported}项（{one.imported_percent}%）"
        )
    fields, brought = sum(one.fields for one in months), sum(one.imported for one in months)
    click.echo(f"{span.name}人工填写共{fields}项；另有导入{brought}项，占全部栏目的{imported_percent(months)}%。")
    click.echo(COUNTED)
    click.echo(NOT_COUNTED)
    for outline in chosen:
        if outline is None:
            raise click.UsageError(f"没有提纲“{only}”；有：{'、'.join(outlines())}")
        if outline.months and span.size not in outline.months:
            continue
        drafted = draft(outline=outline, unit=unit, span=span, as_of=legal_date(datetime.now(tz=UTC)))
        share = derived_share(figures=drafted.figures)
        click.echo(f"{outline.name}：{share.total}个数，{share.derived}个由记录得出（{share.percent or '—'}%）")
