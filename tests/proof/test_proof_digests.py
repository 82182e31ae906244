"""SHA-256, SM3, SM4 and SM4-GCM against the published vectors, and digests of files."""

import hashlib
from pathlib import Path

import gmalg
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from yangguang.proof.digests import Digests, digest_bytes, digest_file

# GB/T 32905-2016 annex A
SM3_ABC = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
SM3_64 = "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"


@pytest.mark.parametrize(("data", "expected"), [(b"abc", SM3_ABC), (b"abcd" * 16, SM3_64)])
def test_sm3_gives_the_standards_values(data: bytes, expected: str) -> None:
    assert digest_bytes(data).sm3 == expected


@pytest.mark.parametrize("size", [0, 1, 1 << 20, (1 << 20) + 1, (4 << 20) - 1, 4 << 20, (6 << 20) + 17])
def test_a_file_has_the_digests_of_its_bytes(tmp_path: Path, size: int) -> None:
    data = (b"0123456789abcdef" * (size // 16 + 1))[:size]
    path = tmp_path / "bid.pdf"
    path.write_bytes(data)

    assert digest_file(path) == digest_bytes(data)
    assert digest_file(str(path)).sha256 == hashlib.sha256(data).hexdigest()
    assert digest_file(path).size == size


def test_sm3_agrees_with_a_second_implementation() -> None:
    for size in (0, 55, 56, 64, 1000):
        oracle = gmalg.SM3()
        oracle.update(bytes(size))
        assert digest_bytes(bytes(size)) == Digests(hashlib.sha256(bytes(size)).hexdigest(), oracle.value().hex(), size)


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        digest_file(tmp_path / "nothing")


def test_sm4_gives_the_standards_value() -> None:
    """GB/T 32907-2016 annex A.1."""
    key = bytes.fromhex("0123456789abcdeffedcba9876543210")
    encryptor = Cipher(algorithms.SM4(key), modes.ECB()).encryptor()  # noqa: S305 # the vector is a bare block
    assert encryptor.update(key).hex() == "681edf34d206965e86b3e94f536e4246"


def test_sm4_gcm_gives_the_values_of_rfc_8998() -> None:
    """RFC 8998 appendix A.1."""
    key = bytes.fromhex("0123456789abcdeffedcba9876543210")
    nonce = bytes.fromhex("00001234567800000000abcd")
    associated = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    plaintext = bytes.fromhex(
        "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd"
        "eeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa"
    )
    encryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(associated)
    ciphertext = encryptor.update(plaintext) + encryptor.finalize()

    assert ciphertext.hex() == (
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
        "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
    )
    assert encryptor.tag.hex() == "83de3541e4c2b58177e065a9bf7b62ec"
