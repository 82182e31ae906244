"""教育培训 (D10): the hours of a training follow from its days."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from yangguang.ledger.law import law_for
from yangguang.ledger.preparing import Draft, checks_records
from yangguang.rules.party.development import check_training
from yangguang.rules.party.hours import Measure, hours_of
from yangguang.rules.refusal import Refusal

CANDIDATES = "发展对象培训"


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
    return Refusal(code=f"training.{code}", reason=reason, article="平台规则：学时由起止日期得出", remedy=remedy)
