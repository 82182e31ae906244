import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yangguang.proof import merkle
from yangguang.proof.tiles import (
    BadTile,
    TileName,
    TileReader,
    build_tile,
    decode_entries,
    encode_entries,
    parse_tile_path,
    tile_names,
)

LARGEST = 600
ENTRIES = [b"entry %d" % number for number in range(LARGEST)]
LEAVES = [merkle.leaf_hash(entry) for entry in ENTRIES]


def stored_nodes(leaves: list[bytes], algorithm: str = "sha256") -> dict[tuple[int, int], bytes]:
    frontier = merkle.Frontier(algorithm=algorithm)
    return {(node.level, node.index): node.hash for leaf in leaves for node in frontier.append(leaf)}


NODES = stored_nodes(LEAVES)


def hash_at(level: int, index: int) -> bytes:
    return NODES[level, index]


def published(size: int) -> dict[str, bytes]:
    names = [name for name in tile_names(new_size=size) if name.level is not None]
    return {name.path(): build_tile(name=name, hash_at=hash_at) for name in names}


@pytest.mark.parametrize(
    ("name", "path"),
    [
        (TileName(level=0, index=0), "tile/0/000"),
        (TileName(level=None, index=1234067), "tile/entries/x001/x234/067"),
        (TileName(level=63, index=1000, width=5), "tile/63/x001/000.p/5"),
        (TileName(level=1, index=999, width=255), "tile/1/999.p/255"),
        (TileName(level=None, index=0, width=1), "tile/entries/000.p/1"),
    ],
)
def test_paths_are_spelled_as_the_specification_spells_them(name: TileName, path: str) -> None:
    assert name.path() == path
    assert parse_tile_path(path) == name


@given(st.none() | st.integers(0, 63), st.integers(0, 2**60), st.integers(1, 256))
def test_every_path_reads_back(level: int | None, index: int, width: int) -> None:
    name = TileName(level=level, index=index, width=width)
    assert parse_tile_path(name.path()) == name


@pytest.mark.parametrize(
    "path",
    [
        "tile/00/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/0/0",
        "tile/0/x000/001",
        "tile/0/001/x000",
        "tile/0/000.p/0",
        "tile/0/000.p/01",
        "tile/0/000.p/256",
        "tile/0/000.p/999",
        "tile/entry/000",
        "tile/0/000\n",
        "/tile/0/000",
        "tile/0/٠٠٠",
        "tile/0/../000",
    ],
)
def test_every_other_spelling_is_refused(path: str) -> None:
    with pytest.raises(BadTile):
        parse_tile_path(path)


@pytest.mark.parametrize(("level", "index", "width"), [(64, 0, 1), (-1, 0, 1), (0, -1, 1), (0, 0, 0), (0, 0, 257)])
def test_an_impossible_tile_has_no_name(level: int, index: int, width: int) -> None:
    with pytest.raises(BadTile):
        TileName(level=level, index=index, width=width)


def test_a_tree_of_70000_has_the_tiles_of_the_specifications_example() -> None:
    names = list(tile_names(new_size=70_000))
    full = [sum(1 for name in names if name.level == level and name.width == 256) for level in (0, 1, 2)]
    partial = [(name.level, name.index, name.width) for name in names if name.width < 256]
    assert full == [273, 1, 0]
    assert partial == [(None, 273, 112), (0, 273, 112), (1, 1, 17), (2, 0, 1)]
    assert sum(1 for name in names if name.level is None) == 274


def test_a_tree_of_256_has_a_full_tile_and_a_partial_one_above() -> None:
    assert [name.path() for name in tile_names(new_size=256)] == ["tile/entries/000", "tile/0/000", "tile/1/000.p/1"]


@given(st.integers(0, 140_000), st.integers(0, 140_000))
def test_growing_in_two_steps_writes_every_tile_of_the_larger_tree(first: int, second: int) -> None:
    old, new = sorted((first, second))
    before, grown = set(tile_names(new_size=old)), set(tile_names(new_size=new, old_size=old))
    assert set(tile_names(new_size=new)) <= before | grown
    assert not before & grown


def test_a_tree_that_did_not_grow_has_no_new_tile() -> None:
    assert list(tile_names(new_size=300, old_size=300)) == []
    assert list(tile_names(new_size=0)) == []


def test_a_tree_does_not_shrink() -> None:
    with pytest.raises(ValueError, match="只会增长"):
        list(tile_names(new_size=5, old_size=6))


def test_a_tile_holds_the_hashes_in_order_and_the_next_level_hashes_full_tiles() -> None:
    tiles = published(LARGEST)
    assert tiles["tile/0/001"] == b"".join(LEAVES[256:512])
    assert tiles["tile/0/002.p/88"] == b"".join(LEAVES[512:])
    assert tiles["tile/1/000.p/2"] == merkle.root_of(LEAVES[:256]) + merkle.root_of(LEAVES[256:512])


def test_an_entry_bundle_is_not_built_from_hashes() -> None:
    with pytest.raises(BadTile, match="encode_entries"):
        build_tile(name=TileName(level=None, index=0), hash_at=hash_at)


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 511, 512, 600])
def test_roots_and_proofs_come_out_of_tiles(size: int) -> None:
    reader = TileReader(fetch=published(size).__getitem__, size=size)
    root = merkle.root_of(LEAVES[:size])
    assert merkle.root_at(size=size, hash_at=reader.hash_at) == root
    for index in {0, size // 2, size - 1}:
        proof = merkle.inclusion_proof(index=index, size=size, hash_at=reader.hash_at)
        assert merkle.verify_inclusion(leaf=LEAVES[index], index=index, size=size, proof=proof, root=root)
    old = (size + 1) // 2
    growth = merkle.consistency_proof(old_size=old, new_size=size, hash_at=reader.hash_at)
    old_root = merkle.root_of(LEAVES[:old])
    assert merkle.verify_consistency(old_size=old, old_root=old_root, new_size=size, new_root=root, proof=growth)


def test_sm3_tiles_give_the_sm3_root() -> None:
    leaves = [merkle.leaf_hash(entry, algorithm="sm3") for entry in ENTRIES[:300]]
    nodes = stored_nodes(leaves, algorithm="sm3")
    names = [name for name in tile_names(new_size=300) if name.level is not None]
    tiles = {name.path(): build_tile(name=name, hash_at=lambda *at: nodes[at]) for name in names}
    reader = TileReader(fetch=tiles.__getitem__, size=300, algorithm="sm3")
    assert merkle.root_at(size=300, hash_at=reader.hash_at, algorithm="sm3") == merkle.root_of(leaves, algorithm="sm3")


def test_every_tile_is_fetched_once_and_few_for_a_proof() -> None:
    fetched = []
    tiles = published(LARGEST)

    def fetch(path: str) -> bytes:
        fetched.append(path)
        return tiles[path]

    reader = TileReader(fetch=fetch, size=LARGEST)
    for index in (3, 4, 200):
        merkle.inclusion_proof(index=index, size=LARGEST, hash_at=reader.hash_at)
    assert sorted(fetched) == ["tile/0/000", "tile/0/002.p/88", "tile/1/000.p/2"]


def test_a_changed_tile_cannot_prove_anything_under_the_signed_root() -> None:
    tiles = published(LARGEST)
    spoiled = bytearray(tiles["tile/0/000"])
    spoiled[32 * 3] ^= 1
    reader = TileReader(fetch=(tiles | {"tile/0/000": bytes(spoiled)}).__getitem__, size=LARGEST)
    proof = merkle.inclusion_proof(index=2, size=LARGEST, hash_at=reader.hash_at)
    root = merkle.root_of(LEAVES)
    assert not merkle.verify_inclusion(leaf=LEAVES[2], index=2, size=LARGEST, proof=proof, root=root)


def test_a_tile_of_the_wrong_length_is_refused() -> None:
    reader = TileReader(fetch=lambda _path: b"x" * 31, size=1)
    with pytest.raises(BadTile, match="32 字节"):
        reader.hash_at(0, 0)


@pytest.mark.parametrize(("level", "index"), [(0, 600), (3, 75), (9, 1), (-1, 0), (0, -1)])
def test_a_subtree_that_is_not_complete_is_refused(level: int, index: int) -> None:
    with pytest.raises(BadTile, match="完整子树"):
        TileReader(fetch=published(LARGEST).__getitem__, size=LARGEST).hash_at(level, index)


@given(st.lists(st.binary(max_size=40), min_size=1, max_size=20))
def test_entry_bundles_read_back(entries: list[bytes]) -> None:
    assert decode_entries(encode_entries(entries), width=len(entries)) == entries


def test_an_entry_bundle_prefixes_two_byte_lengths() -> None:
    assert encode_entries([b"ab", b"", b"c" * 258]) == b"\x00\x02ab" + b"\x00\x00" + b"\x01\x02" + b"c" * 258


def test_entries_hash_to_the_leaves_of_the_level_0_tile() -> None:
    entries = decode_entries(encode_entries(ENTRIES[:256]), width=256)
    assert b"".join(map(merkle.leaf_hash, entries)) == published(LARGEST)["tile/0/000"]
    assert merkle.leaf_hash(entries[0]) == hashlib.sha256(b"\x00entry 0").digest()


def test_the_longest_entry_fits_and_one_byte_more_is_refused() -> None:
    assert decode_entries(encode_entries([b"x" * 65535]), width=1) == [b"x" * 65535]
    with pytest.raises(BadTile, match=r"第 1 条有 65536 字节"):
        encode_entries([b"", b"x" * 65536])


@pytest.mark.parametrize("count", [0, 257])
def test_a_bundle_holds_one_to_256_entries(count: int) -> None:
    with pytest.raises(BadTile, match="条目包应有"):
        encode_entries([b"x"] * count)


@pytest.mark.parametrize(
    ("data", "width"), [(b"\x00\x02a", 1), (b"\x00", 1), (b"\x00\x01a\x00", 1), (b"\x00\x01a", 2), (b"\x00\x01a", 0)]
)
def test_a_broken_or_miscounted_bundle_is_refused(data: bytes, width: int) -> None:
    with pytest.raises(BadTile, match="残缺"):
        decode_entries(data, width=width)
