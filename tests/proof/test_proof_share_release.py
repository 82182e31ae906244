"""Trustees' shares as signed releases: what they say, whom they belong to, and what enough of them give."""

import json
from datetime import timedelta
from itertools import combinations
from pathlib import Path

import pytest

from proof.sealed_bids import AT, Bidder, bidder, code_of, seal
from yangguang.proof.bid_rescue import RescuePlan
from yangguang.proof.canonical import canonical
from yangguang.proof.inspection import Bid, read_bid
from yangguang.proof.key_release import read_joined_keys, read_released_keys, release_keys, write_joined_keys
from yangguang.proof.opening import open_part, recover_content_keys
from yangguang.proof.share_release import (
    Identity,
    ReleasedShares,
    check_shares,
    join_shares,
    read_shares,
    release_shares,
    release_statement,
    take_apart,
)
from yangguang.proof.signatures import verify

LATER = AT + timedelta(hours=1)
NAMES = ("交易中心", "招标人", "公证处")
TRUSTEES: dict[str, Bidder] = {
    name: bidder("sm2" if name == "招标人" else "rsa", code=f"9199000{number}MA00000000", number=20 + number)
    for number, name in enumerate(NAMES)
}
PLAN = RescuePlan(threshold=2, trustees={name: one.certificate for name, one in TRUSTEES.items()})


def identity(who: Bidder) -> Identity:
    return Identity(key=who.key, certificate=who.certificate)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Bid]:
    """A bid and a bond of one bidder, both with the declared rescue."""
    folder = tmp_path_factory.mktemp("rescue")
    seal(folder / "bid.ygb", rescue=PLAN)
    seal(folder / "bond.ygb", rescue=PLAN)
    return [read_bid(folder / "bid.ygb"), read_bid(folder / "bond.ygb")]


def released(files: list[Bid], name: str) -> ReleasedShares:
    own = identity(TRUSTEES[name])
    return read_shares(take_apart(release_shares(bids=files, opens=own, signs=own, at=LATER))[0])


def manifests(files: list[Bid]):
    return {one.manifest_sha256: one.manifest for one in files}


def spoiled(release: ReleasedShares) -> ReleasedShares:
    """The same with another value in every share."""
    shares = {
        one: {part: share[:-1] + bytes([share[-1] ^ 1]) for part, share in given.items()}
        for one, given in release.shares.items()
    }
    return ReleasedShares(
        tender=release.tender, lot=release.lot, bidder=release.bidder, trustee=release.trustee, shares=shares
    )


def test_enough_trustees_open_the_bid_and_the_bond_of_one_bidder(files: list[Bid], tmp_path: Path) -> None:
    for chosen in combinations(NAMES, 2):
        releases = [released(files, name) for name in chosen]
        for release in releases:
            check_shares(released=release, manifests=manifests(files))
        for bid in files:
            joined = join_shares(bid=bid, releases=releases)
            own = bidder()
            assert joined.wrong == ()
            assert joined.content_keys == recover_content_keys(bid=bid, key=own.key, certificate=own.certificate)
    bid = files[0]
    keys = read_joined_keys(bid=bid, data=write_joined_keys(bid=bid, content_keys=joined_keys(files), at=LATER))
    opened = open_part(bid=bid, part="price", content_key=keys["price"], destination=tmp_path / "price")
    assert [file.name for file in opened.files] == ["price.json"]


def joined_keys(files: list[Bid]):
    return join_shares(bid=files[0], releases=[released(files, name) for name in NAMES]).content_keys


def test_too_few_shares_give_nothing(files: list[Bid]) -> None:
    assert code_of(lambda: join_shares(bid=files[0], releases=[released(files, "公证处")])) == "bid.rescue.impossible"
    assert code_of(lambda: join_shares(bid=files[0], releases=[])) == "bid.rescue.impossible"


@pytest.mark.parametrize("name", NAMES)
def test_a_wrong_share_among_enough_right_ones_is_survived_and_named(files: list[Bid], name: str) -> None:
    releases = [released(files, one) for one in NAMES]
    releases = [spoiled(one) if one.trustee == name else one for one in releases]
    joined = join_shares(bid=files[0], releases=releases)
    assert joined.wrong == (name,)
    assert dict(joined.content_keys) == dict(joined_keys(files))


def test_a_wrong_share_leaves_too_few_right_ones(files: list[Bid]) -> None:
    releases = [released(files, "招标人"), spoiled(released(files, "公证处"))]
    assert code_of(lambda: join_shares(bid=files[0], releases=releases)) == "bid.rescue.impossible"


def test_a_release_is_signed_as_a_paper_of_its_act(files: list[Bid]) -> None:
    opens, signs = identity(TRUSTEES["公证处"]), identity(TRUSTEES["招标人"])
    signed, signature = take_apart(release_shares(bids=files, opens=opens, signs=signs, at=LATER))
    tender = files[0].manifest.tender
    assert verify(data=release_statement(tender=tender, signed=signed), signature=signature)
    assert not verify(data=release_statement(tender=tender, signed=signed + b" "), signature=signature)
    assert signature.certificate == TRUSTEES["招标人"].certificate


def test_only_a_trustee_can_release(files: list[Bid]) -> None:
    own = identity(bidder())
    assert code_of(lambda: release_shares(bids=files, opens=own, signs=own, at=LATER)) == "bid.key.not_recipient"


def test_one_release_is_about_one_bidder(files: list[Bid], tmp_path: Path) -> None:
    other = bidder(code="91990000MA0000003X", number=3)
    seal(tmp_path / "other.ygb", who=other, rescue=PLAN)
    own = identity(TRUSTEES["公证处"])
    with pytest.raises(ValueError, match="同一投标人"):
        release_shares(bids=[*files, read_bid(tmp_path / "other.ygb")], opens=own, signs=own, at=LATER)


def test_the_shares_must_be_of_exactly_the_files_that_stand(files: list[Bid]) -> None:
    release = released(files[:1], "公证处")
    assert code_of(lambda: check_shares(released=release, manifests=manifests(files))) == "bid.share.other_bid"
    check_shares(released=release, manifests=manifests(files[:1]))


@pytest.mark.parametrize("name", ["tender", "lot", "bidder", "trustee"])
def test_shares_that_say_they_are_anothers_are_refused(files: list[Bid], name: str) -> None:
    release = released(files, "公证处")
    stated = {one: getattr(release, one) for one in ("tender", "lot", "bidder", "trustee", "shares")}
    changed = ReleasedShares(**{**stated, name: "别的"})
    assert code_of(lambda: check_shares(released=changed, manifests=manifests(files))) == "bid.share.other_bid"


def test_a_bid_without_rescue_has_no_trustees(tmp_path: Path, files: list[Bid]) -> None:
    seal(tmp_path / "plain.ygb")
    plain = read_bid(tmp_path / "plain.ygb")
    release = released(files, "公证处")
    moved = ReleasedShares(
        tender=release.tender,
        lot=release.lot,
        bidder=release.bidder,
        trustee=release.trustee,
        shares={plain.manifest_sha256: {}},
    )
    assert code_of(lambda: check_shares(released=moved, manifests=manifests([plain]))) == "bid.share.other_bid"


@pytest.mark.parametrize("change", [lambda _: b"\x01\x02\x01" + bytes(32), lambda share: share[:19], None])
def test_a_share_of_another_form_is_refused_before_it_can_disturb_the_others(files: list[Bid], change) -> None:
    release = released(files, "公证处")
    shares = {one: dict(given) for one, given in release.shares.items()}
    for given in shares.values():
        if change is None:
            del given["price"]
        else:
            given["price"] = change(given["price"])
    changed = ReleasedShares(
        tender=release.tender, lot=release.lot, bidder=release.bidder, trustee="公证处", shares=shares
    )
    assert code_of(lambda: check_shares(released=changed, manifests=manifests(files))) == "bid.share.malformed"


@pytest.mark.parametrize(
    "change",
    [
        lambda signed: signed.pop("lot"),
        lambda signed: signed.update(more="x"),
        lambda signed: signed.update(format="yangguang-shares/2"),
        lambda signed: signed.update(trustee=""),
        lambda signed: signed.update(shares=[]),
        lambda signed: signed.update(shares={}),
        lambda signed: signed.update(shares={"x": {}}),
        lambda signed: signed.update(shares={"0" * 64: []}),
        lambda signed: signed.update(shares={"0" * 64: {"price": "00"}}),
        lambda signed: signed.update(shares={"0" * 64: {"price": 5}}),
    ],
)
def test_a_malformed_release_is_refused(files: list[Bid], change) -> None:
    own = identity(TRUSTEES["公证处"])
    signed = json.loads(take_apart(release_shares(bids=files, opens=own, signs=own, at=LATER))[0])
    change(signed)
    assert code_of(lambda: read_shares(canonical(signed))) == "bid.share.malformed"


@pytest.mark.parametrize("data", [b"", b"[]", b'{"signed":{}}', b'{"signature":{},"signed":{}}'])
def test_what_is_no_release_is_not_taken_apart(data: bytes) -> None:
    assert code_of(lambda: take_apart(data)) == "bid.share.malformed"


def test_joined_keys_open_only_the_bid_whose_commitments_they_fit(files: list[Bid]) -> None:
    bid, other = files
    written = write_joined_keys(bid=bid, content_keys=joined_keys(files), at=LATER)
    assert read_joined_keys(bid=bid, data=written) == joined_keys(files)
    assert code_of(lambda: read_joined_keys(bid=other, data=written)) == "bid.release.other_bid"
    wrong = write_joined_keys(bid=bid, content_keys={"price": bytes(32)}, at=LATER)
    assert code_of(lambda: read_joined_keys(bid=bid, data=wrong)) == "bid.key.wrong"
    for data in (b"", b"{}", canonical({"joined": {"keys": []}})):
        assert code_of(lambda data=data: read_joined_keys(bid=bid, data=data)) == "bid.release.malformed"


def test_joined_keys_do_not_pass_for_keys_that_the_bidder_signed(files: list[Bid]) -> None:
    bid, own = files[0], bidder()
    keys = recover_content_keys(bid=bid, key=own.key, certificate=own.certificate)
    joined = json.loads(write_joined_keys(bid=bid, content_keys=keys, at=LATER))["joined"]
    assert code_of(lambda: read_released_keys(bid=bid, data=canonical({"joined": joined}))) == "bid.release.malformed"
    signed = json.loads(release_keys(bid=bid, content_keys=keys, key=own.key, certificate=own.certificate, at=LATER))[
        "signed"
    ]
    as_joined = canonical({"joined": signed})
    assert code_of(lambda: read_joined_keys(bid=bid, data=as_joined)) == "bid.release.other_bid"
