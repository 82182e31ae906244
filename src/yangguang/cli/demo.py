"""`yangguang demo`: one tender from registration to its verified archive, and a year of records with its reports.

`yangguang demo --picture docs/pictures/demo.svg` draws the picture that the READMEs show.
"""

import os
import shutil
import sys
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.markup import escape

from yangguang.cli import demo_year, django_ready
from yangguang.cli.demo_live import CERTIFICATES, make_live, serve_demo, show_accounts
from yangguang.cli.screen import Screen, padded, plain_table
from yangguang.cli.serve import is_wanted_after_demo

if TYPE_CHECKING:
    from yangguang.demo.telling import Story, Told

MARKER = "yangguang-demo"
MARKED = "这是阳光交易的演示目录，每次演示都会清空。\n"
FAILED = 1
REFUSED = 2
ENDINGS = (
    ("投标人", "left"),
    ("证书", "left"),
    ("报价（元）", "right"),
    ("结果", "fold"),
    ("总分", "right"),
    ("名次", "right"),
)


@click.command()
@click.option(
    "--home", type=click.Path(file_okay=False, path_type=Path), default=Path("var/demo"), help="演示目录，每次清空。"
)
@click.option("--picture", type=click.Path(dir_okay=False, path_type=Path), help="另把终端画面存为 SVG。")
def command(home: Path, picture: Path | None) -> None:
    """演示：一个工程招标项目从登记走到可核验的归档，一个中心的全年记录写成总结。"""
    began = time.monotonic()
    prepare_home(home)
    screen = Screen.open(with_picture=picture is not None)
    screen.say("[bold]阳光交易演示[/bold]  示例市公共资源交易中心 · 单位、人员、证书均为虚构")
    load_records(home)
    centre = demo_year.load(screen)
    story = play(screen, home)
    verified = archive_and_verify(screen, story, home)
    show_endings(screen, story)
    demo_year.show_year(screen, centre, home)
    with screen.busy("在办项目、账户和证书"):
        colleagues = demo_year.party_roles(centre)
        accounts = make_live(home, story.cast, now=datetime.now(tz=UTC), colleagues=colleagues)
    show_next(screen, home, seconds=time.monotonic() - began)
    if picture:
        screen.save_picture(picture, title="make demo")
    show_accounts(screen, accounts, home)
    if verified and is_wanted_after_demo():
        serve_demo(screen)
    sys.exit(0 if verified else FAILED)


def prepare_home(home: Path) -> None:
    """Make the demo's folder anew. Exits when it is a folder that no demo made, which is left as it is."""
    if home.exists() and any(home.iterdir()):
        if not (home / MARKER).is_file():
            click.echo(f"{home} 不是演示目录，不会清空。请用 --home 另选一个目录。", err=True)
            sys.exit(REFUSED)
        shutil.rmtree(home)
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    (home / MARKER).write_text(MARKED, encoding="utf-8")


def load_records(home: Path) -> None:
    """SQLite under `home`, whatever the environment says: the demo never touches a house's records."""
    os.environ["YANGGUANG_HOME"] = str(home.absolute())
    os.environ.pop("DATABASE_URL", None)
    os.environ.setdefault("YANGGUANG_LOG_LEVEL", "WARNING")  # people read this terminal, not the access log
    django_ready()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)


def play(screen: Screen, home: Path) -> "Story":
    """The story itself, chapter by chapter."""
    from yangguang.demo.story import play_story

    with screen.busy("演示进行中"):
        return play_story(folder=home / "bidders", tell=lambda told: show_chapter(screen, told))


def show_chapter(screen: Screen, told: "Told") -> None:
    """One line for the chapter with its last moment and its entries, and one for each refusal."""
    refused = [one for one in told.happened if one.code]
    done = [one for one in told.happened if not one.code]
    sealed = sum(one.sealed for one in done)
    counts = ((len(done) - sealed, "见证"), (sealed, "封存"))
    entries = " ".join(f"{name}{count}条" for count, name in counts if count)
    mark = "[green]✔[/green]" if done else " "
    day = f"[dim]{told.happened[-1].at:%m-%d %H:%M}[/dim]"
    title = f"[bold]{padded(told.title, cells=14)}[/bold]"
    screen.say(f"{day} {mark} {title} [cyan]{padded(entries, cells=12)}[/cyan]{escape(told.says)}")
    for one in refused:
        words = escape(f"{one.what}：不予受理，{one.reason}（{one.article}）")
        screen.say(f"            [yellow]✘ {words}[/yellow]")


def archive_and_verify(screen: Screen, story: "Story", home: Path) -> bool:
    """Archive and verify, then change one byte of a copy; True when the one holds and the other does not."""
    from yangguang.trading.archive import export_archive
    from yangguang.trading.verification import verify_archive
    from yangguang.witness.platform import platform

    keys = platform().verifier_keys()
    with screen.busy("归档与核验"):
        at = story.moment(40, "16:00") + timedelta(minutes=5)
        archive = export_archive(trade=story.trade, destination=home / "archive", at=at)
        report = verify_archive(archive, trusted=keys)
        copy, member = changed_copy(archive, home / "archive-changed")
        spoiled = verify_archive(copy, trusted=keys)
    show_report(screen, "核验归档", statements=report.statements, problems=report.problems)
    show_report(screen, f"复制一份归档，只改 {member} 的一个字节，再核验", problems=spoiled.problems)
    found = any(member in problem for problem in spoiled.problems)
    return not report.problems and found


def changed_copy(archive: Path, copy: Path) -> tuple[Path, str]:
    """A copy of the archive in which the last byte of its biggest member differs; and that member's path."""
    shutil.copytree(archive, copy)
    biggest = max((one for one in (copy / "data").rglob("*") if one.is_file()), key=lambda one: one.stat().st_size)
    biggest.chmod(0o600)
    with biggest.open("r+b") as file:
        file.seek(-1, os.SEEK_END)
        last = file.read(1)[0]
        file.seek(-1, os.SEEK_END)
        file.write(bytes([last ^ 1]))
    return copy, biggest.relative_to(copy).as_posix()


def show_report(screen: Screen, title: str, *, statements: Iterable[str] = (), problems: Iterable[str]) -> None:
    """What was proved, and what is wrong."""
    screen.say()
    screen.say(f"[bold]{escape(title)}[/bold]")
    for statement in statements:
        screen.say(f"  [green]✔[/green] {escape(statement)}")
    for problem in problems:
        screen.say(f"  [red]✘ {escape(problem)}[/red]")


def show_endings(screen: Screen, story: "Story") -> None:
    """The table of what happened."""
    from yangguang.demo.outcome import endings

    table = plain_table(title=f"发生了什么：{story.trade.stream}", columns=ENDINGS)
    for row in endings(story):
        style = "bold green" if row.fate == "中标" else None
        table.add_row(row.bidder, row.certificate, row.price, row.fate, row.total, row.rank, style=style)
    screen.say()
    screen.show(table)
    done, refused = len(story.happened) - len(story.refusals), len(story.refusals)
    entries = f"公开见证{story.trade.entries}条，封存记录{story.trade.sealed_entries}条"
    screen.say(f"办理{done}件，不予受理{refused}件；{entries}。")


def show_next(screen: Screen, home: Path, *, seconds: float) -> None:
    """The files to look at and the commands to go on with."""
    tools, here = Path(sys.executable).parent, Path.cwd()
    programs = tools.relative_to(here) if tools.is_relative_to(here) else tools
    looks = (
        (home / "archive", "归档，从 data/目录.html 看起"),
        (home / "bidders", "投标人自己电脑上的文件：加密投标文件和回执"),
        (home / demo_year.REPORTS, "半年汇报和年度总结（.docx），数字后面是记录"),
        (home / CERTIFICATES, "各角色的数字证书文件（.p12），在网页上签名、解密用"),
        (home / "yangguang.sqlite3", "平台的全部记录，另有5个在办项目"),
    )
    commands = (
        f"{programs}/yangguang verify {home / 'archive'}",
        f"{programs}/python verifier/verify.py {home / 'archive'}",
        f"YANGGUANG_HOME={home} {programs}/yangguang report check {home / demo_year.REPORTS}/年度总结-2023.docx",
        f"YANGGUANG_HOME={home} {programs}/yangguang metric explain committee_meetings --period 2023",
        f"YANGGUANG_HOME={home} {programs}/yangguang serve",
    )
    screen.say()
    screen.say("[bold]可以看[/bold]")
    for place, words in looks:
        screen.say(f"  {escape(str(place))}  {words}")
    screen.say("[bold]接下来可以运行[/bold]")
    for line in commands:
        screen.say(f"  {escape(line)}")
    screen.say(f"[dim]用时{seconds:.1f}秒[/dim]")
