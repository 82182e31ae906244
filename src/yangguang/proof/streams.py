"""Encrypting and decrypting envelopes of any size in constant memory, digests computed beside the cipher.

Chunks of 1 MiB go round a ring of three buffers: while one is encrypted and written, the digests of the ones before
it are computed on threads of their own (ciphers and digests release the interpreter lock).
"""

import hashlib
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import BinaryIO, Final, Protocol, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes

from yangguang.proof.broken import broken
from yangguang.proof.envelope import TAG_BYTES, Envelope, GcmCipher, build_tail

CHUNK: Final = 1 << 20
_RING = 3
_WORTH_A_THREAD = 4 * CHUNK  # below this, starting threads costs more than it saves


class Source(Protocol):
    """What can be sealed: a stream that fills a buffer."""

    def readinto(self, view: memoryview, /) -> int:
        """Fill from the front; 0 at the end."""


class _Hash(Protocol):
    def update(self, data: memoryview, /) -> object: ...


class Digester:
    """SHA-256 (always) and SM3 (on demand) of a stream, each computed on its own thread when the stream is long."""

    def __init__(self, *, sm3: bool, size: int) -> None:
        """`size` of the stream in bytes decides whether threads are worth while."""
        self._sha256 = hashlib.sha256()
        self._sm3 = hashes.Hash(hashes.SM3()) if sm3 else None
        self._hashes: list[_Hash] = [one for one in (self._sha256, self._sm3) if one]
        self._threads = [ThreadPoolExecutor(1) for _ in self._hashes] if size >= _WORTH_A_THREAD else []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for thread in self._threads:
            thread.shutdown()

    def update(self, piece: memoryview) -> list[Future[object]]:
        """Take the next piece, which must not change before the answers are there."""
        if self._threads:
            return [thread.submit(one.update, piece) for thread, one in zip(self._threads, self._hashes, strict=True)]
        for one in self._hashes:
            one.update(piece)
        return []

    def finish(self) -> tuple[str, str | None]:
        """SHA-256, and SM3 or None, in lowercase hex; waits for the threads."""
        for thread in self._threads:
            thread.shutdown()
        return self._sha256.hexdigest(), self._sm3.finalize().hex() if self._sm3 else None


class _Slot:
    """A buffer for each side of the cipher, and the digests still reading them."""

    def __init__(self, size: int) -> None:
        self.plain = memoryview(bytearray(size))
        self.cipher = memoryview(bytearray(size))
        self.pending: list[Future[object]] = []

    def reuse(self) -> None:
        """Wait until nobody reads the buffers."""
        for future in self.pending:
            future.result()
        self.pending = []


class _Ring:
    """The slots in turn."""

    def __init__(self, size: int) -> None:
        # A block more than a chunk: ciphers want room for it even in a stream mode.
        self._slots = deque(_Slot(min(CHUNK, size) + TAG_BYTES) for _ in range(_RING if size > CHUNK else 1))

    def next(self) -> _Slot:
        """The slot that was used longest ago, free again."""
        slot = self._slots[0]
        self._slots.rotate(-1)
        slot.reuse()
        return slot


def encrypt(
    *,
    source: Source,
    size: int,
    cipher: GcmCipher,
    sink: BinaryIO,
    sealed: Digester,
) -> None:
    """Write the ciphertext of exactly `size` bytes from `source`, and the tail, to `sink`.

    `sealed` sees what is written. Raises OSError; ValueError if the source has another size.
    """
    encryptor = cipher.encryptor()
    ring, left = _Ring(size), size
    while left:
        slot = ring.next()
        count = source.readinto(slot.plain[: min(CHUNK, left)])
        if not count:
            raise ValueError(f"内容比预计少 {left} 字节")
        left -= count
        encryptor.update_into(slot.plain[:count], slot.cipher)
        slot.pending = sealed.update(slot.cipher[:count])
        sink.write(slot.cipher[:count])
    encryptor.finalize()
    tail = build_tail(encryptor.tag)
    sealed.update(memoryview(tail))
    sink.write(tail)


def digest(*, file: BinaryIO, size: int, into: Digester) -> None:
    """Show `size` bytes of `file` from where it stands to a digester. Raises BrokenBid bid.file.truncated."""
    ring, left = _Ring(size), size
    while left:
        slot = ring.next()
        piece = _read(file, slot.cipher[: min(CHUNK, left)])
        left -= len(piece)
        slot.pending = into.update(piece)


def decrypt(
    *,
    file: BinaryIO,
    envelope: Envelope,
    key: bytes,
    tag: bytes,
    sealed: Digester,
) -> Iterator[memoryview]:
    """Pieces of UNVERIFIED plaintext from `file`, which stands at the ciphertext; each is valid until the next.

    Only when the iterator is exhausted without BrokenBid (bid.file.truncated, bid.file.tampered) is the content
    authentic: release nothing before.
    """
    decryptor = envelope.suite.cipher(key=key, nonce=envelope.nonce).decryptor()
    left = envelope.content_bytes
    ring = _Ring(left)
    while left:
        slot = ring.next()
        piece = _read(file, slot.cipher[: min(CHUNK, left)])
        left -= len(piece)
        opened = slot.plain[: len(piece)]
        decryptor.update_into(piece, slot.plain)
        slot.pending = sealed.update(piece)
        yield opened
    try:
        decryptor.finalize_with_tag(tag)
    except InvalidTag as error:
        raise broken("bid.file.tampered", "密文未通过认证") from error


def _read(file: BinaryIO, view: memoryview) -> memoryview:
    count: int = file.readinto(view)  # type: ignore[attr-defined] # every binary file has it
    if not count:
        raise broken("bid.file.truncated")
    return view[:count]
