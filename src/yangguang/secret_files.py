"""Secrets that an installation makes once and keeps in files only their owner can read."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path


def kept_secret(path: Path, *, make: Callable[[], bytes]) -> bytes:
    """The bytes in `path` (mode 0600); the first to ask makes them durably, and of several at once one wins whole."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, aside = tempfile.mkstemp(dir=path.parent)  # mkstemp opens with mode 0600
        with os.fdopen(descriptor, "wb") as file:
            file.write(make())
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(aside, path)
        except FileExistsError:
            pass
        finally:
            Path(aside).unlink()
    return path.read_bytes()
