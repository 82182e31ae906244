"""What an entry says: its payload, with the data that was too long for the log taken from its evidence file.

A log entry stays short, because the tiles carry it whole. Data longer than `LONGEST_DATA` becomes a canonical JSON
file of the entry, named `DATA_FILE`, and the payload's `data` is `{"in": sha256}`.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from yangguang.witness import evidence
from yangguang.witness.models import Evidence, Logged

LONGEST_DATA = 8_192  # bytes of canonical JSON
DATA_FILE = "记录详情"
IN_FILE = "in"


def keep_data(data: bytes) -> tuple[dict[str, object], tuple[str, Evidence]]:
    """Keep long data as a file; returns what stands in its place and the named file. Raises `Refused` (full disk)."""
    kept = evidence.keep(data, media_type="application/json")
    return {IN_FILE: kept.sha256}, (DATA_FILE, kept)


def payload_of(entry: Logged) -> dict[str, Any]:
    """What an entry says."""
    return with_data(json.loads(entry.payload), read=evidence.read)


def with_data(payload: Mapping[str, Any], *, read: Callable[[str], bytes]) -> dict[str, Any]:
    """The payload with its data in place; `read` gives a file by its digest.

    Raises ValueError when the file is not the one that the entry names, OSError and LookupError as `read` does.
    """
    if payload["data"].keys() != {IN_FILE}:
        return dict(payload)
    digest = payload["data"][IN_FILE]
    raw = read(digest)
    if hashlib.sha256(raw).hexdigest() != digest:
        raise ValueError(f"“{DATA_FILE}”与见证记录中的摘要不符：{digest}")
    return {**payload, "data": json.loads(raw)}
