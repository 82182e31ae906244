"""The demonstration authority: what it makes is marked, correct, and read alike by other programs."""

import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from yangguang.proof.certificates import Certificate, RevocationList
from yangguang.proof.democa import DemoAuthority, DemoUsage
from yangguang.proof.keys import Algorithm, PrivateKey, generate_key

FAMILIES: tuple[Algorithm, ...] = ("rsa", "ecdsa", "ed25519", "sm2")
KEYS: dict[Algorithm, PrivateKey] = {family: generate_key(family, bits=2048) for family in FAMILIES}
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
YEAR = timedelta(days=365)
CODE = "91990000MA0000000X"
needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="the openssl command is not installed")


def authority(family: Algorithm, *, seed: bytes | None = None, at: datetime = START) -> DemoAuthority:
    return DemoAuthority.create(name="示例根CA", algorithm=family, at=at, seed=seed, key=KEYS[family])


def issue(issuer: DemoAuthority, family: Algorithm, usage: DemoUsage = "sign") -> Certificate:
    return issuer.issue(
        organisation_name="示例建设有限公司",
        organisation_code=CODE,
        common_name="示例建设",
        key=KEYS[family].public,
        usage=usage,
        not_before=START,
        not_after=START + YEAR,
    )


@pytest.mark.parametrize("family", FAMILIES)
def test_every_subject_says_that_it_is_a_demonstration(family: Algorithm) -> None:
    root = authority(family)
    middle = root.create_intermediate(name="示例二级CA", algorithm=family, at=START, key=KEYS[family])

    for certificate in (root.root, middle.certificate, issue(middle, family)):
        assert "演示 DEMO – NOT FOR REAL USE" in certificate.subject
        assert certificate.is_demo is True


@pytest.mark.parametrize("family", FAMILIES)
def test_a_certificate_says_what_it_was_made_for(family: Algorithm) -> None:
    certificate = issue(authority(family), family)

    assert certificate.organisation_name == "示例建设有限公司"
    assert certificate.organisation_code == CODE
    assert certificate.common_name == "示例建设"
    assert certificate.algorithm == family
    assert certificate.public_key == KEYS[family].public
    assert (certificate.not_before, certificate.not_after) == (START, START + YEAR)
    assert certificate.is_authority is False
    assert (certificate.may_sign, certificate.may_encrypt) == (True, False)


@pytest.mark.parametrize("family", FAMILIES)
def test_another_library_reads_the_same(family: Algorithm) -> None:
    certificate = issue(authority(family), family)
    theirs = x509.load_der_x509_certificate(certificate.der)

    assert f"{theirs.serial_number:x}" == certificate.serial_number
    assert theirs.not_valid_before_utc == certificate.not_before
    assert theirs.extensions.get_extension_for_class(x509.BasicConstraints).value.ca is False
    assert theirs.extensions.get_extension_for_class(x509.KeyUsage).value.content_commitment is True


@pytest.mark.parametrize("family", ["rsa", "sm2"])
@pytest.mark.parametrize(
    ("usage", "signs", "encrypts"), [("sign", True, False), ("encrypt", False, True), ("both", True, True)]
)
def test_the_usage_is_what_was_asked_for(family: Algorithm, usage: DemoUsage, *, signs: bool, encrypts: bool) -> None:
    certificate = issue(authority(family), family, usage)
    assert (certificate.may_sign, certificate.may_encrypt) == (signs, encrypts)


@pytest.mark.parametrize("family", ["ecdsa", "ed25519"])
def test_a_key_that_cannot_encrypt_gets_no_encryption_certificate(family: Algorithm) -> None:
    with pytest.raises(ValueError, match="不能用于加密证书"):
        issue(authority(family), family, "encrypt")


def test_a_seed_repeats_the_serial_numbers_and_nothing_else_does() -> None:
    first, second, other = (authority("sm2", seed=seed) for seed in (b"one", b"one", b"two"))

    assert first.root.serial_number == second.root.serial_number != other.root.serial_number
    assert issue(first, "sm2").serial_number == issue(second, "sm2").serial_number
    assert issue(first, "sm2").serial_number != issue(first, "sm2").serial_number
    assert authority("sm2").root.serial_number != authority("sm2").root.serial_number


def test_an_authority_makes_its_own_key() -> None:
    made = DemoAuthority.create(name="示例根CA", algorithm="ed25519", at=START)
    middle = made.create_intermediate(name="示例二级CA", algorithm="sm2", at=START, path_length=None)

    assert made.root.algorithm == "ed25519"
    assert middle.certificate.algorithm == "sm2"
    assert middle.certificate.path_length is None
    assert made.root.public_key != middle.certificate.public_key


def test_an_authority_that_outlives_2049_writes_the_long_year() -> None:
    root = authority("ecdsa", at=datetime(2040, 1, 1, tzinfo=UTC)).root
    assert root.not_after.year == 2059


@pytest.mark.parametrize("family", FAMILIES)
def test_a_list_names_what_was_revoked_until_then(family: Algorithm) -> None:
    root = authority(family)
    first, second = issue(root, family), issue(root, family)
    root.revoke(first.serial_number.upper(), START + timedelta(days=1))
    root.revoke(second.serial_number, START + timedelta(days=9))

    early = root.revocation_list(START, START + timedelta(days=7))
    later = root.revocation_list(START + timedelta(days=2), START + timedelta(days=7))

    assert dict(early.revoked) == {}
    assert dict(later.revoked) == {first.serial_number: START + timedelta(days=1)}
    assert later.verify(root.certificate) is True
    theirs = x509.load_der_x509_crl(later.der)
    assert [f"{one.serial_number:x}" for one in theirs] == [first.serial_number]


def chain_files(folder: Path, family: Algorithm) -> tuple[Certificate, RevocationList]:
    root = authority(family)
    middle = root.create_intermediate(
        name="示例二级CA", algorithm=family, at=START, key=generate_key(family, bits=2048)
    )
    certificate = issue(middle, family)
    revoked = issue(middle, family)
    middle.revoke(revoked.serial_number, START)
    lists = [one.revocation_list(START, START + YEAR) for one in (root, middle)]
    (folder / "root.pem").write_bytes(root.root.pem)
    (folder / "middle.pem").write_bytes(middle.certificate.pem)
    (folder / "own.pem").write_bytes(certificate.pem)
    (folder / "revoked.pem").write_bytes(revoked.pem)
    for name, one in zip(("root.crl", "middle.crl"), lists, strict=True):
        (folder / f"{name}.der").write_bytes(one.der)
        openssl(folder, f"crl -inform DER -in {name}.der -out {name}")
    (folder / "lists.pem").write_bytes((folder / "root.crl").read_bytes() + (folder / "middle.crl").read_bytes())
    return certificate, lists[1]


def openssl(folder: Path, command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["openssl", *command.split()], cwd=folder, capture_output=True, text=True, check=False)


@needs_openssl
@pytest.mark.parametrize("family", ["rsa", "ecdsa", "ed25519"])
def test_the_openssl_command_verifies_the_chain(tmp_path: Path, family: Algorithm) -> None:
    chain_files(tmp_path, family)
    moment = int((START + timedelta(days=1)).timestamp())
    command = f"verify -attime {moment} -x509_strict -CAfile root.pem -untrusted middle.pem"

    assert openssl(tmp_path, f"{command} own.pem").stdout == "own.pem: OK\n"


@needs_openssl
def test_the_openssl_command_verifies_each_link_of_an_sm2_chain(tmp_path: Path) -> None:
    """It passes the identity on to the first certificate only, so a longer chain goes link by link."""
    chain_files(tmp_path, "sm2")
    moment = int((START + timedelta(days=1)).timestamp())
    command = f"verify -vfyopt distid:1234567812345678 -attime {moment} -x509_strict"

    assert openssl(tmp_path, f"{command} -CAfile root.pem middle.pem").stdout == "middle.pem: OK\n"
    assert openssl(tmp_path, f"{command} -partial_chain -trusted middle.pem own.pem").stdout == "own.pem: OK\n"
    wrong = command.replace("distid:1234567812345678", "distid:8765432187654321")
    assert openssl(tmp_path, f"{wrong} -CAfile root.pem middle.pem").stdout == ""


@needs_openssl
@pytest.mark.parametrize("family", ["rsa", "ecdsa", "ed25519"])
def test_the_openssl_command_heeds_the_lists(tmp_path: Path, family: Algorithm) -> None:
    """Not for SM2: the command has no way to pass the identity to its check of a list."""
    chain_files(tmp_path, family)
    moment = int((START + timedelta(days=1)).timestamp())
    command = f"verify -attime {moment} -crl_check_all -CRLfile lists.pem -CAfile root.pem -untrusted middle.pem"

    assert openssl(tmp_path, f"{command} own.pem").stdout == "own.pem: OK\n"
    assert "certificate revoked" in openssl(tmp_path, f"{command} revoked.pem").stderr


@needs_openssl
@pytest.mark.parametrize("family", FAMILIES)
def test_the_openssl_command_reads_certificates_and_lists(tmp_path: Path, family: Algorithm) -> None:
    certificate, revocations = chain_files(tmp_path, family)
    text = openssl(tmp_path, "x509 -in own.pem -text -noout -nameopt utf8,sep_comma_plus_space").stdout
    fingerprint = openssl(tmp_path, "x509 -in own.pem -fingerprint -sha256 -noout").stdout

    assert f"Subject: {certificate.subject}" in text
    assert "Digital Signature, Non Repudiation" in text
    assert fingerprint.strip().split("=")[1].replace(":", "").lower() == certificate.fingerprint
    listed = openssl(tmp_path, "crl -in middle.crl -text -noout").stdout.replace(":", "").lower()
    assert all(f"serial number {serial}" in listed for serial in revocations.revoked)
    assert RevocationList.from_pem((tmp_path / "middle.crl").read_bytes()).der == revocations.der
