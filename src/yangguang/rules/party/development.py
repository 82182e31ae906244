"""Developing a member (发展党员): the next lawful step of a case, its earliest and latest day, what has to be there.

A case keeps the version of the 细则 of the day it began; only a person moves it to another, and the record says which.
Every function takes `law`, the law of `Case.version_date`, so that steps and clocks are of one version.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from yangguang.rules.calendar import ONE_DAY, add_months
from yangguang.rules.checks.answers import refuse
from yangguang.rules.clocks import due_on
from yangguang.rules.law import Law, Rule, Unit
from yangguang.rules.party.steps import Clock, Step, steps_on
from yangguang.rules.refusal import Refusal

PROBATION = "party.development.probation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One case: the day it began, the day whose version a person moved it to, the days of the steps done.

    `extension` are the months by which the probation was extended (延长预备期).
    """

    started_on: date
    done: Mapping[str, date] = field(hash=False)
    moved_to: date | None = None
    extension: int = 0

    @property
    def version_date(self) -> date:
        """The legal date whose version of the 细则 the case follows."""
        return self.moved_to or self.started_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What may be done next: from `earliest`, by `latest`, with an extension by `longest`; None where nothing binds."""

    step: Step
    earliest: date | None
    latest: date | None
    longest: date | None


def next_step(*, law: Law, case: Case, corrections: Iterable[Mapping[str, str]] = ()) -> Outlook | None:
    """The first step after the furthest one done, with its days; None when all is done.

    `earliest` is the first day on which every clock has run out and no step before it lies later.
    """
    steps = steps_on(date=law.date, corrections=corrections)
    places = [place for place, step in enumerate(steps) if step.id in case.done]
    following = steps[places[-1] + 1 :] if places else steps
    if not following:
        return None
    step = following[0]
    ends = [_first_day_after(law, clock, case) for clock in step.not_before if clock.since in case.done]
    return Outlook(
        step=step,
        earliest=max([*ends, *case.done.values()], default=None),
        latest=_end(law, step.due, case),
        longest=_end(law, step.longest, case),
    )


def skipped(*, law: Law, case: Case, corrections: Iterable[Mapping[str, str]] = ()) -> tuple[Step, ...]:
    """Steps of the case's version before its furthest one that it has not done, as after a move to a newer version."""
    steps = steps_on(date=law.date, corrections=corrections)
    places = [place for place, step in enumerate(steps) if step.id in case.done]
    return tuple(step for step in steps[: max(places, default=0)] if step.id not in case.done)


def version_name(*, law: Law) -> str:
    """Which 细则 a case follows, to be said wherever its steps are shown."""
    return steps_on(date=law.date)[0].source


def check_step(
    *,
    law: Law,
    case: Case,
    step_id: str,
    on: date,
    material: Collection[str],
    corrections: Iterable[Mapping[str, str]] = (),
) -> list[Refusal]:
    """A step is the next one, not before its earliest day, with all that has to be there; all faults together."""
    corrections = tuple(corrections)
    outlook = next_step(law=law, case=case, corrections=corrections)
    if outlook is None or outlook.step.id != step_id:
        return [_out_of_order(law, outlook, step_id, corrections)]
    step, found = outlook.step, []
    if outlook.earliest is not None and on < outlook.earliest:
        found.append(
            Refusal(
                code="development.early",
                reason=f"“{step.what}”最早{outlook.earliest}，现为{on}",
                article=_ground(law, step, step.not_before),
                remedy=f"请在{outlook.earliest}或者以后办理",
            )
        )
    missing = [one for one in step.material if one not in material]
    if missing:
        found.append(
            Refusal(
                code="development.material",
                reason=f"“{step.what}”缺少{'、'.join(missing)}",
                article=step.citation,
                remedy="请补齐材料；没有的不得补造",
            )
        )
    return found


def warn_step(*, law: Law, outlook: Outlook, on: date) -> list[Refusal]:
    """A caution where the step is or was done after its latest day; what happened late is recorded as it happened."""
    if outlook.latest is None or on <= outlook.latest:
        return []
    end = f"，延长后最迟{outlook.longest}" if outlook.longest else ""
    return [
        Refusal(
            code="development.late",
            reason=f"“{outlook.step.what}”应不迟于{outlook.latest}{end}，现为{on}",
            article=_ground(law, outlook.step, outlook.step.due),
            remedy="请尽快办理并写明原因",
        )
    ]


def check_contacts(*, law: Law, contacts: int) -> list[Refusal]:
    """培养联系人: one or two full members (第九条)."""
    least, most = law.rule("party.development.contacts_least"), law.rule("party.development.contacts_most")
    if least.count <= contacts <= most.count:
        return []
    return [
        refuse(
            code="development.contacts",
            rule=least,
            reason=f"培养联系人{contacts}名，应为{least.count}至{most.count}名正式党员",
            remedy="请更正培养联系人",
        )
    ]


def check_training(*, law: Law, days: Decimal, hours: Decimal) -> list[Refusal]:
    """短期集中培训: at least 3 days or 24 学时 (第十七条)."""
    by_days, by_hours = law.rule("party.development.training_days"), law.rule("party.development.training_hours")
    if days >= by_days.value or hours >= by_hours.value:
        return []
    return [
        refuse(
            code="development.training",
            rule=by_days,
            reason=f"集中培训{days}天、{hours}学时，不足{by_days.count}天或者{by_hours.amount_text}",
            remedy="请补足培训",
        )
    ]


def check_extension(*, law: Law, months: int, extended_before: bool) -> list[Refusal]:
    """延长预备期: once, by at least half a year and at most a year (第三十二条)."""
    least, most = (law.rule(f"party.development.probation_extension_{end}") for end in ("least", "most"))
    if not extended_before and _months_of(least) <= months <= _months_of(most):
        return []
    return [
        refuse(
            code="development.extension",
            rule=least,
            reason="预备期只能延长一次" if extended_before else f"延长{months}个月",
            remedy=f"延长预备期应不少于{least.amount_text}、不超过{most.amount_text}，只延长一次",
        )
    ]


def probation_ends_on(*, law: Law, admitted_on: date, extension: int = 0) -> date:
    """The last day of the probation, counted from the member meeting that admitted (自支部大会通过之日起)."""
    return add_months(start=due_on(law=law, rule_id=PROBATION, start=admitted_on), count=extension)


def _first_day_after(law: Law, clock: Clock, case: Case) -> date:
    """From when on a step may be done: the day the years or months are full, the day after days of publicity."""
    since = case.done[clock.since]
    if clock.rule_id == PROBATION:
        return probation_ends_on(law=law, admitted_on=since, extension=case.extension)
    last = due_on(law=law, rule_id=clock.rule_id, start=since)
    return last + ONE_DAY if law.rule(clock.rule_id).unit is Unit.DAYS else last


def _end(law: Law, clocks: Iterable[Clock], case: Case) -> date | None:
    ends = (
        due_on(law=law, rule_id=clock.rule_id, start=case.done[clock.since])
        for clock in clocks
        if clock.since in case.done
    )
    return min(ends, default=None)


def _ground(law: Law, step: Step, clocks: Iterable[Clock]) -> str:
    """The articles of the clocks, or that of the step where only its place in the order binds it."""
    return "、".join(law.rule(clock.rule_id).citation for clock in clocks) or step.citation


def _out_of_order(law: Law, outlook: Outlook | None, step_id: str, corrections: Iterable[Mapping[str, str]]) -> Refusal:
    known = {step.id: step.what for step in steps_on(date=law.date, corrections=corrections)}
    return Refusal(
        code="development.order",
        reason=f"现在不能办理“{known.get(step_id, step_id)}”",
        article=version_name(law=law),
        remedy=f"下一步是“{outlook.step.what}”" if outlook else "各步骤已经全部完成",
    )


def _months_of(rule: Rule) -> int:
    return rule.count * (12 if rule.unit is Unit.YEARS else 1)
