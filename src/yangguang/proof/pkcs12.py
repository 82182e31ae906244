"""Certificate files (证书文件, PKCS#12, .p12): private keys with their certificates under one password (RFC 7292).

`cryptography` writes none with SM2 keys, so the file is put together here: PBES2 with AES-256-CBC for keys and
certificates, HMAC-SHA256 over the whole. Browsers, OpenSSL 3 and current Windows open it.
"""

import hmac
import secrets
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from asn1crypto import cms, keys, pem, pkcs12, x509

from yangguang.proof.keys import PrivateKey
from yangguang.proof.sm2_files import seal_bytes, seal_der
from yangguang.proof.x509_documents import Certificate

ITERATIONS = 600_000
_MAC_ITERATIONS = 100_000
_SALT = 16
_BLOCK = 64  # of SHA-256
_MAC_PURPOSE = 3
_ENTRY_ID = 20


def write_pkcs12(
    pairs: Sequence[tuple[PrivateKey, Certificate]],
    *,
    password: str,
    others: Sequence[Certificate] = (),
    iterations: int = ITERATIONS,
) -> bytes:
    """A .p12 with these keys and certificates; two pairs make a 双证书 file. `others` are those of the authorities.

    ValueError for an empty password or a certificate of another key.
    """
    if not password:
        raise ValueError("证书文件必须有密码")
    if any(key.public != certificate.public_key for key, certificate in pairs):
        raise ValueError("证书与私钥不是一对")
    secret = password.encode()
    certificate_bags = [_certificate_bag(one, own=True) for _, one in pairs] + [_certificate_bag(o) for o in others]
    key_bags = [_key_bag(key, one, secret=secret, iterations=iterations) for key, one in pairs]
    safes = pkcs12.AuthenticatedSafe(
        [_sealed(certificate_bags, secret=secret, iterations=iterations), _plain(pkcs12.SafeContents(key_bags).dump())]
    ).dump()
    return _bytes(pkcs12.Pfx({"version": "v3", "auth_safe": _plain(safes), "mac_data": _mac(safes, password=password)}))


def _key_bag(key: PrivateKey, certificate: Certificate, *, secret: bytes, iterations: int) -> dict[str, Any]:
    _, _, der = pem.unarmor(key.to_pem(None))
    envelope = keys.EncryptedPrivateKeyInfo.load(seal_der(der, secret, iterations=iterations))
    return {"bag_id": "pkcs8_shrouded_key_bag", "bag_value": envelope, "bag_attributes": _attributes(certificate)}


def _certificate_bag(certificate: Certificate, *, own: bool = False) -> dict[str, Any]:
    inner = {"cert_id": "x509", "cert_value": x509.Certificate.load(certificate.der)}
    bag = {"bag_id": "cert_bag", "bag_value": pkcs12.CertBag(inner)}
    return bag | ({"bag_attributes": _attributes(certificate)} if own else {})


def _attributes(certificate: Certificate) -> list[dict[str, Any]]:
    """What ties a key to its certificate, and the name that key stores show."""
    entry = sha256(certificate.der).digest()[:_ENTRY_ID]
    return [
        {"type": "friendly_name", "values": [certificate.organisation_name or certificate.common_name]},
        {"type": "local_key_id", "values": [entry]},
    ]


def _plain(data: bytes) -> cms.ContentInfo:
    return cms.ContentInfo({"content_type": "data", "content": data})


def _sealed(bags: list[dict[str, Any]], *, secret: bytes, iterations: int) -> cms.ContentInfo:
    scheme, sealed = seal_bytes(pkcs12.SafeContents(bags).dump(), secret, iterations=iterations)
    inner = {"content_type": "data", "content_encryption_algorithm": scheme, "encrypted_content": sealed}
    content = cms.EncryptedData({"version": "v0", "encrypted_content_info": inner})
    return cms.ContentInfo({"content_type": "encrypted_data", "content": content})


def _mac(data: bytes, *, password: str) -> dict[str, Any]:
    salt = secrets.token_bytes(_SALT)
    key = _mac_key(password=password, salt=salt)
    value = hmac.digest(key, data, "sha256")
    digest = {"digest_algorithm": {"algorithm": "sha256"}, "digest": value}
    return {"mac": digest, "mac_salt": salt, "iterations": _MAC_ITERATIONS}


def _mac_key(*, password: str, salt: bytes) -> bytes:
    """RFC 7292 appendix B.2; one block of SHA-256 is all the key that is needed."""
    filled = [fill(part, _BLOCK) for part in (salt, password.encode("utf-16-be") + b"\0\0")]
    block = bytes([_MAC_PURPOSE]) * _BLOCK + b"".join(filled)
    for _ in range(_MAC_ITERATIONS):
        block = sha256(block).digest()
    return block


def fill(part: bytes, block: int) -> bytes:
    """The part over and over, to whole blocks."""
    length = -(-len(part) // block) * block
    return (part * (length // len(part) + 1))[:length] if part else b""


def _bytes(value: Any) -> bytes:
    encoded: bytes = value.dump()
    return encoded
