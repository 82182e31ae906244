import json
import re
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proof.sealed_bids import code_of
from yangguang.proof.broken import GROUNDS, broken
from yangguang.proof.canonical import canonical, labelled_hash
from yangguang.proof.manifest import (
    FORMAT,
    Manifest,
    Rescue,
    SealedPart,
    SealedShare,
    Tool,
    Trustee,
    key_commitment,
    machine_digest,
    read_manifest,
    write_moment,
)

TEXTS = st.text(st.characters(categories=("L", "N", "P")), min_size=1, max_size=20)
DIGESTS = st.binary(min_size=32, max_size=32).map(bytes.hex)
SIZES = st.integers(0, 2**53 - 1)
D = "ab" * 32


def part(name: str = "price", **changes: Any) -> dict[str, Any]:
    facts = {"name": name, "file": f"parts/{name}.p7m", "size": 9, "sha256": D}
    return {**facts, "key_commitment": D, **changes}


def share(part: str, trustee: str, number: int) -> dict[str, Any]:
    return {"part": part, "trustee": trustee, "file": f"rescue/{part}.{number}.p7m", "size": 9, "sha256": D}


def rescue(**changes: Any) -> dict[str, Any]:
    trustees = [{"name": name, "certificate": D} for name in ("中心", "监督")]
    shares = [share("price", "中心", 1), share("price", "监督", 2)]
    return {"threshold": 2, "trustees": trustees, "shares": shares, **changes}


def manifest(**changes: Any) -> dict[str, Any]:
    facts = {
        "format": FORMAT,
        "tender": "A02-1",
        "lot": "1",
        "bidder": "91990000MA0000002X",
        "signer": D,
        "suite": "INTL",
        "created_at": "2026-03-01T01:30:00Z",
        "tool": {"name": "示例工具", "version": "1.0"},
        "parts": [part()],
        **changes,
    }
    return {name: value for name, value in facts.items() if value is not ...}


@st.composite
def manifests(draw: st.DrawFn) -> Manifest:
    suite = draw(st.sampled_from(["INTL", "GM"]))
    names = draw(st.lists(st.from_regex(r"[a-z][a-z0-9_-]{0,31}", fullmatch=True), min_size=1, max_size=3, unique=True))
    parts = tuple(
        SealedPart(
            name=name,
            file=f"parts/{name}.p7m",
            size=draw(SIZES),
            sha256=draw(DIGESTS),
            sm3=draw(DIGESTS) if suite == "GM" else None,
            key_commitment=draw(DIGESTS),
        )
        for name in names
    )
    trustees = tuple(
        Trustee(name=name, certificate=D) for name in draw(st.lists(TEXTS, min_size=2, max_size=4, unique=True))
    )
    shares = tuple(
        SealedShare(
            part=name, trustee=one.name, file=f"rescue/{name}.{number}.p7m", size=draw(SIZES), sha256=draw(DIGESTS)
        )
        for name in names
        for number, one in enumerate(trustees, start=1)
    )
    return Manifest(
        tender=draw(TEXTS),
        lot=draw(TEXTS),
        bidder=draw(TEXTS),
        signer=draw(DIGESTS),
        suite=suite,
        created_at=draw(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1))).replace(microsecond=0, tzinfo=UTC),  # noqa: DTZ001 - made aware below
        tool=Tool(name=draw(TEXTS), version=draw(TEXTS)),
        parts=parts,
        machine=draw(st.none() | st.dictionaries(TEXTS, DIGESTS, max_size=3)),
        rescue=draw(st.none() | st.just(Rescue(threshold=2, trustees=trustees, shares=shares))),
    )


@given(manifests())
def test_a_manifest_reads_back_as_it_was_written(written: Manifest) -> None:
    data = written.to_bytes()
    assert read_manifest(data) == written
    assert canonical(json.loads(data)) == data


def test_a_hand_written_manifest_is_read() -> None:
    found = read_manifest(canonical(manifest(rescue=rescue(), machine={"disk": D})))
    assert found.part("price").sha256 == D
    assert [one.trustee for one in found.shares] == ["中心", "监督"]
    assert found.created_at == datetime(2026, 3, 1, 1, 30, tzinfo=UTC)
    assert read_manifest(canonical(manifest())).shares == ()


def test_asking_for_a_part_that_is_not_there_is_refused() -> None:
    assert code_of(lambda: read_manifest(canonical(manifest())).part("technical")) == "bid.part.unknown"


@pytest.mark.parametrize(
    "data",
    [
        *(b"", b"[]", b"null", b"{", b"\xff", b'{"format":1e400}', b"[" * 100_000, b'{"a":' * 70 + b"1" + b"}" * 70),
        *(canonical(manifest()) + b"\n", json.dumps(manifest()).encode(), b'{"format":"x","format":"x"}'),
    ],
)
def test_what_is_not_canonical_json_is_refused(data: bytes) -> None:
    assert code_of(lambda: read_manifest(data)) == "bid.manifest.malformed"


@pytest.mark.parametrize(
    "changes",
    [
        {"format": "yangguang-bid/2"},
        {"format": ...},
        {"tender": ...},
        {"lot": ""},
        {"bidder": 1},
        {"tender": "a\nb"},
        {"tender": "x" * 201},
        {"signer": "AB" * 32},
        {"signer": D[1:]},
        {"extra": 1},
        {"created_at": "2026-03-01T01:30:00+08:00"},
        {"created_at": "2026-02-30T01:30:00Z"},
        {"created_at": "٢٠٢٦-03-01T01:30:00Z"},
        {"tool": {"name": "x"}},
        {"tool": {"name": "x", "version": "1", "more": "1"}},
        {"tool": "x"},
        {"parts": []},
        {"parts": {}},
        {"parts": ["price"]},
        {"parts": [part(), part()]},
        {"parts": [part(f"p{number}") for number in range(33)]},
        {"parts": [part(file="parts/other.p7m")]},
        {"parts": [part("Price")]},
        {"parts": [part("../x")]},
        {"parts": [part(size=-1)]},
        {"parts": [part(size=True)]},
        {"parts": [part(size="9")]},
        {"parts": [part(sm3=D)]},
        {"suite": "GM"},
        {"machine": {"disk": "SERIAL-1"}},
        {"machine": []},
        {"rescue": None},
        {"rescue": rescue(threshold=1)},
        {"rescue": rescue(threshold=3)},
        {"rescue": rescue(trustees=[])},
        {"rescue": rescue(trustees=[{"name": "中心", "certificate": "x"}])},
        {"rescue": rescue(shares=[share("price", "中心", 1)])},
        {"rescue": rescue(shares=[share("price", "中心", 2), share("price", "监督", 1)])},
        {"rescue": rescue(shares=[share("technical", "中心", 1), share("technical", "监督", 2)])},
        {
            "rescue": rescue(
                trustees=[{"name": "中心", "certificate": D}] * 2,
                shares=[share("price", "中心", 1), share("price", "中心", 2)],
            )
        },
    ],
)
def test_a_manifest_with_anything_missing_odd_or_contradictory_is_refused(changes: dict[str, Any]) -> None:
    assert code_of(lambda: read_manifest(canonical(manifest(**changes)))) == "bid.manifest.malformed"


@pytest.mark.parametrize("suite", ["NONE", "intl", 1, None, [], {}])
def test_an_unknown_suite_has_its_own_code(suite: Any) -> None:
    assert code_of(lambda: read_manifest(canonical(manifest(suite=suite)))) == "bid.suite.unknown"


def test_the_key_commitment_is_the_published_hash() -> None:
    key = bytes(range(32))
    expected = labelled_hash("yangguang/content-key/1", b"A02-1", b"1", b"91990000MA0000002X", b"price", key).hex()
    assert read_manifest(canonical(manifest())).commitment_to(part="price", content_key=key) == expected


@pytest.mark.parametrize("changed", ["tender", "lot", "bidder", "part", "content_key"])
def test_a_key_commitment_binds_everything_it_names(changed: str) -> None:
    facts: dict[str, Any] = {"tender": "t", "lot": "l", "bidder": "b", "part": "p", "content_key": b"k"}
    other = {**facts, changed: facts[changed] * 2}
    assert key_commitment(**facts) != key_commitment(**other)


def test_machine_features_compare_within_one_tender_only() -> None:
    one = machine_digest(tender="t1", feature="disk", value="S1")
    assert one == machine_digest(tender="t1", feature="disk", value="S1")
    assert len({one, machine_digest(tender="t2", feature="disk", value="S1")}) == 2
    assert read_manifest(canonical(manifest(machine={"disk": one}))).machine == {"disk": one}


def test_moments_are_written_in_utc() -> None:
    beijing = timezone(timedelta(hours=8))
    assert write_moment(datetime(2026, 3, 1, 9, 30, tzinfo=beijing)) == "2026-03-01T01:30:00Z"
    with pytest.raises(ValueError, match="时区"):
        write_moment(datetime(2026, 3, 1, 9, 30))  # noqa: DTZ001 - the point of the test


@pytest.mark.parametrize("code", sorted(GROUNDS))
def test_every_ground_says_why_by_which_article_and_what_to_do(code: str) -> None:
    refusal = broken(code, "细节").refusal
    assert refusal.code == code
    assert refusal.reason.endswith("：细节")
    assert broken(code).refusal.reason == refusal.reason.removesuffix("：细节")
    assert refusal.article
    assert refusal.remedy.endswith("。")
    assert str(broken(code)) == str(broken(code).refusal)


def test_the_format_page_lists_every_code_and_no_other() -> None:
    page = (Path(__file__).parents[2] / "docs" / "bid-format.md").read_text()
    assert set(re.findall(r"`(bid\.[a-z_.]+)`", page)) == set(GROUNDS)
