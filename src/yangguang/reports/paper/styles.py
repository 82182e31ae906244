"""The styles of a paper (样式): every look is a named style, so that an office can change one in one place."""

from docx.document import Document
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from yangguang.reports.paper.markup import element, fonts, size
from yangguang.reports.paper.profiles import LayoutProfile, points

TITLE, SUBTITLE, BODY, FLUSH = "PaperTitle", "PaperSubtitle", "PaperBody", "PaperFlush"
ANNEX_MARK, CELL, ANNEX_CELL, SIGNATURE = "PaperAnnexMark", "PaperCell", "PaperAnnexCell", "PaperSignature"
CAPTION, PAGE_NUMBER = "PaperCaption", "PaperPageNumber"
FIGURE, LITERAL, MISSING = "PaperFigure", "PaperLiteral", "PaperMissing"
KEPT = {"Normal", "DefaultParagraphFont", "TableNormal", "NoList"}
LANGUAGES = {"val": "en-US", "eastAsia": "zh-CN", "bidi": "ar-SA"}
JUSTIFIED, CENTRED, LEFT = "both", "center", "left"
TWO_CHARACTERS = 2


def heading_style(level: int) -> str:
    """The paragraph style of a level of headings."""
    return f"PaperHeading{level}"


def heading_font(profile: LayoutProfile, level: int) -> str:
    """第一层黑体、第二层楷体、第三层和第四层仿宋 (GB/T 9704-2012 7.3.3)."""
    return {1: profile.heading1_font, 2: profile.heading2_font}.get(level, profile.body_font)


def write_styles(document: Document, profile: LayoutProfile) -> None:
    """Replace the template's styles with those of the profile."""
    styles = document.styles.element
    for style in styles.findall(qn("w:style")):
        if style.get(qn("w:styleId")) not in KEPT:
            styles.remove(style)
    styles.remove(styles.find(qn("w:docDefaults")))
    styles.insert(0, _defaults(profile))
    normal = next(style for style in styles.findall(qn("w:style")) if style.get(qn("w:styleId")) == "Normal")
    normal.append(_body_look(profile))
    styles.extend([*_paragraph_styles(profile), *_character_styles()])


def _defaults(profile: LayoutProfile) -> BaseOxmlElement:
    look = _body_look(profile)
    look.append(element("lang", **LANGUAGES))
    return element("docDefaults", element("rPrDefault", look), element("pPrDefault"))


def _body_look(profile: LayoutProfile) -> BaseOxmlElement:
    """The character grid counts from the size of `Normal`, so the body's size has to be that."""
    return element("rPr", fonts(profile.body_font, profile.latin_font), *_size(profile.body_size))


def _size(size_in_points: object) -> tuple[BaseOxmlElement, BaseOxmlElement]:
    return size(round(2 * float(str(size_in_points))))


def _paragraph_styles(profile: LayoutProfile) -> list[BaseOxmlElement]:
    body = profile.body_font, profile.body_size
    title = profile.title_font, profile.title_size
    headings = [
        _style(
            heading_style(level),
            f"公文第{level}层标题",
            _look(profile, heading_font(profile, level), profile.body_size),
            _spacing(profile, JUSTIFIED, indent=TWO_CHARACTERS, keep=True, outline=level - 1),
        )
        for level in range(1, 5)
    ]
    return [
        _style(TITLE, "公文标题", _look(profile, *title), _spacing(profile, CENTRED, keep=True)),
        _style(
            SUBTITLE,
            "公文副标题",
            _look(profile, profile.subtitle_font, body[1]),
            _spacing(profile, CENTRED, keep=True),
        ),
        _style(BODY, "公文正文", _look(profile, *body), _spacing(profile, JUSTIFIED, indent=TWO_CHARACTERS)),
        _style(FLUSH, "公文顶格", _look(profile, *body), _spacing(profile, JUSTIFIED)),
        _style(SIGNATURE, "公文落款", _look(profile, *body), _spacing(profile, LEFT)),
        _style(CAPTION, "公文表题", _look(profile, *body), _spacing(profile, CENTRED, keep=True)),
        _style(ANNEX_MARK, "公文附件标志", _look(profile, profile.heading1_font, body[1]), _spacing(profile, LEFT)),
        _style(CELL, "公文表格", _look(profile, body[0], profile.table_size), _cell(JUSTIFIED)),
        _style(ANNEX_CELL, "公文佐证表", _look(profile, body[0], profile.annex_table_size), _cell(LEFT)),
        _style(PAGE_NUMBER, "公文页码", _page_number_look(profile), _page_number_spacing(profile)),
        *headings,
    ]


def _character_styles() -> list[BaseOxmlElement]:
    return [
        _style(FIGURE, "公文指标数字", []),  # black as all text of a paper, 5.2.4: a link without its colour
        _style(LITERAL, "公文固定数字", []),
        _style(MISSING, "公文待补", []),
    ]


def _style(
    identity: str, name: str, look: list[BaseOxmlElement], spacing: list[BaseOxmlElement] | None = None
) -> BaseOxmlElement:
    made = element("style", type="character" if spacing is None else "paragraph", customStyle=1, styleId=identity)
    made.append(element("name", val=name))
    if spacing is not None:
        made.append(element("basedOn", val="Normal"))
    made.append(element("qFormat"))
    if spacing is not None:
        made.append(element("pPr", *spacing))
    if look:
        made.append(element("rPr", *look))
    return made


def _look(profile: LayoutProfile, font: str, size_in_points: object) -> list[BaseOxmlElement]:
    """The font and, in the body's size, the spacing by which a line holds its characters.

    The section states the character grid, for what is typed later; the paper's own paragraphs stand off the grid and
    space their characters themselves, because LibreOffice gives a character wider than its cell two cells.
    """
    spaced = [element("spacing", val=profile.character_kerning)] if size_in_points == profile.body_size else []
    return [fonts(font, profile.latin_font), *spaced, *_size(size_in_points)]


def _spacing(
    profile: LayoutProfile,
    alignment: str,
    *,
    indent: int = 0,
    keep: bool = False,
    outline: int | None = None,
) -> list[BaseOxmlElement]:
    """Paragraph properties in the order of the schema; no space is added between Chinese and digits."""
    made = [element("keepNext"), element("keepLines")] if keep else []
    made.append(element("widowControl", val=int(profile.widow_control)))
    made += [element("autoSpaceDE", val=0), element("autoSpaceDN", val=0), element("snapToGrid", val=0)]
    made.append(element("spacing", before=0, after=0, line=profile.line, lineRule="exact"))
    if indent:
        made.append(element("ind", firstLineChars=100 * indent, firstLine=profile.character * indent))
    made.append(element("jc", val=alignment))
    if outline is not None:
        made.append(element("outlineLvl", val=outline))
    return made


def _cell(alignment: str) -> list[BaseOxmlElement]:
    """Text in a cell stands off the grid and may break anywhere, as digests and numbers are long."""
    return [
        element("wordWrap", val=0),
        element("autoSpaceDE", val=0),
        element("autoSpaceDN", val=0),
        element("snapToGrid", val=0),
        element("spacing", before=20, after=20, line=240, lineRule="auto"),
        element("jc", val=alignment),
    ]


def _page_number_look(profile: LayoutProfile) -> list[BaseOxmlElement]:
    return [fonts(profile.page_number_font), *_size(profile.page_number_size)]


def _page_number_spacing(profile: LayoutProfile) -> list[BaseOxmlElement]:
    line = points(profile.page_number_size)
    return [element("snapToGrid", val=0), element("spacing", before=0, after=0, line=line, lineRule="exact")]
