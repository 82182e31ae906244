"""The paragraphs of a Word document as a reader sees them, one line each; a row of a table is one line.

Changes that were tracked count as accepted, hidden text and tables of contents are left out, text boxes follow the
paragraph that holds them, notes and page headers come last.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from yangguang.reports.wordtext.numbers import Numbering
from yangguang.reports.wordtext.package import Parts, attribute, child, local

# What only wraps: its content stands as if it were not there. Insertions were accepted, moved text is where it went.
WRAPS = {"ins", "moveTo", "sdt", "sdtContent", "smartTag", "customXml", "hyperlink", "fldSimple", "bdo", "dir", "ruby",
         "rubyBase", "Choice", "body", "oMath", "oMathPara"}  # fmt: skip
HOLDS_BOXES = {"drawing", "pict", "object"}
SIGNS = {"tab": "\t", "ptab": "\t", "br": " ", "cr": " ", "noBreakHyphen": "-"}
OFF = {"0", "false", "off"}
SEPARATORS = {"separator", "continuationSeparator", "continuationNotice"}
CONTENTS = "Table of Contents"


@dataclass(slots=True)
class _Reader:
    """Reads one document; stops at the paragraph of the style at which an annex of ours begins."""

    numbering: Numbering
    contents: frozenset[str]
    ends_at: str
    kept: str = ""  # the text of a paragraph whose end mark was deleted: it runs on in the next one
    is_over: bool = False
    boxes: list[Element] = field(default_factory=list)

    def lines(self, parent: Element) -> Iterator[str]:
        for one in parent:
            if self.is_over:
                return
            match local(one):
                case "p":
                    yield from self._paragraph(one)
                case "tbl":
                    yield from self._rows(one)
                case "sdt" if attribute(child(one, "sdtPr", "docPartObj", "docPartGallery"), "val") == CONTENTS:
                    continue
                case "AlternateContent":
                    yield from self.lines(_chosen(one))
                case name if name in WRAPS:
                    yield from self.lines(one)

    def _paragraph(self, element: Element) -> Iterator[str]:
        style = attribute(child(element, "pPr", "pStyle"), "val")
        if style == self.ends_at:
            self.is_over = True
            return
        if style in self.contents:
            return
        first = len(self.boxes)
        text = "".join(self._inline(element))
        boxes, self.boxes = self.boxes[first:], self.boxes[:first]
        label = self.numbering.label(element) if text.strip() else ""
        text = self.kept + label + text.strip("\n")
        self.kept = text if child(element, "pPr", "rPr", "del") is not None else ""
        if not self.kept:
            yield " ".join(text.splitlines())
        for box in boxes:
            yield from (line for line in self.lines(box) if line.strip())

    def _rows(self, table: Element) -> Iterator[str]:
        for row in _below(table, "tr"):
            if child(row, "trPr", "del") is None:
                cells = [one for one in _below(row, "tc") if not _goes_on(one)]
                yield "\t".join(" ".join(" ".join(self.lines(cell)).split()) for cell in cells)

    def _inline(self, parent: Element) -> Iterator[str]:
        for one in parent:
            name = local(one)
            if name == "r":
                if not _is_hidden(one):
                    yield from self._inline(one)
            elif name == "t":
                yield one.text or ""
            elif name in SIGNS:
                yield SIGNS[name]
            elif name in HOLDS_BOXES:
                self.boxes += _boxes(one)
            elif name == "AlternateContent":
                yield from self._inline(_chosen(one))
            elif name in WRAPS:
                yield from self._inline(one)


def paragraphs_of(parts: Parts, *, ends_at: str = "") -> list[str]:
    """The lines of a document up to a paragraph of the style `ends_at`, then its notes, headers and footers."""
    numbering, styles = parts.named("numbering"), parts.named("styles")
    lists = Numbering(numbering[0] if numbering else None, styles[0] if styles else None)
    reader = _Reader(lists, frozenset(_contents(styles[0])) if styles else frozenset(), ends_at)
    lines = list(reader.lines(parts.body))
    if reader.kept:
        lines.append(reader.kept)
    reader.is_over = False
    for kind in ("footnotes", "endnotes"):
        for part in parts.named(kind):
            lines += [line for note in part for line in _note(reader, note)]
    return [*lines, *_margins(reader, parts, set(lines))]


def _note(reader: _Reader, note: Element) -> list[str]:
    if attribute(note, "type") in SEPARATORS:
        return []
    return [line.strip() for line in reader.lines(note) if line.strip()]


def _margins(reader: _Reader, parts: Parts, known: set[str]) -> Iterator[str]:
    """Headers and footers that say something: each once, page numbers and what the body says already left out."""
    for kind in ("header", "footer"):
        for part in parts.named(kind):
            for line in (one.strip() for one in reader.lines(part)):
                if line not in known and any(character.isalpha() for character in line):
                    known.add(line)
                    yield line


def _contents(styles: Element) -> Iterator[str]:
    """The styles of tables of contents, in whatever language Word names their ids."""
    for one in styles:
        if local(one) == "style" and attribute(child(one, "name"), "val").lower().startswith("toc "):
            yield attribute(one, "styleId")


def _chosen(element: Element) -> Element:
    """Of a thing that is drawn in two ways, the first that is there: each has the same text."""
    return next((one for one in element if local(one) == "Choice"), element[0] if len(element) else element)


def _boxes(element: Element) -> Iterator[Element]:
    for one in element:
        if local(one) == "txbxContent":
            yield one
        elif local(one) == "AlternateContent":
            yield from _boxes(_chosen(one))
        else:
            yield from _boxes(one)


def _below(parent: Element, name: str) -> Iterator[Element]:
    for one in parent:
        if local(one) == name:
            yield one
        elif local(one) in WRAPS:
            yield from _below(one, name)


def _goes_on(cell: Element) -> bool:
    """Whether a cell continues the one above it."""
    merged = child(cell, "tcPr", "vMerge")
    return merged is not None and attribute(merged, "val") in {"", "continue"}


def _is_hidden(run: Element) -> bool:
    hidden = child(run, "rPr", "vanish")
    return hidden is not None and attribute(hidden, "val") not in OFF
