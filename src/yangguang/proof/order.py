"""The order in which a pool is drawn (抽取顺序): RFC 3797, with the hash of one's choice instead of MD5.

    draw i = (H(u16(i) ‖ key string ‖ u16(i)) as a big-endian integer) mod (places left), i = 0, 1, …

H is the bare algorithm; u16 is two bytes big-endian; the place with that rank among those left is taken out.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from itertools import islice
from typing import Final

from yangguang.proof.canonical import hash_function

LARGEST_POOL: Final = 65535

Number = int | Decimal
Source = Number | str | list[Number] | tuple[Number, ...]


class BadDraw(ValueError):  # noqa: N818 - named after what is wrong, like the other refusals of this package
    """A draw cannot be held or read from these facts."""


def canonical_seed(values: Iterable[Source]) -> bytes:
    """Write sources of randomness as the key string of RFC 3797 section 4.1, ASCII, each ended by "/".

    Numbers lose needless zeros and gain a full stop; a list is sorted; text keeps its letters and digits, in capitals.
    Raises BadDraw for floats, negative numbers and text that is not ASCII (it would be dropped silently).
    """
    return "".join(f"{_source(value)}/" for value in values).encode("ascii")


def sequence(*, seed: bytes, pool_size: int, algorithm: str = "sha256") -> Iterator[int]:
    """Give all places of the pool (0 … pool_size - 1) in drawn order, lazily (RFC 3797 section 4.2).

    `seed` is the key string. `algorithm` may be md5 only to reproduce the RFC's own example.
    Raises BadDraw for a pool that is empty or over 65,535.
    """
    if not 1 <= pool_size <= LARGEST_POOL:
        raise BadDraw(f"抽取池应有 1…{LARGEST_POOL} 个，实有 {pool_size} 个")
    return _places(seed, pool_size, _bare_hash(algorithm))


def select(*, seed: bytes, pool_size: int, count: int, algorithm: str = "sha256") -> tuple[int, ...]:
    """Give the first `count` places of `sequence`; raises BadDraw when the pool has fewer."""
    if not 0 <= count <= pool_size:
        raise BadDraw(f"要抽 {count} 个，池中只有 {pool_size} 个")
    return tuple(islice(sequence(seed=seed, pool_size=pool_size, algorithm=algorithm), count))


def _places(seed: bytes, pool_size: int, hashed: Callable[[bytes], bytes]) -> Iterator[int]:
    left = list(range(pool_size))
    for turn in range(pool_size):
        around = turn.to_bytes(2, "big")
        yield left.pop(int.from_bytes(hashed(around + seed + around), "big") % len(left))


def _bare_hash(algorithm: str) -> Callable[[bytes], bytes]:
    if algorithm == "md5":
        return lambda data: hashlib.md5(data, usedforsecurity=False).digest()
    return hash_function(algorithm)


def _source(value: Source) -> str:
    if isinstance(value, str):
        return _source_text(value)
    if isinstance(value, list | tuple):
        return "".join(map(_source_number, sorted(value)))
    return _source_number(value)


def _source_text(value: str) -> str:
    kept = re.sub("[^A-Z0-9]", "", value.upper())
    if not kept or not value.isascii():
        raise BadDraw(f"随机源文本只能是含字母或数字的 ASCII：{value!r}")
    return kept


def _source_number(value: Number) -> str:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise BadDraw(f"随机源数值只能是整数或 Decimal：{value!r}")
    number = Decimal(value)
    if not number.is_finite() or number.is_signed():
        raise BadDraw(f"随机源数值不得为负或非数：{value!r}")
    whole, _, fraction = f"{number:f}".partition(".")
    return f"{whole}.{fraction.rstrip('0')}"
