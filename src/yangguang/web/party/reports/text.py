"""The text of a report as its page shows it (正文): figures are links, missing ones come with what mends them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlencode

from django.urls import reverse

from yangguang.reports.dictionary import metric_named
from yangguang.reports.drafting import COLUMNS, Drafted
from yangguang.reports.figures import Figure
from yangguang.reports.models import Report
from yangguang.reports.paper import FigureRun, Heading, Missing, Paragraph, ReadParagraph, Table, read_back
from yangguang.reports.paper.model import Block, Run, Text, runs_of
from yangguang.reports.paper.ordinals import Ordinals
from yangguang.reports.paper.styles import ANNEX_MARK, FLUSH, TITLE
from yangguang.web.party.reports.findings import mending
from yangguang.witness import evidence
from yangguang.witness.actor import Actor

TITLE_LEVEL, PARAGRAPH = 0, 5
LISTS = {"存在的问题": "problem", "下一步工作计划": "task"}  # the registers that the lists of an outline come from


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of text: `figure` is the address of a number's page, `label` and `href` what mends a missing one."""

    text: str
    figure: str = ""
    is_missing: bool = False
    label: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A title (level 0), a heading (1 to 4), a paragraph (5) or a table with its title in `pieces`."""

    level: int
    pieces: tuple[Piece, ...]
    rows: tuple[tuple[tuple[Piece, ...], ...], ...] = ()

    @property
    def every(self) -> list[Piece]:
        """Its pieces, those of its table too."""
        return [*self.pieces, *(piece for row in self.rows for cell in row for piece in cell)]


@dataclass(slots=True)
class _Reader:
    """Turns runs into pieces; numbers lead to the figures of one report."""

    report: Report
    keys: Mapping[str, str]
    mend: Callable[[str], tuple[str, str]] = lambda _: ("", "")

    def lines(self, drafted: Drafted) -> Iterator[Line]:
        paper, ordinals = drafted.paper, Ordinals()
        yield Line(level=TITLE_LEVEL, pieces=self.pieces(paper.title))
        for block in paper.body:
            yield self._line(block, ordinals)

    def _line(self, block: Block, ordinals: Ordinals) -> Line:
        match block:
            case Heading():
                first = Piece(text=ordinals.next(block.level))
                pieces = (first, *self.pieces(block.text), *self.pieces(block.runs))
                return Line(level=block.level, pieces=pieces)
            case Paragraph():
                return Line(level=PARAGRAPH, pieces=self.pieces(block.runs))
            case Table():
                rows = tuple(tuple(self.pieces(cell) for cell in row) for row in (block.columns, *block.rows))
                return Line(level=PARAGRAPH, pieces=self.pieces(block.title), rows=rows)

    def pieces(self, text: Text) -> tuple[Piece, ...]:
        return tuple(self._piece(run) for run in runs_of(text))

    def _piece(self, run: Run) -> Piece:
        match run:
            case FigureRun():
                return self.number(run.text, run.figure)
            case Missing():
                label, href = self.mend(run.metric)
                return Piece(text=run.text, is_missing=True, label=label, href=href)
            case str():
                return Piece(text=run)
        return Piece(text=run.text)

    def number(self, text: str, row: str | None) -> Piece:
        key = self.keys.get(row or "")
        return Piece(text=text, figure=figure_address(self.report, key) if key else "")


def lines_of(report: Report, drafted: Drafted, *, actor: Actor) -> list[Line]:
    """The text of an open report as its records give it today."""
    registers = registers_of(drafted)

    def mend(metric: str) -> tuple[str, str]:
        return mending(report.unit, registers.get(metric, ""), actor=actor)

    return list(_Reader(report, drafted.rows, mend).lines(drafted))


def issued_lines(report: Report) -> list[Line]:
    """The text of an issued report: that of its kept .docx, up to the annex."""
    assert report.paper is not None  # noqa: S101 - the database holds it with the state
    keys = {row: Figure.from_json(one).key for one in report.figures for row in one.get("rows", ())}
    reader, lines = _Reader(report, keys), list[Line]()
    for in_table, group in groupby(_before_annex(evidence.read(report.paper.sha256)), lambda one: one.in_table):
        paragraphs = [(one.style, _read(one, reader)) for one in group]
        if in_table:
            cells = [pieces for _, pieces in paragraphs]
            starts = range(0, len(cells), len(COLUMNS))
            rows = tuple(tuple(cells[start : start + len(COLUMNS)]) for start in starts)
            lines.append(Line(level=PARAGRAPH, pieces=(), rows=rows))
        else:
            lines += [Line(level=_level(style), pieces=pieces) for style, pieces in paragraphs if pieces]
    return lines


def figure_address(report: Report, key: str) -> str:
    """Where a figure of a report is explained."""
    page = reverse("party-figure", kwargs={"code": report.unit.code, "number": report.pk})
    return f"{page}?{urlencode({'key': key})}"


def registers_of(drafted: Drafted) -> dict[str, str]:
    """The register behind each metric of a report by the metric's name, and those behind its lists."""
    found = dict(LISTS)
    for figure in drafted.figures:
        metric = metric_named(figure.metric)
        if metric is not None:
            found[metric.name] = register_behind(metric.id)
    return found


def register_behind(name: str) -> str:
    """The register in which what a metric counts is entered; empty for what comes from trades and rolls."""
    metric = metric_named(name)
    if metric is None:
        return ""
    return register_behind(metric.of.split("/")[0]) if metric.way == "share" else metric.register


def _before_annex(content: bytes) -> Iterator[ReadParagraph]:
    for one in read_back(content):
        if one.style == ANNEX_MARK:
            return
        yield one


def _read(paragraph: ReadParagraph, reader: _Reader) -> tuple[Piece, ...]:
    return tuple(reader.number(run.text, run.figure) for run in paragraph.runs if run.text.strip())


def _level(style: str) -> int:
    if style == TITLE:
        return TITLE_LEVEL
    last = style[-1:]
    return int(last) if style != FLUSH and last.isdigit() else PARAGRAPH
