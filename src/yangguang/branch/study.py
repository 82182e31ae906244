"""学习与研讨 (D04 to D06): what is derived of a study, and the monthly list made from the year's plan."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from yangguang.ledger.models import Record, State, Unit
from yangguang.ledger.preparing import Draft, checks_records
from yangguang.rules.calendar import ONE_DAY, add_months
from yangguang.rules.refusal import Refusal

DISCUSSION = "专题研讨"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedItem:
    """清单中的一项: what is to be studied, by when, led by whom, and on which day it was done."""

    record: int
    kind: str
    title: str
    due_on: date | None
    owner: str
    done_on: date | None


@checks_records("study")
def check_study(draft: Draft) -> Iterator[Refusal]:
    """A discussion (专题研讨) is one by those who spoke: where speakers are named it carries the tag."""
    cleaned = draft.cleaned
    if cleaned.fields.get("speakers") and not {DISCUSSION, "谈体会"} & set(cleaned.tags):
        cleaned.tags.append(DISCUSSION)
    yield from ()


@checks_records("study_item")
def check_study_item(draft: Draft) -> Iterator[Refusal]:
    """A planned study has a month, otherwise it would stand in no list."""
    if draft.cleaned.columns.get("due_on") is None:
        yield Refusal(
            code="study_item.due_on",
            reason=f"“{draft.cleaned.title}”没有安排时间，进不了哪个月的学习清单",
            article="平台规则：学习清单由计划生成",
            remedy="请填写安排在哪一天之前。",
        )


def monthly_list(unit: Unit, *, month: date) -> list[ListedItem]:
    """月度学习清单: what the plan of the unit asks for in a month, in the order of days; one query."""
    first = month.replace(day=1)
    rows = Record.objects.filter(
        unit=unit, register="study_item", due_on__range=(first, add_months(start=first, count=1) - ONE_DAY)
    )
    rows = rows.exclude(state=State.CANCELLED).select_related("owner").order_by("due_on", "pk")
    return [
        ListedItem(
            record=row.pk, kind=row.kind, title=row.title, due_on=row.due_on,
            owner=row.owner.name if row.owner else "", done_on=row.closed_on,
        )
        for row in rows
    ]  # fmt: skip
