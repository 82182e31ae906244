"""The bytes of uploads under way: files under the home whose names are random and tell nothing."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Protocol

from django.conf import settings

PIECE = 1 << 20
RESERVE = 1 << 30  # bytes left free on the disk for everything else


class Readable(Protocol):
    """A request, or anything else with bytes."""

    def read(self, size: int = ..., /) -> bytes:
        """At most so many bytes."""


def path_of(token: str) -> Path:
    """Where the bytes of an upload lie."""
    root = Path(settings.UPLOADS_ROOT)
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    return root / token


@contextmanager
def held(token: str) -> Iterator[IO[bytes] | None]:
    """The file for this request alone; None while another request writes to it. A process that dies lets go."""
    descriptor = os.open(path_of(token), os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+b", buffering=0) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
            return
        yield file


def append(file: IO[bytes], source: Readable, *, offset: int, most: int) -> int:
    """Write what comes after `offset`, at most so many bytes, durably; gives how many came. Raises OSError."""
    file.truncate(offset)
    file.seek(offset)
    written = 0
    while written < most and (piece := source.read(min(PIECE, most - written))):
        rest = memoryview(piece)
        while rest:
            rest = rest[file.write(rest) :]
        written += len(piece)
    os.fsync(file.fileno())
    return written


def remove(token: str) -> None:
    """Forget the bytes."""
    path_of(token).unlink(missing_ok=True)


def has_room_for(size: int) -> bool:
    """Whether the disk takes a file twice (while it is kept as evidence) and something is left."""
    root = path_of("").parent
    return shutil.disk_usage(root).free > 2 * size + RESERVE
