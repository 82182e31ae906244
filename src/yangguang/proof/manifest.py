"""The manifest of a bid (投标文件清单): what the bidder signs. Its bytes are canonical JSON (RFC 8785).

It names the tender, the lot, the bidder and every sealed part by digest, and commits to the key of each part without
telling anything about it: digest and key together fix the content. docs/bid-format.md describes every member.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Final

from yangguang.proof.broken import BrokenBid, broken
from yangguang.proof.canonical import canonical, labelled_hash
from yangguang.proof.envelope import SUITES, SuiteName

FORMAT: Final = "yangguang-bid/1"
MANIFEST_FILE: Final = "manifest.json"
SIGNATURE_FILE: Final = "manifest.sig.json"
LONGEST_MANIFEST: Final = 1 << 18
MOST_PARTS: Final = 32
_LONGEST_TEXT = 200
_LARGEST_SIZE = 2**53 - 1
_PART_NAME = re.compile(r"[a-z][a-z0-9_-]{0,31}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")

Check = Callable[[Any], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """The program that made the file (投标工具) and its version."""

    name: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedPart:
    """One sealed part. `size`, `sha256` and `sm3` are of the `.p7m` file; `sm3` stands in the GM suite only."""

    name: str
    file: str
    size: int
    sha256: str
    key_commitment: str
    sm3: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trustee:
    """A party that holds one share of each content key (受托人); `certificate` is its fingerprint."""

    name: str
    certificate: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedShare:
    """One share sealed to one trustee; `size` and `sha256` are of the `.p7m` file."""

    part: str
    trustee: str
    file: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescue:
    """解密救援: `threshold` of the trustees can open the bid together."""

    threshold: int
    trustees: tuple[Trustee, ...]
    shares: tuple[SealedShare, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What the bidder signs.

    `tender` is the 交易标识码, `bidder` the 统一社会信用代码, `signer` the fingerprint of the signing certificate;
    `machine` maps feature names to salted digests (`machine_digest`).
    """

    tender: str
    lot: str
    bidder: str
    signer: str
    suite: SuiteName
    created_at: datetime
    tool: Tool
    parts: tuple[SealedPart, ...]
    machine: Mapping[str, str] | None = None
    rescue: Rescue | None = None

    @property
    def shares(self) -> tuple[SealedShare, ...]:
        """The sealed shares, none without rescue."""
        return self.rescue.shares if self.rescue else ()

    def part(self, name: str) -> SealedPart:
        """The part of that name. Raises BrokenBid bid.part.unknown."""
        for part in self.parts:
            if part.name == name:
                return part
        raise broken("bid.part.unknown", name[:_LONGEST_TEXT])

    def to_bytes(self) -> bytes:
        """Canonical JSON; members that are None are left out."""
        value = _without_none(asdict(self))
        return canonical({"format": FORMAT, **value, "created_at": write_moment(self.created_at)})

    def commitment_to(self, *, part: str, content_key: bytes) -> str:
        """The key commitment (密钥承诺) that this bid must carry for a part sealed with that content key."""
        return key_commitment(tender=self.tender, lot=self.lot, bidder=self.bidder, part=part, content_key=content_key)


def key_commitment(*, tender: str, lot: str, bidder: str, part: str, content_key: bytes) -> str:
    """Commits to the one content key of a part: GCM alone lets a ciphertext open under two keys."""
    heading = (text.encode() for text in (tender, lot, bidder, part))
    return labelled_hash("yangguang/content-key/1", *heading, content_key).hex()


def machine_digest(*, tender: str, feature: str, value: str) -> str:
    """A machine feature (机器特征码) as it stands in a manifest: comparable within one tender, meaningless elsewhere.

    Features are guessable, so this hides them from the eye, not from somebody who tries all values.
    """
    return labelled_hash("yangguang/machine/1", tender.encode(), feature.encode(), value.encode()).hex()


def part_file(name: str) -> str:
    """Where a part stands in the bid file."""
    return f"parts/{name}.p7m"


def share_file(part: str, number: int) -> str:
    """Where the share of the trustee of this number (from 1) stands in the bid file."""
    return f"rescue/{part}.{number}.p7m"


def write_moment(at: datetime) -> str:
    """An aware time as UTC to the second, `2026-03-01T01:30:00Z`; ValueError without a time zone."""
    if at.tzinfo is None:
        raise ValueError("时间必须带时区")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_manifest(data: bytes) -> Manifest:
    """The manifest in these bytes. Raises BrokenBid: bid.manifest.malformed, bid.suite.unknown."""
    value = read_canonical(data)
    if value.get("format") != FORMAT:
        raise _malformed("format")
    if value.get("suite") not in tuple(SUITES):
        raise broken("bid.suite.unknown", str(value.get("suite"))[:_LONGEST_TEXT])
    _check_members(value, _MANIFEST, optional={"machine", "rescue"})
    manifest = Manifest(
        **{name: value[name] for name in ("tender", "lot", "bidder", "signer", "suite")},
        created_at=_moment(value["created_at"]),
        tool=Tool(**_checked(value["tool"], _TOOL)),
        parts=tuple(SealedPart(**_checked(part, _PART, optional={"sm3"})) for part in value["parts"]),
        machine=value.get("machine"),
        rescue=_read_rescue(value["rescue"]) if "rescue" in value else None,
    )
    _check_whole(manifest)
    return manifest


def read_canonical(data: bytes, *, code: str = "bid.manifest.malformed") -> dict[str, Any]:
    """A JSON object whose bytes are canonical. Raises BrokenBid with `code`."""
    try:
        value = json.loads(data)
        same = isinstance(value, dict) and canonical(value) == data
    except (ValueError, RecursionError) as error:
        raise broken(code, "不是规范化 JSON") from error
    if not same:
        raise broken(code, "不是规范化 JSON")
    result: dict[str, Any] = value
    return result


def is_text(value: Any) -> bool:
    """Whether this is a text of 1 to 200 characters without control characters."""
    return isinstance(value, str) and 0 < len(value) <= _LONGEST_TEXT and value.isprintable()


def is_digest(value: Any) -> bool:
    """Whether this is a 32-byte digest in lowercase hex."""
    return isinstance(value, str) and _DIGEST.fullmatch(value) is not None


def is_part_name(value: Any) -> bool:
    """Whether this can name a part: lowercase ASCII, digits, `_`, `-`, at most 32 characters."""
    return isinstance(value, str) and _PART_NAME.fullmatch(value) is not None


def _is_size(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LARGEST_SIZE


def _is_list(value: Any) -> bool:
    return isinstance(value, list) and 0 < len(value) <= MOST_PARTS**2


def _is_object(value: Any) -> bool:
    return isinstance(value, dict)


def _is_machine(value: Any) -> bool:
    return isinstance(value, dict) and all(is_text(name) and is_digest(digest) for name, digest in value.items())


_MANIFEST: Final[dict[str, Check]] = {
    "format": is_text,
    "tender": is_text,
    "lot": is_text,
    "bidder": is_text,
    "signer": is_digest,
    "suite": is_text,
    "created_at": is_text,
    "tool": _is_object,
    "parts": _is_list,
    "machine": _is_machine,
    "rescue": _is_object,
}
_TOOL: Final[dict[str, Check]] = {"name": is_text, "version": is_text}
_PART: Final[dict[str, Check]] = {
    "name": is_part_name,
    "file": is_text,
    "size": _is_size,
    "sha256": is_digest,
    "sm3": is_digest,
    "key_commitment": is_digest,
}
_RESCUE: Final[dict[str, Check]] = {"threshold": _is_size, "trustees": _is_list, "shares": _is_list}
_TRUSTEE: Final[dict[str, Check]] = {"name": is_text, "certificate": is_digest}
_SHARE: Final[dict[str, Check]] = {
    "part": is_part_name,
    "trustee": is_text,
    "file": is_text,
    "size": _is_size,
    "sha256": is_digest,
}


def _checked(value: Any, checks: Mapping[str, Check], *, optional: set[str] | None = None) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _malformed("应为对象")
    _check_members(value, checks, optional=optional or set())
    return value


def _check_members(value: Mapping[str, Any], checks: Mapping[str, Check], *, optional: set[str]) -> None:
    for name in sorted(value.keys() ^ checks.keys()):
        if name not in optional:
            raise _malformed(f"{name[:_LONGEST_TEXT]} 缺少或多余")
    for name in value:
        if not checks[name](value[name]):
            raise _malformed(name)


def _read_rescue(value: dict[str, Any]) -> Rescue:
    _check_members(value, _RESCUE, optional=set())
    return Rescue(
        threshold=value["threshold"],
        trustees=tuple(Trustee(**_checked(one, _TRUSTEE)) for one in value["trustees"]),
        shares=tuple(SealedShare(**_checked(one, _SHARE)) for one in value["shares"]),
    )


def _check_whole(manifest: Manifest) -> None:
    names = [part.name for part in manifest.parts]
    if len(set(names)) != len(names) or len(names) > MOST_PARTS:
        raise _malformed("parts 重复或过多")
    for part in manifest.parts:
        if part.file != part_file(part.name) or (part.sm3 is not None) != (manifest.suite == "GM"):
            raise _malformed(f"parts {part.name}")
    if manifest.rescue:
        _check_rescue(manifest.rescue, names)


def _check_rescue(rescue: Rescue, parts: list[str]) -> None:
    trustees = [trustee.name for trustee in rescue.trustees]
    expected = [
        (part, trustee, share_file(part, number)) for part in parts for number, trustee in enumerate(trustees, start=1)
    ]
    if [(share.part, share.trustee, share.file) for share in rescue.shares] != expected:
        raise _malformed("rescue 的份额与受托人、部分不对应")
    if len(set(trustees)) != len(trustees) or not 1 < rescue.threshold <= len(trustees):
        raise _malformed("rescue 的门限或受托人")


def _moment(text: str) -> datetime:
    if not _MOMENT.fullmatch(text):
        raise _malformed("created_at")
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise _malformed("created_at") from error


def _without_none(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_none(item) for name, item in value.items() if item is not None}
    if isinstance(value, list | tuple):
        return [_without_none(item) for item in value]
    return value


def _malformed(detail: str) -> BrokenBid:
    return broken("bid.manifest.malformed", detail)
