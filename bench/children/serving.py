"""A running `yangguang serve` over this child's records, with a clock to be set, and people signed in to it."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.test import Client

from children import stage
from yangguang.demo.people import Signatory
from yangguang.web import demo_mode
from yangguang.web.accounts.models import Account

COMMAND = [sys.executable, "-c", "from yangguang.cli import main; main()", "serve", "--port", "0"]
SERVED = "网页服务已启动：http://127.0.0.1:"
BACKEND = "yangguang.web.accounts.backends.AccountBackend"


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Where it answers, and its process."""

    port: int
    pid: int


@contextmanager
def serving(*options: str, at: datetime | None = None) -> Iterator[Server]:
    """The server until the block ends; it believes that it is `at` when it begins to answer."""
    if at is not None:
        set_clock(at)
    log = stage.home() / "server.log"
    with log.open("w", encoding="utf-8") as out:
        process = subprocess.Popen([*COMMAND, *options], stdout=out, stderr=out)
    try:
        yield Server(port=_port(log), pid=process.pid)
    finally:
        process.terminate()
        process.wait()


def set_clock(at: datetime) -> None:
    """Let the server believe that it is this moment now; its clock goes on from there."""
    ahead = (at - datetime.now(tz=UTC)).total_seconds()
    value = {"accounts": [], "ahead_seconds": ahead}
    (stage.home() / demo_mode.FILE).write_text(json.dumps(value), encoding="utf-8")


def session_of(who: Signatory) -> str:
    """The session's cookie of a person who has signed in."""
    account = Account.objects.create_user(f"u{who.person.pk}", None, person=who.person)
    client = Client()
    client.force_login(account, backend=BACKEND)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def _port(log: Path) -> int:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        told = log.read_text(encoding="utf-8")
        if SERVED in told:
            return int(told.split(SERVED)[1].split("/")[0])
        time.sleep(0.05)
    raise RuntimeError(f"serve: {log.read_text(encoding='utf-8')[-500:]}")


def peak_mib(pid: int) -> float:
    """The highest resident memory of a running process so far, in MiB."""
    return status_mib(pid, "VmHWM")


def status_mib(pid: int, name: str) -> float:
    """A line of /proc/PID/status, in MiB."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return int(next(line for line in lines if line.startswith(f"{name}:")).split()[1]) / 1024


def ticks(pid: int) -> int:
    """The processor time that a process used until now, in clock ticks."""
    after_name = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return int(after_name[11]) + int(after_name[12])
