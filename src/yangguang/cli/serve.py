"""`yangguang serve`: the web tier and the clock in one process, on the embedded server."""

import errno
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click
import uvicorn

from yangguang.cli import django_ready
from yangguang.cli.clock import BEAT_SECONDS, beat

UNUSABLE = 2
GRACE_SECONDS = 5  # an answer under way is finished, a page that listens for news is cut off
REASONS = {
    errno.EADDRINUSE: "已被占用。请停止占用它的程序，或用 --port 换一个端口。",
    errno.EACCES: "没有权限监听。1024 以下的端口要系统权限，请用 --port 换一个端口。",
    errno.EADDRNOTAVAIL: "不是本机的地址。请核对 --host。",
}
NOT_SET_UP = "数据库还没有建立，或者与程序版本不符。请先运行：yangguang setup（记录在 {home}）"

logger = logging.getLogger("yangguang.serve")


class Server(uvicorn.Server):
    """The embedded server; `ready` is called once it answers."""

    def __init__(self, config: uvicorn.Config, *, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self.ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to answer, then say so."""
        await super().startup(sockets)
        self.ready()


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="监听地址")
@click.option("--port", default=8000, show_default=True, help="监听端口；0 为任选一个空闲端口")
@click.option("--clock/--no-clock", "with_clock", default=True, help="同时运行时钟（另有 yangguang clock 时可不运行）")
def command(*, host: str, port: int, with_clock: bool) -> None:
    """启动网页服务，并在同一进程内运行时钟：执行到期事项、把见证记录编入日志。Ctrl-C 停止。"""
    django_ready()
    stop_if_not_set_up()
    serve(listening(host, port), with_clock=with_clock)


def serve(listener: socket.socket, *, with_clock: bool = True, ready: Callable[[str], None] | None = None) -> None:
    """Answer until SIGINT or SIGTERM; then finish what is under way, stop the clock and return."""
    address = address_of(listener)
    config = uvicorn.Config(
        "yangguang.web.asgi:application",
        lifespan="off",
        log_level="warning",
        access_log=False,  # web/access_log.py writes its own, without addresses and without what is secret
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    server = Server(config, ready=lambda: (ready or say_ready)(address))
    with listener, quiet_signals(), clock_running(wanted=with_clock):
        server.run(sockets=[listener])


def say_ready(address: str) -> None:
    """One line that people and programs read."""
    click.echo(f"网页服务已启动：{address}（Ctrl-C 停止）")


def listening(host: str, port: int) -> socket.socket:
    """A socket bound to the address; ends the program with a plain word when it cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as fault:
        listener.close()
        click.echo(f"{host}:{port} {REASONS.get(fault.errno or 0, f'无法监听：{fault.strerror}')}", err=True)
        sys.exit(UNUSABLE)
    return listener


def address_of(listener: socket.socket) -> str:
    """What to type into a browser."""
    host, port = listener.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


def stop_if_not_set_up() -> None:
    """End the program, naming the command, when the database lacks a migration; making one is a decision."""
    from django.conf import settings
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        click.echo(NOT_SET_UP.format(home=settings.HOME), err=True)
        sys.exit(UNUSABLE)
    connection.close()


@contextmanager
def quiet_signals() -> Iterator[None]:
    """The server raises the signal that stopped it once more when it is done; being stopped is no failure."""
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, _ignore) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def clock_running(*, wanted: bool) -> Iterator[None]:
    """The clock beats in a thread beside the server until the block ends."""
    if not wanted:
        yield
        return
    stopped = threading.Event()
    thread = threading.Thread(target=keep_beating, args=(stopped,), name="clock")
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()


def keep_beating(stopped: threading.Event) -> None:
    """Beat after beat; a beat that fails is told, and the next one tries again."""
    from django.db import connection

    from yangguang.web.moment import now

    while not stopped.wait(BEAT_SECONDS):
        try:
            beat(at=now())
        except Exception:  # a full disk or a database that went away comes back; the clock must be there then
            logger.exception("时钟这一次没有走成，将再试")
            connection.close()
    connection.close()


def _ignore(*_: Any) -> None:
    """What a stopped server raises again."""


def is_wanted_after_demo() -> bool:
    """Whether `yangguang demo` goes on to serve: on a terminal, unless SERVE=0 says otherwise."""
    return sys.stdout.isatty() and os.environ.get("SERVE", "1") != "0"
