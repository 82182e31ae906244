import pytest

from support.bench import AT, STAFF, count, make_bench, whisper
from yangguang.proof import notes
from yangguang.proof.log_keys import read_verifier_key
from yangguang.witness.platform import platform
from yangguang.witness.receipts import BadReceipt, check_receipt, issue_receipt

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_receipt_says_what_was_received_and_promises_its_leaf():
    entry = whisper(make_bench(), actor=STAFF, at=AT, word="bid")
    receipt = check_receipt(issue_receipt(entry, is_place_told=True), verifiers=platform().verifiers())
    assert receipt.facts == {
        "log": platform().origin,
        "stream": "bench-1",
        "sealed": True,
        "sequence": 1,
        "act": "test_whisper",
        "at": "2026-03-02T01:00:00.000000Z",
        "leaf": {"sha256": entry.leaf_hash, "sm3": entry.leaf_hash_sm3},
        "files": [],
        "salt": entry.salt,
    }


def test_the_receipt_of_a_sealed_entry_does_not_tell_how_many_came_before():
    entry = whisper(make_bench(), actor=STAFF, at=AT, word="bid")
    receipt = check_receipt(issue_receipt(entry), verifiers=platform().verifiers())
    assert "sequence" not in receipt.facts
    assert receipt.facts["leaf"]["sha256"] == entry.leaf_hash


def test_each_of_the_two_signatures_alone_is_enough_to_hold_the_platform_to_it():
    note = issue_receipt(count(make_bench(), actor=STAFF, at=AT))
    for key in platform().verifier_keys():
        assert check_receipt(note, verifiers=[read_verifier_key(key)]).facts["sealed"] is False


def test_a_changed_receipt_is_refused():
    note = issue_receipt(count(make_bench(), actor=STAFF, at=AT))
    with pytest.raises(BadReceipt):
        check_receipt(note.replace('"sequence":1', '"sequence":2'), verifiers=platform().verifiers())


def test_another_signed_note_is_not_a_receipt():
    note = notes.sign_note(text="checkpoint\n", signers=platform().signers()).decode()
    with pytest.raises(BadReceipt):
        check_receipt(note, verifiers=platform().verifiers())
