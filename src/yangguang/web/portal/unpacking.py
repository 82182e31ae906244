"""Unpacking an uploaded archive (解包): nothing leaves the folder, nothing is a link, nothing grows without end.

What the archive says of itself is not believed: bytes are counted as they come out.
"""

import tarfile
import unicodedata
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO

MOST_FILES = 20_000
MOST_BYTES = 1 << 30
LONGEST_PATH = 400
SLICE = 1 << 16
ROOT_FILE = "bagit.txt"


class BadUpload(ValueError):  # noqa: N818 - named after what is wrong
    """The upload is no archive that can be unpacked; says why in Chinese."""


def unpack(upload: IO[bytes], *, into: Path, most_bytes: int = MOST_BYTES, most_files: int = MOST_FILES) -> Path:
    """Unpack a zip or tar file into the new folder `into`; returns the folder with `bagit.txt`. Raises `BadUpload`."""
    into.mkdir()
    try:
        _write_all(_members(upload), into, most_bytes=most_bytes, most_files=most_files)
    except (tarfile.TarError, zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise BadUpload("文件不完整、带密码或不是有效的压缩包") from error
    return _root(into)


def _members(upload: IO[bytes]) -> Iterator[tuple[str, IO[bytes]]]:
    """The files of a zip or tar, one after another; folders are left out, links and devices refused."""
    upload.seek(0)
    if zipfile.is_zipfile(upload):
        yield from _zip_members(upload)
        return
    upload.seek(0)
    try:
        with tarfile.open(fileobj=upload, mode="r|*") as packed:
            yield from _tar_members(packed)
    except tarfile.ReadError as error:
        raise BadUpload("不是 zip 或 tar 文件") from error


def _zip_members(upload: IO[bytes]) -> Iterator[tuple[str, IO[bytes]]]:
    with zipfile.ZipFile(upload) as packed:
        if len(packed.infolist()) > 2 * MOST_FILES:
            raise BadUpload("文件过多")
        for one in packed.infolist():
            kind = one.external_attr >> 28
            if kind not in (0, 4, 8):  # neither unknown, nor folder, nor file: a link or device
                raise BadUpload(f"“{_shown(one.filename)}”是链接或特殊文件")
            if not one.is_dir():
                with packed.open(one) as file:
                    yield one.filename, file


def _tar_members(packed: tarfile.TarFile) -> Iterator[tuple[str, IO[bytes]]]:
    for one in packed:
        if one.isdir():
            continue
        file = packed.extractfile(one) if one.isreg() else None
        if file is None:
            raise BadUpload(f"“{_shown(one.name)}”是链接或特殊文件")
        yield one.name, file


def _write_all(members: Iterator[tuple[str, IO[bytes]]], into: Path, *, most_bytes: int, most_files: int) -> None:
    left = most_bytes
    for number, (name, file) in enumerate(members, start=1):
        if number > most_files:
            raise BadUpload(f"文件超过 {most_files} 个")
        left -= _write(file, _place(into, name), left=left)


def _place(into: Path, name: str) -> Path:
    path = PurePosixPath(name)
    odd = "\\" in name or "\x00" in name or ":" in name or path.is_absolute() or ".." in path.parts
    if odd or not path.parts or len(name.encode("utf-8", "surrogatepass")) > LONGEST_PATH:
        raise BadUpload(f"文件路径“{_shown(name)}”不合规")
    place = into.joinpath(*path.parts)
    if place.exists():
        raise BadUpload(f"“{_shown(name)}”重复出现")
    return place


def _write(file: IO[bytes], place: Path, *, left: int) -> int:
    place.parent.mkdir(parents=True, exist_ok=True)
    written = 0
    with place.open("xb") as target:
        while chunk := file.read(SLICE):
            written += len(chunk)
            if written > left:
                raise BadUpload("解压后过大")
            target.write(chunk)
    return written


def _root(folder: Path) -> Path:
    """The folder itself, or the one folder in it."""
    inside = [one for one in folder.iterdir() if one.is_dir()]
    candidates = [folder, *(inside if len(inside) == 1 else [])]
    root = next((one for one in candidates if (one / ROOT_FILE).is_file()), None)
    if root is None:
        raise BadUpload("压缩包里没有归档文件夹（应有 bagit.txt）")
    return root


def _shown(name: str) -> str:
    """A name that can be shown: without controls and direction marks, not too long."""
    return "".join(one for one in name[:80] if unicodedata.category(one)[0] != "C")
