"""督办、建议提案、来访来电、紧急信息和问题整改: one number a matter, its clock derived, what is overdue."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from yangguang.ledger.catalogue import Engine, catalogue
from yangguang.ledger.law import law_for
from yangguang.ledger.models import Record, State, Unit
from yangguang.ledger.preparing import Draft, checks_records
from yangguang.rules.calendar import legal_date
from yangguang.rules.party.matters import Due, Matter, matter_due, urgent_due
from yangguang.rules.refusal import Refusal

MATTERS = "平台规则：一件一号"
RULE_PREFIX = "party."


@checks_records("matter")
def check_matter(draft: Draft) -> Iterator[Refusal]:
    """One number a matter; its end follows from its kind, and an extension stays within what the rule allows."""
    yield from _refuse_twice(draft)
    assert draft.cleaned.day is not None  # noqa: S101 - refused before
    rule = draft.register.clock[draft.cleaned.kind].removeprefix(RULE_PREFIX)
    law = law_for(draft.unit, on=draft.cleaned.day)
    due = matter_due(law=law, matter=Matter(rule), assigned_on=draft.cleaned.day)
    extended = draft.cleaned.fields.get("extended_to")
    draft.cleaned.columns["due_on"] = date.fromisoformat(extended) if extended else due.on
    if extended:
        yield from _refuse_too_long(date.fromisoformat(extended), due)


def _refuse_twice(draft: Draft) -> Iterator[Refusal]:
    reference = draft.cleaned.fields.get("reference")
    if not reference:
        return
    same = Record.objects.filter(unit=draft.unit, register=draft.register.id, fields__reference=reference)
    same = same.exclude(state=State.CANCELLED).exclude(pk=draft.record.pk if draft.record else 0)
    if same.exists() or any(one.fields.get("reference") == reference for one in draft.before):
        yield _refusal("matter.number", f"编号“{reference}”的事项已经登记", MATTERS, "请在原记录上办理。")


def _refuse_too_long(extended: date, due: Due) -> Iterator[Refusal]:
    if extended < due.on or (due.longest > due.on and extended > due.longest):
        rule = due.rule
        yield _refusal(
            "matter.extended",
            f"延期应在{due.on}之后，最长到{due.longest}",
            f"{rule.source}{rule.article}",
            "请核对延期日期。",
        )


@checks_records("incident")
def check_incident(draft: Draft) -> Iterator[Refusal]:
    """The clocks of the first reports run from the moment of the event; nothing is reported before it happened."""
    begins = draft.cleaned.columns.get("begins")
    if begins is None:
        yield _refusal("incident.begins", "没有填写发生（获知）时间", MATTERS, "首报时限从这一刻算起，请填写。")
        return
    due = urgent_due(law=law_for(draft.unit, on=legal_date(begins)), happened_at=begins)
    fields = draft.cleaned.fields
    fields["telephone_due"], fields["written_due"] = due.telephone.isoformat(), due.written.isoformat()
    for key, label in (("telephone_at", "电话首报"), ("written_at", "书面首报")):
        if fields.get(key) and datetime.fromisoformat(fields[key]) < begins:
            yield _refusal(f"incident.{key}", f"{label}早于事件发生时间", MATTERS, "请核对时间。")


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstReport:
    """首报: by which way, until when, when it was made, how many whole minutes after the event; `late` or not."""

    way: str
    due: datetime
    made: datetime | None
    minutes: int | None
    late: bool


def first_reports(incident: Record, *, at: datetime) -> tuple[FirstReport, FirstReport]:
    """The two first reports of an incident as they stand at a moment; one not made is late once its time is over."""
    return (_first_report(incident, "电话", "telephone", at), _first_report(incident, "书面", "written", at))


def _first_report(incident: Record, way: str, key: str, at: datetime) -> FirstReport:
    due = datetime.fromisoformat(incident.fields[f"{key}_due"])
    said = incident.fields.get(f"{key}_at")
    made = datetime.fromisoformat(said) if said else None
    assert incident.begins is not None  # noqa: S101 - refused when entered
    minutes = int((made - incident.begins).total_seconds() // 60) if made else None
    return FirstReport(way=way, due=due, made=made, minutes=minutes, late=(made or at) > due)


def overdue(unit: Unit, *, at: date) -> list[Record]:
    """Everything open whose day is over, here and below: matters, tasks, measures, letters, problems; oldest first."""
    return list(open_of(unit, at=at).filter(due_on__lt=at).order_by("due_on", "pk"))


def due_within(unit: Unit, *, at: date, until: date) -> list[Record]:
    """Everything open that is due from a day until another, both included."""
    return list(open_of(unit, at=at).filter(due_on__gte=at, due_on__lte=until).order_by("due_on", "pk"))


def open_of(unit: Unit, *, at: date) -> QuerySet[Record]:
    """What is open here and below on a day, of every engine that has an end."""
    ending = [one.id for one in catalogue().values() if one.engine in {Engine.TASK, Engine.MATTER, Engine.LETTER}]
    rows = Record.objects.filter(unit__path__startswith=unit.path, register__in=ending, state=State.OPEN, day__lte=at)
    return rows.select_related("owner", "unit")


def problems_of(unit: Unit, *, year: int) -> list[tuple[Record, bool]]:
    """问题清单 of a year with whether each was carried over: those of the year, and those still open at its start."""
    first = date(year, 1, 1)
    rows = Record.objects.filter(unit__path__startswith=unit.path, register="problem", day__lte=date(year, 12, 31))
    carried = Q(closed_on__isnull=True) | Q(closed_on__gte=first)
    found = rows.exclude(state=State.CANCELLED).filter(Q(day__gte=first) | carried)
    return [(one, one.day < first) for one in found.select_related("owner").order_by("day", "pk")]


def _refusal(code: str, reason: str, article: str, remedy: str) -> Refusal:
    return Refusal(code=code, reason=reason, article=article, remedy=remedy)
