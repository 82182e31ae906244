"""归档: one trade as a folder that an outsider can read and check without us (docs/archive.md).

Names of people never enter it: the committee is seats, experts are leaves of a draw. Organisations that the law still
hides (whoever only downloaded, withdrew or was never listed) stay salted digests, and their sealed files stay out.
"""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from yangguang.experts import draws
from yangguang.experts.models import Draw, Reply
from yangguang.parties.models import RevocationListIssue, TrustedRoot
from yangguang.rules.refusal import Refusal, Refused
from yangguang.trading.acts.documents import INTEREST
from yangguang.trading.archive_contents import contents_page
from yangguang.trading.models import Award, Bid, Contract, DropOut, Guarantee, Objection, OpenedBid, Trade, Withdrawal
from yangguang.trading.readings import announced_bids, listed_bidders
from yangguang.trading.stages import Stage
from yangguang.witness import archive, log
from yangguang.witness.archive import Disclosure, write_json
from yangguang.witness.entries import payload_of
from yangguang.witness.models import Entry, Pending, SealedEntry
from yangguang.witness.platform import platform
from yangguang.witness.record import utc_text

FORMAT = "yangguang-archive/1"
NOT_LISTED = "撤回或未列入开标名单的密封文件，未开启，不公开"
NOT_PUBLIC = "提出异议的单位没有投标，其身份依法不公开"
NAMES_OBJECTOR = "利害关系说明及其签名写明提出异议的单位，不公开"


def export_archive(*, trade: Trade, destination: Path, at: datetime) -> Path:
    """Write the archive of a trade that was archived (已归档) as the new folder `destination`; returns it.

    Entries still waiting for their leaf are sequenced first. Raises `Refused` while the trade runs, since the archive
    opens what its log still conceals; FileExistsError; OSError.
    """
    trade = Trade.objects.select_related("tender", "centre").get(pk=trade.pk)
    if trade.stage != Stage.ARCHIVED:
        raise Refused(
            Refusal(
                code="archive.not_ended",
                reason=f"项目处于“{trade.stage_name(trade.stage)}”阶段，尚未归档",
                article="平台规则：归档后才公开评审明细",
                remedy="请先办理归档。",
            )
        )
    if Pending.objects.filter(entry__stream=trade.stream).exists():
        log.sequence_log(at=at)
    return archive.write_bag(
        destination=destination, at=at, title=trade.stream, fill=lambda folder: _fill(folder, trade, at)
    )


def disclosure_of(trade: Trade) -> Disclosure:
    """What may be told of an ended trade: the bidders that were listed at the opening, and nobody else."""
    listed = listed_bidders(trade)
    if not Entry.objects.filter(stream=trade.stream, act="close_bidding").exists():
        return Disclosure(with_sealed=False, withheld=_objections_withheld(trade, listed))
    sealed = archive.files_of(SealedEntry.objects.filter(stream=trade.stream))
    kept_out = {digest: NOT_LISTED for digest in sealed if digest not in _public_sealed_files(trade, listed)}
    return Disclosure(
        parties=_objectors(trade, listed),
        sealed_parties=_sealed_parties(trade, listed),
        withheld=kept_out | _objections_withheld(trade, listed),
    )


def state_of(trade: Trade) -> dict[str, Any]:
    """The outcome as the state tables have it, for comparing with the log; amounts as text, members as seats."""
    listed = {bid["bid"] for bid in announced_bids(trade)}
    bids = Bid.objects.filter(trade=trade, evidence_id__in=listed).select_related("bidder", "opened", "entry")
    ranking = trade.ranking.select_related("bid")
    return {
        "stage": trade.stage,
        "entries": trade.entries,
        "head": trade.head,
        "bids": [_bid_state(bid) for bid in bids.order_by("entry__sequence")],
        "ranking": [
            {"rank": one.rank, "bid": one.bid.evidence_id, "total": str(one.total), "recommended": one.recommended}
            for one in ranking
        ],
        "drop_outs": [
            {"bid": one.candidate.bid.evidence_id, "reason": one.reason}
            for one in DropOut.objects.filter(candidate__trade=trade).select_related("candidate__bid").order_by("pk")
        ],
        "award": _award_state(trade),
        "contract": _contract_state(trade),
    }


def _fill(folder: Path, trade: Trade, at: datetime) -> None:
    disclosure = disclosure_of(trade)
    archive.write_log(folder / "log", stream=trade.stream, disclosure=disclosure)
    archive.write_receipts(folder / "receipts", stream=trade.stream, disclosure=disclosure)
    names = archive.write_evidence(folder / "evidence", digests=_digests(trade, disclosure))
    state = state_of(trade)
    write_json(folder / "state.json", state)
    write_json(folder / "trade.json", _described(trade, at))
    for name, value in _draws(trade):
        write_json(folder / "draws" / name, value)
    page = contents_page(trade=trade, folder=folder, state=state, evidence=names)
    (folder / "目录.html").write_bytes(page.encode())


def _described(trade: Trade, at: datetime) -> dict[str, Any]:
    ours = platform()
    return {
        "format": FORMAT,
        "stream": trade.stream,
        "lot": trade.lot_code,
        "title": trade.title,
        "tender": {"code": trade.tender.code, "title": trade.tender.title},
        "centre": {"code": trade.centre.code, "name": trade.centre.name},
        "exported_at": utc_text(at),
        "log": {"origin": ours.origin, "keys": ours.verifier_keys()},
        "vrf_public": ours.vrf_public(),
        "roots": list(TrustedRoot.objects.order_by("pk").values_list("pem", flat=True)),
        "revocation_lists": list(RevocationListIssue.objects.order_by("pk").values_list("pem", flat=True)),
    }


def _digests(trade: Trade, disclosure: Disclosure) -> set[str]:
    """Every file that an entry names or that came out of an opened bid, without those withheld."""
    entries = archive.stream_entries(trade.stream)
    named = set(archive.files_of(entries))
    if disclosure.with_sealed:
        named |= set(archive.files_of(SealedEntry.objects.filter(stream=trade.stream)))
    for opened in OpenedBid.objects.filter(bid__trade=trade):
        named |= {file["sha256"] for file in opened.files}
    return named - set(disclosure.withheld)


def _public_sealed_files(trade: Trade, listed: set[str]) -> set[str]:
    """The sealed files of listed bidders, replaced ones included, without the withdrawn ones."""
    bids = Bid.objects.filter(trade=trade, bidder__code__in=listed, withdrawal__isnull=True)
    guarantees = Guarantee.objects.filter(trade=trade, organisation__code__in=listed)
    return {*bids.values_list("evidence_id", flat=True), *guarantees.values_list("evidence_id", flat=True)}


def _sealed_parties(trade: Trade, listed: set[str]) -> dict[int, str]:
    """Who stands behind the bids, withdrawals and guarantees of listed bidders; never who downloaded."""
    rows = (
        Bid.objects.filter(trade=trade, bidder__code__in=listed).values_list("entry__sequence", "bidder__code"),
        Withdrawal.objects.filter(bid__trade=trade, bid__bidder__code__in=listed).values_list(
            "entry__sequence", "bid__bidder__code"
        ),
        Guarantee.objects.filter(trade=trade, organisation__code__in=listed).values_list(
            "entry__sequence", "organisation__code"
        ),
    )
    return {sequence: code for found in rows for sequence, code in found}


def _objectors(trade: Trade, listed: set[str]) -> dict[int, str]:
    """The objections to the document that came from bidders who are public now, by the entry's sequence."""
    raised = {one.number: one.organisation.code for one in _document_objections(trade)}
    entries = Entry.objects.filter(stream=trade.stream, act="object_to_document")
    by = {one.sequence: raised[payload_of(one)["data"]["number"]] for one in entries}
    return {sequence: code for sequence, code in by.items() if code in listed}


def _objections_withheld(trade: Trade, listed: set[str]) -> dict[str, str]:
    """The objections of whoever did not bid, and every statement of interest: its signature names the objector."""
    hidden = (one for one in _document_objections(trade) if one.organisation.code not in listed)
    withheld = {one.evidence_id: NOT_PUBLIC for one in hidden}
    entries = Entry.objects.filter(stream=trade.stream, act="object_to_document")
    stated = [file for one in entries for file in payload_of(one)["files"] if file["name"].startswith(INTEREST)]
    return withheld | {file["sha256"]: NAMES_OBJECTOR for file in stated}


def _document_objections(trade: Trade) -> list[Objection]:
    found = trade.objections.filter(kind=Objection.Kind.DOCUMENT)
    return list(found.select_related("organisation"))


def _bid_state(bid: Bid) -> dict[str, Any]:
    opened = getattr(bid, "opened", None)
    return {
        "bidder": bid.bidder.code,
        "bid": bid.evidence_id,
        "sealed_entry": bid.entry.sequence,
        "submitted_at": utc_text(bid.submitted_at),
        "outcome": opened.outcome if opened else "",
        "reason": opened.reason if opened else "",
        "price": str(opened.price) if opened and opened.price is not None else "",
        "files": opened.files if opened else [],
    }


def _award_state(trade: Trade) -> dict[str, Any] | None:
    award = Award.objects.filter(trade=trade).select_related("bid__bidder", "bid__opened").order_by("pk").last()
    if award is None:
        return None
    return {"bidder": award.bid.bidder.code, "bid": award.bid.evidence_id, "price": str(award.bid.opened.price)}


def _contract_state(trade: Trade) -> dict[str, Any] | None:
    contract = Contract.objects.filter(trade=trade).select_related("award__bid__bidder").first()
    if contract is None:
        return None
    bidder = contract.award.bid.bidder.code
    return {"winner": bidder, "price": str(contract.price), "contract": contract.evidence_id}


def _draws(trade: Trade) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each completed draw: its public facts, the positions called one after another, and a parameter's salt."""
    held = Draw.objects.filter(stream=trade.stream).exclude(seed="")
    for number, draw in enumerate(held, start=1):
        value: dict[str, Any] = {"draw": draws.facts(draw).to_json(), "walked": _walked(draw)}
        if draw.kind == draws.PARAMETER:
            drawn = draw.pool.get(position=next(draws.order(draw)))
            value["drawn"] = {"position": drawn.position, "value": drawn.member_id, "salt": drawn.salt}
        yield f"{number:02d}-{draw.kind}.json", value


def _walked(draw: Draw) -> list[int]:
    called = draw.replies.exclude(kind=Reply.Kind.ABSENT).order_by("pk")
    return list(called.values_list("position", flat=True))
