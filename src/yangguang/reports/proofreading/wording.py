"""Slips of the pen (文字差错): doubled characters and punctuation, unpaired quotes and brackets, repeated passages."""

import re
from collections import defaultdict
from collections.abc import Iterator

from yangguang.reports.proofreading.document import Line, Summary
from yangguang.reports.proofreading.finding import Family, Finding, Level

SHORTEST_PARAGRAPH = 20
SHORTEST_SENTENCE = 25
SHORTEST_RUN = 40
MOST_CLAUSES = 8
PAIRS = {"“": "”", "‘": "’", "《": "》", "（": "）", "【": "】", "〔": "〕", "「": "」", "〈": "〉"}
SHOWN = {close: opening for opening, close in PAIRS.items()}
ROUND = str.maketrans("()", "（）")
ENUMERATOR = re.compile(r"(?:^|[。；;：:，,、\s])[\dA-Za-z一二三四五六七八九十]{1,3}$")
NUMERAL = "0-9一二三四五六七八九十两几各每"

# Characters that stand twice side by side by mistake only: 的的, 各各. Those that may meet at the seam of two words
# (工作作风, 民主主义, 存在在) are left alone.
DOUBLED = re.compile(
    rf"的的(?!确)|地地(?!道)|(?<![是不])是是(?!非)|(?<=[{NUMERAL}])(?:个个(?!人)|次次(?!数)|名名|项项|件件|份份)(?<![一]..)"
    r"|和和(?![气睦美])|与与|及及|各各|对对(?=[^接照口标等联策手立应抗症号换称比话付待外])|把把|被被|们们|为为(?![民人了])"
    r"|我我|在在(?![职建线岗编场册])|以以(?!上下前后内外来)|并并(?![联购])|等等(?=等)"
)
DOUBLED_WORD = re.compile(r"(?P<word>[一-鿿]{2,6})(?P=word)")
MAY_DOUBLE = re.compile(r"[一几很非]|研究|讨论|商量|考虑|学习学习|了解|试|休息|锻炼|宣传宣传|多|哈")
BARE_NUMBER = re.compile(r"(?<=[一-鿿])(?<![第月])\d{1,3}(?=党员|干部|职工|群众|志愿者)")
DOUBLED_MARKS = re.compile(r"[，、；：,;][，。、；：,;]|。[，。、；：]|[！？]{4,}|。{2}(?!。)")


def find_slips(summary: Summary) -> Iterator[Finding]:
    """Every slip, line by line, then what stands twice in the paper."""
    for line in summary.lines:
        yield from _doubled(line)
        yield from _unpaired(line)
    yield from _repeated(summary)


def _doubled(line: Line) -> Iterator[Finding]:
    for found in DOUBLED.finditer(line.text):
        yield _slip(line, found, "文字重复", "删去多出的字。")
    for found in DOUBLED_WORD.finditer(line.text):
        if not MAY_DOUBLE.match(found["word"]):
            yield _slip(line, found, "词语重复", "删去多出的词。")
    for found in BARE_NUMBER.finditer(line.text):
        yield _slip(line, found, "数字后缺少量词", "补上“名”等量词。")
    for found in DOUBLED_MARKS.finditer(line.text):
        yield _slip(line, found, "标点重复", "只留一个标点。")


def _slip(line: Line, found: re.Match[str], what: str, remedy: str) -> Finding:
    return Finding(
        family=Family.WORDING,
        level=Level.WARN,
        line=line.number,
        quote=_around(line.text, found.start(), found.end()),
        reason=f"{what}：“{found.group()}”。",
        remedy=remedy,
    )


def _unpaired(line: Line) -> Iterator[Finding]:
    """Quotes and brackets without their other half, in one paragraph."""
    text = line.text.translate(ROUND)
    waiting: list[tuple[str, int]] = []
    for place, character in enumerate(text):
        if _is_no_quote(text, place):
            continue
        if character in PAIRS:
            waiting.append((character, place))
        elif character in SHOWN:
            matching = next((one for one in reversed(waiting) if one[0] == SHOWN[character]), None)
            if matching:
                waiting.remove(matching)
            else:
                yield _half(line, place, character, SHOWN[character])
    for opening, place in waiting:
        yield _half(line, place, opening, PAIRS[opening])
    if line.text.count('"') % 2:
        yield _half(line, line.text.rindex('"'), '"', '"')


def _is_no_quote(text: str, place: int) -> bool:
    """An apostrophe, or the bracket of 1） at the head of an item."""
    if text[place] == "’":
        return text[place - 1 : place].isascii() and text[place + 1 : place + 2].isascii()
    return text[place] == "）" and bool(ENUMERATOR.search(text[:place]))


def _half(line: Line, place: int, half: str, other: str) -> Finding:
    return Finding(
        family=Family.WORDING,
        level=Level.WARN,
        line=line.number,
        quote=_around(line.text, place, place + 1),
        reason=f"「{half}」没有配对的「{other}」。",
        remedy="补上缺少的引号、括号或书名号，或者删去多出的。",
    )


def _repeated(summary: Summary) -> Iterator[Finding]:
    """Paragraphs first, then sentences of others, each passage once with all its lines; tables may repeat."""
    lines = [line for line in summary.lines if "\t" not in line.text]
    known: set[int] = set()
    by_text: dict[str, list[int]] = defaultdict(list)
    for line in lines:
        if len(line.text) >= SHORTEST_PARAGRAPH:
            by_text[_letters(line.text)].append(line.number)
    for text, places in by_text.items():
        if len(places) > 1:
            known.update(places[1:])
            yield _again(text, places, "段落")
    yield from _repeated_passages([line for line in lines if line.number not in known])


def _repeated_passages(lines: list[Line]) -> Iterator[Finding]:
    """Whole sentences, and runs of clauses long enough to be no set phrase; one finding for each pair of places."""
    seen: dict[str, tuple[int, int]] = {}
    told: set[tuple[int, int]] = set()
    for line in lines:
        for place, sentence in enumerate(line.sentences()):
            here = (line.number, place)
            for passage in _passages(sentence):
                before = seen.setdefault(passage, here)
                if before != here and not {before, here} <= told:
                    told |= {before, here}
                    yield _again(passage, [before[0], line.number], "长句")


def _passages(sentence: str) -> Iterator[str]:
    """The sentence itself and, longest first, its runs of clauses."""
    clauses = [_letters(clause) for clause in re.split(r"[，,；;：:]", sentence)]
    whole = "".join(clauses)
    if len(whole) >= SHORTEST_SENTENCE:
        yield whole
    for length in range(min(len(clauses) - 1, MOST_CLAUSES), 0, -1):
        for start in range(len(clauses) - length + 1):
            run = "".join(clauses[start : start + length])
            if len(run) >= SHORTEST_RUN:
                yield run


def _again(text: str, places: list[int], what: str) -> Finding:
    return Finding(
        family=Family.WORDING,
        level=Level.WARN,
        line=places[1],
        others=tuple(number for number in dict.fromkeys(places) if number != places[1]),
        quote=text[:30] + ("……" if len(text) > 30 else ""),  # noqa: PLR2004 - as much as tells which passage it is
        reason=f"{what}重复：第{'、'.join(str(number) for number in dict.fromkeys(places))}行内容相同。",
        remedy="保留一处，删去其余；确需重申的，换一种角度写。",
    )


def _letters(text: str) -> str:
    return re.sub(r"[\s，,。；;：:、！？!?]+", "", text)


def _around(text: str, start: int, end: int) -> str:
    return text[max(0, start - 6) : end + 6]
