"""The page (版面): paper, margins, grid and page numbers (GB/T 9704-2012 5.1, 5.2, 7.5)."""

from decimal import Decimal

from docx.document import Document
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import _Footer
from docx.shared import Twips

from yangguang.reports.paper.markup import element, field_run, fonts, text_run
from yangguang.reports.paper.profiles import LayoutProfile, millimetres, points
from yangguang.reports.paper.styles import PAGE_NUMBER

DASH = "—"
DASH_BELOW_TOP = Decimal("0.5")  # of the line: a dash (一字线) stands in the middle of a line as high as its characters
WORD_2013 = 15


def write_page(document: Document, profile: LayoutProfile) -> None:
    """Give the only section its paper, margins, grid and footers."""
    section = document.sections[0]
    section.page_width, section.page_height = (
        Twips(round(side * Decimal(1440) / Decimal("25.4"))) for side in (profile.page_width, profile.page_height)
    )
    below = profile.page_height - profile.margin_top - profile.type_height
    section.top_margin = Twips(millimetres(profile.margin_top))
    section.left_margin = Twips(millimetres(profile.margin_left))
    section.right_margin = Twips(millimetres(profile.page_width - profile.margin_left - profile.type_width))
    section.bottom_margin = Twips(millimetres(below))
    section.footer_distance = Twips(_footer_distance(profile))
    _write_grid(document, profile)
    _write_settings(document)
    _write_number(section.footer, profile, alignment="right")
    _write_number(section.even_page_footer, profile, alignment="left")


def _footer_distance(profile: LayoutProfile) -> int:
    """From the paper's edge to the lower side of the number's line, so that the dash stands where it should."""
    below = profile.page_height - profile.margin_top - profile.type_height - profile.page_number_gap
    return millimetres(below) - int(points(profile.page_number_size) * (1 - DASH_BELOW_TOP))


def _write_grid(document: Document, profile: LayoutProfile) -> None:
    properties = document.sections[0]._sectPr  # noqa: SLF001 - python-docx has no words for the grid
    for old in properties.findall(qn("w:docGrid")):
        properties.remove(old)
    grid = element("docGrid", type="linesAndChars", linePitch=profile.line, charSpace=profile.character_space)
    properties.append(grid)


def _write_settings(document: Document) -> None:
    """The template's settings replaced by the few that a paper needs, in the order of the schema.

    Odd and even footers differ; punctuation marks stay whole, as the page counts characters; Word 2013 or later.
    """
    settings = document.settings.element
    for old in list(settings):
        settings.remove(old)
    mode = element(
        "compatSetting", name="compatibilityMode", uri="http://schemas.microsoft.com/office/word", val=WORD_2013
    )
    settings.extend(
        [
            element("evenAndOddHeaders"),
            element("characterSpacingControl", val="doNotCompress"),
            element("compat", mode),
            element("themeFontLang", val="en-US", eastAsia="zh-CN"),
            element("decimalSymbol", val="."),
            element("listSeparator", val=","),
        ]
    )


def _write_number(footer: _Footer, profile: LayoutProfile, *, alignment: str) -> None:
    """「— 1 —」, one character in from the outer edge."""
    footer.is_linked_to_previous = False
    container = footer._element  # noqa: SLF001 - the paragraph is made here whole
    for old in list(container):
        container.remove(old)
    side = {f"{alignment}Chars": 100, alignment: profile.character}
    properties = element("pPr", element("pStyle", val=PAGE_NUMBER), element("ind", **side))
    properties.append(element("jc", val=alignment))
    left, right = _dash(f"{DASH} ", profile), _dash(f" {DASH}", profile)
    container.append(element("p", properties, left, field_run("PAGE"), right))


def _dash(text: str, profile: LayoutProfile) -> BaseOxmlElement:
    """一字线: as wide as a Chinese character, which Word has to be told."""
    font = fonts(profile.page_number_font)
    font.set(qn("w:hint"), "eastAsia")
    return text_run(text, font)
