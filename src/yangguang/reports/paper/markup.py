"""WordprocessingML (ECMA-376) in small pieces: what python-docx has no words for."""

from collections.abc import Mapping
from typing import Any, cast

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

Attributes = Mapping[str, str | int]


def element(name: str, /, *children: BaseOxmlElement, **attributes: str | int) -> BaseOxmlElement:
    """An element such as `w:ind`, with attributes of the same namespace and children."""
    made = cast("BaseOxmlElement", OxmlElement(f"w:{name}"))
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), str(value))
    made.extend(children)
    return made


def fonts(chinese: str, latin: str = "") -> BaseOxmlElement:
    """字体: named for every script; Latin letters and digits follow the Chinese font unless another is named."""
    other = latin or chinese
    return element("rFonts", ascii=other, hAnsi=other, eastAsia=chinese, cs=other)


def size(half_points: int) -> tuple[BaseOxmlElement, BaseOxmlElement]:
    """字号 in half-points, for both kinds of scripts."""
    return element("sz", val=half_points), element("szCs", val=half_points)


def text_run(text: str, *properties: BaseOxmlElement) -> BaseOxmlElement:
    """A run of text; a line break where the text has one."""
    run = element("r")
    if properties:
        run.append(element("rPr", *properties))
    for number, line in enumerate(text.split("\n")):
        if number:
            run.append(element("br"))
        if not line:
            continue
        words = element("t")
        words.text = line
        words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        run.append(words)
    return run


def field_run(instruction: str) -> BaseOxmlElement:
    """A simple field, such as PAGE, that the program which opens the file fills in."""
    return element("fldSimple", text_run("1"), instr=instruction)


def paragraph(style: str, *runs: BaseOxmlElement, **flags: Any) -> BaseOxmlElement:
    """A paragraph of a style; `flags` are `keep_next`, `page_break` and `indent` (attributes of `w:ind`)."""
    properties = element("pPr", element("pStyle", val=style))
    if flags.get("keep_next"):
        properties.append(element("keepNext"))
    if flags.get("page_break"):
        properties.append(element("pageBreakBefore"))
    if flags.get("indent"):
        properties.append(element("ind", **flags["indent"]))
    return element("p", properties, *runs)
