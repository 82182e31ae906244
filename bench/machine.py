"""On what machine and with which libraries the figures were measured."""

import os
import platform
import shutil
import sqlite3
import subprocess
from pathlib import Path

from cryptography.hazmat.backends.openssl import backend

GIB = 1 << 30


def describe() -> dict[str, str]:
    """Names and versions, in the order of the page."""
    return {
        "处理器": _cpu(),
        "核数": str(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()),
        "内存": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / GIB:.1f} GiB",
        "系统": f"{platform.system()} {platform.release()}",
        "Python": platform.python_version(),
        "OpenSSL": backend.openssl_version_text(),
        "SQLite": sqlite3.sqlite_version,
        "PostgreSQL": _postgresql(),
        "同时运行的负载": f"{os.getloadavg()[0]:.2f}（开始时一分钟平均）",
    }


def _cpu() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _postgresql() -> str:
    found = shutil.which("postgres") or next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))), None)
    if found is None:
        return "没有"
    said = subprocess.run([str(found), "--version"], capture_output=True, text=True, check=False).stdout
    return said.strip().removeprefix("postgres (PostgreSQL) ")
