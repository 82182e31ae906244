"""Writing a paper as .docx: one `Paper` and one profile give always the same bytes."""

from collections.abc import Iterator

import docx
from docx.oxml.xmlchemy import BaseOxmlElement

from yangguang.reports.paper import styles
from yangguang.reports.paper.annex import annex_elements, annex_note
from yangguang.reports.paper.guard import check_paper
from yangguang.reports.paper.markup import paragraph, text_run
from yangguang.reports.paper.model import (
    CarryingNotice,
    CarryingReport,
    Heading,
    Paper,
    Paragraph,
    Table,
    Text,
    plain_text,
)
from yangguang.reports.paper.ordinals import Ordinals
from yangguang.reports.paper.packing import pack
from yangguang.reports.paper.page import write_page
from yangguang.reports.paper.profiles import LayoutProfile, layout_profile
from yangguang.reports.paper.runs import body_runs, literal_run
from yangguang.reports.paper.signature import signature_elements, width
from yangguang.reports.paper.tables import table_elements
from yangguang.rules.refusal import refuse_if

SHORT_LINES = 6


def paper_bytes(*, paper: Paper, profile: LayoutProfile | None = None) -> bytes:
    """公文 as a .docx file after GB/T 9704-2012; the national profile unless another is given.

    Raises `Refused` with every reason at once when a digit has no source or a figure no evidence (see `check_paper`).
    A paper with 【待补】 is written as a draft: `missing_metrics` tells whether it may be issued.
    """
    refuse_if(check_paper(paper))
    layout = profile or layout_profile()
    document = docx.Document()
    styles.write_styles(document, layout)
    write_page(document, layout)
    body = document.element.body
    for made in _elements(paper, layout):
        body.insert(len(body) - 1, made)  # before the section's properties
    return pack(document, paper)


def _elements(paper: Paper, profile: LayoutProfile) -> Iterator[BaseOxmlElement]:
    if isinstance(paper.carrier, CarryingNotice):
        yield from _notice(paper, paper.carrier, profile)
    yield from _titles(paper, profile)
    if isinstance(paper.carrier, CarryingReport):
        yield _flush(paper.carrier.recipients, paper)
    yield from _body(paper, profile)
    if isinstance(paper.carrier, CarryingReport):
        yield from _closing(paper.carrier.closing, paper)
    if not isinstance(paper.carrier, CarryingNotice):
        yield from _end(paper, profile)
    for number, annex in enumerate(paper.annexes, start=1):
        yield from annex_elements(paper, annex, profile=profile, number=number)


def _notice(paper: Paper, carrier: CarryingNotice, profile: LayoutProfile) -> Iterator[BaseOxmlElement]:
    """The notice stands before the paper, signed; the paper itself is not signed again."""
    yield from _blank_lines(int(profile.lines_before_title), style=styles.TITLE)
    yield paragraph(styles.TITLE, *body_runs(carrier.title, paper))
    yield _blank()
    yield _flush(carrier.recipients, paper)
    for block in carrier.text:
        yield paragraph(styles.BODY, *body_runs(block.runs, paper))
    yield from _closing(carrier.closing, paper)
    yield from _end(paper, profile)


def _titles(paper: Paper, profile: LayoutProfile) -> Iterator[BaseOxmlElement]:
    carried = isinstance(paper.carrier, CarryingNotice)
    if not carried:
        yield from _blank_lines(int(profile.lines_before_title), style=styles.TITLE)
    yield paragraph(styles.TITLE, *body_runs(paper.title, paper), page_break=carried)
    if paper.subtitle:
        yield paragraph(styles.SUBTITLE, *body_runs(paper.subtitle, paper))
    yield _blank()


def _body(paper: Paper, profile: LayoutProfile) -> Iterator[BaseOxmlElement]:
    ordinals = Ordinals()
    last = len(paper.body)
    signed_below = not isinstance(paper.carrier, CarryingNotice)
    for number, block in enumerate(paper.body, start=1):
        if isinstance(block, Heading):
            yield _heading(block, ordinals.next(block.level), paper, profile)
        elif isinstance(block, Paragraph):
            keep = number == last and signed_below and _is_short(block, profile)
            yield paragraph(styles.BODY, *body_runs(block.runs, paper), keep_next=keep)
        else:
            if number > 1 and isinstance(paper.body[number - 2], Table) and not block.title:
                yield _blank()  # Word would make one table of the two
            yield from table_elements(block, paper=paper, profile=profile)


def _is_short(block: Paragraph, profile: LayoutProfile) -> bool:
    """Whether the last paragraph may be kept with name and date, so that these do not stand alone on a page.

    Word keeps only the last lines of a paragraph with what follows, but LibreOffice carries it over whole.
    """
    return width(plain_text(block.runs)) <= SHORT_LINES * profile.characters_per_line


def _heading(heading: Heading, ordinal: str, paper: Paper, profile: LayoutProfile) -> BaseOxmlElement:
    font = (styles.heading_font(profile, heading.level), profile.latin_font) if heading.runs else None
    runs = [literal_run(ordinal, font=font), *body_runs(heading.text, paper, font=font)]
    if not heading.runs:
        return paragraph(styles.heading_style(heading.level), *runs)
    return paragraph(styles.BODY, *runs, *body_runs(heading.runs, paper))


def _closing(closing: Text, paper: Paper) -> Iterator[BaseOxmlElement]:
    if closing:
        yield paragraph(styles.BODY, *body_runs(closing, paper), keep_next=True)


def _end(paper: Paper, profile: LayoutProfile) -> Iterator[BaseOxmlElement]:
    yield from annex_note(paper, profile=profile)
    yield from _blank_lines(int(profile.lines_before_stamped_signer) if paper.stamped else 1, style=styles.FLUSH)
    yield from signature_elements(paper, profile=profile)


def _flush(text: Text, paper: Paper) -> BaseOxmlElement:
    """主送机关: flush left, ended by a full-width colon (7.3.2)."""
    return paragraph(styles.FLUSH, *body_runs(text, paper), text_run("："))


def _blank() -> BaseOxmlElement:
    return paragraph(styles.FLUSH, keep_next=True)


def _blank_lines(count: int, *, style: str) -> Iterator[BaseOxmlElement]:
    return (paragraph(style, keep_next=True) for _ in range(count))
