from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yangguang.rules.checks.money import (
    RefundEvent,
    SubjectKind,
    check_bid_bond,
    check_guarantee,
    check_limit_price,
    check_performance_bond,
    check_price_within_limit,
    check_refund,
    refund_due_on,
    requires_tender,
)
from yangguang.rules.checks.procurement import (
    DeductionKind,
    WeightKind,
    check_abnormal_low_trigger,
    check_price_weight,
    check_sme_deduction,
    warn_abnormal_low_price,
)
from yangguang.rules.law import Line, UnknownRule, law_on

LAW = law_on(date=date(2026, 3, 2))
MONDAY = date(2026, 3, 2)
FEN = Decimal("0.01")
YUAN = st.decimals(1, 10_000_000_000, places=2)
GUARANTEE = {
    "required": Decimal(500_000),
    "amount": Decimal(500_000),
    "valid_until": date(2026, 6, 28),
    "bid_valid_until": date(2026, 6, 28),
    "beneficiary": "919901000000000197",
    "tenderer": "919901000000000197",
    "lot": "E9901002603020001001001",
    "expected_lot": "E9901002603020001001001",
}


def codes(refusals):
    return [refusal.code for refusal in refusals]


@pytest.mark.parametrize(
    ("kind", "least"),
    [
        (SubjectKind.CONSTRUCTION, 4_000_000),
        (SubjectKind.GOODS, 2_000_000),
        (SubjectKind.SURVEY_DESIGN, 1_000_000),
        (SubjectKind.SERVICES, 1_000_000),
    ],
)
def test_works_of_this_size_must_be_tendered(kind, least):
    assert requires_tender(law=LAW, kind=kind, estimate=Decimal(least))
    assert not requires_tender(law=LAW, kind=kind, estimate=Decimal(least) - FEN)


def test_no_bond_at_all_is_allowed_and_a_negative_one_is_not():
    facts = {"law": LAW, "kind": SubjectKind.CONSTRUCTION, "estimate": Decimal(1_000_000)}
    assert check_bid_bond(**facts, amount=Decimal(0)) == []
    assert codes(check_bid_bond(**facts, amount=-FEN)) == ["bond.negative"]


@given(YUAN, st.sampled_from([Line.WORKS, Line.PROCUREMENT]))
def test_two_percent_of_the_estimate_is_the_most(estimate, line):
    facts = {"law": LAW, "kind": SubjectKind.SERVICES, "estimate": estimate, "line": line}
    most = estimate * Decimal("0.02")
    assert check_bid_bond(**facts, amount=most) == []
    assert codes(check_bid_bond(**facts, amount=most + FEN)) == ["bond.above_rate"]


@pytest.mark.parametrize(
    ("kind", "cap"),
    [(SubjectKind.CONSTRUCTION, 800_000), (SubjectKind.GOODS, 800_000), (SubjectKind.SURVEY_DESIGN, 100_000)],
)
def test_each_kind_of_works_has_its_cap_and_procurement_has_none(kind, cap):
    facts = {"law": LAW, "kind": kind, "estimate": Decimal(10_000_000_000)}
    assert check_bid_bond(**facts, amount=Decimal(cap)) == []
    assert codes(check_bid_bond(**facts, amount=Decimal(cap) + FEN)) == ["bond.above_cap"]
    assert check_bid_bond(**facts, amount=Decimal(cap) + FEN, line=Line.PROCUREMENT) == []


def test_a_bond_above_both_limits_is_told_both():
    found = check_bid_bond(
        law=LAW, kind=SubjectKind.CONSTRUCTION, estimate=Decimal(30_000_000), amount=Decimal(900_000)
    )
    assert codes(found) == ["bond.above_rate", "bond.above_cap"]
    assert found[0].article == "招标投标法实施条例第二十六条"
    assert found[0].remedy == "请改为600,000.00元或者以下"


@given(YUAN)
def test_ten_percent_of_the_contract_is_the_most_for_performance(price):
    most = price * Decimal("0.1")
    facts = {"law": LAW, "contract_price": price}
    assert check_performance_bond(**facts, amount=Decimal(0)) == []
    assert check_performance_bond(**facts, amount=most) == []
    assert codes(check_performance_bond(**facts, amount=most + FEN)) == ["performance_bond.above_rate"]
    assert codes(check_performance_bond(**facts, amount=-FEN)) == ["performance_bond.negative"]


@pytest.mark.parametrize("line", [Line.WORKS, Line.PROCUREMENT])
def test_a_guarantee_that_just_covers_the_bid_is_taken(line):
    assert check_guarantee(law=LAW, **GUARANTEE, line=line) == []
    starting = {"valid_from": date(2026, 3, 30), "deadline_on": date(2026, 3, 30)}
    assert check_guarantee(law=LAW, **GUARANTEE, **starting, line=line) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"amount": Decimal("499999.99")}, "guarantee.amount"),
        ({"beneficiary": "919901000000000357"}, "guarantee.beneficiary"),
        ({"lot": "E9901002603020001001002"}, "guarantee.lot"),
        ({"valid_until": date(2026, 6, 27)}, "guarantee.ends_early"),
        ({"valid_from": date(2026, 3, 31), "deadline_on": date(2026, 3, 30)}, "guarantee.starts_late"),
    ],
)
def test_a_guarantee_with_one_fault_is_refused_for_it(changes, code):
    assert codes(check_guarantee(law=LAW, **(GUARANTEE | changes))) == [code]


def test_a_guarantee_is_told_all_its_faults_with_their_articles():
    found = check_guarantee(law=LAW, **(GUARANTEE | {"amount": Decimal(1), "valid_until": date(2026, 4, 1)}))
    assert codes(found) == ["guarantee.amount", "guarantee.ends_early"]
    assert [refusal.article for refusal in found] == [
        "平台规则：电子保函核验（默认值，可更正）",
        "招标投标法实施条例第二十六条",
    ]


@pytest.mark.parametrize(
    ("line", "event", "last"),
    [
        (Line.WORKS, RefundEvent.CONTRACT_SIGNED, date(2026, 3, 9)),
        (Line.WORKS, RefundEvent.WITHDRAWN, date(2026, 3, 9)),
        (Line.WORKS, RefundEvent.TERMINATED, date(2026, 3, 9)),
        (Line.WORKS, RefundEvent.FAILED, date(2026, 3, 9)),
        (Line.PROCUREMENT, RefundEvent.CONTRACT_SIGNED, date(2026, 3, 9)),
        (Line.PROCUREMENT, RefundEvent.NOTICE_ISSUED, date(2026, 3, 9)),
        (Line.PROCUREMENT, RefundEvent.WITHDRAWN, date(2026, 3, 9)),
        (Line.PROCUREMENT, RefundEvent.TERMINATED, date(2026, 3, 9)),
    ],
)
def test_bonds_go_back_within_five_days(line, event, last):
    facts = {"law": LAW, "event": event, "event_on": MONDAY, "line": line}
    assert refund_due_on(**facts) == last
    assert check_refund(**facts, refunded_on=last) == []
    assert codes(check_refund(**facts, refunded_on=last + timedelta(days=1))) == ["refund.too_late"]
    assert codes(check_refund(**facts, refunded_on=MONDAY - timedelta(days=1))) == ["refund.too_early"]


def test_works_count_calendar_days_for_refunds_and_procurement_working_days():
    facts = {"law": LAW, "event": RefundEvent.CONTRACT_SIGNED, "event_on": date(2026, 3, 4)}
    assert refund_due_on(**facts) == date(2026, 3, 9)
    assert refund_due_on(**facts, line=Line.PROCUREMENT) == date(2026, 3, 11)
    with pytest.raises(UnknownRule):
        refund_due_on(law=LAW, event=RefundEvent.NOTICE_ISSUED, event_on=MONDAY)


def test_a_limit_price_is_optional_positive_and_published_and_a_floor_is_forbidden():
    assert check_limit_price(law=LAW, limit=None) == []
    assert check_limit_price(law=LAW, limit=None, published=False) == []
    assert check_limit_price(law=LAW, limit=Decimal(1)) == []
    assert codes(check_limit_price(law=LAW, limit=Decimal(0))) == ["limit_price.not_positive"]
    assert codes(check_limit_price(law=LAW, limit=Decimal(1), published=False)) == ["limit_price.unpublished"]
    [floor] = check_limit_price(law=LAW, limit=Decimal(2), floor=Decimal(1))
    assert (floor.code, floor.article) == ("limit_price.floor", "招标投标法实施条例第二十七条")


def test_a_price_may_reach_the_limit_and_not_pass_it():
    limit = Decimal("1000000.00")
    assert check_price_within_limit(law=LAW, price=limit, limit=limit) == []
    assert check_price_within_limit(law=LAW, price=limit + FEN, limit=None) == []
    assert codes(check_price_within_limit(law=LAW, price=Decimal(0), limit=None)) == ["price.not_positive"]
    [refusal] = check_price_within_limit(law=LAW, price=limit + FEN, limit=limit)
    assert (refusal.code, refusal.article) == ("price.above_limit", "招标投标法实施条例第五十一条第（五）项")


def test_a_price_below_half_the_mean_starts_a_review():
    prices = [Decimal(40), Decimal(70), Decimal(100), Decimal(150)]
    assert codes(warn_abnormal_low_price(law=LAW, price=Decimal(40), qualified_prices=prices)) == ["abnormal_low.mean"]
    equal = [Decimal(45), Decimal(70), Decimal(100), Decimal(145)]
    assert warn_abnormal_low_price(law=LAW, price=Decimal(45), qualified_prices=equal) == []


def test_a_price_below_half_the_next_or_45_percent_of_the_limit_starts_a_review():
    prices = [Decimal(40), Decimal(81)]
    found = warn_abnormal_low_price(law=LAW, price=Decimal(40), qualified_prices=prices, limit=Decimal(88))
    assert codes(found) == ["abnormal_low.next_lowest"]
    found = warn_abnormal_low_price(law=LAW, price=Decimal(40), qualified_prices=prices, limit=Decimal(90))
    assert codes(found) == ["abnormal_low.next_lowest", "abnormal_low.limit"]
    assert all(refusal.article.startswith("财政部通知（财库〔2026〕2号）") for refusal in found)
    assert warn_abnormal_low_price(law=LAW, price=Decimal(81), qualified_prices=prices, limit=Decimal(90)) == []


def test_a_single_offer_is_measured_by_the_limit_alone():
    assert warn_abnormal_low_price(law=LAW, price=Decimal(40), qualified_prices=[Decimal(40)]) == []


def test_a_price_outside_the_offers_is_an_error():
    with pytest.raises(ValueError, match="合格报价之中"):
        warn_abnormal_low_price(law=LAW, price=Decimal(1), qualified_prices=[Decimal(2)])


def test_nothing_starts_a_review_before_the_notice_is_in_force():
    prices = [Decimal(1), Decimal(100)]
    for day, expected in ((date(2026, 1, 31), 0), (date(2026, 2, 1), 2)):
        assert len(warn_abnormal_low_price(law=law_on(date=day), price=prices[0], qualified_prices=prices)) == expected


def test_a_purchaser_may_raise_a_trigger_to_65_percent():
    for percent, allowed in (("44.99", False), ("45", True), ("65", True), ("65.01", False)):
        found = check_abnormal_low_trigger(law=LAW, name="limit", percent=Decimal(percent))
        assert (found == []) is allowed


@pytest.mark.parametrize(("kind", "least"), [(WeightKind.GOODS, 30), (WeightKind.SERVICES, 10)])
def test_the_price_score_has_its_least_weight(kind, least):
    for percent, allowed in ((least, True), (least - FEN, False), (100, True), (100 + FEN, False)):
        found = check_price_weight(law=LAW, kind=kind, percent=Decimal(percent))
        assert codes(found) == ([] if allowed else ["price_weight"])


@pytest.mark.parametrize(
    ("kind", "least", "most"),
    [
        (DeductionKind.GOODS_SERVICES, 10, 20),
        (DeductionKind.WORKS, 3, 5),
        (DeductionKind.CONSORTIUM_GOODS_SERVICES, 4, 6),
        (DeductionKind.CONSORTIUM_WORKS, 1, 2),
    ],
)
def test_deductions_for_small_firms_stay_in_their_span(kind, least, most):
    for percent, allowed in ((least, True), (most, True), (least - FEN, False), (most + FEN, False)):
        found = check_sme_deduction(law=LAW, kind=kind, percent=Decimal(percent))
        assert codes(found) == ([] if allowed else ["sme_deduction"])


def test_deductions_were_smaller_before_july_2022():
    facts = {"kind": DeductionKind.GOODS_SERVICES, "percent": Decimal(6)}
    assert check_sme_deduction(law=law_on(date=date(2022, 6, 30)), **facts) == []
    assert codes(check_sme_deduction(law=law_on(date=date(2022, 7, 1)), **facts)) == ["sme_deduction"]
