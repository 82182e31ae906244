"""Tiles of the witness log (日志分块), C2SP tlog-tiles: the tree as static, cacheable files.

A tile holds up to 256 neighbouring hashes of every eighth level, 32 bytes each; an entry bundle holds up to 256
entries, each after its length as two bytes big-endian. A reader rebuilds any root or proof from a few tiles, and must
then hold them against a signed checkpoint: a tile by itself proves nothing.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from yangguang.proof.merkle import HASH_BYTES, HashAt, node_hash

TILE_HEIGHT: Final = 8
TILE_WIDTH: Final = 1 << TILE_HEIGHT
HIGHEST_LEVEL: Final = 63
LONGEST_ENTRY: Final = 65535

_PATH: Final = re.compile(
    r"tile/(?P<level>entries|0|[1-9][0-9]?)/(?P<index>(?:x[0-9]{3}/)*[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]{0,2}))?"
)


class BadTile(ValueError):  # noqa: N818 - named after what is wrong, like the other refusals of this package
    """A tile, an entry bundle or its path is not what C2SP tlog-tiles describes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TileName:
    """Which tile: `level` 0…63, or None for an entry bundle; `index` in the level; `width` 1…256 (256 is full)."""

    level: int | None
    index: int
    width: int = TILE_WIDTH

    def __post_init__(self) -> None:
        if self.level is not None and not 0 <= self.level <= HIGHEST_LEVEL:
            raise BadTile(f"分块层号 {self.level} 不在 0…{HIGHEST_LEVEL}")
        if self.index < 0 or not 1 <= self.width <= TILE_WIDTH:
            raise BadTile(f"分块序号 {self.index} 或宽度 {self.width} 不合规")

    def path(self) -> str:
        """Write the path below the log's prefix: tile/<L>/<N>[.p/<W>], N in groups of three digits."""
        kind = "entries" if self.level is None else str(self.level)
        partial = "" if self.width == TILE_WIDTH else f".p/{self.width}"
        return f"tile/{kind}/{_index_path(self.index)}{partial}"


def parse_tile_path(path: str) -> TileName:
    """Read a path as `TileName.path` writes it; raises BadTile for every other spelling."""
    match = _PATH.fullmatch(path)
    if match is None:
        raise BadTile(f"不是分块路径：{path!r}")
    level = None if match["level"] == "entries" else int(match["level"])
    index = int(re.sub("[x/]", "", match["index"]))
    name = TileName(level=level, index=index, width=int(match["width"] or TILE_WIDTH))
    if name.path() != path:
        raise BadTile(f"分块路径写法不唯一：{path!r}")
    return name


def tile_names(*, new_size: int, old_size: int = 0) -> Iterator[TileName]:
    """Name every tile and entry bundle that a tree of `new_size` has and the tree of `old_size` had not.

    Bundles come first, then the levels from the leaves up. Partial tiles carry the width the new size gives them.
    """
    if not 0 <= old_size <= new_size:
        raise ValueError(f"树只会增长：{old_size} → {new_size}")
    for level in (None, *range(HIGHEST_LEVEL + 1)):
        shift = TILE_HEIGHT * (level or 0)
        yield from _level_names(level, old_hashes=old_size >> shift, new_hashes=new_size >> shift)


def build_tile(*, name: TileName, hash_at: HashAt) -> bytes:
    """Give the bytes of a hash tile, `width` times 32, from the tree behind `hash_at`."""
    if name.level is None:
        raise BadTile("条目包不是杂凑分块，请用 encode_entries")
    first, level = name.index * TILE_WIDTH, name.level * TILE_HEIGHT
    return b"".join(hash_at(level, first + offset) for offset in range(name.width))


def encode_entries(entries: Sequence[bytes]) -> bytes:
    """Give the bytes of an entry bundle. Raises BadTile for an entry over 65,535 bytes or not 1…256 entries."""
    if not 1 <= len(entries) <= TILE_WIDTH:
        raise BadTile(f"条目包应有 1…{TILE_WIDTH} 条，实有 {len(entries)} 条")
    for position, entry in enumerate(entries):
        if len(entry) > LONGEST_ENTRY:
            raise BadTile(f"第 {position} 条有 {len(entry)} 字节，超过 {LONGEST_ENTRY}：大件请存证据文件，日志只记摘要")
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def decode_entries(data: bytes, *, width: int) -> list[bytes]:
    """Read an entry bundle of exactly `width` entries; raises BadTile when bytes are missing or left over."""
    entries, offset = [], 0
    while offset < len(data):
        start = offset + 2
        offset = start + int.from_bytes(data[offset:start], "big")
        entries.append(data[start:offset])
    if offset != len(data) or len(entries) != width:
        raise BadTile(f"条目包残缺或不是 {width} 条")
    return entries


@dataclass(slots=True, kw_only=True)
class TileReader:
    """Answers `hash_at(level, index)` for a tree of `size` leaves out of tiles that `fetch(path)` delivers.

    Every tile is fetched once. Raises BadTile for a tile of the wrong length or a subtree that is not complete yet.
    """

    fetch: Callable[[str], bytes]
    size: int
    algorithm: str = "sha256"
    _tiles: dict[TileName, bytes] = field(default_factory=dict)

    def hash_at(self, level: int, index: int) -> bytes:
        """Give the hash of a complete subtree; hand this method to the functions of `merkle`."""
        if level < 0 or index < 0 or (index + 1) << level > self.size:
            raise BadTile(f"{self.size} 个叶子的树中没有完整子树（层 {level}，序号 {index}）")
        tile_level, above = divmod(level, TILE_HEIGHT)
        first, width = index << above, 1 << above
        tile = self._tile(tile_level, first // TILE_WIDTH)
        row = _hashes(tile)[first % TILE_WIDTH :][:width]
        while len(row) > 1:
            pairs = zip(row[::2], row[1::2], strict=True)
            row = [node_hash(left, right, algorithm=self.algorithm) for left, right in pairs]
        return row[0]

    def _tile(self, level: int, index: int) -> bytes:
        width = min(TILE_WIDTH, (self.size >> (TILE_HEIGHT * level)) - index * TILE_WIDTH)
        name = TileName(level=level, index=index, width=width)
        if name not in self._tiles:
            data = self.fetch(name.path())
            if len(data) != width * HASH_BYTES:
                raise BadTile(f"分块 {name.path()} 应有 {width * HASH_BYTES} 字节，实有 {len(data)} 字节")
            self._tiles[name] = data
        return self._tiles[name]


def _hashes(tile: bytes) -> list[bytes]:
    return [tile[start : start + HASH_BYTES] for start in range(0, len(tile), HASH_BYTES)]


def _level_names(level: int | None, *, old_hashes: int, new_hashes: int) -> Iterator[TileName]:
    if new_hashes == old_hashes:
        return
    for index in range(old_hashes // TILE_WIDTH, new_hashes // TILE_WIDTH):
        yield TileName(level=level, index=index)
    if new_hashes % TILE_WIDTH:
        yield TileName(level=level, index=new_hashes // TILE_WIDTH, width=new_hashes % TILE_WIDTH)


def _index_path(index: int) -> str:
    groups = [f"{index % 1000:03d}"]
    while index := index // 1000:
        groups.append(f"x{index % 1000:03d}")
    return "/".join(reversed(groups))
