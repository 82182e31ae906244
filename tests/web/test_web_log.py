import pytest
from django.test import Client

from support.bench import AT, STAFF, count, make_bench
from yangguang.proof import merkle, notes, tiles
from yangguang.proof.log_keys import read_verifier_key
from yangguang.witness.log import sequence_log
from yangguang.witness.platform import platform

pytestmark = pytest.mark.django_db(transaction=True)


def written(number):
    bench = make_bench()
    for _ in range(number):
        count(bench, actor=STAFF, at=AT)
    sequence_log(at=AT)


def test_an_outsider_reads_the_whole_log_with_nothing_but_tiles_and_keys():
    written(300)
    client = Client()
    keys = [read_verifier_key(line) for line in client.get("/log-keys").content.decode().splitlines()]
    note = client.get("/checkpoint").content
    checkpoint, _ = notes.open_checkpoint(note=note, origin=platform().origin, verifiers=keys)
    entries = tiles.decode_entries(client.get("/tile/entries/000").content, width=256)
    entries += tiles.decode_entries(client.get("/tile/entries/001.p/44").content, width=44)
    leaves = [merkle.leaf_hash(entry) for entry in entries]
    assert (checkpoint.size, merkle.root_of(leaves)) == (300, checkpoint.root)
    assert client.get("/tile/0/000").content == b"".join(leaves[:256])
    assert client.get("/tile/1/000.p/1").content == merkle.root_of(leaves[:256])


@pytest.mark.parametrize(
    "path", ["/tile/0/001", "/tile/0/000.p/6", "/tile/1/000.p/1", "/tile/entries/000", "/tile/x", "/nowhere"]
)
def test_what_the_log_does_not_hold_is_not_found(path):
    written(5)
    assert Client().get(path).status_code == 404


def test_an_empty_log_has_no_checkpoint_yet():
    assert Client().get("/checkpoint").status_code == 404


def test_a_tile_never_changes_and_a_checkpoint_does():
    written(1)
    client = Client()
    assert "immutable" in client.get("/tile/0/000.p/1")["Cache-Control"]
    assert client.get("/checkpoint")["Cache-Control"] == "public, max-age=1"


@pytest.mark.parametrize("path", ["/", "/checkpoint", "/log-keys", "/tile/0/000.p/1"])
def test_the_log_can_only_be_read(path):
    written(1)
    assert Client().post(path).status_code == 405
