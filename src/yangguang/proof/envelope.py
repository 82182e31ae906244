"""The sealed envelope (数字信封): CMS AuthEnvelopedData (RFC 5083, RFC 5084) in definite-length DER.

A random content key encrypts the content; each recipient gets the key wrapped by the public key of a certificate.
The content is opaque here: this module writes and reads what stands before and after the ciphertext.

    ContentInfo { id-ct-authEnvelopedData, [0] AuthEnvelopedData {
        version 0,
        RecipientInfos SET OF KeyTransRecipientInfo { version 0, issuerAndSerialNumber, algorithm, wrapped key },
        EncryptedContentInfo { id-data, { algorithm, GCMParameters { nonce, 16 } }, [0] ciphertext },
        mac } }

A reader builds the header again from what it read and compares: only one encoding of an envelope is accepted.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from asn1crypto import x509
from cryptography.hazmat.primitives.ciphers import BlockCipherAlgorithm, Cipher, algorithms, modes

from yangguang.proof.broken import broken
from yangguang.proof.certificates import Certificate
from yangguang.proof.keys import Algorithm, PrivateKey

SuiteName = Literal["INTL", "GM"]
GcmCipher: TypeAlias = Cipher[modes.GCM]

TAG_BYTES: Final = 16
NONCE_BYTES: Final = 12
TAIL_BYTES: Final = 2 + TAG_BYTES  # the mac as an OCTET STRING
LONGEST_HEADER: Final = 1 << 16
MOST_RECIPIENTS: Final = 16

_INTEGER, _OCTETS, _OID, _SEQUENCE, _SET = 0x02, 0x04, 0x06, 0x30, 0x31
_EXPLICIT_0, _IMPLICIT_0 = 0xA0, 0x80
_TAIL_START: Final = bytes([_OCTETS, TAG_BYTES])
_LONG_FORM = 0x80
_LONGEST_LENGTH = 8


def der(tag: int, *contents: bytes) -> bytes:
    """One DER value of a tag and its contents one after the other."""
    body = b"".join(contents)
    return der_start(tag, len(body)) + body


def der_start(tag: int, length: int) -> bytes:
    """Tag and length octets of a value of `length` bytes."""
    if length < _LONG_FORM:
        return bytes([tag, length])
    octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([tag, _LONG_FORM | len(octets)]) + octets


def _oid(hexadecimal: str) -> bytes:
    return der(_OID, bytes.fromhex(hexadecimal))


_VERSION_0 = der(_INTEGER, b"\0")
_AUTH_ENVELOPED = _oid("2a864886f70d0109100117")  # 1.2.840.113549.1.9.16.1.23
_DATA = _oid("2a864886f70d010701")  # 1.2.840.113549.1.7.1
_SHA256 = der(_SEQUENCE, _oid("608648016503040201"))  # 2.16.840.1.101.3.4.2.1, no parameters: RFC 5754 §2
_MGF1_SHA256 = der(_SEQUENCE, _oid("2a864886f70d010108"), _SHA256)  # 1.2.840.113549.1.1.8
_OAEP_SHA256 = der(  # 1.2.840.113549.1.1.7, RFC 4055
    _SEQUENCE,
    _oid("2a864886f70d010107"),
    der(_SEQUENCE, der(0xA0, _SHA256), der(0xA1, _MGF1_SHA256)),
)
_SM2_ENCRYPTION = der(_SEQUENCE, _oid("2a811ccf5501822d03"))  # 1.2.156.10197.1.301.3
_AES256_GCM = _oid("60864801650304012e")  # 2.16.840.1.101.3.4.1.46
_SM4_GCM = _oid("2a811ccf55016808")  # 1.2.156.10197.1.104.8
_ICV_16 = der(_INTEGER, bytes([TAG_BYTES]))


@dataclass(frozen=True, slots=True)
class Suite:
    """算法套件: which ciphers work together; `recipient` is the key family of those who can open."""

    name: SuiteName
    key_bytes: int
    recipient: Algorithm
    content_oid: bytes
    transport: bytes
    block_cipher: type[BlockCipherAlgorithm]

    def cipher(self, *, key: bytes, nonce: bytes) -> GcmCipher:
        """GCM under a content key of `key_bytes`."""
        return Cipher(self.block_cipher(key), modes.GCM(nonce))  # type: ignore[call-arg] # each takes its key


SUITES: Final = MappingProxyType(
    {
        "INTL": Suite("INTL", 32, "rsa", _AES256_GCM, _OAEP_SHA256, algorithms.AES256),
        "GM": Suite("GM", 16, "sm2", _SM4_GCM, _SM2_ENCRYPTION, algorithms.SM4),
    }
)


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who can open: IssuerAndSerialNumber of a certificate (DER) and the content key wrapped for it."""

    identifier: bytes
    wrapped: bytes


@dataclass(frozen=True, slots=True)
class Envelope:
    """What stands before a ciphertext. `header_bytes` and `content_bytes` say where the ciphertext lies."""

    suite: Suite
    recipients: tuple[Recipient, ...]
    nonce: bytes
    header_bytes: int
    content_bytes: int

    def unwrap_key(self, *, key: PrivateKey, certificate: Certificate) -> bytes:
        """The content key. Raises BrokenBid bid.key.not_recipient."""
        identifier = identify(certificate)
        for recipient in self.recipients:
            if recipient.identifier == identifier:
                return self._unwrap(recipient.wrapped, key)
        raise broken("bid.key.not_recipient", "加密时未选用这张证书")

    def _unwrap(self, wrapped: bytes, key: PrivateKey) -> bytes:
        if key.algorithm != self.suite.recipient:
            raise broken("bid.key.not_recipient", "私钥的算法不同")
        try:
            content_key = key.decrypt(wrapped)
        except ValueError as error:
            raise broken("bid.key.not_recipient", "私钥与加密时所用的证书不是一对") from error
        if len(content_key) != self.suite.key_bytes:
            raise broken("bid.key.wrong", "长度不符")
        return content_key


def suite_for(certificate: Certificate) -> Suite:
    """The suite whose envelopes this certificate's key can open; ValueError for keys that only sign."""
    for suite in SUITES.values():
        if suite.recipient == certificate.algorithm:
            return suite
    raise ValueError(f"{certificate.algorithm} 证书不能用于加密，请使用 RSA 或 SM2 加密证书")


def wrap_key(*, content_key: bytes, certificate: Certificate, suite: Suite) -> Recipient:
    """The content key for one recipient; ValueError if the certificate is of another suite or not for encryption."""
    if certificate.algorithm != suite.recipient or not certificate.may_encrypt:
        raise ValueError(f"证书 {certificate.serial_number} 不能用于 {suite.name} 套件的加密")
    return Recipient(identify(certificate), certificate.public_key.encrypt(content_key))


def identify(certificate: Certificate) -> bytes:
    """IssuerAndSerialNumber (RFC 5652 §10.2.4) in DER."""
    body = x509.Certificate.load(certificate.der)["tbs_certificate"]
    return der(_SEQUENCE, body["issuer"].dump(), body["serial_number"].dump())


def build_header(*, suite: Suite, recipients: Sequence[Recipient], nonce: bytes, content_bytes: int) -> bytes:
    """Everything before `content_bytes` of ciphertext; the tail (`build_tail`) closes the envelope."""
    infos = der(_SET, *sorted(_recipient_info(suite, recipient) for recipient in recipients))
    algorithm = der(_SEQUENCE, suite.content_oid, der(_SEQUENCE, der(_OCTETS, nonce), _ICV_16))
    content = _DATA + algorithm + der_start(_IMPLICIT_0, content_bytes)
    content = der_start(_SEQUENCE, len(content) + content_bytes) + content
    body = _VERSION_0 + infos + content
    after = content_bytes + TAIL_BYTES
    for tag, before in ((_SEQUENCE, b""), (_EXPLICIT_0, _AUTH_ENVELOPED), (_SEQUENCE, b"")):
        body = before + der_start(tag, len(body) + after) + body
    return body


def build_tail(tag: bytes) -> bytes:
    """The mac after the ciphertext."""
    return _TAIL_START + tag


def read_tail(tail: bytes) -> bytes:
    """The tag within the last 18 bytes. Raises BrokenBid bid.file.malformed."""
    if tail[: len(_TAIL_START)] != _TAIL_START:
        raise broken("bid.file.malformed", "密文之后没有认证码")
    return tail[len(_TAIL_START) :]


def read_envelope(start: bytes, *, size: int) -> Envelope:
    """The envelope of `size` bytes that begins with `start` (its first 64 KiB at least, or all of it).

    Raises BrokenBid: bid.unencrypted when this is no envelope of encrypted content, bid.suite.unknown for algorithms
    outside the two suites, bid.file.malformed for anything else.
    """
    reader = _Reader(start)
    try:
        _expect_encrypted(reader)
        envelope = _read_body(reader)
    except IndexError as error:
        raise broken("bid.file.malformed", "加密信封的头部不完整") from error
    rebuilt = build_header(
        suite=envelope.suite,
        recipients=envelope.recipients,
        nonce=envelope.nonce,
        content_bytes=envelope.content_bytes,
    )
    if rebuilt != start[: envelope.header_bytes] or size != len(rebuilt) + envelope.content_bytes + TAIL_BYTES:
        raise broken("bid.file.malformed", "加密信封的编码或长度不规范")
    return envelope


def _recipient_info(suite: Suite, recipient: Recipient) -> bytes:
    return der(_SEQUENCE, _VERSION_0, recipient.identifier, suite.transport, der(_OCTETS, recipient.wrapped))


class _Reader:
    """Reads DER values one after the other; IndexError where the bytes end or the tag is another."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.position = 0

    def enter(self, tag: int) -> int:
        """Step into a value and give its length."""
        if self.data[self.position] != tag:
            raise IndexError("another tag")
        first = self.data[self.position + 1]
        self.position += 2
        if first < _LONG_FORM:
            return first
        count = first - _LONG_FORM
        if not 0 < count <= _LONGEST_LENGTH:
            raise IndexError("indefinite or absurd length")
        return int.from_bytes(self.take(count), "big")

    def take(self, count: int) -> bytes:
        """The next bytes."""
        end = self.position + count
        if end > len(self.data):
            raise IndexError("cut short")
        taken = self.data[self.position : end]
        self.position = end
        return taken

    def value(self, tag: int) -> bytes:
        """A whole value's contents."""
        return self.take(self.enter(tag))


def _expect_encrypted(reader: _Reader) -> None:
    try:
        reader.enter(_SEQUENCE)
        kind = der(_OID, reader.value(_OID))
    except IndexError as error:
        raise broken("bid.unencrypted", "不是加密信封") from error
    if kind != _AUTH_ENVELOPED:
        raise broken("bid.unencrypted", "不是带认证的加密信封（AuthEnvelopedData）")


def _read_body(reader: _Reader) -> Envelope:
    for tag in (_EXPLICIT_0, _SEQUENCE):
        reader.enter(tag)
    reader.value(_INTEGER)
    infos = tuple(_read_recipients(reader.value(_SET)))
    reader.enter(_SEQUENCE)
    reader.value(_OID)
    reader.enter(_SEQUENCE)
    suite = _known_suite(der(_OID, reader.value(_OID)), {transport for transport, _ in infos})
    reader.enter(_SEQUENCE)
    nonce = reader.value(_OCTETS)
    reader.value(_INTEGER)
    content_bytes = reader.enter(_IMPLICIT_0)
    recipients = tuple(recipient for _, recipient in infos)
    if len(nonce) != NONCE_BYTES or not 1 <= len(recipients) <= MOST_RECIPIENTS:
        raise broken("bid.file.malformed", "加密信封的随机数或接收人数不合规定")
    return Envelope(suite, recipients, nonce, reader.position, content_bytes)


def _read_recipients(data: bytes) -> Iterator[tuple[bytes, Recipient]]:
    reader = _Reader(data)
    while reader.position < len(data):
        reader.enter(_SEQUENCE)
        reader.value(_INTEGER)
        identifier = der(_SEQUENCE, reader.value(_SEQUENCE))
        transport = der(_SEQUENCE, reader.value(_SEQUENCE))
        yield transport, Recipient(identifier, reader.value(_OCTETS))


def _known_suite(content_oid: bytes, transports: set[bytes]) -> Suite:
    for suite in SUITES.values():
        if suite.content_oid == content_oid and transports == {suite.transport}:
            return suite
    raise broken("bid.suite.unknown", "信封不是 AES-256-GCM 加 RSA-OAEP，也不是 SM4-GCM 加 SM2")
