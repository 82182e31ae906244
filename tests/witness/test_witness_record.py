import hashlib
import json

import pytest

from support.bench import AT, STAFF, conceal, count, list_files, make_bench, whisper, write_a_book
from yangguang.proof.canonical import canonical, labelled_hash
from yangguang.witness import evidence
from yangguang.witness.acts import WitnessError
from yangguang.witness.entries import DATA_FILE, LONGEST_DATA, payload_of, with_data
from yangguang.witness.log import sealed_root
from yangguang.witness.models import Entry, Pending, SealedEntry

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_leaf_is_the_hash_of_exactly_the_payload():
    entry = count(make_bench(), actor=STAFF, at=AT)
    assert entry.leaf_hash == hashlib.sha256(b"\x00" + entry.payload.encode()).hexdigest()
    assert entry.payload.encode() == canonical(json.loads(entry.payload))


def test_a_sealed_entry_is_chained_apart_and_waits_for_no_leaf():
    bench = make_bench()
    public = count(bench, actor=STAFF, at=AT)
    first, second = whisper(bench, actor=STAFF, at=AT, word="a"), whisper(bench, actor=STAFF, at=AT, word="b")
    bench.refresh_from_db()
    assert (first.sequence, first.previous) == (1, "")
    assert (second.sequence, second.previous) == (2, first.leaf_hash)
    assert (bench.entries, bench.head) == (1, public.leaf_hash)
    assert (bench.sealed_entries, bench.sealed_head) == (2, second.leaf_hash)
    assert Pending.objects.count() == 1


def test_the_sealed_root_counts_and_covers_every_sealed_entry():
    bench = make_bench()
    assert sealed_root("bench-1")["size"] == 0
    first, second = whisper(bench, actor=STAFF, at=AT, word="a"), whisper(bench, actor=STAFF, at=AT, word="b")
    joined = b"\x01" + bytes.fromhex(first.leaf_hash) + bytes.fromhex(second.leaf_hash)
    assert sealed_root("bench-1")["size"] == 2
    assert sealed_root("bench-1")["sha256"] == hashlib.sha256(joined).hexdigest()


def test_what_stays_secret_for_now_is_in_the_log_as_a_salted_digest_only():
    entry = conceal(make_bench(), actor=STAFF, at=AT)
    digest = labelled_hash("yangguang/concealed/1", bytes.fromhex(entry.salt), entry.concealed.encode()).hex()
    assert json.loads(entry.payload)["data"] == {"shown": "1", "concealed": digest}
    assert json.loads(entry.concealed) == {"mark": "87.5"}
    assert "87.5" not in entry.payload


def test_every_entry_has_a_salt_of_its_own():
    bench = make_bench()
    salts = {whisper(bench, actor=STAFF, at=AT).salt for _ in range(4)}
    assert len(salts) == 4


def test_an_entry_that_no_entry_bundle_could_hold_is_refused_and_undone():
    bench, file = make_bench(), evidence.keep(b"text", media_type="text/plain")
    list_files(bench, actor=STAFF, at=AT, file=file, times=300)
    with pytest.raises(WitnessError, match="too many files"):
        list_files(bench, actor=STAFF, at=AT, file=file, times=400)
    assert (Entry.objects.count(), SealedEntry.objects.count()) == (1, 0)


def test_long_data_stands_in_a_file_of_the_entry_that_names_its_digest():
    bench = make_bench()
    short = write_a_book(bench, actor=STAFF, at=AT, size=LONGEST_DATA - len('{"text":""}'))
    long = write_a_book(bench, actor=STAFF, at=AT, size=LONGEST_DATA)
    assert json.loads(short.payload)["files"] == []
    (file,) = json.loads(long.payload)["files"]
    assert (file["name"], json.loads(long.payload)["data"]) == (DATA_FILE, {"in": file["sha256"]})
    assert payload_of(long)["data"] == {"text": "x" * LONGEST_DATA}


def test_long_data_whose_file_was_exchanged_is_not_believed():
    long = write_a_book(make_bench(), actor=STAFF, at=AT, size=LONGEST_DATA)
    with pytest.raises(ValueError, match=DATA_FILE):
        with_data(json.loads(long.payload), read=lambda _: b"{}")
