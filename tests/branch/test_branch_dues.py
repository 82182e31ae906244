"""党费: the base is typed once a year, everything else follows from who was ticked; sums of persons stay sealed."""

from datetime import date
from decimal import Decimal

import pytest

from support.units import a_branch
from yangguang.branch.dues import arrears_of, month_table, own_months, totals, unpaid
from yangguang.ledger.acts import import_records, look_at_sealed, take_roll
from yangguang.ledger.models import Record
from yangguang.rules.refusal import Refused
from yangguang.witness import evidence

pytestmark = pytest.mark.django_db(transaction=True)

BASES = {"书记": "6000", "纪检委员": "5000", "党员1": "3000", "党员2": "10000.01"}


def a_paying_branch():
    """A branch whose four members have bases since January."""
    branch = a_branch(members=2)
    for name, base in BASES.items():
        give_base(branch, name, base)
    return branch


def give_base(branch, name, base, day="2026-01-10", **values):
    """The base of a member, from a day on."""
    return branch.enter(
        "dues_base",
        by="干事",
        **{"kind": "按月领取工资", "day": day, "owner": branch.marks(name)[0], "base": base, **values},
    )


def collect(branch, *names, day="2026-03-12", **values):
    """A month's dues of those who came."""
    return branch.enter("dues_collection", kind="月度收缴", day=day, present=branch.marks(*names), **values)


def test_a_month_is_one_roll_and_all_sums_follow_from_it():
    branch = a_paying_branch()
    record = collect(branch, "书记", "党员1", "党员2")
    assert (record.title, record.fields["month"], record.quantity) == ("3月党费月度收缴", "2026-03-01", 3)
    assert (record.amount, record.fields["due_total"], record.fields["due_persons"]) == (
        Decimal("305.00"), "355.00", 4,
    )  # fmt: skip


def test_nobody_pays_a_month_twice_and_a_month_is_collected_once():
    branch = a_paying_branch()
    collect(branch, "书记", "党员1")
    late = {"month": "2026-03-01", "day": "2026-03-15"}
    with pytest.raises(Refused) as refused:
        collect(branch, **late)
    assert refused.value.refusals[0].reason == "2026年3月的党费已经登记收缴（“3月党费月度收缴”2026-03-12）"
    with pytest.raises(Refused) as refused:
        branch.enter("dues_collection", kind="补交", present=branch.marks("党员1", "党员2"), **late)
    only = refused.value.refusals[0]
    assert (only.code, only.reason, only.remedy) == (
        "dues.paid_twice",
        "党员12026年3月的党费已经交过（“3月党费月度收缴”2026-03-12）",
        "请从名单中去掉；原记录有误的请更正原记录的名单。",
    )
    made = branch.enter("dues_collection", kind="补交", present=branch.marks("党员2"), **late)
    assert (made.amount, made.fields["due_total"]) == (Decimal("200.00"), "0")


@pytest.mark.parametrize(("kind", "code"), [("月度收缴", "dues.month_twice"), ("补交", "dues.paid_twice")])
def test_two_dues_for_a_month_in_one_file_are_refused(kind, code):
    branch = a_paying_branch()
    paid = [["书记"], ["党员1"] if kind == "月度收缴" else ["书记"]]
    rows = [
        {"kind": kind, "day": f"2026-03-1{number}", "present": branch.marks(*names)}
        for number, names in enumerate(paid)
    ]
    file = evidence.keep(b"workbook", media_type="application/octet-stream")
    with pytest.raises(Refused) as refused:
        import_records(
            branch.unit, actor=branch.actor("干事"), at=branch.at, register="dues_collection", rows=rows, file=file
        )
    assert refused.value.codes == (code,)


def test_a_roll_taken_again_gives_the_sums_again():
    branch = a_paying_branch()
    record = collect(branch, "书记")
    again = take_roll(
        branch.unit, actor=branch.actor("书记"), at=branch.at, record=record.pk, present=branch.marks("书记", "党员1")
    )
    assert (again.amount, again.quantity) == (Decimal("105.00"), 2)


def test_dues_without_a_base_a_roll_or_for_a_month_to_come_are_refused():
    branch = a_paying_branch()
    branch.add("新党员", "probationary")
    for values, code in (
        ({"present": branch.marks("书记")}, "dues.no_base"),
        ({}, "dues.no_roll"),
        ({"present": [], "month": "2026-04-01"}, "dues.ahead"),
    ):
        with pytest.raises(Refused) as refused:
            branch.enter("dues_collection", kind="月度收缴", day="2026-03-12", **values)
        assert refused.value.codes == (code,)
    assert Record.objects.filter(register="dues_collection").count() == 0


def test_new_pay_counts_from_its_month_and_a_base_stands_once_a_month():
    branch = a_paying_branch()
    with pytest.raises(Refused) as refused:
        give_base(branch, "党员1", "4000", day="2026-01-31")
    assert refused.value.codes == ("dues.base_twice",)
    give_base(branch, "党员1", "4000", day="2026-03-15")
    keeper = branch.actor("干事")
    dues = {
        month: {row.person.name: row.due for row in month_table(branch.unit, actor=keeper, month=date(2026, month, 1))}
        for month in (2, 3)
    }
    assert (dues[2]["党员1"], dues[3]["党员1"]) == (Decimal("15.00"), Decimal("40.00"))


@pytest.mark.parametrize(
    ("kind", "values", "codes"),
    [
        ("按月领取工资", {"base": ""}, ("dues.base",)),
        ("学生", {"base": "100"}, ("dues.base_unasked",)),
        ("农民", {"base": "", "agreed": "2"}, ("dues.amount",)),
        ("农民", {"base": "", "agreed": "0.5"}, ()),
        ("离退休", {"base": "5001"}, ()),
    ],
)
def test_a_base_is_asked_for_where_the_rule_asks_for_one(kind, values, codes):
    branch = a_branch(members=1)
    if codes:
        with pytest.raises(Refused) as refused:
            give_base(branch, "党员1", **{"base": "1", "kind": kind, **values})
        assert refused.value.codes == codes
    else:
        assert give_base(branch, "党员1", **{"base": "1", "kind": kind, **values}).fields == {}


def test_whose_dues_are_waived_owes_nothing_and_has_no_arrears():
    branch = a_paying_branch()
    values = {"kind": "免交", "day": "2026-01-15", "owner": branch.marks("党员1")[0]}
    with pytest.raises(Refused) as refused:
        branch.enter("dues_relief", approved_on="2026-01-10", **values)
    assert refused.value.codes == ("dues.reduction",)
    branch.enter("dues_relief", approved_on="2026-02-10", **values)
    found = {one.person.name: one.months for one in unpaid(branch.unit, on=branch.at.date())}
    assert found["党员1"] == (date(2026, 1, 1),)
    assert found["党员2"] == (date(2026, 1, 1), date(2026, 2, 1))


@pytest.mark.parametrize("months", [1, 3])
def test_the_lists_cost_the_same_queries_however_long_they_are(months, django_assert_num_queries):
    branch = a_paying_branch()
    for month in range(1, months + 1):
        collect(branch, "书记", day=f"2026-{month:02d}-15")
    keeper, member = branch.actor("干事"), branch.actor("党员1")
    with django_assert_num_queries(5):
        month_table(branch.unit, actor=keeper, month=date(2026, 3, 1))
    with django_assert_num_queries(5):
        owed = arrears_of(branch.unit, actor=keeper, on=date(2026, 4, 1))
    with django_assert_num_queries(5):
        mine = own_months(branch.unit, actor=member, year=2026)
    with django_assert_num_queries(2):
        open_to_all = totals(branch.unit, year=2026)
    assert [len(one.months) for one in owed] == [3 - months] * (months < 3) + [3, 3, 3]
    assert [(row.due, row.is_paid) for row in mine] == [(Decimal("15.00"), False)] * 12
    assert [(one.due, one.paid, one.persons, one.is_remitted) for one in open_to_all] == [
        (Decimal("355.00"), Decimal("90.00"), 1, False)
    ] * months


def test_a_member_sees_their_own_dues_and_nobody_elses():
    branch = a_paying_branch()
    record = collect(branch, "书记", "党员1")
    bases = {row.owner.name: row for row in Record.objects.filter(register="dues_base").select_related("owner")}
    member = branch.actor("党员1")
    assert look_at_sealed(branch.unit, actor=member, at=branch.at, record=bases["党员1"].pk) == {"base": "3000"}
    for other in (bases["书记"], record):
        with pytest.raises(Refused) as refused:
            look_at_sealed(branch.unit, actor=member, at=branch.at, record=other.pk)
        assert refused.value.codes == ("access.denied",)
    for look in (month_table, arrears_of):
        with pytest.raises(Refused):
            look(branch.unit, actor=member, **{"month" if look is month_table else "on": date(2026, 3, 1)})
    assert own_months(branch.unit, actor=member, year=2026)[2].is_paid


def test_months_are_passed_up_once():
    branch = a_paying_branch()
    collect(branch, "书记", day="2026-02-15")
    values = {"day": "2026-03-01", "amount": "90.00", "first_month": "2026-01-01", "last_month": "2026-02-28"}
    assert branch.enter("dues_remittance", **values).fields["months"] == 2
    assert totals(branch.unit, year=2026)[0].is_remitted
    for wrong, code in (({}, "dues.remitted_twice"), ({"last_month": "2026-04-01"}, "dues.months")):
        with pytest.raises(Refused) as refused:
            branch.enter("dues_remittance", **{**values, **wrong})
        assert refused.value.codes == (code,)


def test_dues_are_spent_after_a_meeting_that_agreed():
    branch = a_paying_branch()
    values = {"kind": "补助生活困难党员", "title": "慰问困难党员", "day": "2026-03-13", "amount": "500"}
    present = branch.marks("书记", "纪检委员")
    agreed, refused_by = (
        branch.enter("meeting", kind="支部委员会", day="2026-03-12", present=present, votes_for=votes)
        for votes in ("2", "1")
    )
    for parent in ("", str(refused_by.pk)):
        with pytest.raises(Refused) as refused:
            branch.enter("dues_spending", parent=parent, **values)
        assert refused.value.codes == ("dues.undecided",)
    spent = branch.enter("dues_spending", parent=str(agreed.pk), **values)
    assert spent.parent == agreed
    assert branch.enter("dues_publicity", kind="使用公示", day="2026-03-14", parent=str(spent.pk)).parent == spent


def test_a_large_extra_payment_is_passed_up_whole():
    branch = a_paying_branch()
    owner = branch.marks("党员1")[0]
    made = [branch.enter("dues_extra", day="2026-03-12", owner=owner, amount=sum_) for sum_ in ("999", "1000")]
    assert [one.fields["upwards"] for one in made] == ["0", "1000"]
    with pytest.raises(Refused) as refused:
        branch.enter("dues_extra", day="2026-03-12", amount="100")
    assert refused.value.codes == ("dues.extra",)
