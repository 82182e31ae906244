"""Reading every number phrase (数量短语) of a line: 82次, 3.5亿元, 十余次, 《…》9份, 2个百分点.

What is counted is the noun before the number (集中学习82次) or, when there is none, the noun after it (8次支委会).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from yangguang.reports.proofreading.document import Line

CHINESE_VALUES = {"零": 0, "〇": 0, "两": 2} | {digit: value for value, digit in enumerate("一二三四五六七八九", 1)}
CHINESE_PLACES = {"十": 10, "百": 100, "千": 1000}
SCALES = {"": 1, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8, "万亿": 10**12}

UNITS = (
    "个百分点", "百分点", "平方米", "公里", "场次", "人次", "学时", "小时", "元", "%", "个", "次", "件", "项",
    "条", "份", "宗", "家", "名", "人", "位", "篇", "期", "场", "处", "部", "本", "册", "支", "间", "批", "户", "笔",
    "台", "辆", "套", "幅", "块", "类", "例", "起", "亩", "天", "盏", "棵", "株", "面", "座",
)  # fmt: skip
GROUPS = {"宗": "个", "项": "个", "件": "个", "笔": "个", "名": "人", "位": "人", "场": "次", "场次": "次"}
PHRASE = re.compile(
    r"(?P<before>近|约|逾)?"
    r"(?P<number>\d{1,3}(?:,\d{3}){1,4}(?:\.\d{1,6})?|\d{1,12}(?:\.\d{1,6})?|[零〇一二两三四五六七八九十百千]{1,9})"
    r"(?P<more>余|多)?(?P<scale>万亿|亿|万|千|百)?(?P<more_after>余|多)?"
    rf"(?P<unit>{'|'.join(UNITS)})"
)
NOT_A_COUNT_BEFORE = re.compile(r"第$|[\d.〔\[《]$|[A-Za-z]$")
NOT_A_COUNT_AFTER = re.compile(r"月|\d")
BOUNDARY = re.compile(r"[，,。；;：:！？、（(）)\s]")
CLOSING = re.compile(
    r"(?:共计|总计|合计|累计|共有|共|各|达到|达|为|了|约|近|超过|逾|已|不低于|不少于|不超过|至少|约为|有|分别|仅|的)+$"
)
VERBS = re.compile(
    r"截至目前|目前|累计|共计|总计|合计|先后|全年|开展|召开|举办|举行|进行|完成|签订|签署|撰写|实现|收到|吸纳|吸收|参加"
    r"|讲授|讲(?=党课)|组织(?!生活|部|建设|关系|员|力)|(?<!公)共(?!产|青|建|同|享|治|和)|已(?!有)|了"
)
NOUN_AFTER = re.compile(r"[^，,。；;：:、！？（(“《\s\d]{2,16}")
TOTAL = re.compile(r"(?<!公)共(?!产|青|建|同|享|治|和)|累计|总计|合计|截至目前")
DISTRIBUTIVE = re.compile(r"每|各(?![类项种级位界地])|平均|年均|人均|户均|逐")
BOUND = re.compile(r"不低于|不少于|不超过|至少|不得少于|以上|以内|力争|目标|计划|拟|将|预计")
CHANGE = re.compile(r"增加|减少|增至|提高|上升|下降|降低|增长|压缩|缩短|由\S*$|从\S*$|比\S*$")


REACH = 300  # characters around a number that can say what it counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A number with its unit and what it counts.

    `noun` is what is counted, `actor` the words before it (who, about what), `title` the 《…》 right before the number.
    `value` is in `unit` (money in yuan), `step` how much its last digit is worth; `is_rough` for 余, 多, 近, 约.
    """

    line: int
    start: int
    end: int
    value: Decimal
    step: Decimal
    unit: str
    noun: str
    actor: str
    clause: str
    quote: str
    is_chinese: bool
    is_rough: bool
    is_total: bool
    is_plain: bool

    @property
    def group(self) -> str:
        """Units that count alike are one: 宗, 项 and 件 go with 个."""
        return GROUPS.get(self.unit, self.unit)


def quantities(line: Line) -> list[Quantity]:
    """The number phrases of a line in their order; ordinals (第三个), dates and document numbers are none."""
    return list(_read(line))


def sentence_before(text: str, start: int) -> str:
    """The words of a sentence before a place in it."""
    return re.split(r"[。！？]", text[max(0, start - REACH) : start])[-1]


def chinese_number(text: str) -> int:
    """二十五 → 25; also digits in a row, 二〇 → 20."""
    if not set(text) & set(CHINESE_PLACES):
        return int("".join(str(CHINESE_VALUES[character]) for character in text))
    total, digit = 0, 0
    for character in text:
        if character in CHINESE_PLACES:
            total += (digit or 1) * CHINESE_PLACES[character]
            digit = 0
        else:
            digit = CHINESE_VALUES[character]
    return total + digit


def amount_text(value: Decimal, unit: str) -> str:
    """A number with its unit as people write it: 347.6亿元, 1308个."""
    for scale in ("亿", "万"):
        if unit == "元" and value >= SCALES[scale]:
            return f"{_short(value / SCALES[scale])}{scale}元"
    return f"{_short(value)}{unit}"


def _short(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _read(line: Line) -> Iterator[Quantity]:
    text = line.text
    for found in PHRASE.finditer(text):
        before, after = text[max(0, found.start() - REACH) : found.start()], text[found.end() : found.end() + REACH]
        if NOT_A_COUNT_BEFORE.search(before) or NOT_A_COUNT_AFTER.match(after):
            continue
        yield _quantity(line.number, found, _named(before, after))


def _quantity(number: int, found: re.Match[str], named: tuple[str, str, str]) -> Quantity:
    digits, scale = found["number"].replace(",", ""), SCALES[found["scale"] or ""]
    is_chinese = not digits[0].isdigit() or digits[0] in CHINESE_VALUES
    value = Decimal(chinese_number(digits)) if is_chinese else Decimal(digits)
    places = len(digits.partition(".")[2]) if not is_chinese else 0
    clause, actor, noun = named
    whole = clause + found.group()
    return Quantity(
        line=number,
        start=found.start(),
        end=found.end(),
        value=value * scale,
        step=Decimal(scale).scaleb(-places),
        unit=found["unit"],
        noun=noun,
        actor=actor,
        clause=clause,
        quote=whole if len(whole) > len(found.group()) else found.group() + noun,
        is_chinese=is_chinese,
        is_rough=bool(found["before"] or found["more"] or found["more_after"]),
        is_total=bool(TOTAL.search(clause)),
        is_plain=not (DISTRIBUTIVE.search(whole) or BOUND.search(whole) or CHANGE.search(clause)),
    )


def _named(before: str, after: str) -> tuple[str, str, str]:
    """The clause before a number, the words in it that limit the noun, and the noun."""
    clause = _clause(before)
    bare = CLOSING.sub("", clause)
    if bare.endswith("》"):
        place = bare.rfind("《")
        return clause, bare[:place], bare[place:]
    place = max((verb.end() for verb in VERBS.finditer(bare)), default=0)
    noun = bare[place:]
    if not noun:
        following = NOUN_AFTER.match(after)
        noun = following.group() if following else ""
    return clause, VERBS.sub("", bare[:place]), noun


def _clause(before: str) -> str:
    """What stands before a number since the last punctuation; a title 《…》 is one word whatever is inside it."""
    shielded = re.sub(r"《[^《》]*》", lambda title: "书" * len(title.group()), before)
    last = max((mark.end() for mark in BOUNDARY.finditer(shielded)), default=0)
    return before[last:]
