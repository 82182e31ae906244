from hashlib import sha256
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yangguang.proof.rescue import BadShares, join_key, split_key

NAMES = ["交易中心", "招标人", "监督部门", "公证处", "第二中心"]
KEY = bytes(range(32))


def committed_to(key: bytes):
    expected = sha256(b"label" + key).digest()
    return lambda candidate: sha256(b"label" + candidate).digest() == expected


def taken(shares: dict[str, bytes], *names: str) -> dict[str, bytes]:
    return {name: shares[name] for name in names}


@given(st.sampled_from([16, 32]).flatmap(lambda size: st.binary(min_size=size, max_size=size)), st.integers(2, 5))
@settings(max_examples=15, deadline=None)
def test_exactly_the_threshold_of_any_trustees_gives_the_key_back(key: bytes, threshold: int) -> None:
    shares = split_key(key=key, threshold=threshold, names=NAMES)
    assert list(shares) == NAMES
    for chosen in combinations(NAMES, threshold):
        assert join_key(shares=taken(shares, *chosen), expected_commitment=committed_to(key)) == key
    for chosen in combinations(NAMES, threshold - 1):
        with pytest.raises(BadShares):
            join_key(shares=taken(shares, *chosen), expected_commitment=committed_to(key))


def test_shares_have_the_published_layout() -> None:
    shares = split_key(key=KEY, threshold=3, names=NAMES)
    assert [share[:3] for share in shares.values()] == [bytes([1, 3, number]) for number in range(1, 6)]
    assert {len(share) for share in shares.values()} == {35}


def test_splitting_again_gives_other_shares() -> None:
    first, second = (split_key(key=KEY, threshold=2, names=NAMES[:3]) for _ in range(2))
    assert all(first[name] != second[name] for name in NAMES[:3])


def test_no_single_share_shows_either_half_of_the_key() -> None:
    for share in split_key(key=KEY, threshold=2, names=NAMES).values():
        assert KEY[:16] not in share
        assert KEY[16:] not in share


def test_a_wrong_share_is_noticed() -> None:
    shares = split_key(key=KEY, threshold=2, names=NAMES[:3])
    for place in (3, 18, 19, 34):
        spoiled = bytearray(shares["招标人"])
        spoiled[place] ^= 1
        with pytest.raises(BadShares, match="密钥承诺不符"):
            join_key(
                shares={"交易中心": shares["交易中心"], "招标人": bytes(spoiled)},
                expected_commitment=committed_to(KEY),
            )


def test_wrong_shares_among_enough_right_ones_are_survived() -> None:
    shares = split_key(key=KEY, threshold=2, names=NAMES)
    for name in NAMES[:3]:
        shares[name] = shares[name][:3] + bytes(32)
    assert join_key(shares=shares, expected_commitment=committed_to(KEY)) == KEY


def test_shares_of_two_keys_do_not_join() -> None:
    mine = split_key(key=KEY, threshold=2, names=NAMES[:2])
    others = split_key(key=bytes(32), threshold=2, names=NAMES[:2])
    mixed = {"交易中心": mine["交易中心"], "招标人": others["招标人"]}
    for key in (KEY, bytes(32)):
        with pytest.raises(BadShares, match="密钥承诺不符"):
            join_key(shares=mixed, expected_commitment=committed_to(key))


def test_shares_of_different_splits_are_told_apart_by_their_form() -> None:
    three = split_key(key=KEY, threshold=3, names=NAMES)
    two = split_key(key=KEY, threshold=2, names=NAMES)
    short = split_key(key=KEY[:16], threshold=3, names=NAMES)
    for other in (two, short):
        with pytest.raises(BadShares, match="同一次拆分"):
            join_key(
                shares={"交易中心": three["交易中心"], "招标人": other["招标人"]},
                expected_commitment=committed_to(KEY),
            )


def test_the_same_share_twice_is_not_two() -> None:
    share = split_key(key=KEY, threshold=2, names=NAMES)["交易中心"]
    with pytest.raises(BadShares, match="编号相同"):
        join_key(shares={"甲": share, "乙": share}, expected_commitment=committed_to(KEY))


def test_no_shares_give_no_key() -> None:
    with pytest.raises(BadShares, match="没有份额"):
        join_key(shares={}, expected_commitment=committed_to(KEY))


@pytest.mark.parametrize(
    "share",
    [
        b"",
        b"\x01\x02\x01",
        b"\x01\x02\x01" + bytes(31),
        b"\x02\x02\x01" + bytes(32),
        b"\x01\x01\x01" + bytes(32),
        b"\x01\x00\x01" + bytes(32),
        b"\x01\x02\x00" + bytes(32),
        b"\x01\x02\x0b" + bytes(32),
    ],
)
def test_a_malformed_share_is_refused_with_its_trustee(share: bytes) -> None:
    with pytest.raises(BadShares, match="公证处 的份额格式不对"):
        join_key(shares={"公证处": share}, expected_commitment=committed_to(KEY))


@pytest.mark.parametrize("size", [0, 15, 17, 24, 33])
def test_only_content_keys_of_16_or_32_bytes_are_shared(size: int) -> None:
    with pytest.raises(ValueError, match="16 或 32"):
        split_key(key=bytes(size), threshold=2, names=NAMES)


@pytest.mark.parametrize(
    ("threshold", "names"), [(1, NAMES), (6, NAMES), (0, NAMES), (2, NAMES[:1]), (2, [str(n) for n in range(11)])]
)
def test_a_threshold_that_cannot_be_kept_is_refused(threshold: int, names: list[str]) -> None:
    with pytest.raises(ValueError, match="门限"):
        split_key(key=KEY, threshold=threshold, names=names)


def test_one_trustee_does_not_get_two_shares() -> None:
    with pytest.raises(ValueError, match="重名"):
        split_key(key=KEY, threshold=2, names=["招标人", "招标人", "公证处"])
