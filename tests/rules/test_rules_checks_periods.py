from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from yangguang.rules.calendar import WorkingCalendar, add_days
from yangguang.rules.checks.periods import (
    AnswerTo,
    Phase,
    check_answer_time,
    check_bid_period,
    check_challenge_time,
    check_clarification,
    check_complaint_time,
    check_document_objection_time,
    check_document_period,
    check_objections_answered,
    check_prequalification_period,
    earliest_deadline_after_clarification,
    warn_answer_time,
    warn_bid_period,
)
from yangguang.rules.clocks import due_at, due_on, latest_on, length_of
from yangguang.rules.law import DayType, Line, UnknownRule, law_on

LAW = law_on(date=date(2026, 3, 2))
MONDAY = date(2026, 3, 2)
DAYS = st.dates(date(2024, 1, 1), date(2026, 6, 1))


def codes(refusals):
    return [refusal.code for refusal in refusals]


def later(days, day=MONDAY):
    return day + timedelta(days=days)


def test_documents_are_on_sale_for_five_days():
    assert check_document_period(law=LAW, starts_on=MONDAY, ends_on=later(7)) == []
    [refusal] = check_document_period(law=LAW, starts_on=MONDAY, ends_on=later(4))
    assert refusal.code == "tender.document_period.too_short"
    assert refusal.article == "招标投标法实施条例第十六条"
    assert refusal.reason == "文件发售（提供）期自2026-03-02至2026-03-06，不足5日"
    assert refusal.remedy == "请改为2026-03-09或者以后"  # 第五日是星期六，顺延


def test_the_sale_may_end_on_the_fifth_day_when_people_work_on_it():
    tuesday = date(2026, 3, 3)
    law = replace(LAW, calendar=WorkingCalendar(corrections={later(5, tuesday): True}))
    assert codes(check_document_period(law=LAW, starts_on=tuesday, ends_on=later(5, tuesday))) != []
    assert check_document_period(law=law, starts_on=tuesday, ends_on=later(5, tuesday)) == []


def test_prequalification_documents_have_a_sale_of_their_own():
    [refusal] = check_document_period(
        law=LAW, starts_on=MONDAY, ends_on=later(3), phase=Phase.PREQUALIFICATION, line=Line.WORKS
    )
    assert refusal.code == "prequalification.document_period.too_short"


def test_procurement_counts_working_days_for_its_documents():
    assert check_document_period(law=LAW, starts_on=MONDAY, ends_on=later(7), line=Line.PROCUREMENT) == []
    [refusal] = check_document_period(law=LAW, starts_on=MONDAY, ends_on=later(6), line=Line.PROCUREMENT)
    assert (refusal.article, "不足5个工作日" in refusal.reason) == ("政府采购法实施条例第三十条", True)


@given(DAYS, st.integers(-5, 60), st.sampled_from([Line.WORKS, Line.PROCUREMENT]))
@example(MONDAY, 19, Line.WORKS)
@example(MONDAY, 20, Line.WORKS)
@example(MONDAY, 20, Line.PROCUREMENT)
@example(MONDAY, 21, Line.WORKS)
def test_bids_have_twenty_days_and_exactly_twenty_is_allowed_with_a_caution(issued, days, line):
    facts = {"law": LAW, "issued_on": issued, "deadline_on": later(days, issued), "line": line}
    assert codes(check_bid_period(**facts)) == (["tender.bid_period.too_short"] if days < 20 else [])
    assert codes(warn_bid_period(**facts)) == (["tender.bid_period.exactly_minimum"] if days == 20 else [])


def test_the_bid_period_names_its_article_and_the_earliest_deadline():
    [refusal] = check_bid_period(law=LAW, issued_on=MONDAY, deadline_on=later(19))
    assert refusal.article == "招标投标法第二十四条"
    assert refusal.remedy == "请改为2026-03-22或者以后"


def test_a_local_law_may_ask_for_more_days():
    local = {
        "id": "works.tender.document_to_deadline",
        "line": "works",
        "bound": "at_least",
        "value": "25",
        "unit": "days",
        "day_type": "calendar",
        "rolls": "no",
        "source": "示例市办法",
        "article": "第一条",
        "level": "local",
        "region": "990100",
        "effective_from": "2025-01-01",
        "effective_to": "",
        "mark": "V",
        "note": "示例",
    }
    law = law_on(date=MONDAY, region="990102", corrections=[local])
    [refusal] = check_bid_period(law=law, issued_on=MONDAY, deadline_on=later(24))
    assert refusal.article == "示例市办法第一条"


@given(DAYS, st.integers(0, 12))
@example(MONDAY, 4)
@example(MONDAY, 5)
def test_prequalification_applications_have_five_days_after_the_sale(end_of_sale, days):
    found = check_prequalification_period(law=LAW, counted_from=end_of_sale, deadline_on=later(days, end_of_sale))
    assert codes(found) == (["prequalification.submission_period.too_short"] if days < 5 else [])


@given(DAYS, st.integers(0, 30), st.sampled_from([Line.WORKS, Line.PROCUREMENT]))
@example(MONDAY, 14, Line.WORKS)
@example(MONDAY, 15, Line.WORKS)
@example(MONDAY, 14, Line.PROCUREMENT)
@example(MONDAY, 15, Line.PROCUREMENT)
def test_a_clarification_comes_fifteen_days_before_the_deadline(issued, days, line):
    found = check_clarification(
        law=LAW, issued_on=issued, deadline_on=later(days, issued), affects_bids=True, line=line
    )
    assert codes(found) == (["tender.clarification.too_late"] if days < 15 else [])


def test_a_late_clarification_is_allowed_with_the_deadline_it_is_told():
    facts = {"law": LAW, "issued_on": MONDAY, "deadline_on": later(6), "affects_bids": True}
    [refusal] = check_clarification(**facts)
    earliest = earliest_deadline_after_clarification(law=LAW, issued_on=MONDAY)
    assert earliest == later(15)
    assert refusal.remedy == f"请改为{earliest}或者以后"
    assert refusal.article == "招标投标法实施条例第二十一条"
    assert check_clarification(**facts, postponed_to=earliest) == []
    assert codes(check_clarification(**facts, postponed_to=later(14))) == ["tender.clarification.too_late"]


def test_a_clarification_that_affects_nobody_needs_no_days():
    assert check_clarification(law=LAW, issued_on=MONDAY, deadline_on=MONDAY, affects_bids=False) == []


def test_a_clarification_never_comes_after_the_deadline_nor_advances_it():
    for affects_bids in (True, False):
        after = check_clarification(
            law=LAW, issued_on=later(1), deadline_on=MONDAY, affects_bids=affects_bids, postponed_to=later(30)
        )
        assert codes(after) == ["tender.clarification.after_deadline"]
    advanced = check_clarification(
        law=LAW, issued_on=MONDAY, deadline_on=later(30), affects_bids=False, postponed_to=later(29)
    )
    assert codes(advanced) == ["tender.clarification.deadline_advanced"]
    kept = {"issued_on": MONDAY, "deadline_on": later(30), "postponed_to": later(30)}
    assert check_clarification(law=LAW, affects_bids=False, **kept) == []


def test_prequalification_documents_are_clarified_three_days_before():
    facts = {"law": LAW, "issued_on": MONDAY, "affects_bids": True, "phase": Phase.PREQUALIFICATION}
    assert check_clarification(**facts, deadline_on=later(3)) == []
    assert codes(check_clarification(**facts, deadline_on=later(2))) == ["prequalification.clarification.too_late"]


@given(DAYS, st.integers(-3, 30), st.sampled_from(list(Phase)))
@example(MONDAY, 9, Phase.TENDER)
@example(MONDAY, 10, Phase.TENDER)
@example(MONDAY, 1, Phase.PREQUALIFICATION)
@example(MONDAY, 2, Phase.PREQUALIFICATION)
def test_objections_to_documents_come_ten_or_two_days_before_the_deadline(raised, days, phase):
    found = check_document_objection_time(law=LAW, raised_on=raised, deadline_on=later(days, raised), phase=phase)
    least = 10 if phase is Phase.TENDER else 2
    assert codes(found) == ([f"{phase}.objection.too_late"] if days < least else [])


def test_a_late_objection_names_the_last_day_it_had():
    [refusal] = check_document_objection_time(law=LAW, raised_on=later(11), deadline_on=later(20))
    assert refusal.article == "招标投标法实施条例第二十二条"
    assert "最迟2026-03-12，现为2026-03-13" in refusal.reason


def test_a_challenge_has_seven_working_days():
    assert check_challenge_time(law=LAW, known_on=MONDAY, raised_on=date(2026, 3, 11)) == []
    late = check_challenge_time(law=LAW, known_on=MONDAY, raised_on=date(2026, 3, 12))
    assert codes(late) == ["challenge.too_late"]
    assert late[0].article == "政府采购法第五十二条"
    assert codes(check_challenge_time(law=LAW, known_on=MONDAY, raised_on=later(-1))) == ["challenge.too_early"]


def test_a_late_answer_is_recorded_with_a_caution():
    facts = {"law": LAW, "received_on": MONDAY}
    assert check_answer_time(**facts, answered_on=MONDAY) == []
    assert warn_answer_time(**facts, answered_on=later(3)) == []
    assert check_answer_time(**facts, answered_on=later(40)) == []
    [caution] = warn_answer_time(**facts, answered_on=later(4))
    assert (caution.code, caution.article) == ("objection.answer.too_late", "招标投标法实施条例第二十二条")


def test_an_answer_is_never_older_than_its_objection():
    facts = {"law": LAW, "received_on": MONDAY, "answered_on": later(-1)}
    assert codes(check_answer_time(**facts)) == ["objection.answer.too_early"]
    assert warn_answer_time(**facts) == []


@pytest.mark.parametrize(
    ("line", "about", "article"),
    [
        (Line.WORKS, AnswerTo.PREQUALIFICATION, "招标投标法实施条例第二十二条"),
        (Line.WORKS, AnswerTo.RESULT, "招标投标法实施条例第五十四条"),
        (Line.PROCUREMENT, AnswerTo.RESULT, "政府采购法第五十三条"),
        (Line.PROCUREMENT, AnswerTo.TENDER, "政府采购法第五十三条"),
    ],
)
def test_each_kind_of_answer_has_its_article(line, about, article):
    [caution] = warn_answer_time(law=LAW, received_on=MONDAY, answered_on=later(60), line=line, about=about)
    assert caution.article == article


def test_works_stand_still_while_an_objection_is_unanswered():
    assert codes(check_objections_answered(law=LAW, unanswered=1)) == ["objection.unanswered"]
    assert check_objections_answered(law=LAW, unanswered=0) == []
    assert check_objections_answered(law=LAW, unanswered=1, line=Line.PROCUREMENT) == []


def test_a_complaint_has_ten_days_and_those_of_the_answer_do_not_count():
    facts = {"law": LAW, "counted_from": MONDAY}
    assert check_complaint_time(**facts, filed_on=later(10)) == []
    [refusal] = check_complaint_time(**facts, filed_on=later(11))
    assert (refusal.code, refusal.article) == ("complaint.too_late", "招标投标法实施条例第六十条")
    assert check_complaint_time(**facts, filed_on=later(11), uncounted_days=1) == []
    assert codes(check_complaint_time(**facts, filed_on=later(15), uncounted_days=2)) == ["complaint.too_late"]
    assert check_complaint_time(**facts, filed_on=later(14), uncounted_days=2) == []  # 第十二日是星期六，顺延


def test_a_procurement_complaint_has_fifteen_working_days():
    last = add_days(start=MONDAY, count=15, day_type=DayType.WORKING)
    facts = {"law": LAW, "counted_from": MONDAY, "line": Line.PROCUREMENT}
    assert check_complaint_time(**facts, filed_on=last) == []
    assert codes(check_complaint_time(**facts, filed_on=later(1, last))) == ["complaint.too_late"]


def test_clocks_give_the_lawful_day_and_moment():
    nine = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
    assert due_on(law=LAW, rule_id="works.contract.signing", start=MONDAY) == date(2026, 4, 1)
    assert latest_on(law=LAW, rule_id="works.tender.objection", end=date(2026, 3, 30)) == date(2026, 3, 20)
    assert due_at(law=LAW, rule_id="works.contract.signing", start=nine) == datetime(2026, 4, 1, 16, tzinfo=UTC)
    assert due_at(law=LAW, rule_id="platform.opening.decryption_window", start=nine) == nine + timedelta(minutes=30)
    assert due_at(law=LAW, rule_id="works.notice.media_delay", start=nine) == nine + timedelta(hours=12)
    assert due_on(law=LAW, rule_id="party.development.talk", start=MONDAY) == date(2026, 4, 2)
    assert due_on(law=LAW, rule_id="party.development.probation", start=MONDAY) == date(2027, 3, 2)
    assert latest_on(law=LAW, rule_id="party.term.reminder", end=MONDAY) == date(2025, 9, 2)
    assert due_at(law=LAW, rule_id="party.matter.complex", start=nine) == datetime(2026, 4, 2, 16, tzinfo=UTC)


def test_a_clock_of_the_wrong_unit_is_an_error():
    with pytest.raises(ValueError, match="不以日计"):
        due_on(law=LAW, rule_id="works.bond.rate", start=MONDAY)
    with pytest.raises(ValueError, match="不以小时或者分钟计"):
        length_of(LAW.rule("works.bond.rate"))
    with pytest.raises(UnknownRule):
        latest_on(law=LAW, rule_id="works.no_such", end=MONDAY)
