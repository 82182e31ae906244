"""SM2 signatures and encryption (GB/T 32918, 国密椭圆曲线算法) on raw keys.

A private key is 32 bytes big-endian, a public key 65 bytes 04‖x‖y. Two libraries can do the work: the system's
libcrypto 3, or `gmssl-pyx`. The first one that passes the standard's own example is used.
"""

import secrets
from collections.abc import Callable, Sequence
from functools import cache, partial
from typing import Literal, Protocol

from yangguang.proof import sm2_gmssl, sm2_openssl
from yangguang.proof.sm2_curve import ORDER, check_ciphertext, check_private, check_public, decode_signature

BackendName = Literal["openssl", "gmssl"]
DEFAULT_IDENTITY = b"1234567812345678"
_LONGEST_IDENTITY = 8191  # its length in bits must fit 16 bits

# GB/T 32918.5-2017, examples of annexes A and C
_EXAMPLE_PRIVATE = bytes.fromhex("3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8")
_EXAMPLE_PUBLIC = bytes.fromhex(
    "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
    "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
)
_EXAMPLE_SIGNATURE = bytes.fromhex(
    "3046022100f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
    "022100b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"
)
_EXAMPLE_CIPHERTEXT = bytes.fromhex(
    "307c022004ebfc718e8d1798620432268e77feb6415e2ede0e073c0f4f640ecd2e149a73"
    "022100e858f9d81e5430a57b36daab8f950a3c64e6ee6a63094d99283aff767e124df0"
    "042059983c18f809e262923c53aec295d30383b54e39d609d160afcb1908d0bd8766"
    "041321886ca989ca9c7d58087307ca93092d651efa"
)


class Backend(Protocol):
    """What a library must do; keys, signatures and ciphertexts arrive with their shapes checked."""

    name: str

    def public_of(self, private: bytes) -> bytes:
        """The public key of a private key."""

    def sign(self, *, private: bytes, public: bytes, data: bytes, identity: bytes) -> bytes:
        """DER signature."""

    def verify(self, *, public: bytes, data: bytes, signature: bytes, identity: bytes) -> bool:
        """Whether the signature is good."""

    def encrypt(self, *, public: bytes, plaintext: bytes) -> bytes:
        """DER ciphertext."""

    def decrypt(self, *, private: bytes, ciphertext: bytes) -> bytes:
        """The plaintext, or RuntimeError."""


class NoSm2BackendError(RuntimeError):
    """No library on this machine does SM2 correctly."""


def backend() -> str:
    """The library in use: "openssl" or "gmssl"."""
    return _backend(None).name


def generate(*, using: BackendName | None = None) -> tuple[bytes, bytes]:
    """A new private key and its public key."""
    private = (secrets.randbelow(ORDER - 2) + 1).to_bytes(32)
    return private, public_of(private, using=using)


def public_of(private: bytes, *, using: BackendName | None = None) -> bytes:
    """The public key of a private key; ValueError if the private key is out of range."""
    check_private(private)
    return _backend(using).public_of(private)


def sign(
    *,
    private: bytes,
    data: bytes,
    identity: bytes = DEFAULT_IDENTITY,
    public: bytes | None = None,
    using: BackendName | None = None,
) -> bytes:
    """DER SEQUENCE{r, s} over SM3(Z ‖ data), Z made of the identity and the public key (GB/T 32918.2 §6).

    Whoever has the public key at hand passes it and saves its computation; a wrong one gives a signature that never
    verifies.
    """
    check_private(private)
    _check_identity(identity)
    if public is not None:
        check_public(public)
    chosen = _backend(using)
    return chosen.sign(private=private, public=public or chosen.public_of(private), data=data, identity=identity)


def verify(
    *,
    public: bytes,
    data: bytes,
    signature: bytes,
    identity: bytes = DEFAULT_IDENTITY,
    using: BackendName | None = None,
) -> bool:
    """Whether the signature is good (GB/T 32918.2 §7); one that is not strict DER with r and s in range never is."""
    check_public(public)
    _check_identity(identity)
    if decode_signature(signature) is None:
        return False
    return _backend(using).verify(public=public, data=data, signature=signature, identity=identity)


def encrypt(*, public: bytes, plaintext: bytes, using: BackendName | None = None) -> bytes:
    """DER SEQUENCE{x, y, hash, cipher} (GM/T 0009 §7.2, order C1C3C2); ValueError for an empty plaintext.

    The second backend takes at most 255 bytes: wrap a content key, not a document.
    """
    check_public(public)
    if not plaintext:
        raise ValueError("SM2 不能加密空内容")
    return _backend(using).encrypt(public=public, plaintext=plaintext)


def decrypt(*, private: bytes, ciphertext: bytes, using: BackendName | None = None) -> bytes:
    """The plaintext; ValueError if any byte was changed or the ciphertext is for another key."""
    check_private(private)
    check_ciphertext(ciphertext)
    try:
        return _backend(using).decrypt(private=private, ciphertext=ciphertext)
    except RuntimeError as error:
        raise ValueError("SM2 密文已被改动，或不是加密给此私钥的") from error


def choose(loaders: Sequence[Callable[[], Backend | None]]) -> Backend:
    """The first backend that loads and passes the standard's example; NoSm2BackendError if none does."""
    for load in loaders:
        found = load()
        if found is not None and passes_example(found):
            return found
    raise NoSm2BackendError("本机没有可用的 SM2 组件：请安装 OpenSSL 3（libcrypto）或 gmssl-pyx")


def passes_example(candidate: Backend) -> bool:
    """Whether a backend reproduces GB/T 32918.5: key, good and bad signature, decryption."""
    verify = partial(candidate.verify, public=_EXAMPLE_PUBLIC, signature=_EXAMPLE_SIGNATURE, identity=DEFAULT_IDENTITY)
    try:
        return (
            candidate.public_of(_EXAMPLE_PRIVATE) == _EXAMPLE_PUBLIC
            and verify(data=b"message digest")
            and not verify(data=b"message digests")
            and candidate.decrypt(private=_EXAMPLE_PRIVATE, ciphertext=_EXAMPLE_CIPHERTEXT) == b"encryption standard"
        )
    except RuntimeError:
        return False


@cache
def _backend(name: BackendName | None) -> Backend:
    loaders: dict[str, Callable[[], Backend | None]] = {"openssl": sm2_openssl.load, "gmssl": sm2_gmssl.load}
    return choose(list(loaders.values()) if name is None else [loaders[name]])


def _check_identity(identity: bytes) -> None:
    if not 1 <= len(identity) <= _LONGEST_IDENTITY:
        raise ValueError(f"SM2 用户标识必须为 1 至 {_LONGEST_IDENTITY} 字节")
