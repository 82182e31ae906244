"""附件 (GB/T 9704-2012 7.3.4, 7.3.7): the note under the text, and the evidence annex on a page of its own."""

from collections.abc import Iterator

from docx.oxml.xmlchemy import BaseOxmlElement

from yangguang.reports.paper import styles
from yangguang.reports.paper.guard import cited_literals
from yangguang.reports.paper.markup import element, paragraph, text_run
from yangguang.reports.paper.model import Evidence, EvidenceAnnex, Literal, Paper
from yangguang.reports.paper.profiles import LayoutProfile, millimetres
from yangguang.reports.paper.runs import BOOKMARK, literal_run
from yangguang.reports.paper.tables import Cell, grid

HEADER = ("序号", "文中数字", "指标（口径版本）", "统计期间", "记录数", "摘要")
SHARES = (7, 13, 29, 18, 9, 24)  # of a hundred
LITERAL_HEADER = ("序号", "文中数字", "出处")
LITERAL_SHARES = (6, 30, 64)
MOST_ROWS = 100_000
LITERALS_TITLE = "文中其他数字及其出处"


def annex_note(paper: Paper, *, profile: LayoutProfile) -> Iterator[BaseOxmlElement]:
    """附件说明: a line below the text, two characters in; a long name goes on under its own beginning."""
    if not paper.annexes:
        return
    yield paragraph(styles.FLUSH, keep_next=True)
    for number, annex in enumerate(paper.annexes, start=1):
        lead = "附件：" if number == 1 else "　　　"
        ordinal = f"{number}." if len(paper.annexes) > 1 else ""
        before = len(lead) + (1 if ordinal else 0)
        indent = {
            "leftChars": 100 * (2 + before),
            "left": profile.character * (2 + before),
            "hangingChars": 100 * before,
            "hanging": profile.character * before,
        }
        runs = [text_run(lead), *([literal_run(ordinal)] if ordinal else []), text_run(annex.title)]
        yield paragraph(styles.FLUSH, *runs, keep_next=True, indent=indent)


def annex_elements(
    paper: Paper, annex: EvidenceAnnex, *, profile: LayoutProfile, number: int
) -> Iterator[BaseOxmlElement]:
    """An annex: its mark in the corner of the first line, its title on the third, then its rows."""
    mark = [text_run("附件"), literal_run(str(number))] if len(paper.annexes) > 1 else [text_run("附件")]
    yield paragraph(styles.ANNEX_MARK, *mark, page_break=True, keep_next=True)
    yield paragraph(styles.FLUSH, keep_next=True)
    yield paragraph(styles.TITLE, text_run(annex.title))
    yield paragraph(styles.FLUSH, keep_next=True)
    marks = number * MOST_ROWS  # bookmarks are numbered through the whole paper
    numbered = enumerate(annex.rows, start=1)
    rows = [one for place, row in numbered for one in _evidence_rows(place, row, profile, marks + place)]
    yield grid([_words(*HEADER), *rows], widths=_widths(SHARES, profile), style=styles.ANNEX_CELL)
    literals = cited_literals(paper)
    if number == len(paper.annexes) and literals:
        yield paragraph(styles.FLUSH, keep_next=True)
        yield paragraph(styles.CAPTION, text_run(LITERALS_TITLE))
        yield _literal_grid(literals, profile)
    yield paragraph(styles.ANNEX_CELL)  # Word wants a paragraph after a table


def _evidence_rows(number: int, row: Evidence, profile: LayoutProfile, mark: int) -> Iterator[list[Cell]]:
    """What the figure is, and below it, across the whole table, the records it comes from."""
    start = element("bookmarkStart", id=mark, name=BOOKMARK + row.figure)
    end = element("bookmarkEnd", id=mark)
    before, after = _words(str(number)), _words(f"{row.metric}（{row.version}）", row.period, str(row.record_count))
    yield [*before, (start, text_run(row.text), end), *after, *_words(row.digest)]
    listed = "记录：" + _listed(row, int(profile.records_listed))
    yield _words("。".join(filter(None, (row.remark, listed if row.record_count or not row.remark else ""))))


def _listed(row: Evidence, most: int) -> str:
    """The records by name, as many as the profile lists, and how many there are besides."""
    shown = row.records[:most]
    listed = "；".join(shown)
    if len(shown) == row.record_count:
        return listed
    return f"{listed}；等共{row.record_count}条" if shown else f"共{row.record_count}条"


def _literal_grid(literals: list[Literal], profile: LayoutProfile) -> BaseOxmlElement:
    rows = [_words(str(number), literal.text, literal.source) for number, literal in enumerate(literals, start=1)]
    return grid([_words(*LITERAL_HEADER), *rows], widths=_widths(LITERAL_SHARES, profile), style=styles.ANNEX_CELL)


def _words(*texts: str) -> list[Cell]:
    return [(text_run(text),) for text in texts]


def _widths(shares: tuple[int, ...], profile: LayoutProfile) -> list[int]:
    return [millimetres(profile.type_width) * share // 100 for share in shares]
