"""第一议题清单 (D03): what was studied first at which meeting, led by whom, and what came of it."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from yangguang.branch.meetings import FIRST_ITEM
from yangguang.ledger.models import Record, State, Unit
from yangguang.parties.models import Person

MEETINGS = ("meeting", "group_meeting", "study")


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstItem:
    """一次第一议题: the meeting, the text that was studied, who led, its follow-ups and how many are done."""

    meeting: Record
    source: str
    lead: str
    follow_ups: int
    done: int


def first_items(unit: Unit, *, first: date, last: date) -> list[FirstItem]:
    """第一议题清单 of a period, in the order of days; whoever presided led where nobody else is named; two queries."""
    rows = Record.objects.filter(
        unit__path__startswith=unit.path, register__in=MEETINGS, state=State.DONE, day__range=(first, last),
        tags__tag=FIRST_ITEM,
    )  # fmt: skip
    task = Q(children__register="follow_up") & ~Q(children__state=State.CANCELLED)
    counted = (
        rows.select_related("chair")
        .order_by("day", "pk")
        .annotate(
            follow_ups=Count("children", filter=task),
            done=Count("children", filter=task & Q(children__state=State.DONE)),
        )
    )
    found = list(counted)
    marks = {row.fields["first_lead"] for row in found if row.fields.get("first_lead")}
    names = dict(Person.objects.filter(mark__in=marks).values_list("mark", "name"))
    return [
        FirstItem(
            meeting=row, source=row.fields.get("first_source") or row.title,
            lead=names.get(row.fields.get("first_lead", ""), row.chair.name if row.chair else ""),
            follow_ups=row.follow_ups, done=row.done,
        )
        for row in found
    ]  # fmt: skip
