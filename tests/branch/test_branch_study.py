"""学习、主题党日和学时: one event with many tags, hours from rolls, the monthly list from the plan."""

from datetime import date
from decimal import Decimal

import pytest

from support.units import a_branch
from yangguang.branch.hours import coverage, hours_by_person
from yangguang.branch.study import monthly_list
from yangguang.ledger.acts import link_records
from yangguang.rules.refusal import Refused

pytestmark = pytest.mark.django_db(transaction=True)

YEAR = {"first": date(2026, 1, 1), "last": date(2026, 12, 31)}
TWO_HOURS = {"day": "2026-03-12", "begins": "2026-03-12 09:00", "ends": "2026-03-12 11:00"}


def test_hours_come_from_the_times_unless_somebody_wrote_them_down():
    branch = a_branch()
    assert branch.enter("study", kind="集中学习", **TWO_HOURS).quantity == Decimal(2)
    assert branch.enter("study", kind="集中学习", quantity="4", **TWO_HOURS).quantity == Decimal(4)
    assert branch.enter("study", kind="集中学习", day="2026-03-12").quantity is None


def test_hours_nobody_can_have_studied_are_refused():
    branch = a_branch()
    with pytest.raises(Refused) as refused:
        branch.enter("study", kind="集中学习", day="2026-03-12", quantity="800")
    assert refused.value.codes == ("hours.range",)


def test_speakers_make_a_discussion_unless_they_told_what_they_learned():
    branch = a_branch()
    one = branch.enter("study", kind="集中学习", day="2026-03-12", speakers=branch.marks("党员1"))
    other = branch.enter("study", kind="集中学习", day="2026-03-12", speakers=branch.marks("党员1"), tags=["谈体会"])
    assert [[tag.tag for tag in row.tags.all()] for row in (one, other)] == [["专题研讨"], ["谈体会"]]


@pytest.mark.parametrize("events", [1, 3])
def test_a_person_has_the_hours_of_every_event_they_came_to_in_one_query(events, django_assert_num_queries):
    branch = a_branch()
    present = branch.marks("党员1", "党员2")
    for _ in range(events):
        branch.enter("study", kind="集中学习", present=present, tags=["专题研讨", "廉政"], **TWO_HOURS)
        branch.enter("meeting", kind="支部党员大会", present=present, tags=["学习"], first_source="讲话", **TWO_HOURS)
        branch.enter("meeting", kind="支部党员大会", present=present, **TWO_HOURS)
    branch.enter("party_day", kind="主题党日", day="2026-03-12", present=branch.marks("党员1"))
    with django_assert_num_queries(1):
        hours = hours_by_person(branch.unit, **YEAR)
    first, second = (hours[branch.people[name].pk] for name in ("党员1", "党员2"))
    assert (first.total, first.unknown, second.total, second.unknown) == (4 * events, 1, 4 * events, 0)
    assert second.by_register == {"study": 2 * events, "meeting": 2 * events}
    assert branch.people["党员3"].pk not in hours


def test_coverage_tells_who_is_short_of_what_and_ranks_nobody(django_assert_num_queries):
    branch = a_branch(members=2)
    branch.enter("study", kind="集中学习", day="2026-03-12", quantity="40", present=branch.marks("党员1", "书记"))
    with django_assert_num_queries(5):
        found = coverage(branch.unit, **YEAR)
    assert (found.members, found.reached) == (4, 1)
    assert [(one.member, one.hours, one.lacking) for one in found.short] == [
        (str(branch.people["书记"].pk), 40, 16), (str(branch.people["纪检委员"].pk), 0, 56),
        (str(branch.people["党员2"].pk), 0, 32),
    ]  # fmt: skip


def test_the_monthly_list_is_what_the_plan_asks_for_and_says_what_was_done(django_assert_num_queries):
    branch = a_branch()
    values = {"kind": "集中学习", "day": "2026-01-05"}
    item = branch.enter("study_item", title="党章", due_on="2026-03-31", owner=branch.marks("党员1")[0], **values)
    branch.enter("study_item", title="条例", due_on="2026-03-20", **values)
    branch.enter("study_item", title="四月的内容", due_on="2026-04-01", **values)
    study = branch.enter("study", kind="集中学习", day="2026-03-12")
    link_records(
        branch.unit, actor=branch.actor("书记"), at=branch.at, record=item.pk, kind="evidence", target=study.pk
    )
    with django_assert_num_queries(1):
        found = monthly_list(branch.unit, month=date(2026, 3, 15))
    assert [(one.title, one.owner, one.done_on) for one in found] == [
        ("条例", "", None), ("党章", "党员1", date(2026, 3, 16)),
    ]  # fmt: skip


def test_a_planned_study_without_a_day_stands_in_no_list():
    branch = a_branch()
    with pytest.raises(Refused) as refused:
        branch.enter("study_item", kind="集中学习", title="党章", day="2026-01-05")
    assert refused.value.codes == ("study_item.due_on",)
