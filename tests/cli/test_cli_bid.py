import json
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from proof.sealed_bids import AT, LOT, TENDER, Bidder, authority, bidder, members_of
from support.keyfiles import PASSWORD as FILE_PASSWORD
from support.keyfiles import key_file
from yangguang.cli.bid import command
from yangguang.demo.cast import terms as cast_terms
from yangguang.demo.people import KeyPair
from yangguang.proof.bid_rescue import release_share, rescue_content_keys
from yangguang.proof.inspection import read_bid
from yangguang.proof.key_release import write_joined_keys
from yangguang.proof.keys import generate_key
from yangguang.proof.manifest import machine_digest
from yangguang.proof.share_release import join_shares, read_shares, take_apart


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A bidder's folder: two keys with their certificates, and the files of a bid."""
    monkeypatch.chdir(tmp_path)
    for name, who in {"a": bidder(), "gm": bidder("sm2"), "other": bidder(number=2)}.items():
        write_identity(name, who)
    Path("方案.pdf").write_bytes(b"%PDF-1.7 plan")
    Path("图纸.pdf").write_bytes(b"%PDF-1.7 drawings")
    Path("price.json").write_text('{"price":"1234567.89"}')
    return tmp_path


def write_identity(name: str, who: Bidder, *, password: bytes | None = None) -> None:
    Path(f"{name}.key").write_bytes(who.key.to_pem(password))
    Path(f"{name}.pem").write_bytes(who.certificate.pem)


def run(*arguments: str, answer: str | None = None) -> Result:
    result = CliRunner().invoke(command, [str(one) for one in arguments], input=answer)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


def who(name: str = "a") -> list[str]:
    return ["--key", f"{name}.key", "--certificate", f"{name}.pem"]


def seal(*more: str, name: str = "a", output: str = "bid.ygb") -> Result:
    parts = ["--part", "technical=方案.pdf,图纸.pdf", "--part", "price=price.json"]
    return run("seal", "--tender", TENDER, "--lot", LOT, *parts, *who(name), "-o", output, *more)


@pytest.mark.parametrize(("name", "suite"), [("a", "INTL"), ("gm", "GM")])
def test_the_whole_way_of_a_bid_from_the_command_line(desk: Path, name: str, suite: str) -> None:
    sealed = seal(name=name)
    assert sealed.exit_code == 0
    assert f"算法套件  {suite}" in sealed.output
    inspected = run("inspect", "bid.ygb", "--tender", TENDER, "--lot", LOT)
    assert (inspected.exit_code, "查验通过" in inspected.output) == (0, True)
    tried = run("trial", "bid.ygb", *who(name))
    assert "technical  方案.pdf（13 字节）、图纸.pdf（17 字节）" in tried.output
    assert (tried.exit_code, "试解密通过" in tried.output) == (0, True)
    assert run("keys", "bid.ygb", *who(name), "-o", "keys.json").exit_code == 0
    assert run("open", "bid.ygb", *who(name), "-o", "opened").exit_code == 0
    assert run("open", "bid.ygb", "--keys", "keys.json", "-o", "again").exit_code == 0
    for folder in ("opened", "again"):
        assert (desk / folder / "technical" / "图纸.pdf").read_bytes() == b"%PDF-1.7 drawings"
        assert json.loads((desk / folder / "price" / "price.json").read_text()) == {"price": "1234567.89"}


def test_stock_openssl_opens_what_the_command_sealed(desk: Path) -> None:
    assert seal().exit_code == 0
    (desk / "price.p7m").write_bytes(members_of(desk / "bid.ygb")["parts/price.p7m"])
    tool = "openssl cms -decrypt -inform DER -in price.p7m -recip a.pem -inkey a.key -out price.tar"
    subprocess.run(tool.split(), check=True)
    assert b'{"price":"1234567.89"}' in Path("price.tar").read_bytes()


def test_the_making_time_is_the_time_of_the_machine(desk: Path) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    seal()
    assert before <= read_bid(desk / "bid.ygb").manifest.created_at <= datetime.now(UTC)


def test_no_secret_is_ever_printed(desk: Path) -> None:
    seal()
    shown = "".join(
        run(*arguments).output
        for arguments in (
            ("inspect", "bid.ygb"),
            ("trial", "bid.ygb", *who()),
            ("keys", "bid.ygb", *who(), "-o", "keys.json"),
            ("open", "bid.ygb", *who(), "-o", "out"),
        )
    )
    secrets = json.loads(Path("keys.json").read_text())["signed"]["keys"].values()
    assert len(set(secrets)) == 2
    assert not any(secret in shown for secret in secrets)
    assert Path("keys.json").stat().st_mode & 0o777 == 0o600


def test_an_encrypted_key_takes_its_password_from_a_file_or_from_the_person(desk: Path) -> None:
    write_identity("locked", bidder(), password=b"correct horse")
    Path("password").write_bytes(b"correct horse\r\n")
    assert seal("--password-file", "password", name="locked").exit_code == 0
    asked = run("trial", "bid.ygb", *who("locked"), answer="correct horse\n")
    assert asked.exit_code == 0
    assert "correct horse" not in asked.output
    wrong = run("trial", "bid.ygb", *who("locked"), answer="wrong\n")
    assert (wrong.exit_code, "口令不正确" in wrong.output) == (2, True)


def test_one_certificate_file_seals_tries_and_releases(desk: Path) -> None:
    pairs = [bidder("sm2", usage="sign"), bidder("sm2", number=3, usage="encrypt")]
    Path("both.p12").write_bytes(key_file(*(KeyPair(key=one.key, certificate=one.certificate) for one in pairs)))
    Path("password").write_text(FILE_PASSWORD, encoding="utf-8")
    own = ["--key", "both.p12", "--password-file", "password"]
    parts = ["--part", "price=price.json"]
    assert run("seal", "--tender", TENDER, "--lot", LOT, *parts, *own, "-o", "bid.ygb").exit_code == 0
    asked = run("trial", "bid.ygb", "--key", "both.p12", answer=f"{FILE_PASSWORD}\n")
    assert (asked.exit_code, "试解密通过" in asked.output, FILE_PASSWORD in asked.output) == (0, True, False)
    assert run("keys", "bid.ygb", *own, "-o", "keys.json").exit_code == 0
    assert run("open", "bid.ygb", "--keys", "keys.json", "-o", "out").exit_code == 0
    neither = run("trial", "bid.ygb")
    assert (neither.exit_code, "--provider" in neither.output) == (2, True)


def test_encryption_may_go_to_other_certificates_than_the_signing_one(desk: Path) -> None:
    Path("other.der").write_bytes(bidder(number=2).certificate.der)
    assert seal("--encrypt-to", "other.der", "--encrypt-to", "a.pem").exit_code == 0
    assert run("trial", "bid.ygb", *who("other")).exit_code == 0
    assert run("trial", "bid.ygb", *who("a")).exit_code == 0


def test_keys_can_be_signed_by_the_signing_certificate_and_for_one_part_only(desk: Path) -> None:
    seal("--encrypt-to", "other.pem")
    signing = ["--signing-key", "a.key", "--signing-certificate", "a.pem"]
    assert run("keys", "bid.ygb", *who("other"), *signing, "--part", "price", "-o", "k.json").exit_code == 0
    assert list(json.loads(Path("k.json").read_text())["signed"]["keys"]) == ["price"]
    assert run("open", "bid.ygb", "--keys", "k.json", "-o", "out").exit_code == 0
    assert [one.name for one in Path("out").iterdir()] == ["price"]
    unknown = run("keys", "bid.ygb", *who("other"), *signing, "--part", "annex", "-o", "k2.json")
    assert (unknown.exit_code, "bid.part.unknown" in unknown.output) == (2, True)


def test_machine_features_are_written_as_digests(desk: Path) -> None:
    assert seal("--feature", "disk=SERIAL-1").exit_code == 0
    assert b"SERIAL-1" not in Path("bid.ygb").read_bytes()
    expected = machine_digest(tender=TENDER, feature="disk", value="SERIAL-1")
    assert read_bid(Path("bid.ygb")).manifest.machine == {"disk": expected}


def test_declared_trustees_can_open_together(desk: Path) -> None:
    sealed = seal("--trustee", "交易中心=other.pem", "--trustee", "监督=gm.pem", "--threshold", "2")
    assert "交易中心、监督 中任意 2 方" in sealed.output
    bid = read_bid(Path("bid.ygb"))
    shares = dict(
        release_share(bid=bid, part="price", key=one.key, certificate=one.certificate)
        for one in (bidder(number=2), bidder("sm2"))
    )
    assert rescue_content_keys(bid=bid, shares={"price": shares})["price"]


def test_trustees_write_signed_shares_that_open_the_bid(desk: Path) -> None:
    assert seal("--trustee", "交易中心=other.pem", "--trustee", "监督=gm.pem", "--threshold", "2").exit_code == 0
    for name in ("other", "gm"):
        released = run("share", "bid.ygb", *who(name), "-o", f"{name}.json")
        assert (released.exit_code, "任意 2 方" in released.output) == (0, True)
        assert Path(f"{name}.json").stat().st_mode & 0o077 == 0
    bid = read_bid(Path("bid.ygb"))
    releases = [read_shares(take_apart(Path(f"{name}.json").read_bytes())[0]) for name in ("other", "gm")]
    joined = join_shares(bid=bid, releases=releases)
    Path("keys.json").write_bytes(write_joined_keys(bid=bid, content_keys=joined.content_keys, at=AT))
    assert run("open", "bid.ygb", "--keys", "keys.json", "-o", "opened").exit_code == 0
    assert Path("opened/price/price.json").read_bytes() == Path("price.json").read_bytes()


def test_a_share_can_be_signed_with_another_certificate(desk: Path) -> None:
    assert seal("--trustee", "交易中心=other.pem", "--trustee", "监督=gm.pem", "--threshold", "2").exit_code == 0
    signing = ["--signing-key", "a.key", "--signing-certificate", "a.pem"]
    assert run("share", "bid.ygb", *who("gm"), *signing, "-o", "s.json").exit_code == 0
    assert take_apart(Path("s.json").read_bytes())[1].certificate == bidder().certificate
    stranger = run("share", "bid.ygb", *who("a"), "-o", "t.json")
    assert (stranger.exit_code, "bid.key.not_recipient" in stranger.output, Path("t.json").exists()) == (2, True, False)


def declared(**changed: object) -> Path:
    """The terms of a tender document that names two trustees."""
    trustees = [
        {"name": name, "certificate": Path(file).read_text()}
        for name, file in (("交易中心", "notary.pem"), ("监督", "gm.pem"))
    ]
    rescue = {"threshold": 2, "trustees": trustees, **changed}
    Path("terms.json").write_text(json.dumps({**cast_terms(), "rescue": rescue}))
    return Path("terms.json")


def test_the_terms_of_the_tender_document_say_who_the_trustees_are(desk: Path) -> None:
    write_identity("notary", bidder(code="91990000MA0000009X", number=9))
    sealed = seal("--terms", str(declared()))
    assert (sealed.exit_code, "交易中心、监督 中任意 2 方" in sealed.output) == (0, True)
    assert seal("--terms", "terms.json", "--threshold", "2", output="b.ygb").exit_code == 2
    bad = seal("--terms", str(declared(threshold=1)), output="c.ygb")
    assert (bad.exit_code, "terms.threshold" in bad.output) == (2, True)


def test_a_certificate_out_of_its_time_is_warned_of(desk: Path) -> None:
    key = generate_key("sm2")
    expired = authority().issue(
        organisation_name="示例建设",
        organisation_code="91990000MA0000002X",
        common_name="示例",
        key=key.public,
        usage="both",
        not_before=AT - timedelta(days=9999),
        not_after=AT - timedelta(days=9000),
    )
    write_identity("old", Bidder(key, expired))
    assert "现在无效" in seal(name="old").output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--suite", "GM"], "不能用于 GM 套件"),
        (["--part", "annex=missing.pdf"], "missing.pdf"),
        (["--part", "Annex=方案.pdf"], "部分的名称"),
        (["--part", "price=price.json"], "重复"),
        (["--threshold", "2"], "须一起给出"),
        (["--trustee", "监督=gm.pem"], "须一起给出"),
        (["--certificate", "other.pem"], "不是一对"),
        (["--certificate", "方案.pdf"], "证书无法读取"),
        (["--key", "方案.pdf"], "私钥文件无法读取"),
        (["--part", "technical"], "应写成 名称=值"),
    ],
)
def test_what_cannot_be_sealed_is_said_with_exit_code_2(desk: Path, arguments: list[str], message: str) -> None:
    result = seal(*arguments)
    assert (result.exit_code, message in result.output) == (2, True)
    assert not Path("bid.ygb").exists()
    assert not list(desk.glob(".*"))


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["inspect", "方案.pdf"], "bid.file.truncated"),
        (["inspect", "plain.pdf"], "bid.unencrypted"),
        (["inspect", "cut.ygb"], "bid.file.truncated"),
        (["inspect", "bid.ygb", "--tender", "A02-9"], "bid.tender.wrong"),
        (["inspect", "bid.ygb", "--lot", "9"], "bid.lot.wrong"),
        (["trial", "bid.ygb", *who("other")], "bid.key.not_recipient"),
        (["keys", "bid.ygb", *who("other"), "-o", "new"], "bid.key.not_recipient"),
        (["open", "bid.ygb", *who("other"), "-o", "new"], "bid.key.not_recipient"),
        (["open", "bid.ygb", "--keys", "price.json", "-o", "new"], "bid.release.malformed"),
    ],
)
def test_a_refusal_gives_reason_article_and_remedy(desk: Path, arguments: list[str], code: str) -> None:
    seal()
    Path("plain.pdf").write_bytes(b"%PDF-1.7" + bytes(600))
    Path("cut.ygb").write_bytes(Path("bid.ygb").read_bytes()[:-9])
    result = run(*arguments)
    assert result.exit_code == 2
    assert f"（{code}）\n依据：" in result.stderr
    assert "\n办法：" in result.stderr
    assert not Path("new").exists()


def test_a_bid_changed_in_one_byte_opens_nothing(desk: Path) -> None:
    seal()
    changed = bytearray(Path("bid.ygb").read_bytes())
    changed[read_bid(Path("bid.ygb")).contents["price"].offset + 900] ^= 1
    Path("bid.ygb").write_bytes(changed)
    for arguments in (["inspect", "bid.ygb"], ["trial", "bid.ygb", *who()], ["open", "bid.ygb", *who(), "-o", "out"]):
        result = run(*arguments)
        assert (result.exit_code, "bid.file.tampered" in result.stderr) == (2, True)
    assert not Path("out").exists()


def test_keys_signed_by_a_foreign_organisation_are_not_written(desk: Path) -> None:
    seal()
    write_identity("foreign", bidder(code="91990000MA00000099", number=9))
    signing = ["--signing-key", "foreign.key", "--signing-certificate", "foreign.pem"]
    result = run("keys", "bid.ygb", *who(), *signing, "-o", "k.json")
    assert (result.exit_code, "bid.release.signature" in result.stderr) == (2, True)
    assert not Path("k.json").exists()


def test_any_certificate_of_the_bidder_may_sign_the_released_keys(desk: Path) -> None:
    seal()
    signing = ["--signing-key", "gm.key", "--signing-certificate", "gm.pem"]
    assert run("keys", "bid.ygb", *who(), *signing, "-o", "k.json").exit_code == 0


def test_nothing_that_exists_is_overwritten(desk: Path) -> None:
    seal()
    before = Path("bid.ygb").read_bytes()
    for result in (seal(), run("keys", "bid.ygb", *who(), "-o", "bid.ygb")):
        assert (result.exit_code, "已经存在" in result.output) == (2, True)
    Path("out").mkdir()
    assert run("open", "bid.ygb", *who(), "-o", "out").exit_code == 2
    assert Path("bid.ygb").read_bytes() == before


def test_opening_needs_a_key_or_released_keys(desk: Path) -> None:
    seal()
    result = run("open", "bid.ygb", "-o", "out")
    assert (result.exit_code, "--keys" in result.output) == (2, True)


def test_a_part_without_files_says_so(desk: Path) -> None:
    assert seal("--part", "annex=,").exit_code == 0
    assert "annex  没有文件" in run("trial", "bid.ygb", *who()).output
