"""What party work asks of one person (党务待办), as the workbench lists it beside what waits in trades."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.urls import reverse

from yangguang.branch.appraisal import to_vote
from yangguang.branch.letters import to_sign
from yangguang.ledger.models import Record, State, Unit
from yangguang.ledger.roles import LedgerRole
from yangguang.rules.calendar import legal_date
from yangguang.web.party.month.gathering import cadences_for, overdue_in
from yangguang.web.party.units import registers_of, units_of
from yangguang.web.task import Task
from yangguang.web.templatetags.words import has_posts
from yangguang.witness.actor import Actor

AHEAD = timedelta(days=14)
MOST = 20


def party_tasks(actor: Actor, *, at: datetime) -> list[Task]:
    """What waits for the person: signatures, ballots, matters of their own, and units whose records they keep.

    Nothing, and no query, for whoever has no post.
    """
    if not has_posts(actor):
        return []
    today = legal_date(at)
    return [*_signatures(actor, today), *_ballots(actor, today), *_own(actor, today), *_kept(actor, today)]


def _signatures(actor: Actor, today: date) -> Iterator[Task]:
    for one in to_sign(actor.person, at=today):
        if one.unit.roles_of(actor):
            yield _task("签署", one, "party-record", due=one.due_on, today=today)


def _ballots(actor: Actor, today: date) -> Iterator[Task]:
    for one in to_vote(actor.person, at=today):
        if one.unit.roles_of(actor):
            yield _task("投票", one, "party-ballot", due=None, today=today)


def _own(actor: Actor, today: date) -> Iterator[Task]:
    """Open matters of which the person is in charge, that are late or due within two weeks."""
    rows = Record.objects.filter(owner__mark=actor.person, state=State.OPEN, due_on__lte=today + AHEAD)
    for one in rows.select_related("unit").order_by("due_on", "pk")[:MOST]:
        if one.unit.roles_of(actor):
            yield _task("办理", one, "party-record", due=one.due_on, today=today)


def _kept(actor: Actor, today: date) -> Iterator[Task]:
    """One line a unit whose records the person keeps and in which something is missing or late."""
    for unit in units_of(actor):
        if LedgerRole.KEEPER not in unit.roles_of(actor):
            continue
        said = "、".join(_lacking(unit, actor, today))
        if said:
            yield Task(title=f"党务：{said}", about=unit.name, url=reverse("party-month", kwargs={"code": unit.code}))


def _lacking(unit: Unit, actor: Actor, today: date) -> Iterator[str]:
    reached = registers_of(unit, actor)
    missing = sum(bool(one.missing) for one in cadences_for(unit, reached, on=today))
    overdue = overdue_in(unit, reached, on=today).count()
    if missing:
        yield f"{missing} 类活动缺记录"
    if overdue:
        yield f"{overdue} 件逾期未办结"


def _task(verb: str, record: Record, page: str, *, due: date | None, today: date) -> Task:
    url = reverse(page, kwargs={"code": record.unit.code, "number": record.pk})
    is_late = due is not None and due < today
    return Task(title=f"{verb}：{record.title}", about=record.unit.name, url=url, due=due, is_late=is_late)
