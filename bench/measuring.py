"""How things are measured: repeated runs, children with a home of their own, and their peak memory."""

import contextlib
import gc
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
BENCH = ROOT / "bench"
BIDS = ROOT.parent / "shared/benchmarks/garcia2022_all_bids.csv.gz"
MIB = 1 << 20
NO_POSTGRESQL = 69
CHILD_SECONDS = 7200


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How much is done. `quick` shrinks everything so that it only shows that the measurement works."""

    quick: bool
    bids_file: Path

    def of(self, full: int, quick: int) -> int:
        """A size in the full run, or its small stand-in."""
        return quick if self.quick else full


class ChildError(RuntimeError):
    """A child process ended with an error; its last words are the message."""


def best(work: Callable[[], object], *, times: int) -> float:
    """The shortest of several runs, in seconds: what the machine can do when nobody disturbs it."""
    return min(seconds(work) for _ in range(times))


def interleaved(ours: Callable[[], object], theirs: Callable[[], object], *, times: int) -> tuple[float, float]:
    """The shortest run of each, taken in turns so that a slow minute strikes both."""
    pairs = [(seconds(ours), seconds(theirs)) for _ in range(times)]
    return min(one for one, _ in pairs), min(other for _, other in pairs)


def seconds(work: Callable[[], object]) -> float:
    """One run, without the garbage of the runs before."""
    gc.collect()
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


@contextlib.contextmanager
def scratch() -> Iterator[Path]:
    """A folder on the disk of the system's temporary files, removed afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="yangguang-bench-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def child(name: str, *, postgresql: bool = False, **given: Any) -> Any:
    """Run `bench/children/NAME.py` over an empty database in a fresh home; what its `measure` returned.

    None where there is no PostgreSQL. Raises `ChildError`.
    """
    command = [sys.executable, str(BENCH / "child.py"), name, json.dumps(given)]
    if postgresql:
        command = [sys.executable, str(ROOT / "tools/postgresql.py"), "--durable", *command]
    with scratch() as home:
        done = subprocess.run(
            command, env=environment_at(home), capture_output=True, text=True, timeout=CHILD_SECONDS, check=False
        )
    if postgresql and done.returncode == NO_POSTGRESQL:
        return None
    if done.returncode:
        raise ChildError(f"{name}: {done.stderr.strip()[-1500:]}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def environment_at(home: Path) -> dict[str, str]:
    """The environment of a program whose records are in `home`, on SQLite unless it is told otherwise."""
    inherited = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return inherited | {"YANGGUANG_HOME": str(home), "DJANGO_SETTINGS_MODULE": "yangguang.settings"}


def peak_mib(*command: str, environment: dict[str, str] | None = None) -> float:
    """The highest resident memory of a command while it ran, in MiB, read by a small process that waits for it."""
    launcher = [sys.executable, "-S", "-E", str(BENCH / "launch.py"), *command]
    done = subprocess.run(launcher, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ChildError(f"{command}: {done.stderr.strip()[-500:]}")
    return float(done.stderr.strip().splitlines()[-1]) / 1024


def bare_interpreter_mib() -> float:
    """The same of a Python that does nothing."""
    return peak_mib(sys.executable, "-c", "pass")
