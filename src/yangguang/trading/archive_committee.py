"""核验归档: who sat on the committee, whose findings count after a replacement, and which rejections stand."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from yangguang.witness.verification import Archived, concealed_of, entry_member

REPLACING = "replace_committee_member"

Entry = Mapping[str, Any]
Place = tuple[str, int]


@dataclass(slots=True)
class Seats:
    """The seats as the log fills and empties them; a drawn expert's seat has its draw and position."""

    sitting: dict[int, Place | None] = field(default_factory=dict)
    size: int = 0
    last: int = 0

    def form(self, data: Entry) -> None:
        """All seats anew: the drawn experts in their order, then the tenderer's representatives."""
        places: list[Place | None] = [(data["draw"], position) for position in data["positions"]]
        places += [None] * data["representatives"]
        self.sitting = dict(enumerate(places, start=1))
        self.size = self.last = len(places)

    def follow(self, seat: int, place: Place | None) -> bool:
        """Fill an empty seat under the next number; whether that was right."""
        right = seat == self.last + 1 and len(self.sitting) < self.size
        self.sitting[seat] = place
        self.last = seat
        return right

    def leave(self, data: Entry) -> bool:
        """Empty a seat, and fill a representative's at once; whether that was right."""
        place = (data["draw"], data["position"]) if "draw" in data else None
        right = data["seat"] in self.sitting and self.sitting.pop(data["seat"]) == place
        return right and (place is not None or self.follow(data["follower"], None))


def check_committee(archived: Archived) -> Iterator[str]:
    """Whoever leaves is followed by one other; only who sits acts; the report is closed by a whole committee."""
    seats = Seats()
    for entry in archived.entries:
        data, member = entry["data"], entry_member(entry["sequence"])
        if entry["actor"].get("seat", 0) not in {0, *seats.sitting}:
            yield f"{member}：办理人当时不在评标委员会席位上"
        if entry["act"] == "form_committee":
            seats.form(data)
        if entry["act"] == REPLACING and not seats.leave(data):
            yield f"{member}：更换的席位与见证记录不符"
        came = entry["act"] == "record_expert_reply" and "seat" in data
        if came and not seats.follow(data["seat"], (data["draw"], data["position"])):
            yield f"{member}：没有空缺的专家席位"
        if entry["act"] == "close_report" and len(seats.sitting) != seats.size:
            yield f"{member}：评标委员会成员不齐"


def standing_texts(archived: Archived, *acts: str) -> list[dict[str, Any]]:
    """What the members had concealed, without those who were replaced."""
    left = {entry["data"]["seat"] for entry in archived.done(REPLACING)}
    return [one for one in concealed_of(archived, *acts) if one["seat"] not in left]


def check_rejections(archived: Archived) -> Iterator[str]:
    """Every rejection had its majority when it was made; no review was closed while a failing bid was not rejected."""
    told = {one["sequence"]: json.loads(one["text"]) for one in archived.opened["concealed"]}
    said: list[Entry] = []
    left: set[int] = set()
    rejected: set[str] = set()
    for entry in archived.done("give_opinion", "reject_bid", "close_review", REPLACING):
        text, member = told.get(entry["sequence"], {}), entry_member(entry["sequence"])
        if entry["act"] == "give_opinion":
            said.append(text)
            continue
        if entry["act"] == REPLACING:
            left.add(entry["data"]["seat"])
            continue
        failing = _failing([one for one in said if one["seat"] not in left], members=_size(archived))
        if entry["act"] == "reject_bid" and text["bid"] not in failing:
            yield f"{member}：否决投标没有过半数成员的意见"
        if entry["act"] == "reject_bid":
            rejected.add(text["bid"])
        elif not failing <= rejected:
            yield f"{member}：按多数意见应当否决的投标没有否决"


def rejected_bids(archived: Archived) -> set[str]:
    """The bids whose rejection stands: most of the members who stayed find them failing in one step."""
    failing = _failing(standing_texts(archived, "give_opinion"), members=_size(archived))
    return failing & {one["bid"] for one in concealed_of(archived, "reject_bid")}


def _size(archived: Archived) -> int:
    formed = archived.done("form_committee")[-1]["data"]
    return int(len(formed["positions"]) + formed["representatives"])


def _failing(said: Sequence[Entry], *, members: int) -> set[str]:
    """The bids that more than half of all members find failing in one step."""
    against = Counter((one["bid"], step) for one in said for step, passes in one["passes"].items() if not passes)
    return {bid for (bid, _), count in against.items() if count * 2 > members}


def standing_computations(archived: Archived) -> list[Entry]:
    """The computation that no replacement followed; none when there is no such."""
    last = max((entry["sequence"] for entry in archived.done(REPLACING)), default=0)
    return [entry for entry in archived.done("compute_results") if entry["sequence"] > last]
