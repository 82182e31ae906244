"""从数字到记录: one figure with every record behind it, its change and what stands against it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from yangguang.ledger.models import Unit
from yangguang.reports.concerns import Concern
from yangguang.reports.dictionary import Metric
from yangguang.reports.figures import Figure
from yangguang.reports.gathering import Gathered
from yangguang.reports.naming import Named, name_records
from yangguang.reports.outline_text import Slot
from yangguang.reports.spans import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """A figure and what it rests on; `change` is its 同比 in words."""

    unit: Unit
    span: Span
    figure: Figure
    change: str
    records: tuple[Named, ...]
    concerns: tuple[Concern, ...]


def explained(
    *, metric: Metric, span: Span, unit: Unit, as_of: date, filters: Mapping[str, str] | None = None
) -> Explained:
    """The figure of a metric with all its records by name, in the order in which they count."""
    gathered = Gathered(unit=unit, span=span, as_of=as_of)
    slot = Slot(metric.id, filters=tuple(sorted((filters or {}).items())))
    figure = gathered.figure(slot)
    assert figure is not None  # noqa: S101 - the metric is one of the dictionary, the months are the report's own
    _, change = gathered.change(slot)
    names = name_records(figure.record_ids)
    return Explained(
        unit=unit, span=span, figure=figure, change=change.text, concerns=tuple(gathered.concerns),
        records=tuple(names[one] for one in figure.record_ids),
    )  # fmt: skip


def change_of(*, metric: Metric, span: Span, unit: Unit, as_of: date) -> str:
    """同比 of a metric in words, without looking for what stands against it."""
    _, change = Gathered(unit=unit, span=span, as_of=as_of).change(Slot(metric.id))
    return change.text
