"""Certificate files: what is written, other programs open."""

import shutil
import subprocess
from pathlib import Path

import pytest
from asn1crypto import pem

from support.keyfiles import PASSWORD, key_file, pair
from yangguang.demo.people import KeyPair
from yangguang.proof.keys import Algorithm, generate_key, load_pkcs12
from yangguang.proof.pkcs12 import write_pkcs12
from yangguang.proof.sm2_files import private_from_der

PAIRS: dict[Algorithm, KeyPair] = {family: pair(family) for family in ("rsa", "ecdsa", "ed25519", "sm2")}
needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="the openssl command is not installed")


@pytest.mark.parametrize("family", ["rsa", "ecdsa", "ed25519"])
def test_a_written_file_opens_with_key_and_certificates(family: Algorithm) -> None:
    held, other = PAIRS[family], PAIRS["sm2"]
    key, certificates = load_pkcs12(key_file(held, others=[PAIRS["rsa"]]), password=PASSWORD.encode())

    assert key.public == held.key.public
    assert certificates == (held.certificate.der, PAIRS["rsa"].certificate.der)
    assert key.public != other.key.public


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
