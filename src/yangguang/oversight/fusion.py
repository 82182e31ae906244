"""党建与业务融合: what members do in trades counts for their branch by a link to the log; nobody types it again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from yangguang.ledger.acts import link_records
from yangguang.ledger.models import Link, Record, State, Unit
from yangguang.rules.calendar import end_of_day, legal_date, start_of_day
from yangguang.trading.models import WitnessRecord
from yangguang.witness.actor import Actor
from yangguang.witness.guards import PLATFORM, refuse_unless
from yangguang.witness.models import Entry

POSTS, VANGUARD = "pioneer", "党员先锋岗"


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """先锋岗履职: a day on which the holder of a post witnessed a trade, by the first entry of that day."""

    post: Record
    stream: str
    sequence: int
    day: date


def vanguard_posts(unit: Unit) -> list[Record]:
    """The 先锋岗 of a unit and those below it, whoever holds them."""
    rows = Record.objects.filter(unit__path__startswith=unit.path, register=POSTS, kind=VANGUARD)
    return list(rows.exclude(state=State.CANCELLED).select_related("owner", "unit").order_by("pk"))


def unlinked_duties(unit: Unit, *, at: date) -> list[Duty]:
    """What holders of a 先锋岗 witnessed by a day while they held it, as far as it is not linked yet; oldest first."""
    posts = vanguard_posts(unit)
    known = {(one.post.pk, one.stream, one.day) for one in _linked(posts)}
    found = [duty for post in posts for duty in _witnessed(post, at=at)]
    return [one for one in found if (one.post.pk, one.stream, one.day) not in known]


def link_duties(unit: Unit, *, actor: Actor, at: datetime, record: int | None = None) -> int:
    """Link every unlinked duty to its post, or those of one post, each by an act of its own; how many there were.

    Raises `Refused` where the one post has none.
    """
    found = unlinked_duties(unit, at=legal_date(at))
    duties = [one for one in found if record in {None, one.post.pk}]
    refuse_unless(
        record is None or bool(duties),
        code="duties.none",
        reason="没有还没计入的见证履职",
        article=f"{PLATFORM}：履职取自见证记录",
        remedy="见证人在项目中留下见证记录后再来计入，不用另行填报。",
    )
    for duty in duties:
        link_records(
            duty.post.unit, actor=actor, at=at, record=duty.post.pk, kind=str(Link.Kind.SERVES), stream=duty.stream,
            sequence=duty.sequence,
        )  # fmt: skip
    return len(duties)


def linked_duties(unit: Unit, *, first: date, last: date) -> list[Duty]:
    """The linked duties whose day lies in the period, oldest first."""
    found = (one for one in _linked(vanguard_posts(unit)) if first <= one.day <= last)
    return sorted(found, key=lambda one: (one.day, one.stream, one.sequence))


def _witnessed(post: Record, *, at: date) -> Iterable[Duty]:
    """One duty a trade and day, by the first thing that the holder recorded there."""
    last = min(at, post.due_on or at)
    rows = WitnessRecord.objects.filter(
        person=post.owner_id, at__gte=start_of_day(post.day), at__lt=end_of_day(last)
    ).order_by("at", "sequence")
    once: dict[tuple[str, date], Duty] = {}
    for stream, sequence, moment in rows.values_list("trade__stream", "sequence", "at"):
        day = legal_date(moment)
        once.setdefault((stream, day), Duty(post=post, stream=stream, sequence=sequence, day=day))
    return once.values()


def _linked(posts: Iterable[Record]) -> list[Duty]:
    by_id = {one.pk: one for one in posts}
    links = Link.objects.filter(record__in=by_id, kind=Link.Kind.SERVES).exclude(stream="")
    pairs = list(links.order_by("pk").values_list("record", "stream", "sequence"))
    streams = {stream for _, stream, _ in pairs}
    entries = Entry.objects.filter(stream__in=streams, sequence__in={sequence for _, _, sequence in pairs})
    moments = {(stream, sequence): at for stream, sequence, at in entries.values_list("stream", "sequence", "at")}
    return [
        Duty(post=by_id[pk], stream=stream, sequence=sequence, day=legal_date(moments[stream, sequence]))
        for pk, stream, sequence in pairs
    ]
