"""A figure: what is counted, from which records, in how many queries."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from support.reporting import AS_OF, a_year, with_meetings
from yangguang.ledger.models import Signature, State, Unit
from yangguang.reports.counting import compute
from yangguang.reports.dictionary import Metric, dictionary
from yangguang.reports.figures import Figure
from yangguang.reports.spans import read_span

pytestmark = pytest.mark.django_db


def a_metric(**changes):
    plain = Metric(
        id="any", name="会议", unit="次", definition="已召开", count="records", group="test", register="meeting"
    )
    return replace(plain, **changes)


def count(year, period="2023", *, as_of=AS_OF, filters=None, **changes):
    metric = a_metric(**changes)
    return compute(metric=metric, period=read_span(period), unit=year.unit, as_of=as_of, filters=filters)


def test_what_is_planned_or_cancelled_never_counts():
    year = with_meetings(a_year())
    figure = year.figure("committee_meetings")
    assert (figure.value, figure.text, figure.unit, len(figure.record_ids)) == (12, "12", "次", 12)
    assert [year.figure(name).value for name in ("member_meetings", "lectures")] == [4, 2]
    assert count(year, state=State.PLANNED).value == 1


def test_only_the_months_of_the_period_count_and_nothing_after_the_day_of_counting():
    year = with_meetings(a_year())
    assert [year.figure("committee_meetings", period).value for period in ("2023-H1", "2023-02", "2022")] == [6, 1, 0]
    assert year.figure("committee_meetings", as_of=date(2023, 3, 10)).value == 3


def test_the_units_below_count_and_those_beside_do_not():
    year = with_meetings(a_year())
    for code, path in (("cell", "/zb/cell/"), ("zb2", "/zb2/")):
        unit = Unit.objects.create(
            stream=f"unit:{code}", stage="keeping", code=code, name=code, kind="cell", path=path,
            opened_on=date(2020, 1, 1),
        )  # fmt: skip
        year.add("meeting", "2023-06-06", kind="党课", unit=unit)
    assert year.figure("lectures").value == 3


@pytest.mark.parametrize(
    ("changes", "value", "records"),
    [
        ({"count": "attendances", "tag": "学习"}, 4 * 5 + 2 * 6, 6),
        ({"count": "persons", "tag": "学习"}, 6, 6),
        ({"tags_any": ("学习", "廉政")}, 6, 6),
        ({"kinds": ("党课", "支部委员会")}, 14, 14),
        ({"where": {"kind": ["党课", "支部党员大会"]}}, 6, 6),
        ({"where": {"decisions": ["按计划推进"]}}, 0, 0),
        ({"count": "titles:decisions"}, 1, 18),
        ({"count": "distinct:kind"}, 3, 18),
        ({"count": "distinct:place"}, 0, 18),
    ],
)
def test_each_way_counts_what_it_says(changes, value, records):
    figure = count(with_meetings(a_year()), **changes)
    assert (figure.value, len(figure.record_ids)) == (value, records)


def test_sums_are_exact_and_a_masked_number_is_no_number():
    year = a_year()
    for amount, votes in (("0.10", 3), ("0.20", 4), ("1000000000.70", 5)):
        year.add("meeting", "2023-04-01", kind="党课", amount=Decimal(amount), fields={"votes_for": votes})
    assert count(year, count="sum:amount").value == 1000000001
    assert count(year, count="sum:votes_for").value == 12
    assert count(year, count="distinct:votes_for").value == 3
    year.add("meeting", "2023-04-02", kind="党课", fields={"votes_for": "****"})
    masked = count(year, count="sum:votes_for")
    assert (masked.value, masked.is_masked, masked.text) == (None, True, "")


def test_signatures_are_counted_as_signed_and_as_due():
    year = a_year()
    row = year.add("meeting", "2023-04-01", kind="党课")
    signed_at = datetime(2023, 4, 2, tzinfo=UTC)
    Signature.objects.create(record=row, person=year.people[0], signed_at=signed_at)
    Signature.objects.create(record=row, person=year.people[1])
    assert [count(year, count=way).value for way in ("signed", "should_sign")] == [1, 2]


def test_posts_are_people_on_the_last_day():
    year = a_year()
    members = count(year, count="posts", register="", kinds=("full", "probationary"))
    assert (members.value, len(members.record_ids)) == (6, 6)
    assert count(year, "2019", count="posts", register="", kinds=("full",)).value == 0


def test_a_hundred_percent_is_said_of_all_alone():
    year = a_year()
    paid = year.add("dues_collection", "2023-01-05", kind="月度收缴", amount=9_999, fields={"due_total": "10000"})
    assert year.figure("dues_paid_share").value == Decimal("99.9")
    paid.amount = 10_000
    paid.save()
    assert year.figure("dues_paid_share").value == 100


def test_a_share_is_in_percent_and_of_nothing_is_nothing():
    year = with_meetings(a_year())
    share = replace(dictionary()["lectures"], id="share", count="share:lectures/member_meetings", unit="%")
    inputs = {"metric": share, "unit": year.unit, "as_of": AS_OF}
    assert compute(**inputs, period=read_span("2023")).value == Decimal("50.0")
    assert compute(**inputs, period=read_span("2022")).value is None


def test_a_slot_may_narrow_a_metric_by_kind_tag_and_field():
    year = with_meetings(a_year())
    assert count(year, filters={"kind": "党课", "tag": "廉政"}).value == 2
    assert count(year, filters={"place": "会议室"}).value == 0


def test_what_is_received_counts_while_it_is_open_and_what_is_answered_when_it_is_closed(monkeypatch):
    year = a_year()
    year.add("meeting", "2023-12-30", kind="党课", state=State.OPEN, closed_on=None)
    year.add("meeting", "2022-12-30", kind="党课", closed_on=date(2023, 1, 4))
    assert [count(year).value, count(year, state=State.OPEN).value, count(year, date="closed_on").value] == [0, 1, 1]


def test_a_figure_tells_by_its_digest_when_its_records_changed():
    year = with_meetings(a_year())
    before = year.figure("lectures")
    assert year.figure("lectures", as_of=date(2024, 2, 1)).digest == before.digest
    year.add("meeting", "2023-06-01", kind="党课")
    assert year.figure("lectures").digest != before.digest
    assert Figure.from_json(before.to_json()).digest == before.digest


def test_the_queries_do_not_grow_with_the_records(django_assert_num_queries):
    year = with_meetings(a_year())
    for rows in (0, 50):
        for number in range(rows):
            year.add("meeting", f"2023-0{number % 9 + 1}-01", kind="党课", present=3)
        dictionary()
        for way, queries in (("records", 1), ("attendances", 2), ("persons", 2), ("titles:decisions", 1)):
            with django_assert_num_queries(queries):
                count(year, count=way)


def test_amounts_are_printed_in_yuan_ten_thousands_and_hundred_millions():
    year = a_year()
    year.add("meeting", "2023-04-01", kind="党课", amount=Decimal("37384999999.99"))
    figure = count(year, count="sum:amount")
    assert (figure.scaled("亿元"), figure.scaled("万元"), figure.text) == ("373.8", "3738500", "37384999999.99")
