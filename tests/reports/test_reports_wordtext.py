"""Word documents not made here: their text as Word shows it, wherever it stands, each piece once."""

import docx
import pytest

from support.words import STRICT, listed, p, r, write_docx
from yangguang.reports.proofreading import proofread
from yangguang.reports.reading import read_paper
from yangguang.reports.wordtext.numbers import written


def lines(path):
    return read_paper(path).split("\n")


def read(tmp_path, *body, **parts):
    return lines(write_docx(tmp_path / "paper.docx", *body, **parts))


def level(number, way, text, more=""):
    shape = f'<w:start w:val="1"/><w:numFmt w:val="{way}"/>{more}<w:lvlText w:val="{text}"/>'
    return f'<w:lvl w:ilvl="{number}">{shape}</w:lvl>'


def lists(*levels, more=""):
    return (
        f'<w:abstractNum w:abstractNumId="7">{"".join(levels)}</w:abstractNum>{more}'
        '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>'
        '<w:num w:numId="2"><w:abstractNumId w:val="7"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/>'
        "</w:lvlOverride></w:num>"
    )


CHINESE = lists(
    level(0, "chineseCounting", "%1、"), level(1, "chineseCountingThousand", "（%2）"), level(2, "decimal", "%3."),
    level(3, "bullet", "●"), level(4, "decimal", "%1.%5", "<w:isLgl/>"),
)  # fmt: skip


def test_numbers_that_word_computes_stand_before_their_headings(tmp_path):
    made = [
        p("主要工作", properties=listed(1)), p("学习", properties=listed(1, 1)), p("组织", properties=listed(1, 1)),
        p("会议", properties=listed(1, 2)), p("要点", properties=listed(1, 3)), p("存在问题", properties=listed(1)),
        p("整改", properties=listed(1, 1)), p("细目", properties=listed(1, 4)), p("没有编号", properties=listed(0)),
        p("另起", properties=listed(2)), p("再起", properties=listed(2)),
    ]  # fmt: skip
    assert read(tmp_path, *made, numbering=CHINESE) == [
        "一、主要工作", "（一）学习", "（二）组织", "1.会议", "要点", "二、存在问题", "（一）整改", "2.1细目",
        "没有编号", "一、另起", "二、再起",
    ]  # fmt: skip


def test_a_heading_is_numbered_by_its_style_and_by_the_style_it_is_based_on(tmp_path):
    styles = (
        '<w:style w:styleId="H1"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:styleId="H2"><w:basedOn w:val="H1"/></w:style>'
        '<w:style w:styleId="Loop"><w:basedOn w:val="Loop"/></w:style>'
    )
    numbering = lists(
        level(0, "chineseCounting", "%1、", '<w:pStyle w:val="H1"/>'),
        level(1, "decimal", "%2.", '<w:pStyle w:val="H2"/>'),
    )
    made = [p("工作", style="H1"), p("学习", style="H2"), p("计划", style="H1"), p("完", style="Loop")]
    assert read(tmp_path, *made, numbering=numbering, styles=styles) == ["一、工作", "1.学习", "二、计划", "完"]


def test_headings_that_word_numbers_are_checked_like_typed_ones(tmp_path):
    made = [p("示例中心2023年度工作总结"), p("工作", properties=listed(1)), p("三、计划")]
    (finding,) = proofread(read_paper(write_docx(tmp_path / "a.docx", *made, numbering=CHINESE)))
    assert (finding.line, finding.others, finding.quote) == (3, (2,), "一、→三、")


@pytest.mark.parametrize(
    ("number", "way", "shown"),
    [
        (12, "chineseCounting", "十二"), (100, "chineseCounting", "100"), (21, "ideographDigital", "二一"),
        (3, "ideographTraditional", "丙"), (11, "ideographTraditional", "11"), (2, "decimalEnclosedCircle", "②"),
        (4, "lowerRoman", "iv"), (1999, "upperRoman", "MCMXCIX"), (28, "lowerLetter", "bb"), (5, "decimalZero", "05"),
        (0, "upperLetter", "0"), (7, "somethingNew", "7"), (23, "chineseLegalSimplified", "贰叁"),
    ],
)  # fmt: skip
def test_a_number_is_written_as_its_format_says(number, way, shown):
    assert written(number, way) == shown


def test_tracked_changes_are_read_as_accepted(tmp_path):
    made = (
        p("召开会议", f'<w:ins>{r("12")}</w:ins>', "<w:del><w:r><w:delText>11</w:delText></w:r></w:del>", "次。"),
        p(f"<w:moveFrom>{r('旧处')}</w:moveFrom>", f"<w:moveTo>{r('新处')}</w:moveTo>"),
        p("前半", properties="<w:rPr><w:del/></w:rPr>"), p("后半"),
    )  # fmt: skip
    assert read(tmp_path, *made) == ["召开会议12次。", "新处", "前半后半"]


def test_what_wraps_text_does_not_hide_it_and_hidden_text_stays_hidden(tmp_path):
    made = p(
        f"<w:hyperlink>{r('党课')}</w:hyperlink>", f"<w:fldSimple>{r('4')}</w:fldSimple>",
        f"<w:sdt><w:sdtContent>{r('次')}</w:sdtContent></w:sdt>", r("隐藏9次", "<w:vanish/>"),
        "<w:r><w:instrText>PAGE 8</w:instrText></w:r>", f"<w:smartTag>{r('，')}</w:smartTag>",
        f"<w:r><w:ruby><w:rt>{r('pin')}</w:rt><w:rubyBase>{r('拼')}</w:rubyBase></w:ruby></w:r>",
        "<m:oMath><m:r><m:t>25</m:t></m:r></m:oMath>", "<w:r><w:noBreakHyphen/><w:br/><w:t>条</w:t></w:r>",
    )  # fmt: skip
    block = f"<w:sdt><w:sdtContent>{p('整段在控件里')}</w:sdtContent></w:sdt>"
    assert read(tmp_path, made, block) == ["党课4次，拼25- 条", "整段在控件里"]


def test_a_text_box_is_read_once_after_the_paragraph_that_holds_it(tmp_path):
    box = f"<w:txbxContent>{p('框内一')}{p('框内二')}</w:txbxContent>"
    drawn = (
        f"<w:r><mc:AlternateContent><mc:Choice><w:drawing>{box}</w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    assert read(tmp_path, p("正文", drawn), p("后文")) == ["正文", "框内一", "框内二", "后文"]
    assert read(tmp_path, p(f"<w:r><w:pict>{box}</w:pict></w:r>")) == ["", "框内一", "框内二"]


def test_notes_and_page_headers_come_last_and_say_nothing_twice(tmp_path):
    parts = {
        "footnotes": (
            f'<w:footnote w:type="separator">{p("线")}</w:footnote><w:footnote>{p("注：含补录2次")}</w:footnote>'
        ),
        "endnotes": f"<w:endnote>{p('尾注')}</w:endnote>",
        "header": p("示例中心2023年度工作总结") + p("内部材料"),
        "footer": p("— 1 —"),
    }
    title = p("示例中心2023年度工作总结")
    assert read(tmp_path, title, p("工作。"), **parts) == [
        "示例中心2023年度工作总结", "工作。", "注：含补录2次", "尾注", "内部材料",
    ]  # fmt: skip


def test_a_table_of_contents_repeats_no_headings(tmp_path):
    gallery = '<w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj>'
    built = f"<w:sdt><w:sdtPr>{gallery}</w:sdtPr><w:sdtContent>{p('一、工作1')}</w:sdtContent></w:sdt>"
    styles = '<w:style w:styleId="11"><w:name w:val="toc 1"/></w:style>'
    assert read(tmp_path, built, p("一、工作1", style="11"), p("一、工作"), styles=styles) == ["一、工作"]


def test_a_row_is_a_line_and_merged_cells_are_said_once(tmp_path):
    def row(*cells):
        return f"<w:tr>{''.join(f'<w:tc>{one}</w:tc>' for one in cells)}</w:tr>"

    down, on = ('<w:tcPr><w:vMerge w:val="restart"/></w:tcPr>', "<w:tcPr><w:vMerge/></w:tcPr>")
    inner = f"<w:tbl>{row(p('内'), p('层'))}</w:tbl>"
    gone = f"<w:tr><w:trPr><w:del/></w:trPr><w:tc>{p('删去的行')}</w:tc></w:tr>"
    rows = row(down + p("会议"), p("3次"), p("3次")) + row(on + p("会议"), p("甲") + inner, p("乙"))
    assert read(tmp_path, f"<w:tbl>{rows}{gone}</w:tbl>") == ["会议\t3次\t3次", "甲 内 层\t乙"]


def test_documents_of_the_strict_standard_and_with_other_part_names_are_read(tmp_path):
    assert read(tmp_path, p("严格格式"), namespace=STRICT) == ["严格格式"]
    assert read(tmp_path, p("别的部件名"), main="xl9/正文2.xml") == ["别的部件名"]


def test_a_document_of_python_docx_keeps_its_lists_headers_and_tables(tmp_path):
    paper = docx.Document()
    paper.add_heading("示例中心2023年度工作总结", level=0)
    paper.sections[0].header.paragraphs[0].text = "内部材料"
    for words in ("学习", "会议"):
        paper.add_paragraph(words, style="List Number")
    table = paper.add_table(rows=1, cols=3)
    merged = table.cell(0, 0).merge(table.cell(0, 1))
    merged.text, table.cell(0, 2).text = "合计", "12次"
    paper.save(tmp_path / "paper.docx")
    assert lines(tmp_path / "paper.docx") == [
        "示例中心2023年度工作总结", "1.学习", "2.会议", "合计\t12次", "内部材料",
    ]  # fmt: skip
