from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yangguang.rules.calendar import add_months
from yangguang.rules.law import law_on
from yangguang.rules.party.dues import (
    PAYER_LABELS,
    USE_LABELS,
    Payer,
    Use,
    arrears,
    base_in,
    check_amount,
    check_payment,
    check_reduction,
    check_spending,
    longest_run,
    month_of,
    monthly_due,
    months_owed,
    note_on_lapse,
    owed_upwards,
    quarter_base,
    warn_back_payment,
)
from yangguang.rules.refusal import Refused

TODAY = date(2026, 3, 2)
LAW = law_on(date=TODAY)
YUAN = st.decimals(min_value=0, max_value=50_000, places=2)
DAYS = st.dates(date(2024, 1, 1), date(2026, 12, 31))


def codes(refusals):
    return [refusal.code for refusal in refusals]


def corrected(rule_id, value):
    return law_on(date=TODAY, corrections=[LAW.rule(rule_id).to_row() | {"value": value}])


def months(*numbers):
    return [date(2025, number, 1) for number in numbers]


@pytest.mark.parametrize(
    ("payer", "base", "amount"),
    [
        (Payer.EMPLOYEE, "0", "0"),
        (Payer.EMPLOYEE, "2400", "12"),
        (Payer.EMPLOYEE, "3000", "15"),
        (Payer.EMPLOYEE, "3000.01", "30"),
        (Payer.EMPLOYEE, "5000", "50"),
        (Payer.EMPLOYEE, "5000.01", "75"),
        (Payer.EMPLOYEE, "10000", "150"),
        (Payer.EMPLOYEE, "10000.01", "200"),
        (Payer.EMPLOYEE, "6543.21", "98.15"),
        (Payer.RETIRED, "5000", "25"),
        (Payer.RETIRED, "5000.01", "50"),
        (Payer.RETIRED, "20000", "200"),
    ],
)
def test_the_rate_of_the_band_falls_on_the_whole_base(payer, base, amount):
    due = monthly_due(law=LAW, payer=payer, base=Decimal(base))
    assert (due.least, due.most, due.is_fixed) == (Decimal(amount), Decimal(amount), True)


@pytest.mark.parametrize("payer", [Payer.STUDENT, Payer.UNEMPLOYED, Payer.RELIEF, Payer.MINIMUM_LIVING])
def test_some_members_pay_a_fixed_sum_whatever_they_have(payer):
    due = monthly_due(law=LAW, payer=payer)
    assert (due.least, due.is_fixed, due.rule.article) == (Decimal("0.2"), True, "第六条")


def test_a_farmer_pays_within_a_range():
    due = monthly_due(law=LAW, payer=Payer.FARMER)
    assert (due.least, due.most, due.is_fixed) == (Decimal("0.2"), Decimal(1), False)
    assert check_amount(due=due, amount=Decimal("0.5")) == []
    [refusal] = check_amount(due=due, amount=Decimal(2))
    assert refusal.reason == "当月应交0.20元至1.00元，现为2.00元"


def test_another_amount_than_is_owed_is_refused_on_its_article():
    due = monthly_due(law=LAW, payer=Payer.EMPLOYEE, base=Decimal(6000))
    assert check_amount(due=due, amount=Decimal(90)) == []
    [refusal] = check_amount(due=due, amount=Decimal(60))
    assert (refusal.code, refusal.reason) == ("dues.amount", "当月应交90.00元，现为60.00元")
    assert refusal.article == "关于中国共产党党费收缴、使用和管理的规定（中组发〔2008〕3号）第二条"


@pytest.mark.parametrize("base", [None, Decimal(-1)])
def test_without_a_base_nothing_is_computed(base):
    with pytest.raises(Refused) as refused:
        monthly_due(law=LAW, payer=Payer.RETIRED, base=base)
    assert refused.value.codes == ("dues.base",)


def test_the_rounding_is_a_default_that_the_centre_may_correct():
    base = Decimal("6543.21")
    amounts = [
        monthly_due(law=corrected("party.dues.rounding", value), payer=Payer.EMPLOYEE, base=base).least
        for value in ("0.1", "1", "0")
    ]
    assert amounts == [Decimal("98.1"), Decimal(98), base * Decimal("0.015")]


@given(YUAN, YUAN)
def test_who_earns_more_never_owes_less(one, other):
    lower, higher = sorted((one, other))
    dues = [monthly_due(law=LAW, payer=Payer.EMPLOYEE, base=base).least for base in (lower, higher)]
    assert dues[0] <= dues[1]


@given(YUAN)
def test_dues_lie_between_half_a_percent_and_two_percent(base):
    due = monthly_due(law=LAW, payer=Payer.EMPLOYEE, base=base).least
    cent = Decimal("0.01")
    assert base * Decimal("0.005") - cent < due < base * Decimal("0.02") + cent
    assert due % cent == 0


def test_the_base_without_monthly_pay_is_the_average_of_the_last_quarter():
    assert quarter_base(incomes=[Decimal(3000), Decimal(0), Decimal(6000)]) == 3000
    with pytest.raises(ValueError, match="三个月"):
        quarter_base(incomes=[Decimal(3000)])


def test_new_pay_counts_from_the_month_in_which_it_was_received():
    bases = [(date(2025, 9, 20), Decimal(7000)), (date(2025, 1, 1), Decimal(6000))]
    found = [base_in(month=date(2025, month, 1), bases=bases) for month in (8, 9, 10)]
    assert found == [Decimal(6000), Decimal(7000), Decimal(7000)]
    assert base_in(month=date(2024, 12, 31), bases=bases) is None


def test_a_probationary_member_owes_from_the_month_of_the_meeting():
    assert months_owed(since=date(2025, 11, 30), until=date(2026, 2, 1)) == (
        date(2025, 11, 1),
        date(2025, 12, 1),
        date(2026, 1, 1),
        date(2026, 2, 1),
    )
    assert months_owed(since=date(2026, 3, 1), until=date(2026, 2, 28)) == ()


def test_arrears_are_the_months_over_and_unpaid():
    facts = {"since": date(2025, 1, 15), "paid": months(1, 3), "at": date(2025, 5, 31)}
    assert arrears(**facts) == (date(2025, 2, 1), date(2025, 4, 1))
    assert arrears(**facts, pays_quarterly=True) == (date(2025, 2, 1),)


@given(DAYS, DAYS, st.lists(DAYS, max_size=12))
def test_every_month_over_is_paid_or_in_arrears(since, at, paid):
    late = arrears(since=since, paid=paid, at=at)
    over = [month for month in months_owed(since=since, until=at) if month < month_of(at)]
    assert sorted({*late, *(month_of(one) for one in paid if month_of(one) in over)}) == over


def test_six_months_may_be_paid_afterwards_and_the_seventh_asks_for_a_reason():
    assert warn_back_payment(law=LAW, months=months(1, 2, 3, 4, 5, 6)) == []
    [caution] = warn_back_payment(law=LAW, months=months(1, 2, 3, 4, 5, 6, 7))
    assert (caution.code, caution.reason) == ("dues.back_payment", "补交7个月党费，超过6个月")


def test_six_months_on_end_are_noted_for_people_to_judge():
    assert note_on_lapse(law=LAW, unpaid=months(1, 2, 3, 4, 5, 7, 8)) == []
    [note] = note_on_lapse(law=LAW, unpaid=months(1, 3, 4, 5, 6, 7, 8, 10))
    assert note.reason == "2025年3月至2025年8月连续6个月未交党费"
    assert note.article == "中国共产党党员教育管理工作条例第三十一条"
    assert note.remedy.endswith("系统不作判断")


@given(st.sets(st.integers(0, 40)))
def test_the_longest_run_is_within_the_months_and_cannot_be_made_longer(numbers):
    start = date(2024, 1, 1)
    given_months = {add_months(start=start, count=number) for number in numbers}
    run = longest_run(given_months)
    assert bool(run) == bool(numbers)
    assert list(run) == [add_months(start=run[0], count=number) for number in range(len(run))]
    longer = [all(number + step in numbers for step in range(len(run) + 1)) for number in numbers]
    assert (set(run) <= given_months, any(longer)) == (True, False)


@pytest.mark.parametrize(("extra", "upwards"), [("999.99", "0"), ("1000", "1000"), ("5000", "5000")])
def test_an_extra_payment_from_a_thousand_on_goes_up_whole(extra, upwards):
    assert owed_upwards(law=LAW, extra=Decimal(extra)) == Decimal(upwards)


def test_nobody_pays_for_a_member_or_withholds_or_levies():
    fine = {"law": LAW, "by_organisation": False, "withheld": False}
    assert check_payment(**fine) == []
    assert codes(check_payment(law=LAW, by_organisation=True, withheld=True, is_levy=True)) == [
        "dues.paid_by_organisation",
        "dues.withheld",
        "dues.levy",
    ]
    switched_off = corrected("party.dues.no_paying_for_others", "0")
    assert check_payment(law=switched_off, by_organisation=True, withheld=False) == []


def test_dues_are_spent_on_the_five_uses_after_a_decision():
    assert check_spending(law=LAW, use=Use.TRAINING, decided_on=TODAY, spent_on=TODAY) == []
    assert codes(check_spending(law=LAW, use=Use.HARDSHIP, decided_on=None, spent_on=TODAY)) == ["dues.undecided"]
    late = check_spending(law=LAW, use="聚餐", decided_on=date(2026, 3, 3), spent_on=TODAY)
    assert codes(late) == ["dues.use", "dues.undecided"]


def test_less_is_paid_only_after_branch_and_committee_above_in_this_order():
    earlier = date(2026, 2, 1)
    assert check_reduction(law=LAW, resolved_on=earlier, approved_on=TODAY) == []
    for resolved, approved in [(TODAY, earlier), (None, TODAY), (TODAY, None)]:
        assert codes(check_reduction(law=LAW, resolved_on=resolved, approved_on=approved)) == ["dues.reduction"]


def test_every_payer_and_use_has_a_name():
    assert (set(PAYER_LABELS), set(USE_LABELS)) == (set(Payer), set(Use))
