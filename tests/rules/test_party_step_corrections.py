"""Corrections of the steps of developing a member: from their day on, for their version, and nothing old is lost."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yangguang.rules.law import Mark, law_on
from yangguang.rules.party.corrections import (
    UNITS,
    StepCorrection,
    chart_on,
    check_correction,
    clocks_of,
    history_of,
)
from yangguang.rules.party.development import Case, check_step, next_step
from yangguang.rules.party.steps import steps_from_rows, steps_on, table

OLD, NEW = date(2025, 6, 1), date(2026, 6, 1)
FROM = date(2026, 10, 1)
TALK = StepCorrection(
    step_id="talk", version=NEW, since=FROM, what="党组织派人同申请人谈话", source="细则正式文本", article="第八条",
    mark=Mark.VERIFIED, clock="party.development.talk", value=20, unit="个工作日",
)  # fmt: skip


def chart(*corrections, version=NEW, on=FROM):
    return chart_on(law=law_on(date=version), corrections=corrections, on=on)


def codes(correction, *others):
    law = law_on(date=correction.version)
    return [one.code for one in check_correction(law=law, correction=correction, others=others)]


def test_a_row_of_texts_and_a_step_are_the_same_thing():
    assert steps_from_rows(one.to_row() for one in table()) == table()


def test_a_correction_changes_text_clock_and_source_from_its_day_on():
    before, after = chart(TALK, on=FROM - timedelta(days=1)), chart(TALK)
    assert before.steps == steps_on(date=NEW)
    step = after.step("talk")
    assert (step.what, step.citation) == ("党组织派人同申请人谈话", "细则正式文本第八条")
    assert [one.text for one in clocks_of(after, step)] == ["不晚于“递交入党申请书”后20个工作日"]
    assert [one.text for one in clocks_of(before, before.step("talk"))] == ["不晚于“递交入党申请书”后1个月"]
    others = [(one, two) for one, two in zip(before.steps, after.steps, strict=True) if one.id != "talk"]
    assert [one for one, _ in others] == [two for _, two in others]


def test_a_correction_is_about_its_own_version():
    assert chart(TALK, version=OLD).steps == steps_on(date=OLD)


def test_the_later_of_two_corrections_wins_and_an_earlier_clock_stays():
    later = replace(TALK, since=FROM + timedelta(days=30), what="谈话", clock="", value=0, unit="")
    found = chart(later, TALK, on=later.since)
    assert (found.step("talk").what, clocks_of(found, found.step("talk"))[0].rule.amount_text) == ("谈话", "20个工作日")


def test_a_case_is_led_by_the_corrected_step():
    case = Case(started_on=NEW, done={"application": NEW})
    found = chart(TALK)
    outlook = next_step(law=found.law, case=case, corrections=found.rows)
    assert (outlook.step.what, outlook.latest) == ("党组织派人同申请人谈话", date(2026, 6, 30))  # 6月19日 is a holiday
    given = {"law": found.law, "case": case, "on": NEW, "material": [], "corrections": found.rows}
    [refusal] = check_step(step_id="archive", **given)
    assert refusal.remedy == "下一步是“党组织派人同申请人谈话”"


def test_what_a_step_said_before_stays_with_its_dates():
    spells = history_of(law=law_on(date=NEW), corrections=[TALK], step_id="talk")
    assert [(one.since, one.until, one.step.what) for one in spells] == [
        (date(2026, 5, 1), FROM - timedelta(days=1), "党组织派人谈话"),
        (FROM, None, "党组织派人同申请人谈话"),
    ]
    assert [one.clocks[0].rule.amount_text for one in spells] == ["1个月", "20个工作日"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"step_id": "publicity", "version": OLD}, "step_correction.step"),
        ({"since": date(2026, 4, 30)}, "step_correction.since"),
        ({"value": 0}, "step_correction.value"),
        ({"value": 1001}, "step_correction.value"),
    ],
)
def test_a_correction_that_cannot_hold_is_refused(changes, code):
    assert codes(replace(TALK, **changes)) == [code]


def test_a_correction_that_changes_nothing_is_refused():
    assert codes(TALK) == []
    assert codes(TALK, TALK) == ["step_correction.nothing"]


@given(st.sampled_from(table()), st.integers(1, 1000), st.sampled_from(sorted(UNITS)))
def test_every_clock_of_every_step_can_be_corrected(step, value, unit):
    law = law_on(date=step.effective_from)
    for one in clocks_of(chart_on(law=law, corrections=(), on=step.effective_from), step):
        said = {"what": step.what, "source": step.source, "article": step.article, "mark": step.mark}
        given = {"step_id": step.id, "version": step.effective_from, "since": step.effective_from, **said}
        correction = StepCorrection(**given, clock=one.rule.id, value=value, unit=unit)
        found = chart_on(law=law, corrections=[correction], on=step.effective_from)
        rule = found.law.rule(one.rule.id)
        assert (rule.count, (rule.unit, rule.day_type)) == (value, UNITS[unit])
        assert rule.bound == one.rule.bound
