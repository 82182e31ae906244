"""Sealing a bid (加密封装): the bidder's side. Files in, one signed and encrypted `*.ygb` file out."""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from yangguang.proof.bid_rescue import RescuePlan, seal_shares
from yangguang.proof.canonical import canonical
from yangguang.proof.certificates import Certificate
from yangguang.proof.envelope import (
    NONCE_BYTES,
    SUITES,
    TAIL_BYTES,
    Suite,
    SuiteName,
    build_header,
    suite_for,
    wrap_key,
)
from yangguang.proof.keys import PrivateKey
from yangguang.proof.manifest import (
    MANIFEST_FILE,
    MOST_PARTS,
    SIGNATURE_FILE,
    Manifest,
    Rescue,
    SealedPart,
    SealedShare,
    Tool,
    Trustee,
    is_part_name,
    is_text,
    key_commitment,
    part_file,
)
from yangguang.proof.signatures import sign
from yangguang.proof.streams import Digester, encrypt
from yangguang.proof.tarfiles import END, PartFile, TarSource, member_header, padding


@dataclass(frozen=True, slots=True, kw_only=True)
class BidHeading:
    """What a bid is for and how it came about: 交易标识码, lot, aware time of making, tool, machine features.

    `machine` maps feature names to `machine_digest` values, or is None.
    """

    tender: str
    lot: str
    created_at: datetime
    tool: Tool
    machine: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    """What every part is sealed with."""

    heading: BidHeading
    bidder: str
    suite: Suite
    recipients: Sequence[Certificate]
    file: BinaryIO


def seal_bid(
    *,
    destination: Path,
    heading: BidHeading,
    parts: Mapping[str, Sequence[PartFile]],
    key: PrivateKey,
    certificate: Certificate,
    recipients: Sequence[Certificate] = (),
    suite: SuiteName | None = None,
    rescue: RescuePlan | None = None,
) -> Manifest:
    """加密封装: seal the parts (name → files), sign the manifest, write `destination` (电子招标投标办法第二十六条).

    `key` and `certificate` sign; without `recipients` the same certificate is the one that can open. Constant memory.
    The file appears under its name only when it is whole. Raises ValueError (BadArchive among them) for what cannot be
    sealed, OSError.
    """
    recipients = recipients or (certificate,)
    chosen = SUITES[suite] if suite else suite_for(recipients[0])
    _check(heading=heading, parts=parts, key=key, certificate=certificate)
    bidder = certificate.organisation_code
    with _appearing_whole(destination) as file:
        work = _Work(heading=heading, bidder=bidder, suite=chosen, recipients=recipients, file=file)
        sealed = {name: _seal_part(work, name, files) for name, files in parts.items()}
        secrets_by_part = {name: content_key for name, (_, content_key) in sealed.items()}
        manifest = Manifest(
            tender=heading.tender,
            lot=heading.lot,
            bidder=bidder,
            signer=certificate.fingerprint,
            suite=chosen.name,
            created_at=heading.created_at,
            tool=heading.tool,
            parts=tuple(part for part, _ in sealed.values()),
            machine=dict(heading.machine) if heading.machine else None,
            rescue=_write_rescue(file, rescue, secrets_by_part) if rescue else None,
        )
        _write_signed(file, manifest, key, certificate)
    return manifest


def _check(
    *, heading: BidHeading, parts: Mapping[str, Sequence[PartFile]], key: PrivateKey, certificate: Certificate
) -> None:
    if certificate.public_key != key.public:
        raise ValueError("证书与私钥不是一对")
    if not certificate.organisation_code:
        raise ValueError("签名证书中没有统一社会信用代码")
    if not parts or len(parts) > MOST_PARTS or not all(is_part_name(name) for name in parts):
        raise ValueError("部分的名称须为小写英文字母、数字、_ 或 -，以字母开头，1 至 32 个部分")
    if not is_text(heading.tender) or not is_text(heading.lot):
        raise ValueError("交易标识码和标段（包）须为 1 至 200 个可显示的字符")


def _seal_part(work: _Work, name: str, files: Sequence[PartFile]) -> tuple[SealedPart, bytes]:
    source = TarSource(files)
    content_key, nonce = secrets.token_bytes(work.suite.key_bytes), secrets.token_bytes(NONCE_BYTES)
    header = build_header(
        suite=work.suite,
        recipients=[wrap_key(content_key=content_key, certificate=one, suite=work.suite) for one in work.recipients],
        nonce=nonce,
        content_bytes=source.size,
    )
    size = len(header) + source.size + TAIL_BYTES
    work.file.write(member_header(part_file(name), size) + header)
    with Digester(sm3=work.suite.name == "GM", size=size) as sealed:
        sealed.update(memoryview(header))
        encrypt(
            source=source,
            size=source.size,
            cipher=work.suite.cipher(key=content_key, nonce=nonce),
            sink=work.file,
            sealed=sealed,
        )
        sha256, sm3 = sealed.finish()
    work.file.write(padding(size))
    part = SealedPart(
        name=name,
        file=part_file(name),
        size=size,
        sha256=sha256,
        sm3=sm3,
        key_commitment=key_commitment(
            tender=work.heading.tender,
            lot=work.heading.lot,
            bidder=work.bidder,
            part=name,
            content_key=content_key,
        ),
    )
    return part, content_key


def _write_rescue(file: BinaryIO, plan: RescuePlan, content_keys: Mapping[str, bytes]) -> Rescue:
    shares: list[SealedShare] = []
    for share, data in seal_shares(plan=plan, content_keys=content_keys):
        _write_member(file, share.file, data)
        shares.append(share)
    trustees = (Trustee(name=name, certificate=one.fingerprint) for name, one in plan.trustees.items())
    return Rescue(threshold=plan.threshold, trustees=tuple(trustees), shares=tuple(shares))


def _write_signed(file: BinaryIO, manifest: Manifest, key: PrivateKey, certificate: Certificate) -> None:
    data = manifest.to_bytes()
    _write_member(file, MANIFEST_FILE, data)
    _write_member(file, SIGNATURE_FILE, canonical(sign(data=data, key=key, certificate=certificate).to_json()))
    file.write(END)


def _write_member(file: BinaryIO, name: str, data: bytes) -> None:
    file.write(member_header(name, len(data)) + data + padding(len(data)))


@contextmanager
def _appearing_whole(destination: Path) -> Iterator[BinaryIO]:
    """A file under another name, renamed when it is complete and removed when it is not."""
    unfinished = destination.with_name(f".{destination.name}.{secrets.token_hex(4)}.part")
    try:
        with unfinished.open("xb") as file:
            yield file
        unfinished.replace(destination)
    finally:
        unfinished.unlink(missing_ok=True)
