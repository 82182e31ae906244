"""The two digests every file carries: SHA-256 (FIPS 180-4) and SM3 (GB/T 32905, 国密杂凑算法)."""

from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from cryptography.hazmat.primitives import hashes

_CHUNK = 1 << 20
_WORTH_A_THREAD = 4 * _CHUNK  # below this, starting threads costs more than it saves


class Digests(NamedTuple):
    """Both digests in lowercase hex, and the size in bytes."""

    sha256: str
    sm3: str
    size: int


def digest_bytes(data: bytes) -> Digests:
    """Both digests of bytes in memory."""
    return Digests(_hex(hashes.SHA256(), data), _hex(hashes.SM3(), data), len(data))


def digest_file(path: Path | str) -> Digests:
    """Both digests of a file, read once in constant memory; big files are hashed on two threads. Raises OSError."""
    sha256, sm3 = hashes.Hash(hashes.SHA256()), hashes.Hash(hashes.SM3())
    if Path(path).stat().st_size < _WORTH_A_THREAD:
        size = _feed(path, sha256, sm3, None)
    else:
        with ThreadPoolExecutor(1) as pool:
            size = _feed(path, sha256, sm3, pool)
    return Digests(sha256.finalize().hex(), sm3.finalize().hex(), size)


def _feed(path: Path | str, sha256: hashes.Hash, sm3: hashes.Hash, pool: ThreadPoolExecutor | None) -> int:
    size = 0
    with Path(path).open("rb") as file:
        while chunk := file.read(_CHUNK):
            other: Future[None] | None = pool.submit(sm3.update, chunk) if pool else None
            sha256.update(chunk)
            if other is None:
                sm3.update(chunk)
            else:
                other.result()
            size += len(chunk)
    return size


def _hex(algorithm: hashes.HashAlgorithm, data: bytes) -> str:
    digest = hashes.Hash(algorithm)
    digest.update(data)
    return digest.finalize().hex()
