"""Keys of four families: signing, wrapping, and files in every form people hold."""

import shutil
import subprocess
from pathlib import Path

import pytest
from asn1crypto import algos, core, keys, pem
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec

from yangguang.proof.keys import (
    Algorithm,
    KeyCannotDecrypt,
    KeyUnreadable,
    PrivateKey,
    generate_key,
    load_pkcs8,
    load_private_key,
    load_public_key,
)
from yangguang.proof.sm2_curve import encode_private_key, encode_private_key_alone

FAMILIES: tuple[Algorithm, ...] = ("rsa", "ecdsa", "ed25519", "sm2")
KEYS: dict[Algorithm, PrivateKey] = {family: generate_key(family, bits=2048) for family in FAMILIES}
needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="the openssl command is not installed")


@pytest.mark.parametrize("family", FAMILIES)
def test_a_signature_verifies_only_over_its_own_bytes_and_key(family: Algorithm) -> None:
    key, other = KEYS[family], generate_key(family, bits=2048)
    signature = key.sign(b"bid")

    assert key.algorithm == key.public.algorithm == family
    assert key.public.verify(signature=signature, data=b"bid") is True
    assert key.public.verify(signature=signature, data=b"bit") is False
    assert key.public.verify(signature=b"", data=b"bid") is False
    assert key.public.verify(signature=signature[:-1], data=b"bid") is False
    assert other.public.verify(signature=signature, data=b"bid") is False


@pytest.mark.parametrize("family", ["rsa", "sm2"])
def test_a_wrapped_secret_opens_only_with_its_own_key(family: Algorithm) -> None:
    key, other = KEYS[family], generate_key(family, bits=2048)
    wrapped = key.public.encrypt(b"content key")

    assert key.public.can_encrypt is True
    assert key.decrypt(wrapped) == b"content key"
    with pytest.raises(ValueError, match=r".+"):
        other.decrypt(wrapped)
    with pytest.raises(ValueError, match=r".+"):
        key.decrypt(wrapped[:-1] + bytes([wrapped[-1] ^ 1]))


@pytest.mark.parametrize("family", ["ecdsa", "ed25519"])
def test_a_key_for_signing_only_says_to_use_the_second_certificate(family: Algorithm) -> None:
    assert KEYS[family].public.can_encrypt is False
    with pytest.raises(KeyCannotDecrypt, match="双证书"):
        KEYS[family].decrypt(b"wrapped")
    with pytest.raises(KeyCannotDecrypt, match="双证书"):
        KEYS[family].public.encrypt(b"content key")


@pytest.mark.parametrize("family", FAMILIES)
def test_a_key_survives_its_file_with_and_without_password(family: Algorithm) -> None:
    key = KEYS[family]
    plain, sealed = key.to_pem(None), key.to_pem("口令".encode())

    assert b"ENCRYPTED" not in plain
    assert b"BEGIN ENCRYPTED PRIVATE KEY" in sealed
    assert load_private_key(plain).public == key.public
    assert load_private_key(plain, password=b"not needed").public == key.public
    assert load_private_key(sealed, password="口令".encode()).public == key.public


@pytest.mark.parametrize("family", ["rsa", "sm2"])
@pytest.mark.parametrize("password", [None, b"", b"wrong"])
def test_a_wrong_or_missing_password_is_refused(family: Algorithm, password: bytes | None) -> None:
    with pytest.raises(KeyUnreadable, match="口令"):
        load_private_key(KEYS[family].to_pem(b"right"), password=password)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_public_key_survives_its_der(family: Algorithm) -> None:
    public = KEYS[family].public
    again = load_public_key(public.to_der())

    assert again == public
    assert hash(again) == hash(public)
    assert again.bits == (2048 if family == "rsa" else 256)
    assert again != KEYS["sm2" if family != "sm2" else "rsa"].public
    assert again != "a key"


@pytest.mark.parametrize("family", FAMILIES)
def test_a_private_key_never_shows_itself(family: Algorithm) -> None:
    key = KEYS[family]
    secret = getattr(key, "raw", b"PrivateKey object")

    assert repr(secret) not in repr(key)
    assert "key=<" not in repr(key).split("public=")[0]


def test_small_rsa_keys_are_not_made() -> None:
    with pytest.raises(ValueError, match="2048"):
        generate_key("rsa", bits=1024)


def test_the_larger_digests_of_authorities_verify() -> None:
    key = ec.generate_private_key(ec.SECP384R1())
    der = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    signature = key.sign(b"certificate", ec.ECDSA(hashes.SHA384()))

    assert load_public_key(der).bits == 384
    assert load_public_key(der).verify(signature=signature, data=b"certificate", digest="sha384") is True
    assert load_public_key(der).verify(signature=signature, data=b"certificate") is False


def library_pem(
    key: ec.EllipticCurvePrivateKey | dsa.DSAPrivateKey,
    form: serialization.PrivateFormat = serialization.PrivateFormat.PKCS8,
) -> bytes:
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())


@pytest.mark.parametrize("form", [serialization.PrivateFormat.PKCS8, serialization.PrivateFormat.TraditionalOpenSSL])
def test_both_file_forms_of_ecdsa_keys_load(form: serialization.PrivateFormat) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    loaded = load_private_key(library_pem(key, form))

    assert loaded.algorithm == "ecdsa"
    assert load_private_key(library_pem(key, form), password=b"not needed").public == loaded.public


def test_a_private_key_on_another_curve_is_refused() -> None:
    with pytest.raises(KeyUnreadable, match="P-256"):
        load_private_key(library_pem(ec.generate_private_key(ec.SECP384R1())))


def test_a_key_of_another_family_is_refused() -> None:
    key = dsa.generate_private_key(2048)
    with pytest.raises(KeyUnreadable, match="不支持这种私钥"):
        load_private_key(library_pem(key))
    with pytest.raises(KeyUnreadable, match="不支持这种公钥"):
        load_public_key(
            key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        )


def test_a_curve_that_nobody_uses_here_is_refused() -> None:
    key = ec.generate_private_key(ec.SECP256K1())
    with pytest.raises(KeyUnreadable, match="不支持这种公钥"):
        load_public_key(
            key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        )


@pytest.mark.parametrize(
    "junk",
    [
        b"",
        b"junk",
        pem.armor("PRIVATE KEY", b"\x30\x00"),
        pem.armor("EC PRIVATE KEY", b"\x30\x00"),
        pem.armor("ENCRYPTED PRIVATE KEY", b"\x30\x00"),
        pem.armor("DSA PRIVATE KEY", b"\x30\x00"),
        pem.armor("PRIVATE KEY", encode_private_key(private=bytes(32), public=KEYS["sm2"].public.to_der()[-65:])),
    ],
)
def test_a_file_that_holds_no_key_is_refused(junk: bytes) -> None:
    with pytest.raises(KeyUnreadable, match="无法读取"):
        load_private_key(junk)
    with pytest.raises(KeyUnreadable, match="无法读取"):
        load_private_key(junk, password=b"password")


@pytest.mark.parametrize("junk", [b"", b"junk", b"\x30\x00"])
def test_bytes_that_hold_no_public_key_are_refused(junk: bytes) -> None:
    with pytest.raises(KeyUnreadable, match="公钥无法读取"):
        load_public_key(junk)


def test_an_sm2_public_key_off_the_curve_is_refused() -> None:
    der = KEYS["sm2"].public.to_der()
    with pytest.raises(KeyUnreadable, match="公钥无法读取"):
        load_public_key(der[:-1] + bytes([der[-1] ^ 1]))


def test_an_sm2_public_key_that_is_not_strict_der_is_refused() -> None:
    der = KEYS["sm2"].public.to_der()
    with pytest.raises(KeyUnreadable, match="公钥无法读取"):
        load_public_key(b"\x30\x81" + der[1:])


def test_an_sm2_key_whose_leading_zeros_were_left_out_loads() -> None:
    whole = encode_private_key_alone((7).to_bytes(32))
    algorithm = whole[5:26]
    short = bytes.fromhex("3022020100") + algorithm + bytes.fromhex("04083006020101040107")

    assert load_private_key(pem.armor("PRIVATE KEY", short)).public == (
        load_private_key(pem.armor("PRIVATE KEY", whole)).public
    )


@needs_openssl
@pytest.mark.parametrize("options", ["", "-aes256", "-aes128", "-aes192", "-sm4-cbc"])
def test_keys_made_by_the_openssl_command_load(tmp_path: Path, options: str) -> None:
    run(tmp_path, f"openssl genpkey -algorithm SM2 -pass pass:word {options} -out key.pem")
    run(tmp_path, "openssl pkey -in key.pem -passin pass:word -pubout -outform DER -out public.der")
    key = load_private_key((tmp_path / "key.pem").read_bytes(), password=b"word")

    assert key.algorithm == "sm2"
    assert key.public.to_der() == (tmp_path / "public.der").read_bytes()


@needs_openssl
@pytest.mark.parametrize("prf", ["hmacWithSHA1", "hmacWithSHA384", "hmacWithSHA512"])
def test_files_of_other_derivations_load(tmp_path: Path, prf: str) -> None:
    (tmp_path / "key.pem").write_bytes(KEYS["sm2"].to_pem(None))
    run(tmp_path, f"openssl pkcs8 -topk8 -in key.pem -v2 aes-256-cbc -v2prf {prf} -passout pass:word -out sealed.pem")
    sealed = (tmp_path / "sealed.pem").read_bytes()

    assert load_private_key(sealed, password=b"word").public == KEYS["sm2"].public


@needs_openssl
@pytest.mark.parametrize("password", [None, b"word"])
def test_the_openssl_command_reads_our_sm2_files(tmp_path: Path, password: bytes | None) -> None:
    (tmp_path / "key.pem").write_bytes(KEYS["sm2"].to_pem(password))
    run(tmp_path, "openssl pkey -in key.pem -passin pass:word -pubout -outform DER -out public.der")

    assert (tmp_path / "public.der").read_bytes() == KEYS["sm2"].public.to_der()


@needs_openssl
def test_a_file_sealed_in_a_way_only_the_library_knows_loads(tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_bytes(KEYS["rsa"].to_pem(None))
    run(tmp_path, "openssl pkcs8 -topk8 -in key.pem -scrypt -passout pass:word -out scrypt.pem")
    run(tmp_path, "openssl pkcs8 -topk8 -in key.pem -v1 PBE-SHA1-3DES -passout pass:word -out old.pem")

    for name in ("scrypt.pem", "old.pem"):
        sealed = (tmp_path / name).read_bytes()
        assert load_private_key(sealed, password=b"word").public == KEYS["rsa"].public
        with pytest.raises(KeyUnreadable, match="口令"):
            load_private_key(sealed)


def test_an_sm2_key_in_the_older_form_loads() -> None:
    raw = KEYS["sm2"].raw  # type: ignore[attr-defined]
    curve = bytes.fromhex("a00a06082a811ccf5501822d")
    older = bytes.fromhex("30310201010420") + raw + curve

    assert load_private_key(pem.armor("EC PRIVATE KEY", older)).public == KEYS["sm2"].public


def test_a_file_that_would_take_hours_to_open_is_refused() -> None:
    _, _, der = pem.unarmor(KEYS["sm2"].to_pem(b"word"))
    envelope = keys.EncryptedPrivateKeyInfo.load(der)
    scheme = {
        "key_derivation_func": {
            "algorithm": "pbkdf2",
            "parameters": {
                "salt": algos.Pbkdf2Salt(name="specified", value=core.OctetString(b"salt")),
                "iteration_count": 2_000_000_000,
                "prf": {"algorithm": "sha256", "parameters": core.Null()},
            },
        },
        "encryption_scheme": {"algorithm": "aes256_cbc", "parameters": bytes(16)},
    }
    hostile = keys.EncryptedPrivateKeyInfo(
        {
            "encryption_algorithm": {"algorithm": "pbes2", "parameters": scheme},
            "encrypted_data": envelope["encrypted_data"].native,
        }
    )
    with pytest.raises(KeyUnreadable) as caught:
        load_private_key(pem.armor("ENCRYPTED PRIVATE KEY", hostile.dump()), password=b"word")
    assert "迭代次数" in str(caught.value.__cause__)


def test_what_is_no_pkcs8_is_refused() -> None:
    with pytest.raises(KeyUnreadable, match="格式不支持"):
        load_pkcs8(b"junk")


def run(folder: Path, command: str) -> None:
    subprocess.run(command.split(), cwd=folder, check=True, capture_output=True)
