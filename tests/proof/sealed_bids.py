"""Bidders, sealed bids, and the means to break them, for the tests of sealing."""

import hashlib
import json
import tarfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes

from yangguang.proof.broken import BrokenBid
from yangguang.proof.canonical import canonical
from yangguang.proof.certificates import Certificate
from yangguang.proof.democa import DemoAuthority
from yangguang.proof.inspection import Bid, inspect_bid
from yangguang.proof.keys import Algorithm, PrivateKey, generate_key
from yangguang.proof.manifest import Manifest, Tool
from yangguang.proof.seal import BidHeading, seal_bid
from yangguang.proof.signatures import sign
from yangguang.proof.tarfiles import END, PartFile, member_header, padding

AT = datetime(2026, 3, 1, 1, 30, tzinfo=UTC)
TENDER = "A02-91990000MA00000012-20260301-000001-A"
LOT = "A029900002026030100101"
CODE = "91990000MA0000002X"
PARTS = {
    "technical": [PartFile("技术标.pdf", b"%PDF-1.7 plan"), PartFile("empty.txt", b"")],
    "price": [PartFile("price.json", b'{"price":"1234567.89"}')],
}


@dataclass(frozen=True)
class Bidder:
    key: PrivateKey
    certificate: Certificate


@cache
def authority() -> DemoAuthority:
    return DemoAuthority.create(name="示例CA", algorithm="ecdsa", at=AT)


def bidder(algorithm: Algorithm = "rsa", *, code: str = CODE, number: int = 1, usage: str = "") -> Bidder:
    """The same bidder for the same arguments: RSA keys are slow to make."""
    return _bidder(algorithm, code, number, usage or ("both" if algorithm in ("rsa", "sm2") else "sign"))


@cache
def _bidder(algorithm: Algorithm, code: str, number: int, usage: str) -> Bidder:
    key = generate_key(algorithm, bits=2048)
    certificate = authority().issue(
        organisation_name=f"示例建设{number}有限公司",
        organisation_code=code,
        common_name=f"示例{number}",
        key=key.public,
        usage=usage,
        not_before=AT,
        not_after=AT + timedelta(days=365),
    )
    return Bidder(key, certificate)


def heading(**changes: Any) -> BidHeading:
    facts = {"tender": TENDER, "lot": LOT, "created_at": AT, "tool": Tool(name="示例工具", version="1.0")}
    return BidHeading(**{**facts, **changes})


def seal(path: Path, *, who: Bidder | None = None, parts: Any = None, **options: Any) -> Manifest:
    who = who or bidder()
    return seal_bid(
        destination=path,
        heading=options.pop("heading", heading()),
        parts=PARTS if parts is None else parts,
        key=who.key,
        certificate=who.certificate,
        **options,
    )


def inspect(path: Path) -> Bid:
    return inspect_bid(path=path, tender=TENDER, lot=LOT).bid


def code_of(act: Callable[[], object]) -> str:
    """The code that `act` is refused with, or an empty text."""
    try:
        act()
    except BrokenBid as error:
        return error.refusal.code
    return ""


def members_of(path: Path) -> dict[str, bytes]:
    """Read with the standard library's tar reader, as outsiders would."""
    with tarfile.open(path, "r:") as archive:
        return {one.name: archive.extractfile(one).read() for one in archive.getmembers()}


def write_members(path: Path, members: Iterable[tuple[str, bytes]]) -> None:
    body = b"".join(member_header(name, len(data)) + data + padding(len(data)) for name, data in members)
    path.write_bytes(body + END)


def signed(members: Mapping[str, bytes], manifest: Any, who: Bidder | None = None) -> dict[str, bytes]:
    """The members with this manifest, signed."""
    who = who or bidder()
    data = canonical(manifest)
    signature = canonical(sign(data=data, key=who.key, certificate=who.certificate).to_json())
    return {**members, "manifest.json": data, "manifest.sig.json": signature}


def forge(
    path: Path,
    *,
    change: Callable[[dict[str, Any]], object] = lambda _: None,
    contents: Mapping[str, bytes] | None = None,
    who: Bidder | None = None,
) -> None:
    """What a bidder with a dishonest tool can make: other contents, another manifest, a good signature."""
    members = {**members_of(path), **(contents or {})}
    manifest = json.loads(members["manifest.json"])
    for part in manifest["parts"]:
        part.update(digests(members[part["file"]], sm3="sm3" in part))
    for share in manifest.get("rescue", {}).get("shares", []):
        share.update(digests(members[share["file"]], sm3=False))
    change(manifest)
    write_members(path, signed(members, manifest, who).items())


def digests(data: bytes, *, sm3: bool) -> dict[str, Any]:
    found = {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    if not sm3:
        return found
    state = hashes.Hash(hashes.SM3())
    state.update(data)
    return {**found, "sm3": state.finalize().hex()}
