from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from yangguang.rules.law import law_on
from yangguang.rules.party.hours import Attendance, Measure, hours_by_member, hours_of, shortfalls

LAW = law_on(date=date(2026, 3, 2))


def attended(member, measure, amount, kind="集中学习"):
    return Attendance(member=member, kind=kind, measure=measure, amount=Decimal(amount))


def test_half_a_day_is_four_hours_and_a_day_eight():
    hours = [hours_of(law=LAW, measure=one, amount=Decimal("1.5")) for one in Measure]
    assert hours == [Decimal("1.5"), Decimal(6), Decimal(12)]


def test_hours_are_summed_by_member_and_kind():
    events = [
        attended("甲", Measure.HALF_DAY, 1),
        attended("甲", Measure.HOUR, 2),
        attended("甲", Measure.FULL_DAY, 1, kind="党课"),
        attended("乙", Measure.HOUR, "0.5"),
    ]
    assert hours_by_member(law=LAW, attended=events) == {
        "甲": {"集中学习": Decimal(6), "党课": Decimal(8)},
        "乙": {"集中学习": Decimal("0.5")},
    }


def test_members_lack_up_to_thirty_two_and_leaders_up_to_fifty_six_in_the_order_of_the_roll():
    hours = {"丙": {"党课": Decimal(32)}, "乙": {"党课": Decimal(32)}, "甲": {"党课": Decimal(31)}}
    found = shortfalls(law=LAW, members=["丙", "乙", "甲", "丁"], leaders={"乙"}, hours=hours)
    assert [(one.member, one.lacking) for one in found] == [("乙", 24), ("甲", 1), ("丁", 32)]
    assert found[1].rule.citation == "中国共产党党员教育管理工作条例第二十条"
    assert "后续规划未见原文" in found[0].rule.note


def test_the_plan_for_leaders_held_until_2023_and_is_a_custom_since():
    ranks = [law_on(date=date(year, 6, 1)).rule("party.hours.leader").rank for year in (2023, 2024)]
    assert ranks == ["条例", "惯例"]


@given(st.lists(st.tuples(st.sampled_from("甲乙"), st.sampled_from(Measure), st.integers(0, 20)), max_size=8))
def test_no_hour_is_lost_or_counted_twice(events):
    found = hours_by_member(law=LAW, attended=[attended(*one) for one in events])
    total = sum(sum(kinds.values()) for kinds in found.values())
    assert total == sum(hours_of(law=LAW, measure=measure, amount=Decimal(amount)) for _, measure, amount in events)
