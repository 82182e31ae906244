import errno
import hashlib
import io
import os
import stat
from pathlib import Path

import pytest
from django.conf import settings

from yangguang.rules.refusal import Refused
from yangguang.witness import evidence
from yangguang.witness.models import Evidence

pytestmark = pytest.mark.django_db


def leftovers():
    return list(Path(settings.EVIDENCE_ROOT).glob("incoming-*"))


@pytest.mark.parametrize("content", [b"", b"paper", os.urandom(evidence.CHUNK * 5 + 7)])
def test_a_file_is_kept_under_its_digest_with_both_digests(content, tmp_path):
    (tmp_path / "paper").write_bytes(content)
    kept = [
        evidence.keep(content, media_type="text/plain"),
        evidence.keep(io.BytesIO(content), media_type="text/plain"),
        evidence.keep(tmp_path / "paper", media_type="text/plain"),
    ]
    assert {row.sha256 for row in kept} == {hashlib.sha256(content).hexdigest()}
    assert (kept[0].size, Evidence.objects.count()) == (len(content), 1)
    assert evidence.read(kept[0].sha256) == content
    assert leftovers() == []


def test_a_kept_file_cannot_be_written_to_and_is_nobody_elses_to_read():
    kept = evidence.keep(b"private", media_type="text/plain")
    place = evidence.path_of(kept.sha256)
    assert stat.S_IMODE(place.stat().st_mode) == 0o400
    assert stat.S_IMODE(place.parent.stat().st_mode) == 0o700


def test_a_kept_file_can_be_copied_out(tmp_path):
    kept = evidence.keep(b"x" * 3_000_000, media_type="text/plain")
    evidence.copies_to(kept.sha256, tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == b"x" * 3_000_000


class FailingUpload(io.RawIOBase):
    """An upload whose connection or disk breaks after the first slice."""

    def __init__(self, error):
        super().__init__()
        self.error, self.given = error, False

    def read(self, size=-1):  # noqa: ARG002 - as io asks
        if self.given:
            raise self.error
        self.given = True
        return b"first slice"


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left on device"), ConnectionResetError("gone")])
def test_a_full_disk_or_broken_upload_leaves_nothing_and_says_so(error):
    with pytest.raises(Refused) as refused:
        evidence.keep(FailingUpload(error), media_type="text/plain")
    assert refused.value.codes == ("evidence.not_kept",)
    assert (leftovers(), Evidence.objects.count()) == ([], 0)


def test_an_interruption_leaves_no_half_file():
    with pytest.raises(KeyboardInterrupt):
        evidence.keep(FailingUpload(KeyboardInterrupt()), media_type="text/plain")
    assert leftovers() == []
