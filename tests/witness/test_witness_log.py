import json
import threading

import pytest
from django.db import connection

from support.bench import AT, STAFF, count, make_bench
from yangguang.proof import merkle, notes
from yangguang.proof.log_keys import read_verifier_key
from yangguang.witness import log
from yangguang.witness.models import Checkpoint, Entry, Leaf, Node, Pending
from yangguang.witness.platform import platform

pytestmark = pytest.mark.django_db(transaction=True)


def opened(checkpoint):
    ours = platform()
    return notes.open_checkpoint(note=checkpoint.note.encode(), origin=ours.origin, verifiers=ours.verifiers())


def write(bench, number):
    for _ in range(number):
        count(bench, actor=STAFF, at=AT)


def test_an_empty_log_has_no_checkpoint_and_no_leaf():
    assert (log.sequence_log(at=AT), log.latest_checkpoint(), log.log_size()) == (None, None, 0)


def test_the_sequencer_numbers_every_entry_once_and_signs_both_roots():
    write(make_bench(), 5)
    checkpoint = log.sequence_log(at=AT)
    assert (checkpoint.size, Pending.objects.count()) == (5, 0)
    assert list(Leaf.objects.order_by("index").values_list("index", "entry__sequence")) == [
        (i, i + 1) for i in range(5)
    ]
    stated, note = opened(checkpoint)
    leaves = Entry.objects.order_by("sequence")
    assert stated.root == merkle.root_of(bytes.fromhex(entry.leaf_hash) for entry in leaves)
    sm3 = [bytes.fromhex(entry.leaf_hash_sm3) for entry in leaves]
    assert stated.sm3_root == merkle.root_of(sm3, algorithm="sm3")
    assert len(note.signatures) == 2


def test_a_second_run_goes_on_where_the_first_stopped(monkeypatch):
    bench = make_bench()
    write(bench, 3)
    first = log.sequence_log(at=AT)
    write(bench, 8)
    monkeypatch.setattr(log, "BATCH", 3)
    second = log.sequence_log(at=AT)
    assert log.sequence_log(at=AT) is None
    assert (first.size, second.size, log.latest_checkpoint()) == (3, 11, second)
    assert list(Checkpoint.objects.order_by("size").values_list("size", flat=True)) == [3, 6, 9, 11]
    assert Node.objects.count() == 11 + 5 + 2 + 1


@pytest.mark.parametrize("size", [1, 2, 7, 8, 13])
def test_every_entry_can_be_proved_and_every_checkpoint_continues_the_one_before(size):
    bench = make_bench()
    roots = {}
    for _ in range(size):
        write(bench, 1)
        checkpoint = log.sequence_log(at=AT)
        roots[checkpoint.size] = opened(checkpoint)[0].root
    for leaf in Leaf.objects.select_related("entry"):
        assert merkle.verify_inclusion(
            leaf=bytes.fromhex(leaf.entry.leaf_hash),
            index=leaf.index,
            size=size,
            proof=[bytes.fromhex(step) for step in log.inclusion(index=leaf.index, size=size)],
            root=roots[size],
        )
    for old, root in roots.items():
        proof = [bytes.fromhex(step) for step in log.consistency(old_size=old, new_size=size)]
        assert merkle.verify_consistency(old_size=old, old_root=root, new_size=size, new_root=roots[size], proof=proof)


def test_two_sequencers_at_once_give_each_entry_one_leaf():
    write(make_bench(), 40)
    start = threading.Barrier(4)

    def run():
        start.wait()
        try:
            log.sequence_log(at=AT)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert list(Leaf.objects.order_by("index").values_list("index", flat=True)) == list(range(40))
    assert (Pending.objects.count(), log.latest_checkpoint().size) == (0, 40)


def test_the_keys_that_others_write_down_check_the_log():
    write(make_bench(), 1)
    checkpoint = log.sequence_log(at=AT)
    for key in platform().verifier_keys():
        verifier = read_verifier_key(key)
        notes.open_note(note=checkpoint.note.encode(), verifiers=[verifier])
    changed = checkpoint.note.replace("\n1\n", "\n2\n", 1)
    with pytest.raises(notes.BadNote):
        notes.open_note(note=changed.encode(), verifiers=platform().verifiers())


def test_payloads_are_the_leaves_that_others_can_hash():
    write(make_bench(), 2)
    log.sequence_log(at=AT)
    payloads = [json.loads(entry.payload)["sequence"] for entry in Entry.objects.order_by("sequence")]
    assert payloads == [1, 2]
