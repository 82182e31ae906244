"""Run a command against a PostgreSQL server of its own, thrown away afterwards.

    python tools/postgresql.py [--durable] COMMAND …

The command finds the address in `DATABASE_URL`. The server listens on this machine only, under a random password.
`--durable` keeps every commit on disk as a real server does (for measurements); without it the server forgets faster.
Ends with the command's own exit code, or with 69 when no PostgreSQL can be had here.
"""

import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

UNAVAILABLE = 69  # EX_UNAVAILABLE of sysexits.h
READY_SECONDS = 60
INSTALL_SECONDS = 600
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
NAME = "yangguang"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """A database cluster in `folder`, run by the account `user` (None: the account of this process)."""

    binaries: Path
    folder: Path
    user: str | None
    port: int
    password: str

    @property
    def url(self) -> str:
        """The address for `DATABASE_URL`."""
        return f"postgres://{NAME}:{self.password}@127.0.0.1:{self.port}/{NAME}"

    def run(self, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's own programs to its end; its output is shown only when it fails."""
        command = [str(self.binaries / program), *arguments]
        environment = {**os.environ, "PGPASSWORD": self.password}
        done = subprocess.run(
            command, user=self.user, env=environment, cwd=self.folder, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stdout}{done.stderr}")


def find_binaries() -> Path | None:
    """The folder with `initdb` and `postgres`: the newest of Debian's, or what `pg_config` and PATH name."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True)
    others = [Path(program).parent for program in (shutil.which("initdb"),) if program]
    if shutil.which("pg_config"):
        named = subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True, check=False).stdout.strip()
        others.append(Path(named))
    return next((folder for folder in [*debian, *others] if _has_server(folder)), None)


def install_from_debian() -> None:
    """Install Debian's `postgresql` when this is root on Debian; say nothing and do nothing elsewhere."""
    if os.name != "posix" or os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    print("▸ 安装 PostgreSQL · Installing Debian's postgresql", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", "postgresql"]):
        done = subprocess.run(
            ["apt-get", *arguments], env=quiet, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False
        )
        if done.returncode:
            print(done.stderr.strip()[-500:], flush=True)


@contextmanager
def server(*, binaries: Path, durable: bool) -> Iterator[str]:
    """A running server; yields its address and leaves nothing behind, whatever happens inside."""
    user = _unprivileged_user()
    folder = Path(tempfile.mkdtemp(prefix="yangguang-pg-"))
    cluster = Cluster(
        binaries=binaries, folder=folder, user=user, port=_free_port(), password=secrets.token_urlsafe(18)
    )
    try:
        _initialise(cluster)
        process = _start(cluster, durable=durable)
        try:
            _wait_until_ready(cluster, process)
            cluster.run("createdb", "-h", "127.0.0.1", "-p", str(cluster.port), "-U", NAME, NAME)
            yield cluster.url
        finally:
            process.send_signal(signal.SIGINT)  # PostgreSQL's fast shutdown
            process.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _initialise(cluster: Cluster) -> None:
    secret = cluster.folder / "password"
    secret.touch(mode=0o600)
    secret.write_text(cluster.password, encoding="ascii")
    if cluster.user:
        shutil.chown(cluster.folder, cluster.user)
        shutil.chown(secret, cluster.user)
    options = ["--auth=scram-sha-256", "--encoding=UTF8", "--no-locale", "--no-sync"]
    cluster.run("initdb", "-D", str(cluster.folder / "data"), "-U", NAME, f"--pwfile={secret}", *options)
    secret.unlink()


def _start(cluster: Cluster, *, durable: bool) -> subprocess.Popen[bytes]:
    settings = {
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": str(cluster.folder),
        "port": str(cluster.port),
        "max_connections": "200",
        **({} if durable else FORGETFUL),
    }
    chosen = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    with (cluster.folder / "server.log").open("wb") as log:
        return subprocess.Popen(
            [str(cluster.binaries / "postgres"), "-D", str(cluster.folder / "data"), *chosen],
            user=cluster.user,
            cwd=cluster.folder,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C ends the command first, the server after it
        )


def _wait_until_ready(cluster: Cluster, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + READY_SECONDS
    ask = [str(cluster.binaries / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(cluster.port)]
    while subprocess.run(ask, check=False).returncode:
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError((cluster.folder / "server.log").read_text(encoding="utf-8", errors="replace"))
        time.sleep(0.1)


def _unprivileged_user() -> str | None:
    """PostgreSQL refuses to run as root: then `postgres` or `nobody` runs it."""
    if os.geteuid() != 0:
        return None
    accounts = {account.pw_name for account in pwd.getpwall()}
    return "postgres" if "postgres" in accounts else "nobody"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _has_server(folder: Path) -> bool:
    return all((folder / program).exists() for program in ("initdb", "postgres", "pg_isready", "createdb"))


def _version(folder: Path) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", folder.parent.name)]


def _stop(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(128 + signal.SIGTERM)


def main(arguments: list[str]) -> int:
    """Run the command; its exit code."""
    durable = arguments[:1] == ["--durable"]
    command = arguments[1:] if durable else arguments
    if not command:
        sys.exit(__doc__)
    if not find_binaries():
        install_from_debian()
    binaries = find_binaries()
    if not binaries:
        print("此处没有 PostgreSQL · No PostgreSQL here (initdb, postgres)", flush=True)
        return UNAVAILABLE
    signal.signal(signal.SIGTERM, _stop)
    with server(binaries=binaries, durable=durable) as url:
        return subprocess.run(command, env={**os.environ, "DATABASE_URL": url}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
