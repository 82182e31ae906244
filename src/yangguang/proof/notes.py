"""Signed notes and checkpoints of the witness log (检查点): C2SP signed-note, tlog-checkpoint, tlog-cosignature.

A note is text ending in a newline, an empty line, and signature lines `— <name> base64(key id ‖ signature)`, where

    key id = SHA-256( name ‖ 0x0A ‖ signature type ‖ public key )[:4]

- 0x01, Ed25519: key and signature as RFC 8032 has them, over the text.
- 0x04, cosignature/v1: the same key; the signature is the time (seconds since 1970, eight bytes big-endian) ‖ an
  Ed25519 signature over the lines `cosignature/v1` and `time <seconds>`, each ended by 0x0A, followed by the text.
- 0xff "yangguang-sm2-sm3/v1", ours: key 04 ‖ X ‖ Y (65 bytes), signature as the SM2 signer gives it, over the text.

A checkpoint's text is origin, size in decimal, root in base64, one a line; ours adds the extension line
`yangguang/sm3-root <base64>` with the root of the parallel SM3 tree. SM2 itself comes from outside as two callables.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from yangguang.proof.merkle import HASH_BYTES

ED25519: Final = b"\x01"
COSIGNATURE: Final = b"\x04"
SM2: Final = b"\xffyangguang-sm2-sm3/v1"
SM3_EXTENSION: Final = "yangguang/sm3-root"
MOST_SIGNATURES: Final = 100

_KEY_ID_BYTES: Final = 4
_TIME_BYTES: Final = 8
_LATEST_TIME: Final = 2**63 - 1
_DASH: Final = "— "
_SIZE: Final = re.compile(r"0|[1-9][0-9]{0,18}")
_PUBLIC_KEY_BYTES: Final = {ED25519: 32, COSIGNATURE: 32, SM2: 65}


class BadNote(ValueError):  # noqa: N818 - named after what is wrong, like the other refusals of this package
    """The note is malformed, not signed by a known key, or wrongly signed by one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verifier:
    """A public key and the name it signs under; `check(text, signature)` says whether it signed the text."""

    name: str
    signature_type: bytes
    public_key: bytes
    check: Callable[[bytes, bytes], bool]

    def __post_init__(self) -> None:
        _require_name(self.name)
        if len(self.public_key) != _PUBLIC_KEY_BYTES.get(self.signature_type):
            raise BadNote(f"{self.name} 的公钥长度不对")

    @property
    def key_id(self) -> bytes:
        """The four bytes that tell keys of one name apart."""
        return _key_id(self.name, self.signature_type, self.public_key)

    def encoded(self) -> str:
        """Write the verifier key (公钥串): <name>+<key id in hex>+base64(signature type ‖ public key)."""
        material = base64.b64encode(self.signature_type + self.public_key).decode()
        return f"{self.name}+{self.key_id.hex()}+{material}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """A private key behind `sign(text)`, which gives the signature without its key id, and the matching verifier."""

    verifier: Verifier
    sign: Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """A verified signature: who, with which key, and for a cosignature when (seconds since 1970)."""

    name: str
    key_id: bytes
    signature_type: bytes
    time: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedNote:
    """A note whose text may be trusted: `signatures` verified, in the order of the lines; others were ignored."""

    text: str
    signatures: tuple[Signature, ...]
    ignored: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """The state of a log: `size` leaves under `root` (32 bytes) in the log called `origin`."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.size < 2**63 or len(self.root) != HASH_BYTES:
            raise BadNote("检查点的大小或根不合规")
        for line in (self.origin, *self.extensions):
            if not line or "\n" in line:
                raise BadNote("检查点的来源行与扩展行不得为空，也不得含换行")
        _ = self.sm3_root

    @property
    def sm3_root(self) -> bytes | None:
        """The root of the parallel SM3 tree (32 bytes), or None where the log does not state one."""
        values = [line.removeprefix(f"{SM3_EXTENSION} ") for line in self.extensions if line.startswith(SM3_EXTENSION)]
        if not values:
            return None
        root = _decode_base64(values[0])
        if len(values) > 1 or len(root) != HASH_BYTES:
            raise BadNote("检查点的国密根扩展行重复或长度不对")
        return root

    def text(self) -> str:
        """Write the note text that is signed."""
        lines = (self.origin, str(self.size), base64.b64encode(self.root).decode(), *self.extensions)
        return "".join(f"{line}\n" for line in lines)


def sm3_extension(root: bytes) -> str:
    """Write the extension line that states the SM3 root."""
    return f"{SM3_EXTENSION} {base64.b64encode(root).decode()}"


def parse_checkpoint(text: str) -> Checkpoint:
    """Read the text of an opened note as a checkpoint; raises BadNote for every other form."""
    lines = text.removesuffix("\n").split("\n")
    if not text.endswith("\n") or len(lines) < 3 or not _SIZE.fullmatch(lines[1]):  # noqa: PLR2004 - three given lines
        raise BadNote("检查点应有来源、大小、根三行")
    return Checkpoint(origin=lines[0], size=int(lines[1]), root=_decode_base64(lines[2]), extensions=tuple(lines[3:]))


def ed25519_signer(*, name: str, key: Ed25519PrivateKey) -> Signer:
    """Sign notes as a log (type 0x01)."""
    return Signer(verifier=ed25519_verifier(name=name, public_key=_raw(key)), sign=key.sign)


def ed25519_verifier(*, name: str, public_key: bytes) -> Verifier:
    """Check a log's notes with its 32-byte Ed25519 key (type 0x01)."""
    return Verifier(
        name=name,
        signature_type=ED25519,
        public_key=public_key,
        check=lambda text, sig: _ed25519(public_key, text, sig),
    )


def cosigner(*, name: str, key: Ed25519PrivateKey, time: int) -> Signer:
    """Cosign checkpoints as a witness (见证人, type 0x04) at `time`, seconds since 1970, passed in."""
    if not 0 <= time <= _LATEST_TIME:
        raise BadNote(f"会签时间 {time} 不合规")
    stamp = time.to_bytes(_TIME_BYTES, "big")
    verifier = cosignature_verifier(name=name, public_key=_raw(key))
    return Signer(verifier=verifier, sign=lambda text: stamp + key.sign(_cosigned(time, text)))


def cosignature_verifier(*, name: str, public_key: bytes) -> Verifier:
    """Check a witness's cosignatures with its 32-byte Ed25519 key (type 0x04)."""

    def check(text: bytes, signature: bytes) -> bool:
        time = int.from_bytes(signature[:_TIME_BYTES], "big")
        return time <= _LATEST_TIME and _ed25519(public_key, _cosigned(time, text), signature[_TIME_BYTES:])

    return Verifier(name=name, signature_type=COSIGNATURE, public_key=public_key, check=check)


def sm2_signer(*, name: str, public_key: bytes, sign: Callable[[bytes], bytes]) -> Signer:
    """Sign notes with SM2 (国密); `sign(text)` gives the signature, `public_key` is 65 bytes 04 ‖ X ‖ Y."""
    # A signer is never asked to check, and does not need the other half.
    verifier = sm2_verifier(name=name, public_key=public_key, verify=lambda _text, _signature: False)
    return Signer(verifier=verifier, sign=sign)


def sm2_verifier(*, name: str, public_key: bytes, verify: Callable[[bytes, bytes], bool]) -> Verifier:
    """Check SM2 signatures (国密); `verify(text, signature)` answers for the 65-byte `public_key`."""
    return Verifier(name=name, signature_type=SM2, public_key=public_key, check=verify)


def parse_verifier_key(text: str, *, sm2: Callable[[bytes], Callable[[bytes, bytes], bool]] | None = None) -> Verifier:
    """Read a verifier key as `Verifier.encoded` writes it; `sm2(public key)` gives the check of an SM2 key.

    Raises BadNote for another form, a key id that does not fit, an unknown type, or an SM2 key without `sm2`.
    """
    name, _, rest = text.partition("+")
    _, _, encoded = rest.partition("+")
    material = _decode_base64(encoded)
    verifier = _verifier(name, material, sm2=sm2)
    if verifier.encoded() != text:
        raise BadNote(f"公钥串的编号与内容不符：{text!r}")
    return verifier


def sign_note(*, text: str, signers: Iterable[Signer]) -> bytes:
    """Sign a text that ends in a newline; gives the note as UTF-8 bytes. Raises BadNote for any other text."""
    if not text.endswith("\n"):
        raise BadNote("待签文本应以换行结尾")
    return add_signatures(note=f"{text}\n".encode(), signers=signers)


def add_signatures(*, note: bytes, signers: Iterable[Signer]) -> bytes:
    """Append signature lines to a note; what it holds already stays as it is. Raises BadNote for a malformed result."""
    text, _ = _split(note)
    lines = (_line(signer, text.encode()) for signer in signers)
    signed = note + "".join(lines).encode()
    _parse(signed)
    return signed


def open_note(*, note: bytes, verifiers: Sequence[Verifier]) -> OpenedNote:
    """Verify a note against the known keys (C2SP signed-note).

    Signatures of unknown keys are ignored. Raises BadNote when the note is malformed, names one key twice, carries a
    wrong signature of a known key, or none of a known key.
    """
    text, lines = _parse(note)
    known = {(verifier.name, verifier.key_id): verifier for verifier in verifiers}
    recognised = [(known[who], value) for who, value in lines.items() if who in known]
    if not recognised:
        raise BadNote("没有任何已知密钥的签名")
    signatures = tuple(_verified(verifier, text.encode(), value) for verifier, value in recognised)
    return OpenedNote(text=text, signatures=signatures, ignored=len(lines) - len(signatures))


def open_checkpoint(
    *, note: bytes, origin: str, verifiers: Sequence[Verifier], witnesses: Sequence[Verifier] = (), quorum: int = 0
) -> tuple[Checkpoint, OpenedNote]:
    """Verify a note and read it as the checkpoint of the log `origin`.

    One of the log's own `verifiers` must have signed, and `quorum` of the `witnesses`, counted by their keys, since a
    cosignature does not cover the name; the log's own key never counts. Raises BadNote otherwise, and for another
    log's checkpoint.
    """
    opened = open_note(note=note, verifiers=(*verifiers, *witnesses))
    checkpoint = parse_checkpoint(opened.text)
    if checkpoint.origin != origin:
        raise BadNote(f"这是 {checkpoint.origin} 的检查点，不是 {origin} 的")
    signed = {(signature.name, signature.key_id) for signature in opened.signatures}
    if not any((verifier.name, verifier.key_id) in signed for verifier in verifiers):
        raise BadNote("检查点没有日志自己的签名")
    cosigned = {witness.public_key for witness in witnesses if (witness.name, witness.key_id) in signed}
    seen = cosigned - {verifier.public_key for verifier in verifiers}
    if len(seen) < quorum:
        raise BadNote(f"检查点需要 {quorum} 家见证人会签，只有 {len(seen)} 家")
    return checkpoint, opened


def _split(note: bytes) -> tuple[str, list[str]]:
    try:
        decoded = note.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadNote("签名文本不是 UTF-8") from error
    if any(character < " " and character != "\n" for character in decoded):
        raise BadNote("签名文本含有控制字符")
    text, blank, tail = decoded.rpartition("\n\n")
    if not blank or not text or (tail and not tail.endswith("\n")):
        raise BadNote("签名文本缺少空行或行尾")
    return f"{text}\n", tail.split("\n")[:-1]


def _parse(note: bytes) -> tuple[str, dict[tuple[str, bytes], bytes]]:
    text, lines = _split(note)
    if not 1 <= len(lines) <= MOST_SIGNATURES:
        raise BadNote(f"签名行数 {len(lines)} 不在 1…{MOST_SIGNATURES}")
    signatures = dict(map(_parse_line, lines))
    if len(signatures) != len(lines):
        raise BadNote("同一密钥的签名行重复")
    return text, signatures


def _parse_line(line: str) -> tuple[tuple[str, bytes], bytes]:
    name, _, encoded = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH):
        raise BadNote("签名行应以长划线和空格开头")
    _require_name(name)
    value = _decode_base64(encoded)
    if len(value) <= _KEY_ID_BYTES:
        raise BadNote("签名行过短")
    return (name, value[:_KEY_ID_BYTES]), value[_KEY_ID_BYTES:]


def _verified(verifier: Verifier, text: bytes, value: bytes) -> Signature:
    if not verifier.check(text, value):
        raise BadNote(f"{verifier.name} 的签名不成立")
    time = int.from_bytes(value[:_TIME_BYTES], "big") if verifier.signature_type == COSIGNATURE else None
    return Signature(name=verifier.name, key_id=verifier.key_id, signature_type=verifier.signature_type, time=time)


def _verifier(name: str, material: bytes, *, sm2: Callable[[bytes], Callable[[bytes, bytes], bool]] | None) -> Verifier:
    if material.startswith(ED25519):
        return ed25519_verifier(name=name, public_key=material.removeprefix(ED25519))
    if material.startswith(COSIGNATURE):
        return cosignature_verifier(name=name, public_key=material.removeprefix(COSIGNATURE))
    if sm2 is None or not material.startswith(SM2):
        raise BadNote(f"{name} 的签名算法未知")
    public_key = material.removeprefix(SM2)
    return sm2_verifier(name=name, public_key=public_key, verify=sm2(public_key))


def _line(signer: Signer, text: bytes) -> str:
    verifier = signer.verifier
    return f"{_DASH}{verifier.name} {base64.b64encode(verifier.key_id + signer.sign(text)).decode()}\n"


def _key_id(name: str, signature_type: bytes, public_key: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + signature_type + public_key).digest()[:_KEY_ID_BYTES]


def _cosigned(time: int, text: bytes) -> bytes:
    return f"cosignature/v1\ntime {time}\n".encode() + text


def _ed25519(public_key: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def _raw(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes_raw()


def _require_name(name: str) -> None:
    if not name or "+" in name or any(character.isspace() or character < " " for character in name):
        raise BadNote(f"密钥名不合规：{name!r}")


def _decode_base64(text: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadNote(f"不是 base64：{text!r}") from error
    # A lenient decoder takes several spellings of the same bytes; a signed text has one.
    if base64.b64encode(data).decode() != text:
        raise BadNote(f"base64 写法不唯一：{text!r}")
    return data
