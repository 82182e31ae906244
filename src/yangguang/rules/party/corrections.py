"""Corrections of the steps of developing a member (发展党员步骤更正): what a person says instead of a shipped row.

A correction is about one step of one version of the 细则 and holds for what is done on or after its day. The shipped
row stays what it was: a case asks for its version, corrected as it stands on the day of a step.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date as Date  # noqa: N812 - `date` is the parameter that callers name
from itertools import pairwise

from yangguang.rules.calendar import ONE_DAY
from yangguang.rules.law import Law, Rule, Unit
from yangguang.rules.party.steps import Clock, Step, steps_on
from yangguang.rules.refusal import Refusal
from yangguang.rules.rule_rows import rules_from_rows
from yangguang.rules.rule_words import DayType, Mark

PLATFORM = "平台规则：步骤更正"
LONGEST_CLOCK = 1000  # of any unit: what is longer is a slip of the finger
UNITS: Mapping[str, tuple[Unit, DayType]] = {
    "日": (Unit.DAYS, DayType.CALENDAR),
    "个工作日": (Unit.DAYS, DayType.WORKING),
    "个月": (Unit.MONTHS, DayType.NONE),
    "年": (Unit.YEARS, DayType.NONE),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StepCorrection:
    """更正: `version` is a day of the version that it is about; without `clock` (a rule's id) no clock is changed."""

    step_id: str
    version: Date
    since: Date
    what: str
    source: str
    article: str
    mark: Mark
    clock: str = ""
    value: int = 0
    unit: str = ""

    def is_about(self, step: Step) -> bool:
        """Whether it corrects this row."""
        return step.id == self.step_id and step.is_in_force(self.version)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """步骤表: one version's law and the further rows of its steps, as they stand on a day."""

    law: Law
    rows: tuple[Mapping[str, str], ...] = ()

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps in order."""
        return steps_on(date=self.law.date, corrections=self.rows)

    def step(self, name: str) -> Step | None:
        """The step of this id or of this name."""
        return next((one for one in self.steps if name in {one.id, one.what}), None)


def chart_on(*, law: Law, corrections: Iterable[StepCorrection], on: Date) -> Chart:
    """The chart of a version as it stands on a day; of two corrections of one step the later one wins.

    `law` is the law of a day of the version. Raises `BadStep` where no version is in force on that day.
    """
    shipped = steps_on(date=law.date)
    steps, rules = {one.id: one for one in shipped}, {one.id: one for one in law.rules}
    changed: set[str] = set()
    for one in sorted((one for one in corrections if one.since <= on), key=lambda one: one.since):
        step = steps.get(one.step_id)
        if step is None or not one.is_about(step):
            continue
        said = {"source": one.source, "article": one.article, "mark": one.mark}
        steps[step.id] = replace(step, what=one.what, **said)  # type: ignore[arg-type]
        changed.add(step.id)
        if one.clock in rules:
            rules[one.clock] = _corrected_rule(rules[one.clock], one)
    law = replace(law, rules=tuple(rules[key] for key in sorted(rules)))
    return Chart(law=law, rows=tuple(steps[one.id].to_row() for one in shipped if one.id in changed))


def _corrected_rule(rule: Rule, by: StepCorrection) -> Rule:
    unit, day_type = UNITS[by.unit]
    said = {"source": by.source, "article": by.article, "mark": str(by.mark), "note": "发展党员步骤更正"}
    row = rule.to_row() | {"value": str(by.value), "unit": str(unit), "day_type": str(day_type)} | said
    return rules_from_rows(rows=[row], name="更正")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockSaid:
    """时限 as people read it: its rule, what it is called, and how long it runs."""

    rule: Rule
    name: str
    unit: str

    @property
    def text(self) -> str:
        """Name and length."""
        return f"{self.name}{self.rule.amount_text}"


def clocks_of(chart: Chart, step: Step) -> list[ClockSaid]:
    """The clocks of a step, by the names under which they are corrected."""
    return [_said(chart, clock, kind) for kind, clocks in _kinds(step) for clock in clocks]


def _kinds(step: Step) -> Iterator[tuple[str, Sequence[Clock]]]:
    yield from (("不早于", step.not_before), ("不晚于", step.due), ("延长后不晚于", step.longest))


def _said(chart: Chart, clock: Clock, kind: str) -> ClockSaid:
    rule = chart.law.rule(clock.rule_id)
    since = next((one.what for one in steps_on(date=chart.law.date) if one.id == clock.since), clock.since)
    unit = next((name for name, given in UNITS.items() if given == (rule.unit, rule.day_type)), "")
    return ClockSaid(rule=rule, name=f"{kind}“{since}”后", unit=unit)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spell:
    """What a step said from a day until another (the last one included; None while it stands)."""

    since: Date
    until: Date | None
    step: Step
    clocks: tuple[ClockSaid, ...]


def history_of(*, law: Law, corrections: Sequence[StepCorrection], step_id: str) -> list[Spell]:
    """What one step of the version of `law` has said since its version began, oldest first: nothing old is lost."""
    shipped = next(one for one in steps_on(date=law.date) if one.id == step_id)
    turns = sorted({shipped.effective_from, *(one.since for one in corrections if one.is_about(shipped))})
    ends: list[Date | None] = [later - ONE_DAY for _, later in pairwise(turns)]
    spells = []
    for since, until in zip(turns, [*ends, None], strict=True):
        chart = chart_on(law=law, corrections=corrections, on=since)
        step = next(one for one in chart.steps if one.id == step_id)
        spells.append(Spell(since=since, until=until, step=step, clocks=tuple(clocks_of(chart, step))))
    return spells


def check_correction(*, law: Law, correction: StepCorrection, others: Sequence[StepCorrection]) -> Iterator[Refusal]:
    """A correction is about a step of its version, not before it, with a length that can be, and changes something.

    `law` is the law of `correction.version`; `others` are the corrections that stand already.
    """
    chart = chart_on(law=law, corrections=others, on=correction.since)
    step = next((one for one in chart.steps if one.id == correction.step_id), None)
    if step is None:
        yield _refusal("step", f"{correction.version}的细则没有这个步骤", "请从步骤表中选择要更正的步骤。")
        return
    if correction.since < step.effective_from:
        reason = f"更正自{correction.since}起，早于这一版步骤的起始日期{step.effective_from}"
        yield _refusal("since", reason, "请改为这一版起始日期或者以后的日期。")
    if correction.clock and not 0 < correction.value <= LONGEST_CLOCK:
        reason = f"时限应为1至{LONGEST_CLOCK}的整数，现为{correction.value}"
        yield _refusal("value", reason, "请填写时限的数值。")
        return
    if _told(chart, step) == _told(_with(law, others, correction), step):
        yield _refusal("nothing", "更正后与现行的步骤相同", "请核对内容、时限和依据。")


def _with(law: Law, others: Sequence[StepCorrection], correction: StepCorrection) -> Chart:
    return chart_on(law=law, corrections=[*others, correction], on=correction.since)


def _told(chart: Chart, step: Step) -> tuple[object, ...]:
    """What people would see change of a step."""
    now = next(one for one in chart.steps if one.id == step.id)
    return now, tuple(one.text for one in clocks_of(chart, now))


def _refusal(code: str, reason: str, remedy: str) -> Refusal:
    return Refusal(code=f"step_correction.{code}", reason=reason, article=PLATFORM, remedy=remedy)
