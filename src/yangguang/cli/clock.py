"""`yangguang clock`: perform what is due and put committed entries into the log."""

import signal
import threading
from datetime import datetime

import click

from yangguang.cli import django_ready

BEAT_SECONDS = 0.5


@click.command()
@click.option("--once", is_flag=True, help="只执行一次，不持续运行")
def command(*, once: bool) -> None:
    """执行到期的事项（截止、解密结束等），并把已提交的见证记录编入日志、签发检查点。"""
    django_ready()
    from yangguang.web.moment import now

    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    while True:
        beat(at=now())
        if once or stopped.wait(BEAT_SECONDS):
            return


def beat(*, at: datetime) -> None:
    """One beat of the clock."""
    from yangguang.trading.due import perform_due
    from yangguang.web.bidding import settling
    from yangguang.web.desk.sending import send_news
    from yangguang.web.party.exchanging import waiting
    from yangguang.witness.log import sequence_log

    settling.settle_left(at=at)
    settling.clean(at=at)
    waiting.clean(at=at)
    for due, refused in perform_due(at=at):
        outcome = f"未办理：{refused}" if refused else "已办理"
        click.echo(f"{at.astimezone():%Y-%m-%d %H:%M:%S} {due.stream} {due.act} {outcome}")
    checkpoint = sequence_log(at=at)
    if checkpoint is not None:
        click.echo(f"{at.astimezone():%Y-%m-%d %H:%M:%S} 检查点：日志 {checkpoint.size} 条")
    send_news(at=at)
