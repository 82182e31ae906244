"""周会、月检、季评 and assessments: the agenda comes from what is overdue, the score from figures; nobody is ranked."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from yangguang.branch.matters import due_within, open_of, overdue
from yangguang.branch.tasks import sections_of
from yangguang.ledger.catalogue import Engine, register_named
from yangguang.ledger.models import Record, State, Unit
from yangguang.ledger.preparing import Draft, checks_records
from yangguang.rules.refusal import Refusal

AHEAD = {"周例会": 7, "月检查": 31, "季讲评": 92}  # days that a round looks ahead
TENTH = Decimal("0.1")
NOBODY = "未定科室"


@dataclass(frozen=True, slots=True, kw_only=True)
class Agenda:
    """议程: what is overdue, what is due until the next round, which problems are open, how each section stands."""

    overdue: tuple[Record, ...]
    coming: tuple[Record, ...]
    problems: tuple[Record, ...]
    sections: tuple["Section", ...]

    @property
    def is_empty(self) -> bool:
        """Nothing to talk about: the round may be left out."""
        return not (self.overdue or self.coming or self.problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """How the tasks of one section stand; sections come in the order of their names, never of their results."""

    name: str
    tasks: int
    done: int
    overdue: int


def agenda_for(unit: Unit, *, kind: str, at: date) -> Agenda:
    """The agenda of a round on a day: read from tasks, matters, letters and problems; nothing is asked of anybody.

    `kind` is one of the rounds (周例会, 月检查, 季讲评) and says how far ahead the round looks.
    """
    late = [one for one in overdue(unit, at=at) if one.register != "problem"]
    coming = due_within(unit, at=at, until=at + timedelta(days=AHEAD[kind]))
    problems = open_of(unit, at=at).filter(register="problem").order_by("due_on", "pk")
    return Agenda(
        overdue=tuple(late), coming=tuple(one for one in coming if one.register != "problem"),
        problems=tuple(problems), sections=_sections(unit, at=at),
    )  # fmt: skip


def _sections(unit: Unit, *, at: date) -> tuple[Section, ...]:
    rows = Record.objects.filter(unit__path__startswith=unit.path, year=at.year, day__lte=at)
    tasks = [one for one in rows.exclude(state=State.CANCELLED).order_by("pk") if _is_task(one)]
    names = sections_of(tasks, on=at)
    grouped: dict[str, list[Record]] = {}
    for task in tasks:
        grouped.setdefault(names.get(task.owner_id or 0, NOBODY), []).append(task)
    return tuple(
        Section(
            name=name, tasks=len(of_one), done=sum(1 for one in of_one if one.state == State.DONE),
            overdue=sum(1 for one in of_one if one.state == State.OPEN and one.due_on is not None and one.due_on < at),
        )
        for name, of_one in sorted(grouped.items())
    )  # fmt: skip


def _is_task(record: Record) -> bool:
    register = register_named(record.register)
    return register is not None and register.engine is Engine.TASK


@checks_records("assessment_item")
def check_assessment_item(draft: Draft) -> Iterator[Refusal]:
    """A target and a weight are more than nothing."""
    for key, label in (("target", "应达到"), ("weight", "分值")):
        if Decimal(draft.cleaned.fields.get(key, 0)) <= 0:
            yield Refusal(
                code=f"assessment.{key}",
                reason=f"“{label}”应大于零",
                article="平台规则：考核凭数字计分",
                remedy="请更正后重新提交。",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """得分 of one item: the figure, what it should reach, what it is worth; None where there is no figure."""

    item: Record
    value: Decimal | None
    target: Decimal
    weight: Decimal
    score: Decimal | None


def score_items(items: Sequence[Record], *, figures: Mapping[str, Decimal | int | None]) -> list[Score]:
    """Scores from figures by the metric's id: the share of the target that was reached, at most all of the weight."""
    return [_score(item, figures.get(str(item.fields.get("metric")))) for item in items]


def total(scores: Sequence[Score]) -> Decimal | None:
    """The sum, or None as long as a figure is missing: nothing is invented."""
    known = [one.score for one in scores]
    return None if not known or None in known else sum((one for one in known if one is not None), Decimal(0))


def _score(item: Record, value: Decimal | int | None) -> Score:
    target, weight = Decimal(item.fields["target"]), Decimal(item.fields["weight"])
    reached = None if value is None else min(Decimal(value) / target, Decimal(1)) * weight
    return Score(
        item=item, value=None if value is None else Decimal(value), target=target, weight=weight,
        score=None if reached is None else reached.quantize(TENTH, ROUND_HALF_UP),
    )  # fmt: skip
