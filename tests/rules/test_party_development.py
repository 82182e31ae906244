from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yangguang.rules.law import law_on
from yangguang.rules.party.development import (
    Case,
    check_contacts,
    check_extension,
    check_step,
    check_training,
    next_step,
    probation_ends_on,
    skipped,
    version_name,
    warn_step,
)
from yangguang.rules.party.steps import STAGE_LABELS, BadStep, Stage, steps_from_rows, steps_on, table

OLD, NEW = date(2025, 3, 3), date(2026, 6, 1)
OLD_LAW, NEW_LAW = law_on(date=OLD), law_on(date=NEW)
DAY = timedelta(days=1)
ROW = {
    "id": "candidate",
    "number": "7",
    "stage": "candidate",
    "what": "确定发展对象",
    "not_before": "development.cultivation@activist",
    "due": "",
    "longest": "",
    "material": "讨论记录",
    "source": "示例市发展党员办法",
    "article": "第一条",
    "effective_from": "2025-01-01",
    "effective_to": "",
    "mark": "V",
    "note": "",
}


def codes(refusals):
    return [refusal.code for refusal in refusals]


def case_until(last, law=NEW_LAW, on=NEW, **days):
    """A case whose steps up to `last` were all done on one day, but those in `days`."""
    ids = [step.id for step in steps_on(date=law.date)]
    done = dict.fromkeys(ids[: ids.index(last) + 1], on) | days
    return Case(started_on=law.date, done=done)


def outlook_after(last, law=NEW_LAW, **days):
    return next_step(law=law, case=case_until(last, law, **days))


def material_of(step_id, law=NEW_LAW):
    return next(step.material for step in steps_on(date=law.date) if step.id == step_id)


def test_the_2014_chart_has_twenty_five_steps_in_five_stages():
    steps = steps_on(date=OLD)
    assert [step.number for step in steps] == list(range(1, 26))
    assert [sum(step.stage is stage for step in steps) for stage in Stage] == [2, 4, 5, 7, 7]


def test_the_revision_adds_the_publicity_before_a_candidate_is_named():
    old, new = ([step.id for step in steps_on(date=day)] for day in (OLD, NEW))
    assert [one for one in new if one not in old] == ["publicity"]
    assert new.index("candidate") == new.index("publicity") + 1


def test_every_clock_is_a_rule_of_its_version_and_counts_from_an_earlier_step():
    for day, law in ((OLD, OLD_LAW), (NEW, NEW_LAW)):
        numbers = {step.id: step.number for step in steps_on(date=day)}
        clocks = [(step, clock) for step in steps_on(date=day) for clock in step.not_before + step.due + step.longest]
        assert all(numbers[clock.since] < step.number for step, clock in clocks)
        assert all(law.rule(clock.rule_id).line == "party" for _, clock in clocks)


def test_a_case_keeps_the_version_of_its_start_unless_a_person_moves_it():
    kept, moved = Case(started_on=OLD, done={}), Case(started_on=OLD, done={}, moved_to=NEW)
    names = [version_name(law=law_on(date=one.version_date)) for one in (kept, moved)]
    assert names == ["中国共产党发展党员工作细则（2014年）", "中国共产党发展党员工作细则（2026年修订）"]


def test_the_first_step_has_no_days():
    outlook = next_step(law=NEW_LAW, case=Case(started_on=NEW, done={}))
    assert (outlook.step.id, outlook.earliest, outlook.latest, outlook.longest) == ("application", None, None, None)


@pytest.mark.parametrize(
    ("last", "step", "earliest", "latest"),
    [
        ("application", "talk", NEW, date(2026, 7, 1)),
        ("cultivation", "publicity", NEW, None),
        ("publicity", "candidate", date(2027, 6, 1), None),
        ("form", "admission", NEW, date(2026, 7, 1)),
        ("superior_talk", "approval", NEW, date(2026, 9, 1)),
        ("group", "oath", NEW, date(2026, 7, 1)),
        ("conversion_request", "conversion", date(2027, 6, 1), None),
        ("conversion", "conversion_approval", NEW, date(2026, 9, 1)),
    ],
)
def test_the_next_step_has_its_earliest_and_latest_day(last, step, earliest, latest):
    outlook = outlook_after(last)
    assert (outlook.step.id, outlook.earliest, outlook.latest) == (step, earliest, latest)


def test_an_approval_may_take_up_to_six_months():
    assert outlook_after("superior_talk").longest == date(2026, 12, 1)


def test_five_working_days_of_publicity_are_over_before_a_candidate_is_named():
    outlook = outlook_after("publicity", activist=date(2025, 1, 1))
    assert (outlook.step.id, outlook.earliest) == ("candidate", date(2026, 6, 9))


def test_the_old_version_has_neither_publicity_nor_the_month_to_the_meeting():
    assert next_step(law=OLD_LAW, case=case_until("cultivation", OLD_LAW, OLD)).step.id == "candidate"
    assert next_step(law=OLD_LAW, case=case_until("form", OLD_LAW, OLD)).latest is None


def test_after_the_last_step_nothing_is_next():
    case = case_until("archive")
    assert next_step(law=NEW_LAW, case=case) is None
    [refusal] = check_step(law=NEW_LAW, case=case, step_id="talk", on=NEW, material=[])
    assert (refusal.code, refusal.remedy) == ("development.order", "各步骤已经全部完成")


def test_a_case_moved_to_the_new_version_shows_what_it_skipped():
    case = case_until("candidate", OLD_LAW, OLD)
    moved = Case(started_on=OLD, done=case.done, moved_to=NEW)
    assert [step.id for step in skipped(law=NEW_LAW, case=moved)] == ["publicity"]
    assert next_step(law=NEW_LAW, case=moved).step.id == "candidate_filed"
    assert skipped(law=OLD_LAW, case=case) == ()
    assert skipped(law=OLD_LAW, case=Case(started_on=OLD, done={})) == ()


def test_a_clock_whose_step_was_skipped_does_not_bind():
    done = {"activist": OLD, "cultivation": OLD, "pre_examination": NEW}
    moved = Case(started_on=OLD, done=done | {"form": NEW}, moved_to=NEW)
    assert next_step(law=NEW_LAW, case=moved).latest == date(2026, 7, 1)
    del done["pre_examination"]
    moved = Case(started_on=OLD, done=done | {"form": NEW}, moved_to=NEW)
    assert next_step(law=NEW_LAW, case=moved).latest is None


def test_a_step_in_order_in_time_and_with_its_material_is_lawful():
    case = case_until("application")
    assert check_step(law=NEW_LAW, case=case, step_id="talk", on=NEW, material=["谈话记录"]) == []


def test_a_step_out_of_order_is_told_the_next_one():
    case = case_until("application")
    [refusal] = check_step(law=NEW_LAW, case=case, step_id="oath", on=NEW, material=[])
    assert (refusal.reason, refusal.remedy) == ("现在不能办理“入党宣誓”", "下一步是“党组织派人谈话”")


def test_a_step_too_early_and_without_material_is_told_both():
    case = case_until("conversion_request")
    found = check_step(law=NEW_LAW, case=case, step_id="conversion", on=date(2027, 5, 31), material=[])
    assert codes(found) == ["development.early", "development.material"]
    assert found[0].article == "中国共产党发展党员工作细则（2026年修订）第三十一条（默认值，可更正）"
    assert found[1].reason == "“支部大会讨论转正”缺少支部大会决议"


def test_a_step_before_the_one_before_it_is_too_early_on_its_own_article():
    case = case_until("application")
    [refusal] = check_step(law=NEW_LAW, case=case, step_id="talk", on=NEW - DAY, material=["谈话记录"])
    assert refusal.article == "中国共产党发展党员工作细则（2026年修订）第七条（默认值，可更正）"


def test_a_late_step_is_recorded_with_a_caution():
    outlook = outlook_after("superior_talk")
    assert warn_step(law=NEW_LAW, outlook=outlook, on=date(2026, 9, 1)) == []
    [caution] = warn_step(law=NEW_LAW, outlook=outlook, on=date(2026, 9, 2))
    assert caution.reason == "“上级党委审批”应不迟于2026-09-01，延长后最迟2026-12-01，现为2026-09-02"
    [caution] = warn_step(law=NEW_LAW, outlook=outlook_after("application"), on=date(2026, 7, 2))
    assert caution.reason == "“党组织派人谈话”应不迟于2026-07-01，现为2026-07-02"
    assert warn_step(law=NEW_LAW, outlook=outlook_after("talk"), on=date(2030, 1, 1)) == []


@pytest.mark.parametrize(("contacts", "may"), [(0, False), (1, True), (2, True), (3, False)])
def test_one_or_two_full_members_keep_contact(contacts, may):
    assert codes(check_contacts(law=NEW_LAW, contacts=contacts)) == ([] if may else ["development.contacts"])


@pytest.mark.parametrize(("days", "hours", "enough"), [(3, 0, True), (0, 24, True), (2, 23, False)])
def test_training_takes_three_days_or_twenty_four_hours(days, hours, enough):
    found = check_training(law=NEW_LAW, days=Decimal(days), hours=Decimal(hours))
    assert codes(found) == ([] if enough else ["development.training"])


@pytest.mark.parametrize(
    ("months", "before", "may"),
    [(6, False, True), (12, False, True), (5, False, False), (13, False, False), (6, True, False)],
)
def test_a_probation_is_extended_once_by_half_a_year_to_a_year(months, before, may):
    found = check_extension(law=NEW_LAW, months=months, extended_before=before)
    assert codes(found) == ([] if may else ["development.extension"])


def test_a_probation_ends_a_year_after_the_meeting_or_later_where_extended():
    ends = [probation_ends_on(law=NEW_LAW, admitted_on=NEW, extension=months) for months in (0, 6)]
    assert ends == [date(2027, 6, 1), date(2027, 12, 1)]
    case = case_until("conversion_request")
    extended = Case(started_on=NEW, done=case.done, extension=6)
    assert next_step(law=NEW_LAW, case=extended).earliest == date(2027, 12, 1)


@given(st.sampled_from([OLD_LAW, NEW_LAW]), st.integers(0, 30))
def test_every_case_comes_to_its_end_step_by_step(law, pause):
    done, on = {}, law.date
    while outlook := next_step(law=law, case=Case(started_on=law.date, done=done)):
        on = max(on, outlook.earliest or on) + timedelta(days=pause)
        step, case = outlook.step, Case(started_on=law.date, done=dict(done))
        assert check_step(law=law, case=case, step_id=step.id, on=on, material=step.material) == []
        done[step.id] = on
    assert list(done) == [step.id for step in steps_on(date=law.date)]
    assert done["conversion"] >= done["admission"].replace(year=done["admission"].year + 1) - DAY


def test_a_person_corrects_a_step_by_a_row():
    steps = {step.id: step for step in steps_on(date=OLD, corrections=[ROW])}
    assert steps["candidate"].citation == "示例市发展党员办法第一条"
    assert steps["talk"].citation.endswith("第七条（默认值，可更正）")
    case = case_until("cultivation", OLD_LAW, OLD)
    outlook = next_step(law=OLD_LAW, case=case, corrections=[ROW])
    assert outlook.step.material == ("讨论记录",)


@pytest.mark.parametrize(
    "changes",
    [
        {"number": "七"},
        {"stage": "elsewhere"},
        {"not_before": "development.cultivation"},
        {"effective_from": "someday"},
        {"effective_to": "2025-02-30"},
        {"mark": "?"},
        {"what": ""},
        {"material": ""},
        {"material": None},
    ],
)
def test_a_malformed_step_is_refused_by_its_name(changes):
    with pytest.raises(BadStep, match="“candidate”"):
        steps_from_rows([ROW | changes])


def test_there_are_no_steps_before_the_first_version():
    with pytest.raises(BadStep, match="2014-05-27没有有效的步骤"):
        steps_on(date=date(2014, 5, 27))


def test_no_two_rows_of_a_step_hold_on_the_same_day():
    for one in table():
        assert [other.id for other in table() if other.id == one.id and other.is_in_force(one.effective_from)] == [
            one.id
        ]


def test_every_stage_has_a_name():
    assert set(STAGE_LABELS) == set(Stage)
