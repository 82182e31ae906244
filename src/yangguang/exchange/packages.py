"""Whether a file somebody sent is a plain .xlsx workbook that may be opened (上传文件的安全检查)."""

import zipfile
import zlib
from typing import BinaryIO

LARGEST_FILE = 32 << 20
LARGEST_PARTS = {"xl/worksheets/": 128 << 20, "xl/sharedStrings.xml": 64 << 20}  # read in a stream; kept as texts
LARGEST_OTHERS = 16 << 20  # of all other parts together, which are read whole
MOST_PARTS = 500
OLD_OFFICE = b"\xd0\xcf\x11\xe0"
ACTIVE = ("vbaproject", "activex", "embeddings/", "externallinks/", "connections.xml", "macrosheets/", "customui/")
MAIN_TYPE = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"

Told = tuple[str, str]


def refuse_package(source: BinaryIO) -> Told | None:
    """What is wrong with the file and how to mend it; None when it may be opened. Leaves the file at its beginning."""
    size = source.seek(0, 2)
    source.seek(0)
    beginning = source.read(4)
    source.seek(0)
    if size > LARGEST_FILE:
        return f"大于{LARGEST_FILE >> 20}MB", "分成几个文件上传"
    if beginning == OLD_OFFICE:
        return "是旧版的.xls文件，或者加了密码", "用Excel另存为不加密码的.xlsx"
    try:
        with zipfile.ZipFile(source) as package:
            return _refuse_parts(package)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, ValueError, EOFError, OSError, KeyError):
        return "不是.xlsx文件，或者已经损坏", "用Excel另存为.xlsx"
    finally:
        source.seek(0)


def _refuse_parts(package: zipfile.ZipFile) -> Told | None:
    names = [part.filename.lower() for part in package.infolist()]
    if any(mark in name for name in names for mark in ACTIVE):
        return "含有宏、控件、嵌入的文件或者外部链接", "新建不含宏的.xlsx，把内容作为值粘贴过去"
    if len(names) > MOST_PARTS or len(set(names)) < len(names) or _is_bomb(package):
        return "解开后过大，或者结构异常", "分成几个文件上传；不是自己填的文件不要上传"
    if MAIN_TYPE not in package.read("[Content_Types].xml"):
        return "不是普通的.xlsx工作簿", "用Excel另存为.xlsx"
    return None


def _is_bomb(package: zipfile.ZipFile) -> bool:
    """By the sizes the file declares: a part that turns out larger is cut off there and fails its checksum."""
    others = 0
    for part in package.infolist():
        limit = next((limit for name, limit in LARGEST_PARTS.items() if part.filename.startswith(name)), None)
        if limit is None:
            others += part.file_size
        elif part.file_size > limit:
            return True
    return others > LARGEST_OTHERS
