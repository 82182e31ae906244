import hashlib
import json
from dataclasses import replace
from decimal import Decimal
from itertools import count, islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from votelib.evaluate.auxiliary import RFC3797Selector

from yangguang.proof import merkle, vrf
from yangguang.proof.canonical import canonical, labelled_hash
from yangguang.proof.draws import (
    BadDraw,
    Draw,
    Party,
    canonical_seed,
    check_reveal,
    commitment,
    conclude,
    draw_alpha,
    draw_seed,
    pool_leaf,
    pool_root,
    select,
    sequence,
)

# RFC 3797 section 6: the sources, their key string, the first digest and the picks out of 25.
RFC_SOURCES = [9319, [2, 5, 12, 8, 10], [9, 18, 26, 34, 41, 45]]
RFC_KEY_STRING = b"9319./2.5.8.10.12./9.18.26.34.41.45./"
RFC_FIRST_DIGEST = "990dd0a5692a029a98b5e01aa28f3459"
RFC_PICKS = [17, 7, 2, 16, 25, 23, 8, 24, 19, 13, 22]

DRAW_ID = "示例市-2026-0001-专家-1"
NONCES = {"交易中心": b"a" * 32, "招标人": b"b" * 32, "监督部门": b"c" * 32}
VRF_SECRET = bytes(range(32))
NUMBERS = st.integers(0, 10**9)


def leaves(size: int = 12, algorithm: str = "sha256") -> tuple[str, ...]:
    salts = (hashlib.sha256(b"salt %d" % place).digest() for place in count())
    return tuple(
        pool_leaf(draw_id=DRAW_ID, salt=next(salts), member_id=f"专家{place:04d}", algorithm=algorithm)
        for place in range(size)
    )


def committed(name: str, algorithm: str = "sha256", *, reveal: bool = True) -> Party:
    nonce = NONCES[name]
    value = commitment(draw_id=DRAW_ID, party=name, nonce=nonce, algorithm=algorithm)
    return Party(name=name, commitment=value, reveal=nonce.hex() if reveal else None)


def parties(algorithm: str = "sha256") -> tuple[Party, ...]:
    return tuple(committed(name, algorithm) for name in NONCES)


def held(algorithm: str = "sha256", **changes) -> Draw:
    facts = {"kind": "experts", "pool": leaves(algorithm=algorithm), "parties": parties(algorithm)} | changes
    return conclude(draw_id=DRAW_ID, vrf_secret=VRF_SECRET, algorithm=algorithm, **facts)


def test_the_rfcs_own_example_comes_out_with_md5() -> None:
    seed = canonical_seed(RFC_SOURCES)
    assert seed == RFC_KEY_STRING
    assert hashlib.md5(b"\0\0" + seed + b"\0\0", usedforsecurity=False).hexdigest() == RFC_FIRST_DIGEST
    picks = select(seed=seed, pool_size=25, count=11, algorithm="md5")
    assert [place + 1 for place in picks] == RFC_PICKS


@given(st.lists(NUMBERS | st.lists(NUMBERS, min_size=1, max_size=5), min_size=1, max_size=4), st.integers(1, 40))
@settings(max_examples=50)
def test_a_second_implementation_draws_the_same_with_md5(sources: list, size: int) -> None:
    second = RFC3797Selector(sources)
    seed = canonical_seed(sources)
    assert seed == second.source_bytestring(sources)
    drawn = second.evaluate(dict.fromkeys(range(size), 1), size)
    assert list(sequence(seed=seed, pool_size=size, algorithm="md5")) == drawn


@given(st.decimals(0, 10**6, places=4), st.text("ABzaby019 ./-"))
def test_a_second_implementation_writes_decimals_and_text_the_same(number: Decimal, text: str) -> None:
    assert canonical_seed([number, f"{text}a"]) == RFC3797Selector.source_bytestring([number, f"{text}a"])


def test_with_sha256_each_place_is_the_hash_modulo_the_places_left() -> None:
    seed, left, expected = b"AB12/", list(range(300)), []
    for turn in range(300):
        around = bytes([turn // 256, turn % 256])
        number = int(hashlib.sha256(around + seed + around).hexdigest(), 16)
        expected.append(left.pop(number % len(left)))
    assert list(sequence(seed=seed, pool_size=300)) == expected


@given(st.binary(min_size=1, max_size=40), st.integers(1, 60), st.sampled_from(["sha256", "sm3", "md5"]))
def test_a_sequence_is_a_permutation_of_the_pool(seed: bytes, size: int, algorithm: str) -> None:
    assert sorted(sequence(seed=seed, pool_size=size, algorithm=algorithm)) == list(range(size))


def test_a_sequence_is_lazy() -> None:
    order = sequence(seed=b"X/", pool_size=65535)
    assert next(order) == int(hashlib.sha256(b"\0\0X/\0\0").hexdigest(), 16) % 65535


@pytest.mark.parametrize("size", [0, -1, 65536])
def test_a_pool_that_is_empty_or_too_large_is_refused_at_once(size: int) -> None:
    with pytest.raises(BadDraw, match="抽取池"):
        sequence(seed=b"X/", pool_size=size)


@pytest.mark.parametrize("wanted", [-1, 6])
def test_more_than_the_pool_cannot_be_selected(wanted: int) -> None:
    with pytest.raises(BadDraw, match="池中只有 5 个"):
        select(seed=b"X/", pool_size=5, count=wanted)


def test_an_unknown_hash_is_refused() -> None:
    with pytest.raises(ValueError, match="sha1"):
        sequence(seed=b"X/", pool_size=5, algorithm="sha1")


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (1.5, "Decimal"),
        (True, "Decimal"),
        (None, "Decimal"),
        ([1, 2.0], "Decimal"),
        (-1, "为负"),
        (Decimal("NaN"), "非数"),
        (Decimal("Infinity"), "非数"),
        ("彩票", "ASCII"),
        ("ÀB", "ASCII"),
        ("--", "ASCII"),
        ("", "ASCII"),
    ],
)
def test_a_source_that_would_be_lost_or_is_inexact_is_refused(value: object, reason: str) -> None:
    with pytest.raises(BadDraw, match=reason):
        canonical_seed([value])


def test_sources_are_written_in_one_way() -> None:
    assert canonical_seed([0, Decimal("0.950"), Decimal("1E+2"), "ab-9 c"]) == b"0./0.95/100./AB9C/"
    assert canonical_seed([(3, Decimal("2.5"))]) == b"2.53./"


def test_the_bytes_of_a_commitment_are_those_published() -> None:
    nonce = b"n" * 32
    expected = labelled_hash("yangguang/draw/commitment/v1", "抽取".encode(), "甲".encode(), nonce).hex()
    assert commitment(draw_id="抽取", party="甲", nonce=nonce) == expected


def test_a_reveal_fits_only_its_own_draw_party_and_nonce() -> None:
    facts = {"draw_id": "抽取", "party": "甲", "nonce": b"n" * 32}
    value = commitment(**facts)
    assert check_reveal(committed=value, **facts)
    for other in ({"draw_id": "另"}, {"party": "乙"}, {"nonce": b"m" * 32}, {"nonce": b"n" * 31}, {"algorithm": "sm3"}):
        assert not check_reveal(committed=value, **facts | other)


@pytest.mark.parametrize("size", [0, 31, 33])
def test_a_nonce_of_another_length_is_refused(size: int) -> None:
    with pytest.raises(BadDraw, match="32 字节"):
        commitment(draw_id="抽取", party="甲", nonce=bytes(size))


def test_a_pool_leaf_needs_a_salt_nobody_can_guess() -> None:
    with pytest.raises(BadDraw, match="盐值"):
        pool_leaf(draw_id="抽取", salt=bytes(15), member_id="专家0001")


def test_the_bytes_of_leaf_root_alpha_and_seed_are_those_published() -> None:
    leaf = labelled_hash("yangguang/draw/leaf/v1", "抽取".encode(), b"s" * 16, b"E1")
    assert pool_leaf(draw_id="抽取", salt=b"s" * 16, member_id="E1") == leaf.hex()
    root = hashlib.sha256(b"\x01" + hashlib.sha256(b"\x00" + leaf).digest() * 2).digest()
    assert pool_root([leaf.hex(), leaf.hex()]) == root.hex()
    one = Party(name="甲", commitment="11" * 32, reveal="22" * 32)
    two = Party(name="乙", commitment="33" * 32)
    facts = {"kind": "award", "draw_id": "抽取", "pool_root": root.hex(), "parties": (one, two)}
    head = (b"award", "抽取".encode(), root)
    assert draw_alpha(**facts) == labelled_hash(
        "yangguang/draw/alpha/v1", *head, "甲".encode(), b"\x11" * 32, "乙".encode(), b"\x33" * 32
    )
    assert (
        draw_seed(**facts, vrf_output=b"v" * 64)
        == labelled_hash(
            "yangguang/draw/seed/v1",
            *head,
            b"v" * 64,
            "甲".encode(),
            b"\x01" + b"\x22" * 32,
            "乙".encode(),
            b"\x00" + b"\x33" * 32,
        ).hex()
    )


@pytest.mark.parametrize("algorithm", ["sha256", "sm3"])
@pytest.mark.parametrize("kind", ["experts", "parameter", "award"])
def test_a_draw_that_was_held_verifies_and_orders_the_whole_pool(algorithm: str, kind: str) -> None:
    draw = held(algorithm, kind=kind)
    assert draw.verify() == []
    assert draw.verify(registered_key=vrf.public_key(VRF_SECRET).hex()) == []
    assert sorted(draw.order()) == list(range(12))
    key_string = draw.seed.upper().encode() + b"/"
    assert list(draw.order()) == list(sequence(seed=key_string, pool_size=12, algorithm=algorithm))


def test_the_same_facts_under_another_label_give_another_order() -> None:
    orders = [list(held(kind=kind).order()) for kind in ("experts", "parameter", "award")]
    assert orders[0] != orders[1] != orders[2] != orders[0]


def test_any_single_reveal_changes_the_seed() -> None:
    seeds = {held().seed}
    for name in NONCES:
        seeds.add(held(parties=tuple(committed(each, reveal=each != name) for each in NONCES)).seed)
    assert len(seeds) == 4


def test_a_member_can_be_proved_to_have_been_in_the_pool() -> None:
    draw = held()
    hashed = [merkle.leaf_hash(bytes.fromhex(leaf)) for leaf in draw.pool]
    nodes = {(n.level, n.index): n.hash for f in [merkle.Frontier()] for h in hashed for n in f.append(h)}
    proof = merkle.inclusion_proof(index=5, size=12, hash_at=lambda *at: nodes[at])
    root = bytes.fromhex(draw.pool_root)
    assert merkle.verify_inclusion(leaf=hashed[5], index=5, size=12, proof=proof, root=root)


def test_a_draw_survives_canonical_json() -> None:
    draw = held(parties=(committed("交易中心"), committed("招标人"), committed("监督部门", reveal=False)))
    again = Draw.from_json(json.loads(canonical(draw.to_json())))
    assert again == draw
    assert again.verify() == []


def without(name: str):
    return lambda value: {key: part for key, part in value.items() if key != name}


@pytest.mark.parametrize(
    "broken",
    [
        lambda _value: [],
        without("seed"),
        without("parties"),
        lambda value: value | {"extra": 1},
        lambda value: value | {"pool": "ab"},
        lambda value: value | {"pool": [1]},
        lambda value: value | {"parties": {}},
        lambda value: value | {"parties": ["甲"]},
        lambda value: value | {"parties": [{"name": "甲", "commitment": "00"}]},
        lambda value: value | {"parties": [{"name": "甲", "commitment": "00", "reveal": 1}]},
        lambda value: value | {"parties": [{"name": None, "commitment": "00", "reveal": None}]},
        lambda value: value | {"kind": 1},
        lambda value: value | {"kind": []},
        lambda value: value | {"seed": None},
        lambda value: value | {"fewest_parties": "3"},
        lambda value: value | {"fewest_parties": True},
    ],
)
def test_a_record_of_another_shape_is_refused(broken) -> None:
    with pytest.raises(BadDraw, match="抽取记录"):
        Draw.from_json(broken(held().to_json()))


def flipped(text: str) -> str:
    return ("1" if text[0] == "0" else "0") + text[1:]


def with_party(draw: Draw, place: int, **changes) -> Draw:
    changed = replace(draw.parties[place], **changes)
    return replace(draw, parties=(*draw.parties[:place], changed, *draw.parties[place + 1 :]))


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda d: replace(d, kind="lottery"), "抽取类型"),
        (lambda d: replace(d, algorithm="md5"), "杂凑算法"),
        (lambda d: replace(d, missing_reveal="ignore"), "未揭示规则"),
        (lambda d: replace(d, pool=()), "抽取池应有"),
        (lambda d: replace(d, pool_root=d.pool_root.upper()), "小写十六进制"),
        (lambda d: replace(d, vrf_proof=d.vrf_proof[:-2]), "小写十六进制"),
        (lambda d: replace(d, vrf_public="zz"), "小写十六进制"),
        (lambda d: with_party(d, 1, reveal=""), "小写十六进制"),
        (lambda d: replace(d, kind="award"), "可验证随机数不成立"),
        (lambda d: replace(d, draw_id="另一次"), "与其承诺不符"),
        (lambda d: replace(d, fewest_parties=2), "规定至少 3 家"),
        (lambda d: replace(d, fewest_parties=4), "规定至少 4 家"),
        (lambda d: replace(d, parties=d.parties[:2]), "承诺方 2 家"),
        (lambda d: with_party(d, 1, name="交易中心"), "重名"),
        (lambda d: replace(d, parties=d.parties[::-1]), "可验证随机数不成立"),
        (lambda d: with_party(d, 2, reveal="00" * 32), "监督部门 揭示的随机数与其承诺不符"),
        (lambda d: with_party(d, 2, commitment="00" * 32), "可验证随机数不成立"),
        (lambda d: with_party(d, 2, reveal=None), "种子与池根"),
        (lambda d: replace(d, pool=(*d.pool[1:], d.pool[0])), "公布的池根不符"),
        (lambda d: replace(d, pool=d.pool[:-1]), "公布的池根不符"),
        (lambda d: replace(d, pool=(*d.pool[:-1], d.pool[0])), "有重复"),
        (lambda d: replace(d, pool_root=flipped(d.pool_root)), "公布的池根不符"),
        (lambda d: replace(d, vrf_public=vrf.public_key(b"x" * 32).hex()), "可验证随机数不成立"),
        (lambda d: replace(d, vrf_proof=flipped(d.vrf_proof)), "可验证随机数不成立"),
        (lambda d: replace(d, seed=flipped(d.seed)), "种子与池根"),
    ],
)
def test_every_changed_fact_is_named(change, problem: str) -> None:
    problems = change(held()).verify()
    assert [each for each in problems if problem in each] != []


def test_only_what_is_wrong_is_named() -> None:
    draw = held()
    assert replace(draw, seed=flipped(draw.seed)).verify() == ["种子与池根、各方揭示及可验证随机数不符"]


def test_a_key_that_was_not_registered_beforehand_is_named() -> None:
    assert held().verify(registered_key="00" * 32) == ["随机数公钥不是事先登记的公钥"]


def test_a_missing_reveal_is_replaced_by_the_commitment_where_the_rule_says_so() -> None:
    members = (committed("交易中心"), committed("招标人"), committed("监督部门", reveal=False))
    draw = held(parties=members)
    assert draw.verify() == []
    assert draw.seed != held().seed


def test_a_missing_reveal_makes_the_draw_void_where_the_rule_says_so() -> None:
    members = (committed("交易中心"), committed("招标人"), committed("监督部门", reveal=False))
    with pytest.raises(BadDraw, match="作废"):
        held(parties=members, missing_reveal="void")
    assert held(missing_reveal="void").verify() == []


def test_one_reveal_is_not_enough_whatever_the_rule() -> None:
    members = (committed("交易中心"), *(committed(name, reveal=False) for name in ("招标人", "监督部门")))
    with pytest.raises(BadDraw, match="只有 1 家揭示"):
        held(parties=members)


def test_two_parties_cannot_hold_a_draw() -> None:
    with pytest.raises(BadDraw, match="承诺方 2 家"):
        held(parties=parties()[:2])


def test_a_false_reveal_cannot_conclude_a_draw() -> None:
    members = (replace(committed("交易中心"), reveal="00" * 32), *parties()[1:])
    with pytest.raises(BadDraw, match="交易中心 揭示的随机数与其承诺不符"):
        held(parties=members)


def test_after_refusals_the_draw_goes_on_along_the_same_order() -> None:
    draw = held()
    order = list(draw.order())
    assert draw.check_walk(order[:7]) == []
    assert draw.check_walk([]) == []
    assert list(islice(draw.order(), 3)) == order[:3]


def test_a_skipped_or_swapped_call_is_named() -> None:
    draw = held()
    order = list(draw.order())
    assert draw.check_walk([order[0], order[2]]) == [f"第 2 次应抽池中第 {order[1] + 1} 号，记录为第 {order[2] + 1} 号"]
    assert len(draw.check_walk([order[1], order[0], order[2]])) == 2


def test_nobody_is_called_twice() -> None:
    draw = held()
    order = list(draw.order())
    assert draw.check_walk([*order, order[0]]) == ["抽取次数超过池中人数"]


@given(st.integers(2, 30), st.integers(0, 2**256 - 1))
@settings(max_examples=15, deadline=None)
def test_every_draw_concluded_from_honest_reveals_verifies(size: int, number: int) -> None:
    nonces = {name: hashlib.sha256(b"%d" % number + name.encode()).digest() for name in NONCES}
    members = tuple(
        Party(name=name, commitment=commitment(draw_id=DRAW_ID, party=name, nonce=nonce), reveal=nonce.hex())
        for name, nonce in nonces.items()
    )
    draw = held(pool=leaves(size), parties=members)
    assert draw.verify() == []
    assert sorted(draw.order()) == list(range(size))
