"""解密救援: a bidder who cannot open the bid asks for it, trustees release their shares (电子招标投标办法第三十一条).

Only where the tender document declares it, and never unasked: a bid whose bidder stays silent counts as 撤销, however
many shares there might be. With enough shares `unlock_rescued` opens the bid and `open_bid` records it.
"""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Count

from yangguang.parties.signing import SignedFile, check_signed, named_files
from yangguang.proof.bid_rescue import RescuePlan, check_rescue
from yangguang.proof.broken import BrokenBid, broken
from yangguang.proof.canonical import canonical, digest
from yangguang.proof.manifest import Manifest, read_manifest
from yangguang.proof.share_release import (
    LARGEST_RELEASE,
    RELEASING,
    SHARE_PAPER,
    ReleasedShares,
    check_shares,
    read_shares,
    take_apart,
)
from yangguang.rules.refusal import Refusal, Refused, refuse_if
from yangguang.trading.acts.opening import refuse_late, refuse_settled
from yangguang.trading.acts.unlocking import bid_to_open, rescued_files
from yangguang.trading.models import Bid, Guarantee, RescueRequest, RescueShare, Trade
from yangguang.trading.models.bids import standing_bids
from yangguang.trading.readings import terms_of
from yangguang.trading.roles import Role
from yangguang.trading.trustees import trustee_of
from yangguang.witness import evidence
from yangguang.witness.actor import Actor
from yangguang.witness.acts import act
from yangguang.witness.guards import ONLINE, found_or_refuse, refuse_long, refuse_unless
from yangguang.witness.models import Entry
from yangguang.witness.record import record

ARTICLE = f"{ONLINE}第三十一条"
ONLY_ASKED = "投标人在解密时间内申请后方可提交份额。"
RELEASED = Refusal(
    code="rescue.released", reason="贵单位已提交该投标文件的份额", article=ARTICLE, remedy="无需重复提交。"
)


@act("request_rescue", by={Role.BIDDER})
def request_rescue(trade: Trade, *, actor: Actor, at: datetime, reason: str) -> Entry:
    """申请解密救援: the bidder's own word on record, without which no share is taken.

    A reason is enough and no signature is asked for: who lost the key has often lost the signing key with it. Raises
    `Refused` where no rescue is declared, after the window, for a bid that is settled, and a second time.
    """
    bid = require_rescue_possible(trade, actor=actor, at=at)
    refuse_unless(
        reason.strip(),
        code="rescue.reason_missing",
        reason="申请解密救援应写明原因",
        article=ARTICLE,
        remedy="请写明不能解密的原因。",
    )
    refuse_long(reason)
    RescueRequest.objects.create(bid=bid, reason=reason, at=at)
    return record(data={"bid": bid.evidence_id, "reason": reason})


@act("release_rescue_share", by={Role.TRUSTEE})
def release_rescue_share(trade: Trade, *, actor: Actor, at: datetime, share: SignedFile) -> Entry:
    """提交解密份额: what a trustee's own key opened of a bid and its bond, signed (`yangguang bid share`).

    Whether the share is right shows only when the keys are joined; its form is checked here, so that a wrong one
    cannot keep right ones from joining. Raises `Refused` unless the bidder asked for rescue, after the window, for a
    bid that is settled, for shares of other files or another trustee, and a second time.
    """
    plan = require_share_wanted(trade, actor=actor, at=at)
    refuse_if(
        check_signed(file=share, act=RELEASING, stream=trade.stream, actor=actor, at=at, paper=SHARE_PAPER),
    )
    trustee = trustee_of(plan, actor.organisation)
    bid = _check_release(trade, share, trustee=trustee)
    if RescueShare.objects.filter(bid=bid, trustee=trustee).exists():
        raise Refused(RELEASED)
    RescueShare.objects.create(bid=bid, trustee=trustee, evidence=share.evidence, at=at)
    released = RescueShare.objects.filter(bid=bid).count()
    data = {"bid": bid.evidence_id, "trustee": trustee, "released": released, "threshold": plan.threshold}
    return record(data=data, files=named_files(share))


def receive_share(content: bytes) -> SignedFile:
    """The file that `yangguang bid share` writes, as the signed paper that the act takes. Raises `Refused`."""
    try:
        signed, signature = take_apart(content)
    except BrokenBid as error:
        raise Refused(error.refusal) from error
    return SignedFile(
        name=SHARE_PAPER, evidence=evidence.keep(signed, media_type="application/json"), signature=signature
    )


def require_rescue_possible(trade: Trade, *, actor: Actor, at: datetime) -> Bid:
    """The bidder's own bid, for which a rescue can still be asked, once. Raises `Refused`."""
    plan = require_rescue_runs(trade, at=at)
    bid = bid_to_open(trade, actor.organisation)
    refuse_settled(bid)
    refuse_unless(
        not hasattr(bid, "rescue_request"),
        code="rescue.requested",
        reason="贵单位已申请解密救援",
        article=ARTICLE,
        remedy="请等待受托人提交份额。",
    )
    try:
        check_rescue(manifest=_manifest(bid), plan=plan)
    except BrokenBid as error:
        raise Refused(error.refusal) from error
    return bid


def require_rescue_runs(trade: Trade, *, at: datetime) -> RescuePlan:
    """The rescue that the document declares, within the window. Raises `Refused`."""
    refuse_late(trade, at)
    return found_or_refuse(
        terms_of(trade).rescue,
        code="rescue.not_declared",
        reason="招标文件没有规定解密救援",
        article=ARTICLE,
        remedy="因投标人原因未解密的，视为撤销投标文件；因平台原因的，请当场提出异议。",
    )


def require_share_wanted(trade: Trade, *, actor: Actor, at: datetime) -> RescuePlan:
    """The declared rescue, while somebody who asked for it waits for this trustee's share. Raises `Refused`."""
    plan = require_rescue_runs(trade, at=at)
    asked = list(standing_bids(trade).filter(rescue_request__isnull=False))
    refuse_unless(
        asked,
        code="rescue.not_requested",
        reason="没有投标人申请解密救援",
        article=ARTICLE,
        remedy=ONLY_ASKED,
    )
    if all(hasattr(one, "opened") for one in asked):
        refuse_settled(asked[0])
    if not waiting_for_share(trade, organisation=actor.organisation):
        raise Refused(RELEASED)
    return plan


def waiting_for_share(trade: Trade, *, organisation: str) -> list[Bid]:
    """The bids whose bidders asked for rescue and which wait for this trustee's share, in the order of asking."""
    trustee = trustee_of(terms_of(trade).rescue, organisation)
    unsettled = standing_bids(trade).filter(rescue_request__isnull=False, opened__isnull=True)
    return list(unsettled.exclude(rescue_shares__trustee=trustee).order_by("rescue_request"))


def rescuable(trade: Trade) -> list[Bid]:
    """The bids for which as many shares were released as the document asks for, not opened yet."""
    plan = terms_of(trade).rescue
    if plan is None:
        return []
    unsettled = standing_bids(trade).filter(rescue_request__isnull=False, opened__isnull=True)
    counted = unsettled.annotate(released=Count("rescue_shares")).filter(released__gte=plan.threshold)
    return list(counted.order_by("rescue_request"))


def _check_release(trade: Trade, share: SignedFile, *, trustee: str) -> Bid:
    """The bid that a release is about, when all of it is in order."""
    try:
        released = _read(share)
        bid = bid_to_open(trade, released.bidder)
        refuse_settled(bid)
        refuse_unless(
            hasattr(bid, "rescue_request"),
            code="rescue.not_requested",
            reason="该投标人没有申请解密救援",
            article=ARTICLE,
            remedy=ONLY_ASKED,
        )
        refuse_unless(
            released.trustee == trustee,
            code="rescue.not_yours",
            reason="份额不属于贵单位",
            article=ARTICLE,
            remedy="请用本单位的证书生成份额。",
        )
        check_shares(released=released, manifests=_manifests(bid))
    except BrokenBid as error:
        raise Refused(error.refusal) from error
    return bid


def _read(share: SignedFile) -> ReleasedShares:
    if share.evidence.size > LARGEST_RELEASE:
        raise broken("bid.share.malformed")
    return read_shares(evidence.read(share.evidence.sha256))


def _manifests(bid: Bid) -> Mapping[str, Manifest]:
    return {digest(one.manifest): _manifest(one) for one in rescued_files(bid)}


def _manifest(sealed: Bid | Guarantee) -> Manifest:
    return read_manifest(canonical(sealed.manifest))
