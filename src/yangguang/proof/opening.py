"""Opening a sealed bid (解密): content keys on the bidder's side, verify-then-release on the server's.

The server never has a bidder's private key. The bidder recovers the content keys and hands them over in the decryption
window; the server checks them against the commitments the bidder signed, decrypts, verifies the whole part, and only
then lets its files appear (电子招标投标办法第三十条).
"""

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from yangguang.proof.broken import BrokenBid, broken
from yangguang.proof.certificates import Certificate
from yangguang.proof.envelope import build_tail
from yangguang.proof.inspection import Bid
from yangguang.proof.keys import PrivateKey
from yangguang.proof.manifest import SealedPart
from yangguang.proof.streams import Digester, decrypt
from yangguang.proof.tarfiles import BadArchive, Pieces, UnpackedFile, unpack
from yangguang.rules.refusal import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedPart:
    """A part that was opened: its files in order."""

    part: str
    files: tuple[UnpackedFile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """试解密 of one part: the opened part (nothing was kept), or why it does not open."""

    part: str
    opened: OpenedPart | None
    refusal: Refusal | None


def recover_content_keys(*, bid: Bid, key: PrivateKey, certificate: Certificate) -> dict[str, bytes]:
    """Each part's content key, on the bidder's side. Raises BrokenBid bid.key.not_recipient, bid.key.wrong."""
    return {part.name: _recover(bid, part, key, certificate) for part in bid.manifest.parts}


def try_opening(*, bid: Bid, key: PrivateKey, certificate: Certificate) -> tuple[Trial, ...]:
    """Decrypt and check every part, keeping nothing: does the bid open with the certificate of today? OSError only."""
    return tuple(_try(bid, part, key, certificate) for part in bid.manifest.parts)


def open_part(*, bid: Bid, part: str, content_key: bytes, destination: Path) -> OpenedPart:
    """Release one part's files into the new directory `destination`, after everything was verified.

    In order: key commitment, authentication and digest of the whole ciphertext, the archive inside. On any failure
    nothing remains. Raises BrokenBid (bid.part.unknown, bid.key.wrong, bid.file.tampered, bid.file.truncated,
    bid.content.malformed), FileExistsError, OSError.
    """
    with _released_when_verified(destination) as directory:
        return _open(bid, bid.manifest.part(part), content_key, directory)


def check_content_key(*, bid: Bid, part: str, content_key: bytes) -> None:
    """Raises BrokenBid bid.key.wrong unless the bidder signed a commitment to this key; bid.part.unknown."""
    sealed, suite = bid.manifest.part(part), bid.contents[part].envelope.suite
    committed = bid.manifest.commitment_to(part=part, content_key=content_key) == sealed.key_commitment
    if not committed or len(content_key) != suite.key_bytes:
        raise broken("bid.key.wrong", part)


def _recover(bid: Bid, part: SealedPart, key: PrivateKey, certificate: Certificate) -> bytes:
    content_key = bid.contents[part.name].envelope.unwrap_key(key=key, certificate=certificate)
    check_content_key(bid=bid, part=part.name, content_key=content_key)
    return content_key


def _try(bid: Bid, part: SealedPart, key: PrivateKey, certificate: Certificate) -> Trial:
    try:
        opened = _open(bid, part, _recover(bid, part, key, certificate), None)
    except BrokenBid as error:
        return Trial(part=part.name, opened=None, refusal=error.refusal)
    return Trial(part=part.name, opened=opened, refusal=None)


def _open(bid: Bid, part: SealedPart, content_key: bytes, directory: Path | None) -> OpenedPart:
    check_content_key(bid=bid, part=part.name, content_key=content_key)
    content = bid.contents[part.name]
    with (
        bid.path.open("rb", buffering=0) as file,
        Digester(sm3=part.sm3 is not None, size=part.size) as sealed,
    ):
        file.seek(content.offset)
        sealed.update(memoryview(file.read(content.envelope.header_bytes)))
        pieces = decrypt(file=file, envelope=content.envelope, key=content_key, tag=content.tag, sealed=sealed)
        files = _unpack(pieces, directory)
        sealed.update(memoryview(build_tail(content.tag)))
        if sealed.finish() != (part.sha256, part.sm3):
            raise broken("bid.file.tampered", f"{part.file} 的摘要与清单不符")
    if isinstance(files, BadArchive):
        raise broken("bid.content.malformed", f"{part.name}：{files}") from files
    return OpenedPart(part=part.name, files=files)


def _unpack(pieces: Iterator[memoryview], directory: Path | None) -> tuple[UnpackedFile, ...] | BadArchive:
    # A changed ciphertext gives nonsense that no archive begins with: read on, so that the true reason is reported.
    try:
        return unpack(Pieces(pieces), directory=directory)
    except BadArchive as error:
        for _ in pieces:
            pass
        return error


@contextmanager
def _released_when_verified(destination: Path) -> Iterator[Path]:
    """A directory under another name beside `destination`: renamed at the end, removed on failure."""
    if destination.exists():
        raise FileExistsError(f"{destination} 已经存在")
    unverified = destination.with_name(f".{destination.name}.{secrets.token_hex(4)}.part")
    unverified.mkdir(mode=0o700)
    try:
        yield unverified
        unverified.rename(destination)
    finally:
        shutil.rmtree(unverified, ignore_errors=True)
