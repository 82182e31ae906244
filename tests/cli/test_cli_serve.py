"""`yangguang serve` as a process: it answers, the clock walks beside it, it stops when asked."""

import http.client
import os
import signal
import subprocess
import time
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings

from support.browser import YANGGUANG, serving
from support.processes import same_house
from support.stages import trade_at
from yangguang.trading.stages import Stage
from yangguang.witness.log import log_size
from yangguang.witness.models import Pending

PATIENCE = 20


def get(server, path, **headers):
    with closing(http.client.HTTPConnection(urlsplit(server.address).netloc, timeout=PATIENCE)) as line:
        line.request("GET", path, headers=headers)
        answer = line.getresponse()
        return answer.status, answer.read(), answer


@contextmanager
def served(tmp_path, *options, home=None):
    environment = same_house() | {"YANGGUANG_HOME": str(home or settings.HOME), "PYTHONWARNINGS": "error"}
    with serving(environment, *options, log=tmp_path / "server.log") as server:
        yield server


def until(condition):
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.django_db(transaction=True)
def test_pages_and_clock_run_together_and_stop_together(tmp_path):
    trade_at(Stage.BIDDING)
    assert Pending.objects.exists()
    with served(tmp_path) as server:
        assert get(server, "/")[0] == 200
        until(lambda: not Pending.objects.exists())
        assert get(server, "/checkpoint")[0] == 200
    assert server.process.returncode == 0
    assert log_size() > 0
    assert "Traceback" not in server.said()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_either_signal_stops_it_without_a_word_of_complaint(tmp_path, number):
    with served(tmp_path) as server:
        server.process.send_signal(number)
        assert server.process.wait(timeout=PATIENCE) == 0
    assert server.said().count("\n") == 1


@pytest.mark.django_db(transaction=True)
def test_a_taken_port_is_said_plainly(tmp_path):
    with served(tmp_path, "--no-clock") as server:
        port = str(urlsplit(server.address).port)
        done = subprocess.run(
            [*YANGGUANG, "serve", "--port", port], env=same_house(), capture_output=True, text=True, check=False
        )
    assert done.returncode == 2
    assert done.stderr == f"127.0.0.1:{port} 已被占用。请停止占用它的程序，或用 --port 换一个端口。\n"


def test_an_empty_home_is_not_set_up_silently(tmp_path):
    environment = {**os.environ, "YANGGUANG_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "yangguang.settings"}
    environment.pop("DATABASE_URL", None)
    done = subprocess.run([*YANGGUANG, "serve"], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "yangguang setup" in done.stderr
    assert str(tmp_path) in done.stderr


@pytest.mark.django_db(transaction=True)
def test_files_go_out_in_pieces_without_a_warning(tmp_path):
    asset = next(one for one in Path(settings.STATIC_ROOT).rglob("tabler*.css"))
    with served(tmp_path, "--no-clock") as server:
        status, body, answer = get(server, f"/static/{asset.relative_to(settings.STATIC_ROOT).as_posix()}")
    assert (status, body) == (200, asset.read_bytes())
    assert answer.headers["Content-Type"].startswith("text/css")
    assert "Warning" not in server.said()


@pytest.mark.django_db(transaction=True)
def test_the_access_log_names_public_pages_and_nobody(tmp_path):
    scene = trade_at(Stage.BIDDING)
    with served(tmp_path, "--no-clock") as server:
        get(server, "/trades/?q=secret", Cookie="sessionid=abc")
        get(server, f"/trades/{scene.stream}/do/submit_bid/")
        get(server, "/drafts/secret-token/")
        get(server, "/nowhere/secret")
        until(lambda: "GET /trades/ 200" in server.said())
    lines = server.said().splitlines()[1:]
    assert len(lines) == 1, lines
    assert "secret" not in server.said()
