"""The mathematics of the witness log (见证日志): RFC 6962 / RFC 9162 Merkle trees, over SHA-256 or SM3.

    leaf hash = H(0x00 ‖ entry)          node hash = H(0x01 ‖ left ‖ right)          empty tree = H()

A perfect subtree is named by (level, index): the hash over leaves index·2^level … (index+1)·2^level - 1. Whoever can
answer `hash_at(level, index)` for complete subtrees - a database, tiles, a list - can have every root and proof in
O(log n) calls. All hashes are 32 raw bytes. The tree of RFC 9162 signs nothing: a root means something only
together with its size, as a signed checkpoint states both.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from yangguang.proof.canonical import hash_function

HASH_BYTES: Final = 32

HashAt = Callable[[int, int], bytes]


@dataclass(frozen=True, slots=True)
class Node:
    """One complete subtree: its level (0 is a leaf), its index within the level and its hash."""

    level: int
    index: int
    hash: bytes


def leaf_hash(entry: bytes, *, algorithm: str = "sha256") -> bytes:
    """Hash one log entry into its leaf (RFC 9162 section 2.1.1)."""
    return hash_function(algorithm)(b"\x00" + entry)


def node_hash(left: bytes, right: bytes, *, algorithm: str = "sha256") -> bytes:
    """Hash two neighbouring subtrees into their parent (RFC 9162 section 2.1.1)."""
    return hash_function(algorithm)(b"\x01" + left + right)


def empty_root(*, algorithm: str = "sha256") -> bytes:
    """Give the root of the tree without leaves: the hash of nothing."""
    return hash_function(algorithm)(b"")


def root_of(leaves: Iterable[bytes], *, algorithm: str = "sha256") -> bytes:
    """Give the root over leaf hashes, in O(log n) memory."""
    frontier = Frontier(algorithm=algorithm)
    for leaf in leaves:
        frontier.append(leaf)
    return frontier.root()


@dataclass(slots=True, kw_only=True)
class Frontier:
    """The right edge of a growing tree: one hash for each complete subtree, largest (leftmost) first.

    `size` leaves need as many `hashes` as `size` has one-bits; both may be stored and handed in again.
    Raises ValueError when they do not fit together.
    """

    size: int = 0
    hashes: list[bytes] = field(default_factory=list)
    algorithm: str = "sha256"

    def __post_init__(self) -> None:
        if self.size < 0 or len(self.hashes) != self.size.bit_count():
            raise ValueError(f"{self.size} 个叶子的边缘不应有 {len(self.hashes)} 个杂凑值")
        for value in self.hashes:
            _require_hash(value)

    def append(self, leaf: bytes) -> list[Node]:
        """Add one leaf hash; give every subtree that is complete now, the leaf first, for storing."""
        _require_hash(leaf)
        combine = hash_function(self.algorithm)
        completed = [Node(0, self.size, leaf)]
        for level in range(_trailing_ones(self.size)):
            parent = combine(b"\x01" + self.hashes.pop() + completed[-1].hash)
            completed.append(Node(level + 1, self.size >> (level + 1), parent))
        self.hashes.append(completed[-1].hash)
        self.size += 1
        return completed

    def root(self) -> bytes:
        """Give the root over all leaves so far."""
        return _fold(self.hashes, algorithm=self.algorithm)


def root_at(*, size: int, hash_at: HashAt, algorithm: str = "sha256") -> bytes:
    """Give the root of the first `size` leaves."""
    return _fold([hash_at(level, index) for level, index in peaks(size)], algorithm=algorithm)


def peaks(size: int) -> Iterator[tuple[int, int]]:
    """Name as (level, index) the complete subtrees that make up the first `size` leaves, largest first."""
    start = 0
    for level in reversed(range(size.bit_length())):
        if size >> level & 1:
            yield level, start >> level
            start += 1 << level


def inclusion_proof(*, index: int, size: int, hash_at: HashAt, algorithm: str = "sha256") -> list[bytes]:
    """Prove that leaf `index` is in the tree of `size` leaves (RFC 9162 section 2.1.3.1), nearest sibling first.

    Raises ValueError when the leaf lies outside the tree.
    """
    if not 0 <= index < size:
        raise ValueError(f"第 {index} 号叶子不在 {size} 个叶子的树中")
    start, end, path = 0, size, []
    while end - start > 1:
        middle = start + _split(end - start)
        sibling = (middle, end) if index < middle else (start, middle)
        path.append(_range_hash(*sibling, hash_at=hash_at, algorithm=algorithm))
        start, end = (start, middle) if index < middle else (middle, end)
    return path[::-1]


def consistency_proof(*, old_size: int, new_size: int, hash_at: HashAt, algorithm: str = "sha256") -> list[bytes]:
    """Prove that the tree of `old_size` is the beginning of the tree of `new_size` (RFC 9162 section 2.1.4.1).

    Equal sizes and an empty old tree need no hashes. Raises ValueError when the old tree is the larger one.
    """
    if not 0 <= old_size <= new_size:
        raise ValueError(f"旧树 {old_size} 个叶子，不可能是新树 {new_size} 个叶子的前缀")
    if old_size in {0, new_size}:
        return []
    start, end, path = 0, new_size, []
    while end != old_size:
        middle = start + _split(end - start)
        sibling = (middle, end) if old_size <= middle else (start, middle)
        path.append(_range_hash(*sibling, hash_at=hash_at, algorithm=algorithm))
        start, end = (start, middle) if old_size <= middle else (middle, end)
    # The verifier knows the old root itself; only a part of it must be told.
    known = [] if start == 0 else [_range_hash(start, end, hash_at=hash_at, algorithm=algorithm)]
    return known + path[::-1]


def verify_inclusion(
    *, leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes, algorithm: str = "sha256"
) -> bool:
    """Say whether `proof` shows leaf hash `leaf` at `index` under `root` (RFC 9162 section 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    position, last, value = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if position & 1 or position == last:
            value = node_hash(sibling, value, algorithm=algorithm)
            position, last = _climb(position, last)
        else:
            value = node_hash(value, sibling, algorithm=algorithm)
        position, last = position >> 1, last >> 1
    return last == 0 and value == root


def verify_consistency(
    *, old_size: int, old_root: bytes, new_size: int, new_root: bytes, proof: Sequence[bytes], algorithm: str = "sha256"
) -> bool:
    """Say whether `proof` shows that the old tree is the beginning of the new one (RFC 9162 section 2.1.4.2)."""
    if not 0 <= old_size <= new_size:
        return False
    if old_size == 0:
        return not proof and old_root == empty_root(algorithm=algorithm)
    if old_size == new_size:
        return not proof and old_root == new_root
    path = list(proof)
    if old_size.bit_count() == 1:
        path.insert(0, old_root)
    return _rebuild(old_size, new_size, path, algorithm=algorithm) == (old_root, new_root)


def _rebuild(old_size: int, new_size: int, path: list[bytes], *, algorithm: str) -> tuple[bytes, bytes] | None:
    if not path:
        return None
    shift = _trailing_ones(old_size - 1)
    position, last = (old_size - 1) >> shift, (new_size - 1) >> shift
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return None
        if position & 1 or position == last:
            old = node_hash(sibling, old, algorithm=algorithm)
            new = node_hash(sibling, new, algorithm=algorithm)
            position, last = _climb(position, last)
        else:
            new = node_hash(new, sibling, algorithm=algorithm)
        position, last = position >> 1, last >> 1
    return (old, new) if last == 0 else None


def _climb(position: int, last: int) -> tuple[int, int]:
    """Skip the levels on which a node at the right edge has no sibling."""
    while position and not position & 1:
        position, last = position >> 1, last >> 1
    return position, last


def _fold(hashes: Sequence[bytes], *, algorithm: str) -> bytes:
    if not hashes:
        return empty_root(algorithm=algorithm)
    value = hashes[-1]
    for left in reversed(hashes[:-1]):
        value = node_hash(left, value, algorithm=algorithm)
    return value


def _range_hash(start: int, end: int, *, hash_at: HashAt, algorithm: str) -> bytes:
    # Every range a proof names starts at a multiple of the largest power of two it holds, so its peaks are nodes.
    hashes = [hash_at(level, (start >> level) + index) for level, index in peaks(end - start)]
    return _fold(hashes, algorithm=algorithm)


def _split(size: int) -> int:
    """Give the largest power of two below `size` (size > 1)."""
    return 1 << ((size - 1).bit_length() - 1)


def _trailing_ones(value: int) -> int:
    return (value ^ (value + 1)).bit_length() - 1


def _require_hash(value: bytes) -> None:
    if len(value) != HASH_BYTES:
        raise ValueError(f"杂凑值应为 {HASH_BYTES} 字节，实为 {len(value)} 字节")
