"""Secrets that an installation makes once and keeps in files only their owner can read."""

import base64
import binascii
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

KEY_BYTES = 32


def sealed_key(*, given: str | None, home: Path) -> bytes:
    """The key under which party records are sealed: the one given (Base64), else the one kept in `home`.

    Lost, nobody reads what it sealed: it belongs into the backup, apart from the database. Raises `ValueError` for a
    key of another length.
    """
    try:
        key = base64.b64decode(given, validate=True) if given else kept_secret(home / "sealed-key", make=_fresh_key)
    except binascii.Error:
        key = b""
    if len(key) != KEY_BYTES:
        raise ValueError("YANGGUANG_SEALED_KEY（或记录目录下的 sealed-key）应为 32 字节的密钥，变量以 Base64 书写")
    return key


def _fresh_key() -> bytes:
    return os.urandom(KEY_BYTES)


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
