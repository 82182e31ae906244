"""Metrics in which registers meet (融合): one record, counted wherever its tags say, and once in each figure."""

from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from yangguang.branch.matters import first_reports
from yangguang.branch.services import lasting
from yangguang.ledger.catalogue import Engine, catalogue
from yangguang.ledger.models import Attendance, Record, State, Tag
from yangguang.oversight.campaigns import campaign_state
from yangguang.oversight.fusion import linked_duties
from yangguang.reports.computing import Asked, Counted, computes
from yangguang.rules.calendar import end_of_day


def _within(asked: Asked) -> QuerySet[Record]:
    rows = Record.objects.filter(unit__path__startswith=asked.unit.path, day__range=(asked.first, asked.last))
    return rows.exclude(state__in=(State.PLANNED, State.CANCELLED))


def _occasions(asked: Asked) -> QuerySet[Record]:
    tagged = Exists(Tag.objects.filter(record=OuterRef("pk"), tag=asked.where["tag"]))
    every = [one.id for one in catalogue().values() if one.engine is Engine.EVENT]
    events = list(asked.where.get("events", every))
    received = Q(register__in=list(asked.where["whole"]), state__in=(State.OPEN, State.DONE))
    return _within(asked).filter(received | (Q(register__in=events, state=State.DONE) & tagged)).order_by("day", "pk")


@computes("occasions", rows=_occasions)
def occasions(asked: Asked) -> Counted:
    """Records of the registers in `whole`, with the events that carry the `tag`: of any register, or of `events`."""
    ids = tuple(_occasions(asked).values_list("pk", flat=True))
    return Counted(value=len(ids), record_ids=ids)


@computes("occasion_attendances", rows=_occasions)
def occasion_attendances(asked: Asked) -> Counted:
    """How many came to these occasions, each time (人次)."""
    rows = _occasions(asked)
    came = Attendance.objects.filter(record__in=rows.order_by(), is_present=True).count()
    return Counted(value=came, record_ids=tuple(rows.values_list("pk", flat=True)))


@computes("lasting")
def lasting_records(asked: Asked) -> Counted:
    """What a register lists that lasts on the last day (在效、在用、现行), whenever it began."""
    ids = tuple(one.pk for one in _lasting(asked))
    return Counted(value=len(ids), record_ids=ids)


@computes("lasting_owners")
def lasting_owners(asked: Asked) -> Counted:
    """Whom the lasting records concern, each person once."""
    rows = [one for one in _lasting(asked) if one.owner_id is not None]
    return Counted(value=len({one.owner_id for one in rows}), record_ids=tuple(one.pk for one in rows))


@computes("lasting_people")
def lasting_people(asked: Asked) -> Counted:
    """Who is named in the lasting records, each person once."""
    ids = tuple(one.pk for one in _lasting(asked))
    people = Attendance.objects.filter(record__in=ids).values("person").distinct().count()
    return Counted(value=people, record_ids=ids)


@computes("lasting_titles")
def lasting_titles(asked: Asked) -> Counted:
    """The different titles of the lasting records."""
    rows = _lasting(asked)
    titles = tuple(dict.fromkeys(one.title for one in rows))
    return Counted(value=len(titles), record_ids=tuple(one.pk for one in rows), titles=titles)


def _lasting(asked: Asked) -> list[Record]:
    rows = lasting(asked.unit, register=str(asked.where["register"]), on=asked.last)
    kind = asked.where.get("kind")
    return [one for one in rows if kind is None or one.kind == kind]


def _campaigns(asked: Asked) -> QuerySet[Record]:
    return _within(asked).filter(register="campaign", kind=asked.where["kind"]).order_by("day", "pk")


@computes("campaign_problems", rows=_campaigns)
def campaign_problems(asked: Asked) -> Counted:
    """What the self-checks of campaigns found; no number while a section owes its sheet or there was no campaign."""
    campaigns = list(_campaigns(asked).select_related("unit"))
    states = [campaign_state(one) for one in campaigns]
    ids = tuple(one.pk for one in campaigns) + tuple(sheet.pk for state in states for sheet in state.sheets)
    complete = bool(states) and all(state.is_complete for state in states)
    return Counted(value=sum(state.found for state in states) if complete else None, record_ids=ids)


@computes("service_counts")
def service_counts(asked: Asked) -> Counted:
    """The last count of each service point; every count keeps its own period, which stands in the titles."""
    rows = Record.objects.filter(
        unit__path__startswith=asked.unit.path, register="service_count", state=State.DONE, day__lte=asked.last
    )
    last = {one.parent_id: one for one in rows.order_by("day", "pk")}
    counted = [one for one in last.values() if one.quantity is not None]
    if not counted:
        return Counted(value=None)
    total = sum(int(one.quantity or 0) for one in counted)
    return Counted(value=total, record_ids=tuple(one.pk for one in counted), titles=tuple(one.title for one in counted))


def _incidents(asked: Asked) -> QuerySet[Record]:
    return _within(asked).filter(register="incident").order_by("day", "pk")


@computes("late_first_reports", rows=_incidents)
def late_first_reports(asked: Asked) -> Counted:
    """Incidents one of whose first reports came after its minutes, or not at all by the last day."""
    moment = _end(asked.last)
    late = tuple(one.pk for one in _incidents(asked) if any(report.late for report in first_reports(one, at=moment)))
    return Counted(value=len(late), record_ids=late)


def _fused(asked: Asked) -> QuerySet[Record]:
    rows: QuerySet[Record] = _within(asked).filter(register="task", kind="任务")
    for tag in ("党建", "业务"):
        rows = rows.filter(Exists(Tag.objects.filter(record=OuterRef("pk"), tag=tag)))
    return rows.order_by("day", "pk")


@computes("fused_tasks", rows=_fused)
def fused_tasks(asked: Asked) -> Counted:
    """四同: tasks that are party work and business at once."""
    ids = tuple(_fused(asked).values_list("pk", flat=True))
    return Counted(value=len(ids), record_ids=ids)


@computes("vanguard_duties")
def vanguard_duties(asked: Asked) -> Counted:
    """先锋岗见证: entries of witnesses that are linked to a 先锋岗, by the day on which they were witnessed."""
    found: list[Any] = linked_duties(asked.unit, first=asked.first, last=asked.last)
    return Counted(value=len(found), record_ids=tuple(f"{one.stream}/{one.sequence}" for one in found))


def _end(day: date) -> datetime:
    return end_of_day(day)
