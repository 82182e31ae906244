"""Reading a paper from a file (读取材料): plain text in UTF-8 or GB18030, or .docx; one line is one paragraph."""

import errno
from pathlib import Path

LARGEST = 20 * 1024 * 1024
LONGEST = 100_000
ZIP = b"PK\x03\x04"
EVIDENCE = "PaperAnnexMark"  # the style of reports.paper at the head of an annex
SAVE_AS = "请用办公软件打开后另存为 .docx，再检查。"
WHY = {
    errno.ENOENT: "没有这个文件", errno.EISDIR: "这是文件夹", errno.EACCES: "没有读取权限",
    errno.ENAMETOOLONG: "文件名过长", errno.ENOTDIR: "路径有误",
}  # fmt: skip
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Inside an old Office file: the name of a stream tells what it is.
STREAMS = (
    ("EncryptedPackage", "设有打开密码，不能读取。请用办公软件打开，取消密码后另存为 .docx，再检查。"),
    ("WordDocument", f"是旧的 .doc（或者 .wps）格式。{SAVE_AS}"),
)
BEGINNINGS = (
    (b"%PDF", f"是 PDF，不能直接检查。{SAVE_AS}"),
    (b"{\\rtf", f"是 RTF 格式。{SAVE_AS}"),
    (b"MIME-Version:", f"是网页格式。{SAVE_AS}"),
    *((one, f"是网页或者 XML 格式。{SAVE_AS}") for one in (b"<?xml", b"<!doctype", b"<html")),
)


class UnreadablePaper(ValueError):  # noqa: N818 - named after what is wrong
    """A file that holds no text we can read; the Chinese message says why and what to do."""


def read_paper(path: Path) -> str:
    """The text of a file, its paragraphs divided by line feeds. Raises `UnreadablePaper`."""
    named = str(path).encode("utf-8", "replace").decode()  # a name that is no text cannot be printed
    try:
        text = _text(path)
    except OSError as error:
        why = WHY.get(error.errno or 0, "系统不能读取")
        raise UnreadablePaper(f"{named}：打不开（{why}）。请核对文件名和读取权限。") from None
    except UnreadablePaper as wrong:
        raise UnreadablePaper(f"{named}：{wrong}") from None
    if not text.strip():
        raise UnreadablePaper(f"{named}：没有文字。扫描件请先识别为文字，再保存为 .txt 或 .docx。")
    if len(text) > LONGEST:
        raise UnreadablePaper(f"{named}：超过{LONGEST // 10000}万字（平台规则），不像一份总结。请只保留正文后再检查。")
    return text


def _text(path: Path) -> str:
    size = path.stat().st_size
    with path.open("rb") as file:
        if not path.is_file():
            raise UnreadablePaper("不是普通文件。请先保存为文件，再检查。")
        if not size:
            raise UnreadablePaper("是空文件（0字节），可能没有保存或者没有下载完。请重新取得文件。")
        if file.read(len(ZIP)) == ZIP:
            return _document_text(path)
    if size > LARGEST:
        raise UnreadablePaper(f"文件超过{LARGEST // 1024 // 1024}MB（平台规则）。请只保留正文后再检查。")
    return _plain_text(path.read_bytes())


def _plain_text(content: bytes) -> str:
    _refuse_formats(content)
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    if b"\0" in content[:1024] and not marked:
        raise UnreadablePaper("不是文本文件。请另存为 .docx 或 UTF-8 编码的 .txt。")
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadablePaper("文字编码既不是 UTF-8，也不是 GB18030。请另存为 UTF-8 编码的 .txt 或者 .docx。")


def _refuse_formats(content: bytes) -> None:
    """Formats that are not text, or whose text is wrapped in marks that nobody wrote."""
    if content.startswith(OLD_OFFICE):
        known = (said for name, said in STREAMS if name.encode("utf-16-le") in content)
        raise UnreadablePaper(next(known, f"是旧的办公文件格式。{SAVE_AS}"))
    start = content[:64].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    for beginning, said in BEGINNINGS:
        if start.startswith(beginning.lower()):
            raise UnreadablePaper(said)


def _document_text(path: Path) -> str:
    from yangguang.reports.wordtext import (  # noqa: PLC0415 - plain text needs none of it
        NotWordError,
        TooLargeError,
        paragraphs_of,
        read_parts,
    )

    try:
        return "\n".join(paragraphs_of(read_parts(path), ends_at=EVIDENCE))
    except TooLargeError:
        raise UnreadablePaper("解压后过大（平台规则）。请只保留正文后再检查。") from None
    except RecursionError:
        raise UnreadablePaper(f"不是可用的 .docx 文件：层次过深。{SAVE_AS}") from None
    except NotWordError as wrong:
        raise UnreadablePaper(f"不是可用的 .docx 文件：{wrong}。{SAVE_AS}") from None
