"""Shares that a trustee releases in the decryption window (解密份额), signed by the trustee.

{"signed": {"format", "tender", "lot", "bidder", "trustee", "created_at", "shares": {manifest: {part: hex}}},
"signature": …}, canonical JSON. One file has the trustee's shares of all that one bidder sealed for a lot: the bid and
its bond. The signature is that of a signed file (`file_statement`) over the canonical bytes of "signed", so that these
bytes and the signature can be kept and checked like every other paper of a trade.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from yangguang.proof.bid_rescue import release_share, rescue_content_keys, wrong_trustees
from yangguang.proof.broken import broken
from yangguang.proof.canonical import canonical
from yangguang.proof.certificates import Certificate
from yangguang.proof.digests import digest_bytes
from yangguang.proof.envelope import SUITES
from yangguang.proof.inspection import Bid
from yangguang.proof.keys import PrivateKey
from yangguang.proof.manifest import Manifest, is_digest, is_text, read_canonical, write_moment
from yangguang.proof.rescue import share_header
from yangguang.proof.signatures import Signature, SignatureUnreadable, file_statement, sign

SHARES_FORMAT: Final = "yangguang-shares/1"
RELEASING: Final = "release_rescue_share"
LARGEST_RELEASE: Final = 1 << 16  # two sealed files of 32 parts are not half of it
SHARE_PAPER: Final = "解密份额"
_SHARE = re.compile(r"(?:[0-9a-f]{2}){19}|(?:[0-9a-f]{2}){35}")
_TEXTS: Final = ("tender", "lot", "bidder", "trustee", "created_at")
_MALFORMED = "bid.share.malformed"
_OTHER_BID = "bid.share.other_bid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A private key with its certificate."""

    key: PrivateKey
    certificate: Certificate


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasedShares:
    """What one trustee released of one bidder's sealed files: digest of the manifest → part → share."""

    tender: str
    lot: str
    bidder: str
    trustee: str
    shares: Mapping[str, Mapping[str, bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """What enough shares gave: content keys by part, and the trustees whose shares are wrong."""

    content_keys: Mapping[str, bytes]
    wrong: tuple[str, ...]


def release_shares(*, bids: Sequence[Bid], opens: Identity, signs: Identity, at: datetime) -> bytes:
    """The trustee's shares of one bidder's sealed files, opened with `opens`, signed with `signs`.

    Raises ValueError for files of different bidders, lots or trustees' names; BrokenBid bid.key.not_recipient,
    bid.file.tampered.
    """
    owners = {(bid.manifest.tender, bid.manifest.lot, bid.manifest.bidder) for bid in bids}
    found = {bid.manifest_sha256: _shares_of(bid, opens) for bid in bids}
    trustees = {trustee for shares in found.values() for trustee, _ in shares.values()}
    if len(owners) != 1 or len(trustees) != 1:
        raise ValueError("各文件应属于同一标段的同一投标人，受托人的名称也应相同")
    ((tender, lot, bidder),) = owners
    signed = {
        "format": SHARES_FORMAT,
        "tender": tender,
        "lot": lot,
        "bidder": bidder,
        "trustee": trustees.pop(),
        "created_at": write_moment(at),
        "shares": {one: {part: share.hex() for part, (_, share) in shares.items()} for one, shares in found.items()},
    }
    statement = release_statement(tender=tender, signed=canonical(signed))
    signature = sign(data=statement, key=signs.key, certificate=signs.certificate)
    return canonical({"signed": signed, "signature": signature.to_json()})


def release_statement(*, tender: str, signed: bytes) -> bytes:
    """What the signature of a release is over."""
    digests = digest_bytes(signed)
    return file_statement(act=RELEASING, stream=tender, name=SHARE_PAPER, sha256=digests.sha256, sm3=digests.sm3)


def take_apart(data: bytes) -> tuple[bytes, Signature]:
    """The signed bytes of a release and their signature, which is not checked. Raises BrokenBid bid.share.malformed."""
    value = read_canonical(data, code=_MALFORMED)
    if value.keys() != {"signed", "signature"}:
        raise broken(_MALFORMED)
    try:
        return canonical(value["signed"]), Signature.from_json(value["signature"])
    except SignatureUnreadable as error:
        raise broken(_MALFORMED, str(error)) from error


def read_shares(data: bytes) -> ReleasedShares:
    """The shares in the signed bytes of a release. Raises BrokenBid bid.share.malformed."""
    value = read_canonical(data, code=_MALFORMED)
    whole = value.keys() == {"format", "shares", *_TEXTS} and all(is_text(value[name]) for name in _TEXTS)
    if not whole or value["format"] != SHARES_FORMAT or not _are_shares(value["shares"]):
        raise broken(_MALFORMED)
    return ReleasedShares(
        tender=value["tender"],
        lot=value["lot"],
        bidder=value["bidder"],
        trustee=value["trustee"],
        shares={
            one: {part: bytes.fromhex(share) for part, share in given.items()} for one, given in value["shares"].items()
        },
    )


def check_shares(*, released: ReleasedShares, manifests: Mapping[str, Manifest]) -> None:
    """Whether these are one share of each part of exactly these sealed files, by digest of the manifest.

    A share with another trustee's number could keep right ones from joining, so its form is checked before it counts.
    Raises BrokenBid bid.share.other_bid, bid.share.malformed.
    """
    if released.shares.keys() != manifests.keys():
        raise broken(_OTHER_BID)
    for digest, manifest in manifests.items():
        _check_file(released, released.shares[digest], manifest)


def join_shares(*, bid: Bid, releases: Sequence[ReleasedShares]) -> Joined:
    """The content keys of a sealed file from checked releases. Raises BrokenBid bid.rescue.impossible."""
    shares = {
        part.name: {one.trustee: one.shares[bid.manifest_sha256][part.name] for one in releases}
        for part in bid.manifest.parts
    }
    return Joined(
        content_keys=rescue_content_keys(bid=bid, shares=shares), wrong=wrong_trustees(bid=bid, shares=shares)
    )


def _shares_of(bid: Bid, opens: Identity) -> dict[str, tuple[str, bytes]]:
    return {
        part.name: release_share(bid=bid, part=part.name, key=opens.key, certificate=opens.certificate)
        for part in bid.manifest.parts
    }


def _are_shares(value: Any) -> bool:
    if not isinstance(value, dict) or not value:
        return False
    return all(is_digest(one) and isinstance(given, dict) and _are_hex(given) for one, given in value.items())


def _are_hex(given: Mapping[str, Any]) -> bool:
    return all(isinstance(share, str) and _SHARE.fullmatch(share) for share in given.values())


def _check_file(released: ReleasedShares, shares: Mapping[str, bytes], manifest: Manifest) -> None:
    mine = (released.tender, released.lot, released.bidder)
    names = [one.name for one in manifest.rescue.trustees] if manifest.rescue else []
    if mine != (manifest.tender, manifest.lot, manifest.bidder) or released.trustee not in names:
        raise broken(_OTHER_BID)
    assert manifest.rescue is not None  # noqa: S101 - it has trustees
    header = share_header(threshold=manifest.rescue.threshold, number=1 + names.index(released.trustee))
    size = len(header) + SUITES[manifest.suite].key_bytes
    whole = shares.keys() == {part.name for part in manifest.parts}
    if not whole or not all(share.startswith(header) and len(share) == size for share in shares.values()):
        raise broken(_MALFORMED)
