"""核验归档: the half that knows what a tender is: stages, times, signatures, bids and their opening, draws.

Everything is read from the archive alone; each check gives the problems it finds, the member in front.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import cache
from itertools import pairwise, zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from yangguang.parties.signing import HEADER
from yangguang.proof import draws, signatures
from yangguang.proof.broken import BrokenBid
from yangguang.proof.certificates import RevocationList, check_binding, check_certificate
from yangguang.proof.digests import digest_file
from yangguang.proof.inspection import Bid, inspect_bid
from yangguang.proof.key_release import read_joined_keys, read_released_keys
from yangguang.proof.opening import open_part
from yangguang.proof.signatures import Signature
from yangguang.proof.x509_documents import Certificate
from yangguang.trading.archive_committee import REPLACING
from yangguang.trading.stages import OPEN_WORKS
from yangguang.witness.entries import DATA_FILE
from yangguang.witness.verification import Archived, entry_member

SIGNATURE_SUFFIX = ".sig"
SUBMITTING = ("submit_bid", "replace_bid")
# The acts whose files nobody signs one by one: sealed files are signed inside, objections are in their author's own
# words, what a witness attaches is known by its digest, and what the platform computes or issues is checked by doing
# it again or signed by other acts.
PLAIN_FILES = frozenset(
    {
        "ask_clarification", "compute_results", "issue_report", "object_at_opening", "object_to_document",
        "object_to_result", "open_bid", "record_guarantee", "register_anomaly", "register_check", "register_note",
        "register_tender", "replace_bid", "submit_bid",
    }
)  # fmt: skip

Entry = Mapping[str, Any]


def check_stages(archived: Archived) -> Iterator[str]:
    """Every act was one that the law's order of stages allows where the trade stood."""
    for entry in archived.entries:
        if entry["to"] not in OPEN_WORKS.get((entry["from"], entry["act"]), frozenset()):
            yield f"{entry_member(entry['sequence'])}：阶段表不允许在“{entry['from']}”办理 {entry['act']}"
    if archived.entries[-1]["act"] != "archive_trade":
        yield f"{entry_member(len(archived.entries))}：最后一条记录不是归档"


def check_times(archived: Archived) -> Iterator[str]:
    """What was sealed came before the deadline; the closing and every decryption came after it."""
    deadline = deadline_of(archived)
    for entry in archived.sealed:
        if entry["at"] > deadline:
            yield f"data/log/sealed/{entry['sequence']:06d}.json：在投标截止时间之后"
    for entry in archived.done("close_bidding", "open_bid"):
        if entry["at"] <= deadline:
            yield f"{entry_member(entry['sequence'])}：{entry['act']} 早于投标截止时间"


def check_withheld(archived: Archived) -> Iterator[str]:
    """Only sealed files and objections to the document may stay out of an archive."""
    holders = (*archived.sealed, *archived.done("object_to_document"))
    allowed = {file["sha256"] for entry in holders for file in entry["files"]}
    for sha256 in sorted(archived.withheld - allowed):
        yield f"data/log/opened.json：文件 {sha256} 不属于可以不公开的文件"


def check_signatures(archived: Archived) -> Iterator[str]:
    """What has to be signed is; each signature is its signer's, for that act, by a certificate valid at that time."""
    for told in (archived.first, *archived.entries, *archived.sealed):
        for name in [] if told["act"] in PLAIN_FILES else _bare(told):
            yield f"{entry_member(told['sequence'])}：文件“{name}”没有签名"
    for entry, file, signed in signed_files(archived):
        member = f"data/evidence/{archived.evidence[signed['sha256']].name}"
        signature = Signature.from_json(archived.json(member))
        if not signatures.verify(data=statement_of(entry, file), signature=signature):
            yield f"{member}：签名与“{file['name']}”不符"
        for problem in _certificate_problems(archived, signature, at=entry["at"], owners=_owners(entry)):
            yield f"{member}：{problem}"


def _bare(entry: Entry) -> list[str]:
    """The names of the files of an entry that no signature follows."""
    names = [file["name"] for file in entry["files"] if file["name"] != DATA_FILE]
    pairs = list(zip_longest(names[::2], names[1::2], fillvalue=""))
    return [name for name, after in pairs if after != f"{name}{SIGNATURE_SUFFIX}"]


def signed_files(archived: Archived) -> list[tuple[Entry, Entry, Entry]]:
    """Each entry with a file it names and the signature that follows it."""
    return [
        (entry, file, signed)
        for entry in (archived.first, *archived.entries, *archived.sealed)
        for file, signed in pairwise(entry["files"])
        if signed["name"] == f"{file['name']}{SIGNATURE_SUFFIX}" and signed["sha256"] not in archived.withheld
    ]


def statement_of(entry: Entry, file: Entry) -> bytes:
    """The bytes that were signed (parties/signing.py)."""
    lines = (HEADER, entry["act"], entry["stream"], file["name"], file["sha256"], file["sm3"])
    return "".join(f"{line}\n" for line in lines).encode()


def check_list(archived: Archived) -> Iterator[str]:
    """The published list names exactly the bids that stood in the sealed sub-log at the deadline."""
    standing = standing_bids(archived)
    for entry in archived.done("announce_bidders"):
        listed = {one["bid"]: one["sealed_entry"] for one in entry["data"].get("bids", ())}
        opened = entry["data"].get("opened", True)
        if entry["data"]["count"] != len(standing) or (opened and listed != standing):
            yield f"{entry_member(entry['sequence'])}：公布的名单与截止时封存的投标不符"


def standing_bids(archived: Archived) -> dict[str, int]:
    """The digests of the bids neither replaced nor withdrawn, with the sequence of their sealed entries."""
    standing: dict[str, int] = {}
    for entry in archived.sealed:
        data = entry["data"]
        if entry["act"] in SUBMITTING:
            standing[data["bid"]] = entry["sequence"]
        standing.pop(data["bid"] if entry["act"] == "withdraw_bid" else data.get("replaces"), None)
    return standing


def check_openings(archived: Archived) -> Iterator[str]:
    """Each opened bid: signed by its bidder, opened by the keys the bidder gave, to the files and price on record.

    Whether trustees' shares may stand for the bidder's own release is for `archive_rescue.check_rescues`.
    """
    stated = {one["bid"]: one for one in archived.json("data/state.json")["bids"]}
    for entry in archived.done("open_bid"):
        bid, keys = entry["data"]["bid"], entry["files"][0]
        yield from _check_opening(archived, entry, sealed=bid, keys=keys["sha256"], stated=stated[bid])
        if "guarantee" in entry["data"]:
            sealed, keys = entry["data"]["guarantee"]["file"], entry["files"][1]
            yield from _check_opening(archived, entry, sealed=sealed, keys=keys["sha256"], stated=None)


def check_announced(archived: Archived) -> Iterator[str]:
    """唱标: the announced bidders, outcomes and prices are those of the openings."""
    stated = {one["bid"]: one for one in archived.json("data/state.json")["bids"]}
    for entry in archived.done("announce_bids"):
        for one in entry["data"]["bids"]:
            known = stated[one["bid"]]
            if any(one[name] != known[name] for name in ("bidder", "outcome", "price")):
                yield f"{entry_member(entry['sequence'])}：唱标内容与开标登记不符"


def check_draws(archived: Archived) -> Iterator[str]:
    """Each draw: pool, commitments, reveals and VRF are those of the log; value, calls and seats follow its order."""
    completed = {entry["data"]["draw"] for entry in archived.done("complete_draw")}
    held = [(member, json.loads(raw)) for member, raw in archived.folder("data/draws")]
    for missing in sorted(completed - {told["draw"]["draw_id"] for _, told in held}):
        yield f"data/draws：缺少抽取 {missing}"
    for member, told in held:
        draw = draws.Draw.from_json(told["draw"])
        problems = draw.verify(registered_key=archived.trade["vrf_public"])
        problems += draw.check_walk(told["walked"]) + list(_logged_differently(archived, draw, told))
        yield from (f"{member}：{problem}" for problem in problems)


def deadline_of(archived: Archived) -> str:
    """The last deadline the log states, as it writes times; empty when none was ever set."""
    return max((entry["data"]["deadline"] for entry in archived.entries if "deadline" in entry["data"]), default="")


def _check_opening(archived: Archived, entry: Entry, *, sealed: str, keys: str, stated: Entry | None) -> Iterator[str]:
    place, rescued = archived.evidence[sealed], "rescue" in entry["data"]
    member = f"data/evidence/{place.name}"
    read_keys = read_joined_keys if rescued else read_released_keys
    try:
        bid = inspect_bid(path=place, tender=archived.trade["stream"], lot=archived.trade["lot"]).bid
        release = archived.evidence[keys].read_bytes()
        content_keys = read_keys(bid=bid, data=release)
        with TemporaryDirectory(prefix="yangguang-verify-") as folder:
            files = _open_all(bid, content_keys, Path(folder))
    except BrokenBid as broken:
        yield f"{member}：{broken.refusal.reason}"
        return
    if not rescued and bid.manifest.bidder != entry["actor"]["organisation"]:
        yield f"{member}：不是由投标人自己解密的"
    said = json.loads(release)
    for signature in (bid.signature, *([] if rescued else [Signature.from_json(said["signature"])])):
        for problem in _certificate_problems(archived, signature, at=entry["at"], owners=(bid.manifest.bidder,)):
            yield f"{member}：{problem}"
    if said["joined" if rescued else "signed"]["created_at"][:19] < deadline_of(archived)[:19]:
        yield f"{member}：解密密钥在投标截止时间之前交出"
    if stated is not None and not _is_as_opened(stated, bid, files):
        yield f"{member}：解密所得与开标登记不符"


def _open_all(bid: Bid, content_keys: Mapping[str, bytes], folder: Path) -> dict[tuple[str, str], tuple[str, bytes]]:
    """Part and name of every file → its digest, and the bytes of price.json."""
    files = {}
    for part, key in content_keys.items():
        open_part(bid=bid, part=part, content_key=key, destination=folder / part)
        for path in (folder / part).iterdir():
            content = path.read_bytes() if path.name == "price.json" else b""
            files[part, path.name] = (digest_file(path).sha256, content)
    return files


def _is_as_opened(stated: Entry, bid: Bid, files: Mapping[tuple[str, str], tuple[str, bytes]]) -> bool:
    told = {(one["part"], one["name"]): one["sha256"] for one in stated["files"]}
    same = told == {name: digest for name, (digest, _) in files.items()}
    amount = Decimal(json.loads(files["price", "price.json"][1])["amount"])
    return same and amount == Decimal(stated["price"]) and stated["bidder"] == bid.manifest.bidder


def _owners(entry: Entry) -> tuple[str, ...]:
    """Whose signatures an entry may carry: the actor's organisation, at the contract also the winner."""
    winner = (entry["data"]["winner"],) if entry["act"] == "sign_contract" else ()
    return (entry["actor"].get("organisation", ""), *winner)


def _certificate_problems(archived: Archived, signature: Signature, *, at: str, owners: Sequence[str]) -> list[str]:
    certificate, moment = signature.certificate, datetime.fromisoformat(at)
    roots, lists = _authorities(tuple(archived.trade["roots"]), tuple(archived.trade["revocation_lists"]))
    refusals = check_certificate(
        certificate=certificate,
        roots=roots,
        revocation_lists=_newest(lists, moment),
        at=moment,
        usage="sign",
    )
    # A member of the committee signs in person; the log knows the seat only.
    bound = owners == ("",) or any(not check_binding(certificate=certificate, organisation_code=one) for one in owners)
    return [refusal.reason for refusal in refusals] + ([] if bound else ["签名证书不属于签名人"])


@cache
def _authorities(
    roots: tuple[str, ...], lists: tuple[str, ...]
) -> tuple[tuple[Certificate, ...], tuple[RevocationList, ...]]:
    return (
        tuple(Certificate.from_pem(one.encode()) for one in roots),
        tuple(RevocationList.from_pem(one.encode()) for one in lists),
    )


def _newest(lists: Sequence[RevocationList], at: datetime) -> list[RevocationList]:
    """The newest list of each issuer at that time."""
    issued = sorted((one for one in lists if one.this_update <= at), key=lambda one: one.this_update)
    return list({one.issuer: one for one in issued}.values())


def _logged_differently(archived: Archived, draw: draws.Draw, told: Mapping[str, Any]) -> Iterator[str]:
    """Where the draw's facts are not those that the log has, step by step."""
    mine = [entry for entry in archived.entries if entry["data"].get("draw") == draw.draw_id]
    logged = {act: [entry["data"] for entry in mine if entry["act"] == act] for act in {one["act"] for one in mine}}
    opened, completed = logged["open_draw"][0], logged["complete_draw"][0]
    committed = {one["party"]: one["commitment"] for one in logged["commit_to_draw"]}
    shown = {one["party"]: one["nonce"] for one in logged["reveal_for_draw"]}
    expected = tuple(
        draws.Party(name=one, commitment=committed[one], reveal=shown.get(one)) for one in opened["parties"]
    )
    if (draw.kind, draw.pool_root, len(draw.pool)) != (opened["kind"], opened["pool_root"], opened["pool_size"]):
        yield "抽取池与见证记录不符"
    if (draw.parties, draw.missing_reveal) != (expected, opened["missing_reveal"]):
        yield "各方承诺或揭示与见证记录不符"
    if (draw.seed, draw.vrf_proof) != (completed["seed"], completed["vrf_proof"]):
        yield "种子或可验证随机数与见证记录不符"
    if told["walked"] != [one["position"] for one in logged.get("record_expert_reply", ())]:
        yield "通知专家的顺序与见证记录不符"
    if "value" in completed and not _is_drawn_value(draw, completed):
        yield "抽中的参数与抽取顺序不符"
    yield from _wrongly_seated(mine)


def _is_drawn_value(draw: draws.Draw, completed: Mapping[str, Any]) -> bool:
    salt = bytes.fromhex(completed["salt"])
    leaf = draws.pool_leaf(draw_id=draw.draw_id, salt=salt, member_id=completed["value"], algorithm=draw.algorithm)
    position = next(draw.order())
    return bool(completed["position"] == position) and draw.pool[position] == leaf


def _wrongly_seated(mine: Sequence[Entry]) -> Iterator[str]:
    """The committee sits in the order in which the drawn experts accepted, without those who did not come."""
    seated: list[int] = []
    for entry in mine:
        data = entry["data"]
        if data.get("reply") == "accepted":
            seated.append(data["position"])
        if entry["act"] in {"replace_member", REPLACING}:
            seated.remove(data["position"])
        if entry["act"] == "form_committee" and data["positions"] != seated:
            yield "评标委员会不是抽取后应召的专家"
