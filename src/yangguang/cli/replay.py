"""`yangguang replay`: historical tenders through the whole chain, checked and timed.

The work is done by processes over one database, each with its own Django; this process runs the sequencer beside them.
"""

import logging
import multiprocessing
import os
import shutil
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import TYPE_CHECKING

import click

from yangguang.cli import django_ready
from yangguang.demo.replay_input import BadHistory, PastTender, read_history
from yangguang.demo.replay_outcome import FEWEST, Played

if TYPE_CHECKING:
    from yangguang.demo.cast import Cast

BEAT_SECONDS = 0.5
READY_SECONDS = 120


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--market", required=True, help="市场名称（dataset 列），不分大小写，可只写其中一段。")
@click.option("--limit", type=click.IntRange(min=1), help="最多重放多少个项目；不给则全部。")
@click.option("--workers", type=click.IntRange(min=1), default=1, show_default=True, help="工作进程数。")
@click.option("--home", type=click.Path(file_okay=False, path_type=Path), help="记录存放的文件夹；不给则用临时文件夹。")
@click.option("--keep", is_flag=True, help="保留临时文件夹。")
def command(*, file: Path, market: str, limit: int | None, workers: int, home: Path | None, keep: bool) -> None:
    """用历史报价重放整条流程：登记、密封投标、解密、评标、定标、归档核验，最低价中标。

    FILE 是报价表（csv 或 csv.gz，列 tender、dataset、bid_eur）。金额按同数的人民币元；投标人、专家和证书均为虚构，
    日期为 2026 年 3 月起的模拟日期。不足三个报价的项目按法律止于“投标人不足三个，未开标”。
    """
    try:
        tenders = read_history(file, market=market, limit=limit)
    except BadHistory as bad:
        raise click.ClickException(str(bad)) from bad
    _announce(tenders, workers)
    with _home(home, keep=keep) as place:
        _prepare_database()
        click.echo("正在为虚构的投标人、专家准备证书（不计时）…")
        progress = _Progress(total=len(tenders))
        played, seconds = play_all(tenders, home=place, workers=workers, tell=progress.tell)
    _report(played, seconds)
    if not all(one.is_good for one in played):
        sys.exit(1)


def play_all(
    tenders: Sequence[PastTender], *, home: Path, workers: int, tell: Callable[[Played], None]
) -> tuple[list[Played], float]:
    """Play every tender over an empty database that is ready; gives the outcomes and the wall seconds.

    `home` takes the bidders' own files, and each archive until it is verified. `tell` hears of each tender as it ends.
    """
    from django.db import connections

    from yangguang.demo.replay_tender import cast_for, pack_cast

    cast = pack_cast(cast_for(tenders, folder=home / "bidders"))
    connections.close_all()
    context = multiprocessing.get_context("spawn")
    ready = context.Barrier(workers + 1, timeout=READY_SECONDS)
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_begin, initargs=(cast, home, ready)) as pool:
        waiting = {pool.submit(_play, tender) for tender in tenders}
        ready.wait()
        started, played = time.perf_counter(), []
        for one in _as_they_end(waiting):
            played.append(one)
            tell(one)
        return played, time.perf_counter() - started


@dataclass(slots=True)
class _Worker:
    """What a worker process has from the beginning."""

    cast: "Cast"
    home: Path


_worker: list[_Worker] = []


def _begin(cast: bytes, home: Path, ready: Barrier) -> None:
    """In a new process: Django first, because the cast holds rows."""
    django_ready()
    from yangguang.demo.replay_tender import unpack_cast

    logging.disable(logging.INFO)
    _worker.append(_Worker(unpack_cast(cast), home))
    ready.wait()


def _play(tender: PastTender) -> Played:
    from yangguang.demo.replay_tender import play_tender

    (here,) = _worker
    try:
        return play_tender(tender, cast=here.cast, home=here.home)
    except Exception:  # noqa: BLE001 - one tender's failure is told and counted, the others go on
        return Played(tender=tender, failure=traceback.format_exc(limit=-4))


def _as_they_end(waiting: set[Future[Played]]) -> Iterator[Played]:
    """The outcomes one by one; the sequencer runs whenever half a second has passed, as `yangguang clock` does."""
    beaten = time.monotonic()
    while waiting:
        done, waiting = wait(waiting, timeout=BEAT_SECONDS, return_when=FIRST_COMPLETED)
        yield from (one.result() for one in done)
        if time.monotonic() - beaten >= BEAT_SECONDS:
            _sequence()
            beaten = time.monotonic()
    _sequence()


def _sequence() -> None:
    from yangguang.demo.replay import FINISHED, moment
    from yangguang.witness.log import sequence_log

    sequence_log(at=moment(*FINISHED))


def _prepare_database() -> None:
    django_ready()
    from django.core.management import call_command

    from yangguang.trading.models import Centre

    call_command("migrate", verbosity=0, interactive=False)
    if Centre.objects.exists():
        raise click.ClickException("数据库里已有记录。重放需要空的数据库：请换一个 --home 或 DATABASE_URL。")


@contextmanager
def _home(given: Path | None, *, keep: bool) -> Iterator[Path]:
    """The folder of the records: the one asked for, or a temporary one that is removed unless it is to be kept."""
    place = (given or Path(tempfile.mkdtemp(prefix="yangguang-replay-"))).absolute()
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ["YANGGUANG_HOME"] = str(place)
    try:
        yield place
    finally:
        if given or keep:
            click.echo(f"记录在 {place}")
        else:
            shutil.rmtree(place, ignore_errors=True)


class _Progress:
    """A line for every tenth of the work, and every trouble at once."""

    def __init__(self, *, total: int) -> None:
        self.total, self.done = total, 0

    def tell(self, one: Played) -> None:
        self.done += 1
        for trouble in _troubles(one):
            click.echo(f"  项目 {one.tender.number}：{trouble}", err=True)
        if self.done == self.total or self.done % max(1, self.total // 10) == 0:
            click.echo(f"  已重放 {self.done}/{self.total}")


def _troubles(one: Played) -> list[str]:
    if one.failure:
        return [f"未能完成\n{one.failure}"]
    lowest = min(one.tender.prices, default="无")
    wrong = [f"结局“{one.stage}”，中标价 {one.price}，文件中最低价 {lowest}"] if one.is_wrong else []
    return wrong + [f"归档核验：{problem}" for problem in one.problems]


def _announce(tenders: Sequence[PastTender], workers: int) -> None:
    few = sum(len(one.prices) < FEWEST for one in tenders)
    bids, dropped = sum(len(one.prices) for one in tenders), sum(one.left_out for one in tenders)
    click.echo(f"{tenders[0].market}：{len(tenders)} 个项目，{bids} 份报价，{workers} 个工作进程。")
    if dropped:
        click.echo(f"略去没有有效金额的报价 {dropped} 份。")
    if few:
        click.echo(f"其中 {few} 个项目不足三个报价，重放到“投标人不足三个，未开标”为止。")


def _report(played: Sequence[Played], seconds: float) -> None:
    acts, bids = sum(one.acts for one in played), sum(len(one.tender.prices) for one in played)
    archiving = sum(one.archive_seconds for one in played)
    working = archiving + sum(one.seconds for one in played)
    awarded = sum(one.winner is not None for one in played)
    few, failed = sum(one.has_too_few for one in played), sum(bool(one.failure) for one in played)
    click.echo(f"用时 {seconds:.1f} 秒：项目 {len(played)} 个，办理 {acts} 项，投标 {bids} 份。")
    click.echo(
        f"每秒：项目 {len(played) / seconds:.2f}　办理 {acts / seconds:.1f}　投标 {bids / seconds:.2f}"
        f"（归档导出和核验占 {archiving / working if working else 0:.0%}）"
    )
    click.echo(f"定标 {awarded} 个，不足三家未开标 {few} 个，未能完成 {failed} 个。")
    click.echo(f"中标人有误 {sum(one.is_wrong for one in played)} 个。")
    click.echo(f"归档核验未通过 {sum(bool(one.problems) for one in played)} 个。")
