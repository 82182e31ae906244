"""The helper's door: HTTP on 127.0.0.1 for the pages of declared origins, and for nobody else.

Every request must be addressed to this very address (a name that leads here by DNS is refused) and come from a
declared origin; all but pairing need the token that pairing gave to that origin. Nothing is answered to others, so
that a page elsewhere cannot even read why it was refused. Nothing is logged but what `Desk` tells the person.
"""

import json
import os
import shutil
import socket
import socketserver
import tempfile
from collections.abc import Callable, Collection
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, Final

from yangguang.cli.agent.pairing import Pairing
from yangguang.cli.agent.refusals import CONFLICT, refused, status_of
from yangguang.cli.agent.work import Desk
from yangguang.proof.broken import BrokenBid
from yangguang.rules.refusal import Refusal, Refused
from yangguang.web.helper import PORTS

HOST: Final = "127.0.0.1"
LONGEST_JSON: Final = 2 << 20
LARGEST_FILE: Final = 8 << 30  # a sealed file is smaller (docs/bid-format.md)
PIECE: Final = 1 << 20
PREFLIGHT_SECONDS: Final = 600


class AgentServer(socketserver.ThreadingTCPServer):
    """One keyring behind one door. `port` 0 would be any free one."""

    daemon_threads = True
    allow_reuse_address = os.name == "posix"  # elsewhere it would let another program take our port

    def __init__(self, *, desk: Desk, origins: Collection[str], port: int) -> None:
        self.desk, self.origins = desk, frozenset(origins)
        super().__init__((HOST, port), Handler)
        self.pairing = Pairing(digit=self.port - PORTS.start, show=desk.terminal.tell_code)

    def server_bind(self) -> None:
        """Take the port for us alone."""
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        super().server_bind()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A page that went away is no event; anything else has been told where it happened."""


class Handler(BaseHTTPRequestHandler):
    """One request."""

    server: AgentServer
    server_version = "yangguang-agent"
    sys_version = ""
    timeout = 60  # seconds that a line may be silent while its request is read

    def do_OPTIONS(self) -> None:
        """The browser's question whether the page may ask at all."""
        if self._refusal_of_caller() is not None:
            self._answer(HTTPStatus.FORBIDDEN, b"")
            return
        headers = {
            "Access-Control-Allow-Methods": "POST",
            "Access-Control-Allow-Headers": "authorization, content-type",
            "Access-Control-Max-Age": str(PREFLIGHT_SECONDS),
        }
        if self.headers.get("Access-Control-Request-Private-Network") == "true":
            headers["Access-Control-Allow-Private-Network"] = "true"
        self._answer(HTTPStatus.NO_CONTENT, b"", headers | self._allowed())

    def do_POST(self) -> None:
        """One piece of work."""
        caller = self._refusal_of_caller()
        if caller is not None:
            self._answer(status_of(caller), _told(caller))
            return
        try:
            answer = self._perform()
        except Refused as error:
            self._answer(status_of(error.refusals[0]), _told(error.refusals[0]), self._allowed())
        except BrokenBid as error:
            self._answer(CONFLICT, _told(error.refusal), self._allowed())
        except Exception as error:  # noqa: BLE001 # a token's driver may raise anything; the page must hear of it
            self.server.desk.terminal.tell(f"没有办成：{type(error).__name__}")
            refusal = refused("agent.failed").refusals[0]
            self._answer(status_of(refusal), _told(refusal), self._allowed())
        else:
            self._answer(HTTPStatus.OK, json.dumps(answer, ensure_ascii=False).encode(), self._allowed())

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 # the library's name
        """Nothing."""

    @property
    def _origin(self) -> str:
        return self.headers.get("Origin", "")

    def _refusal_of_caller(self) -> Refusal | None:
        """Why this caller is not answered, or None."""
        if self.headers.get_all("Host") != [f"{HOST}:{self.server.port}"]:
            return refused("agent.host").refusals[0]
        if len(self.headers.get_all("Origin", [])) != 1 or self._origin not in self.server.origins:
            return refused("agent.origin").refusals[0]
        return None

    def _perform(self) -> dict[str, Any]:
        if self.path == "/trial":
            self._check_token()
            return self._trial()
        asked = self._asked()
        if self.path == "/pair":
            return {"token": self.server.pairing.pair(code=str(asked.get("code")), origin=self._origin)}
        self._check_token()
        if self.path not in WORK:
            raise refused("agent.unknown")
        return WORK[self.path](self.server.desk, asked, self._origin)

    def _check_token(self) -> None:
        kind, _, token = self.headers.get("Authorization", "").partition(" ")
        self.server.pairing.check(token=token if kind == "Bearer" else "", origin=self._origin)

    def _trial(self) -> dict[str, Any]:
        size = self._length(LARGEST_FILE)
        with self.server.desk.alone(), tempfile.TemporaryDirectory(prefix="yangguang-") as folder:
            if shutil.disk_usage(folder).free < size:
                raise refused("agent.no_space")
            path = Path(folder, "sealed.ygb")
            self._receive(path, size)
            return self.server.desk.trial(path)

    def _length(self, most: int) -> int:
        text = self.headers.get("Content-Length", "")
        if self.headers.get("Transfer-Encoding") or not (text.isascii() and text.isdigit()):
            raise refused("agent.malformed")
        if len(text) > len(str(most)) or int(text) > most:
            raise refused("agent.too_large")
        return int(text)

    def _asked(self) -> dict[str, Any]:
        data = self.rfile.read(self._length(LONGEST_JSON))
        try:
            value = json.loads(data)
        except (ValueError, RecursionError) as error:
            raise refused("agent.malformed") from error
        if not isinstance(value, dict):
            raise refused("agent.malformed")
        return value

    def _receive(self, path: Path, size: int) -> None:
        with path.open("wb") as file:
            while size:
                piece = self.rfile.read(min(size, PIECE))
                if not piece:
                    raise refused("agent.malformed")
                file.write(piece)
                size -= len(piece)

    def _allowed(self) -> dict[str, str]:
        return {"Access-Control-Allow-Origin": self._origin}

    def _answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        common = {"Content-Type": "application/json; charset=utf-8", "Content-Length": str(len(body))}
        always = {"Cache-Control": "no-store", "Vary": "Origin", "X-Content-Type-Options": "nosniff"}
        for name, value in (common | always | (headers or {})).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


WORK: dict[str, Callable[[Desk, dict[str, Any], str], dict[str, Any]]] = {
    "/status": Desk.status,
    "/sign": Desk.sign,
    "/release": Desk.release,
}


def _told(refusal: Refusal) -> bytes:
    told = {"code": refusal.code, "reason": refusal.reason, "remedy": refusal.remedy}
    return json.dumps(told, ensure_ascii=False).encode()
