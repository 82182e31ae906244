"""谈心谈话 (D13): who talked with whom, and which pairings of the year are missing; what was said is never here."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from yangguang.ledger.law import law_for
from yangguang.ledger.models import Attendance, State, Unit
from yangguang.ledger.people import roll_of
from yangguang.ledger.preparing import Draft, checks_records
from yangguang.parties.models import Person
from yangguang.rules.party.talks import Coverage, coverage
from yangguang.rules.refusal import Refusal

KIND = "谈心谈话"


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """谈话矩阵: the people of a unit in the order of the roll, how often each pair talked, and the gaps."""

    people: tuple[Person, ...]
    talks: dict[frozenset[str], int]
    coverage: tuple[Coverage, ...]

    def between(self, one: Person, other: Person) -> int:
        """How often two people talked in the year."""
        return self.talks.get(frozenset((one.mark, other.mark)), 0)


@checks_records("talk")
def check_talk(draft: Draft) -> Iterator[Refusal]:
    """A talk has somebody who talks and somebody else who is talked to."""
    talker, others = draft.cleaned.columns.get("owner"), draft.cleaned.present or draft.cleaned.named
    if talker is None:
        yield _refusal("talker", f"“{draft.cleaned.kind}”没有谈话人", "请选择谈话人。")
    if draft.record is None and not others:
        yield _refusal("nobody", f"“{draft.cleaned.kind}”没有谈话对象", "请在名册中勾选谈话对象。")
    if talker is not None and others and talker.pk in {one.pk for one in others}:
        yield _refusal("oneself", f"{talker.name}既是谈话人又是谈话对象", "请从谈话对象中去掉谈话人。")


def matrix(unit: Unit, *, year: int, on: date) -> Matrix:
    """Who talked with whom in a year, and the gaps on the roll of the day `on` (支部工作条例第十九条); five queries."""
    members, committee = (roll_of(unit, roll=roll, day=on) for roll in ("members", "committee"))
    seats = {one.pk for one in committee}
    talks = talks_of(unit, year=year)
    counted: dict[frozenset[str], int] = {}
    for _, one, other in talks:
        pair = frozenset((one, other))
        counted[pair] = counted.get(pair, 0) + 1
    found = coverage(
        law=law_for(unit, on=on),
        year=year,
        committee=[one.mark for one in committee],
        members=[one.mark for one in members if one.pk not in seats],
        talks=talks,
    )
    people = {one.pk: one for one in (*committee, *members)}
    return Matrix(people=tuple(people.values()), talks=counted, coverage=found)


def talks_of(unit: Unit, *, year: int) -> list[tuple[date, str, str]]:
    """The heart-to-heart talks of a year as (day, talker, talked to), by marks; one query."""
    rows = Attendance.objects.filter(
        record__unit__path__startswith=unit.path, record__register="talk", record__kind=KIND,
        record__state=State.DONE, record__day__year=year, record__owner__isnull=False, is_present=True,
    )  # fmt: skip
    return list(rows.order_by("record__day", "pk").values_list("record__day", "record__owner__mark", "person__mark"))


def _refusal(code: str, reason: str, remedy: str) -> Refusal:
    return Refusal(code=f"talk.{code}", reason=reason, article="平台规则：谈话登记双方", remedy=remedy)
