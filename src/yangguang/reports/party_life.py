"""Metrics of party life that no single register holds: whose study hours suffice."""

from django.db.models import QuerySet

from yangguang.branch.hours import coverage, events_of
from yangguang.ledger.models import Record
from yangguang.reports.computing import Asked, Counted, computes


def _events(asked: Asked) -> QuerySet[Record]:
    return events_of(asked.unit, first=asked.first, last=asked.last).order_by("day", "pk")


@computes("members_with_hours", rows=_events)
def members_with_hours(asked: Asked) -> Counted:
    """学时达标 members: 32 hours, 56 for secretary and committee, from the rolls of the period."""
    found = coverage(asked.unit, first=asked.first, last=asked.last)
    return Counted(value=found.reached, record_ids=_ids(asked))


@computes("members_for_hours", rows=_events)
def members_for_hours(asked: Asked) -> Counted:
    """Members on the roll on the last day, who should have their hours."""
    found = coverage(asked.unit, first=asked.first, last=asked.last)
    return Counted(value=found.members, record_ids=_ids(asked))


def _ids(asked: Asked) -> tuple[int, ...]:
    return tuple(_events(asked).values_list("pk", flat=True))
