"""Reading a written paper back: what Word would show, and where each run says it comes from."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import docx
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from yangguang.reports.paper import styles
from yangguang.reports.paper.runs import BOOKMARK


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRun:
    """A run: its text, the figure it links to (or None), and whether it is declared as a literal."""

    text: str
    figure: str | None
    literal: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadParagraph:
    """A paragraph: its style, its runs, whether it stands in a table, and the figures whose evidence it is."""

    style: str
    runs: tuple[ReadRun, ...]
    in_table: bool
    evidence_for: tuple[str, ...]

    @property
    def text(self) -> str:
        """What the paragraph prints."""
        return "".join(run.text for run in self.runs)


def read_back(source: Path | bytes) -> list[ReadParagraph]:
    """The paragraphs of a paper we wrote, those in tables included, in printed order."""
    document = docx.Document(io.BytesIO(source) if isinstance(source, bytes) else str(source))
    return [_paragraph(found) for found in document.element.body.iter(qn("w:p"))]


def _paragraph(element: BaseOxmlElement) -> ReadParagraph:
    style = element.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
    marks = [found.get(qn("w:name"), "") for found in element.iter(qn("w:bookmarkStart"))]
    return ReadParagraph(
        style="" if style is None else style.get(qn("w:val"), ""),
        runs=tuple(_runs(element)),
        in_table=any(ancestor.tag == qn("w:tc") for ancestor in element.iterancestors()),
        evidence_for=tuple(mark.removeprefix(BOOKMARK) for mark in marks),
    )


def _runs(element: BaseOxmlElement) -> Iterator[ReadRun]:
    for run in element.iter(qn("w:r")):
        parent = run.getparent()
        anchor = parent.get(qn("w:anchor")) if parent is not None and parent.tag == qn("w:hyperlink") else None
        text = "".join("\n" if part.tag == qn("w:br") else part.text or "" for part in run.iter(qn("w:t"), qn("w:br")))
        style = run.find(f"{qn('w:rPr')}/{qn('w:rStyle')}")
        literal = style is not None and style.get(qn("w:val")) == styles.LITERAL
        yield ReadRun(text=text, figure=anchor.removeprefix(BOOKMARK) if anchor else None, literal=literal)
