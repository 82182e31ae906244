"""The log for readers: entries by index, proofs that hold, and nothing beyond the signed log."""

import json

import pytest
from django.test import Client

from support.bench import AT, STAFF, count, make_bench
from support.stages import Stage, trade_at
from yangguang.proof import merkle, notes
from yangguang.witness.log import sequence_log
from yangguang.witness.models import Checkpoint
from yangguang.witness.platform import platform

pytestmark = pytest.mark.django_db(transaction=True)


def written(number):
    bench = make_bench()
    for _ in range(number):
        count(bench, actor=STAFF, at=AT)
        sequence_log(at=AT)


def get(path, status=200):
    answer = Client().get(path)
    assert answer.status_code == status
    return answer


def hexes(values):
    return [bytes.fromhex(one) for one in values]


def test_an_inclusion_proof_holds_against_the_signed_root():
    written(11)
    newest = Checkpoint.objects.order_by("-size").first()
    signed, _ = notes.open_checkpoint(
        note=newest.note.encode(), origin=platform().origin, verifiers=platform().verifiers()
    )
    for index in (0, 4, 10):
        proof = json.loads(get(f"/log/entries/{index}/?format=json").content)
        for name, root in (("sha256", signed.root), ("sm3", signed.sm3_root)):
            leaf = merkle.leaf_hash(proof["entry"].encode(), algorithm=name)
            assert leaf.hex() == proof[name]["leaf"]
            assert merkle.verify_inclusion(
                leaf=leaf, index=index, size=11, proof=hexes(proof[name]["path"]), root=root, algorithm=name
            )
        assert proof["checkpoint"] == newest.note


def test_a_proof_of_an_earlier_size_is_one_of_that_size():
    written(9)
    proof = json.loads(get("/log/entries/2/?size=5&format=json").content)
    earlier = Checkpoint.objects.get(size=5)
    signed, _ = notes.open_checkpoint(
        note=earlier.note.encode(), origin=platform().origin, verifiers=platform().verifiers()
    )
    assert proof["sha256"]["root"] == signed.root.hex()
    assert "checkpoint" not in proof


def test_a_consistency_proof_holds():
    written(9)
    proof = json.loads(get("/log/growth/?old=4&new=9&format=json").content)
    roots = {name: bytes.fromhex(proof[f"{name}_root"]) for name in ("old", "new")}
    assert merkle.verify_consistency(
        old_size=4, new_size=9, old_root=roots["old"], new_root=roots["new"], proof=hexes(proof["path"])
    )


@pytest.mark.parametrize("query", ["old=0&new=3", "old=5&new=4", "old=1&new=10", "old=x&new=3", "old=-1&new=2", "old="])
def test_sizes_that_cannot_be_are_told(query):
    written(9)
    assert "两个条数都应是" in get(f"/log/growth/?{query}", 400).content.decode()


@pytest.mark.parametrize(
    "path", ["/log/entries/9/", "/log/entries/2/?size=10", "/log/entries/5/?size=5", "/log/entry/?index=x"]
)
def test_what_the_signed_log_does_not_hold_is_not_found(path):
    written(9)
    get(path, 404)


def test_a_typed_number_leads_to_the_entry_in_the_same_language():
    written(3)
    assert get("/log/entry/?index=2", 302)["Location"] == "/log/entries/2/"
    assert get("/en/log/entry/?index=2", 302)["Location"] == "/en/log/entries/2/"


def test_the_pages_of_the_log_lead_back_to_its_first_entry():
    written(45)
    seen, path = [], "/log/"
    while path:
        context = get(path).context
        seen += [one.leaf.index for one in context["lines"]]
        path = f"/log/?before={context['older']}" if context["older"] else ""
    assert seen == list(range(44, -1, -1))


def test_the_front_page_of_the_log_says_how_much_it_holds():
    written(2)
    context = get("/log/").context
    assert (context["checkpoint"].size, context["origin"]) == (2, platform().origin)


def test_an_empty_log_has_a_page():
    assert "日志还没有记录" in get("/log/").content.decode()
    get("/log/growth/")
    get("/log/entries/0/", 404)


def test_an_entry_of_a_trade_leads_to_the_trade_and_back():
    scene = trade_at(Stage.REVIEWED)
    sequence_log(at=scene.at)
    page = get("/log/entries/1/").content.decode()
    assert f"/trades/{scene.stream}/entries/1/" in page
    assert "/log/entries/1/" in get(f"/trades/{scene.stream}/entries/1/").content.decode()
