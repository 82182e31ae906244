import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
PINNED = re.compile(r"^([a-z0-9-]+)(?:\[[a-z,]+\])?==(\S+)", re.MULTILINE)


def _pins(name):
    return dict(PINNED.findall((ROOT / f"requirements/{name}.txt").read_text(encoding="utf-8")))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.stem)
def test_a_lock_carries_no_address(lock):
    text = lock.read_text(encoding="utf-8")
    assert "://" not in text
    assert re.findall(r"^\s*-", re.sub(r"^ +--hash=sha256:[0-9a-f]{64}( \\)?$", "", text, flags=re.MULTILINE)) == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.stem)
def test_each_package_of_a_lock_has_its_hashes(lock):
    blocks = re.split(r"^(?=[a-z0-9])", lock.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert [block.split()[0] for block in blocks if block.strip() and "--hash=sha256:" not in block] == []


def test_the_tests_run_with_what_the_system_runs_with():
    assert _pins("runtime")
    assert _pins("runtime").items() <= _pins("test").items()


def test_the_system_itself_does_not_lock_the_postgresql_driver():
    assert "psycopg" not in _pins("runtime")
    assert "psycopg" in _pins("test")


@pytest.mark.parametrize("tool", ["prepare", "check", "postgresql"])
def test_a_tool_called_wrongly_explains_itself(tool):
    done = subprocess.run([sys.executable, ROOT / f"tools/{tool}.py"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert f"tools/{tool}.py" in done.stderr


def test_the_lock_of_the_web_assets_carries_digests_and_no_address():
    text = (ROOT / "package-lock.json").read_text(encoding="utf-8")
    locked = [one for name, one in json.loads(text)["packages"].items() if name]
    assert "://" not in text
    assert [one for one in locked if not one.get("integrity", "").startswith("sha512-")] == []
