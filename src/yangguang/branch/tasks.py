"""计划、目标、任务: the tree, its table, and which tasks are met by records that exist.

A task closes by the record that it points at: a person links it, or the task says what it waits for and the clock
closes it (`acts.close_met_task`). What is above closes when everything below is done.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from yangguang.ledger.catalogue import Register, catalogue
from yangguang.ledger.models import Post, Record, State, Unit
from yangguang.ledger.models.units import running
from yangguang.ledger.preparing import Draft, checks_records
from yangguang.rules.refusal import Refusal

TREES = ("task", "civil_task")
LEAVES = {"civil_task": "小项", "task": "任务"}
FORM = re.compile(r"(?P<register>[^/#×]+)(/(?P<kind>[^#×]+))?(#(?P<tag>[^×]+))?(×(?P<times>[1-9]\d{0,3}))?")


class UnreadableWaitError(ValueError):
    """What a task waits for cannot be read; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitsFor:
    """等什么记录: so many records of a register, of a kind, with a tag, within the task's year and until it is due."""

    register: str
    kind: str
    tag: str
    times: int


def read_wait(text: str) -> WaitsFor:
    """What `台账/种类#标签×次数` asks for; kind, tag and number may be left out. Raises `UnreadableWaitError`."""
    found = FORM.fullmatch(text.strip())
    if found is None:
        raise UnreadableWaitError("应写作“台账/种类#标签×次数”，如“三会一课/支部委员会×12”")
    name, kind, tag = found["register"].strip(), (found["kind"] or "").strip(), (found["tag"] or "").strip()
    register = next((one for one in catalogue().values() if name in {one.name, one.id}), None)
    if register is None:
        raise UnreadableWaitError(f"目录中没有台账“{name}”")
    for said, known, what in ((kind, register.kinds, "种类"), (tag, register.tags, "标签")):
        if said and said not in known:
            raise UnreadableWaitError(f"台账“{register.name}”没有{what}“{said}”")
    return WaitsFor(register=register.id, kind=kind, tag=tag, times=int(found["times"] or 1))


@checks_records("task")
def check_task(draft: Draft) -> Iterator[Refusal]:
    """A task says readably what it waits for; an item of the civilisation tree hangs in one of its fields."""
    said = draft.cleaned.fields.get("waits_for")
    if said:
        try:
            read_wait(said)
        except UnreadableWaitError as wrong:
            yield _refusal("task.waits_for", f"“等什么记录”：{wrong}", "请按写法更正，或者不填、由经办人关联记录。")
    if draft.cleaned.kind == "小项" and draft.cleaned.columns.get("parent") is None:
        yield _refusal("task.parent", "小项没有所属的工作内容", "请选择工作内容。")


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """A task that may be closed, and the records that met it."""

    task: Record
    evidence: tuple[int, ...]


def tasks_that_are_met(unit: Unit, *, at: date) -> list[Met]:
    """The open tasks of this unit that records have met by a day, those below before those above."""
    rows = Record.objects.filter(unit=unit, register__in=TREES, state=State.OPEN)
    return [met for task in rows.select_related("unit").order_by("-pk") if (met := is_met(task, at=at)) is not None]


def is_met(task: Record, *, at: date) -> Met | None:
    """Whether records meet the task by a day: those it waits for, or all that hang below it."""
    said = task.fields.get("waits_for")
    evidence = _awaited(task, read_wait(said), at=at) if said else _done_below(task)
    return Met(task=task, evidence=evidence) if evidence else None


def _awaited(task: Record, wait: WaitsFor, *, at: date) -> tuple[int, ...]:
    last = min(at, task.due_on or date(task.day.year, 12, 31))
    rows = Record.objects.filter(
        unit__path__startswith=task.unit.path, register=wait.register, state=State.DONE,
        day__gte=date(task.day.year, 1, 1), day__lte=last,
    ).exclude(pk=task.pk)  # fmt: skip
    if wait.kind:
        rows = rows.filter(kind=wait.kind)
    if wait.tag:
        rows = rows.filter(tags__tag=wait.tag)
    found = tuple(rows.order_by("day", "pk").values_list("pk", flat=True)[: wait.times])
    return found if len(found) == wait.times else ()


def _done_below(task: Record) -> tuple[int, ...]:
    below = list(task.children.exclude(state=State.CANCELLED).order_by("pk").values_list("pk", "state"))
    return tuple(pk for pk, _ in below) if below and all(state == State.DONE for _, state in below) else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """任务分解表的一行: its number in the tree, the task, who answers for it with the section, how it stands."""

    number: str
    depth: int
    task: Record
    section: str
    tags: tuple[str, ...]
    leaves: int
    done: int

    @property
    def share(self) -> int:
        """Percent of what hangs below that is done, rounded down: only all is 100."""
        return self.done * 100 // self.leaves if self.leaves else 0


def decomposition(unit: Unit, *, register: str, year: int) -> list[Line]:
    """任务分解表 of a year, depth first, in the order of entry; four queries however large the tree is."""
    rows = Record.objects.filter(unit=unit, register=register, year=year).exclude(state=State.CANCELLED)
    tasks = list(rows.select_related("owner").prefetch_related("tags").order_by("pk"))
    below: dict[int | None, list[Record]] = defaultdict(list)
    known = {one.pk for one in tasks}
    for task in tasks:
        below[task.parent_id if task.parent_id in known else None].append(task)
    sections = sections_of(tasks, on=date(year, 12, 31))
    return list(_lines(below, None, "", sections))


def _lines(
    below: Mapping[int | None, Sequence[Record]], parent: int | None, before: str, sections: Mapping[int, str]
) -> Iterator[Line]:
    for place, task in enumerate(below.get(parent, ()), start=1):
        number = f"{before}{place}"
        inner = list(_lines(below, task.pk, f"{number}.", sections))
        leaves = [one for one in inner if not below.get(one.task.pk)] if inner else []
        states = [one.task.state for one in leaves] or [task.state]
        yield Line(
            number=number, depth=number.count(".") + 1, task=task, section=sections.get(task.owner_id or 0, ""),
            tags=tuple(sorted(one.tag for one in task.tags.all())), leaves=len(states),
            done=sum(1 for state in states if state == State.DONE),
        )  # fmt: skip
        yield from inner


def sections_of(tasks: Sequence[Record], *, on: date) -> dict[int, str]:
    """The section (科室) of each owner on a day, by the owner's id: derived from their post, never typed."""
    owners = {one.owner_id for one in tasks if one.owner_id}
    held = Post.objects.filter(running(on), person__in=owners, unit__kind=Unit.Kind.SECTION).select_related("unit")
    return {one.person_id: one.unit.name for one in held.order_by("-pk")}


def kind_at(register: Register, level: int) -> str:
    """The kind of a task at a level of the tree, from 1; below the last one everything is of the last kind."""
    return register.kinds[min(level, len(register.kinds)) - 1]


def _refusal(code: str, reason: str, remedy: str) -> Refusal:
    return Refusal(code=code, reason=reason, article="平台规则：任务凭记录办结", remedy=remedy)
