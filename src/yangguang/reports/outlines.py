"""提纲: what a kind of report says, as data with slots for its figures; nothing in it is a number.

The files stand in `outlines/*.toml`, and a house may add its own in `YANGGUANG_HOME/outlines/`. docs/reports.md shows
how one is written.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from yangguang.reports.outline_text import Sentence, Slot, WrongText, read_sentences, typed_numbers

OURS = Path(__file__).parent / "outlines"
KNOWN = {"code", "name", "title", "about", "months", "sources", "body"}
DIRECTIVES = {"问题", "计划", "补充", "表"}


class OutlineError(ValueError):
    """An outline that cannot work; says which line, and what is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A line of an outline: a heading (`level` 1 to 4), a paragraph (0), or a directive with its words."""

    line: int
    level: int = 0
    sentences: tuple[Sentence, ...] = ()
    directive: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """提纲. `months` are the lengths of the periods it is for; `sources` say where its own numbers come from."""

    code: str
    name: str
    title: tuple[Sentence, ...]
    parts: tuple[Part, ...]
    about: str = ""
    months: tuple[int, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict)

    @property
    def slots(self) -> tuple[Slot, ...]:
        """Every slot in printed order."""
        return tuple(slot for part in self.parts for sentence in part.sentences for slot in sentence.slots)


@cache
def outlines() -> Mapping[str, Outline]:
    """Every outline by its name, in the order of the files. Raises `OutlineError` for one that cannot work."""
    found: dict[str, Outline] = {}
    for folder in (OURS, Path(settings.HOME) / "outlines"):
        for path in sorted(folder.glob("*.toml")):
            outline = read_outline(path.read_text(encoding="utf-8"), file=path.name)
            if outline.name in found or outline.code in {one.code for one in found.values()}:
                raise OutlineError(f"{path.name}: 提纲名称或者编号重复")
            found[outline.name] = outline
    return found


def outline_named(name: str) -> Outline | None:
    """The outline with this name or code, or None."""
    return next((one for one in outlines().values() if name in {one.name, one.code}), None)


def read_outline(text: str, *, file: str) -> Outline:
    """The outline that a file describes. Raises `OutlineError` with file and line."""
    try:
        entry: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise OutlineError(f"{file}: 不是 TOML（{error}）") from error
    if unknown := set(entry) - KNOWN:
        raise OutlineError(f"{file}: 不认识的项目 {'、'.join(sorted(unknown))}")
    if missing := {"code", "name", "title", "body"} - set(entry):
        raise OutlineError(f"{file}: 缺少 {'、'.join(sorted(missing))}")
    sources = entry.get("sources", {})
    lines = entry["body"].splitlines()
    parts = tuple(_part(line, number, sources, file) for number, line in enumerate(lines, 1) if line.strip())
    return Outline(
        code=entry["code"], name=entry["name"], title=_sentences(entry["title"], 0, sources, file), parts=parts,
        about=entry.get("about", ""), months=tuple(entry.get("months", ())), sources=sources,
    )  # fmt: skip


def _part(line: str, number: int, sources: Mapping[str, str], file: str) -> Part:
    said = line.strip()
    if said.startswith("@"):
        directive, _, words = said[1:].partition(" ")
        if directive not in DIRECTIVES:
            raise OutlineError(f"{file} 第{number}行: 不认识的指令 @{directive}")
        if directive == "表":
            title, *metrics = words.split("|")
            slots = "".join(f"{{{one.strip()}}}" for one in metrics)
            return Part(
                line=number, directive=directive, words=title.strip(), sentences=_sentences(slots, number, {}, file)
            )
        return Part(line=number, directive=directive, words=words.strip())
    level = len(said) - len(said.lstrip("#"))
    return Part(line=number, level=level, sentences=_sentences(said.lstrip("# "), number, sources, file))


def _sentences(text: str, number: int, sources: Mapping[str, str], file: str) -> tuple[Sentence, ...]:
    try:
        sentences = read_sentences(text)
    except WrongText as wrong:
        raise OutlineError(f"{file} 第{number}行: {wrong}") from wrong
    for sentence in sentences:
        for typed in typed_numbers(sentence, sources):
            raise OutlineError(f"{file} 第{number}行: “{typed}”是手工键入的数字；请改用指标，或者在 sources 中注明出处")
    return sentences
