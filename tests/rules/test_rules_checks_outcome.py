from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yangguang.rules import checks
from yangguang.rules.checks.outcome import (
    Candidate,
    DropOutReason,
    RejectionGround,
    check_award_order,
    check_candidates,
    check_contract_time,
    check_notice_reaches_all,
    check_publicity,
    check_publicity_start,
    check_recommended,
    check_rejection_ground,
    check_result_objection_time,
    check_standstill,
    check_written_report_time,
    publicity_ends_on,
)
from yangguang.rules.law import Law, Line, law_on

LAW = law_on(date=date(2026, 3, 2))
MONDAY = date(2026, 3, 2)
RANKED = ["甲公司", "乙公司", "丙公司"]
DAYS = st.dates(date(2024, 1, 1), date(2026, 6, 1))


def codes(refusals):
    return [refusal.code for refusal in refusals]


def later(days, day=MONDAY):
    return day + timedelta(days=days)


def test_there_are_seven_grounds_each_with_text_and_item():
    articles = [ground.article for ground in RejectionGround]
    assert articles == [f"招标投标法实施条例第五十一条第（{number}）项" for number in "一二三四五六七"]
    assert len({ground.text for ground in RejectionGround}) == 7
    assert "最高投标限价" in RejectionGround.PRICE.text


@pytest.mark.parametrize("ground", list(RejectionGround))
def test_a_listed_ground_with_facts_is_allowed(ground):
    assert check_rejection_ground(law=LAW, ground=ground.value, reason="投标函未盖章") == []


def test_a_ground_of_ones_own_and_a_ground_without_facts_are_refused():
    [unlisted] = check_rejection_ground(law=LAW, ground="页码不连续", reason="第三页缺失")
    assert (unlisted.code, unlisted.article) == ("rejection.unlisted_ground", "招标投标法实施条例第五十一条")
    assert codes(check_rejection_ground(law=LAW, ground="price", reason=" \n")) == ["rejection.no_reason"]


@pytest.mark.parametrize("count", range(6))
def test_one_to_three_candidates_are_ranked(count):
    candidates = [Candidate(bidder=f"公司{rank}", rank=rank) for rank in range(1, count + 1)]
    assert codes(check_candidates(law=LAW, candidates=candidates)) == ([] if 1 <= count <= 3 else ["candidates.count"])


@pytest.mark.parametrize("ranks", [(1, 1), (2, 3), (0, 1), (1, 3)])
def test_ranks_start_at_one_and_leave_no_gap(ranks):
    candidates = [Candidate(bidder=name, rank=rank) for name, rank in zip(RANKED, ranks, strict=False)]
    assert codes(check_candidates(law=LAW, candidates=candidates)) == ["candidates.ranking"]


def test_a_bidder_is_recommended_once():
    candidates = [Candidate(bidder="甲公司", rank=1), Candidate(bidder="甲公司", rank=2)]
    assert codes(check_candidates(law=LAW, candidates=candidates)) == ["candidates.ranking"]


@given(st.integers(0, 9))
def test_a_document_asks_for_no_more_candidates_than_can_be_recommended(most):
    found = check_recommended(law=LAW, most=most)
    assert codes(found) == (["terms.candidates"] if most > 3 else [])


def test_too_many_places_are_told_how_many_there_may_be():
    [refusal] = check_recommended(law=LAW, most=4)
    assert (refusal.article, refusal.reason) == ("招标投标法实施条例第五十三条", "推荐4名中标候选人，多于3名")
    assert refusal.remedy == "请改为3名或者以下"


def test_where_no_law_limits_the_candidates_a_document_may():
    assert check_recommended(law=Law(date=MONDAY, region="000000", rules=()), most=9) == []


def test_publicity_starts_within_three_days_of_the_report():
    assert check_publicity_start(law=LAW, report_on=MONDAY, starts_on=later(3)) == []
    [late] = check_publicity_start(law=LAW, report_on=MONDAY, starts_on=later(4))
    assert (late.code, late.article) == ("publicity.start.too_late", "招标投标法实施条例第五十四条")
    assert codes(check_publicity_start(law=LAW, report_on=MONDAY, starts_on=later(-1))) == ["publicity.start.too_early"]


@given(DAYS, st.integers(-1, 20))
def test_publicity_lasts_to_its_lawful_end_or_longer(starts, days):
    ends = later(days, starts)
    earliest = publicity_ends_on(law=LAW, starts_on=starts)
    assert earliest >= later(3, starts)
    found = check_publicity(law=LAW, starts_on=starts, ends_on=ends)
    assert codes(found) == (["publicity.too_short"] if ends < earliest else [])


def test_three_days_of_publicity_are_enough_and_two_are_not():
    assert check_publicity(law=LAW, starts_on=MONDAY, ends_on=later(3)) == []
    assert codes(check_publicity(law=LAW, starts_on=MONDAY, ends_on=later(2))) == ["publicity.too_short"]


def test_publicity_that_would_end_in_the_holidays_ends_after_them():
    assert publicity_ends_on(law=LAW, starts_on=date(2025, 9, 29)) == date(2025, 10, 9)


def test_objections_to_the_result_are_raised_during_publicity():
    facts = {"law": LAW, "publicity_starts_on": MONDAY, "publicity_ends_on": later(3)}
    expected = {-1: ["result.objection.too_early"], 0: [], 3: [], 4: ["result.objection.too_late"]}
    for days, found in expected.items():
        assert codes(check_result_objection_time(**facts, raised_on=later(days))) == found


def test_the_award_waits_for_publicity_and_answers():
    facts = {"law": LAW, "publicity_ends_on": MONDAY}
    assert check_standstill(**facts, notice_on=later(1)) == []
    assert codes(check_standstill(**facts, notice_on=MONDAY)) == ["award.publicity_not_over"]
    assert codes(check_standstill(**facts, notice_on=later(1), unanswered_objections=2)) == ["objection.unanswered"]
    both = check_standstill(**facts, notice_on=MONDAY, unanswered_objections=2)
    assert codes(both) == ["objection.unanswered", "award.publicity_not_over"]
    assert both[0].article == "招标投标法实施条例第五十四条"


@pytest.mark.parametrize(
    ("winner", "dropped", "state_controlled", "line", "expected"),
    [
        ("甲公司", {}, True, Line.WORKS, []),
        ("乙公司", {}, True, Line.WORKS, ["award.out_of_order"]),
        ("乙公司", {}, False, Line.WORKS, []),
        ("乙公司", {}, False, Line.PROCUREMENT, ["award.out_of_order"]),
        ("甲公司", {}, False, Line.PROCUREMENT, []),
        ("乙公司", {"甲公司": DropOutReason.GAVE_UP}, True, Line.WORKS, []),
        ("丙公司", {"甲公司": DropOutReason.GAVE_UP}, True, Line.WORKS, ["award.out_of_order"]),
        ("甲公司", {"甲公司": DropOutReason.ILLEGAL_ACTS}, False, Line.WORKS, ["award.dropped_out"]),
        ("丁公司", {}, False, Line.WORKS, ["award.not_a_candidate"]),
        ("丁公司", {}, False, Line.PROCUREMENT, ["award.not_a_candidate"]),
    ],
)
def test_the_award_follows_the_order_the_law_gives(winner, dropped, state_controlled, line, expected):
    found = check_award_order(
        law=LAW, ranked=RANKED, winner=winner, dropped=dropped, state_controlled=state_controlled, line=line
    )
    assert codes(found) == expected


def test_an_award_out_of_order_names_who_should_win_and_on_which_article():
    [refusal] = check_award_order(law=LAW, ranked=RANKED, winner="丙公司", dropped={}, state_controlled=True)
    assert (refusal.reason, refusal.article) == ("应由排名在前的甲公司中标", "招标投标法实施条例第五十五条")


def test_when_all_candidates_dropped_out_none_of_them_can_win():
    dropped = dict.fromkeys(RANKED, DropOutReason.NO_PERFORMANCE_BOND)
    [refusal] = check_award_order(law=LAW, ranked=RANKED, winner="丙公司", dropped=dropped, state_controlled=True)
    assert refusal.reason == "丙公司不能中标：未按招标文件要求提交履约保证金"
    assert "重新招标" in refusal.remedy


def test_every_drop_out_reason_has_its_text():
    assert len({reason.text for reason in DropOutReason}) == 4


def test_every_bidder_learns_the_result_together():
    assert check_notice_reaches_all(law=LAW, bidders=set(RANKED), told={*RANKED, "代理机构"}) == []
    [refusal] = check_notice_reaches_all(law=LAW, bidders=set(RANKED), told={"甲公司"})
    assert (refusal.code, refusal.article) == ("award.notice_incomplete", "招标投标法第四十五条")
    assert "丙公司、乙公司" in refusal.reason


@pytest.mark.parametrize("line", [Line.WORKS, Line.PROCUREMENT])
def test_the_contract_is_signed_within_thirty_days(line):
    facts = {"law": LAW, "notice_on": MONDAY, "line": line}
    assert check_contract_time(**facts, signed_on=MONDAY) == []
    assert check_contract_time(**facts, signed_on=later(30)) == []
    assert codes(check_contract_time(**facts, signed_on=later(31))) == ["contract.too_late"]
    assert codes(check_contract_time(**facts, signed_on=later(-1))) == ["contract.too_early"]


def test_the_written_report_is_due_in_fifteen_days():
    assert check_written_report_time(law=LAW, awarded_on=MONDAY, reported_on=later(15)) == []
    [late] = check_written_report_time(law=LAW, awarded_on=MONDAY, reported_on=later(16))
    assert (late.code, late.article) == ("written_report.too_late", "招标投标法第四十七条")


def test_the_package_offers_every_check_once():
    offered = [name for name in checks.__all__ if name.startswith(("check_", "warn_"))]
    assert len(offered) == len(set(offered)) >= 35
    assert all(callable(getattr(checks, name)) for name in checks.__all__)
