"""发展党员 (D16): each case led by the dated steps of its version of the 细则; a person records, the table checks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from yangguang.branch.step_corrections import chart_for, corrections_in, versions
from yangguang.ledger.law import law_for, laws_for
from yangguang.ledger.models import Record, State, Unit
from yangguang.ledger.preparing import Draft, checks_records
from yangguang.rules.party.corrections import Chart, chart_on
from yangguang.rules.party.development import (
    Case,
    Outlook,
    check_extension,
    check_step,
    next_step,
    version_name,
    warn_step,
)
from yangguang.rules.party.steps import Step
from yangguang.rules.refusal import Refusal

PLATFORM = "平台规则：一名发展对象一件"
VOTED = {"admission": "接收预备党员", "conversion": "预备党员转正"}


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """一名发展对象: how far the case is, what comes next, and what is late."""

    record: Record
    done: Mapping[str, date]
    outlook: Outlook | None
    late: tuple[Refusal, ...]
    version: str


@checks_records("development")
def check_case(draft: Draft) -> Iterator[Refusal]:
    """One open case a person; an extension of the probation keeps its bounds (细则第三十二条)."""
    owner, months = draft.cleaned.columns.get("owner"), draft.cleaned.fields.get("extension")
    if owner is None:
        yield _refusal("nobody", "没有写明申请人", "请选择申请人；没有登记过的请先登记人员。")
        return
    first, name = versions()[-1]
    if _version(draft.cleaned.day, draft.cleaned.fields) < first:
        yield _refusal("version", f"步骤表从{first}的{name}开始，没有更早的一版", "请写明改按哪一天的细则办理。")
        return
    same = Record.objects.filter(unit=draft.unit, register="development", owner=owner, state=State.OPEN)
    if draft.record is not None:
        same = same.exclude(pk=draft.record.pk)
    if held := same.first():
        yield _refusal("twice", f"{owner.name}已经有办理中的“{held.title}”（{held.day}）", "请在原来的一件中登记步骤。")
    if months:
        law = law_for(draft.unit, on=_version(draft.cleaned.day, draft.cleaned.fields))
        yield from check_extension(law=law, months=months, extended_before=False)


@checks_records("development_step")
def check_development_step(draft: Draft) -> Iterator[Refusal]:
    """A step is the next one, in its time, with its material; a step that is voted on rests on that day's meeting.

    What is corrected later is held against the steps before it.
    """
    cleaned, day = draft.cleaned, draft.cleaned.day
    assert day is not None  # noqa: S101 - refused before
    parent = Record.objects.filter(pk=cleaned.columns.get("parent") or 0).first()
    if parent is None:
        yield _refusal("case", "没有指明是哪名发展对象", "请选择发展对象；没有登记的请先登记。")
        return
    chart = chart_for(draft.unit, version=_version(parent.day, parent.fields), on=day)
    steps, rows = chart.steps, chart.rows
    case = _case(parent, done_in(parent, other_than=draft.record))
    step = _chosen(steps, draft, next_step(law=chart.law, case=case, corrections=rows))
    if step is None:
        yield _refusal("step", f"没有步骤“{cleaned.fields.get('step', '')}”，或者已经全部办完", "请从步骤表中选择。")
        return
    if draft.record is not None:
        case = _case(
            parent, {one.id: case.done[one.id] for one in steps if one.id in case.done and one.number < step.number}
        )
    cleaned.title, cleaned.fields = step.what, {**cleaned.fields, "step": step.what, "step_id": step.id}
    there = [one for one in step.material if one not in cleaned.fields.get("missing", ())]
    if len(there) == len(step.material) and cleaned.fields.get("missing"):
        there = []  # something is missing that the table names otherwise
    yield from check_step(law=chart.law, case=case, step_id=step.id, on=day, material=there, corrections=rows)
    yield from _check_voted(draft, step, day)


def _check_voted(draft: Draft, step: Step, day: date) -> Iterator[Refusal]:
    if step.id not in VOTED:
        return
    meetings = Record.objects.filter(
        unit=draft.unit, register="meeting", kind="支部党员大会", day=day, state=State.DONE
    )
    held = meetings.filter(fields__vote=VOTED[step.id], fields__carried=True).first()
    if held is None:
        yield Refusal(
            code="development.meeting",
            reason=f"{day}没有表决通过“{VOTED[step.id]}”的支部党员大会",
            article=step.citation,
            remedy="请先在“三会一课”中登记这次大会的点名和赞成票；没有通过的不能登记这一步。",
        )
        return
    draft.cleaned.fields["meeting"] = held.pk


def cases(unit: Unit, *, on: date) -> list[CaseRow]:
    """在办的发展对象, oldest first, with the next step and its days; five queries."""
    rows = Record.objects.filter(unit__path__startswith=unit.path, register="development", state=State.OPEN)
    found = list(rows.select_related("owner", "unit").order_by("day", "pk"))
    if not found:
        return []
    done: dict[int, dict[str, date]] = {}
    steps = Record.objects.filter(parent__in=found, register="development_step", state=State.DONE)
    for parent, step, day in steps.values_list("parent_id", "fields__step_id", "day"):
        done.setdefault(parent, {})[step] = day
    law, corrections = laws_for(unit), corrections_in({row.unit for row in found} | {unit})

    def chart(row: Record) -> Chart:
        return chart_on(law=law(_version(row.day, row.fields)), corrections=corrections(row.unit), on=on)

    return [_row(row, done.get(row.pk, {}), chart(row), on=on) for row in found]


def case_of(row: Record, *, on: date) -> CaseRow:
    """One case as `cases` tells it, whether it is open or not."""
    return _row(row, done_in(row), chart_for(row.unit, version=_version(row.day, row.fields), on=on), on=on)


def done_in(parent: Record, *, other_than: Record | None = None) -> dict[str, date]:
    """The days of the steps of a case; one query."""
    rows = Record.objects.filter(parent=parent, register="development_step", state=State.DONE)
    if other_than is not None:
        rows = rows.exclude(pk=other_than.pk)
    return dict(rows.values_list("fields__step_id", "day"))


def _row(row: Record, done: Mapping[str, date], chart: Chart, *, on: date) -> CaseRow:
    outlook = next_step(law=chart.law, case=_case(row, done), corrections=chart.rows)
    late = warn_step(law=chart.law, outlook=outlook, on=on) if outlook else []
    return CaseRow(record=row, done=done, outlook=outlook, late=tuple(late), version=version_name(law=chart.law))


def _case(parent: Record, done: Mapping[str, date]) -> Case:
    moved = parent.fields.get("moved_to")
    return Case(
        started_on=parent.day, done=done, moved_to=date.fromisoformat(moved) if moved else None,
        extension=parent.fields.get("extension") or 0,
    )  # fmt: skip


def _version(day: date | None, fields: Mapping[str, object]) -> date:
    assert day is not None  # noqa: S101 - refused before
    moved = fields.get("moved_to")
    return date.fromisoformat(str(moved)) if moved else day


def _chosen(steps: tuple[Step, ...], draft: Draft, outlook: Outlook | None) -> Step | None:
    """The step that was meant: two steps of the table may have one name, then the record's own or the next is."""
    said, following = draft.cleaned.fields.get("step"), outlook.step if outlook else None
    if said is None and draft.record is None:
        return following
    own = draft.record.fields.get("step_id") if draft.record else None
    if draft.record is not None and said in {None, draft.record.fields.get("step")}:
        return next((one for one in steps if one.id == own), None)  # also under the name that it had then
    meant = [one for one in steps if said in {one.what, one.id}]
    best = [one for one in meant if one.id == own or one == following]
    return next(iter([*best, *meant]), None)


def _refusal(code: str, reason: str, remedy: str) -> Refusal:
    return Refusal(code=f"development.{code}", reason=reason, article=PLATFORM, remedy=remedy)
