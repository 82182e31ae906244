"""A .docx as a package of parts (OOXML): only those with text are unpacked, pictures may be as large as they are."""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

MOST_UNPACKED = 30 * 1024 * 1024  # of XML; a summary of a hundred thousand characters has a tenth of it
ROOT = "_rels/.rels"
KEEPS_TEXT = ("styles", "numbering", "footnotes", "endnotes", "header", "footer")
OTHER_KINDS = {
    "xl/workbook.xml": "表格（.xlsx）", "ppt/presentation.xml": "演示文稿（.pptx）", "OFD.xml": "版式文件（.ofd）",
    "content.xml": "OpenDocument 文件（.odt）",
}  # fmt: skip


class NotWordError(ValueError):
    """An archive that holds no readable Word document; the Chinese message says what it is instead."""


class TooLargeError(ValueError):
    """A document whose text alone would unpack to more than a summary can be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The parts of a document that hold text: the body, and the others by what they are (`footnotes`, `header`…)."""

    body: Element
    others: tuple[tuple[str, Element], ...]

    def named(self, kind: str) -> list[Element]:
        """The parts of a kind in the order of the package."""
        return [element for one, element in self.others if one == kind]


def read_parts(path: Path) -> Parts:
    """The parts of a document with text. Raises `NotWordError` and `TooLargeError`."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _parts(_Package(archive))
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError) as error:
        raise NotWordError("文件已损坏，或者没有下载完整") from error
    except RuntimeError as error:  # zipfile says so where a member is encrypted, and so does a tree that is too deep
        raise NotWordError("文件已加密，或者结构不正常") from error
    except (ParseError, DefusedXmlException, UnicodeError, LookupError, ValueError) as error:
        if isinstance(error, NotWordError | TooLargeError):
            raise
        raise NotWordError("文件内部的 XML 不完整或者不合规范") from error


@dataclass(slots=True)
class _Package:
    """An archive and how much of it was unpacked so far."""

    archive: zipfile.ZipFile
    unpacked: int = 0

    def names(self) -> set[str]:
        return set(self.archive.namelist())

    def xml(self, name: str) -> Element:
        left = MOST_UNPACKED - self.unpacked
        with self.archive.open(name) as part:
            content = part.read(left + 1)
        if len(content) > left:
            raise TooLargeError
        self.unpacked += len(content)
        element: Element = fromstring(content, forbid_dtd=True)
        return element


def _parts(package: _Package) -> Parts:
    names = package.names()
    main = next(iter(_related(package, ROOT, "", kinds=("officeDocument",))), None) if ROOT in names else None
    if (
        main is None
        or not main[1].endswith(".xml")
        or main[1] not in names
        or not _is_word(body := package.xml(main[1]))
    ):
        kind = next((kind for name, kind in OTHER_KINDS.items() if name in names), "")
        raise NotWordError(f"这是{kind}，不是 Word 文档" if kind else "压缩包里没有 Word 文档")
    place = PurePosixPath(main[1])
    relations = f"{place.parent}/_rels/{place.name}.rels".removeprefix("./")
    found = _related(package, relations, f"{place.parent}", kinds=KEEPS_TEXT) if relations in names else ()
    return Parts(body=body, others=tuple((kind, package.xml(name)) for kind, name in found if name in names))


def _is_word(element: Element) -> bool:
    return local(element) == "document" and any(local(one) == "body" for one in element)


def _related(package: _Package, name: str, folder: str, *, kinds: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """What a part refers to: the last word of the relation's type, and where the other part stands."""
    for one in package.xml(name):
        kind, target = one.get("Type", "").rpartition("/")[2], one.get("Target", "")
        if kind in kinds and one.get("TargetMode") != "External":
            yield kind, target.lstrip("/") if target.startswith("/") else _joined(folder, target)


def _joined(folder: str, target: str) -> str:
    steps: list[str] = []
    for step in f"{folder}/{target}".split("/"):
        if step == "..":
            steps = steps[:-1]
        elif step not in {"", "."}:
            steps.append(step)
    return "/".join(steps)


def local(element: Element) -> str:
    """The name of an element without its namespace: transitional and strict documents have different ones."""
    return str(element.tag).rpartition("}")[2]


def attribute(element: Element | None, name: str) -> str:
    """An attribute whatever its namespace; empty where there is none."""
    if element is None:
        return ""
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")


def child(element: Element | None, *path: str) -> Element | None:
    """The first descendant along the names; None where one is missing."""
    for name in path:
        element = next((one for one in element if local(one) == name), None) if element is not None else None
    return element
