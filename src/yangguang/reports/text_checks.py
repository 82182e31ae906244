"""Checks of the text that came out (成文检查): the same as for anybody's paper, and sums that our own figures make."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from yangguang.reports.concerns import Concern, block, warn
from yangguang.reports.dictionary import dictionary
from yangguang.reports.figures import SCALES, Figure
from yangguang.reports.paper import FigureRun, Heading, Literal, Paper, Paragraph, plain_text
from yangguang.reports.paper.model import Run, run_text, runs_of
from yangguang.reports.paper.ordinals import Ordinals
from yangguang.reports.proofreading import Family, Finding, Level, proofread
from yangguang.reports.proofreading.document import HALF_WIDTH
from yangguang.rules.party.wording import About, check_rounding
from yangguang.rules.party.wording import check_among as sums

OWN = {Family.MASK}  # 【待补】 is told by the figure that lacks
AMONG = "其中"
ALIKE = {"宗": "个"}
ALL_DONE = re.compile(r"全部(?:均已|已经|已)?(?:完成|办结|办理完毕|整改到位)|百分之百")
NEARLY = re.compile(r"(?<![最附靠就邻])近$")
STOPS = re.compile(r"[。！？]")
OPEN = re.compile(r"[^，。；]{0,8}等")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A figure and where its number stands in the text of a paragraph, in which unit, and rounded by which word."""

    figure: Figure
    start: int
    end: int
    about: About | None = None
    scale: str = ""


def text_of(paper: Paper) -> str:
    """The paper as plain text, a line a paragraph, with the ordinals of its headings."""
    return "\n".join(plain_text(line) for line in _lines(paper))


def _lines(paper: Paper) -> Iterator[tuple[Run, ...]]:
    ordinals = Ordinals()
    yield runs_of(paper.title)
    for one in paper.body:
        if isinstance(one, Heading):
            yield (ordinals.next(one.level), *runs_of(one.text), *runs_of(one.runs))
        elif isinstance(one, Paragraph):
            yield runs_of(one.runs)


def check_text(paper: Paper, *, answered: Collection[str] = ()) -> Iterator[Concern]:
    """What the proofreading finds in the text.

    `answered` are the rows of the annex behind zeros for which a person signed: nobody need be asked about them again.
    """
    lines = list(_lines(paper))
    for found in proofread(text_of(paper)):
        if found.family not in OWN and not _is_answered(found, lines[found.line - 1], answered):
            yield Concern(
                level=found.level, code=f"text.{found.family.name.lower()}", about=f"第{found.line}段“{found.quote}”",
                reason=found.reason, remedy=found.remedy,
            )  # fmt: skip


def _is_answered(found: Finding, line: Sequence[Run], answered: Collection[str]) -> bool:
    """Whether a question about a zero concerns, wherever its words stand in the line, zeros that were signed for."""
    if (found.family, found.level) != (Family.PLAUSIBILITY, Level.ASK):
        return False
    text, signed, end = plain_text(tuple(line)).translate(HALF_WIDTH), list[range](), 0
    for run in line:
        start, end = end, end + len(run_text(run))
        if isinstance(run, FigureRun) and run.figure in answered:
            signed.append(range(start, end))
    places = [one.span() for one in re.finditer(re.escape(found.quote), text)]
    return bool(places) and all(any(start < one.stop and one.start < end for one in signed) for start, end in places)


def check_typed(paper: Paper, figures: Iterable[Figure]) -> Iterator[Concern]:
    """One metric with two values: a number that a person typed after a metric's name and that no record gives."""
    known: dict[str, list[Figure]] = {}
    for one in figures:
        known.setdefault(one.metric, []).append(one)
    for block_ in paper.body:
        runs = runs_of(block_.runs) if isinstance(block_, Paragraph) else ()
        for place, run in enumerate(runs):
            if isinstance(run, Literal):
                before, after = plain_text(runs[:place]), plain_text(runs[place + 1 :])
                yield from _contradicted(run.text, known.get(_named(before, after), []))


def _named(before: str, after: str) -> str:
    """The metric whose name, the longest, stands before a number and whose unit stands after it."""
    named = [one for one in dictionary().values() if before.endswith(one.name) and after.startswith(one.unit)]
    return max(named, key=lambda one: len(one.name)).id if named else ""


def _contradicted(typed: str, figures: Sequence[Figure]) -> Iterator[Concern]:
    if figures and typed not in {one.text for one in figures}:
        name, unit = figures[0].name, figures[0].unit
        reason = (
            f"键入的“{name}{typed}{unit}”与记录得出的{figures[0].text or '（无）'}{unit}不一致，同一指标只能有一个数"
        )
        yield block("figure.two_values", name, reason, "请改用指标取数；口径不同的，写明口径并用另一个指标。")


def check_about(text: str, said: Iterable[Said]) -> Iterator[Concern]:
    """余, 多, 近 and 以上 beside a number stand only where they are true; an exact number needs no such word."""
    for one in said:
        word = _word_beside(text, one)
        if one.about is About.AT_LEAST and word is not About.AT_LEAST:
            name, reason = one.figure.name, f"写作{text[one.start : one.end]}，实为{one.figure.text}，后面没有“以上”"
            yield block("figure.rounding", name, reason, "请在单位之后写“以上”，或者改用实际数。")
        if word is None or word is one.about:
            continue
        value = _number(one.figure) / SCALES.get(one.scale, 1)
        for refusal in check_rounding(word=word, shown=value, value=value):
            yield block(
                "figure.rounding", one.figure.name, refusal.reason, f"请删去“{word}”，或者用取数位的写法“{word}”。"
            )


def _word_beside(text: str, one: Said) -> About | None:
    unit = one.scale or one.figure.unit
    found = re.match(rf"(余|多)?{re.escape(unit)}(以上)?", text[one.end :])
    word = (found[1] or found[2]) if found else None
    return About(word) if word else About.NEARLY if NEARLY.search(text[: one.start]) else None


def check_claims(paper: Paper) -> Iterator[Concern]:
    """全部完成 and 百分之百 that no figure stands behind: a person is asked, for the records do not say so."""
    for number, line in enumerate(_lines(paper), 1):
        for found in (one for run in line if isinstance(run, str) for one in ALL_DONE.finditer(run)):
            yield Concern(
                level=Level.ASK, code="text.all_done", about=f"第{number}段“{found[0]}”",
                reason="“全部完成”只在每一项都凭记录办结时成立，这里没有取数",
                remedy="请改写为 [[=全部 完成指标/总数指标:……]]，或者写明完成数和未完成数。",
            )  # fmt: skip


def check_among(text: str, said: Sequence[Said]) -> Iterator[Concern]:
    """其中, sentence by sentence: parts of one unit make the whole or end in 等; a part alone is not more than it."""
    for _, group in groupby(said, key=lambda one: len(STOPS.findall(text[: one.start]))):
        yield from _in_sentence(text, list(group))


def _in_sentence(text: str, said: Sequence[Said]) -> Iterator[Concern]:
    begin = max((found.end() for found in STOPS.finditer(text[: said[0].start])), default=0)
    opening = text.find(AMONG, begin)
    whole = [one.figure for one in said if opening < 0 or one.end <= opening]
    parts = [one for one in said if 0 <= opening < one.start]
    same = [one for one in parts if whole and _unit(one.figure) == _unit(whole[-1])]
    if not same:
        return
    total, values = whole[-1], [_number(one.figure) for one in same]
    if len(values) > 1:
        for refusal in sums(whole=_number(total), parts=values, is_open=_is_open(text, same[-1])):
            yield block("figure.among", total.name, refusal.reason, refusal.remedy + "。")
    elif values[0] > _number(total):
        yield warn("figure.among", total.name, f"其中的{same[0].figure.name}多于总数", "请核对口径。")


def _unit(figure: Figure) -> str:
    """What is counted; 个 and 宗 are one."""
    return ALIKE.get(figure.unit, figure.unit)


def _is_open(text: str, last: Said) -> bool:
    return OPEN.match(text[last.end + len(last.figure.unit) :]) is not None


def _number(figure: Figure) -> Decimal:
    return Decimal(figure.value or 0)
