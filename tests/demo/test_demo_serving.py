"""`yangguang demo` on a terminal ends by serving: printed accounts work, and what was begun outlives a stop."""

import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import termios
import threading
import time
from contextlib import contextmanager
from http.cookiejar import CookieJar
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

from support.browser import YANGGUANG, serving

PATIENCE = 300
OURS = {"DATABASE_URL", "DJANGO_SETTINGS_MODULE", "YANGGUANG_HOME"}  # of the test run
SIZE = {"COLUMNS", "LINES"}  # they would outdo the terminal's own
ROWS, COLUMNS = 24, 80  # what a terminal opens with: no password may be cut off there
COLOURS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
GIVEN = re.compile(r"\btenderer +(demo-[0-9a-f]{6})\b")
OPENED = re.compile(r"现在打开 (http://\S+?)/\s")
SENTENCE = "工程款按月支付，缺陷责任期二十四个月。"


class Terminal:
    """A program on a terminal of its own, and what it said there so far, without colours."""

    def __init__(self, arguments, environment):
        self.master, inner = pty.openpty()
        fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self.process = subprocess.Popen(arguments, env=environment, stdin=inner, stdout=inner, stderr=inner)
        os.close(inner)
        self.pieces = []
        self.reader = threading.Thread(target=self._read)
        self.reader.start()

    def _read(self):
        try:
            while piece := os.read(self.master, 65536):
                self.pieces.append(piece)
        except OSError:  # the program has gone, and its end of the terminal with it
            pass

    def said(self):
        return COLOURS.sub("", b"".join(self.pieces).decode(errors="replace"))

    def wait_for(self, pattern):
        deadline = time.monotonic() + PATIENCE
        while not (found := pattern.search(self.said())):
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.05)
        return found

    def stop(self):
        """Ctrl-C; returns the exit code."""
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(timeout=PATIENCE)
        self.reader.join(timeout=PATIENCE)
        return code


@contextmanager
def demonstrated(home):
    environment = {name: value for name, value in os.environ.items() if name not in {"SERVE", *SIZE, *OURS}}
    terminal = Terminal([*YANGGUANG, "demo", "--home", str(home)], environment | {"TERM": "xterm-256color"})
    try:
        yield terminal
    finally:
        terminal.process.kill()
        terminal.process.wait()
        terminal.reader.join()
        os.close(terminal.master)


class Browser:
    """Somebody who asks for pages; the cookies outlive the server."""

    def __init__(self, address):
        self.address = address.rstrip("/")
        self.opener = build_opener(HTTPCookieProcessor(CookieJar()))

    def get(self, path):
        with self.opener.open(self.address + path) as answer:
            return answer.url.removeprefix(self.address), answer.read().decode()

    def post(self, path, **fields):
        hidden = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', self.get(path)[1])
        with self.opener.open(self.address + path, data=urlencode(dict(hidden) | fields).encode()) as answer:
            return answer.url.removeprefix(self.address), answer.read().decode()

    def checkpoint_size(self):
        return int(self.get("/checkpoint")[1].splitlines()[1])


def test_it_ends_serving_and_stopping_and_starting_again_keeps_everything(tmp_path):
    home = tmp_path / "house"
    with demonstrated(home) as terminal:
        browser = Browser(terminal.wait_for(OPENED)[1])
        password = terminal.wait_for(GIVEN)[1]
        assert browser.post("/account/login/", login="tenderer", password=password)[0] == "/desk/"
        desk = browser.get("/desk/")[1]
        contract = re.search(r'href="(/trades/[^/"]+/do/sign_contract/)"', desk)[1]
        draft, page = browser.post(contract, contract_text=SENTENCE)
        assert draft.startswith("/drafts/")
        assert "请核对" in page
        trades, size = browser.get("/trades/")[1], browser.checkpoint_size()
        assert size > 0
        assert terminal.stop() == 0
        assert "已停止，记录都保留着。" in terminal.said()
        assert "Traceback" not in terminal.said()
    environment = {name: value for name, value in os.environ.items() if name not in OURS}
    environment |= {"YANGGUANG_HOME": str(home), "DJANGO_SETTINGS_MODULE": "yangguang.settings"}
    with serving(environment | {"PYTHONWARNINGS": "error"}, log=tmp_path / "again.log") as server:
        browser.address = server.address.rstrip("/")
        assert contract in browser.get("/desk/")[1]
        assert SENTENCE in browser.get(f"{contract}?draft={draft.split('/')[2]}")[1]
        assert titles_in(browser.get("/trades/")[1]) == titles_in(trades)
        assert browser.checkpoint_size() >= size
    assert server.process.returncode == 0


def titles_in(page):
    found = re.findall(r'href="/trades/[^/"]+/"[^>]*>([^<]+)</a>', page)
    assert found
    return found
