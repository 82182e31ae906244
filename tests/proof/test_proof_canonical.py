import hashlib
import json
from decimal import Decimal

import pytest
from gmalg import SM3
from hypothesis import given
from hypothesis import strategies as st

from yangguang.proof.canonical import NotCanonical, canonical, digest, hash_function, labelled_hash


def sm3(data: bytes) -> bytes:
    """Answer from a second implementation."""
    state = SM3()
    state.update(data)
    return state.value()


TEXT = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)


def test_keys_come_in_the_order_rfc_8785_section_3_2_3_prints() -> None:
    source = {
        "€": "Euro Sign",
        "\r": "Carriage Return",
        "\ufb33": "Hebrew Letter Dalet With Dagesh",
        "1": "One",
        "😀": "Emoji: Grinning Face",
        "\u0080": "Control",
        "ö": "Latin Small Letter O With Diaeresis",
    }
    assert list(json.loads(canonical(source)).values()) == [
        "Carriage Return",
        "One",
        "Control",
        "Latin Small Letter O With Diaeresis",
        "Euro Sign",
        "Emoji: Grinning Face",
        "Hebrew Letter Dalet With Dagesh",
    ]


def test_text_is_escaped_as_rfc_8785_section_3_2_2_prints() -> None:
    value = {"string": '€$\u000f\nA\'B"\\\\"/', "literals": [None, True, False]}
    assert canonical(value) == (b'{"literals":[null,true,false],"string":"\xe2\x82\xac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}')


def test_every_control_character_has_its_one_spelling() -> None:
    short = {8: "\\b", 9: "\\t", 10: "\\n", 12: "\\f", 13: "\\r"}
    for code in range(32):
        spelling = short.get(code, f"\\u{code:04x}")
        assert canonical(chr(code)) == f'"{spelling}"'.encode()
    assert canonical("\x7f\u2028") == b'"\x7f\xe2\x80\xa8"'


def test_nested_objects_are_sorted_too_and_a_tuple_is_a_list() -> None:
    assert canonical({"b": ({"z": 1, "a": -2},), "a": ""}) == b'{"a":"","b":[{"a":-2,"z":1}]}'


@given(VALUES)
def test_what_is_written_reads_back_and_is_written_the_same_again(value: object) -> None:
    written = canonical(value)
    assert json.loads(written) == value
    assert canonical(json.loads(written)) == written


@given(st.dictionaries(TEXT, st.integers(0, 9), min_size=2))
def test_the_order_in_which_keys_were_put_does_not_matter(value: dict[str, int]) -> None:
    assert canonical(dict(reversed(value.items()))) == canonical(value)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (0.5, "float"),
        (float("nan"), "float"),
        (Decimal("1.50"), "Decimal"),
        (b"bytes", "bytes"),
        ({1, 2}, "set"),
        ({1: "x"}, "键必须是文本"),
        (2**53, "超出"),
        (-(2**53), "超出"),
        ("\ud800", "代理码位"),
        ({"\udc00": 1}, "代理码位"),
        ([[{"deep": 1.0}]], "float"),
    ],
)
def test_what_others_would_write_differently_is_refused(value: object, reason: str) -> None:
    with pytest.raises(NotCanonical, match=reason):
        canonical(value)


def test_nesting_ends_at_64_levels_and_so_do_circles() -> None:
    deep: list[object] = []
    for _ in range(64):
        deep = [deep]
    assert canonical(deep) == b"[" * 65 + b"]" * 65
    with pytest.raises(NotCanonical, match="64 层"):
        canonical([deep])
    circle: list[object] = []
    circle.append(circle)
    with pytest.raises(NotCanonical, match="64 层"):
        canonical(circle)


def test_largest_integers_are_allowed() -> None:
    assert canonical([2**53 - 1, 1 - 2**53]) == b"[9007199254740991,-9007199254740991]"


def test_digest_is_sha256_of_the_canonical_bytes() -> None:
    assert digest({"甲": 1}) == hashlib.sha256('{"甲":1}'.encode()).hexdigest()


@pytest.mark.parametrize(
    ("algorithm", "second"),
    [("sha256", lambda data: hashlib.sha256(data).digest()), ("sm3", sm3)],
)
def test_a_labelled_hash_frames_each_part_with_its_length(algorithm: str, second) -> None:
    framed = b"\0\0\0\0\0\0\0\x06" + "标签".encode() + b"\0\0\0\0\0\0\0\x02ab" + b"\0\0\0\0\0\0\0\0"
    assert labelled_hash("标签", b"ab", b"", algorithm=algorithm) == second(framed)


@given(st.lists(st.binary(max_size=6), max_size=4), st.lists(st.binary(max_size=6), max_size=4))
def test_different_parts_never_share_a_labelled_hash(one: list[bytes], other: list[bytes]) -> None:
    assert (labelled_hash("x", *one) == labelled_hash("x", *other)) == (one == other)


def test_a_label_separates_uses() -> None:
    assert labelled_hash("a", b"b") != labelled_hash("ab")
    assert labelled_hash("a", b"b") != labelled_hash("a", b"b", algorithm="sm3")


def test_sm3_gives_the_example_of_gb_t_32905() -> None:
    assert hash_function("sm3")(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


def test_an_unknown_algorithm_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="md5"):
        labelled_hash("a", algorithm="md5")
