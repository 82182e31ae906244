"""`yangguang verify`: an exported archive, or every stream of the live database."""

import os
import sys
import tempfile
from pathlib import Path

import click

from yangguang.cli import django_ready

FAILED = 1


@click.command(
    help="""核验归档或数据库。

    给出归档文件夹：检查文件和签名、见证日志、投标文件的开启、抽取、评分和定标，说明证明了什么；
    有问题时指出是哪个文件、错在哪里，并以 1 退出。不需要数据库，也不写任何文件。

    --database：把每个项目的见证记录按阶段表重放一遍，与状态表对照。
    """,
)
@click.argument(
    "archive", required=False, metavar="归档文件夹", type=click.Path(exists=True, file_okay=False, path_type=Path)
)
@click.option(
    "--key", "keys", multiple=True, metavar="日志公钥串", help="自己掌握的日志公钥，可重复；不给则信归档自带的。"
)
@click.option("--database", is_flag=True, help="核验数据库中的全部项目。")
def command(*, archive: Path | None, keys: tuple[str, ...], database: bool) -> None:
    """Exit with 1 when anything is wrong."""
    if (archive is None) != database:
        raise click.UsageError("请给出归档文件夹，或者 --database，二者只取其一。")
    sound = verify_folder(archive, keys=keys) if archive else verify_database()
    click.echo("核验通过" if sound else "核验不通过")
    if not sound:
        sys.exit(FAILED)


def verify_folder(archive: Path, *, keys: tuple[str, ...]) -> bool:
    """Check an archive and say what was proved or what is wrong; the reader's own folder stays as it was."""
    with tempfile.TemporaryDirectory(prefix="yangguang-verify-") as home:
        os.environ.setdefault("YANGGUANG_HOME", home)
        django_ready()
        from yangguang.trading.verification import verify_archive

        report = verify_archive(archive, trusted=keys)
    for statement in report.statements:
        click.echo(f"✓ {statement}")
    for problem in report.problems:
        click.echo(f"✗ {problem}")
    return not report.problems


def verify_database() -> bool:
    """Replay every trade's log and compare it with the state tables."""
    django_ready()
    from yangguang.trading.models import Trade
    from yangguang.trading.verification import verify_trade

    sound = True
    for trade in Trade.objects.order_by("pk"):
        problems = verify_trade(trade)
        click.echo(
            f"{'✗' if problems else '✓'} {trade.stream} {trade.stage_name(trade.stage)} {trade.entries} 条见证记录"
        )
        for problem in problems:
            click.echo(f"  {problem}")
        sound = sound and not problems
    return sound
