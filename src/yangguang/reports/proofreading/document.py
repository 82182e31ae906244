"""A summary as the checks see it: lines with numbers, sections, what kind of paper it is and which months it covers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

HALF_WIDTH = str.maketrans("０１２３４５６７８９％．＊", "0123456789%.*")
CHINESE_DIGITS = {digit: place for place, digits in enumerate(("〇○零", *"一二三四五六七八九")) for digit in digits}
LEFT_BY_A_WEBSITE = re.compile(r"##\w+##")
ADVERTISEMENT = re.compile(r"素材库|会员群|网盘群|代笔|公众号：|添加客服|加微信|扫码关注")

TOP_HEADING = re.compile(r"[一二三四五六七八九十]+、")
SECOND_HEADING = re.compile(r"[（(][一二三四五六七八九十]+[）)]")
LONGEST_HEADING = 40
LONGEST_TITLE = 60
LONGEST_ADVERTISEMENT = 200  # a longer line has words of the paper itself in it
BEGINNING = 300
PLAN = re.compile(r"下一步|下步|下一阶段|下半年|明年|来年|次年|今后|打算|思路|努力方向|计划|安排|规划|展望|重点任务")
DONE = re.compile(r"完成|落实|执行|开展情况|成效|做法|回顾|总结")
SENTENCE = re.compile(r"[^。！？!?]+[。！？!?]*")


class Kind(StrEnum):
    """What kind of paper a summary is."""

    YEAR = "年度总结"
    HALF = "半年汇报"
    QUARTER = "季度汇报"
    DEBRIEFING = "述职报告"
    OTHER = "其他材料"


@dataclass(frozen=True, slots=True)
class Period:
    """The months a paper reports on (报告期), within one year."""

    year: int
    first: int
    last: int

    @property
    def months(self) -> int:
        """How many months it has."""
        return self.last - self.first + 1

    def __str__(self) -> str:
        if self.months == MONTHS:
            return f"{self.year}年"
        return f"{self.year}年{self.first}月至{self.last}月"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text (or one paragraph); `is_plan` when its section speaks of what is still to be done."""

    number: int
    text: str
    is_plan: bool = False

    def sentences(self) -> Iterator[str]:
        """Its sentences in order, each with its full stop."""
        return (found.group() for found in SENTENCE.finditer(self.text))


@dataclass(frozen=True, slots=True)
class Summary:
    """A whole paper. `lines` are those of the paper itself; `raw` also has what a website left in it."""

    kind: Kind
    period: Period | None
    lines: tuple[Line, ...]
    raw: tuple[Line, ...]


MONTHS = 12
SPANS: tuple[tuple[re.Pattern[str], Kind, int, int], ...] = (
    (re.compile(r"上半年"), Kind.HALF, 1, 6),
    (re.compile(r"下半年"), Kind.HALF, 7, 12),
    (re.compile(r"(?:第一|一|1|第1)季度"), Kind.QUARTER, 1, 3),
    (re.compile(r"(?:第二|二|2|第2)季度"), Kind.QUARTER, 4, 6),
    (re.compile(r"(?:第三|三|3|第3)季度"), Kind.QUARTER, 7, 9),
    (re.compile(r"(?:第四|四|4|第4)季度"), Kind.QUARTER, 10, 12),
)


def read_summary(*, text: str, kind: Kind | None = None) -> Summary:
    """Cut a text into lines and recognise kind and period from its title; `kind` given by a person wins."""
    raw = tuple(Line(number, line.strip()) for number, line in enumerate(_lines(text), 1))
    own = [Line(line.number, LEFT_BY_A_WEBSITE.sub("", line.text)) for line in raw if not is_foreign(line.text)]
    beginning = "".join(line.text for line in own[:5])[:BEGINNING]
    recognised, period = _kind_and_period(_title(own) or _announcement(beginning), beginning)
    lines = tuple(_with_sections(own, period))
    return Summary(kind=kind or recognised, period=period, lines=lines, raw=raw)


def is_foreign(text: str) -> bool:
    """Whether a line is an advertisement that came with the text from a website."""
    return len(text) <= LONGEST_ADVERTISEMENT and len(ADVERTISEMENT.findall(text)) > 1


def arabic_year(text: str) -> int:
    """A year written 2023 or 二〇二三."""
    return int("".join(str(CHINESE_DIGITS.get(character, character)) for character in text))


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(HALF_WIDTH).split("\n")


def _title(lines: list[Line]) -> str:
    """The first lines as long as they are short: name of the unit, name of the paper."""
    title = ""
    for line in (line.text for line in lines if line.text):
        if len(line) > LONGEST_TITLE or TOP_HEADING.match(line) or line.endswith("。"):
            break
        title += line
        if re.search(r"总结|报告|汇报|述职|情况", line):
            break
    return title


def _announcement(beginning: str) -> str:
    """现将……汇报如下, where a paper has no title."""
    found = re.search(r"现将[^。]{0,60}如下", beginning)
    return found.group() if found else ""


def _kind_and_period(title: str, beginning: str) -> tuple[Kind, Period | None]:
    """What the title says; only the year may come from the first lines, and only for a paper of known kind."""
    debriefs, year = "述职" in title, _year_of(title) or _year_of(beginning)
    for pattern, kind, first, last in SPANS:
        if pattern.search(title):
            return (Kind.DEBRIEFING if debriefs else kind), _within(year, first, last)
    if debriefs:
        return Kind.DEBRIEFING, _within(year, 1, MONTHS)
    months = re.search(r"(\d{1,2})月?[-－—–~～至到](\d{1,2})月", title)
    if months:
        return Kind.OTHER, _within(year, int(months[1]), int(months[2]))
    if re.search(r"年度|年(?:工作|党建|党支部|支部)?.{0,12}(?:总结|汇报|报告)|全年", title):
        return Kind.YEAR, _within(year, 1, MONTHS)
    return Kind.OTHER, None


def _within(year: int | None, first: int, last: int) -> Period | None:
    return Period(year, first, last) if year and 1 <= first <= last <= MONTHS else None


def _year_of(text: str) -> int | None:
    found = re.search(r"(20\d\d|二[〇○零][〇○零一二三四五六七八九]{2})年", text)
    return arabic_year(found[1]) if found else None


def _with_sections(lines: list[Line], period: Period | None) -> Iterator[Line]:
    top = second = False
    for line in lines:
        if TOP_HEADING.match(line.text):
            top, second = _speaks_of_plans(line.text, period), False
        elif SECOND_HEADING.match(line.text) and len(line.text) <= LONGEST_HEADING:
            second = _speaks_of_plans(line.text, period)
        yield Line(line.number, line.text, is_plan=top or second)


def _speaks_of_plans(heading: str, period: Period | None) -> bool:
    heading = heading[:LONGEST_HEADING]
    if period and any(int(year) > period.year for year in re.findall(r"(20\d\d)年", heading)):
        return True
    return bool(PLAN.search(heading)) and not DONE.search(heading)
