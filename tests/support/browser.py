"""A real server process and a real Chromium, for the tests marked `browser`.

`house` is a server on a free port of this machine, on the test's own database and home. `people` opens a browser
context of its own for each person, who is signed in already, and fails the test when a page complained: an error in
the console, a script's exception, something that the content security policy stopped, a file that was not there.

    @pytest.mark.browser
    def test_a_bidder_finds_the_desk(house, people):
        scene = house.trade_at(Stage.BIDDING)
        page = people.sign_in(scene.who("bidder")).goto("/desk/")
        no_violations(page)
"""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.db import connections
from django.http import HttpRequest
from django.test import Client
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Response,
    expect,
    sync_playwright,
)

from support.processes import same_house
from support.scenes import Scene
from support.stages import trade_at
from yangguang.cli.clock import beat
from yangguang.demo.people import Signatory
from yangguang.web import demo_mode
from yangguang.web.accounts.models import Account

AXE = Path(__file__).resolve().parents[2] / "node_modules/axe-core/axe.min.js"
# The shell alone draws the same pages with half the work, and opens a window with a fifth of it.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
YANGGUANG = (sys.executable, "-c", "from yangguang.cli import main; main()")
SERVED = "网页服务已启动："
READY_SECONDS = 60
PATIENCE_MS = 20_000
PASSWORD = "yangguang-tests-1"
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
TOLD_BY_RESPONSES = "Failed to load resource"  # every answer is looked at anyway
COMPLAIN = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`CSP ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));
"""
AXE_RUN = """async (options) =>
  (await axe.run(document, {resultTypes: ["violations"], ...options})).violations.map((one) =>
  `${one.id} (${one.impact}): ${one.help}` + one.nodes.slice(0, 5).map((node) => `\\n    ${node.html}`).join(""))
"""


@dataclass(slots=True)
class Server:
    """A running `yangguang serve`; what it said so far is in `log`."""

    address: str
    process: subprocess.Popen[str]
    log: Path

    def url(self, path: str) -> str:
        """The whole address of a path."""
        return self.address.rstrip("/") + path

    def said(self) -> str:
        """Both streams of the server until now."""
        return self.log.read_text(encoding="utf-8")


@contextmanager
def serving(environment: dict[str, str], *options: str, log: Path) -> Iterator[Server]:
    """`yangguang serve` on a free port until the block ends; it must stop cleanly then."""
    with log.open("w", encoding="utf-8") as out:
        process = subprocess.Popen(
            [*YANGGUANG, "serve", "--port", "0", *options], env=environment, stdout=out, stderr=out, text=True
        )
        try:
            yield Server(address=_address(process, log), process=process, log=log)
        finally:
            process.terminate()
            process.wait(timeout=READY_SECONDS)


def _address(process: subprocess.Popen[str], log: Path) -> str:
    deadline = time.monotonic() + READY_SECONDS
    while True:
        lines = [line for line in log.read_text(encoding="utf-8").splitlines() if line.startswith(SERVED)]
        if lines:
            return lines[0].removeprefix(SERVED).partition("（")[0]
        if process.poll() is not None or time.monotonic() > deadline:
            raise AssertionError(f"the server did not start: {log.read_text(encoding='utf-8')}")
        time.sleep(0.02)


@dataclass(slots=True)
class House:
    """The server of a test, on the test's own rows; its clock stands where the test puts it and then goes on."""

    server: Server

    def trade_at(self, point: str, *, at: datetime | None = None) -> Scene:
        """A trade at a stage, with the server's clock at the moment of the scene."""
        scene = trade_at(point, at=at)
        self.set_clock(scene.at)
        return scene

    def set_clock(self, at: datetime) -> None:
        """Let the server believe that it is this moment now."""
        path = Path(settings.HOME, demo_mode.FILE)
        kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"accounts": []}
        kept["ahead_seconds"] = (at - datetime.now(tz=UTC)).total_seconds()
        path.write_text(json.dumps(kept), encoding="utf-8")

    def beat(self, at: datetime) -> None:
        """One beat of the clock: what is due is performed, the log grows."""
        beat(at=at)


@dataclass  # without slots: Playwright hangs its own attribute on whoever listens
class Visitor:
    """One person at one browser. `tolerated` are answers that are meant to fail, as (status, part of the address)."""

    context: BrowserContext
    page: Page
    server: Server
    complaints: list[str] = field(default_factory=list)
    tolerated: list[tuple[int, str]] = field(default_factory=list)

    def goto(self, path: str) -> Page:
        """Open a page of the house."""
        self.page.goto(self.server.url(path))
        return self.page

    def watch(self) -> None:
        """Write down whatever a page of this context complains about."""
        self.context.on("console", self._console)
        self.context.on("weberror", lambda fault: self.complaints.append(f"exception: {fault.error}"))
        self.context.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(TOLD_BY_RESPONSES):
            self.complaints.append(f"{message.type}: {message.text} {message.location.get('url', '')}")

    def _response(self, response: Response) -> None:
        expected = any(response.status == status and part in response.url for status, part in self.tolerated)
        wrong = response.status >= 500 or (response.status >= 400 and not response.request.is_navigation_request())
        if wrong and not expected:
            self.complaints.append(f"{response.status} {response.url}")


@dataclass(slots=True)
class People:
    """Browsers side by side, one for each person."""

    browser: Browser
    server: Server
    visitors: list[Visitor] = field(default_factory=list)

    def stranger(self, *, viewport: dict[str, int] = DESKTOP, **options: Any) -> Visitor:
        """Somebody who has not signed in."""
        context = self.browser.new_context(
            viewport=viewport, locale="zh-CN", timezone_id="Asia/Shanghai", reduced_motion="reduce", **options
        )
        context.set_default_timeout(PATIENCE_MS)
        context.add_init_script(COMPLAIN)
        visitor = Visitor(context=context, page=context.new_page(), server=self.server)
        visitor.watch()
        self.visitors.append(visitor)
        return visitor

    def sign_in(self, who: Signatory, *, viewport: dict[str, int] = DESKTOP, **options: Any) -> Visitor:
        """The person, signed in as after the form (which has a test of its own and takes its time on purpose)."""
        visitor = self.stranger(viewport=viewport, **options)
        client = Client()
        client.force_login(account_of(who), backend="yangguang.web.accounts.backends.AccountBackend")
        asked = HttpRequest()
        asked.session = client.session
        record_authentication(asked, account_of(who), "certificate")
        asked.session.save()
        name = settings.SESSION_COOKIE_NAME
        value = client.cookies[name].value
        visitor.context.add_cookies([{"name": name, "value": value, "url": self.server.address}])
        return visitor


def account_of(who: Signatory, *, password: str | None = None) -> Account:
    """The account of a person; made when there is none."""
    found = Account.objects.filter(person=who.person).first()
    return found or Account.objects.create_user(f"u{who.person.pk}", password, person=who.person)


def click_through(place: Locator) -> None:
    """Click what leads to another page, and wait until that is there with its scripts.

    The words and buttons of the page before are still in sight for a while; a test that asks for them finds those.
    """
    with place.page.expect_navigation():
        place.click()


def no_violations(page: Page) -> None:
    """Assert that axe-core finds nothing wrong on the page as it is shown now."""
    found = violations(page)
    assert not found, f"{page.url}\n" + "\n".join(found)


def violations(page: Page, *, rules: list[str] | None = None) -> list[str]:
    """What axe-core finds wrong on the page as it is shown now, by all its rules or by some."""
    page.evaluate(_axe())
    found: list[str] = page.evaluate(AXE_RUN, {"runOnly": rules} if rules else {})
    return found


@cache
def _axe() -> str:
    if not AXE.is_file():
        pytest.skip("没有 axe-core（node_modules），请先运行 tools/assets.py · no axe-core here")
    return AXE.read_text(encoding="utf-8")


def chromium() -> str | None:
    """The program of a Chromium on the PATH."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


@pytest.fixture(scope="session")
def chromium_browser(django_db_setup: None) -> Iterator[Browser]:
    """The one browser of this process; a second one cannot be started beside it."""
    program = chromium()
    if program is None:
        pytest.skip("此处没有 Chromium，跳过浏览器测试 · no Chromium here")
    # Playwright's loop runs in this thread and Django would take our plain code for a coroutine's.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--disable-gpu"])
        yield browser
        browser.close()
        connections.close_all()  # this loop's own: a test database cannot be dropped while one of them is open
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def _server(django_db_setup: None, django_db_blocker: Any) -> Iterator[Server]:
    """One server for the whole run of this process; without the clock, which tests move themselves."""
    with django_db_blocker.unblock():
        environment = same_house() | {"YANGGUANG_HOME": str(settings.HOME)}
    with serving(environment, "--no-clock", log=Path(settings.HOME, "server.log")) as server:
        yield server


@pytest.fixture
def house(transactional_db: None, _server: Server) -> Iterator[House]:
    """The server on this test's rows."""
    yield House(server=_server)
    Path(settings.HOME, demo_mode.FILE).unlink(missing_ok=True)


@pytest.fixture
def people(chromium_browser: Browser, house: House) -> Iterator[People]:
    """Browsers for this test; none of their pages may have complained."""
    everyone = People(browser=chromium_browser, server=house.server)
    yield everyone
    complaints = [complaint for visitor in everyone.visitors for complaint in visitor.complaints]
    for visitor in everyone.visitors:
        visitor.context.close()
    assert complaints == []
