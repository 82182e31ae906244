"""Files of any origin: encodings, documents with tables, and what cannot be read."""

import zipfile

import docx
import pytest

from support.papers import a_paper
from yangguang.reports.paper import paper_bytes
from yangguang.reports.proofreading import proofread
from yangguang.reports.reading import LARGEST, LONGEST, UnreadablePaper, read_paper

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
    assert refusal(path) == f"{path}：打不开（No such file or directory）。请核对文件名和读取权限。"
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
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", bytes(LARGEST * 10 + 1))
    assert refusal(path).startswith(f"{path}：解压后过大（平台规则）。")
