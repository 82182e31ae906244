"""Whatever byte of whatever file of an archive changes, both verifiers fail and name the file."""

import hashlib
import random

import pytest

from support.archives import copy_of, problems_found_alone, problems_found_by_both, small_archive
from yangguang.proof import notes
from yangguang.trading.verification import verify_archive
from yangguang.witness.platform import platform

PINS = ("bagit.txt", "bag-info.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt", "signature.note")


@pytest.fixture(scope="module")
def archive(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        return small_archive()


@pytest.fixture
def copy(archive, tmp_path):
    return copy_of(archive, tmp_path)


def both_name(copy, member):
    return [any(member in problem for problem in problems) for problems in problems_found_by_both(copy)] == [True, True]


def flipped(path, position):
    content = bytearray(path.read_bytes())
    content[position] ^= 1 << random.Random(position).randrange(8)  # noqa: S311 - any bit will do, the same every time
    return bytes(content)


@pytest.mark.django_db
def test_the_archive_itself_holds(archive):
    assert problems_found_by_both(archive) == ([], [])


def test_a_changed_byte_is_named_in_every_file(copy):
    chance = random.Random(2026)  # noqa: S311 - positions, not secrets
    missed = []
    for path in sorted(one for one in copy.rglob("*") if one.is_file()):
        before, member = path.read_bytes(), path.relative_to(copy).as_posix()
        path.write_bytes(flipped(path, chance.randrange(len(before))))
        if not both_name(copy, member):
            missed.append(member)
        path.write_bytes(before)
    assert missed == []


@pytest.mark.parametrize("name", PINS)
def test_every_stretch_of_the_tag_files_is_pinned(copy, name):
    path = copy / name
    before = path.read_bytes()
    missed = []
    for position in sorted({*range(0, len(before), max(1, len(before) // 12)), len(before) - 1}):
        path.write_bytes(flipped(path, position))
        if not both_name(copy, name):
            missed.append(position)
        path.write_bytes(before)
    assert missed == []


@pytest.mark.parametrize("name", PINS[2:4])
def test_digests_in_capitals_and_other_line_ends_are_changes_too(copy, name):
    path = copy / name
    before = path.read_bytes()
    for changed in (before.upper(), before.replace(b"\n", b"\r\n"), before + b"\n", before.replace(b"  ", b" ", 1)):
        path.write_bytes(changed)
        assert both_name(copy, name)


def test_a_signature_line_more_or_less_is_noticed(copy):
    path = copy / "signature.note"
    before = path.read_bytes()
    lines = before.splitlines(keepends=True)
    stranger = notes.sign_note(text="x\n", signers=platform().signers()).splitlines(keepends=True)[-1]
    for changed in (b"".join(lines[:-1]), before + stranger, b"".join([*lines[:-2], lines[-1], lines[-1]]), b""):
        path.write_bytes(changed)
        assert both_name(copy, "signature.note")


def test_a_file_more_is_named(copy):
    (copy / "data/evidence/0000.txt").write_bytes(b"x")
    (copy / "data/empty").mkdir()
    (copy / "note.txt").write_bytes(b"")
    for member in ("data/evidence/0000.txt", "data/empty", "note.txt"):
        assert both_name(copy, member)


def test_a_file_less_is_named(copy):
    members = ["data/state.json", "data/log/checkpoint.txt", "bagit.txt"]
    for member in members:
        (copy / member).unlink()
    assert all(both_name(copy, member) for member in members)


@pytest.mark.parametrize("name", ["manifest-sha256.txt", "tagmanifest-sha256.txt", "signature.note", "data/trade.json"])
def test_a_pin_that_is_gone_is_named(copy, name):
    (copy / name).unlink()
    assert both_name(copy, name)


def test_a_link_in_place_of_a_file_is_named(copy, tmp_path):
    state = copy / "data/state.json"
    (tmp_path / "elsewhere").write_bytes(state.read_bytes())
    state.unlink()
    state.symlink_to(tmp_path / "elsewhere")
    assert both_name(copy, "data/state.json")


def test_two_files_that_change_places_are_named(copy):
    one, other = sorted((copy / "data/evidence").iterdir())[:2]
    content = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(content)
    assert both_name(copy, one.name)
    assert both_name(copy, other.name)


def test_a_reader_who_brings_the_right_keys_needs_no_trust(archive):
    keys = platform().verifier_keys()
    assert problems_found_alone(archive, "--key", keys[0]) == []
    report = verify_archive(archive, trusted=keys)
    assert report.problems == []
    assert not any("自带的公钥" in statement for statement in report.statements)


def test_a_reader_who_brings_other_keys_is_warned(archive):
    other = platform().verifier_keys()[0].replace(platform().origin, "another.example/log")
    assert len(problems_found_alone(archive, "--key", other)) == 1
    assert verify_archive(archive, trusted=[other]).problems != []


def test_a_changed_file_whose_line_in_the_manifest_follows_is_noticed_at_the_manifest(copy):
    state, manifest = copy / "data/state.json", copy / "manifest-sha256.txt"
    before = hashlib.sha256(state.read_bytes()).hexdigest()
    state.write_bytes(state.read_bytes() + b"\n")
    manifest.write_text(manifest.read_text().replace(before, hashlib.sha256(state.read_bytes()).hexdigest()))
    assert both_name(copy, "manifest-sha256.txt")
