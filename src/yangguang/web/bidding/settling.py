"""What a complete upload was made for: the act, once, at the moment its last byte arrived."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from yangguang.parties.access import actor_for
from yangguang.parties.models import Organisation
from yangguang.rules.checks.opening import check_submission_time
from yangguang.rules.refusal import Refusal, Refused, refuse_if
from yangguang.trading.acts.bidding import Received, receive, record_guarantee, replace_bid, submit_bid
from yangguang.trading.due import SETTLING
from yangguang.trading.models import Bid, Guarantee, Trade
from yangguang.trading.readings import deadline_of
from yangguang.web.bidding import storage
from yangguang.web.bidding.models import Upload
from yangguang.witness.actor import Actor
from yangguang.witness.acts import ACTS, check_access, check_stage, note_security
from yangguang.witness.models import SealedEntry

PURPOSES: dict[str, Callable[..., SealedEntry]] = {
    "submit_bid": submit_bid,
    "replace_bid": replace_bid,
    "record_guarantee": record_guarantee,
}
PASSING = frozenset({"platform.not_saved", "evidence.not_kept"})  # not the file's fault: the same bytes may do later
LEFT_AFTER = timedelta(seconds=30)  # a request that settles is done by then, or its process died
KEPT_FOR = timedelta(days=30)  # how long the bidder can look at what became of an upload


def check_time(trade: Trade, *, act: str, actor: Actor, at: datetime) -> None:
    """Refuse what the act would refuse anyway, before bytes are sent or read: role, stage, deadline."""
    try:
        check_access(ACTS[act], subject=trade, actor=actor)
        check_stage(act, subject=trade)
        refuse_if(check_submission_time(law=trade.kept_law(), deadline=deadline_of(trade), received_at=at))
    except Refused as refused:
        note_security(stream=trade.stream, act_name=act, actor=actor, at=at, codes=refused.codes)
        raise


def settle(upload: Upload, *, actor: Actor, at: datetime) -> None:
    """Perform the act of a complete upload and keep what became of it; its file must be held by the caller.

    A fault that passes (a full disk, a busy database) leaves it to be settled later, still with its own moment. Raises
    nothing but faults.
    """
    try:
        upload.entry = _perform(upload, actor)
    except Refused as refused:
        upload.refusals = [_told(one) for one in refused.refusals]
        if PASSING & set(refused.codes):
            upload.save(update_fields=["refusals"])
            return
    else:
        upload.refusals = []
    close(upload, at=at)


def refuse(upload: Upload, refused: Refused, *, at: datetime) -> None:
    """End an upload that came too late."""
    upload.refusals = [_told(one) for one in refused.refusals]
    close(upload, at=at)


def close(upload: Upload, *, at: datetime) -> None:
    """The bytes are evidence now, or of no use."""
    upload.settled_at, upload.expires_at = at, at + KEPT_FOR
    upload.save(update_fields=["settled_at", "expires_at", "refusals", "entry"])
    storage.remove(upload.token)


def settle_left(*, at: datetime) -> None:
    """Settle what a process that died left complete, in the name of whoever sent it; called by the clock."""
    left = Upload.objects.filter(completed_at__lt=at - LEFT_AFTER, settled_at__isnull=True)
    for upload in left.select_related("account__person"):
        with storage.held(upload.token) as file:
            if file is not None:
                settle(upload, actor=_actor_of(upload), at=at)


def is_settling(stream: str) -> bool:
    """Whether a file that is complete waits for its act: the clock does not close the bidding meanwhile."""
    return Upload.objects.filter(stream=stream, completed_at__isnull=False, settled_at__isnull=True).exists()


SETTLING.append(is_settling)


def clean(*, at: datetime) -> None:
    """Forget uploads that nobody went on with; called by the clock."""
    for upload in Upload.objects.filter(expires_at__lt=at):
        storage.remove(upload.token)
        upload.delete()


def _perform(upload: Upload, actor: Actor) -> SealedEntry:
    moment = upload.completed_at
    assert moment is not None  # noqa: S101 - only complete ones are settled
    trade = Trade.objects.select_related(*Trade.read_along).get(stream=upload.stream)
    check_time(trade, act=upload.act, actor=actor, at=moment)
    received = receive(trade, actor=actor, at=moment, content=storage.path_of(upload.token))
    done = _done_before(trade, received, actor=actor, moment=moment)
    return done or PURPOSES[upload.act](trade, actor=actor, at=moment, received=received)


def _done_before(trade: Trade, received: Received, *, actor: Actor, moment: datetime) -> SealedEntry | None:
    """The entry, when the act was done and only its outcome was not kept."""
    same: dict[str, Any] = {"trade": trade, "evidence": received.evidence, "entry__at": moment}
    bid = Bid.objects.filter(**same, bidder__code=actor.organisation).select_related("entry").first()
    kept = Guarantee.objects.filter(**same, organisation__code=actor.organisation).select_related("entry").first()
    found = bid or kept
    return found.entry if found else None


def _actor_of(upload: Upload) -> Actor:
    organisation = Organisation.objects.get(code=upload.organisation)
    moment = upload.completed_at or upload.made_at
    try:
        return actor_for(person=upload.account.person, organisation=organisation, at=moment)
    except Refused:  # the appointment ended meanwhile: the act will refuse this one
        return Actor(person=upload.account.person.mark)


def _told(refusal: Refusal) -> dict[str, str]:
    return {name: getattr(refusal, name) for name in ("code", "reason", "article", "remedy")}
