from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yangguang.rules.party.bases import EMPLOYER_LABELS, Employer, base_of, items_of
from yangguang.rules.refusal import Refused

TODAY = date(2026, 3, 2)
YUAN = st.decimals(min_value=0, max_value=50_000, places=2)


def base(pay, withheld="0", employer=Employer.INSTITUTION, **given):
    amounts = {item: Decimal(amount) for item, amount in pay.items()}
    return base_of(employer=employer, pay=amounts, withheld=Decimal(withheld), date=TODAY, **given)


@pytest.mark.parametrize(
    ("employer", "first", "count"),
    [
        (Employer.ORGAN, "职务工资", 3),
        (Employer.ORGAN_WORKER, "岗位工资", 3),
        (Employer.INSTITUTION, "岗位工资", 4),
        (Employer.ENTERPRISE, "工资固定部分", 2),
    ],
)
def test_each_employer_has_its_items(employer, first, count):
    items = items_of(employer=employer, date=TODAY)
    assert (items[0], len(items)) == (first, count)


def test_no_item_counts_before_the_rules_and_a_unit_adds_its_own():
    assert items_of(employer=Employer.ORGAN, date=date(2008, 3, 31)) == ()
    assert items_of(employer=Employer.ENTERPRISE, date=TODAY, further=["技能津贴"])[-1] == "技能津贴"
    assert base({"技能津贴": 500}, employer=Employer.ENTERPRISE, further=["技能津贴"]) == 500


def test_the_base_is_what_counts_after_tax():
    assert base({"岗位工资": 3000, "薪级工资": 2000, "绩效工资": 2500}, withheld="45.50") == Decimal("7454.50")


@pytest.mark.parametrize(
    ("pay", "withheld", "codes"),
    [
        ({"差旅费": 300}, "0", ("dues.base_item",)),
        ({"岗位工资": -1, "薪级工资": 5}, "0", ("dues.base_negative",)),
        ({"岗位工资": 100}, "101", ("dues.base_withheld",)),
        ({"岗位工资": 100}, "-1", ("dues.base_withheld",)),
        ({"差旅费": -3}, "0", ("dues.base_item", "dues.base_negative", "dues.base_withheld")),
    ],
)
def test_pay_that_does_not_count_is_refused_with_all_faults(pay, withheld, codes):
    with pytest.raises(Refused) as refused:
        base(pay, withheld)
    assert refused.value.codes == codes


@given(st.dictionaries(st.sampled_from(["岗位工资", "薪级工资", "绩效工资", "津贴补贴"]), YUAN))
def test_without_tax_the_base_is_the_sum_of_the_items(pay):
    assert base(pay) == sum(pay.values())


def test_every_employer_has_a_name():
    assert set(EMPLOYER_LABELS) == set(Employer)
