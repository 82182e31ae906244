"""发展党员步骤更正 (D16): a unit corrects the steps for itself and those below it, from a day on.

A correction is a record, so it has its entry, its reason, its history and its cancelling like any other; nothing is
overwritten, and the chart of any day can be read again.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from yangguang.ledger.law import law_for
from yangguang.ledger.models import Record, State, Unit
from yangguang.ledger.preparing import Draft, checks_records, suggests_options
from yangguang.rules.law import Law, Mark
from yangguang.rules.party.corrections import (
    PLATFORM,
    Chart,
    ClockSaid,
    Spell,
    StepCorrection,
    chart_on,
    check_correction,
    clocks_of,
    history_of,
)
from yangguang.rules.party.steps import STAGE_LABELS, BadStep, Step, table
from yangguang.rules.refusal import Refusal

REGISTER = "development_rule"
MARKS = {
    Mark.VERIFIED: "已核对正式文本",
    Mark.SECONDARY: "待核实（取自二手资料）",
    Mark.UNCHECKED: "待核实（尚未核对）",
    Mark.LOCAL: "本地口径，待核实",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    """步骤表的一行: the step as it stands on a day, its clocks, how certain it is, and all that it said before."""

    step: Step
    clocks: tuple[ClockSaid, ...]
    mark: str
    history: list[Spell]


def corrections_in(units: Iterable[Unit], *, without: Record | None = None) -> Callable[[Unit], list[StepCorrection]]:
    """The corrections that hold in each of these units: its own and those of the units above; one query."""
    codes = {code for unit in units for code in (unit.code, *unit.above)}
    rows = Record.objects.filter(register=REGISTER, state=State.DONE, unit__code__in=codes).order_by("day", "pk")
    if without is not None:
        rows = rows.exclude(pk=without.pk)
    held = [(code, correction_of(day, fields)) for code, day, fields in rows.values_list("unit__code", "day", "fields")]
    return lambda unit: [one for code, one in held if code in {unit.code, *unit.above}]


def correction_of(day: date, fields: Mapping[str, Any]) -> StepCorrection:
    """What the fields of a stored record correct."""
    return StepCorrection(
        step_id=fields["step_id"], version=date.fromisoformat(fields["version"]), since=day, what=fields["what"],
        source=fields["source"], article=fields["article"],
        mark=Mark.VERIFIED if fields["verified"] else Mark.SECONDARY, clock=fields.get("rule_id", ""),
        value=fields.get("value") or 0, unit=fields.get("unit", ""),
    )  # fmt: skip


def chart_for(unit: Unit, *, version: date, on: date) -> Chart:
    """The steps of the version of a day, as the unit has them on another day. Raises `BadStep`."""
    return chart_on(law=law_for(unit, on=version), corrections=corrections_in([unit])(unit), on=on)


def rows_of(unit: Unit, *, version: date, on: date) -> list[tuple[str, list[StepRow]]]:
    """The step table by its stages, with everything that was corrected. Raises `BadStep` before the first version."""
    law, corrections = law_for(unit, on=version), corrections_in([unit])(unit)
    chart = chart_on(law=law, corrections=corrections, on=on)
    corrected = {one.step_id for one in corrections}
    stages: dict[str, list[StepRow]] = {}
    for step in chart.steps:
        past = history_of(law=law, corrections=corrections, step_id=step.id) if step.id in corrected else []
        row = StepRow(
            step=step,
            clocks=tuple(clocks_of(chart, step)),
            mark=MARKS[step.mark],
            history=past if len(past) > 1 else [],
        )
        stages.setdefault(STAGE_LABELS[step.stage], []).append(row)
    return list(stages.items())


def versions() -> list[tuple[date, str]]:
    """The versions of the 细则 that the table knows: the first day of each and its name, the newest first."""
    return sorted({(one.effective_from, one.source) for one in table()}, reverse=True)


@checks_records(REGISTER)
def check_correction_record(draft: Draft) -> Iterator[Refusal]:
    """A correction names a step and, where it changes a clock, one of the step's; what is not said stays as it is."""
    fields, day = draft.cleaned.fields, draft.cleaned.day
    assert day is not None  # noqa: S101 - refused before
    version = date.fromisoformat(fields.get("version") or day.isoformat())
    law, others = law_for(draft.unit, on=version), corrections_in([draft.unit], without=draft.record)(draft.unit)
    try:
        chart = chart_on(law=law, corrections=others, on=day)
        step = _step_meant(law, chart, fields["step"])
    except BadStep as bad:
        yield _refusal("version", str(bad), "请填写某一版细则施行期间的日期。")
        return
    if step is None:
        yield _refusal("step", f"步骤表里没有“{fields['step']}”", "请从步骤表中选择要更正的步骤。")
        return
    clock, refusals = _clock_meant(chart, step, fields)
    if refusals:
        yield from refusals
        return
    said = {"step": step.what, "step_id": step.id, "version": version.isoformat(), "what": step.what}
    fields.update(said | ({"what": fields["what"]} if fields.get("what") else {}))
    fields["before"] = before_of(chart, step)
    if clock is not None:
        fields |= {"rule_id": clock.rule.id, "clock": clock.name}
    draft.cleaned.title = f"更正步骤：{step.what}"
    yield from check_correction(law=law, correction=correction_of(day, fields), others=others)


def _step_meant(law: Law, chart: Chart, name: str) -> Step | None:
    """By its id, its name now, or the name it had before it was corrected."""
    shipped = Chart(law=law).step(name)
    return chart.step(name) or (chart.step(shipped.id) if shipped else None)


def before_of(chart: Chart, step: Step) -> str:
    """The row as it stood, in one sentence; as long as a field may be."""
    clocks = "，".join(one.text for one in clocks_of(chart, step)) or "没有时限"
    return f"{step.what}；{clocks}；{step.citation}"[:200]


def _clock_meant(chart: Chart, step: Step, fields: Mapping[str, Any]) -> tuple[ClockSaid | None, list[Refusal]]:
    """The clock that is changed: the named one, or the only one of the step where just a length is given."""
    given, length = fields.get("clock"), (fields.get("value"), fields.get("unit"))
    if not given and length == (None, None):
        return None, []
    clocks = clocks_of(chart, step)
    found = [one for one in clocks if given in {one.name, one.rule.id}] if given else clocks
    if len(found) != 1:
        names = "、".join(one.name for one in clocks) or "这一步没有时限"
        reason = f"“{step.what}”没有时限“{given}”" if given else f"“{step.what}”没有唯一的时限"
        return None, [_refusal("clock", reason, f"可以更正的时限：{names}。")]
    if None in length:
        return None, [_refusal("length", "更正时限应同时写明数值和单位", "请补填时限的数值和单位，或者都不填。")]
    return found[0], []


@suggests_options("development_steps")
def step_names(unit: Unit, on: date) -> list[str]:
    """The steps of the version in force, as the form suggests them."""
    return [one.what for one in chart_for(unit, version=on, on=on).steps]


@suggests_options("development_clocks")
def clock_names(unit: Unit, on: date) -> list[str]:
    """The clocks of the version in force, by the names that a correction gives them."""
    chart = chart_for(unit, version=on, on=on)
    return list(dict.fromkeys(one.name for step in chart.steps for one in clocks_of(chart, step)))


def _refusal(code: str, reason: str, remedy: str) -> Refusal:
    return Refusal(code=f"step_correction.{code}", reason=reason, article=PLATFORM, remedy=remedy)
