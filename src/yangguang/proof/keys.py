"""Keys of four families behind one face (密钥): RSA, ECDSA P-256, Ed25519 and SM2.

RSA signs PKCS#1 v1.5 with SHA-256 and encrypts OAEP with SHA-256 (RFC 8017); ECDSA signs with SHA-256 and DER values
(RFC 3279); Ed25519 is RFC 8032; SM2 is GB/T 32918 with SM3.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

from yangguang.proof import sm2, sm2_files
from yangguang.proof.sm2_curve import encode_public_key

Algorithm = Literal["rsa", "ecdsa", "ed25519", "sm2"]
Digest = Literal["sha256", "sha384", "sha512"]
_LibraryPrivateKey: TypeAlias = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey
_LibraryPublicKey: TypeAlias = rsa.RSAPublicKey | ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey
_HASHES: dict[Digest, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}
_SMALLEST_RSA = 2048
_BIGGEST_RSA = 8192  # a hostile certificate must not make one verification take seconds
_READ_FAILURES = (ValueError, TypeError, KeyError, AttributeError, UnsupportedAlgorithm)
_OAEP = padding.OAEP(mgf=padding.MGF1(hashes.SHA256()), algorithm=hashes.SHA256(), label=None)
_CURVES = (ec.SECP256R1, ec.SECP384R1, ec.SECP521R1)


class KeyUnreadable(ValueError):  # noqa: N818 # named as what happened, like every error of this package
    """The bytes hold no key of a known family, or the password is wrong."""


class KeyCannotDecrypt(Exception):  # noqa: N818
    """A key made for signatures only was asked to encrypt or decrypt."""

    def __init__(self, algorithm: Algorithm) -> None:
        super().__init__(f"{algorithm} 密钥只能签名，不能加密或解密。请使用双证书中的加密证书（RSA 或 SM2）及其私钥。")


class PublicKey(ABC):
    """A public key (公钥). Equal keys have equal DER."""

    algorithm: Algorithm

    @property
    def bits(self) -> int:
        """Length of the RSA modulus or of the curve's field."""
        return 256

    @abstractmethod
    def verify(self, *, signature: bytes, data: bytes, digest: Digest = "sha256") -> bool:
        """Whether the signature over the data is good. `digest` matters to RSA and ECDSA only."""

    @abstractmethod
    def to_der(self) -> bytes:
        """SubjectPublicKeyInfo (RFC 5280 §4.1.2.7)."""

    def encrypt(self, data: bytes) -> bytes:  # noqa: ARG002 # the families that can, use it
        """A short secret wrapped for the holder of the private key; KeyCannotDecrypt for signing-only families."""
        raise KeyCannotDecrypt(self.algorithm)

    @property
    def can_encrypt(self) -> bool:
        """Whether the family encrypts at all."""
        return self.algorithm in ("rsa", "sm2")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PublicKey) and self.to_der() == other.to_der()

    def __hash__(self) -> int:
        return hash(self.to_der())


class PrivateKey(ABC):
    """A private key (私钥). Its text form never shows the secret."""

    algorithm: Algorithm

    @property
    @abstractmethod
    def public(self) -> PublicKey:
        """The public half."""

    @abstractmethod
    def sign(self, data: bytes) -> bytes:
        """A signature over the data, in the form the family's `PublicKey.verify` takes."""

    @abstractmethod
    def to_pem(self, password: bytes | None) -> bytes:
        """PKCS#8 PEM, encrypted (PBES2) if a password is given."""

    @abstractmethod
    def decrypt(self, wrapped: bytes) -> bytes:
        """The secret wrapped by `PublicKey.encrypt`.

        ValueError if it was changed or is for another key; KeyCannotDecrypt for signing-only families.
        """


@dataclass(frozen=True, slots=True, eq=False)
class RsaPublicKey(PublicKey):
    """RSA of at least 2048 bits for signing; smaller ones load but the certificate check refuses them."""

    key: rsa.RSAPublicKey
    algorithm: Algorithm = field(default="rsa", init=False)

    @property
    def bits(self) -> int:
        """Length of the modulus."""
        return self.key.key_size

    def verify(self, *, signature: bytes, data: bytes, digest: Digest = "sha256") -> bool:
        """PKCS#1 v1.5."""
        try:
            self.key.verify(signature, data, padding.PKCS1v15(), _HASHES[digest])
        except InvalidSignature:
            return False
        return True

    def encrypt(self, data: bytes) -> bytes:
        """OAEP with SHA-256 and MGF1-SHA256."""
        return self.key.encrypt(data, _OAEP)

    def to_der(self) -> bytes:
        """SubjectPublicKeyInfo."""
        return _library_der(self.key)


@dataclass(frozen=True, slots=True, eq=False)
class EcdsaPublicKey(PublicKey):
    """ECDSA. Organisations sign with P-256; the larger NIST curves occur in authorities' certificates."""

    key: ec.EllipticCurvePublicKey
    algorithm: Algorithm = field(default="ecdsa", init=False)

    @property
    def bits(self) -> int:
        """Length of the field."""
        return self.key.key_size

    def verify(self, *, signature: bytes, data: bytes, digest: Digest = "sha256") -> bool:
        """DER SEQUENCE{r, s}."""
        try:
            self.key.verify(signature, data, ec.ECDSA(_HASHES[digest]))
        except InvalidSignature:
            return False
        return True

    def to_der(self) -> bytes:
        """SubjectPublicKeyInfo."""
        return _library_der(self.key)


@dataclass(frozen=True, slots=True, eq=False)
class Ed25519PublicKey(PublicKey):
    """Ed25519."""

    key: ed25519.Ed25519PublicKey
    algorithm: Algorithm = field(default="ed25519", init=False)

    def verify(self, *, signature: bytes, data: bytes, digest: Digest = "sha256") -> bool:  # noqa: ARG002
        """64 bytes; Ed25519 hashes in its own way."""
        try:
            self.key.verify(signature, data)
        except InvalidSignature:
            return False
        return True

    def to_der(self) -> bytes:
        """SubjectPublicKeyInfo."""
        return _library_der(self.key)


@dataclass(frozen=True, slots=True, eq=False)
class Sm2PublicKey(PublicKey):
    """SM2: `raw` is 65 bytes 04‖x‖y."""

    raw: bytes
    algorithm: Algorithm = field(default="sm2", init=False)

    def verify(self, *, signature: bytes, data: bytes, digest: Digest = "sha256") -> bool:  # noqa: ARG002
        """DER SEQUENCE{r, s} with SM3 and the default identity."""
        return sm2.verify(public=self.raw, data=data, signature=signature)

    def encrypt(self, data: bytes) -> bytes:
        """GM/T 0009 DER."""
        return sm2.encrypt(public=self.raw, plaintext=data)

    def to_der(self) -> bytes:
        """SubjectPublicKeyInfo."""
        return encode_public_key(self.raw)


@dataclass(frozen=True, slots=True, eq=False)
class LibraryPrivateKey(PrivateKey):
    """RSA, ECDSA or Ed25519."""

    key: _LibraryPrivateKey = field(repr=False)
    algorithm: Algorithm
    public: PublicKey

    def sign(self, data: bytes) -> bytes:
        """PKCS#1 v1.5 with SHA-256, ECDSA with SHA-256 as DER, or Ed25519."""
        if isinstance(self.key, rsa.RSAPrivateKey):
            return self.key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        if isinstance(self.key, ec.EllipticCurvePrivateKey):
            return self.key.sign(data, ec.ECDSA(hashes.SHA256()))
        return self.key.sign(data)

    def decrypt(self, wrapped: bytes) -> bytes:
        """OAEP with SHA-256, RSA only."""
        if not isinstance(self.key, rsa.RSAPrivateKey):
            raise KeyCannotDecrypt(self.algorithm)
        return self.key.decrypt(wrapped, _OAEP)

    def to_pem(self, password: bytes | None) -> bytes:
        """PKCS#8."""
        encryption = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
        return self.key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption)


@dataclass(frozen=True, slots=True, eq=False)
class Sm2PrivateKey(PrivateKey):
    """SM2: `raw` is 32 bytes big-endian."""

    raw: bytes = field(repr=False)
    public: Sm2PublicKey
    algorithm: Algorithm = field(default="sm2", init=False)

    def sign(self, data: bytes) -> bytes:
        """DER SEQUENCE{r, s} with SM3 and the default identity."""
        return sm2.sign(private=self.raw, public=self.public.raw, data=data)

    def decrypt(self, wrapped: bytes) -> bytes:
        """GM/T 0009 DER."""
        return sm2.decrypt(private=self.raw, ciphertext=wrapped)

    def to_pem(self, password: bytes | None) -> bytes:
        """PKCS#8."""
        return sm2_files.to_pem(private=self.raw, public=self.public.raw, password=password)


def generate_key(algorithm: Algorithm, *, bits: int = 3072) -> PrivateKey:
    """A new key; `bits` is for RSA only and at least 2048."""
    if algorithm == "sm2":
        return _sm2_key(sm2.generate()[0])
    if algorithm == "ecdsa":
        return _wrap(ec.generate_private_key(ec.SECP256R1()))
    if algorithm == "ed25519":
        return _wrap(ed25519.Ed25519PrivateKey.generate())
    if bits < _SMALLEST_RSA:
        raise ValueError(f"RSA 密钥不得短于 {_SMALLEST_RSA} 位")
    return _wrap(rsa.generate_private_key(public_exponent=65537, key_size=bits))


def load_private_key(pem: bytes, *, password: bytes | None = None) -> PrivateKey:
    """A key from PEM (PKCS#8, or the family's older form); KeyUnreadable for anything else or a wrong password."""
    try:
        der = sm2_files.open_pem(pem, password=password)
        key = _load_pem(pem, password) if der is None else _load_der(der)
    except _READ_FAILURES as error:
        raise KeyUnreadable("私钥文件无法读取：格式不支持，或口令不正确") from error
    return _wrap(key)


def load_pkcs8(der: bytes) -> PrivateKey:
    """A key from PKCS#8 DER that is not encrypted; KeyUnreadable for anything else."""
    try:
        key = _load_der(der)
    except _READ_FAILURES as error:
        raise KeyUnreadable("私钥无法读取：格式不支持") from error
    return _wrap(key)


def load_public_key(der: bytes) -> PublicKey:
    """A key from SubjectPublicKeyInfo DER; KeyUnreadable for anything else."""
    try:
        raw = sm2_files.public_from_der(der)
        if raw is not None:
            return Sm2PublicKey(raw)
        key = serialization.load_der_public_key(der)
    except _READ_FAILURES as error:
        raise KeyUnreadable("公钥无法读取：格式不支持") from error
    return _wrap_public(key)


def _load_pem(pem: bytes, password: bytes | None) -> object:
    """Forms other than PKCS#8 with PBES2; a password that the file does not need is not held against it."""
    try:
        return serialization.load_pem_private_key(pem, password)
    except TypeError:
        if password is None:
            raise
        return serialization.load_pem_private_key(pem, None)


def _load_der(der: bytes) -> object:
    """What PKCS#8 holds; of an SM2 key, which the library does not know, the raw bytes."""
    raw = sm2_files.private_from_der(der)
    return serialization.load_der_private_key(der, None) if raw is None else raw


def _sm2_key(raw: bytes) -> Sm2PrivateKey:
    return Sm2PrivateKey(raw, Sm2PublicKey(sm2.public_of(raw)))


def _wrap(key: object) -> PrivateKey:
    if isinstance(key, bytes):
        return _sm2_key(key)
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey):
        raise KeyUnreadable("不支持这种私钥：请使用 RSA、ECDSA P-256、Ed25519 或 SM2")
    if isinstance(key, ec.EllipticCurvePrivateKey) and not isinstance(key.curve, ec.SECP256R1):
        raise KeyUnreadable("ECDSA 私钥只支持 P-256 曲线")
    public = _wrap_public(key.public_key())
    return LibraryPrivateKey(key, public.algorithm, public)


def _wrap_public(key: object) -> PublicKey:
    if isinstance(key, rsa.RSAPublicKey) and key.key_size <= _BIGGEST_RSA:
        return RsaPublicKey(key)
    if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, _CURVES):
        return EcdsaPublicKey(key)
    if isinstance(key, ed25519.Ed25519PublicKey):
        return Ed25519PublicKey(key)
    raise KeyUnreadable("不支持这种公钥：请使用 RSA、ECDSA、Ed25519 或 SM2")


def _library_der(key: _LibraryPublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
