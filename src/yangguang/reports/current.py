"""What a report says today, and what has changed since it was drafted or locked (数字变化)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from yangguang.reports.counting import compute
from yangguang.reports.dictionary import metric_named
from yangguang.reports.drafting import Drafted, draft
from yangguang.reports.figures import Figure, RecordId
from yangguang.reports.models import Report
from yangguang.reports.naming import name_records
from yangguang.reports.notes import read_notes
from yangguang.reports.outlines import outline_named
from yangguang.reports.spans import read_span


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A figure that is no longer what the report says: before and now, with the records that came and went."""

    before: Figure
    now: Figure | None
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """党课：2→3次；增加 党课2023-3号…；减少 …."""
        now = "（指标已不在字典中）" if self.now is None else f"{self.now.text or '【待补】'}{self.before.unit}"
        parts = [f"{self.before.name}：{self.before.text or '【待补】'}→{now}"]
        parts += [f"增加 {'、'.join(self.added)}"] if self.added else []
        parts += [f"减少 {'、'.join(self.removed)}"] if self.removed else []
        return "；".join(parts)


def drafted_today(report: Report, *, as_of: date) -> Drafted:
    """The report's paper from the records that stand now. Raises LookupError when its outline is gone."""
    outline = outline_named(report.outline)
    if outline is None:
        raise LookupError(f"没有提纲 {report.outline}")
    return draft(
        outline=outline, unit=report.unit, span=read_span(report.period), as_of=as_of, notes=read_notes(report.notes)
    )


def kept_figures(report: Report) -> Mapping[str, Figure]:
    """The figures of the snapshot by key."""
    figures = (Figure.from_json(one) for one in report.figures)
    return {one.key: one for one in figures}


def changes_since(report: Report, *, as_of: date, counted: Mapping[str, Figure] | None = None) -> list[Changed]:
    """Each figure of the snapshot that its records give differently today, with the names of the records.

    `counted` are figures of today by key that somebody has already; the others are counted.
    """
    known = counted or {}
    pairs = [(one, known.get(key) or _today(one, report, as_of)) for key, one in kept_figures(report).items()]
    changed = [(before, now) for before, now in pairs if now is None or now.digest != before.digest]
    names = name_records({one for before, now in changed for one in _moved(before, now) | _moved(now, before)})
    return [
        Changed(
            before=before, now=now,
            added=tuple(sorted(names[one].text for one in _moved(now, before))) if now else (),
            removed=tuple(sorted(names[one].text for one in _moved(before, now))) if now else (),
        )
        for before, now in changed
    ]  # fmt: skip


def _today(figure: Figure, report: Report, as_of: date) -> Figure | None:
    metric = metric_named(figure.metric)
    if metric is None:
        return None
    span = read_span(figure.period)
    return compute(metric=metric, period=span, unit=report.unit, as_of=as_of, filters=dict(figure.filters))


def _moved(one: Figure | None, other: Figure | None) -> set[RecordId]:
    """The records behind one figure and not behind the other."""
    return set(one.record_ids if one else ()) - set(other.record_ids if other else ())
