"""Reading a paper from a file (读取材料): plain text in UTF-8 or GB18030, or .docx; one line is one paragraph."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

LARGEST = 20 * 1024 * 1024
LARGEST_UNPACKED = 10 * LARGEST
ZIP = b"PK\x03\x04"
LONGEST = 100_000
EVIDENCE = "PaperAnnexMark"  # the style of reports.paper at the head of an annex


class UnreadablePaper(ValueError):  # noqa: N818 - named after what is wrong
    """A file that holds no text we can read; the Chinese message says why and what to do."""


def read_paper(path: Path) -> str:
    """The text of a file, its paragraphs divided by line feeds. Raises `UnreadablePaper`."""
    try:
        if path.stat().st_size > LARGEST:
            raise UnreadablePaper(f"{path}：文件超过{LARGEST // 1024 // 1024}MB（平台规则）。请只保留正文后再检查。")
        content = path.read_bytes()
    except OSError as error:
        raise UnreadablePaper(f"{path}：打不开（{error.strerror}）。请核对文件名和读取权限。") from None
    text = _document_text(content, path) if content.startswith(ZIP) else _plain_text(content, path)
    if not text.strip():
        raise UnreadablePaper(f"{path}：没有文字。扫描件请先识别为文字，再保存为 .txt 或 .docx。")
    if len(text) > LONGEST:
        raise UnreadablePaper(f"{path}：超过{LONGEST // 10000}万字（平台规则），不像一份总结。请只保留正文后再检查。")
    return text


def _plain_text(content: bytes, path: Path) -> str:
    if b"\0" in content[:1024] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadablePaper(
            f"{path}：不是文本文件。请另存为 .docx 或 UTF-8 编码的 .txt（.doc、.wps、.pdf 不能直接检查）。"
        )
    for encoding in ("utf-16",) if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadablePaper(f"{path}：文字编码既不是 UTF-8，也不是 GB18030。请另存为 UTF-8 编码的 .txt 或者 .docx。")


def _document_text(content: bytes, path: Path) -> str:
    """The paragraphs of a .docx in their order, those of tables among them (one row is one paragraph)."""
    import docx  # noqa: PLC0415 - it takes a third of a second, and plain text needs none of it

    _refuse_bombs(content, path)
    try:
        return "\n".join(_paragraphs(docx.Document(io.BytesIO(content))))
    except Exception:  # noqa: BLE001 - a broken archive breaks in many ways, and each means the same to the reader
        raise UnreadablePaper(
            f"{path}：不是可用的 .docx 文件，可能已损坏、加密或是别的格式。请用办公软件打开后另存为 .docx。"
        ) from None


def _refuse_bombs(content: bytes, path: Path) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
    except zipfile.BadZipFile:
        return  # said below, by the reader of documents
    if unpacked > LARGEST_UNPACKED:
        raise UnreadablePaper(f"{path}：解压后过大（平台规则）。请只保留正文后再检查。")


def _paragraphs(document: Any) -> Iterator[str]:
    for block in document.iter_inner_content():
        if block.style is not None and block.style.style_id == EVIDENCE:
            return  # our own annex of evidence: its rows repeat records, they are no text of anybody
        if hasattr(block, "rows"):
            for row in block.rows:
                yield "\t".join(dict.fromkeys(" ".join(cell.text.split()) for cell in row.cells))
        else:
            yield " ".join(block.text.splitlines())
