"""How long a newcomer waits: `yangguang --help`, and the first answer of a server that was just started."""

import http.client
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from measuring import ChildError, Scale, environment_at, peak_mib, scratch
from rows import AT_MOST, Aim, Row

COMMAND = [sys.executable, "-c", "from yangguang.cli import main; main()"]
GROUP = "启动"
SECONDS, MEMORY = Aim(sign=AT_MOST, bound=2, unit=" 秒"), Aim(sign=AT_MOST, bound=150, unit=" MiB")
PATIENCE = 60
HOW = (
    "启动：新进程从开始到结束（--help）或到第一个 HTTP 回答（GET /checkpoint），取中位数；"
    "内存为最高常驻内存；文件已在系统缓存中。"
)


def rows(scale: Scale) -> Iterator[Row]:
    """Time and memory of both."""
    times = scale.of(9, 2)
    with scratch() as home:
        environment = environment_at(home)
        bare = statistics.median(_run([sys.executable, "-c", "pass"], environment) for _ in range(times))
        helped = statistics.median(_run([*COMMAND, "--help"], environment) for _ in range(times))
        peak = peak_mib(*COMMAND, "--help", environment=environment)
        yield from _rows("yangguang --help", helped, bare, peak)
        _run([*COMMAND, "setup"], environment)
        served = [_first_answer(environment) for _ in range(times)]
        waited = statistics.median(seconds for seconds, _ in served)
        yield from _rows("yangguang serve 的第一个回答", waited, bare, max(mib for _, mib in served))


def _rows(name: str, seconds: float, bare: float, mib: float) -> Iterator[Row]:
    yield Row(
        group=GROUP,
        name=name,
        figure=f"{seconds:.2f} 秒",
        baseline=f"空解释器 {bare:.3f} 秒",
        ratio=seconds / bare,
        judged=seconds,
        aim=SECONDS,
        note=HOW,
    )
    yield Row(group=GROUP, name=f"{name}，最高内存", figure=f"{mib:.0f} MiB", judged=mib, aim=MEMORY, note=HOW)


def _run(command: list[str], environment: dict[str, str]) -> float:
    started = time.perf_counter()
    done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
    if done.returncode:
        raise ChildError(f"{command}: {done.stderr[-500:]}")
    return time.perf_counter() - started


def _first_answer(environment: dict[str, str]) -> tuple[float, float]:
    """Seconds until the server answered, and its peak memory in MiB then."""
    port = _free_port()
    started = time.perf_counter()
    server = subprocess.Popen([*COMMAND, "serve", "--port", str(port)], env=environment, stderr=subprocess.PIPE)
    try:
        while not _answers(port):
            if server.poll() is not None or time.perf_counter() - started > PATIENCE:
                raise ChildError(f"serve: {server.stderr.read().decode()[-500:] if server.stderr else ''}")
            time.sleep(0.01)
        return time.perf_counter() - started, _peak_of(server.pid)
    finally:
        server.terminate()
        server.wait()


def _answers(port: int) -> bool:
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        connection.request("GET", "/checkpoint")
        return connection.getresponse().status < 500
    except ConnectionError:
        return False


def _peak_of(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
