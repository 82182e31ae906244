"""The tree against the definitions of RFC 9162, written a second time here as plain recursion over lists."""

import hashlib
from itertools import pairwise

import pytest
from gmalg import SM3
from hypothesis import given
from hypothesis import strategies as st

from yangguang.proof import merkle

LARGEST = 130


def sm3(data: bytes) -> bytes:
    """Answer from a second implementation."""
    state = SM3()
    state.update(data)
    return state.value()


REFERENCE_INPUTS = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
]
REFERENCE_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


class SecondTree:
    """MTH, PATH and PROOF as RFC 9162 sections 2.1.1, 2.1.3.1 and 2.1.4.1 state them."""

    def __init__(self, leaves: list[bytes], hashed=lambda data: hashlib.sha256(data).digest()) -> None:
        self.leaves = leaves
        self.hashed = hashed
        self.known: dict[tuple[int, int], bytes] = {}

    def root(self, start: int, end: int) -> bytes:
        if (start, end) not in self.known:
            self.known[start, end] = self._root(start, end)
        return self.known[start, end]

    def _root(self, start: int, end: int) -> bytes:
        if start == end:
            return self.hashed(b"")
        if end - start == 1:
            return self.leaves[start]
        middle = start + half(end - start)
        return self.hashed(b"\x01" + self.root(start, middle) + self.root(middle, end))

    def path(self, index: int, start: int, end: int) -> list[bytes]:
        if end - start == 1:
            return []
        middle = start + half(end - start)
        if index < middle:
            return [*self.path(index, start, middle), self.root(middle, end)]
        return [*self.path(index, middle, end), self.root(start, middle)]

    def subproof(self, old: int, start: int, end: int, *, whole: bool) -> list[bytes]:
        if old == end:
            return [] if whole else [self.root(start, end)]
        middle = start + half(end - start)
        if old <= middle:
            return [*self.subproof(old, start, middle, whole=whole), self.root(middle, end)]
        return [*self.subproof(old, middle, end, whole=False), self.root(start, middle)]

    def hash_at(self, level: int, index: int) -> bytes:
        assert (index + 1) << level <= len(self.leaves), "an incomplete subtree was asked for"
        return self.root(index << level, (index + 1) << level)


def half(size: int) -> int:
    power = 1
    while power * 2 < size:
        power *= 2
    return power


LEAVES = [merkle.leaf_hash(b"entry %d" % number) for number in range(LARGEST)]
TREE = SecondTree(LEAVES)
ROOTS = [TREE.root(0, size) for size in range(LARGEST + 1)]


def altered(data: bytes) -> bytes:
    return bytes([data[0] ^ 1]) + data[1:]


def proof_of_inclusion(index: int, size: int) -> list[bytes]:
    return merkle.inclusion_proof(index=index, size=size, hash_at=TREE.hash_at)


def includes(index: int, size: int, proof: list[bytes], leaf: bytes | None = None, root: bytes | None = None) -> bool:
    return merkle.verify_inclusion(
        leaf=LEAVES[index] if leaf is None else leaf,
        index=index,
        size=size,
        proof=proof,
        root=ROOTS[size] if root is None else root,
    )


def extends(
    old: int, new: int, proof: list[bytes], old_root: bytes | None = None, new_root: bytes | None = None
) -> bool:
    return merkle.verify_consistency(
        old_size=old,
        old_root=ROOTS[old] if old_root is None else old_root,
        new_size=new,
        new_root=ROOTS[new] if new_root is None else new_root,
        proof=proof,
    )


def test_the_eight_reference_roots_of_certificate_transparency_come_out() -> None:
    leaves = [merkle.leaf_hash(bytes.fromhex(entry)) for entry in REFERENCE_INPUTS]
    assert [merkle.root_of(leaves[:size]).hex() for size in range(1, 9)] == REFERENCE_ROOTS


def test_the_empty_tree_has_the_hash_of_nothing() -> None:
    assert merkle.root_of([]) == hashlib.sha256(b"").digest()
    assert merkle.root_at(size=0, hash_at=TREE.hash_at, algorithm="sm3") == sm3(b"")


def test_roots_of_all_sizes_agree_with_the_definition() -> None:
    assert [merkle.root_of(LEAVES[:size]) for size in range(LARGEST + 1)] == ROOTS
    assert [merkle.root_at(size=size, hash_at=TREE.hash_at) for size in range(LARGEST + 1)] == ROOTS


def test_all_inclusion_proofs_are_the_defined_ones_and_verify() -> None:
    for size in range(1, LARGEST + 1):
        for index in range(size):
            proof = proof_of_inclusion(index, size)
            assert proof == TREE.path(index, 0, size)
            assert includes(index, size, proof)


def test_no_altered_inclusion_proof_verifies() -> None:
    for size in range(1, LARGEST + 1):
        for index in range(size):
            proof = proof_of_inclusion(index, size)
            wrong = [[*proof[:place], altered(part), *proof[place + 1 :]] for place, part in enumerate(proof)]
            wrong += [
                [*proof, proof[-1] if proof else LEAVES[0]],
                [LEAVES[0], *proof],
                proof[:-1] if proof else [LEAVES[0]],
            ]
            assert not any(includes(index, size, each) for each in wrong)
            assert not includes(index, size, proof, leaf=altered(LEAVES[index]))
            assert not includes(index, size, proof, root=altered(ROOTS[size]))


def test_no_other_index_takes_a_leafs_inclusion_proof() -> None:
    for size in range(1, LARGEST + 1):
        for index in range(size):
            proof = proof_of_inclusion(index, size)
            others = {index - 1, index + 1, size, *(index ^ (1 << bit) for bit in range(8))}
            assert not any(includes(other, size, proof, leaf=LEAVES[index], root=ROOTS[size]) for other in others)


def test_no_other_tree_takes_an_inclusion_proof() -> None:
    for size in range(1, LARGEST + 1):
        for index in {0, size // 3, size - 1}:
            proof = proof_of_inclusion(index, size)
            others = [other for other in range(LARGEST + 1) if other != size]
            assert not any(
                merkle.verify_inclusion(leaf=LEAVES[index], index=index, size=other, proof=proof, root=ROOTS[other])
                for other in others
            )


def test_all_consistency_proofs_are_the_defined_ones_and_verify() -> None:
    for new in range(1, LARGEST + 1):
        for old in range(1, new + 1):
            proof = merkle.consistency_proof(old_size=old, new_size=new, hash_at=TREE.hash_at)
            assert proof == TREE.subproof(old, 0, new, whole=True)
            assert extends(old, new, proof)


def test_no_altered_consistency_proof_verifies() -> None:
    for new in range(1, LARGEST + 1):
        for old in range(1, new + 1):
            proof = merkle.consistency_proof(old_size=old, new_size=new, hash_at=TREE.hash_at)
            wrong = [[*proof[:place], altered(part), *proof[place + 1 :]] for place, part in enumerate(proof)]
            wrong += [[*proof, LEAVES[0]], [LEAVES[0], *proof], proof[:-1] if proof else [LEAVES[0]]]
            assert not any(extends(old, new, each) for each in wrong)
            assert not extends(old, new, proof, old_root=altered(ROOTS[old]))
            assert not extends(old, new, proof, new_root=altered(ROOTS[new]))


def test_no_other_sizes_take_a_consistency_proof() -> None:
    for old, new in [(1, 2), (3, 7), (4, 7), (6, 8), (64, 130), (65, 129), (127, 128), (128, 130)]:
        proof = merkle.consistency_proof(old_size=old, new_size=new, hash_at=TREE.hash_at)
        assert not any(extends(other, new, proof) for other in range(1, new + 1) if other != old)
        assert not any(extends(old, other, proof) for other in range(old, LARGEST + 1) if other != new)


def test_an_empty_consistency_proof_shows_nothing_where_one_is_needed() -> None:
    assert not extends(3, 5, [])
    assert not extends(3, 5, [], old_root=ROOTS[5])


def test_every_tree_extends_the_empty_one_and_itself() -> None:
    assert merkle.consistency_proof(old_size=0, new_size=7, hash_at=TREE.hash_at) == []
    assert extends(0, 7, [])
    assert not extends(0, 7, [], old_root=ROOTS[1])
    assert not extends(0, 7, [ROOTS[1]])
    assert extends(7, 7, [])
    assert not extends(7, 7, [], old_root=ROOTS[6])


@pytest.mark.parametrize(("index", "size"), [(0, 0), (5, 5), (-1, 5)])
def test_a_leaf_outside_the_tree_has_no_proof(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="不在"):
        proof_of_inclusion(index, size)
    assert not merkle.verify_inclusion(leaf=LEAVES[0], index=index, size=size, proof=[], root=LEAVES[0])


@pytest.mark.parametrize(("old", "new"), [(6, 5), (-1, 5)])
def test_a_tree_never_shrinks(old: int, new: int) -> None:
    with pytest.raises(ValueError, match="前缀"):
        merkle.consistency_proof(old_size=old, new_size=new, hash_at=TREE.hash_at)
    assert not extends(old, new, [])


def test_a_frontier_gives_every_complete_subtree_exactly_once() -> None:
    frontier = merkle.Frontier()
    stored = {}
    for leaf in LEAVES:
        for node in frontier.append(leaf):
            assert (node.level, node.index) not in stored
            stored[node.level, node.index] = node.hash
    expected = {(level, place) for level in range(8) for place in range(LARGEST >> level)}
    assert stored == {name: TREE.hash_at(*name) for name in expected}


@given(st.integers(0, LARGEST), st.integers(0, LARGEST))
def test_a_stored_frontier_goes_on_where_it_stopped(first: int, second: int) -> None:
    middle, end = sorted((first, second))
    before = merkle.Frontier()
    for leaf in LEAVES[:middle]:
        before.append(leaf)
    after = merkle.Frontier(size=before.size, hashes=list(before.hashes))
    for leaf in LEAVES[middle:end]:
        after.append(leaf)
    assert before.root() == ROOTS[middle]
    assert after.root() == ROOTS[end]
    assert len(after.hashes) == end.bit_count()


@pytest.mark.parametrize(("size", "hashes"), [(3, [b"x" * 32]), (0, [b"x" * 32]), (-1, [b"x" * 32]), (1, [b"short"])])
def test_a_frontier_that_does_not_fit_its_size_is_refused(size: int, hashes: list[bytes]) -> None:
    with pytest.raises(ValueError, match=r"边缘|32 字节"):
        merkle.Frontier(size=size, hashes=hashes)


def test_a_leaf_of_the_wrong_length_is_refused_and_changes_nothing() -> None:
    frontier = merkle.Frontier()
    with pytest.raises(ValueError, match="32 字节"):
        frontier.append(b"entry, not its hash")
    assert (frontier.size, frontier.hashes) == (0, [])


def test_the_same_code_makes_an_sm3_tree() -> None:
    second = SecondTree([sm3(b"\x00%d" % number) for number in range(13)], sm3)
    leaves = [merkle.leaf_hash(b"%d" % number, algorithm="sm3") for number in range(13)]
    root = merkle.root_of(leaves, algorithm="sm3")
    assert (leaves, root) == (second.leaves, second.root(0, 13))
    proof = merkle.inclusion_proof(index=9, size=13, hash_at=second.hash_at, algorithm="sm3")
    assert merkle.verify_inclusion(leaf=leaves[9], index=9, size=13, proof=proof, root=root, algorithm="sm3")
    assert not merkle.verify_inclusion(leaf=leaves[9], index=9, size=13, proof=proof, root=root)
    growth = merkle.consistency_proof(old_size=6, new_size=13, hash_at=second.hash_at, algorithm="sm3")
    old_root = second.root(0, 6)
    assert merkle.verify_consistency(
        old_size=6, old_root=old_root, new_size=13, new_root=root, proof=growth, algorithm="sm3"
    )
    assert not merkle.verify_consistency(old_size=6, old_root=old_root, new_size=13, new_root=root, proof=growth)


def test_a_proof_asks_for_a_logarithmic_number_of_subtrees() -> None:
    asked = []

    def counting(level: int, index: int) -> bytes:
        asked.append((level, index))
        return hashlib.sha256(b"%d %d" % (level, index)).digest()

    counts = []
    for size in (2**20 - 1, 2**40 - 1):
        asked.clear()
        merkle.inclusion_proof(index=size // 2, size=size, hash_at=counting)
        counts.append(len(asked))
    assert all(count <= limit for count, limit in zip(counts, (40, 80), strict=True))
    assert all(first < second for first, second in pairwise(counts))


def test_a_path_longer_than_the_tree_is_high_proves_nothing_even_under_a_root_made_for_it() -> None:
    made = merkle.node_hash(LEAVES[1], LEAVES[0])
    assert not merkle.verify_inclusion(leaf=LEAVES[0], index=0, size=1, proof=[LEAVES[1]], root=made)
    beyond = merkle.consistency_proof(old_size=3, new_size=4, hash_at=TREE.hash_at)
    old_root, new_root = (merkle.node_hash(LEAVES[5], root) for root in (ROOTS[3], ROOTS[4]))
    assert not merkle.verify_consistency(
        old_size=3, old_root=old_root, new_size=4, new_root=new_root, proof=[*beyond, LEAVES[5]]
    )


def test_a_small_tree_does_not_pass_for_a_larger_one() -> None:
    growth = merkle.consistency_proof(old_size=2, new_size=4, hash_at=TREE.hash_at)
    assert extends(2, 4, growth)
    assert not extends(2, 8, growth, new_root=ROOTS[4])
    assert not merkle.verify_inclusion(leaf=LEAVES[0], index=0, size=8, proof=proof_of_inclusion(0, 4), root=ROOTS[4])
