"""解密: opening sealed files with released keys, before any lock is taken; the act `open_bid` records the result.

The platform never has a bidder's key. Content keys come from the bidder, or, where the tender document declares a
rescue and the bidder asked for it, from enough trustees' shares. Either way they must be those the bidder committed to.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from yangguang.proof import inspection
from yangguang.proof.broken import BrokenBid
from yangguang.proof.inspection import read_bid
from yangguang.proof.key_release import read_released_keys, write_joined_keys
from yangguang.proof.opening import open_part
from yangguang.proof.share_release import ReleasedShares, join_shares, read_shares
from yangguang.rules.refusal import Refusal, Refused
from yangguang.trading.models import Bid, Guarantee, Trade
from yangguang.trading.models.bids import standing_bids
from yangguang.trading.roles import HOSTS
from yangguang.trading.stages import Stage
from yangguang.trading.terms import PRICE_INPUT
from yangguang.witness import evidence
from yangguang.witness.actor import Actor
from yangguang.witness.acts import DENIED, note_security
from yangguang.witness.guards import ONLINE, refuse_unless
from yangguang.witness.inputs import is_json, is_money
from yangguang.witness.models import Evidence

LARGEST_FACTS = 1 << 16  # bytes of a price.json; it is read whole
KEYS_AGAIN = "请用投标工具重新生成解密密钥文件。"

Contents = Mapping[str, Mapping[str, Evidence]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlocked:
    """已解密、未登记: what the keys opened; verified whole before a byte of it was kept."""

    bid: Bid
    keys: Evidence
    files: list[dict[str, Any]]
    facts: dict[str, Any]
    guarantee: "UnlockedGuarantee | None"
    rescued: "Rescued | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlockedGuarantee:
    """The opened record of a bond or guarantee."""

    guarantee: Guarantee
    keys: Evidence
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescued:
    """Whose shares the keys came from, and whose shares are not of these keys; trustees by name."""

    by: tuple[str, ...]
    wrong: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Keys:
    """A sealed file, its content keys by part, and the file that says them."""

    file: inspection.Bid
    content_keys: Mapping[str, bytes]
    said: bytes


def unlock(
    trade: Trade, *, actor: Actor, at: datetime, release: bytes, guarantee_release: bytes | None = None
) -> Unlocked:
    """Open the bidder's sealed file with the content keys that the bidder releases, before any lock is taken.

    `release` is the signed key file that the bidder's tool writes (`yangguang bid keys`), `guarantee_release` the one
    of the sealed guarantee. Raises `Refused` before decryption has started, for keys that are not the committed ones,
    and for contents that do not state a price; the attempt goes to the security log.
    """
    bid = bid_to_open(trade, actor.organisation)
    held = _bond_of(bid) if guarantee_release is not None else None
    with _noted(trade, actor, at):
        keys = _released(bid, release)
        opened = _open(keys)
        bond = _open_bond(held, _released(held, guarantee_release)) if held and guarantee_release else None
        return _unlocked(bid, keys, opened, bond)


def unlock_rescued(trade: Trade, *, actor: Actor, at: datetime, bidder: str) -> Unlocked:
    """解密救援: open a bid, and its bond, with the shares that trustees have released, before any lock is taken.

    `bidder` is the code of the bidder, who asked for it; `actor` the bidder or who runs the opening. Raises `Refused`
    like `unlock`, and while the shares do not give the committed keys.
    """
    if actor.organisation != bidder and not any(trade.has_role(actor, role) for role in HOSTS):
        raise Refused(DENIED)
    bid = bid_to_open(trade, bidder)
    releases = [read_shares(evidence.read(one.evidence_id)) for one in bid.rescue_shares.order_by("trustee")]
    with _noted(trade, actor, at):
        keys, wrong = _joined(bid, releases, at)
        opened, bond = _open(keys), None
        for held in _rescued_bonds(bid):
            bond_keys, more = _joined(held, releases, at)
            bond, wrong = _open_bond(held, bond_keys), wrong | more
        by = tuple(one.trustee for one in releases if one.trustee not in wrong)
        return _unlocked(bid, keys, opened, bond, rescued=Rescued(by=by, wrong=tuple(sorted(wrong))))


def bid_to_open(trade: Trade, bidder: str) -> Bid:
    """The standing bid of an organisation, while bids are being opened. Raises `Refused`."""
    if trade.stage != Stage.DECRYPTING:
        raise Refused(_refusal("decryption.not_open", "现在不是解密时间", "请等待主持人开始解密。"))
    bid = standing_bids(trade).filter(bidder__code=bidder).first()
    if bid is None:
        raise Refused(_refusal("decryption.no_bid", "该单位没有有效的投标文件", "请核对单位代码。"))
    return bid


def rescued_files(bid: Bid) -> tuple[Bid | Guarantee, ...]:
    """What trustees' shares have to open: the bid, and the bond unless it was sealed before rescue was declared."""
    return (bid, *_rescued_bonds(bid))


def _rescued_bonds(bid: Bid) -> list[Guarantee]:
    """The newest bond, if trustees hold shares of its keys, or nothing."""
    held = _bond_of(bid)
    return [held] if held and held.manifest.get("rescue") else []


def _bond_of(bid: Bid) -> Guarantee | None:
    return Guarantee.objects.filter(trade=bid.trade_id, organisation=bid.bidder_id).order_by("pk").last()


@contextmanager
def _noted(trade: Trade, actor: Actor, at: datetime) -> Iterator[None]:
    """A broken file, wrong keys or contents without a price become a refusal and a line of the security log."""
    try:
        yield
    except (BrokenBid, Refused) as problem:
        refused = Refused(problem.refusal) if isinstance(problem, BrokenBid) else problem
        note_security(stream=trade.stream, act_name="unlock", actor=actor, at=at, codes=refused.codes)
        raise refused from problem


def _released(sealed: Bid | Guarantee, release: bytes) -> _Keys:
    file = read_bid(evidence.path_of(sealed.evidence_id))
    return _Keys(file=file, content_keys=read_released_keys(bid=file, data=release), said=release)


def _joined(sealed: Bid | Guarantee, releases: Sequence[ReleasedShares], at: datetime) -> tuple[_Keys, set[str]]:
    file = read_bid(evidence.path_of(sealed.evidence_id))
    joined = join_shares(bid=file, releases=releases)
    said = write_joined_keys(bid=file, content_keys=joined.content_keys, at=at)
    return _Keys(file=file, content_keys=joined.content_keys, said=said), set(joined.wrong)


def _open(keys: _Keys) -> Contents:
    """The files of every part that the keys open, each kept; each part was verified whole before."""
    opened: dict[str, dict[str, Evidence]] = {}
    for part, key in keys.content_keys.items():
        with TemporaryDirectory(prefix="yangguang-open-") as folder:
            place = Path(folder) / part
            contents = open_part(bid=keys.file, part=part, content_key=key, destination=place)
            opened[part] = {
                one.name: evidence.keep(place / one.name, media_type=_media(one.name)) for one in contents.files
            }
    return opened


def _unlocked(
    bid: Bid, keys: _Keys, opened: Contents, bond: UnlockedGuarantee | None, rescued: Rescued | None = None
) -> Unlocked:
    missing = {part["name"] for part in bid.manifest["parts"]} - set(opened)
    if missing:
        raise Refused(_refusal("decryption.keys_missing", f"缺少{'、'.join(sorted(missing))}部分的密钥", KEYS_AGAIN))
    files = [
        {"part": part, "name": name, "sha256": kept.sha256, "sm3": kept.sm3, "size": kept.size}
        for part, contents in opened.items()
        for name, kept in contents.items()
    ]
    facts = _facts(opened[PRICE_INPUT], name="price.json")
    return Unlocked(bid=bid, keys=_kept(keys), files=files, facts=facts, guarantee=bond, rescued=rescued)


def _open_bond(held: Guarantee, keys: _Keys) -> UnlockedGuarantee:
    facts = _facts(_open(keys)["guarantee"], name="guarantee.json")
    stated = _texts(facts, "beneficiary", "lot") and _dates(facts, "valid_from", "valid_until")
    refuse_unless(
        stated,
        code="decryption.guarantee",
        reason="保函内容不完整",
        article=f"{ONLINE}第三十条",
        remedy="应写明受益人、标段、金额和起止日期。",
    )
    return UnlockedGuarantee(guarantee=held, keys=_kept(keys), facts=facts)


def _media(name: str) -> str:
    known = {".pdf": "application/pdf", ".json": "application/json"}
    return known.get(Path(name).suffix.lower(), "application/octet-stream")


def _facts(contents: Mapping[str, Evidence], *, name: str) -> dict[str, Any]:
    try:
        facts = json.loads(evidence.read(contents[name].sha256)) if contents[name].size <= LARGEST_FACTS else {}
        amount = Decimal(facts["amount"]) if isinstance(facts["amount"], str) else Decimal("NaN")
        # What is stated enters the log and the database: no floats, no broken text, no NUL.
        stated = is_json(facts) and is_money(amount) and amount > 0
    except (KeyError, TypeError, ValueError, InvalidOperation, RecursionError):
        facts, stated = {}, False
    if not stated:
        raise Refused(_refusal("decryption.no_amount", f"{name}没有写明有效金额", "该部分应含大于零、精确到分的金额。"))
    return dict(facts)


def _texts(facts: Mapping[str, Any], *names: str) -> bool:
    return all(isinstance(facts.get(name), str) for name in names)


def _dates(facts: Mapping[str, Any], *names: str) -> bool:
    try:
        return _texts(facts, *names) and all(date.fromisoformat(facts[name]) for name in names)
    except ValueError:
        return False


def _kept(keys: _Keys) -> Evidence:
    return evidence.keep(keys.said, media_type="application/json")


def _refusal(code: str, reason: str, remedy: str) -> Refusal:
    return Refusal(code=code, reason=reason, article=f"{ONLINE}第三十条", remedy=remedy)
