"""自己验证: archives, receipts and digests that somebody brings, good and bad ones."""

import io
import shutil
import tarfile
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from support.scenes import AFTER_DEADLINE
from support.stages import PUBLISHED, Stage, refund_all, trade_at
from yangguang.trading.archive import export_archive
from yangguang.web.portal import checking, unpacking
from yangguang.web.portal.unpacking import BadUpload, unpack
from yangguang.witness.log import sequence_log
from yangguang.witness.models import Entry, SealedEntry
from yangguang.witness.receipts import issue_receipt

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def archive(tmp_path, transactional_db):
    scene = trade_at(Stage.TERMINATED)
    refund_all(scene)
    scene.do("archive_trade", "centre")
    return export_archive(trade=scene.trade, destination=tmp_path / "archive", at=scene.at)


def zipped(folder, *, inside="archive/"):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for path in sorted(one for one in folder.rglob("*") if one.is_file()):
            file.write(path, f"{inside}{path.relative_to(folder)}")
    return packed.getvalue()


def tarred(folder, mode="w:gz"):
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode=mode) as file:
        file.add(folder, arcname="archive")
    return packed.getvalue()


def send(name="archive", content=b"", file="archive.zip", path="/verify/"):
    client = Client(enforce_csrf_checks=True)
    return client.post(path, {name: SimpleUploadedFile(file, content)})


def test_a_good_archive_is_sound_however_it_was_packed(archive):
    for content in (zipped(archive), zipped(archive, inside=""), tarred(archive), tarred(archive, "w")):
        answer = send(content=content)
        assert answer.status_code == 200
        assert answer.context["report"].problems == []
        assert "核验通过" in answer.content.decode()
        assert "归档文件不多不少" in answer.content.decode()


def test_one_changed_byte_is_found_and_named(archive):
    entry = archive / "data/log/entries/000002.json"
    changed = bytearray(entry.read_bytes())
    changed[10] ^= 1
    entry.write_bytes(bytes(changed))
    answer = send(content=zipped(archive))
    assert "核验不通过" in answer.content.decode()
    assert "data/log/entries/000002.json" in answer.content.decode()


def test_an_archive_of_another_platform_is_not_ours(archive):
    shutil.copy(archive / "bagit.txt", archive / "signature.note")
    assert send(content=zipped(archive)).context["report"].problems


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 not an archive", b"PK\x03\x04 broken", b"\x1f\x8b broken"])
def test_what_is_no_archive_is_refused_in_words(content):
    answer = send(content=content or b" ")
    assert answer.status_code == 400
    assert "没有核验" in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_nothing_sent_is_told():
    assert Client().post("/verify/").status_code == 400


@pytest.mark.django_db(transaction=True)
def test_a_file_that_is_too_large_is_refused_before_it_is_kept(monkeypatch):
    monkeypatch.setattr(checking, "LARGEST", 1000)
    assert send(content=b"x" * 2000).status_code == 413


@pytest.mark.django_db(transaction=True)
def test_a_second_archive_waits_for_the_first(monkeypatch):
    assert checking._one_at_a_time.acquire(blocking=False)  # noqa: SLF001 - as another request would
    try:
        assert send(content=b"x").status_code == 503
    finally:
        checking._one_at_a_time.release()  # noqa: SLF001


def zip_of(*members):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members:
            file.writestr(name, content)
    packed.seek(0)
    return packed


def tar_of(*members):
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as file:
        for member in members:
            file.addfile(member, io.BytesIO(b"x" * member.size))
    packed.seek(0)
    return packed


def member(name, kind=tarfile.REGTYPE, link=""):
    one = tarfile.TarInfo(name)
    one.type, one.linkname = kind, link
    one.size = 1 if kind == tarfile.REGTYPE else 0
    return one


@pytest.mark.parametrize(
    "name", ["../out", "a/../../out", "/etc/out", "a\\..\\out", "C:out", "a/\x01" + "b" * 500, "..", "."]
)
def test_a_path_that_leads_elsewhere_writes_nothing(tmp_path, name):
    for packed in (zip_of(("bagit.txt", "x"), (name, "x")), tar_of(member("bagit.txt"), member(name))):
        with pytest.raises(BadUpload):
            unpack(packed, into=fresh(tmp_path))
    assert sorted(one.name for one in tmp_path.iterdir() if one.name.startswith("out")) == []


def fresh(folder):
    return folder / f"bag{len(list(folder.iterdir()))}"


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE])
def test_links_and_devices_are_refused(tmp_path, kind):
    with pytest.raises(BadUpload, match="链接或特殊文件"):
        unpack(tar_of(member("bagit.txt"), member("link", kind, "/etc/passwd")), into=tmp_path / "bag")


def test_a_link_in_a_zip_is_refused(tmp_path):
    one = zipfile.ZipInfo("link")
    one.external_attr = 0o120777 << 16
    with pytest.raises(BadUpload, match="链接或特殊文件"):
        unpack(zip_of((one, "/etc/passwd")), into=tmp_path / "bag")


def test_a_bomb_is_stopped_at_the_limit_whatever_it_says_of_its_size(tmp_path):
    bomb = zip_of(("bagit.txt", b"\0" * (5 << 20)))
    assert len(bomb.getvalue()) < 10_000
    with pytest.raises(BadUpload, match="过大"):
        unpack(bomb, into=tmp_path / "bag", most_bytes=1 << 20)
    assert sum(one.stat().st_size for one in (tmp_path / "bag").iterdir()) <= 1 << 20


def test_too_many_files_and_repeated_names_are_refused(tmp_path):
    with pytest.raises(BadUpload, match="超过 3 个"):
        unpack(tar_of(*(member(str(one)) for one in range(5))), into=tmp_path / "many", most_files=3)
    with pytest.raises(BadUpload, match="重复"):
        unpack(tar_of(member("a"), member("a")), into=tmp_path / "twice")


def test_a_truncated_tar_and_a_locked_zip_are_refused(tmp_path, archive):
    with pytest.raises(BadUpload):
        unpack(io.BytesIO(tarred(archive)[:-3000]), into=tmp_path / "cut")
    with pytest.raises(BadUpload, match="bagit"):
        unpack(zip_of(("readme.txt", "x")), into=tmp_path / "other")
    assert unpacking.MOST_BYTES == 1 << 30


@pytest.mark.django_db(transaction=True)
def test_a_receipt_of_a_sealed_entry_waits_for_the_deadline_and_is_kept_then():
    scene = trade_at(Stage.BIDDING)
    note = issue_receipt(SealedEntry.objects.filter(stream=scene.stream, act="submit_bid").first())
    before = Client().post("/verify/", {"receipt": note})
    assert before.context["receipt"].kept is None
    scene.at = AFTER_DEADLINE
    scene.do("close_bidding", "clock")
    sequence_log(at=scene.at)
    after = Client().post("/verify/", {"receipt": note})
    assert after.context["receipt"].kept is True
    assert "封存记录" in after.content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_receipt_of_a_public_entry_leads_to_its_leaf():
    scene = trade_at(PUBLISHED)
    note = issue_receipt(Entry.objects.filter(stream=scene.stream).first())
    assert Client().post("/verify/", {"receipt": note}).context["receipt"].kept is None
    sequence_log(at=scene.at)
    upload = SimpleUploadedFile("receipt.txt", note.replace("\n", "\r\n").encode())
    assert Client().post("/verify/", {"receipt-file": upload}).context["receipt"].leaves[0].index == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "change", [("submit", "replace"), ("yangguang-receipt/1", "yangguang-receipt/2"), ("— ", "- ")]
)
def test_a_receipt_that_was_changed_is_not_ours(change):
    scene = trade_at(Stage.BIDDING)
    note = issue_receipt(SealedEntry.objects.filter(stream=scene.stream, act="submit_bid").first())
    answer = Client().post("/verify/", {"receipt": note.replace(*change)})
    assert answer.context["receipt"].kept is False


@pytest.mark.django_db(transaction=True)
def test_a_receipt_that_was_not_kept_says_so():
    scene = trade_at(PUBLISHED)
    entry = Entry.objects.filter(stream=scene.stream).first()
    entry.leaf_hash = "0" * 64
    answer = Client().post("/verify/", {"receipt": issue_receipt(entry)})
    assert "没有兑现" in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_digest_is_found_as_a_leaf_or_as_a_file():
    scene = trade_at(PUBLISHED)
    sequence_log(at=scene.at)
    entry = Entry.objects.get(stream=scene.stream, act="publish_notice")
    document = scene.trade.documents.get().evidence_id
    for digest in (entry.leaf_hash, document, f" SHA256:{document.upper()} "):
        standing = Client().post("/verify/", {"digest": digest}).context["digest"]
        assert [one.entry for one in standing.leaves] == [entry]
    for digest in ("0" * 64, "xyz", "0" * 63):
        assert Client().post("/verify/", {"digest": digest}).context["digest"].kept is False


@pytest.mark.django_db(transaction=True)
def test_the_page_offers_the_verifier_that_the_house_keeps():
    answer = Client().get("/verify/verify.py")
    assert b"".join(answer) == (ROOT / "verifier/verify.py").read_bytes()
    assert answer["Content-Disposition"] == 'attachment; filename="verify.py"'
    answer.close()
