"""The public log: the sequencer, checkpoints and proofs.

Acts commit their entries without waiting for each other; the sequencer then gives entries their leaf numbers, in one
order for the whole centre, and signs a checkpoint. Both trees, SHA-256 and SM3, grow together.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from django.db import connection, transaction

from yangguang.proof import merkle, notes
from yangguang.proof.merkle import Frontier, HashAt
from yangguang.witness.models import Checkpoint, Entry, Leaf, Node, Pending, SealedEntry
from yangguang.witness.platform import platform

ALGORITHMS = ("sha256", "sm3")
BATCH = 2_000
SEQUENCER_LOCK = 0x59616E67  # one sequencer at a time; the number only has to be ours


def log_size() -> int:
    """How many leaves the log has."""
    last = Leaf.objects.order_by("-index").values_list("index", flat=True).first()
    return 0 if last is None else last + 1


def sequence_log(*, at: datetime) -> Checkpoint | None:
    """Give every committed entry its leaf and sign a checkpoint; None when nothing was waiting.

    Two sequencers at once are safe: the second waits, and the leaf number is unique in the database.
    """
    newest = None
    while (batch := _sequence_batch(at=at)) is not None:
        newest = batch
    return newest


def _sequence_batch(*, at: datetime) -> Checkpoint | None:
    with transaction.atomic():
        _hold_sequencer_lock()
        waiting = list(Pending.objects.select_related("entry").order_by("entry_id")[:BATCH])
        if not waiting:
            return None
        size = _append([pending.entry for pending in waiting], size=log_size())
        Pending.objects.filter(entry_id__in=[pending.entry_id for pending in waiting]).delete()
        return Checkpoint.objects.create(size=size, at=at, note=_signed_checkpoint(size=size))


def _hold_sequencer_lock() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEQUENCER_LOCK])


def _append(entries: Sequence[Entry], *, size: int) -> int:
    """Add leaves for the entries and every node that becomes complete; returns the new size."""
    frontiers = {name: _frontier(size, hash_at, algorithm=name) for name, hash_at in node_readers().items()}
    nodes: list[Node] = []
    for entry in entries:
        sha256 = frontiers["sha256"].append(bytes.fromhex(entry.leaf_hash))
        sm3 = frontiers["sm3"].append(bytes.fromhex(entry.leaf_hash_sm3))
        nodes += [
            Node(level=one.level, index=one.index, sha256=one.hash.hex(), sm3=other.hash.hex())
            for one, other in zip(sha256, sm3, strict=True)
        ]
    Leaf.objects.bulk_create(Leaf(index=size + offset, entry=entry) for offset, entry in enumerate(entries))
    Node.objects.bulk_create(nodes)
    return size + len(entries)


def _frontier(size: int, hash_at: HashAt, *, algorithm: str) -> Frontier:
    hashes = [hash_at(level, index) for level, index in merkle.peaks(size)]
    return Frontier(size=size, hashes=hashes, algorithm=algorithm)


def _signed_checkpoint(*, size: int) -> str:
    ours = platform()
    roots = {
        name: merkle.root_at(size=size, hash_at=hash_at, algorithm=name) for name, hash_at in node_readers().items()
    }
    checkpoint = notes.Checkpoint(
        origin=ours.origin, size=size, root=roots["sha256"], extensions=(notes.sm3_extension(roots["sm3"]),)
    )
    return notes.sign_note(text=checkpoint.text(), signers=ours.signers()).decode()


def node_readers(*, block: int = 1) -> dict[str, HashAt]:
    """A `hash_at(level, index)` for each algorithm over the stored nodes, which are asked for once.

    Whoever needs many neighbouring nodes reads them by the `block`.
    """
    known: dict[tuple[int, int], dict[str, str]] = {}

    def node(level: int, index: int) -> dict[str, str]:
        if (level, index) not in known:
            start = index - index % block
            near = Node.objects.filter(level=level, index__gte=start, index__lt=start + block)
            known.update({(level, row["index"]): row for row in near.values("index", *ALGORITHMS)})
        return known[level, index]

    return {name: partial(_hash_of, node, name) for name in ALGORITHMS}


def node_reader(*, algorithm: str = "sha256", block: int = 1) -> HashAt:
    """One of the `node_readers`."""
    return node_readers(block=block)[algorithm]


def _hash_of(node: Callable[[int, int], dict[str, str]], name: str, level: int, index: int) -> bytes:
    return bytes.fromhex(node(level, index)[name])


def latest_checkpoint() -> Checkpoint | None:
    """The newest signed state of the log."""
    return Checkpoint.objects.order_by("-size").first()


def inclusion(*, index: int, size: int, hash_at: HashAt | None = None) -> list[str]:
    """The inclusion proof of a leaf in the first `size` leaves, hexadecimal, nearest sibling first."""
    path = merkle.inclusion_proof(index=index, size=size, hash_at=hash_at or node_reader())
    return [step.hex() for step in path]


def consistency(*, old_size: int, new_size: int, hash_at: HashAt | None = None) -> list[str]:
    """The proof that the log of `new_size` continues the one of `old_size`, hexadecimal."""
    path = merkle.consistency_proof(old_size=old_size, new_size=new_size, hash_at=hash_at or node_reader())
    return [step.hex() for step in path]


def sealed_root(stream: str) -> dict[str, object]:
    """Size and roots of a stream's sealed sub-log, as they enter the public log at the deadline."""
    hashes = list(
        SealedEntry.objects.filter(stream=stream).order_by("sequence").values_list("leaf_hash", "leaf_hash_sm3")
    )
    pick: Callable[[int], list[bytes]] = lambda column: [bytes.fromhex(row[column]) for row in hashes]  # noqa: E731
    return {
        "size": len(hashes),
        "sha256": merkle.root_of(pick(0)).hex(),
        "sm3": merkle.root_of(pick(1), algorithm="sm3").hex(),
    }
