"""The benchmark runs: every measurement is there, and the cheap ones give their rows in quick mode."""

import importlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

BENCH = Path(__file__).resolve().parents[2] / "bench"


@pytest.fixture
def bench(monkeypatch):
    """The modules of the benchmark, which is a folder of scripts and not part of the product."""
    monkeypatch.syspath_prepend(str(BENCH))
    return importlib.import_module


def test_every_module_of_the_benchmark_can_be_read(bench):
    for path in BENCH.glob("*.py"):
        if path.stem not in {"launch", "child"}:
            bench(path.stem)
    for path in (BENCH / "children").glob("*.py"):
        bench(f"children.{path.stem}")


def test_the_make_target_measures_all_there_is(bench):
    names = list(bench("run").MEASUREMENTS)
    assert names == [
        "starts", "log", "sealing", "page-sealing", "acts", "crowd", "deadline", "many-bids", "archive", "hall",
        "replay", "portal", "year-report", "ledger-import",
    ]  # fmt: skip


def test_a_missed_aim_is_printed_as_missed(bench):
    rows = bench("rows")
    aim = rows.Aim(sign=rows.AT_LEAST, bound=0.5)
    row = rows.Row(group="g", name="n", figure="1", baseline="2", ratio=0.4, aim=aim, note="how")
    assert row.cells() == ["n", "1", "2", "0.40", "≥ 0.5", "未达到"]
    assert rows.Row(group="g", name="n", figure="1", ratio=0.5, aim=aim).verdict == "达到"
    assert rows.Row(group="g", name="n", note="没有").verdict == "未测"
    assert rows.markdown([row]).splitlines() == [
        "## g",
        "",
        "| 项目 | 结果 | 对照 | 比值 | 目标 | 结论 |",
        "| --- | --- | --- | --- | --- | --- |",
        "| n | 1 | 2 | 0.40 | ≥ 0.5 | 未达到 |",
        "",
        "- how",
    ]


def test_an_absolute_aim_is_judged_by_its_own_figure(bench):
    rows = bench("rows")
    aim = rows.Aim(sign=rows.AT_MOST, bound=64, unit=" MiB")
    assert rows.Row(group="g", name="n", figure="x", ratio=9.0, judged=64.0, aim=aim).verdict == "达到"
    assert rows.Row(group="g", name="n", figure="x", ratio=1.0, judged=64.5, aim=aim).verdict == "未达到"


def test_the_machine_is_described(bench):
    told = bench("machine").describe()
    assert {"处理器", "核数", "内存", "Python", "OpenSSL", "SQLite", "PostgreSQL"} <= set(told)
    assert all(told.values())


def test_the_cheap_measurements_run_in_quick_mode_and_write_nothing():
    page = BENCH.parent / "docs/benchmarks.md"
    before = page.read_bytes() if page.exists() else None
    command = [sys.executable, str(BENCH / "run.py"), "--quick", "--write", "--only", "log", "starts"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "日志：追加" in done.stdout
    assert "yangguang --help" in done.stdout
    assert "数字无意义" in done.stdout
    assert (page.read_bytes() if page.exists() else None) == before


def test_a_child_measures_over_a_database_of_its_own(bench):
    got = bench("measuring").child("many_bids", bids=3)
    assert len(got["seconds"]) == 3
    json.dumps(got)
