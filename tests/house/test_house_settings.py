import base64
import os
import subprocess
import sys
from pathlib import Path

import pytest

from yangguang.database import database_settings
from yangguang.secret_files import sealed_key

HOME = Path("/srv/yangguang")
PRINT_KEY = "from yangguang import settings; print(settings.SECRET_KEY)"


def _python(code, **environment):
    bare = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "YANGGUANG_HOME"}}
    source = str(Path(__file__).resolve().parents[2] / "src")
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**bare, "PYTHONPATH": source, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("url", [None, ""])
def test_without_an_address_the_records_are_in_sqlite_at_home(url):
    chosen = database_settings(url=url, home=HOME)
    assert chosen["ENGINE"] == "django.db.backends.sqlite3"
    assert chosen["NAME"] == "/srv/yangguang/yangguang.sqlite3"
    assert chosen["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_three_slashes_are_relative_and_four_absolute():
    assert database_settings(url="sqlite:////tmp/a%20b.db", home=HOME)["NAME"] == "/tmp/a b.db"  # noqa: S108
    assert database_settings(url="sqlite:///a.db", home=HOME)["NAME"] == str(Path.cwd() / "a.db")


def test_a_postgresql_address_is_read_whole():
    url = "postgres://u%40x:p%2Fw@db.example:6432/trades?sslmode=require"
    assert database_settings(url=url, home=HOME) == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "trades",
        "USER": "u@x",
        "PASSWORD": "p/w",
        "HOST": "db.example",
        "PORT": "6432",
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "sslmode": "require",
            "isolation_level": 2,
            "prepare_threshold": 2,
            "server_side_binding": True,
        },
    }


def test_a_pooler_between_can_be_spared_prepared_statements():
    chosen = database_settings(url="postgres://h/trades?prepare_threshold=1000000000", home=HOME)
    assert chosen["OPTIONS"]["prepare_threshold"] == 10**9


def test_a_socket_folder_can_stand_for_the_host():
    chosen = database_settings(url="postgresql:///trades?host=/run/postgresql", home=HOME)
    assert (chosen["HOST"], chosen["PORT"], chosen["USER"]) == ("/run/postgresql", "", "")


@pytest.mark.parametrize("url", ["mysql://h/x", "sqlite://", "postgres://host", "trades"])
def test_an_address_that_names_no_database_of_ours_is_refused_without_its_password(url):
    with pytest.raises(ValueError, match="DATABASE_URL"):
        database_settings(url=url, home=HOME)


def test_the_secret_key_is_made_once_and_kept_for_its_owner_alone(tmp_path):
    first = _python(PRINT_KEY, YANGGUANG_HOME=str(tmp_path / "house"))
    second = _python(PRINT_KEY, YANGGUANG_HOME=str(tmp_path / "house"))
    kept = tmp_path / "house/secret-key"
    assert first.stdout == second.stdout == kept.read_text() + "\n"
    assert len(kept.read_text()) > 60
    assert kept.stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in kept.parent.iterdir()) == ["sealed-key", "secret-key"]


def test_a_secret_key_from_the_environment_is_not_written_down(tmp_path):
    given = {"YANGGUANG_SECRET_KEY": "from-outside", "YANGGUANG_SEALED_KEY": base64.b64encode(bytes(32)).decode()}
    done = _python(PRINT_KEY, YANGGUANG_HOME=str(tmp_path), **given)
    assert done.stdout == "from-outside\n"
    assert list(tmp_path.iterdir()) == []


def test_the_list_of_commands_loads_no_framework():
    show_help = "from yangguang.cli import main; main(['--help'], standalone_mode=False)"
    assert _python(f"{show_help}; import sys; print('django' in sys.modules)").stdout.endswith("False\n")


def test_the_key_of_sealed_records_is_kept_or_given(tmp_path):
    kept = sealed_key(given=None, home=tmp_path)
    assert (len(kept), sealed_key(given=None, home=tmp_path)) == (32, kept)
    assert (tmp_path / "sealed-key").stat().st_mode & 0o777 == 0o600
    assert sealed_key(given=base64.b64encode(bytes(32)).decode(), home=tmp_path) == bytes(32)


@pytest.mark.parametrize("given", ["no base64!", base64.b64encode(bytes(31)).decode()])
def test_a_key_of_another_length_is_refused_at_the_start(given, tmp_path):
    with pytest.raises(ValueError, match="YANGGUANG_SEALED_KEY"):
        sealed_key(given=given, home=tmp_path)
