import base64
import hashlib

import gmalg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from yangguang.proof.notes import (
    BadNote,
    Checkpoint,
    Signer,
    Verifier,
    add_signatures,
    cosignature_verifier,
    cosigner,
    ed25519_signer,
    ed25519_verifier,
    open_checkpoint,
    open_note,
    parse_checkpoint,
    parse_verifier_key,
    sign_note,
    sm2_signer,
    sm2_verifier,
    sm3_extension,
)

# The example key and note of the C2SP signed-note specification.
SPEC_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
SPEC_NOTE = (
    "This is an example message.\n\n"
    "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
).encode()

ORIGIN = "shili.example/yangguang"
KEY = Ed25519PrivateKey.from_private_bytes(b"\x01" * 32)
WITNESS_KEY = Ed25519PrivateKey.from_private_bytes(b"\x02" * 32)
NOTARY_KEY = Ed25519PrivateKey.from_private_bytes(b"\x03" * 32)
LOG = ed25519_signer(name=ORIGIN, key=KEY)
WITNESS = cosigner(name="supervisor.example/w1", key=WITNESS_KEY, time=1_700_000_000)
SECOND_WITNESS = cosigner(name="notary.example/w2", key=NOTARY_KEY, time=0)
STRANGER = ed25519_signer(name="stranger.example", key=WITNESS_KEY)
ROOT, SM3_ROOT = b"r" * 32, b"s" * 32
CHECKPOINT = Checkpoint(origin=ORIGIN, size=42, root=ROOT, extensions=(sm3_extension(SM3_ROOT),))
NOTE = sign_note(text=CHECKPOINT.text(), signers=[LOG])
SECRET, PUBLIC = gmalg.SM2().generate_keypair()


def raw(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes_raw()


def sm2_sign(text: bytes) -> bytes:
    return b"".join(gmalg.SM2(sk=SECRET, uid=b"1234567812345678", pk=PUBLIC).sign(text))


def sm2_check(public: bytes):
    def check(text: bytes, signature: bytes) -> bool:
        return gmalg.SM2(uid=b"1234567812345678", pk=public).verify(text, signature[:32], signature[32:])

    return check


def line(name: str, value: bytes) -> bytes:
    return f"— {name} {base64.b64encode(value).decode()}\n".encode()


def test_the_specifications_example_opens_under_its_key() -> None:
    opened = open_note(note=SPEC_NOTE, verifiers=[parse_verifier_key(SPEC_KEY)])
    assert opened.text == "This is an example message.\n"
    assert [(each.name, each.key_id.hex(), each.time) for each in opened.signatures] == [
        ("example.com/foo", "530d903a", None)
    ]


def test_the_specifications_example_with_any_changed_byte_does_not_open() -> None:
    verifiers = [parse_verifier_key(SPEC_KEY)]
    for place in range(len(SPEC_NOTE)):
        changed = SPEC_NOTE[:place] + bytes([SPEC_NOTE[place] ^ 1]) + SPEC_NOTE[place + 1 :]
        with pytest.raises(BadNote):
            open_note(note=changed, verifiers=verifiers)


def test_a_note_has_the_published_layout() -> None:
    key_id = hashlib.sha256(ORIGIN.encode() + b"\n\x01" + raw(KEY)).digest()[:4]
    text = CHECKPOINT.text().encode()
    signature = KEY.sign(text)
    assert text + b"\n" + line(ORIGIN, key_id + signature) == NOTE
    assert text.decode().split("\n") == [
        ORIGIN,
        "42",
        base64.b64encode(ROOT).decode(),
        f"yangguang/sm3-root {base64.b64encode(SM3_ROOT).decode()}",
        "",
    ]


def test_a_checkpoint_carries_the_sm3_root_beside_its_own() -> None:
    checkpoint, _ = open_checkpoint(note=NOTE, origin=ORIGIN, verifiers=[LOG.verifier])
    assert checkpoint == CHECKPOINT
    assert checkpoint.sm3_root == SM3_ROOT


def test_a_witness_signs_header_time_and_text() -> None:
    note = add_signatures(note=NOTE, signers=[WITNESS])
    key_id = hashlib.sha256(b"supervisor.example/w1\n\x04" + raw(WITNESS_KEY)).digest()[:4]
    value = base64.b64decode(note.splitlines()[-1].split(b" ")[2])
    assert (value[:4], int.from_bytes(value[4:12], "big")) == (key_id, 1_700_000_000)
    message = b"cosignature/v1\ntime 1700000000\n" + CHECKPOINT.text().encode()
    Ed25519PublicKey.from_public_bytes(raw(WITNESS_KEY)).verify(value[12:], message)
    opened = open_note(note=note, verifiers=[LOG.verifier, WITNESS.verifier])
    assert [(each.name, each.time) for each in opened.signatures] == [
        (ORIGIN, None),
        ("supervisor.example/w1", 1_700_000_000),
    ]


def test_the_time_of_a_cosignature_cannot_be_changed() -> None:
    note = add_signatures(note=NOTE, signers=[WITNESS])
    value = bytearray(base64.b64decode(note.splitlines()[-1].split(b" ")[2]))
    value[11] ^= 1
    changed = NOTE + line("supervisor.example/w1", bytes(value))
    with pytest.raises(BadNote, match=r"supervisor\.example/w1 的签名不成立"):
        open_note(note=changed, verifiers=[LOG.verifier, WITNESS.verifier])


@pytest.mark.parametrize("value", [b"\xff" * 72, b"\x00" * 7, b"\x00" * 8, b"\x00" * 73])
def test_a_malformed_cosignature_is_refused(value: bytes) -> None:
    verifier = WITNESS.verifier
    with pytest.raises(BadNote, match="不成立"):
        open_note(note=NOTE + line(verifier.name, verifier.key_id + value), verifiers=[LOG.verifier, verifier])


def test_a_cosignature_dated_past_2_to_the_63_is_refused_though_signed() -> None:
    text = CHECKPOINT.text().encode()
    signature = WITNESS_KEY.sign(b"cosignature/v1\ntime %d\n" % 2**63 + text)
    value = WITNESS.verifier.key_id + (2**63).to_bytes(8, "big") + signature
    with pytest.raises(BadNote, match="不成立"):
        open_note(note=NOTE + line(WITNESS.verifier.name, value), verifiers=[LOG.verifier, WITNESS.verifier])


@pytest.mark.parametrize("time", [-1, 2**63])
def test_a_witness_does_not_sign_at_an_impossible_time(time: int) -> None:
    with pytest.raises(BadNote, match="会签时间"):
        cosigner(name="w", key=WITNESS_KEY, time=time)


def test_an_sm2_line_is_signed_and_checked_by_the_callables_given() -> None:
    signer = sm2_signer(name=ORIGIN, public_key=PUBLIC, sign=sm2_sign)
    note = add_signatures(note=NOTE, signers=[signer])
    verifier = sm2_verifier(name=ORIGIN, public_key=PUBLIC, verify=sm2_check(PUBLIC))
    material = b"\xffyangguang-sm2-sm3/v1" + PUBLIC
    assert verifier.key_id == hashlib.sha256(ORIGIN.encode() + b"\n" + material).digest()[:4]
    opened = open_note(note=note, verifiers=[LOG.verifier, verifier])
    assert [each.signature_type for each in opened.signatures] == [b"\x01", b"\xffyangguang-sm2-sm3/v1"]
    assert [each.time for each in opened.signatures] == [None, None]
    other_text = NOTE.replace(b"\n42\n", b"\n43\n").partition(b"\n\n")[0] + b"\n\n" + note.splitlines()[-1] + b"\n"
    with pytest.raises(BadNote, match="不成立"):
        open_note(note=other_text, verifiers=[verifier])


def test_what_signs_with_sm2_does_not_check() -> None:
    signer = sm2_signer(name=ORIGIN, public_key=PUBLIC, sign=sm2_sign)
    assert not signer.verifier.check(b"text", sm2_sign(b"text"))


def test_unknown_signatures_are_ignored_and_counted() -> None:
    opened = open_note(note=add_signatures(note=NOTE, signers=[STRANGER]), verifiers=[LOG.verifier])
    assert ([each.name for each in opened.signatures], opened.ignored) == ([ORIGIN], 1)


def test_a_known_name_with_an_unknown_key_is_unknown() -> None:
    other = ed25519_signer(name=ORIGIN, key=WITNESS_KEY)
    with pytest.raises(BadNote, match="没有任何已知密钥"):
        open_note(note=NOTE, verifiers=[other.verifier])


def test_one_wrong_signature_of_a_known_key_spoils_the_note() -> None:
    wrong = STRANGER.verifier.key_id + bytes(64)
    with pytest.raises(BadNote, match=r"stranger\.example 的签名不成立"):
        open_note(note=NOTE + line("stranger.example", wrong), verifiers=[LOG.verifier, STRANGER.verifier])


def test_the_same_key_twice_is_refused() -> None:
    with pytest.raises(BadNote, match="重复"):
        add_signatures(note=NOTE, signers=[LOG])


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"\n",
        b"text\n",
        b"text\n\n",
        b"\n\n" + line("a", b"12345"),
        b"text\n\n" + line("a", b"12345")[:-1],
        b"text\r\n\n" + line("a", b"12345"),
        b"te\x00xt\n\n" + line("a", b"12345"),
        b"te\xffxt\n\n" + line("a", b"12345"),
        b"text\n\n" + line("a", b"1234"),
        b"text\n\n" + line("", b"12345"),
        b"text\n\n" + line("a+b", b"12345"),
        b"text\n\n" + line("a\u00a0b", b"12345"),
        b"text\n\n" + "— a\n".encode(),
        b"text\n\n" + "— a !!!!\n".encode(),
        b"text\n\n" + "— a MTIzNDU\n".encode(),
        b"text\n\n" + "— a MTIzNDV=\n".encode(),
        b"text\n\n" + "— a MTIzNDU= \n".encode(),
        b"text\n\n" + "— a 签=\n".encode(),
        b"text\n\n- a MTIzNDU=\n",
        b"text\n\n" + line("a", b"12345") + b"trailing\n",
        b"text\n\n" + b"".join(line(f"name{number}", b"12345") for number in range(101)),
    ],
)
def test_a_note_of_another_form_is_refused(broken: bytes) -> None:
    everyone = [LOG.verifier]
    with pytest.raises(BadNote) as refusal:
        open_note(note=broken, verifiers=everyone)
    assert "没有任何已知密钥" not in str(refusal.value)


def test_a_hundred_signatures_are_read() -> None:
    lines = b"".join(line(f"name{number}", b"12345") for number in range(99))
    assert open_note(note=NOTE + lines, verifiers=[LOG.verifier]).ignored == 99


def test_the_text_may_have_empty_lines() -> None:
    text = "第一段\n\n第二段\n\n"
    note = sign_note(text=text, signers=[LOG])
    assert open_note(note=note, verifiers=[LOG.verifier]).text == text


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.just("\n"), max_size=40).map("x{}\n".format))
@settings(max_examples=40)
def test_every_text_that_ends_in_a_newline_opens_again(text: str) -> None:
    assert open_note(note=sign_note(text=text, signers=[LOG]), verifiers=[LOG.verifier]).text == text


@pytest.mark.parametrize("text", ["", "no newline", "text\n\n— a MTIzNDU=", "\ttab\n", "\n"])
def test_other_texts_are_not_signed(text: str) -> None:
    with pytest.raises(BadNote):
        sign_note(text=text, signers=[LOG])


def test_a_note_without_signers_is_no_note() -> None:
    with pytest.raises(BadNote, match="签名行数 0"):
        sign_note(text="text\n", signers=[])


@pytest.mark.parametrize("verifier", [LOG.verifier, WITNESS.verifier, STRANGER.verifier])
def test_verifier_keys_read_back(verifier: Verifier) -> None:
    again = parse_verifier_key(verifier.encoded())
    assert (again.name, again.key_id, again.signature_type) == (
        verifier.name,
        verifier.key_id,
        verifier.signature_type,
    )


def test_an_sm2_verifier_key_reads_back_with_its_check() -> None:
    encoded = sm2_verifier(name=ORIGIN, public_key=PUBLIC, verify=sm2_check(PUBLIC)).encoded()
    again = parse_verifier_key(encoded, sm2=sm2_check)
    assert (again.public_key, again.encoded()) == (PUBLIC, encoded)
    assert again.check(b"text", sm2_sign(b"text"))
    with pytest.raises(BadNote, match="算法未知"):
        parse_verifier_key(encoded)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name",
        SPEC_KEY.replace("530d903a", "530d903b"),
        SPEC_KEY.replace("530d903a", "530D903A"),
        SPEC_KEY.replace("foo", "fox"),
        f"{SPEC_KEY} ",
        SPEC_KEY[:-4],
        "name+00000000+" + base64.b64encode(b"\x02" + bytes(32)).decode(),
        "name+00000000+" + base64.b64encode(b"\xffother" + bytes(65)).decode(),
        "name+00000000+",
    ],
)
def test_a_verifier_key_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(BadNote):
        parse_verifier_key(text, sm2=sm2_check)


def test_a_key_of_the_wrong_length_makes_no_verifier() -> None:
    with pytest.raises(BadNote, match="公钥长度"):
        ed25519_verifier(name="a", public_key=bytes(31))
    with pytest.raises(BadNote, match="公钥长度"):
        cosignature_verifier(name="a", public_key=bytes(33))
    with pytest.raises(BadNote, match="公钥长度"):
        sm2_verifier(name="a", public_key=bytes(64), verify=sm2_check(PUBLIC))
    with pytest.raises(BadNote, match="公钥长度"):
        Verifier(name="a", signature_type=b"\x02", public_key=bytes(32), check=lambda _text, _signature: True)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u3000b", "a\nb", "a\x00b"])
def test_a_name_that_would_break_the_line_is_refused(name: str) -> None:
    with pytest.raises(BadNote, match="密钥名"):
        ed25519_signer(name=name, key=KEY)


def test_another_logs_checkpoint_is_refused() -> None:
    with pytest.raises(BadNote, match=r"不是 other\.example 的"):
        open_checkpoint(note=NOTE, origin="other.example", verifiers=[LOG.verifier])


def test_a_witness_alone_does_not_make_a_checkpoint() -> None:
    note = sign_note(text=CHECKPOINT.text(), signers=[WITNESS])
    with pytest.raises(BadNote, match="日志自己的签名"):
        open_checkpoint(note=note, origin=ORIGIN, verifiers=[LOG.verifier], witnesses=[WITNESS.verifier])


def seen_by(*signers: Signer, quorum: int) -> int:
    note = add_signatures(note=NOTE, signers=signers)
    witnesses = [WITNESS.verifier, SECOND_WITNESS.verifier]
    _, opened = open_checkpoint(note=note, origin=ORIGIN, verifiers=[LOG.verifier], witnesses=witnesses, quorum=quorum)
    return len(opened.signatures)


def test_a_quorum_of_witnesses_is_held_to() -> None:
    assert seen_by(quorum=0) == 1
    assert seen_by(WITNESS, quorum=1) == 2
    assert seen_by(WITNESS, SECOND_WITNESS, quorum=2) == 3
    with pytest.raises(BadNote, match="需要 2 家见证人会签，只有 1 家"):
        seen_by(WITNESS, STRANGER, quorum=2)


def test_one_witness_under_two_names_counts_once_and_the_log_never() -> None:
    again = cosigner(name="supervisor.example/again", key=WITNESS_KEY, time=5)
    itself = cosigner(name="log.example/self", key=KEY, time=5)
    note = add_signatures(note=NOTE, signers=[WITNESS, again, itself])
    witnesses = [WITNESS.verifier, again.verifier, itself.verifier]
    with pytest.raises(BadNote, match="需要 2 家见证人会签，只有 1 家"):
        open_checkpoint(note=note, origin=ORIGIN, verifiers=[LOG.verifier], witnesses=witnesses, quorum=2)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a\n1\n",
        f"a\n01\n{base64.b64encode(ROOT).decode()}\n",
        f"a\n-1\n{base64.b64encode(ROOT).decode()}\n",
        f"a\n١\n{base64.b64encode(ROOT).decode()}\n",
        f"a\n9999999999999999999\n{base64.b64encode(ROOT).decode()}\n",
        f"a\n1\n{base64.b64encode(ROOT).decode()}",
        f"a\n1\n{base64.b64encode(ROOT).decode()}\n\n",
        f"\n1\n{base64.b64encode(ROOT).decode()}\n",
        f"a\n1\n{base64.b64encode(ROOT[:31]).decode()}\n",
        "a\n1\nroot\n",
        f"a\n1\n{base64.b64encode(ROOT).decode()}\nyangguang/sm3-root\n",
        f"a\n1\n{base64.b64encode(ROOT).decode()}\n{sm3_extension(b'short')}\n",
        f"a\n1\n{base64.b64encode(ROOT).decode()}\n{sm3_extension(SM3_ROOT)}\n{sm3_extension(SM3_ROOT)}\n",
    ],
)
def test_a_checkpoint_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(BadNote):
        parse_checkpoint(text)


def test_the_empty_log_and_foreign_extensions_are_read() -> None:
    text = f"空日志\n0\n{base64.b64encode(ROOT).decode()}\nsomething else\n"
    checkpoint = parse_checkpoint(text)
    assert (checkpoint.size, checkpoint.extensions, checkpoint.sm3_root) == (0, ("something else",), None)
    assert checkpoint.text() == text


def test_a_line_break_cannot_be_smuggled_into_a_checkpoint() -> None:
    with pytest.raises(BadNote, match="换行"):
        Checkpoint(origin="a\nb", size=0, root=ROOT)
