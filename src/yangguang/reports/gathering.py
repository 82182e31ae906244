"""The figures of one report (取数): each computed once, held against its evidence, and given its row in the annex."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from yangguang.ledger.catalogue import register_named
from yangguang.ledger.models import Unit
from yangguang.reports.concerns import Concern, block
from yangguang.reports.counting import compute
from yangguang.reports.dictionary import Metric, dictionary, metric_named
from yangguang.reports.evidence import check_evidence
from yangguang.reports.figures import SCALES, Figure, RecordId
from yangguang.reports.naming import name_records
from yangguang.reports.outline_text import LAST_YEAR, THIS, Slot
from yangguang.reports.paper import Evidence, FigureRun
from yangguang.reports.spans import Span, UnknownSpan, read_span
from yangguang.reports.zeros import answered_by, answering
from yangguang.rules.party.wording import Change, compare, compare_rates, rounded

MOST_LISTED = 60
DIGEST_SHOWN = 16  # the whole digest stands in the snapshot
RATE = "%"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of the annex before its records are named; `remark` says what the records alone do not tell."""

    id: str
    text: str
    figure: Figure
    label: str
    record_ids: tuple[RecordId, ...]
    remark: str = ""


@dataclass(slots=True, kw_only=True)
class Gathered:
    """What is known of the figures of one report so far."""

    unit: Unit
    span: Span
    as_of: date
    figures: dict[str, Figure] = field(default_factory=dict)
    concerns: dict[Concern, None] = field(default_factory=dict)
    rows: dict[tuple[str, str], Row] = field(default_factory=dict)
    _signed: dict[tuple[str, Span], str] = field(default_factory=dict)

    def note(self, *concerns: Concern) -> None:
        """Keep what was found, once."""
        self.concerns.update(dict.fromkeys(concerns))

    def figure(self, slot: Slot) -> Figure | None:
        """The figure of a slot; None, with the reason noted, where there can be none."""
        metric, span = metric_named(slot.metric), self._span(slot)
        if metric is None:
            self.note(_unknown(slot.metric))
        return self._compute(metric, span, slot) if metric and span else None

    def usable(self, slot: Slot) -> Figure | None:
        """The figure of a slot where it may be printed: not masked, not empty, zero only when signed off."""
        figure = self.figure(slot)
        if figure is None or figure.value is None:
            return None
        return figure if figure.value or self.is_zero_signed(slot) else None

    def is_zero_signed(self, slot: Slot) -> bool:
        """Whether the register behind a metric was signed off for the slot's months."""
        span = self._span(slot)
        return span is not None and bool(self._answered(dictionary()[slot.metric], span))

    def zeros(self) -> set[str]:
        """The rows of the annex that stand behind a zero somebody answered for."""
        return {row.id for row in self.rows.values() if row.figure.value == 0}

    def why_empty(self, slot: Slot) -> Concern | None:
        """The block for a slot that must print and cannot; None where the reason is noted already."""
        figure, metric = self.figure(slot), metric_named(slot.metric)
        if figure is None or metric is None or figure.is_masked:
            return None
        register = register_named(register_behind(metric))
        whose = f"“{register.name}”台账" if register else "有关记录"
        return block(
            "figure.empty",
            metric.name,
            f"{whose}在报告期内没有可计的记录，文中印【待补：{metric.name}】",
            "请补登记录（系统会注明补录）；确实为零的，由责任人对该台账签核后印零，或者删去这一句。",
        )

    def change(self, slot: Slot) -> tuple[Figure | None, Change]:
        """同比 of a slot: the same definition in the same months of the year before, and what it was held against."""
        now = self.usable(slot)
        base = self.figure(Slot(slot.metric, "", LAST_YEAR, slot.filters)) if slot.period == THIS else None
        compares = compare_rates if now and now.unit == RATE else compare
        complete = self.unit.opened_on <= self.span.before.first_day and self.span.last_day <= self.as_of
        value = base.value if base and base.value else None
        return base, compares(now=now.value or 0 if now else 0, base=value, is_complete=complete and now is not None)

    def run(
        self, figure: Figure, *, text: str, label: str = "", more: Figure | None = None, remark: str = ""
    ) -> FigureRun:
        """The number as a run of the paper, with its row in the annex."""
        key = (figure.key, text)
        if key not in self.rows:
            zero = figure.value == 0
            remark = self._answered(dictionary()[figure.metric], read_span(figure.period)) if zero else remark
            ids = tuple(dict.fromkeys((*figure.record_ids, *(more.record_ids if more else ()))))
            self.rows[key] = Row(
                id=f"f{len(self.rows) + 1}", text=text, figure=figure, label=label or label_of(figure), record_ids=ids,
                remark=remark,
            )  # fmt: skip
        return FigureRun(text=text, figure=self.rows[key].id)

    def annex(self) -> tuple[Evidence, ...]:
        """The rows of the evidence annex with their records by name, all in one query."""
        wanted = [one for row in self.rows.values() for one in row.record_ids[:MOST_LISTED]]
        names = name_records(dict.fromkeys(wanted))
        return tuple(
            Evidence(
                figure=row.id,
                text=row.text,
                metric=row.label,
                version=f"第{row.figure.version}版",
                period=read_span(row.figure.period).name,
                record_count=len(row.record_ids),
                records=tuple(names[one].short for one in row.record_ids[:MOST_LISTED]),
                digest=row.figure.digest[:DIGEST_SHOWN],
                remark=row.remark,
            )
            for row in self.rows.values()
        )

    def _answered(self, metric: Metric, span: Span) -> str:
        """Who answered for the register behind a metric over the months, in words; looked up once."""
        register = register_behind(metric)
        if (register, span) not in self._signed:
            signed = answering(register=register, unit=self.unit, span=span) if register else ()
            self._signed[register, span] = answered_by(signed)
        return self._signed[register, span]

    def _span(self, slot: Slot) -> Span | None:
        if slot.period == THIS:
            return self.span
        if slot.period == LAST_YEAR:
            return self.span.before
        return self._named_span(slot)

    def _named_span(self, slot: Slot) -> Span | None:
        said = slot.period if slot.period[:1].isdigit() else f"{self.span.year}-{slot.period}"
        try:
            span = read_span(said)
        except UnknownSpan as unknown:
            self.note(block("figure.period", slot.metric, str(unknown), "请改写期间。"))
            return None
        if self.span.holds(span):
            return span
        self.note(
            block(
                "figure.outside",
                _name_of(slot.metric),
                f"{span.name}不在报告期{self.span.name}内",
                "请改用报告期内的数；上年的数只作为同比写入。",
            )
        )
        return None

    def _compute(self, metric: Metric, span: Span, slot: Slot) -> Figure:
        filters = dict(slot.filters)
        key = "|".join((metric.id, span.key, "，".join(f"{name}={value}" for name, value in sorted(slot.filters))))
        if key not in self.figures:
            figure = compute(metric=metric, period=span, unit=self.unit, as_of=self.as_of, filters=filters)
            self.figures[key] = figure
            if span.year == self.span.year:
                self.note(*check_evidence(metric=metric, figure=figure, unit=self.unit, span=span, as_of=self.as_of))
        return self.figures[key]


def printed(figure: Figure, slot: Slot) -> str:
    """The number of a figure as a slot prints it: exact, unless it asks for 余, 多, 近 or 以上 and that is true."""
    exact = figure.scaled(slot.scale) if slot.scale else figure.text
    if slot.about is None or figure.value is None:
        return exact
    return rounded(slot.about, value=Decimal(figure.value) / SCALES.get(slot.scale, 1)) or exact


def register_behind(metric: Metric) -> str:
    """The register whose sign-off makes a zero of this metric say something."""
    if metric.way == "share":
        return dictionary()[metric.of.split("/")[0]].register
    return metric.register


def label_of(figure: Figure) -> str:
    """The metric as the annex prints it, with what narrowed it."""
    narrowed = "、".join(value.removeprefix("@") for _, value in figure.filters)
    return f"{figure.name}（{narrowed}）" if narrowed else figure.name


def _name_of(metric: str) -> str:
    found = metric_named(metric)
    return found.name if found else metric


def _unknown(metric: str) -> Concern:
    return block("figure.unknown", metric, f"指标字典中没有 {metric}", "请更正提纲，或者在字典中定义这个指标。")
