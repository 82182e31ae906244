"""What a report's page and a figure's page show, gathered once."""

from dataclasses import dataclass
from datetime import date

from django.core.paginator import Page, Paginator

from yangguang.ledger.models import Unit
from yangguang.parties.models import Person
from yangguang.reports.concerns import Concern
from yangguang.reports.counting import compute
from yangguang.reports.current import Changed, changes_since, drafted_today, kept_figures
from yangguang.reports.dictionary import Metric, metric_named
from yangguang.reports.drafting import Drafted
from yangguang.reports.figures import Figure, RecordId
from yangguang.reports.models import Report
from yangguang.reports.outlines import Outline, outline_named
from yangguang.reports.proofreading import Level
from yangguang.reports.spans import Span, read_span
from yangguang.reports.zeros import answered_by, answering
from yangguang.web.party.reports.findings import Finding, findings_of, mending
from yangguang.web.party.reports.forms import places_of
from yangguang.web.party.reports.records import Behind, behind
from yangguang.web.party.reports.text import Line, figure_address, issued_lines, lines_of, register_behind, registers_of
from yangguang.witness.actor import Actor
from yangguang.witness.guards import PLATFORM, found_or_refuse

A_PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPage:
    """A report: its text, findings by level, its numbers, and which are no longer what its records give."""

    name: str
    span: Span
    lines: list[Line]
    findings: list[tuple[Level, list[Finding]]]
    figures: list[tuple[Figure, str]]
    changed: list[Changed]
    places: list[str]
    people: dict[str, str]

    @property
    def is_blocked(self) -> bool:
        """Whether something keeps it from leaving."""
        return any(level is Level.BLOCK for level, _ in self.findings)


@dataclass(frozen=True, slots=True, kw_only=True)
class FigurePage:
    """A figure: its definition, what it is today, one page of its records, and who answered for it where it is 0."""

    figure: Figure
    metric: Metric | None
    today: Figure | None
    span: Span
    page: Page[RecordId]
    records: list[Behind]
    hidden: int
    label: str
    href: str
    answered: str

    @property
    def has_changed(self) -> bool:
        """Whether the records give something else today."""
        return self.today is None or self.today.digest != self.figure.digest


def outline_or_refuse(report: Report) -> Outline:
    """The outline of a report. Raises `Refused` when the house has taken it away."""
    return found_or_refuse(
        outline_named(report.outline),
        code="report.outline",
        reason=f"提纲 {report.outline} 已不在提纲目录中",
        article=f"{PLATFORM}：报告由人确认",
        remedy="请把提纲放回 YANGGUANG_HOME/outlines，或者按其他提纲起草。",
    )


def report_page(report: Report, *, actor: Actor, as_of: date) -> ReportPage:
    """A report as it is: open ones follow the records, of an issued one the kept paper is shown."""
    if report.is_locked:
        lines, concerns = issued_lines(report), [Concern.from_json(one) for one in report.concerns]
        registers, changed = dict[str, str](), changes_since(report, as_of=as_of)
        outline = outline_named(report.outline)
    else:
        outline = outline_or_refuse(report)
        drafted = drafted_today(report, as_of=as_of)
        lines, concerns, registers = (
            lines_of(report, drafted, actor=actor),
            list(drafted.concerns),
            registers_of(drafted),
        )
        changed = changes_since(report, as_of=as_of, counted=_by_key(drafted))
    figures = list(kept_figures(report).values())
    span = read_span(report.period)
    return ReportPage(
        name=outline.name if outline else report.outline,
        span=span, lines=lines, changed=changed,
        findings=findings_of(concerns, unit=report.unit, span=span, registers=registers, actor=actor),
        figures=[(one, figure_address(report, one.key)) for one in figures],
        places=places_of(outline) if outline and not report.is_locked else [], people=_people(report),
    )  # fmt: skip


def _by_key(drafted: Drafted) -> dict[str, Figure]:
    return {one.key: one for one in drafted.figures}


def _people(report: Report) -> dict[str, str]:
    """Who drafted, confirmed and issued it."""
    marks = {"drafted": report.drafted_by, "confirmed": report.confirmed_by, "locked": report.locked_by}
    names = dict(Person.objects.filter(mark__in=set(marks.values())).values_list("mark", "name"))
    return {step: names.get(mark, "") for step, mark in marks.items()}


def figure_page(figure: Figure, *, unit: Unit, actor: Actor, as_of: date, number: str | None) -> FigurePage:
    """A figure of a report with its definition, what it is today, and one page of its records."""
    metric, span = metric_named(figure.metric), read_span(figure.period)
    today = None
    if metric is not None:
        today = compute(metric=metric, period=span, unit=unit, as_of=as_of, filters=dict(figure.filters))
    return _figure_page(figure, today, unit=unit, actor=actor, number=number)


def metric_page(metric: Metric, *, span: Span, unit: Unit, actor: Actor, as_of: date, number: str | None) -> FigurePage:
    """The figure of a metric as it is today, in the same dress."""
    figure = compute(metric=metric, period=span, unit=unit, as_of=as_of)
    return _figure_page(figure, figure, unit=unit, actor=actor, number=number)


def _figure_page(figure: Figure, today: Figure | None, *, unit: Unit, actor: Actor, number: str | None) -> FigurePage:
    page = Paginator(figure.record_ids, A_PAGE).get_page(number)
    ids = list(page.object_list)
    named = behind(ids, actor=actor)
    register, span = register_behind(figure.metric), read_span(figure.period)
    label, href = mending(unit, register, actor=actor)
    zero = figure.value == 0
    return FigurePage(
        figure=figure, metric=metric_named(figure.metric), today=today, span=span, page=page,
        records=[named[one] for one in ids if one in named], hidden=sum(one not in named for one in ids),
        label=label, href=href,
        answered=answered_by(answering(register=register, unit=unit, span=span)) if zero else "",
    )  # fmt: skip
