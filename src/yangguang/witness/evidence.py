"""The evidence store (证据文件): files addressed by their SHA-256 digest, written once and never changed."""

import errno
import os
import tempfile
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import IO

from django.conf import settings

from yangguang.proof.digests import digest_file
from yangguang.rules.refusal import Refusal, Refused
from yangguang.witness.models import Evidence

CHUNK = 1 << 20
FAULTS = {errno.ENOSPC: "存储空间不足", errno.EDQUOT: "存储空间不足", errno.EROFS: "存储只读"}


def path_of(sha256: str) -> Path:
    """Where the file with this digest lies."""
    return Path(settings.EVIDENCE_ROOT) / sha256[:2] / sha256[2:]


def keep(content: bytes | IO[bytes] | Path, *, media_type: str) -> Evidence:
    """Keep a file durably and return its row; the same bytes are kept once.

    The bytes are on the disk (written aside, synced, renamed, folder synced) before this returns, and an act that
    names them comes after. A disk that is full raises `Refused` and leaves nothing half-written.
    """
    try:
        return _keep(_chunks(content), media_type=media_type)
    except OSError as error:
        raise Refused(
            Refusal(
                code="evidence.not_kept",
                reason=f"文件没有保存成功（{FAULTS.get(error.errno or 0, '存储故障')}）",
                article="电子招标投标办法第四十九条",
                remedy="请稍后重新上传；未收到回执即视为未提交。",
            )
        ) from error


def read(sha256: str) -> bytes:
    """The whole content of a small file."""
    return path_of(sha256).read_bytes()


def copies_to(sha256: str, destination: Path) -> None:
    """Copy a kept file to `destination`, by slices."""
    with path_of(sha256).open("rb") as source, destination.open("wb") as target:
        while chunk := source.read(CHUNK):
            target.write(chunk)


def _keep(chunks: Iterable[bytes], *, media_type: str) -> Evidence:
    root = Path(settings.EVIDENCE_ROOT)
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=root, prefix="incoming-")
    aside = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            for chunk in chunks:
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        digests = digest_file(aside)
        _settle(aside, path_of(digests.sha256))
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
    evidence, _ = Evidence.objects.get_or_create(
        sha256=digests.sha256, defaults={"sm3": digests.sm3, "size": digests.size, "media_type": media_type}
    )
    return evidence


def _settle(aside: Path, place: Path) -> None:
    """Move the finished file to its place and make the move itself durable."""
    place.parent.mkdir(mode=0o700, exist_ok=True)
    aside.chmod(0o400)
    aside.rename(place)
    for folder in (place.parent, place.parent.parent):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _chunks(content: bytes | IO[bytes] | Path) -> Iterator[bytes]:
    if isinstance(content, Path):
        with content.open("rb") as file:
            yield from _chunks(file)
        return
    source = BytesIO(content) if isinstance(content, bytes) else content
    while chunk := source.read(CHUNK):
        yield chunk
