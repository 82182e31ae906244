"""The bidder's helper as a program, for tests: started, asked over HTTP, answered in its terminal."""

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from support.keyfiles import PASSWORD

SHOWN = "配对码："
PATIENCE = 30
PROGRAM = (sys.executable, "-c", "from yangguang.cli import main; main()", "bid", "agent")


@dataclass
class Program:
    """A running `yangguang bid agent`. `said` is what its window shows, as far as it was read."""

    process: subprocess.Popen[str]
    said: list[str] = field(default_factory=list)

    def code(self) -> str:
        """The newest pairing code, once it is shown."""
        return self.until(SHOWN).partition(SHOWN)[2].partition("（")[0]

    def until(self, text: str) -> str:
        """Read on to the line with this text."""
        assert self.process.stdout is not None
        impatience = threading.Timer(PATIENCE, self.process.kill)
        impatience.start()
        try:
            for line in self.process.stdout:
                self.said.append(line)
                if text in line:
                    return line
        finally:
            impatience.cancel()
        raise AssertionError("".join(self.said))

    def answer(self, text: str) -> None:
        """Type a line in its window."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{text}\n")
        self.process.stdin.flush()


@contextmanager
def helper(folder: Path, origin: str, file: bytes, *options: str) -> Iterator[Program]:
    """The helper with this certificate file until the block ends; it must stop quietly then."""
    (folder / "key.p12").write_bytes(file)
    (folder / "password").write_text(PASSWORD, encoding="utf-8")
    files = ("--key", str(folder / "key.p12"), "--password-file", str(folder / "password"))
    process = subprocess.Popen(
        [*PROGRAM, "--origin", origin, *files, *options],
        env={**os.environ, "PYTHONIOENCODING": "utf-8", "PYTHONWARNINGS": "error"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )
    program = Program(process)
    try:
        yield program
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=PATIENCE)  # with its standard input open: a question that waits does not hold it up
        finally:
            process.kill()
            program.said.append(process.communicate()[0])
    assert process.returncode == 0, "".join(program.said)


@dataclass
class Caller:
    """Whoever asks the helper; `changed` headers replace, those that are None are left out."""

    port: int
    origin: str
    token: str = ""

    def ask(
        self, path: str, given: Any = None, *, method: str = "POST", patience: float = PATIENCE, **changed: str | None
    ) -> tuple[int, Any, http.client.HTTPResponse]:
        """Status, what was told, and the answer with its headers."""
        body = given if isinstance(given, bytes) else json.dumps(given or {}).encode()
        usual = {
            "Host": f"127.0.0.1:{self.port}", "Origin": self.origin, "Content-Length": str(len(body)),
            "Authorization": f"Bearer {self.token}",
        }  # fmt: skip
        headers = usual | {name.replace("_", "-"): value for name, value in changed.items()}
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=patience)) as line:
            line.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in headers.items():
                if value is not None:
                    line.putheader(name, value)
            line.endheaders(body if headers["Content-Length"] == str(len(body)) else None)
            answer = line.getresponse()
            told = answer.read()
        return answer.status, json.loads(told) if told else None, answer

    def pair(self, code: str) -> Self:
        """Type the code; with its token from now on."""
        status, told, _ = self.ask("/pair", {"code": code.replace("-", "")})
        assert status == 200, told
        self.token = told["token"]
        return self
