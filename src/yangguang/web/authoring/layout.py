"""PDF papers in Chinese: headings, paragraphs and tables on A4, the same bytes for the same content."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table, TableStyle

from yangguang.web.authoring.fonts import UNEMBEDDED, lacks, paper_font

MARGIN, WIDE_SPACE = 25 * mm, "\u3000"
WIDTH = A4[0] - 2 * MARGIN
STYLES: dict[str, dict[str, Any]] = {
    "title": {"fontSize": 20, "leading": 30, "alignment": TA_CENTER, "spaceAfter": 14},
    "heading": {"fontSize": 13, "leading": 22, "spaceBefore": 12, "spaceAfter": 4, "keepWithNext": 1},
    "body": {"fontSize": 10.5, "leading": 18, "spaceAfter": 4},
    "cell": {"fontSize": 9.5, "leading": 15},
}
RULED = TableStyle(
    [
        ("GRID", (0, 0), (-1, -1), 0.5, colors.HexColor("#8a93a3")),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("BACKGROUND", (0, 0), (0, -1), colors.HexColor("#f2f6fc")),
    ]
)
Block = Any


def title(text: str) -> Block:
    """标题."""
    return Paragraph(_safe(text).replace("\n", "<br/>"), _style("title"))


def heading(text: str) -> Block:
    """章节标题."""
    return Paragraph(_safe(text), _style("heading"))


def words(text: str) -> list[Block]:
    """Paragraphs, one a line."""
    style = _style("body")
    return [Paragraph(_safe(line), style) for line in text.splitlines() if line.strip()]


def facts(rows: Sequence[tuple[str, str]]) -> Block:
    """A table of label and value."""
    return table([list(row) for row in rows], widths=(0.28, 0.72))


def table(rows: Sequence[Sequence[str]], *, widths: Sequence[float]) -> Block:
    """A ruled table; `widths` are shares of the line."""
    style = _style("cell")
    cells = [[Paragraph(_safe(text).replace("\n", "<br/>") or "——", style) for text in row] for row in rows]
    return Table(cells, colWidths=[WIDTH * share for share in widths], style=RULED, spaceAfter=8)


def pdf(name: str, blocks: Sequence[Block]) -> bytes:
    """The file. `name` stands at the foot of each page with its number."""
    buffer = BytesIO()
    paper = SimpleDocTemplate(
        buffer, pagesize=A4, title=name, leftMargin=MARGIN, rightMargin=MARGIN, topMargin=22 * mm, bottomMargin=22 * mm,
        invariant=1,
    )  # fmt: skip
    foot = _foot(name)
    paper.build(list(blocks), onFirstPage=foot, onLaterPages=foot)
    return buffer.getvalue()


def _foot(name: str) -> Any:
    def draw(canvas: Any, paper: Any) -> None:
        canvas.setFont(paper_font(), 8.5)
        canvas.drawCentredString(A4[0] / 2, 12 * mm, f"{name}　第 {paper.page} 页")

    return draw


def _style(name: str) -> ParagraphStyle:
    return ParagraphStyle(name, fontName=paper_font(), wordWrap="CJK", **STYLES[name])


def _safe(text: str) -> str:
    """Markup of a text: without what cannot be printed, and rare characters (生僻字) in a font that has them."""
    printed = "".join(one for one in text if one in {"\n", WIDE_SPACE} or one.isprintable())
    return "".join(_set(one) for one in printed)


def _set(one: str) -> str:
    return f'<font name="{UNEMBEDDED}">{one}</font>' if lacks(paper_font(), one) else escape(one)
