"""民主评议党员 (D12): a secret ballot about each full member, and grades that the committee sets under seal."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from yangguang.ledger.law import law_for
from yangguang.ledger.models import Attendance, Post, Record, Sealed, State, Unit
from yangguang.ledger.models.units import running
from yangguang.ledger.people import roll_of
from yangguang.ledger.preparing import Draft, checks_ballots, checks_records
from yangguang.ledger.roles import LedgerRole
from yangguang.ledger.sealing import unseal_content
from yangguang.parties.models import Person
from yangguang.rules.party.appraisal import Grade, Tally, check_excellent, check_gradable, tally
from yangguang.rules.refusal import Refusal, Refused
from yangguang.witness.actor import Actor
from yangguang.witness.acts import DENIED

PLATFORM = "平台规则：民主评议等次"
GRADED = {"excellent": Grade.EXCELLENT, "barely": Grade.BARELY, "unqualified": Grade.UNQUALIFIED}


@checks_records("appraisal")
def check_appraisal(draft: Draft) -> Iterator[Refusal]:
    """An appraisal opens with everybody due and nobody's ballot in the box; one is held a year."""
    if draft.record is None:
        draft.cleaned.present = []
    day = _day(draft)
    held = Record.objects.filter(unit=draft.unit, register="appraisal", day__year=day.year)
    held = held.exclude(state=State.CANCELLED).exclude(pk=draft.record.pk if draft.record else 0)
    if one := held.first():
        yield _refusal(
            "twice", f"{day.year}年已经开展民主评议（“{one.title}”{one.day}）", "请在原来的一次中测评或者更正。"
        )


@checks_ballots("appraisal")
def check_ballot(record: Record, choices: dict[str, Any]) -> Iterator[Refusal]:
    """A ballot maps full members of the branch to grades; whoever is left out gets no vote (弃权)."""
    graded = {one.mark for one in graded_members(record.unit, on=record.day)}
    grades = {str(grade) for grade in Grade}
    if not set(choices) <= graded or not {str(value) for value in choices.values()} <= grades:
        yield _refusal(
            "ballot", "测评票上有评议名单以外的人，或者没有这个等次", "请对名单上的党员选择等次；预备党员不定等次。"
        )


@checks_records("appraisal_result")
def check_result(draft: Draft) -> Iterator[Refusal]:
    """优秀 at most a third of the roll, nobody in two grades, no grade for probationers; derives the counts."""
    day, sealed = _day(draft), draft.cleaned.sealed
    law = law_for(draft.unit, on=day)
    marks = {key: list(sealed.get(key, ())) for key in GRADED}
    named = [mark for group in marks.values() for mark in group]
    members = {one.mark: one for one in roll_of(draft.unit, roll="members", day=day)}
    graded = {one.mark for one in graded_members(draft.unit, on=day)}
    if len(named) != len(set(named)) or not set(named) <= set(members):
        yield _refusal("people", "有人列入两个等次，或者不是本支部党员", "请核对名单。")
        return
    for _ in set(named) - graded:
        yield from check_gradable(law=law, is_probationary=True)
    yield from check_excellent(law=law, excellent=len(marks["excellent"]), members=len(members))
    counts = {f"{key}_count": len(group) for key, group in marks.items()}
    draft.cleaned.fields |= {**counts, "qualified_count": len(graded - set(named))}


def graded_members(unit: Unit, *, on: date) -> list[Person]:
    """The full members of a unit on a day, whom an appraisal grades; one query."""
    held = Post.objects.filter(running(on), unit__path__startswith=unit.path, post="full")
    return list(Person.objects.filter(pk__in=held.values("person")).order_by("pk"))


def to_vote(person: str, *, at: date) -> list[Record]:
    """Ballots that wait for this person (by mark): opened, not closed, and theirs not in the box yet; one query."""
    mine = Attendance.objects.filter(person__mark=person, is_due=True, is_present=False).values("record")
    rows = Record.objects.filter(register="appraisal", state=State.OPEN, day__lte=at, pk__in=mine)
    return list(rows.select_related("unit").order_by("day", "pk"))


def tally_of(record: Record, *, actor: Actor) -> Tally:
    """测评得票, after the box was closed, for the committee that sets the grades; two queries.

    Raises `Refused` while ballots are still coming in, and for everybody else.
    """
    if LedgerRole.LEADER not in record.unit.roles_of(actor):
        raise Refused(DENIED)
    if record.state != State.DONE:
        raise Refused(_refusal("open", "测评还没有结束", "请在全部投票后结束测评，再看得票。"))
    ballots = [{mark: Grade(str(value)) for mark, value in one.items()} for one in _ballots(record)]
    return tally(ballots=ballots, members=[one.mark for one in graded_members(record.unit, on=record.day)])


def own_grade(unit: Unit, *, actor: Actor, year: int) -> Grade | None:
    """本人等次 of a year: what the committee set for the actor and for nobody else; None without one; three queries."""
    rows = Record.objects.filter(unit=unit, register="appraisal_result", day__year=year, state=State.DONE)
    record = rows.order_by("-day", "-pk").first()
    if record is None or actor.person not in {one.mark for one in graded_members(unit, on=record.day)}:
        return None
    sealed = Sealed.objects.filter(record=record).first()
    content: Mapping[str, list[str]] = unseal_content(record, bytes(sealed.content)) if sealed else {}
    return next((grade for key, grade in GRADED.items() if actor.person in content.get(key, ())), Grade.QUALIFIED)


def _ballots(record: Record) -> list[dict[str, str]]:
    return list(record.ballots.order_by("mark").values_list("choices", flat=True))


def _day(draft: Draft) -> date:
    assert draft.cleaned.day is not None  # noqa: S101 - refused before
    return draft.cleaned.day


def _refusal(code: str, reason: str, remedy: str) -> Refusal:
    return Refusal(code=f"appraisal.{code}", reason=reason, article=PLATFORM, remedy=remedy)
