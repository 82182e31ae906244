"""Metrics of party life that no single register holds: whose study hours suffice."""

from yangguang.branch.hours import coverage, events_of
from yangguang.reports.computing import Asked, Counted, computes


@computes("members_with_hours")
def members_with_hours(asked: Asked) -> Counted:
    """学时达标 members: 32 hours, 56 for secretary and committee, from the rolls of the period."""
    found = coverage(asked.unit, first=asked.first, last=asked.last)
    return Counted(value=found.reached, record_ids=_events(asked))


@computes("members_for_hours")
def members_for_hours(asked: Asked) -> Counted:
    """Members on the roll on the last day, who should have their hours."""
    found = coverage(asked.unit, first=asked.first, last=asked.last)
    return Counted(value=found.members, record_ids=_events(asked))


def _events(asked: Asked) -> tuple[int, ...]:
    rows = events_of(asked.unit, first=asked.first, last=asked.last)
    return tuple(rows.order_by("day", "pk").values_list("pk", flat=True))
