"""Tables (表格): a header that is repeated, rows that are not torn, small tables on one page."""

from collections.abc import Iterator, Sequence

from docx.oxml.xmlchemy import BaseOxmlElement

from yangguang.reports.paper import styles
from yangguang.reports.paper.markup import element, paragraph
from yangguang.reports.paper.model import Paper, Table
from yangguang.reports.paper.profiles import LayoutProfile, millimetres
from yangguang.reports.paper.runs import body_runs

SMALL = 10  # rows; a table up to that many stays on one page
SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")
Cell = Sequence[BaseOxmlElement]


def table_elements(table: Table, *, paper: Paper, profile: LayoutProfile) -> Iterator[BaseOxmlElement]:
    """A table of the body with its title above; the columns share the type area."""
    if table.title:
        yield paragraph(styles.CAPTION, *body_runs(table.title, paper))
    share = millimetres(profile.type_width) // len(table.columns)
    rows = [[tuple(body_runs(cell, paper)) for cell in row] for row in (table.columns, *table.rows)]
    together = len(rows) - 1 if len(rows) <= SMALL else 1
    yield grid(rows, widths=[share] * len(table.columns), style=styles.CELL, together=together)


def grid(rows: Sequence[Sequence[Cell]], *, widths: Sequence[int], style: str, together: int = 1) -> BaseOxmlElement:
    """A bordered table of runs; the first row is the header; widths in twips.

    The first `together` rows stay on one page with the row after them: the header never stands alone. A row of one
    cell goes across the whole table, and the row above it stays on its page.
    """
    borders = element("tblBorders", *(element(side, val="single", sz=4, space=0, color="000000") for side in SIDES))
    margins = element("tblCellMar", element("left", w=60, type="dxa"), element("right", w=60, type="dxa"))
    properties = element(
        "tblPr",
        element("tblW", w=sum(widths), type="dxa"),
        element("jc", val="center"),
        borders,
        element("tblLayout", type="fixed"),
        margins,
    )
    made = element("tbl", properties, element("tblGrid", *(element("gridCol", w=width) for width in widths)))
    made.extend(
        _row(row, widths, style, header=number == 0, keep_next=number < together or _goes_on(rows, number))
        for number, row in enumerate(rows)
    )
    return made


def _goes_on(rows: Sequence[Sequence[Cell]], number: int) -> bool:
    return len(rows[number]) > 1 and number + 1 < len(rows) and len(rows[number + 1]) == 1


def _row(cells: Sequence[Cell], widths: Sequence[int], style: str, *, header: bool, keep_next: bool) -> BaseOxmlElement:
    properties = element("trPr", element("cantSplit"))
    if header:
        properties.append(element("tblHeader"))
    made = element("tr", properties)
    spans = len(widths) if len(cells) == 1 else 1
    for cell, width in zip(cells, [sum(widths)] if spans > 1 else widths, strict=True):
        look = element("tcPr", element("tcW", w=width, type="dxa"))
        if spans > 1:
            look.append(element("gridSpan", val=spans))
        look.append(element("vAlign", val="center"))
        made.append(element("tc", look, paragraph(style, *cell, keep_next=keep_next)))
    return made
