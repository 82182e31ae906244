from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from yangguang.rules.checks.committee import CommitteeKind, Relation, RelationKind, check_committee, check_recusal
from yangguang.rules.checks.opening import (
    CountStage,
    check_bidder_count,
    check_decryption_time,
    check_decryption_window,
    check_opening_objection_time,
    check_opening_record_time,
    check_opening_time,
    check_sign_in_time,
    check_submission_time,
    decryption_closes_at,
    opening_objection_closes_at,
    sign_in_opens_at,
    warn_valid_bids,
)
from yangguang.rules.law import Law, Line, UnknownRule, law_on

TODAY = date(2026, 3, 2)
LAW = law_on(date=TODAY)
NINE = datetime(2026, 3, 30, 1, 0, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)
BIDDER = "示例建设有限公司"


def codes(refusals):
    return [refusal.code for refusal in refusals]


@pytest.mark.parametrize("count", [0, 2, 3, 4])
@pytest.mark.parametrize(
    "where",
    [
        (Line.WORKS, CountStage.OPENING),
        (Line.WORKS, CountStage.INVITATION),
        (Line.PROCUREMENT, CountStage.OPENING),
        (Line.PROCUREMENT, CountStage.QUALIFICATION),
        (Line.PROCUREMENT, CountStage.INVITATION),
    ],
)
def test_three_are_enough_and_two_are_not(count, where):
    line, stage = where
    found = check_bidder_count(law=LAW, count=count, line=line, stage=stage)
    assert codes(found) == ([f"{stage}.too_few_bidders"] if count < 3 else [])


def test_too_few_bidders_are_told_the_article_and_to_tender_again():
    [refusal] = check_bidder_count(law=LAW, count=2)
    assert refusal.article == "招标投标法实施条例第四十四条"
    assert refusal.remedy == "不得开标，请依法重新招标"


def test_works_have_no_count_after_qualification():
    with pytest.raises(UnknownRule, match=r"works\.qualification\.bidders"):
        check_bidder_count(law=LAW, count=5, stage=CountStage.QUALIFICATION)


def test_few_valid_bids_are_for_the_committee_in_works_and_the_end_in_procurement():
    assert warn_valid_bids(law=LAW, valid=3) == []
    [works] = warn_valid_bids(law=LAW, valid=2)
    [procurement] = warn_valid_bids(law=LAW, valid=2, line=Line.PROCUREMENT)
    assert "评标委员会判断" in works.remedy
    assert (procurement.remedy, procurement.article) == ("予以废标", "政府采购法第三十六条")


def test_a_bid_at_the_deadline_is_in_time_and_a_microsecond_later_it_is_refused():
    assert check_submission_time(law=LAW, deadline=NINE, received_at=NINE) == []
    [refusal] = check_submission_time(law=LAW, deadline=NINE, received_at=NINE + INSTANT)
    assert (refusal.code, refusal.article) == ("bid.late", "电子招标投标办法（2013年第20号令）第二十七条")


def test_nothing_is_opened_before_the_deadline():
    assert check_opening_time(law=LAW, deadline=NINE, at=NINE) == []
    [refusal] = check_opening_time(law=LAW, deadline=NINE, at=NINE - INSTANT)
    assert (refusal.code, refusal.article) == ("opening.too_early", "招标投标法第三十四条")


def test_sign_in_opens_sixty_minutes_before_the_opening():
    opens = sign_in_opens_at(law=LAW, opening_at=NINE)
    assert opens == NINE - timedelta(minutes=60)
    assert check_sign_in_time(law=LAW, opening_at=NINE, at=opens) == []
    [refusal] = check_sign_in_time(law=LAW, opening_at=NINE, at=opens - INSTANT)
    assert refusal.code == "opening.sign_in.too_early"
    assert refusal.article == "平台规则：不见面开标签到（默认值，可更正）"


@given(st.integers(0, 120))
@example(29)
@example(30)
def test_a_document_gives_bidders_at_least_half_an_hour_to_decrypt(minutes):
    found = check_decryption_window(law=LAW, minutes=minutes)
    assert codes(found) == (["terms.decryption_minutes"] if minutes < 30 else [])


def test_too_short_a_time_to_decrypt_is_told_the_least():
    [refusal] = check_decryption_window(law=LAW, minutes=29)
    assert (refusal.reason, refusal.remedy) == ("解密时限29分钟，少于30分钟", "请改为30分钟或者以上")
    assert refusal.article == "平台规则：不见面开标解密（默认值，可更正）"


def test_where_no_rule_gives_a_time_to_decrypt_the_document_does():
    assert check_decryption_window(law=Law(date=TODAY, region="000000", rules=()), minutes=1) == []


def test_decryption_is_possible_from_the_start_to_the_end_of_its_window():
    closes = decryption_closes_at(law=LAW, started_at=NINE)
    assert closes == NINE + timedelta(minutes=30)
    moments = {NINE - INSTANT: ["opening.decryption.too_early"], NINE: [], closes: []}
    moments[closes + INSTANT] = ["opening.decryption.too_late"]
    for at, expected in moments.items():
        assert codes(check_decryption_time(law=LAW, started_at=NINE, closes_at=closes, at=at)) == expected


def test_an_extended_window_counts_and_a_shortened_one_is_refused():
    closes = decryption_closes_at(law=LAW, started_at=NINE)
    longer = closes + timedelta(minutes=10)
    assert check_decryption_time(law=LAW, started_at=NINE, closes_at=longer, at=longer) == []
    short = check_decryption_time(law=LAW, started_at=NINE, closes_at=closes - INSTANT, at=NINE)
    assert codes(short) == ["opening.decryption.window_too_short"]


@pytest.mark.parametrize(
    ("line", "article"),
    [
        (Line.WORKS, "招标投标法实施条例第四十四条"),
        (Line.PROCUREMENT, "平台规则：不见面开标异议（默认值，可更正）"),
    ],
)
def test_objections_at_the_opening_are_raised_on_the_spot(line, article):
    closes = opening_objection_closes_at(law=LAW, announced_at=NINE)
    assert closes == NINE + timedelta(minutes=5)
    assert check_opening_objection_time(law=LAW, closes_at=closes, raised_at=closes, line=line) == []
    [refusal] = check_opening_objection_time(law=LAW, closes_at=closes, raised_at=closes + INSTANT, line=line)
    assert (refusal.code, refusal.article) == ("opening.objection.too_late", article)


def test_the_record_of_the_opening_is_signed_when_nobody_can_object_any_more():
    closes = opening_objection_closes_at(law=LAW, announced_at=NINE)
    assert check_opening_record_time(law=LAW, closes_at=closes, at=closes + INSTANT) == []
    [refusal] = check_opening_record_time(law=LAW, closes_at=closes, at=closes)
    assert (refusal.code, refusal.article) == (
        "opening.objection.running",
        "平台规则：不见面开标异议（默认值，可更正）",
    )
    assert "5分钟" in refusal.reason


@given(st.integers(0, 15), st.integers(0, 15), st.sampled_from([Line.WORKS, Line.PROCUREMENT]))
@example(5, 4, Line.WORKS)
@example(3, 2, Line.WORKS)
@example(9, 6, Line.WORKS)
@example(9, 5, Line.PROCUREMENT)
@example(5, 6, Line.WORKS)
def test_a_committee_has_five_an_odd_number_and_two_thirds_experts(members, experts, line):
    found = set(codes(check_committee(law=LAW, members=members, experts=experts, line=line)))
    assert ("committee.too_small" in found) is (members < 5)
    assert ("committee.even" in found) is (members % 2 == 0)
    assert ("committee.too_few_experts" in found) is (experts <= members and experts * 3 < members * 2)
    assert ("committee.more_experts_than_members" in found) is (experts > members)


def test_five_with_four_experts_are_lawful_and_three_experts_are_told_how_many_are_missing():
    assert check_committee(law=LAW, members=5, experts=4) == []
    [refusal] = check_committee(law=LAW, members=5, experts=3)
    assert (refusal.article, refusal.remedy) == ("招标投标法第三十七条", "专家至少需要4人")


@pytest.mark.parametrize(
    ("line", "kind", "least"),
    [
        (Line.WORKS, CommitteeKind.WATERWORKS, 7),
        (Line.PROCUREMENT, CommitteeKind.LARGE, 7),
        (Line.PROCUREMENT, CommitteeKind.NEGOTIATION, 3),
    ],
)
def test_other_committees_have_their_own_size(line, kind, least):
    assert check_committee(law=LAW, members=least, experts=least, line=line, kind=kind) == []
    found = check_committee(law=LAW, members=least - 2, experts=least - 2, line=line, kind=kind)
    assert codes(found) == ["committee.too_small"]


def test_works_know_no_negotiation_committee():
    with pytest.raises(UnknownRule):
        check_committee(law=LAW, members=3, experts=3, kind=CommitteeKind.NEGOTIATION)


@pytest.mark.parametrize("line", [Line.WORKS, Line.PROCUREMENT])
def test_every_relation_keeps_an_expert_out(line):
    relations = [Relation(kind=kind, party=BIDDER) for kind in RelationKind]
    found = check_recusal(law=LAW, relations=relations, on=TODAY, line=line)
    assert codes(found) == [f"recusal.{kind}" for kind in RelationKind]
    assert all(BIDDER in refusal.reason for refusal in found)


def test_each_relation_has_its_article():
    relations = [Relation(kind=RelationKind.CLOSE_RELATIVE, party=BIDDER)]
    [works] = check_recusal(law=LAW, relations=relations, on=TODAY)
    [procurement] = check_recusal(law=LAW, relations=relations, on=TODAY, line=Line.PROCUREMENT)
    assert works.article.startswith("评标委员会和评标方法暂行规定（七部委令第12号）第十二条第（一）项")
    assert procurement.article == "政府采购法实施条例第九条第（四）项"


def test_an_expert_without_relations_may_sit():
    assert check_recusal(law=LAW, relations=[], on=TODAY) == []


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        (RelationKind.FORMER_EMPLOYEE, Line.WORKS),
        (RelationKind.FORMER_EMPLOYEE, Line.PROCUREMENT),
        (RelationKind.DIRECTOR, Line.PROCUREMENT),
        (RelationKind.SHAREHOLDER, Line.PROCUREMENT),
    ],
)
def test_former_bonds_matter_for_three_years_and_not_a_day_longer(kind, line):
    relations = [Relation(kind=kind, party=BIDDER, ended_on=date(2023, 3, 2))]
    assert codes(check_recusal(law=LAW, relations=relations, on=date(2026, 3, 2), line=line)) == [f"recusal.{kind}"]
    assert check_recusal(law=LAW, relations=relations, on=date(2026, 3, 3), line=line) == []


def test_a_leap_day_ends_on_the_last_of_february():
    relations = [Relation(kind=RelationKind.FORMER_EMPLOYEE, party=BIDDER, ended_on=date(2024, 2, 29))]
    assert len(check_recusal(law=LAW, relations=relations, on=date(2027, 2, 28))) == 1
    assert check_recusal(law=LAW, relations=relations, on=date(2027, 3, 1)) == []


def test_an_ended_bond_still_matters_where_the_law_counts_no_years():
    relations = [Relation(kind=RelationKind.PUNISHED, party="行政处罚", ended_on=date(1999, 1, 1))]
    assert codes(check_recusal(law=LAW, relations=relations, on=TODAY)) == ["recusal.punished"]


def test_a_correction_can_switch_a_default_off():
    switched = {
        rule_id: LAW.rule(rule_id).to_row() | {"value": "0"}
        for rule_id in ("works.recusal.same_employer", "works.committee.odd")
    }
    law = law_on(date=TODAY, corrections=list(switched.values()))
    relations = [Relation(kind=RelationKind.SAME_EMPLOYER, party=BIDDER)]
    assert len(check_recusal(law=LAW, relations=relations, on=TODAY)) == 1
    assert check_recusal(law=law, relations=relations, on=TODAY) == []
    assert check_committee(law=law, members=6, experts=4) == []
