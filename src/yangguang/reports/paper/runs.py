"""The runs of a text as Word has them: figures are links to their row in the evidence annex."""

from collections.abc import Iterator

from docx.oxml.xmlchemy import BaseOxmlElement

from yangguang.reports.paper import styles
from yangguang.reports.paper.guard import evidence_of
from yangguang.reports.paper.markup import element, fonts, text_run
from yangguang.reports.paper.model import Evidence, FigureRun, Literal, Paper, Run, Text, runs_of

BOOKMARK = "figure_"
LONGEST_TIP = 250


def body_runs(text: Text, paper: Paper, *, font: tuple[str, str] | None = None) -> Iterator[BaseOxmlElement]:
    """The elements of a text of a paper; `font` (Chinese, Latin) where it is not the paragraph's."""
    known = evidence_of(paper)
    return (_run(run, known, font) for run in runs_of(text))


def literal_run(text: str, *, font: tuple[str, str] | None = None) -> BaseOxmlElement:
    """A number that the system sets by the paper's own data: an ordinal, the date."""
    return text_run(text, *_look(styles.LITERAL, font))


def _run(run: Run, known: dict[str, Evidence], font: tuple[str, str] | None) -> BaseOxmlElement:
    if isinstance(run, str):
        return text_run(run, *_look("", font))
    if isinstance(run, FigureRun):
        printed = text_run(run.text, *_look(styles.FIGURE, font))
        tip = _tip(known[run.figure])
        return element("hyperlink", printed, anchor=BOOKMARK + run.figure, tooltip=tip, history=1)
    if isinstance(run, Literal):
        return text_run(run.text, *_look(styles.LITERAL, font))
    return text_run(run.text, *_look(styles.MISSING, font), element("highlight", val="yellow"))  # no style can have it


def _look(style: str, font: tuple[str, str] | None) -> list[BaseOxmlElement]:
    styled = [element("rStyle", val=style)] if style else []
    return styled + ([fonts(*font)] if font else [])


def _tip(row: Evidence) -> str:
    return f"{row.metric}（{row.version}），{row.period}，{row.record_count}条记录"[:LONGEST_TIP]
