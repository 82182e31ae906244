"""Deterministic tar archives (POSIX.1-2001 ustar/pax): one list of files gives one sequence of bytes, and back.

Flat files only: mode 0644, owner 0, time 0, names in UTF-8; a name over 100 bytes takes one pax `path` record. Two
blocks of zeros end the archive and nothing follows. A reader rebuilds every header and compares, so links, devices,
absolute paths, odd numbers and hidden bytes cannot get in, and no byte can be changed unnoticed.
"""

import io
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

BLOCK: Final = 512
END: Final = bytes(2 * BLOCK)
LARGEST_FILE: Final = 8**11 - 1  # eleven octal digits
MOST_FILES: Final = 2000
_NAME_FIELD = 100
_LONGEST_NAME = 255  # bytes, as file systems have it
_LONGEST_PAX = 1024
_PAX_PATH = re.compile(rb"\d{1,4} path=([^\n\0]+)\n")
_FORBIDDEN = frozenset('/\\:*?"<>|')  # a path separator somewhere, or unusable on the experts' computers


class BadArchive(ValueError):  # noqa: N818 - named after what is wrong, like the other refusals of this package
    """The bytes are not an archive of this kind, or a file name is not allowed."""


class CutShort(BadArchive):
    """The archive ends before its end."""


class FileChanged(OSError):  # noqa: N818
    """A file grew or shrank while it was being packed."""


@dataclass(frozen=True, slots=True)
class PartFile:
    """A file to pack: its name in the archive, and where it lies or what it holds."""

    name: str
    content: Path | bytes

    @property
    def size(self) -> int:
        """Bytes. Raises OSError when the file cannot be read."""
        return len(self.content) if isinstance(self.content, bytes) else self.content.stat().st_size

    def open(self) -> BinaryIO:
        """A stream of the content."""
        return io.BytesIO(self.content) if isinstance(self.content, bytes) else self.content.open("rb", buffering=0)


class Member(NamedTuple):
    """Where a file lies inside an archive file: `offset` of its first byte, `size` in bytes."""

    name: str
    offset: int
    size: int


class UnpackedFile(NamedTuple):
    """A file that came out of an archive; size in bytes."""

    name: str
    size: int


def check_file_name(name: str) -> None:
    """Raises BadArchive unless `name` is a plain file name that every common system can store."""
    if not name or name != name.strip() or name.endswith(".") or len(name.encode()) > _LONGEST_NAME:
        raise BadArchive(f"文件名 {name[:80]!r} 为空、过长，或首尾有空格、句点")
    if any(unicodedata.category(char).startswith("C") or char in _FORBIDDEN for char in name):
        raise BadArchive(f"文件名 {name!r} 含有不允许的字符")


class _Names:
    """Names seen so far, as a system that ignores case and composes accents tells them apart."""

    def __init__(self) -> None:
        self._seen: set[str] = set()

    def add(self, name: str) -> None:
        """Raises BadArchive for a name that is not allowed, or is there already."""
        check_file_name(name)
        folded = unicodedata.normalize("NFC", name).casefold()
        if folded in self._seen:
            raise BadArchive(f"文件名 {name!r} 重复")
        self._seen.add(folded)


def member_header(name: str, size: int) -> bytes:
    """The header of one file: one block of 512 bytes, or three for a long name. Raises BadArchive if it cannot be."""
    if not 0 <= size <= LARGEST_FILE:
        raise BadArchive(f"文件 {name!r} 有 {size} 字节，超过 8 GiB")
    path = name.encode()
    if len(path) <= _NAME_FIELD:
        return _ustar(path, size=size, kind=b"0")
    record = _pax_record(path)
    return (
        _ustar(b"pax", size=len(record), kind=b"x") + record + padding(len(record)) + _ustar(b"", size=size, kind=b"0")
    )


def padding(size: int) -> bytes:
    """The zeros after a content of `size` bytes."""
    return bytes(-size % BLOCK)


def _ustar(name: bytes, *, size: int, kind: bytes) -> bytes:
    before = name.ljust(_NAME_FIELD, b"\0") + b"0000644\0" + b"0000000\0" * 2 + b"%011o\0" % size + b"%011o\0" % 0
    after = kind + bytes(100) + b"ustar\x0000" + bytes(64) + b"0000000\0" * 2 + bytes(167)
    return before + b"%06o\0 " % (sum(before) + sum(after) + 8 * ord(" ")) + after


def _pax_record(path: bytes) -> bytes:
    rest = b" path=" + path + b"\n"
    length = len(rest) + len(str(len(rest) + 3))  # names of 101 to 255 bytes always give three digits
    return b"%d" % length + rest


class TarSource:
    """An archive as a stream that never lies in memory; `size` is known beforehand."""

    def __init__(self, files: Sequence[PartFile]) -> None:
        """Check the names and measure the files. Raises BadArchive or OSError."""
        if len(files) > MOST_FILES:
            raise BadArchive(f"文件超过 {MOST_FILES} 个")
        names = _Names()
        for file in files:
            names.add(file.name)
        self._files = [(file, file.size) for file in files]
        self._segments = self._all_segments()
        self._current: BinaryIO = io.BytesIO()
        self._left = 0
        self.size = sum(len(member_header(f.name, n)) + n + len(padding(n)) for f, n in self._files) + len(END)

    def readinto(self, view: memoryview) -> int:
        """Fill `view` as far as the archive reaches; 0 at its end. Raises OSError, FileChanged."""
        filled = 0
        while filled < len(view) and self._more():
            filled += self._read(view[filled : filled + self._left])
        return filled

    def _read(self, view: memoryview) -> int:
        count: int = self._current.readinto(view)  # type: ignore[attr-defined] # every binary stream here has it
        if not count:
            raise FileChanged("文件在封装过程中变短，请关闭正在使用它的程序后重试")
        self._left -= count
        return count

    def _more(self) -> bool:
        while not self._left:
            following = next(self._segments, None)
            if following is None:
                return False
            self._current, self._left = following
        return True

    def _all_segments(self) -> Iterator[tuple[BinaryIO, int]]:
        for file, size in self._files:
            yield _fixed(member_header(file.name, size))
            with file.open() as stream:
                yield stream, size
                if stream.read(1):
                    raise FileChanged("文件在封装过程中变长，请关闭正在使用它的程序后重试")
            yield _fixed(padding(size))
        yield _fixed(END)


def _fixed(data: bytes) -> tuple[BinaryIO, int]:
    return io.BytesIO(data), len(data)


def looks_like_tar(start: bytes) -> bool:
    """Whether the first block carries the ustar mark."""
    return start[257:265] == b"ustar\x0000"


def walk(file: BinaryIO, *, most: int) -> tuple[Member, ...]:
    """The members of an archive file, contents skipped, everything else checked; CutShort, BadArchive."""
    take = _exact(file)
    end = file.seek(0, io.SEEK_END)
    file.seek(0)
    members: list[Member] = []
    while (header := read_header(take)) is not None:
        if len(members) == most:
            raise BadArchive(f"成员超过 {most} 个")
        members.append(Member(header[0], file.tell(), header[1]))
        if file.seek(header[1], io.SEEK_CUR) > end:
            raise CutShort(f"{header[0]} 不完整")
        _expect_zeros(take(len(padding(header[1]))))
    if file.tell() != end:
        raise BadArchive("结尾之后还有内容")
    return tuple(members)


def read_header(take: Callable[[int], bytes]) -> tuple[str, int] | None:
    """The next name and size, or None at the end mark. `take(n)` gives exactly n bytes or raises CutShort."""
    raw = take(BLOCK)
    if not any(raw):
        _expect_zeros(take(BLOCK))
        return None
    name, size = raw[:_NAME_FIELD].rstrip(b"\0"), _octal(raw)
    if raw[156:157] == b"x":
        payload = take(BLOCK * -(-min(size, _LONGEST_PAX) // BLOCK))
        name, following = _pax_path(payload[:size]), take(BLOCK)
        size, raw = _octal(following), raw + payload + following
    return _rebuilt(name, size, raw)


def _rebuilt(name: bytes, size: int, raw: bytes) -> tuple[str, int]:
    try:
        text = name.decode()
    except UnicodeDecodeError as error:
        raise BadArchive("成员名不是 UTF-8") from error
    if member_header(text, size) != raw:
        raise BadArchive(f"成员 {text!r} 的头部不规范（链接、目录、绝对路径、多余信息或被改动）")
    return text, size


def _octal(block: bytes) -> int:
    digits = block[124:135]
    if not re.fullmatch(rb"[0-7]{11}", digits):
        raise BadArchive("成员大小不规范")
    return int(digits, 8)


def _pax_path(payload: bytes) -> bytes:
    found = _PAX_PATH.fullmatch(payload)
    if not found:
        raise BadArchive("扩展头部不规范")
    return found[1]


def _expect_zeros(data: bytes) -> None:
    if any(data):
        raise BadArchive("填充处有内容")


def _exact(file: BinaryIO) -> Callable[[int], bytes]:
    def take(count: int) -> bytes:
        data = file.read(count)
        if len(data) < count:
            raise CutShort("归档在结尾标记之前中断")
        return data

    return take


class Pieces:
    """A stream of byte pieces that can be asked for exact amounts."""

    def __init__(self, pieces: Iterator[memoryview]) -> None:
        """Each piece must stay valid until the next one is asked for."""
        self._pieces = pieces
        self._rest = memoryview(b"")

    def some(self, count: int) -> Iterator[memoryview]:
        """Pieces of `count` bytes together. Raises CutShort."""
        while count:
            piece = self._next()[:count]
            self._rest = self._rest[len(piece) :]
            count -= len(piece)
            yield piece

    def take(self, count: int) -> bytes:
        """Exactly `count` bytes, copied: for headers. Raises CutShort."""
        return b"".join(self.some(count))

    def at_end(self) -> bool:
        """Whether nothing is left; reads on to find out."""
        self._rest = self._rest or next(self._pieces, self._rest)
        return not self._rest

    def _next(self) -> memoryview:
        if self.at_end():
            raise CutShort("内容在结尾标记之前中断")
        return self._rest


def unpack(pieces: Pieces, *, directory: Path | None) -> tuple[UnpackedFile, ...]:
    """Write the archive's files into an existing empty directory, or nowhere (None); BadArchive, OSError.

    Nothing is released by this alone: the caller shows the directory only after its own checks.
    """
    names = _Names()
    files: list[UnpackedFile] = []
    while (header := read_header(pieces.take)) is not None:
        if len(files) == MOST_FILES:
            raise BadArchive(f"文件超过 {MOST_FILES} 个")
        name, size = header
        names.add(name)
        _write(pieces, size=size, path=directory and directory / name)
        files.append(UnpackedFile(name, size))
        _expect_zeros(pieces.take(len(padding(size))))
    if not pieces.at_end():
        raise BadArchive("结尾之后还有内容")
    return tuple(files)


def _write(pieces: Pieces, *, size: int, path: Path | None) -> None:
    with ExitStack() as stack:
        file = stack.enter_context(path.open("xb", buffering=0)) if path else None
        for piece in pieces.some(size):
            if file:
                _write_all(file, piece)


def _write_all(file: io.FileIO, piece: memoryview) -> None:
    # An unbuffered write may take less than it was given, for instance just before the disk is full.
    while piece:
        piece = piece[file.write(piece) :]
