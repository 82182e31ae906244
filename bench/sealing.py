"""Sealing and opening a large bid against the raw cipher of the library, in memory and from file to file."""

import io
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from measuring import BENCH, MIB, Scale, bare_interpreter_mib, best, interleaved, peak_mib, scratch
from rows import AT_LEAST, AT_MOST, Aim, Row

from yangguang.proof.certificates import Certificate
from yangguang.proof.democa import DemoAuthority
from yangguang.proof.envelope import NONCE_BYTES, SUITES, Envelope, Suite
from yangguang.proof.inspection import read_bid
from yangguang.proof.keys import Algorithm, PrivateKey, generate_key, load_private_key
from yangguang.proof.manifest import Tool
from yangguang.proof.opening import open_part, recover_content_keys
from yangguang.proof.seal import BidHeading, seal_bid
from yangguang.proof.streams import Digester, decrypt, encrypt
from yangguang.proof.tarfiles import PartFile
from yangguang.rules.codes import make_organisation_code

AT = datetime(2026, 3, 2, tzinfo=UTC)
TIMES = 3
CIPHERS = {"INTL": "AES-256-GCM", "GM": "SM4-GCM"}
FAMILIES: dict[str, Algorithm] = {"INTL": "rsa", "GM": "sm2"}
HALF = Aim(sign=AT_LEAST, bound=0.5)
MEMORY = Aim(sign=AT_MOST, bound=64, unit=" MiB")
HOW = (
    "加密与解密：内存中的一行只做流式加密（含密文的 SHA-256，GM 另加 SM3），对照为密码库对同样 1 MiB 块的 GCM；"
    "文件到文件的一行是整个投标文件的制作或解开，对照为读、GCM、写。双方都不强制落盘（fsync），磁盘缓存条件相同，取各轮最快。"
)
HOW_MEMORY = "内存：另起进程加密、解密同一文件，由一个小进程等待并读取其最高常驻内存，减去空转的 Python 解释器。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """A bidder of the measurement: one key and its certificates."""

    key: PrivateKey
    signing: Certificate
    encryption: Certificate


def holder(suite: str) -> Holder:
    """A fresh bidder whose key opens what is sealed in the suite."""
    family = FAMILIES[suite]
    authority = DemoAuthority.create(name="示例认证中心", algorithm=family, at=AT, key=generate_key(family, bits=2048))
    key, code = generate_key(family, bits=2048), str(make_organisation_code(region="990100", serial="00000001"))
    issued = [
        authority.issue(
            organisation_name="示例建筑有限公司",
            organisation_code=code,
            common_name="示例建筑有限公司",
            key=key.public,
            usage=usage,
            not_before=AT,
            not_after=AT + timedelta(days=365),
        )
        for usage in ("sign", "encrypt")
    ]
    return Holder(key=key, signing=issued[0], encryption=issued[1])


def rows(scale: Scale) -> Iterator[Row]:
    """Both suites, both ways, both directions, and the memory."""
    size = scale.of(500, 24) * MIB
    base = bare_interpreter_mib()
    yield from _hashes(size, scale)
    for name in SUITES:
        yield from _in_memory(SUITES[name], size, scale)
        with scratch() as folder:
            yield from _file_to_file(SUITES[name], size, folder, scale)
            yield from _memory(name, folder, base)


def _hashes(size: int, scale: Scale) -> Iterator[Row]:
    """What the digests of the format cost by themselves; a bid cannot be sealed faster than its slowest digest."""
    block = os.urandom(MIB)
    for name, algorithm in (("SHA-256", hashes.SHA256()), ("SM3", hashes.SM3())):
        taken = best(lambda algorithm=algorithm: _hash(block, size, algorithm), times=scale.of(TIMES, 1))  # type: ignore[misc]
        yield Row(group="加密与解密", name=f"单独一遍 {name}", figure=f"{size / 1e6 / taken:,.0f} MB/s", note=HOW)


def _hash(block: bytes, size: int, algorithm: hashes.HashAlgorithm) -> None:
    digest = hashes.Hash(algorithm)
    for _ in range(size // len(block)):
        digest.update(block)


def _in_memory(suite: Suite, size: int, scale: Scale) -> Iterator[Row]:
    block, times = os.urandom(MIB), scale.of(TIMES, 1)
    key, nonce = os.urandom(suite.key_bytes), os.urandom(NONCE_BYTES)

    def cipher() -> Cipher[modes.GCM]:
        return suite.cipher(key=key, nonce=nonce)

    ours, raw = interleaved(
        lambda: _stream_in(Repeated(block), size, cipher(), Nothing()), lambda: _raw(block, size, cipher()), times=times
    )
    yield _row(f"加密 {suite.name}，内存中", size, ours, raw, suite)
    sealed = io.BytesIO()
    _stream_in(Repeated(block), size, cipher(), sealed)
    envelope = Envelope(suite=suite, recipients=(), nonce=nonce, header_bytes=0, content_bytes=size)
    tag = sealed.getbuffer()[-16:].tobytes()
    ours, raw = interleaved(
        lambda: _stream_out(sealed, envelope, key, tag), lambda: _raw(block, size, cipher(), back=True), times=times
    )
    yield _row(f"解密 {suite.name}，内存中", size, ours, raw, suite)


def _file_to_file(suite: Suite, size: int, folder: Path, scale: Scale) -> Iterator[Row]:
    plain, sealed, opened, raw_file = (folder / name for name in ("plain", "sealed.ygb", "opened", "raw"))
    plain.write_bytes(os.urandom(MIB) * (size // MIB))
    who, times = holder(suite.name), scale.of(TIMES, 1)
    key, nonce = os.urandom(suite.key_bytes), os.urandom(NONCE_BYTES)
    ours, raw = interleaved(
        lambda: _seal(who, plain, sealed),
        lambda: _raw_file(plain, raw_file, suite.cipher(key=key, nonce=nonce)),
        times=times,
    )
    yield _row(f"制作投标文件 {suite.name}，文件到文件", size, ours, raw, suite)
    ours, raw = interleaved(
        lambda: _open(who, sealed, _fresh(opened)),
        lambda: _raw_file(raw_file, folder / "back", suite.cipher(key=key, nonce=nonce), back=True),
        times=times,
    )
    yield _row(f"解开投标文件 {suite.name}，文件到文件", size, ours, raw, suite)
    for used in (raw_file, folder / "back"):
        used.unlink()


def _memory(suite: str, folder: Path, base: float) -> Iterator[Row]:
    for what, name in (("seal", "制作"), ("open", "解开")):
        _fresh(folder / "opened")
        peak = peak_mib(sys.executable, str(BENCH / "sealing.py"), what, suite, str(folder))
        yield Row(
            group="加密与解密",
            name=f"{name}投标文件 {suite}，最高内存",
            figure=f"{peak:.0f} MiB",
            baseline=f"空解释器 {base:.0f} MiB",
            judged=peak - base,
            ratio=peak / base,
            aim=MEMORY,
            note=HOW_MEMORY,
        )


def _row(name: str, size: int, ours: float, raw: float, suite: Suite) -> Row:
    return Row(
        group="加密与解密",
        name=f"{name} {size // MIB} MB",
        figure=f"{size / 1e6 / ours:,.0f} MB/s",
        baseline=f"{CIPHERS[suite.name]} {size / 1e6 / raw:,.0f} MB/s",
        ratio=raw / ours,
        aim=HALF,
        note=HOW,
    )


class Repeated:
    """A source that gives the same block again and again."""

    def __init__(self, block: bytes) -> None:
        self.block = memoryview(block)

    def readinto(self, view: memoryview, /) -> int:
        count = min(len(view), len(self.block))
        view[:count] = self.block[:count]
        return count


class Nothing(io.RawIOBase):
    """A sink that forgets."""

    def write(self, data: memoryview, /) -> int:  # type: ignore[override]
        return len(data)


def _stream_in(source: Repeated, size: int, cipher: Cipher[modes.GCM], sink: io.IOBase) -> None:
    gm = cipher.algorithm.name == "SM4"
    with Digester(sm3=gm, size=size) as sealed:
        encrypt(source=source, size=size, cipher=cipher, sink=sink, sealed=sealed)  # type: ignore[arg-type]
        sealed.finish()


def _stream_out(file: io.BytesIO, envelope: Envelope, key: bytes, tag: bytes) -> None:
    file.seek(0)
    size, gm = envelope.content_bytes, envelope.suite.name == "GM"
    with Digester(sm3=gm, size=size) as sealed:
        for _ in decrypt(file=file, envelope=envelope, key=key, tag=tag, sealed=sealed):
            pass
        sealed.finish()


def _raw(block: bytes, size: int, cipher: Cipher[modes.GCM], *, back: bool = False) -> None:
    worker = cipher.decryptor() if back else cipher.encryptor()
    room = bytearray(len(block) + 16)
    for _ in range(size // len(block)):
        worker.update_into(block, room)


def _raw_file(source: Path, destination: Path, cipher: Cipher[modes.GCM], *, back: bool = False) -> None:
    worker = cipher.decryptor() if back else cipher.encryptor()
    buffer, room = bytearray(MIB), memoryview(bytearray(MIB + 16))
    with source.open("rb", buffering=0) as file, destination.open("wb", buffering=0) as target:
        while count := file.readinto(buffer):
            worker.update_into(memoryview(buffer)[:count], room)
            target.write(room[:count])


def _seal(who: Holder, plain: Path, sealed: Path) -> None:
    sealed.unlink(missing_ok=True)  # as the raw run starts by emptying its file: neither keeps two on the disk
    seal_bid(
        destination=sealed,
        heading=BidHeading(tender="X", lot="L", created_at=AT, tool=Tool(name="bench", version="1")),
        parts={"price": [PartFile("价格.bin", plain)]},
        key=who.key,
        certificate=who.signing,
        recipients=[who.encryption],
    )


def _open(who: Holder, sealed: Path, destination: Path) -> None:
    bid = read_bid(sealed)
    keys = recover_content_keys(bid=bid, key=who.key, certificate=who.encryption)
    open_part(bid=bid, part="price", content_key=keys["price"], destination=destination)


def _fresh(folder: Path) -> Path:
    if folder.exists():
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()
    return folder


def _alone(what: str, suite: str, folder: Path) -> None:
    """One sealing, or one opening of what the sealing before it left there, for the memory."""
    if what == "seal":
        who = holder(suite)
        _seal(who, folder / "plain", folder / "alone.ygb")
        (folder / "alone.key").write_bytes(who.key.to_pem(None))
        (folder / "alone.der").write_bytes(who.encryption.der)
        return
    key = load_private_key((folder / "alone.key").read_bytes())
    certificate = Certificate.from_der((folder / "alone.der").read_bytes())
    _open(Holder(key=key, signing=certificate, encryption=certificate), folder / "alone.ygb", folder / "opened")


if __name__ == "__main__":
    _alone(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
