"""The deadline minute: many bidders send large sealed files to a running server, as their pages do, in pieces."""

import base64
import http.client
import json
import os
import threading
import time
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import connections

from children import serving, stage
from yangguang.demo.cast import plain_parts, sealed_bid
from yangguang.demo.replay import DEADLINE, moment
from yangguang.proof.tarfiles import PartFile
from yangguang.trading.models import Bid
from yangguang.web.bidding.models import Upload

PIECE = 8 << 20  # as scripts/lib/upload.js sends
MIB = 1 << 20
MINUTE = timedelta(minutes=1)
TICKS = os.sysconf("SC_CLK_TCK")
FORGED = "0" * 32  # the cookie and the header against forged forms have to be the same, whatever they are
PATIENCE = 600


@dataclass(slots=True, kw_only=True)
class Bidder:
    """One page of a bidder: whose it is, what it sends, and when it had its receipt or was told why not."""

    session: str
    file: Path
    size: int
    seconds: float = 0.0
    told: str = ""
    line: http.client.HTTPConnection | None = None

    def send(self, port: int, stream: str, starting_line: threading.Barrier) -> None:
        """Everything, from the starting line on."""
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        starting_line.wait()
        began = time.perf_counter()
        try:
            self.told = self._upload(stream)
        except (OSError, http.client.HTTPException) as problem:
            self.told = f"{type(problem).__name__}: {problem}"
        self.seconds = time.perf_counter() - began
        self.line.close()

    def _upload(self, stream: str) -> str:
        """Create, send piece by piece, look at what became of it; empty when there is a receipt."""
        act = base64.b64encode(b"submit_bid").decode()
        given = {"Upload-Length": str(self.size), "Upload-Metadata": f"act {act}"}
        made, told = self._ask("POST", f"/trades/{stream}/bid/uploads/", given)
        if made.status != http.client.CREATED:
            return _reason(made, told)
        url = made.headers["Location"]
        with self.file.open("rb") as file:
            for offset in range(0, self.size, PIECE):
                kind = {"Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
                answer, told = self._ask("PATCH", url, kind, file.read(PIECE))
                if answer.status != http.client.NO_CONTENT:
                    return _reason(answer, told)
        page = self._ask("GET", f"{url}/result/", {})[1]
        return "" if "已收到并封存" in page else "没有回执"

    def _ask(
        self, method: str, path: str, headers: dict[str, str], body: bytes | None = None
    ) -> tuple[http.client.HTTPResponse, str]:
        assert self.line is not None
        cookies = {"Cookie": f"sessionid={self.session}; csrftoken={FORGED}", "X-CSRFToken": FORGED}
        self.line.request(method, path, body=body, headers={"Tus-Resumable": "1.0.0", **cookies, **headers})
        answer = self.line.getresponse()
        return answer, answer.read().decode()


def _reason(answer: http.client.HTTPResponse, told: str) -> str:
    """Why a page was told no, in the server's own words."""
    try:
        return f"{answer.status} {json.loads(told)['refusals'][0]['reason']}"
    except (ValueError, LookupError):
        return f"{answer.status} {told[:100]}"


def measure(*, bidders: int, mib: int) -> dict[str, Any]:
    """Seconds until the last answer, the slowest bidder, what was refused, and what the server spent."""
    cast = stage.cast(bidders=bidders)
    trade = stage.trade_up_to(stage.TAKING_BIDS, cast=cast, bidders=bidders).trade
    everyone = [_bidder(cast, one, trade, mib) for one in cast.bidders]
    plain = _written([one.file for one in everyone])
    connections.close_all()
    with serving.serving(at=moment(*DEADLINE) - MINUTE) as server:
        idle = serving.status_mib(server.pid, "VmRSS")
        serving.set_clock(moment(*DEADLINE) - MINUTE)
        spent, wall = serving.ticks(server.pid), _all_send(everyone, server.port, trade.stream)
        busy = (serving.ticks(server.pid) - spent) / TICKS
        peak = serving.peak_mib(server.pid)
    return {
        "bidders": bidders,
        "bytes": sum(one.size for one in everyone),
        "seconds": wall,
        "slowest": max(one.seconds for one in everyone),
        "median": sorted(one.seconds for one in everyone)[bidders // 2],
        "refused": [one.told for one in everyone if one.told],
        "accepted": Bid.objects.filter(trade=trade).count(),
        "left": Upload.objects.filter(settled_at__isnull=True).count(),
        "plain": plain,
        "processor": busy,
        "idle": idle,
        "mib": peak,
    }


def _bidder(cast: Any, who: Any, trade: Any, mib: int) -> Bidder:
    parts = plain_parts(price=Decimal(900_000))
    parts["technical"] = [PartFile("技术标.bin", os.urandom(MIB) * mib)]
    file = sealed_bid(cast=cast, bidder=who, trade=trade, parts=parts, at=moment(*DEADLINE) - MINUTE)
    return Bidder(session=serving.session_of(who), file=file, size=file.stat().st_size)


def _written(files: list[Path]) -> float:
    """The same bytes, each file written and synced once, one after another: the least that keeping them takes."""
    target = stage.home() / "plain"
    taken = 0.0
    for file in files:
        content = file.read_bytes()
        began = time.perf_counter()
        with target.open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        taken += time.perf_counter() - began
        target.unlink()
    return taken


def _all_send(everyone: list[Bidder], port: int, stream: str) -> float:
    starting_line = threading.Barrier(len(everyone) + 1)
    threads = [threading.Thread(target=one.send, args=(port, stream, starting_line)) for one in everyone]
    for thread in threads:
        thread.start()
    starting_line.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    return time.perf_counter() - began
