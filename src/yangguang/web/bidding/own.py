"""What an organisation may see of its own on a trade; every query asks for its rows alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from yangguang.trading.models import Bid, Guarantee, Trade, Withdrawal
from yangguang.web.bidding.models import Trial, Upload
from yangguang.web.drafts.models import Draft
from yangguang.witness.models import SealedEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """An own sealed file: a bid or a guarantee, with its entry, its state and its trial decryption."""

    kind: str
    number: int
    manifest: dict[str, Any]
    sha256: str
    size: int
    entry: SealedEntry
    state: str
    trial: Trial | None

    @property
    def counts(self) -> bool:
        """Whether it will be opened."""
        return self.state == "有效"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """A receipt that the organisation may look at: which act, and the sealed entry."""

    act: str
    entry: SealedEntry


def own_files(trade: Trade, *, organisation: str) -> list[Sealed]:
    """The organisation's bids and guarantees here, in the order in which they came."""
    trials = {one.sealed: one for one in Trial.objects.filter(organisation=organisation)}
    bids = Bid.objects.filter(trade=trade, bidder__code=organisation).order_by("number")
    kept = Guarantee.objects.filter(trade=trade, organisation__code=organisation).order_by("pk")
    related = bids.select_related("entry", "evidence", "withdrawal", "replaced_by")
    found = [_sealed("bid", one.number, one, _state(one), trials) for one in related]
    guarantees = list(kept.select_related("entry", "evidence"))
    for number, one in enumerate(guarantees, start=1):
        state = "有效" if number == len(guarantees) else "已由后一份代替"
        found.append(_sealed("guarantee", number, one, state, trials))
    return found


def own_uploads(trade: Trade, *, organisation: str, at: datetime) -> list[Upload]:
    """Uploads of the organisation that are not finished."""
    waiting = Upload.objects.filter(stream=trade.stream, organisation=organisation, settled_at__isnull=True)
    return list(waiting.filter(expires_at__gte=at).order_by("made_at"))


def own_receipts(trade: Trade, *, organisation: str) -> list[Receipt]:
    """The receipts of everything sealed that the organisation did here, in order."""
    entries = {entry.pk: entry for entry in _own_entries(trade, organisation)}
    return [Receipt(act=one.act, entry=one) for one in sorted(entries.values(), key=lambda one: one.sequence)]


def has_downloaded(trade: Trade, *, organisation: str) -> bool:
    """Whether the organisation took the tender document here."""
    return _drafts(trade, organisation).filter(act="download_document").exists()


def _own_entries(trade: Trade, organisation: str) -> Iterator[SealedEntry]:
    own = Q(bid__trade=trade, bid__bidder__code=organisation) | Q(
        guarantee__trade=trade, guarantee__organisation__code=organisation
    )
    yield from SealedEntry.objects.filter(own)
    gone = Withdrawal.objects.filter(bid__trade=trade, bid__bidder__code=organisation)
    yield from (one.entry for one in gone.select_related("entry"))
    sequences = [one.sequence for one in _drafts(trade, organisation) if one.sequence]
    yield from SealedEntry.objects.filter(stream=trade.stream, sequence__in=sequences)


def _drafts(trade: Trade, organisation: str) -> QuerySet[Draft]:
    return Draft.objects.filter(
        stream=trade.stream, organisation=organisation, is_sealed=True, done_at__isnull=False, sequence__isnull=False
    )


def _sealed(kind: str, number: int, row: Bid | Guarantee, state: str, trials: dict[str, Trial]) -> Sealed:
    return Sealed(
        kind=kind,
        number=number,
        manifest=row.manifest,
        sha256=row.evidence_id,
        size=row.evidence.size,
        entry=row.entry,
        state=state,
        trial=trials.get(row.evidence_id),
    )


def _state(bid: Bid) -> str:
    if hasattr(bid, "withdrawal"):
        return "已撤回"
    return "已替换" if hasattr(bid, "replaced_by") else "有效"
