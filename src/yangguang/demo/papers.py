"""The PDF papers of the demonstration, Chinese with the fonts that every PDF reader has built in."""

import os
from collections.abc import Sequence
from functools import cache
from io import BytesIO

from reportlab import rl_config
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

FONT = "STSong-Light"
MARGIN, TOP, LINE = 72, 760, 24
CHARACTERS = 36
SCAN_WIDTH, SCAN_HEIGHT = 1600, 1400
NOTE = "（演示文件，单位、人员和项目均为虚构）"


def paper(title: str, *paragraphs: str) -> bytes:
    """A PDF of one or more pages with a heading and paragraphs."""
    buffer, lines = BytesIO(), [line for text in (*paragraphs, NOTE) for line in _wrapped(text)]
    canvas = _canvas(buffer)
    _heading(canvas, title)
    for number, line in enumerate(lines):
        canvas.setFont(FONT, 12)
        canvas.drawString(MARGIN, TOP - LINE * (2 + number), line)
    canvas.save()
    return buffer.getvalue()


def scanned_drawings(*, pages: int) -> bytes:
    """A PDF of scanned drawings, 6.7 MB a page: noise, which like a scan hardly compresses."""
    buffer = BytesIO()
    canvas = _canvas(buffer)
    for number in range(1, pages + 1):
        _heading(canvas, f"图纸扫描件 第{number}页")
        scan = ImageReader(BytesIO(_noise()))
        canvas.drawImage(scan, MARGIN, MARGIN, width=A4[0] - 2 * MARGIN, height=TOP - 2 * MARGIN)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _noise() -> bytes:
    """A picture in the portable pixmap format."""
    header = f"P6 {SCAN_WIDTH} {SCAN_HEIGHT} 255\n".encode()
    return header + os.urandom(SCAN_WIDTH * SCAN_HEIGHT * 3)


def _canvas(buffer: BytesIO) -> Canvas:
    _load_font()
    rl_config.useA85 = 0  # pictures as bytes, not as text
    return Canvas(buffer, pagesize=A4, invariant=1)  # the same paper is the same file, whatever the wall clock says


def _heading(canvas: Canvas, title: str) -> None:
    canvas.setTitle(title)
    canvas.setFont(FONT, 18)
    canvas.drawCentredString(A4[0] / 2, TOP, title)


@cache
def _load_font() -> None:
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))


def _wrapped(text: str) -> Sequence[str]:
    return [text[start : start + CHARACTERS] for start in range(0, len(text), CHARACTERS)]
