"""The text of an outline or of a person's paragraph (文中取数): words, slots for figures, sentences that may drop out.

`{metric}` is a figure of the report's own months, `{metric.change}` its 同比, `{metric.titles}` the list behind it,
`{metric.亿元}` an amount in another unit, `{metric.余}` (多, 近, 以上) a number rounded as that word allows;
`{metric|上年同期}` and `{metric|Q1}` are other months, `{metric||kind=党课}` is narrowed. `{本年}` and the other words
of `CONTEXT` come from the report itself. `[[…]]` drops out where a figure in it is zero; `[[=0 metric:…]]` stands only
where the metric is zero and its register was signed off, `[[=全部 done/whole:…]]` only where all of it is done.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from yangguang.rules.party.wording import About

CONTEXT = frozenset({"本年", "下年", "上年", "期间", "上年同期", "单位", "下一期间"})
SCALED = ("", "亿元", "万元")
ABOUT = tuple(one.value for one in About)
FORMS = frozenset({"change", "titles", *SCALED, *(f"{scale}{about}" for scale in SCALED for about in ABOUT)})
PIECE = re.compile(
    r"\[\[(?:=(?:0\s+(?P<zero>\w+)|全部\s+(?P<done>\w+)/(?P<whole>\w+))\s*[:：])?(?P<optional>.*?)\]\]|(?P<plain>(?:(?!\[\[).)+)",
    re.DOTALL,
)
TOKEN = re.compile(r"\{([^{}]*)\}")
METRIC = re.compile(r"(?P<metric>[a-z][a-z0-9_]*)(?:\.(?P<form>\w+))?")
WRITTEN = re.compile(
    r"[0-9０-９①-⓿]+(?:[.,．，]\d+)*|[二两三四五六七八九十百千万]+余?(?=次|人次|份|件|项|条|名|家|宗|篇|亿元|万元)"
)
KNOWN_FORMS = f"change、titles、亿元、万元、{'、'.join(ABOUT)}（后四个可以接在亿元、万元之后）"
THIS, LAST_YEAR = "", "上年同期"
WITHIN = re.compile(r"Q[1-4]|H[12]|\d{4}(?:-\S+)?")


class WrongText(ValueError):  # noqa: N818 - named after what is wrong
    """A text whose slots cannot be read; the message says which."""


@dataclass(frozen=True, slots=True)
class Slot:
    """取数位: which figure stands here, of which months, narrowed how, printed how."""

    metric: str
    form: str = ""
    period: str = THIS
    filters: tuple[tuple[str, str], ...] = ()

    @property
    def about(self) -> About | None:
        """The word that rounds it; None prints the exact number."""
        return next((one for one in About if self.form.endswith(one.value)), None)

    @property
    def scale(self) -> str:
        """亿元 or 万元, empty for the metric's own unit."""
        return next((one for one in SCALED[1:] if self.form.startswith(one)), "")

    @property
    def is_number(self) -> bool:
        """Whether a number stands here, exact or rounded."""
        return self.form not in {"change", "titles"}


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the report's own: the year, the period, the unit's name."""

    name: str


Token = str | Slot | Word


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A stretch of text that stands or drops out as a whole.

    `zero` names the metric that must be zero, `done` and `whole` the two that must be equal.
    """

    tokens: tuple[Token, ...] = field(default=())
    is_optional: bool = False
    zero: str = ""
    done: str = ""
    whole: str = ""

    @property
    def slots(self) -> tuple[Slot, ...]:
        """Its slots in order, first those of the metrics on which it depends."""
        asked = tuple(Slot(one) for one in (self.zero, self.done, self.whole) if one)
        return (*asked, *(token for token in self.tokens if isinstance(token, Slot)))


def read_sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences of a text in order. Raises `WrongText`."""
    if text.count("[[") != text.count("]]"):
        raise WrongText("“[[”和“]]”不成对")
    return tuple(_piece(found) for found in PIECE.finditer(text))


def typed_numbers(sentence: Sentence, sources: Mapping[str, str]) -> Iterator[str]:
    """Numbers typed as text (figures, and counts in Chinese numerals) for which no source is given."""
    for token in sentence.tokens:
        if isinstance(token, str):
            yield from (found[0] for found in WRITTEN.finditer(token) if not sources.get(found[0], "").strip())


def _piece(found: re.Match[str]) -> Sentence:
    text = found["optional"] if found["plain"] is None else found["plain"]
    asked = {key: found[key] or "" for key in ("zero", "done", "whole")}
    return Sentence(tokens=tuple(_tokens(text)), is_optional=found["plain"] is None, **asked)


def _tokens(text: str) -> Iterator[Token]:
    end = 0
    for found in TOKEN.finditer(text):
        if found.start() > end:
            yield text[end : found.start()]
        yield Word(found[1]) if found[1] in CONTEXT else _slot(found[1])
        end = found.end()
    if end < len(text):
        yield text[end:]
    if "{" in TOKEN.sub("", text) or "}" in TOKEN.sub("", text):
        raise WrongText("“{”和“}”不成对")


def _slot(said: str) -> Slot:
    name, period, filters = (*said.split("|"), "", "")[:3]
    read = METRIC.fullmatch(name.strip())
    if read is None or said.count("|") > 2:  # noqa: PLR2004 - metric|period|filter
        raise WrongText(f"取数位“{{{said}}}”应写作 {{指标|期间|筛选}}")
    if (read["form"] or "") not in FORMS:
        raise WrongText(f"取数位“{{{said}}}”的写法“{read['form']}”不认识，应为{KNOWN_FORMS}")
    if period.strip() not in {THIS, LAST_YEAR} and not WITHIN.fullmatch(period.strip()):
        raise WrongText(f"取数位“{{{said}}}”的期间“{period}”不认识")
    return Slot(read["metric"], read["form"] or "", period.strip(), tuple(_filters(filters, said)))


def _filters(filters: str, said: str) -> Iterator[tuple[str, str]]:
    for one in filter(None, (part.strip() for part in re.split(r"[,，]", filters))):
        key, equals, value = one.partition("=")
        if not (equals and key.strip() and value.strip()):
            raise WrongText(f"取数位“{{{said}}}”的筛选“{one}”应写作 栏目=内容")
        yield key.strip(), value.strip()
