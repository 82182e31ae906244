"""SM2 keys in files: PKCS#8 PEM, plain or encrypted with PBES2 (RFC 5208, RFC 8018), and the older SEC1 form.

`cryptography` knows neither the curve nor encrypted files of it, so the envelope is opened here and its ciphers come
from that library.
"""

import secrets
from typing import Any

from asn1crypto import core, keys, pem
from cryptography.hazmat.primitives import hashes, padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

from yangguang.proof.sm2_curve import (
    CURVE_OID,
    KEY_OID,
    check_private,
    check_public,
    encode_private_key,
    encode_private_key_alone,
    encode_public_key,
)

_ITERATIONS = 600_000
_MOST_ITERATIONS = 10_000_000  # a hostile file must not keep the processor for hours
_FUNCTIONS: dict[str, hashes.HashAlgorithm] = {
    "sha1": hashes.SHA1(),  # noqa: S303 # the standard's default, sound inside PBKDF2
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
    "1.2.156.10197.1.401.2": hashes.SM3(),
}
_CIPHERS: dict[str, tuple[Any, int]] = {
    "aes128_cbc": (algorithms.AES, 16),
    "aes192_cbc": (algorithms.AES, 24),
    "aes256_cbc": (algorithms.AES, 32),
    "1.2.156.10197.1.104.2": (algorithms.SM4, 16),
}
_BLOCK_BITS = 128
_SALT = 16


def to_pem(*, private: bytes, public: bytes, password: bytes | None) -> bytes:
    """PKCS#8 PEM; with a password encrypted by PBKDF2-HMAC-SHA256 and AES-256-CBC."""
    der = encode_private_key(private=private, public=public)
    if not password:
        armoured: bytes = pem.armor("PRIVATE KEY", der)
        return armoured
    sealed: bytes = pem.armor("ENCRYPTED PRIVATE KEY", seal_der(der, password))
    return sealed


def open_pem(data: bytes, *, password: bytes | None = None) -> bytes | None:
    """PKCS#8 DER of any key family from its PEM, or None for other forms of file; ValueError for a wrong password."""
    kind, _, der = pem.unarmor(data)
    if kind == "PRIVATE KEY":
        return bytes(der)
    if kind == "EC PRIVATE KEY":
        return _from_sec1(der)
    if kind != "ENCRYPTED PRIVATE KEY":
        return None
    envelope = keys.EncryptedPrivateKeyInfo.load(der, strict=True)
    scheme = envelope["encryption_algorithm"].native
    if is_known(scheme) and not password:
        raise ValueError("私钥文件已加密，需要口令")
    return open_bytes(scheme, envelope["encrypted_data"].native, password or b"")


def open_bytes(scheme: dict[str, Any], data: bytes, password: bytes) -> bytes | None:
    """What `seal_bytes` sealed, by the algorithm's native value; None for another scheme, ValueError as `open_pem`."""
    return _decrypt(scheme=scheme["parameters"], password=password, data=data) if is_known(scheme) else None


def private_from_der(der: bytes) -> bytes | None:
    """The 32 raw bytes of an SM2 key in PKCS#8 DER; None if the key is of another family."""
    info = keys.PrivateKeyInfo.load(der, strict=True)
    algorithm = info["private_key_algorithm"]
    if algorithm["algorithm"].dotted != KEY_OID or algorithm["parameters"].chosen.dotted != CURVE_OID:
        return None
    inner = keys.ECPrivateKey.load(info["private_key"].contents, strict=True)
    return _number(inner)


def public_from_der(der: bytes) -> bytes | None:
    """The 65 raw bytes of an SM2 key in SubjectPublicKeyInfo DER; None if the key is of another family."""
    info = keys.PublicKeyInfo.load(der, strict=True)
    algorithm = info["algorithm"]
    if algorithm["algorithm"].dotted != KEY_OID or algorithm["parameters"].chosen.dotted != CURVE_OID:
        return None
    raw = bytes(info["public_key"].native)
    check_public(raw)
    if encode_public_key(raw) != der:
        raise ValueError("not DER")
    return raw


def _from_sec1(der: bytes) -> bytes | None:
    inner = keys.ECPrivateKey.load(der, strict=True)
    if inner["parameters"].native is None or inner["parameters"].chosen.dotted != CURVE_OID:
        return None
    return encode_private_key_alone(_number(inner))


def _number(inner: Any) -> bytes:
    """The private number on 32 bytes: some tools leave out its leading zeros."""
    raw: bytes = inner["private_key"].contents.rjust(32, b"\0")
    check_private(raw)
    return raw


def is_known(scheme: dict[str, Any]) -> bool:
    """Whether it is PBES2 with a derivation and a cipher of ours."""
    if scheme["algorithm"] != "pbes2":
        return False
    derivation, cipher = scheme["parameters"]["key_derivation_func"], scheme["parameters"]["encryption_scheme"]
    return (
        derivation["algorithm"] == "pbkdf2"
        and derivation["parameters"]["prf"]["algorithm"] in _FUNCTIONS
        and cipher["algorithm"] in _CIPHERS
    )


def _decrypt(*, scheme: dict[str, Any], password: bytes, data: bytes) -> bytes:
    derivation, cipher = scheme["key_derivation_func"]["parameters"], scheme["encryption_scheme"]
    if derivation["iteration_count"] > _MOST_ITERATIONS:
        raise ValueError("私钥文件的口令迭代次数过大")
    family, length = _CIPHERS[cipher["algorithm"]]
    key = PBKDF2HMAC(
        _FUNCTIONS[derivation["prf"]["algorithm"]], length, derivation["salt"], derivation["iteration_count"]
    ).derive(password)
    decryptor = Cipher(family(key), modes.CBC(cipher["parameters"])).decryptor()
    unpadder = padding.PKCS7(_BLOCK_BITS).unpadder()
    padded = decryptor.update(data) + decryptor.finalize()
    return unpadder.update(padded) + unpadder.finalize()


def seal_der(der: bytes, password: bytes, *, iterations: int = _ITERATIONS) -> bytes:
    """PKCS#8 DER of any key family as EncryptedPrivateKeyInfo: PBES2 with PBKDF2-HMAC-SHA256 and AES-256-CBC."""
    scheme, sealed = seal_bytes(der, password, iterations=iterations)
    envelope = keys.EncryptedPrivateKeyInfo({"encryption_algorithm": scheme, "encrypted_data": sealed})
    encoded: bytes = envelope.dump()
    return encoded


def seal_bytes(data: bytes, password: bytes, *, iterations: int = _ITERATIONS) -> tuple[dict[str, Any], bytes]:
    """The algorithm, as asn1crypto builds it, and the sealed bytes."""
    salt, vector = secrets.token_bytes(_SALT), secrets.token_bytes(_SALT)
    key = PBKDF2HMAC(hashes.SHA256(), 32, salt, iterations).derive(password)
    padder = padding.PKCS7(_BLOCK_BITS).padder()
    encryptor = Cipher(algorithms.AES(key), modes.CBC(vector)).encryptor()
    sealed = encryptor.update(padder.update(data) + padder.finalize()) + encryptor.finalize()
    derivation = {
        "algorithm": "pbkdf2",
        "parameters": {
            "salt": {"specified": salt},
            "iteration_count": iterations,
            "prf": {"algorithm": "sha256", "parameters": core.Null()},
        },
    }
    scheme = {
        "key_derivation_func": derivation,
        "encryption_scheme": {"algorithm": "aes256_cbc", "parameters": vector},
    }
    return {"algorithm": "pbes2", "parameters": scheme}, sealed
