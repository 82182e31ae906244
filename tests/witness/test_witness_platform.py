import os
import stat
import threading
from pathlib import Path

from django.conf import settings

from yangguang.proof import vrf
from yangguang.secret_files import kept_secret
from yangguang.witness import platform as module
from yangguang.witness.platform import platform


def test_the_keys_are_made_once_and_only_the_owner_can_read_them():
    ours = platform()
    for name in ("log", "sm2", "vrf"):
        path = Path(settings.HOME) / "keys" / f"{name}.key"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert path.stat().st_size == 32
    module._platform.cache_clear()  # noqa: SLF001 - as after a restart
    assert platform() == ours


def test_of_many_makers_at_once_one_key_wins(tmp_path):
    path, made, start = tmp_path / "log.key", [], threading.Barrier(8)

    def make():
        start.wait()
        made.append(kept_secret(path, make=lambda: os.urandom(32)))

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(made), set(made)) == (8, {path.read_bytes()})
    assert [file.name for file in tmp_path.iterdir()] == ["log.key"]


def test_the_registered_draw_key_is_the_public_half():
    ours = platform()
    proof = vrf.prove(secret=ours.vrf_secret, alpha=b"alpha")
    assert len(vrf.verify(public=bytes.fromhex(ours.vrf_public()), alpha=b"alpha", proof=proof)) == 64


def test_secrets_do_not_show_when_the_keys_are_printed():
    ours = platform()
    assert ours.log_secret.hex() not in repr(ours)
    assert repr(ours.log_secret) not in repr(ours)
