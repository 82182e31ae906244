"""Numbers of headings (层次序数): 一、二、三、 and （一）（二） and 1. 2. run on, and so do 一是、二是、三是."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from yangguang.reports.proofreading.document import Summary
from yangguang.reports.proofreading.finding import Family, Finding, Level
from yangguang.reports.proofreading.numbers import chinese_number

CHINESE = "一二三四五六七八九十"
LEVELS = (
    re.compile(rf"(?P<shown>(?P<number>[{CHINESE}]+)、)"),
    re.compile(rf"(?P<shown>[（(](?P<number>[{CHINESE}]+)[）)])"),
    re.compile(r"(?P<shown>(?P<number>\d{1,2})(?:[.．](?!\d)|、))"),
    re.compile(r"(?P<shown>[（(](?P<number>\d{1,2})[）)])"),
)
RUNS_THROUGH = frozenset({2, 3})  # 1. 2. 3. may run on across （一）（二）
ITEM = re.compile(rf"(?:^|[。；;：:，,、！\s])(?P<number>[{CHINESE}]{{1,2}})是(?!非)")
REMEDY = "补上缺少的部分，或者改正序号；有层次漏写、错写的，对照提纲核对。"


@dataclass(frozen=True, slots=True)
class Mark:
    """A number that stands in the text: its line, its value and how it is written."""

    line: int
    value: int
    shown: str


def find_wrong_numbering(summary: Summary) -> Iterator[Finding]:
    """Each heading and each 一是 that does not follow the one before it."""
    yield from _headings(summary)
    yield from _items(summary)


def _headings(summary: Summary) -> Iterator[Finding]:
    last: dict[int, Mark] = {}
    for line in summary.lines:
        for level, pattern in enumerate(LEVELS):
            found = pattern.match(line.text)
            if not found:
                continue
            mark = Mark(line.number, _value(found["number"]), found["shown"])
            yield from _follows(last.get(level), mark, level)
            last[level] = mark
            for deeper in [known for known in last if known > level and known not in RUNS_THROUGH]:
                del last[deeper]
            break


def _follows(before: Mark | None, mark: Mark, level: int) -> Iterator[Finding]:
    expected = before.value + 1 if before else 1
    starts_again = mark.value == 1 and (before is None or level in RUNS_THROUGH)
    if mark.value == expected or starts_again:
        return
    yield Finding(
        family=Family.HEADING,
        level=Level.WARN,
        line=mark.line,
        others=(before.line,) if before else (),
        quote=f"{before.shown}→{mark.shown}" if before else mark.shown,
        reason=_reason(before.shown if before else "", mark, missing=range(expected, mark.value)),
        remedy=REMEDY,
    )


def _items(summary: Summary) -> Iterator[Finding]:
    """一是、二是 may run over several paragraphs; a new 一是 or a heading begins anew."""
    before: Mark | None = None
    for line in summary.lines:
        if before and any(pattern.match(line.text) for pattern in LEVELS):
            yield from _lonely(before)
            before = None
        for found in ITEM.finditer(line.text):
            mark = Mark(line.number, chinese_number(found["number"]), f"{found['number']}是")
            if mark.value == 1:
                yield from _lonely(before)
            else:
                yield from _item_follows(before, mark)
            before = mark
    yield from _lonely(before)


def _item_follows(before: Mark | None, mark: Mark) -> Iterator[Finding]:
    if before is None or mark.value == before.value + 1:
        return
    yield Finding(
        family=Family.HEADING,
        level=Level.WARN,
        line=mark.line,
        others=(before.line,) if before.line != mark.line else (),
        quote=f"{before.shown}→{mark.shown}",
        reason=_reason(before.shown, mark, missing=range(before.value + 1, mark.value)),
        remedy=REMEDY,
    )


def _lonely(before: Mark | None) -> Iterator[Finding]:
    if before is None or before.value != 1:
        return
    yield Finding(
        family=Family.HEADING,
        level=Level.WARN,
        line=before.line,
        quote="一是",
        reason="只有“一是”，其后没有“二是”。",
        remedy="补上“二是”，或者删去“一是”。",
    )


def _reason(before: str, mark: Mark, *, missing: range) -> str:
    if not before:
        return f"第一个序号是“{mark.shown}”，没有从头编起。"
    if not missing:
        return f"“{before}”之后又是“{mark.shown}”，序号重复或者倒退。"
    names = "".join(f"“{mark.shown.replace(_name(mark), _as(mark, number))}”" for number in missing)
    return f"“{before}”之后是“{mark.shown}”，缺{names}。"


def _value(number: str) -> int:
    return int(number) if number.isdigit() else chinese_number(number)


def _name(mark: Mark) -> str:
    found = re.search(rf"\d+|[{CHINESE}]+", mark.shown)
    return found.group() if found else ""


def _as(mark: Mark, number: int) -> str:
    """Another number, written as the mark is."""
    if any(character.isdigit() and character.isascii() for character in mark.shown):
        return str(number)
    tens, ones = divmod(number, 10)
    digits = CHINESE[:9]
    return (("" if tens == 1 else digits[tens - 1]) + "十" if tens else "") + (digits[ones - 1] if ones else "")
