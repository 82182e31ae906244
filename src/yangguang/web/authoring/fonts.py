"""The font of PDF papers: a Chinese TrueType font of this machine, embedded as far as it is used, or the reader's own.

Looked for are the fonts of Debian's `fonts-wqy-microhei` and `fonts-droid-fallback`, both Apache-2.0; fonts with
PostScript outlines (Noto CJK) cannot be embedded by reportlab. Without any, papers name 宋体 and every reader shows its
own.
"""

import logging
from functools import cache
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFError, TTFont

EMBEDDED, UNEMBEDDED = "paper", "STSong-Light"
FOUND = (
    Path("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc"),
    Path("/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf"),
)

logger = logging.getLogger("yangguang.papers")


@cache
def paper_font(*places: Path) -> str:
    """The name of the font that papers are set in, the first of `places` (by itself `FOUND`) that can be embedded.

    Looked for once, when the first paper is set: reading a font takes its time, which a start has not.
    """
    pdfmetrics.registerFont(UnicodeCIDFont(UNEMBEDDED))
    here = [one for one in places or FOUND if one.is_file()]
    name = next((EMBEDDED for one in here if embed(one, name=EMBEDDED)), UNEMBEDDED)
    if name == UNEMBEDDED:
        logger.info("没有可以嵌入的中文字体（fonts-wqy-microhei），PDF 文件用阅读器自己的宋体显示")
    return name


def embed(place: Path, *, name: str) -> bool:
    """Register a font file under a name, if it is one that can be embedded."""
    try:
        pdfmetrics.registerFont(TTFont(name, str(place)))
    except (TTFError, OSError) as error:
        logger.warning("字体 %s 不能嵌入：%s", place, error)
        return False
    return True


def lacks(font: str, character: str) -> bool:
    """Whether an embedded font has no drawing of a character; the reader's own fonts are not asked."""
    face = getattr(pdfmetrics.getFont(font), "face", None)
    drawings = getattr(face, "charToGlyph", None)
    return drawings is not None and not character.isspace() and ord(character) not in drawings
