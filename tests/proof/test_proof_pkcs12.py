"""Certificate files: what is written, other programs open."""

import shutil
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import cms, keys, pem
from asn1crypto import pkcs12 as asn1_pkcs12
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ed448
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12

from support.keyfiles import NOW, PASSWORD, key_file, pair
from yangguang.demo.people import KeyPair
from yangguang.proof.keys import Algorithm, KeyUnreadable, generate_key
from yangguang.proof.pkcs12 import write_pkcs12
from yangguang.proof.pkcs12_reading import read_pkcs12
from yangguang.proof.sm2_files import private_from_der

PAIRS: dict[Algorithm, KeyPair] = {family: pair(family) for family in ("rsa", "ecdsa", "ed25519", "sm2")}
SEALED = BestAvailableEncryption(b"word")
needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="the openssl command is not installed")


@pytest.mark.parametrize("family", PAIRS)
def test_a_written_file_opens_with_key_and_certificate(family: Algorithm) -> None:
    held = PAIRS[family]
    ((key, certificate),) = read_pkcs12(key_file(held, others=[pair("ecdsa")]), password=PASSWORD)

    assert key.sign(b"x")
    assert (key.public, certificate) == (held.key.public, held.certificate)


def test_both_pairs_of_a_double_certificate_open() -> None:
    pairs = (PAIRS["sm2"], pair("sm2", usage="encrypt"))
    read = read_pkcs12(key_file(*pairs), password=PASSWORD)

    assert [certificate for _, certificate in read] == [one.certificate for one in pairs]


@needs_openssl
@pytest.mark.parametrize("family", ["rsa", "sm2"])
@pytest.mark.parametrize(
    "how",
    [
        "-keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1",
        "-keypbe PBE-SHA1-2DES -certpbe NONE",
        "-keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-RC2-40 -legacy",
        "-keypbe PBE-SHA1-RC2-128 -certpbe PBE-SHA1-RC2-128 -legacy",
        "-keypbe AES-128-CBC -certpbe AES-192-CBC",
        "-keypbe NONE -certpbe PBE-SHA1-3DES",
    ],
)
def test_files_of_older_tools_open(tmp_path: Path, family: Algorithm, how: str) -> None:
    held = PAIRS[family]
    (tmp_path / "key.pem").write_bytes(held.key.to_pem(None) + held.certificate.pem)
    command = f"openssl pkcs12 -export -in key.pem -out old.p12 -passout pass:{'word' * 20} {how}"
    done = subprocess.run(command.split(), cwd=tmp_path, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"this openssl writes none: {done.stderr}")
    data = (tmp_path / "old.p12").read_bytes()

    assert read_pkcs12(data, password="word" * 20)[0][1] == held.certificate
    with pytest.raises(KeyUnreadable):
        read_pkcs12(data, password="other")


def test_a_certificate_of_an_unknown_kind_beside_is_passed_over() -> None:
    held = PAIRS["ecdsa"]
    other = ed448.Ed448PrivateKey.generate()
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "示例")])
    builder = x509.CertificateBuilder(name, name, other.public_key(), 7, NOW, NOW + timedelta(days=1))
    own = x509.load_der_x509_certificate(held.certificate.der)
    data = pkcs12.serialize_key_and_certificates(b"key", held.key.key, own, [builder.sign(other, None)], SEALED)  # type: ignore[attr-defined] # of this family

    assert [one for _, one in read_pkcs12(data, password="word")] == [held.certificate]


def test_a_key_without_its_certificate_is_refused() -> None:
    data = pkcs12.serialize_key_and_certificates(b"key", PAIRS["ecdsa"].key.key, None, None, SEALED)  # type: ignore[attr-defined]

    with pytest.raises(KeyUnreadable, match="配对"):
        read_pkcs12(data, password="word")


@pytest.mark.parametrize(
    "scheme",
    [
        {"algorithm": "pkcs12_sha1_tripledes_3key", "parameters": {"salt": b"12345678", "iterations": 2_000_000_000}},
        {"algorithm": "pkcs12_sha1_rc4_128", "parameters": {"salt": b"12345678", "iterations": 1}},
    ],
    ids=["hours", "unknown"],
)
def test_a_file_that_would_take_hours_or_is_sealed_in_an_unknown_way_is_refused(scheme: dict[str, Any]) -> None:
    sealed = keys.EncryptedPrivateKeyInfo({"encryption_algorithm": scheme, "encrypted_data": bytes(16)})
    bags = asn1_pkcs12.SafeContents([{"bag_id": "pkcs8_shrouded_key_bag", "bag_value": sealed}]).dump()
    inside = asn1_pkcs12.AuthenticatedSafe([cms.ContentInfo({"content_type": "data", "content": bags})]).dump()
    safe = cms.ContentInfo({"content_type": "data", "content": inside})

    with pytest.raises(KeyUnreadable, match="格式不支持"):
        read_pkcs12(asn1_pkcs12.Pfx({"version": "v3", "auth_safe": safe}).dump(), password="word")


@pytest.mark.parametrize(
    "data", [b"junk", b"", key_file(PAIRS["rsa"]), bytes(2 << 20)], ids=["junk", "", "file", "big"]
)
def test_what_does_not_open_is_refused(data: bytes) -> None:
    with pytest.raises(KeyUnreadable, match="PKCS#12"):
        read_pkcs12(data, password="wrong")


@needs_openssl
@pytest.mark.parametrize("family", ["rsa", "ecdsa", "sm2"])
def test_openssl_checks_the_mac_and_shows_the_same_key(tmp_path: Path, family: Algorithm) -> None:
    held = PAIRS[family]
    text = openssl(tmp_path, key_file(held), PASSWORD).stdout

    assert private_pem(text) == pem.unarmor(held.key.to_pem(None))[2]
    assert held.certificate.pem.decode().strip() in text


@needs_openssl
def test_openssl_refuses_a_wrong_password(tmp_path: Path) -> None:
    done = openssl(tmp_path, key_file(PAIRS["rsa"]), "wrong")

    assert done.returncode != 0
    assert "Mac verify error" in done.stderr


@needs_openssl
def test_openssl_reads_both_pairs_of_a_double_certificate(tmp_path: Path) -> None:
    second = pair("sm2", usage="encrypt")
    text = openssl(tmp_path, key_file(PAIRS["sm2"], second), PASSWORD).stdout

    assert text.count("BEGIN PRIVATE KEY") == 2
    assert text.count("BEGIN CERTIFICATE") == 2
    assert private_from_der(private_pem(text)) == PAIRS["sm2"].key.raw  # type: ignore[attr-defined] # of this family


def test_a_file_without_password_or_with_another_key_is_not_written() -> None:
    held = PAIRS["ecdsa"]

    with pytest.raises(ValueError, match="密码"):
        write_pkcs12([(held.key, held.certificate)], password="")
    with pytest.raises(ValueError, match="一对"):
        write_pkcs12([(generate_key("ecdsa"), held.certificate)], password=PASSWORD)


def openssl(folder: Path, data: bytes, password: str) -> subprocess.CompletedProcess[str]:
    file, secret = folder / "key.p12", folder / "password.txt"
    file.write_bytes(data)
    secret.write_text(password, encoding="utf-8")
    command = ["openssl", "pkcs12", "-in", file, "-passin", f"file:{secret}", "-noenc"]
    return subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)


def private_pem(text: str) -> bytes:
    start = text.index("-----BEGIN PRIVATE KEY")
    return bytes(pem.unarmor(text[start:].encode())[2])
