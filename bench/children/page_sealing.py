"""Sealing in the page: a bidder's own page in a real Chromium seals a large file; then the command-line tool does."""

import os
import shutil
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections
from playwright.sync_api import Page, sync_playwright

from children import serving, stage
from yangguang.demo.people import Party
from yangguang.demo.replay import DEADLINE, moment
from yangguang.proof.pkcs12 import write_pkcs12

MIB = 1 << 20
AT = moment(*DEADLINE) - timedelta(days=1)
PASSWORD = "bench-Pass-1"  # noqa: S105 - of a made-up certificate
SUITES = {"INTL": 0, "GM": 6}  # the seventh bidder of the cast has certificates of SM2
CLI = [sys.executable, "-c", "from yangguang.cli import main; main()", "bid", "seal"]
NAMES = ("chromium", "chromium-browser", "google-chrome")
PATIENCE_MS = 1_800_000


def measure(*, mib: int) -> dict[str, Any] | None:
    """For each suite: seconds in the page and by the tool, the peak of the page's process; None without Chromium."""
    program = next((found for name in NAMES if (found := shutil.which(name))), None)
    if program is None or not (Path(settings.STATIC_ROOT) / "staticfiles.json").is_file():
        return None
    cast = stage.cast(bidders=7)
    trade = stage.trade_up_to(stage.TAKING_BIDS, cast=cast, bidders=7).trade
    plain = stage.home() / "技术标.bin"
    plain.write_bytes(os.urandom(MIB) * mib)
    sessions = {suite: serving.session_of(cast.bidders[number]) for suite, number in SUITES.items()}
    found: dict[str, Any] = {"bytes": mib * MIB}
    connections.close_all()
    for suite, number in SUITES.items():
        tool = _by_tool(cast.bidders[number], trade, plain, suite)
        found[suite] = {"tool": tool}
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright's loop runs in this thread
    with serving.serving("--no-clock", at=AT) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--disable-gpu"])
        for suite, number in SUITES.items():
            context = browser.new_context(base_url=f"http://127.0.0.1:{server.port}", locale="zh-CN")
            context.add_cookies(
                [
                    {
                        "name": settings.SESSION_COOKIE_NAME,
                        "value": sessions[suite],
                        "url": f"http://127.0.0.1:{server.port}",
                    }
                ]
            )
            page = context.new_page()
            page.goto(f"/trades/{trade.stream}/bid/")
            found[suite] |= _in_page(page, _key_file(cast.bidders[number]), plain)
            context.close()
        browser.close()
    return found


def _key_file(who: Party) -> Path:
    place = stage.home() / f"{who.code}.p12"
    pairs = [who.signing, *([who.encryption] if who.encryption else [])]
    place.write_bytes(write_pkcs12([(one.key, one.certificate) for one in pairs], password=PASSWORD, iterations=2000))
    return place


def _in_page(page: Page, keys: Path, plain: Path) -> dict[str, float]:
    """What the page itself timed, from the click to the sealed file, and the memory of its process."""
    small = stage.home() / "资格.txt"
    small.write_text("资格审查资料", encoding="utf-8")
    for one in page.locator("[data-part]").all():
        name = one.get_attribute("data-part")
        if name != "price":
            one.set_input_files(plain if name == "technical" else small)
    page.fill("#price-amount", "900000")
    page.fill("#price-days", "300")
    page.set_input_files("#seal-certificate", keys)
    page.fill("#seal-password", PASSWORD)
    before = {one: serving.status_mib(one, "VmRSS") for one in _renderers()}
    page.locator("[data-seal-form] button[type=submit]").click()
    page.locator("[data-seal-status][data-kind=ok]").wait_for(timeout=PATIENCE_MS)
    seconds = float(page.locator("[data-seal]").get_attribute("data-seconds") or 0)
    mib, pid = max((serving.peak_mib(one), one) for one in _renderers())
    return {"page": seconds, "before": before.get(pid, 0.0), "mib": mib}


def _renderers() -> list[int]:
    """The processes of pages, of the one browser that this process started."""
    parents, renders = {}, set()
    for place in Path("/proc").glob("[0-9]*"):
        try:
            command = (place / "cmdline").read_bytes()
            parents[int(place.name)] = int((place / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if b"--type=renderer" in command:
            renders.add(int(place.name))
    return [one for one in renders if os.getpid() in _ancestors(one, parents)]


def _ancestors(pid: int, parents: dict[int, int]) -> set[int]:
    found = set()
    while pid := parents.get(pid, 0):
        found.add(pid)
    return found


def _by_tool(who: Party, trade: Any, plain: Path, suite: str) -> float:
    """`yangguang bid seal` over the same file, from its start to its end."""
    folder = stage.home() / f"tool-{suite}"
    folder.mkdir()
    encryption = who.encryption or who.signing
    (folder / "key.pem").write_bytes(who.signing.key.to_pem(None))
    (folder / "signing.der").write_bytes(who.signing.certificate.der)
    (folder / "encryption.der").write_bytes(encryption.certificate.der)
    (folder / "price.json").write_text('{"amount": "900000.00", "period_days": 300}', encoding="utf-8")
    given = ["--tender", trade.stream, "--lot", trade.lot_code, "--suite", suite]
    given += ["--part", f"technical={plain}", "--part", f"price={folder / 'price.json'}"]
    given += ["--key", str(folder / "key.pem"), "--certificate", str(folder / "signing.der")]
    given += ["--encrypt-to", str(folder / "encryption.der"), "-o", str(folder / "bid.ygb")]
    began = time.perf_counter()
    subprocess.run([*CLI, *given], check=True, capture_output=True)
    return time.perf_counter() - began
