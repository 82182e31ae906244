"""Content keys handed over in the decryption window (解密密钥), signed by the bidder.

{"signed": {"format", "tender", "lot", "bidder", "manifest", "created_at", "keys": {part: hex}}, "signature": …},
canonical JSON; the signature is over the canonical bytes of "signed". Whoever holds this file can open the bid.

Keys that trustees' shares gave (解密救援) are {"joined": {…}} with the same members and another "format": nobody signs
them, since the bidder's commitments alone tell right keys from wrong ones.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from yangguang.proof.broken import broken
from yangguang.proof.canonical import canonical
from yangguang.proof.certificates import Certificate
from yangguang.proof.inspection import Bid
from yangguang.proof.keys import PrivateKey
from yangguang.proof.manifest import read_canonical, write_moment
from yangguang.proof.opening import check_content_key
from yangguang.proof.signatures import Signature, SignatureUnreadable, sign, verify

RELEASE_FORMAT: Final = "yangguang-keys/1"
JOINED_FORMAT: Final = "yangguang-joined-keys/1"
_KEY = re.compile(r"(?:[0-9a-f]{32}|[0-9a-f]{64})")
_MALFORMED = "bid.release.malformed"


def release_keys(
    *, bid: Bid, content_keys: Mapping[str, bytes], key: PrivateKey, certificate: Certificate, at: datetime
) -> bytes:
    """Write and sign the content keys of some parts; `key` and `certificate` sign. ValueError if they are no pair."""
    signed = _members(bid, RELEASE_FORMAT, content_keys, at)
    signature = sign(data=canonical(signed), key=key, certificate=certificate)
    return canonical({"signed": signed, "signature": signature.to_json()})


def read_released_keys(*, bid: Bid, data: bytes) -> dict[str, bytes]:
    """The content keys by part, when the bidder signed them for this very bid and they fit its commitments.

    Raises BrokenBid bid.release.malformed, bid.release.signature, bid.release.other_bid, bid.part.unknown,
    bid.key.wrong.
    """
    return _fitting_keys(bid, _read_signed(data, bidder=bid.manifest.bidder), RELEASE_FORMAT)


def write_joined_keys(*, bid: Bid, content_keys: Mapping[str, bytes], at: datetime) -> bytes:
    """Write the content keys that trustees' shares gave."""
    return canonical({"joined": _members(bid, JOINED_FORMAT, content_keys, at)})


def read_joined_keys(*, bid: Bid, data: bytes) -> dict[str, bytes]:
    """The content keys by part, when they fit the commitments of this very bid.

    Raises BrokenBid bid.release.malformed, bid.release.other_bid, bid.part.unknown, bid.key.wrong.
    """
    joined = read_canonical(data, code=_MALFORMED).get("joined")
    if not isinstance(joined, dict):
        raise broken(_MALFORMED, "joined")
    return _fitting_keys(bid, joined, JOINED_FORMAT)


def _members(bid: Bid, written_as: str, content_keys: Mapping[str, bytes], at: datetime) -> dict[str, Any]:
    keys = {part: secret.hex() for part, secret in content_keys.items()}
    return {**_heading(bid, written_as), "created_at": write_moment(at), "keys": keys}


def _fitting_keys(bid: Bid, found: Mapping[str, Any], written_as: str) -> dict[str, bytes]:
    keys = found.get("keys")
    if not isinstance(keys, dict) or not all(isinstance(one, str) and _KEY.fullmatch(one) for one in keys.values()):
        raise broken(_MALFORMED, "keys")
    heading = _heading(bid, written_as)
    if {name: found.get(name) for name in heading} != heading:
        raise broken("bid.release.other_bid")
    content_keys = {part: bytes.fromhex(secret) for part, secret in keys.items()}
    for part, content_key in content_keys.items():
        check_content_key(bid=bid, part=part, content_key=content_key)
    return content_keys


def _heading(bid: Bid, written_as: str) -> dict[str, str]:
    return {
        "format": written_as,
        "tender": bid.manifest.tender,
        "lot": bid.manifest.lot,
        "bidder": bid.manifest.bidder,
        "manifest": bid.manifest_sha256,
    }


def _read_signed(data: bytes, *, bidder: str) -> dict[str, Any]:
    value = read_canonical(data, code=_MALFORMED)
    signed = value.get("signed")
    try:
        signature = Signature.from_json(value.get("signature"))
    except SignatureUnreadable as error:
        raise broken(_MALFORMED, str(error)) from error
    if not isinstance(signed, dict):
        raise broken(_MALFORMED, "signed")
    if not verify(data=canonical(signed), signature=signature):
        raise broken("bid.release.signature")
    if signature.certificate.organisation_code != bidder:
        raise broken("bid.release.signature", "证书不属于投标人")
    return signed
