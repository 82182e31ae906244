"""考核 from figures: what each item's metric counts in the round's months gives its score; nobody types one."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from yangguang.branch.rhythm import Score, score_items, total
from yangguang.ledger.models import Record, State
from yangguang.ledger.preparing import Draft, checks_records
from yangguang.reports.counting import compute
from yangguang.reports.dictionary import metric_named
from yangguang.reports.figures import Figure
from yangguang.reports.spans import Span
from yangguang.rules.refusal import Refusal

HALF_YEAR = "半年考核"
SEPTEMBER, MARCH = 9, 3  # an assessment of the first half is held by September, one of a year by March of the next


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """一次考核: its months, the score of each item with its figure, and the sum (None while a figure is missing)."""

    span: Span
    scores: tuple[Score, ...]
    figures: tuple[Figure, ...]
    total: Decimal | None


def assess(round_: Record, *, as_of: date) -> Assessment:
    """The scores of a round by its scheme, for its unit with all below; computed anew each time, stored nowhere."""
    span = months_of(round_)
    rows = Record.objects.filter(register="assessment_item", parent=round_.parent).exclude(state=State.CANCELLED)
    items = list(rows.order_by("pk"))
    figures: dict[str, Figure] = {}
    for item in items:
        metric = metric_named(str(item.fields["metric"]))
        if metric is not None:
            figures[metric.id] = compute(metric=metric, period=span, unit=round_.unit, as_of=as_of)
    scores = score_items(items, figures={name: figure.value for name, figure in figures.items()})
    return Assessment(span=span, scores=tuple(scores), figures=tuple(figures.values()), total=total(scores))


def months_of(round_: Record) -> Span:
    """Which months a round assesses: the half-year that is over by then, or the year."""
    year, month = round_.day.year, round_.day.month
    if round_.kind == HALF_YEAR:
        return (
            Span(year - 1, 7, 12) if month <= MARCH else Span(year, 1, 6) if month <= SEPTEMBER else Span(year, 7, 12)
        )
    return Span(year - 1 if month <= MARCH else year, 1, 12)


@checks_records("assessment_metric")
def check_assessment_metric(draft: Draft) -> Iterator[Refusal]:
    """An item is bound to a metric of the dictionary, so that its score is never a matter of opinion."""
    name = str(draft.cleaned.fields.get("metric"))
    if metric_named(name) is None:
        yield Refusal(
            code="assessment.metric",
            reason=f"指标字典中没有“{name}”",
            article="平台规则：考核凭数字计分",
            remedy="请从指标字典（yangguang metric list）中选择指标编号。",
        )
