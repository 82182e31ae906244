"""`yangguang demo` as a newcomer runs it: its own home, plain lines without a terminal, a picture on request."""

import fcntl
import json
import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from io import StringIO
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.serialization import pkcs12

from support.browser import YANGGUANG
from yangguang.cli.demo import MARKER, command, prepare_home
from yangguang.cli.serve import is_wanted_after_demo


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """Played once in a run: the processes of the run share what the first of them played."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "newcomer"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        said = folder / "said.json"
        if not said.exists():
            said.write_text(json.dumps(play(folder)), encoding="utf-8")
    return folder, subprocess.CompletedProcess([], *json.loads(said.read_text(encoding="utf-8")))


def play(folder):
    environment = {**os.environ, "DATABASE_URL": "postgres://nobody@nowhere/none", "YANGGUANG_HOME": "/nonexistent"}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    arguments = ["demo", "--home", "house", "--picture", "pictures/demo.svg"]
    done = subprocess.run(
        [*YANGGUANG, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout, done.stderr


def test_it_plays_archives_and_verifies_and_leaves_the_houses_records_alone(played):
    folder, done = played
    assert (done.returncode, done.stderr) == (0, "")
    assert (folder / "house/yangguang.sqlite3").is_file()
    assert (folder / "house/archive/manifest-sha256.txt").is_file()
    assert min(one.name for one in (folder / "house/bidders/receipts").iterdir()).startswith("01-")


def test_the_changed_byte_is_found_and_its_file_is_named(played):
    folder, done = played
    original, changed = folder / "house/archive", folder / "house/archive-changed"
    differing = [
        one.relative_to(changed).as_posix()
        for one in changed.rglob("*")
        if one.is_file() and one.read_bytes() != (original / one.relative_to(changed)).read_bytes()
    ]
    assert len(differing) == 1
    assert done.stdout.count(differing[0]) >= 2


def test_it_ends_with_what_happened_where_to_look_and_what_to_run_next(played):
    _, done = played
    lines = done.stdout.splitlines()
    assert sum("不予受理，" in line for line in lines) >= 20
    assert any("示例国密建设有限公司" in line and "中标" in line for line in lines)
    assert any(line.endswith("yangguang verify house/archive") for line in lines)
    assert any(line.endswith("verifier/verify.py house/archive") for line in lines)


def rows(folder, query):
    with closing(sqlite3.connect(folder / "house/yangguang.sqlite3")) as database:
        return database.execute(query).fetchall()


def test_live_tenders_stand_where_there_is_something_to_do(played):
    folder, _ = played
    stages = sorted(stage for (stage,) in rows(folder, "SELECT stage FROM trading_trade"))
    assert stages == sorted(["archived", "bidding", "bidding", "reviewing", "publicity", "notified"])
    assert rows(folder, "SELECT COUNT(*) FROM witness_pending") == [(0,)]


PARTY = ["secretary", "worker", "member", "inspector", "leader"]


def test_everybody_has_a_printed_account_and_a_certificate_file_that_opens(played):
    folder, done = played
    accounts = json.loads((folder / "house/demo-mode.json").read_text(encoding="utf-8"))["accounts"]
    colleagues = rows(folder, "SELECT COUNT(DISTINCT person_id) FROM ledger_post")[0][0]
    assert len(accounts) - len(PARTY) == rows(folder, "SELECT COUNT(*) FROM parties_person")[0][0] - colleagues
    assert [one["username"] for one in accounts][-len(PARTY) :] == PARTY
    for one in accounts:
        assert f"{one['username']} " in done.stdout
    for one in accounts[: -len(PARTY)]:
        assert (folder / f"house/certificates/{one['username']}.p12").stat().st_size > 1000
    bidder = next(one for one in accounts if one["username"] == "bidder1")
    file = (folder / "house/certificates/bidder1.p12").read_bytes()
    key, certificate, _ = pkcs12.load_key_and_certificates(file, bidder["password"].encode())
    assert key is not None
    assert certificate is not None


def test_the_years_two_reports_are_written_and_their_checks_are_printed(played):
    folder, done = played
    names = sorted(one.name for one in (folder / "house/reports").iterdir())
    assert names == ["半年汇报-2023-H1.docx", "年度总结-2023.docx"]
    assert "半年汇报（2023年上半年，已由书记确认、印发）：取数41个，检查意见：无" in done.stdout
    assert "【警告】工作任务：超过期限没有办结：" in done.stdout


@pytest.mark.parametrize(
    ("on_a_terminal", "wish", "serves"), [(True, "", True), (True, "0", False), (False, "", False)]
)
def test_it_serves_afterwards_only_on_a_terminal(monkeypatch, on_a_terminal, wish, serves):
    monkeypatch.setenv("SERVE", wish) if wish else monkeypatch.delenv("SERVE", raising=False)
    monkeypatch.setattr("sys.stdout", StringIO())
    monkeypatch.setattr(sys.stdout, "isatty", lambda: on_a_terminal, raising=False)
    assert is_wanted_after_demo() == serves


def test_the_picture_fetches_nothing(played):
    folder, _ = played
    picture = (folder / "pictures/demo.svg").read_text(encoding="utf-8")
    assert "示例国密建设有限公司" in picture
    assert re.findall(r"\w+://[^\s\"<)]+", picture) == ["http://www.w3.org/2000/svg"]


def test_a_second_run_starts_afresh(tmp_path):
    home = tmp_path / "house"
    prepare_home(home)
    (home / "old").write_text(json.dumps({}), encoding="utf-8")
    prepare_home(home)
    assert [one.name for one in home.iterdir()] == [MARKER]


def test_a_folder_that_no_demo_made_is_not_wiped(tmp_path: Path):
    (tmp_path / "thesis.txt").write_text("years of work", encoding="utf-8")
    result = CliRunner().invoke(command, ["--home", str(tmp_path)])
    assert result.exit_code == 2
    assert "不是演示目录" in result.output
    assert (tmp_path / "thesis.txt").read_text(encoding="utf-8") == "years of work"
