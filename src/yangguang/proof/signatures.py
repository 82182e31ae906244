"""Detached signatures with their certificate (电子签名): what a person or organisation signed, apart from the bytes."""

import base64
import binascii
from dataclasses import dataclass
from typing import Any, Literal, Self

from yangguang.proof.keys import Algorithm, PrivateKey
from yangguang.proof.x509_documents import Certificate

SignatureAlgorithm = Literal["rsa-pkcs1v15-sha256", "ecdsa-p256-sha256", "ed25519", "sm2-sm3"]

FILE_HEADER = "yangguang-signed-file/1"

_NAMES: dict[Algorithm, SignatureAlgorithm] = {
    "rsa": "rsa-pkcs1v15-sha256",
    "ecdsa": "ecdsa-p256-sha256",
    "ed25519": "ed25519",
    "sm2": "sm2-sm3",
}
_MEMBERS = {"algorithm", "certificate", "value"}
_P256 = 256


class SignatureUnreadable(ValueError):  # noqa: N818 # named as what happened, like every error of this package
    """The JSON value is no signature."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """A signature's value, how it was made, and the signer's certificate."""

    algorithm: SignatureAlgorithm
    certificate: Certificate
    value: bytes

    def to_json(self) -> dict[str, str]:
        """{"algorithm", "certificate": base64 of DER, "value": base64}, ready for canonical JSON."""
        return {
            "algorithm": self.algorithm,
            "certificate": base64.b64encode(self.certificate.der).decode("ascii"),
            "value": base64.b64encode(self.value).decode("ascii"),
        }

    @classmethod
    def from_json(cls, value: Any) -> Self:
        """The signature within a JSON object; SignatureUnreadable unless it has exactly the members of `to_json`."""
        if not isinstance(value, dict) or set(value) != _MEMBERS:
            raise SignatureUnreadable("签名必须恰有 algorithm、certificate、value 三项")
        algorithm = value["algorithm"]
        if algorithm not in _NAMES.values():
            raise SignatureUnreadable("不支持的签名算法")
        try:
            certificate = Certificate.from_der(_decode(value["certificate"]))
            return cls(algorithm=algorithm, certificate=certificate, value=_decode(value["value"]))
        except (ValueError, TypeError) as error:
            raise SignatureUnreadable("签名的证书或值无法读取") from error


def sign(*, data: bytes, key: PrivateKey, certificate: Certificate) -> Signature:
    """Sign bytes; ValueError if the certificate is not this key's."""
    if certificate.public_key != key.public:
        raise ValueError("证书与私钥不是一对")
    return Signature(algorithm=_NAMES[key.algorithm], certificate=certificate, value=key.sign(data))


def file_statement(*, act: str, stream: str, name: str, sha256: str, sm3: str) -> bytes:
    """What is signed of a file (签名文件): its name and digests, and the act and stream that it is for.

    So a signature cannot be carried from one act to another, nor from one paper of an act to another.
    """
    return "".join(f"{line}\n" for line in (FILE_HEADER, act, stream, name, sha256, sm3)).encode()


def verify(*, data: bytes, signature: Signature) -> bool:
    """Whether the holder of the certificate's key signed these bytes.

    Says nothing of the certificate itself: that is `certificates.check_certificate`.
    """
    key = signature.certificate.public_key
    if _NAMES[key.algorithm] != signature.algorithm:
        return False
    if key.algorithm == "ecdsa" and key.bits != _P256:
        return False
    return key.verify(signature=signature.value, data=data)


def _decode(text: Any) -> bytes:
    if not isinstance(text, str):
        raise SignatureUnreadable("签名的证书和值必须是 base64 文字")
    decoded = base64.b64decode(text, validate=True)
    if base64.b64encode(decoded).decode("ascii") != text:
        raise binascii.Error("not canonical base64")
    return decoded
