import gc
import hashlib
import io
import json
import subprocess
import tarfile
import tracemalloc
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proof.sealed_bids import (
    AT,
    CODE,
    LOT,
    PARTS,
    TENDER,
    bidder,
    code_of,
    digests,
    forge,
    heading,
    inspect,
    members_of,
    seal,
    signed,
    write_members,
)
from yangguang.proof.bid_rescue import seal_small
from yangguang.proof.broken import BrokenBid
from yangguang.proof.canonical import canonical
from yangguang.proof.envelope import LONGEST_HEADER
from yangguang.proof.inspection import inspect_bid, read_bid
from yangguang.proof.manifest import LONGEST_MANIFEST, machine_digest
from yangguang.proof.opening import open_part, recover_content_keys
from yangguang.proof.tarfiles import BadArchive, PartFile, member_header

KEEP = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    seal(tmp_path / "bid.ygb")
    return tmp_path / "bid.ygb"


@pytest.mark.parametrize("algorithm", ["rsa", "sm2"])
def test_a_sealed_bid_passes_inspection_and_says_what_it_is(tmp_path: Path, algorithm: str) -> None:
    who = bidder(algorithm)
    manifest = seal(tmp_path / "bid.ygb", who=who)
    found = inspect_bid(path=tmp_path / "bid.ygb", tender=TENDER, lot=LOT)
    assert found.manifest == manifest
    assert (manifest.tender, manifest.lot, manifest.bidder, manifest.created_at) == (TENDER, LOT, CODE, AT)
    assert manifest.suite == {"rsa": "INTL", "sm2": "GM"}[algorithm]
    assert found.signature.certificate == who.certificate
    members = members_of(tmp_path / "bid.ygb")
    assert list(members) == ["parts/technical.p7m", "parts/price.p7m", "manifest.json", "manifest.sig.json"]
    for part in manifest.parts:
        assert found.digests[part.name].sha256 == hashlib.sha256(members[part.file]).hexdigest() == part.sha256
        assert (part.sm3 is None) == (algorithm == "rsa")
        assert digests(members[part.file], sm3=algorithm == "sm2") == {
            "size": part.size,
            "sha256": part.sha256,
            **({"sm3": part.sm3} if part.sm3 else {}),
        }


def test_nothing_of_the_content_shows_in_the_file(tmp_path: Path) -> None:
    secret = b"price 1234567.89 in the clear"
    seal(tmp_path / "a.ygb", parts={"price": [PartFile("报价.json", secret)]})
    data = (tmp_path / "a.ygb").read_bytes()
    for hidden in (secret, "报价".encode(), hashlib.sha256(secret).hexdigest().encode()):
        assert hidden not in data


def test_sealing_twice_gives_other_keys_and_commitments(tmp_path: Path) -> None:
    first, second = seal(tmp_path / "a.ygb"), seal(tmp_path / "b.ygb")
    one, other = first.part("price"), second.part("price")
    assert one.key_commitment != other.key_commitment
    assert one.sha256 != other.sha256
    assert one.size == other.size


def test_stock_openssl_and_tar_open_a_bid_without_us(tmp_path: Path) -> None:
    seal(tmp_path / "bid.ygb")
    (tmp_path / "c.pem").write_bytes(bidder().certificate.pem)
    (tmp_path / "k.pem").write_bytes(bidder().key.to_pem(None))
    for command in (
        "tar xf bid.ygb",
        "openssl cms -decrypt -inform DER -in parts/price.p7m -recip c.pem -inkey k.pem -out price.tar",
        "tar xf price.tar",
    ):
        subprocess.run(command.split(), cwd=tmp_path, check=True)
    assert json.loads((tmp_path / "price.json").read_text()) == {"price": "1234567.89"}


def test_a_signing_certificate_and_an_encryption_certificate_may_differ(tmp_path: Path) -> None:
    signer, first, second = bidder("ecdsa"), bidder(number=2), bidder(number=3)
    seal(tmp_path / "a.ygb", who=signer, recipients=[first.certificate, second.certificate])
    bid = inspect(tmp_path / "a.ygb")
    keys = [recover_content_keys(bid=bid, key=who.key, certificate=who.certificate) for who in (first, second)]
    assert keys[0] == keys[1]


def test_machine_features_travel_as_digests(tmp_path: Path) -> None:
    machine = {"disk": machine_digest(tender=TENDER, feature="disk", value="SERIAL-1")}
    seal(tmp_path / "a.ygb", heading=heading(machine=machine))
    assert inspect(tmp_path / "a.ygb").manifest.machine == machine


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"parts": {}}, "部分的名称"),
        ({"parts": {"Price": []}}, "部分的名称"),
        ({"parts": {"price": [PartFile("../x", b"")]}}, "不允许"),
        ({"who": bidder("ecdsa")}, "不能用于加密"),
        ({"who": bidder(code="")}, "统一社会信用代码"),
        ({"suite": "GM"}, "GM"),
        ({"recipients": [bidder("sm2").certificate, bidder().certificate]}, "GM"),
        ({"heading": heading(tender="")}, "交易标识码"),
        ({"heading": heading(lot="a\0")}, "标段"),
        ({"heading": heading(created_at=AT.replace(tzinfo=None))}, "时区"),
    ],
)
def test_what_cannot_be_sealed_leaves_no_file(tmp_path: Path, options: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        seal(tmp_path / "bid.ygb", **options)
    assert list(tmp_path.iterdir()) == []


def test_a_key_that_is_not_the_certificates_is_refused_before_any_work(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="不是一对"):
        seal(tmp_path / "bid.ygb", who=replace(bidder(), key=bidder(number=2).key))


def test_a_missing_file_leaves_the_old_bid_alone(path: Path) -> None:
    before = path.read_bytes()
    with pytest.raises(FileNotFoundError):
        seal(path, parts={**PARTS, "other": [PartFile("x", path.parent / "missing")]})
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


@given(st.data())
@KEEP
def test_changing_any_byte_of_a_bid_makes_inspection_refuse_it(path: Path, data: st.DataObject) -> None:
    whole = bytearray(path.read_bytes())
    whole[data.draw(st.integers(0, len(whole) - 1))] ^= data.draw(st.integers(1, 255))
    other = path.with_name("changed.ygb")
    other.write_bytes(whole)
    with pytest.raises(BrokenBid):
        inspect(other)


@pytest.mark.parametrize("member", ["manifest.json", "manifest.sig.json", "parts/price.p7m"])
def test_changing_any_byte_of_a_member_is_refused(path: Path, member: str) -> None:
    members = members_of(path)
    for place in range(0, len(members[member]), 29):
        changed = bytearray(members[member])
        changed[place] ^= 1
        write_members(path, {**members, member: bytes(changed)}.items())
        with pytest.raises(BrokenBid):
            inspect(path)


@given(st.data())
@KEEP
def test_a_bid_cut_anywhere_is_refused_as_truncated(path: Path, data: st.DataObject) -> None:
    whole = path.read_bytes()
    other = path.with_name("cut.ygb")
    other.write_bytes(whole[: data.draw(st.integers(0, len(whole) - 1))])
    assert code_of(lambda: inspect(other)) == "bid.file.truncated"


def test_anything_after_the_end_is_refused(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\0")
    assert code_of(lambda: inspect(path)) == "bid.file.malformed"


def test_a_bid_for_another_tender_or_lot_is_refused(path: Path) -> None:
    assert code_of(lambda: inspect_bid(path=path, tender="A02-9", lot=LOT)) == "bid.tender.wrong"
    assert code_of(lambda: inspect_bid(path=path, tender=TENDER, lot="9")) == "bid.lot.wrong"


@pytest.mark.parametrize("content", [b"%PDF-1.7" + bytes(999), b"PK\x03\x04" + bytes(999), bytes(1024)])
def test_an_ordinary_file_is_refused_as_unencrypted(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.ygb").write_bytes(content)
    assert code_of(lambda: inspect(tmp_path / "x.ygb")) == "bid.unencrypted"


@pytest.mark.parametrize("content", [b"%PDF-1.7 in the clear", b"", bytes(1024), member_header("price.json", 3)])
def test_a_part_in_the_clear_is_refused_even_when_signed(path: Path, content: bytes) -> None:
    forge(path, contents={"parts/price.p7m": content})
    assert code_of(lambda: inspect(path)) == "bid.unencrypted"


def test_an_envelope_of_the_other_suite_is_refused(path: Path) -> None:
    forge(path, contents={"parts/price.p7m": seal_small(data=b"", certificate=bidder("sm2").certificate)})
    assert code_of(lambda: inspect(path)) == "bid.suite.unknown"


def test_a_part_swapped_for_another_good_envelope_is_tampering(path: Path) -> None:
    members = members_of(path)
    write_members(path, {**members, "parts/price.p7m": members["parts/technical.p7m"]}.items())
    assert code_of(lambda: inspect(path)) == "bid.file.tampered"
    seal(path.with_name("other.ygb"))
    write_members(
        path, {**members, "parts/price.p7m": members_of(path.with_name("other.ygb"))["parts/price.p7m"]}.items()
    )
    assert code_of(lambda: inspect(path)) == "bid.file.tampered"


def test_a_manifest_changed_after_signing_is_refused(path: Path) -> None:
    members = members_of(path)
    changed = members["manifest.json"].replace(LOT.encode(), b"1" * len(LOT))
    write_members(path, {**members, "manifest.json": changed}.items())
    assert code_of(lambda: inspect(path)) == "bid.signature.bad"


def test_a_signature_by_another_certificate_is_refused(path: Path) -> None:
    forge(path, who=bidder(number=2))
    assert code_of(lambda: inspect(path)) == "bid.signature.bad"


def test_a_signature_for_another_organisation_is_refused(path: Path) -> None:
    forge(path, change=lambda manifest: manifest.update(bidder="91990000MA00000099"))
    assert code_of(lambda: inspect(path)) == "bid.signature.other_bidder"


@pytest.mark.parametrize("signature", [b"", b"{}", b'{"algorithm":"x","certificate":"","value":""}', b" {}"])
def test_a_signature_file_that_is_none_is_refused(path: Path, signature: bytes) -> None:
    write_members(path, {**members_of(path), "manifest.sig.json": signature}.items())
    assert code_of(lambda: inspect(path)) == "bid.signature.bad"


def test_members_that_are_missing_unknown_duplicate_or_out_of_order_are_refused(path: Path) -> None:
    members = list(members_of(path).items())
    others = [
        members[1:],
        members[:2],
        members[:3],
        [members[0], *members],
        [*members, ("evil.sh", b"")],
        [("../evil", b""), *members],
        [("/etc/x", b""), *members],
        members[::-1],
        [],
        [(str(number), b"") for number in range(355)],
    ]
    for other in others:
        write_members(path, other)
        assert code_of(lambda: inspect(path)) in {"bid.file.malformed", "bid.unencrypted"}


def test_a_link_inside_a_bid_is_refused(path: Path) -> None:
    link = tarfile.TarInfo("parts/price.p7m")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    path.write_bytes(link.tobuf(tarfile.USTAR_FORMAT) + path.read_bytes())
    assert code_of(lambda: inspect(path)) == "bid.file.malformed"


def test_a_bid_that_another_tar_program_packed_is_refused(path: Path) -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        archive.add(path, "parts/price.p7m")
    path.write_bytes(buffer.getvalue() + bytes(600))
    assert code_of(lambda: inspect(path)) == "bid.unencrypted"


@pytest.mark.parametrize("member", ["manifest.json", "manifest.sig.json"])
def test_an_enormous_manifest_or_signature_is_not_even_read(path: Path, member: str) -> None:
    write_members(path, {**members_of(path), member: b" " * (LONGEST_MANIFEST + 1)}.items())
    assert code_of(lambda: inspect(path)) == "bid.file.too_large"


def test_an_unknown_suite_in_a_signed_manifest_is_refused(path: Path) -> None:
    forge(path, change=lambda manifest: manifest.update(suite="ROT13"))
    assert code_of(lambda: inspect(path)) == "bid.suite.unknown"


def test_a_size_other_than_the_signed_one_is_refused(path: Path) -> None:
    forge(path, change=lambda manifest: manifest["parts"][0].update(size=1))
    assert code_of(lambda: inspect(path)) == "bid.file.tampered"


def test_a_share_too_large_to_be_one_is_refused(path: Path) -> None:
    plan = {"threshold": 2, "trustees": [{"name": name, "certificate": "ab" * 32} for name in "甲乙"]}
    files = {f"rescue/{part}.{number}.p7m": bytes(LONGEST_HEADER + 1) for part in PARTS for number in (1, 2)}
    shares = [
        {
            "part": part,
            "trustee": name,
            "file": f"rescue/{part}.{number}.p7m",
            **digests(bytes(LONGEST_HEADER + 1), sm3=False),
        }
        for part in PARTS
        for number, name in enumerate("甲乙", start=1)
    ]
    members = members_of(path)
    manifest = {**json.loads(members["manifest.json"]), "rescue": {**plan, "shares": shares}}
    parts = {name: data for name, data in members.items() if name.startswith("parts/")}
    write_members(path, signed({**parts, **files}, manifest).items())
    assert code_of(lambda: read_bid(path)) == "bid.file.too_large"


def test_sealing_and_opening_64_mebibytes_takes_a_few_buffers(tmp_path: Path) -> None:
    big = tmp_path / "big.pdf"
    with big.open("wb") as file:
        file.truncate(64 << 20)
    seal(tmp_path / "warm.ygb")
    gc.collect()
    tracemalloc.start()
    seal(tmp_path / "bid.ygb", parts={"technical": [PartFile("big.pdf", big)]})
    bid = inspect(tmp_path / "bid.ygb")
    keys = recover_content_keys(bid=bid, key=bidder().key, certificate=bidder().certificate)
    opened = open_part(bid=bid, part="technical", content_key=keys["technical"], destination=tmp_path / "out")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert opened.files[0].size == 64 << 20
    assert peak < 16 << 20


def test_too_many_files_in_a_part_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadArchive):
        seal(tmp_path / "a.ygb", parts={"price": [PartFile(str(number), b"") for number in range(2001)]})


def test_the_signed_bytes_are_the_member_itself(path: Path) -> None:
    data = members_of(path)["manifest.json"]
    assert canonical(json.loads(data)) == data
    assert read_bid(path).manifest_sha256 == hashlib.sha256(data).hexdigest()
