"""生活会和培训 (D11, D10): problems belong to the meeting that found them; a training's hours follow from its days."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from yangguang.ledger.law import law_for
from yangguang.ledger.models import Record
from yangguang.ledger.preparing import Draft, checks_records
from yangguang.rules.party.development import check_training
from yangguang.rules.party.hours import Measure, hours_of
from yangguang.rules.refusal import Refusal

FOUND_IN = ("life_meeting", "meeting", "group_meeting", "appraisal")
CANDIDATES = "发展对象培训"


@checks_records("life_problem")
def check_problem(draft: Draft) -> Iterator[Refusal]:
    """A problem names the meeting that found it, except one that came from above, and who puts it right."""
    parent, title = draft.cleaned.columns.get("parent"), draft.cleaned.title
    if (
        draft.cleaned.kind != "上级反馈问题"
        and not Record.objects.filter(pk=parent or 0, register__in=FOUND_IN).exists()
    ):
        yield _refusal("meeting", f"“{title}”没有指明在哪次生活会查摆", "请选择生活会；没有登记的请先登记。")
    if draft.cleaned.columns.get("owner") is None:
        yield _refusal("owner", f"“{title}”没有整改责任人", "请选择整改责任人。")


@checks_records("training")
def check_training_days(draft: Draft) -> Iterator[Refusal]:
    """Days count as the unit converts them (学时折算); a training of candidates is long enough (细则第十七条)."""
    columns, day = draft.cleaned.columns, draft.cleaned.day
    assert day is not None  # noqa: S101 - refused before
    last = date.fromisoformat(draft.cleaned.fields.get("last_day") or day.isoformat())
    if last < day:
        yield _refusal("last_day", "培训结束日期早于开始日期", "请核对日期。")
        return
    days, law = Decimal((last - day).days + 1), law_for(draft.unit, on=day)
    if columns.get("quantity") is None and last > day:
        columns["quantity"] = hours_of(law=law, measure=Measure.FULL_DAY, amount=days)
    if draft.cleaned.kind == CANDIDATES:
        yield from check_training(law=law, days=days, hours=columns.get("quantity") or Decimal(0))


def _refusal(code: str, reason: str, remedy: str) -> Refusal:
    return Refusal(code=f"living.{code}", reason=reason, article="平台规则：问题有出处、整改有人", remedy=remedy)
