"""The demonstration's archive: exported, and verified by both verifiers, against hashing its bytes once."""

import hashlib
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from measuring import ROOT, best

from children import stage
from yangguang.demo.story import play_story
from yangguang.trading.archive import export_archive
from yangguang.trading.verification import verify_archive


def measure(*, times: int) -> dict[str, Any]:
    """Seconds of the play, the export, both verifications and the bare hashing, and the archive's size in bytes."""
    started = time.perf_counter()
    story = play_story(folder=stage.home() / "bidders")
    played = time.perf_counter()
    folder = stage.home() / "archive"
    export_archive(trade=story.trade, destination=folder, at=story.moment(41, "09:00") + timedelta(minutes=5))
    exported = time.perf_counter()
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {
        "played": played - started,
        "exported": exported - played,
        "size": sum(path.stat().st_size for path in files),
        "files": len(files),
        "hashed": best(lambda: _hash(files), times=times),
        "product": best(_must_hold(lambda: not verify_archive(folder).problems), times=times),
        "alone": best(_must_hold(lambda: _stands_alone(folder)), times=times),
    }


def _stands_alone(folder: Path) -> bool:
    command = [sys.executable, str(ROOT / "verifier/verify.py"), str(folder)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _hash(files: list[Path]) -> None:
    for path in files:
        hashlib.sha256(path.read_bytes()).digest()


def _must_hold(verify: Callable[[], bool]) -> Callable[[], None]:
    def verified() -> None:
        assert verify(), "the demonstration's archive does not verify"

    return verified
