"""Canonical JSON (RFC 8785) and labelled hashes: the bytes that are signed, logged and committed to.

Bytes of a labelled hash, for whoever writes a verifier in another language:

    H( u64(len(label)) ‖ label ‖ u64(len(part 1)) ‖ part 1 ‖ u64(len(part 2)) ‖ part 2 ‖ … )

`u64` is eight bytes, big-endian; `label` is UTF-8; H is SHA-256 or SM3. No two lists of parts give the same bytes.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from cryptography.hazmat.primitives import hashes

LARGEST_INTEGER: Final = 2**53 - 1
DEEPEST_NESTING: Final = 64
_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)


class NotCanonical(ValueError):  # noqa: N818 - named after what is wrong, like the other refusals of this package
    """The value lies outside the JSON subset that everybody writes in the same bytes."""


def canonical(value: Any) -> bytes:
    """Write `value` as canonical JSON (规范化 JSON), RFC 8785, UTF-8.

    Allowed: str, int within ±(2^53-1), bool, None, list or tuple, dict with str keys, at most 64 levels deep.
    Raises NotCanonical for anything else; money and scores are written as text, so floats and Decimal are refused.
    """
    try:
        return _ENCODER.encode(_ordered(value, depth=0)).encode("utf-8")
    except UnicodeEncodeError as error:
        raise NotCanonical("文本含有孤立的代理码位，不是合法的 Unicode") from error


def digest(value: Any) -> str:
    """Give the SHA-256 of `canonical(value)` in lower-case hexadecimal (64 characters)."""
    return hashlib.sha256(canonical(value)).hexdigest()


def labelled_hash(label: str, *parts: bytes, algorithm: str = "sha256") -> bytes:
    """Hash a label and its parts without ambiguity (32 bytes); the module says which bytes are hashed.

    Raises ValueError for an algorithm other than sha256 or sm3.
    """
    framed = b"".join(len(part).to_bytes(8, "big") + part for part in (label.encode("utf-8"), *parts))
    return hash_function(algorithm)(framed)


def hash_function(algorithm: str) -> Callable[[bytes], bytes]:
    """Look up the 32-byte hash called `algorithm`: sha256 (FIPS 180-4) or sm3 (GB/T 32905, 国密杂凑算法).

    Raises ValueError for any other name.
    """
    found = HASHES.get(algorithm)
    if found is None:
        raise ValueError(f"不支持的杂凑算法 {algorithm!r}，只支持 {'、'.join(HASHES)}")
    return found


def _sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def _sm3(data: bytes) -> bytes:
    # Not every build of hashlib carries SM3; cryptography always does.
    state = hashes.Hash(hashes.SM3())
    state.update(data)
    return state.finalize()


HASHES: Final[Mapping[str, Callable[[bytes], bytes]]] = MappingProxyType({"sha256": _sha256, "sm3": _sm3})


def _ordered(value: Any, *, depth: int) -> Any:
    if depth > DEEPEST_NESTING:
        raise NotCanonical(f"嵌套超过 {DEEPEST_NESTING} 层")
    if isinstance(value, str) or value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return _integer(value)
    if isinstance(value, dict):
        return {key: _ordered(value[key], depth=depth + 1) for key in sorted(value, key=_place)}
    if isinstance(value, list | tuple):
        return [_ordered(item, depth=depth + 1) for item in value]
    raise NotCanonical(f"不允许的类型 {type(value).__name__}：金额、分值等小数一律写成文本")


def _place(key: Any) -> bytes:
    """RFC 8785 section 3.2.3 sorts by UTF-16 code units, which differs from code points beyond U+FFFF."""
    if not isinstance(key, str):
        raise NotCanonical("对象的键必须是文本")
    return key.encode("utf-16-be")


def _integer(value: int) -> int:
    if abs(value) > LARGEST_INTEGER:
        raise NotCanonical(f"整数 {value} 超出 ±(2^53−1)，请写成文本")
    return value
