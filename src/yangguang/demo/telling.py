"""How the story is told: acts and refusals happen one after another at simulated moments, and are noted."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any, TypeVar

from yangguang.demo.cast import Cast, signed
from yangguang.demo.papers import paper
from yangguang.demo.people import Party, Signatory
from yangguang.demo.timetable import Timetable
from yangguang.parties.signing import SignedFile
from yangguang.proof.broken import BrokenBid
from yangguang.rules.refusal import Refusal, Refused
from yangguang.trading.models import Trade
from yangguang.witness import evidence
from yangguang.witness.log import sequence_log
from yangguang.witness.models import Evidence, SealedEntry
from yangguang.witness.receipts import issue_receipt

T = TypeVar("T")
DONE, REFUSED = "done", "refused"
SEQUENCER_PACE = timedelta(minutes=1)


class StoryError(RuntimeError):
    """What should have been refused was not, or for another reason: the demonstration must not go on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """发生的事: one act or one refused attempt. `sealed`: its entry is sealed; the last three tell a refusal."""

    at: datetime
    chapter: str
    who: str
    what: str
    act: str
    outcome: str
    sealed: bool = False
    code: str = ""
    reason: str = ""
    article: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A chapter that is over: its title, one sentence about it, and what happened in it."""

    title: str
    says: str
    happened: tuple[Happening, ...]


@dataclass(slots=True, kw_only=True)
class Story:
    """The running story: `start` is the first day at its first moment, days are counted from 1.

    With a `timetable` the days are where that puts them.
    """

    cast: Cast
    start: datetime
    title: str = "示例市第九中学教学楼工程施工"
    timetable: Timetable | None = None
    with_drawings: bool = True
    chapter: str = ""
    happened: list[Happening] = field(default_factory=list)
    bids: dict[int, Path] = field(default_factory=dict)
    guarantees: dict[int, Path] = field(default_factory=dict)
    opened: Trade | None = None
    drawn: str = ""
    sequenced_at: datetime | None = None

    @property
    def trade(self) -> Trade:
        """The trade that the story is about, known from its registration on."""
        if self.opened is None:
            raise StoryError("the trade is not registered yet")
        return self.opened

    @property
    def receipts(self) -> Path:
        """The folder of the parties' receipts (回执)."""
        return self.cast.folder / "receipts"

    @property
    def refusals(self) -> list[Happening]:
        """The attempts that were refused."""
        return [one for one in self.happened if one.outcome == REFUSED]

    def moment(self, day: int, clock: str) -> datetime:
        """An instant of the story: day from 1, wall clock as `09:30` or `09:30:07`."""
        if self.timetable is not None:
            return self.timetable.moment(day, clock)
        date = self.start.date() + timedelta(days=day - 1)
        return datetime.combine(date, time.fromisoformat(clock), tzinfo=self.start.tzinfo)

    def perform(
        self, act: Callable[..., T], *, who: Signatory, at: datetime, what: str, on: Any = None, **inputs: Any
    ) -> T:
        """Perform an act on the trade (or on `on`) and note it; a sealed entry's receipt is kept."""
        done = act(on or self.trade, actor=who.actor, at=at, **inputs)
        sealed = isinstance(done, SealedEntry)
        self.note(who=name_of(who), at=at, what=what, act=act.__name__, sealed=sealed)
        if isinstance(done, SealedEntry):
            self._keep_receipt(done, who=who)
        self.witness(at=at)
        return done

    def refused(
        self, act: Callable[..., object], *, who: Signatory, at: datetime, what: str, because: str, **inputs: Any
    ) -> None:
        """Attempt what must be refused with the code `because`, and note the refusal."""
        refusal = _refusal_of(lambda: act(self.trade, actor=who.actor, at=at, **inputs))
        if refusal is None or refusal.code != because:
            raise StoryError(
                f"{act.__name__}: expected {because}, got {refusal.code if refusal else 'no refusal'}: {refusal}"
            )
        self.note(who=name_of(who), at=at, what=what, act=act.__name__, refusal=refusal)

    def note(
        self, *, who: str, at: datetime, what: str, act: str, refusal: Refusal | None = None, sealed: bool = False
    ) -> None:
        """Write down what happened; the trade is read again as it stands now."""
        if self.opened is not None:
            self.opened.refresh_from_db()
        self.happened.append(
            Happening(
                at=at,
                chapter=self.chapter,
                who=who,
                what=what,
                act=act,
                outcome=REFUSED if refusal else DONE,
                sealed=sealed,
                code=refusal.code if refusal else "",
                reason=refusal.reason if refusal else "",
                article=refusal.article if refusal else "",
            )
        )

    def play(self, title: str, chapter: "Callable[[Story], str]") -> Told:
        """Play a chapter and tell it."""
        self.chapter, before = title, len(self.happened)
        says = chapter(self)
        return Told(title=title, says=says, happened=tuple(self.happened[before:]))

    def witness(self, *, at: datetime, now: bool = False) -> None:
        """Let the sequencer run when a simulated minute has passed, or `now`."""
        if now or self.sequenced_at is None or at - self.sequenced_at >= SEQUENCER_PACE:
            sequence_log(at=at)
            self.sequenced_at = at

    def paper(self, act: Callable[..., object], title: str, *paragraphs: str, by: Signatory) -> SignedFile:
        """A PDF signed by a party for one act of the trade."""
        return self.sign(act, title, paper(title, *paragraphs), by=by)

    def sign(self, act: Callable[..., object], name: str, content: bytes, *, by: Signatory) -> SignedFile:
        """A file signed by a party for one act of the trade."""
        return signed(party=by, name=name, content=content, act=act.__name__, stream=self.trade.stream)

    def _keep_receipt(self, entry: SealedEntry, *, who: Signatory) -> None:
        self.receipts.mkdir(exist_ok=True)
        place = self.receipts / f"{entry.sequence:02d}-{name_of(who)}-{entry.act}.txt"
        place.write_text(issue_receipt(entry), encoding="utf-8")


def unsigned(title: str, *paragraphs: str) -> Evidence:
    """A PDF that the platform keeps without a signature: an objection, a question."""
    return evidence.keep(paper(title, *paragraphs), media_type="application/pdf")


def name_of(who: Signatory) -> str:
    """The organisation's name; members of the committee stay unnamed (招标投标法第三十七条)."""
    return who.name if isinstance(who, Party) else "评标委员会成员"


def _refusal_of(attempt: Callable[[], object]) -> Refusal | None:
    try:
        attempt()
    except Refused as refused:
        return refused.refusals[0]
    except BrokenBid as broken:
        return broken.refusal
    return None
