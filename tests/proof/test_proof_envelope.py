import io
import subprocess
from pathlib import Path

import pytest
from asn1crypto import cms, core
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from proof.sealed_bids import bidder, code_of
from yangguang.proof import sm2
from yangguang.proof.bid_rescue import open_small, seal_small
from yangguang.proof.broken import BrokenBid
from yangguang.proof.digests import digest_bytes
from yangguang.proof.envelope import (
    MOST_RECIPIENTS,
    SUITES,
    TAIL_BYTES,
    Recipient,
    build_header,
    build_tail,
    der,
    der_start,
    identify,
    read_envelope,
    read_tail,
    suite_for,
    wrap_key,
)
from yangguang.proof.streams import CHUNK, Digester, decrypt, digest, encrypt

INTL = SUITES["INTL"]


def envelope(data: bytes = b"content", algorithm: str = "rsa") -> bytes:
    return seal_small(data=data, certificate=bidder(algorithm).certificate)


def read(data: bytes) -> object:
    return read_envelope(data, size=len(data))


@given(st.binary(max_size=300))
@pytest.mark.parametrize("algorithm", ["rsa", "sm2"])
def test_a_second_reader_finds_what_the_standards_ask_for(algorithm: str, data: bytes) -> None:
    sealed = envelope(data, algorithm)
    outer = cms.ContentInfo.load(sealed, strict=True)
    assert outer["content_type"].native == "authenticated_enveloped_data"
    inner = outer["content"]
    assert inner["version"].native == "v0"
    content = inner["auth_encrypted_content_info"]
    oids = {"rsa": "2.16.840.1.101.3.4.1.46", "sm2": "1.2.156.10197.1.104.8"}
    assert content["content_encryption_algorithm"]["algorithm"].dotted == oids[algorithm]
    assert len(content["encrypted_content"].native) == len(data)
    assert len(inner["mac"].native) == 16
    recipient = inner["recipient_infos"][0].chosen
    serial = f"{recipient['rid'].chosen['serial_number'].native:x}"
    assert serial == bidder(algorithm).certificate.serial_number
    assert outer.dump(force=True) == sealed


def test_a_third_party_library_opens_both_suites() -> None:
    inner = cms.ContentInfo.load(envelope())["content"]
    key = bidder().key.decrypt(inner["recipient_infos"][0].chosen["encrypted_key"].native)
    content = inner["auth_encrypted_content_info"]
    nonce = content["content_encryption_algorithm"]["parameters"].parse(core.Sequence)[0].native
    assert AESGCM(key).decrypt(nonce, content["encrypted_content"].native + inner["mac"].native, None) == b"content"
    gm = bidder("sm2")
    wrapped = cms.ContentInfo.load(envelope(algorithm="sm2"))["content"]["recipient_infos"][0].chosen["encrypted_key"]
    assert len(sm2.decrypt(private=gm.key.raw, ciphertext=wrapped.native)) == 16


def test_stock_openssl_opens_an_international_envelope(tmp_path: Path) -> None:
    (tmp_path / "x.p7m").write_bytes(envelope("内容".encode()))
    (tmp_path / "c.pem").write_bytes(bidder().certificate.pem)
    (tmp_path / "k.pem").write_bytes(bidder().key.to_pem(None))
    command = "openssl cms -decrypt -inform DER -in x.p7m -recip c.pem -inkey k.pem -out x"
    subprocess.run(command.split(), cwd=tmp_path, check=True)
    assert (tmp_path / "x").read_text() == "内容"


def test_we_open_what_stock_openssl_sealed(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"from openssl")
    (tmp_path / "c.pem").write_bytes(bidder().certificate.pem)
    options = "-keyopt rsa_padding_mode:oaep -keyopt rsa_oaep_md:sha256 -keyopt rsa_mgf1_md:sha256"
    command = f"openssl cms -encrypt -binary -aes-256-gcm -outform DER -in x -out x.p7m -recip c.pem {options}"
    subprocess.run(command.split(), cwd=tmp_path, check=True)
    data = (tmp_path / "x.p7m").read_bytes()
    # OpenSSL writes indefinite lengths: the same content in DER is what a strict reader takes.
    strict = cms.ContentInfo.load(data).copy()
    assert (
        open_small(data=strict.dump(force=True), key=bidder().key, certificate=bidder().certificate) == b"from openssl"
    )


@pytest.mark.parametrize("length", [0, 127, 128, 255, 256, 65535, 65536, 2**32])
def test_lengths_are_written_as_der_wants_them(length: int) -> None:
    start = der_start(0x04, length)
    assert start[0] == 0x04
    if length < 128:
        assert start[1:] == bytes([length])
    else:
        assert start[1] == 0x80 + len(start) - 2
        assert start[2] != 0
        assert int.from_bytes(start[2:], "big") == length


def test_recipients_stand_in_the_order_of_a_set() -> None:
    keys = [wrap_key(content_key=bytes(32), certificate=bidder(number=n).certificate, suite=INTL) for n in (1, 2, 3)]
    first = build_header(suite=INTL, recipients=keys, nonce=bytes(12), content_bytes=9)
    assert first == build_header(suite=INTL, recipients=keys[::-1], nonce=bytes(12), content_bytes=9)
    read_back = read_envelope(first, size=len(first) + 9 + TAIL_BYTES)
    assert set(read_back.recipients) == set(keys)
    for number in (1, 2, 3):
        who = bidder(number=number)
        assert read_back.unwrap_key(key=who.key, certificate=who.certificate) == bytes(32)


@pytest.mark.parametrize(
    "data", [b"", b"%PDF-1.7", b"PK\x03\x04", b"0", b"\x30\x80", bytes(600), der(0x30, der(0x06, b"\x2a"))]
)
def test_what_is_not_an_envelope_counts_as_unencrypted(data: bytes) -> None:
    assert code_of(lambda: read(data)) == "bid.unencrypted"


@pytest.mark.parametrize("kind", ["data", "enveloped_data", "signed_data"])
def test_another_content_type_counts_as_unencrypted(kind: str) -> None:
    content_type = cms.ContentType(kind).dump()
    assert code_of(lambda: read(der(0x30, content_type, der(0xA0, der(0x30))))) == "bid.unencrypted"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (SUITES["INTL"].content_oid, SUITES["INTL"].content_oid[:-1] + b"\x06"),  # AES-128-GCM
        (SUITES["INTL"].content_oid, SUITES["INTL"].content_oid[:-1] + b"\x2a"),  # AES-256-CBC
        (bytes.fromhex("2a864886f70d010107"), bytes.fromhex("2a864886f70d010101")),  # PKCS #1 v1.5
    ],
)
def test_an_algorithm_outside_the_suites_is_refused(old: bytes, new: bytes) -> None:
    assert code_of(lambda: read(envelope().replace(old, new))) == "bid.suite.unknown"


def test_a_mixed_suite_is_refused() -> None:
    transport = Recipient(identify(bidder().certificate), b"wrapped")
    mixed = build_header(suite=SUITES["GM"], recipients=[transport], nonce=bytes(12), content_bytes=0)
    mixed = mixed.replace(SUITES["GM"].content_oid, b"\x06\x08" + SUITES["INTL"].content_oid[2:10])
    assert code_of(lambda: read(mixed + build_tail(bytes(16)))) == "bid.suite.unknown"


@given(st.data())
def test_a_changed_header_is_refused_or_opens_nothing(data: st.DataObject) -> None:
    sealed = bytearray(envelope())
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(BrokenBid):
        open_small(data=bytes(sealed), key=bidder().key, certificate=bidder().certificate)


@given(st.data())
def test_a_cut_envelope_is_refused(data: st.DataObject) -> None:
    sealed = envelope()
    with pytest.raises(BrokenBid):
        read(sealed[: data.draw(st.integers(0, len(sealed) - 1))])


@pytest.mark.parametrize(
    ("recipients", "nonce"), [(0, bytes(12)), (MOST_RECIPIENTS + 1, bytes(12)), (1, bytes(11)), (1, bytes(16))]
)
def test_a_strange_number_of_recipients_or_nonce_is_refused(recipients: int, nonce: bytes) -> None:
    one = [Recipient(identify(bidder().certificate), bytes([number])) for number in range(recipients)]
    header = build_header(suite=INTL, recipients=one, nonce=nonce, content_bytes=0)
    code = "bid.suite.unknown" if not recipients else "bid.file.malformed"
    assert code_of(lambda: read(header + build_tail(bytes(16)))) == code


def test_bytes_after_the_envelope_are_refused() -> None:
    assert code_of(lambda: read(envelope() + b"x")) == "bid.file.malformed"


def test_a_tail_that_is_no_octet_string_is_refused() -> None:
    assert read_tail(build_tail(bytes(range(16)))) == bytes(range(16))
    assert code_of(lambda: read_tail(b"\x05" + bytes(17))) == "bid.file.malformed"


@pytest.mark.parametrize(("algorithm", "foreign"), [("rsa", "sm2"), ("sm2", "rsa")])
def test_only_the_holder_of_the_right_certificate_and_key_opens(algorithm: str, foreign: str) -> None:
    who, other, alien = bidder(algorithm), bidder(algorithm, number=2), bidder(foreign)
    sealed = envelope(algorithm=algorithm)
    found = read_envelope(sealed, size=len(sealed))
    assert len(found.unwrap_key(key=who.key, certificate=who.certificate)) == found.suite.key_bytes
    for key, certificate in (
        (other.key, other.certificate),
        (other.key, who.certificate),
        (alien.key, who.certificate),
    ):
        code = code_of(lambda key=key, certificate=certificate: found.unwrap_key(key=key, certificate=certificate))
        assert code == "bid.key.not_recipient"


def test_a_wrapped_key_of_the_wrong_length_is_refused() -> None:
    who = bidder()
    short = Recipient(identify(who.certificate), who.certificate.public_key.encrypt(bytes(16)))
    header = build_header(suite=INTL, recipients=[short], nonce=bytes(12), content_bytes=0)
    found = read_envelope(header, size=len(header) + TAIL_BYTES)
    assert code_of(lambda: found.unwrap_key(key=who.key, certificate=who.certificate)) == "bid.key.wrong"


def test_the_suite_follows_the_certificate() -> None:
    assert suite_for(bidder().certificate).name == "INTL"
    assert suite_for(bidder("sm2").certificate).name == "GM"
    with pytest.raises(ValueError, match="不能用于加密"):
        suite_for(bidder("ecdsa").certificate)


def test_a_certificate_of_another_suite_or_for_signing_only_is_no_recipient() -> None:
    for certificate in (bidder("sm2").certificate, bidder(usage="sign").certificate):
        with pytest.raises(ValueError, match="不能用于 INTL"):
            wrap_key(content_key=bytes(32), certificate=certificate, suite=INTL)


@pytest.mark.parametrize("size", [0, 1, 15, 16, CHUNK - 1, CHUNK, CHUNK + 1, 5 * CHUNK + 3])
@pytest.mark.parametrize("suite", ["INTL", "GM"])
def test_streams_of_any_size_come_back_with_their_digests(suite: str, size: int) -> None:
    data = bytes(range(256)) * (size // 256 + 1)
    chosen, key, nonce, sink = SUITES[suite], bytes(SUITES[suite].key_bytes), bytes(12), io.BytesIO()
    with Digester(sm3=True, size=size) as sealed:
        encrypt(
            source=io.BytesIO(data),
            size=size,
            cipher=chosen.cipher(key=key, nonce=nonce),
            sink=sink,
            sealed=sealed,
        )
        before = sealed.finish()
    assert len(sink.getvalue()) == size + TAIL_BYTES
    header = build_header(suite=chosen, recipients=[Recipient(b"\x30\0", b"")], nonce=nonce, content_bytes=size)
    found = read_envelope(header, size=len(header) + size + TAIL_BYTES)
    tag = read_tail(sink.getvalue()[size:])
    with Digester(sm3=True, size=size) as sealed:
        file = io.BytesIO(sink.getvalue())
        opened = b"".join(decrypt(file=file, envelope=found, key=key, tag=tag, sealed=sealed))
        sealed.update(memoryview(build_tail(tag)))
        after = sealed.finish()
    assert opened == data[:size]
    written = digest_bytes(sink.getvalue())
    assert before == after == (written.sha256, written.sm3)


def test_a_source_shorter_than_announced_is_an_error() -> None:
    with Digester(sm3=False, size=0) as digester, pytest.raises(ValueError, match="少 2 字节"):
        encrypt(
            source=io.BytesIO(b"123"),
            size=5,
            cipher=INTL.cipher(key=bytes(32), nonce=bytes(12)),
            sink=io.BytesIO(),
            sealed=digester,
        )


def test_a_file_shorter_than_announced_is_truncated() -> None:
    with Digester(sm3=False, size=0) as digester:
        assert code_of(lambda: digest(file=io.BytesIO(b"123"), size=5, into=digester)) == "bid.file.truncated"
