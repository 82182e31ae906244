"""Whose keys the helper uses (密钥持有者): certificate files, or a token by a provider of its maker or its owner.

A provider is a function `provider(ask) -> Keyring`, named `module:function` on the command line. `ask(question)`
gives what the person types in the terminal, unseen (a PIN). A key inside a token is a `TokenKey` with three members:

    class Token(TokenKey):
        algorithm = "sm2"                            # "rsa", "ecdsa", "ed25519"
        public = certificate.public_key
        def sign(self, data): ...                    # DER of r and s; for SM2 with SM3 and the default identity
        def decrypt(self, wrapped): ...              # GM/T 0009 DER, or RSA-OAEP with SHA-256; ValueError if it fails

PKCS#11 and SKF (GM/T 0016) give what is needed for both. docs/bid-agent.md says more.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, TypeAlias

from asn1crypto import pem

from yangguang.proof.certificates import Certificate, CertificateUnreadable
from yangguang.proof.keys import KeyUnreadable, PrivateKey, load_private_key
from yangguang.proof.pkcs12_reading import read_pkcs12
from yangguang.proof.share_release import Identity

_KEY = re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?-----END [A-Z ]*PRIVATE KEY-----", re.DOTALL)

Ask: TypeAlias = Callable[[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyring:
    """The pair that signs, and the pair that opens what was encrypted to it, if there is one (双证书)."""

    signs: Identity
    opens: Identity | None = None


class TokenKey(PrivateKey):
    """A private key that stays inside a device. `public`, `sign` and `decrypt` are its driver's."""

    def to_pem(self, password: bytes | None) -> bytes:  # noqa: ARG002
        """Never."""
        raise KeyUnreadable("私钥在密码设备里，不能导出")


def keyring_from_provider(name: str, ask: Ask) -> Keyring:
    """The keyring that the function `module:function` gives; ValueError where there is no such function."""
    module, _, function = name.partition(":")
    try:
        provider = getattr(import_module(module), function)
    except (ImportError, AttributeError, ValueError) as error:
        raise ValueError(f"找不到密钥提供程序 {name}，应写成 模块:函数") from error
    keyring = provider(ask)
    if not isinstance(keyring, Keyring):
        raise ValueError(f"密钥提供程序 {name} 没有给出 Keyring")  # noqa: TRY004 # whoever named it reads this
    return keyring


def keyring_from_files(keys: Iterable[Path], certificates: Iterable[Path], ask: Ask) -> Keyring:
    """The keyring in these files: .p12 or PEM keys, certificates in the same or in other files; ValueError."""
    pairs = pairs_in_files(keys, certificates, ask)
    if not any(one.certificate.may_sign for one in pairs):
        raise ValueError("没有可以签名的证书：请用 --key 给出签名证书文件（双证书用户不要只给加密证书）。")
    opens = next((one for one in pairs if one.certificate.may_encrypt), None)
    return Keyring(signs=signer_among(pairs), opens=opens)


def pairs_in_files(keys: Iterable[Path], certificates: Iterable[Path], ask: Ask) -> list[Identity]:
    """Every key of these files with its certificate; ValueError names the file that is wrong."""
    apart = [one for path in certificates for one in _certificates_in(path.read_bytes())]
    return [pair for path in keys for pair in _pairs_in(path, apart, ask)]


def signer_among(pairs: list[Identity]) -> Identity:
    """The first pair that may sign; of one pair only, that one: what it cannot do is told by whoever checks it."""
    return next((one for one in pairs if one.certificate.may_sign), pairs[0])


def opener_among(pairs: list[Identity]) -> Identity:
    """The first pair that secrets may be encrypted to; else as `signer_among`."""
    return next((one for one in pairs if one.certificate.may_encrypt), pairs[0])


def _pairs_in(path: Path, apart: list[Certificate], ask: Ask) -> Iterator[Identity]:
    data = path.read_bytes()
    try:
        if not data.lstrip().startswith(b"-----"):
            pairs = read_pkcs12(data, password=ask(f"{path.name} 的密码"))
            yield from (Identity(key=key, certificate=one) for key, one in pairs)
            return
        password = ask(f"{path.name} 的口令").encode() if b"ENCRYPTED" in data else None
        yield _pair_in_pem(data, password, apart)
    except KeyUnreadable as error:
        raise ValueError(f"{path}：{error}") from error


def _pair_in_pem(data: bytes, password: bytes | None, apart: list[Certificate]) -> Identity:
    key = load_private_key(_first_key(data), password=password)
    for one in (*_certificates_in(data), *apart):
        if one.public_key == key.public:
            return Identity(key=key, certificate=one)
    raise KeyUnreadable("没有与私钥配对的证书，请用 --certificate 给出")


def _first_key(data: bytes) -> bytes:
    """The private key alone, of a PEM text that may hold certificates as well."""
    found = _KEY.search(data)
    return found[0] if found else data


def _certificates_in(data: bytes) -> Iterator[Certificate]:
    if not data.lstrip().startswith(b"-----"):
        yield Certificate.from_der(data)
        return
    parts: Any = pem.unarmor(data, multiple=True)
    for kind, _, der in parts:
        if kind == "CERTIFICATE":
            try:
                yield Certificate.from_der(der)
            except CertificateUnreadable:  # an authority's, of a kind that we do not know
                continue
