"""解密救援: shares of each content key sealed to trustees inside the bid, and how k of them open it.

Only where the tender document declares it (电子招标投标办法第三十一条). Rescue off: nobody but the bidder can open.
Rescue on: nobody unless k of the named trustees act together.
"""

import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidTag

from yangguang.proof.broken import broken
from yangguang.proof.certificates import Certificate
from yangguang.proof.envelope import (
    NONCE_BYTES,
    TAIL_BYTES,
    build_header,
    build_tail,
    read_envelope,
    read_tail,
    suite_for,
    wrap_key,
)
from yangguang.proof.inspection import Bid
from yangguang.proof.keys import PrivateKey
from yangguang.proof.manifest import Manifest, SealedShare, share_file
from yangguang.proof.rescue import BadShares, join_key, split_key, wrong_shares


@dataclass(frozen=True, slots=True, kw_only=True)
class RescuePlan:
    """What the tender document declares: trustees (受托人 → encryption certificate) and how many must act together."""

    threshold: int
    trustees: Mapping[str, Certificate]


def seal_shares(*, plan: RescuePlan, content_keys: Mapping[str, bytes]) -> Iterator[tuple[SealedShare, bytes]]:
    """Split each part's content key and seal every share to its trustee; gives the `.p7m` bytes beside the entry.

    Raises ValueError for an impossible threshold or a certificate that cannot encrypt.
    """
    for part, content_key in content_keys.items():
        shares = split_key(key=content_key, threshold=plan.threshold, names=tuple(plan.trustees))
        for number, (trustee, share) in enumerate(shares.items(), start=1):
            data = seal_small(data=share, certificate=plan.trustees[trustee])
            sealed = SealedShare(
                part=part,
                trustee=trustee,
                file=share_file(part, number),
                size=len(data),
                sha256=sha256(data).hexdigest(),
            )
            yield sealed, data


def check_rescue(*, manifest: Manifest, plan: RescuePlan | None) -> None:
    """Raises BrokenBid bid.rescue.differs unless the bid carries exactly the rescue that the document declares."""
    declared = plan and (plan.threshold, {name: one.fingerprint for name, one in plan.trustees.items()})
    rescue = manifest.rescue
    carried = rescue and (rescue.threshold, {one.name: one.certificate for one in rescue.trustees})
    if declared != carried:
        raise broken("bid.rescue.differs")


def release_share(*, bid: Bid, part: str, key: PrivateKey, certificate: Certificate) -> tuple[str, bytes]:
    """A trustee's name and share of one part's key. Raises BrokenBid bid.key.not_recipient, bid.file.tampered."""
    share = _share_of(bid.manifest, part, certificate)
    data = bid.read_share(share)
    return share.trustee, open_small(data=data, key=key, certificate=certificate)


def rescue_content_keys(*, bid: Bid, shares: Mapping[str, Mapping[str, bytes]]) -> dict[str, bytes]:
    """Content keys by part, from released shares (part → trustee → share).

    Wrong shares among enough right ones are survived. Raises BrokenBid bid.rescue.impossible, bid.part.unknown.
    """
    return {part: _join(bid.manifest, part, given) for part, given in shares.items()}


def wrong_trustees(*, bid: Bid, shares: Mapping[str, Mapping[str, bytes]]) -> tuple[str, ...]:
    """Whose released shares are not of the bid's keys, in any part, by name. Raises BrokenBid bid.rescue.impossible."""
    return tuple(sorted({name for part, given in shares.items() for name in _wrong(bid.manifest, part, given)}))


def seal_small(*, data: bytes, certificate: Certificate) -> bytes:
    """A few bytes as an envelope to one certificate; ValueError if it cannot encrypt."""
    suite = suite_for(certificate)
    key, nonce = secrets.token_bytes(suite.key_bytes), secrets.token_bytes(NONCE_BYTES)
    recipient = wrap_key(content_key=key, certificate=certificate, suite=suite)
    header = build_header(suite=suite, recipients=[recipient], nonce=nonce, content_bytes=len(data))
    encryptor = suite.cipher(key=key, nonce=nonce).encryptor()
    ciphertext = encryptor.update(data) + encryptor.finalize()
    return header + ciphertext + build_tail(encryptor.tag)


def open_small(*, data: bytes, key: PrivateKey, certificate: Certificate) -> bytes:
    """What `seal_small` sealed. Raises BrokenBid."""
    envelope = read_envelope(data, size=len(data))
    content_key = envelope.unwrap_key(key=key, certificate=certificate)
    decryptor = envelope.suite.cipher(key=content_key, nonce=envelope.nonce).decryptor()
    try:
        plain = decryptor.update(data[envelope.header_bytes : -TAIL_BYTES])
        return plain + decryptor.finalize_with_tag(read_tail(data[-TAIL_BYTES:]))
    except InvalidTag as error:
        raise broken("bid.file.tampered", "份额未通过认证") from error


def _share_of(manifest: Manifest, part: str, certificate: Certificate) -> SealedShare:
    trustees = manifest.rescue.trustees if manifest.rescue else ()
    names = {one.name for one in trustees if one.certificate == certificate.fingerprint}
    for share in manifest.shares:
        if share.part == part and share.trustee in names:
            return share
    raise broken("bid.key.not_recipient", "这张证书不是该部分的受托人证书")


def _join(manifest: Manifest, part: str, shares: Mapping[str, bytes]) -> bytes:
    with _as_broken():
        return join_key(shares=shares, expected_commitment=_recogniser(manifest, part))


def _wrong(manifest: Manifest, part: str, shares: Mapping[str, bytes]) -> tuple[str, ...]:
    with _as_broken():
        return wrong_shares(shares=shares, expected_commitment=_recogniser(manifest, part))


def _recogniser(manifest: Manifest, part: str) -> Callable[[bytes], bool]:
    expected = manifest.part(part).key_commitment
    return lambda key: manifest.commitment_to(part=part, content_key=key) == expected


@contextmanager
def _as_broken() -> Iterator[None]:
    try:
        yield
    except BadShares as error:
        raise broken("bid.rescue.impossible", str(error)) from error
