"""核验归档: bids that trustees' shares opened (解密救援): declared, asked for, and joined from enough of them again."""

from collections.abc import Iterator, Mapping
from typing import Any

from yangguang.proof.bid_rescue import RescuePlan, check_rescue
from yangguang.proof.broken import BrokenBid
from yangguang.proof.inspection import Bid, read_bid
from yangguang.proof.key_release import read_joined_keys
from yangguang.proof.share_release import ReleasedShares, join_shares, read_shares
from yangguang.trading.archive_outcome import terms_of
from yangguang.trading.terms import parse_terms
from yangguang.trading.trustees import trustee_of
from yangguang.witness.verification import Archived, entry_member

Entry = Mapping[str, Any]


def check_rescues(archived: Archived) -> Iterator[str]:
    """Each rescue: in the tender document, asked for by the bidder, its keys those of the trustees' signed shares.

    That each share was signed by the organisation that released it is checked with every other signed file.
    """
    for entry in archived.done("open_bid"):
        if "rescue" not in entry["data"]:
            continue
        plan = parse_terms(terms_of(archived)).rescue
        sealed = [entry["data"]["bid"], *([entry["data"]["guarantee"]["file"]] if "guarantee" in entry["data"] else [])]
        for digest, keys in zip(sealed, entry["files"], strict=True):
            bid, said = read_bid(archived.evidence[digest]), archived.evidence[keys["sha256"]].read_bytes()
            for problem in _problems(archived, entry, plan, bid, said):
                yield f"{entry_member(entry['sequence'])}：解密救援{problem}"


def _problems(archived: Archived, entry: Entry, plan: RescuePlan | None, bid: Bid, said: bytes) -> Iterator[str]:
    before = [
        one for one in archived.entries[: entry["sequence"] - 1] if one["data"].get("bid") == entry["data"]["bid"]
    ]
    asked = [one["actor"]["organisation"] for one in before if one["act"] == "request_rescue"]
    if asked != [bid.manifest.bidder]:
        yield "没有投标人的申请"
    given = [one for one in before if one["act"] == "release_rescue_share"]
    releases = [_released(archived, one) for one in given]
    if any(
        trustee_of(plan, one["actor"]["organisation"]) != by.trustee for one, by in zip(given, releases, strict=True)
    ):
        yield "份额不是由招标文件载明的受托人提交的"
    try:
        check_rescue(manifest=bid.manifest, plan=plan)
        joined = join_shares(bid=bid, releases=releases)
        same = dict(joined.content_keys) == read_joined_keys(bid=bid, data=said)
    except BrokenBid as broken:
        yield f"不成立：{broken.refusal.reason}"
        return
    told = entry["data"]["rescue"]
    parted = sorted([*told["by"], *told["wrong"]]) == sorted(one.trustee for one in releases)
    if not same or not parted or not {*joined.wrong} <= {*told["wrong"]}:
        yield "的密钥或受托人与提交的份额不符"


def _released(archived: Archived, entry: Entry) -> ReleasedShares:
    return read_shares(archived.evidence[entry["files"][0]["sha256"]].read_bytes())
