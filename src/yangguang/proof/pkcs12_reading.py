"""Certificate files (证书文件, .p12, .pfx) opened with their password: every key with its certificate (RFC 7292).

`cryptography` reads one key of a file and no SM2 key, so the file is taken apart here. Files of the older tools
(3DES, RC2) open, too: people hold them, and nothing is protected by refusing to read what lies on their own disk.
The MAC is not looked at: the password proves itself by opening the key, and a certificate counts only with its key.
"""

import hashlib
from collections.abc import Iterator
from typing import Any

from asn1crypto import cms, keys, pkcs12
from Crypto.Cipher import ARC2, DES3  # pycryptodome; the ciphers of files that exist
from Crypto.Util.Padding import unpad

from yangguang.proof.keys import KeyUnreadable, PrivateKey, load_pkcs8
from yangguang.proof.pkcs12 import fill
from yangguang.proof.sm2_files import open_bytes
from yangguang.proof.x509_documents import Certificate, CertificateUnreadable

LARGEST = 1 << 20
_MOST_ITERATIONS = 10_000_000  # a hostile file must not keep the processor for hours
_BLOCK = 64  # of SHA-1
_KEY, _VECTOR = 1, 2  # purposes of RFC 7292 appendix B.3
_CIPHER_BLOCK = 8
_OLD: dict[str, tuple[Any, int, dict[str, int]]] = {  # cipher, bytes of its key, what else it is told
    "pkcs12_sha1_tripledes_3key": (DES3, 24, {}),
    "pkcs12_sha1_tripledes_2key": (DES3, 16, {}),
    "pkcs12_sha1_rc2_128": (ARC2, 16, {"effective_keylen": 128}),
    "pkcs12_sha1_rc2_40": (ARC2, 5, {"effective_keylen": 40}),
}
_FAILURES = (ValueError, TypeError, KeyError, AttributeError)


def read_pkcs12(data: bytes, *, password: str) -> tuple[tuple[PrivateKey, Certificate], ...]:
    """The pairs of a file, two of a 双证书; KeyUnreadable for other files, a wrong password, no pair."""
    if len(data) > LARGEST:
        raise KeyUnreadable("证书文件（PKCS#12）无法读取：文件过大")
    try:
        bags = list(_bags(data, password))
        found = [_private_key(bag, password) for bag in bags if isinstance(bag, _KEY_BAGS)]
        certificates = [one for bag in bags if isinstance(bag, pkcs12.CertBag) for one in _certificates(bag)]
    except _FAILURES as error:
        raise KeyUnreadable("证书文件（PKCS#12）无法读取：格式不支持，或口令不正确") from error
    pairs = tuple((key, one) for key in found for one in certificates if one.public_key == key.public)
    if not pairs:
        raise KeyUnreadable("证书文件（PKCS#12）里没有私钥和与它配对的证书")
    return pairs


_KEY_BAGS = (keys.PrivateKeyInfo, keys.EncryptedPrivateKeyInfo)


def _bags(data: bytes, password: str) -> Iterator[Any]:
    for content in pkcs12.Pfx.load(data).authenticated_safe:
        for bag in pkcs12.SafeContents.load(_opened(content, password)):
            yield bag["bag_value"]


def _opened(content: cms.ContentInfo, password: str) -> bytes:
    if content["content_type"].native == "data":
        return bytes(content["content"])
    inner = content["content"]["encrypted_content_info"]
    return _decrypt(inner["content_encryption_algorithm"].native, inner["encrypted_content"].native, password)


def _private_key(bag: Any, password: str) -> PrivateKey:
    if isinstance(bag, keys.PrivateKeyInfo):
        return load_pkcs8(bag.untag().dump())
    return load_pkcs8(_decrypt(bag["encryption_algorithm"].native, bag["encrypted_data"].native, password))


def _certificates(bag: pkcs12.CertBag) -> Iterator[Certificate]:
    """The certificate, or none where it is of a kind that we do not know: authorities put theirs in as well."""
    try:
        yield Certificate.from_der(bytes(bag["cert_value"]))
    except CertificateUnreadable:
        return


def _decrypt(scheme: dict[str, Any], data: bytes, password: str) -> bytes:
    if scheme["algorithm"] in _OLD:
        return _decrypt_old(scheme, data, password)
    opened = open_bytes(scheme, data, password.encode())
    if opened is None:
        raise ValueError(f"unknown encryption {scheme['algorithm']}")
    return opened


def _decrypt_old(scheme: dict[str, Any], data: bytes, password: str) -> bytes:
    cipher, length, options = _OLD[scheme["algorithm"]]
    key, vector = (
        _derive(purpose, scheme["parameters"], password, length=size)
        for purpose, size in ((_KEY, length), (_VECTOR, _CIPHER_BLOCK))
    )
    plain: bytes = unpad(cipher.new(key, cipher.MODE_CBC, iv=vector, **options).decrypt(data), _CIPHER_BLOCK)
    return plain


def _derive(purpose: int, parameters: dict[str, Any], password: str, *, length: int) -> bytes:
    """RFC 7292 appendix B.2 with SHA-1."""
    if parameters["iterations"] > _MOST_ITERATIONS:
        raise ValueError("证书文件的口令迭代次数过大")
    mixed = fill(parameters["salt"], _BLOCK) + fill(password.encode("utf-16-be") + b"\0\0", _BLOCK)
    derived = b""
    while len(derived) < length:
        step = bytes([purpose]) * _BLOCK + mixed
        for _ in range(parameters["iterations"]):
            step = hashlib.sha1(step, usedforsecurity=False).digest()
        derived += step
        mixed = _add(mixed, fill(step, _BLOCK)[:_BLOCK])
    return derived[:length]


def _add(mixed: bytes, number: bytes) -> bytes:
    """Each block plus the number plus one, modulo its size."""
    step = int.from_bytes(number, "big") + 1
    blocks = (int.from_bytes(mixed[at : at + _BLOCK], "big") for at in range(0, len(mixed), _BLOCK))
    return b"".join(((block + step) % (1 << 8 * _BLOCK)).to_bytes(_BLOCK, "big") for block in blocks)
