"""A full page as LibreOffice sets it. The licensed fonts are replaced by Noto, whose characters are as wide."""

import os
import shutil
import subprocess
from collections import Counter

import pypdfium2
import pytest

from support.papers import of_text
from yangguang.reports.paper import house_profile, paper_bytes

SOFFICE = shutil.which("soffice")
FONT = "Noto Serif CJK SC"
HAS_FONT = bool(shutil.which("fc-list")) and FONT in subprocess.run(
    ["fc-list", FONT], capture_output=True, text=True, check=False
).stdout.replace(",", "\n")
pytestmark = pytest.mark.skipif(not (SOFFICE and HAS_FONT), reason="needs LibreOffice Writer and Noto Serif CJK")

POINTS_PER_MILLIMETRE = 72 / 25.4
FONTS = ("title_font", "body_font", "heading1_font", "heading2_font", "page_number_font", "subtitle_font")


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("paper")
    paper = of_text("阳" * 28 * 60, title="总结", annexes=())
    profile = house_profile(dict.fromkeys(FONTS, FONT))
    (folder / "paper.docx").write_bytes(paper_bytes(paper=paper, profile=profile))
    home = f"-env:UserInstallation={(folder / 'home').as_uri()}"
    subprocess.run(
        [SOFFICE, home, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(folder / "paper.docx")],
        check=True,
        capture_output=True,
        env={**os.environ, "HOME": str(folder)},
    )
    with pypdfium2.PdfDocument(folder / "paper.pdf") as document:
        yield [_characters(page) for page in document]


def _characters(page):
    """Each character with its left side and its baseline's distance from the top, in mm."""
    text = page.get_textpage()
    found = []
    for index in range(text.count_chars()):
        left, bottom, _, _ = text.get_charbox(index, loose=True)
        character = text.get_text_range(index, 1)
        if character.strip():
            top = (page.get_height() - bottom) / POINTS_PER_MILLIMETRE
            found.append((character, left / POINTS_PER_MILLIMETRE, top))
    return found


def test_a_full_page_has_22_lines_of_28_characters(pages):
    lines = Counter(round(top) for character, _, top in pages[1] if character == "阳")
    assert list(lines.values()) == [28] * 22


def test_the_text_fills_the_type_area_and_does_not_leave_it(pages):
    body = [(left, top) for character, left, top in pages[1] if character == "阳"]
    assert 28 <= min(left for left, _ in body) < 29
    assert 183 < max(left for left, _ in body) + 16 / POINTS_PER_MILLIMETRE <= 184
    assert 260 < max(top for _, top in body) <= 262


def test_the_page_number_is_right_on_odd_pages_and_left_on_even_ones(pages):
    first, second = ([left for character, left, top in page if character == "—"] for page in pages[:2])
    assert 178 - 16 < first[0] < first[1] < 178.5
    assert 33 < second[0] < second[1] < 34 + 16
