"""投标: guarantees, sealed bids, their replacement and withdrawal, and the closing at the deadline.

Everything here but the closing goes into the sealed sub-log: before the deadline nobody learns who or how many.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from yangguang.parties.certificates import check_trusted
from yangguang.parties.models import Organisation
from yangguang.proof.bid_rescue import RescuePlan, check_rescue
from yangguang.proof.broken import BrokenBid
from yangguang.proof.certificates import check_binding
from yangguang.proof.inspection import InspectedBid, inspect_bid
from yangguang.rules.checks.opening import check_sign_in_time, check_submission_time
from yangguang.rules.refusal import Refused, refuse_if
from yangguang.trading.acts.documents import require_answered, stands_still
from yangguang.trading.models import Bid, Guarantee, Objection, SignIn, Trade, Withdrawal
from yangguang.trading.readings import deadline_of, terms_of
from yangguang.trading.roles import Role
from yangguang.trading.trustees import trustee_of
from yangguang.witness import evidence, log
from yangguang.witness.actor import Actor
from yangguang.witness.acts import act, note_security
from yangguang.witness.guards import LAW, ONLINE, refuse_unless
from yangguang.witness.models import Entry, Evidence, SealedEntry
from yangguang.witness.prepared import Given, Prepared, insert
from yangguang.witness.record import record, record_sealed

BID_MEDIA = "application/x-yangguang-bid"
GUARANTEE_PARTS = ("guarantee",)

_ORGANISATION = Prepared(lambda: Organisation.objects.filter(code=Given(0)))
_SAME_FILE = Prepared(lambda: Bid.objects.filter(trade_id=Given(0), evidence_id=Given(1)))
_NEWEST = Prepared(
    lambda: (
        Bid.objects.filter(trade_id=Given(0), bidder__code=Given(1)).select_related("withdrawal").order_by("-number")
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """收到的密封文件: kept, and found whole, sealed and signed by its manifest; not yet submitted."""

    evidence: Evidence
    inspected: InspectedBid
    manifest: dict[str, Any]


def receive(trade: Trade, *, actor: Actor, at: datetime, content: Path | IO[bytes]) -> Received:
    """Keep an uploaded sealed file and check everything that needs no key, before any lock is taken.

    Raises `Refused` when the file is truncated, not encrypted, wrongly signed or for another lot; the attempt goes to
    the security log and nothing of the trade changes.
    """
    try:
        kept = evidence.keep(content, media_type=BID_MEDIA)
        inspected = inspect_bid(path=evidence.path_of(kept.sha256), tender=trade.stream, lot=trade.lot_code)
        certificate = inspected.signature.certificate
        refuse_if(
            check_trusted(certificate=certificate, at=at),
            check_binding(certificate=certificate, organisation_code=actor.organisation),
        )
    except (BrokenBid, Refused) as problem:
        refused = Refused(problem.refusal) if isinstance(problem, BrokenBid) else problem
        note_security(stream=trade.stream, act_name="receive", actor=actor, at=at, codes=refused.codes)
        raise refused from problem
    return Received(evidence=kept, inspected=inspected, manifest=json.loads(inspected.manifest.to_bytes()))


@act("record_guarantee", by={Role.SUPPLIER})
def record_guarantee(trade: Trade, *, actor: Actor, at: datetime, received: Received) -> SealedEntry:
    """登记投标保证金或电子保函: sealed like a bid and opened with it, so that it does not betray the bidder.

    `received` is a sealed file with the one part `guarantee`. Raises `Refused` when it is late, broken or not sealed.
    """
    require_in_time(trade, at=at)
    _check_received(received, actor=actor, parts=GUARANTEE_PARTS, plan=terms_of(trade).rescue)
    _refuse_known_file(Guarantee.objects.filter(trade=trade, evidence=received.evidence).exists())
    entry = record_sealed(data={"kind": "guarantee"}, files=[("保证金凭证", received.evidence)])
    Guarantee.objects.create(
        trade=trade,
        organisation=Organisation.objects.get(code=actor.organisation),
        evidence=received.evidence,
        manifest=received.manifest,
        entry=entry,
    )
    return entry


@act("submit_bid", by={Role.SUPPLIER})
def submit_bid(trade: Trade, *, actor: Actor, at: datetime, received: Received) -> SealedEntry:
    """递交投标文件: until the deadline, encrypted and signed (招标投标法第二十八条, 电子招标投标办法第二十七条).

    `at` is the moment the file was complete. Returns the sealed entry, whose receipt is the bidder's 回执. Raises
    `Refused` when the bid is late, unencrypted, broken, for another lot, wrongly signed, or a second one.
    """
    newest = require_no_bid(trade, actor=actor)
    number = 1 + (newest.number if newest else 0)
    return _submit(trade, actor=actor, at=at, received=received, number=number)


@act("replace_bid", by={Role.BIDDER})
def replace_bid(trade: Trade, *, actor: Actor, at: datetime, received: Received) -> SealedEntry:
    """修改（替换）投标文件: before the deadline (招标投标法第二十九条); the earlier file stays for the record."""
    replaced = _standing(trade, actor)
    number = 1 + replaced.number
    return _submit(trade, actor=actor, at=at, received=received, number=number, replaces=replaced)


@act("withdraw_bid", by={Role.BIDDER})
def withdraw_bid(trade: Trade, *, actor: Actor, at: datetime) -> SealedEntry:
    """撤回投标文件: before the deadline (招标投标法第二十九条); the guarantee is due back soon (条例第三十五条)."""
    require_in_time(trade, at=at)
    bid = _standing(trade, actor)
    entry = record_sealed(data={"bid": bid.evidence_id})
    Withdrawal.objects.create(bid=bid, entry=entry)
    return entry


@act("sign_in_to_opening", by={Role.BIDDER})
def sign_in_to_opening(trade: Trade, *, actor: Actor, at: datetime) -> SealedEntry:
    """开标签到: from an hour before the opening on; sealed until the deadline like everything of a bidder."""
    require_time_to_sign_in(trade, actor=actor, at=at)
    organisation = Organisation.objects.get(code=actor.organisation)
    SignIn.objects.create(trade=trade, organisation=organisation, at=at)
    return record_sealed(data={"signed_in": True})


@act("close_bidding", by={Role.CLOCK})
def close_bidding(trade: Trade, *, actor: Actor, at: datetime) -> Entry:
    """投标截止: the clock closes bidding and publishes size and root of the sealed sub-log in one entry.

    Raises `Refused` before the deadline has passed and while an objection to the document waits for its answer.
    """
    refuse_unless(
        at > deadline_of(trade),
        code="deadline.not_passed",
        reason="投标截止时间未到",
        article=f"{LAW}第三十四条",
        remedy="到时由系统自动办理。",
    )
    require_answered(trade, kind=Objection.Kind.DOCUMENT)
    refuse_unless(
        not stands_still(trade),
        code="objection.answered_after_deadline",
        reason="异议在投标截止时间之后才答复，截止时间应当顺延",
        article="招标投标法实施条例第二十二条",
        remedy="请招标人顺延投标截止时间。",
    )
    return record(data={"sealed": log.sealed_root(trade.stream)})


def require_in_time(trade: Trade, *, at: datetime) -> None:
    """Refuse whatever of a bidder comes after the deadline."""
    refuse_if(check_submission_time(law=trade.kept_law(), deadline=deadline_of(trade), received_at=at))


def require_no_bid(trade: Trade, *, actor: Actor) -> Bid | None:
    """The bidder's newest bid, which was withdrawn, or None; refuses a second one beside a standing one."""
    newest = _newest(trade, actor)
    refuse_unless(
        newest is None or not newest.stands,
        code="bid.already_submitted",
        reason="贵单位已递交投标文件",
        article=f"{LAW}第二十九条",
        remedy="需要修改时请办理“替换投标文件”，或先撤回。",
    )
    return newest


def require_time_to_sign_in(trade: Trade, *, actor: Actor, at: datetime) -> None:
    """Refuse to sign in before the hall opens, and twice."""
    refuse_if(check_sign_in_time(law=trade.kept_law(), opening_at=deadline_of(trade), at=at))
    refuse_unless(
        not SignIn.objects.filter(trade=trade, organisation__code=actor.organisation).exists(),
        code="sign_in.twice",
        reason="贵单位已签到",
        article="平台规则：不见面开标签到",
        remedy="无需重复签到，请等待开标。",
    )


def _submit(
    trade: Trade, *, actor: Actor, at: datetime, received: Received, number: int, replaces: Bid | None = None
) -> SealedEntry:
    require_in_time(trade, at=at)
    terms = terms_of(trade)
    _check_received(received, actor=actor, parts=terms.parts, plan=terms.rescue)
    _refuse_known_file(_SAME_FILE.first(trade.pk, received.evidence.sha256) is not None)
    bidder = _ORGANISATION.get(actor.organisation)
    data = {"bid": received.evidence.sha256, **({"replaces": replaces.evidence_id} if replaces else {})}
    entry = record_sealed(data=data, files=[("投标文件", received.evidence)])
    bid = Bid(
        trade=trade,
        bidder=bidder,
        number=number,
        evidence=received.evidence,
        manifest=received.manifest,
        submitted_at=at,
        entry=entry,
        replaces=replaces,
    )
    insert(bid)
    return entry


def _check_received(received: Received, *, actor: Actor, parts: tuple[str, ...], plan: RescuePlan | None) -> None:
    """Refuse a file of other parts, of another bidder, or without exactly the rescue that the document declares."""
    manifest = received.inspected.manifest
    refuse_unless(
        not trustee_of(plan, actor.organisation),
        code="bid.trustee",
        reason="贵单位是解密救援受托人，不得参加投标",
        article=f"{ONLINE}第三十一条",
        remedy="需要投标的，请招标人在投标截止前更换受托人。",
    )
    refuse_unless(
        tuple(part.name for part in manifest.parts) == parts,
        code="bid.wrong_parts",
        reason=f"文件应包含以下部分：{'、'.join(parts)}",
        article=f"{ONLINE}第二十六条",
        remedy="请按招标文件规定的组成重新制作投标文件。",
    )
    refuse_unless(
        manifest.bidder == actor.organisation,
        code="bid.not_yours",
        reason="文件中的投标人与当前登录单位不一致",
        article=f"{ONLINE}第二十七条",
        remedy="请用本单位的证书制作并递交投标文件。",
    )
    try:
        check_rescue(manifest=manifest, plan=plan)
    except BrokenBid as broken:
        raise Refused(broken.refusal) from broken


def _refuse_known_file(known: bool) -> None:  # noqa: FBT001 - the one answer it needs
    refuse_unless(
        not known,
        code="bid.same_file",
        reason="同一文件已经递交过",
        article=f"{ONLINE}第二十七条",
        remedy="请查看已有回执；需要修改时重新制作文件后替换。",
    )


def _newest(trade: Trade, actor: Actor) -> Bid | None:
    """The actor's latest bid, which replaced all before it and may be withdrawn."""
    return _NEWEST.first(trade.pk, actor.organisation)


def _standing(trade: Trade, actor: Actor) -> Bid:
    newest = _newest(trade, actor)
    assert newest is not None  # noqa: S101 - only the owner of a standing bid has the role
    return newest
