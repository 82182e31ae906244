"""PDF papers carry the drawings of their letters where a font can be embedded; the others come from the reader."""

from pathlib import Path

import reportlab
from reportlab.pdfbase import pdfmetrics

from yangguang.web.authoring import fonts, layout

VERA = Path(reportlab.__file__).parent / "fonts/Vera.ttf"


def test_a_font_is_embedded_and_what_it_lacks_is_told(monkeypatch):
    name = fonts.paper_font(VERA)
    assert name == fonts.EMBEDDED
    assert not fonts.lacks(name, "A")
    assert not fonts.lacks(name, "　")
    assert fonts.lacks(name, "招")
    monkeypatch.setattr(layout, "paper_font", lambda: name)
    first, second = (layout.pdf("A", [layout.heading("<Tender>"), *layout.words("A & 招标 B")]) for _ in range(2))
    assert first == second
    assert b"/FontFile2" in first
    assert b"+BitstreamVeraSans" in first
    assert b"STSong-Light" in first


def test_without_such_a_font_papers_name_the_readers_own(caplog):
    assert fonts.paper_font(Path(__file__)) == fonts.UNEMBEDDED
    assert "不能嵌入" in caplog.text
    assert not fonts.lacks(fonts.UNEMBEDDED, "招")
    assert pdfmetrics.getFont(fonts.UNEMBEDDED)
