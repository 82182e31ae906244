"""`yangguang bid agent`: whom it answers, what it signs and opens, and what it never does."""

import base64
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from proof.sealed_bids import Bidder, bidder, members_of, seal
from support.helper import Caller, helper
from support.keyfiles import PASSWORD, key_file
from yangguang.cli.agent.keyring import Keyring, TokenKey, keyring_from_files, keyring_from_provider
from yangguang.cli.agent.pairing import Pairing
from yangguang.cli.agent.server import AgentServer
from yangguang.cli.agent.statements import read_statement
from yangguang.cli.agent.terminal import Terminal
from yangguang.cli.agent.work import Desk
from yangguang.cli.bid import command
from yangguang.demo.people import KeyPair
from yangguang.proof.canonical import canonical
from yangguang.proof.envelope import LONGEST_HEADER, read_envelope
from yangguang.proof.inspection import read_bid
from yangguang.proof.key_release import read_released_keys
from yangguang.proof.keys import PublicKey
from yangguang.proof.share_release import Identity
from yangguang.proof.signatures import Signature, file_statement, verify
from yangguang.rules.refusal import Refused
from yangguang.web.helper import PORTS

ORIGIN, OTHER = "https://trade.example", "https://elsewhere.example"
FILE = file_statement(act="sign_contract", stream="A02-1", name="合同", sha256="a" * 64, sm3="b" * 64)
SIGN_IN = f"yangguang-sign-in/1\n{ORIGIN}\n{'n' * 32}\n2026-03-02T01:00:00.000000+00:00\n".encode()
NOT_OURS = {
    "nothing": b"",
    "a certificate request": bytes.fromhex("3082010a0282010100"),
    "a text": "同意付款".encode(),
    "a manifest": canonical({"format": "yangguang-bid/1", "bidder": "x"}),
    "released keys": canonical({"format": "yangguang-keys/1", "keys": {}}),
    "a digest too short": FILE.replace(b"a" * 64, b"a" * 63),
    "a line more": FILE + b"more\n",
    "no end of line": FILE.removesuffix(b"\n"),
    "no name": FILE.replace("合同".encode(), b""),
    "a strange act": FILE.replace(b"sign_contract", b"Sign Contract"),
    "a nonce too short": SIGN_IN.replace(b"n" * 32, b"n" * 3),
    "no moment": SIGN_IN.replace(b"2026-03", b"20x6-03"),
    "too long": FILE.replace("合同".encode(), b"n" * 5000),
    "no text": FILE.replace("合同".encode(), b"\xff"),
}


@contextmanager
def answering(who: Bidder, *, opens: bool = True) -> Iterator[tuple[Caller, list[str]]]:
    """A helper in this process that asks nobody, and the codes that it shows."""
    identity = Identity(key=who.key, certificate=who.certificate)
    codes: list[str] = []
    desk = Desk(keyring=Keyring(signs=identity, opens=identity if opens else None), terminal=Terminal(is_asking=False))
    server = next(filter(None, (_server(desk, port) for port in PORTS)))
    server.pairing = Pairing(digit=server.port - PORTS.start, show=codes.append)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield Caller(server.port, ORIGIN), codes
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _server(desk: Desk, port: int) -> AgentServer | None:
    try:
        return AgentServer(desk=desk, origins=[ORIGIN], port=port)
    except OSError:
        return None


@pytest.fixture
def caller() -> Iterator[Caller]:
    with answering(bidder()) as (caller, codes):
        yield caller.pair(codes[-1])


def asked(*statements: bytes) -> dict[str, Any]:
    return {"statements": [base64.b64encode(one).decode() for one in statements]}


@pytest.mark.parametrize(
    "changed",
    [{"Origin": OTHER}, {"Origin": None}, {"Origin": "null"}, {"Origin": ORIGIN.replace("https", "http")},
     {"Host": "trade.example"}, {"Host": "trade.example:8765"}, {"Host": None}, {"Host": "127.0.0.1"},
     {"Host": "localhost:8765"}],
    ids=str,
)  # fmt: skip
@pytest.mark.parametrize(("method", "path"), [("POST", "/sign"), ("POST", "/pair"), ("OPTIONS", "/sign")])
def test_other_origins_and_other_names_get_no_answer(
    caller: Caller, changed: dict[str, str | None], method: str, path: str
) -> None:
    status, told, answer = caller.ask(path, asked(FILE), method=method, **changed)

    assert (status, "signatures" in (told or {}), "token" in (told or {})) == (403, False, False)
    assert answer.headers["Access-Control-Allow-Origin"] is None


def test_the_browser_is_told_that_the_page_may_ask(caller: Caller) -> None:
    asks = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Private-Network": "true"}
    status, _, answer = caller.ask("/sign", method="OPTIONS", Authorization=None, **asks)

    assert status == 204
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert answer.headers["Access-Control-Allow-Private-Network"] == "true"
    assert "authorization" in answer.headers["Access-Control-Allow-Headers"]
    assert answer.headers["Access-Control-Allow-Credentials"] is None
    assert answer.headers["Vary"] == "Origin"


@pytest.mark.parametrize("path", ["/status", "/sign", "/release", "/trial", "/elsewhere"])
@pytest.mark.parametrize("token", ["", "Bearer ", "Bearer wrong", "Basic x"])
def test_without_the_token_nothing_is_done(caller: Caller, path: str, token: str) -> None:
    status, told, _ = caller.ask(path, asked(FILE), Authorization=token)

    assert (status, told["code"]) == (401, "agent.unpaired")


def test_a_token_is_bound_to_its_origin() -> None:
    codes: list[str] = []
    pairing = Pairing(digit=0, show=codes.append)
    token = pairing.pair(code=codes[-1].replace("-", ""), origin=ORIGIN)
    pairing.check(token=token, origin=ORIGIN)

    with pytest.raises(Refused, match="配对"):
        pairing.check(token=token, origin=OTHER)


def test_a_code_works_once_and_wrong_ones_close_the_door() -> None:
    with answering(bidder()) as (caller, codes):
        caller.pair(codes[0])
        assert caller.ask("/pair", {"code": codes[0].replace("-", "")})[0] == 403
        for _ in range(24):
            assert caller.ask("/pair", {"code": "wrong"})[1]["code"] == "agent.code"
        assert len(set(codes)) == 6
        assert caller.ask("/pair", {"code": codes[-1].replace("-", "")})[1]["code"] == "agent.closed"
        assert caller.ask("/status")[0] == 200


@pytest.mark.parametrize("family", ["rsa", "ecdsa", "sm2"])
def test_it_signs_statements_of_ours_in_each_family(family: Any) -> None:
    who = bidder(family)
    with answering(who) as (caller, codes):
        status, told, _ = caller.pair(codes[-1]).ask("/sign", asked(FILE, SIGN_IN))

    assert status == 200
    for data, value in zip((FILE, SIGN_IN), told["signatures"], strict=True):
        signature = Signature.from_json(value)
        assert signature.certificate == who.certificate
        assert verify(data=data, signature=signature)


@pytest.mark.parametrize("data", NOT_OURS.values(), ids=NOT_OURS)
def test_it_signs_nothing_else(caller: Caller, data: bytes) -> None:
    status, told, _ = caller.ask("/sign", asked(FILE, data))

    assert (status, told["code"], "signatures" in told) == (409, "agent.not_ours", False)


def test_it_signs_in_for_the_page_that_asks_only(caller: Caller) -> None:
    status, told, _ = caller.ask("/sign", asked(SIGN_IN.replace(ORIGIN.encode(), OTHER.encode())))

    assert (status, told["code"]) == (409, "agent.other_origin")


UNREADABLE: list[Any] = [
    {}, {"statements": "x"}, {"statements": []}, {"statements": ["%"]}, {"statements": [1]}, {"statements": [""] * 65},
    b"[]", b"{", b"\xff", b"[" * 100_000,
]  # fmt: skip


@pytest.mark.parametrize("given", UNREADABLE, ids=range(len(UNREADABLE)))
def test_what_it_cannot_read_it_refuses(caller: Caller, given: Any) -> None:
    status, told, answer = caller.ask("/sign", given)

    assert status in {400, 409}
    assert told["code"] in {"agent.malformed", "agent.not_ours"}
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN


@pytest.mark.parametrize(
    ("path", "size", "code"),
    [("/sign", str((2 << 20) + 1), "agent.too_large"), ("/trial", str((8 << 30) + 1), "agent.too_large"),
     ("/sign", "1" * 5000, "agent.too_large"), ("/sign", "-1", "agent.malformed"), ("/sign", None, "agent.malformed")],
)  # fmt: skip
def test_too_much_is_refused_before_it_is_read(caller: Caller, path: str, size: str | None, code: str) -> None:
    assert caller.ask(path, Content_Length=size)[1]["code"] == code


def test_what_is_shown_cannot_deceive() -> None:
    data = FILE.replace("合同".encode(), "合\u202e同\x1b[2K\u3000甲".encode())
    shown = "".join(read_statement(data, origin=ORIGIN).shown)

    assert "合\\u{202e}同\\u{1b}[2K\u3000甲" in shown
    assert "订立书面合同" in shown


@pytest.mark.parametrize("family", ["rsa", "sm2"])
def test_it_tries_and_releases_the_bidders_own_file(tmp_path: Path, family: Any) -> None:
    who, path = bidder(family), tmp_path / "bid.ygb"
    seal(path, who=who)
    with answering(who) as (caller, codes):
        caller.pair(codes[-1])
        tried = caller.ask("/trial", path.read_bytes())[1]
        released = caller.ask("/release", {"files": [heads_of(path)]})[1]

    bid = read_bid(path)
    assert tried["manifest"] == bid.manifest_sha256
    assert [one["part"] for one in tried["parts"]] == ["technical", "price"]
    assert tried["parts"][1]["files"] == [{"name": "price.json", "size": 22}]
    (text,) = released["releases"]
    assert set(read_released_keys(bid=bid, data=text.encode())) == {"technical", "price"}
    assert not any(key in str(tried) for key in ("key", "keys"))


def test_it_opens_nothing_of_others_and_nothing_that_is_no_bid(tmp_path: Path) -> None:
    path = tmp_path / "bid.ygb"
    seal(path, who=bidder(code="91990000MA00000038"))
    with answering(bidder()) as (caller, codes):
        caller.pair(codes[-1])
        assert caller.ask("/trial", path.read_bytes())[1]["code"] == "agent.other_bidder"
        assert caller.ask("/release", {"files": [heads_of(path)]})[1]["code"] == "agent.other_bidder"
        assert caller.ask("/trial", b"%PDF-1.7" * 100)[1]["code"] == "bid.unencrypted"
        assert caller.ask("/trial", b"")[0] == 409


@pytest.mark.parametrize(
    ("member", "change", "code"),
    [
        ("signature", lambda value: value, "bid.signature.bad"),
        ("manifest", lambda value: value.replace(b'"lot":"A', b'"lot":"B'), "bid.signature.bad"),
        ("heads", lambda value: {"price": value["price"]}, "bid.file.malformed"),
        ("heads", lambda value: value | {"price": value["technical"]}, "bid.file.malformed"),
        ("heads", lambda value: value | {"price": "MAA="}, "bid.unencrypted"),
    ],
)
def test_it_releases_only_what_the_bidder_signed(
    tmp_path: Path, caller: Caller, member: str, change: Callable[[Any], Any], code: str
) -> None:
    mine, theirs = tmp_path / "mine.ygb", tmp_path / "theirs.ygb"
    seal(mine)
    seal(theirs, who=bidder(number=2))
    given = heads_of(mine)
    value = heads_of(theirs)["signature"] if member == "signature" else given[member]
    given[member] = change(value) if member != "manifest" else packed(change(base64.b64decode(value)))
    status, told, _ = caller.ask("/release", {"files": [given]})

    assert (status, told["code"]) == (409, code)


def test_a_certificate_for_signing_only_says_so(tmp_path: Path) -> None:
    seal(tmp_path / "bid.ygb")
    with answering(bidder("ecdsa"), opens=False) as (caller, codes):
        caller.pair(codes[-1])
        assert caller.ask("/status")[1]["opens"] is None
        assert caller.ask("/trial", b"x")[1]["code"] == "agent.cannot_open"


def heads_of(path: Path) -> dict[str, Any]:
    """What a page sends of a sealed file so that its keys can be released."""
    members = members_of(path)
    starts = {part.name: members[part.file] for part in read_bid(path).manifest.parts}
    heads = {
        name: data[: read_envelope(data[:LONGEST_HEADER], size=len(data)).header_bytes] for name, data in starts.items()
    }
    return {
        "manifest": packed(members["manifest.json"]),
        "signature": packed(members["manifest.sig.json"]),
        "heads": {name: packed(head) for name, head in heads.items()},
    }


def packed(data: bytes) -> str:
    return base64.b64encode(data).decode()


def test_the_person_at_the_terminal_decides(tmp_path: Path) -> None:
    who = bidder("sm2")
    answers: list[Any] = []
    with helper(tmp_path, ORIGIN, key_file(KeyPair(key=who.key, certificate=who.certificate))) as program:
        code = program.code()
        caller = Caller(PORTS.start + int(code[0]), ORIGIN).pair(code)
        for typed in ("n", "", "y"):
            page = threading.Thread(target=lambda: answers.append(caller.ask("/sign", asked(FILE))[1]))
            page.start()
            program.until("SHA-256")
            assert caller.ask("/sign", asked(FILE))[1]["code"] == "agent.busy"
            program.answer(typed)
            page.join()

    said = "".join(program.said)
    assert [one.get("code") for one in answers] == ["agent.declined", "agent.declined", None]
    assert verify(data=FILE, signature=Signature.from_json(answers[-1]["signatures"][0]))
    assert "签署文件：合同" in said
    assert "a" * 64 in said
    assert PASSWORD not in said
    assert caller.token not in said
    assert "Traceback" not in said


def test_it_stops_while_a_question_waits(tmp_path: Path) -> None:
    who = bidder()
    with helper(tmp_path, ORIGIN, key_file(KeyPair(key=who.key, certificate=who.certificate))) as program:
        code = program.code()
        caller = Caller(PORTS.start + int(code[0]), ORIGIN).pair(code)
        with suppress(TimeoutError):
            caller.ask("/sign", asked(FILE), patience=0.2)
        program.until("SHA-256")

    assert program.said[-1].endswith("投标助手已停止。\n")


def test_keys_come_from_pem_files_and_from_old_certificate_files(tmp_path: Path) -> None:
    who, second = bidder(), bidder("sm2", usage="sign")
    (tmp_path / "both.pem").write_bytes(second.certificate.pem + second.key.to_pem(b"word"))
    (tmp_path / "key.pem").write_bytes(who.key.to_pem(None))
    (tmp_path / "certificate.cer").write_bytes(who.certificate.der)
    files = [tmp_path / "both.pem", tmp_path / "key.pem"]
    keyring = keyring_from_files(files, [tmp_path / "certificate.cer"], lambda _: "word")

    assert keyring.signs.certificate == second.certificate
    assert keyring.opens is not None
    assert keyring.opens.certificate == who.certificate
    with pytest.raises(ValueError, match="没有与私钥配对的证书"):
        keyring_from_files([tmp_path / "key.pem"], [], lambda _: "")


class Token(TokenKey):
    """A key in a device: only what it makes leaves it."""

    algorithm = "rsa"

    @property
    def public(self) -> PublicKey:
        return bidder().key.public

    def sign(self, data: bytes) -> bytes:
        return bidder().key.sign(data)

    def decrypt(self, wrapped: bytes) -> bytes:
        return bidder().key.decrypt(wrapped)


def token(ask: Callable[[str], str]) -> Keyring:
    assert ask("PIN") == "1234"
    identity = Identity(key=Token(), certificate=bidder().certificate)
    return Keyring(signs=identity, opens=identity)


def test_a_token_is_plugged_in_by_its_provider(tmp_path: Path) -> None:
    keyring = keyring_from_provider(f"{__name__}:token", lambda _: "1234")
    who = Bidder(key=keyring.signs.key, certificate=keyring.signs.certificate)
    seal(tmp_path / "bid.ygb")
    with answering(who) as (caller, codes):
        signed = caller.pair(codes[-1]).ask("/sign", asked(FILE))[1]
        tried = caller.ask("/trial", (tmp_path / "bid.ygb").read_bytes())[1]

    assert verify(data=FILE, signature=Signature.from_json(signed["signatures"][0]))
    assert "files" in tried["parts"][0]
    with pytest.raises(ValueError, match="找不到密钥提供程序"):
        keyring_from_provider("nowhere:token", lambda _: "")


@pytest.mark.parametrize(
    "origin", ["http://trade.example", "https://trade.example/path", "trade.example", "https://a:b@c", "file:///x", "*"]
)
def test_an_origin_that_is_none_is_not_served(tmp_path: Path, origin: str) -> None:
    (tmp_path / "key.pem").write_bytes(b"")
    done = CliRunner().invoke(command, ["agent", "--origin", origin, "--key", str(tmp_path / "key.pem")])

    assert done.exit_code == 2
    assert "https://" in done.output


def test_a_wrong_password_is_told_in_words(tmp_path: Path) -> None:
    who = bidder()
    (tmp_path / "a.p12").write_bytes(key_file(KeyPair(key=who.key, certificate=who.certificate)))
    done = CliRunner().invoke(
        command, ["agent", "--origin", ORIGIN, "--key", str(tmp_path / "a.p12")], input="not this one\n"
    )

    assert (done.exit_code, "口令不正确" in done.output) == (2, True)
    assert "not this one" not in done.output
