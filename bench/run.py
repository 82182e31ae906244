"""Measure everything and print the table: `python bench/run.py [--quick] [--only NAME …] [--write]`.

Ratios come from one run on one machine, with the absolute figures beside them. A quick run only shows that the
measurements work; its figures mean nothing and are never written to the documentation.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import archives
import databases
import deadline
import hall
import ledgers
import machine
import merkle_log
import page_sealing
import portal
import replays
import sealing
import starts
from measuring import BIDS, ROOT, Scale
from rich.console import Console
from rich.table import Table
from rows import HEADS, Row, markdown

PAGE = ROOT / "docs/benchmarks.md"
WIDTH = 150  # of the table where the output is no terminal
BEIJING = timezone(timedelta(hours=8))
MEASUREMENTS: dict[str, Callable[[Scale], Iterator[Row]]] = {
    "starts": starts.rows,
    "log": merkle_log.rows,
    "sealing": sealing.rows,
    "page-sealing": page_sealing.rows,
    "acts": databases.acts,
    "crowd": databases.crowd,
    "deadline": deadline.rows,
    "many-bids": databases.many_bids,
    "archive": archives.rows,
    "hall": hall.rows,
    "replay": replays.rows,
    "portal": portal.rows,
    "year-report": ledgers.reports,
    "ledger-import": ledgers.imports,
}


def main() -> int:
    """Run what was asked for; 1 when a measurement could not be finished (a missed aim is a result, not an error)."""
    asked = _arguments()
    scale = Scale(quick=asked.quick, bids_file=asked.bids)
    console, started = Console(width=None if sys.stdout.isatty() else WIDTH), datetime.now(tz=BEIJING)
    described = machine.describe()
    found: list[Row] = []
    failed: list[str] = []
    for name in asked.only or MEASUREMENTS:
        begun = time.perf_counter()
        console.print(f"▸ {name}", style="bold")
        try:
            for row in MEASUREMENTS[name](scale):
                found.append(row)
                console.print("  " + "  ".join(cell for cell in row.cells() if cell))
        except Exception as problem:  # noqa: BLE001 - one measurement's failure is told, the others go on
            failed.append(name)
            console.print(f"  未能测完：{problem or type(problem).__name__}", style="red", markup=False)
        console.print(f"  {time.perf_counter() - begun:.0f} 秒", style="dim")
    _print(console, found, quick=asked.quick)
    if asked.write and not asked.quick:
        PAGE.write_text(_page(found, described, started, failed=failed), encoding="utf-8")
        console.print(f"已写入 {PAGE.relative_to(ROOT)}")
    return 1 if failed else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="测量，并与同机的裸操作对照")
    parser.add_argument("--quick", action="store_true", help="缩小规模，只看测量能否运行，数字无意义")
    parser.add_argument("--only", nargs="+", choices=list(MEASUREMENTS), help="只测这些")
    parser.add_argument("--bids", type=Path, default=BIDS, help="历史报价表（重放用）")
    parser.add_argument("--write", action="store_true", help="写入 docs/benchmarks.md（缩小规模时不写）")
    asked = parser.parse_args()
    if asked.write and asked.only and not asked.quick:
        parser.error("--write 只写整轮的结果，不能与 --only 同用")
    return asked


def _print(console: Console, rows: list[Row], *, quick: bool) -> None:
    table = Table(title="测量结果" + ("（缩小规模，数字无意义）" if quick else ""))
    for head in HEADS:
        table.add_column(head, overflow="fold")
    for row in rows:
        table.add_row(*row.cells())
    console.print(table)


def _page(rows: list[Row], described: dict[str, str], started: datetime, *, failed: list[str]) -> str:
    facts = "\n".join(f"- {name}：{value}" for name, value in described.items())
    missed = sum(row.verdict == "未达到" for row in rows)
    unfinished = f"\n未能测完：{'、'.join(failed)}。\n" if failed else ""
    return f"""# 测量 · Benchmarks

`make bench` 在一台机器上一次测完，每个结果旁边是同一次运行中的对照；比值大于 1 表示比对照快，
标明“增长”的比值是倍数。目标未达到的如实写明（本次 {missed} 项）。

Measured in one run on one machine; each figure stands beside a baseline of the same run. Misses are printed as misses.

测量时间：{started:%Y-%m-%d %H:%M}（北京时间）

{facts}
{unfinished}
{markdown(rows)}"""


if __name__ == "__main__":
    sys.exit(main())
