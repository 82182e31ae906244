"""Files of any origin: encodings, documents with tables, and what cannot be read."""

import zipfile

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.papers import a_paper
from support.words import p, write_docx
from yangguang.reports.paper import paper_bytes
from yangguang.reports.proofreading import proofread
from yangguang.reports.reading import LARGEST, LONGEST, SAVE_AS, UnreadablePaper, read_paper
from yangguang.reports.wordtext.package import MOST_UNPACKED

TEXT = "示例中心2023年度工作总结\n一、工作\n三、计划\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_is_read_in_its_encoding(tmp_path, encoding):
    path = tmp_path / "summary.txt"
    path.write_bytes(TEXT.encode(encoding))
    assert read_paper(path) == TEXT


def test_a_line_ended_as_in_windows_is_one_line(tmp_path):
    path = tmp_path / "summary.txt"
    path.write_bytes(TEXT.replace("\n", "\r\n").encode("gb18030"))
    (finding,) = proofread(read_paper(path))
    assert (finding.line, finding.others) == (3, (2,))


def document(path):
    paper = docx.Document()
    paper.add_heading("示例中心2023年度工作总结", level=0)
    paper.add_heading("一、工作", level=1)
    table = paper.add_table(rows=2, cols=2)
    for cell, words in zip(
        [cell for row in table.rows for cell in row.cells], ["事项", "次数", "支委会", "12次"], strict=True
    ):
        cell.text = words
    paper.add_paragraph("三、计划")
    paper.save(path)
    return path


def test_a_document_is_read_with_its_headings_and_tables_in_order(tmp_path):
    path = document(tmp_path / "summary.docx")
    assert read_paper(path).split("\n") == [
        "示例中心2023年度工作总结",
        "一、工作",
        "事项\t次数",
        "支委会\t12次",
        "三、计划",
    ]
    (finding,) = proofread(read_paper(path))
    assert (finding.line, finding.others) == (5, (2,))


def test_the_annex_of_evidence_is_no_text_to_check(tmp_path):
    path = tmp_path / "paper.docx"
    path.write_bytes(paper_bytes(paper=a_paper()))
    assert [word in read_paper(path) for word in ("附件：", "摘要", "记录：")] == [True, False, False]


def test_a_paper_of_our_own_is_read_and_has_no_findings(tmp_path):
    path = tmp_path / "summary.docx"
    path.write_bytes(paper_bytes(paper=a_paper()))
    text = read_paper(path)
    assert [line for line in text.split("\n") if line.startswith(("一、", "（一）"))] == [
        "一、主要工作",
        "（一）强化理论武装",
    ]
    assert proofread(text) == []


def refusal(path):
    with pytest.raises(UnreadablePaper) as refused:
        read_paper(path)
    return str(refused.value)


def test_what_cannot_be_read_is_refused_with_what_to_do(tmp_path):
    path = tmp_path / "paper"
    assert refusal(path) == f"{path}：打不开（没有这个文件）。请核对文件名和读取权限。"
    path.write_bytes(b"\xd0\xcf\x11\xe0\x00\x00\x00")
    assert refusal(path).startswith(f"{path}：不是文本文件。请另存为 .docx")
    path.write_bytes(b"\xff\xff\xff\xff")
    assert refusal(path).startswith(f"{path}：文字编码既不是 UTF-8，也不是 GB18030。")
    path.write_bytes(b" \n")
    assert refusal(path).startswith(f"{path}：没有文字。")
    path.write_text("字" * (LONGEST + 1), encoding="utf-8")
    assert refusal(path).startswith(f"{path}：超过10万字（平台规则）")


def test_a_file_too_large_is_refused_unread(tmp_path):
    path = tmp_path / "paper.txt"
    with path.open("wb") as file:
        file.truncate(LARGEST + 1)
    assert refusal(path).startswith(f"{path}：文件超过20MB（平台规则）。")


def test_a_broken_document_is_refused(tmp_path):
    path = document(tmp_path / "summary.docx")
    path.write_bytes(path.read_bytes()[:2000])
    assert refusal(path).startswith(f"{path}：不是可用的 .docx 文件")


def test_an_archive_that_is_no_document_is_refused(tmp_path):
    path = tmp_path / "summary.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "no document")
    assert refusal(path).startswith(f"{path}：不是可用的 .docx 文件")


def test_an_archive_that_unpacks_to_a_flood_is_refused(tmp_path):
    path = tmp_path / "summary.docx"
    write_docx(path, " " * (MOST_UNPACKED + 1))
    assert refusal(path) == f"{path}：解压后过大（平台规则）。请只保留正文后再检查。"
    write_docx(path, p("有据可查。"), footnotes=" " * MOST_UNPACKED)
    assert refusal(path) == f"{path}：解压后过大（平台规则）。请只保留正文后再检查。"


def test_pictures_do_not_make_a_document_too_large(tmp_path):
    path = write_docx(tmp_path / "summary.docx", p("有据可查。"))
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/image1.png", bytes(50 * 1024 * 1024))
    assert read_paper(path) == "有据可查。"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("<!DOCTYPE w [<!ENTITY a 'aa'>]><w>&a;</w>", "文件内部的 XML 不完整或者不合规范"),
        ("<w", "文件内部的 XML 不完整或者不合规范"),
        ("<w><body/></w>", "压缩包里没有 Word 文档"),
    ],
)
def test_a_document_that_is_broken_inside_is_refused(tmp_path, content, said):
    path = write_docx(tmp_path / "summary.docx")
    with zipfile.ZipFile(path) as archive:
        kept = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in (kept | {"word/document.xml": content}).items():
            archive.writestr(name, text)
    assert refusal(path) == f"{path}：不是可用的 .docx 文件：{said}。{SAVE_AS}"


def test_a_document_of_endless_depth_is_refused(tmp_path):
    path = write_docx(tmp_path / "summary.docx", "<w:ins>" * 20_000 + p("底") + "</w:ins>" * 20_000)
    assert refusal(path) == f"{path}：不是可用的 .docx 文件：层次过深。{SAVE_AS}"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("xl/workbook.xml", "表格（.xlsx）"),
        ("ppt/presentation.xml", "演示文稿（.pptx）"),
        ("OFD.xml", "版式文件（.ofd）"),
        ("content.xml", "OpenDocument 文件（.odt）"),
    ],
)
def test_an_archive_of_another_kind_is_named(tmp_path, name, said):
    path = tmp_path / "summary.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, "<x/>")
    assert refusal(path) == f"{path}：不是可用的 .docx 文件：这是{said}，不是 Word 文档。{SAVE_AS}"


PIECES = [
    "示例中心2023年度工作总结",
    "上半年",
    "13月29日",
    "0月0日",
    "第三季度",
    "2023年",
    "1-8月",
    "截至目前",
    "其中",
    "召开支委会",
    "集中学习",
    "成交金额",
    "同比增长",
    "下降",
    "12次",
    "百千十",
    "二十五条",
    "3.5亿元",
    "1,234个",
    "0投诉",
    "%",
    "百分点",
    "等",
    "《",
    "》",
    "（一）",
    "一、",
    "一是",
    "。",
    "，",
    "；",
    "****",
    "XX",
    "【待补：甲】",
    "２０",
    "年均增加",
    "各",
    "余",
    "２月30日",
    "20٣٤年",
    "至",
    "\u200b",
    "²",
    "①",
]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from([*PIECES, "\n", "\t"]), max_size=40))
def test_no_text_whatever_breaks_the_proofreading(pieces):
    text = "".join(pieces)
    assert all(1 <= found.line <= text.count("\n") + 1 for found in proofread(text))


def test_a_day_of_no_month_belongs_to_no_quarter():
    found = proofread("13月29日，开展第三季度学习。0月2日，开展第四季度学习。")
    assert [one.reason for one in found] == ["没有“13月29日”这一天。", "没有“0月2日”这一天。"]


def test_an_archive_with_a_password_is_refused(tmp_path):
    path = write_docx(tmp_path / "summary.docx", p("正文"))
    content = bytearray(path.read_bytes())
    content[6] |= 1  # the flag of the first member, in its own head and in the directory
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(bytes(content))
    assert refusal(path) == f"{path}：不是可用的 .docx 文件：文件已加密，或者结构不正常。{SAVE_AS}"
