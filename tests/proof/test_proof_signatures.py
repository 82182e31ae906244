"""Detached signatures: their JSON, whose they are, and tampering."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from yangguang.proof.certificates import Certificate
from yangguang.proof.democa import DemoAuthority
from yangguang.proof.keys import Algorithm, PrivateKey, generate_key
from yangguang.proof.signatures import Signature, SignatureUnreadable, sign, verify

START = datetime(2026, 3, 2, tzinfo=UTC)
NAMES: dict[Algorithm, str] = {
    "rsa": "rsa-pkcs1v15-sha256",
    "ecdsa": "ecdsa-p256-sha256",
    "ed25519": "ed25519",
    "sm2": "sm2-sm3",
}
KEYS: dict[Algorithm, PrivateKey] = {family: generate_key(family, bits=2048) for family in NAMES}
AUTHORITY = DemoAuthority.create(name="示例根CA", algorithm="ecdsa", at=START)
CERTIFICATES: dict[Algorithm, Certificate] = {
    family: AUTHORITY.issue(
        organisation_name="示例建设有限公司",
        organisation_code="91990000MA0000000X",
        common_name="示例建设",
        key=key.public,
        usage="sign",
        not_before=START,
        not_after=START + timedelta(days=365),
    )
    for family, key in KEYS.items()
}


@pytest.mark.parametrize("family", NAMES)
def test_a_signature_survives_json_and_verifies_only_its_bytes(family: Algorithm) -> None:
    signature = sign(data="投标文件".encode(), key=KEYS[family], certificate=CERTIFICATES[family])
    again = Signature.from_json(signature.to_json())

    assert again == signature
    assert again.algorithm == NAMES[family]
    assert verify(data="投标文件".encode(), signature=again) is True
    assert verify(data="投标文件 ".encode(), signature=again) is False


@pytest.mark.parametrize("family", NAMES)
def test_a_signature_with_any_byte_changed_is_refused(family: Algorithm) -> None:
    signature = sign(data=b"bid", key=KEYS[family], certificate=CERTIFICATES[family])
    for position in range(len(signature.value)):
        changed = bytearray(signature.value)
        changed[position] ^= 0x80
        forged = Signature(algorithm=signature.algorithm, certificate=signature.certificate, value=bytes(changed))
        assert verify(data=b"bid", signature=forged) is False


def test_nobody_signs_with_anothers_certificate() -> None:
    with pytest.raises(ValueError, match="不是一对"):
        sign(data=b"bid", key=KEYS["sm2"], certificate=CERTIFICATES["rsa"])


def test_a_signature_under_anothers_certificate_does_not_verify() -> None:
    signature = sign(data=b"bid", key=KEYS["sm2"], certificate=CERTIFICATES["sm2"])
    for family in ("rsa", "ecdsa", "ed25519"):
        forged = Signature(algorithm=signature.algorithm, certificate=CERTIFICATES[family], value=signature.value)
        assert verify(data=b"bid", signature=forged) is False


def test_an_ecdsa_certificate_on_another_curve_does_not_count_as_p256() -> None:
    key = ec.generate_private_key(ec.SECP384R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "示例")])
    built = x509.CertificateBuilder(name, name, key.public_key(), 7, START, START + timedelta(days=1))
    certificate = Certificate.from_der(built.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER))
    value = key.sign(b"bid", ec.ECDSA(hashes.SHA256()))

    assert certificate.public_key.verify(signature=value, data=b"bid") is True
    signature = Signature(algorithm="ecdsa-p256-sha256", certificate=certificate, value=value)
    assert verify(data=b"bid", signature=signature) is False


GOOD = sign(data=b"bid", key=KEYS["sm2"], certificate=CERTIFICATES["sm2"]).to_json()


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {},
        {**GOOD, "more": 1},
        {**GOOD, "algorithm": "sm2-md5"},
        {**GOOD, "algorithm": ["sm2-sm3"]},
        {**GOOD, "certificate": "AAAA"},
        {**GOOD, "certificate": 7},
        {**GOOD, "value": None},
        {**GOOD, "value": "not base64!"},
        {**GOOD, "value": "QQ"},
        {**GOOD, "value": "QR=="},
        {**GOOD, "value": "签名"},
    ],
)
def test_json_that_is_no_signature_is_refused(value: Any) -> None:
    with pytest.raises(SignatureUnreadable, match="签名"):
        Signature.from_json(value)
