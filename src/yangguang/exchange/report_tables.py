"""The tables of reports: each draft and issued copy, its figures with what they count, its notes and findings."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from yangguang.exchange.exporting import number_of
from yangguang.exchange.sheets import Kind
from yangguang.exchange.tables import Scope, Table, Told, named, path_of, plain, register_name, shown
from yangguang.ledger.models import Record
from yangguang.reports.concerns import Concern
from yangguang.reports.figures import Figure
from yangguang.reports.models import Report
from yangguang.reports.naming import name_records
from yangguang.reports.notes import Note, read_notes
from yangguang.reports.outlines import outline_named

PAPER = "报告.docx"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Something that stands in a report: a figure, a note, a finding, or one thing that a figure counts."""

    report: Report
    figure: Figure | None = None
    note: Note | None = None
    concern: Concern | None = None
    record: Record | None = None
    text: str = ""


def reports_of(scope: Scope) -> Iterable[Report]:
    """Every report of the unit, oldest first."""
    kept = Report.objects.filter(unit=scope.unit).select_related("unit", "paper")
    return kept.order_by("period", "outline", "version")


def _figures(scope: Scope) -> Iterator[Part]:
    for report in reports_of(scope):
        for kept in report.figures:
            yield Part(report=report, figure=Figure.from_json(kept))


def _counted(scope: Scope) -> Iterator[Part]:
    """What stands behind each figure, as far as the exporter may read it; the others are counted, never named."""
    for report in reports_of(scope):
        figures = [Figure.from_json(kept) for kept in report.figures]
        behind = {pk for one in figures for pk in one.record_ids}
        rows = Record.objects.filter(pk__in=[one for one in behind if isinstance(one, int)]).select_related("unit")
        records = {row.pk: row for row in rows.defer("fields") if scope.reads(row)}
        others = name_records(one for one in behind if isinstance(one, str))
        for figure in figures:
            for pk in figure.record_ids:
                if pk in records:
                    yield Part(report=report, figure=figure, record=records[pk])
                elif pk in others:
                    yield Part(report=report, figure=figure, text=others[pk].text)
            for title in figure.titles:
                yield Part(report=report, figure=figure, text=title)


def _notes(scope: Scope) -> Iterator[Part]:
    for report in reports_of(scope):
        for note in read_notes(report.notes):
            yield Part(report=report, note=note)


def _concerns(scope: Scope) -> Iterator[Part]:
    for report in reports_of(scope):
        for kept in report.concerns:
            yield Part(report=report, concern=Concern.from_json(kept))


def _outline_name(report: Report) -> str:
    found = outline_named(report.outline)
    return found.name if found else report.outline


def _of_report() -> tuple[Told, ...]:
    return (
        Told(key="outline", label="提纲编号", of=lambda row, *_: row.report.outline),
        Told(key="period", label="报告期", of=lambda row, *_: row.report.period),
        Told(key="version", label="版次", kind=Kind.INTEGER, of=lambda row, *_: row.report.version),
    )


def _of_figure(key: str, label: str, kind: Kind = Kind.TEXT) -> Told:
    return Told(key=key, label=label, kind=kind, of=lambda row, *_: getattr(row.figure, key))


def _of_concern(key: str, label: str) -> Told:
    return Told(key=key, label=label, of=lambda row, *_: str(getattr(row.concern, key)))


def _filters(row: Part, *_: object) -> str | None:
    assert row.figure is not None  # noqa: S101 - every row of this table has one
    return "，".join(f"{name}={value}" for name, value in row.figure.filters) or None


def _sources(row: Part, *_: object) -> str | None:
    assert row.note is not None  # noqa: S101 - every row of this table has one
    return "\n".join(f"{number}：{source}" for number, source in row.note.sources.items()) or None


def _paper(row: Report, *_: object) -> str | None:
    return path_of(row.paper, name=PAPER) if row.paper else None


REPORTS = Table(
    id="reports", name="报告", model=Report, rows=reports_of, columns=(
        Told(key="unit", label="组织编码", of=lambda row, *_: row.unit.code, tells=("unit",)),
        plain("outline", "提纲编号"), Told(key="outline_name", label="提纲", of=lambda row, *_: _outline_name(row)),
        plain("period", "报告期"), plain("version", "版次", Kind.INTEGER), shown("state", "状态"),
        plain("drafted_at", "起草时间", Kind.MOMENT), named("drafted_by", "起草人"),
        plain("confirmed_at", "确认时间", Kind.MOMENT), named("confirmed_by", "确认人"),
        plain("locked_at", "印发时间", Kind.MOMENT), named("locked_by", "印发人"),
        Told(key="paper", label="印发件的SHA-256", of=lambda row, *_: row.paper_id, tells=("paper",)),
        Told(key="file", label="包中的文件", of=_paper), plain("entry", "见证序号", Kind.INTEGER),
    ),
)  # fmt: skip
FIGURES = Table(
    id="report_figures", name="报告的数字", model=Report, rows=_figures, columns=(
        *_of_report(), _of_figure("metric", "指标编号"), _of_figure("name", "指标"),
        Told(key="filters", label="筛选", of=_filters),
        Told(key="months", label="统计期间", of=lambda row, *_: row.figure.period, tells=("figures",)),
        _of_figure("unit_code", "组织编码"), _of_figure("value", "数值", Kind.DECIMAL),
        Told(key="measure", label="单位", of=lambda row, *_: row.figure.unit),
        _of_figure("is_masked", "已隐去", Kind.FLAG), _of_figure("as_of", "统计到", Kind.DATE),
        Told(key="definition", label="指标版本", kind=Kind.INTEGER, of=lambda row, *_: row.figure.version),
        Told(key="records", label="记录数", kind=Kind.INTEGER, of=lambda row, *_: len(row.figure.record_ids)),
        _of_figure("digest", "摘要"),
    ),
)  # fmt: skip
COUNTED = Table(
    id="report_counted", name="报告数字的构成", model=Report, rows=_counted, columns=(
        *_of_report(), Told(key="figure", label="数字", of=lambda row, *_: row.figure.key),
        Told(key="unit", label="组织编码", of=lambda row, *_: row.record and row.record.unit.code),
        Told(key="register", label="台账编号", of=lambda row, *_: row.record and row.record.register),
        Told(key="register_name", label="台账", of=lambda row, *_: row.record and register_name(row.record.register)),
        Told(key="number", label="编号", of=lambda row, *_: row.record and number_of(row.record)),
        Told(key="text", label="其他", of=lambda row, *_: row.text),
    ),
)  # fmt: skip
NOTES = Table(
    id="report_notes", name="报告的补充段落", model=Report, rows=_notes, columns=(
        *_of_report(), Told(key="place", label="位置", of=lambda row, *_: row.note.place, tells=("notes",)),
        Told(key="text", label="内容", of=lambda row, *_: row.note.text),
        Told(key="sources", label="手工数字的出处", of=_sources),
    ),
)  # fmt: skip
CONCERNS = Table(
    id="report_concerns", name="报告的检查意见", model=Report, rows=_concerns, columns=(
        *_of_report(), Told(key="level", label="级别", of=lambda row, *_: str(row.concern.level), tells=("concerns",)),
        _of_concern("code", "代码"), _of_concern("about", "关于"), _of_concern("reason", "理由"),
        _of_concern("remedy", "怎么办"),
    ),
)  # fmt: skip
TABLES = (REPORTS, FIGURES, COUNTED, NOTES, CONCERNS)
