"""The generic archive of a stream: what is written, what is held back, and every check on it, one lie at a time."""

import json
from datetime import timedelta

import bagit
import pytest

from support.bench import AT, CODE, STAFF, choose, conceal, count, make_bench, reopen, whisper
from yangguang.proof import notes
from yangguang.proof.canonical import canonical, labelled_hash
from yangguang.witness import archive, evidence, log, verification
from yangguang.witness.acts import act
from yangguang.witness.archive import Disclosure, NotInLog, write_bag, write_json
from yangguang.witness.models import Entry, SealedEntry
from yangguang.witness.platform import platform
from yangguang.witness.record import record
from yangguang.witness.verification import Archived, gather

pytestmark = pytest.mark.django_db(transaction=True)

LOGS = "data/log"


@act("test_choose", by={"centre"})
def name_files(bench, *, actor, at, files):
    """Name files."""
    return record(data={}, files=files, to="open")


@pytest.fixture
def bench():
    """A stream with three checkpoints, a second stream before it, sealed and concealed entries and two files."""
    before = make_bench("bench-0")
    count(before, actor=STAFF, at=AT)
    type(before).objects.update(code="91990100MA0000001X")
    bench = make_bench("bench-1")
    type(bench).objects.filter(pk=bench.pk).update(head=Entry.objects.get().leaf_hash)
    count(bench, actor=STAFF, at=AT)
    log.sequence_log(at=AT)
    choose(bench, actor=STAFF, at=AT, to="closed")
    log.sequence_log(at=AT)
    reopen(bench, actor=STAFF, at=AT)
    whisper(bench, actor=STAFF, at=AT, word="一")
    whisper(bench, actor=STAFF, at=AT, word="二")
    conceal(bench, actor=STAFF, at=AT)
    shown = evidence.keep(b"shown", media_type="text/plain")
    hidden = evidence.keep(b"hidden", media_type="application/octet-stream")
    name_files(bench, actor=STAFF, at=AT, files=[("公开的", shown), ("不公开的", hidden)])
    log.sequence_log(at=AT)
    return bench


@pytest.fixture
def made(bench, tmp_path):
    return written(bench, tmp_path / "archive")


def written(bench, destination, **changes):
    hidden = next(one for one in archive.files_of(Entry.objects.all()).items() if one[1] == "不公开的")[0]
    given = {"withheld": {hidden: "依法不公开"}, "sealed_parties": {1: CODE}} | changes
    disclosure = Disclosure(**given)

    def fill(folder):
        archive.write_log(folder / "log", stream=bench.stream, disclosure=disclosure)
        archive.write_receipts(folder / "receipts", stream=bench.stream, disclosure=disclosure)
        named = set(archive.files_of(archive.stream_entries(bench.stream))) - set(disclosure.withheld)
        archive.write_evidence(folder / "evidence", digests=named)
        facts = {"origin": platform().origin, "keys": platform().verifier_keys()}
        write_json(folder / "trade.json", {"stream": bench.stream, "log": facts})

    return write_bag(destination=destination, at=AT, title="试验", fill=fill)


def signed_again(made):
    for tag in made.glob("*.*"):
        tag.unlink()
    archive.write_tags(made, at=AT, title="试验")
    return Archived(root=made)


def changed(made, member, change):
    path = made / member
    value = json.loads(path.read_bytes())
    change(value)
    write_json(path, value)
    return signed_again(made)


def resigned(made, member, change):
    """Change the text of a note and sign it with the platform's own keys."""
    path = made / member
    text = path.read_bytes().decode().rpartition("\n\n")[0] + "\n"
    path.write_bytes(notes.sign_note(text=change(text), signers=platform().signers()))
    return signed_again(made)


def test_it_is_a_bag_that_the_library_accepts(made):
    bag = bagit.Bag(str(made))
    bag.validate()
    assert bag.version_info == (1, 0)
    assert bag.info["External-Description"] == "试验"
    assert bag.info["Bagging-Date"] == "2026-03-02"


def test_the_date_of_bagging_is_the_legal_date(bench, tmp_path):
    made = write_bag(destination=tmp_path / "late", at=AT + timedelta(hours=16), title="x", fill=lambda _: None)
    assert bagit.Bag(str(made)).info["Bagging-Date"] == "2026-03-03"


def test_it_holds_what_it_says(bench, made):
    archived = Archived(root=made)
    assert list(verification.check_bag(archived)) == []
    assert list(verification.check_log(archived)) == []
    assert list(verification.check_chains(archived)) == []
    assert list(verification.check_sealed(archived, published=log.sealed_root("bench-1"))) == []
    assert list(verification.check_receipts(archived)) == []
    assert list(verification.check_evidence(archived)) == []
    assert len(list((made / LOGS / "checkpoints").iterdir())) == 3


def test_entries_are_the_exact_leaves_and_the_first_is_the_one_before(bench, made):
    payloads = Archived(root=made).payloads
    assert [raw.decode() for _, raw in payloads] == [one.payload for one in archive.stream_entries("bench-1")]
    assert json.loads(payloads[0][1])["stream"] == "bench-0"
    assert [name for name, _ in payloads][:2] == ["data/log/entries/000000.json", "data/log/entries/000001.json"]


def test_only_receipts_of_parties_that_may_be_told_are_there(made):
    archived = Archived(root=made)
    assert [name for name, _ in archived.folder("data/receipts")] == ["data/receipts/000001.txt"]
    assert [one["sequence"] for one in archived.opened["sealed_parties"]] == [1]
    assert len(archived.sealed) == 2


def test_nothing_sealed_is_there_while_its_root_is_not_public(bench, tmp_path):
    archived = Archived(root=written(bench, tmp_path / "early", with_sealed=False))
    assert (archived.sealed, archived.folder("data/receipts"), archived.opened["sealed_parties"]) == ([], [], [])


def test_withheld_files_stay_out(made):
    archived = Archived(root=made)
    assert len(archived.evidence) == 1
    assert [path.suffix for path in archived.evidence.values()] == [".txt"]


def test_a_file_of_an_unknown_kind_ends_in_bin(bench, tmp_path):
    archived = Archived(root=written(bench, tmp_path / "all", withheld={}))
    assert sorted(path.suffix for path in archived.evidence.values()) == [".bin", ".txt"]


def test_an_archive_is_never_written_over_another(bench, made):
    with pytest.raises(FileExistsError):
        written(bench, made)


def test_a_failure_leaves_nothing(tmp_path):
    def fail(folder):
        (folder / "half").write_bytes(b"x")
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        write_bag(destination=tmp_path / "archive", at=AT, title="x", fill=fail)
    assert list(tmp_path.iterdir()) == []


def test_an_entry_that_waits_for_its_leaf_cannot_be_archived(bench, tmp_path):
    count(bench, actor=STAFF, at=AT)
    with pytest.raises(NotInLog, match="bench-1 6"):
        written(bench, tmp_path / "early")


def test_a_stream_without_entries_cannot_be_archived(tmp_path):
    with pytest.raises(NotInLog):
        archive.write_log(tmp_path, stream="nowhere", disclosure=Disclosure())


def problems(check):
    return " ".join(check)


def test_a_checkpoint_of_another_log_is_refused(made):
    archived = resigned(
        made, "data/log/checkpoint.txt", lambda text: text.replace(platform().origin, "other.example/log")
    )
    found = gather(lambda: verification.check_log(archived), member="data/log")
    assert "data/log/checkpoint.txt 不是本日志的检查点" in problems(found)


def test_a_checkpoint_without_the_national_root_is_refused(made):
    archived = resigned(made, "data/log/checkpoint.txt", lambda text: "".join(text.splitlines(keepends=True)[:3]))
    assert "不是本日志的检查点" in problems(gather(lambda: verification.check_log(archived), member="data/log"))


def test_a_checkpoint_with_one_signature_is_refused(made):
    path = made / "data/log/checkpoint.txt"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))
    archived = signed_again(made)
    assert "签名行不全" in problems(gather(lambda: verification.check_log(archived), member="data/log"))


@pytest.mark.parametrize("tree", ["sha256", "sm3"])
def test_an_entry_outside_of_a_tree_is_named(made, tree):
    def change(proofs):
        proofs["entries"][1][tree] = ["00" * 32 for _ in proofs["entries"][1][tree]]

    archived = changed(made, "data/log/proofs.json", change)
    assert list(verification.check_log(archived)) == [
        f"data/log/entries/000001.json：不在检查点的日志树中（{tree}）",
    ]


@pytest.mark.parametrize("tree", ["sha256", "sm3"])
def test_a_history_that_does_not_continue_is_named(made, tree):
    def change(proofs):
        proofs["checkpoints"][0][tree] = []

    archived = changed(made, "data/log/proofs.json", change)
    assert list(verification.check_log(archived)) == [
        f"data/log/checkpoints/000000000002.txt：不是同一日志的较早状态（{tree}）",
    ]


@pytest.mark.parametrize("link", ["stream", "sequence", "previous", "from"])
def test_a_broken_link_is_named_in_both_chains(made, link):
    for folder in ("entries", "sealed"):
        path = made / LOGS / folder / "000002.json"
        payload = json.loads(path.read_bytes())
        payload[link] = 9 if link == "sequence" else "x"
        path.write_bytes(canonical(payload))
    found = problems(verification.check_chains(signed_again(made)))
    assert "data/log/entries/000002.json：与前一条记录不衔接" in found
    assert "data/log/sealed/000002.json：与前一条记录不衔接" in found


def test_a_sealed_entry_less_is_noticed_in_number_and_both_roots(bench, made):
    published = log.sealed_root("bench-1")
    (made / LOGS / "sealed/000002.json").unlink()
    found = list(verification.check_sealed(signed_again(made), published=published))
    assert ["1 条" in found[0], "sha256" in found[1], "sm3" in found[2]] == [True, True, True]


def test_a_receipt_whose_entry_is_not_there_is_named(made):
    (made / LOGS / "sealed/000001.json").write_bytes(b'{"x":1}')
    found = list(verification.check_receipts(signed_again(made)))
    assert found == ["data/receipts/000001.txt：回执所承诺的记录不在封存记录中"]


def test_a_receipt_that_the_platform_did_not_sign_is_named(made):
    path = made / "data/receipts/000001.txt"
    path.write_bytes(path.read_bytes().replace(b'"sealed":true', b'"sealed":false'))
    assert "data/receipts/000001.txt" in problems(verification.check_receipts(signed_again(made)))


def concealing(made):
    return Archived(root=made).opened["concealed"][0]["sequence"]


def test_a_changed_text_is_noticed_by_its_digest(made):
    sequence = concealing(made)
    archived = changed(made, "data/log/opened.json", lambda opened: opened["concealed"][0].update(text="{}"))
    assert problems(verification.check_salts(archived)).startswith(
        f"data/log/entries/{sequence:06d}.json：公开的内容与当时的摘要不符"
    )


def test_a_text_held_back_is_noticed(made):
    sequence = concealing(made)
    archived = changed(made, "data/log/opened.json", lambda opened: opened["concealed"].clear())
    assert f"data/log/entries/{sequence:06d}.json：隐去的内容没有公开" in problems(verification.check_salts(archived))


def test_a_party_is_told_by_the_salt_that_opens_its_digest(made):
    archived = Archived(root=made)
    told = archived.opened["sealed_parties"][0]
    digest = labelled_hash("yangguang/party/1", bytes.fromhex(told["salt"]), CODE.encode()).hex()
    entry = made / LOGS / "sealed/000001.json"
    payload = json.loads(entry.read_bytes()) | {"actor": {"party": digest}}
    entry.write_bytes(canonical(payload))
    assert "单位" not in problems(verification.check_salts(signed_again(made)))
    archived = changed(
        made, "data/log/opened.json", lambda opened: opened["sealed_parties"][0].update(organisation="x")
    )
    assert "data/log/sealed/000001.json：公开的单位与当时的摘要不符" in problems(verification.check_salts(archived))


def test_concealed_texts_of_some_acts_are_found_again(made):
    archived = Archived(root=made)
    assert verification.concealed_of(archived, "test_conceal") == [{"mark": "87.5"}]
    assert verification.concealed_of(archived, "test_count") == []


def test_a_named_file_that_is_missing_or_another_is_named(made):
    [path] = Archived(root=made).evidence.values()
    path.write_bytes(b"other")
    assert f"data/evidence/{path.name}：“公开的”与见证记录中的摘要不符" in problems(
        verification.check_evidence(signed_again(made))
    )
    path.unlink()
    assert f"data/evidence/{path.stem}：缺少“公开的”" in problems(verification.check_evidence(signed_again(made)))


def test_a_file_under_another_digest_than_its_own_is_named(made):
    [path] = Archived(root=made).evidence.values()
    path.write_bytes(b"other")
    assert f"data/evidence/{path.name}：文件名不是它的摘要" in problems(verification.check_bag(signed_again(made)))


def test_keys_that_cannot_be_read_are_named(made):
    archived = changed(made, "data/trade.json", lambda trade: trade["log"].update(keys=["x"]))
    assert "data/trade.json：读不出日志公钥" in problems(verification.check_bag(archived))


def test_one_key_alone_is_not_enough(made):
    archived = changed(made, "data/trade.json", lambda trade: trade["log"]["keys"].pop())
    assert "两把日志公钥" in problems(verification.check_bag(archived))


def test_keys_other_than_the_readers_are_named(made):
    found = problems(verification.check_bag(Archived(root=made), trusted=["other"]))
    assert found == "data/trade.json：归档的日志公钥不是所指定的公钥"


def test_files_added_removed_or_changed_are_named(made):
    (made / "extra.txt").write_bytes(b"")
    (made / "data/log/checkpoint.txt").unlink()
    (made / "data/trade.json").write_bytes((made / "data/trade.json").read_bytes() + b"\n")
    found = list(verification.check_bag(Archived(root=made)))
    assert found[:3] == [
        "extra.txt：归档清单中没有这个文件",
        "data/log/checkpoint.txt：归档中缺少这个文件",
        "data/trade.json：内容与归档清单中的摘要不符，已被改动",
    ]
    assert found[3].startswith("bagit.txt：不是完整的 BagIt 归档包")


def test_a_broken_pin_is_named(made):
    tags, note = made / "tagmanifest-sha256.txt", made / "signature.note"
    tags.write_bytes(tags.read_bytes() + b"\n")
    found = problems(verification.check_bag(Archived(root=made)))
    assert "tagmanifest-sha256.txt：与平台签名的摘要不符，已被改动" in found
    note.write_bytes(note.read_bytes()[:-2])
    assert "signature.note：平台对归档清单的签名不成立" in problems(verification.check_bag(Archived(root=made)))


def test_what_cannot_be_understood_is_a_problem_and_not_a_crash(made):
    (made / "data/log/proofs.json").write_bytes(b"{}")
    archived = signed_again(made)
    [found] = gather(lambda: verification.check_log(archived), member="data/log")
    assert found.startswith("data/log：无法核验（KeyError")


def test_every_receipt_of_the_stream_could_be_issued_again(made):
    note = (made / "data/receipts/000001.txt").read_text()
    assert SealedEntry.objects.get(sequence=1).leaf_hash in note


def test_members_are_named_by_their_sequence():
    assert verification.entry_member(7) == "data/log/entries/000007.json"
    assert verification.sealed_member(7) == "data/log/sealed/000007.json"
    assert verification.leaf_of(b"") == log.merkle.leaf_hash(b"").hex()
