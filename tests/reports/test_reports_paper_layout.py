import hashlib
import io
import zipfile
from datetime import date

import docx
import pytest
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml.ns import qn

from support.papers import MEETINGS, TRADES, a_paper, evidence, of_text
from yangguang.reports.paper import (
    CarryingNotice,
    CarryingReport,
    EvidenceAnnex,
    Heading,
    Missing,
    Paragraph,
    Table,
    house_profile,
    layout_profile,
    layout_rows,
    paper_bytes,
    read_back,
)
from yangguang.rules.refusal import Refused

WRITTEN = paper_bytes(paper=a_paper())


def _document(data=WRITTEN):
    return docx.Document(io.BytesIO(data))


def _styles(data=WRITTEN):
    return {style.get(qn("w:styleId")): style for style in _document(data).styles.element.findall(qn("w:style"))}


def _values(element, path):
    found = element.find("/".join(qn(f"w:{name}") for name in path.split("/")))
    return {key.split("}")[1]: value for key, value in found.attrib.items()}


def _texts(paper, **options):
    return [one.text for one in read_back(paper_bytes(paper=paper, **options))]


def test_the_page_is_that_of_the_standard():
    section = _document().element.body.find(qn("w:sectPr"))
    assert _values(section, "pgSz") == {"w": "11906", "h": "16838"}
    margins = _values(section, "pgMar")
    assert [margins[side] for side in ("top", "left", "right", "bottom")] == ["2097", "1587", "1474", "1984"]
    assert _values(section, "docGrid") == {"type": "linesAndChars", "linePitch": "579", "charSpace": "-848"}


def test_twenty_two_lines_and_twenty_eight_characters_fit_into_the_type_area():
    profile = layout_profile()
    assert 22 * profile.line <= 16838 - 2097 - 1984 < 22 * (profile.line + 1)
    assert 28 * (320 + profile.character_kerning) <= 11906 - 1587 - 1474 < 29 * (320 + profile.character_kerning)


@pytest.mark.parametrize(
    ("style", "font", "half_points"),
    [
        ("PaperTitle", "方正小标宋简体", "44"),
        ("PaperBody", "仿宋_GB2312", "32"),
        ("PaperHeading1", "黑体", "32"),
        ("PaperHeading2", "楷体_GB2312", "32"),
        ("PaperHeading3", "仿宋_GB2312", "32"),
        ("PaperHeading4", "仿宋_GB2312", "32"),
        ("PaperAnnexMark", "黑体", "32"),
        ("PaperPageNumber", "宋体", "28"),
    ],
)
def test_each_style_names_its_font_for_every_script(style, font, half_points):
    look = _styles()[style]
    assert _values(look, "rPr/rFonts") == dict.fromkeys(("ascii", "hAnsi", "eastAsia", "cs"), font)
    assert _values(look, "rPr/sz") == {"val": half_points}


def test_paragraphs_begin_two_characters_in_with_exact_lines():
    body = _styles()["PaperBody"]
    assert _values(body, "pPr/ind") == {"firstLineChars": "200", "firstLine": "630"}
    assert _values(body, "pPr/spacing") == {"before": "0", "after": "0", "line": "579", "lineRule": "exact"}


def test_headings_are_kept_with_what_they_head():
    for level in range(1, 5):
        assert _styles()[f"PaperHeading{level}"].find(f"{qn('w:pPr')}/{qn('w:keepNext')}") is not None


def test_page_numbers_stand_outside_one_character_in():
    section = _document().sections[0]
    assert _document().settings.odd_and_even_pages_header_footer is True
    looks = {}
    for side, footer in (("right", section.footer), ("left", section.even_page_footer)):
        line = footer._element.find(qn("w:p"))  # noqa: SLF001
        looks[side] = _values(line, "pPr/jc")["val"], _values(line, "pPr/ind")[f"{side}Chars"]
        assert "".join(text.text for text in line.iter(qn("w:t"))) == "— 1 —"
        assert _values(line, "fldSimple") == {"instr": "PAGE"}
    assert looks == {"right": ("right", "100"), "left": ("left", "100")}


def test_no_font_is_shipped_and_nothing_of_the_template():
    with zipfile.ZipFile(io.BytesIO(WRITTEN)) as package:
        assert sorted(package.namelist()) == [
            *("[Content_Types].xml", "_rels/.rels", "docProps/core.xml", "word/_rels/document.xml.rels"),
            *("word/document.xml", "word/footer1.xml", "word/footer2.xml", "word/settings.xml", "word/styles.xml"),
        ]


def test_the_same_paper_has_the_same_bytes():
    assert hashlib.sha256(paper_bytes(paper=a_paper())).digest() == hashlib.sha256(WRITTEN).digest()
    assert paper_bytes(paper=a_paper(issued_on=date(2026, 12, 9))) != WRITTEN


def test_the_properties_come_from_the_paper():
    properties = _document().core_properties
    assert properties.title == "示例市公共资源交易中心党支部2026年度工作总结"
    assert properties.author == "示例市公共资源交易中心党支部"
    assert properties.created.date() == properties.modified.date() == date(2026, 12, 8)


def test_a_bare_paper_reads_in_order():
    assert [text for text in _texts(a_paper()) if text][:13] == [
        "示例市公共资源交易中心党支部\n2026年度工作总结",
        "一、主要工作",
        "（一）强化理论武装",
        "共召开支部委员会12次。",
        "（二）做实进场交易。完成进场交易1499个。",
        "交易情况",
        *("类别", "个数", "全部", "1499"),
        "二、存在问题",
        "学习还不够深入。",
        "附件：数据来源与佐证",
    ]


def test_a_report_has_recipients_and_a_closing_line():
    texts = [text for text in _texts(of_text("正文。", carrier=CarryingReport(recipients="示例市委"))) if text]
    assert texts[1:4] == ["示例市委：", "正文。", "特此报告。"]
    unclosed = of_text("正文。", carrier=CarryingReport(recipients="示例市委", closing=""))
    assert [text for text in _texts(unclosed) if text][2:4] == ["正文。", "附件：数据来源与佐证"]


def test_a_notice_is_signed_and_the_paper_follows_on_a_new_page():
    text = (Paragraph(runs="现将总结印发给你们。"),)
    notice = CarryingNotice(title="关于印发工作总结的通知", recipients="各支部", text=text, closing="特此通知。")
    paper = of_text("正文。", title="工作总结", carrier=notice, annexes=())
    data = paper_bytes(paper=paper)
    assert [one.text for one in read_back(data) if one.text] == [
        *("关于印发工作总结的通知", "各支部：", "现将总结印发给你们。", "特此通知。"),
        *("示例市公共资源交易中心党支部", "2026年12月8日", "工作总结", "正文。"),
    ]
    broken = [one.text for one in _document(data).paragraphs if one.paragraph_format.page_break_before]
    assert broken == ["工作总结"]


def test_the_name_keeps_with_the_text_before_it():
    def kept(text):
        paragraphs = _document(paper_bytes(paper=of_text(text))).paragraphs[2:7]
        return [one.paragraph_format.keep_with_next for one in paragraphs]

    assert kept("文" * 168) == [True] * 5
    assert kept("文" * 169) == [None, *[True] * 4]


def test_a_stamped_paper_leaves_room_for_the_seal():
    plain, stamped = (_texts(of_text("正文。", annexes=(), stamped=stamped)) for stamped in (False, True))
    assert (plain[2:], stamped[2:]) == (["正文。", "", *plain[-2:]], ["正文。", "", "", "", *plain[-2:]])


def test_the_annex_stands_on_its_own_page_with_its_header_repeated():
    document = _document()
    mark = next(one for one in document.paragraphs if one.style.style_id == "PaperAnnexMark")
    assert (mark.text, mark.paragraph_format.page_break_before) == ("附件", True)
    for table in document.tables:
        first, *others = table.rows
        assert first._tr.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None  # noqa: SLF001
        assert all(row._tr.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None for row in (first, *others))  # noqa: SLF001


def test_a_row_of_evidence_says_where_its_number_comes_from():
    rows = [[cell.text for cell in row.cells] for row in _document().tables[1].rows]
    assert rows[0] == ["序号", "文中数字", "指标（口径版本）", "统计期间", "记录数", "摘要"]
    assert rows[1] == [
        *("1", "12", "示例指标meetings（第1版）", "2026年1月至11月", "3", "ab" * 32),
    ]
    assert set(rows[2]) == {"记录：甲；乙；等共3条"}


def test_literals_are_listed_with_their_sources():
    rows = [[cell.text for cell in row.cells] for row in _document().tables[2].rows]
    assert rows == [["序号", "文中数字", "出处"], ["1", "2026", "报告年度"]]


@pytest.mark.parametrize(
    ("records", "count", "listed"),
    [
        (("甲", "乙"), 2, "甲；乙"),
        ((), 7, "共7条"),
        ((), 0, ""),
        (tuple("甲" * 21), 21, "；".join("甲" * 20) + "；等共21条"),
    ],
)
def test_long_lists_of_records_end_with_their_number(records, count, listed):
    rows = (evidence(MEETINGS, records=records, record_count=count),)
    data = paper_bytes(paper=of_text(MEETINGS, title="总结", annexes=(EvidenceAnnex(rows=rows),)))
    assert _document(data).tables[0].rows[2].cells[0].text == f"记录：{listed}"


def test_several_annexes_are_numbered():
    annexes = (EvidenceAnnex(rows=(evidence(MEETINGS),)), EvidenceAnnex(rows=(), title="其他"))
    texts = [
        text for text in _texts(of_text(MEETINGS, title="总结", annexes=annexes)) if "附件" in text or "2." in text
    ]
    assert texts == ["附件：1.数据来源与佐证", "　　　2.其他", "附件1", "附件2"]


def test_a_small_table_stays_on_one_page_and_a_long_one_only_keeps_its_header():
    def kept(rows):
        table = Table(columns=("甲",), rows=(("乙",),) * rows)
        made = _document(paper_bytes(paper=a_paper(body=(table,), annexes=())))
        return sum(bool(row.cells[0].paragraphs[0].paragraph_format.keep_with_next) for row in made.tables[0].rows)

    assert (kept(9), kept(10)) == (9, 1)


def test_a_house_may_set_its_own_line_spacing_and_fonts():
    profile = house_profile({"line_spacing": "28", "body_font": "仿宋", "latin_font": "Times New Roman"})
    body = _styles(paper_bytes(paper=a_paper(), profile=profile))["PaperBody"]
    assert _values(body, "pPr/spacing")["line"] == "560"
    latin = dict.fromkeys(("ascii", "hAnsi", "cs"), "Times New Roman")
    assert _values(body, "rPr/rFonts") == {**latin, "eastAsia": "仿宋"}
    assert layout_profile("line_28").line == 560


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"margin": "3"}, "layout.key.unknown"),
        ({"line_spacing": "宽"}, "layout.value.number"),
        ({"line_spacing": "NaN"}, "layout.value.number"),
        ({"body_size": "0"}, "layout.value.number"),
        ({"line_spacing": "30"}, "layout.lines.many"),
        ({"margin_left": "60"}, "layout.page.narrow"),
        ({"margin_top": "90"}, "layout.page.short"),
        ({"widow_control": "是"}, "layout.value.flag"),
    ],
)
def test_a_house_profile_that_does_not_fit_is_refused(values, code):
    with pytest.raises(Refused) as refused:
        house_profile(values)
    assert refused.value.codes == (code,)


def test_an_unknown_profile_is_refused():
    with pytest.raises(Refused) as refused:
        layout_profile("nowhere")
    assert refused.value.codes == ("layout.profile.unknown",)


def test_only_what_the_standard_says_is_called_standard():
    rows = [row for row in layout_rows() if row.level == "standard"]
    assert [row.key for row in rows if not (row.source.startswith("GB/T 9704-2012") and row.article)] == []
    assert {row.level for row in layout_rows()} == {"standard", "derived", "habit", "platform"}


def test_blank_lines_before_the_title_make_room_for_a_printed_head():
    profile = house_profile({"lines_before_title": "2"})
    paper = of_text("正文。", title="总结", subtitle="（试行）", annexes=())
    assert _texts(paper, profile=profile)[:5] == ["", "", "总结", "（试行）", ""]


def test_a_heading_alone_in_its_paragraph_is_in_the_outline():
    paper = a_paper(body=(Heading(level=3, text="甲"),), annexes=())
    data = paper_bytes(paper=paper)
    assert [one.style for one in read_back(data) if one.text == "1.甲"] == ["PaperHeading3"]
    assert _values(_styles(data)["PaperHeading3"], "pPr/outlineLvl") == {"val": "2"}


def test_what_is_missing_is_highlighted():
    paper = of_text("受理", Missing(metric="异议"), "件", annexes=())
    runs = next(one.runs for one in _document(paper_bytes(paper=paper)).paragraphs if "待补" in one.text)
    assert [run.text for run in runs if run.font.highlight_color == WD_COLOR_INDEX.YELLOW] == ["【待补：异议】"]


def test_tables_are_held_apart_and_the_last_is_followed_by_a_paragraph():
    table = Table(columns=("甲",), rows=(("乙",),))
    body = _document(paper_bytes(paper=a_paper(body=(table, table), annexes=()))).element.body
    tags = [child.tag.split("}")[1] for child in body]
    assert tags == ["p", "p", "tbl", "p", "tbl", "p", "p", "p", "sectPr"]
    assert [child.tag.split("}")[1] for child in _document().element.body][-3:] == ["tbl", "p", "sectPr"]


def test_bookmarks_have_numbers_and_names_of_their_own():
    annexes = (EvidenceAnnex(rows=(evidence(MEETINGS),)), EvidenceAnnex(rows=(evidence(TRADES),)))
    body = _document(paper_bytes(paper=a_paper(annexes=annexes))).element.body
    starts, ends = ([one.get(qn("w:id")) for one in body.iter(qn(f"w:bookmark{side}"))] for side in ("Start", "End"))
    assert starts == ends == ["100001", "200001"]
    assert [one.get(qn("w:anchor")) for one in body.iter(qn("w:hyperlink"))] == [
        "figure_meetings",
        "figure_trades",
        "figure_trades",
    ]
