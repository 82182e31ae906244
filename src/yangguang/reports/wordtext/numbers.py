"""编号 that Word computes (ISO/IEC 29500-1, 17.9): 一、（一）1. of automatic lists, which no text of the file has."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from yangguang.reports.numerals import DIGITS, HUNDRED, chinese
from yangguang.reports.wordtext.package import attribute, child, local

PLACE = re.compile(r"%([1-9])")
STEMS, BRANCHES, LEGAL = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥", "零壹贰叁肆伍陆柒捌玖"
CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
         (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
LETTERS = "abcdefghijklmnopqrstuvwxyz"
MOST_ROMAN, LEVELS = 4000, 9
SILENT = {"bullet", "none"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Level:
    start: int
    format: str
    text: str
    style: str
    is_legal: bool


@dataclass(slots=True)
class Numbering:
    """The lists of a document and how far each has counted; `label` is asked for the paragraphs in their order."""

    numbering: Element | None
    styles: Element | None
    _levels: dict[str, dict[int, _Level]] = field(default_factory=dict)
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)
    _begun: set[tuple[str, int]] = field(default_factory=set)

    def label(self, paragraph: Element) -> str:
        """The number before a paragraph; empty for none and for bullets."""
        list_id, said = self._list_of(paragraph)
        abstract = self._abstract(list_id)
        if not list_id or list_id == "0" or not abstract:
            return ""
        levels = self._levels_of(abstract)
        level = _whole(said, self._level_of_style(levels, _style(paragraph)))
        shape = levels.get(level)
        if shape is None:
            return ""
        self._count(abstract, list_id, level, levels)
        return "" if shape.format in SILENT else self._text(shape, abstract, levels)

    def _list_of(self, paragraph: Element) -> tuple[str, str]:
        """The list and the level that a paragraph names itself, or the styles it is based on."""
        found = ["", ""]
        for properties in self._properties(paragraph):
            for place, name in enumerate(("numId", "ilvl")):
                found[place] = found[place] or attribute(child(properties, "numPr", name), "val")
            if found[0]:
                break
        return found[0], found[1]

    def _properties(self, paragraph: Element) -> Iterable[Element]:
        own = child(paragraph, "pPr")
        if own is not None:
            yield own
        style, seen = _style(paragraph), set[str]()
        while style and style not in seen:
            seen.add(style)
            element = self._found(self.styles, "style", "styleId", style)
            properties = child(element, "pPr")
            if properties is not None:
                yield properties
            style = attribute(child(element, "basedOn"), "val")

    def _abstract(self, list_id: str) -> str:
        named = self._found(self.numbering, "num", "numId", list_id)
        return attribute(child(named, "abstractNumId"), "val")

    def _levels_of(self, abstract: str) -> dict[int, _Level]:
        if abstract not in self._levels:
            element = self._found(self.numbering, "abstractNum", "abstractNumId", abstract)
            link = attribute(child(element, "numStyleLink"), "val")
            if link:  # the levels stand in the list of a style
                style = self._found(self.styles, "style", "styleId", link)
                other = self._abstract(attribute(child(style, "pPr", "numPr", "numId"), "val"))
                element = self._found(self.numbering, "abstractNum", "abstractNumId", other)
            levels = [one for one in element if local(one) == "lvl"] if element is not None else []
            self._levels[abstract] = {_whole(attribute(one, "ilvl"), 0): _level(one) for one in levels}
        return self._levels[abstract]

    @staticmethod
    def _level_of_style(levels: dict[int, _Level], style: str) -> int:
        return next((level for level, one in levels.items() if style and one.style == style), 0)

    def _count(self, abstract: str, list_id: str, level: int, levels: dict[int, _Level]) -> None:
        counts = self._counts.setdefault(abstract, {})
        override = self._start_of(list_id, level)
        if override is not None and (list_id, level) not in self._begun:
            counts[level] = override
        else:
            counts[level] = counts[level] + 1 if level in counts else levels[level].start
        self._begun.add((list_id, level))
        for deeper in [one for one in counts if one > level]:
            del counts[deeper]

    def _start_of(self, list_id: str, level: int) -> int | None:
        named = self._found(self.numbering, "num", "numId", list_id)
        for one in named if named is not None else ():
            if local(one) == "lvlOverride" and attribute(one, "ilvl") == str(level):
                said = attribute(child(one, "startOverride"), "val")
                return _whole(said, 1) if said else None
        return None

    def _text(self, shape: _Level, abstract: str, levels: dict[int, _Level]) -> str:
        counts = self._counts[abstract]

        def number(found: re.Match[str]) -> str:
            level = int(found[1]) - 1
            known = levels.get(level)
            count = counts.get(level, known.start if known else 1)
            return written(count, "decimal" if shape.is_legal or known is None else known.format)

        return PLACE.sub(number, shape.text)

    @staticmethod
    def _found(parent: Element | None, name: str, key: str, value: str) -> Element | None:
        if parent is None or not value:
            return None
        return next((one for one in parent if local(one) == name and attribute(one, key) == value), None)


def written(number: int, way: str) -> str:
    """A number as a format of Word writes it; what is not known is written in digits."""
    write = FORMATS.get(way, str)
    return write(number) if number >= 0 else str(number)


def _level(element: Element) -> _Level:
    way = child(element, "numFmt")
    legal = child(element, "isLgl")
    return _Level(
        start=_whole(attribute(child(element, "start"), "val"), 0),
        format=attribute(way, "val") or "decimal",
        text=attribute(child(element, "lvlText"), "val"),
        style=attribute(child(element, "pStyle"), "val"),
        is_legal=legal is not None and attribute(legal, "val") not in {"0", "false", "off"},
    )


def _style(paragraph: Element) -> str:
    return attribute(child(paragraph, "pPr", "pStyle"), "val")


def _whole(said: str, otherwise: int) -> int:
    return int(said) if said.isascii() and said.isdigit() and len(said) < LEVELS else otherwise


def _chinese(number: int) -> str:
    return chinese(number) if 0 < number < HUNDRED else str(number)


def _one_of(signs: str) -> Callable[[int], str]:
    return lambda number: signs[number - 1] if 0 < number <= len(signs) else str(number)


def _each(digits: str) -> Callable[[int], str]:
    return lambda number: "".join(digits[int(one)] for one in str(number))


def _roman(number: int) -> str:
    if not 0 < number < MOST_ROMAN:
        return str(number)
    text = ""
    for value, sign in ROMAN:
        text += sign * (number // value)
        number %= value
    return text


def _letter(number: int) -> str:
    """From a to z, then aa, bb."""
    turns, place = divmod(number - 1, len(LETTERS))
    return LETTERS[place] * (turns + 1) if 0 <= turns < LEVELS else str(number)


FORMATS: dict[str, Callable[[int], str]] = {
    **dict.fromkeys(
        ("chineseCounting", "chineseCountingThousand", "taiwaneseCounting", "taiwaneseCountingThousand",
         "japaneseCounting", "koreanCounting"), _chinese,
    ),
    **dict.fromkeys(("ideographDigital", "japaneseDigitalTenThousand", "taiwaneseDigital"), _each(DIGITS)),
    "chineseLegalSimplified": _each(LEGAL), "decimalFullWidth": _each("０１２３４５６７８９"),
    "ideographTraditional": _one_of(STEMS), "ideographZodiac": _one_of(BRANCHES),
    "decimalEnclosedCircle": _one_of(CIRCLED), "decimalEnclosedCircleChinese": _one_of(CIRCLED),
    "decimalZero": lambda number: f"{number:02}", "lowerLetter": _letter, "lowerRoman": _roman,
    "upperLetter": lambda number: _letter(number).upper(), "upperRoman": lambda number: _roman(number).upper(),
}  # fmt: skip
