"""SM2: the standard's examples, two libraries against each other and against a third, and tampering."""

import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import gmalg
import pytest
from asn1crypto import core
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from hypothesis import given, settings
from hypothesis import strategies as st

from yangguang.proof import sm2, sm2_gmssl, sm2_openssl
from yangguang.proof.sm2_curve import (
    BASE_POINT,
    COEFFICIENT_A,
    COEFFICIENT_B,
    ORDER,
    PRIME,
    add_points,
    decode_point,
    encode_point,
    encode_public_key,
    multiply_point,
    points_at,
)

BACKENDS = ("openssl", "gmssl")
PAIRS = [(one, other) for one in BACKENDS for other in BACKENDS]

# GB/T 32918.5-2017 annex A.2 (signature) and C.2 (encryption)
PRIVATE = bytes.fromhex("3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8")
PUBLIC = bytes.fromhex(
    "0409F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
    "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"
)
R = 0xF5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3
S = 0xB1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA
POINT_X = "04EBFC718E8D1798620432268E77FEB6415E2EDE0E073C0F4F640ECD2E149A73"
POINT_Y = "00E858F9D81E5430A57B36DAAB8F950A3C64E6EE6A63094D99283AFF767E124DF0"
HASH = "59983C18F809E262923C53AEC295D30383B54E39D609D160AFCB1908D0BD8766"
CIPHER = "21886CA989CA9C7D58087307CA93092D651EFA"


def ciphertext(*, x: str = POINT_X, y: str = POINT_Y, digest: str = HASH, cipher: str = CIPHER) -> bytes:
    def element(tag: int, text: str) -> bytes:
        value = bytes.fromhex(text)
        return bytes([tag, len(value)]) + value

    body = element(2, x) + element(2, y) + element(4, digest) + element(4, cipher)
    return bytes([0x30, len(body)]) + body


def oracle(private: bytes | None = None, public: bytes = PUBLIC, identity: bytes = b"1234567812345678") -> gmalg.SM2:
    return gmalg.SM2(private, identity, public)


def test_the_automatic_backend_is_the_system_library_here() -> None:
    assert sm2.backend() == "openssl"


@pytest.mark.parametrize("name", BACKENDS)
def test_the_standards_key_pair_comes_out(name: sm2.BackendName) -> None:
    assert sm2.public_of(PRIVATE, using=name) == PUBLIC


@pytest.mark.parametrize("name", BACKENDS)
def test_the_standards_signature_verifies(name: sm2.BackendName) -> None:
    signature = encode_dss_signature(R, S)

    assert sm2.verify(public=PUBLIC, data=b"message digest", signature=signature, using=name) is True
    assert sm2.verify(public=PUBLIC, data=b"message digesT", signature=signature, using=name) is False


@pytest.mark.parametrize("name", BACKENDS)
def test_the_standards_ciphertext_opens(name: sm2.BackendName) -> None:
    assert sm2.decrypt(private=PRIVATE, ciphertext=ciphertext(), using=name) == b"encryption standard"


@pytest.mark.parametrize(("signer", "verifier"), PAIRS)
def test_each_library_verifies_the_others_signatures(signer: sm2.BackendName, verifier: sm2.BackendName) -> None:
    private, public = sm2.generate(using=signer)
    signature = sm2.sign(private=private, data=b"bid", using=signer)

    assert sm2.verify(public=public, data=b"bid", signature=signature, using=verifier) is True
    assert sm2.verify(public=public, data=b"bad", signature=signature, using=verifier) is False


@pytest.mark.parametrize(("sealer", "opener"), PAIRS)
def test_each_library_opens_what_the_other_encrypted(sealer: sm2.BackendName, opener: sm2.BackendName) -> None:
    private, public = sm2.generate(using=sealer)
    wrapped = sm2.encrypt(public=public, plaintext=b"a content key...", using=sealer)

    assert sm2.decrypt(private=private, ciphertext=wrapped, using=opener) == b"a content key..."


@pytest.mark.parametrize("name", BACKENDS)
def test_a_third_implementation_agrees_on_signatures(name: sm2.BackendName) -> None:
    ours = sm2.sign(private=PRIVATE, data=b"bid", using=name)
    r, s = (number.to_bytes(32) for number in decode_dss_signature(ours))
    assert oracle().verify(b"bid", r, s) is True

    r, s = oracle(PRIVATE).sign(b"bid")
    theirs = encode_dss_signature(int.from_bytes(r), int.from_bytes(s))
    assert sm2.verify(public=PUBLIC, data=b"bid", signature=theirs, using=name) is True


@pytest.mark.parametrize("name", BACKENDS)
def test_a_third_implementation_agrees_on_encryption(name: sm2.BackendName) -> None:
    parts = core.SequenceOf.load(sm2.encrypt(public=PUBLIC, plaintext=b"content key", using=name), spec=core.Any)
    x, y, digest, cipher = (part.parse().native for part in parts)
    raw = encode_point((x, y)) + digest + cipher
    assert oracle(PRIVATE).decrypt(raw) == b"content key"

    point, cipher, digest = split(oracle().encrypt(b"content key"), len(b"content key"))
    theirs = ciphertext(x=integer(point[1:33]), y=integer(point[33:]), digest=digest.hex(), cipher=cipher.hex())
    assert sm2.decrypt(private=PRIVATE, ciphertext=theirs, using=name) == b"content key"


def split(raw: bytes, length: int) -> tuple[bytes, bytes, bytes]:
    """gmalg writes C1 ‖ C3 ‖ C2."""
    return raw[:65], raw[97 : 97 + length], raw[65:97]


def integer(value: bytes) -> str:
    number = int.from_bytes(value)
    return number.to_bytes(number.bit_length() // 8 + 1).hex()


@pytest.mark.parametrize("name", BACKENDS)
def test_the_identity_is_part_of_what_is_signed(name: sm2.BackendName) -> None:
    signature = sm2.sign(private=PRIVATE, data=b"bid", identity="示例甲".encode(), using=name)

    assert sm2.verify(public=PUBLIC, data=b"bid", signature=signature, identity="示例甲".encode(), using=name) is True
    assert sm2.verify(public=PUBLIC, data=b"bid", signature=signature, using=name) is False


@pytest.mark.parametrize("identity", [b"", b"x" * 8192])
def test_an_identity_that_does_not_fit_is_refused(identity: bytes) -> None:
    with pytest.raises(ValueError, match="用户标识"):
        sm2.sign(private=PRIVATE, data=b"", identity=identity)


@pytest.mark.parametrize("name", BACKENDS)
def test_a_signature_with_any_byte_changed_is_refused(name: sm2.BackendName) -> None:
    signature = encode_dss_signature(R, S)
    for position in range(len(signature)):
        changed = bytearray(signature)
        changed[position] ^= 1
        assert sm2.verify(public=PUBLIC, data=b"message digest", signature=bytes(changed), using=name) is False


@pytest.mark.parametrize("name", BACKENDS)
def test_a_ciphertext_with_any_byte_changed_does_not_open(name: sm2.BackendName) -> None:
    good = ciphertext()
    for position in range(len(good)):
        changed = bytearray(good)
        changed[position] ^= 1
        with pytest.raises(ValueError, match="SM2 密文"):
            sm2.decrypt(private=PRIVATE, ciphertext=bytes(changed), using=name)


@pytest.mark.parametrize("name", BACKENDS)
def test_a_ciphertext_for_another_key_does_not_open(name: sm2.BackendName) -> None:
    other, _ = sm2.generate(using=name)
    with pytest.raises(ValueError, match="不是加密给此私钥"):
        sm2.decrypt(private=other, ciphertext=ciphertext(), using=name)


@pytest.mark.parametrize(
    "signature",
    [
        b"",
        b"\x30\x00",
        encode_dss_signature(R, S) + b"\x00",
        encode_dss_signature(0, S),
        encode_dss_signature(R, 0),
        encode_dss_signature(R + ORDER, S),
        encode_dss_signature(ORDER, S),
        encode_dss_signature(R, ORDER),
        bytes.fromhex("308146") + encode_dss_signature(R, S)[2:],
        bytes.fromhex("3047022200") + encode_dss_signature(R, S)[4:],
    ],
)
def test_a_signature_that_is_not_strict_der_in_range_is_refused(signature: bytes) -> None:
    assert sm2.verify(public=PUBLIC, data=b"message digest", signature=signature) is False


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"junk",
        ciphertext() + b"\x00",
        ciphertext(y=POINT_Y[2:]),  # negative
        ciphertext(x="00" + POINT_X),  # not the shortest form
        ciphertext(digest=HASH[2:]),
        ciphertext(cipher=""),
        ciphertext(x="01"),  # off the curve
        ciphertext(x="05", y="00" + f"{PRIME:x}"),
        b"\x30\x81" + ciphertext()[1:],
        b"\x30\x06\x02\x01\x01\x02\x01\x01",
    ],
)
def test_a_ciphertext_that_is_not_strict_der_on_the_curve_is_refused(broken: bytes) -> None:
    with pytest.raises(ValueError, match="SM2 密文"):
        sm2.decrypt(private=PRIVATE, ciphertext=broken)


@pytest.mark.parametrize("private", [bytes(32), (ORDER - 1).to_bytes(32), b"\xff" * 32, b"\x01" * 31, b"\x01" * 33])
def test_a_private_key_out_of_range_is_refused(private: bytes) -> None:
    with pytest.raises(ValueError, match="SM2 私钥"):
        sm2.public_of(private)


@pytest.mark.parametrize("name", BACKENDS)
@pytest.mark.parametrize("number", [1, 2, ORDER - 2])
def test_the_first_and_last_private_keys_work(name: sm2.BackendName, number: int) -> None:
    private = number.to_bytes(32)
    public = sm2.public_of(private, using=name)

    assert public == encode_point(multiply_point(factor=number, point=BASE_POINT) or (0, 0))
    assert sm2.verify(public=public, data=b"", signature=sm2.sign(private=private, data=b"", using=name), using=name)


@pytest.mark.parametrize(
    "public", [b"", PUBLIC[1:], b"\x02" + PUBLIC[1:], PUBLIC[:-1] + b"\x12", b"\x04" + b"\xff" * 64, PUBLIC + b"\0"]
)
def test_a_public_key_off_the_curve_is_refused_everywhere(public: bytes) -> None:
    with pytest.raises(ValueError, match="SM2 公钥"):
        sm2.encrypt(public=public, plaintext=b"key")
    with pytest.raises(ValueError, match="SM2 公钥"):
        sm2.verify(public=public, data=b"", signature=encode_dss_signature(R, S))
    with pytest.raises(ValueError, match="SM2 公钥"):
        sm2.sign(private=PRIVATE, data=b"", public=public)


def test_signing_with_anothers_public_key_gives_a_signature_that_never_verifies() -> None:
    _, other = sm2.generate()
    signature = sm2.sign(private=PRIVATE, data=b"bid", public=other)

    assert sm2.verify(public=PUBLIC, data=b"bid", signature=signature) is False
    assert sm2.verify(public=other, data=b"bid", signature=signature) is False


@pytest.mark.parametrize("name", BACKENDS)
def test_nothing_cannot_be_encrypted(name: sm2.BackendName) -> None:
    with pytest.raises(ValueError, match="空内容"):
        sm2.encrypt(public=PUBLIC, plaintext=b"", using=name)


def test_the_second_library_says_how_much_it_encrypts_at_once() -> None:
    longest = sm2.encrypt(public=PUBLIC, plaintext=b"x" * 255, using="gmssl")
    assert sm2.decrypt(private=PRIVATE, ciphertext=longest) == b"x" * 255
    with pytest.raises(ValueError, match="255"):
        sm2.encrypt(public=PUBLIC, plaintext=b"x" * 256, using="gmssl")


def sm3(data: bytes) -> bytes:
    digest = hashes.Hash(hashes.SM3())
    digest.update(data)
    return digest.finalize()


@pytest.mark.parametrize("name", BACKENDS)
def test_a_ciphertext_whose_key_stream_is_zero_is_refused(name: sm2.BackendName) -> None:
    """GB/T 32918.4 §7.1 B4: such a ciphertext shows its plaintext."""
    for nonce in range(1, 5000):
        shared = multiply_point(factor=nonce, point=decode_point(PUBLIC)) or (0, 0)
        x, y = (number.to_bytes(32) for number in shared)
        if sm3(x + y + (1).to_bytes(4))[0] == 0:
            break
    point = multiply_point(factor=nonce, point=BASE_POINT) or (0, 0)
    digest, coordinates = sm3(x + b"k" + y).hex(), [integer(number.to_bytes(32)) for number in point]
    bare = ciphertext(x=coordinates[0], y=coordinates[1], digest=digest, cipher=b"k".hex())

    with pytest.raises(ValueError, match="SM2 密文"):
        sm2.decrypt(private=PRIVATE, ciphertext=bare, using=name)


def test_libraries_that_are_missing_or_old_are_passed_over() -> None:
    assert sm2_openssl.load(names=()) is None
    assert sm2_openssl.load(names=("no-such-library.so", "libc.so.6")) is None
    assert sm2_openssl.load(names=("no-such-library.so", *sm2_openssl.library_names())) is not None


def test_a_library_of_an_old_version_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sm2_openssl, "_OLDEST", 0x7FFFFFFF)
    assert sm2_openssl.load() is None


@pytest.mark.parametrize(
    ("platform", "first"),
    [
        ("linux", "libcrypto.so.3"),
        ("win32", "libcrypto-3-x64.dll"),
        ("darwin", "/opt/homebrew/opt/openssl@3/lib/libcrypto.3.dylib"),
    ],
)
def test_each_system_has_its_own_places_for_the_library(
    monkeypatch: pytest.MonkeyPatch, platform: str, first: str
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    names = list(sm2_openssl.library_names())

    assert names[0] == first
    assert len(names) >= 2


def test_the_second_library_steps_in_when_the_first_is_missing() -> None:
    assert sm2.choose([lambda: None, sm2_gmssl.load]).name == "gmssl"


def test_the_second_library_may_be_missing_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "gmssl_pyx", None)
    assert sm2_gmssl.load() is None
    with pytest.raises(sm2.NoSm2BackendError, match="没有可用的 SM2 组件"):
        sm2.choose([lambda: None, sm2_gmssl.load])


class Liar(sm2_gmssl.GmsslBackend):
    """A library that calls every signature good."""

    name = "liar"

    def verify(self, **parts: bytes) -> bool:
        return bool(parts)


class Broken(sm2_gmssl.GmsslBackend):
    """A library that fails in the middle of its work."""

    name = "broken"

    def public_of(self, private: bytes) -> bytes:
        raise RuntimeError(f"out of memory for {len(private)} bytes")


@pytest.mark.parametrize("kind", [Liar, Broken])
def test_a_library_that_fails_the_standards_example_is_passed_over(kind: type[sm2_gmssl.GmsslBackend]) -> None:
    assert sm2.choose([kind, sm2_openssl.load]).name == "openssl"


def test_the_error_of_the_library_is_told() -> None:
    backend = sm2_openssl.load()
    assert backend is not None
    with pytest.raises(sm2_openssl.LibcryptoError, match="error:"):
        backend.encrypt(public=b"\x04" + bytes(64), plaintext=b"key")


def test_the_second_library_answers_no_to_what_is_no_signature() -> None:
    backend = sm2_gmssl.load()
    assert backend is not None
    assert backend.verify(public=PUBLIC, data=b"", signature=b"", identity=sm2.DEFAULT_IDENTITY) is False


def test_many_threads_sign_and_verify_at_once() -> None:
    private, public = sm2.generate()

    def work(number: int) -> bool:
        data = number.to_bytes(4)
        signature = sm2.sign(private=private, data=data, public=public)
        refused = sm2.verify(public=public, data=b"other", signature=signature)
        return sm2.verify(public=public, data=data, signature=signature) and not refused

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, range(200)))


@settings(max_examples=25, deadline=None)
@given(data=st.binary(max_size=300), plaintext=st.binary(min_size=1, max_size=64))
def test_whatever_is_signed_verifies_and_whatever_is_encrypted_opens(data: bytes, plaintext: bytes) -> None:
    private, public = sm2.generate()

    assert sm2.verify(public=public, data=data, signature=sm2.sign(private=private, data=data))
    assert sm2.decrypt(private=private, ciphertext=sm2.encrypt(public=public, plaintext=plaintext)) == plaintext


def test_the_curve_adds_up() -> None:
    negative = (BASE_POINT[0], PRIME - BASE_POINT[1])

    assert multiply_point(factor=ORDER, point=BASE_POINT) is None
    assert multiply_point(factor=ORDER - 1, point=BASE_POINT) == negative
    assert add_points(None, BASE_POINT) == add_points(BASE_POINT, None) == BASE_POINT
    assert set(points_at(BASE_POINT[0])) == {BASE_POINT, negative}
    for x in range(20):
        is_square = pow(x**3 + COEFFICIENT_A * x + COEFFICIENT_B, (PRIME - 1) // 2, PRIME) == 1
        assert len(points_at(x)) == 2 * is_square
    x, y = BASE_POINT
    assert (y * y - (x**3 + COEFFICIENT_A * x + COEFFICIENT_B)) % PRIME == 0


@pytest.mark.skipif(shutil.which("openssl") is None, reason="the openssl command is not installed")
def test_the_openssl_command_verifies_our_signature(tmp_path: Path) -> None:
    (tmp_path / "public.der").write_bytes(encode_public_key(PUBLIC))
    (tmp_path / "data").write_bytes(b"bid")
    (tmp_path / "signature").write_bytes(sm2.sign(private=PRIVATE, data=b"bid"))
    command = (
        "openssl pkeyutl -verify -pubin -keyform DER -inkey public.der -rawin -in data -sigfile signature "
        "-digest sm3 -pkeyopt distid:1234567812345678"
    )
    answer = subprocess.run(command.split(), cwd=tmp_path, capture_output=True, text=True, check=False)
    assert answer.stdout == "Signature Verified Successfully\n"
