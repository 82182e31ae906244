"""The mathematics of the log against the bare hashes that it cannot do without."""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, field

from measuring import Scale, interleaved
from rows import Row

from yangguang.proof import merkle
from yangguang.proof.merkle import Frontier

ENTRY_BYTES = 600
NODE = b"\x01" * 65  # a prefix and two hashes
HOW = (
    "日志：内存中的 SHA-256 树，每条记录 600 字节；追加的对照是每条一次记录摘要加一次结点摘要，"
    "证明与核验的对照是路径长度次结点摘要。"
)


@dataclass(slots=True)
class Grown:
    """A log in memory: its entries, and every stored node by level and index."""

    entries: list[bytes]
    nodes: dict[tuple[int, int], bytes] = field(default_factory=dict)

    def append_all(self) -> None:
        tree = Frontier()
        for entry in self.entries:
            for one in tree.append(merkle.leaf_hash(entry)):
                self.nodes[one.level, one.index] = one.hash

    def proof(self, index: int) -> list[bytes]:
        return merkle.inclusion_proof(index=index, size=len(self.entries), hash_at=self.hash_at)

    def hash_at(self, level: int, index: int) -> bytes:
        return self.nodes[level, index]


def rows(scale: Scale) -> Iterator[Row]:
    """Append, prove, verify."""
    count, probes, times = scale.of(100_000, 2_000), scale.of(5_000, 200), scale.of(5, 1)
    log = Grown([os.urandom(8) * (ENTRY_BYTES // 8) for _ in range(count)])
    yield _row("追加", count, *interleaved(log.append_all, lambda: _bare_append(log.entries), times=times))
    chosen = [int.from_bytes(os.urandom(4), "big") % count for _ in range(probes)]
    proofs = [(index, log.proof(index)) for index in chosen]
    steps = sum(len(proof) for _, proof in proofs)
    pair = interleaved(lambda: [log.proof(index) for index in chosen], lambda: _bare_path(steps), times=times)
    yield _row(f"{count:,} 条中的存在证明", probes, *pair)
    pair = interleaved(lambda: _verify(log, proofs), lambda: _bare_path(steps), times=times)
    yield _row(f"核验 {count:,} 条中的存在证明", probes, *pair)


def _verify(log: Grown, proofs: list[tuple[int, list[bytes]]]) -> None:
    size = len(log.entries)
    root = merkle.root_at(size=size, hash_at=log.hash_at)
    for index, proof in proofs:
        leaf = log.hash_at(0, index)
        assert merkle.verify_inclusion(leaf=leaf, index=index, size=size, proof=proof, root=root)


def _bare_append(entries: list[bytes]) -> None:
    for entry in entries:
        hashlib.sha256(entry).digest()
        hashlib.sha256(NODE).digest()


def _bare_path(steps: int) -> None:
    for _ in range(steps):
        hashlib.sha256(NODE).digest()


def _row(name: str, count: int, ours: float, bare: float) -> Row:
    return Row(
        group="日志",
        name=f"日志：{name}",
        figure=f"每秒 {count / ours:,.0f}",
        baseline=f"裸 SHA-256 每秒 {count / bare:,.0f}",
        ratio=bare / ours,
        note=HOW,
    )
