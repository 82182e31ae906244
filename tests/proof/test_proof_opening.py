import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proof.sealed_bids import (
    AT,
    PARTS,
    Bidder,
    bidder,
    code_of,
    forge,
    inspect,
    members_of,
    seal,
    write_members,
)
from yangguang.proof.bid_rescue import RescuePlan, check_rescue, release_share, rescue_content_keys
from yangguang.proof.broken import BrokenBid
from yangguang.proof.canonical import canonical
from yangguang.proof.envelope import LONGEST_HEADER, SUITES, build_header, build_tail, read_envelope, wrap_key
from yangguang.proof.inspection import Bid, read_bid, read_heads
from yangguang.proof.key_release import read_released_keys, release_keys
from yangguang.proof.manifest import key_commitment
from yangguang.proof.opening import open_part, recover_content_keys, try_opening
from yangguang.proof.signatures import sign
from yangguang.proof.streams import CHUNK
from yangguang.proof.tarfiles import END, PartFile, TarSource, member_header

KEEP = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    seal(tmp_path / "bid.ygb")
    return tmp_path / "bid.ygb"


def keys_of(bid: Bid, who: Bidder | None = None) -> dict[str, bytes]:
    who = who or bidder()
    return recover_content_keys(bid=bid, key=who.key, certificate=who.certificate)


def everything_in(folder: Path) -> set[str]:
    return {str(one.relative_to(folder)) for one in folder.rglob("*")}


@pytest.mark.parametrize("algorithm", ["rsa", "sm2"])
def test_an_opened_part_has_its_files_and_only_they_appear(tmp_path: Path, algorithm: str) -> None:
    who = bidder(algorithm)
    seal(tmp_path / "bid.ygb", who=who)
    bid = inspect(tmp_path / "bid.ygb")
    keys = keys_of(bid, who)
    assert {name: len(key) for name, key in keys.items()} == dict.fromkeys(PARTS, {"rsa": 32, "sm2": 16}[algorithm])
    opened = open_part(bid=bid, part="technical", content_key=keys["technical"], destination=tmp_path / "out")
    assert [(one.name, one.size) for one in opened.files] == [("技术标.pdf", 13), ("empty.txt", 0)]
    assert everything_in(tmp_path) == {"bid.ygb", "out", "out/技术标.pdf", "out/empty.txt"}
    assert (tmp_path / "out/技术标.pdf").read_bytes() == b"%PDF-1.7 plan"


@given(st.lists(st.integers(0, 3000) | st.sampled_from([CHUNK - 512, CHUNK, CHUNK + 1, 4 * CHUNK + 5]), max_size=3))
@KEEP
@pytest.mark.parametrize("suite", ["rsa", "sm2"])
def test_files_of_any_size_come_back(tmp_path_factory: pytest.TempPathFactory, suite: str, sizes: list[int]) -> None:
    folder = tmp_path_factory.mktemp("sizes")
    contents = {f"{number}.pdf": (b"%d|" % number * (size // 2 + 1))[:size] for number, size in enumerate(sizes)}
    seal(folder / "a.ygb", who=bidder(suite), parts={"p": [PartFile(*item) for item in contents.items()]})
    bid = inspect(folder / "a.ygb")
    key = keys_of(bid, bidder(suite))["p"]
    opened = open_part(bid=bid, part="p", content_key=key, destination=folder / "out")
    assert {one.name: (folder / "out" / one.name).read_bytes() for one in opened.files} == contents


def test_the_trial_says_yes_for_the_right_certificate_and_keeps_nothing(path: Path) -> None:
    trials = try_opening(bid=inspect(path), key=bidder().key, certificate=bidder().certificate)
    assert [(one.part, one.refusal) for one in trials] == [("technical", None), ("price", None)]
    assert trials[1].opened is not None
    assert [one.name for one in trials[1].opened.files] == ["price.json"]
    assert everything_in(path.parent) == {"bid.ygb"}


def test_the_trial_says_why_a_renewed_certificate_does_not_open(path: Path) -> None:
    renewed = bidder(number=2)
    trials = try_opening(bid=inspect(path), key=renewed.key, certificate=renewed.certificate)
    assert [one.refusal and one.refusal.code for one in trials] == ["bid.key.not_recipient"] * 2
    assert [one.opened for one in trials] == [None, None]


def refused(bid: Bid, content_key: bytes, *, part: str = "price") -> str:
    """The code an opening is refused with; nothing may remain of it."""
    folder = bid.path.parent
    before = everything_in(folder)
    code = code_of(lambda: open_part(bid=bid, part=part, content_key=content_key, destination=folder / "out"))
    assert everything_in(folder) == before
    return code


def test_a_wrong_key_is_refused(path: Path) -> None:
    bid = inspect(path)
    keys = keys_of(bid)
    assert refused(bid, keys["technical"]) == "bid.key.wrong"
    assert refused(bid, bytes(32)) == "bid.key.wrong"
    assert refused(bid, b"") == "bid.key.wrong"
    assert refused(bid, keys["price"], part="other") == "bid.part.unknown"


def test_a_key_commitment_to_a_key_of_another_length_is_refused(path: Path) -> None:
    manifest = inspect(path).manifest
    short = manifest.commitment_to(part="price", content_key=bytes(16))
    forge(path, change=lambda value: value["parts"][1].update(key_commitment=short))
    assert refused(inspect(path), bytes(16)) == "bid.key.wrong"


@given(st.data())
@KEEP
def test_a_byte_changed_in_a_part_after_inspection_stops_the_opening(path: Path, data: st.DataObject) -> None:
    bid = inspect(path)
    key = keys_of(bid)["price"]
    whole = path.read_bytes()
    start, size = bid.contents["price"].offset, bid.manifest.part("price").size
    changed = bytearray(whole)
    changed[start + data.draw(st.integers(0, size - 19))] ^= data.draw(st.integers(1, 255))
    path.write_bytes(changed)
    try:
        assert refused(bid, key) == "bid.file.tampered"
        with pytest.raises(BrokenBid):
            inspect(path)
    finally:
        path.write_bytes(whole)


def test_a_file_cut_after_inspection_stops_the_opening(path: Path) -> None:
    bid = inspect(path)
    key = keys_of(bid)["price"]
    path.write_bytes(path.read_bytes()[: bid.contents["price"].offset + 900])
    assert refused(bid, key) == "bid.file.truncated"


def test_an_opening_never_overwrites(path: Path) -> None:
    bid = inspect(path)
    (path.parent / "out").mkdir()
    with pytest.raises(FileExistsError):
        open_part(bid=bid, part="price", content_key=keys_of(bid)["price"], destination=path.parent / "out")


def sealed_by_hand(plain: bytes, *, key: bytes) -> bytes:
    """A part with any plaintext, as a dishonest tool would make it."""
    recipient = wrap_key(content_key=key, certificate=bidder().certificate, suite=SUITES["INTL"])
    header = build_header(suite=SUITES["INTL"], recipients=[recipient], nonce=bytes(12), content_bytes=len(plain))
    sealed = AESGCM(key).encrypt(bytes(12), plain, None)
    return header + sealed[:-16] + build_tail(sealed[-16:])


def forge_price(path: Path, content: bytes, *, key: bytes) -> Bid:
    """A signed bid whose price part is `content`, committed to `key`."""
    bid = read_bid(path)

    def commit(manifest: dict[str, Any]) -> None:
        manifest["parts"][1].update(
            key_commitment=key_commitment(
                tender=bid.manifest.tender,
                lot=bid.manifest.lot,
                bidder=bid.manifest.bidder,
                part="price",
                content_key=key,
            ),
        )

    forge(path, contents={"parts/price.p7m": content}, change=commit)
    return inspect(path)


def test_another_content_under_the_committed_key_is_refused(path: Path) -> None:
    key, plain = bytes(range(32)), member_header("price.json", 0) + END
    bid = forge_price(path, sealed_by_hand(plain, key=key), key=key)
    open_part(bid=bid, part="price", content_key=key, destination=path.parent / "good")
    other = sealed_by_hand(member_header("other.json", 0) + END, key=key)
    write_members(path, {**members_of(path), "parts/price.p7m": other}.items())
    assert refused(read_bid(path), key) == "bid.file.tampered"


@pytest.mark.parametrize(
    "plain",
    [
        b"",
        b"no archive",
        member_header("../../evil", 0) + END,
        member_header("a", 5) + b"12",
        END + b"x",
        END + bytes(3 << 20),
    ],
)
def test_an_authentic_part_that_is_no_clean_archive_is_refused(path: Path, plain: bytes) -> None:
    key = bytes(range(32))
    bid = forge_price(path, sealed_by_hand(plain, key=key), key=key)
    assert refused(bid, key) == "bid.content.malformed"


def multiply(one: int, other: int) -> int:
    """In the field of GHASH (SP 800-38D §6.3)."""
    product = 0
    for bit in range(127, -1, -1):
        if one >> bit & 1:
            product ^= other
        other = other >> 1 ^ (0xE1 << 120 if other & 1 else 0)
    return product


def power(base: int, exponent: int) -> int:
    result = 1 << 127
    for _ in range(exponent):
        result = multiply(result, base)
    return result


def invert(value: int) -> int:
    result = 1 << 127
    for _ in range(127):
        value = multiply(value, value)
        result = multiply(result, value)
    return result


def block(key: bytes, data: bytes) -> int:
    encryptor = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305 - GCM is built from it
    return int.from_bytes(encryptor.update(data), "big")


def one_ciphertext_for_two_keys(keys: tuple[bytes, bytes], plain: bytes, free: int) -> bytes:
    """Ciphertext and tag, good under both keys with nonce 0: block `free` of the plaintext is given up for it."""
    sealed = bytearray(AESGCM(keys[0]).encrypt(bytes(12), plain, None)[:-16])
    sealed[16 * free : 16 * free + 16] = bytes(16)
    blocks = [int.from_bytes(sealed[at : at + 16], "big") for at in range(0, len(sealed), 16)] + [8 * len(sealed)]
    hashed, masks = [block(key, bytes(16)) for key in keys], [block(key, bytes(15) + b"\1") for key in keys]
    difference = masks[0] ^ masks[1]
    for at, value in enumerate(blocks):
        for base in hashed:
            difference ^= multiply(value, power(base, len(blocks) - at))
    weight = power(hashed[0], len(blocks) - free) ^ power(hashed[1], len(blocks) - free)
    solution = multiply(difference, invert(weight))
    sealed[16 * free : 16 * free + 16] = blocks[free].to_bytes(16, "big") and solution.to_bytes(16, "big")
    blocks[free] = solution
    tag = masks[0]
    for at, value in enumerate(blocks):
        tag ^= multiply(value, power(hashed[0], len(blocks) - at))
    return bytes(sealed) + tag.to_bytes(16, "big")


def test_a_ciphertext_that_opens_under_two_keys_opens_only_under_the_committed_one(path: Path) -> None:
    keys = (bytes(range(32)), bytes(range(32, 64)))
    source = TarSource([PartFile("price.json", b"{" + b" " * 60 + b"}")])
    source.readinto(memoryview(plain := bytearray(source.size)))
    both = one_ciphertext_for_two_keys(keys, bytes(plain), free=33)
    first, second = (AESGCM(key).decrypt(bytes(12), both, None) for key in keys)
    assert first != second  # the cipher alone takes both for authentic: two bids in one file
    recipient = wrap_key(content_key=keys[0], certificate=bidder().certificate, suite=SUITES["INTL"])
    header = build_header(suite=SUITES["INTL"], recipients=[recipient], nonce=bytes(12), content_bytes=len(plain))
    content = header + both[:-16] + build_tail(both[-16:])
    bid = forge_price(path, content, key=keys[0])
    assert refused(bid, keys[1]) == "bid.key.wrong"
    open_part(bid=bid, part="price", content_key=keys[0], destination=path.parent / "opened")
    bid = forge_price(path, content, key=keys[1])  # whoever commits to the second key gives up the first
    assert refused(bid, keys[0]) == "bid.key.wrong"
    assert refused(bid, keys[1]) == "bid.content.malformed"


def test_released_keys_are_signed_by_the_bidder_and_open_the_bid(path: Path) -> None:
    bid, who = inspect(path), bidder()
    data = release_keys(bid=bid, content_keys=keys_of(bid), key=who.key, certificate=who.certificate, at=AT)
    assert read_released_keys(bid=bid, data=data) == keys_of(bid)


def release(bid: Bid, who: Bidder, **changes: Any) -> bytes:
    data = release_keys(bid=bid, content_keys=keys_of(bid), key=bidder().key, certificate=bidder().certificate, at=AT)
    signed = {**json.loads(data)["signed"], **changes}
    signature = sign(data=canonical(signed), key=who.key, certificate=who.certificate)
    return canonical({"signed": signed, "signature": signature.to_json()})


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"format": "yangguang-keys/2"}, "bid.release.other_bid"),
        ({"manifest": "ab" * 32}, "bid.release.other_bid"),
        ({"tender": "A02-9"}, "bid.release.other_bid"),
        ({"keys": []}, "bid.release.malformed"),
        ({"keys": {"price": "xyz"}}, "bid.release.malformed"),
        ({"keys": {"price": 1}}, "bid.release.malformed"),
        ({"keys": {"price": "00" * 32}}, "bid.key.wrong"),
        ({"keys": {"other": "00" * 32}}, "bid.part.unknown"),
    ],
)
def test_released_keys_that_do_not_fit_the_bid_are_refused(path: Path, changes: dict[str, Any], code: str) -> None:
    bid = inspect(path)
    assert code_of(lambda: read_released_keys(bid=bid, data=release(bid, bidder(), **changes))) == code


def test_keys_released_by_somebody_else_are_refused(path: Path) -> None:
    bid, other = inspect(path), bidder(code="91990000MA00000099", number=9)
    assert code_of(lambda: read_released_keys(bid=bid, data=release(bid, other))) == "bid.release.signature"
    value = json.loads(release(bid, bidder()))
    value["signed"]["created_at"] = "2030-01-01T00:00:00Z"
    assert code_of(lambda: read_released_keys(bid=bid, data=canonical(value))) == "bid.release.signature"


def test_a_release_that_is_none_is_refused(path: Path) -> None:
    bid = inspect(path)
    value = json.loads(release(bid, bidder()))
    for data in (b"", b"{}", canonical({**value, "signed": 1}), canonical({**value, "signature": {}})):
        assert code_of(lambda data=data: read_released_keys(bid=bid, data=data)) == "bid.release.malformed"


def heads_of(path: Path) -> dict[str, Any]:
    """The small members of a bid, and of each envelope no more than its header."""
    members = members_of(path)
    sealed = {part.name: members[part.file] for part in inspect(path).manifest.parts}
    sizes = {name: read_envelope(one[:LONGEST_HEADER], size=len(one)).header_bytes for name, one in sealed.items()}
    return {
        "manifest": members["manifest.json"],
        "signature": members["manifest.sig.json"],
        "heads": {name: one[: sizes[name]] for name, one in sealed.items()},
    }


@pytest.mark.parametrize("algorithm", ["rsa", "sm2"])
def test_the_heads_of_a_bid_give_its_keys_as_the_whole_file_does(tmp_path: Path, algorithm: str) -> None:
    who, path = bidder(algorithm), tmp_path / "bid.ygb"
    seal(path, who=who)
    whole, head = inspect(path), read_heads(**heads_of(path))
    keys = keys_of(head, who)
    assert (head.manifest, head.manifest_sha256) == (whole.manifest, whole.manifest_sha256)
    assert head.signature == whole.signature
    assert keys == keys_of(whole, who)
    data = release_keys(bid=head, content_keys=keys, key=who.key, certificate=who.certificate, at=AT)
    assert read_released_keys(bid=whole, data=data) == keys


def test_nothing_is_opened_of_a_bid_whose_heads_alone_are_there(path: Path) -> None:
    head = read_heads(**heads_of(path))
    key, out = keys_of(head)["price"], path.parent / "out"
    with pytest.raises(BrokenBid):
        open_part(bid=head, part="price", content_key=key, destination=out)
    assert everything_in(path.parent) == {"bid.ygb"}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda heads: heads.pop("price"), "bid.file.malformed"),
        (lambda heads: heads.update(other=heads["price"]), "bid.file.malformed"),
        (lambda heads: heads.update(price=heads["technical"]), "bid.file.malformed"),
        (lambda heads: heads.update(price=heads["price"][:-1]), "bid.file.malformed"),
        (lambda heads: heads.update(price=b"%PDF-1.7 in the clear"), "bid.unencrypted"),
    ],
)
def test_heads_other_than_the_manifest_lists_are_refused(
    path: Path, change: Callable[[dict[str, bytes]], object], code: str
) -> None:
    given = heads_of(path)
    change(given["heads"])
    assert code_of(lambda: read_heads(**given)) == code


def test_heads_under_a_manifest_that_the_bidder_did_not_sign_are_refused(path: Path) -> None:
    given, other = heads_of(path), path.with_name("other.ygb")
    seal(other, who=bidder(number=2))
    changed = given["manifest"].replace(b'"lot":"A', b'"lot":"B')
    assert code_of(lambda: read_heads(**given)) == ""
    assert code_of(lambda: read_heads(**given | {"manifest": changed})) == "bid.signature.bad"
    assert code_of(lambda: read_heads(**given | {"signature": heads_of(other)["signature"]})) == "bid.signature.bad"


def trustees() -> dict[str, Bidder]:
    return {"交易中心": bidder(number=11), "招标人": bidder("sm2", number=12), "监督": bidder(number=13)}


def plan(threshold: int = 2, *names: str) -> RescuePlan:
    chosen = {name: who.certificate for name, who in trustees().items() if name in (names or trustees())}
    return RescuePlan(threshold=threshold, trustees=chosen)


def released(bid: Bid, part: str, *names: str) -> dict[str, bytes]:
    found = (trustees()[name] for name in names)
    return dict(release_share(bid=bid, part=part, key=who.key, certificate=who.certificate) for who in found)


@pytest.mark.parametrize("names", [("交易中心", "招标人"), ("招标人", "监督"), ("监督", "招标人", "交易中心")])
@pytest.mark.parametrize("algorithm", ["rsa", "sm2"])
def test_enough_trustees_open_a_bid_whose_key_is_lost(tmp_path: Path, algorithm: str, names: tuple[str, ...]) -> None:
    seal(tmp_path / "bid.ygb", who=bidder(algorithm), rescue=plan())
    bid = inspect(tmp_path / "bid.ygb")
    shares = {part: released(bid, part, *names) for part in PARTS}
    assert set(shares["price"]) == set(names)
    keys = rescue_content_keys(bid=bid, shares=shares)
    assert keys == keys_of(bid, bidder(algorithm))
    open_part(bid=bid, part="price", content_key=keys["price"], destination=tmp_path / "out")


def test_too_few_trustees_open_nothing(tmp_path: Path) -> None:
    seal(tmp_path / "bid.ygb", rescue=plan())
    bid = inspect(tmp_path / "bid.ygb")
    one, other = released(bid, "price", "监督"), released(bid, "technical", "招标人")
    for shares in ({}, one, {**one, **other}, {**one, "招标人": b"bad"}):
        found = code_of(lambda shares=shares: rescue_content_keys(bid=bid, shares={"price": shares}))
        assert found == "bid.rescue.impossible"
    assert code_of(lambda: rescue_content_keys(bid=bid, shares={"other": one})) == "bid.part.unknown"


def test_who_is_no_trustee_has_no_share(tmp_path: Path, path: Path) -> None:
    seal(tmp_path / "b.ygb", rescue=plan())
    stranger, trustee = bidder(), trustees()["监督"]
    for bid, who, part in (
        (read_bid(path), trustee, "price"),
        (read_bid(tmp_path / "b.ygb"), stranger, "price"),
        (read_bid(tmp_path / "b.ygb"), trustee, "other"),
    ):
        code = code_of(lambda: release_share(bid=bid, part=part, key=who.key, certificate=who.certificate))  # noqa: B023
        assert code == "bid.key.not_recipient"


def test_a_share_changed_after_signing_is_refused(tmp_path: Path) -> None:
    seal(tmp_path / "b.ygb", rescue=plan())
    members = members_of(tmp_path / "b.ygb")
    swapped = {"rescue/price.1.p7m": members["rescue/technical.1.p7m"]}
    write_members(tmp_path / "b.ygb", {**members, **swapped}.items())
    assert code_of(lambda: inspect(tmp_path / "b.ygb")) == "bid.file.tampered"
    who = trustees()["交易中心"]
    bid = read_bid(tmp_path / "b.ygb")
    code = code_of(lambda: release_share(bid=bid, part="price", key=who.key, certificate=who.certificate))
    assert code == "bid.file.tampered"


def test_a_share_in_the_clear_is_refused(tmp_path: Path) -> None:
    seal(tmp_path / "b.ygb", rescue=plan())
    forge(tmp_path / "b.ygb", contents={"rescue/price.1.p7m": b"share in the clear"})
    assert code_of(lambda: inspect(tmp_path / "b.ygb")) == "bid.unencrypted"


def test_a_rescue_other_than_the_declared_one_is_refused(tmp_path: Path, path: Path) -> None:
    manifest = seal(tmp_path / "b.ygb", rescue=plan())
    check_rescue(manifest=manifest, plan=plan())
    check_rescue(manifest=read_bid(path).manifest, plan=None)
    for declared in (None, plan(3), plan(2, "交易中心", "监督")):
        assert code_of(lambda declared=declared: check_rescue(manifest=manifest, plan=declared)) == "bid.rescue.differs"
    assert code_of(lambda: check_rescue(manifest=read_bid(path).manifest, plan=plan())) == "bid.rescue.differs"


@pytest.mark.parametrize("threshold", [1, 4])
def test_an_impossible_rescue_cannot_be_sealed(tmp_path: Path, threshold: int) -> None:
    with pytest.raises(ValueError, match="门限"):
        seal(tmp_path / "b.ygb", rescue=plan(threshold))
    assert everything_in(tmp_path) == set()
