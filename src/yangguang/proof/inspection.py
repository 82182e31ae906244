"""Reading a sealed bid without any key (投标文件查验): structure, signature, encryption, digests.

What passes here is complete, unchanged since its bidder signed it, made for this tender and really encrypted. Whether
the certificate may be relied on is for `certificates.check_certificate`.
"""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from yangguang.proof.broken import broken
from yangguang.proof.envelope import LONGEST_HEADER, TAIL_BYTES, Envelope, read_envelope, read_tail
from yangguang.proof.manifest import (
    LONGEST_MANIFEST,
    MANIFEST_FILE,
    MOST_PARTS,
    SIGNATURE_FILE,
    Manifest,
    SealedPart,
    SealedShare,
    read_canonical,
    read_manifest,
)
from yangguang.proof.rescue import MOST_TRUSTEES
from yangguang.proof.signatures import Signature, SignatureUnreadable, verify
from yangguang.proof.streams import Digester, digest
from yangguang.proof.tarfiles import BLOCK, BadArchive, CutShort, Member, looks_like_tar, walk

MOST_MEMBERS: Final = MOST_PARTS * (1 + MOST_TRUSTEES) + 2


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedContent:
    """An envelope inside the bid file: it begins at `offset` and ends with `tag`."""

    envelope: Envelope
    offset: int
    tag: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Bid:
    """A bid file whose structure and signature are good. `contents` maps part names to their envelopes."""

    path: Path
    manifest: Manifest
    manifest_sha256: str
    signature: Signature
    contents: Mapping[str, SealedContent]
    shares: Mapping[str, Member]

    def require_for(self, *, tender: str, lot: str) -> None:
        """Raises BrokenBid bid.tender.wrong or bid.lot.wrong unless the bid was made for this lot of this tender."""
        if self.manifest.tender != tender:
            raise broken("bid.tender.wrong", f"清单写的是 {self.manifest.tender}")
        if self.manifest.lot != lot:
            raise broken("bid.lot.wrong", f"清单写的是 {self.manifest.lot}")

    def read_share(self, share: SealedShare) -> bytes:
        """The sealed share's bytes. Raises BrokenBid bid.file.tampered."""
        with self.path.open("rb") as file:
            data = _content(file, self.shares[share.file])
        if hashlib.sha256(data).hexdigest() != share.sha256:
            raise broken("bid.file.tampered", share.file)
        return data


@dataclass(frozen=True, slots=True, kw_only=True)
class PartDigests:
    """Digests of a part's `.p7m` as found, lowercase hex; `sm3` in the GM suite only."""

    size: int
    sha256: str
    sm3: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectedBid:
    """A bid that passed inspection; `digests` by part name."""

    bid: Bid
    digests: Mapping[str, PartDigests]

    @property
    def manifest(self) -> Manifest:
        """What the bidder signed."""
        return self.bid.manifest

    @property
    def signature(self) -> Signature:
        """The bidder's signature over the manifest."""
        return self.bid.signature


def inspect_bid(*, path: Path, tender: str, lot: str) -> InspectedBid:
    """Check everything that can be checked without a key, reading the whole file once. Raises BrokenBid, OSError."""
    bid = read_bid(path)
    bid.require_for(tender=tender, lot=lot)
    return check_digests(bid)


def check_digests(bid: Bid) -> InspectedBid:
    """Compare every sealed part and share with the signed manifest. Raises BrokenBid bid.file.tampered, OSError."""
    with bid.path.open("rb", buffering=0) as file:
        digests = {part.name: _check_part(file, bid, part) for part in bid.manifest.parts}
    for share in bid.manifest.shares:
        bid.read_share(share)
    return InspectedBid(bid=bid, digests=digests)


def read_bid(path: Path) -> Bid:
    """Read structure, manifest, signature and envelope headers; ciphertexts are not read. Raises BrokenBid, OSError."""
    with path.open("rb") as file:
        members = _members(file)
        data = _small_member(file, members, MANIFEST_FILE)
        manifest = read_manifest(data)
        _check_members(manifest, members)
        signature = _signature(_small_member(file, members, SIGNATURE_FILE), manifest=manifest, data=data)
        contents = {part.name: _sealed(file, members[part.file], manifest) for part in manifest.parts}
        shares = {share.file: members[share.file] for share in manifest.shares}
        for member in shares.values():
            read_envelope(_content(file, member), size=member.size)
    return Bid(
        path=path,
        manifest=manifest,
        manifest_sha256=hashlib.sha256(data).hexdigest(),
        signature=signature,
        contents=contents,
        shares=shares,
    )


def read_heads(*, manifest: bytes, signature: bytes, heads: Mapping[str, bytes]) -> Bid:
    """A bid of which only the small members and the start of each part's envelope are at hand.

    That is enough to recover its content keys, and not to open it: there is no file at its path. Raises BrokenBid.
    """
    read = read_manifest(manifest)
    if heads.keys() != {part.name for part in read.parts}:
        raise broken("bid.file.malformed", "成员与清单不一致")
    envelopes = {part.name: _envelope(heads[part.name], part.file, part.size, read) for part in read.parts}
    return Bid(
        path=Path(os.devnull),
        manifest=read,
        manifest_sha256=hashlib.sha256(manifest).hexdigest(),
        signature=_signature(signature, manifest=read, data=manifest),
        contents={name: SealedContent(envelope=one, offset=0, tag=b"") for name, one in envelopes.items()},
        shares={},
    )


def _members(file: BinaryIO) -> dict[str, Member]:
    start = file.read(BLOCK)
    if len(start) == BLOCK and not looks_like_tar(start):
        raise broken("bid.unencrypted", "不是投标工具生成的加密投标文件（*.ygb）")
    try:
        members = walk(file, most=MOST_MEMBERS)
    except CutShort as error:
        raise broken("bid.file.truncated", str(error)) from error
    except BadArchive as error:
        raise broken("bid.file.malformed", str(error)) from error
    named = {member.name: member for member in members}
    if len(named) < len(members):
        raise broken("bid.file.malformed", "成员重复")
    return named


def _small_member(file: BinaryIO, members: Mapping[str, Member], name: str) -> bytes:
    if name not in members:
        raise broken("bid.file.malformed", f"没有 {name}")
    if members[name].size > LONGEST_MANIFEST:
        raise broken("bid.file.too_large", name)
    return _content(file, members[name])


def _check_members(manifest: Manifest, members: Mapping[str, Member]) -> None:
    listed: list[SealedPart | SealedShare] = [*manifest.parts, *manifest.shares]
    if list(members) != [*(one.file for one in listed), MANIFEST_FILE, SIGNATURE_FILE]:
        raise broken("bid.file.malformed", "成员与清单不一致")
    for one in listed:
        if one.size != members[one.file].size:
            raise broken("bid.file.tampered", f"{one.file} 的大小与清单不符")
    for share in manifest.shares:
        if share.size > LONGEST_HEADER:
            raise broken("bid.file.too_large", share.file)


def _signature(member: bytes, *, manifest: Manifest, data: bytes) -> Signature:
    try:
        signature = Signature.from_json(read_canonical(member, code="bid.signature.bad"))
    except SignatureUnreadable as error:
        raise broken("bid.signature.bad", str(error)) from error
    if signature.certificate.fingerprint != manifest.signer:
        raise broken("bid.signature.bad", "证书不是清单所写的签名证书")
    if not verify(data=data, signature=signature):
        raise broken("bid.signature.bad", "签名与清单不符")
    if signature.certificate.organisation_code != manifest.bidder:
        raise broken("bid.signature.other_bidder")
    return signature


def _sealed(file: BinaryIO, member: Member, manifest: Manifest) -> SealedContent:
    file.seek(member.offset)
    envelope = _envelope(file.read(min(member.size, LONGEST_HEADER)), member.name, member.size, manifest)
    file.seek(member.offset + member.size - TAIL_BYTES)
    return SealedContent(envelope=envelope, offset=member.offset, tag=read_tail(file.read(TAIL_BYTES)))


def _envelope(start: bytes, name: str, size: int, manifest: Manifest) -> Envelope:
    envelope = read_envelope(start, size=size)
    if envelope.suite.name != manifest.suite:
        raise broken("bid.suite.unknown", f"{name} 与清单所写的套件不同")
    return envelope


def _check_part(file: BinaryIO, bid: Bid, part: SealedPart) -> PartDigests:
    file.seek(bid.contents[part.name].offset)
    with Digester(sm3=part.sm3 is not None, size=part.size) as digester:
        digest(file=file, size=part.size, into=digester)
        sha256, sm3 = digester.finish()
    if (sha256, sm3) != (part.sha256, part.sm3):
        raise broken("bid.file.tampered", f"{part.file} 的摘要与清单不符")
    return PartDigests(size=part.size, sha256=sha256, sm3=sm3)


def _content(file: BinaryIO, member: Member) -> bytes:
    file.seek(member.offset)
    return file.read(member.size)
