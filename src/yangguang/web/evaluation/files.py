"""The opened files of bids that a member may read now (评标文件); blind ones go by their codes and nothing else.

A file name, its size, its digest and the properties inside a PDF can tell whose it is. Under a code a file has a number
only; its properties are not shown by our viewer, but they are in the file, and the page says so.
"""

from dataclasses import dataclass
from typing import Any

from django.http import Http404

from yangguang.trading.models import Bid, Clarification, Trade
from yangguang.trading.papers.standards import part_label
from yangguang.trading.readings import opened_bids, terms_of, valid_bids
from yangguang.trading.stages import Stage
from yangguang.trading.terms import TECHNICAL
from yangguang.web.evaluation.seats import has_reached, stage_of
from yangguang.witness.models import Evidence

BLIND_PART = "technical"
QUESTION, ANSWER = "question", "answer"  # the marks of a clarification's files
PDF, TEXT = "application/pdf", "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class BidFile:
    """One file as it is offered: `name` is what the reader sees."""

    mark: str
    number: int
    name: str
    part: str
    sha256: str
    kind: str

    @property
    def is_pdf(self) -> bool:
        """Whether our viewer shows it."""
        return self.kind == PDF


def is_blind(trade: Trade) -> bool:
    """Whether technical parts are scored under codes."""
    return bool(terms_of(trade).items_of(TECHNICAL))


def hides_blind_part(trade: Trade) -> bool:
    """Whether files of the blind part go by no name yet: until the scoring is closed."""
    return is_blind(trade) and not has_reached(trade, Stage.PRICING)


def named_files(bid: Bid, *, hides: bool) -> list[BidFile]:
    """The files of a bid under its bidder's name; those of the blind part only where nothing `hides` them."""
    found = [(number, one) for number, one in enumerate(_opened(bid)) if not (hides and one["part"] == BLIND_PART)]
    return [_file(bid.evidence_id, number, one, name=one["name"]) for number, one in found]


def blind_files(bid: Bid, *, code: str) -> list[BidFile]:
    """The technical files of a bid under its code: numbered, without their names."""
    technical = [one for one in _opened(bid) if one["part"] == BLIND_PART]
    return [
        _file(code, number, one, name=f"技术标 {code}（{number + 1}）{_suffix(one['name'])}")
        for number, one in enumerate(technical)
    ]


def clarification_files(one: Clarification) -> dict[str, BidFile | None]:
    """Question and answer of a clarification as files, each None while there is none."""
    titles = {QUESTION: "请求澄清", ANSWER: "澄清答复"}
    kept = {QUESTION: one.question, ANSWER: one.answer}
    return {mark: _paper(mark, one.number, title, kept[mark]) for mark, title in titles.items()}


def find_file(trade: Trade, *, mark: str, number: int) -> BidFile:
    """The file under a bid's digest or a code, or a clarification's, if it may be read at this stage; else 404."""
    if mark in {QUESTION, ANSWER} and has_reached(trade, Stage.REVIEWING):
        return _clarification(trade, mark, number)
    if stage_of(trade) == Stage.SCORING and (coded := valid_bids(trade).filter(blind_code__code=mark).first()):
        offered = blind_files(coded, code=mark)
    elif has_reached(trade, Stage.REVIEWING) and (named := opened_bids(trade).filter(evidence_id=mark).first()):
        offered = named_files(named, hides=hides_blind_part(trade))
    else:
        raise Http404
    found = next((one for one in offered if one.number == number), None)
    if found is None:
        raise Http404
    return found


def _clarification(trade: Trade, mark: str, number: int) -> BidFile:
    asked = Clarification.objects.filter(bid__trade=trade, number=number).select_related("question", "answer").first()
    found = clarification_files(asked)[mark] if asked else None
    if found is None:
        raise Http404
    return found


def _paper(mark: str, number: int, title: str, kept: Evidence | None) -> BidFile | None:
    if kept is None:
        return None
    kind, suffix = (PDF, ".pdf") if kept.media_type == PDF else (TEXT, ".txt")
    name = f"{title}（第{number}次）{suffix}"
    return BidFile(mark=mark, number=number, name=name, part="澄清", sha256=kept.sha256, kind=kind)


def _opened(bid: Bid) -> list[dict[str, Any]]:
    return list(bid.opened.files)


def _file(mark: str, number: int, one: dict[str, Any], *, name: str) -> BidFile:
    kind = {".pdf": PDF, ".txt": TEXT, ".json": TEXT}.get(_suffix(one["name"]), "application/octet-stream")
    return BidFile(mark=mark, number=number, name=name, part=part_label(one["part"]), sha256=one["sha256"], kind=kind)


def _suffix(name: str) -> str:
    """The ending, where it is one that tells nothing but the kind."""
    ending = f".{name.rpartition('.')[2].lower()}" if "." in name else ""
    return ending if ending in {".pdf", ".txt", ".json", ".dwg", ".zip", ".xml", ".xlsx", ".docx"} else ""
